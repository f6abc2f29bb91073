"""Equality, tested: of a rule tree's steps, and of two expressions.

A step D(f) = template is tested by numbers alone. D(f) and every D inside the template are central differences in
many digits, so a wrong rule cannot confirm itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sympy as sp

from nabla.calculus.contexts import DIGITS, MACHINE, precise
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.numeric import D, Evaluator, NoValue, Number
from nabla.calculus.pieces import vanishing_pieces
from nabla.calculus.points import Point, sample_points, serves
from nabla.calculus.rules import Derivation
from nabla.calculus.screen import suspects
from nabla.calculus.simplify import vanishes

FEWEST_POINTS = 3
BOUND = 1e-30
# Two expressions are compared without a difference quotient in between, so nearly all digits must agree.
BOUND_WITHOUT_QUOTIENT = 1e-55
# How many digits are tried before a difference is believed, or given up.
LADDER = (DIGITS, 2 * DIGITS, 4 * DIGITS, 8 * DIGITS)
# The share of the digits that rounding leaves, without and with difference quotients of the second order.
ROUNDING = {False: 0.9, True: 0.4}
# Decimal numbers have 15 digits; what is computed from them cannot agree in more.
BOUND_FOR_DECIMALS = 1e-12
# Values in double precision that agree so far agree.
CLOSE = 1e-9
# Points beyond the usual ones: beside corners, between them and far away.
STRADDLING = 48
BY_NUMBERS = f"by numbers, not proven: {DIGITS} digits at {{}} points, on both sides of every corner and pole found"

QUOTIENTS = (D, sp.Derivative, sp.Subs)

Outcome = Literal["passed", "failed", "unchecked"]
Stage = Literal["structure", "algebra", "points", "none"]


@dataclass(frozen=True)
class Checked:
    """The test of one step: the largest relative error over `points` points, and where it occurred."""

    verdict: Outcome
    error: float | None
    points: int
    bound: float
    where: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Checks:
    """The tests of a tree: of each of its steps, and of the whole, D(expr) = result at the root."""

    steps: Mapping[Derivation, Checked]
    whole: Checked


@dataclass(frozen=True)
class EqualityVerdict:
    """Whether two expressions are equal, and which stage of the comparison decided.

    `equal` is None when nothing could be decided. `differ_at` is a point where they differ, with `values` there;
    `agree_at` one where they agree all the same.
    """

    equal: bool | None
    decided_by: Stage
    method: str
    figure: float | None = None
    bound: float | None = None
    points: int = 0
    differ_at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    values: tuple[float, float] | None = None
    agree_at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)


def check_derivation(
    derivation: Derivation,
    near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (),
    count: int = 4,
    domain: Domain = EVERYWHERE,
) -> Checks:
    """Test every step of the tree, and what the whole of it gives, at points of the domain."""
    nodes = list(derivation.walk())
    points = sample_points(_sampled(derivation), derivation.symbols, near, count, domain)
    sites = [_Site(point, nodes) for point in points]
    steps = {node: _check_node(node, node.template, sites, domain) for node in nodes}
    return Checks(steps, _check_node(derivation, derivation.result, sites, domain))


class _Site:
    """A point, and the numbers there with as many digits as asked for; every u of a chain has the value of its g."""

    def __init__(self, point: Point, nodes: Iterable[Derivation] = ()) -> None:
        self.point = point
        self._bindings = [binding for node in nodes for binding in node.bindings]
        self._evaluators: dict[int, Evaluator] = {}

    def evaluator(self, digits: int) -> Evaluator:
        if digits not in self._evaluators:
            evaluator = self._evaluators[digits] = Evaluator(precise(digits), self.point)
            for name, inner in self._bindings:
                try:
                    evaluator.let(name, evaluator(inner))
                except NoValue:
                    continue  # the steps in this u have no value here either
        return self._evaluators[digits]

    def sides(self, left: sp.Expr, right: sp.Expr, bound: float) -> tuple[float, Number, Number] | None:
        """The relative error of left = right and both values, or None where one has none, or not enough digits.

        A difference is believed when it is above the rounding of the largest number met, and stays as the digits
        double: the step of a difference quotient may be too long for tan(10^30 x), and shrinks then.
        """
        quotient = left.has(*QUOTIENTS) or right.has(*QUOTIENTS)
        before, lost = None, 0
        for digits in LADDER:
            evaluator = self.evaluator(digits)
            try:
                a, b = evaluator(left), evaluator(right)
                evaluator.refuse_corners()
            except NoValue:
                return None
            error, gap = _relative(a, b), abs(a - b)
            if error < bound:
                return error, a, b
            known = gap > evaluator.largest * evaluator.context.mpf(10) ** -round(digits * ROUNDING[quotient])
            if known and before is not None and gap > before / 2:
                return error, a, b
            before, lost = (gap, lost) if known else (None, lost + 1)
            if lost == 2 and not quotient and (a == 0 or b == 0):
                return 0.0, a, b  # the one is 0, and so is the other but for rounding
        return None


def _sampled(node: Derivation) -> list[sp.Expr]:
    """What must have values at the points, without the names of parts."""
    return [node.expr, node.result.subs(dict(node.bindings))]


def _check_node(node: Derivation, claimed: sp.Expr, sites: Sequence[_Site], domain: Domain) -> Checked:
    bound = _bound(node.left)
    if node.rule == "unknown":
        return Checked("unchecked", None, 0, bound)
    errors = _errors(node, claimed, sites)
    if len(errors) < FEWEST_POINTS:
        points = sample_points(_sampled(node), node.symbols, domain=domain)
        errors = _errors(node, claimed, [_Site(point, node.walk()) for point in points])
    if len(errors) < FEWEST_POINTS:
        return Checked("unchecked", None, len(errors), bound)
    worst, where = max(errors, key=lambda pair: pair[0])
    return Checked("passed" if worst < bound else "failed", worst, len(errors), bound, where)


def _errors(node: Derivation, claimed: sp.Expr, sites: Iterable[_Site]) -> list[tuple[float, Point]]:
    """The relative error of D(expr) = claimed at each point where both sides have values."""
    tried = [(site.sides(node.left, claimed, BOUND), site.point) for site in sites]
    return [(found[0], point) for found, point in tried if found]


def _bound(*exprs: sp.Expr) -> float:
    if any(expr.has(sp.Float) for expr in exprs):
        return BOUND_FOR_DECIMALS
    quotient = any(expr.has(*QUOTIENTS) for expr in exprs)
    return BOUND if quotient else BOUND_WITHOUT_QUOTIENT


def _relative(left: Number, right: Number) -> float:
    scale = max(abs(left), abs(right))
    return float(abs(left - right) / scale) if scale else 0.0


def equal(
    a: sp.Expr,
    b: sp.Expr,
    symbols: Iterable[sp.Symbol] = (),
    near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (),
    count: int = 8,
    within: Sequence[sp.Expr] = (),
    domain: Domain = EVERYWHERE,
) -> EqualityVerdict:
    """Whether `a` = `b` wherever both are real: the same tree, else by points, and proven where algebra reaches it.

    With a `domain`, wherever both are real inside it.

    Only points count at which the expressions `within` are real too, such as the function whose derivative is meant.

    Points are tried before algebra because they refute at once; when they agree, a bounded simplification of the
    difference, as a whole or between its corners, may still turn the agreement into a proof.
    """
    if a == b:
        return EqualityVerdict(True, "structure", "both are the same expression")
    gap = a - b
    names = sorted(a.free_symbols | b.free_symbols | set(symbols), key=lambda symbol: symbol.name)
    bound = _bound(a, b)
    errors = []
    points = list(_points(a, b, names, near, count, within, domain))
    for point in points:
        found = _Site(point).sides(a, b, bound)
        if found:
            errors.append(found[0])
            if found[0] >= bound:
                values = float(found[1]), float(found[2])
                least = abs(values[0] - values[1]) / 2
                agree = next((p for p in points if _agree_roughly(a, b, p, least)), {})
                method = "they differ at a point"
                return EqualityVerdict(False, "points", method, found[0], bound, len(errors), point, values, agree)
    if gap.is_Rational and gap != 0:  # smaller than the digits show
        return EqualityVerdict(False, "algebra", "their difference is a number", abs(float(gap)))
    if vanishes(domain.decided(gap)):
        return EqualityVerdict(True, "algebra", "their difference simplifies to 0", 0.0, None, len(errors))
    pieces = vanishing_pieces(domain.decided(gap))
    if pieces:
        method = f"their difference simplifies to 0 on each of {pieces} pieces"
        return EqualityVerdict(True, "algebra", method, 0.0, None, len(errors))
    if len(errors) < (FEWEST_POINTS if names else 1):
        return EqualityVerdict(None, "none", "too few points were found where both have real values")
    return EqualityVerdict(True, "points", BY_NUMBERS.format(len(errors)), max(errors), bound, len(errors))


def _agree_roughly(a: sp.Expr, b: sp.Expr, point: Point, least: float) -> bool:
    """Whether both have the same value at the point in double precision.

    A difference of `least` is one, however large the values: 10 x - 14 and 10 x - 16 agree nowhere.
    """
    evaluator = Evaluator(MACHINE, point)
    try:
        left, right = evaluator(a), evaluator(b)
    except NoValue:
        return False
    return _relative(left, right) < CLOSE and abs(left - right) < least


def _points(
    a: sp.Expr,
    b: sp.Expr,
    names: Sequence[sp.Symbol],
    near: Sequence[Mapping[sp.Symbol, sp.Expr]],
    count: int,
    within: Sequence[sp.Expr],
    domain: Domain,
) -> Iterator[Point]:
    """Points of the domain where both are real; those first where double precision sees a difference."""
    exprs = [a, b, *within]
    points = sample_points(exprs, names, near, count, domain, STRADDLING)
    yield from points[:1]
    if points and not near:
        yield from (point for point in suspects(a, b, names, points[0]) if serves(exprs, point, domain))
    yield from points[1:]
