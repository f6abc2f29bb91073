"""The methods by name, and one run of one of them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nabla.optimise import first_order, newton, quasi_newton, simplex
from nabla.optimise.first_order import Reason, Settings
from nabla.optimise.problem import Floats, Oracle, Problem, Stop

MOST_EVALUATIONS = 200_000


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its name, its words, how many derivatives it asks for, and whether it takes the rate as it is."""

    name: str
    title: str
    run: Callable[[Oracle, Floats, Settings], Reason]
    order: int
    fixed: bool = False
    rate: float = 0.0  # its own rate where none is given; 0: one over the curvature at the start
    bounds: bool = True


METHODS: dict[str, Method] = {
    m.name: m
    for m in (
        Method("gradient-descent", "gradient descent", first_order.gradient_descent, 1, True),
        Method("backtracking", "gradient descent, backtracking", first_order.backtracking, 1, rate=1.0),
        Method("heavy-ball", "heavy ball", first_order.heavy_ball, 1, True),
        Method("nesterov", "Nesterov", first_order.nesterov, 1, True),
        Method("adagrad", "AdaGrad", first_order.adagrad, 1, True, 0.5),
        Method("rmsprop", "RMSProp", first_order.rmsprop, 1, True, 0.01),
        Method("adam", "Adam", first_order.adam, 1, True, 0.1),
        Method("adamw", "AdamW", first_order.adamw, 1, True, 0.1),
        Method("cg", "nonlinear CG", quasi_newton.cg, 1),
        Method("newton", "Newton", newton.newton, 2, bounds=False),
        Method("damped-newton", "damped Newton", newton.damped_newton, 2),
        Method("newton-cg", "Newton-CG", newton.newton_cg, 2),
        Method("trust-region", "trust region", newton.trust_region, 2),
        Method("bfgs", "BFGS", quasi_newton.bfgs, 1),
        Method("l-bfgs", "L-BFGS", quasi_newton.l_bfgs, 1),
        Method("nelder-mead", "Nelder-Mead", simplex.nelder_mead, 0),
        Method("levenberg-marquardt", "Levenberg-Marquardt", newton.levenberg_marquardt, 1),
        Method("coordinate-descent", "coordinate descent", first_order.coordinate_descent, 2),
    )
}
_ALSO = {
    "gd": "gradient-descent", "sgd": "gradient-descent", "momentum": "heavy-ball", "nag": "nesterov",
    "gdbacktracking": "backtracking", "gradientdescentbacktracking": "backtracking", "linesearch": "backtracking",
    "conjugategradient": "cg", "nonlinearcg": "cg", "ncg": "newton-cg", "trust": "trust-region",
    "trustexact": "trust-region", "trustncg": "trust-region", "trustkrylov": "trust-region", "dogleg": "trust-region",
    "lbfgsb": "l-bfgs", "nm": "nelder-mead", "simplex": "nelder-mead", "lm": "levenberg-marquardt",
    "leastsquares": "levenberg-marquardt", "coordinate": "coordinate-descent", "steepestdescent": "gradient-descent",
}  # fmt: skip


def named(text: str) -> Method | None:
    """The method that a text names in any usual spelling; None when there is none."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    for method in METHODS.values():
        if plain in (re.sub(r"[^a-z0-9]", "", method.name), re.sub(r"[^a-z0-9]", "", method.title.lower())):
            return method
    return METHODS.get(_ALSO.get(plain, ""))


@dataclass(slots=True)
class MethodRun:
    """The result of a run.

    Attributes:
        xs, when: the iterates from the start on, shape (k, n), and the evaluations it had taken to reach each.
        iterations: how many there were.
        reason: why it ended, in the method's own terms; the verdict is not made from it.
    """

    method: Method
    settings: Settings
    xs: Floats
    when: Floats
    f_evaluations: int
    g_evaluations: int
    h_evaluations: int
    reason: Reason

    @property
    def x(self) -> Floats:
        """Where it ended."""
        end: Floats = self.xs[-1]
        return end

    @property
    def iterations(self) -> int:
        """How many steps were taken."""
        return len(self.xs) - 1


def run(problem: Problem, method: Method, start: Floats, settings: Settings) -> MethodRun:
    """One run of `method` from `start`."""
    oracle = Oracle(problem, MOST_EVALUATIONS)
    x = oracle.clip(np.array(start, dtype=float))
    oracle.reach(x)
    with np.errstate(all="ignore"):
        try:
            known = math.isfinite(problem.value(x))
            reason = "non-finite" if not known else method.run(oracle, x, settings)
        except Stop:
            reason = "steps"
        except np.linalg.LinAlgError:
            reason = "non-finite"
    return MethodRun(
        method, settings, np.array(oracle.xs), np.array(oracle.when, dtype=float), oracle.f_count, oracle.g_count,
        oracle.h_count, reason,
    )  # fmt: skip
