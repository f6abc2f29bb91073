"""fit with decay: sinusoids that die away, their frequencies, decays, amplitudes and errors."""

from __future__ import annotations

from math import hypot, log, pi

import numpy as np

from nabla.answer.document import Cell, Check, Code, Column, Document, Heading, Math, Note, Plot, Prose, Table, quoted
from nabla.answer.marks import Axis, Dots, Line
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.fit.asked_quantities import ToldQuantities, read_asked, warn_of_missing
from nabla.labs.fit.blocks import cycles, understood
from nabla.labs.fit.checks import OPTIMUM
from nabla.labs.fit.damped_programs import programs, tex, text
from nabla.labs.fit.names import names_of
from nabla.labs.fit.programs import with_error
from nabla.labs.fit.sentence import conclude
from nabla.read.data import Data
from nabla.sinusoid.damped import SAMPLES, DampedFit, DampedTone, fit_damped
from nabla.sinusoid.errors import WHITE
from nabla.sinusoid.fit import TRENDS, Task
from nabla.sinusoid.times import Floats, Times
from nabla.write.notation import decimals

PER_CYCLE = 24
CURVE = 6000


def offer() -> Note:
    """The remark under a fit whose residual asks for decay."""
    return Note(
        "The strength of these sinusoids seems to change along the record. They can be fitted as ones that die away.",
        tone="tip",
        inputs={"damped": "on"},
        action="Let them decay",
    )


def answer_damped(inputs: Inputs, document: Document, data: Data, times: Times, task: Task) -> None:
    """Add the fit of damped sinusoids to the document."""
    if times.n > SAMPLES:
        message = f"Decay is fitted to at most {SAMPLES:,} samples; these are {times.n:,}."
        raise UserError("too-big", message, field="damped")
    trend = 1 if task.trend == "auto" else TRENDS.index(task.trend)
    highest = times.limit if task.highest is None else task.highest
    found = fit_damped(
        times, data.y, task.count, trend, min(highest, times.nyquist) if times.place is not None else highest
    )
    count = len(found.tones)
    what = "No damped sinusoid" if not count else "1 damped sinusoid" if count == 1 else f"{count} damped sinusoids"
    document.title = f"{what} in {times.n:,} samples"
    polynomial = _polynomial(found, times)
    start = float(data.x[0])
    rms = float(np.sqrt(np.mean(found.residual**2)))
    keys = ("frequency", "amplitude", "phase", "decay", "false_alarm")
    errors = ("se_frequency", "se_amplitude", "se_phase", "se_decay")
    document.values.update(
        tones=[
            {key: getattr(tone, key) for key in (*keys, *errors)}
            for tone in sorted(found.tones, key=lambda tone: tone.frequency)
        ],
        offset=polynomial[0] if polynomial else 0.0,
        trend={"degree": TRENDS[trend], "coefficients": polynomial},
        residual_rms=rms,
        form=[],
        formula=text(found.tones, polynomial, start),
        n=times.n,
        sampling=times.kind,
        noise=found.sigma,
    )
    names = names_of(data)
    shown = tex(found.tones, polynomial, start, names.x_tex)
    document.add(
        Prose(f"**{what}.** What is left has a root mean square of ${decimals(rms, 3)}$."),
        Math(f"{names.y_tex} = {shown}", text=f"y = {document.values['formula']}", role="result"),
    )
    told = _asked(inputs, document, found, data)
    conclude(document, what + _slower(found, data), f"{names.y_tex} = {shown}", names.since, told)
    if found.tones:
        document.add(_table(found, data))
    document.add(
        *_plots(found, data, times, polynomial), Heading("Checks", role="checks"), *_checks(found, data, polynomial)
    )
    note = Note(
        "Without decay, the same data are a sum of steady sinusoids.", inputs={"damped": "off"}, action="Fit without"
    )
    document.add(note, Code(programs(found.tones, polynomial, start), title="The same as a program"))
    document.add(Heading("What was read", role="reading"), *understood(data, times))


def _slower(found: DampedFit, data: Data) -> str:
    """The frequency of the strongest and how fast it dies away, for the end of a sentence."""
    if not found.tones:
        return ""
    tone = max(found.tones, key=lambda tone: tone.amplitude)
    unit = f" {quoted(data.x_unit)}" if data.x_unit else ""
    whose = "its" if len(found.tones) == 1 else "the strongest has the"
    said = f"; {whose} frequency {'is ' if whose == 'its' else ''}${with_error(tone.frequency, tone.se_frequency)}$ "
    said += cycles(data)
    if not _dies(tone):
        return said
    falls = with_error(1 / tone.decay, tone.se_decay / tone.decay**2)
    return f"{said}, and it falls to 1/e in ${falls}${unit}"


def _dies(tone: DampedTone) -> bool:
    """Whether a sinusoid surely dies away."""
    return tone.decay > 2 * tone.se_decay


def _asked(inputs: Inputs, document: Document, found: DampedFit, data: Data) -> str:
    """What else was asked of the strongest, in sentences; what it does not tell is warned of."""
    told = ToldQuantities()
    asked = inputs.read("asked", read_asked)
    tone = max(found.tones, key=lambda tone: tone.amplitude, default=None)
    known = _quantities(tone, data) if tone else {}
    said = ["frequency", "time constant"][: 1 + _dies(tone)] if tone else []  # by the sentence itself
    for name in asked.names:
        if name in known:
            words, value, se, unit = known[name]
            told.add(name, f"{words} ${with_error(value, se)}${unit}.", value, se)
        elif name not in said:
            told.missing.append(name)
    told.missing += [f"the value at {x:g}" for x in asked.at] + [f"where the curve reaches {y:g}" for y in asked.reach]
    document.values |= {"quantities": told.values} if told.values else {}
    warn_of_missing(document, told)
    return " ".join(told.sentences)


def _quantities(tone: DampedTone, data: Data) -> dict[str, tuple[str, float, float, str]]:
    """What a damped sinusoid tells by name: the words before a value, the value, its standard error and its unit."""
    unit = f" {quoted(data.x_unit)}" if data.x_unit else ""
    per = f" per{unit}" if unit else ""
    turning, slack = 2 * pi * tone.frequency, 2 * pi * tone.se_frequency
    whole = hypot(tone.decay, turning)
    known = {
        "rate": ("The rate of decay is", tone.decay, tone.se_decay, per),
        "damping ratio": (r"The damping ratio is $\zeta =$", tone.decay / whole, tone.se_decay / whole, ""),
        "amplitude": ("The amplitude at the start is", tone.amplitude, tone.se_amplitude, ""),
        "angular frequency": ("The angular frequency is", turning, slack, f" rad{per}"),
    }
    if tone.decay:
        share = tone.se_decay / tone.decay
        quality, half = pi * tone.frequency / tone.decay, log(2) / tone.decay
        quality_se = quality * hypot(share, tone.se_frequency / tone.frequency)
        known["Q"] = (r"$Q = \pi f/d$ is", quality, quality_se, "")
        known["half-life"] = ("The half-life is", half, half * share, unit)
    return known


def _polynomial(found: DampedFit, times: Times) -> list[float]:
    """The trend as coefficients of 1, x, x^2 from those of the powers of 2t."""
    if not found.coefficients.size:
        return []
    inner = np.polynomial.Polynomial([-2 * times.centre / times.length, 2 / times.length])
    total = sum((c * inner**i for i, c in enumerate(found.coefficients)), np.polynomial.Polynomial([0.0]))
    return [float(v) for v in total.coef]


def _evaluated(found: DampedFit, polynomial: list[float], x: Floats, start: float) -> Floats:
    y = np.asarray(np.polynomial.polynomial.polyval(x, polynomial or [0.0]), dtype=np.float64)
    for tone in found.tones:
        y = y + tone.amplitude * np.exp(-tone.decay * (x - start)) * np.cos(2 * np.pi * tone.frequency * x + tone.phase)
    return y


def _table(found: DampedFit, data: Data) -> Table:
    columns = [
        Column("Frequency", cycles(data), "right"),
        Column("Decay", f"1/{data.x_unit}" if data.x_unit else f"per unit of {data.x_name}", "right"),
        Column("Falls to 1/e in", data.x_unit, "right"),
        Column("Amplitude at the start", data.y_unit, "right"),
        Column("Phase at x = 0", "rad", "right"),
        Column("False alarm", "", "right"),
    ]
    rows: list[list[Cell]] = [
        [
            f"${with_error(tone.frequency, tone.se_frequency)}$",
            f"${with_error(tone.decay, tone.se_decay)}$",
            f"${with_error(1 / tone.decay, tone.se_decay / tone.decay**2)}$"
            if tone.decay > 2 * tone.se_decay
            else "no decay seen",
            f"${with_error(tone.amplitude, tone.se_amplitude)}$",
            f"${with_error(tone.phase, tone.se_phase)}$",
            f"${decimals(tone.false_alarm, 2)}$" if tone.false_alarm > 1e-300 else "0",
        ]
        for tone in sorted(found.tones, key=lambda tone: -tone.amplitude)
    ]
    caption = "Amplitude · exp(-decay · (x - first x)) · cos(2π · frequency · x + phase), ± one standard error."
    return Table(columns, rows, caption)


def _plots(found: DampedFit, data: Data, times: Times, polynomial: list[float]) -> list[Plot]:
    axes = Axis(data.x_name, data.x_unit), Axis(data.y_name, data.y_unit)
    fastest = max((tone.frequency for tone in found.tones), default=1 / times.length)
    points = int(min(max(PER_CYCLE * fastest * times.length, 200), CURVE))
    x: Floats = np.linspace(data.x[0], data.x[-1], points, dtype=np.float64)
    fitted = Line(x, _evaluated(found, polynomial, x, float(data.x[0])), label="fit", color=1)
    count = len(found.tones)
    told = f"{times.n:,} samples and the fitted {'damped sinusoid' if count == 1 else f'sum of {count} damped ones'}."
    return [
        Plot([Dots(data.x, data.y, label="data"), fitted], told, *axes, title="Data and fit"),
        Plot([Dots(data.x, found.residual, label="residual")], "What the fit leaves.", *axes, title="Residuals"),
    ]


def _checks(found: DampedFit, data: Data, polynomial: list[float]) -> list[Check]:
    made = []
    if found.tones:
        figure = found.remaining
        made.append(
            Check(
                "No other values fit better",
                "one more Gauss-Newton step, in standard errors",
                "passed" if figure <= OPTIMUM else "failed",
                figure,
                OPTIMUM,
                test="optimum",
            )
        )
    square = float(found.residual @ found.residual)
    lag = float(found.residual[1:] @ found.residual[:-1]) / square * np.sqrt(data.x.size) if square else 0.0
    made.append(
        Check(
            "What is left is white noise",
            "correlation of neighbours, in standard deviations",
            "passed" if abs(lag) <= WHITE else "failed",
            abs(lag),
            WHITE,
            test="noise",
        )
    )
    off = data.y - _evaluated(found, polynomial, data.x, float(data.x[0])) - found.residual
    figure = float(np.abs(off).max() / np.abs(data.y).max())
    made.append(
        Check(
            "The formula is the fit",
            "largest difference of the formula in x from the fit, over the largest value",
            "passed" if figure <= 1e-9 else "failed",
            figure,
            1e-9,
            test="optimum",
        )
    )
    return made
