"""`nn.BatchNorm1d` and its kin, and gradients cut to size: what `torch.nn` and `torch.nn.utils` normalise."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.shapes import reshape
from nabla.tensor.tape import Tensor, recording
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import Layer, initialised
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


def _graded(parameters: Any) -> list[Any]:
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [p for p in listed if p.grad is not None]


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


NORMS = {"BatchNorm1d": BatchNorm1d, "BatchNorm2d": BatchNorm2d}
UTILS = {"clip_grad_norm_": clip_grad_norm, "clip_grad_value_": clip_grad_value}
