"""Stationary points of a function of several variables, what they are by the Hessian, and tests by its values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from nabla.calculus.arrays import Array, evaluate, has_values
from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.numeric import Evaluator, NoValue

ZERO = 1e-20
REACH, STARTS, ROUNDS = 4.0, 9, 40
RADII = (sp.Rational(1, 10**3), sp.Rational(1, 10**6))


@dataclass(frozen=True)
class Stationary:
    """A stationary point, the value there, what it is, and the Hessian there."""

    at: dict[sp.Symbol, sp.Expr]
    value: sp.Expr
    kind: str
    hessian: sp.Matrix


def stationary_points(
    f: sp.Expr, gradient: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]
) -> tuple[list[Stationary], bool]:
    """Those of `f` and whether algebra found them; where it does not, Newton's steps from a grid of starts do."""
    solved = within(6 * CALLS, lambda: _solved(gradient, symbols), None)
    if solved is None:
        points = [dict(zip(symbols, map(sp.Float, point), strict=True)) for point in newton(gradient, symbols)]
    else:
        points = solved
    hessian = sp.Matrix([[sp.diff(slope, symbol) for symbol in symbols] for slope in gradient])
    found = []
    for point in points:
        there = hessian.subs(point)
        found.append(Stationary(point, f.subs(point), kind_of(there), there))
    return found, solved is not None


def _solved(gradient: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> list[dict[sp.Symbol, sp.Expr]] | None:
    """The real points where all slopes are 0; None where SymPy does not find them, or finds whole curves of them."""
    try:
        solutions = sp.solve(list(gradient), list(symbols), dict=True)
    except NotImplementedError:
        return None
    found = []
    for solution in solutions:
        if set(solution) != set(symbols) or any(value.free_symbols for value in solution.values()):
            return None
        numbers = [value.evalf(30) for value in solution.values()]
        if all(number.is_number and abs(sp.im(number)) < ZERO for number in numbers):
            point = {symbol: _short(solution[symbol]) for symbol in symbols}
            if _is_stationary(gradient, solution):
                found.append(point)
    return sorted(found, key=lambda point: [float(value) for value in point.values()])


def _short(value: sp.Expr) -> sp.Expr:
    return sp.Float(sp.re(value.evalf(30)), 15) if value.has(sp.I, sp.CRootOf) or sp.count_ops(value) > 30 else value


def _is_stationary(gradient: Sequence[sp.Expr], point: dict[sp.Symbol, sp.Expr]) -> bool:
    real = {symbol: sp.re(value.evalf(60)) if value.has(sp.I) else value for symbol, value in point.items()}
    try:
        return all(abs(Evaluator(precise(DIGITS), real)(slope)) < ZERO for slope in gradient)
    except NoValue:
        return False


def kind_of(hessian: sp.Matrix) -> str:
    """minimum, maximum or saddle by the signs of the Hessian's eigenvalues; undecided where one of them is 0."""
    values = np.linalg.eigvalsh(np.array(hessian.evalf(20), dtype=float))
    small = 1e-9 * max(1.0, float(np.abs(values).max()))
    signs = {0 if abs(value) <= small else int(np.sign(value)) for value in values}
    if {1, -1} <= signs:
        return "saddle"
    return "undecided" if 0 in signs else "minimum" if signs == {1} else "maximum"


def around_point(f: sp.Expr, point: dict[sp.Symbol, sp.Expr], directions: int = 24) -> str:
    """What the values of `f` on small spheres around a point say that it is."""
    rng = np.random.default_rng(1)
    units = rng.normal(size=(directions, len(point)))
    units = np.concatenate([units, -units, np.eye(len(point)), _diagonals(len(point))])
    signs: set[int] = set()
    try:
        here = Evaluator(precise(DIGITS), point)(f)
        for radius, unit in itertools.product(RADII, units):
            parts = [radius * sp.Rational(str(round(float(part), 6))) for part in unit]
            moved = {symbol: point[symbol] + part for symbol, part in zip(point, parts, strict=True)}
            signs.add(int(np.sign(float(Evaluator(precise(DIGITS), moved)(f) - here))))
    except NoValue:
        return "undecided"
    if {1, -1} <= signs:
        return "saddle"
    return "minimum" if signs == {1} else "maximum" if signs == {-1} else "undecided"


def _diagonals(count: int) -> Array:
    return np.array(list(itertools.product((-1.0, 1.0), repeat=count)))


def newton(gradient: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> list[tuple[float, ...]]:
    """Where Newton's steps from a grid around 0 end, each point once; the Jacobian is that of differences."""
    if not all(has_values(slope) for slope in gradient):
        return []
    count = STARTS if len(symbols) == 2 else 4
    x = np.array(list(itertools.product(np.linspace(-REACH, REACH, count) + 0.123, repeat=len(symbols)))).T

    def slopes(at: Array) -> Array:
        held = dict(zip(symbols, at, strict=True))
        return np.array([np.broadcast_to(evaluate(slope, held), at.shape[1:]) for slope in gradient])

    for _ in range(ROUNDS):
        here, width = slopes(x), 1e-6
        steps = [width * unit[:, None] for unit in np.eye(len(symbols))]
        columns = [slopes(x + step) - slopes(x - step) for step in steps]
        jacobian = np.stack(columns, axis=1).transpose(2, 0, 1) / (2 * width)
        with np.errstate(all="ignore"):
            x = x - np.einsum("kij,jk->ik", np.linalg.pinv(np.nan_to_num(jacobian)), np.nan_to_num(here))
    ended = np.abs(slopes(x)).max(axis=0) < 1e-9
    ended &= np.abs(x).max(axis=0) < 10 * REACH
    found: list[tuple[float, ...]] = []
    for point in x.T[ended]:
        if all(np.abs(np.array(other) - point).max() > 1e-4 for other in found):
            found.append(tuple(float(round(value, 10)) + 0.0 for value in point))
    return sorted(found)
