"""The decomposition between walls: no flow of S through the boundary, S . n = 0.

On a staggered grid, with the mean of the normal component on each face of a cell, the divergence of S vanishes to
rounding in the grid's own operator, which is exact for means over faces. H = grad phi, where phi solves the Poisson
equation with the flow of V through the walls: by cosine transforms for differences of the second order, whose error is
then taken back by iterating on gradients of the fourth order (deferred correction). Sources: F. H. Harlow, J. E. Welch,
Physics of Fluids 8 (1965) 2182 (the grid); U. Schumann, R. A. Sweet, J. Comput. Phys. 75 (1988) 123 (the solver);
J. Makhoul, IEEE Trans. ASSP 28 (1980) 27 (the transform); V. Pereyra, SIAM Review 8 (1966) 200 (the correction).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nabla.helmholtz.grid import Box, Floats, Parts, interpolated, scaled

CORRECTIONS = {2: 6, 3: 4}  # rounds of deferred correction, by the number of dimensions
# The gradient, of the fourth order, between the first two cells next to a wall, from the means over the first five.
_NEXT_TO_WALL = np.array([-10.0, 5.0, 9.0, -5.0, 1.0]) / 12


def on_faces(V: Floats, box: Box) -> list[Floats]:
    """The normal components on the faces, from values at the centres; n + 1 along their own axis."""
    return [interpolated(V[i], i, float(box.centres(i)[0]), box.spacing[i], box.faces(i)) for i in range(box.dimension)]


def decompose(V: Floats, box: Box, faces: Sequence[Floats] | None = None) -> Parts:
    """Split V, shape (d, *n) at the centres; `faces` are the normal components on the faces where they are known.

    On a box every field without divergence and curl is a gradient, so the harmonic rest is zero: the condition at the
    walls has given it to H.
    """
    points = list(faces) if faces is not None else on_faces(V, box)
    means = [_inner(_mean(u, i, 1), i) for i, u in enumerate(points)]
    phi = poisson(_divergence(means, box), box)
    for _ in range(CORRECTIONS[box.dimension]):
        left = [u - _gradient(phi, i, box) for i, u in enumerate(means)]
        phi += poisson(_divergence(left, box), box)
    inner = [u - _gradient(phi, i, box) for i, u in enumerate(means)]
    last = poisson(_divergence(inner, box), box)
    S_faces = [_walled(u - np.diff(last, axis=i) / box.spacing[i], i) for i, u in enumerate(inner)]
    div_S = np.asarray(sum(np.diff(u, axis=i) / box.spacing[i] for i, u in enumerate(S_faces)))
    S = centred([_mean(u, i, -1) for i, u in enumerate(S_faces)], box)
    H_lines = [np.diff(phi + last, axis=i) / box.spacing[i] for i in range(box.dimension)]
    return Parts(
        S,
        V - S,
        np.zeros_like(V),
        scaled(div_S, V, box),
        scaled(_circulation(H_lines, box), V, box),
        "flow through the faces of the cells, differences of phi between their centres",
    )


def _mean(u: Floats, normal: int, sign: int) -> Floats:
    """Means over faces from values at their centres (sign 1), or back (sign -1), to the fourth order."""
    for axis in range(u.ndim):
        if axis != normal:
            u = u + sign / 24 * _second_difference(u, axis)
    return u


def _second_difference(u: Floats, axis: int) -> Floats:
    """f(-1) - 2 f(0) + f(1) along an axis; at the ends of the second order from one side."""
    f = np.moveaxis(u, axis, -1)
    result = np.empty_like(f)
    result[..., 1:-1] = f[..., 2:] - 2 * f[..., 1:-1] + f[..., :-2]
    result[..., 0] = 2 * f[..., 0] - 5 * f[..., 1] + 4 * f[..., 2] - f[..., 3]
    result[..., -1] = 2 * f[..., -1] - 5 * f[..., -2] + 4 * f[..., -3] - f[..., -4]
    return np.moveaxis(result, -1, axis)


def _gradient(phi: Floats, axis: int, box: Box) -> Floats:
    """The means over the inner faces of the slope along an axis, from means over cells, to the fourth order."""
    f = np.moveaxis(phi, axis, -1)
    step = np.diff(f)
    result = np.empty_like(step)
    result[..., 1:-1] = (14 * step[..., 1:-1] - step[..., 2:] - step[..., :-2]) / 12
    first = f[..., :5] @ _NEXT_TO_WALL
    last = -(f[..., :-6:-1] @ _NEXT_TO_WALL)
    result[..., 0], result[..., -1] = first, last
    return np.moveaxis(result, -1, axis) / box.spacing[axis]


def _inner(u: Floats, axis: int) -> Floats:
    """The components on the faces between cells, without those on the walls."""
    return np.take(u, np.arange(1, u.shape[axis] - 1), axis=axis)


def _walled(u: Floats, axis: int) -> Floats:
    """The components with zeros on the two walls."""
    return np.pad(u, [(1, 1) if i == axis else (0, 0) for i in range(u.ndim)])


def _divergence(inner: Sequence[Floats], box: Box) -> Floats:
    """The divergence in each cell when nothing passes the walls."""
    total = np.zeros(box.n)
    for i, u in enumerate(inner):
        total += np.diff(_walled(u, i), axis=i) / box.spacing[i]
    return total


def _circulation(gradient: Sequence[Floats], box: Box) -> Floats:
    """The curl of a field on the faces, on every edge between cells, as one flat array."""
    found = []
    for i in range(box.dimension):
        for j in range(i):
            across = np.diff(gradient[i], axis=j) / box.spacing[j] - np.diff(gradient[j], axis=i) / box.spacing[i]
            found.append(across.ravel())
    return np.concatenate(found)


def centred(faces: Sequence[Floats], box: Box) -> Floats:
    """Components on faces at the centres of the cells, shape (d, *n), interpolated by polynomials of the 5th degree."""
    return np.stack([interpolated(u, i, box.low[i], box.spacing[i], box.centres(i)) for i, u in enumerate(faces)])


def poisson(source: Floats, box: Box) -> Floats:
    """phi with mean zero and Laplacian `source` (less its mean), no slope at the walls; shapes n."""
    modes = source
    for axis in range(box.dimension):
        modes = cosine(modes, axis)
    modes = modes / eigenvalues(box)
    modes[(0,) * box.dimension] = 0.0
    for axis in range(box.dimension):
        modes = inverse_cosine(modes, axis)
    return modes


def eigenvalues(box: Box) -> Floats:
    """Those of the five- or seven-point Laplacian for each cosine mode; 1 in place of the zero of the constant."""
    total = np.zeros(box.n)
    for axis, (n, h) in enumerate(zip(box.n, box.spacing, strict=True)):
        shape = [1] * box.dimension
        shape[axis] = n
        total = total - ((2 * np.sin(np.pi * np.arange(n) / (2 * n)) / h) ** 2).reshape(shape)
    total[(0,) * box.dimension] = 1.0
    return total


def cosine(values: Floats, axis: int) -> Floats:
    """The cosine transform (DCT-II) along an axis: the sum of f_j cos(pi k (j + 1/2) / n), by one FFT of n numbers."""
    f = np.moveaxis(values, axis, -1)
    n = f.shape[-1]
    modes = np.fft.rfft(np.concatenate([f[..., ::2], f[..., 1::2][..., ::-1]], axis=-1))
    modes = modes * np.exp(-0.5j * np.pi * np.arange(n // 2 + 1) / n)
    result = np.empty(f.shape)
    result[..., : n // 2 + 1] = modes.real
    result[..., n // 2 + 1 :] = -modes.imag[..., 1 : (n + 1) // 2][..., ::-1]
    return np.moveaxis(result, -1, axis)


def inverse_cosine(modes: Floats, axis: int) -> Floats:
    """What `cosine` transforms to `modes`."""
    c = np.moveaxis(modes, axis, -1)
    n = c.shape[-1]
    half = n // 2 + 1
    mirrored = np.concatenate([np.zeros((*c.shape[:-1], 1)), c[..., :0:-1]], axis=-1)[..., :half]
    f = np.fft.irfft((c[..., :half] - 1j * mirrored) * np.exp(0.5j * np.pi * np.arange(half) / n), n=n)
    result = np.empty(c.shape)
    result[..., ::2] = f[..., : (n + 1) // 2]
    result[..., 1::2] = f[..., (n + 1) // 2 :][..., ::-1]
    return np.moveaxis(result, -1, axis)
