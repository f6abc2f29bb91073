"""The names of Keras that programs may use, as `keras` and as `tensorflow.keras` have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.arrays import Plain
from nabla.tensor.keras import layers, losses, models
from nabla.tensor.torch.layers import GENERATOR, Layer
from nabla.tensor.torch.tensor import numbers_of

Table = dict[str, Any]


def to_categorical(y: Any, num_classes: int | None = None) -> Any:
    """`to_categorical`: a row with one 1 for each class number."""
    at = np.asarray(numbers_of(y), np.int64).ravel()
    return Plain.of(np.eye(num_classes or int(at.max()) + 1)[at])


_LAYERS: Table = {
    "Dense": layers.Dense, "Input": layers.InputLayer, "InputLayer": layers.InputLayer, "Dropout": layers.KerasDropout,
    "Flatten": layers.KerasFlatten, "BatchNormalization": layers.BatchNormalization,
    "Activation": layers.ActivationLayer, "ReLU": layers.of_activation("relu"),
    "Softmax": layers.of_activation("softmax"), "LeakyReLU": layers.of_activation("leaky_relu"),
}  # fmt: skip
_PARTS: Table = {
    "layers": _LAYERS,
    "models": {"Sequential": models.KerasSequential},
    "optimizers": dict(losses.OPTIMIZERS),
    "losses": {**{name: losses.loss_class(of) for name, of in losses.CLASSES.items()}, **losses.LOSSES},
    "activations": dict(layers.ACTIVATIONS),
    "utils": {"to_categorical": to_categorical, "set_random_seed": lambda seed: GENERATOR.seed(seed)},
    "backend": {"clear_session": lambda: None},
}
KERAS: Table = {
    **_PARTS,
    "Sequential": models.KerasSequential,
    "Input": layers.InputLayer,
    "__version__": "3.12.0",
}
TENSORFLOW: Table = {
    "keras": KERAS,
    "random": {"set_seed": lambda seed: GENERATOR.seed(seed)},
    "__version__": "2.20.0",
}
MODULES: dict[str, Table] = {
    "keras": KERAS, "tensorflow": TENSORFLOW, "tensorflow.keras": KERAS, "tensorflow.python.keras": KERAS,
    **{f"{home}.{name}": part for home in ("keras", "tensorflow.keras") for name, part in _PARTS.items()},
    "keras.layers.core": _LAYERS, "keras.utils.np_utils": _PARTS["utils"],
}  # fmt: skip
MODEL: dict[str, Callable[..., Any]] = {
    name: getattr(models.KerasSequential, name)
    for name in ("add", "compile", "fit", "evaluate", "predict", "get_weights", "set_weights")
}
PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "layers": lambda model: model.layers, "weights": models.KerasSequential.weights, "name": lambda layer: layer.name,
    "trainable_variables": lambda layer: layer.parameters(), "trainable_weights": lambda layer: layer.parameters(),
    "units": lambda layer: layer.units,
}  # fmt: skip
HISTORY: dict[str, Callable[[Any], Any]] = {"history": lambda h: h.history, "epoch": lambda h: h.epoch}


def attribute(layer: Layer, name: str) -> Any:
    """What a layer or a model has under a name; KeyError for what is not here."""
    if name in layer.parts:
        return layer.parts[name]
    if name in PROPERTIES and (name not in ("layers", "weights") or isinstance(layer, models.KerasSequential)):
        return PROPERTIES[name](layer)
    if name == "get_weights" and not isinstance(layer, models.KerasSequential):
        return lambda: [Plain.of(np.array(p.array)) for p in layer.parameters()]
    if not isinstance(layer, models.KerasSequential):
        raise KeyError(name)
    method = MODEL[name]
    return lambda *args, **named: method(layer, *args, **named)
