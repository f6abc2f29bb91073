"""What sampling does to a frequency, by arithmetic alone: its alias, the rate it needs, what a record resolves.

H. Nyquist, Trans. AIEE 47 (1928), 617; C. Shannon, Proc. IRE 37 (1949), 10.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import pi

import numpy as np

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Document, Heading, Plot, Prose
from nabla.answer.marks import Axis, Dots, Line, Mark
from nabla.errors import Span, UserError
from nabla.write.notation import decimals
from nabla.write.sentence import sentence

KINDS = {"alias": 2, "rate": 1, "highest": 1, "resolution": 2, "apart": 2, "bin": 3, "place": 3}
SHOWN = 13  # samples of the plot
FINE = 600  # points of its curves
ROUNDING = 1e-9
_NUMBER = r"\d+(?:\.\d+)?(?:e[-+]?\d+)?"


def answer_sampling(document: Document, text: str) -> None:
    """Answer `alias 60 50`, `rate 1760`, `highest 1000`, `resolution 500 1024` or `apart 50 50.5`, all in hertz;
    `bin 5 100 50`, the frequency of a bin at a rate with as many samples, and `place 440 44100 4096`, its inverse.

    Raises:
        UserError: "value" for anything else.
    """
    kind, *words = text.split()
    if KINDS.get(kind) != len(words) or not all(
        re.fullmatch(_NUMBER, word) and (float(word) > 0 or kind == "bin") for word in words
    ):
        hint = "Write alias 60 50, rate 1760, highest 1000, resolution 500 1024 or apart 50 50.5."
        raise UserError(
            "value", "That is no question on sampling.", hint=hint, span=Span(0, len(text)), field="sampling"
        )
    numbers = [float(word) for word in words]
    document.title = "Sampling"
    said, value, blocks = ANSWERS[kind](*numbers)
    document.values["sampling"] = {"kind": kind, "value": value}
    document.answer = sentence(said, document.values, ["sampling.value"])
    document.add(*blocks)


def folded(frequency: float, rate: float) -> float:
    """The frequency between 0 and half the rate whose samples are those of `frequency`."""
    return abs(frequency - rate * round(frequency / rate))


def _shown(value: float) -> str:
    """A frequency with its unit, in kilohertz from 10 of them on."""
    return f"${decimals(value / 1000, 6)}$ kHz" if value >= 1e4 else f"${decimals(value, 6)}$ Hz"


def _alias(frequency: float, rate: float) -> tuple[str, float, list[Block]]:
    seen = folded(frequency, rate)
    half = f"half the rate is {_shown(rate / 2)}"
    if frequency < rate / 2:
        said = f"{_shown(frequency)} shows as itself: {half}, and it lies below."
    else:
        times = round(frequency / rate)
        said = (
            f"{_shown(frequency)} shows as **{_shown(seen)}**: {half}, and the distance to ${times} \\cdot "
            f"{decimals(rate, 6)}$ Hz is $|{decimals(frequency, 6)} - {decimals(times * rate, 6)}| = "
            f"{decimals(seen, 6)}$ Hz. To see it as itself, sample at more than {_shown(2 * frequency)}."
        )
    t = np.arange(SHOWN) / rate
    sign = 1.0 if frequency >= rate * round(frequency / rate) else -1.0
    off = float(np.abs(np.cos(2 * pi * frequency * t) - np.cos(2 * pi * seen * t)).max())
    turned = float(np.abs(np.sin(2 * pi * frequency * t) - sign * np.sin(2 * pi * seen * t)).max())
    largest = max(off, turned)
    verdict: Verdict = "passed" if largest < ROUNDING * max(1.0, frequency / rate) else "failed"
    fine = np.linspace(0, float(t[-1]), FINE)
    marks: list[Mark] = [
        Line(fine, np.cos(2 * pi * frequency * fine), label="signal"),
        Line(fine, np.cos(2 * pi * seen * fine), label="alias", color=1),
        Dots(t, np.cos(2 * pi * frequency * t), label="samples", color=2),
    ]
    told = f"Both curves go through all {SHOWN} samples."
    method = f"cosines and sines of both at {SHOWN} sampling times, the largest difference"
    blocks: list[Block] = [
        Plot(marks, told, Axis("t", "s"), Axis("y"), title="The same samples"),
        Heading("Checks", role="checks"),
        Check("Signal and alias have the same samples", method, verdict, largest, ROUNDING, test="points"),
    ]
    return said, seen, blocks


def _rate(highest: float) -> tuple[str, float, list[Block]]:
    said = (
        f"The rate must be **more than {_shown(2 * highest)}**, twice the highest frequency, {_shown(highest)}; "
        "at just twice, the samples may all fall on zeros."
    )
    return (
        said,
        2 * highest,
        [Prose("In practice 2.5 times and a filter before the samples are taken leave room for its slope.")],
    )


def _highest(rate: float) -> tuple[str, float, list[Block]]:
    said = (
        f"Frequencies **below {_shown(rate / 2)}**, half the sampling rate, are told apart; what lies above shows as "
        "an alias below it."
    )
    return said, rate / 2, []


def _resolution(rate: float, samples: float) -> tuple[str, float, list[Block]]:
    width = rate / samples
    said = (
        f"The bins of the FFT are **{_shown(width)}** apart, $f_s/N$ with $N = {decimals(samples, 9)}$: one over the "
        f"length of the record, ${decimals(samples / rate, 6)}$ s."
    )
    more = "Zeros behind the data make the grid finer and tell no two frequencies apart that the record does not."
    return said, width, [Prose(more)]


def _apart(one: float, other: float) -> tuple[str, float, list[Block]]:
    length = 1 / abs(one - other) if one != other else float("inf")
    if not np.isfinite(length):
        raise UserError("value", "The two frequencies are the same.", field="sampling")
    said = (
        f"The record must be **at least ${decimals(length, 6)}$ s** long, one over the distance of the two "
        f"frequencies, ${decimals(abs(one - other), 6)}$ Hz, whatever the sampling rate."
    )
    more = "A fit of two sinusoids tells them apart in half of that where the noise is low."
    return said, length, [Prose(more)]


def _bin(k: float, rate: float, samples: float) -> tuple[str, float, list[Block]]:
    if k >= samples or samples < 1:
        raise UserError("value", f"The bins go from 0 to {samples - 1:.15g}.", field="sampling")
    value = k * rate / samples
    shown = f"{decimals(k, 9)} \\cdot {decimals(rate, 9)} / {decimals(samples, 9)}"
    said = f"Bin ${decimals(k, 9)}$ is at **{_shown(value)}**: $k f_s/N = {shown}$, counted from bin 0, the constant."
    if k > samples / 2:
        value -= rate
        said = (
            f"Bin ${decimals(k, 9)}$ lies above $N/2$ and stands for **$-${_shown(-value)}**, $(k - N) f_s/N$: of real "
            f"data the mirror image of bin ${decimals(samples - k, 9)}$."
        )
    return said, value, [Prose(f"The bins are {_shown(rate / samples)} apart.")]


def _place(frequency: float, rate: float, samples: float) -> tuple[str, float, list[Block]]:
    seen = folded(frequency, rate)
    place = seen * samples / rate
    said = f"{_shown(frequency)} falls on bin **${decimals(place, 6)}$**, $f N/f_s$"
    if seen != frequency:
        said += f", for it shows as its alias {_shown(seen)}"
    if abs(place - round(place)) > ROUNDING * samples:
        said += f": between two bins, nearest to ${round(place)}$, and its energy leaks into those around"
    return f"{said}.", place, [Prose(f"The bins are {_shown(rate / samples)} apart, and counted from 0.")]


ANSWERS: dict[str, Callable[..., tuple[str, float, list[Block]]]] = {
    "alias": _alias,
    "rate": _rate,
    "highest": _highest,
    "resolution": _resolution,
    "apart": _apart,
    "bin": _bin,
    "place": _place,
}
