"""What a program that fits or transforms does with its data: where its start leads, what its spectrum shows."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import numpy as np

from nabla.answer.document import Block, Cell, Code, Column, Document, Heading, Note, Prose, Source, Table
from nabla.labs.fit.model import Model, curve_of
from nabla.labs.fit.program import FitProgram
from nabla.program import source
from nabla.read.data import Data
from nabla.sinusoid.curve import descended
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.times import Floats
from nabla.write.notation import decimals, tex

WORSE = 1e-3  # of the least sum of squares: an end with more is another one
ON_A_BIN = 0.05  # bins from the nearest bin within which nothing leaks
WAVES = 6  # rows of the table of the spectrum


def start_of(
    document: Document, program: FitProgram, model: Model, best: Floats, rss: float, data: Data
) -> list[Block]:
    """Where least squares end from the program's own start, beside the best fit; and the program with a better one."""
    curve = curve_of(model)
    given = program.start is not None
    start = np.array(program.start if program.start is not None else [1.0] * len(model.names))
    if start.size != len(model.names):
        return []
    line = program.call.line
    reached = descended(curve, data.x, data.y, start)
    told = f"$p_0 = ({', '.join(decimals(float(v), 6) for v in start)})$"
    whose = (
        f"The start of line {line}, {told},"
        if given
        else f"Without `p0` in line {line}, `curve_fit` starts from {told}, which"
    )
    if reached is not None and reached[0] <= rss * (1 + WORSE) + 1e-300:
        return [Note(f"{whose} leads to the best fit.", tone="tip")]
    wave = _frequency(model, start, best, data)
    kind = "frequency-start" if wave else "local-minimum"
    document.values.setdefault("findings", []).append({"kind": kind, "line": line})
    left = float(np.sqrt(rss / data.x.size))
    if reached is None:
        where = "is one at which the model has no finite value or no slope, so that no step can be taken"
    else:
        ended = ", ".join(
            f"${tex(p)} = {decimals(float(v), 4)}$" for p, v in zip(model.parameters, reached[1], strict=True)
        )
        rms = decimals(float(np.sqrt(reached[0] / data.x.size)), 3)
        where = f"ends at {ended}, where a residual of ${rms}$ (rms) is left instead of ${decimals(left, 3)}$"
    better = ", ".join(decimals(float(v), 3) for v in best)
    return [
        Note(f"{whose} {where}.{wave} Start near the answer: `p0=[{better}]`.", tone="warning"),
        Code([Source("Changed", "python", _changed(program, best))], title="Your program with that start"),
    ]


def _frequency(model: Model, start: Floats, best: Floats, data: Data) -> str:
    """What a start does with the frequency of a wave: outside of the main lobe it cannot find it."""
    import sympy as sp

    length = float(data.x[-1] - data.x[0])
    for wave in model.expr.atoms(sp.sin, sp.cos):
        slope = sp.diff(wave.args[0], model.axis)
        ends = [slope.subs(dict(zip(model.parameters, map(float, p), strict=True))) for p in (start, best)]
        if all(end.is_number for end in ends):
            cycles = [abs(float(end)) / (2 * np.pi) * length for end in ends]
            if abs(cycles[0] - cycles[1]) > 1:
                return (
                    f" The frequency decides: the start has {cycles[0]:.3g} cycles in the record, the data have "
                    f"{cycles[1]:.4g}, and from more than about one cycle away the steps find a side minimum."
                )
    return ""


def _changed(program: FitProgram, best: Floats) -> str:
    """The program with p0 in its call."""
    start = "[" + ", ".join(f"{v:.4g}" for v in best) + "]"
    text = source.read(program.code).text  # with its indentation mended, where that was lost
    lines = text.split("\n")
    tree = ast.parse(text)
    better = ast.keyword("p0", ast.parse(start, mode="eval").body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno == program.call.line and len(node.args) >= 3:
            node.keywords = [*(keyword for keyword in node.keywords if keyword.arg != "p0"), better]
    place = next(n for n in tree.body if n.lineno <= program.call.line <= (n.end_lineno or 0))
    return "\n".join([*lines[: place.lineno - 1], ast.unparse(place), *lines[place.end_lineno or 0 :]])


def spectrum_of(document: Document, program: FitProgram, found: Fit, data: Data) -> list[Block]:
    """What the program's transform shows of each sinusoid, and why its numbers are not those of the fit."""
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
    for kind, line, text in _findings(program, found, data, spectrum):
        document.values.setdefault("findings", []).append({"kind": kind, "line": line})
        blocks.append(Note(text, tone="warning"))
    return blocks if len(blocks) > 1 else [Prose("The transform has no peak that stands out.")]


def _findings(program: FitProgram, found: Fit, data: Data, spectrum: Floats) -> Sequence[tuple[str, int, str]]:
    n, told = data.y.size, []
    line = program.call.line
    scaled = any(
        isinstance(value, np.ndarray) and value.ndim == 1 and value.size > 2 and _is_scaled(value, spectrum)
        for value in program.names.values()
    ) or any(
        mark in program.code.replace(" ", "") for mark in ("2/N", "2.0/N", "2./N", "*2/n", "2/n", "2/len", "2.0/len")
    )
    if found.tones and not scaled:
        tone = max(found.tones, key=lambda tone: tone.amplitude)
        told.append(
            (
                "amplitude-scale",
                line,
                f"The FFT of a sinusoid of amplitude $A$ has the height $A N/2$ in each of its two halves, here "
                f"${decimals(tone.amplitude, 4)} \\cdot {n}/2 = {decimals(tone.amplitude * n / 2, 4)}$. "
                f"Multiply the half you plot by $2/N$ to read amplitudes.",
            )
        )
    for call in program.calls:
        if call.name in ("fftfreq", "rfftfreq") and len(call.args) == 1 and "d" not in call.named and data.step != 1:
            told.append(
                (
                    "unit-step",
                    call.line,
                    f"`{call.name}` without its step `d` counts cycles per sample. The samples are "
                    f"${decimals(data.step, 5)}$ apart: write `d={data.step:.5g}`.",
                )
            )
    if n > 2 and spectrum[0] > spectrum[1 : n // 2 + 1].max():
        told.append(
            (
                "mean-left",
                line,
                "Bin 0 is the largest: it holds $N$ times the mean. Take the mean off before the transform, "
                "or look from bin 1 on.",
            )
        )
    leaking = [tone for tone in found.tones if abs((at := tone.frequency * n * data.step) - round(at)) > ON_A_BIN]
    if leaking:
        at = max(leaking, key=lambda tone: tone.amplitude).frequency * n * data.step
        told.append(
            (
                "leakage",
                line,
                f"The record holds ${decimals(at, 5)}$ cycles, which is no whole number: the wave leaks into the bins "
                "beside it, the highest bin is too low and its phase is off. The fit above has neither fault.",
            )
        )
    return told


def _scales(program: FitProgram, spectrum: Floats) -> bool:
    """Whether the program divides its transform by half the number of samples: before its call, or in its text."""
    arrays = (value for value in program.names.values() if isinstance(value, np.ndarray) and value.ndim == 1)
    plain = program.code.replace(" ", "").replace(".0", "").replace("2./", "2/")
    sizes = ("N", "n", "len(", str(spectrum.size))
    written = any(f"2/{size}" in plain or f"/({size}/2)" in plain for size in sizes)
    return written or any(value.size > 2 and _is_scaled(value, spectrum) for value in arrays)


def _is_scaled(value: np.ndarray, spectrum: Floats) -> bool:
    """Whether an array is 2/N times the spectrum, or half of it."""
    size = min(value.size, spectrum.size)
    part = np.abs(value[:size])
    return bool(np.allclose(part[1:], 2 / spectrum.size * spectrum[1:size], rtol=1e-6))
