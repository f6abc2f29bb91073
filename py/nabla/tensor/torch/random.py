"""PyTorch's random numbers: the same Mersenne Twister, drawn and shaped as its CPU generator does (2.13).

So `torch.manual_seed(0); torch.randn(3)` gives here what it gives there. Checked in tests/truth.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.tape import Array, check_size


class Generator:
    """The state of one generator; seeded with 0 until a program seeds it."""

    def __init__(self, seed: int = 0) -> None:
        self.seed(seed)

    def seed(self, seed: int) -> None:
        """`torch.manual_seed`."""
        self._twister = np.random.MT19937()
        self._twister._legacy_seeding(int(seed) & 0xFFFFFFFF)
        self._cached: float | None = None
        self.seeded = True

    def _raw(self, n: int) -> Array:
        return np.asarray(self._twister.random_raw(n), dtype=np.uint64)

    def _raw64(self) -> int:
        high, low = (int(v) for v in self._raw(2))
        return (high << 32) | low

    def seed_drawn(self) -> int:
        """A number that seeds another generator, as `DataLoader` draws it."""
        return self._raw64() & ((1 << 63) - 1)

    def uniform(self, shape: tuple[int, ...], low: float = 0.0, high: float = 1.0) -> Array:
        """float32 numbers in [low, high), 24 bits each."""
        check_size(shape)
        n = math.prod(shape)
        x = (self._raw(n) & np.uint64((1 << 24) - 1)).astype(np.float32) * np.float32(2.0**-24)
        return (x * np.float32(high - low) + np.float32(low)).astype(np.float32).reshape(shape)

    def uniform64(self, shape: tuple[int, ...]) -> Array:
        """float64 numbers in [0, 1), 53 bits each."""
        check_size(shape)
        pairs = self._raw(2 * math.prod(shape)).reshape(-1, 2)
        whole = ((pairs[:, 0] << np.uint64(32)) | pairs[:, 1]) & np.uint64((1 << 53) - 1)
        return (whole.astype(np.float64) * 2.0**-53).reshape(shape)

    def exponential(self, shape: tuple[int, ...]) -> Array:
        """Exponential numbers with mean 1, in float64."""
        return np.asarray(-np.log1p(-self.uniform64(shape)))

    def normal64(self, shape: tuple[int, ...]) -> Array:
        """Normal numbers in float64."""
        check_size(shape)
        n = math.prod(shape)
        if n < 16:
            return np.array([self._one() for _ in range(n)]).reshape(shape)
        flat = self.uniform64((n,))
        for start in range(0, n - 15, 16):
            _box_muller(flat[start : start + 16], 0.0, 1.0)
        if n % 16:
            flat[n - 16 :] = self.uniform64((16,))
            _box_muller(flat[n - 16 :], 0.0, 1.0)
        return flat.reshape(shape)

    def normal(self, shape: tuple[int, ...], mean: float = 0.0, std: float = 1.0) -> Array:
        """float32 normal numbers: by Box and Muller, in blocks of 16 when there are that many."""
        check_size(shape)
        n = math.prod(shape)
        if n < 16:
            return np.array([self._one() * std + mean for _ in range(n)], np.float32).reshape(shape)
        flat = self.uniform((n,))
        for start in range(0, n - 15, 16):
            _box_muller(flat[start : start + 16], mean, std)
        if n % 16:
            flat[n - 16 :] = self.uniform((16,))
            _box_muller(flat[n - 16 :], mean, std)
        return flat.reshape(shape)

    def _one(self) -> float:
        if self._cached is not None:
            value, self._cached = self._cached, None
            return value
        u1, u2 = ((self._raw64() & ((1 << 53) - 1)) * 2.0**-53 for _ in range(2))
        radius = math.sqrt(-2.0 * math.log1p(-u2))
        self._cached = radius * math.sin(2.0 * math.pi * u1)
        return radius * math.cos(2.0 * math.pi * u1)

    def integers(self, low: int, high: int, shape: tuple[int, ...]) -> Array:
        """Whole numbers in [low, high)."""
        check_size(shape)
        n = math.prod(shape)
        return (self._raw(n) % np.uint64(high - low)).astype(np.int64).reshape(shape) + low

    def permutation(self, n: int) -> Array:
        """`torch.randperm`."""
        check_size((n,))
        order = np.arange(n)
        for i in range(n - 1):
            j = i + int(self._raw(1)[0]) % (n - i)
            order[i], order[j] = order[j], order[i]
        return order


def _box_muller(block: Any, mean: float, std: float) -> None:
    u1, u2 = 1 - block[:8].copy(), block[8:].copy()
    radius = np.sqrt(-2 * np.log(u1))
    kind = block.dtype.type
    theta = kind(2.0 * math.pi) * u2
    block[:8] = radius * np.cos(theta) * kind(std) + kind(mean)
    block[8:] = radius * np.sin(theta) * kind(std) + kind(mean)
