"""Functions on which optimisers are tried, with the starts and minima that the literature states.

MGH is J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing Unconstrained Optimization Software", ACM TOMS 7 (1981),
17-41, by its numbers; the others are usual in surveys of test functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
R = sp.Rational
x, y = (sp.Symbol(name, real=True) for name in "xy")
X = [sp.Symbol(f"x{i}", real=True) for i in range(1, 5)]
K, V = sp.Symbol("t", real=True), sp.Symbol("b", real=True)


@dataclass(frozen=True)
class TestProblem:
    """A function of the gallery; `expr` of one datum where there are `data`. `box` is what the contours show."""

    name: str
    title: str
    expr: sp.Expr
    variables: tuple[sp.Symbol, ...]
    start: tuple[float, ...]
    minimum: tuple[float, ...] | None
    least: float
    data: dict[sp.Symbol, Floats] = field(default_factory=dict)
    mean: bool = False
    box: tuple[float, float, float, float] | None = None


def _plane(name: str, title: str, expr: sp.Expr, start: tuple[float, float], minimum: tuple[float, float],
           least: float = 0.0, box: tuple[float, float, float, float] | None = None) -> TestProblem:  # fmt: skip
    return TestProblem(name, title, expr, (x, y), start, minimum, least, box=box)


def _simple() -> list[TestProblem]:
    e20 = sp.exp(-R(1, 5) * sp.sqrt((x**2 + y**2) / 2))
    goldstein = (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)) * (
        30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    )
    return [
        _plane("seed", "a narrow valley", (1 - x) ** 2 + 2 * (y - x**2) ** 2, (3, 2), (1, 1), 0, (-3, 4, -2, 10)),
        _plane("rosenbrock", "Rosenbrock", (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1), (1, 1), 0,
               (-2, 2, -1, 3)),
        _plane("himmelblau", "Himmelblau", (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (0, 0), (3, 2), 0,
               (-6, 6, -6, 6)),
        _plane("beale", "Beale", (R(3, 2) - x + x * y) ** 2 + (R(9, 4) - x + x * y**2) ** 2
               + (R(21, 8) - x + x * y**3) ** 2, (1, 1), (3, 0.5), 0, (-1, 4.5, -1.5, 1.8)),
        _plane("booth", "Booth", (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2, (-8, 7), (1, 3), 0, (-10, 10, -10, 10)),
        _plane("matyas", "Matyas", R(26, 100) * (x**2 + y**2) - R(48, 100) * x * y, (-9, -8), (0, 0), 0,
               (-10, 10, -10, 10)),
        _plane("mccormick", "McCormick", sp.sin(x + y) + (x - y) ** 2 - R(3, 2) * x + R(5, 2) * y + 1, (0, 0),
               (-0.547197551196598, -1.5471975511966), -1.91322295498104, (-1.5, 4, -3, 4)),
        _plane("styblinski-tang", "Styblinski-Tang", (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
               (-1, -1), (-2.90353402777118, -2.90353402777118), -78.3323314075428, (-5, 5, -5, 5)),
        _plane("rastrigin", "Rastrigin", 20 + x**2 - 10 * sp.cos(2 * sp.pi * x) + y**2 - 10 * sp.cos(2 * sp.pi * y),
               (0.3, -0.4), (0, 0), 0, (-1.6, 1.6, -1.6, 1.6)),
        _plane("ackley", "Ackley", -20 * e20 - sp.exp((sp.cos(2 * sp.pi * x) + sp.cos(2 * sp.pi * y)) / 2) + sp.E + 20,
               (0.3, -0.2), (0, 0), 0, (-2, 2, -2, 2)),
        _plane("goldstein-price", "Goldstein-Price", goldstein, (-0.5, -0.5), (0, -1), 3, (-2, 2, -2.2, 1.2)),
        _plane("six-hump-camel", "six-hump camel", (4 - R(21, 10) * x**2 + x**4 / 3) * x**2 + x * y
               + (-4 + 4 * y**2) * y**2, (0.5, -0.5), (0.0898420131003, -0.7126564030207), -1.03162845348988,
               (-2, 2, -1.2, 1.2)),
        _plane("easom", "Easom", -sp.cos(x) * sp.cos(y) * sp.exp(-((x - sp.pi) ** 2) - (y - sp.pi) ** 2), (2.5, 2.5),
               (np.pi, np.pi), -1, (0, 6, 0, 6)),
        _plane("three-hump-camel", "three-hump camel", 2 * x**2 - R(105, 100) * x**4 + x**6 / 6 + x * y + y**2, (1, 1),
               (0, 0), 0, (-2.5, 2.5, -2.5, 2.5)),
        _plane("quadratic", "a quadratic, condition 10,000", (x**2 + 10000 * y**2) / 2, (1, 1), (0, 0), 0,
               (-1.2, 1.2, -1.2, 1.2)),
    ]  # fmt: skip


def _squares(name: str, number: int, residuals: list[sp.Expr], n: int, start: tuple[float, ...],
             minimum: tuple[float, ...] | None, least: float,
             data: dict[sp.Symbol, Floats] | None = None) -> TestProblem:  # fmt: skip
    expr = sp.Add(*(r**2 for r in residuals))
    variables = (x, y) if n == 2 else tuple(X[:n])
    return TestProblem(
        name, f"{name} (MGH {number})".replace("-", " "), expr, variables, start, minimum, least, data or {}
    )


def _more_garbow_hillstrom() -> list[TestProblem]:
    a, b, c, d = X[:4]
    counts = np.arange(1.0, 11)
    bard = np.array([0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39])
    u = np.arange(1.0, 16)
    gauss = np.array([0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521])
    gauss = np.concatenate([gauss, [0.3989], gauss[::-1]])
    kowalik = np.array([0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246])
    kowalik_u = np.array([4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])
    turn = sp.Piecewise((sp.atan(b / a) / (2 * sp.pi), a > 0), (sp.atan(b / a) / (2 * sp.pi) + R(1, 2), True))
    w = sp.Symbol("w", real=True)
    t = R(1, 10) * K
    return [
        _squares("freudenstein-roth", 2, [-13 + x + ((5 - y) * y - 2) * y, -29 + x + ((y + 1) * y - 14) * y], 2,
                 (0.5, -2), (5, 4), 0),
        _squares("powell-badly-scaled", 3, [10000 * x * y - 1, sp.exp(-x) + sp.exp(-y) - R(10001, 10000)], 2, (0, 1),
                 (1.09815932969975e-5, 9.10614673986652), 0),
        _squares("brown-badly-scaled", 4, [x - 10**6, y - R(2, 10**6), x * y - 2], 2, (1, 1), (1e6, 2e-6), 0),
        _squares("jennrich-sampson", 6, [2 + 2 * K - (sp.exp(K * x) + sp.exp(K * y))], 2, (0.3, 0.4),
                 (0.257825213670364, 0.257825213670364), 124.362182355615, {K: counts}),
        _squares("helical-valley", 7, [10 * (c - 10 * turn), 10 * (sp.sqrt(a**2 + b**2) - 1), c], 3, (-1, 0, 0),
                 (1, 0, 0), 0),
        _squares("bard", 8, [V - (a + K / ((16 - K) * b + w * c))], 3, (1, 1, 1),
                 (0.0824105597, 1.1330360920, 2.3436951786), 8.21487730657897e-3,
                 {K: u, V: bard, w: np.minimum(u, 16 - u)}),
        _squares("gaussian", 9, [a * sp.exp(-b * ((8 - K) / 2 - c) ** 2 / 2) - V], 3, (0.4, 1, 0),
                 (0.398956137839, 1.000019084488, 0), 1.12793276961865e-8, {K: u, V: gauss}),
        _squares("box-3d", 12, [sp.exp(-t * a) - sp.exp(-t * b) - c * (sp.exp(-t) - sp.exp(-10 * t))], 3, (0, 10, 20),
                 (1, 10, 1), 0, {K: counts}),
        _squares("powell-singular", 13, [a + 10 * b, sp.sqrt(5) * (c - d), (b - 2 * c) ** 2,
                 sp.sqrt(10) * (a - d) ** 2], 4, (3, -1, 0, 1), (0, 0, 0, 0), 0),
        _squares("wood", 14, [10 * (b - a**2), 1 - a, sp.sqrt(90) * (d - c**2), 1 - c, sp.sqrt(10) * (b + d - 2),
                 (b - d) / sp.sqrt(10)], 4, (-3, -1, -3, -1), (1, 1, 1, 1), 0),
        _squares("kowalik-osborne", 15, [V - a * (K**2 + K * b) / (K**2 + K * c + d)], 4, (0.25, 0.39, 0.415, 0.39),
                 (0.192806934579, 0.191282328734, 0.123056506926, 0.136062330684), 3.07505603849237e-4,
                 {K: kowalik_u, V: kowalik}),
        _squares("brown-dennis", 16, [(a + K / 5 * b - sp.exp(K / 5)) ** 2
                 + (c + sp.sin(K / 5) * d - sp.cos(K / 5)) ** 2], 4, (25, 5, -5, -1),
                 (-11.5944399048, 13.2036300512, -0.403439488177, 0.236778774456), 85822.2016263563,
                 {K: np.arange(1.0, 21)}),
    ]  # fmt: skip


def _sinusoids() -> TestProblem:
    """The mean square of 100 samples less A sin(2 pi L t) + B cos(2 pi M t) + C sin(2 pi N t), with L, M, N relaxed
    from whole numbers to real ones. The samples are those of 2 sin 3, 4 cos 5 and -5 sin 10 cycles.
    """
    a, b, c, ell, em, en = names = tuple(sp.Symbol(name, real=True) for name in "ABCLMN")
    t = np.arange(100) / 100
    values = 2 * np.sin(6 * np.pi * t) + 4 * np.cos(10 * np.pi * t) - 5 * np.sin(20 * np.pi * t)
    turn = 2 * sp.pi * K
    model = a * sp.sin(turn * ell) + b * sp.cos(turn * em) + c * sp.sin(turn * en)
    return TestProblem("sinusoids", "three sinusoids with whole frequencies, relaxed", (V - model) ** 2, names,
                   (1, 1, -1, 20, 40, 60), (2, 4, -5, 3, 5, 10), 0, {K: t, V: values}, mean=True)  # fmt: skip


NAMES = (
    "seed rosenbrock himmelblau beale booth matyas mccormick styblinski-tang rastrigin ackley goldstein-price "
    "six-hump-camel easom three-hump-camel quadratic freudenstein-roth powell-badly-scaled brown-badly-scaled "
    "jennrich-sampson helical-valley bard gaussian box-3d powell-singular wood kowalik-osborne brown-dennis sinusoids"
).split()
_MADE: dict[str, TestProblem] = {}


def gallery() -> dict[str, TestProblem]:
    """All examples by name."""
    if not _MADE:
        made = [*_simple(), *_more_garbow_hillstrom(), _sinusoids()]
        _MADE.update({example.name: example for example in made})
    return _MADE


def example(text: str) -> TestProblem | None:
    """The example that a text names; None when there is none."""
    plain = "".join(c for c in text.lower() if c.isalnum())
    name = next((n for n in NAMES if plain == n.replace("-", "")), None)
    return gallery()[name] if name else None
