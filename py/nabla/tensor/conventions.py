"""Where a function has no derivative, or an unbounded one, and what PyTorch takes there.

`VERSION` is the PyTorch that the conventions were compared with; each case stands with PyTorch's own numbers in a table
beside the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.tape import Vertex

VERSION = "2.13"
# (arguments as arrays, result, parameters) to a mask of the elements that the convention is about, or None.
Mask = Callable[[Sequence[Any], Any, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Convention:
    """What is the matter at a place (`what`, in words), what PyTorch takes there, and where that place is.

    `bend` says that each element of the result belongs to one of the first argument and bends there: any value
    between the slopes on the two sides could be taken.
    """

    what: str
    takes: str
    where: Mask
    bend: bool = False


def _at(*values: float) -> Mask:
    return lambda args, y, p: np.isin(args[0], values)


def _bounds(low: str, high: str, usual: tuple[float | None, float | None]) -> Mask:
    def mask(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
        ends = [p.get(low, usual[0]), p.get(high, usual[1])]
        return np.isin(args[0], [end for end in ends if end is not None])

    return mask


def _tie(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
    return args[0] == args[1]


def _ties_along(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
    a = np.asarray(args[0])
    mine = a == (y if p.get("keepdim") else np.expand_dims(y, p["dims"]))
    return mine & (mine.sum(axis=p["dims"], keepdims=True) > 1)


def _first_of_ties(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
    a, dim = np.asarray(args[0]), p["dim"]
    mine = a == np.take_along_axis(a, p["at"], dim)
    return mine & (mine.sum(axis=dim, keepdims=True) > 1)


def _steep_power(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
    base, power = np.asarray(args[0]), np.asarray(args[1])
    return (base == 0) & (power > 0) & (power < 1)


def _zero_result(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
    return np.asarray(y) == 0


def _zero_norm(args: Sequence[Any], y: Any, p: Mapping[str, Any]) -> Any:
    return (np.asarray(y) == 0) & (p["p"] != 0)


_CORNER = "is at its corner, where it has no derivative"
_STEEP = "is where its slope is unbounded"
_STEP = "is at a jump"
_TIE = "meets equal values, where it has no derivative"
_FLAT = "0, as everywhere else on a staircase"

CONVENTIONS: dict[str, Convention] = {
    "relu": Convention(_CORNER, "0", _at(0.0), bend=True),
    "abs": Convention(_CORNER, "0", _at(0.0), bend=True),
    "relu6": Convention(_CORNER, "0", _at(0.0, 6.0), bend=True),
    "hardtanh": Convention(_CORNER, "0", _bounds("low", "high", (-1.0, 1.0)), bend=True),
    "leaky_relu": Convention(_CORNER, "the slope for negative inputs", _at(0.0), bend=True),
    "elu": Convention(_CORNER, "alpha, the slope from the left", _at(0.0), bend=True),
    "clamp": Convention(
        _CORNER, "1 on a bound (from 2.14 on it takes 0)", _bounds("low", "high", (None, None)), bend=True
    ),
    "maximum": Convention(_TIE, "1/2 for each of the two", _tie, bend=True),
    "minimum": Convention(_TIE, "1/2 for each of the two", _tie, bend=True),
    "amax": Convention(_TIE, "an equal part for each of them", _ties_along),
    "amin": Convention(_TIE, "an equal part for each of them", _ties_along),
    "gather": Convention(_TIE, "1 for the first of them and 0 for the others", _first_of_ties),
    "where": Convention(
        "is exactly on the border of its condition",
        "the derivative of the branch that the condition picks there",
        lambda args, y, p: args[3],
    ),
    "sign": Convention(_STEP, _FLAT, _at(0.0)),
    "floor": Convention(_STEP, _FLAT, lambda args, y, p: args[0] == y),
    "ceil": Convention(_STEP, _FLAT, lambda args, y, p: args[0] == y),
    "trunc": Convention(_STEP, _FLAT, lambda args, y, p: args[0] == y),
    "round": Convention(_STEP, _FLAT, lambda args, y, p: np.mod(args[0], 1) == 0.5),
    "sqrt": Convention(_STEEP, "inf, which times 0 makes nan", _at(0.0)),
    "log": Convention(_STEEP, "inf", _at(0.0)),
    "pow": Convention(_STEEP, "inf", _steep_power),
    "asin": Convention(_STEEP, "inf", _at(-1.0, 1.0)),
    "acos": Convention(_STEEP, "-inf", _at(-1.0, 1.0)),
    "norm": Convention("is the norm of zeros, which has no derivative", "0", _zero_norm),
    "std": Convention("is the deviation of equal values, which has no derivative", "0", _zero_result),
}


def corner_of(at: Vertex) -> Any:
    """Where a vertex is at a place that a convention is about: a mask, or None when its operation has none."""
    found = CONVENTIONS.get(at.op.name) if at.op else None
    if found is None or at.op is None or (at.op.name == "gather" and at.within not in ("max", "min")):
        return None
    if at.op.name == "where":
        condition = at.args[0]
        if (
            not isinstance(condition, Vertex)
            or condition.op is None
            or condition.op.name not in ("lt", "le", "gt", "ge")
        ):
            return None
        a, b = (arg.array if isinstance(arg, Vertex) else arg for arg in condition.args)
        return np.asarray(a == b)
    args = [arg.array if isinstance(arg, Vertex) else arg for arg in at.args]
    return np.asarray(found.where(args, at.array, at.params))


def convention_of(at: Vertex) -> Convention | None:
    """The convention that decided about the gradient at a vertex, if one did."""
    mask = corner_of(at) if at.needs else None
    return CONVENTIONS[at.op.name] if at.op and mask is not None and np.any(mask) else None
