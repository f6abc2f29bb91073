"""Which column is what, time, value, error, index or flag, scored from names, order, spacing and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nabla.read.data.columns import DataColumn

Floats = NDArray[np.float64]

_X_NAMES = frozenset(
    "x t time times date datetime timestamp timestamps zeit zeitpunkt datum epoch mjd jd bjd hjd tempo temps tiempo "
    "utc elapsed seconds sec second minutes minute min hours hour days day weeks week months month quarter years year "
    "decade phase age angle theta".split()
)
_X_START = re.compile(r"time|date|zeit|jd\b|mjd|epoch|t_|elapsed|age\b|year\b")
_Y_NAMES = frozenset(
    "y v value values val signal data voltage volts amplitude flux mag magnitude level temperature temp height "
    "pressure displacement position acc u i counts".split()
)
_INDEX_NAMES = re.compile(
    r"(?:unnamed: ?\d+|index|idx|id|row|rows|#|no|nr|num|obs|observation|sample|samples|reading|measurement|trial|"
    r"entry|n|i|rownames|)\Z"
)
_ERROR_NAMES = re.compile(
    r"(?:e_|d|s)?(?:err|error|errors|sigma|unc|uncertainty|stderr|std|sd|se|rms|fehler)\b|.*(?:_err|_error|_unc|_sigma|_std|err|\berror)\Z|d[yv]\Z|e_\w+|[±]"
)
_FLAG_NAMES = re.compile(
    r".*(?:flags?|quality|qc|mask|masked|status|valid|good|bad|outlier|season|site|station|channel)\Z"
)
_TIME_UNITS = frozenset("s ms us µs ns sec secs seconds min h hr hours d day days a yr years".split())
_PART_NAMES = frozenset("year month day hour minute second doy dow weekday week quarter yr mon".split())


@dataclass(slots=True)
class SeriesRoles:
    """The places of x (None: the row number) and y among the columns, and of those with a role of their own."""

    x: int | None
    y: int
    error: int | None = None
    index: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)


def series_roles(columns: Sequence[DataColumn]) -> SeriesRoles | None:
    """The roles in a table of samples; None when no column holds numbers to be y.

    An index is never y, and x only where there is nothing better; a column's place matters only between equals.
    """
    usable = [i for i, column in enumerate(columns) if column.kind != "text" and np.isfinite(column.values).sum() > 0]
    index = [i for i in usable if is_index(columns[i])]
    error = next((i for i in usable if _named(columns[i], _ERROR_NAMES) and _is_error(columns[i])), None)
    flags = [i for i in usable if i != error and i not in index and _is_flag(columns[i])]
    left = [i for i in usable if i not in flags and i != error and columns[i].kind == "number"]
    scores = {i: _x_score(columns[i], i in index) for i in usable if i not in flags and i != error}
    named = any(not column.name.startswith("column ") for column in columns)
    best = max(scores, key=lambda i: (scores[i], -i), default=None)
    if best is not None and (len(scores) == 1 or (scores[best] < 1 and named)):
        # Nothing looks like an axis: one column is y over the row number, and of several the first is taken for x.
        best = None if len(scores) == 1 else next((i for i in scores if i not in index), best)
    measured = [i for i in left if i not in index]
    if best in measured and len(measured) == 1 and index:
        best = index[0]  # the one column of values stands over the row number, never the reverse
    values = [i for i in left if i != best and (i not in index or len(left) - (best in left) == 1)]
    values = [i for i in values if columns[i].name.lower() not in _PART_NAMES] or values
    if not values:
        return None
    y = max(values, key=lambda i: (_y_score(columns[i]), -((i - (best or 0)) % len(columns))))
    return SeriesRoles(best, y, error, [i for i in index if i not in (best, y)], flags)


def _named(column: DataColumn, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.match(column.name.strip().lower()))


def is_index(column: DataColumn) -> bool:
    """Whether a column only counts the rows: 0, 1, 2, ... under a name that says so or none."""
    values = column.values
    counting = values.size > 1 and bool(np.all(np.diff(values) == 1)) and values[0] in (0, 1)
    return counting and column.kind == "number" and _named(column, _INDEX_NAMES)


def _is_error(column: DataColumn) -> bool:
    known = column.values[np.isfinite(column.values)]
    return bool(np.all(known >= 0))


def _is_flag(column: DataColumn) -> bool:
    if column.kind != "number" or not _named(column, _FLAG_NAMES):
        return False
    known = np.unique(column.values[np.isfinite(column.values)])
    return known.size <= 8 and bool(np.all(known == np.round(known)))


def _x_score(column: DataColumn, index: bool) -> float:
    """How much a column looks like the axis."""
    name, values = column.name.strip().lower(), column.values[np.isfinite(column.values)]
    if values.size < 2 or values.min() == values.max():
        return -10.0
    with np.errstate(over="ignore"):
        steps = np.diff(values)
    ordered = bool(np.all(steps > 0) or np.all(steps < 0))
    nearly = bool(np.mean(steps > 0) > 0.95 or np.mean(steps < 0) > 0.95)
    score = 6.0 * (column.kind == "time") + 3.0 * ordered + 1.0 * (nearly and not ordered)
    named = name in _X_NAMES and (ordered or column.name.strip() != "T")  # T may be a temperature
    score += 5.0 if named else 4.0 if _X_START.match(name) else 0.0
    score += 2.0 * (column.unit in _TIME_UNITS)
    score += 1.0 * (ordered and float(steps.max() - steps.min()) <= 1e-6 * float(np.abs(steps).max()))
    return score - 4.0 * (name in _Y_NAMES and name not in _X_NAMES and not ordered) - 6.0 * index


def _y_score(column: DataColumn) -> float:
    name, values = column.name.strip().lower(), column.values[np.isfinite(column.values)]
    score = 3.0 * (name in _Y_NAMES) - 6.0 * (values.size == 0 or values.min() == values.max()) - 3.0 * is_index(column)
    steps = np.diff(values)
    counting = values.size > 2 and bool(np.all(steps == steps[0]))
    return score - 2.0 * counting


def ascends(values: Floats) -> bool:
    """Whether a column may be an axis: it goes up, or down, all the way."""
    steps = np.diff(values[np.isfinite(values)])
    return bool(np.all(steps >= 0) or np.all(steps <= 0))
