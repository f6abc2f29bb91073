"""The words and tables of a fit: what was found, how sure it is, what to beware of, what was read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import cos, pi, sin, sqrt

import numpy as np

from nabla.answer.document import Block, Cell, Column, Note, Prose, Table, quoted
from nabla.labs.fit.harmonics import Harmonics
from nabla.labs.fit.names import names_of
from nabla.labs.fit.programs import with_error
from nabla.read.data import Data
from nabla.sinusoid.count import LEVEL
from nabla.sinusoid.errors import FittedTone
from nabla.sinusoid.faults import ValueFault
from nabla.sinusoid.fit import TRENDS, WITHIN, Fit, Task
from nabla.sinusoid.forms import Refusal
from nabla.sinusoid.times import Floats, Times
from nabla.write.notation import decimals, percent

DOUBTFUL = (1e-3, 5e-2)  # false-alarm probabilities between which a count is uncertain
TOLD_UNASKED = ("blurred", "chance", "doubtful", "twins", "misfit", "trend")
ROUNDED = 1e-12  # of a frequency: a smaller error is rounding
NEARLY_ONE = 0.95  # of a cycle in the record, below which one is not seen whole
DIGITS = 1e-9  # of the values: a smaller residual is rounding
ROUNDING = 1e-9  # of the largest value: a smaller trend is rounding
HALF_WHOLE = "The frequencies are whole numbers; the amplitudes are not, or not surely."

# The question of the first visit: 100 samples of three sinusoids, to ten digits.
_X = [i / 100 for i in range(100)]
_Y = [-5 * sin(20 * pi * x) + 4 * cos(10 * pi * x) + 2 * sin(6 * pi * x) for x in _X]
EXAMPLE = "x = [{}]\ny = [{}]".format(",".join(f"{x:g}" for x in _X), ",".join(f"{y:.10g}" for y in _Y))


def cycles(data: Data) -> str:
    """The unit of frequency that belongs to the unit of the axis."""
    known = {"s": "Hz", "ms": "kHz", "us": "MHz", "µs": "MHz", "": f"cycles per unit of {names_of(data).x}"}
    return known.get(data.x_unit, f"cycles per {data.x_unit}")


def polynomial(found: Fit, coefficients: Floats) -> tuple[list[float], list[float]]:
    """The trend as coefficients of 1, x, x^2 from those of the powers of 2t, and their standard errors."""
    size = coefficients.size
    inner = np.polynomial.Polynomial([-2 * found.times.centre / found.times.length, 2 / found.times.length])
    powers = np.zeros((size, size))
    for i in range(size):
        powers[: i + 1, i] = (inner**i).coef[: i + 1]
    covariance = powers @ found.errors.covariance[:size, :size] @ powers.T
    kept = [float(v) for v in powers @ coefficients]
    if np.all(np.abs(coefficients) < ROUNDING * found.unit):
        kept = []
    return kept, [sqrt(max(float(v), 0.0)) * found.unit for v in np.diag(covariance)][: len(kept)]


def summary(found: Fit, data: Data) -> Prose:
    """What is left, and of a record without sinusoids how near the strongest candidate is; in a sentence or two."""
    unit = f" {quoted(data.y_unit)}" if data.y_unit else ""
    rms = f"What is left has a root mean square of ${decimals(found.rms, 3)}${unit}."
    if is_rounding(found) and not is_exact(found):
        rms = rms.removesuffix(".") + ", no more than the last decimal of the values hides."
    if is_exact(found):
        rms = (
            f"The data are reproduced to rounding: the root mean square of what is left is ${decimals(found.rms, 2)}$."
        )
    if not found.tones:
        alarm = found.path.alarms[0] if found.path.alarms else 1.0
        told = f"The strongest candidate would appear in {percent(alarm)} % of records of pure noise, where below "
        told += f"{100 * LEVEL:g} % would count. "
        return Prose(f"{told if alarm < 1 else ''}{rms}")
    return Prose(rms)


def explained(found: Fit) -> str:
    """How many sinusoids there are, and what share of the variance they explain."""
    if not found.tones:
        return "No sinusoid is significant"
    one = len(found.tones) == 1
    count = "One sinusoid" if one else f"{len(found.tones)} sinusoids"
    trend = "" if found.trend < 2 else f" with a {TRENDS[found.trend]} trend"
    # Outliers, which the fit holds back, have no variance to explain.
    weights = np.ones_like(found.y) if found.weights is None else found.weights
    scaled = found.y / found.unit
    around = scaled - np.average(scaled, weights=weights) if found.trend else scaled
    variance = float(weights @ around**2)
    share = 1 - float(weights @ (found.residual / found.unit) ** 2) / variance if variance else 0.0
    if share <= 0:
        return f"**{count}{trend}** {'leaves' if one else 'leave'} as much as there was"
    beside = "" if found.weights is None else " beside the outliers"
    return f"**{count} {'explains' if one else 'explain'}** {_share(share)} of the variance{beside}{trend}"


def listed(found: Fit, most: int = 8) -> str:
    """The frequencies and the amplitudes, the strongest first, as the end of a sentence in place of a long formula."""
    tones = sorted(found.tones, key=lambda tone: -tone.amplitude)
    more = f", and {len(tones) - most} more" if len(tones) > most else ""
    frequencies = ", ".join(f"${decimals(tone.frequency, 4)}$" for tone in tones[:most])
    amplitudes = ", ".join(f"${decimals(tone.amplitude, 3)}$" for tone in tones[:most])
    return f". By size they have the frequencies {frequencies}{more}, and the amplitudes {amplitudes}"


def period(found: Fit, data: Data, group: Harmonics | None) -> str:
    """The period of the strongest sinusoid, or of the cycle whose harmonic it is, for the end of a sentence."""
    if not found.tones:
        return ""
    tone = max(found.tones, key=lambda tone: tone.amplitude)
    cycle = group is not None and any(member is tone for _, member in group.members)
    frequency, se = (group.frequency, group.se) if group and cycle else (tone.frequency, tone.se_frequency)
    length = 1 / frequency
    shown = with_error(length, se * length**2) if se > ROUNDED * frequency else decimals(length, 6)
    whose = "its period is" if len(found.tones) == 1 else "the strongest has a period of"
    if group and cycle:
        all_of = "they are" if len(group.members) == len(found.tones) else f"{len(group.members)} of them are"
        whose = f"{all_of} harmonics of one cycle with a period of"
    return f"; {whose} ${shown}$ {quoted(data.x_unit)}".rstrip()


def is_exact(found: Fit) -> bool:
    """Whether what is left is rounding of floating-point numbers."""
    square = float(np.sum((found.y / found.unit) ** 2))
    return float(np.sum((found.residual / found.unit) ** 2)) < (DIGITS**2) * square


def is_rounding(found: Fit) -> bool:
    """Whether what is left is no more than the last decimal of the values hides, which is not white noise."""
    return is_exact(found) or (found.rms / found.unit) ** 2 <= WITHIN * found.rounding


def _share(share: float) -> str:
    return "all" if share > 1 - 1e-12 else f"{100 * share:.{3 if share > 0.999 else 1}f} %"


def tones(found: Fit, data: Data, group: Harmonics | None) -> Table:
    """The sinusoids with their standard errors, the harmonics of one cycle in one row."""
    columns = [
        Column("Frequency", cycles(data), "right"),
        Column("Period", data.x_unit, "right"),
        Column("Amplitude", data.y_unit, "right"),
        Column("Phase at x = 0", "rad", "right"),
        Column("False alarm", "", "right"),
    ]
    rows: list[list[Cell]] = []
    of_group = [tone for _, tone in group.members] if group else []
    if group:
        rows.append(
            [
                f"${with_error(group.frequency, group.se)}$ · {', '.join(map(str, group.multiples))}",
                f"${with_error(group.period, group.se * group.period**2)}$",
                *("; ".join(column) for column in zip(*(_cells(tone) for tone in of_group), strict=True)),
            ]
        )
    for tone in sorted(found.tones, key=lambda tone: -tone.amplitude):
        if any(tone is member for member in of_group):
            continue
        length = 1 / tone.frequency
        rows.append(
            [
                f"${with_error(tone.frequency, tone.se_frequency)}$",
                f"${with_error(length, tone.se_frequency * length**2)}$",
                *_cells(tone),
            ]
        )
    t = found.errors.t95
    caption = (
        f"Amplitude · cos(2π · frequency · x + phase), ± one standard error; {t:.3g} of them make a 95 % interval. "
        "False alarm: how often pure noise would show as strong a sinusoid."
    )
    return Table(columns, rows, caption)


def _cells(tone: FittedTone) -> tuple[str, str, str]:
    """Amplitude, phase and false alarm of a sinusoid."""
    return (
        f"${with_error(tone.amplitude, tone.se_amplitude)}$",
        f"${with_error(tone.phase, tone.se_phase)}$" if tone.se_phase < pi / 2 else "undetermined",
        f"${decimals(tone.false_alarm, 2)}$" if tone.false_alarm > 1e-300 else "0",
    )


def why_not_whole(refusal: Refusal) -> str:
    """Why there are no whole numbers, in a sentence."""
    f = f"${decimals(refusal.frequency, 6)}$"
    return {
        "none": "There is no sinusoid, so there are no whole numbers.",
        "blurred": f"No whole numbers: the frequency {f} has a standard error of ${decimals(refusal.figure, 2)}$, "
        "so that more than one whole number may be meant.",
        "apart": f"No whole numbers: the frequency {f} lies {refusal.figure:.3g} standard errors from the nearest one.",
        "zero": f"No whole numbers: the frequency {f} would round to 0.",
        "twins": f"No whole numbers: two sinusoids would both get the frequency {f}.",
        "doubtful": f"No whole numbers: the sinusoid at {f} has a false-alarm probability of "
        f"{percent(refusal.figure)} %, and noise is near a whole number as easily as not.",
        "trend": "No whole numbers: the record is so short that a slow sinusoid may hide in the trend.",
        "chance": "The frequencies are near whole numbers, but that may well be chance. Ask for integers to have them.",
        "misfit": "Whole numbers are near, but the formula with them would leave more than chance allows.",
    }[refusal.code]


def cautions(found: Fit, data: Data, counted: bool) -> list[tuple[str, str]]:
    """What the reader should know: code and sentence."""
    told: list[tuple[str, str]] = []
    if data.dropped:
        rows = sum(d.rows for d in data.dropped)
        first = data.dropped[0]
        told.append(
            ("rows-dropped", f"{rows:,} of {data.rows:,} rows were left out, the first: {quoted(first.example)}.")
        )
    alarms = found.path.alarms
    if not found.tones and counted:
        told.append(("nothing", "No sinusoid stands out of the noise."))
    last = found.searched - 1
    near = [alarms[i] for i in (last, last + 1) if 0 <= i < len(alarms) and DOUBTFUL[0] < alarms[i] < DOUBTFUL[1]]
    if counted and near:
        told.append(
            (
                "count-uncertain",
                f"Their number is uncertain: one has a false-alarm probability of {percent(near[0])} %.",
            )
        )
    unit = cycles(data)
    for tone, bins in zip(found.tones, found.point.f, strict=True):
        if bins < NEARLY_ONE:
            told.append(
                (
                    "below-one-cycle",
                    f"The sinusoid at {tone.frequency:.3g} {unit} has only {bins:.2g} cycles in the record.",
                )
            )
        if found.times.place is not None and found.times.nyquist - bins < 0.5:
            message = (
                f"At {tone.frequency:.6g} {unit}, half the sampling rate, amplitude and phase cannot be told apart."
            )
            told.append(("indistinct", message))
    told += _close(found, unit)
    if found.ar1 and not is_rounding(found):
        told.append(
            (
                "red-noise",
                f"What is left is noise with a memory: neighbours one step apart correlate by {found.ar1:.2f}. Each "
                "sinusoid was tested against such noise; slow wandering that it explains is not counted.",
            )
        )
    elif found.errors.coloured and not is_rounding(found):
        told.append(
            (
                "coloured",
                "What is left is not white noise. The errors are taken from the noise around each sinusoid; the count "
                "is one for white noise, so that some sinusoids may be noise too.",
            )
        )
    if found.weights is not None:
        held = int(np.count_nonzero(found.weights < 0.5))
        told.append(("outliers", f"{held:,} of {found.times.n:,} values weigh less than half, as outliers."))
    if found.times.place is None and found.highest > found.times.nyquist * 1.01:
        limit = found.highest / found.times.length
        told.append(("aliases", f"The sampling is uneven; frequencies up to {limit:.4g} {unit} were searched."))
    return told


def _close(found: Fit, unit: str) -> list[tuple[str, str]]:
    told = []
    first = len(found.point.linear)
    free = [i for i, is_free in enumerate(found.shape.free) if is_free]
    for (m, i), (n, j) in combinations(enumerate(free), 2):
        if abs(found.point.f[i] - found.point.f[j]) < 1:
            block = found.errors.covariance[np.ix_([first + m, first + n], [first + m, first + n])]
            correlation = block[0, 1] / sqrt(block[0, 0] * block[1, 1])
            pair = f"{found.tones[i].frequency:.5g} and {found.tones[j].frequency:.5g} {unit}"
            told.append(
                (
                    "close-tones",
                    f"{pair} are less than one bin apart; their errors are correlated by {correlation:.2f}.",
                )
            )
    return told


def notes(found: Fit, task: Task, data: Data) -> list[Note]:
    """Remarks with something to try: another count, the aliases, harmonics, outliers."""
    added: list[Note] = []
    count, alarms = found.searched, found.path.alarms
    if task.count is None and found.next_alarm is not None:
        text = f"One more would have a false-alarm probability of {percent(found.next_alarm)} %."
        added.append(Note(text, inputs={"tones": str(count + 1)}, action=f"Show {count + 1}"))
    if task.count is None and count and alarms[count - 1] > DOUBTFUL[0]:
        text = f"The last one has a false-alarm probability of {percent(alarms[count - 1])} %."
        added.append(Note(text, inputs={"tones": str(count - 1)}, action=f"Show {count - 1}"))
    unit = cycles(data)
    if found.times.place is not None and found.tones:
        rate = 1 / found.times.step
        f = max(found.tones, key=lambda tone: tone.amplitude).frequency
        others = ", ".join(f"{g:.6g}" for g in (rate - f, rate + f, 2 * rate - f))
        text = f"Sampled every {found.times.step:.6g}, {f:.6g} {unit} looks the same as {others}, ...: its aliases."
        added.append(Note(text))
    wide = np.abs(found.residual) > 5 * 1.4826 * np.median(np.abs(found.residual))
    if found.weights is None and task.robust is False and np.count_nonzero(wide) > found.times.n // 100:
        text = f"{np.count_nonzero(wide):,} values lie far from the rest."
        added.append(Note(text, tone="tip", inputs={"robust": "on"}, action="Hold outliers back"))
    return added


def unusual(found: Sequence[tuple[ValueFault, float]]) -> list[tuple[str, str]]:
    """What the values have that no smooth curve is made for."""
    told: list[tuple[str, str]] = []
    for code, figure in found:
        told.append(
            (
                code,
                {
                    "many-zeros": f"{percent(figure)} % of the values are exactly 0, the others lie to one side. Such "
                    "data, rain or counts of rare events, are no sum of sinusoids and noise; a cycle in them is one in "
                    "how often and how much.",
                    "clipped": f"Many values stand at {figure:.6g}, as if cut off there. The sinusoids below bend to "
                    "the flat parts: amplitudes are too small and harmonics too many.",
                    "step-like": f"The values stay the same and jump {figure:.0f} times. A step is no sinusoid: it "
                    "takes many, each of which explains a little.",
                    "few-levels": f"The values take only {figure:.0f} levels; errors below half a level mean nothing.",
                }[code],
            )
        )
    return told


def only_sinusoids() -> Note:
    """The offer under a curve of another shape."""
    return Note("Sinusoids alone can be fitted too.", inputs={"models": "sinusoids"}, action="Fit sinusoids")


def offers(found: Fit, panel: str) -> list[Note]:
    """The panels that can be asked for."""
    if not found.tones:
        return []
    proof = Note(
        "Are these errors right? Records like yours can be simulated and fitted again.",
        tone="tip",
        inputs={"panel": "proof"},
        action="Simulate",
    )
    descent = Note(
        "Gradient descent would not find this. It can be watched failing on your data.",
        tone="tip",
        inputs={"panel": "descent"},
        action="Try descents",
    )
    return [note for note in (proof, descent) if note.inputs["panel"] != panel]


def as_read(data: Data, times: Times) -> Prose:
    """What was read, in a sentence."""
    x = _column(data.x_name, data.x_unit) if data.chosen[0] else "the row number"
    unit = f" {quoted(data.x_unit)}" if data.x_unit else ""
    step = "uneven times" if times.kind == "uneven" else f"every {times.step:.6g}{unit}"
    left = len(data.others)
    more = f"; {left} more {'column is' if left == 1 else 'columns are'} not used" if left else ""
    return Prose(f"Read: x is {x}, y is {_column(data.y_name, data.y_unit)}, {data.x.size:,} rows, {step}{more}.")


def understood(data: Data, times: Times) -> list[Block]:
    """How the text was read, and which other columns there are."""
    sampling = {
        "even": f"every {times.step:.6g}",
        "holes": f"every {times.step:.6g}, {times.holes:,} places empty",
        "uneven": f"uneven, {times.step:.6g} on average",
    }[times.kind]
    rows: list[list[Cell]] = [
        ["x", _column(data.x_name, data.x_unit) + (f", from {data.start}" if data.start else "")],
        ["y", _column(data.y_name, data.y_unit)],
        ["Rows", f"{data.x.size:,} of {data.rows:,}"],
        ["x from, to", f"{data.x[0]:.6g}, {data.x[-1]:.6g}"],
        ["Sampling", sampling],
    ]
    rows += [[f"Left out: {d.reason}", f"{d.rows:,}, the first: {quoted(d.example)}"] for d in data.dropped]
    made: list[Block] = [Table([Column("What"), Column("As read")], rows)]
    if data.remarks:
        made.append(Prose(" ".join(data.remarks)))
    for i in data.others[:3]:
        text = f"There is another column: {quoted(data.columns[i - 1])}."
        made.append(Note(text, inputs={"columns": f"{data.chosen[0]}, {i}"}, action="Fit that one"))
    return made


def _column(name: str, unit: str) -> str:
    return quoted(name) + (f" [{quoted(unit)}]" if unit else "")
