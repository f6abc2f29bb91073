"""Keras's layers: built when the size of their input is known, computing on the tape as PyTorch's here do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations.products import matmul
from nabla.tensor.operations.shapes import reshape
from nabla.tensor.tape import Array
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import GENERATOR, Layer, initialised

Activation = Callable[[Any], Any]


def _glorot(shape: tuple[int, ...]) -> Array:
    bound = math.sqrt(6 / (shape[0] + shape[-1]))
    return GENERATOR.uniform(shape, -bound, bound)


def _he(shape: tuple[int, ...]) -> Array:
    return GENERATOR.normal(shape, 0.0, math.sqrt(2 / shape[0]))


INITIALIZERS: dict[str, Callable[[tuple[int, ...]], Array]] = {
    "glorot_uniform": _glorot, "he_normal": _he,
    "glorot_normal": lambda shape: GENERATOR.normal(shape, 0.0, math.sqrt(2 / (shape[0] + shape[-1]))),
    "he_uniform": lambda shape: GENERATOR.uniform(shape, -math.sqrt(6 / shape[0]), math.sqrt(6 / shape[0])),
    "zeros": lambda shape: np.zeros(shape, np.float32), "ones": lambda shape: np.ones(shape, np.float32),
    "random_uniform": lambda shape: GENERATOR.uniform(shape, -0.05, 0.05), "uniform": lambda shape: GENERATOR.uniform(
        shape, -0.05, 0.05),
    "random_normal": lambda shape: GENERATOR.normal(shape, 0.0, 0.05), "normal": lambda shape: GENERATOR.normal(
        shape, 0.0, 0.05),
}  # fmt: skip
ACTIVATIONS: dict[str, Activation] = {
    "linear": lambda x: x, "relu": e.relu, "sigmoid": e.sigmoid, "tanh": e.tanh, "softplus": e.softplus,
    "softmax": lambda x: r.softmax(x, -1), "elu": lambda x: e.elu(x, alpha=1.0), "exponential": e.exp,
    "leaky_relu": lambda x: e.leaky_relu(x, slope=0.2),
}  # fmt: skip


def _named(table: dict[str, Any], given: Any, what: str) -> Any:
    """What a name stands for; what is no name is taken as it is.

    Raises:
        ValueError: an unknown name.
    """
    if not isinstance(given, str):
        return given
    if given.lower() not in table:
        raise ValueError(f"Could not interpret {what} identifier: {given}")
    return table[given.lower()]


class KerasLayer(Layer):
    """A layer that makes its weights at its first call."""

    def __init__(self, name: str = "", input_shape: Any = None, input_dim: int | None = None) -> None:
        super().__init__()
        self.name, self.built = name, False
        shape = tuple(input_shape) if input_shape is not None else (input_dim,) if input_dim else None
        if shape is not None:
            self.build(shape)

    def build(self, shape: tuple[int, ...]) -> None:
        """Make the weights for samples of a shape; a layer without any makes none."""
        self.built = True

    def result_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of what comes out of a sample of a shape."""
        return shape

    def forward(self, x: Any) -> Any:
        """The layer's result, its weights made first."""
        if not self.built:
            self.build(tuple(x.shape[1:]))
        return self.compute(x)

    def compute(self, x: Any) -> Any:
        """The layer's result."""
        return x


class InputLayer(KerasLayer):
    """`Input` and `InputLayer`: says what shape the samples have."""

    def __init__(self, shape: Any = None, input_shape: Any = None, batch_size: Any = None, name: str = "") -> None:
        self.shape = tuple(shape if shape is not None else input_shape or ())
        super().__init__(name)


class Dense(KerasLayer):
    """`Dense`: activation(x W + b)."""

    def __init__(
        self, units: int, activation: Any = None, use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", *, input_shape: Any = None, input_dim: int | None = None, name: str = "",
    ) -> None:  # fmt: skip
        self.units, self.uses_bias = int(units), use_bias
        self.activation = _named(ACTIVATIONS, activation or "linear", "activation function")
        self.begin = [_named(INITIALIZERS, given, "initializer") for given in (kernel_initializer, bias_initializer)]
        super().__init__(name, input_shape, input_dim)

    def build(self, shape: tuple[int, ...]) -> None:
        """The kernel (inputs, units) and the bias."""
        self.built = True
        self.set("kernel", initialised(np.asarray(self.begin[0]((shape[-1], self.units)), np.float32)))
        if self.uses_bias:
            self.set("bias", initialised(np.asarray(self.begin[1]((self.units,)), np.float32)))

    def result_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Its units in the last place."""
        return (*shape[:-1], self.units)

    def compute(self, x: Any) -> Any:
        """activation(x W + b).

        Raises:
            ValueError: samples of another size than before.
        """
        kernel = self.parts["kernel"]
        if x.shape[-1] != kernel.shape[0]:
            raise ValueError(
                f'Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have '
                f"value {kernel.shape[0]}, but received input with shape {tuple(x.shape)}"
            )
        product = matmul(x, kernel)
        return self.activation(product + self.parts["bias"] if self.uses_bias else product)


class ActivationLayer(KerasLayer):
    """`Activation("relu")`, `ReLU()`, `Softmax()`, `LeakyReLU()`."""

    def __init__(self, activation: Any, name: str = "", **where: Any) -> None:
        super().__init__(name, **where)
        self.compute = _named(ACTIVATIONS, activation, "activation function")  # type: ignore[method-assign]


class KerasFlatten(KerasLayer):
    """`Flatten`: all dimensions of a sample in one."""

    def result_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """One dimension."""
        return (math.prod(shape),)

    def compute(self, x: Any) -> Any:
        """A row a sample."""
        return reshape(x, shape=(x.shape[0], math.prod(x.shape[1:])))


class KerasDropout(KerasLayer):
    """`Dropout`: in training a share of the numbers is 0, and the others are larger in turn."""

    varies = True

    def __init__(self, rate: float, name: str = "", seed: Any = None, **where: Any) -> None:
        super().__init__(name, **where)
        self.rate = rate

    def compute(self, x: Any) -> Any:
        """x, or x with numbers dropped."""
        if not self.training or not self.rate:
            return x
        kept = GENERATOR.uniform(tuple(x.shape)) >= self.rate
        return x * x.result.of((kept / (1 - self.rate)).astype(np.float32))


class BatchNormalization(KerasLayer):
    """`BatchNormalization` over all but the last dimension."""

    varies = True

    def __init__(
        self, axis: int = -1, momentum: float = 0.99, epsilon: float = 1e-3, center: bool = True, scale: bool = True,
        name: str = "", **where: Any,
    ) -> None:  # fmt: skip
        self.momentum, self.epsilon, self.center, self.scale = momentum, epsilon, center, scale
        super().__init__(name, **where)

    def build(self, shape: tuple[int, ...]) -> None:
        """A factor and a term for each feature, and the mean and variance that evaluation takes."""
        self.built, n = True, shape[-1]
        if self.scale:
            self.set("gamma", initialised(np.ones(n, np.float32)))
        if self.center:
            self.set("beta", initialised(np.zeros(n, np.float32)))
        self.moving = [np.zeros(n, np.float32), np.ones(n, np.float32)]

    def compute(self, x: Any) -> Any:
        """Normalised by the batch in training, else by what was seen."""
        if self.training:
            dims = tuple(range(x.ndim - 1))
            centre, spread = r.mean(x, dims, True), r.var(x, dims, keepdim=True, correction=0)
            for old, new in zip(self.moving, (centre, spread), strict=True):
                old += (1 - self.momentum) * (new.array.ravel() - old)
        else:
            centre, spread = (x.result.of(array.copy()) for array in self.moving)
        result = (x - centre) / e.sqrt(spread + self.epsilon)
        result = result * self.parts["gamma"] if self.scale else result
        return result + self.parts["beta"] if self.center else result


def of_activation(name: str) -> Callable[..., ActivationLayer]:
    """A layer that is one activation; `LeakyReLU` takes its slope."""

    def made(*args: Any, **how: Any) -> ActivationLayer:
        slope = how.pop("negative_slope", how.pop("alpha", args[0] if args else 0.3))
        where = {key: how.pop(key) for key in ("input_shape", "input_dim", "name") if key in how}
        function = (lambda x: e.leaky_relu(x, slope=slope)) if name == "leaky_relu" else name
        return ActivationLayer(function, **where)

    return made


def mode(layer: Layer, training: bool) -> None:
    """Switch a layer, and those in it, to training or evaluation."""
    layer.training = training
    for part in layer.parts.values():
        if isinstance(part, Layer):
            mode(part, training)
