"""`nn.BatchNorm1d` and its kin, and gradients cut to size: what `torch.nn` and `torch.nn.utils` normalise."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import index, pad, reshape
from nabla.tensor.tape import STATE, Tensor, recording
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.autograd import change_quietly
from nabla.tensor.torch.layers import Layer, initialised, of_function
from nabla.tensor.torch.losses import _within
from nabla.tensor.torch.tensor import TorchTensor


class BatchNorm(Layer):
    """`nn.BatchNorm1d` and `nn.BatchNorm2d`: each channel normalised over the batch, or by what was seen in training.

    Shapes: x (N, C) or (N, C, *size).
    """

    allowed: tuple[int, ...] = (2, 3)
    varies = True

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        super().__init__()
        self.eps, self.momentum, self.tracks = eps, momentum, track_running_stats
        self.about = f"{num_features}, eps={eps}, momentum={momentum}, affine={affine}, bias={affine}"
        if affine:
            self.set("weight", initialised(np.ones(num_features, np.float32)))
            self.set("bias", initialised(np.zeros(num_features, np.float32)))
        self.running_mean = TorchTensor.of(np.zeros(num_features, np.float32))
        self.running_var = TorchTensor.of(np.ones(num_features, np.float32))
        self.num_batches_tracked = TorchTensor.of(np.zeros((), np.int64))
        if track_running_stats:
            vars(self)["@buffers"] = dict.fromkeys(("running_mean", "running_var", "num_batches_tracked"), True)

    def forward(self, x: Any) -> Any:
        """Normalised; in training, what was seen is remembered.

        Raises:
            ValueError: another number of dimensions, or a single value a channel in training.
        """
        if x.ndim not in self.allowed:
            expected = " or ".join(f"{n}D" for n in self.allowed)
            raise ValueError(f"expected {expected} input (got {x.ndim}D input)")
        dims = (0, *range(2, x.ndim))
        shape = (1, -1, *[1] * (x.ndim - 2))
        count = x.array.size // x.shape[1]
        if self.training or not self.tracks:
            if count <= 1:
                size = ", ".join(map(str, x.shape))
                raise ValueError(
                    f"Expected more than 1 value per channel when training, got input size torch.Size([{size}])"
                )
            centre, spread = r.mean(x, dims, True), r.var(x, dims, keepdim=True, correction=0)
            self._remember(centre.array.ravel(), spread.array.ravel() * count / (count - 1))
        else:
            centre, spread = reshape(self.running_mean, shape=shape), reshape(self.running_var, shape=shape)
        result = (x - centre) / e.sqrt(spread + self.eps)
        weight, bias = self.parts.get("weight"), self.parts.get("bias")
        if weight is not None:
            result = result * reshape(weight, shape=shape) + reshape(bias, shape=shape)
        return _within(result, (x, weight, bias), "batch_norm", "NativeBatchNormBackward0")

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"{self.about}, track_running_stats={self.tracks}"

    def _remember(self, mean: Any, var: Any) -> None:
        """The running figures, of the spread the unbiased one."""
        if not self.tracks:
            return
        m = self.momentum
        self.num_batches_tracked = TorchTensor.of(self.num_batches_tracked.array + 1)
        for name, new in (("running_mean", mean), ("running_var", var)):
            old = getattr(self, name).array
            setattr(self, name, TorchTensor.of(((1 - m) * old + m * new).astype(np.float32)))


class BatchNorm1d(BatchNorm):
    """`nn.BatchNorm1d`."""


class BatchNorm2d(BatchNorm):
    """`nn.BatchNorm2d`."""

    allowed = (4,)


class BatchNorm3d(BatchNorm):
    """`nn.BatchNorm3d`."""

    allowed = (5,)


def batch_norm(
    input: Any, running_mean: Any, running_var: Any, weight: Any = None, bias: Any = None, training: bool = False,
    momentum: float = 0.1, eps: float = 1e-5,
) -> Any:  # fmt: skip
    """`F.batch_norm`: the running figures are tensors that it changes in training."""
    dims, shape = (0, *range(2, input.ndim)), (1, -1, *[1] * (input.ndim - 2))
    if training or running_mean is None:
        centre, spread = r.mean(input, dims, True), r.var(input, dims, keepdim=True, correction=0)
        count = input.array.size // input.shape[1]
        for held, new in ((running_mean, centre.array), (running_var, spread.array * count / max(count - 1, 1))):
            if held is not None:
                change_quietly(held, ((1 - momentum) * held.array + momentum * new.ravel()).astype(held.dtype))
    else:
        centre, spread = reshape(running_mean, shape=shape), reshape(running_var, shape=shape)
    result = (input - centre) / e.sqrt(spread + eps)
    result = result if weight is None else result * reshape(weight, shape=shape)
    result = result if bias is None else result + reshape(bias, shape=shape)
    return _within(result, (input, weight, bias), "batch_norm", "NativeBatchNormBackward0")


def instance_norm(
    input: Any, running_mean: Any = None, running_var: Any = None, weight: Any = None, bias: Any = None,
    use_input_stats: bool = True, momentum: float = 0.1, eps: float = 1e-5,
) -> Any:  # fmt: skip
    """`F.instance_norm`: each channel of each sample by itself.

    Raises:
        NotImplementedError: with running figures.
    """
    if running_mean is not None or not use_input_stats:
        raise NotImplementedError("`F.instance_norm` with running figures")
    dims, shape = tuple(range(2, input.ndim)), (1, -1, *[1] * (input.ndim - 2))
    result = (input - r.mean(input, dims, True)) / e.sqrt(r.var(input, dims, keepdim=True, correction=0) + eps)
    result = result if weight is None else result * reshape(weight, shape=shape)
    result = result if bias is None else result + reshape(bias, shape=shape)
    return _within(result, (input, weight, bias), "instance_norm", "ViewBackward0")


class _InstanceNorm(Layer):
    dims = 2

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False,
        track_running_stats: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        if track_running_stats:
            raise NotImplementedError("InstanceNorm(track_running_stats=True)")
        self.eps = eps
        self.about = f"{num_features}, eps={eps}, momentum={momentum}, affine={affine}, bias={affine}"
        if affine:
            self.set("weight", initialised(np.ones(num_features, np.float32)))
            self.set("bias", initialised(np.zeros(num_features, np.float32)))

    def forward(self, x: Any) -> Any:
        """Normalised; a single sample may come without its batch."""
        single = x.ndim == self.dims + 1
        data = reshape(x, shape=(1, *x.shape)) if single else x
        result = instance_norm(data, weight=self.parts.get("weight"), bias=self.parts.get("bias"), eps=self.eps)
        return reshape(result, shape=x.shape) if single else result

    def describe(self) -> str:
        """As PyTorch prints it."""
        return f"{self.about}, track_running_stats=False"


def group_norm(x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """`F.group_norm`."""
    grouped = reshape(x, shape=(x.shape[0], num_groups, -1))
    centred = grouped - r.mean(grouped, 2, True)
    scaled = reshape(centred / e.sqrt(r.var(grouped, 2, keepdim=True, correction=0) + eps), shape=x.shape)
    shape = (1, -1, *[1] * (x.ndim - 2))
    scaled = scaled if weight is None else scaled * reshape(weight, shape=shape)
    scaled = scaled if bias is None else scaled + reshape(bias, shape=shape)
    return _within(scaled, (x, weight, bias), "group_norm", "NativeGroupNormBackward0")


class GroupNorm(Layer):
    """`nn.GroupNorm`."""

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        super().__init__()
        self.about = num_groups, num_channels, eps, affine
        if affine:
            self.set("weight", initialised(np.ones(num_channels, np.float32)))
            self.set("bias", initialised(np.zeros(num_channels, np.float32)))

    def forward(self, x: Any) -> Any:
        """Normalised over the channels of each group."""
        return group_norm(x, self.about[0], self.parts.get("weight"), self.parts.get("bias"), self.about[2])

    def describe(self) -> str:
        """As PyTorch prints it."""
        return "{}, {}, eps={}, affine={}, bias={}".format(*self.about, self.about[3])


def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    """`F.local_response_norm`: divided by the mean square of the channels around."""
    square = input * input
    around = ((0, 0), (size // 2, (size - 1) // 2), *[(0, 0)] * (input.ndim - 2))
    padded, n = pad(square, widths=around), input.shape[1]
    total = index(padded, place=(slice(None), slice(0, n)))
    for i in range(1, size):
        total = total + index(padded, place=(slice(None), slice(i, i + n)))
    return _within(input / (total / size * alpha + k) ** beta, (input,), "local_response_norm", "DivBackward0")


NORMAL: dict[str, Any] = {
    **{name: type(name, (_InstanceNorm,), {"dims": d, "__doc__": f"`nn.{name}`."})
       for d in (1, 2, 3) for name in (f"InstanceNorm{d}d",)},
    "GroupNorm": GroupNorm,
    "LocalResponseNorm": of_function("LocalResponseNorm", local_response_norm, ("size", "alpha", "beta", "k")),
}  # fmt: skip
FUNCTIONAL = {function.__name__: function for function in (batch_norm, instance_norm, group_norm, local_response_norm)}


def _graded(parameters: Any) -> list[Any]:
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    graded = [p for p in listed if p.grad is not None]
    if not graded:
        STATE.note("clip-none", once=True)
    return graded


def clip_grad_norm(parameters: Any, max_norm: float, norm_type: float = 2.0, **_: Any) -> Any:
    """`nn.utils.clip_grad_norm_`: all gradients times one factor, where together they are longer than `max_norm`."""
    graded = _graded(parameters)
    with recording(False):
        lengths = np.array([float(np.linalg.norm(p.grad.array.ravel(), norm_type)) for p in graded] or [0.0])
        total = np.float32(np.linalg.norm(lengths, norm_type))
        factor = np.float32(min(max_norm / (float(total) + 1e-6), 1.0))
        for p in graded:
            p.grad = p.result.of(p.grad.array * factor)
    return TorchTensor.of(np.array(total, np.float32))


def clip_grad_value(parameters: Any, clip_value: float, **_: Any) -> None:
    """`nn.utils.clip_grad_value_`: every entry of the gradients within ±`clip_value`."""
    with recording(False):
        for p in _graded(parameters):
            p.grad = p.result.of(np.clip(p.grad.array, -clip_value, clip_value))


NORMS = {"BatchNorm1d": BatchNorm1d, "BatchNorm2d": BatchNorm2d, "BatchNorm3d": BatchNorm3d}
UTILS = {"clip_grad_norm_": clip_grad_norm, "clip_grad_value_": clip_grad_value}
