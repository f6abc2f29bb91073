"""Roots one step at a time, in the textbook form of each method, with the slips that are made.

R. L. Burden, J. D. Faires, Numerical Analysis (2011), chapters 2 and 10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nabla.optimise.by_hand.kinds import ByHand, ByHandTask, Iterate, NoStep, Step, StepSlip, solved
from nabla.optimise.problem import Floats


def _newton_root(task: ByHandTask, s: Iterate) -> Iterate:
    f, j = task.values(s.x), task.jacobian(s.x)
    what = "the derivative is 0" if len(s.x) == 1 else "the Jacobian is singular"
    return s.then(s.x - solved(j, f, what), f=f, slope=j.ravel())


def _by_slopes(change: Callable[[Floats, Floats, Floats], Floats]) -> Step:
    """A step of one variable from f, f' and f'' there."""

    def step(task: ByHandTask, s: Iterate) -> Iterate:
        if len(s.x) > 1:
            raise NoStep("there are several variables")
        return s.then(s.x + change(task.values(s.x), task.jacobian(s.x)[:, 0], task.h(s.x)[0]))

    return step


def _from_first_slope(task: ByHandTask, s: Iterate) -> Iterate:
    if len(s.x) > 1:
        raise NoStep("there are several variables")
    first_slope = s.memory[0] if s.memory else task.g(s.x)
    return replace(s.then(s.x - task.f(s.x) / first_slope), memory=(first_slope,))


def _secant(task: ByHandTask, s: Iterate) -> Iterate:
    before = s.memory[0]
    f, f_before = task.f(s.x), task.f(before)
    if f == f_before:
        raise NoStep("the function is the same at both points, so that the chord is level,")
    return s.then(s.x - f * (s.x - before) / (f - f_before), s.x, f=f, f_before=f_before)


def _secant_turned(task: ByHandTask, s: Iterate) -> Iterate:
    f, f_before = task.f(s.x), task.f(s.memory[0])
    return s.then(s.x + f * (s.x - s.memory[0]) / (f - f_before), s.x)


def _secant_from_old(task: ByHandTask, s: Iterate) -> Iterate:
    f, f_before = task.f(s.x), task.f(s.memory[0])
    return s.then(s.memory[0] - f * (s.x - s.memory[0]) / (f - f_before), s.x)


def _halves(point: Callable[[float, float, float, float], float], wrong: bool = False) -> Step:
    """A step that parts the interval at a point of it, of its ends and the values there, and keeps the half in which
    the sign changes; `wrong` keeps the other half.
    """

    def step(task: ByHandTask, s: Iterate) -> Iterate:
        a, b = (float(v) for v in s.memory[0])
        fa, fb = task.f(np.array([a])), task.f(np.array([b]))
        if not fa * fb < 0:
            raise NoStep("the function has no change of sign on the interval, so that a half cannot be chosen,")
        c = point(a, b, fa, fb)
        fc = task.f(np.array([c]))
        kept = (a, c) if (fa * fc <= 0) is not wrong else (c, b)
        return s.then(np.array([c]), np.array(kept), interval=np.array([a, b]), f=fc)

    return step


def _middle(a: float, b: float, fa: float, fb: float) -> float:
    return (a + b) / 2


def _chord(a: float, b: float, fa: float, fb: float) -> float:
    return (a * fb - b * fa) / (fb - fa)


def _fixed_point(task: ByHandTask, s: Iterate) -> Iterate:
    return s.then(task.values(s.x))


def _variant(kind: str, text: str, change: Callable[[Floats, Floats, Floats], Floats]) -> StepSlip:
    return StepSlip(kind, text, _by_slopes(change))


def _bracketing(title: str, rule: str, point: Callable[[float, float, float, float], float], part: str) -> ByHand:
    """A method that parts an interval with a change of sign at a point of it; `part` is what it keeps."""
    kept = f"The other {part} was kept: the sign changes in the {part} that was left."
    slip = StepSlip("sign", kept, _halves(point, wrong=True))
    return ByHand(title, rule, _halves(point), frozenset(["interval"]), root=True, slips=(slip,))


ROOTS: dict[str, ByHand] = {
    "newton-root": ByHand(
        "Newton's method",
        r"x_{k+1} = x_k - \frac{f(x_k)}{f'(x_k)}",
        _newton_root,
        frozenset(["gradient"]),
        root=True,
        slips=(
            _variant("sign", "The quotient f/f' is added; it has to be subtracted.", lambda f, g, h: f / g),
            _variant("wrong-slope", "The quotient is upside down: f'/f in the place of f/f'.", lambda f, g, h: -g / f),
            _variant("missing-derivative", "The division by f' is missing.", lambda f, g, h: -f),
            _variant(
                "wrong-slope", "That is f'/f'', the step to an extremum; a root takes f/f'.", lambda f, g, h: -g / h
            ),
            StepSlip(
                "update-before-use",
                "The derivative of the first point is used again; it is needed at each point.",
                _from_first_slope,
            ),
        ),
    ),
    "secant": ByHand(
        "The secant method",
        r"x_{k+1} = x_k - f(x_k)\,\frac{x_k - x_{k-1}}{f(x_k) - f(x_{k-1})}",
        _secant,
        frozenset(["pair"]),
        root=True,
        slips=(
            StepSlip("sign", "The step is added; it has to be subtracted.", _secant_turned),
            StepSlip(
                "wrong-variable",
                "The step is taken from the older point; it belongs to the newer one.",
                _secant_from_old,
            ),
        ),
    ),
    "bisection": _bracketing("Bisection", r"c = \frac{a + b}{2}", _middle, "half"),
    "regula-falsi": _bracketing("Regula falsi", r"c = \frac{a\,f(b) - b\,f(a)}{f(b) - f(a)}", _chord, "part"),
    "fixed-point": ByHand("Fixed-point iteration", r"x_{k+1} = g(x_k)", _fixed_point, root=True),
}
