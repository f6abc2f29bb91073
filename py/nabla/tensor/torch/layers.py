"""`torch.nn`: layers as objects with parameters, and the functions behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from inspect import signature
from itertools import groupby
from typing import Any

import numpy as np

from nabla.tensor.memory import counter_of
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.products import matmul
from nabla.tensor.tape import STATE, Array, Tensor
from nabla.tensor.torch import activations, hooks, losses, margins
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.random import Generator
from nabla.tensor.torch.tensor import Parameter, TorchTensor, leaf, parameter

GENERATOR = Generator()


class Layer:
    """An `nn.Module`: parameters and further layers under names, in the order they were set."""

    def __init__(self) -> None:
        vars(self)["parts"] = {}
        vars(self)["@made"] = STATE.line if type(self).__module__.startswith("nabla") else 0
        self.training = True

    parts: dict[str, Any]
    varies = False  # whether it computes something else in training than in evaluation

    def __setattr__(self, name: str, value: Any) -> None:
        """Parameters and layers are registered under their names; anything else is an attribute."""
        if isinstance(value, (Parameter, Layer)):
            if "parts" not in vars(self):
                what = "module" if isinstance(value, Layer) else "parameters"
                raise AttributeError(f"cannot assign {what} before Module.__init__() call")
            self.parts[name] = value
        elif isinstance(vars(self).get("parts", {}).get(name), Tensor) and value is not None:
            kind = "torch.FloatTensor" if isinstance(value, Tensor) else type(value).__name__
            raise TypeError(f"cannot assign '{kind}' as parameter '{name}' (torch.nn.Parameter or None expected)")
        else:
            vars(self).get("parts", {}).pop(name, None)
            object.__setattr__(self, name, value)

    def set(self, name: str, value: Any) -> None:
        """Register a parameter or a layer."""
        if isinstance(value, (Parameter, Layer)):
            self.parts[name] = value

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """Every parameter with its dotted name."""
        inner = [(name, part) for name, part in self.parts.items() if isinstance(part, Layer)]
        yield from ((prefix + name, part) for name, part in self.parts.items() if not isinstance(part, Layer))
        for name, part in inner:
            yield from part.named_parameters(f"{prefix}{name}.")

    def parameters(self) -> list[Any]:
        """Every parameter."""
        return [value for _, value in self.named_parameters()]

    def forward(self, *args: Any) -> Any:
        """The result of the layer; a program's own class brings its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What `forward` gives, between the layer's hooks."""
        if self.varies and self.training and not STATE.recording:
            STATE.note("varying", type(self).__name__, once=True)
        before, STATE.origin = STATE.origin, vars(self).get("@made", 0)
        try:
            return hooks.called(self, args, named)
        finally:
            STATE.origin = before

    def __repr__(self) -> str:
        inner = [(name, part) for name, part in self.parts.items() if isinstance(part, Layer)]
        if not inner:
            return f"{type(self).__name__}({self.describe()})"
        lines = [f"  ({name}): " + repr(part).replace("\n", "\n  ") for name, part in inner]
        return f"{type(self).__name__}(\n" + "\n".join(lines) + "\n)"

    def describe(self) -> str:
        """What stands between the brackets when it is printed."""
        return ""


def initialised(array: Array) -> Any:
    """A parameter with its first numbers: PyTorch writes them into an empty one, which is a change in place."""
    made = parameter(TorchTensor.of(array))
    counter_of(made).value = 1
    return made


def uniform(shape: tuple[int, ...], bound: float) -> Any:
    """A parameter with its first numbers drawn evenly within a bound."""
    return initialised(GENERATOR.uniform(shape, -bound, bound))


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """`F.linear`: x times the transposed weight, plus the bias."""
    swapped = f.matrix_transpose(weight)
    product = matmul(x, swapped)
    result = product if bias is None else product + bias
    label = "" if bias is None else "AddmmBackward0" if x.ndim == 2 else "ViewBackward0"
    return _within(result, (x, weight, bias), "linear", label)


class Linear(Layer):
    """`nn.Linear`."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True, **_: Any) -> None:
        super().__init__()
        self.sizes = in_features, out_features, bias
        bound = 1 / math.sqrt(in_features) if in_features else 0.0
        self.set("weight", uniform((out_features, in_features), bound))
        if bias:
            self.set("bias", uniform((out_features,), bound))

    def forward(self, x: Any) -> Any:
        """x Wᵀ + b."""
        return linear(x, self.parts["weight"], self.parts.get("bias"))

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "in_features={}, out_features={}, bias={}".format(*self.sizes)


class Sequential(Layer):
    """`nn.Sequential`."""

    def __init__(self, *layers: Any) -> None:
        super().__init__()
        self.layers = list(layers)
        for i, layer in enumerate(layers):
            self.set(str(i), layer)

    def forward(self, x: Any) -> Any:
        """One layer after the other."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, i: int) -> Any:
        return self.layers[i]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __repr__(self) -> str:
        return "Sequential(\n" + "".join(f"  ({i}): {layer!r}\n" for i, layer in enumerate(self.layers)) + ")"


class ModuleList(Sequential):
    """`nn.ModuleList`."""

    def __init__(self, layers: Any = ()) -> None:
        super().__init__(*layers)

    def __repr__(self) -> str:
        lines = []
        for text, equal in groupby(enumerate(self.layers), lambda pair: repr(pair[1])):
            places = [i for i, _ in equal]
            several = len(places) > 1
            head = f"({places[0]}-{places[-1]}): {len(places)} x " if several else f"({places[0]}): "
            lines.append("  " + (head + text).replace("\n", "\n  ") + "\n")
        return "ModuleList(\n" + "".join(lines) + ")" if lines else "ModuleList()"


class Flatten(Layer):
    """`nn.Flatten`."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.dims = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        """All dimensions but the first in one."""
        return f.flatten(x, *self.dims)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "start_dim={}, end_dim={}".format(*self.dims)


class Unflatten(Layer):
    """`nn.Unflatten`."""

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        self.dim, self.into = dim, tuple(unflattened_size)

    def forward(self, x: Any) -> Any:
        """One dimension as several."""
        dim = self.dim % x.ndim
        return f.reshape(x, *x.shape[:dim], *self.into, *x.shape[dim + 1 :])

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"dim={self.dim}, unflattened_size={self.into}"


class Dropout(Layer):
    """`nn.Dropout`: what is kept is divided by the share that is kept."""

    varies = True

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        self.p, self.inplace = p, inplace

    def forward(self, x: Any) -> Any:
        """x with some elements dropped, while it trains."""
        return dropout(x, self.p, self.training)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"p={self.p}, inplace={self.inplace}"


def layer_norm(x: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """`F.layer_norm`."""
    count = len(normalized_shape) if isinstance(normalized_shape, (list, tuple)) else 1
    dims = tuple(range(x.ndim - count, x.ndim))
    result = (x - r.mean(x, dims, True)) / e.sqrt(r.var(x, dims, keepdim=True, correction=0) + eps)
    result = result if weight is None else result * weight
    result = result if bias is None else result + bias
    return _within(result, (x, weight, bias), "layer_norm", "NativeLayerNormBackward0")


class LayerNorm(Layer):
    """`nn.LayerNorm`."""

    def __init__(self, normalized_shape: Any, eps: float = 1e-5, **_: Any) -> None:
        super().__init__()
        self.shape = tuple(normalized_shape) if isinstance(normalized_shape, (list, tuple)) else (normalized_shape,)
        self.eps = eps
        self.set("weight", initialised(np.ones(self.shape, np.float32)))
        self.set("bias", initialised(np.zeros(self.shape, np.float32)))

    def forward(self, x: Any) -> Any:
        """Normalised over the last dimensions."""
        return layer_norm(x, self.shape, self.parts["weight"], self.parts["bias"], self.eps)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"{self.shape}, eps={self.eps}, elementwise_affine=True, bias=True"


def bilinear(one: Any, other: Any, weight: Any, bias: Any = None) -> Any:
    """`F.bilinear`."""
    result = f.einsum("...i,kij,...j->...k", one, weight, other)
    return result if bias is None else result + bias


class Bilinear(Layer):
    """`nn.Bilinear`: x Aₖ y + b for each output k."""

    def __init__(self, in1_features: int, in2_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        self.about = in1_features, in2_features, out_features, bias
        bound = 1 / math.sqrt(in1_features)
        shape = (out_features, in1_features, in2_features)
        self.set("weight", initialised(GENERATOR.uniform(shape, -bound, bound)))
        if bias:
            self.set("bias", initialised(GENERATOR.uniform((out_features,), -bound, bound)))

    def forward(self, one: Any, other: Any) -> Any:
        """The result."""
        return bilinear(one, other, self.parts["weight"], self.parts.get("bias"))

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "in1_features={}, in2_features={}, out_features={}, bias={}".format(*self.about)


class PReLU(Layer):
    """`nn.PReLU`."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25) -> None:
        super().__init__()
        self.count = num_parameters
        self.set("weight", initialised(np.full(num_parameters, init, np.float32)))

    def forward(self, x: Any) -> Any:
        """The slope for negative inputs is a parameter."""
        return activations.prelu(x, self.parts["weight"])

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"num_parameters={self.count}"


class RReLU(Layer):
    """`nn.RReLU`."""

    varies = True

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.about = lower, upper, inplace

    def forward(self, x: Any) -> Any:
        """The slope for negative inputs is drawn in training, and the mean of its bounds in evaluation."""
        lower, upper, inplace = self.about
        return activations.rrelu(x, lower, upper, self.training, inplace)

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "lower={}, upper={}".format(*self.about)


def of_function(name: str, function: Callable[..., Any], first: tuple[str, ...] = ()) -> type[Layer]:
    """A layer without parameters: `nn.ReLU()`, `nn.MSELoss(reduction=...)`; its options are the function's.

    Args:
        name: of the layer.
        function: what it computes.
        first: the options that may be given without a name.
    """

    class Made(Layer):
        def __init__(self, *args: Any, **how: Any) -> None:
            super().__init__()
            self.how = {**dict(zip(first, args, strict=False)), **how}

        def forward(self, *args: Any) -> Any:
            return function(*args, **self.how)

        def describe(self) -> str:
            usual = signature(function).parameters if name in activations.LAYERS and first else {}
            settings = {key: self.how.get(key, usual[key].default) for key in first if key in usual}
            told = settings if settings.get("inplace") else {k: v for k, v in settings.items() if k != "inplace"}
            return ", ".join(repr(v) if k == "lambd" else f"{k}={v!r}" for k, v in told.items())

    Made.__name__ = name
    return Made


def dropout(x: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """`F.dropout`: some elements dropped, those that are kept divided by the share that is kept."""
    if not training or not p:
        return x
    if p == 1:
        return x * 0.0
    STATE.note("dropout", p, once=True)
    mask = leaf((GENERATOR.uniform64(x.shape) < 1 - p).astype(x.dtype) / x.dtype.type(1 - p))
    result = x * mask
    result.vertex.label = "MulBackward0"
    return result


_FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    **activations.LAYERS,
    **margins.LAYERS, "GaussianNLLLoss": (losses.gaussian_nll_loss, ()),
    "HingeEmbeddingLoss": (losses.hinge_embedding_loss, ("margin",)), "SoftMarginLoss": (losses.soft_margin_loss, ()),
    "MSELoss": (losses.mse_loss, ()), "L1Loss": (losses.l1_loss, ()), "SmoothL1Loss": (losses.smooth_l1_loss, ()),
    "HuberLoss": (losses.huber_loss, ()), "BCELoss": (losses.binary_cross_entropy, ("weight",)),
    "BCEWithLogitsLoss": (losses.binary_cross_entropy_with_logits, ("weight",)),
    "CrossEntropyLoss": (losses.cross_entropy, ("weight",)), "NLLLoss": (losses.nll_loss, ("weight",)),
    "NLLLoss2d": (losses.nll_loss, ("weight",)),
    "KLDivLoss": (losses.kl_div, ()), "CosineSimilarity": (losses.cosine_similarity, ("dim", "eps")),
}  # fmt: skip
LAYERS: dict[str, Callable[..., Any]] = {
    "Linear": Linear, "Sequential": Sequential, "ModuleList": ModuleList, "Flatten": Flatten, "Dropout": Dropout,
    "LayerNorm": LayerNorm, "Parameter": parameter, "PReLU": PReLU, "RReLU": RReLU,
    "Bilinear": Bilinear, "Unflatten": Unflatten,
    **{name: of_function(name, *about) for name, about in _FUNCTIONS.items()},
}  # fmt: skip
