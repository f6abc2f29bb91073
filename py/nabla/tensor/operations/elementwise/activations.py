"""Activations of neural networks, bounds, and the terms of the binary cross-entropy, element by element."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.tensor.entry import Rule
from nabla.tensor.notation import function
from nabla.tensor.operation import Operation
from nabla.tensor.operations.elementwise.arithmetic import maximum, unary, where
from nabla.tensor.operations.elementwise.corners import USUAL, at, at_bounds, corner
from nabla.tensor.operations.elementwise.elementary import erf, exp, log

ROOT_2_OVER_PI = math.sqrt(2 / math.pi)


def _sigmoid(x: Any) -> Any:
    """1/(1 + e^-x) without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))


def _mistaken_slopes(
    slope: Callable[[Any], Any], of_output: Callable[[Any], Any], part: tuple[str, Callable[[Any], Any]]
) -> Callable[..., Any]:
    """The derivative written with the wrong one of input and output, in part, or the activation in its place."""

    def slips(i: int, args: Sequence[Any], y: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
        yield "activation-of-input", lambda g: g * of_output(args[0])
        yield "activation-of-output", lambda g: g * slope(y)
        yield "activation-itself", lambda g: g * y
        yield part[0], lambda g: g * part[1](y)

    return slips


tanh: Operation = unary(
    "tanh", np.tanh, lambda g, y, x: g * (1 - y * y), "y",
    tex=function(r"\tanh"), local=(r"\left(1 - @y^2\right)",), code=("{np}.tanh({a})", "{g} * (1 - {y} ** 2)"),
    slips=_mistaken_slopes(lambda x: 1 - np.tanh(x) ** 2, lambda y: 1 - y * y,
                           ("square-of-slope-dropped", lambda y: 1 - y)),
)  # fmt: skip
sigmoid: Operation = unary(
    "sigmoid", _sigmoid, lambda g, y, x: g * (y * (1 - y)), "y",
    tex=function(r"\sigma"), local=(r"@y \left(1 - @y\right)",),
    code=("1 / (1 + {np}.exp(-{a}))", "{g} * {y} * (1 - {y})"),
    slips=_mistaken_slopes(lambda x: _sigmoid(x) * (1 - _sigmoid(x)), lambda y: y * (1 - y),
                           ("factor-of-slope-dropped", lambda y: 1 - y)),
)  # fmt: skip


def _softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    return np.where(x * beta > threshold, x, np.logaddexp(0, x * beta).astype(np.asarray(x).dtype) / beta)


softplus: Operation = unary(
    "softplus",
    _softplus,
    lambda g, y, x, beta=1.0, threshold=20.0: where(x * beta > threshold, g, g * sigmoid(x * beta)),
    local=(r"\sigma\left(@a\right)",),
    code=("{np}.logaddexp(0, {a})", "{g} / (1 + {np}.exp(-{a}))"),
)
logsigmoid: Operation = unary(
    "logsigmoid", lambda x: -_softplus(-x), lambda g, y, x: g * sigmoid(-x),
    local=(r"\sigma\left(-@a\right)",), code=("-{np}.logaddexp(0, -{a})", "{g} / (1 + {np}.exp({a}))"),
    step="LogSigmoidBackward0",
)  # fmt: skip
silu: Operation = unary(
    "silu", lambda x: x * _sigmoid(x), lambda g, y, x: g * (sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
    local=(r"\sigma\left(@a\right) \left(1 + @a \left(1 - \sigma\left(@a\right)\right)\right)",),
)  # fmt: skip
gelu: Operation = unary(
    "gelu",
    lambda x: 0.5 * x * (1 + erf.forward(x * math.sqrt(0.5))),
    lambda g, y, x: g * (0.5 * (1 + erf(x * math.sqrt(0.5))) + x * exp(-0.5 * x * x) / math.sqrt(2 * math.pi)),
    local=(r"\left(\Phi\left(@a\right) + @a \, \Phi'\left(@a\right)\right)",),
)

# With corners --------------------------------------------------------------------------------------------------------


def _between(x: Any, low: float, high: float) -> Any:
    return (x > low) & (x < high)


_INSIDE = (r"\left[\text{inside the bounds}\right]",)
relu: Operation = Operation(
    "relu", lambda x: np.maximum(x, 0), lambda g, y, x: where(y > 0, g, 0.0), saves="y",
    local=(r"\left[@a > 0\right]",), code=("{np}.maximum({a}, 0)", "{g} * ({a} > 0)"), corner=corner("0", at(0.0)),
)  # fmt: skip
relu6: Operation = unary(
    "relu6", lambda x: np.clip(x, 0, 6), lambda g, y, x: where(_between(x, 0, 6), g, 0.0),
    local=(r"\left[0 < @a < 6\right]",), step="HardtanhBackward0", corner=corner("0", at(0.0, 6.0)),
)  # fmt: skip
hardtanh: Operation = unary(
    "hardtanh",
    lambda x, low=-1.0, high=1.0: np.clip(x, low, high),
    lambda g, y, x, low=-1.0, high=1.0: where(_between(x, low, high), g, 0.0),
    local=_INSIDE,
    corner=corner("0", at_bounds("low", "high", (-1.0, 1.0))),
)
hardtanh.variant(
    "jax",
    lambda g, y, x, low=-1.0, high=1.0: where((x >= low) & (x <= high), g, 0.0),
    corner=corner("1 on a bound", at_bounds("low", "high", (-1.0, 1.0))),
)
leaky_relu: Operation = unary(
    "leaky_relu",
    lambda x, slope=0.01: np.where(x > 0, x, x * slope),
    lambda g, y, x, slope=0.01: where(x > 0, g, g * slope),
    local=(r"\begin{cases} 1 & @a > 0 \\ \text{slope} & \text{else}\end{cases}",),
    corner=corner("the slope for negative inputs", at(0.0)),
)
leaky_relu.variant(
    "jax",
    lambda g, y, x, slope=0.01: where(x >= 0, g, g * slope),
    corner=corner("1, the slope for positive inputs", at(0.0)),
)
elu: Operation = unary(
    "elu",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    lambda g, y, x, alpha=1.0: where(x > 0, g, g * (alpha * exp(where(x > 0, 0.0, x)))),
    local=(r"\begin{cases} 1 & @a > 0 \\ \alpha e^{@a} & \text{else}\end{cases}",),
    corner=corner("alpha, the slope from the left", at(0.0)),
)


def _unclamped(on_bound: float) -> Callable[..., Any]:
    """The adjoint inside the bounds, a part of it on them, 0 outside."""

    def vjp(g: Any, y: Any, x: Any, low: float | None = None, high: float | None = None) -> Any:
        for bound, beats in ((low, operator.ge), (high, operator.le)):
            if bound is not None:
                g = where(beats(x, bound), g if on_bound == 1 else where(x == bound, g * on_bound, g), 0.0)
        return g

    return vjp


_BOUNDS = at_bounds("low", "high")
clamp: Operation = Operation(
    "clamp",
    lambda x, low=None, high=None: np.clip(x, low, high) if low is not None or high is not None else x,
    _unclamped(1.0),
    saves="0",
    local=_INSIDE,
    corner=corner("1 on a bound (from 2.14 on it takes 0)", _BOUNDS, USUAL),
)
clamp.variant("jax", _unclamped(0.5), corner=corner("1/2 on a bound", _BOUNDS, USUAL))
clamp.variant("autograd", _unclamped(0.0), corner=corner("0 on a bound", _BOUNDS, USUAL))

# A loss of each element ----------------------------------------------------------------------------------------------


def _bce(x: Any, t: Any) -> Any:
    return -(t * np.maximum(np.log(x), -100) + (1 - t) * np.maximum(np.log1p(-x), -100))


# PyTorch cuts the logarithms at -100 and the denominator at 1e-12.
bce: Operation = Operation(
    "bce",
    _bce,
    lambda g, y, x, t: g * (x - t) / maximum((1 - x) * x, 1e-12),
    lambda g, y, x, t: g * (log(1 - x) - log(x)),
    saves="01",
    casts="same",
    local=(r"\frac{@a - @b}{@a \left(1 - @a\right)}", r"\ln \frac{1 - @a}{@a}"),
    dropped="loss-derivative-dropped",
)


def _bce_logits(x: Any, t: Any) -> Any:
    return np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x)))


# The slope is a difference, as in PyTorch: in float32 it is 0 where the sigmoid rounds to the target.
bce_logits: Operation = Operation(
    "bce_logits",
    _bce_logits,
    lambda g, y, x, t: g * (sigmoid(x) - t),
    lambda g, y, x, t: -g * x,
    saves="01",
    casts="same",
    local=(r"\left(\sigma\left(@a\right) - @b\right)", r"\left(-@a\right)"),
    dropped="loss-derivative-dropped",
)
