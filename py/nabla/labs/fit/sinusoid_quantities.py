"""What is asked of fitted sinusoids beside their formula: amplitude, frequency, phase, a value at a place."""

from __future__ import annotations

from math import degrees, pi

import numpy as np

from nabla.answer.document import quoted
from nabla.labs.fit.asked_quantities import AskedQuantities, ToldQuantities, near_one
from nabla.labs.fit.blocks import cycles
from nabla.labs.fit.harmonics import Harmonics
from nabla.labs.fit.names import names_of
from nabla.labs.fit.programs import CurveFormula, with_error
from nabla.read.data import Data
from nabla.read.data.rate import unit_size
from nabla.sinusoid.errors import FittedTone
from nabla.sinusoid.fit import Fit
from nabla.write.notation import decimals

FINE = 20_001  # places at which the curve is compared with itself


def told_of_sinusoids(
    asked: AskedQuantities, found: Fit, formula: CurveFormula, data: Data, group: Harmonics | None
) -> ToldQuantities:
    """Everything asked for that follows from fitted sinusoids: of several, for the strongest; of the cycle of which
    they are harmonics, how often it comes a minute.
    """
    told = ToldQuantities()
    tone = max(found.tones, key=lambda tone: tone.amplitude, default=None)
    x_unit, y_unit = (f" {quoted(unit)}" if unit else "" for unit in (data.x_unit, data.y_unit))
    whose = "" if len(found.tones) < 2 else " of the strongest"
    for name in asked.names:
        if name == "R2":
            y = found.y / found.unit
            share = 1 - float(np.sum((found.residual / found.unit) ** 2) / np.sum((y - y.mean()) ** 2))
            told.add(name, f"$R^2 = {near_one(share)}$.", share)
        elif name == "offset" and formula.polynomial:
            se = float(np.sqrt(found.errors.covariance[0, 0])) * found.unit
            told.add(
                name, f"The offset is ${with_error(formula.polynomial[0], se)}${y_unit}.", formula.polynomial[0], se
            )
        elif tone is None:
            told.missing.append(name)
        elif name == "amplitude":
            size = with_error(tone.amplitude, tone.se_amplitude)
            told.add(name, f"The amplitude{whose} is ${size}${y_unit}.", tone.amplitude, tone.se_amplitude)
        elif name == "frequency":
            size = with_error(tone.frequency, tone.se_frequency)
            text = f"The frequency{whose} is ${size}$ {cycles(data)}."
            told.add(name, text, tone.frequency, tone.se_frequency)
        elif name == "angular frequency":
            value, se = 2 * pi * tone.frequency, 2 * pi * tone.se_frequency
            unit = f" rad per{x_unit}" if x_unit else ""
            text = f"The angular frequency{whose} is $\\omega = 2\\pi f = {with_error(value, se)}${unit}."
            told.add(name, text, value, se)
        elif name == "phase":
            told.add(name, _phase(tone, whose, names_of(data).x_tex), tone.phase, tone.se_phase)
        elif name == "per minute" and (second := unit_size(data.x_unit)):
            frequency, se = (group.frequency, group.se) if group else (tone.frequency, tone.se_frequency)
            often = 60 / second
            size = with_error(often * frequency, often * se)
            told.add(name, f"That is ${size}$ a minute.", often * frequency, often * se)
        elif name in ("maximum", "minimum"):
            _extreme(told, name, formula, data)
        else:
            told.missing.append(name)
    for x in (*asked.at, *asked.beyond(data)):
        value = float(formula.at(np.array([x]))[0])
        names = names_of(data)
        first, last = float(data.x[0]), float(data.x[-1])
        beyond = "" if first <= x <= last else " That is outside of the data, and holds only if the cycle goes on."
        text = f"At ${names.x_tex} = {decimals(x, 6)}$ the curve is at ${decimals(value, 5)}${y_unit}.{beyond}"
        told.add(f"at {x:g}", text, value)
    told.missing += [f"where the curve reaches {y:g}" for y in asked.reach]
    return told


def _phase(tone: FittedTone, whose: str, x: str) -> str:
    """The phase of a sinusoid as that of a cosine, in radians and degrees, and of a sine."""
    radians = with_error(tone.phase, tone.se_phase)
    turned = with_error(degrees(tone.phase), degrees(tone.se_phase))
    sine = degrees((tone.phase + 3 * pi / 2) % (2 * pi) - pi)
    of_sine = with_error(sine, degrees(tone.se_phase))
    return (
        f"The phase{whose}, of a cosine at ${x} = 0$, is ${radians}$ rad or ${turned}°$; of a sine it is ${of_sine}°$."
    )


def _extreme(told: ToldQuantities, name: str, formula: CurveFormula, data: Data) -> None:
    """The highest or the lowest place of the curve within the data."""
    grid = np.linspace(float(data.x[0]), float(data.x[-1]), FINE)
    heights = formula.at(grid)
    place = int(np.argmax(heights) if name == "maximum" else np.argmin(heights))
    x_unit, y_unit = (f" {quoted(unit)}" if unit else "" for unit in (data.x_unit, data.y_unit))
    since = f" from {quoted(data.start)}" if data.start else ""
    text = (
        f"The {name} in the data is at ${names_of(data).x_tex} = {decimals(float(grid[place]), 4)}${x_unit}{since}, "
        f"where the curve is at ${decimals(float(heights[place]), 5)}${y_unit}."
    )
    told.add(name, text, float(grid[place]))
