"""`jax.random`: Threefry's counters, as JAX draws from them (0.10, its partitionable form).

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), 20 rounds on two words; the
inverse error function is Giles' approximation for single precision ("Approximating the erfinv function", 2010), as XLA
has it. Checked in tests/truth.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.arrays import JaxArray
from nabla.tensor.tape import STATE, Array, Tensor, check_size

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_NEAR = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
         -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip
_FAR = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
        1.00167406, 2.83297682)  # fmt: skip


def threefry(key: Array, high: Array, low: Array) -> tuple[Array, Array]:
    """Two words of 32 bits for each counter of two words."""
    k0, k1 = (np.uint32(word) for word in key)
    schedule = (k0, k1, k0 ^ k1 ^ np.uint32(0x1BD11BDA))
    x, y = high + k0, low + k1
    for i in range(5):
        for turn in _ROTATIONS[i % 2]:
            x = x + y
            y = ((y << np.uint32(turn)) | (y >> np.uint32(32 - turn))) ^ x
        x = x + schedule[(i + 1) % 3]
        y = y + schedule[(i + 2) % 3] + np.uint32(i + 1)
    return x, y


def _words(key: Any, count: int) -> tuple[Array, Array]:
    check_size((count,))
    counters = np.arange(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return threefry(key.array, (counters >> np.uint64(32)).astype(np.uint32), counters.astype(np.uint32))


def _bits(key: Any, shape: tuple[int, ...]) -> Array:
    STATE.note("drawn", (*key.array.tolist(), shape))
    one, other = _words(key, math.prod(shape))
    return (one ^ other).reshape(shape)


def _shape(shape: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in shape) if isinstance(shape, (tuple, list)) else (int(shape),)


def _plain(value: Any) -> Any:
    return value.array if isinstance(value, Tensor) else value


def _made(array: Any) -> Any:
    return JaxArray.of(np.asarray(array), False)


def key(seed: Any) -> Any:
    """`jax.random.PRNGKey` and `key`."""
    number = int(_plain(seed)) & ((1 << 64) - 1)
    return _made(np.array([0 if number >> 32 == 0xFFFFFFFF else number >> 32, number & 0xFFFFFFFF], np.uint32))


def split(key: Any, num: Any = 2) -> Any:
    """`jax.random.split`: new keys, one a row."""
    return _made(np.stack(_words(key, int(num)), axis=-1))


def fold_in(key: Any, data: Any) -> Any:
    """`jax.random.fold_in`."""
    one, other = threefry(key.array, np.zeros(1, np.uint32), np.array([int(_plain(data)) & 0xFFFFFFFF], np.uint32))
    return _made(np.array([one[0], other[0]], np.uint32))


def _unit(key: Any, shape: tuple[int, ...], low: float, high: float) -> Array:
    """float32 numbers in [low, high), 23 bits each."""
    floats = ((_bits(key, shape) >> np.uint32(9)) | np.uint32(0x3F800000)).view(np.float32) - np.float32(1)
    spread = np.float32(high) - np.float32(low)
    return np.asarray(np.maximum(np.float32(low), floats * spread + np.float32(low)), np.float32)


def uniform(key: Any, shape: Any = (), dtype: Any = None, minval: Any = 0.0, maxval: Any = 1.0) -> Any:
    """`jax.random.uniform`."""
    return _made(_unit(key, _shape(shape), float(_plain(minval)), float(_plain(maxval))))


def _inverse_erf(x: Array) -> Array:
    w = -np.log1p(-x * x)
    near = w < 5
    w = np.where(near, w - np.float32(2.5), np.sqrt(w) - np.float32(3)).astype(np.float32)
    total = np.where(near, np.float32(_NEAR[0]), np.float32(_FAR[0]))
    for a, b in zip(_NEAR[1:], _FAR[1:], strict=True):
        total = np.where(near, np.float32(a), np.float32(b)) + total * w
    return (total * x).astype(np.float32)


def normal(key: Any, shape: Any = (), dtype: Any = None) -> Any:
    """`jax.random.normal`."""
    low = float(np.nextafter(np.float32(-1), np.float32(0)))
    return _made(np.float32(math.sqrt(2)) * _inverse_erf(_unit(key, _shape(shape), low, 1.0)))


def bernoulli(key: Any, p: Any = 0.5, shape: Any = None) -> Any:
    """`jax.random.bernoulli`."""
    p = _plain(p)
    return _made(_unit(key, np.shape(p) if shape is None else _shape(shape), 0.0, 1.0) < np.asarray(p, np.float32))


def randint(key: Any, shape: Any, minval: Any, maxval: Any, dtype: Any = None) -> Any:
    """`jax.random.randint` of 32 bits: two draws, so that the remainder is nearly even."""
    low, high = int(_plain(minval)), int(_plain(maxval))
    keys = split(key).array
    higher, lower = (_bits(_made(k), _shape(shape)) for k in keys)
    span = np.uint32(high - low) if high > low else np.uint32(1)
    with np.errstate(over="ignore"):
        factor = np.uint32((1 << 16) % int(span))
        factor = np.uint32((int(factor) * int(factor)) % (1 << 32)) % span
        offset = (higher % span) * factor + lower % span
    return _made((low + (offset % span).astype(np.int64)).astype(np.int32))


TABLE = {"PRNGKey": key, "key": key, "split": split, "fold_in": fold_in, "uniform": uniform, "normal": normal,
         "bernoulli": bernoulli, "randint": randint}  # fmt: skip
