"""Text made by programs: f-strings, str.format and the % operator, without their ways into objects."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from nabla.program.walker import limits

_SPEC = re.compile(r"(?:.?[<>=^])?[-+ ]?z?#?0?(\d{0,4})[,_]?(?:\.(\d{0,4}))?[bcdeEfFgGnosxX%]?\Z")
_PERCENT = re.compile(r"%(?:%|[-+ #0]*(\d{0,4})(?:\.(\d{0,4}))?([diufFeEgGrsxX]))")


def formatted(value: Any, spec: str, conversion: int = -1) -> str:
    """`value` as `f"{value!c:spec}"` has it.

    Raises:
        ValueError: a format that Python, or this reader, does not take.
    """
    measured(value)
    if conversion in (ord("r"), ord("a")):
        value = repr(value)
    elif conversion == ord("s"):
        value = str(value)
    match = _SPEC.match(spec)
    if not match or any(int(digits or 0) > limits.WIDTH for digits in match.groups()):
        raise ValueError(f"Invalid format specifier '{spec[:40]}'")
    return bounded(format(value, spec))


def format_method(text: str, args: Sequence[Any], named: Mapping[str, Any]) -> str:
    """`text.format(...)` with places and names only; fields that reach into objects are refused."""
    made: list[str] = []
    automatic = 0
    for literal, name, spec, conversion in string.Formatter().parse(text):
        made.append(literal)
        if name is None:
            continue
        if name == "":
            name, automatic = str(automatic), automatic + 1
        if name.isdigit():
            value = args[int(name)]
        elif name.isidentifier():
            value = named[name]
        else:
            raise ValueError(f"the format field {name[:40]} is not understood")
        made.append(formatted(value, spec or "", ord(conversion) if conversion else -1))
    return bounded("".join(made))


def percent(text: str, value: Any) -> str:
    """`text % value`."""
    values = list(value) if isinstance(value, tuple) else [value]
    used = 0

    def one(match: re.Match[str]) -> str:
        nonlocal used
        if match[0] == "%%":
            return "%"
        if any(int(digits or 0) > limits.WIDTH for digits in (match[1], match[2])):
            raise ValueError("the format is too wide")
        if used >= len(values):
            raise TypeError("not enough arguments for format string")
        item, used = measured(values[used]), used + 1
        if match[3] in "diufFeEgGxX" and not isinstance(item, (int, float)):
            item = float(item) if match[3] in "fFeEgG" else int(item)
        return match[0] % (item,)

    made = _PERCENT.sub(one, text)
    if used != len(values):
        raise TypeError("not all arguments converted during string formatting")
    return bounded(made)


def bounded(text: str) -> str:
    """`text`, which may not be too long.

    Raises:
        MemoryError: it is.
    """
    if len(text) > limits.ITEMS:
        raise MemoryError("a text of more than 100,000 characters")
    return text


def measured(value: Any) -> Any:
    """`value`, which may not hold too many items, lists in lists counted each time they appear.

    Raises:
        MemoryError: it does; its text, or an array of it, would be far longer than its memory.
    """
    count = 0
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple, set)):
            stack.extend(item)
            count += len(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
            count += len(item)
        if count > limits.ITEMS:
            raise MemoryError("lists of more than 100,000 items")
    return value
