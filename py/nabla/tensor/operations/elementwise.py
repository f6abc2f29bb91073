"""Operations that act on each element, with their vector-Jacobian products and PyTorch's values at the corners.

The derivatives follow the mathematics; at a corner (the bend of ReLU, a tie of two maxima) each takes the element of
the
subdifferential that PyTorch takes. `corners` names those conventions, and tests compare them with PyTorch's.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations.shapes import sum_to
from nabla.tensor.tape import Array, Operation, Tensor

ROOT_2_OVER_PI = math.sqrt(2 / math.pi)


def unary(name: str, forward: Callable[..., Any], vjp: Callable[..., Any] | None, saves: str = "0") -> Operation:
    """An operation of one argument, on floats."""
    return Operation(name, forward, *([vjp] if vjp else []), saves=saves, casts="float")


def _like(g: Any, arg: Any) -> Any:
    """The adjoint summed over the axes along which `arg` was broadcast."""
    shape = np.shape(arg) if not isinstance(arg, Tensor) else arg.shape
    return g if g.shape == shape else sum_to(g, shape=shape)


def binary(
    name: str, forward: Callable[..., Any], *vjps: Callable[..., Any], saves: str = "", casts: str = "same"
) -> Operation:
    """An operation of two arguments that are broadcast against each other; adjoints are summed back."""

    def summed(vjp: Callable[..., Any], i: int) -> Callable[..., Any]:
        return lambda g, y, *args, **params: _like(vjp(g, y, *args, **params), args[i])

    return Operation(name, forward, *(summed(vjp, i) for i, vjp in enumerate(vjps)), saves=saves, casts=casts)


def _int_safe_power(a: Any, b: Any) -> Any:
    if isinstance(b, float) and b == int(b) and abs(b) < 64 and b >= 0:
        b = int(b)  # repeated multiplication, exact where PyTorch is
    return np.power(a, b)


# Comparison and logic: no derivatives ------------------------------------------------------------------------------

for _name, _forward in {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal,
    "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor,
    "bitwise_and": np.bitwise_and, "bitwise_or": np.bitwise_or, "bitwise_xor": np.bitwise_xor,
}.items():  # fmt: skip
    Operation(_name, _forward, casts="same")
Operation("logical_not", np.logical_not)
isnan: Operation = Operation("isnan", np.isnan)
isinf: Operation = Operation("isinf", np.isinf)
isfinite: Operation = Operation("isfinite", np.isfinite)

# Arithmetic ----------------------------------------------------------------------------------------------------------

add: Operation = binary("add", np.add, lambda g, y, a, b: g, lambda g, y, a, b: g)
sub: Operation = binary("sub", np.subtract, lambda g, y, a, b: g, lambda g, y, a, b: -g)
mul: Operation = binary("mul", np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a, saves="10")
div: Operation = binary(
    "div", np.true_divide, lambda g, y, a, b: g / b, lambda g, y, a, b: -(g * a) / (b * b), saves="1", casts="float"
)
neg: Operation = Operation("neg", np.negative, lambda g, y, a: -g)
floor_divide: Operation = binary("floor_divide", np.floor_divide, lambda g, y, a, b: g * 0, lambda g, y, a, b: g * 0)
remainder: Operation = binary(
    "remainder", np.remainder, lambda g, y, a, b: g, lambda g, y, a, b: -g * floor(a / b), saves="01"
)
fmod: Operation = binary("fmod", np.fmod, lambda g, y, a, b: g, lambda g, y, a, b: -g * trunc(a / b), saves="01")


def _power_base(g: Any, y: Any, a: Any, b: Any) -> Any:
    if isinstance(b, (int, float)):
        if b == 0:
            return g * 0
        return g * (b * (a if b == 2 else power(a, b - 1)))
    return where(b == 0, 0.0, g * b * power(a, where(b == 0, 1.0, b - 1)))


def _power_exponent(g: Any, y: Any, a: Any, b: Any) -> Any:
    flat = (a == 0) & (b >= 0)
    return where(flat, 0.0, g * y * log(where(flat, 1.0, a)))


power: Operation = binary("pow", _int_safe_power, _power_base, _power_exponent, saves="01y")
atan2: Operation = binary(
    "atan2", np.arctan2, lambda g, y, a, b: g * b / (a * a + b * b), lambda g, y, a, b: -g * a / (a * a + b * b),
    saves="01", casts="float",
)  # fmt: skip
hypot: Operation = binary(
    "hypot", np.hypot, lambda g, y, a, b: g * a / y, lambda g, y, a, b: g * b / y, saves="01y", casts="float"
)


def _winner(beats: Callable[[Any, Any], Any], first: bool) -> Callable[..., Any]:
    """The larger (smaller) of two takes the adjoint, a tie shares it."""

    def vjp(g: Any, y: Any, a: Any, b: Any) -> Any:
        mine, other = (a, b) if first else (b, a)
        return where(mine == other, g * 0.5, where(beats(mine, other), g, 0.0))

    return vjp


maximum: Operation = binary("maximum", np.maximum, _winner(operator.gt, True), _winner(operator.gt, False), saves="01")
minimum: Operation = binary("minimum", np.minimum, _winner(operator.lt, True), _winner(operator.lt, False), saves="01")

# where(condition, a, b): the condition is no operand of the common type.


def _where(c: Any, a: Any, b: Any) -> Any:
    return np.where(c, a, b)


class _Where(Operation):
    __slots__ = ()

    def __call__(self, *args: Any, **params: Any) -> Any:
        condition, a, b = args
        kind = next((type(x) for x in (a, b) if isinstance(x, Tensor)), None)
        if kind:
            raw = [x.array if isinstance(x, Tensor) else x for x in (a, b)]
            target = kind.cast(raw, "same")
            a, b = (
                x
                if isinstance(x, Tensor) and x.dtype == t.dtype
                else cast_to(x, dtype=t.dtype)
                if isinstance(x, Tensor)
                else t
                for x, t in zip((a, b), target, strict=True)
            )
        elif isinstance(a, np.ndarray) and isinstance(b, (int, float)):
            b = a.dtype.type(b)
        elif isinstance(b, np.ndarray) and isinstance(a, (int, float)):
            a = b.dtype.type(a)
        return super().__call__(condition, a, b, **params)


where: Operation = _Where(
    "where",
    _where,
    None,
    lambda g, y, c, a, b: _like(where(c, g, 0.0), a),
    lambda g, y, c, a, b: _like(where(c, 0.0, g), b),
    saves="0",
)
cast_to: Operation = Operation(
    "cast_to", lambda a, dtype: np.asarray(a).astype(dtype), lambda g, y, a, dtype: cast_to(g, dtype=a.dtype)
)

# Exponentials, logarithms, roots -------------------------------------------------------------------------------------

exp: Operation = unary("exp", np.exp, lambda g, y, x: g * y, "y")
exp2: Operation = unary("exp2", np.exp2, lambda g, y, x: g * y * math.log(2), "y")
expm1: Operation = unary("expm1", np.expm1, lambda g, y, x: g * (y + 1), "y")
log: Operation = unary("log", np.log, lambda g, y, x: g / x)
log2: Operation = unary("log2", np.log2, lambda g, y, x: g / (x * math.log(2)))
log10: Operation = unary("log10", np.log10, lambda g, y, x: g / (x * math.log(10)))
log1p: Operation = unary("log1p", np.log1p, lambda g, y, x: g / (x + 1))
sqrt: Operation = unary("sqrt", np.sqrt, lambda g, y, x: g / (2 * y), "y")
rsqrt: Operation = unary("rsqrt", lambda x: 1 / np.sqrt(x), lambda g, y, x: g * (-0.5 * y * y * y), "y")
square: Operation = unary("square", np.square, lambda g, y, x: g * (2 * x))
reciprocal: Operation = unary("reciprocal", lambda x: np.true_divide(1, x), lambda g, y, x: -g * y * y, "y")
cbrt: Operation = unary("cbrt", np.cbrt, lambda g, y, x: g / (3 * y * y), "y")

# Steps and corners ---------------------------------------------------------------------------------------------------

absolute: Operation = Operation("abs", np.abs, lambda g, y, x: g * sign(x), saves="0")
sign: Operation = Operation("sign", np.sign, lambda g, y, x: g * 0)
floor: Operation = Operation("floor", np.floor, lambda g, y, x: g * 0)
ceil: Operation = Operation("ceil", np.ceil, lambda g, y, x: g * 0)
trunc: Operation = Operation("trunc", np.trunc, lambda g, y, x: g * 0)
rounded: Operation = Operation("round", np.round, lambda g, y, x: g * 0)

# Trigonometry --------------------------------------------------------------------------------------------------------

sin: Operation = unary("sin", np.sin, lambda g, y, x: g * cos(x))
cos: Operation = unary("cos", np.cos, lambda g, y, x: -(g * sin(x)))
tan: Operation = unary("tan", np.tan, lambda g, y, x: g * (1 + y * y), "y")
asin: Operation = unary("asin", np.arcsin, lambda g, y, x: g / sqrt(1 - x * x))
acos: Operation = unary("acos", np.arccos, lambda g, y, x: -g / sqrt(1 - x * x))
atan: Operation = unary("atan", np.arctan, lambda g, y, x: g / (1 + x * x))
sinh: Operation = unary("sinh", np.sinh, lambda g, y, x: g * cosh(x))
cosh: Operation = unary("cosh", np.cosh, lambda g, y, x: g * sinh(x))
tanh: Operation = unary("tanh", np.tanh, lambda g, y, x: g * (1 - y * y), "y")
asinh: Operation = unary("asinh", np.arcsinh, lambda g, y, x: g / sqrt(x * x + 1))
acosh: Operation = unary("acosh", np.arccosh, lambda g, y, x: g / sqrt(x * x - 1))
atanh: Operation = unary("atanh", np.arctanh, lambda g, y, x: g / (1 - x * x))
deg2rad: Operation = unary("deg2rad", np.deg2rad, lambda g, y, x: g * (math.pi / 180), "")

# Error function ------------------------------------------------------------------------------------------------------

_erf = np.frompyfunc(math.erf, 1, 1)
_erfc = np.frompyfunc(math.erfc, 1, 1)


def _as_float(function: Callable[[Any], Any]) -> Callable[[Any], Array]:
    return lambda x: np.asarray(function(np.asarray(x, np.float64))).astype(np.asarray(x).dtype)


erf: Operation = unary("erf", _as_float(_erf), lambda g, y, x: g * (2 / math.sqrt(math.pi)) * exp(-x * x))
erfc: Operation = unary("erfc", _as_float(_erfc), lambda g, y, x: g * (-2 / math.sqrt(math.pi)) * exp(-x * x))

# Activations ---------------------------------------------------------------------------------------------------------


def _sigmoid(x: Any) -> Any:
    """1/(1 + e^-x) without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))


def _softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    return np.where(x * beta > threshold, x, np.logaddexp(0, x * beta).astype(np.asarray(x).dtype) / beta)


def _between(x: Any, low: float, high: float) -> Any:
    return (x > low) & (x < high)


sigmoid: Operation = unary("sigmoid", _sigmoid, lambda g, y, x: g * (y * (1 - y)), "y")
relu: Operation = Operation("relu", lambda x: np.maximum(x, 0), lambda g, y, x: where(y > 0, g, 0.0), saves="y")
relu6: Operation = unary("relu6", lambda x: np.clip(x, 0, 6), lambda g, y, x: where(_between(x, 0, 6), g, 0.0))
hardtanh: Operation = unary(
    "hardtanh",
    lambda x, low=-1.0, high=1.0: np.clip(x, low, high),
    lambda g, y, x, low=-1.0, high=1.0: where(_between(x, low, high), g, 0.0),
)
leaky_relu: Operation = unary(
    "leaky_relu",
    lambda x, slope=0.01: np.where(x > 0, x, x * slope),
    lambda g, y, x, slope=0.01: where(x > 0, g, g * slope),
)
elu: Operation = unary(
    "elu",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    lambda g, y, x, alpha=1.0: where(x > 0, g, g * (alpha * exp(where(x > 0, 0.0, x)))),
)
softplus: Operation = unary(
    "softplus",
    _softplus,
    lambda g, y, x, beta=1.0, threshold=20.0: where(x * beta > threshold, g, g * sigmoid(x * beta)),
)
logsigmoid: Operation = unary("logsigmoid", lambda x: -_softplus(-x), lambda g, y, x: g * sigmoid(-x))
silu: Operation = unary(
    "silu", lambda x: x * _sigmoid(x), lambda g, y, x: g * (sigmoid(x) * (1 + x * (1 - sigmoid(x))))
)
gelu: Operation = unary(
    "gelu",
    lambda x: 0.5 * x * (1 + erf.forward(x * math.sqrt(0.5))),
    lambda g, y, x: g * (0.5 * (1 + erf(x * math.sqrt(0.5))) + x * exp(-0.5 * x * x) / math.sqrt(2 * math.pi)),
)
clamp: Operation = Operation(
    "clamp",
    lambda x, low=None, high=None: np.clip(x, low, high) if low is not None or high is not None else x,
    lambda g, y, x, low=None, high=None: _unclamped(g, x, low, high),
    saves="0",
)


def _unclamped(g: Any, x: Any, low: float | None, high: float | None) -> Any:
    """The adjoint inside the bounds and on them, 0 outside: PyTorch up to 2.13; from 2.14 it is 0 on them too."""
    if low is not None:
        g = where(x >= low, g, 0.0)
    return g if high is None else where(x <= high, g, 0.0)
