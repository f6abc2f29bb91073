"""Equality, tested: of a rule tree's steps, and of two expressions.

A step D(f) = template is tested by numbers alone. D(f) and every D inside the template are central differences in
many digits, so a wrong rule cannot confirm itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sympy as sp

from nabla.calculus.numeric import DIGITS, Evaluator, NoValue, Number, precise
from nabla.calculus.points import Point, sample_points
from nabla.calculus.rules import Derivation
from nabla.calculus.simplify import vanishes

FEWEST_POINTS = 3
BOUND = 1e-30
# Decimal numbers have 15 digits; what is computed from them cannot agree in more.
BOUND_FOR_DECIMALS = 1e-12

Outcome = Literal["passed", "failed", "unchecked"]
Rung = Literal["structure", "algebra", "points", "none"]


@dataclass(frozen=True)
class Checked:
    """What came of testing one step: the worst relative error over so many points, and where it was found."""

    verdict: Outcome
    error: float | None
    points: int
    bound: float
    where: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """Whether two expressions are equal, and which rung of the ladder decided.

    `equal` is None when nothing could be decided. `differ_at` is a point where they differ, with `values` there.
    """

    equal: bool | None
    rung: Rung
    method: str
    figure: float | None = None
    bound: float | None = None
    points: int = 0
    differ_at: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    values: tuple[float, float] | None = None


def check_derivation(
    derivation: Derivation, near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (), count: int = 4
) -> dict[Derivation, Checked]:
    """Test every step of the tree at points of the domain; keyed by the nodes."""
    nodes = list(derivation.walk())
    points = sample_points([derivation.expr, derivation.result], _symbols(derivation), near, count)
    evaluators = [_evaluator(nodes, point) for point in points]
    return {node: _check_node(node, evaluators) for node in nodes}


def _symbols(node: Derivation) -> set[sp.Symbol]:
    return {*node.expr.free_symbols, node.var}


def _evaluator(nodes: Iterable[Derivation], point: Mapping[sp.Symbol, sp.Expr]) -> Evaluator:
    """The numbers at a point, with a value for every u that names an inner function."""
    evaluator = Evaluator(precise(), point)
    for node in nodes:
        for name, inner in node.bindings:
            try:
                evaluator.let(name, evaluator(inner))
            except NoValue:
                continue
    return evaluator


def _check_node(node: Derivation, evaluators: Sequence[Evaluator]) -> Checked:
    bound = BOUND_FOR_DECIMALS if node.expr.has(sp.Float) else BOUND
    if node.rule == "unknown":
        return Checked("unchecked", None, 0, bound)
    errors = _errors(node, evaluators)
    if len(errors) < FEWEST_POINTS:
        points = sample_points([node.expr, node.result], _symbols(node))
        errors = _errors(node, [_evaluator(node.walk(), point) for point in points])
    if len(errors) < FEWEST_POINTS:
        return Checked("unchecked", None, len(errors), bound)
    worst, where = max(errors, key=lambda pair: pair[0])
    return Checked("passed" if worst < bound else "failed", worst, len(errors), bound, where)


def _errors(node: Derivation, evaluators: Iterable[Evaluator]) -> list[tuple[float, Mapping[sp.Symbol, sp.Expr]]]:
    """The relative error of the step at each point where both sides have values."""
    errors: list[tuple[float, Mapping[sp.Symbol, sp.Expr]]] = []
    for evaluator in evaluators:
        if node.var not in evaluator.point:
            continue
        try:
            left, right = evaluator.slope(node.expr, node.var), evaluator(node.template)
            size = evaluator(node.expr)
        except NoValue:
            continue
        # Where the slope is next to nothing beside the function itself, rounding is measured against the function.
        errors.append((_relative(left, right, abs(size) / 10**8), {node.var: sp.Float(str(evaluator.point[node.var]))}))
    return errors


def _relative(left: Number, right: Number, floor: Number = 0) -> float:
    scale = max(abs(left), abs(right), floor)
    return float(abs(left - right) / scale) if scale else 0.0


def equal(
    a: sp.Expr,
    b: sp.Expr,
    symbols: Iterable[sp.Symbol] = (),
    near: Sequence[Mapping[sp.Symbol, sp.Expr]] = (),
    count: int = 8,
    prove: bool = True,
) -> Verdict:
    """Whether `a` = `b` wherever both are real: the same tree, else by points, and proven where algebra reaches it.

    Points are tried before algebra because they refute at once; when they agree, a bounded simplification of the
    difference may still turn the agreement into a proof, where `prove` asks for it.
    """
    if a == b:
        return Verdict(True, "structure", "both are the same expression")
    names = a.free_symbols | b.free_symbols | set(symbols)
    bound = BOUND_FOR_DECIMALS if a.has(sp.Float) or b.has(sp.Float) else BOUND
    errors = _differences(a, b, sample_points([a, b], names, near, count))
    if errors:
        worst, where, values = max(errors, key=lambda error: error[0])
        if worst >= bound:
            return Verdict(False, "points", "they differ at a point", worst, bound, len(errors), where, values)
    if prove and vanishes(a - b):
        return Verdict(True, "algebra", "their difference simplifies to 0", 0.0, None, len(errors))
    if len(errors) < (FEWEST_POINTS if names else 1):
        return Verdict(None, "none", "too few points were found where both have real values")
    digits = int(-sp.log(bound, 10).evalf()) if bound else DIGITS
    method = f"both computed with {DIGITS} digits at {len(errors)} points; they agree in at least {digits}"
    return Verdict(True, "points", method, worst, bound, len(errors))


def _differences(
    a: sp.Expr, b: sp.Expr, points: Iterable[Point]
) -> list[tuple[float, Mapping[sp.Symbol, sp.Expr], tuple[float, float]]]:
    found: list[tuple[float, Mapping[sp.Symbol, sp.Expr], tuple[float, float]]] = []
    for point in points:
        evaluator = Evaluator(precise(), point)
        try:
            left, right = evaluator(a), evaluator(b)
        except NoValue:
            continue
        found.append((_relative(left, right), point, (float(left), float(right))))
    return found
