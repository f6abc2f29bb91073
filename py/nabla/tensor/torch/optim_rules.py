"""Further optimisers of `torch.optim`: Adadelta, Adamax, NAdam, RAdam, Rprop and LBFGS, as PyTorch computes them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.tape import STATE, Array, recording
from nabla.tensor.torch.autograd import change
from nabla.tensor.torch.optim import Optimizer


class Adadelta(Optimizer):
    """`optim.Adadelta`."""

    def __init__(
        self, params: Any, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0
    ) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay})

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the gradient in units of the usual step."""
        rho, eps, zero = how["rho"], how["eps"], np.zeros_like(g)
        square = memory["square"] = memory.get("square", zero) * rho + (1 - rho) * g * g
        moves = memory.get("moves", zero)
        move = np.sqrt(moves + eps) / np.sqrt(square + eps) * g
        memory["moves"] = moves * rho + (1 - rho) * move * move
        return x - how["lr"] * move


class _Moments(Optimizer):
    """Of those that remember a mean of gradients and one of their squares."""

    def __init__(
        self, params: Any, lr: float = 2e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0,
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, **more})

    @staticmethod
    def moments(g: Array, how: dict[str, Any], memory: dict[str, Any]) -> tuple[int, Array, Array]:
        """The number of the step, the mean of gradients, and that of their squares."""
        b1, b2 = how["betas"]
        zero = np.zeros_like(g)
        memory["t"] += 1
        m = memory["m"] = memory.get("m", zero) + (1 - b1) * (g - memory.get("m", zero))
        v = memory["v"] = memory.get("v", zero) * b2 + (1 - b2) * g * g
        return memory["t"], m, v


class Adamax(_Moments):
    """`optim.Adamax`."""

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus the mean of gradients over the largest of them."""
        b1, b2 = how["betas"]
        t, m, _ = self.moments(g, how, memory)
        u = memory["u"] = np.maximum(memory.get("u", np.zeros_like(g)) * b2, np.abs(g) + how["eps"])
        return x - how["lr"] / (1 - b1**t) * m / u


class NAdam(_Moments):
    """`optim.NAdam`."""

    def __init__(
        self, params: Any, lr: float = 2e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0,
        momentum_decay: float = 4e-3,
    ) -> None:  # fmt: skip
        super().__init__(params, lr, betas, eps, weight_decay, momentum_decay=momentum_decay)

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """Adam with Nesterov's look ahead."""
        b1, b2 = how["betas"]
        t, m, v = self.moments(g, how, memory)
        mu, ahead = (b1 * (1 - 0.5 * 0.96 ** (n * how["momentum_decay"])) for n in (t, t + 1))
        product = memory["product"] = memory.get("product", 1.0) * mu
        root = np.sqrt(v / (1 - b2**t)) + how["eps"]
        x = x - how["lr"] * (1 - mu) / (1 - product) * g / root
        return x - how["lr"] * ahead / (1 - product * ahead) * m / root


class RAdam(_Moments):
    """`optim.RAdam`."""

    def __init__(
        self, params: Any, lr: float = 1e-3, betas: Any = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """Adam once the variance of its denominator is bounded, and the mean of gradients before."""
        b1, b2 = how["betas"]
        t, m, v = self.moments(g, how, memory)
        mean, rest = m / (1 - b1**t), 1 - b2**t
        most = 2 / (1 - b2) - 1
        length = most - 2 * t * b2**t / rest
        if length <= 5.0:
            return x - how["lr"] * mean
        rectified = math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length))
        return x - how["lr"] * mean * (math.sqrt(rest) / (np.sqrt(v) + how["eps"])) * rectified


class Rprop(Optimizer):
    """`optim.Rprop`."""

    def __init__(self, params: Any, lr: float = 1e-2, etas: Any = (0.5, 1.2), step_sizes: Any = (1e-6, 50)) -> None:
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "weight_decay": 0})

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x minus a step of its own size against the sign of each slope."""
        turned = np.sign(g * memory.get("before", np.zeros_like(g)))
        low, high = how["etas"]
        factor = np.where(turned > 0, high, np.where(turned < 0, low, 1.0)).astype(g.dtype)
        size = memory.get("size", np.full_like(g, how["lr"]))
        size = memory["size"] = np.clip(size * factor, *how["step_sizes"])
        g = memory["before"] = np.where(turned < 0, 0, g).astype(g.dtype)
        return x - np.sign(g) * size


class ASGD(Optimizer):
    """`optim.ASGD`: steps that shorten; the mean of the points is kept aside."""

    def __init__(
        self, params: Any, lr: float = 1e-2, lambd: float = 1e-4, alpha: float = 0.75, t0: float = 1e6,
        weight_decay: float = 0,
    ) -> None:  # fmt: skip
        super().__init__(params, {"lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay})

    def stepped(self, x: Array, g: Array, how: dict[str, Any], memory: dict[str, Any]) -> Any:
        """x shortened, minus the gradient times a rate that falls."""
        eta = memory.get("eta", how["lr"])
        memory["t"] += 1
        memory["eta"] = how["lr"] / (1 + how["lambd"] * how["lr"] * memory["t"]) ** how["alpha"]
        return x * (1 - how["lambd"] * eta) - eta * g


class LBFGS(Optimizer):
    """`optim.LBFGS` without a line search."""

    def __init__(
        self, params: Any, lr: float = 1, max_iter: int = 20, max_eval: int | None = None,
        tolerance_grad: float = 1e-7, tolerance_change: float = 1e-9, history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:  # fmt: skip
        if line_search_fn is not None:
            raise NotImplementedError(f"LBFGS(line_search_fn={line_search_fn!r})")
        super().__init__(params, {
            "lr": lr, "max_iter": max_iter, "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad, "tolerance_change": tolerance_change, "history_size": history_size,
        })  # fmt: skip
        self.pairs: list[tuple[Array, Array]] = []
        self.scale = 1.0
        self.last: tuple[Array, Array, float] | None = None  # direction, gradient, rate

    def _flat(self) -> Array:
        group = self.param_groups[0]
        parts = [np.zeros(p.array.size, p.dtype) if p.grad is None else p.grad.array.ravel() for p in group["params"]]
        return np.concatenate(parts)

    def _moved(self, move: Array) -> None:
        at = 0
        for p in self.param_groups[0]["params"]:
            n = p.array.size
            change(p, p.result.of((p.array + move[at : at + n].reshape(p.shape)).astype(p.dtype)))
            at += n

    def step(self, closure: Any = None) -> Any:
        """Up to `max_iter` moves along directions that the last gradients make; gives the first loss."""
        if closure is None:
            raise TypeError("LBFGS.step() missing 1 required positional argument: 'closure'")
        how = self.param_groups[0]
        with recording(True):
            first = closure()
        loss, g = float(first), self._flat()
        STATE.note("step", bool(g.any()))
        evaluations, done = 1, 0
        while done < how["max_iter"] and np.abs(g).max() > how["tolerance_grad"]:
            done += 1
            direction, rate = self._direction(g, how)
            slope, before = float(g @ direction), loss
            if slope > -how["tolerance_change"]:
                break
            with recording(False):
                self._moved(rate * direction)
            self.last = direction, g, rate
            if done == how["max_iter"]:
                break
            with recording(True):
                loss = float(closure())
            g = self._flat()
            evaluations += 1
            small = np.abs(direction * rate).max() <= how["tolerance_change"]
            if evaluations >= how["max_eval"] or small or abs(loss - before) < how["tolerance_change"]:
                break
        return first

    def _direction(self, g: Array, how: dict[str, Any]) -> tuple[Array, float]:
        """Minus the gradient at first; then by the two loops over what was remembered."""
        if self.last is None:
            return -g, min(1.0, 1.0 / float(np.abs(g).sum())) * how["lr"]
        direction, earlier, rate = self.last
        y, s = g - earlier, direction * rate
        ys = float(y @ s)
        if ys > 1e-10:
            self.pairs = [*self.pairs, (y, s)][-how["history_size"] :]
            self.scale = ys / float(y @ y)
        q, alphas = -g, []
        for y, s in reversed(self.pairs):
            alphas.append(float(s @ q) / float(y @ s))
            q = q - alphas[-1] * y
        d = q * self.scale
        for (y, s), alpha in zip(self.pairs, reversed(alphas), strict=True):
            d = d + s * (alpha - float(y @ d) / float(y @ s))
        return d.astype(g.dtype), how["lr"]


RULES: dict[str, type[Optimizer]] = {
    kind.__name__: kind for kind in (Adadelta, Adamax, NAdam, RAdam, Rprop, ASGD, LBFGS)
}
