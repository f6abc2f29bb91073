"""Keras's `Sequential`: `compile`, `fit`, `evaluate`, `predict`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.arrays import Plain
from nabla.tensor.keras import losses
from nabla.tensor.keras.layers import ACTIVATIONS, Dense, InputLayer, KerasLayer, _named, mode
from nabla.tensor.tape import STATE, Array, recording
from nabla.tensor.torch import autograd
from nabla.tensor.torch.layers import GENERATOR, Layer
from nabla.tensor.torch.optim import TUNING
from nabla.tensor.torch.tensor import TorchTensor, numbers_of

_METRICS = frozenset("accuracy acc binary_accuracy categorical_accuracy sparse_categorical_accuracy".split())


class History:
    """What `fit` gives: a list for each figure, one number an epoch."""

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []

    def add(self, epoch: int, figures: dict[str, float]) -> None:
        """The figures of an epoch."""
        self.epoch.append(epoch)
        for name, value in sorted(figures.items()):
            self.history.setdefault(name, []).append(value)


@dataclass(frozen=True)
class Declaration:
    """What a model is compiled to: the activation and the units of its last layer, its loss, and what that takes."""

    activation: str
    units: int
    loss: str
    from_logits: bool


def declared(layers: Sequence[Any], loss: Any) -> Declaration | None:
    """The declaration of layers with a loss; None where either is of no known kind."""
    names = {id(function): name for name, function in ACTIVATIONS.items()}
    dense = next((layer for layer in reversed(layers) if isinstance(layer, Dense)), None)
    last = layers[-1] if layers else None
    activation = names.get(id(last.activation if isinstance(last, Dense) else getattr(last, "compute", None)))
    plain = getattr(loss, "func", loss)
    name = next((name for name, function in losses.LOSSES.items() if function is plain), None)
    if dense is None or activation is None or name is None:
        return None
    return Declaration(activation, dense.units, name, bool(getattr(loss, "keywords", {}).get("from_logits")))


def data_of(given: Any) -> Array:
    """Samples or targets as numbers: floats in 32 bits."""
    array = numbers_of(given)
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def tensor_of(array: Array) -> Any:
    """Numbers as a tensor of floats."""
    return TorchTensor.of(np.asarray(array, np.float32))


class KerasSequential(Layer):
    """Layers in a row."""

    def __init__(self, layers: Iterable[Any] = (), name: str = "sequential") -> None:
        super().__init__()
        self.name = name
        self.layers: list[Any] = []
        self.shape: tuple[int, ...] | None = None
        self.compiled: dict[str, Any] = {}
        for layer in layers or ():
            self.add(layer)

    def add(self, layer: Any) -> None:
        """One more layer; its weights are made when the shape of the samples is known."""
        if isinstance(layer, InputLayer):
            self.shape = layer.shape
            return
        self.set(f"layer_{len(self.layers)}", layer)
        self.layers.append(layer)
        if isinstance(layer, KerasLayer) and not layer.built and self.shape is not None:
            layer.build(self.shape)
        if isinstance(layer, KerasLayer) and "kernel" in layer.parts and self.shape is None:
            self.shape = tuple(layer.parts["kernel"].shape[:1])
        self.shape = layer.result_shape(self.shape) if self.shape is not None else None

    def forward(self, x: Any, training: Any = None) -> Any:
        """One layer after the other."""
        x = x if isinstance(x, TorchTensor) else tensor_of(data_of(x))
        for layer in self.layers:
            x = layer(x)
        return x

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = None, loss_weights: Any = None
    ) -> None:
        """How `fit` is to train.

        Raises:
            ValueError: an unknown name.
        """
        kinds = {name.lower(): kind for name, kind in losses.OPTIMIZERS.items()}
        chosen = _named(kinds, optimizer, "optimizer")
        metrics = [metrics] if isinstance(metrics, str) else list(metrics or ())
        if unknown := [m for m in metrics if m not in _METRICS and m not in losses.LOSSES]:
            raise NotImplementedError(f"the metric {unknown[0]}")
        self.compiled = {
            "optimizer": chosen() if isinstance(chosen, type) else chosen, "metrics": metrics,
            "loss": _named(losses.LOSSES, loss, "loss"),
        }  # fmt: skip
        STATE.note("compile", declared(self.layers, self.compiled["loss"]))

    def fit(
        self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1, verbose: Any = "auto",
        callbacks: Any = None, validation_split: float = 0.0, validation_data: Any = None, shuffle: bool = True,
    ) -> History:  # fmt: skip
        """Train for some epochs, in batches of 32.

        Raises:
            ValueError: it is not compiled, or there are not as many targets as samples.
            NotImplementedError: callbacks.
        """
        if not self.compiled or self.compiled["loss"] is None:
            raise ValueError("You must call `compile()` before calling `fit()`.")
        if callbacks:
            raise NotImplementedError("callbacks of `fit`")
        X, Y = data_of(x), data_of(y)
        if len(X) != len(Y):
            raise ValueError(
                f"Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: "
                f"{len(X)}\n'y' sizes: {len(Y)}"
            )
        held = (data_of(validation_data[0]), data_of(validation_data[1])) if validation_data is not None else None
        if validation_split:
            kept = int(len(X) * (1 - validation_split))
            X, Y, held = X[:kept], Y[:kept], (X[kept:], Y[kept:])
        size, history = batch_size or 32, History()
        for epoch in range(epochs * TUNING.passes):
            order = GENERATOR.permutation(len(X)) if shuffle and size < len(X) else np.arange(len(X))
            figures = self._epoch(X[order], Y[order], size)
            if held is not None:
                figures |= {f"val_{name}": value for name, value in self._figures(*held).items()}
            history.add(epoch, figures)
        return history

    def _epoch(self, X: Array, Y: Array, size: int) -> dict[str, float]:
        total: dict[str, float] = {}
        for start in range(0, len(X), size):
            xs, ys = X[start : start + size], Y[start : start + size]
            for name, value in self._batch(xs, ys).items():
                total[name] = total.get(name, 0.0) + value * len(xs) / len(X)
        return total

    def _batch(self, X: Array, Y: Array) -> dict[str, float]:
        """One step; the figures of the batch before it."""
        mode(self, True)
        output = self(tensor_of(X))
        loss = self.compiled["loss"](tensor_of(Y), output)
        optimizer = self.compiled["optimizer"]
        if "param_groups" not in vars(optimizer):
            optimizer.attach(self.parameters())
        optimizer.zero_grad()
        autograd.backward(loss)
        optimizer.step()
        mode(self, False)
        return {"loss": float(loss.array), **self._metrics(Y, output.array)}

    def _metrics(self, Y: Array, output: Array) -> dict[str, float]:
        found = {}
        for name in self.compiled["metrics"]:
            value = losses.accuracy(Y, output) if name in _METRICS else None
            if value is None:
                value = float(losses.LOSSES[name](tensor_of(Y), tensor_of(output)).array)
            found[name] = value
        return found

    def _figures(self, X: Array, Y: Array) -> dict[str, float]:
        mode(self, False)
        with recording(False):
            output = self(tensor_of(X))
            loss = float(self.compiled["loss"](tensor_of(Y), output).array)
        return {"loss": loss, **self._metrics(Y, output.array)}

    def evaluate(self, x: Any, y: Any, batch_size: Any = None, verbose: Any = "auto", return_dict: bool = False) -> Any:
        """The loss, and the metrics behind it."""
        figures = self._figures(data_of(x), data_of(y))
        return figures if return_dict else list(figures.values()) if len(figures) > 1 else figures["loss"]

    def predict(self, x: Any, batch_size: Any = None, verbose: Any = "auto", steps: Any = None) -> Any:
        """The outputs as an array."""
        mode(self, False)
        with recording(False):
            return Plain.of(np.array(self(tensor_of(data_of(x))).array))

    def weights(self) -> list[Any]:
        """Kernels and biases, layer by layer."""
        return self.parameters()

    def get_weights(self) -> list[Any]:
        """The numbers of the weights, as arrays."""
        return [Plain.of(np.array(getattr(p, "array", p))) for p in self._all_weights()]

    def set_weights(self, given: Any) -> None:
        """Other numbers for the weights."""
        for p, new in zip(self._all_weights(), given, strict=True):
            array = np.asarray(numbers_of(new), np.float32)
            if isinstance(p, np.ndarray):
                p[...] = array
            else:
                autograd.change_quietly(p, array)

    def _all_weights(self) -> list[Any]:
        """Those that are trained, and behind a layer's what it has seen of its inputs."""
        return [part for layer in self.layers for part in (*layer.parameters(), *getattr(layer, "moving", ()))]
