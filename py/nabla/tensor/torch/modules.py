"""What layers have beside computing: what is inside them, their buffers and states, and first numbers of weights."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nabla.tensor.tape import Tensor, Vertex
from nabla.tensor.torch import autograd
from nabla.tensor.torch.layers import GENERATOR, Layer

_GAINS = {
    "linear": 1.0,
    "sigmoid": 1.0,
    "conv1d": 1.0,
    "conv2d": 1.0,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 0.75,
}


def named_children(layer: Any) -> Iterator[tuple[str, Any]]:
    """`named_children`: the layers right inside."""
    return ((name, part) for name, part in layer.parts.items() if isinstance(part, Layer))


def named_modules(layer: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`named_modules`: the layer itself and all inside it, outer ones first."""
    yield prefix, layer
    for name, part in named_children(layer):
        yield from named_modules(part, f"{prefix}.{name}" if prefix else name)


def register_buffer(layer: Any, name: str, value: Any, persistent: bool = True) -> None:
    """`register_buffer`: a tensor that is part of the state and not trained."""
    vars(layer).setdefault("@buffers", {})[name] = persistent
    setattr(layer, name, value)


def named_buffers(layer: Any) -> Iterator[tuple[str, Any]]:
    """`named_buffers`."""
    for prefix, part in named_modules(layer):
        for name in vars(part).get("@buffers", ()):
            yield (f"{prefix}.{name}" if prefix else name), vars(part)[name]


def apply(layer: Any, function: Callable[[Any], Any]) -> Any:
    """`apply`: the function on every layer inside, then on the layer itself."""
    for _, part in named_children(layer):
        apply(part, function)
    function(layer)
    return layer


def require(layer: Any, on: bool = True) -> Any:
    """`requires_grad_` of all parameters."""
    for p in layer.parameters():
        autograd.require(p, on)
    return layer


def state(layer: Any) -> dict[str, Any]:
    """`state_dict`: parameters and buffers as tensors that share their numbers."""
    kept = {name: autograd.data_of(p) for name, p in layer.named_parameters()}
    return OrderedDict(kept | {name: value for name, value in named_buffers(layer) if value is not None})


def load_state(layer: Any, given: Mapping[str, Any], strict: bool = True) -> None:
    """`load_state_dict`.

    Raises:
        RuntimeError: names or shapes are others.
    """
    own = {**dict(layer.named_parameters()), **dict(named_buffers(layer))}
    missing, more = [k for k in own if k not in given], [k for k in given if k not in own]
    told = []
    if strict and more:
        told.append("\n\tUnexpected key(s) in state_dict: " + ", ".join(f'"{k}"' for k in more) + ". ")
    if strict and missing:
        told.append("\n\tMissing key(s) in state_dict: " + ", ".join(f'"{k}"' for k in missing) + ". ")
    told += [
        f"\n\tsize mismatch for {k}: copying a param with shape torch.Size({list(given[k].shape)}) from checkpoint, "
        f"the shape in current model is torch.Size({list(own[k].shape)})."
        for k in own
        if k in given and own[k].shape != given[k].shape
    ]
    if told:
        raise RuntimeError(f"Error(s) in loading state_dict for {type(layer).__name__}:" + "".join(told))
    for name, value in own.items():
        if name in given:
            autograd.change_quietly(value, np.array(given[name].array))


# First numbers --------------------------------------------------------------------------------------------------------


def gain(nonlinearity: str, param: Any = None) -> float:
    """`calculate_gain`.

    Raises:
        ValueError: an unknown function.
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    return _GAINS[nonlinearity]


def _fans(p: Any) -> tuple[int, int]:
    """How many numbers come into, and go out of, one unit.

    Raises:
        ValueError: it has fewer than two dimensions.
    """
    if p.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    field = math.prod(p.shape[2:])
    return p.shape[1] * field, p.shape[0] * field


def _uniform(p: Any, low: float = 0.0, high: float = 1.0) -> Any:
    return autograd.change_quietly(p, GENERATOR.uniform(p.shape, low, high).astype(p.dtype))


def _normal(p: Any, mean: float = 0.0, std: float = 1.0) -> Any:
    return autograd.change_quietly(p, GENERATOR.normal(p.shape, mean, std).astype(p.dtype))


def _filled(p: Any, value: float) -> Any:
    return autograd.change_quietly(p, np.full(p.shape, value, p.dtype))


def _xavier_std(p: Any, gain: float) -> float:
    return gain * math.sqrt(2 / sum(_fans(p)))


def _kaiming_std(p: Any, a: float, mode: str, nonlinearity: str) -> float:
    return gain(nonlinearity, a) / math.sqrt(_fans(p)[mode == "fan_out"])


def _xavier_uniform(p: Any, gain: float = 1.0) -> Any:
    bound = math.sqrt(3) * _xavier_std(p, gain)
    return _uniform(p, -bound, bound)


def _kaiming_uniform(p: Any, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu") -> Any:
    bound = math.sqrt(3) * _kaiming_std(p, a, mode, nonlinearity)
    return _uniform(p, -bound, bound)


INIT: dict[str, Any] = {
    "uniform_": _uniform, "normal_": _normal, "constant_": lambda p, val: _filled(p, val),
    "zeros_": lambda p: _filled(p, 0.0), "ones_": lambda p: _filled(p, 1.0),
    "eye_": lambda p: autograd.change_quietly(p, np.eye(*p.shape, dtype=p.dtype)), "xavier_uniform_": _xavier_uniform,
    "xavier_normal_": lambda p, gain=1.0: _normal(p, 0.0, _xavier_std(p, gain)), "kaiming_uniform_": _kaiming_uniform,
    "kaiming_normal_": lambda p, a=0, mode="fan_in", nonlinearity="leaky_relu": _normal(
        p, 0.0, _kaiming_std(p, a, mode, nonlinearity)), "calculate_gain": gain,
}  # fmt: skip
METHODS: dict[str, Any] = {
    "parameters": lambda layer: (p for p in layer.parameters()),
    "named_parameters": lambda layer: layer.named_parameters(),
    "children": lambda layer: (part for _, part in named_children(layer)), "named_children": named_children,
    "modules": lambda layer: (part for _, part in named_modules(layer)), "named_modules": named_modules,
    "register_buffer": register_buffer, "named_buffers": named_buffers,
    "buffers": lambda layer: (value for _, value in named_buffers(layer)), "apply": apply, "requires_grad_": require,
    "state_dict": state, "load_state_dict": load_state,
}  # fmt: skip


def double(layer: Any) -> Any:
    """`layer.double()`: parameters, and buffers of floats, in float64."""
    for p in layer.parameters():
        p.vertex = Vertex(p.array.astype(np.float64), p.requires_grad)
        p.vertex.holder = p
    for value in (v for _, v in named_buffers(layer) if isinstance(v, Tensor) and v.dtype.kind == "f"):
        value.vertex = Vertex(value.array.astype(np.float64), False)
    return layer
