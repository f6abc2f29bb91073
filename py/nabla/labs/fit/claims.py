"""The asker's own numbers, amplitude = 5, frequency = 4 Hz, judged by the fit; and where a wrong one comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, pi, remainder, sqrt
from typing import Any

import sympy as sp

from nabla.answer.document import Document, Note
from nabla.labs.fit.asked_quantities import KNOWN, LENGTHS, AskedQuantities, FittedModel
from nabla.labs.fit.quantities import told_of_model
from nabla.read.data import Data
from nabla.read.data.rate import unit_size
from nabla.sinusoid.errors import FittedTone
from nabla.write.notation import decimals

NEAR = 0.02  # of a value: a claim that is as near as this is right, whatever the errors
ERRORS = 3.0  # standard errors within which a claim is right
MISTAKEN = 0.03  # of a value, within which a wrong number is explained
_CLAIM = re.compile(r"([a-z][\w -]*?)\s*=\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*([^\s\d,;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claimable:
    """A number of the fit with its standard error, and the numbers that people have for it by mistake."""

    value: float
    se: float
    mistakes: tuple[tuple[str, float, str], ...] = ()


Lookup = Callable[[str, float, str], tuple[Claimable, float] | None]


def judge(document: Document, text: str, nearest: Lookup) -> str:
    """Judge the claims of a text into the document; the beginning of the sentence that answers, "" without claims.

    `nearest` gives what a claim of that name, number and unit is about, and the size of the unit.
    """
    told, judged = [], []
    for name, number, unit in _CLAIM.findall(text):
        found = nearest(name.strip(), float(number), unit)
        if found is None:
            continue
        quantity, scale = found
        claim, value = float(number), quantity.value / scale
        near = _last_place(number) if name.strip() == "R2" else NEAR * abs(value)
        right = abs(claim - value) <= max(near, ERRORS * quantity.se / scale)
        shown = f"${decimals(value, 5)}${f' {unit}' if unit else ''}"
        words = f"{name.strip()} {number}{f' {unit}' if unit else ''}"
        rules: list[dict[str, str]] = []
        if right:
            sure = abs(claim - value) <= ERRORS * quantity.se / scale or quantity.se == 0 or near < NEAR * abs(value)
            told.append(f"Your {words} is right, within {'the errors' if sure else '2 %'}: {shown}")
        else:
            mistakes = [m for m in quantity.mistakes if abs(claim - m[1] / scale) <= MISTAKEN * abs(m[1] / scale)]
            why = f"; {number} is {mistakes[0][2]}" if mistakes else ""
            told.append(f"Your {words} is not right: it is {shown}{why}")
            rules = [{"id": rule, "rule": said, "gives": number} for rule, _, said in mistakes[:1]]
        verdict = "right" if right else "wrong"
        judged.append({"text": words, "verdict": verdict, "mistakes": rules, "whose": "asker"})
        document.add(Note(f"{told[-1]}.", tone="tip" if right else "warning"))
    if not judged:
        return ""
    judged = [*document.values.get("claims", []), *judged]
    first: dict[str, Any] = next((claim for claim in judged if claim["verdict"] == "wrong"), judged[0])
    document.values.update(claims=judged, claim={"verdict": first["verdict"], "mistakes": first["mistakes"]})
    return ". ".join(told) + ". "


def _last_place(number: str) -> float:
    """One unit of the last digit of a number as written."""
    return float(10.0 ** -len(number.partition(".")[2]))


def of_tones(tones: Sequence[FittedTone], offset: float, data: Data) -> Lookup:
    """What claims about sinusoids are about: of several the one whose value is nearest."""
    return lambda name, claim, unit: _nearest(name.lower(), claim, unit, tones, offset, data)


def of_model(fitted: FittedModel) -> Lookup:
    """What claims about a fitted formula are about: a parameter, or what follows from them."""

    def nearest(name: str, claim: float, unit: str) -> tuple[Claimable, float] | None:
        names = fitted.model.names
        scale = _scale("period" if name in LENGTHS else name, unit, fitted.data)
        if name in names:
            value, se = (float(v[names.index(name)]) for v in (fitted.found.parameters, fitted.found.se))
            if unit.lower().endswith("hz") and _is_angular(fitted, name):
                mistakes = (("two-pi", value, "the angular frequency, in radians, which the model counts"),)
                return Claimable(value / (2 * pi), se / (2 * pi), mistakes), _scale("frequency", unit, fitted.data)
            return Claimable(value, se, _confused(value)), 1.0
        quantity = KNOWN.get(name.lower())
        if quantity is None:
            return None
        told = told_of_model(AskedQuantities((quantity,)), fitted, set()).values.get(quantity)
        return (Claimable(told["value"], told["se"], _confused(told["value"], name)), scale) if told else None

    return nearest


def _is_angular(fitted: FittedModel, name: str) -> bool:
    """Whether a parameter multiplies the axis in a sine or cosine without a factor of 2 pi."""
    axis, expr = fitted.model.axis, fitted.model.expr
    slopes = {str(sp.diff(wave.args[0], axis)) for wave in expr.atoms(sp.sin, sp.cos) if wave.has(axis)}
    return slopes == {name}


def _confused(value: float, name: str = "") -> tuple[tuple[str, float, str], ...]:
    """Other numbers that people have for a parameter, a rate or a length of time."""
    found: tuple[tuple[str, float, str], ...] = (("sign", -value, "its negative"),)
    if not value:
        return found
    if name == "R2":
        return (("root", sqrt(abs(value)), "its root, the correlation $r$"),)
    inverse = {"rate": "the time constant, the inverse of the rate", "time constant": "the rate, its inverse"}
    found += (("inverse", 1 / value, inverse.get(name, "its inverse")),)
    if name in ("half-life", "doubling time"):
        found += (("missing-factor", value / log(2), "the time constant; times $\\ln 2$ it is this"),)
    if name == "time constant":
        found += (("missing-factor", value * log(2), "the half-life; over $\\ln 2$ it is this"),)
    return found


def _nearest(
    name: str, claim: float, unit: str, tones: Sequence[FittedTone], offset: float, data: Data
) -> tuple[Claimable, float] | None:
    """The quantity of that name, of several sinusoids that whose value is nearest; and the size of the unit claimed."""
    if name in ("offset", "mean", "midline", "baseline"):
        return Claimable(offset, 0.0), 1.0
    if name == "phase":
        return _phase(claim, unit, tones)
    quantities = [made for tone in tones if (made := _quantity(name, tone))]
    scale = _scale(name, unit, data)
    nearest = min(quantities, key=lambda q: abs(q.value / scale - claim), default=None)
    return (nearest, scale) if nearest else None


def _phase(claim: float, unit: str, tones: Sequence[FittedTone]) -> tuple[Claimable, float] | None:
    """The phase at x = 0, of a cosine or of a sine: whichever the claim is nearer to, less whole turns."""
    scale = pi / 180 if unit.lower().startswith("deg") or unit == "°" else 1.0
    known = [(tone.phase + shift, tone.se_phase) for tone in tones for shift in (0.0, pi / 2)]
    if not known:
        return None
    turned = [(claim * scale + remainder(phase - claim * scale, 2 * pi), se) for phase, se in known]
    phase, se = min(turned, key=lambda item: abs(item[0] - claim * scale))
    return Claimable(phase, se), scale


def _quantity(name: str, tone: FittedTone) -> Claimable | None:
    f, a, period = tone.frequency, tone.amplitude, 1 / tone.frequency
    mistakes: tuple[tuple[str, float, str], ...]
    turning = "the angular frequency, $2\\pi$ times the frequency in cycles"
    if name in ("frequency", "freq"):
        mistakes = (("two-pi", 2 * pi * f, turning), ("inverse", period, "the period, the inverse of the frequency"))
        return Claimable(f, tone.se_frequency, mistakes)
    if name in ("angular frequency", "omega"):
        return Claimable(2 * pi * f, 2 * pi * tone.se_frequency, (("two-pi", f, "the frequency in cycles"),))
    if name == "period":
        mistakes = (
            ("inverse", f, "the frequency, the inverse of the period"),
            ("two-pi", 1 / (2 * pi * f), "the inverse of the angular frequency"),
            ("half", period / 2, "half of it, as from a maximum to the next minimum"),
            ("two-pi", 2 * pi * f, turning),
        )
        return Claimable(period, tone.se_frequency * period**2, mistakes)
    if name == "amplitude":
        mistakes = (
            ("peak-to-peak", 2 * a, "the distance from the lowest to the highest point, twice the amplitude"),
            ("root-mean-square", a / sqrt(2), "the root mean square, the amplitude over $\\sqrt2$"),
            ("one-half", a / 2, "half of it, as one half of a full spectrum shows it"),
        )
        return Claimable(a, tone.se_amplitude, mistakes)
    if name == "peak-to-peak":
        return Claimable(2 * a, 2 * tone.se_amplitude, (("peak-to-peak", a, "the amplitude, half of it"),))
    return None


def length_of(unit: str, data: Data) -> float:
    """The size of a unit of time in the unit of the axis, 1 where either is not known."""
    return _scale("period", unit, data)


def _scale(name: str, unit: str, data: Data) -> float:
    """The size of the unit of a claim in the unit of the data: 1 where either is not known."""
    own = unit_size({"a": "year"}.get(data.x_unit, data.x_unit)) if data.x_unit else None
    if name == "period":
        size = unit_size(unit)
        return size / own if size and own else 1.0
    if name in ("frequency", "freq") and unit.lower().endswith("hz"):
        times = {"hz": 1.0, "khz": 1e3, "mhz": 1e6}.get(unit.lower(), 1.0)
        return times * own if own else 1.0
    return 1.0
