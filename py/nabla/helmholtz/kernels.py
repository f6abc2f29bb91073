"""The gradient of the free-space Green's function on a grid, ready for convolution by FFT.

With Laplacian G = delta, grad G is x / (2 pi r^2) in the plane and x / (4 pi r^3) in space. Both are given as the
discrete Fourier transforms, over twice the box, of what a unit density in one cell makes at the others.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nabla.helmholtz.grid import Box, Floats

Complex = NDArray[np.complex128]

SPLIT = 30.0  # where the asymptotic series of the Bessel function takes over


def gradient(box: Box, truncated: bool) -> tuple[Complex, ...]:
    """The transforms of the components, for `rfftn` over twice as many points as the box has."""
    scale = box.spacing[0]
    ratios = tuple(round(h / scale, 12) for h in box.spacing)
    found = _truncated(box.n, ratios) if truncated else _integrated(box.n, ratios)
    return tuple(scale * each for each in found)


@lru_cache(maxsize=2)  # the grid and the one half as fine
def _truncated(n: tuple[int, ...], h: tuple[float, ...]) -> tuple[Complex, ...]:
    """The kernel cut off beyond the diagonal, from its Fourier transform on four times the grid.

    Lengths are in diagonals, where the transform of the cut-off Green's function is (J0(k) - 1) / k^2 in the plane and
    -2 sin(k/2)^2 / k^2 in space.
    """
    d = len(n)
    reach = float(np.sqrt(sum((m * step) ** 2 for m, step in zip(n, h, strict=True)))) * 1.001
    k = []
    for axis, (m, step) in enumerate(zip(n, h, strict=True)):
        frequencies = (np.fft.rfftfreq if axis == d - 1 else np.fft.fftfreq)(4 * m, step / reach)
        shape = [1] * d
        shape[axis] = -1
        k.append((2 * np.pi * frequencies).reshape(shape))
    square = np.asarray(sum(each**2 for each in k))
    square[(0,) * d] = 1.0
    radius = np.sqrt(square)
    green = (bessel_j0(radius) - 1) / square if d == 2 else -2 * np.sin(radius / 2) ** 2 / square
    found = []
    for axis in range(d):
        ik = np.where(np.arange(k[axis].size) == 2 * n[axis], 0.0, k[axis].ravel()).reshape(k[axis].shape)
        spread = np.fft.irfftn(1j * ik * green, s=tuple(4 * m for m in n), axes=tuple(range(d)))
        for along, m in enumerate(n):
            spread = np.take(spread, np.r_[0:m, 3 * m : 4 * m], axis=along)
        found.append(np.fft.rfftn(spread) * (reach / h[0]))
    return tuple(found)


def bessel_j0(x: Floats) -> Floats:
    """J0 for x >= 0 to about 1e-15: its integral by the trapezoidal rule, beyond 30 by Hankel's series.

    Source: Abramowitz and Stegun, 9.1.18 and 9.2.5.
    """
    result = np.empty_like(x)
    near = x < SPLIT
    small = x[near]
    total = np.zeros_like(small)
    angles = (np.arange(48) + 0.5) * np.pi / 48
    for angle in angles[:24]:
        total += np.cos(small * np.sin(angle))
    result[near] = total / 24
    large = x[~near]
    p, q, term = np.ones_like(large), np.zeros_like(large), np.ones_like(large)
    for k in range(1, 16):
        term = term * -((2 * k - 1) ** 2) / (8 * k * large)
        sign = -1 if (k // 2) % 2 else 1
        if k % 2:
            q = q + sign * term
        else:
            p = p + sign * term
    angle = large - np.pi / 4
    result[~near] = np.sqrt(2 / (np.pi * large)) * (p * np.cos(angle) - q * np.sin(angle))
    return result


@lru_cache(maxsize=2)  # the grid and the one half as fine
def _integrated(n: tuple[int, ...], h: tuple[float, ...]) -> tuple[Complex, ...]:
    """The kernel integrated over each cell, in closed form from its corners."""
    d = len(n)
    corners = [step * (np.arange(m + 1.0) - 0.5) for m, step in zip(n, h, strict=True)]
    found = []
    for axis in range(d):
        order = [axis, *(i for i in range(d) if i != axis)]
        mesh = np.meshgrid(*(corners[i] for i in order), indexing="ij")
        values = _corner_2d(*mesh) if d == 2 else _corner_3d(*mesh)
        for along in range(d):
            values = np.diff(values, axis=along)
        values[0] = 0.0  # by symmetry
        values = np.transpose(values, np.argsort(order)) / h[0]
        found.append(np.fft.rfftn(_reflected(values, axis)))
    return tuple(found)


def _reflected(values: Floats, odd: int) -> Floats:
    """Values at offsets 0 ... n - 1 as an array over offsets modulo 2n, odd along one axis, even along the others."""
    for axis in range(values.ndim):
        m = values.shape[axis]
        mirrored = np.take(values, np.arange(m - 1, 0, -1), axis=axis)
        gap = np.zeros_like(np.take(values, [0], axis=axis))
        values = np.concatenate([values, gap, -mirrored if axis == odd else mirrored], axis=axis)
    return values


def _corner_2d(x: Floats, y: Floats) -> Floats:
    """An antiderivative, by x and y, of x / (2 pi r^2)."""
    return (0.5 * y * np.log(x**2 + y**2) + x * np.arctan2(y, x)) / (2 * np.pi)


def _corner_3d(x: Floats, y: Floats, z: Floats) -> Floats:
    """An antiderivative, by x, y and z, of x / (4 pi r^3)."""
    r = np.sqrt(x**2 + y**2 + z**2)
    return (x * np.arctan(y * z / (x * r)) - y * np.log(z + r) - z * np.log(y + r)) / (4 * np.pi)
