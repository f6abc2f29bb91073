"""What a fit gives to other programs: residuals, spectrum and parameters as CSV."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nabla.answer.document import Source
from nabla.sinusoid.errors import FittedTone
from nabla.sinusoid.fit import Fit
from nabla.sinusoid.spectrum import Trials

ROWS = 2000  # of the table of residuals


def downloads(found: Fit) -> list[Source]:
    """Residuals, spectrum and parameters as CSV; of the residuals and the spectrum up to 2,000 rows."""
    told = [f"sinusoid,{','.join(f'{v:.12g}' for v in _numbers(tone))}" for tone in found.tones]
    trend = [f"trend {i},,,{value:.12g},,," for i, value in enumerate(found.coefficients[: found.trend])]
    head = "what,frequency,se_frequency,amplitude,se_amplitude,phase,se_phase"
    made = [Source("Parameters", "csv", "\n".join([head, *told, *trend]) + "\n")]
    if found.times.n > ROWS:
        return made
    samples = zip(found.times.x, found.y, found.y - found.residual, found.residual, strict=True)
    trials = Trials(found.times, found.highest, 4)
    scale = 2 * found.unit / found.times.n
    around = found.y - found.unit * float(np.mean(found.y / found.unit))
    sizes = [np.abs(trials.sums(part / found.unit)) * scale for part in (around, found.residual)]
    spectrum = list(zip(trials.g / found.times.length, *sizes, strict=True))
    made.insert(0, Source("CSV", "csv", _rows("x,y,fit,residual", samples)))
    if len(spectrum) <= 4 * ROWS:
        made.append(Source("Spectrum", "csv", _rows("frequency,amplitude,amplitude of the residual", spectrum)))
    return made


def _numbers(tone: FittedTone) -> tuple[float, ...]:
    return (tone.frequency, tone.se_frequency, tone.amplitude, tone.se_amplitude, tone.phase, tone.se_phase)


def _rows(head: str, rows: Iterable[Iterable[float]]) -> str:
    return "\n".join([head, *(",".join(f"{float(v):.12g}" for v in row) for row in rows)]) + "\n"
