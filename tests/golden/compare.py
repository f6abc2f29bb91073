"""When two documents are the same answer: same words and shapes, numbers alike to rounding."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from tests.golden.cases import ROUGH
from tests.golden.reduced import reduced

HERE = Path(__file__).parent
TOLERANCE = 1e-9
_FRACTION = re.compile(r"(-?\d+\.\d{6,}(?:e[+-]?\d+)?|-?\d+(?:\.\d+)?e[+-]?\d+)")


def golden(name: str) -> dict[str, Any]:
    """The golden document of a case, in its reduced form."""
    document: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return document


def differences_from_golden(name: str, got: dict[str, Any]) -> list[str]:
    """Where a document, as JSON with whole arrays, differs from the golden one of that name."""
    return differences(golden(name), reduced(got), name, ROUGH.get(name, TOLERANCE))


def differences(expected: Any, got: Any, place: str = "", tolerance: float = TOLERANCE) -> list[str]:
    """Where two JSON documents differ, as lines `place: expected ... got ...`; empty when they are the same answer.

    Numbers, and long ones in texts, may differ by the tolerance, of their size or of 1, since libm differs between
    platforms. The measured figure of a check is the size of a rounding error and may be any number on the same side of
    its bound.
    """
    if _is_number(expected) and _is_number(got):
        close = math.isclose(expected, got, rel_tol=tolerance, abs_tol=tolerance)
        return [] if close else [f"{place}: expected {expected!r}, got {got!r}"]
    if type(expected) is not type(got):
        return [f"{place}: expected {expected!r}, got {got!r}"]
    if isinstance(expected, dict):
        return _in_dicts(expected, got, place, tolerance)
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{place}: expected {len(expected)} items, got {len(got)}"]
        pairs = enumerate(zip(expected, got, strict=True))
        return [line for i, (a, b) in pairs for line in differences(a, b, f"{place}[{i}]", tolerance)]
    if expected == got or (isinstance(expected, str) and _same_text(expected, got, tolerance)):
        return []
    return [f"{place}: expected {expected!r}, got {got!r}"]


def _same_text(expected: str, got: str, tolerance: float) -> bool:
    """Whether two texts, programs say, are the same but for the last digits of decimal fractions in them."""
    pieces, others = _FRACTION.split(expected), _FRACTION.split(got)
    if pieces[::2] != others[::2] or len(pieces) == 1:
        return False
    pairs = zip(map(float, pieces[1::2]), map(float, others[1::2]), strict=True)
    return all(math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance) for a, b in pairs)


def _in_dicts(expected: dict[str, Any], got: dict[str, Any], place: str, tolerance: float) -> list[str]:
    if expected.keys() != got.keys():
        return [f"{place}: expected the keys {sorted(expected)}, got {sorted(got)}"]
    keys = set(expected)
    if expected.get("bound") is not None and "figure" in expected:
        keys.remove("figure")
        if (expected["figure"] <= expected["bound"]) != (got["figure"] <= got["bound"]):
            return [f"{place}.figure: expected {expected['figure']!r}, got {got['figure']!r}"]
    return [line for key in sorted(keys) for line in differences(expected[key], got[key], f"{place}.{key}", tolerance)]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
