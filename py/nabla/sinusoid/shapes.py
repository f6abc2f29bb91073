"""Curves that records without a cycle are most often like: polynomials, an exponential, peaks, a step, powers.

Each is fitted by `curve.fit_curve` in s = (x - first x) / (last x - first x), so that starts are the same for all data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nabla.sinusoid.curve import Curve, CurveFit, descended, fit_curve
from nabla.sinusoid.times import Floats

_Unit = Callable[..., tuple[Floats, list[Floats]]]

_RATES = np.geomspace(0.15, 60, 14)
_PLACES = np.linspace(-0.1, 1.1, 13)
_WIDTHS = np.geomspace(0.015, 1.0, 9)
REFINED = 3  # of the best starts
FAR = 3.0  # lengths of the record between it and x = 0, beyond which a formula counts from its start


@dataclass(frozen=True, slots=True)
class CurveShape:
    """y = a g(s; q) + c, or a polynomial.

    `formula` is the same in x, `X` standing for x or for x less its first value; `unit(s, *q)` gives g and its
    derivatives in q, None for a polynomial of `degree`; `starts` where each q may lie. Without `offset` there is no c;
    a `peak` has its centre in the record; with `positive` s is x over the largest x, and x has to go from 0 or more to
    its double or more.
    """

    name: str
    formula: str
    unit: _Unit | None = None
    starts: tuple[Floats, ...] = ()
    degree: int = 0
    offset: bool = True
    positive: bool = False
    peak: bool = False

    @property
    def count(self) -> int:
        """The number of parameters."""
        return self.degree + 1 if self.unit is None else 1 + len(self.starts) + self.offset

    def curve(self) -> Curve:
        """The shape as a curve in s."""
        if self.unit is None:
            places = tuple(range(self.degree + 1))
            return Curve(
                tuple(f"c{i}" for i in places),
                lambda s, p: np.asarray(_powers(s, p.size) @ p, dtype=np.float64),
                lambda s, p: _powers(s, p.size),
                places,
            )
        unit, last = self.unit, 1 + len(self.starts)

        def value(s: Floats, p: Floats) -> Floats:
            return np.asarray(p[0] * unit(s, *p[1:last])[0] + (p[last] if self.offset else 0.0), dtype=np.float64)

        def jacobian(s: Floats, p: Floats) -> Floats:
            g, slopes = unit(s, *p[1:last])
            return np.column_stack([g, *(p[0] * slope for slope in slopes), *([np.ones_like(s)] * self.offset)])

        names = ("a", *(f"q{i}" for i in range(1, last)), *(("c",) * self.offset))
        return Curve(names, value, jacobian, (0, last) if self.offset else (0,))

    def fitted(self, x: Floats, y: Floats) -> CurveFit | None:
        """The fit to y, shape (n,), at ascending x; None where the shape has no value there or n is too small."""
        if y.size < self.count + 2 or (self.positive and not 0 <= 2 * x[0] <= x[-1]):
            return None
        try:
            with np.errstate(all="ignore"):
                made = fit_curve(self.curve(), self.scaled(x), y, self.starts, refined=REFINED)
                # The flank of a peak that lies elsewhere is no peak.
                return made if not self.peak or _PLACES[0] <= made.parameters[1] <= _PLACES[-1] else None
        except ValueError:
            return None

    def scaled(self, x: Floats) -> Floats:
        """x as s."""
        return np.asarray(x / x[-1] if self.positive else (x - x[0]) / (x[-1] - x[0]), dtype=np.float64)

    def text(self, x: Floats) -> str:
        """The formula for data at these x."""
        far = not self.positive and abs(x[0]) > FAR * (x[-1] - x[0])
        return self.formula.replace("X", f"(x - {float(x[0]):.12g})" if far else "x")


def _powers(s: Floats, count: int) -> Floats:
    return np.vander(s, count, increasing=True)


def _exponential(s: Floats, k: float) -> tuple[Floats, list[Floats]]:
    g = np.exp(-k * s)
    return g, [-s * g]


def _gaussian(s: Floats, m: float, w: float) -> tuple[Floats, list[Floats]]:
    u = (s - m) / w
    g = np.exp(-u * u / 2)
    return g, [g * u / w, g * u * u / w]


def _lorentzian(s: Floats, m: float, w: float) -> tuple[Floats, list[Floats]]:
    u = (s - m) / w
    g = 1 / (1 + u * u)
    return g, [g * g * 2 * u / w, g * g * 2 * u * u / w]


def _logistic(s: Floats, m: float, k: float) -> tuple[Floats, list[Floats]]:
    g = 1 / (1 + np.exp(-k * (s - m)))
    return g, [-k * g * (1 - g), (s - m) * g * (1 - g)]


def _power(s: Floats, b: float) -> tuple[Floats, list[Floats]]:
    g = s**b
    return g, [g * np.log(np.where(s > 0, s, 1.0))]


def _logarithm(s: Floats) -> tuple[Floats, list[Floats]]:
    return np.log(s), []


def _saturation(s: Floats, b: float) -> tuple[Floats, list[Floats]]:
    return s / (b + s), [-s / (b + s) ** 2]


def with_wave(x: Floats, y: Floats, shape: CurveShape, found: CurveFit, cycles: float) -> Floats | None:
    """What a shape and a sinusoid leave of y together, shape (n,), from the shape's fit and `cycles` in the record.

    None where the shape has no slope.
    """
    alone, m = shape.curve(), found.parameters.size

    def value(s: Floats, p: Floats) -> Floats:
        wave = p[m] * np.cos(p[-1] * s) + p[m + 1] * np.sin(p[-1] * s)
        return np.asarray(alone.value(s, p[:m]) + wave, dtype=np.float64)

    def jacobian(s: Floats, p: Floats) -> Floats:
        cos, sin = np.cos(p[-1] * s), np.sin(p[-1] * s)
        return np.column_stack([alone.jacobian(s, p[:m]), cos, sin, s * (p[m + 1] * cos - p[m] * sin)])

    both = Curve((*alone.names, "A", "B", "w"), value, jacobian, ())
    s = shape.scaled(x)
    w = 2 * np.pi * cycles * (s[-1] - s[0])
    waves = np.column_stack([np.cos(w * s), np.sin(w * s)])
    start = np.concatenate([found.parameters, np.linalg.lstsq(waves, found.residual, rcond=None)[0], [w]])
    with np.errstate(all="ignore"):  # of a step so steep that its exponential overflows, where its value is 0
        end = descended(both, s, y, start)
        return None if end is None else y - value(s, end[1])


_EITHER = np.concatenate([-_RATES[::-1], _RATES])
SHAPES: Sequence[CurveShape] = (
    CurveShape("a line", "a*X + c", degree=1),
    CurveShape("a parabola", "a*X^2 + b*X + c", degree=2),
    CurveShape("a cubic", "a*X^3 + b*X^2 + d*X + c", degree=3),
    CurveShape("an exponential", "a*exp(-k*X) + c", _exponential, (_EITHER,)),
    CurveShape("an exponential to 0", "a*exp(-k*X)", _exponential, (_EITHER,), offset=False),
    CurveShape("a Gaussian peak", "a*exp(-(x - m)^2/(2*s^2)) + c", _gaussian, (_PLACES, _WIDTHS), peak=True),
    CurveShape("a Lorentzian peak", "a/(1 + ((x - m)/w)^2) + c", _lorentzian, (_PLACES, _WIDTHS), peak=True),
    CurveShape("a logistic curve", "L/(1 + exp(-k*(x - m))) + c", _logistic, (_PLACES, 2 / _WIDTHS)),
    CurveShape(
        "a power", "a*x^b", _power, (np.array([-3, -2, -1, -0.5, 0.3, 0.5, 1.5, 2, 3]),), offset=False, positive=True
    ),
    CurveShape("a logarithm", "a*log(x) + c", _logarithm, positive=True),
    CurveShape("a saturation", "a*x/(b + x)", _saturation, (_WIDTHS,), offset=False, positive=True),
)
