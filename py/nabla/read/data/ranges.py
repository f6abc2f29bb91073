"""Ranges of evenly spaced numbers as NumPy, MATLAB, R and Mathematica write them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nabla.errors import UserError

Floats = NDArray[np.float64]
Given = list[object]
Named = dict[str, object]

MOST = 2_000_000  # numbers of a range


class Misunderstood(Exception):
    """Arguments that the function does not take."""


def evenly(first: float, step: float, size: float) -> Floats:
    """first, first + step, ..., shape (size,).

    Raises:
        UserError: "too-big" when there are too many, or none.
    """
    if not 0 < size <= MOST:
        raise UserError("too-big", f"A range has {size:,.0f} numbers; from 1 to {MOST:,} are read.")
    return np.asarray(first + step * np.arange(int(size)), dtype=np.float64)


def linspace(given: Given, named: Named, default: float = 50.0) -> Floats:
    """Numbers from start to stop, as NumPy and MATLAB (whose default number is 100) make them."""
    first, last = _numbers(given[:2], named, ("start", "stop"), least=2)
    size = given[2] if len(given) > 2 else named.get("num", named.get("n", default))
    if not isinstance(size, (int, float)) or size != int(size):
        raise Misunderstood
    ends = bool(named.get("endpoint", True))
    return evenly(first, (last - first) / max(size - 1 if ends else size, 1), size)


def arange(given: Given, named: Named) -> Floats:
    """Numbers from start in steps up to stop, and without it."""
    first, last, step = _ends(_numbers(given, named, ("start", "stop", "step"), least=1), start=0.0)
    return evenly(first, step, np.ceil((last - first) / step - 1e-12))


def mathematica_range(given: Given, named: Named) -> Floats:
    """As Range of Mathematica: from 1, with the stop."""
    first, last, step = _ends(_numbers(given, named, (), least=1), start=1.0)
    return colon(first, step, last)


def colon(first: float, step: float, last: float) -> Floats:
    """As first:step:last in MATLAB, with the last where a step ends on it."""
    if step == 0:
        raise Misunderstood
    return evenly(first, step, np.floor((last - first) / step + 1e-9) + 1)


def seq(given: Given, named: Named) -> Floats:
    """As seq of R: from, to and by; from, to and length.out; or only how many."""
    first = given[0] if given else named.get("from", 1.0)
    last = given[1] if len(given) > 1 else named.get("to")
    step = given[2] if len(given) > 2 else named.get("by")
    size = named.get("length.out", named.get("length", named.get("len")))
    if any(value is not None and not isinstance(value, (int, float)) for value in (first, last, step, size)):
        raise Misunderstood
    first_number = float(first)  # type: ignore[arg-type]
    if size is not None:
        between = step if step is not None else (last - first_number) / max(size - 1, 1) if last is not None else 1.0  # type: ignore[operator]
        return evenly(first_number, float(between), float(size))  # type: ignore[arg-type]
    if last is None:
        first_number, last = 1.0, first_number
    return colon(first_number, 1.0 if step is None else float(step), float(last))  # type: ignore[arg-type]


def _ends(parts: list[float], start: float) -> tuple[float, float, float]:
    first, last, step = (start, parts[0], 1.0) if len(parts) == 1 else (*parts, 1.0)[:3]
    if step == 0:
        raise Misunderstood
    return first, last, step


def _numbers(given: Given, named: Named, names: tuple[str, ...], least: int) -> list[float]:
    values = [*given, *(named[name] for name in names[len(given) :] if name in named)]
    numbers = [float(value) for value in values if isinstance(value, (int, float))]
    if len(numbers) != len(values) or not least <= len(numbers) <= 3:
        raise Misunderstood
    return numbers


RANGES: dict[str, Callable[[Given, Named], Floats]] = {
    "linspace": linspace,
    "arange": arange,
    "range": arange,
    "Range": mathematica_range,
    "seq": seq,
}
