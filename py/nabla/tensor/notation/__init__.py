"""LaTeX for what is on the tape: names, operations, their local derivatives, arrays and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nabla.tensor.tape import Array

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
        return shape_tex(array.shape) + r"\text{ numbers}"
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


def _call(name: str) -> Writer:
    return lambda a, p: rf"\operatorname{{{name}}}\left({', '.join(a)}\right)"


def _function(name: str) -> Writer:
    return lambda a, p: rf"{name}\left({a[0]}\right)"


def _over(name: str) -> Writer:
    def write(a: Sequence[str], p: dict[str, Any]) -> str:
        return rf"\operatorname{{{name}}}{_dims(p)} {a[0]}"

    return write


def _dims(p: dict[str, Any]) -> str:
    dims = p.get("dims", ())
    return "" if not dims else "_{" + ",".join("ijklmn"[d] for d in dims if d < 6) + "}"


# How the result of an operation is written, from its arguments in LaTeX.
FORWARD: dict[str, Writer] = {
    "add": lambda a, p: f"{a[0]} + {a[1]}", "sub": lambda a, p: f"{a[0]} - {a[1]}", "mul": lambda a,
    p: rf"{a[0]} \cdot {a[1]}",
    "div": lambda a, p: rf"\frac{{{a[0]}}}{{{a[1]}}}", "neg": lambda a, p: f"-{a[0]}", "pow": lambda a,
    p: f"{{{a[0]}}}^{{{a[1]}}}",
    "exp": lambda a, p: f"e^{{{a[0]}}}", "log": _function(r"\ln"), "log2": _function(r"\log_2"),
    "log10": _function(r"\log_{10}"),
    "sqrt": lambda a, p: rf"\sqrt{{{a[0]}}}", "square": lambda a, p: f"{{{a[0]}}}^{{2}}", "abs": lambda a,
    p: rf"\left|{a[0]}\right|",
    "reciprocal": lambda a, p: rf"\frac{{1}}{{{a[0]}}}", "sin": _function(r"\sin"), "cos": _function(r"\cos"),
    "tan": _function(r"\tan"),
    "asin": _function(r"\arcsin"), "acos": _function(r"\arccos"), "atan": _function(r"\arctan"),
    "sinh": _function(r"\sinh"),
    "cosh": _function(r"\cosh"), "tanh": _function(r"\tanh"), "sigmoid": _function(r"\sigma"),
    "sum": lambda a, p: rf"\sum{_dims(p)} {a[0]}", "mean": _over("mean"), "prod": lambda a,
    p: rf"\prod{_dims(p)} {a[0]}",
    "matmul": lambda a, p: f"{a[0]} \\, {a[1]}", "norm": lambda a, p: rf"\left\lVert {a[0]} \right\rVert",
    "permute": lambda a, p: f"{{{a[0]}}}^{{\\top}}" if tuple(p["dims"]) == (1, 0) else _call("permute")(a, p),
    "index": lambda a, p: f"{{{a[0]}}}_{{{_place(p['place'])}}}", "clone": lambda a, p: a[0],
    "cast_to": lambda a, p: a[0], "detach": _call("detach"),
    "amax": lambda a, p: rf"\max{_dims(p)} {a[0]}", "amin": lambda a, p: rf"\min{_dims(p)} {a[0]}",
    "maximum": lambda a, p: rf"\max\left({a[0]}, {a[1]}\right)", "minimum": lambda a,
    p: rf"\min\left({a[0]}, {a[1]}\right)",
    "inverse": lambda a, p: f"{{{a[0]}}}^{{-1}}", "det": _function(r"\det"), "softmax": _call("softmax"),
    "where": lambda a, p: rf"\begin{{cases}} {a[1]} & \text{{where }} {a[0]} \\ {a[2]} & \text{{else}}\end{{cases}}",
    "lt": lambda a, p: f"{a[0]} < {a[1]}", "gt": lambda a, p: f"{a[0]} > {a[1]}", "le": lambda a,
    p: rf"{a[0]} \le {a[1]}",
    "ge": lambda a, p: rf"{a[0]} \ge {a[1]}",
}  # fmt: skip


def forward_tex(op: str, args: Sequence[str], params: dict[str, Any]) -> str:
    """What an operation computes, in LaTeX."""
    writer = FORWARD.get(op)
    return writer(args, params) if writer else _call(op.replace("_", r"\_"))(list(args)[:4], params)


def _place(place: Any) -> str:
    if isinstance(place, tuple):
        return ",".join(_place(part) for part in place)
    if isinstance(place, slice):
        low, high = ("" if part is None else str(part) for part in (place.start, place.stop))
        return f"{low}:{high}"
    return str(place) if isinstance(place, int) else r"\ldots"
