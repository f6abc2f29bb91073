"""The tests of a derivative by matrices: each step, the result, and gradients through it, by difference quotients."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.answer.document import Check
from nabla.calculus.matrices.nodes import M
from nabla.calculus.matrices.numeric import apart, directional, evaluate, quotients
from nabla.calculus.matrices.rules import substituted
from nabla.labs.derive.answering import measured
from nabla.labs.derive.matrix.asking import MatrixPoint, MatrixQuestion, derivative_array

BOUND = 1e-6
# The letter for the gradient of a loss by the function, where one is carried through it.
WEIGHT = "G"


def step_check(node: M, linear: M, asked: MatrixQuestion, points: Sequence[MatrixPoint]) -> Check:
    """Whether the differential of a part is what its rule says, along a random direction of the variable."""
    figures = [_step(node, linear, asked, point) for point in points]
    return _measured("Both sides agree", "difference quotients along a random direction", figures)


def _step(node: M, linear: M, asked: MatrixQuestion, point: MatrixPoint) -> float:
    direction = point.direction(asked.x)
    values = dict(point.values)

    def named(part: M) -> M:
        """A letter for the differential of a part, its value the difference quotient of the part."""
        name = f"d{len(values)}"
        values[name] = directional(part, asked.x, point.values, point.sizes, direction)
        return M("symbol", (), part.shape, name)

    right = evaluate(substituted(linear, named), values, point.sizes)
    return apart(directional(node, asked.x, point.values, point.sizes, direction), right)


def result_check(asked: MatrixQuestion, found: M, points: Sequence[MatrixPoint]) -> Check:
    """Whether every entry of the result is a difference quotient of the formula itself."""
    figures = [apart(evaluate(found, point.values, point.sizes), derivative_array(asked, point)) for point in points]
    method = f"every entry by central differences of the formula itself, with {len(points)} sets of random matrices"
    return _measured("The derivative is that of difference quotients", method, figures)


def weighted_check(asked: MatrixQuestion, found: M, points: Sequence[MatrixPoint]) -> Check:
    """Whether a random gradient G by the function is carried to the variable as difference quotients say."""
    figures = []
    for point in points:
        slopes = quotients(asked.f, asked.x, point.values, point.sizes)
        weight = point.like(asked.f)
        expected = (slopes * weight[:, :, None, None]).sum(axis=(0, 1))
        figures.append(apart(evaluate(found, {**point.values, WEIGHT: weight}, point.sizes), expected))
    method = f"central differences of the formula, weighted with a random G, with {len(points)} sets of random matrices"
    return _measured("The gradient through f is that of difference quotients", method, figures)


def _measured(claim: str, method: str, figures: Sequence[float]) -> Check:
    return measured(claim, method, max(figures) if figures else None, BOUND, "differences")
