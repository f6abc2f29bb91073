"""PyTorch's activations, `inplace=True` included: as functions, and as layers without parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import index
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.autograd import change
from nabla.tensor.torch.losses import _within

Function = Callable[..., Any]
SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def _in_place(function: Function, *, by_result: bool = False) -> Function:
    """With `inplace` the result is put into the argument; `by_result`: PyTorch then goes back by the result alone."""

    @wraps(function)
    def call(x: Any, *args: Any, inplace: bool = False, **how: Any) -> Any:
        if not inplace:
            return function(x, *args, **how)
        # PyTorch keeps what was there before, where it needs it to go back.
        kept = by_result or "0" not in getattr(function, "saves", "0")
        result = function(x if kept else OPERATIONS["clone"](x), *args, **how)
        if by_result:
            result.vertex.saves = "y"
        return change(x, result)

    return call


def _leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    return e.leaky_relu(x, slope=negative_slope)


def _hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    return e.hardtanh(x, low=min_val, high=max_val)


def _elu(x: Any, alpha: float = 1.0) -> Any:
    return e.elu(x, alpha=alpha)


def _selu(x: Any) -> Any:
    return _within(SELU_SCALE * e.elu(x, alpha=SELU_ALPHA), (x,), "selu", "EluBackward0")


def _celu(x: Any, alpha: float = 1.0) -> Any:
    return _within(alpha * e.elu(x / alpha), (x,), "celu", "CeluBackward0")


def _threshold(x: Any, threshold: float, value: float) -> Any:
    return _within(e.where(x > threshold, x, float(value)), (x,), "threshold", "ThresholdBackward0")


def _mish(x: Any) -> Any:
    return _within(x * e.tanh(e.softplus(x)), (x,), "mish", "MishBackward0")


def _hardsigmoid(x: Any) -> Any:
    return _within(e.relu6(x + 3) / 6, (x,), "hardsigmoid", "HardsigmoidBackward0")


def _hardswish(x: Any) -> Any:
    return _within(x * e.relu6(x + 3) / 6, (x,), "hardswish", "HardswishBackward0")


relu = _in_place(e.relu)
relu6 = _in_place(e.relu6, by_result=True)
leaky_relu = _in_place(_leaky_relu, by_result=True)
hardtanh = _in_place(_hardtanh, by_result=True)
elu = _in_place(_elu, by_result=True)
silu = _in_place(e.silu)
selu, celu, mish = _in_place(_selu), _in_place(_celu), _in_place(_mish)
threshold, hardsigmoid, hardswish = _in_place(_threshold), _in_place(_hardsigmoid), _in_place(_hardswish)


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """`F.softplus`."""
    return e.softplus(x, beta=beta, threshold=threshold)


def gelu(x: Any, approximate: str = "none") -> Any:
    """`F.gelu`, exact or with tanh."""
    if approximate == "none":
        return e.gelu(x)
    inner = e.ROOT_2_OVER_PI * (x + 0.044715 * x * x * x)
    return _within(0.5 * x * (1 + e.tanh(inner)), (x,), "gelu", "GeluBackward0")


def softsign(x: Any) -> Any:
    """`F.softsign`: x / (1 + |x|)."""
    return _within(x / (1 + e.absolute(x)), (x,), "softsign")


def tanhshrink(x: Any) -> Any:
    """`F.tanhshrink`: x - tanh x."""
    return _within(x - e.tanh(x), (x,), "tanhshrink")


def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """`F.softshrink`: nearer to 0 by `lambd`, and 0 within."""
    outer = e.where(x < -lambd, x + lambd, 0.0)
    return _within(e.where(x > lambd, x - lambd, outer), (x,), "softshrink", "SoftshrinkBackward0")


def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """`F.hardshrink`: 0 within `lambd` of 0."""
    return _within(e.where((x >= -lambd) & (x <= lambd), 0.0, x), (x,), "hardshrink", "HardshrinkBackward0")


def prelu(x: Any, weight: Any) -> Any:
    """`F.prelu`: the slope for negative inputs is a parameter, one or one a channel."""
    several = weight.array.size > 1 and x.ndim > 1
    slope = weight.view(1, -1, *[1] * (x.ndim - 2)) if several else weight
    return _within(e.where(x > 0, x, slope * x), (x, weight), "prelu", "PreluKernelBackward0")


def glu(x: Any, dim: int = -1) -> Any:
    """`F.glu`: one half times the sigmoid of the other."""
    n, axis = x.shape[dim] // 2, dim % x.ndim
    if x.shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {x.shape[dim]}")
    first, second = (index(x, place=(*[slice(None)] * axis, at)) for at in (slice(0, n), slice(n, 2 * n)))
    return _within(first * e.sigmoid(second), (x,), "glu", "GluBackward0")


def rrelu(x: Any, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, inplace: bool = False) -> Any:
    """`F.rrelu`; in training its slopes are drawn.

    Raises:
        NotImplementedError: in training.
    """
    if training:
        raise NotImplementedError("`F.rrelu` in training, with slopes that are drawn")
    return leaky_relu(x, (lower + upper) / 2, inplace=inplace)


def softmin(x: Any, dim: int | None = None) -> Any:
    """`F.softmin`."""
    return r.softmax(-x, dim)


def _always(function: Function) -> Function:
    return lambda x, *args: function(x, *args, inplace=True)


FUNCTIONS: dict[str, Function] = {
    "relu": relu, "relu6": relu6, "leaky_relu": leaky_relu, "hardtanh": hardtanh, "elu": elu, "silu": silu,
    "selu": selu, "celu": celu, "mish": mish, "threshold": threshold, "hardsigmoid": hardsigmoid,
    "hardswish": hardswish, "softplus": softplus, "gelu": gelu, "softsign": softsign, "tanhshrink": tanhshrink,
    "softshrink": softshrink, "hardshrink": hardshrink, "prelu": prelu, "glu": glu, "softmin": softmin,
    "rrelu": rrelu, **{f"{name}_": _always(function) for name, function in (
        ("celu", celu), ("selu", selu), ("hardtanh", hardtanh), ("threshold", threshold), ("rrelu", rrelu))},
    "logsigmoid": lambda x: e.logsigmoid(x), "sigmoid": e.sigmoid, "tanh": e.tanh, "softmax": r.softmax,
    "log_softmax": r.log_softmax, "relu_": lambda x: relu(x, inplace=True), "elu_": lambda x, alpha=1.0: elu(
        x, alpha, inplace=True),
    "leaky_relu_": lambda x, negative_slope=0.01: leaky_relu(x, negative_slope, inplace=True),
}  # fmt: skip
# The layers: the function, and the names of what may be given without one.
LAYERS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "ReLU": (relu, ("inplace",)), "ReLU6": (relu6, ("inplace",)), "Sigmoid": (e.sigmoid, ()), "Tanh": (e.tanh, ()),
    "Softplus": (softplus, ("beta", "threshold")), "SiLU": (silu, ("inplace",)), "GELU": (gelu, ("approximate",)),
    "ELU": (elu, ("alpha", "inplace")), "LeakyReLU": (leaky_relu, ("negative_slope", "inplace")),
    "LogSigmoid": (e.logsigmoid, ()), "Hardtanh": (hardtanh, ("min_val", "max_val", "inplace")),
    "Softmax": (r.softmax, ("dim",)), "LogSoftmax": (r.log_softmax, ("dim",)), "Softmin": (softmin, ("dim",)),
    "SELU": (selu, ("inplace",)), "CELU": (celu, ("alpha", "inplace")), "Mish": (mish, ("inplace",)),
    "Threshold": (threshold, ("threshold", "value", "inplace")), "Hardsigmoid": (hardsigmoid, ("inplace",)),
    "Hardswish": (hardswish, ("inplace",)), "Softsign": (softsign, ()), "Tanhshrink": (tanhshrink, ()),
    "Softshrink": (softshrink, ("lambd",)), "Hardshrink": (hardshrink, ("lambd",)), "GLU": (glu, ("dim",)),
    "Softmax2d": (lambda x: r.softmax(x, -3), ()),
    "Identity": (lambda x: x, ()),
}  # fmt: skip
