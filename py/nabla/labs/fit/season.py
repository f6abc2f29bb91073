"""A season: a pattern that repeats with a period known beforehand, tested by the means of its parts.

With the period given, one F test of the means of the quarters, months or days of the week takes the place of a search
over all frequencies, and finds in a few years what the search cannot. The trend is a line, fitted beside the means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.answer.document import Block, Cell, Column, Document, Heading, Prose, Table
from nabla.labs.fit.programs import with_error
from nabla.read.data import Data
from nabla.sinusoid.chance import f_test
from nabla.sinusoid.times import Floats
from nabla.write.notation import percent

LEVEL = 1e-3  # of the F test where nobody asked for a season
ASKED_LEVEL = 0.01
CYCLES = 2.0  # of the season that have to be there, with a sample to spare
PARTS = {4: "quarter", 12: "month", 7: "day", 24: "hour"}
_YEARLY = (4, 12)  # samples a year that are quarters or months
_NEAR = 0.05  # of a step


@dataclass(frozen=True, slots=True)
class Season:
    """The parts of a season: how far each mean (k,) lies from the trend, its standard error, and the test of them all.

    `share` is the part of the variance around the trend that they explain; `first` the place of the first sample.
    """

    parts: int
    means: Floats
    se: Floats
    share: float
    chance: float
    first: int


def parts_of(data: Data, asked: int) -> int:
    """How many samples a season has: as asked, or quarters and months of a year by the times; 0 where neither is."""
    if asked:
        return asked
    if data.x_unit != "a" or not data.step:
        return 0
    return next((k for k in _YEARLY if abs(data.step * k - 1) < _NEAR), 0)


def season_of(data: Data, asked: int) -> Season | None:
    """The season of evenly sampled data, where the test finds one; None where it does not, or nothing can be tested."""
    parts = parts_of(data, asked)
    n = data.y.size
    if parts < 2 or n < CYCLES * parts + 1 or not data.step:
        return None
    places = np.round((data.x - data.x[0]) / data.step)
    if np.any(np.abs((data.x - data.x[0]) / data.step - places) > 4 * _NEAR):
        return None
    first = round((data.x[0] % 1) * parts) % parts if data.x_unit == "a" else 0
    part = (places.astype(int) + first) % parts
    if np.unique(part).size < parts:
        return None
    centred = (data.x - data.x.mean()) / np.ptp(data.x)
    plain = np.column_stack([np.ones(n), centred])
    full = np.column_stack([part[:, None] == np.arange(parts), centred]).astype(np.float64)
    around = data.y - plain @ np.linalg.lstsq(plain, data.y, rcond=None)[0]
    best = np.linalg.lstsq(full, data.y, rcond=None)[0]
    left = data.y - full @ best
    total, rss, freedom = float(around @ around), float(left @ left), n - parts - 1
    if total <= 0 or freedom < 1:
        return None
    rss = max(rss, 1e-24 * total)
    chance = f_test((total - rss) / (parts - 1) / (rss / freedom), parts - 1, freedom)
    if chance > (ASKED_LEVEL if asked else LEVEL):
        return None
    apart = np.eye(parts + 1)[:parts] - np.append(np.full(parts, 1 / parts), 0.0)
    covariance = apart @ np.linalg.inv(full.T @ full) @ apart.T * rss / freedom
    return Season(parts, apart @ best, np.sqrt(np.diag(covariance)), 1 - rss / total, chance, first)


def season_told(document: Document, season: Season, data: Data) -> tuple[str, list[Block]]:
    """The season in a sentence, and the table of its parts; into the document's values too."""
    name = PARTS.get(season.parts, "part")
    high, low = int(np.argmax(season.means)), int(np.argmin(season.means))
    unit = f" {data.y_unit}" if data.y_unit else ""
    document.values["season"] = {
        "parts": season.parts,
        "means": season.means.tolist(),
        "se": season.se.tolist(),
        "share": season.share,
        "chance": season.chance,
    }
    text = (
        f"A **season of {season.parts}** explains ${100 * season.share:.1f}$ % of the variance around a line: {name} "
        f"{high + 1} lies ${with_error(season.means[high], season.se[high])}${unit} above the mean, {name} {low + 1} "
        f"${with_error(-season.means[low], season.se[low])}${unit} below it. "
    )
    rows: list[list[Cell]] = [
        [str(i + 1), f"${with_error(float(mean), float(se))}$"]
        for i, (mean, se) in enumerate(zip(season.means, season.se, strict=True))
    ]
    judged = (
        f"Means as different as these would come of noise alone in {percent(season.chance)} % of records "
        f"(F test of {season.parts} means beside a line)."
    )
    counted = "" if season.first or data.x_unit == "a" else f"Counted from the first sample, which is {name} 1."
    table = Table([Column(name.capitalize()), Column("From the mean", data.y_unit, "right")], rows, counted)
    return text, [Heading("Season"), table, Prose(judged)]


def read_parts(text: str) -> int:
    """The samples of a season as the field tells them; 0 for none."""
    return int(text) if text.strip().isdigit() else 0
