"""The decomposition of a field that repeats itself: by its Fourier series, mode by mode.

A mode's part along its wave vector k is H, its part across is S; the mean, which has no direction, is the harmonic
rest. What alternates from cell to cell has k = +-N, and of a sign that no grid shows only the square counts: its
derivative is zero, and it is shared out by N^2 alone.
Source: H. Bhatia, G. Norgard, V. Pascucci, P.-T. Bremer, The Helmholtz-Hodge Decomposition - A Survey, IEEE TVCG 19
(2013), section 4; the treatment of the Nyquist modes as in L. N. Trefethen, Spectral Methods in MATLAB (2000), ch. 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nabla.helmholtz.grid import POINTS, Box, Floats, Parts, interpolated, scaled

Complex = NDArray[np.complex128]


def wave_vectors(box: Box) -> list[Floats]:
    """k along each axis for `rfftn`, of shapes that broadcast; zero at the Nyquist frequency."""
    vectors = []
    for axis, (n, h) in enumerate(zip(box.n, box.spacing, strict=True)):
        last = axis == box.dimension - 1
        k = np.asarray(2 * np.pi * (np.fft.rfftfreq(n, h) if last else np.fft.fftfreq(n, h)), dtype=float)
        if n % 2 == 0:
            k[n // 2] = 0.0
        shape = [1] * box.dimension
        shape[axis] = -1
        vectors.append(k.reshape(shape))
    return vectors


def decompose(V: Floats, box: Box) -> Parts:
    """Split V, shape (d, *n), as one period of a field.

    S and H are computed from V each on its own, so that their sum is a test.
    """
    k = wave_vectors(box)
    axes = tuple(range(1, box.dimension + 1))
    modes = np.fft.rfftn(V, axes=axes)
    square = np.asarray(sum(each**2 for each in k))
    still = np.asarray(square == 0.0)
    mean: Any = (slice(None), *(0,) * box.dimension)
    along = _dot(k, modes) / np.where(still, 1.0, square)
    H_modes = np.stack([each * along for each in k])
    H_modes += _alternating(modes, still, box)
    rest = modes[mean].real.reshape((-1,) + (1,) * box.dimension) / np.prod(box.n)
    S_modes = modes - H_modes
    S_modes[mean] = 0.0

    def back(values: Complex) -> Floats:
        return np.fft.irfftn(values, s=box.n, axes=axes)

    S, H = back(S_modes), back(H_modes)
    return Parts(
        S,
        H,
        np.broadcast_to(rest, V.shape),
        scaled(divergence(S, box), V, box),
        scaled(curl(H, box), V, box),
        "derivatives of the Fourier series",
        {"edge_mismatch": edge_mismatch(V, box), "shared": _shared(S_modes, H_modes, still, V)},
    )


def _alternating(modes: Complex, still: NDArray[np.bool_], box: Box) -> Complex:
    """The part of the modes with no wave numbers but 0 and the Nyquist frequency that belongs to H."""
    result = np.zeros_like(modes)
    for place in np.argwhere(still)[1:]:
        squares = np.array([(1 / h) ** 2 if i else 0.0 for i, h in zip(place, box.spacing, strict=True)])
        mode: Any = (slice(None), *place)
        result[mode] = modes[mode] * squares / squares.sum()
    return result


def _shared(S: Complex, H: Complex, still: NDArray[np.bool_], V: Floats) -> float:
    """The mean of S . H over |V|^2 that comes of the modes shared out by N^2: each part has some of the same mode."""
    product = np.abs(np.sum(S[:, still] * H[:, still].conj(), axis=0)).sum()
    return float(product / V[0].size / (np.sum(V**2) or 1.0))


def divergence(V: Floats, box: Box) -> Floats:
    """The divergence by the Fourier series, shape n."""
    axes = tuple(range(1, box.dimension + 1))
    modes = np.fft.rfftn(V, axes=axes)
    return np.fft.irfftn(1j * _dot(wave_vectors(box), modes), s=box.n, axes=tuple(range(box.dimension)))


def curl(V: Floats, box: Box) -> Floats:
    """The curl by the Fourier series: shape (1, *n) in two dimensions, (3, *n) in three."""
    axes = tuple(range(1, box.dimension + 1))
    modes, k = np.fft.rfftn(V, axes=axes), wave_vectors(box)
    pairs = [(0, 1)] if box.dimension == 2 else [(1, 2), (2, 0), (0, 1)]
    curls = np.stack([1j * (k[i] * modes[j] - k[j] * modes[i]) for i, j in pairs])
    return np.fft.irfftn(curls, s=box.n, axes=axes)


def _dot(k: list[Floats], modes: Complex) -> Complex:
    return sum((each * modes[i] for i, each in enumerate(k)), np.zeros(modes.shape[1:], dtype=complex))


def edge_mismatch(V: Floats, box: Box) -> float:
    """How far V is from repeating itself: the largest difference between opposite walls, over max|V|.

    Values at the walls are extrapolated from the cells on each side by polynomials of the fifth degree, and of the
    third for an estimate of the error: a difference that this explains is none.
    """
    worst = 0.0
    for axis in range(box.dimension):
        ends = np.array([box.low[axis], box.high[axis]])
        start = float(box.centres(axis)[0])
        walls, rough = (interpolated(V, 1 + axis, start, box.spacing[axis], ends, points) for points in (POINTS, 4))
        error = np.abs(walls - rough).sum(axis=1 + axis)
        worst = max(worst, float((np.ptp(walls, axis=1 + axis) - error).max()))
    return worst / (float(np.abs(V).max()) or 1.0)


def shifted(values: Floats, box: Box, to: Box) -> Floats:
    """A periodic field at the centres of a coarser box, by its Fourier series; shape (d, *to.n)."""
    for axis in range(box.dimension):
        n, m = box.n[axis], to.n[axis]
        modes = np.fft.rfft(values, axis=1 + axis)
        shape = [1] * values.ndim
        shape[1 + axis] = -1
        k = np.arange(n // 2 + 1)
        if n % m:
            places = (np.arange(m) + 0.5) * n / m - 0.5
            weights = np.exp(2j * np.pi * np.outer(places, k) / n) * np.where((k == 0) | (2 * k == n), 1, 2) / n
            values = np.moveaxis(np.tensordot(weights, modes, axes=(1, 1 + axis)).real, 0, 1 + axis)
        else:
            by = 0.5 * (n / m - 1)
            moved = np.fft.irfft(modes * np.exp(2j * np.pi * k * by / n).reshape(shape), n=n, axis=1 + axis)
            values = np.take(moved, np.arange(0, n, n // m), axis=1 + axis)
    return values
