"""Which form a record has: sinusoids, sinusoids that die away, and curves of other shapes in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from nabla.answer.document import Cell, Column, Heading, Table
from nabla.read.data import Data
from nabla.sinusoid.chance import f_test
from nabla.sinusoid.curve import CurveFit, aicc, bic
from nabla.sinusoid.damped import DampedFit
from nabla.sinusoid.errors import WHITE
from nabla.sinusoid.fit import Fit, Task, fit
from nabla.sinusoid.robust import spikes
from nabla.sinusoid.rounding import resolution
from nabla.sinusoid.shapes import SHAPES, CurveShape, with_wave
from nabla.sinusoid.times import Floats, classify
from nabla.write.notation import decimals, percent

CLEARLY = 6.0  # of the Bayesian criterion: odds of 20 to 1
SLOW = 2.0  # cycles: a record of fewer may be of another shape
PART = 0.9  # of a cycle, below which one is not seen
EXACT = 1e-20  # of the sum of squares: the rest is rounding
MOSTLY = 0.05  # of the variance that a curve may leave which stands for sinusoids larger than the data
MUCH = 0.5  # of the variance
MOST = 20_000  # samples
FORGETS = 0.05  # correlation of neighbours below which noise is white
LEVEL = 0.01  # of the F test over a constant
ROWS = 7  # of the table


@dataclass(frozen=True, slots=True)
class Entrant:
    """A form with its fit: how many parameters, the sum of squares, how alike neighbours in the residual are.

    `bic` and `aicc` are criteria, lower for the better; `lag` is in standard deviations of white noise. `formula` is
    that of a curve, "" for sinusoids and for the form that was asked for. `doubtful` are sinusoids of which less than a
    cycle is in the record, or that have fewer than two samples a cycle; `disguised` those larger than all of it, which
    stand for another curve. `order` is 0 for the plainest of shapes, a line.
    """

    name: str
    parameters: int
    rss: float
    bic: float
    aicc: float
    lag: float
    formula: str = ""
    doubtful: bool = False
    disguised: bool = False
    order: int = 0

    @property
    def white(self) -> bool:
        """Whether what it leaves may be white noise."""
        return self.lag <= WHITE


@dataclass(frozen=True, slots=True)
class Contest:
    """The forms, the best by the Bayesian criterion first; `total` is the sum of squares around the mean of n values.
    Sums of squares are in units of `unit`.

    `floor` is the sum of squares that rounding of the values leaves.
    """

    entrants: Sequence[Entrant]
    n: int
    total: float
    floor: float
    unit: float

    @property
    def best(self) -> Entrant:
        """The best form."""
        return self.entrants[0]

    def chance(self, entrant: Entrant) -> float:
        """The probability that a form explains as much more than a constant by chance, by the F test."""
        more, freedom = entrant.parameters - 1, self.n - entrant.parameters
        if more < 1 or freedom < 1:
            return 1.0
        fall = max(self.total - entrant.rss, 0.0) / more
        return f_test(fall / (max(entrant.rss, self.floor, 1e-300) / freedom), more, freedom)

    def winner(self) -> Entrant | None:
        """The shape that beats the sinusoids and leaves noise, or nothing; None where there is none.

        Of several that are as likely it is the one with the fewest parameters, of these the line.
        """
        shapes = [e for e in self.entrants if e.formula and self.chance(e) < LEVEL]
        fit = [e for e in shapes if e.white or e.rss <= max(self.floor, EXACT * self.total)]
        rivals = [e for e in self.entrants if not e.formula]
        if any(e.disguised for e in rivals):
            fit = fit or [e for e in shapes[:1] if e.rss < MOSTLY * self.total]
        elif fit:
            # Equal criteria, of a line and no sinusoid on a line, differ by rounding.
            bound = min(e.bic + 1e-6 if e.doubtful else e.bic - CLEARLY for e in rivals)
            fit = fit if fit[0].bic <= bound else []
        near = [e for e in fit if e.bic < fit[0].bic + CLEARLY]
        return min(near, key=lambda e: (e.parameters, e.order), default=None)


def is_open(found: Fit) -> bool:
    """Whether a record of few slow cycles, or of none, may be of a shape without cycles."""
    if found.times.n > MOST:
        return False
    if not found.tones or found.trend > 1 or float(found.point.f.min()) < SLOW:
        return True
    if float(found.point.f.max()) > found.times.n / 2:  # fewer than two samples a cycle
        return True
    return (found.rms / found.unit) ** 2 > MUCH * float(np.var(found.y / found.unit))


def kept(found: Fit) -> NDArray[np.bool_]:
    """Which samples are no outliers: neither weighed 0 between neighbours that are not, nor far out of the range."""
    held = np.zeros(found.y.size + 2, dtype=bool)
    held[1:-1] = found.weights == 0 if found.weights is not None else False
    return ~(held[1:-1] & ~held[:-2] & ~held[2:]) & ~spikes(found.y)


def contest(data: Data, rivals: Sequence[Entrant]) -> Contest:
    """All shapes and a constant beside `rivals`."""
    floor = floor_of(data)
    around = (data.y - data.y.mean()) / unit_of(data)
    total = float(around @ around)
    y = data.y / unit_of(data)
    entrants = [*rivals, _entrant("a constant", 1, around, floor)]
    fits = [(shape, made) for shape in SHAPES if (made := shape.fitted(data.x, y)) is not None]
    for shape, made in fits:
        entrant = _entrant(shape.name, shape.count, made.residual, floor, shape.text(data.x))
        entrants.append(replace(entrant, order=int(shape.degree != 1)))
    entrants += _with_a_sinusoid(data, fits, entrants[-len(fits) :], floor)
    return Contest(sorted(entrants, key=lambda e: e.bic), data.y.size, total, floor, unit_of(data))


def _with_a_sinusoid(
    data: Data, fits: Sequence[tuple[CurveShape, CurveFit]], alone: Sequence[Entrant], floor: float
) -> list[Entrant]:
    """The best curve that leaves more than noise together with a sinusoid, where one is in what it leaves."""
    k = min(range(len(fits)), key=lambda i: alone[i].bic, default=-1)
    if k < 0 or alone[k].white or fits[k][0].unit is None or alone[k].rss <= floor:
        return []
    times = classify(data.x)
    left = fit(times, fits[k][1].residual, Task(count=1))
    if not left.tones or left.tones[0].false_alarm > LEVEL or left.point.f[0] < SLOW:
        return []
    shape, made = fits[k]
    both = with_wave(
        data.x, data.y / unit_of(data), shape, made, float(left.point.f[0] * (data.x[-1] - data.x[0]) / times.length)
    )
    if both is None:
        return []
    text = f"{alone[k].formula} + A*cos(w*x) + B*sin(w*x)"
    return [_entrant(f"{alone[k].name} and a sinusoid", shape.count + 3, both, floor, text)]


def floor_of(data: Data) -> float:
    """The sum of squares that the rounding of the values leaves, in units of the largest."""
    return data.y.size * (resolution(data.y) / unit_of(data)) ** 2 / 12


def unit_of(data: Data) -> float:
    """The largest value: sums of squares of values of any size are finite in units of it."""
    return float(np.abs(data.y).max()) or 1.0


def of_sinusoids(found: Fit, data: Data) -> Entrant:
    """The sinusoids as an entrant; in noise with a memory by the innovations of that noise; `data` without outliers."""
    k = len(found.tones)
    name = "no sinusoid" if not k else "a sinusoid" if k == 1 else f"{k} sinusoids"
    if found.trend > 1:
        name += " on a line" if found.trend == 2 else " on a parabola"
    parameters = 3 * k + found.trend + bool(found.ar1)
    entrant = _entrant(name, parameters, _innovations(found) / unit_of(data), floor_of(data))
    disguised = any(tone.amplitude > np.ptp(data.y) for tone in found.tones)
    slow = k > 0 and float(found.point.f.min()) < PART
    sparse = k > 0 and float(found.point.f.max()) > found.times.n / 2
    return replace(entrant, doubtful=slow or sparse or (not k and found.trend > 1), disguised=disguised)


def of_damped(found: DampedFit, trend: int, data: Data) -> Entrant:
    """Damped sinusoids as an entrant."""
    k = len(found.tones)
    name = "a damped sinusoid" if k == 1 else f"{k} damped sinusoids"
    return _entrant(name, 4 * k + trend, found.residual / unit_of(data), floor_of(data))


def of_curve(found: CurveFit, data: Data) -> Entrant:
    """The form that was asked for as an entrant."""
    return _entrant("the formula asked for", found.parameters.size, found.residual / unit_of(data), floor_of(data))


def _innovations(found: Fit) -> Floats:
    """The residual, of noise with a memory the part that its past does not tell, scaled to the same likelihood."""
    if found.weights is not None:
        return found.residual[kept(found)]
    if found.ar1 < FORGETS:
        return found.residual
    gaps = np.diff(found.times.x) / found.times.step
    memory = found.ar1 ** np.maximum(gaps, 0.1)
    left = (found.residual[1:] - memory * found.residual[:-1]) / np.sqrt(1 - memory**2)
    spread = exp(float(np.log1p(-(memory**2)).sum()) / found.times.n / 2)
    return np.concatenate([found.residual[:1], left]) * spread


def _entrant(name: str, parameters: int, residual: Floats, floor: float, formula: str = "") -> Entrant:
    n, rss = residual.size, float(residual @ residual)
    lag = abs(float(residual[1:] @ residual[:-1])) / rss * sqrt(n) if rss > 0 else 0.0
    least = max(rss, floor)
    return Entrant(name, parameters, rss, bic(least, n, parameters), aicc(least, n, parameters), lag, formula)


def contest_table(held: Contest) -> list[Heading | Table]:
    """The best of the forms."""
    least, smallest = held.best.bic, min(e.aicc for e in held.entrants)
    rows: list[list[Cell]] = []
    for entrant in held.entrants[:ROWS]:
        chance = held.chance(entrant)
        rows.append(
            [
                entrant.name,
                float(entrant.parameters),
                f"${decimals(held.unit * sqrt(entrant.rss / held.n), 3)}$",
                "" if entrant.parameters < 2 else f"${decimals(chance, 2)}$" if chance > 1e-300 else "0",
                f"{entrant.bic - least:.1f}",
                f"{entrant.aicc - smallest:.1f}",
                "yes" if entrant.white else "no",
            ]
        )
    heads = ("Parameters", "Residual (rms)", "F test over a constant, p", "BIC above the least", "AICc above the least")
    columns = [Column("Form"), *(Column(head, "", "right") for head in heads), Column("Leaves white noise")]
    caption = "A criterion lower by 6 stands for odds of about 20 to 1."
    return [Heading("Forms compared"), Table(columns, rows, caption)]


def none_of_these(held: Contest, answered: Entrant | None) -> str:
    """That none of the forms is enough, where not even the one that is answered is; else ""."""
    best = answered or held.best
    if best.white or best.rss <= max(held.floor, EXACT * held.total):
        return ""
    return (
        f"None of the forms compared below is enough. Even {best.name} leaves a residual whose neighbours are alike, "
        f"{best.lag:.1f} standard deviations from those of noise; {percent(best.rss / (held.total or 1.0))} % of the "
        "variance is left."
    )
