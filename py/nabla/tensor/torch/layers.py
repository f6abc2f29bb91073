"""`torch.nn`: layers as objects with parameters, and the functions behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nabla.tensor.memory import counter_of
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.products import matmul
from nabla.tensor.operations.shapes import index, pad, reshape, unsqueeze
from nabla.tensor.tape import Array, Tensor
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import hooks, losses
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.activations import LAYERS as ACTIVATIONS
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.random import Generator
from nabla.tensor.torch.tensor import Parameter, TorchTensor, parameter

GENERATOR = Generator()


class Layer:
    """An `nn.Module`: parameters and further layers under names, in the order they were set."""

    def __init__(self) -> None:
        vars(self)["parts"] = {}
        self.training = True

    parts: dict[str, Any]

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
        for name, part in self.parts.items():
            if isinstance(part, Layer):
                yield from part.named_parameters(f"{prefix}{name}.")
            else:
                yield prefix + name, part

    def parameters(self) -> list[Any]:
        """Every parameter."""
        return [value for _, value in self.named_parameters()]

    def forward(self, *args: Any) -> Any:
        """The result of the layer; a program's own class brings its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What `forward` gives, between the layer's hooks."""
        return hooks.called(self, args, named)

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


def _uniform(shape: tuple[int, ...], bound: float) -> Any:
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
        self.set("weight", _uniform((out_features, in_features), bound))
        if bias:
            self.set("bias", _uniform((out_features,), bound))

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


class Flatten(Layer):
    """`nn.Flatten`."""

    def forward(self, x: Any) -> Any:
        """All dimensions but the first in one."""
        return f.flatten(x, 1)


class Dropout(Layer):
    """`nn.Dropout`, when it is switched off; what it drops is random otherwise."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Any) -> Any:
        """x, when nothing is dropped."""
        if self.training and self.p:
            raise NotImplementedError("dropout draws numbers that only PyTorch's own kernels draw; call eval() first")
        return x


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


def embedding(at: Any, weight: Any) -> Any:
    """`F.embedding`: rows of a table."""
    result = index(weight, place=at.array)
    result.vertex.label = "EmbeddingBackward0"
    return result


class Embedding(Layer):
    """`nn.Embedding`."""

    def __init__(self, num_embeddings: int, embedding_dim: int) -> None:
        super().__init__()
        self.set("weight", initialised(GENERATOR.normal((num_embeddings, embedding_dim))))

    def forward(self, at: Any) -> Any:
        """The rows."""
        return embedding(at, self.parts["weight"])


def _conv(x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dims: int) -> Any:
    """A convolution as products of windows with the weight, summed: windows are picked by index.

    Shapes: x (N, C, *size) or (C, *size), weight (O, C, *kernel), result (N, O, *steps).
    """
    single = x.ndim == dims + 1
    data = unsqueeze(x, 0) if single else x
    kernel = weight.shape[2:]
    steps = stride if isinstance(stride, (list, tuple)) else (stride,) * dims
    if padding in ("same", "valid"):
        wide = [((k - 1) // 2, k // 2) if padding == "same" else (0, 0) for k in kernel]
    else:
        wide = [(p, p) for p in (padding if isinstance(padding, (list, tuple)) else (padding,) * dims)]
    if data.shape[1] != weight.shape[1]:
        raise RuntimeError(f"Given groups=1, weight of size {list(weight.shape)}, expected input{list(x.shape)} to "
                           f"have "
                           f"{weight.shape[1]} channels, but got {data.shape[1]} channels instead")  # fmt: skip
    data = pad(data, widths=((0, 0), (0, 0), *wide)) if any(map(any, wide)) else data
    size = data.shape[2:]
    out = [(n - k) // s + 1 for n, k, s in zip(size, kernel, steps, strict=True)]
    if min(out) < 1:
        padded, window = (" x ".join(map(str, part)) for part in (size, kernel))
        raise RuntimeError(
            f"Calculated padded input size per channel: ({padded}). Kernel size: ({window}). "
            "Kernel size can't be greater than actual input size"
        )
    places: list[Any] = []
    for d, (n, k, s) in enumerate(zip(out, kernel, steps, strict=True)):
        grid = np.arange(n)[:, None] * s + np.arange(k)[None, :]
        shape = [1] * (2 * dims)
        shape[d], shape[dims + d] = n, k
        places.append(grid.reshape(shape))
    windows = index(data, place=(slice(None), slice(None), *places))  # (N, C, *out, *kernel)
    order = (0, *range(2, 2 + dims), 1, *range(2 + dims, 2 + 2 * dims))
    columns = reshape(f.permute(windows, order), shape=(data.shape[0], int(np.prod(out)), -1))
    rows = reshape(weight, shape=(weight.shape[0], -1))
    product = f.swap_last(matmul(columns, f.swap_last(rows)))
    result = reshape(product, shape=(data.shape[0], weight.shape[0], *out))
    if bias is not None:
        result = result + reshape(bias, shape=(1, -1, *[1] * dims))
    result = index(result, place=0) if single else result
    return _within(result, (x, weight, bias), f"conv{dims}d", "ConvolutionBackward0")


def conv1d(x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0) -> Any:
    """`F.conv1d`."""
    return _conv(x, weight, bias, stride, padding, 1)


def conv2d(x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0) -> Any:
    """`F.conv2d`."""
    return _conv(x, weight, bias, stride, padding, 2)


class _Conv(Layer):
    dims = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        kernel = tuple(kernel_size) if isinstance(kernel_size, (list, tuple)) else (kernel_size,) * self.dims
        self.how = stride, padding
        bound = 1 / math.sqrt(in_channels * int(np.prod(kernel)))
        self.set("weight", _uniform((out_channels, in_channels, *kernel), bound))
        if bias:
            self.set("bias", _uniform((out_channels,), bound))

    def forward(self, x: Any) -> Any:
        """The convolution."""
        return _conv(x, self.parts["weight"], self.parts.get("bias"), *self.how, self.dims)


class Conv1d(_Conv):
    """`nn.Conv1d`."""


class Conv2d(_Conv):
    """`nn.Conv2d`."""

    dims = 2


def _pool2d(x: Any, size: Any, stride: Any, reduce: Callable[[Any], Any], label: str) -> Any:
    k = size if isinstance(size, (list, tuple)) else (size, size)
    s = k if stride is None else stride if isinstance(stride, (list, tuple)) else (stride, stride)
    out = [(n - a) // b + 1 for n, a, b in zip(x.shape[-2:], k, s, strict=True)]
    rows = (np.arange(out[0]) * s[0])[:, None, None, None] + np.arange(k[0])[None, None, :, None]
    columns = (np.arange(out[1]) * s[1])[None, :, None, None] + np.arange(k[1])[None, None, None, :]
    windows = index(x, place=(Ellipsis, rows, columns))
    result = reduce(reshape(windows, shape=(*x.shape[:-2], *out, -1)))
    return _within(result, (x,), label)


def max_pool2d(x: Any, kernel_size: Any, stride: Any = None) -> Any:
    """`F.max_pool2d`."""
    return _pool2d(x, kernel_size, stride, lambda w: r.maximum(w, -1)[0], "max_pool2d")


def avg_pool2d(x: Any, kernel_size: Any, stride: Any = None) -> Any:
    """`F.avg_pool2d`."""
    return _pool2d(x, kernel_size, stride, lambda w: r.mean(w, -1), "avg_pool2d")


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

    Made.__name__ = name
    return Made


def dropout(x: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """`F.dropout`, when it is off."""
    layer = Dropout(p)
    layer.training = training
    return layer(x)


_FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    **ACTIVATIONS,
    "MaxPool2d": (max_pool2d, ("kernel_size", "stride")), "AvgPool2d": (avg_pool2d, ("kernel_size", "stride")),
    "MSELoss": (losses.mse_loss, ()), "L1Loss": (losses.l1_loss, ()), "SmoothL1Loss": (losses.smooth_l1_loss, ()),
    "HuberLoss": (losses.huber_loss, ()), "BCELoss": (losses.binary_cross_entropy, ("weight",)),
    "BCEWithLogitsLoss": (losses.binary_cross_entropy_with_logits, ("weight",)),
    "CrossEntropyLoss": (losses.cross_entropy, ("weight",)), "NLLLoss": (losses.nll_loss, ("weight",)),
    "KLDivLoss": (losses.kl_div, ()), "CosineSimilarity": (losses.cosine_similarity, ("dim", "eps")),
}  # fmt: skip
LAYERS: dict[str, Callable[..., Any]] = {
    "Linear": Linear, "Sequential": Sequential, "ModuleList": ModuleList, "Flatten": Flatten, "Dropout": Dropout,
    "LayerNorm": LayerNorm, "Embedding": Embedding, "Conv1d": Conv1d, "Conv2d": Conv2d, "Parameter": parameter,
    **{name: of_function(name, *about) for name, about in _FUNCTIONS.items()},
}  # fmt: skip
