"""Points as people type them, `w=3, x=pi/2`, and lists of variables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

import sympy as sp

from nabla.errors import Span, UserError
from nabla.read.formula import Text, names, raw_tokens
from nabla.read.formula.build import build, symbol
from nabla.read.formula.functions import function_of
from nabla.read.formula.print import name_tex, tex_of
from nabla.read.formula.tokens import Token
from nabla.read.formula.tree import Name, Node, children

_SEPARATORS = (",", ";", "&")
_HINT = "Write x=2, y=3."


def read_assignments(text: str, *, known: Collection[str] = ()) -> dict[sp.Symbol, sp.Expr]:
    """Read `w=3, x=pi/2`: names and their values, separated by commas, semicolons, white space or `and`.

    Values without names, `3` or `(1, 2)`, are those of the known names, one for each in their order. An empty text
    assigns nothing.

    Args:
        text: the assignments; values are constant expressions.
        known: names of variables that other fields mention.

    Raises:
        UserError: "value" where a value or a name is missing, is given twice or is no finite number; else as
            `read_formula`.
    """
    return {symbol(name): build(tree) for name, tree in _assigned(text, known)}


def assignments_tex(text: str, *, known: Collection[str] = ()) -> str:
    """The LaTeX of assignments as typed; raises what `read_assignments` raises."""
    return r",\; ".join(f"{name_tex(name)} = {tex_of(tree)}" for name, tree in _assigned(text, known))


def _assigned(text: str, known: Collection[str]) -> list[tuple[str, Node]]:
    """The names and the trees of their values."""
    if not text.strip():
        return []
    raw = raw_tokens(text)
    named = [before.text for before, token in itertools.pairwise(raw) if token.is_op("=", "==")]
    spelled = {names.key(name): name for name in reversed(named) if name in names.GREEK or not function_of(name)}
    spelled |= {names.key(names.spelling(name)): name for name in known}
    whole = Text(text, spelled.values())
    tokens = whole.tokens
    equals = [index for index, token in enumerate(tokens) if token.is_op("=", "==")]
    if not equals:
        return _only_values(whole, known)
    _check_start(text, tokens, equals[0])
    found: dict[str, Node] = {}
    for equal, following in zip(equals, [*equals[1:], len(tokens) + 1], strict=True):
        name = tokens[equal - 1]
        value = tokens[equal + 1 : following - 1]
        while value and value[-1].is_op(*_SEPARATORS):
            value = value[:-1]
        if name.text in found:
            raise UserError("value", f"{name.text} is given twice.", hint="Remove one of them.", span=name.span)
        found[name.text] = _value(whole, name, tokens[equal], value)
    return list(found.items())


def _check_start(text: str, tokens: Sequence[Token], equal: int) -> None:
    """Refuse what stands before the first name, and what is no name."""
    name = tokens[equal - 1] if equal else tokens[0]
    if equal != 1 or name.kind != "name":
        span = Span(tokens[0].start, max(tokens[0].end, name.end))
        typed = text[span.start : span.end]
        raise UserError("value", f"{typed} is not the name of a variable.", hint=_HINT, span=span)


def _only_values(whole: Text, known: Collection[str]) -> list[tuple[str, Node]]:
    """Values without names: one for each variable there is."""
    first, last = whole.tokens[0], whole.tokens[-1]
    if len(whole.tokens) == 1 and first.kind == "name":
        raise UserError("value", f"{first.text} has no value.", hint=f"Write {first.text}=2.", span=first.span)
    wanted = list({names.key(names.spelling(name)): names.spelling(name) for name in known}.values())
    values = _listed(whole.tokens)
    if not wanted or len(values) != len(wanted) or not all(values):
        message = "The values need the names of their variables."
        if wanted and len(values) > 1:
            counted = "1 variable" if len(wanted) == 1 else f"{len(wanted)} variables"
            message = f"Here are {len(values)} values for {counted}: {', '.join(wanted)}."
        raise UserError("value", message, hint=_HINT, span=Span(first.start, last.end))
    return [
        (name, _value(whole, Token("name", name, 0, 0), value[0], value))
        for name, value in zip(wanted, values, strict=True)
    ]


def _listed(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens between the commas, those of the brackets around all of them left out."""
    inner = list(tokens)
    depth, parts = 0, [list[Token]()]
    if inner[0].is_op("(") and inner[-1].is_op(")") and sum(token.is_op("(") for token in inner) == 1:
        inner = inner[1:-1]
    for token in inner:
        depth += token.is_op("(", "{") - token.is_op(")", "}")
        if depth == 0 and token.is_op(*_SEPARATORS):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts[-1] else parts[:-1]


def _value(whole: Text, name: Token, equal: Token, tokens: Sequence[Token]) -> Node:
    """The tree of a value, which must be a finite number."""
    if name.kind != "name" or name.text == "pi":
        typed = whole.text[name.start : name.end]
        raise UserError("value", f"{typed} is not the name of a variable.", hint=_HINT, span=name.span)
    if not tokens:
        raise UserError(
            "value", f"{name.text} has no value.", hint=f"Write {name.text}=2.", span=Span(name.start, equal.end)
        )
    depth = 0
    for token in tokens:
        depth += token.is_op("(", "{") - token.is_op(")", "}")
        if depth == 0 and token.is_op(*_SEPARATORS):
            message = f"What stands behind the {whole.text[token.start : token.end]} belongs to no name."
            hint = f"{_HINT} In numbers, write a point: 0.5."
            raise UserError("value", message, hint=hint, span=Span(token.start, tokens[-1].end))
    tree = whole.tree(list(tokens), equal.end, equal.end)
    if variable := _first_name(tree):
        message = f"The value of {name.text} must be a number, without {variable.name}."
        raise UserError("value", message, span=variable.span)
    value = build(tree)
    if not value.is_number or value.has(sp.oo) or value.is_finite is False:
        raise UserError("value", f"The value of {name.text} must be a finite number.", span=tree.span)
    return tree


def _first_name(node: Node) -> Name | None:
    if isinstance(node, Name):
        return node
    return next((found for child in children(node) if (found := _first_name(child))), None)


# d/dx, df/dx, ∂/∂x, and dx alone.
_DERIVATIVE = re.compile(
    r"\s*(?:(?:d[a-zA-Z]*|(?:∂|\\partial)\s*\\?[a-zA-Zα-ω]*)\s*/\s*(?:d|∂|\\partial)\s*(?=\S)|d(?=[a-zA-Z]\s*$))"
)
_ORDER = 10
_BETWEEN = re.compile(r"[\s,;]+")


_OF = re.compile(r"\s*(?:d|∂|\\partial\s*)\\?([a-zA-Z]+|[α-ω])\s*/")


def function_of_sign(text: str) -> str:
    """The name of the function in `dz/dx`; "" for d/dx and for variables without a sign."""
    found = _OF.match(text)
    return found[1] if found else ""


def read_variables(text: str, *, known: Collection[str] = ()) -> list[sp.Symbol]:
    """Read the variables to differentiate by: `x`, `x, y`, `x x`, `d/dx`; `x^2` and `x, 2` mean twice by x.

    An empty text names none.

    Args:
        text: names separated by commas, semicolons or white space.
        known: names of variables that other fields mention; a word of several letters that is not among them is
            taken for several variables where a formula would take it for a product.

    Raises:
        UserError: "unknown-name" for what is not a variable, "too-big" for a variable named more than ten times.
    """
    head = _DERIVATIVE.match(text)
    start = head.end() if head else 0
    if not text.strip():
        return []
    whole = Text(" " * start + text[start:], {*known, *_lone_names(text[start:])})
    found: list[sp.Symbol] = []
    tokens = [token for token in whole.tokens if not token.is_op(",", ";", "{", "}", "&")]
    repeated = False  # whether a number may follow: x, 2 and x^2, but not x, 2, 2
    for before, token in zip([whole.end, *tokens], tokens, strict=False):
        if token.kind == "name":
            found.append(symbol(token.text))
            repeated = True
        elif token.is_op("^") and before.kind == "name":
            continue
        elif token.kind == "number" and token.text.isdigit() and repeated and found:
            count = int(token.text[:6])
            if not 1 <= count <= _ORDER:
                raise UserError("too-big", "Derivatives are taken up to the tenth order.", span=token.span)
            found += [found[-1]] * (count - 1)
            repeated = False
        else:
            raise _not_a_variable(text, token)
    if any(found.count(variable) > _ORDER for variable in set(found)):
        raise UserError("too-big", "Derivatives are taken up to the tenth order.", span=Span(0, len(text)))
    if not found:
        raise UserError("empty", "No variable is named here.", hint="As in x, or x, y.", span=Span(0, len(text)))
    return found


def _lone_names(text: str) -> list[str]:
    """Single names, which are names even where a formula has constants: e, i."""
    return [part for part in _BETWEEN.split(text) if re.fullmatch(r"[A-Za-z]|gamma|beta|zeta|lambda", part)]


def _not_a_variable(text: str, token: Token) -> UserError:
    typed = text[token.start : token.end]
    message = f"{typed} is not a variable."
    if token.kind == "constant":
        message = f"{typed} is a constant, not a variable."
    elif token.kind == "function":
        message = f"{typed} is a function, not a variable."
    return UserError("unknown-name", message, hint="Name variables, as in x or x, y.", span=token.span)
