"""`torch.optim.lr_scheduler`: the learning rates of an optimiser's groups, step by step as PyTorch changes them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from nabla.tensor.torch.optim import TUNING


class Scheduler:
    """A rule for the rates; `step()` counts an epoch and sets them."""

    def __init__(self, optimizer: Any, last_epoch: int = -1) -> None:
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.step()

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """The rate of a group in an epoch, from the one before and the first one."""
        raise NotImplementedError

    def step(self, epoch: Any = None) -> None:
        """The next epoch."""
        self.last_epoch += 1
        if TUNING.held:
            return
        pairs = zip(self.optimizer.param_groups, self.base_lrs, strict=True)
        for i, (group, base) in enumerate(pairs):
            group["lr"] = self.rate(group["lr"], base, self.last_epoch, i)

    def get_last_lr(self) -> list[float]:
        """The rates as they are."""
        return [group["lr"] for group in self.optimizer.param_groups]


class StepLR(Scheduler):
    """Times gamma every `step_size` epochs."""

    def __init__(self, optimizer: Any, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """See the class."""
        return lr * self.gamma if epoch and epoch % self.step_size == 0 else lr


class MultiStepLR(Scheduler):
    """Times gamma at each milestone."""

    def __init__(self, optimizer: Any, milestones: Sequence[int], gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """See the class."""
        return lr * self.gamma ** self.milestones[epoch] if epoch in self.milestones else lr


class ExponentialLR(Scheduler):
    """Times gamma every epoch."""

    def __init__(self, optimizer: Any, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """See the class."""
        return lr * self.gamma if epoch else lr


class LambdaLR(Scheduler):
    """The first rate times what a function gives for the epoch."""

    def __init__(self, optimizer: Any, lr_lambda: Any, last_epoch: int = -1) -> None:
        several = isinstance(lr_lambda, (list, tuple))
        self.functions: list[Callable[[int], float]] = (
            list(lr_lambda) if several else [lr_lambda] * len(optimizer.param_groups)
        )
        super().__init__(optimizer, last_epoch)

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """See the class."""
        return base * self.functions[group](epoch)


class CosineAnnealingLR(Scheduler):
    """Half a cosine from the first rate to `eta_min` in `T_max` epochs."""

    def __init__(self, optimizer: Any, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.length, self.least = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """See the class."""
        if not epoch:
            return lr
        if (epoch - 1 - self.length) % (2 * self.length) == 0:
            return lr + (base - self.least) * (1 - math.cos(math.pi / self.length)) / 2
        now, before = (1 + math.cos(math.pi * n / self.length) for n in (epoch, epoch - 1))
        return now / before * (lr - self.least) + self.least


class LinearLR(Scheduler):
    """A factor that grows from `start_factor` to `end_factor` in `total_iters` epochs."""

    def __init__(
        self, optimizer: Any, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:  # fmt: skip
        self.start, self.grows, self.count = start_factor, end_factor - start_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def rate(self, lr: float, base: float, epoch: int, group: int) -> float:
        """See the class."""
        if not epoch:
            return lr * self.start
        if epoch > self.count:
            return lr
        return lr * (1.0 + self.grows / (self.count * self.start + (epoch - 1) * self.grows))


class Plateau:
    """`ReduceLROnPlateau`: times `factor` when the measure has not become better for longer than `patience` epochs."""

    def __init__(
        self, optimizer: Any, mode: str = "min", factor: float = 0.1, patience: int = 10, threshold: float = 1e-4,
        threshold_mode: str = "rel", cooldown: int = 0, min_lr: float = 0, eps: float = 1e-8,
    ) -> None:  # fmt: skip
        if factor >= 1.0:
            raise ValueError("Factor should be < 1.0.")
        self.optimizer, self.mode, self.factor, self.patience = optimizer, mode, factor, patience
        self.threshold, self.relative, self.cooldown = threshold, threshold_mode == "rel", cooldown
        self.min_lr, self.eps = min_lr, eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.waiting = self.last_epoch = 0

    def step(self, metrics: Any, epoch: Any = None) -> None:
        """Judge the measure of an epoch."""
        current = float(metrics)
        self.last_epoch += 1
        if self._better(current):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.waiting > 0:
            self.waiting -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            for group in self.optimizer.param_groups:
                new = max(group["lr"] * self.factor, self.min_lr)
                if group["lr"] - new > self.eps:
                    group["lr"] = new
            self.waiting, self.num_bad_epochs = self.cooldown, 0

    def _better(self, a: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.relative:
            return sign * a > sign * self.best * (1 + sign * self.threshold) if math.isfinite(self.best) else True
        return sign * a > sign * self.best + self.threshold

    def get_last_lr(self) -> list[float]:
        """The rates as they are."""
        return [group["lr"] for group in self.optimizer.param_groups]


SCHEDULERS: dict[str, Any] = {
    **{kind.__name__: kind for kind in (StepLR, MultiStepLR, ExponentialLR, LambdaLR, CosineAnnealingLR, LinearLR)},
    "ReduceLROnPlateau": Plateau, "LRScheduler": Scheduler,
}  # fmt: skip
_SHARED = ("optimizer", "last_epoch", "step", "get_last_lr")


def _reading(name: str) -> Callable[[Any], Any]:
    return lambda scheduler: getattr(scheduler, name)


READ: dict[type, dict[str, Callable[[Any], Any]]] = {
    Scheduler: {name: _reading(name) for name in (*_SHARED, "base_lrs")},
    Plateau: {name: _reading(name) for name in (*_SHARED, "best", "num_bad_epochs")},
}
