"""Operations that make very large values of small ones, measured before they run."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nabla.program import limits
from nabla.program.errors import Gap

_PERCENT = re.compile(r"%(?:\([^)]*\))?[-+ #0]*(\*|\d*)(?:\.(\*|\d*))?")
_SEQUENCES = (str, bytes, list, tuple, bytearray)


def _bits(value: int) -> int:
    return value.bit_length()


def _too_large(what: str) -> Gap:
    return Gap(f"{what} is too large here", code="too-big")


def _repeated(sequence: Any, count: int) -> None:
    if len(sequence) * count > limits.ITEMS:
        raise _too_large(f"a {type(sequence).__name__} of {len(sequence) * count:,} items")


def mul(a: Any, b: Any) -> Any:
    """`a * b`."""
    if type(a) is int:
        if type(b) is int:
            if _bits(a) + _bits(b) > limits.BITS:
                raise _too_large("the product")
        elif isinstance(b, _SEQUENCES):
            _repeated(b, a)
    elif type(b) is int and isinstance(a, _SEQUENCES):
        _repeated(a, b)
    return a * b


def _power(a: Any, b: Any) -> None:
    if isinstance(a, int) and isinstance(b, int) and _bits(a) * abs(b) > limits.BITS and a not in (-1, 0, 1):
        raise _too_large("the power")


def power(a: Any, b: Any) -> Any:
    """`a ** b`."""
    if type(b) is int:
        _power(a, b)
    return a**b


def power_mod(a: Any, b: Any, m: Any = None) -> Any:
    """`pow(a, b, m)`."""
    if m is None:
        return power(a, b)
    return pow(a, b, m)


def rounded(number: Any, ndigits: Any = None) -> Any:
    """`round(number, ndigits)`; a whole number to more places before the point than it has is 0, and is not divided."""
    if isinstance(number, int) and isinstance(ndigits, int) and -ndigits > _bits(number) + 1:
        return 0
    return round(number, ndigits)


def _shift(a: Any, b: Any) -> None:
    if isinstance(a, int) and isinstance(b, int) and _bits(a) + b > limits.BITS:
        raise _too_large("the shifted number")


def shift(a: Any, b: Any) -> Any:
    """`a << b`."""
    _shift(a, b)
    return a << b


def _percent(a: Any, b: Any) -> None:
    if isinstance(a, (str, bytes)):
        text = a if isinstance(a, str) else a.decode("latin-1")
        for match in _PERCENT.finditer(text):
            if "*" in match.groups():
                raise Gap("a width given by `*` in a format")
            if any(int(digits or 0) > limits.WIDTH for digits in match.groups()):
                raise _too_large("the width of the format")
        measured(b)


def mod(a: Any, b: Any) -> Any:
    """`a % b`, of numbers or of text."""
    if isinstance(a, (str, bytes)):
        _percent(a, b)
    return a % b


def in_mul(a: Any, b: Any) -> Any:
    """`a *= b`."""
    if type(a) is int or type(b) is int:
        if isinstance(a, list) and isinstance(b, int):
            _repeated(a, b)
        else:
            return mul(a, b) if type(a) is int else _in_mul(a, b)
    a *= b
    return a


def _in_mul(a: Any, b: Any) -> Any:
    if isinstance(a, _SEQUENCES):
        _repeated(a, b)
    a *= b
    return a


def in_pow(a: Any, b: Any) -> Any:
    """`a **= b`."""
    _power(a, b)
    a **= b
    return a


def in_shift(a: Any, b: Any) -> Any:
    """`a <<= b`."""
    _shift(a, b)
    a <<= b
    return a


def in_mod(a: Any, b: Any) -> Any:
    """`a %= b`."""
    _percent(a, b)
    a %= b
    return a


def operand(how: str, b: Any) -> Any:
    """The right side of `x[i] *= b` and its like, whose left side is not seen."""
    if how == "mod":
        measured(b)
        return b
    if type(b) is int:
        most = {"mul": 10**9, "pow": 1_000, "shift": 1_000}[how]
        if abs(b) > most and (how != "mul" or _bits(b) > limits.BITS // 10):
            raise _too_large("the operand")
    return b


def _widest(spec: str) -> None:
    if any(int(digits) > limits.WIDTH for digits in re.findall(r"\d+", spec)):
        raise _too_large("the width of the format")


def formatted(value: Any, spec: str = "", conversion: int = -1) -> str:
    """`f"{value!c:spec}"`."""
    _widest(spec)
    if conversion >= 0:
        ways: dict[str, Callable[[Any], str]] = {"r": repr, "s": str, "a": ascii}
        value = ways[chr(conversion)](value)
    return format(value, spec)


def measured(value: Any) -> Any:
    """`value`, which may not hold too many items, lists in lists counted each time they appear.

    Raises:
        Gap: it does; its text would be far longer than its memory.
    """
    count = 0
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple, set, frozenset)):
            stack.extend(item)
            count += len(item)
        elif isinstance(item, dict):
            stack.extend(item.values())
            count += len(item)
        if count > limits.SHOWN:
            raise Gap(f"a text of lists of more than {limits.SHOWN:,} items", code="too-big")
    return value


def _width(method: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    def of(value: Any) -> Callable[..., Any]:
        def call(width: Any, *rest: Any) -> Any:
            if isinstance(width, int) and width > limits.ITEMS:
                raise _too_large("the width")
            return method(value, width, *rest)

        return call

    return of


def _replace(text: Any) -> Callable[..., Any]:
    def call(old: Any, new: Any, *rest: Any) -> Any:
        if len(text) * max(len(new), 1) > limits.ITEMS:
            raise _too_large("the text")
        return type(text).replace(text, old, new, *rest)

    return call


def _coded(method: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    def of(value: Any) -> Callable[..., Any]:
        def call(encoding: str = "utf-8", errors: str = "strict") -> Any:
            if encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "ascii", "latin-1", "utf-16"):
                raise Gap(f"the encoding {encoding[:20]}")
            return method(value, encoding, errors)

        return call

    return of


# Methods that are answered by ours, by type and name; each is given the value and gives the bound method.
METHODS: dict[tuple[type, str], Callable[[Any], Any]] = {
    **{(kind, name): _width(getattr(kind, name)) for kind in (str, bytes, bytearray)
       for name in ("ljust", "rjust", "center", "zfill", "expandtabs")},
    (str, "replace"): _replace, (bytes, "replace"): _replace, (bytearray, "replace"): _replace,
    (str, "encode"): _coded(str.encode), (bytes, "decode"): _coded(bytes.decode),
    (bytearray, "decode"): _coded(bytearray.decode), (int, "to_bytes"): _width(int.to_bytes),
}  # fmt: skip
