"""The form in which golden documents are kept: every word and every single number, of long arrays a fingerprint."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from random import Random
from typing import Any

LONGEST = 8  # numbers of an array that is kept whole
SAMPLES = 4
WIDTH = 120


def reduced(value: Any) -> Any:
    """JSON-ready data in which each array of more than `LONGEST` numbers is `{"$array": shape, ...}`.

    `samples` are `SAMPLES` numbers at even distances. `mean` is that of asinh(x) times weights between 1/2 and 3/2 in
    size, one for each place: a hash that moves when any number does, by its change relative to max(1, |x|), but hardly
    by rounding. `gaps` is a hash of where there is no finite number, and of what is there instead.
    """
    if isinstance(value, dict):
        return {key: reduced(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    shape = _shape(value)
    if shape is None or math.prod(shape) <= LONGEST:
        return [reduced(item) for item in value]
    return {"$array": shape, **_fingerprint(_flat(value))}


def _shape(value: Any) -> list[int] | None:
    """The shape of nested lists of numbers (None, "inf" and "-inf" among them); None when they are no array."""
    if not isinstance(value, list):
        number = value is None or value in ("inf", "-inf") or _is_number(value)
        return [] if number else None
    shapes = [_shape(item) for item in value]
    return None if not shapes or any(shape is None or shape != shapes[0] for shape in shapes) else [
        len(value), *(shapes[0] or [])
    ]  # fmt: skip


def _fingerprint(numbers: list[Any]) -> dict[str, Any]:
    random = Random(len(numbers))
    weights = [random.choice((-1, 1)) * random.uniform(0.5, 1.5) for _ in numbers]
    finite = [w * math.asinh(x) for w, x in zip(weights, numbers, strict=True) if _is_number(x)]
    gaps = [(i, x) for i, x in enumerate(numbers) if not _is_number(x)]
    last = len(numbers) - 1
    described = {
        "samples": [numbers[round(i * last / (SAMPLES - 1))] for i in range(SAMPLES)],
        "mean": float(f"{math.fsum(finite) / len(numbers):.12g}"),
    }
    return described | ({"gaps": hashlib.sha256(repr(gaps).encode()).hexdigest()[:16]} if gaps else {})


def _flat(value: Any) -> list[Any]:
    return [number for item in value for number in _flat(item)] if isinstance(value, list) else [value]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def written(value: Any, indent: str = "") -> str:
    """JSON in lines of up to `WIDTH` columns, each with as many items as fit."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(indent + line) <= WIDTH or "$array" in value:
        return line
    inner = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(key, ensure_ascii=False)}: {written(item, inner)}" for key, item in value.items()]
    else:
        items = [written(item, inner) for item in value]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n{inner}" + f",\n{inner}".join(_filled(items, WIDTH - len(inner) - 1)) + f"\n{indent}{last}"


def _filled(items: list[str], width: int) -> Iterator[str]:
    """The items, several in a line where they fit."""
    line = ""
    for item in items:
        if line and len(line) + len(item) + 2 <= width and "\n" not in line + item:
            line += f", {item}"
        else:
            if line:
                yield line
            line = item
    yield line
