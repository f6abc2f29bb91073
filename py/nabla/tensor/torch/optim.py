"""`torch.optim`: SGD, Adam, AdamW and RMSprop step by step as PyTorch computes them, in the parameters' own
precision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.tensor.tape import STATE, Array, recording
from nabla.tensor.torch.autograd import change


@dataclass
class Tuning:
    """What all rates, and the passes of Keras over its data, are multiplied by, and whether schedules hold them: a
    program is run again with others to see what comes of it.
    """

    rate: float = 1.0
    passes: int = 1
    held: bool = False


TUNING = Tuning()


class Optimizer:
    """Parameters, options, and what an optimiser remembers of each parameter."""

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        listed = list(params)
        if not listed:
            raise ValueError("optimizer got an empty parameter list")
        if isinstance(listed[0], dict):
            self.param_groups = [{**defaults, **group, "params": list(group["params"])} for group in listed]
        else:
            listed = [p[1] if isinstance(p, tuple) else p for p in listed]
            self.param_groups = [{**defaults, "params": listed}]
        for group in self.param_groups:
            for p in group["params"]:
                if not p.is_leaf:
                    raise ValueError("can't optimize a non-leaf Tensor")
        self.memory: dict[int, dict[str, Any]] = {}
        STATE.note("optimizer", self)

    @property
    def parameters(self) -> list[Any]:
        """All that it moves."""
        return [p for group in self.param_groups for p in group["params"]]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        STATE.note("zero")
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad = p.result.of(np.zeros_like(p.grad.array))

    def add_param_group(self, group: dict[str, Any]) -> None:
        """A further group; what it does not say is as in the first."""
        params = group["params"]
        listed = list(params) if isinstance(params, (list, tuple)) or not hasattr(params, "vertex") else [params]
        usual = {name: value for name, value in self.param_groups[0].items() if name != "initial_lr"}
        self.param_groups.append({**usual, **group, "params": listed})

    def step(self, closure: Any = None) -> Any:
        """Change every parameter that has a gradient; a closure is run first, and its loss given back."""
        loss = None
        if closure is not None:
            with recording(True):
                loss = closure()
        self._move()
        return loss

    def _move(self) -> None:
        STATE.note("step", any(p.grad is not None and p.grad.array.any() for p in self.parameters))
        with recording(False):
            for own in self.param_groups:
                group = own if TUNING.rate == 1 else {**own, "lr": own["lr"] * TUNING.rate}
                for p in group["params"]:
                    if p.grad is not None:
                        if not p.requires_grad:
                            STATE.note("frozen", id(p), once=True)
                        new = self.stepped(
                            p.array, self._decayed(p, group), group, self.memory.setdefault(id(p), {"t": 0})
                        )
                        change(p, p.result.of(new.astype(p.dtype)))

    @staticmethod
    def _decayed(p: Any, group: dict[str, Any]) -> Array:
        g: Array = p.grad.array
        g = -g if group.get("maximize") else g
        return g + group["weight_decay"] * p.array if group["weight_decay"] and not group.get("decoupled") else g

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """The parameter after one step."""
        raise NotImplementedError


class SGD(Optimizer):
    """`optim.SGD`."""

    def __init__(
        self, params: Any, lr: float = 1e-3, momentum: float = 0, dampening: float = 0, weight_decay: float = 0,
        nesterov: bool = False, *, maximize: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(params, {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
                                  "nesterov": nesterov, "maximize": maximize})  # fmt: skip

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x - lr g, or - lr times the running sum of gradients."""
        if how["momentum"]:
            before = memory.get("velocity")
            velocity = g if before is None else before * how["momentum"] + (1 - how["dampening"]) * g
            memory["velocity"] = velocity
            g = g + how["momentum"] * velocity if how["nesterov"] else velocity
        return x - how["lr"] * g


class Adam(Optimizer):
    """`optim.Adam`."""

    decoupled = False

    def __init__(
        self, params: Any, lr: float = 1e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8,
            weight_decay: float | None = None,
        amsgrad: bool = False, *, maximize: bool = False,
    ) -> None:  # fmt: skip
        decay = (1e-2 if self.decoupled else 0) if weight_decay is None else weight_decay
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": decay,
                                  "maximize": maximize, "decoupled": self.decoupled, "amsgrad": amsgrad})  # fmt: skip

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the mean of gradients over the root of the mean of their squares, both without their bias."""
        b1, b2 = how["betas"]
        if self.decoupled:
            x = x * (1 - how["lr"] * how["weight_decay"])
        memory["t"] += 1
        zero = np.zeros_like(g)
        m = memory["m"] = memory.get("m", zero) + (1 - b1) * (g - memory.get("m", zero))
        v = memory["v"] = memory.get("v", zero) * b2 + (1 - b2) * g * g
        if how["amsgrad"]:
            v = memory["most"] = np.maximum(memory.get("most", zero), v)
        root = np.sqrt(v) / math.sqrt(1 - b2 ** memory["t"]) + how["eps"]
        return x - (how["lr"] / (1 - b1 ** memory["t"])) * (m / root)


class AdamW(Adam):
    """`optim.AdamW`."""

    decoupled = True


class RMSprop(Optimizer):
    """`optim.RMSprop`."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        )

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the gradient over the root of its mean square."""
        square = memory["square"] = memory.get("square", np.zeros_like(g)) * how["alpha"] + (1 - how["alpha"]) * g * g
        move = g / (np.sqrt(square) + how["eps"])
        if how["momentum"]:
            move = memory["buffer"] = memory.get("buffer", np.zeros_like(g)) * how["momentum"] + move
        return x - how["lr"] * move


class Adagrad(Optimizer):
    """`optim.Adagrad`."""

    def __init__(
        self, params: Any, lr: float = 1e-2, lr_decay: float = 0, weight_decay: float = 0, eps: float = 1e-10
    ) -> None:
        super().__init__(params, {"lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay})

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the gradient over the root of the sum of its squares."""
        memory["t"] += 1
        total = memory["total"] = memory.get("total", np.zeros_like(g)) + g * g
        return x - how["lr"] / (1 + (memory["t"] - 1) * how["lr_decay"]) * g / (np.sqrt(total) + how["eps"])


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "SGD": SGD,
    "Adam": Adam,
    "AdamW": AdamW,
    "RMSprop": RMSprop,
    "Adagrad": Adagrad,
}
