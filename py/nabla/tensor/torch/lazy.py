"""Layers that see the size of what they are given before they make their weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.tensor.torch import norms, windows
from nabla.tensor.torch.layers import Layer, Linear
from nabla.tensor.torch.tensor import leaf, parameter

_LAZY: dict[str, Any] = {
    "LazyLinear": Linear,
    **{f"Lazy{name}": windows.LAYERS[name] for d in (1, 2, 3) for name in (f"Conv{d}d", f"ConvTranspose{d}d")},
    **{f"LazyBatchNorm{d}d": norms.NORMS[f"BatchNorm{d}d"] for d in (1, 2, 3)},
    **{f"LazyInstanceNorm{d}d": norms.NORMAL[f"InstanceNorm{d}d"] for d in (1, 2, 3)},
}


class _Lazy(Layer):
    """It becomes a layer of its `kind` when it is called for the first time."""

    kind: Any = Linear

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__()
        self.given, self.named = given, named
        weighted = named.get("affine", "InstanceNorm" not in self.kind.__name__)
        for name in ("weight", "bias") if weighted else ():
            if named.get(name, True):
                self.set(name, parameter(leaf(np.zeros(0, np.float32))))

    def __call__(self, x: Any, *more: Any, **named: Any) -> Any:
        """The result of the layer that it becomes."""
        size = x.shape[-1] if self.kind is Linear else x.shape[1]
        kind, given, options, made, empty = self.kind, self.given, self.named, vars(self)["@made"], self.parts
        vars(self).clear()
        self.__class__ = kind
        kind.__init__(self, size, *given, **options)
        vars(self)["@made"] = made
        for name, held in empty.items():  # an optimiser may have it already
            new = self.parts[name]
            new.vertex.name = held.vertex.name
            held.vertex, held.counter = new.vertex, new.counter
            held.vertex.holder, self.parts[name] = held, held
        return self(x, *more, **named)


NN: dict[str, Any] = {
    **{name: type(name, (_Lazy,), {"kind": kind, "__doc__": f"`nn.{name}`."}) for name, kind in _LAZY.items()}
}  # fmt: skip
