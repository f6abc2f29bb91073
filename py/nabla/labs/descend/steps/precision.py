"""Steps done again by SymPy with many digits, from its own derivatives."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Check
from nabla.labs.descend.steps.read import StepsQuestion
from nabla.optimise.by_hand.kinds import Iterate

DIGITS = 30
MOST = 6  # steps
BOUND = 1e-9
_COVERED = frozenset(
    "newton-root newton secant bisection regula-falsi fixed-point gradient-descent gradient-ascent".split()
)


def again(question: StepsQuestion, way: Sequence[Iterate]) -> Check | None:
    """Compare the first steps with those of SymPy; None for methods that are not done again."""
    if question.name not in _COVERED or len(way) < 2:
        return None
    worst = 0.0
    for before, after in list(itertools.pairwise(way))[:MOST]:
        scale = 1 + max(abs(float(v)) for v in after.x)
        pairs = zip(_step(question, before), after.x, strict=True)
        worst = max(worst, *(abs(float(exact - sp.Float(float(v), DIGITS))) / scale for exact, v in pairs))
    verdict: Verdict = "passed" if worst <= BOUND else "failed"
    how = f"each of the first steps by SymPy with {DIGITS} digits, with derivatives of its own"
    return Check("The steps are those of the rule", how, verdict, worst, BOUND, test="precision")


def _step(question: StepsQuestion, before: Iterate) -> list[sp.Expr]:
    variables = list(question.variables)
    f = sp.Matrix([problem.expr for problem in question.task.problems])
    if {"interval", "pair"} & question.method.uses:
        return [_of_two(question, before, f[0])]
    at = {v: sp.Rational(float(x)) for v, x in zip(variables, before.x, strict=True)}
    x = sp.Matrix(list(at.values()))

    def here(matrix: sp.Matrix) -> sp.Matrix:
        return matrix.subs(at).evalf(DIGITS)

    match question.name:
        case "newton-root":
            new = x - here(f.jacobian(variables)).LUsolve(here(f))
        case "newton":
            new = x - here(sp.hessian(f[0], variables)).LUsolve(here(f.jacobian(variables).T))
        case "fixed-point":
            new = here(f)
        case _:
            sign = -1 if question.name == "gradient-descent" else 1
            new = x + sign * sp.Rational(question.task.rate) * here(f.jacobian(variables).T)
    return list(new)


def _of_two(question: StepsQuestion, before: Iterate, f: sp.Expr) -> sp.Expr:
    """A step of a method that holds two points: the older and the newer, or the ends of the interval."""
    name = question.variables[0]
    ends = before.memory[0] if "interval" in question.method.uses else [before.memory[0][0], before.x[0]]
    a, b = (sp.Rational(float(end)) for end in ends)
    if question.name == "bisection":
        return (a + b) / 2
    fa, fb = (f.subs(name, end).evalf(DIGITS) for end in (a, b))
    return (b - fb * (b - a) / (fb - fa)).evalf(DIGITS)
