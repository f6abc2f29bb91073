"""The formula a person would have written: whole numbers where the data demand them, sines and cosines as asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from math import atan2, cos, hypot, log, pi, sin, sqrt

import numpy as np

from nabla.sinusoid.chance import f_test
from nabla.sinusoid.fit import EXACT, Fit
from nabla.sinusoid.refine import Kind, Point, Shape, evaluate, inverse, refine
from nabla.sinusoid.sums import Sums, sums
from nabla.sinusoid.times import Floats

NEAR = 3.5  # standard errors from a whole number, and from 0 for a component to be dropped
SHARP_FREQUENCY = 0.12  # the largest standard error with which only one whole number is near
SHARP_AMPLITUDE = 0.1
ROUNDING = 1e-9  # relative: data are given with so many digits
DEMANDED = log(100)  # log Bayes factor of whole numbers against any numbers, from which whole ones are taken unasked
CONSISTENT = 1e-3  # the F test's probability down to which a form agrees with the data
CERTAIN = 1e-5  # false-alarm probability of the last tone: the noise has a whole number near it as easily
SLOW = 2.0  # cycles in the record below which a tone passes for a trend
ORDERED = 6  # tones whose every order is tried on a template


@dataclass(frozen=True, slots=True)
class ModelTerm:
    """amplitude * fn(2 pi frequency x + phase); standard errors are 0 for what is fixed."""

    fn: str
    amplitude: float
    frequency: float
    phase: float = 0.0
    se_amplitude: float = 0.0
    se_frequency: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelForm:
    """Terms and the coefficients of the powers of 2t; `agreement` is the F test's probability against the free fit.

    `whole` tells whether frequencies, and amplitudes, are whole numbers.
    """

    terms: list[ModelTerm]
    trend: Floats
    agreement: float
    whole: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no whole-number form: a `code`, the frequency it is about, and a figure.

    Codes: "none" (no tones), "blurred" (the frequency's standard error is too large), "apart" (the frequency is no
    whole number, the figure counts standard errors), "zero" (it rounds to 0), "twins" (two round to the same),
    "doubtful" (a tone may be noise, the figure is its false-alarm probability), "trend" (the line or parabola fitted
    may be a slow tone), "chance" (whole numbers are likely by chance only), "misfit" (the whole-number formula leaves
    too much).
    """

    code: str
    frequency: float = 0.0
    figure: float = 0.0


def amplitude_phase(fit: Fit) -> ModelForm:
    """The fit as it is, one cosine a tone, the largest first."""
    tones = sorted(fit.tones, key=lambda tone: -tone.amplitude)
    terms = [ModelTerm("cos", t.amplitude, t.frequency, t.phase, t.se_amplitude, t.se_frequency) for t in tones]
    return ModelForm(terms, fit.coefficients, 1.0)


def sin_cos(fit: Fit) -> ModelForm:
    """The fit as it is, a cosine and a sine a tone."""
    terms = []
    for tone in sorted(fit.tones, key=lambda tone: -tone.amplitude):
        se = hypot(tone.se_amplitude * cos(tone.phase), tone.amplitude * sin(tone.phase) * tone.se_phase)
        terms.append(ModelTerm("cos", tone.a, tone.frequency, 0.0, se, tone.se_frequency))
        se = hypot(tone.se_amplitude * sin(tone.phase), tone.amplitude * cos(tone.phase) * tone.se_phase)
        terms.append(ModelTerm("sin", tone.b, tone.frequency, 0.0, se, tone.se_frequency))
    return ModelForm(terms, fit.coefficients, 1.0)


def whole_numbers(fit: Fit, asked: bool) -> ModelForm | Refusal:
    """Whole-number frequencies, and amplitudes where they are whole too; unasked only when the data demand them.

    A frequency is taken for the whole number m when it is within 3.5 standard errors of m and its standard error is
    below 0.12, so that no other is possible. Unasked, the frequencies together must be 100 times likelier as whole
    numbers than as any numbers of that size.
    """
    if not fit.tones:
        return Refusal("none")
    m = np.array([round(tone.frequency) for tone in fit.tones], dtype=float)
    evidence = 0.0
    for tone, whole in zip(fit.tones, m, strict=True):
        se = max(tone.se_frequency, ROUNDING * max(1.0, whole))
        off = abs(tone.frequency - whole) / se
        if tone.se_frequency > SHARP_FREQUENCY:
            return Refusal("blurred", tone.frequency, tone.se_frequency)
        if off > NEAR:
            return Refusal("apart", tone.frequency, off)
        if not whole:
            return Refusal("zero", tone.frequency)
        evidence += _evidence(off, se) if tone.se_frequency else 0.0
    if len(set(m)) < m.size:
        twin = next(whole for whole in m if np.count_nonzero(m == whole) > 1)
        return Refusal("twins", float(twin))
    last = fit.path.alarms[fit.searched - 1] if fit.searched else 0.0
    if last > CERTAIN:
        return Refusal("doubtful", fit.tones[-1].frequency, last)
    if fit.trend > 1 and fit.times.length < SLOW:
        return Refusal("trend")
    if not asked and evidence < DEMANDED:
        return Refusal("chance", figure=evidence)
    return _at(fit, m, asked)


def _evidence(off: float, se: float) -> float:
    """The log of how much likelier a value so many standard errors from a whole number is if it is one."""
    return -off * off / 2 - log(se * sqrt(2 * pi))


def _at(fit: Fit, m: Floats, asked: bool) -> ModelForm | Refusal:
    """The form with the frequencies m: components that are not there dropped, amplitudes rounded or not."""
    problem, mean = _problem(fit)
    origin = fit.times.centre / fit.times.length
    bins = m * fit.times.length
    fixed = (False,) * m.size
    kinds: list[Kind] = []
    both = evaluate(problem, bins, Shape.tones(m.size, m.size))
    spread = np.sqrt(np.diag(inverse(both.gram))) * fit.errors.sigma
    for i in range(m.size):
        a, b = _at_origin(both, i, problem.trend, float(bins[i]), origin)
        size = hypot(a, b)
        noise = float(max(spread[problem.trend + i], spread[problem.trend + m.size + i], ROUNDING * size))
        weak = (abs(a) < NEAR * noise, abs(b) < NEAR * noise)
        kinds.append("both" if not any(weak) else "sin" if weak[0] and not weak[1] else "cos")
    shape = Shape(tuple(kinds), fixed, origin)
    point = evaluate(problem, bins, shape)
    se = np.sqrt(np.diag(inverse(point.gram))) * fit.sigma
    trend = point.wave[: problem.trend] * fit.unit
    trend[:1] += mean
    if problem.trend == 1 and abs(trend[0]) < max(NEAR * se[0], ROUNDING * fit.unit):
        trend = np.zeros(1)
    terms = _terms(point, shape, m, problem.trend, origin, fit.unit, se)
    rounded = [_rounded(term) for term in terms]
    amplitudes = sum(_evidence(abs(t.amplitude - r) / s, s) for t, r, s in rounded)
    if all(r and s < SHARP_AMPLITUDE and abs(t.amplitude - r) <= NEAR * s for t, r, s in rounded) and (
        asked or amplitudes > DEMANDED
    ):
        whole = [ModelTerm(t.fn, r, t.frequency) for t, r, _ in rounded]
        form = ModelForm(_sorted(whole), trend, _agreement(fit, whole, trend, 0), (True, True))
        if form.agreement > CONSISTENT:
            return form
    form = ModelForm(_sorted(terms), trend, _agreement(fit, terms, trend, point.parameters), (True, False))
    return form if form.agreement > CONSISTENT else Refusal("misfit", figure=form.agreement)


def _rounded(term: ModelTerm) -> tuple[ModelTerm, float, float]:
    return term, float(round(term.amplitude)), max(term.se_amplitude, ROUNDING * abs(term.amplitude))


def _sorted(terms: Sequence[ModelTerm]) -> list[ModelTerm]:
    return sorted(terms, key=lambda term: -abs(term.amplitude))


def _problem(fit: Fit) -> tuple[Sums, float]:
    """The scaled values for the fit's trend, without their mean, and that mean; outliers at their pseudo-values."""
    y = fit.y
    if fit.weights is not None:
        y = y - (1 - fit.weights) * fit.residual
    mean = fit.unit * float((y / fit.unit).mean()) if fit.trend else 0.0
    return sums(fit.times, y / fit.unit - mean / fit.unit, fit.trend), mean


def _at_origin(point: Point, i: int, trend: int, f: float, origin: float) -> tuple[float, float]:
    """The coefficients of the cosine and the sine of x."""
    k = point.f.size
    a, b = float(point.wave[trend + i]), float(point.wave[trend + k + i])
    angle = 2 * pi * f * origin
    return a * cos(angle) - b * sin(angle), a * sin(angle) + b * cos(angle)


def _terms(
    point: Point, shape: Shape, frequency: Floats, trend: int, origin: float, unit: float, se: Floats
) -> list[ModelTerm]:
    terms = []
    place = trend
    free = iter(range(len(point.linear), len(se)))
    for i, kind in enumerate(shape.kinds):
        a, b = _at_origin(point, i, trend, float(point.f[i]), origin)
        width = float(se[next(free)]) if shape.free[i] else 0.0
        for fn, value in (("cos", a), ("sin", b)):
            if kind in (fn, "both"):
                terms.append(ModelTerm(fn, value * unit, float(frequency[i]), 0.0, float(se[place]), width))
                place += 1
    return terms


def _agreement(fit: Fit, terms: Sequence[ModelTerm], trend: Floats, fitted: int) -> float:
    """The F test's probability that the form leaves as much more than the free fit by chance; 1 within rounding."""
    x = fit.times.x
    residual = fit.y - np.polynomial.polynomial.polyval(2 * fit.times.t, trend if trend.size else [0.0])
    for term in terms:
        wave = np.cos if term.fn == "cos" else np.sin
        residual = residual - term.amplitude * wave(2 * np.pi * term.frequency * x + term.phase)
    weights = np.ones(1) if fit.weights is None else fit.weights
    scaled, free = residual / fit.unit, fit.residual / fit.unit
    rss, least = float(np.sum(weights * scaled**2)), float(np.sum(weights * free**2))
    if rss < EXACT * float(np.sum((fit.y / fit.unit) ** 2)):
        return 1.0
    more = fit.point.parameters - fitted
    if more <= 0 or rss <= least:
        return 1.0
    return f_test((rss - least) / more / (least / fit.errors.freedom), more, fit.errors.freedom) if least > 0 else 0.0


def template(fit: Fit, kinds: Sequence[Kind], fixed: int) -> ModelForm:
    """The fit with one tone for each of `kinds`; the tones at the first `fixed` frequencies keep their place.

    The tones are given to the kinds in the order that leaves out least of them, the larger first where orders tie, and
    then refitted with the phases that the kinds prescribe.
    """
    problem, mean = _problem(fit)
    origin = fit.times.centre / fit.times.length
    left = sorted(range(fixed, len(fit.tones)), key=lambda i: -fit.tones[i].amplitude)
    orders = permutations(left) if len(left) <= ORDERED else [tuple(left)]
    best = min(orders, key=lambda order: sum(_lost(fit, i, kind) for i, kind in zip(order, kinds[fixed:], strict=True)))
    places = [*range(fixed), *best]
    shape = Shape(tuple(kinds), (False,) * fixed + (True,) * len(best), origin)
    point = refine(problem, fit.point.f[places], fit.highest, shape)
    se = np.sqrt(np.diag(inverse(point.gram))) * fit.sigma
    k = len(point.linear)
    se = np.concatenate([se[:k], se[k:] / fit.unit / fit.times.length])
    trend = point.wave[: problem.trend] * fit.unit
    trend[:1] += mean
    parts = iter(_terms(point, shape, point.f / fit.times.length, problem.trend, origin, fit.unit, se))
    terms = [_with_phase(next(parts), next(parts)) if kind == "both" else next(parts) for kind in kinds]
    return ModelForm(terms, trend, _agreement(fit, terms, trend, point.parameters))


def _with_phase(cosine: ModelTerm, sine: ModelTerm) -> ModelTerm:
    """The two as one cosine."""
    a, b = cosine.amplitude, sine.amplitude
    return ModelTerm("cos", hypot(a, b), cosine.frequency, -atan2(b, a), cosine.se_amplitude, cosine.se_frequency)


def _lost(fit: Fit, i: int, kind: Kind) -> float:
    """The part of a tone's power that a kind cannot have, in steps that noise does not decide."""
    tone = fit.tones[i]
    part = {"sin": tone.a, "cos": tone.b, "both": 0.0}[kind]
    noise = max(NEAR * tone.se_amplitude, ROUNDING * tone.amplitude)
    return 0.0 if abs(part) < noise else part**2
