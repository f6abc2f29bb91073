"""Before computing: what the formula is, where it breaks, and the slips that it likely holds, each with its evidence.

A suspected slip is never applied: the other reading is shown, and one click away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sympy as sp

from nabla.answer.document import Block, Cell, Check, Column, Heading, Note, Prose, Table, quoted
from nabla.errors import UserError
from nabla.helmholtz import inspect
from nabla.helmholtz.grid import Floats
from nabla.labs.decompose.question import DecomposeQuestion
from nabla.read.formula import Text
from nabla.read.formula.tree import Call, Name, Node, Number, Power, Product, Sum, children
from nabla.write.notation import decimals, percent, tex
from nabla.write.notation import factor as as_factor

CONCENTRATED = 0.9  # of the energy in nine cells
NEAR = 1e-3  # relative distance of two zeros that are meant to be one
LONG = 200  # characters of LaTeX


@dataclass(frozen=True)
class Edit:
    """A change of the text: what stands from `start` to `end` becomes `new`."""

    start: int
    end: int
    new: str


Code = Literal[
    "negative-base",  # a negative number to a power that is no whole number
    "precedence",  # a power is divided where a broken exponent may be meant
    "angle",  # the arctangent of a product of lengths
    "guard",  # a tiny constant in a denominator
    "cancelling",  # a factor that numerator and denominator share
    "singular",  # the formula divides by zero somewhere beside the box
    "pole",  # it does on the box
    "range",  # values over many orders of magnitude
]


@dataclass(frozen=True)
class Finding:
    """What was found, in prose; `edits` turn the text into the likelier reading."""

    code: Code
    message: str
    edits: tuple[Edit, ...] = ()


def inspected(question: DecomposeQuestion) -> list[Finding]:
    """All findings on the components of a question, in the order in which they matter."""
    found: list[Finding] = []
    for reading, f in zip(question.readings, question.typed, strict=True):
        if f.free_symbols & set(question.symbols):
            tree = _tree(question, reading.text)
            found += _negative(question, f, tree)
            found += _precedence(question, tree)
            found += _angles(question, f, tree)
            found += _cancelling(question, f)
            found += _guards(question, f)
            found += _singular(question, f)
    # Components often divide by the same.
    return list(dict.fromkeys(found))


def repaired(text: str, findings: Sequence[Finding]) -> str:
    """The text with the edits of all findings."""
    for edit in sorted({e for finding in findings for e in finding.edits}, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def _tree(question: DecomposeQuestion, part: str) -> Node | None:
    """The tree of one component, with places in the whole text."""
    whole = Text(question.text, question.known)
    for tokens, start, end in whole.split(";"):
        if question.text[start:end].strip() == part and tokens:
            return whole.tree(tokens, start, end)
    return None


def _walk(node: Node | None) -> Iterator[Node]:
    if node is not None:
        yield node
        for child in children(node):
            yield from _walk(child)


def _coarse(question: DecomposeQuestion) -> list[Floats]:
    """A few points of the box, its corners among them."""
    ends = [np.linspace(a, b, 17) for a, b in zip(question.box.low, question.box.high, strict=True)]
    return list(np.meshgrid(*ends, indexing="ij"))


def _negative(question: DecomposeQuestion, f: sp.Expr, tree: Node | None) -> list[Finding]:
    """Negative bases of broken exponents, with the sign whose change would make the base positive."""
    found = []
    for each in inspect.negative_bases(f, _coarse(question), question.values):
        exponent = decimals(float(each.power.exp), 6)
        everywhere = "on all of the box" if each.share == 1 else f"on {percent(each.share)} % of the box"
        message = (
            f"The base ${tex(each.power.base)}$ of the exponent ${exponent}$ is negative {everywhere}, from "
            f"${decimals(each.low, 4)}$ to ${decimals(each.high, 4)}$, so that the power is not real: NumPy gives NaN, "
            "Python complex numbers."
        )
        middle = [(a + b) / 2 for a, b in zip(question.box.low, question.box.high, strict=True)]
        points = [[c * s for c in middle] for s in (0.9, 1.0, 1.05)]
        turn = inspect.phase(f, question.symbols, points) if each.share == 1 else None
        if turn is not None:
            size = f"{decimals(turn.real, 4)} {'-' if turn.imag < 0 else '+'} {decimals(abs(turn.imag), 4)}\\,i"
            message += (
                f" The complex factor is constant, ${size}$ up to the sign of the rest: taking the real part "
                f"multiplies the field by ${decimals(turn.real, 4)}$, the absolute value loses its sign."
            )
        edits, evidence = _sign(question, tree, each)
        found.append(Finding("negative-base", message + evidence, edits))
    return found


def _sign(question: DecomposeQuestion, tree: Node | None, each: inspect.NegativeBase) -> tuple[tuple[Edit, ...], str]:
    """A minus before the constant of a sum in the base, if that makes the base positive; and what speaks for it."""
    for power in _walk(tree):
        if not isinstance(power, Power) or not isinstance(power.exponent, Number):
            continue
        for total in _walk(power.base):
            if not isinstance(total, Sum) or len(total.terms) != 2:
                continue
            constants = [
                term
                for sign, term in total.terms
                if sign == 1 and not any(isinstance(part, Name) for part in _walk(term))
            ]
            if len(constants) != 1:
                continue
            start, end = constants[0].span.start, constants[0].span.end
            edit = Edit(start, end, "-" + question.text[start:end])
            other = question.text[:start] + edit.new + question.text[end:]
            if _real(
                question, other, len(inspect.negative_bases(_whole(question), _coarse(question), question.values))
            ):
                return (edit,), _zeros(question, tree, total, question.text[start:end])
    return (), ""


def _whole(question: DecomposeQuestion) -> sp.Expr:
    return sp.Tuple(*question.typed)


def _real(question: DecomposeQuestion, text: str, before: int) -> bool:
    """Whether the other reading has fewer negative bases on the box."""
    try:
        fields = question.read(text)
    except UserError:
        return False
    after = inspect.negative_bases(sp.Tuple(*fields), _coarse(question), question.values)
    return len(after) < before


def _zeros(question: DecomposeQuestion, tree: Node | None, total: Sum, constant: str) -> str:
    """What another linear factor of the formula says about the sign in this one."""
    mine = _zero(question, total)
    text = f" With a minus before {quoted(constant)} it is positive."
    if mine is None:
        return text
    name, zero = mine
    for other in _walk(tree):
        theirs = _zero(question, other) if isinstance(other, Sum) and other is not total else None
        if theirs and theirs[0] == name and theirs[1] and abs(theirs[1] + zero) < NEAR * abs(zero):
            return text + (
                f" For it speaks the factor ${tex(question.tree_expr(other))}$, which vanishes at "
                f"${name} = {decimals(theirs[1], 7)}$; this sum vanishes at ${name} = {decimals(zero, 7)}$, and with "
                f"the minus at ${decimals(-zero, 7)}$. Most likely the minus was dropped."
            )
    return text


def _zero(question: DecomposeQuestion, node: Sum) -> tuple[str, float] | None:
    """The coordinate and the place where a linear sum of it vanishes."""
    expr = question.tree_expr(node)
    names = [s for s in question.symbols if s in expr.free_symbols]
    if len(names) != 1 or not expr.is_polynomial(names[0]) or sp.degree(expr, names[0]) != 1:
        return None
    return names[0].name, float(-expr.coeff(names[0], 0) / expr.coeff(names[0], 1))


def _precedence(question: DecomposeQuestion, tree: Node | None) -> list[Finding]:
    """`(x**2 + z**2)**7/2*z`: the power is divided, where (7/2) may be meant."""
    found = []
    for node in _walk(tree):
        if not isinstance(node, Product):
            continue
        for (_, first), (operator, second) in zip(node.factors, node.factors[1:], strict=False):
            if not (operator == "/" and isinstance(first, Power) and isinstance(second, Number)):
                continue
            if not isinstance(first.exponent, Number) or not _squares(first.base):
                continue
            above, below = float(first.exponent.text), float(second.text)
            if above != int(above) or below != int(below) or not below or above % below == 0:
                continue
            start, end = first.exponent.span.start, second.span.end
            typed = question.text[first.span.start : end]
            edits = (Edit(start, start, "("), Edit(end, end, ")"))
            expr = question.tree_expr(node)
            degree, other = 2 * above, 2 * above / below
            rest = sum(1 for _, f in node.factors if isinstance(f, Name))
            if expr.free_symbols:
                message = (
                    f"{quoted(typed)} is read as the power, divided by {quoted(second.text)}: of degree "
                    f"{degree + rest:g} with the factors beside it. With ({above:g}/{below:g}) as the exponent the "
                    f"degree is {other + rest:g}, and ${tex(question.tree_expr(first.base))}$ a square of a distance."
                )
                found.append(Finding("precedence", message, edits))
    return found


def _squares(node: Node) -> bool:
    """Whether a node is a sum of squares."""
    return isinstance(node, Sum) and all(
        sign == 1 and isinstance(term, Power) and isinstance(term.exponent, Number) and float(term.exponent.text) == 2
        for sign, term in node.terms
    )


def _angles(question: DecomposeQuestion, f: sp.Expr, tree: Node | None) -> list[Finding]:
    """Arctangents of products of two coordinates."""
    if not inspect.angles(f, question.symbols):
        return []
    found = []
    for node in _walk(tree):
        if not isinstance(node, Call) or node.function not in ("atan", "arctan") or len(node.arguments) != 1:
            continue
        inside = node.arguments[0]
        names = [n.name for n in _walk(inside) if isinstance(n, Name)]
        if not isinstance(inside, Product) or len(set(names)) != 2 or any(op == "/" for op, _ in inside.factors):
            continue
        first, second = sorted(names, key=question.names.index)
        typed = question.text[node.span.start : node.span.end]
        new = f"arctan2({second}, {first})"
        message = (
            f"The argument of {quoted(typed)} has the unit of an area, and no angle belongs to it: the function is a "
            f"step at the axes. An angle would be arctan({second}/{first}), without a jump {new}."
        )
        found.append(Finding("angle", message, (Edit(node.span.start, node.span.end, new),)))
    return found


def _cancelling(question: DecomposeQuestion, f: sp.Expr) -> list[Finding]:
    found = []
    for total, factor, left in inspect.cancelling(f, question.symbols):
        if len(tex(total)) <= LONG:
            parts = tex(factor) if left == 1 else rf"{as_factor(left)} \cdot {as_factor(factor)}"
            message = (
                f"${tex(total)} = {parts}$, and this factor cancels against the denominator. Simplified "
                "first, no digits are lost to it."
            )
            found.append(Finding("cancelling", message))
    return found


def _guards(question: DecomposeQuestion, f: sp.Expr) -> list[Finding]:
    found = []
    for rest, constant in inspect.guarded(f):
        radius = inspect.reach(rest, constant, question.symbols, question.values)
        where = "nowhere that matters" if radius is None else f"within ${decimals(radius, 3)}$ of the origin"
        size = decimals(float(constant), 3)
        message = (
            f"The constant ${size}$ in the denominator outweighs the rest {where}, and where the rest vanishes; "
            "elsewhere it does nothing."
        )
        found.append(Finding("guard", message))
    return found


def _singular(question: DecomposeQuestion, f: sp.Expr) -> list[Finding]:
    factors = inspect.singular_factors(f, question.symbols)
    if not factors:
        return []
    on_box = inspect.vanishing(factors, _coarse(question), question.values)
    sets = r",\; ".join(f"{tex(factor)} = 0" for factor in factors if len(tex(factor)) <= LONG)
    code: Code = "pole" if on_box else "singular"
    inside = "The box touches it." if on_box else "The box keeps off it."
    return [Finding(code, f"The formula divides by zero where ${sets}$. {inside}")] if sets else []


def blocks_of(question: DecomposeQuestion, findings: Sequence[Finding], spreads: Sequence[Block]) -> list[Block]:
    """The findings as blocks: the likely slips with the other reading one click away, then the rest."""
    slips = [finding for finding in findings if finding.edits]
    if not findings:
        return list(spreads)
    blocks: list[Block] = [Heading("On the formula")]
    for finding in slips:
        new = repaired(question.text, [finding])
        blocks.append(Note(finding.message, "warning", {"V": new}, "Read it with this change"))
    if len(slips) > 1:
        new = repaired(question.text, slips)
        blocks.append(Note(f"All {len(slips)} changes together.", "tip", {"V": new}, "Read it with all changes"))
    blocks += [
        Note(finding.message, "warning" if finding.code == "negative-base" else "info")
        for finding in findings
        if not finding.edits
    ]
    return [*blocks, *spreads]


def _readings(question: DecomposeQuestion, findings: Sequence[Finding]) -> list[tuple[str, Sequence[sp.Expr]]]:
    """The field as typed and, where the findings change it, with all changes."""
    readings: list[tuple[str, Sequence[sp.Expr]]] = [("as typed", question.typed)]
    if any(finding.edits for finding in findings):
        text = repaired(question.text, findings)
        with suppress(UserError):  # changes that overlap may leave a text that cannot be read
            readings.append(("with all changes", question.read(text)))
    return readings


def _places(question: DecomposeQuestion) -> list[float]:
    """Places on the diagonal: powers of ten in a large box, else five at even distances; [] without positive ones."""
    top = min(question.box.high)
    if top <= 0:
        return []
    if top < 10:
        return [float(place) for place in np.linspace(max(question.box.low), top, 5)]
    return [*(10.0**k for k in range(int(np.floor(np.log10(top))) + 1)), top]


def ranges(question: DecomposeQuestion, findings: Sequence[Finding]) -> tuple[list[Block], list[Finding]]:
    """How |V| runs along the diagonal, as typed and with the changes; and whether a grid could show it at all."""
    readings = _readings(question, findings)
    places = _places(question)
    if len(places) < 2 or not findings:
        return [], []
    rows: list[list[Cell]] = []
    for place in places:
        mesh = [np.array([place])] * len(question.symbols)
        sizes = [_size(question, fields, mesh)[0] for _, fields in readings]
        rows.append([f"${decimals(place, 5)}$", *(f"${decimals(float(v), 3)}$" for v in sizes)])
    names = " = ".join(question.names)
    columns = [Column(names), *(Column(f"|V| {label}", "", "right") for label, _ in readings)]
    grid = [_size(question, fields, question.box.mesh()) for _, fields in readings]
    spreads = [inspect.spread(each) for each in grid]
    caption = "; ".join(
        f"{label}: on the grid the largest is {s.largest / (s.least or 1):.2g} times the least, and "
        f"{100 * s.nine:.2f} % of the energy is in 9 cells"
        for (label, _), s in zip(readings, spreads, strict=True)
    )
    extra = []
    if spreads[0].nine > CONCENTRATED:
        text = (
            f"As typed, {100 * spreads[0].nine:.2f} % of the energy is in 9 cells: a grid shows itself, not the field."
        )
        extra.append(Finding("range", text))
    return [Table(columns, rows, f"Along the diagonal. {caption[0].upper()}{caption[1:]}.")], extra


def _size(question: DecomposeQuestion, fields: Sequence[sp.Expr], mesh: list[Floats]) -> Floats:
    sizes = [question.sampled(inspect.modulus(f), mesh) for f in fields]
    return np.asarray(np.sqrt(sum(each**2 for each in sizes)))


def readable(question: DecomposeQuestion, findings: Sequence[Finding]) -> Check:
    """Whether the field is real and finite once the changes are made: evaluated, not assumed."""
    values = [question.sampled(f, question.box.mesh()) for f in question.read(repaired(question.text, findings))]
    fine = all(np.isfinite(each).all() for each in values)
    cells = question.box.mesh()[0].size
    return Check(
        "With all changes V is real and finite",
        f"evaluated at {cells:,} cells of the box",
        "passed" if fine else "failed",
        test="points",
    )


def one_component(question: DecomposeQuestion) -> list[Block]:
    """What is true of a field along one axis alone."""
    alone = [i for i, f in enumerate(question.components) if f != 0]
    if len(alone) != 1 or len(question.components) != 2 or not question.components[alone[0]].free_symbols:
        return []
    a, b = (question.names[alone[0]], question.names[1 - alone[0]])
    plain = inspect.separable(question.components[alone[0]], question.symbols)
    text = (
        rf"V is along ${a}$, but its parts are not: $S$ and $H$ have components along ${b}$ that cancel, unless "
        rf"$\partial^2 f/\partial {a}\,\partial {b} = 0$" + (", as it is here." if plain else ".")
    )
    across = sorted({"x", "y", "z"} - set(question.names)) if len(question.readings) == 3 else []
    if across and question.across == 0:
        text += f" Nothing depends on ${across[0]}$: $S_{across[0]} = H_{across[0]} = 0$."
    return [Prose(text)]
