"""A sum of damped sinusoids as LaTeX, as Python's notation and as programs."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.answer.document import Source
from nabla.labs.fit.programs import rounded
from nabla.sinusoid.damped import DampedTone
from nabla.write.notation import decimals


def tex(tones: Sequence[DampedTone], polynomial: Sequence[float], start: float, x: str = "x") -> str:
    """The right side in LaTeX, every number to two figures of its standard error; `x` is the axis' name there."""
    parts = [
        (value < 0, decimals(abs(value), 6) + (rf"\,{x}^{{{i}}}" if i else "")) for i, value in enumerate(polynomial)
    ]
    since = x if not start else rf"({x} {'-' if start > 0 else '+'} {decimals(abs(start), 10)})"
    for tone in tones:
        size = decimals(rounded(tone.amplitude, tone.se_amplitude), 15)
        decay = decimals(rounded(tone.decay, tone.se_decay), 15)
        frequency = decimals(rounded(tone.frequency, tone.se_frequency), 15)
        phase = rounded(tone.phase, tone.se_phase)
        angle = rf"2\pi \cdot {frequency}\,{x} {'-' if phase < 0 else '+'} {decimals(abs(phase), 15)}"
        parts.append((False, rf"{size}\,e^{{-{decay}\,{since}}} \cos\left({angle}\right)"))
    return _joined(parts)


def text(tones: Sequence[DampedTone], polynomial: Sequence[float], start: float, prefix: str = "") -> str:
    """The right side in Python's notation, in full precision; `prefix` stands before functions and pi."""
    parts = [(value < 0, f"{abs(value)!r}" + (f"*x**{i}" if i else "")) for i, value in enumerate(polynomial)]
    since = f"(x - {start!r})" if start >= 0 else f"(x + {-start!r})"
    for tone in tones:
        angle = f"2*{prefix}pi*{tone.frequency!r}*x {'-' if tone.phase < 0 else '+'} {abs(tone.phase)!r}"
        parts.append((False, f"{tone.amplitude!r}*{prefix}exp(-{tone.decay!r}*{since})*{prefix}cos({angle})"))
    return _joined(parts)


def _joined(parts: Sequence[tuple[bool, str]]) -> str:
    if not parts:
        return "0"
    first = ("-" if parts[0][0] else "") + parts[0][1]
    return " ".join([first, *(f"{'-' if minus else '+'} {part}" for minus, part in parts[1:])])


def programs(tones: Sequence[DampedTone], polynomial: Sequence[float], start: float) -> list[Source]:
    """Programs that evaluate the formula."""
    lines = ["import numpy as np", "", "", "def y(x):"]
    lines += [f"    return {text(tones, polynomial, start, 'np.')}", "", "", "print(y(np.linspace(0, 1, 5)))"]
    matlab = text(tones, polynomial, start).replace("**", ".^").replace(")*", ").*")
    return [
        Source("NumPy", "python", "\n".join(lines) + "\n"),
        Source("MATLAB", "matlab", f"y = @(x) {matlab};\ndisp(y(linspace(0, 1, 5)))\n"),
    ]
