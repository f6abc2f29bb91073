"""What a program that transforms its data shows of each sinusoid, and why its numbers are not those of the fit."""

from __future__ import annotations

import ast
import re
from math import pi

import numpy as np

from nabla.answer.document import Block, Cell, Column, Document, Heading, Note, Prose, Table
from nabla.labs.fit.fitting_call import FitProgram
from nabla.program.source import read
from nabla.read.data import Data
from nabla.sinusoid.errors import FittedTone
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.times import Floats
from nabla.write.notation import decimals

ON_A_BIN = 0.05  # bins from the nearest bin within which nothing leaks
WAVES = 6  # rows of the table of the spectrum
NEAR = 0.03  # of a number, within which it is taken for another
UNEVEN = ("lombscargle", "LombScargle")
POWERS = ("periodogram", "welch", "lombscargle", "LombScargle")
ANGLES = ("angle(", "phase(", "arctan2(", "atan2(")

Finding = tuple[str, int, str]


def spectrum_of(document: Document, program: FitProgram, found: Fit, data: Data) -> list[Block]:
    """The transform at each sinusoid, and what is found wrong in the program."""
    n, step = data.y.size, data.step
    spectrum = np.abs(np.fft.fft(data.y))
    rows: list[list[Cell]] = []
    for tone in sorted(found.tones, key=lambda tone: -tone.amplitude)[:WAVES]:
        at = tone.frequency * n * step
        k = round(at) % n
        cells = (at, spectrum[k], 2 * spectrum[k] / n, tone.amplitude)
        rows.append([str(k), *(f"${decimals(float(cell), 5)}$" for cell in cells)])
    heads = ("Bin", "Place in bins", "|FFT| there", "2/N of it", "Amplitude")
    blocks: list[Block] = [Heading("What the FFT shows")]
    if rows:
        blocks.append(Table([Column(head, "", "right") for head in heads], rows, f"N = {n:,} samples."))
    strongest = max(found.tones, key=lambda tone: tone.amplitude, default=None)
    findings = [*_of_period(program), *_of_record(program, found, data, spectrum)]
    if strongest is not None:
        findings = [*_of_numbers(program, strongest, data, spectrum), *findings]
    for kind, line, text in [*_of_axes(program, data), *_of_signal(program, found, data), *findings]:
        document.values.setdefault("findings", []).append({"kind": kind, "line": line})
        blocks.append(Note(text, tone="warning"))
    if program.foreign:
        text = "Elements count from 1 in MATLAB and bins from 0: element $k$ of the transform is bin $k - 1$."
        blocks.append(Prose(text))
    if strongest is not None and any(mark in program.code for mark in ANGLES):
        blocks.append(_phase(strongest))
    return blocks if len(blocks) > 1 else [Prose("The transform has no peak that stands out.")]


def _of_axes(program: FitProgram, data: Data) -> list[Finding]:
    """Frequency axes in other units: without the step, or with the rate in its place."""
    told: list[Finding] = []
    n = data.y.size
    for line, spacing in program.spacings:
        if spacing is None and data.step != 1:
            text = (
                f"The frequencies of line {line} have no step `d`: they count cycles per sample. The samples are "
                f"${decimals(data.step, 5)}$ apart: write `d={data.step:.5g}`."
            )
            told.append(("unit-step", line, text))
        elif spacing is not None and abs(spacing * data.step - 1) < 1e-6 and abs(spacing - data.step) > 1e-6:
            text = (
                f"Line {line} gives the sampling rate ${decimals(spacing, 5)}$ where the step belongs, its inverse: "
                f"write `d={data.step:.5g}`."
            )
            told.append(("spacing", line, text))
        elif spacing is not None and abs(spacing * n / (n - 1) - data.step) < 1e-9 * data.step:
            text = (
                f"The times are ${decimals(data.step, 6)}$ apart, not ${decimals(spacing, 6)}$ as line {line} says: "
                "`linspace` puts its last sample on the end, so that N samples have N - 1 steps between them. Write "
                "`endpoint=False`."
            )
            told.append(("spacing", line, text))
    if program.call.name in ("periodogram", "welch") and program.rate is None and data.step != 1:
        line = program.call.line
        text = (
            f"`{program.call.name}` in line {line} is not told how often samples were taken and counts cycles per "
            f"sample: write `fs={1 / data.step:.5g}`."
        )
        told.append(("unit-step", line, text))
    return told


def _printed(program: FitProgram) -> list[float]:
    """The numbers that the program printed."""
    printed = program.whole.evidence.printed if program.whole else []
    text = " ".join(str(entry.text) for entry in printed)
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", text)]


def _of_numbers(program: FitProgram, tone: FittedTone, data: Data, spectrum: Floats) -> list[Finding]:
    """What a printed number is, where it is not the frequency or amplitude that is meant."""
    n, line = data.y.size, program.call.line
    numbers = _printed(program)
    height = float(spectrum[1 : n // 2 + 1].max())
    bin_width = 1 / (n * data.step)

    def has(value: float, width: float) -> bool:
        return any(abs(number - value) <= max(width, NEAR * abs(value)) for number in numbers)

    told: list[Finding] = []
    if has(-tone.frequency, bin_width / 2) and has(tone.frequency, bin_width / 2):
        text = (
            f"A real signal has each sinusoid twice in the full FFT, at ${decimals(tone.frequency, 5)}$ and at "
            f"$-{decimals(tone.frequency, 5)}$: they are one. Look at the first half alone, or use `rfft`."
        )
        told.append(("both-halves", line, text))
    told += _of_drawn_halves(program, data) if not told else []
    told += _of_angles(program, tone)
    turning = 2 * pi * tone.frequency
    if not told and has(turning, pi * bin_width) and not has(tone.frequency, bin_width / 2):
        text = (
            f"${decimals(turning, 5)}$ is the angular frequency $\\omega = 2\\pi f$ in radians per unit of x; the "
            f"frequency is ${decimals(tone.frequency, 5)}$."
        )
        told.append(("two-pi", line, text))
    told += _of_window(program, tone, data, numbers)
    told += _of_bins(program, tone, data, numbers)
    drawn = _draws_heights(program)
    scaled = _scales(program, spectrum)
    power = program.call.name in POWERS
    # A transform inside of a function may be scaled there, where nobody sees it.
    silent = drawn or (not numbers and any(_is_raw(value, spectrum) for value in _arrays(program)))
    shows = has(height, 0) or has(height / n, 0) or (silent and not has(2 * height / n, 0))
    plain = program.code.lower().replace(" ", "")
    halved = any(f"/{size}" in plain for size in ("n", "len(", str(n)))
    two_sided = halved and "fftshift" in plain  # half an amplitude on either side, as both are shown
    if not power and not scaled and shows and not two_sided:
        cure = "Twice of what you have is the amplitude" if halved else "Multiply the half you plot by $2/N$"
        text = (
            f"The FFT of a sinusoid of amplitude $A$ has the height $A N/2$ in each of its two halves, here "
            f"${decimals(tone.amplitude, 4)} \\cdot {n}/2 = {decimals(tone.amplitude * n / 2, 4)}$. {cure}."
        )
        told.append(("amplitude-scale", line, text))
    return told


_ELEMENTWISE = frozenset("fft rfft abs absolute real imag sqrt square log log10 fftshift".split())
_DRAWS = frozenset("plot stem semilogy bar".split())


def _draws_heights(program: FitProgram) -> bool:
    """Whether a program draws the transform itself, and not only what it looks up in it; any drawing, where it is no
    Python.
    """
    heights: set[str] = set()

    def holds(value: ast.AST) -> bool:
        calls = {_name_of(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
        names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
        return calls <= _ELEMENTWISE and bool(calls & {"fft", "rfft"} or names & heights)

    if program.foreign:  # no Python: what it draws is not told from what it computes
        return bool(re.search(r"\b(?:plot|stem|semilogy|bar)\(", program.code))
    tree = read(program.code).tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and holds(node.value):
            heights |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    drawn = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name_of(node.func) in _DRAWS]
    return any(holds(arg) for call in drawn for arg in call.args)


def _name_of(called: ast.AST) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


_SCALED_AXIS = re.compile(r"\bpi\b")
_HALVED = re.compile(r"//\s*2|/\s*2\s*\)?\s*\]|\brfft|fftshift|fftfreq|half|xlim")


def _of_drawn_halves(program: FitProgram, data: Data) -> list[Finding]:
    """A plot of all bins of a full FFT, whose upper half mirrors the lower."""
    drawn = re.search(r"\b(?:plot|stem|semilogy|bar)\(", program.code)
    if program.call.name != "fft" or not drawn or program.foreign or _HALVED.search(program.code):
        return []
    rate = 1 / data.step
    text = (
        f"All {data.y.size:,} bins of the full FFT are drawn: those above half the sampling rate, "
        f"${decimals(rate / 2, 5)}$, mirror those below, $f$ at ${decimals(rate, 5)} - f$. Look at the first half "
        "alone, or use `rfft` and `rfftfreq`."
    )
    return [("both-halves", program.call.line, text)]


def _of_angles(program: FitProgram, tone: FittedTone) -> list[Finding]:
    """The axis of SciPy's lombscargle, which counts radians, read as one in cycles."""
    if program.call.name != "lombscargle" or program.foreign:
        return []
    given = program.call.args[2] if len(program.call.args) > 2 else None
    name = given.id if isinstance(given, ast.Name) else ""
    lines = [line for line in program.code.splitlines() if name and re.search(rf"\b{name}\b", line)]
    if not name or any(_SCALED_AXIS.search(line) for line in lines):
        return []
    text = (
        f"SciPy's `lombscargle` takes angular frequencies: the peak is at $\\omega = 2\\pi f = "
        f"{decimals(2 * pi * tone.frequency, 5)}$ on the axis `{name}`, for $f = {decimals(tone.frequency, 5)}$ in "
        f"cycles. Divide by $2\\pi$ where it is read, `{name}/(2*np.pi)`."
    )
    return [("two-pi", program.call.line, text)]


def _of_window(program: FitProgram, tone: FittedTone, data: Data, numbers: list[float]) -> list[Finding]:
    """A window that lowers the heights, where these are scaled as if there were none."""
    window = program.window
    if window is None or window.divided_out(program.code):
        return []
    gain = float(window.values(data.y.size).mean())
    lowered = any(abs(number - gain * tone.amplitude) <= 2 * NEAR * tone.amplitude * gain for number in numbers)
    if not lowered and not _written_scale(program, data.y.size):
        return []
    text = (
        f"The {window.title} window of line {window.line} multiplies the heights by its mean, "
        f"${decimals(gain, 3)}$: {decimals(tone.amplitude, 4)} shows as ${decimals(gain * tone.amplitude, 4)}$. Divide "
        "by the sum of the window in the place of N, `2*np.abs(X)/w.sum()`."
    )
    return [("window-gain", window.line, text)]


def _of_period(program: FitProgram) -> list[Finding]:
    """A place on the frequency axis that is called a period."""
    for number, line in enumerate(program.code.splitlines(), 1):
        if _PERIOD_OF.match(line):
            text = (
                f"Line {number} takes a place on the axis of frequencies for the period; the period is its inverse, "
                "`1/frequency`."
            )
            return [("period-inverse", number, text)]
    return []


_PERIOD_OF = re.compile(r"\s*(?:best_?)?[Pp]eriod\w*\s*=\s*(?:f|freqs?|frequenc(?:y|ies))\s*\[")


def printed_bin(program: FitProgram, found: Fit, data: Data) -> str:
    """That a printed number is that of the strongest sinusoid's bin, for the beginning of the answer; else ""."""
    tone = max(found.tones, key=lambda tone: tone.amplitude, default=None)
    if tone is None or program.call.name in UNEVEN:
        return ""
    width = 1 / (data.y.size * data.step)
    k, numbers = round(tone.frequency / width), _printed(program)
    if k < 1 or k not in numbers or any(abs(number - tone.frequency) < width / 2 for number in numbers):
        return ""
    shown = decimals(k * width, 5)
    wide = f"$f_s/N = {decimals(width, 5)}$"
    return f"{k} is the number of the bin; bins are {wide} wide, so that its frequency is ${shown}$. "


def _of_bins(program: FitProgram, tone: FittedTone, data: Data, numbers: list[float]) -> list[Finding]:
    """A printed frequency that is the nearest bin of the transform, and not the frequency itself."""
    if program.call.name in UNEVEN:
        return []
    length = data.y.size
    if program.call.name == "welch":
        given = program.call.named.get("nperseg")
        length = min(given.value if isinstance(given, ast.Constant) and isinstance(given.value, int) else 256, length)
    width = 1 / (length * data.step)
    nearest = round(tone.frequency / width) * width
    printed = any(abs(number - nearest) < 0.006 * width for number in numbers) or (not numbers and length < data.y.size)
    if not printed or abs(nearest - tone.frequency) < ON_A_BIN * width:
        return []
    text = (
        f"The transform of {length:,} samples has a value every $f_s/N = {decimals(width, 4)}$ only: "
        f"${decimals(nearest, 6)}$ is the bin nearest to ${decimals(tone.frequency, 6)}$. More samples in one "
        "transform make the bins narrower; padding with zeros or the fit above looks between them."
    )
    return [("bin-width", program.call.line, text)]


def _of_signal(program: FitProgram, found: Fit, data: Data) -> list[Finding]:
    """A sinusoid that the program makes with a frequency above half its sampling rate, which is found folded."""
    rate = 1 / data.step
    for f in sorted(_made_frequencies(program.code)):
        folded = abs(f - rate * round(f / rate))
        seen = any(
            abs(tone.frequency - folded) < NEAR * max(folded, 1 / (data.y.size * data.step)) for tone in found.tones
        )
        if f > rate / 2 and seen:
            text = (
                f"${decimals(f, 5)}$ lies above half the sampling rate, ${decimals(rate / 2, 5)}$: its samples are "
                f"those of its alias ${decimals(folded, 5)}$, the distance to ${round(f / rate)} \\cdot "
                f"{decimals(rate, 5)}$, and no transform can tell the two apart. Sample at more than twice "
                f"${decimals(f, 5)}$."
            )
            return [("aliased", program.call.line, text)]
    return []


def seeks(program: FitProgram) -> bool:
    """Whether a program looks for the largest bin, where the mean is in the way."""
    return bool(re.search(r"max|find_peaks|argsort|plot|stem", program.code))


def _made_frequencies(code: str) -> set[float]:
    """The frequencies f that stand as numbers in sin(2*pi*f*t)."""
    found = re.findall(r"\b(?:sin|cos)\(\s*([^()]*(?:np\.|math\.)?\bpi\b[^()]*)\)", code)
    made: set[float] = set()
    for inside in found:
        factors = [factor.strip() for factor in re.split(r"[-+]", inside)[0].split("*")]
        numbers = [float(factor) for factor in factors if re.fullmatch(r"\d+\.?\d*(?:e\d+)?", factor)]
        if 2.0 in numbers and len(numbers) == 2:
            numbers.remove(2.0)
            made.update(numbers)
    return made


def _of_record(program: FitProgram, found: Fit, data: Data, spectrum: Floats) -> list[Finding]:
    """The mean that was left in, and waves that do not fit into the record."""
    n, line, told = data.y.size, program.call.line, []
    if n > 2 and spectrum[0] > spectrum[1 : n // 2 + 1].max() and not _skips_the_mean(program):
        text = (
            "Bin 0 is the largest: it holds $N$ times the mean. Take the mean off before the transform, or look from "
            "bin 1 on."
        )
        told.append(("mean-left", line, text))
    if found.times.kind == "uneven":
        return told
    leaking = [tone for tone in found.tones if abs((at := tone.frequency * n * data.step) - round(at)) > ON_A_BIN]
    if leaking:
        at = max(leaking, key=lambda tone: tone.amplitude).frequency * n * data.step
        text = (
            f"The record holds ${decimals(at, 5)}$ cycles, which is no whole number: the wave leaks into the bins "
            "beside it, the highest bin is too low and its phase is off. The fit above has neither fault."
        )
        told.append(("leakage", line, text))
    return told


def _skips_the_mean(program: FitProgram) -> bool:
    """Whether the program looks from bin 1 on, or its function takes the mean off."""
    return program.call.name in POWERS or bool(re.search(r"\[1\s*:", program.code))


def _phase(tone: FittedTone) -> Note:
    sine = (tone.phase + pi / 2 + pi) % (2 * pi) - pi
    return Note(
        f"The angle of the FFT is the phase of a cosine at the first sample: $A\\cos(2\\pi f x + "
        f"{decimals(tone.phase, 4)})$ is $A\\sin(2\\pi f x + {decimals(sine, 4)})$, a quarter of a turn more.",
    )


def _scales(program: FitProgram, spectrum: Floats) -> bool:
    """Whether the program divides its transform by half the number of samples: in its values, or in its text."""
    return _written_scale(program, spectrum.size) or any(
        value.size > 2 and _is_scaled(value, spectrum) for value in _arrays(program)
    )


def _written_scale(program: FitProgram, n: int) -> bool:
    """Whether 2/N stands in the text of the program."""
    plain = program.code.replace(" ", "").replace(".0", "").replace("2./", "2/")
    sizes = ("N", "n", "len(", str(n))
    written = any(f"2/{size}" in plain or f"/({size}/2)" in plain or f"*2/{size}" in plain for size in sizes)
    return written or bool(re.search(rf"\b2\*[\w.]*abs\([^\n=]*\)/(?:len\(|[Nn]\b|{n}\b)", plain))


def _arrays(program: FitProgram) -> list[np.ndarray]:
    """The arrays that the program has named."""
    names = program.whole.names if program.whole else program.names
    return [value for value in names.values() if isinstance(value, np.ndarray) and value.ndim == 1]


def _is_raw(value: np.ndarray, spectrum: Floats) -> bool:
    """Whether an array is the transform as it came, or its absolute values."""
    size = min(value.size, spectrum.size)
    return size > 2 and bool(np.allclose(np.abs(value[1:size]), spectrum[1:size], rtol=1e-6))


def _is_scaled(value: np.ndarray, spectrum: Floats) -> bool:
    """Whether an array is 2/N times the spectrum, or half of it."""
    size = min(value.size, spectrum.size)
    part = np.abs(value[:size])
    return bool(np.allclose(part[1:], 2 / spectrum.size * spectrum[1:size], rtol=1e-6))
