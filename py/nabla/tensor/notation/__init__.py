"""LaTeX for what is on the tape: names, operations, their local derivatives, arrays and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split()
)
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot", "vec": r"\vec"}
_NAME = re.compile(r"([A-Za-z]+)_?(\d+)\Z")
SHOWN = 4  # rows and columns of a matrix that are written out


def name_tex(name: str) -> str:
    """A program's name in LaTeX: y_hat as ŷ, w1 as w₁, alpha as α, long names upright."""
    base, _, ending = name.rpartition("_")
    if base and ending in _ACCENTS:
        return f"{_ACCENTS[ending]}{{{name_tex(base)}}}"
    match = _NAME.match(name)
    if match:
        return f"{name_tex(match[1])}_{{{match[2]}}}"
    if name in _GREEK:
        return "\\" + name
    if len(name) == 1:
        return name
    if base and len(base) <= 2 and ending and len(ending) <= 3 and "_" not in base:
        return f"{name_tex(base)}_{{{_upright(ending) if len(ending) > 1 else ending}}}"
    return _upright(name)


def bar_of(name: str) -> str:
    r"""The adjoint of what is called `name` (LaTeX): a bar above it, wide above several signs."""
    return rf"\overline{{{name}}}" if name.lstrip("{").startswith(r"\mathrm") else rf"\bar{{{name}}}"


def _upright(name: str) -> str:
    return rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def number_tex(value: float, digits: int = 5) -> str:
    """A number in LaTeX, with so many digits."""
    value = float(value)
    if np.isnan(value):
        return r"\mathrm{nan}"
    if np.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    text = f"{value:.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else text


def factor_tex(value: float) -> str:
    """A number as a factor: negative ones in brackets."""
    text = number_tex(value)
    return rf"\left({text}\right)" if text.startswith("-") else text


def shape_tex(shape: tuple[int, ...]) -> str:
    """A shape in LaTeX."""
    return r" \times ".join(map(str, shape))


def array_tex(array: Array) -> str:
    """An array in LaTeX: a number, a matrix with dots where it is large, or its shape when it has more dimensions."""
    if array.dtype.kind == "b":
        array = array.astype(np.int64)
    if array.size == 1 and array.ndim == 0:
        return number_tex(array.item())
    if array.ndim > 2 or not array.size:
        return shape_tex(array.shape) + r"\;\text{numbers}"
    rows = array.reshape(1, -1) if array.ndim == 1 else array
    return (
        r"\begin{pmatrix}" + r" \\ ".join(_row(row, rows.shape[1]) for row in _cut(rows, r"\vdots")) + r"\end{pmatrix}"
    )


def _cut(rows: Array, dots: str) -> list[Any]:
    listed: list[Any] = list(rows)
    return [*listed[: SHOWN - 1], dots, listed[-1]] if len(listed) > SHOWN + 1 else listed


def _row(row: Any, width: int) -> str:
    if isinstance(row, str):
        return " & ".join([row] * min(width, SHOWN + 1))
    return " & ".join(cell if isinstance(cell, str) else number_tex(cell) for cell in _cut(row, r"\cdots"))


Writer = Callable[[Sequence[str], dict[str, Any]], str]


def call(name: str) -> Writer:
    """A function by its name, of all arguments."""
    return lambda a, p: rf"\operatorname{{{name}}}\left({', '.join(a)}\right)"


def function(name: str) -> Writer:
    """A function of one argument, by its command."""
    return lambda a, p: rf"{name}\left({a[0]}\right)"


def over(name: str) -> Writer:
    """A function over dimensions, by its name."""

    def write(a: Sequence[str], p: dict[str, Any]) -> str:
        return rf"\operatorname{{{name}}}{dims(p)} {a[0]}"

    return write


def dims(p: dict[str, Any]) -> str:
    """The dimensions of a reduction as a subscript."""
    over = p.get("dims", ())
    return "" if not over else "_{" + ",".join("ijklmn"[d] for d in over if d < 6) + "}"


def place(at: Any) -> str:
    """An index as a subscript."""
    if isinstance(at, tuple):
        return ",".join(place(part) for part in at)
    if isinstance(at, slice):
        low, high = ("" if part is None else str(part) for part in (at.start, at.stop))
        return f"{low}:{high}"
    return str(at) if isinstance(at, int) else r"\ldots"
