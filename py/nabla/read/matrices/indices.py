r"""Formulas with indices, `-\sum_i t_i \ln s_i`, as formulas of vectors: `-sum(t ⊙ log(s))`.

A letter with one index is a vector, a sum over an index the sum of its entries, `\delta_{ij}` picks one out of such
a sum. Letters with two indices are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from nabla.errors import UserError
from nabla.read.matrices import MatrixNode, MatrixReading, names_of, read_matrices

_ONE = Fraction(1)


def has_indices(node: MatrixNode) -> bool:
    """Whether a sum over an index, or a letter with delta's two, stands in a formula."""
    here = (node.op == "sum" and bool(node.text)) or (node.op == "name" and node.text.startswith("delta_"))
    return here or any(has_indices(arg) for arg in node.args)


def read_vectors(text: str, definitions: Mapping[str, MatrixNode], known: Collection[str] = ()) -> MatrixReading:
    """Read a formula of matrices; where it has indices, or letters that are defined, as one of vectors as wholes.

    Raises:
        UserError: as `read_matrices` and `without_indices`.
    """
    reading = read_matrices(text, known=known)
    if not (definitions or has_indices(reading.tree)):
        return reading
    tree = without_indices(reading.tree, definitions)
    return replace(reading, tree=tree, names=tuple(dict.fromkeys(names_of(tree))))


def vectors_of(texts: Iterable[str]) -> set[str]:
    """The letters that have an index in formulas with indices: they are vectors."""
    found: set[str] = set()
    for text in texts:
        names = (name.partition("_") for name in read_matrices(text).names)
        found |= {base for base, _, index in names if index.isalpha() and base != "delta"}
    return found


def read_definitions(text: str) -> dict[str, MatrixNode]:
    """Read `s_i: formula; ...`, vectors that letters stand for, each perhaps by those before it."""
    found: dict[str, MatrixNode] = {}
    for part in text.split(";"):
        name, colon, formula = part.partition(":")
        if colon:
            found[name.strip().lstrip("\\").partition("_")[0]] = read_vectors(formula, dict(found)).tree
    return found


def without_indices(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> MatrixNode:
    """The same formula for vectors as wholes; `definitions` are vectors that letters stand for.

    Raises:
        UserError: "not-covered" for a product of two different indices that no sum joins, or a letter with two.
    """
    return _vector(node, definitions)[0]


def _refused(node: MatrixNode, what: str) -> UserError:
    return UserError("not-covered", f"{what} cannot be read as vectors here.", span=node.span)


def _vector(node: MatrixNode, definitions: Mapping[str, MatrixNode]) -> tuple[MatrixNode, str]:
    """The formula with its vectors as wholes, and the index that is free in it."""
    if node.op == "name":
        base, _, index = node.text.partition("_")
        if len(index) > 1 and not index.isdigit():
            raise _refused(node, "A letter with two indices")
        if base in definitions:
            return definitions[base], index
        return (replace(node, text=base), index) if index.isalpha() else (node, "")
    if node.op == "sum" and node.text:
        return _summed(node.args[0], node.text, definitions)
    if node.op == "product":
        return _product(list(_factors(node)), node, definitions)
    parts = [_vector(arg, definitions) for arg in node.args]
    free = {index for _, index in parts if index}
    if len(free) > 1:
        raise _refused(node, "Different indices side by side")
    args = tuple(part for part, _ in parts)
    if node.op == "power" and free:
        if node.text != "2":
            raise _refused(node, "This power of a vector")
        return MatrixNode("entries", (args[0], args[0]), span=node.span), free.pop()
    return replace(node, args=args), free.pop() if free else ""


def _factors(node: MatrixNode) -> Iterator[MatrixNode]:
    if node.op == "product":
        for arg in node.args:
            yield from _factors(arg)
    else:
        yield node


def _product(
    factors: list[MatrixNode], whole: MatrixNode, definitions: Mapping[str, MatrixNode]
) -> tuple[MatrixNode, str]:
    """Numbers times the entries' product of vectors with one index."""
    parts = [_vector(factor, definitions) for factor in factors]
    free = {index for _, index in parts if index}
    if len(free) > 1:
        raise _refused(whole, "A product of letters with different indices")
    vectors = [part for part, index in parts if index]
    numbers = [part for part, index in parts if not index]
    found = None
    if vectors:
        found = vectors[0] if len(vectors) == 1 else MatrixNode("entries", tuple(vectors), span=whole.span)
    for number in numbers:
        found = number if found is None else MatrixNode("product", (number, found), span=whole.span)
    return found or MatrixNode("number"), free.pop() if free else ""


def _summed(inner: MatrixNode, index: str, definitions: Mapping[str, MatrixNode]) -> tuple[MatrixNode, str]:
    r"""\sum_index of a formula: term by term, delta put in, what does not hold the index in front."""
    terms = [_one_sum(list(factors), index, inner, definitions) for factors in _terms(inner)]
    free = {name for _, name in terms if name}
    if len(free) > 1:
        raise _refused(inner, "Different indices side by side")
    if len(terms) == 1:
        return terms[0]
    return MatrixNode("sum", tuple(term for term, _ in terms), span=inner.span), free.pop() if free else ""


def _terms(node: MatrixNode) -> Iterator[tuple[MatrixNode, ...]]:
    """The terms of a formula multiplied out, each as its factors; a minus sign is a factor -1."""
    if node.op == "sum" and not node.text and len(node.args) > 1:
        for arg in node.args:
            yield from _terms(arg)
    elif node.op == "negative":
        minus = MatrixNode("negative", (MatrixNode("number", value=_ONE, span=node.span),), span=node.span)
        for factors in _terms(node.args[0]):
            yield (minus, *factors)
    elif node.op == "product":
        left, right = node.args
        for a in _terms(left):
            for b in _terms(right):
                yield (*a, *b)
    else:
        yield (node,)


def _one_sum(
    factors: list[MatrixNode], index: str, whole: MatrixNode, definitions: Mapping[str, MatrixNode]
) -> tuple[MatrixNode, str]:
    delta = next((factor for factor in factors if factor.text.startswith("delta_") and index in factor.text[6:]), None)
    if delta is not None:
        other = delta.text[6:].replace(index, "", 1)
        rest = [_renamed(factor, index, other) for factor in factors if factor is not delta]
        return _product(rest, whole, definitions)
    inside = [factor for factor in factors if _holds(factor, index)]
    outside = [factor for factor in factors if factor not in inside]
    if not inside:
        raise _refused(whole, "A sum over an index that does not occur")
    total = MatrixNode("sum", (_product(inside, whole, definitions)[0],), span=whole.span)
    if not outside:
        return total, ""
    front, free = _product(outside, whole, definitions)
    return MatrixNode("product", (total, front), span=whole.span), free


def _holds(node: MatrixNode, index: str) -> bool:
    if node.op == "name":
        return index in node.text.partition("_")[2]
    return not (node.op == "sum" and node.text == index) and any(_holds(arg, index) for arg in node.args)


def _renamed(node: MatrixNode, old: str, new: str) -> MatrixNode:
    if node.op == "name":
        base, _, index = node.text.partition("_")
        return replace(node, text=f"{base}_{index.replace(old, new)}") if index else node
    return replace(node, args=tuple(_renamed(arg, old, new) for arg in node.args))
