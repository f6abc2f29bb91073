"""The inputs of the lab derive where the function holds vectors or matrices, and what its letters are said to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nabla.errors import UserError
from nabla.question.atoms import Atom
from nabla.question.filled import Filled, Span, substituted
from nabla.question.formulas import Formula
from nabla.question.notation import bare
from nabla.question.roles import RoleReading
from nabla.question.sentences import ProseSentence
from nabla.read.matrices import MatrixNode, MatrixReading, has_matrices, names_of, read_matrices
from nabla.read.matrices.indices import has_indices, read_definitions, read_vectors
from nabla.read.matrices.shapes import declared

_KINDS = frozenset(
    "matrix matrices vector vectors scalar scalars number constant column square symmetric numbers".split()
)
_PLURAL = {"matrices": "matrix", "vectors": "vector", "scalars": "scalar", "numbers": "number"}
_SPACE = re.compile(r"(?:ℝ|\\mathbb\s?\{?\s?R\s?\}?|\\R|R|\\Re)\s?(?:\^\s?\{?\s?(?P<size>[^{}$]+?)\s?\}?)?\s*\Z")
_CALLED = re.compile(r"\\?[A-Za-z]+\s?\([^()]*\)")
_SOFTMAX = re.compile(r"\s*\\?(?:operatorname|mathrm|text)?\s?\{?softmax\}?\s?\(\s?(\\?[A-Za-z]+)\s?\)\s*")
_INDEX = re.compile(r"([A-Za-z])_\{?([i-n])\}?(?![A-Za-z])")
_MOVING = re.compile(r"(?<![A-Za-z\\])[A-Z]\s?\(\s?[tsx]\s?\)")
_SOFTMAX_OF = "Write it into the formula, as softmax(W x)."
_LAYERS = frozenset("layer layers network neural weights bias neuron perceptron".split())


def fill_matrices(reading: RoleReading) -> Filled | None:
    """The function as a formula of matrices; None where it is none, or cannot be read as one."""
    first = reading.functions[0]
    if first.shape == "equation" and _CALLED.fullmatch(first.sides[0]):
        return None  # J(9w) = ||y - Xw||^2 says nothing of J(w)
    text = first.sides[0] if first.shape == "applied" else first.sides[-1]
    shapes, spans = _shapes(reading)
    variables = _variables(reading, first)
    text = _summed(text.rstrip(" ."), variables)
    told: list[Span] = []
    put = substituted(text, reading, first, told, keep=first.args)
    if told and has_matrices(put) and not has_matrices(text):
        text = put  # ŷ = σ(wᵀx + b), in the loss
        spans += told
    if re.search(r"\bsoftmax\s+(?:function\s+)?of\b", reading.text, re.IGNORECASE) and "softmax" not in put:
        raise UserError(
            "not-covered", "The softmax that the text speaks of stands in no formula of it.", hint=_SOFTMAX_OF
        )
    if moving := _MOVING.search(text):
        raise UserError("not-covered", f"{moving[0]}, a matrix that depends on a number, cannot be read here.")
    try:
        letters, used = _definitions(reading, read_matrices(text).names)
        read = read_vectors(text, read_definitions(letters))
        indexed = has_indices(read_matrices(text).tree)
    except UserError:
        return None
    if not (indexed or has_matrices(text, ",".join(variables)) or _holds_matrices(reading, read, shapes)):
        return None
    inputs = {"f": text, "what": "gradient"}
    asked = {request.what for request in reading.requests}
    inputs["what"] = next((what for what in ("hessian", "jacobian") if what in asked), "gradient")
    if indexed and "_" in first.name and first.name.partition("_")[0] not in read.names:
        letters = "; ".join(filter(None, [letters, f"{first.name}: {text}"]))  # its own name, in answers
    if letters:
        inputs["letters"] = letters
    known = [
        base for name in variables if (base := name if name in read.names else name.partition("_")[0]) in read.names
    ]
    if known:
        inputs["wrt"] = ",".join(dict.fromkeys(known))
    kept = {name: told for name, told in shapes.items() if name in read.names}
    if kept:
        inputs["shapes"] = ", ".join(f"{name}: {told}" for name, told in kept.items())
    elif not indexed and not has_matrices(text, ",".join(variables)):
        inputs["shapes"] = ", ".join(f"{name}: matrix" for name in read.names if name[:1].isupper())
    used += [formula.span for formula in reading.functions[:1]] + spans
    used += [formula.span for formula in reading.formulas if formula.role == "variable"]
    return Filled(inputs, tuple(used))


def _holds_matrices(reading: RoleReading, read: MatrixReading, shapes: dict[str, str]) -> bool:
    """Whether a letter of the formula is said to be a vector or a matrix, or the formula is a layer of a network."""
    if any(declared(told).kind != "number" for name, told in shapes.items() if name in read.names):  # type: ignore[union-attr]
        return True
    layer = _is_layer(read.tree) and any(name.isupper() for name in read.names)
    words = {word for sentence in reading.sentences for word in sentence.words}
    bold = {name for name in read.bold if name not in ("i", "j", "k", "r", "F")}
    return (layer and len(read.names) > 1) or (bool(words & _LAYERS) and bool(bold)) or len(bold) > 1


def _summed(text: str, variables: Sequence[str]) -> str:
    """A product with an index twice, x_i x_i, as the sum over it, where a letter with another index differentiates."""
    bases = {name.partition("_")[0] for name in variables if "_" in name}
    indices = _INDEX.findall(text)
    if not bases & {base for base, _ in indices} or "sum" in text or any(sign in text for sign in "Σ∑+-"):
        return text
    twice = [index for index in dict.fromkeys(i for _, i in indices) if [i for _, i in indices].count(index) == 2]
    return "".join(rf"\sum_{index} " for index in twice) + text


def _is_layer(node: MatrixNode) -> bool:
    """Whether an activation of a product with a matrix stands in a formula: relu(W x)."""
    if node.op in ("sigmoid", "relu", "tanh", "softmax"):
        held = list(names_of(node))
        return any(name.isupper() for name in held) and any(name.islower() for name in held)
    return any(map(_is_layer, node.args))


def _variables(reading: RoleReading, first: Formula) -> list[str]:
    """By which letters is differentiated: those of a sign or of words, or the only argument of the function."""
    mark = first.prime
    if mark and mark.variables:
        return list(mark.variables)
    named = [formula.name for formula in reading.formulas if formula.role == "variable" and formula.name]
    signed = [name for request in reading.requests for name in request.variables]
    claimed = [
        name
        for formula in reading.claims
        if formula.prime and first.name and formula.prime.function == first.name
        for name in formula.prime.variables
    ]
    return named or signed or claimed or list(first.args[:1])


def _definitions(reading: RoleReading, names: Sequence[str]) -> tuple[str, list[Span]]:
    """The letters with an index that the text defines: `s_i = e^{z_i}/sum`, as the lab takes them."""
    bases = {name.partition("_")[0] for name in names if "_" in name}
    told = [
        formula
        for formula in reading.formulas
        if formula.shape == "definition"
        and "_" in formula.name
        and formula.name.partition("_")[0] in bases
        and formula not in reading.functions
    ]
    parts = [f"{formula.name}: {formula.sides[-1].rstrip(' .')}" for formula in told]
    for formula in reading.formulas:  # p = softmax(z), in p_i
        softmax = _SOFTMAX.fullmatch(formula.body) if formula.shape in ("definition", "vector") else None
        if softmax and formula.name in bases and formula not in reading.functions:
            z = softmax[1]
            parts.append(rf"{formula.name}_i: e^{{{z}_i}}/\sum_k e^{{{z}_k}}")
            told.append(formula)
    return "; ".join(parts), [formula.span for formula in told]


def _shapes(reading: RoleReading) -> tuple[dict[str, str], list[Span]]:
    """What letters are said to be, as a specification for each, and the places that say it."""
    found: dict[str, str] = {}
    spans: list[Span] = []
    for name, told, span in _told(reading):
        before = declared(found.get(name, ""))
        if before is None:
            found[name] = told
            spans.append(span)
        elif before.kind == "matrix" and told not in found[name]:
            found[name] += f" {told}"  # a symmetric matrix, a square matrix A, n x n
    return found, spans


def _told(reading: RoleReading) -> Iterator[tuple[str, str, Span]]:
    """Letters with what is said of them: `A is 2 x 3`, `vectors w and y`, `A \\in R^{m x n}`."""
    for sentence in reading.sentences:
        names: list[tuple[str, Span]] = []  # that wait for what is said of them behind
        word = ""  # that waits for names behind it
        listing = False
        for place, token in enumerate(sentence.tokens):
            formula = sentence.formulas.get(place)
            name = _name(sentence, place)
            if name:
                if word:
                    yield name, word, (token.start, token.end)
                names = [*names, (name, (token.start, token.end))] if listing else [(name, (token.start, token.end))]
                listing = True
                continue
            told = _specification(token, formula)
            if formula is not None and (member := _member(formula)):
                yield (*member, formula.span)
            elif told:
                word = told if _name(sentence, place + 1) else ""
                if not word and not _negated(sentence, place):
                    yield from ((held, told, span) for held, span in names)
                listing = False
            elif token.text.lower() not in _JOINING:
                listing = False
                word = ""
                if token.kind == "mark" and token.text in ".;?!":
                    names = []


_JOINING = frozenset([",", "and", "the", "a", "an"])


def _name(sentence: ProseSentence, place: int) -> str:
    """The letter that stands alone at a place; a capital A in front of "is" is one."""
    if place >= len(sentence.tokens):
        return ""
    token, formula = sentence.tokens[place], sentence.formulas.get(place)
    if formula is not None:
        return formula.name if formula.shape == "name" else ""
    following = sentence.tokens[place + 1].text.lower() if place + 1 < len(sentence.tokens) else ""
    return "A" if token.text == "A" and place and following in ("is", "be", "are", "and") else ""


def _specification(token: Atom, formula: Formula | None) -> str:
    if formula is not None:
        return formula.read if formula.shape == "dimension" else ""
    if token.kind == "count":
        return token.text if declared(token.text) else ""
    word = token.text.lower()
    return _PLURAL.get(word, word) if token.kind == "word" and word in _KINDS else ""


def _negated(sentence: ProseSentence, place: int) -> bool:
    before = sentence.tokens[max(0, place - 3) : place]
    return any(token.text.lower() in ("not", "necessarily", "non") for token in before)


def _member(formula: Formula) -> tuple[str, str] | None:
    r"""`A \in \mathbb{R}^{m \times n}` as the name and its sizes."""
    if formula.shape != "condition" or len(formula.sides) != 2 or not formula.name:
        return None
    space = _SPACE.fullmatch(formula.sides[1])
    if space is None:
        return None
    size = (space["size"] or "").replace("\\times", " x ").replace("×", " x ").replace("*", " x ")
    told = "number" if not size else size if "x" in size else f"{size.strip()} x 1"
    return (bare(formula.name), told) if declared(told) else None
