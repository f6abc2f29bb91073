"""derive: the determinant of a square matrix of derivatives, and whether a symmetric one is definite."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import prod

import sympy as sp

from nabla.answer.document import Check, Document, Heading, Math, Prose, Step, Steps
from nabla.calculus.contexts import precise
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.equality import equal
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.points import sample_points
from nabla.lab import Inputs
from nabla.labs.derive.answering import measured, refuse
from nabla.labs.derive.matrices import matrix
from nabla.labs.derive.parts import shortest
from nabla.read.fields.assignments import read_assignments
from nabla.read.formula import read_formula
from nabla.write.derivation import equality_check
from nabla.write.notation import decimals, number, point, tex
from nabla.write.sentence import sentence

Grid = Sequence[Sequence[sp.Expr]]
MOST = 4  # rows
# Eigenvalues below this, beside the largest, count as zero.
ZERO = 1e-12
BOUND = 1e-12  # of doubles that are multiplied, over the size of their product
WORDS = {
    frozenset({1}): "positive definite",
    frozenset({-1}): "negative definite",
    frozenset({1, 0}): "positive semidefinite",
    frozenset({-1, 0}): "negative semidefinite",
    frozenset({0}): "zero",
}


def signs_of(eigenvalues: Sequence[float]) -> frozenset[int]:
    """The signs of eigenvalues, 1, -1, and 0 for those that are only rounding."""
    small = ZERO * max(1.0, *(abs(value) for value in eigenvalues))
    return frozenset(0 if abs(value) <= small else 1 if value > 0 else -1 for value in eigenvalues)


def word_of(signs: frozenset[int]) -> str:
    """What a symmetric matrix is by the signs of its eigenvalues."""
    return "indefinite" if {1, -1} <= signs else WORDS[signs]


def show_determinant(document: Document, entries: Grid, at: dict[sp.Symbol, sp.Expr] | None, left: str) -> str:
    """The determinant of a square matrix as a result, at the point too; what the sentence says of it."""
    whole = sp.Matrix(entries)
    found = shortest(sp.simplify(whole.det()), EVERYWHERE)
    document.values["determinant"] = sp.sstr(found)
    shown = rf"\det {left} = {tex(found)}"
    document.add(Math(shown, sp.sstr(found), "Determinant", role="result"))
    document.add(_as_expanded(whole, found))
    if not at:
        return f"${shown}$"
    value = found.subs(at, simultaneous=True)
    if not value.is_number or not value.is_finite:
        return f"${shown}$"
    document.values["value"] = float(value)
    document.add(
        Math(rf"\left.\det {left}\right|_{{{point(at)}}} = {number(value)}", sp.sstr(value), "Value", role="value")
    )
    return f"${shown} = {number(value)}$ at ${point(at)}$" if found.free_symbols else f"${shown}$"


def _as_expanded(whole: sp.Matrix, found: sp.Expr) -> Check:
    """The determinant against the sum over permutations, which shares no elimination with it."""
    size = whole.rows
    total = sp.Add(*(
        sp.LeviCivita(*order) * sp.Mul(*(whole[i, j] for i, j in enumerate(order)))
        for order in permutations(range(size))
    ))  # fmt: skip
    return equality_check("The determinant is the sum over all permutations", equal(found, total))


def minors(whole: sp.Matrix) -> list[sp.Expr]:
    """The leading principal minors, simplified."""
    return [shortest(sp.simplify(whole[:k, :k].det()), EVERYWHERE) for k in range(1, whole.rows + 1)]


def show_definite(document: Document, whole: sp.Matrix, held: Sequence[sp.Expr], domain: Domain) -> str:
    """Whether a symmetric matrix is definite, by Sylvester's criterion and eigenvalues; what the sentence says.

    `held` are its leading principal minors.
    """
    listed = r",\quad ".join(rf"\Delta_{{{k}}} = {tex(minor)}" for k, minor in enumerate(held, 1))
    document.values["minors"] = [sp.sstr(minor) for minor in held]
    document.add(Math(listed, str(document.values["minors"]), "Leading minors (Sylvester)", role="result"))
    seen = _seen(whole, domain)
    if not whole.free_symbols:
        word = word_of(seen[0]) if seen else ""
        document.values["definiteness"] = word
        eigenvalues = [float(value) for value in _eigenvalues(whole, {})]
        text = ", ".join(f"${decimals(value, 6)}$" for value in eigenvalues)
        document.values["eigenvalues"] = eigenvalues
        document.add(Prose(f"Its eigenvalues are {text}."))
        return f"it is {word}: its eigenvalues are {text}"
    signs = [domain.sign(minor, True) or _known_sign(minor) for minor in held]
    places = f"at {len(seen)} points that were tried"
    if all(sign > 0 for sign in signs):
        word = "positive definite"
    elif all(sign == (-1) ** k for k, sign in enumerate(signs, 1)):
        word = "negative definite"
    else:
        words = sorted({word_of(signs) for signs in seen})
        for semi in ("positive", "negative"):
            if set(words) == {f"{semi} definite", f"{semi} semidefinite"}:
                document.values["definiteness"] = f"{semi} semidefinite"
                return f"it is {semi} semidefinite {places}, and definite at most of them"
        document.values["definiteness"] = words[0] if len(words) == 1 else "depends on the point"
        if len(words) > 1:
            return f"whether it is definite depends on the point: it is positive definite where {_all_positive(held)}"
        return f"it is {words[0]} {places}" if words else "whether it is definite is left open"
    document.values["definiteness"] = word
    return f"it is {word} everywhere: the leading minors are ${listed}$"


def _all_positive(held: Sequence[sp.Expr]) -> str:
    open_ = [f"${tex(minor)} > 0$" for minor in held if _known_sign(minor) <= 0]
    return " and ".join(dict.fromkeys(open_))


def _known_sign(expr: sp.Expr) -> int:
    return 1 if expr.is_positive else -1 if expr.is_negative else 0


def _eigenvalues(whole: sp.Matrix, at: dict[sp.Symbol, sp.Expr]) -> list[sp.Float]:
    """The eigenvalues at a point, as the real roots that the characteristic polynomial of a symmetric matrix has."""
    here = Evaluator(precise(), at)
    rows = [
        [sp.Float(str(here(entry)), 40) if entry.free_symbols else entry for entry in row] for row in whole.tolist()
    ]
    context = precise(60)
    found = context.eigsy(context.matrix([[context.mpf(str(sp.N(entry, 40))) for entry in row] for row in rows]), True)
    return sorted(found, key=float)


def _seen(whole: sp.Matrix, domain: Domain) -> list[frozenset[int]]:
    """The signs of the eigenvalues at points of the domain."""
    symbols = sorted(whole.free_symbols, key=str)
    points = sample_points(list(whole), symbols, domain=domain) if symbols else [{}]
    seen = []
    for at in points:
        try:
            values = [float(value) for value in _eigenvalues(whole, dict(at))]
        except NoValue:
            continue
        seen.append(signs_of(values))
    return seen


def read_square(text: str) -> list[list[sp.Expr]] | None:
    """The entries of a square matrix typed as rows, `[[2, -1], [-1, 2]]` or `2, -1; -1, 2`; None for anything else."""
    bare = text.strip()
    rows = bare.removeprefix("[").removesuffix("]").replace("],", "];").split(";")
    entries = [[entry.strip() for entry in row.strip().strip("[]").split(",")] for row in rows]
    if not 2 <= len(entries) <= MOST or any(len(row) != len(entries) or not all(row) for row in entries):
        return None
    return [[read_formula(entry).expr for entry in row] for row in entries]


def of_square(inputs: Inputs, document: Document, entries: list[list[sp.Expr]]) -> None:
    """A matrix of numbers or formulas by itself: its determinant, or whether it is definite."""
    whole = sp.Matrix(entries)
    at = inputs.read("at", read_assignments) if inputs["at"].strip() else {}
    whole = whole.subs(at)
    shown = matrix([[tex(entry) for entry in row] for row in whole.tolist()])
    document.title = f"The matrix ${shown}$"
    document.values["reading"] = str(whole.tolist())
    document.add(Math(f"A = {shown}", str(whole.tolist()), "What was understood", role="reading"))
    asks, held = inputs.choice("what"), minors(whole)
    if asks == "definite" and whole != whole.T:
        raise refuse(inputs, "f", "Definite is said of a symmetric matrix; this one is not.", "Take (A + Aᵀ)/2.")
    if asks == "definite":
        said = show_definite(document, whole, held, EVERYWHERE).replace("it is", f"${shown}$ is", 1)
    else:
        said = show_determinant(document, whole.tolist(), None, "A")
    document.answer = sentence(f"{said}.", document.values, ())
    document.add(Heading("Step by step", role="steps"))
    terms = [
        Step(f"The leading minor of size {k}", rf"\Delta_{{{k}}} = {tex(minor)}") for k, minor in enumerate(held, 1)
    ]
    document.add(Steps(terms, detail="normal"))
    if asks == "definite":
        document.add(Heading("Checked", role="checks"))
        document.add(_as_expanded(whole, held[-1]) if whole.free_symbols else _as_product(whole))


def _as_product(whole: sp.Matrix) -> Check:
    """The eigenvalues of a matrix of numbers, multiplied, beside its determinant."""
    values = [float(value) for value in _eigenvalues(whole, {})]
    figure = abs(prod(values) - float(whole.det())) / prod(max(1.0, abs(value)) for value in values)
    return measured("The product of the eigenvalues is the determinant", "by elimination", figure, BOUND, "algebra")
