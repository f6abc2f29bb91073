"""Equality, tested: of a rule tree's steps, and of two expressions.

A step D(f) = template is tested by numbers alone. D(f) and every D inside the template are central differences in
many digits, so a wrong rule cannot confirm itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sympy as sp

from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.numeric import DIGITS, D, Evaluator, NoValue, Number, precise
from nabla.calculus.points import Point, sample_points
from nabla.calculus.rules import Derivation
from nabla.calculus.simplify import vanishes

FEWEST_POINTS = 3
BOUND = 1e-30
# Two expressions are compared without a difference quotient in between, so nearly all digits must agree.
BOUND_WITHOUT_QUOTIENT = 1e-55
# Rounding in 70 digits stays below this, beside the largest number met, even after a difference quotient.
ROUNDING = 1e-20
# With twice the digits, a difference quotient knows nothing below this.
NOTHING = 1e-75
# Decimal numbers have 15 digits; what is computed from them cannot agree in more.
BOUND_FOR_DECIMALS = 1e-12

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
class Verdict:
    """Whether two expressions are equal, and which stage of the comparison decided.

    `equal` is None when nothing could be decided. `differ_at` is a point where they differ, with `values` there.
    """

    equal: bool | None
    decided_by: Stage
    method: str
    figure: float | None = None
    bound: float | None = None
    points: int = 0
    differ_at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    values: tuple[float, float] | None = None


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
        """The relative error of left = right and both values, or None where one has none.

        Where they might be equal but for rounding, they are computed again with twice the digits: what is only
        rounding then all but vanishes, and what differs stays.
        """
        try:
            evaluator = self.evaluator(DIGITS)
            a, b = evaluator(left), evaluator(right)
            error = _relative(a, b)
            if error >= bound and abs(a - b) < ROUNDING * max(1, evaluator.largest):
                again = self.evaluator(2 * DIGITS)
                c, d = again(left), again(right)
                error = _relative(c, d, abs(a - b))
                if error >= bound and abs(c - d) < NOTHING * max(1, again.largest):
                    return None  # both are lost in the rounding of what is added up: the point says nothing
        except NoValue:
            return None
        return error, a, b


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
    quotient = any(expr.has(D, sp.Derivative, sp.Subs) for expr in exprs)
    return BOUND if quotient else BOUND_WITHOUT_QUOTIENT


def _relative(left: Number, right: Number, floor: Number = 0) -> float:
    scale = max(abs(left), abs(right), floor)
    return float(abs(left - right) / scale) if scale else 0.0


def equal(
    a: sp.Expr,
    b: sp.Expr,
    symbols: Iterable[sp.Symbol] = (),
    near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (),
    count: int = 8,
    within: Sequence[sp.Expr] = (),
    domain: Domain = EVERYWHERE,
) -> Verdict:
    """Whether `a` = `b` wherever both are real: the same tree, else by points, and proven where algebra reaches it.

    With a `domain`, wherever both are real inside it.

    Only points count at which the expressions `within` are real too, such as the function whose derivative is meant.

    Points are tried before algebra because they refute at once; when they agree, a bounded simplification of the
    difference may still turn the agreement into a proof.
    """
    if a == b:
        return Verdict(True, "structure", "both are the same expression")
    names = a.free_symbols | b.free_symbols | set(symbols)
    bound = _bound(a, b)
    errors = []
    for point in sample_points([a, b, *within], names, near, count, domain):
        found = _Site(point).sides(a, b, bound)
        if found:
            errors.append(found[0])
            if found[0] >= bound:
                values = float(found[1]), float(found[2])
                return Verdict(False, "points", "they differ at a point", found[0], bound, len(errors), point, values)
    if vanishes(domain.decided(a - b)):
        return Verdict(True, "algebra", "their difference simplifies to 0", 0.0, None, len(errors))
    if len(errors) < (FEWEST_POINTS if names else 1):
        return Verdict(None, "none", "too few points were found where both have real values")
    method = f"both computed with {DIGITS} digits at {len(errors)} points"
    return Verdict(True, "points", method, max(errors), bound, len(errors))
