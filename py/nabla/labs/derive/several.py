"""derive: gradients, Jacobians, Hessians, and the derivatives of several functions at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import sympy as sp

from nabla.answer.document import Check, Document, Heading, Math, Note, Prose, Step, Steps, quoted
from nabla.calculus.equality import equal
from nabla.lab import Inputs
from nabla.labs.derive.answering import refuse
from nabla.labs.derive.claim_matrix import show_matrix_claim
from nabla.labs.derive.extras import show_pictures, show_programs
from nabla.labs.derive.matrices import column, matrix, rows
from nabla.labs.derive.parts import (
    Part,
    between_pieces,
    count,
    differentiated,
    goals_of,
    show_domain,
    steps_check,
    steps_of,
    sympy_check,
    usable_point,
    value_of,
    worst_of,
)
from nabla.labs.derive.question import DeriveQuestion
from nabla.labs.derive.sentence import AtPoint, conclude
from nabla.labs.derive.square import MOST, minors, show_definite, show_determinant, signs_of, word_of
from nabla.write.derivation import equality_check
from nabla.write.notation import decimals, number, operator, point, tex
from nabla.write.sentence import sentence

TITLES = {"gradient": "Gradient", "jacobian": "Jacobian", "hessian": "Hessian", "derivative": "Derivatives"}
# What a function is whose Hessian is so everywhere.
BENT = {
    **dict.fromkeys(("positive definite", "positive semidefinite"), ", so the function is convex"),
    **dict.fromkeys(("negative definite", "negative semidefinite"), ", so the function is concave"),
    "indefinite": ", so the function is neither convex nor concave",
}

Grid = list[list[Part]]
T = TypeVar("T")


def of_several(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The gradient, the Jacobian, the Hessian, or one derivative of each of several functions."""
    grid = _grid(question)
    parts = [part for row in grid for part in row]
    names = ", ".join(f"${tex(symbol)}$" for symbol in dict.fromkeys(question.wrt))
    of = ", ".join(f"${reading.tex}$" for reading in question.functions)
    document.title = f"{TITLES[question.what]} of {of} with respect to {names}"
    result = shaped(question.what, grid, lambda part: part.simple)
    document.values |= {
        "reading": "; ".join(sp.sstr(reading.expr) for reading in question.functions),
        "derivative": shaped(question.what, grid, lambda part: sp.sstr(part.simple)),
    }
    if question.what in ("gradient", "hessian"):
        partials = {",".join(symbol.name for symbol in part.wrt): sp.sstr(part.simple) for part in parts}
        document.values["partials"] = partials
    _show_result(document, question, grid)
    show_domain(document, question, [derivation for part in parts for derivation in part.derivations])
    found = _show_values(document, question, grid)
    goals = [[goals_of(part, question.name_of(0), question)[-1] for part in row] for row in grid]
    claim = show_matrix_claim(document, inputs, question, goals)
    left = _symbol(question) if question.what != "derivative" else column([part.left for part in parts])
    asks = _steepest(document) if inputs.choice("what") == "steepest" else ""
    said = "; ".join(filter(None, [asks, claim]))
    conclude(document, left, _set(shaped(question.what, grid, lambda part: tex(part.simple))), found, said)
    _conclude_square(document, inputs, question, grid)
    _show_steps(document, question, grid)
    show_pictures(document, question, result)
    document.add(Heading("Checked", role="checks"), steps_check(document))
    document.add(sympy_check(parts, question.domain))
    if question.what == "hessian" and len(grid) > 1:
        document.add(_symmetry(question, grid))
    show_programs(document, question, result)


def _conclude_square(document: Document, inputs: Inputs, question: DeriveQuestion, grid: Grid) -> None:
    """Where the determinant is asked for, or whether the matrix is definite, the sentence says it."""
    asks, left = inputs.choice("what"), _symbol(question)
    entries = [[part.simple for part in row] for row in grid]
    if asks not in ("determinant", "definite"):
        return
    if len(entries) != len(entries[0]) or len(entries) > MOST:
        size = f"{len(entries)} by {len(entries[0])}"
        raise refuse(inputs, "f", f"A square matrix of at most {MOST} rows is needed; this one is {size}.")
    at = {symbol: value for symbol, value in question.at.items() if symbol in question.symbols}
    if asks == "determinant":
        said = show_determinant(document, entries, at, left)
    elif at and document.values.get("definiteness"):
        said = f"it is {document.values['definiteness']} at ${point(at)}$"
    else:
        whole = sp.Matrix(entries)
        said = show_definite(document, whole, minors(whole), question.domain)
        said += BENT.get(document.values["definiteness"], "")
    shown = f"${left} = {_set(shaped(question.what, grid, lambda part: tex(part.simple)))}$"
    document.answer = sentence(
        f"{said}; {shown}." if asks == "determinant" else f"{shown}; {said}.", document.values, ()
    )


def _grid(question: DeriveQuestion) -> Grid:
    """The components: a row for each function, or for each variable of a Hessian."""
    if question.what == "derivative":
        named = enumerate(question.functions)
        return [[_part(question, place, question.wrt) for place, _ in named]]
    if question.what == "hessian":
        return [[_part(question, 0, (first, second)) for second in question.wrt] for first in question.wrt]
    return [[_part(question, place, (symbol,)) for symbol in question.wrt] for place in range(len(question.functions))]


def _part(question: DeriveQuestion, place: int, wrt: Sequence[sp.Symbol]) -> Part:
    f = question.functions[place].expr
    return differentiated(f, wrt, question.domain, question.name_of(place), question.partial)


def shaped(what: str, grid: Grid, content: Callable[[Part], T]) -> list[T] | list[list[T]]:
    """A list for a gradient or several derivatives, nested lists for a matrix, of what `content` gives."""
    filled = [[content(part) for part in row] for row in grid]
    return filled[0] if what in ("gradient", "derivative") else filled


def _symbol(question: DeriveQuestion) -> str:
    """The sign of the whole: the gradient's nabla, J or H."""
    if question.what == "gradient":
        return rf"\nabla {question.name_of(0)}"
    if question.what == "hessian":
        return rf"\nabla^{{2}} {question.name_of(0)}"
    return rf"J_{{{question.name}}}"


def _show_result(document: Document, question: DeriveQuestion, grid: Grid) -> None:
    signature = ", ".join(tex(symbol) for symbol in question.symbols)
    for place, reading in enumerate(question.functions):
        head = f"{question.name_of(place)}({signature})"
        label = "What was understood" if place == 0 else ""
        document.add(Math(f"{head} = {reading.tex}", sp.sstr(reading.expr), label, role="reading"))
    if question.what == "derivative":
        for part in grid[0]:
            document.add(Math(f"{part.left} = {tex(part.simple)}", sp.sstr(part.simple), "Derivative", role="result"))
        text = "For all derivatives of all functions at once, ask for the Jacobian."
        document.add(Note(text, inputs={"what": "jacobian", "wrt": ""}, action="Show the Jacobian"))
    else:
        texts = shaped(question.what, grid, lambda part: tex(part.simple))
        opened = shaped(question.what, grid, lambda part: part.left)
        whole = f"{_symbol(question)} = {_set(opened)} = {_set(texts)}"
        plain = rows(shaped(question.what, grid, lambda part: sp.sstr(part.simple)))
        document.add(Math(whole, plain, TITLES[question.what], role="result"))
    free = {symbol for reading in question.functions for symbol in reading.expr.free_symbols}
    for symbol in dict.fromkeys(question.wrt):
        if symbol not in free:
            text = f"{quoted(symbol.name)} does not occur, so nothing changes with it."
            document.add(Note(text, tone="warning"))
            document.warn("variable-absent", text)


def _set(texts: list[str] | list[list[str]]) -> str:
    return matrix(texts) if texts and isinstance(texts[0], list) else column(texts)  # type: ignore[arg-type]


def _show_values(document: Document, question: DeriveQuestion, grid: Grid) -> AtPoint | None:
    parts = [part for row in grid for part in row]
    if question.what == "hessian" and not any(part.simple.free_symbols for part in parts) and not question.at:
        _show_definiteness(document, question, [[float(part.simple) for part in row] for row in grid], None)
    at = usable_point(document, question, question.symbols)
    if at is None:
        return None
    found = [
        [between_pieces(part, at) or value_of(document, part.simple, at, part.f, f"${part.left}$") for part in row]
        for row in grid
    ]
    numbers = [[value.number for value in row] for row in found]
    exact = [[number(v.exact) if v.exact is not None else r"\text{–}" for v in row] for row in found]
    decimal = [[f"{value:.12g}" if value is not None else "none" for value in row] for row in numbers]
    left = _symbol(question) if question.what != "derivative" else column([part.left for part in parts])
    if question.what in ("gradient", "derivative"):
        document.values["value"], whole, plain = numbers[0], column(exact[0]), rows(decimal[0])
    else:
        document.values["value"], whole, plain = numbers, matrix(exact), rows(decimal)
    document.add(Math(rf"\left.{left}\right|_{{{point(at)}}} = {whole}", plain, "Value", role="value"))
    complete = all(value is not None for row in numbers for value in row)
    if complete and question.what == "gradient":
        _show_steepest(document, [value.exact for value in found[0] if value.exact is not None])
    if complete and question.what == "hessian":
        _show_definiteness(document, question, numbers, at)
    places = [[f"value.{i}.{j}" for j in range(len(row))] for i, row in enumerate(numbers)]
    flat = [f"value.{j}" for j in range(len(numbers[0]))]
    names = flat if question.what in ("gradient", "derivative") else [name for row in places for name in row]
    return AtPoint(at, whole if complete else None, tuple(names))


def _show_steepest(document: Document, gradient: list[sp.Expr]) -> None:
    length = sp.sqrt(sum(entry**2 for entry in gradient))
    document.values["steepest"] = float(length)
    if length == 0:
        document.add(Prose("The gradient is zero here: the point is stationary."))
        return
    slope = decimals(float(length))
    document.add(Prose(f"The function rises most steeply along the gradient, with the slope ${slope}$."))
    unit = column([tex(sp.nsimplify(entry / length)) for entry in gradient])
    document.add(Math(unit, "", "Its direction, of length 1", role="value"))


def _steepest(document: Document) -> str:
    """How steep the function is at most, at the point."""
    slope = document.values.get("steepest")
    return f"the greatest slope, in this direction, is ${decimals(slope)}$" if slope else ""


def _show_definiteness(
    document: Document,
    question: DeriveQuestion,
    values: Sequence[Sequence[float | None]],
    at: dict[sp.Symbol, sp.Expr] | None,
) -> None:
    """What the eigenvalues of the Hessian say, and whether the point is a minimum, a maximum or a saddle."""
    eigenvalues = np.linalg.eigvalsh(np.array(values, dtype=float))
    word = word_of(signs_of([float(value) for value in eigenvalues]))
    shape = {"positive definite": "a minimum", "negative definite": "a maximum", "indefinite": "a saddle"}.get(word, "")
    document.values["definiteness"] = word
    listed = ", ".join(f"${decimals(float(value), 6)}$" for value in eigenvalues)
    where = "here" if at else "everywhere"
    text = f"The Hessian is {word} {where}; its eigenvalues are {listed}."
    if at:
        slopes = [differentiated(question.f, (symbol,), question.domain, "", True).simple for symbol in question.wrt]
        rest = [slope.subs(at, simultaneous=True) for slope in slopes]
        if all(slope.is_number and abs(slope.evalf(30)) < 1e-20 for slope in rest):
            text += (
                f" The gradient is zero here, so the point is {shape}."
                if shape
                else (" The gradient is zero here; the second derivatives leave open what the point is.")
            )
    document.add(Prose(text))


def _show_steps(document: Document, question: DeriveQuestion, grid: Grid) -> None:
    shown: list[Step] = []
    for i, row in enumerate(grid):
        for j, part in enumerate(row):
            if question.what == "hessian" and j < i:
                continue  # symmetric: it has been derived in the row above
            name = question.name_of(i if question.what == "jacobian" else j if question.what == "derivative" else 0)
            done = steps_of(part, name, question.partial, question.domain)
            shown.append(Step(f"Component ${part.left}$", f"{part.left} = {tex(part.simple)}", steps=done))
    document.values["steps"] = count(shown)
    document.add(Heading("Step by step", role="steps"), Steps(shown, detail=question.detail))


def _symmetry(question: DeriveQuestion, grid: Grid) -> Check:
    """Mixed derivatives in both orders, derived independently, against each other."""
    pairs = [(i, j) for i in range(len(grid)) for j in range(i)]
    verdicts = [equal(grid[i][j].simple, grid[j][i].simple, domain=question.domain) for i, j in pairs]
    names = ", ".join(operator(grid[i][j].wrt, True) for i, j in pairs[:1])
    claim = f"The Hessian is symmetric: ${names}$ is the same in both orders" + (
        f", and so are all {len(pairs)} mixed derivatives" if len(pairs) > 1 else ""
    )
    return equality_check(claim, worst_of(verdicts))
