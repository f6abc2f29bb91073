"""Random tensors of PyTorch, drawn as its CPU generator does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.tape import Tensor
from nabla.tensor.torch import autograd, distributions
from nabla.tensor.torch.layers import GENERATOR
from nabla.tensor.torch.random import Generator
from nabla.tensor.torch.tensor import leaf, sizes


class Seeded:
    """`torch.Generator`: random numbers of its own."""

    def __init__(self, device: Any = None) -> None:
        self.numbers = Generator(67280421310721)

    def manual_seed(self, seed: int) -> Seeded:
        """Seed it."""
        self.numbers.seed(seed)
        return self


def rand(shape: tuple[int, ...], source: Any = GENERATOR) -> Any:
    """Uniform numbers in [0, 1)."""
    return source.uniform(shape)


def randn(shape: tuple[int, ...], source: Any = GENERATOR) -> Any:
    """Standard normal numbers."""
    return source.normal(shape)


# What fills tensors in float64, where it is not the same numbers.
WIDE: dict[Any, Callable[..., Any]] = {
    rand: lambda shape, source=GENERATOR: source.uniform64(shape),
    randn: lambda shape, source=GENERATOR: source.normal64(shape),
}


def randint(low: int, high: Any = None, size: Any = None, *, generator: Any = None, **_: Any) -> Any:
    """`torch.randint`."""
    if size is None:
        low, high, size = 0, low, high
    source = GENERATOR if generator is None else generator.numbers
    return leaf(source.integers(low, high, sizes([size])))


def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = (1,), **_: Any) -> Any:
    """`torch.normal`; a mean or deviation that is followed gets the gradient 0, as in PyTorch."""
    followed = [given for given in (mean, std) if isinstance(given, Tensor)]
    if not followed:
        return leaf(GENERATOR.normal(sizes([size]), mean, std))
    shape = np.broadcast_shapes(*(given.shape for given in followed))
    array = GENERATOR.normal(shape) * getattr(std, "array", std) + getattr(mean, "array", mean)
    drawn = leaf(np.asarray(array, np.float32))
    for given in followed:
        drawn = drawn + given * 0.0 if given.requires_grad else drawn
    return drawn


def seeded(seed: int) -> None:
    """`torch.manual_seed`."""
    GENERATOR.seed(seed)


def bernoulli(x: Any, p: float | None = None, **_: Any) -> Any:
    """`torch.bernoulli`: 1 with the probability that x holds."""
    if p is not None:
        return leaf((GENERATOR.uniform64(x.shape) < p).astype(x.dtype))
    return leaf((GENERATOR.uniform(x.shape) < x.array).astype(x.dtype))


def exponential(x: Any, rate: float = 1.0, **_: Any) -> Any:
    """`x.exponential_()`."""
    return autograd.change(x, leaf((GENERATOR.exponential(x.shape) / rate).astype(x.dtype)))


def multinomial(x: Any, num_samples: int, replacement: bool = False, **_: Any) -> Any:
    """`torch.multinomial` of one draw, or of several that may be the same."""
    if num_samples > 1 and not replacement:
        raise NotImplementedError("multinomial draws without replacement")
    drawn = distributions.Categorical(probs=x).sample((num_samples,))
    return leaf(np.moveaxis(drawn.array, 0, -1))


READ: dict[type, dict[str, Callable[[Any], Any]]] = {Seeded: {"manual_seed": lambda g: g.manual_seed}}
