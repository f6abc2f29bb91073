"""`torch.distributions`: normal, uniform, categorical and Bernoulli ones, their draws and logarithms of densities.

The steps are PyTorch's, so that gradients, and the numbers drawn, are as there (2.13).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.operations import elementwise as e
from nabla.tensor.tape import Tensor, recording
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import indexing, losses
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.layers import GENERATOR
from nabla.tensor.torch.tensor import Size, leaf

_HALF_LOG_2_PI = math.log(math.sqrt(2 * math.pi))


def _tensor(value: Any) -> Any:
    return value if isinstance(value, Tensor) else leaf(np.asarray(value, np.float32))


class Distribution:
    """A distribution over numbers: parameters of one shape, and what can be asked of them."""

    names: tuple[str, ...] = ()  # of the parameters

    def __init__(self, *given: Any) -> None:
        shape = np.broadcast_shapes(*(_tensor(value).shape for value in given))
        self.given = [value if value.shape == shape else f.expand(value, shape) for value in map(_tensor, given)]
        self.batch_shape = Size(shape)

    def __repr__(self) -> str:
        parts = [
            f"{name}: {value.array.item() if value.array.size == 1 else Size(value.shape)}"
            for name, value in zip(self.names, self.given, strict=True)
        ]
        return f"{type(self).__name__}({', '.join(parts)})"

    def shape_of(self, shape: Any) -> tuple[int, ...]:
        """The shape of draws: one of the distribution for each place of `shape`."""
        return (*shape, *self.batch_shape)

    def sample(self, sample_shape: Any = ()) -> Any:
        """Draws, through which nothing is differentiated."""
        with recording(False):
            return leaf(np.array(self.rsample(sample_shape).array))

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Draws as a function of the parameters.

        Raises:
            NotImplementedError: of a distribution that has none.
        """
        raise NotImplementedError(f"`rsample` of {type(self).__name__}")


class Normal(Distribution):
    """`Normal(loc, scale)`."""

    names = ("loc", "scale")

    def __init__(self, loc: Any, scale: Any) -> None:
        super().__init__(loc, scale)
        self.loc, self.scale = self.given
        if not (self.scale.array > 0).all():
            raise NotImplementedError("a normal distribution whose scale is not positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        """The mean plus scale times standard normal numbers."""
        shape = self.shape_of(sample_shape)
        return self.loc + leaf(GENERATOR.normal(shape).astype(self.loc.dtype)) * self.scale

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density."""
        return -((_tensor(value) - self.loc) ** 2) / (2 * self.scale**2) - e.log(self.scale) - _HALF_LOG_2_PI

    def entropy(self) -> Any:
        """The entropy."""
        return 0.5 + 0.5 * math.log(2 * math.pi) + e.log(self.scale)

    def cdf(self, value: Any) -> Any:
        """The cumulative distribution."""
        return 0.5 * (1 + e.erf((_tensor(value) - self.loc) * e.reciprocal(self.scale) / math.sqrt(2)))


class Uniform(Distribution):
    """`Uniform(low, high)`."""

    names = ("low", "high")

    def __init__(self, low: Any, high: Any) -> None:
        super().__init__(low, high)
        self.low, self.high = self.given

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Between the ends."""
        drawn = leaf(GENERATOR.uniform(self.shape_of(sample_shape)).astype(self.low.dtype))
        return self.low + drawn * (self.high - self.low)

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density."""
        inside = (self.low.array <= _tensor(value).array) & (_tensor(value).array < self.high.array)
        return e.log(leaf(inside.astype(self.low.dtype))) - e.log(self.high - self.low)

    def entropy(self) -> Any:
        """The entropy."""
        return e.log(self.high - self.low)


class _OfChances(Distribution):
    """A distribution given by probabilities or by logits; PyTorch works out the others when they are asked for."""

    logits: Any
    probs: Any

    def ask(self, name: str) -> Any:
        """The probabilities or the logits, which from then on are shown."""
        if name not in self.names:
            self.names = ("probs", "logits")
            self.given = [self.probs, self.logits]
        return getattr(self, name)


class Categorical(_OfChances):
    """`Categorical(probs)` or `Categorical(logits=...)`: the last dimension counts categories."""

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        given = _tensor(logits if probs is None else probs)
        if probs is None:
            self.logits = given - r.logsumexp(given, -1, True)
            self.probs = r.softmax(self.logits, -1)
        else:
            self.probs = given / r.total(given, -1, True)
            least = float(np.finfo(given.dtype).eps)
            self.logits = e.log(f.clamp(self.probs, least, 1 - least))
        super().__init__(given)
        self.names = ("logits" if probs is None else "probs",)
        self.batch_shape = Size(given.shape[:-1])

    def sample(self, sample_shape: Any = ()) -> Any:
        """Categories, drawn as `torch.multinomial` does: one by the race of exponentials, several by the sum of
        probabilities.
        """
        p = np.asarray(self.ask("probs").array).reshape(-1, self.probs.shape[-1])
        count = math.prod(sample_shape)
        if count == 1:
            race = p / GENERATOR.exponential(p.shape).astype(p.dtype)
            drawn = race.argmax(axis=1)[None]
        else:
            sums = np.cumsum(p, axis=1, dtype=p.dtype)
            sums /= sums[:, -1:]
            points = GENERATOR.uniform64((len(p), count))
            found = [np.searchsorted(row, at) for row, at in zip(sums, points, strict=True)]
            drawn = np.array(found, np.int64).reshape(len(p), count).T
        return leaf(drawn.astype(np.int64).reshape(self.shape_of(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability of a category."""
        at = leaf(np.asarray(_tensor(value).array, np.int64))
        shape = np.broadcast_shapes(at.shape, self.logits.shape[:-1])
        logits = f.expand(self.ask("logits"), (*shape, self.logits.shape[-1]))
        picked = indexing.FUNCTIONS["gather"](logits, -1, leaf(np.broadcast_to(at.array, shape)[..., None]))
        result = f.squeeze(picked, -1)
        result.vertex.label = "SqueezeBackward1" if result.requires_grad else ""
        return result

    def entropy(self) -> Any:
        """The entropy."""
        least = float(np.finfo(self.logits.dtype).min)
        return -r.total(f.clamp(self.ask("logits"), least) * self.ask("probs"), -1)


class Bernoulli(_OfChances):
    """`Bernoulli(probs)` or `Bernoulli(logits=...)`."""

    def __init__(self, probs: Any = None, logits: Any = None) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        super().__init__(logits if probs is None else probs)
        self.names = ("logits" if probs is None else "probs",)
        (given,) = self.given
        if probs is None:
            self.logits, self.probs = given, e.sigmoid(given)
        else:
            least = float(np.finfo(given.dtype).eps)
            kept = f.clamp(given, least, 1 - least)
            self.probs, self.logits = given, e.log(kept) - e.log1p(-kept)

    def sample(self, sample_shape: Any = ()) -> Any:
        """Zeros and ones."""
        drawn = GENERATOR.uniform(self.shape_of(sample_shape))
        return leaf((drawn < self.ask("probs").array).astype(self.probs.dtype))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability of 0 or 1."""
        value = _tensor(value)
        shape = np.broadcast_shapes(value.shape, self.logits.shape)
        logits, target = f.expand(self.ask("logits"), shape), f.expand(value, shape)
        return -losses.binary_cross_entropy_with_logits(logits, target, reduction="none")

    def entropy(self) -> Any:
        """The entropy."""
        return losses.binary_cross_entropy_with_logits(self.ask("logits"), self.ask("probs"), reduction="none")


def kl_divergence(p: Any, q: Any) -> Any:
    """`torch.distributions.kl_divergence` of two normal, or two categorical ones.

    Raises:
        NotImplementedError: of others.
    """
    if isinstance(p, Normal) and isinstance(q, Normal):
        ratio, gap = (p.scale / q.scale) ** 2, ((p.loc - q.loc) / q.scale) ** 2
        return 0.5 * (ratio + gap - 1 - e.log(ratio))
    if isinstance(p, Categorical) and isinstance(q, Categorical):
        return r.total(p.probs * (p.logits - q.logits), -1)
    raise NotImplementedError(f"kl_divergence of {type(p).__name__} and {type(q).__name__}")


def _reader(name: str) -> Callable[[Any], Any]:
    return lambda distribution: getattr(distribution, name)


_SHARED = ("sample", "rsample", "log_prob", "entropy", "batch_shape")
_CHANCES: dict[str, Callable[[Any], Any]] = {"probs": lambda d: d.ask("probs"), "logits": lambda d: d.ask("logits")}
READ: dict[type, dict[str, Callable[[Any], Any]]] = {
    Normal: {name: _reader(name) for name in (*_SHARED, "loc", "scale", "cdf")} | {
        "mean": _reader("loc"), "stddev": _reader("scale"), "variance": lambda d: d.scale**2, "mode": _reader("loc")},
    Uniform: {name: _reader(name) for name in (*_SHARED, "low", "high")} | {
        "mean": lambda d: (d.high + d.low) / 2},
    Categorical: {name: _reader(name) for name in _SHARED} | _CHANCES,
    Bernoulli: {name: _reader(name) for name in _SHARED} | _CHANCES | {"mean": _CHANCES["probs"]},
}  # fmt: skip
TABLE: dict[str, Any] = {
    "Normal": Normal, "Uniform": Uniform, "Categorical": Categorical, "Bernoulli": Bernoulli,
    "kl_divergence": kl_divergence, "kl": {"kl_divergence": kl_divergence},
    **{kind.__name__.lower(): {kind.__name__: kind} for kind in (Normal, Uniform, Categorical, Bernoulli)},
}  # fmt: skip
