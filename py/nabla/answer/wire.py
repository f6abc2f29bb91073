"""Documents and blocks as data: what JSON can hold, and the way from the worker to the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.answer.marks import Floats


def to_wire(data: Callable[[Callable[[NDArray[Any]], Any]], dict[str, Any]]) -> tuple[dict[str, Any], Floats]:
    """Call `data(array)` with an `array` that files each array away; give the data and all arrays end to end.

    In the data an array is `{"$f64": [offset, shape]}`, counted in numbers, not bytes. This is how a document crosses
    from the worker to the page.
    """
    parts: list[Floats] = []
    length = 0

    def filed(array: NDArray[Any]) -> dict[str, Any]:
        nonlocal length
        flat = np.ascontiguousarray(array, dtype=np.float64).ravel()
        parts.append(flat)
        length += flat.size
        return {"$f64": [length - flat.size, list(array.shape)]}

    result = data(filed)
    return result, np.concatenate(parts) if parts else np.empty(0)


def block_data(block: Any, array: Callable[[NDArray[Any]], Any] | None = None) -> dict[str, Any]:
    """A block as JSON-ready data under its kind; `array` decides what becomes of arrays (lists by default)."""
    data: dict[str, Any] = plain(block, array or listed)
    return data


def listed(array: NDArray[Any]) -> Any:
    """An array as nested lists."""
    return plain(array.tolist(), listed)


def plain(value: Any, array: Callable[[NDArray[Any]], Any]) -> Any:
    """`value` as what JSON can hold. JSON has no NaN and no infinity: they become None, "inf" and "-inf"."""
    if is_dataclass(value) and not isinstance(value, type):
        kind = getattr(value, "kind", None)
        mark = getattr(value, "mark", None)
        head = {"kind": kind} if kind else {"mark": mark} if mark else {}
        return head | {
            f.name: plain(getattr(value, f.name), array)
            for f in fields(value)
            if "omitted" not in f.metadata or getattr(value, f.name)
        }
    if isinstance(value, np.ndarray):
        return array(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, array) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, array) for item in value]
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        value = value.item()
    if isinstance(value, float):
        if value != value:
            return None
        if abs(value) == float("inf"):
            return "inf" if value > 0 else "-inf"
        return value
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"a document cannot hold a {type(value).__name__}")
