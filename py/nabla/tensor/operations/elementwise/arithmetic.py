"""Arithmetic, comparisons, powers, and the choice between two, element by element."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import CornerConvention, Rule
from nabla.tensor.operation import Operation, given
from nabla.tensor.operations.elementwise.corners import TIE, USUAL, corner, jump, on_a_step, steep, tied
from nabla.tensor.operations.shapes import sum_to
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import Tensor, Vertex

NEGATIVE = r"\left(-1\right)"


def unary(
    name: str, forward: Callable[..., Any], vjp: Callable[..., Any] | None, saves: str = "0", **about: Any
) -> Operation:
    """An operation of one argument, on floats."""
    return Operation(name, forward, *([vjp] if vjp else []), saves=saves, casts="float", **about)


def _like(g: Any, arg: Any) -> Any:
    """The adjoint summed over the axes along which `arg` was broadcast."""
    shape = np.shape(arg) if not isinstance(arg, Tensor) else arg.shape
    return g if g.shape == shape else sum_to(g, shape=shape)


def summed(vjp: Callable[..., Any], i: int) -> Callable[..., Any]:
    """The product for argument `i`, summed back to its shape."""
    return lambda g, y, *args, **params: _like(vjp(g, y, *args, **params), args[i])


def binary(
    name: str,
    forward: Callable[..., Any],
    *vjps: Callable[..., Any],
    saves: str = "",
    casts: str = "same",
    **about: Any,
) -> Operation:
    """An operation of two arguments that are broadcast against each other; adjoints are summed back."""
    back = [summed(vjp, i) for i, vjp in enumerate(vjps)]
    return Operation(name, forward, *back, saves=saves, casts=casts, broadcasts=True, **about)


# Comparison and logic: no derivatives ------------------------------------------------------------------------------

for _name, _forward, _tex in (
    ("lt", np.less, "@a < @b"), ("le", np.less_equal, r"@a \le @b"), ("gt", np.greater, "@a > @b"),
    ("ge", np.greater_equal, r"@a \ge @b"), ("eq", np.equal, ""), ("ne", np.not_equal, ""),
    ("logical_and", np.logical_and, ""), ("logical_or", np.logical_or, ""), ("logical_xor", np.logical_xor, ""),
    ("bitwise_and", np.bitwise_and, ""), ("bitwise_or", np.bitwise_or, ""), ("bitwise_xor", np.bitwise_xor, ""),
):  # fmt: skip
    Operation(_name, _forward, casts="same", tex=_tex)
Operation("logical_not", np.logical_not)
isnan: Operation = Operation("isnan", np.isnan)
isinf: Operation = Operation("isinf", np.isinf)
isfinite: Operation = Operation("isfinite", np.isfinite)

# Arithmetic ----------------------------------------------------------------------------------------------------------


def _lost_sign(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    if i == len(args) - 1:
        yield "sign", lambda g: g


add: Operation = binary(
    "add", np.add, lambda g, y, a, b: g, lambda g, y, a, b: g,
    tex="@a + @b", local=("1", "1"), code=("{a} + {b}", "{g}", "{g}"), linear=True,
)  # fmt: skip
sub: Operation = binary(
    "sub", np.subtract, lambda g, y, a, b: g, lambda g, y, a, b: -g,
    tex="@a - @b", local=("1", NEGATIVE), code=("{a} - {b}", "{g}", "-{g}"), linear=True, slips=_lost_sign,
)  # fmt: skip
mul: Operation = binary(
    "mul", np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a, saves="10",
    tex=r"@a \cdot @b", local=("@b", "@a"), code=("{a} * {b}", "{g} * {b}", "{g} * {a}"),
)  # fmt: skip
div: Operation = binary(
    "div", np.true_divide, lambda g, y, a, b: g / b, lambda g, y, a, b: -(g * a) / (b * b), saves="1", casts="float",
    tex=r"\frac{@a}{@b}", local=(r"\frac{1}{@b}", r"\left(-\frac{@a}{@b^2}\right)"),
    code=("{a} / {b}", "{g} / {b}", "-{g} * {a} / {b} ** 2"),
)  # fmt: skip
neg: Operation = Operation(
    "neg", np.negative, lambda g, y, a: -g,
    tex="-@a", local=(NEGATIVE,), code=("-{a}", "-{g}"), linear=True, slips=_lost_sign,
)  # fmt: skip


def _not_there(g: Any, y: Any, a: Any, b: Any) -> Any:
    raise RuntimeError("derivative for aten::floor_divide is not implemented")


floor_divide: Operation = binary(
    "floor_divide", np.floor_divide, _not_there, _not_there, local=("0", "0"), step="NotImplemented"
)
for _dialect in ("numpy", "jax", "autograd"):
    floor_divide.variant(_dialect, lambda g, y, a, b: g * 0, lambda g, y, a, b: g * 0, corner=None)
remainder: Operation = binary(
    "remainder", np.remainder, lambda g, y, a, b: g, lambda g, y, a, b: -g * floor(a / b), saves="01",
    local=("1", r"\left(-\left\lfloor \tfrac{@a}{@b} \right\rfloor\right)"),
)  # fmt: skip
fmod: Operation = binary(
    "fmod", np.fmod, lambda g, y, a, b: g, lambda g, y, a, b: -g * trunc(a / b), saves="01",
    local=("1", r"\left(-\operatorname{trunc} \tfrac{@a}{@b}\right)"),
)  # fmt: skip

# Powers --------------------------------------------------------------------------------------------------------------


def _int_safe_power(a: Any, b: Any) -> Any:
    if isinstance(b, float) and b == int(b) and abs(b) < 64 and b >= 0:
        b = int(b)  # repeated multiplication, exact where PyTorch is
    return np.power(a, b)


def _power_base(g: Any, y: Any, a: Any, b: Any) -> Any:
    if isinstance(b, (int, float)):
        if b == 0:
            return g * 0
        return g * (b * (a if b == 2 else power(a, b - 1)))
    return where(b == 0, 0.0, g * b * power(a, where(b == 0, 1.0, b - 1)))


def _power_exponent(g: Any, y: Any, a: Any, b: Any) -> Any:
    flat = (a == 0) & (b >= 0)
    return where(flat, 0.0, g * y * OPERATIONS["log"](where(flat, 1.0, a)))


def dropped_coefficient(base: Any, exponent: Any) -> Iterator[tuple[str, Rule]]:
    """The factor that comes down from a power left out."""
    if isinstance(exponent, (int, float)) and exponent not in (0, 1):
        yield "coefficient-dropped", lambda g: g * base ** (exponent - 1)


def _power_slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    if i == 0:
        yield from dropped_coefficient(*args)


def _power_step(args: Sequence[Any], params: Mapping[str, Any]) -> str:
    numbers = [isinstance(arg, (int, float)) for arg in args]
    return "PowBackward0" if numbers[1] else "PowBackward2" if numbers[0] else "PowBackward1"


def _steep_power(vertex: Vertex) -> Any:
    base, exponent = map(np.asarray, given(vertex))
    return (base == 0) & (exponent > 0) & (exponent < 1)


power: Operation = binary(
    "pow", _int_safe_power, _power_base, _power_exponent, saves="01p",
    tex="{@a}^{@b}",
    local=(lambda a: f"2 {a[0]}" if a[1] == "2" else rf"{{{a[1]}}} \, {{{a[0]}}}^{{{{{a[1]}}} - 1}}", r"@y \ln @a"),
    code=("{a} ** {b}", "{g} * {b} * {a} ** ({b} - 1)", "{g} * {y} * {np}.log({a})"),
    step=_power_step, slips=_power_slips, corner=steep("inf", _steep_power),
)  # fmt: skip

# Of two: angle, length, the larger, the smaller ----------------------------------------------------------------------


def _origin(vertex: Vertex) -> Any:
    a, b = given(vertex)
    return np.asarray((a == 0) & (b == 0))


def _angle(by: Callable[[Any, Any, Any], Any]) -> Callable[..., Any]:
    """A derivative of the angle, which PyTorch takes for 0 at the origin."""

    def vjp(g: Any, y: Any, a: Any, b: Any) -> Any:
        square = a * a + b * b
        flat = square == 0
        return where(flat, 0.0, by(g, a, b) / where(flat, 1.0, square))

    return vjp


_ORIGIN = "is the angle of the origin, which has none"
atan2: Operation = binary(
    "atan2",
    np.arctan2,
    _angle(lambda g, a, b: g * b),
    _angle(lambda g, a, b: -g * a),
    saves="01",
    casts="float",
    local=(r"\frac{@b}{@a^2 + @b^2}", r"\left(-\frac{@a}{@a^2 + @b^2}\right)"),
    corner=CornerConvention(_ORIGIN, "0", _origin),
)
_plain_angle = (
    summed(lambda g, y, a, b: g * b / (a * a + b * b), 0), summed(lambda g, y, a, b: -g * a / (a * a + b * b), 1),
)  # fmt: skip
for _dialect in ("jax", "autograd"):
    atan2.variant(_dialect, *_plain_angle, corner=CornerConvention(_ORIGIN, "nan", _origin))
_LENGTH = "is the length of zeros, which has no derivative"
hypot: Operation = binary(
    "hypot", np.hypot, lambda g, y, a, b: g * a / y, lambda g, y, a, b: g * b / y, saves="01y", casts="float",
    local=(r"\frac{@a}{@y}", r"\frac{@b}{@y}"),
    corner=CornerConvention(_LENGTH, "nan", _origin),
)  # fmt: skip


def _halved(vjp: Callable[..., Any]) -> Callable[..., Any]:
    """The derivative of a length, taken for 1/2 at the origin."""

    def halved(g: Any, y: Any, a: Any, b: Any) -> Any:
        flat = y == 0
        return where(flat, g * 0.5, vjp(g, where(flat, 1.0, y), a, b))

    return halved


hypot.variant(
    "jax", summed(_halved(lambda g, y, a, b: g * a / y), 0), summed(_halved(lambda g, y, a, b: g * b / y), 1),
    corner=CornerConvention(_LENGTH, "1/2 for each of the two", _origin),
)  # fmt: skip


def _winner(beats: Callable[[Any, Any], Any], first: bool) -> Callable[..., Any]:
    """The larger (smaller) of two takes the adjoint, a tie shares it."""

    def vjp(g: Any, y: Any, a: Any, b: Any) -> Any:
        mine, other = (a, b) if first else (b, a)
        return where(mine == other, g * 0.5, where(beats(mine, other), g, 0.0))

    return vjp


_HALF = CornerConvention(TIE, "1/2 for each of the two", tied, USUAL)
maximum: Operation = binary(
    "maximum", np.maximum, _winner(operator.gt, True), _winner(operator.gt, False), saves="01",
    tex=r"\max\left(@a, @b\right)", local=(r"\left[@a > @b\right]", r"\left[@b > @a\right]"), corner=_HALF,
)  # fmt: skip
minimum: Operation = binary(
    "minimum", np.minimum, _winner(operator.lt, True), _winner(operator.lt, False), saves="01",
    tex=r"\min\left(@a, @b\right)", local=(r"\left[@a < @b\right]", r"\left[@b < @a\right]"), corner=_HALF,
)  # fmt: skip

# where(condition, a, b): the condition is no operand of the common type ----------------------------------------------


class _Where(Operation):
    __slots__ = ()

    def __call__(self, *args: Any, **params: Any) -> Any:
        condition, a, b = args
        kind = next((type(x) for x in (a, b) if isinstance(x, Tensor)), None)
        if kind:
            raw = [x.array if isinstance(x, Tensor) else x for x in (a, b)]
            a, b = (_cast(x, t) for x, t in zip((a, b), kind.cast(raw, "same"), strict=True))
        elif isinstance(a, np.ndarray) and isinstance(b, (int, float)):
            b = a.dtype.type(b)
        elif isinstance(b, np.ndarray) and isinstance(a, (int, float)):
            a = b.dtype.type(a)
        return super().__call__(condition, a, b, **params)


def _cast(x: Any, like: Any) -> Any:
    """A tensor in the type of what its numbers were cast to; of anything else the cast itself."""
    if not isinstance(x, Tensor):
        return like
    return x if x.dtype == like.dtype else cast_to(x, dtype=like.dtype)


def _on_the_border(vertex: Vertex) -> Any:
    """Where the two sides of the comparison that decides are equal."""
    condition = vertex.args[0]
    compared = isinstance(condition, Vertex) and condition.op and condition.op.name in ("lt", "le", "gt", "ge")
    return tied(condition) if compared else None


where: Operation = _Where(
    "where",
    lambda c, a, b: np.where(c, a, b),
    None,
    lambda g, y, c, a, b: _like(where(c, g, 0.0), a),
    lambda g, y, c, a, b: _like(where(c, 0.0, g), b),
    saves="0",
    broadcasts=True,
    linear=True,
    tex=r"\begin{cases} @b & \text{where } @a \\ @c & \text{else}\end{cases}",
    local=("0", r"\left[@a\right]", r"\left[\lnot\, @a\right]"),
    corner=CornerConvention(
        "is exactly on the border of its condition",
        "the derivative of the branch that the condition picks there",
        _on_the_border,
    ),
)
cast_to: Operation = Operation(
    "cast_to", lambda a, dtype: np.asarray(a).astype(dtype), lambda g, y, a, dtype: cast_to(g, dtype=a.dtype),
    tex="@a", local=("1",), code=("{a} * 1", "{g}"), step="ToCopyBackward0", linear=True,
)  # fmt: skip

# Steps and the corner of the absolute value --------------------------------------------------------------------------

absolute: Operation = Operation(
    "abs", np.abs, lambda g, y, x: g * sign(x), saves="0",
    tex=r"\left|@a\right|", local=(r"\operatorname{sign} @a",), code=("{np}.abs({a})", "{g} * {np}.sign({a})"),
    corner=corner("0", lambda vertex: np.asarray(given(vertex)[0] == 0), (*USUAL, -1.0)),
)  # fmt: skip
absolute.variant(
    "jax", lambda g, y, x: g * where(x >= 0, 1.0, -1.0),
    corner=corner("1", lambda vertex: np.asarray(given(vertex)[0] == 0), (*USUAL, -1.0)),
)  # fmt: skip


def _staircase(name: str, forward: Callable[..., Any], where: Callable[[Vertex], Any]) -> Operation:
    return Operation(name, forward, lambda g, y, x: g * 0, local=("0",), corner=jump(where))


sign: Operation = _staircase("sign", np.sign, lambda vertex: np.asarray(given(vertex)[0] == 0))
floor: Operation = _staircase("floor", np.floor, on_a_step)
ceil: Operation = _staircase("ceil", np.ceil, on_a_step)
trunc: Operation = _staircase("trunc", np.trunc, on_a_step)
rounded: Operation = _staircase("round", np.round, lambda vertex: np.mod(given(vertex)[0], 1) == 0.5)
