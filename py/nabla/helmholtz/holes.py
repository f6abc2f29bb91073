"""The decomposition around holes: walls at the box and at every cell without a value, as flow around land.

The Poisson equation on what is left is solved by conjugate gradients, with the cosine transforms of the whole box as
preconditioner; then the divergence vanishes in every cell to the tolerance of the iteration.
"""

from __future__ import annotations

import numpy as np

from nabla.helmholtz import wall
from nabla.helmholtz.grid import Box, Floats, Parts, scaled

TOLERANCE = 1e-14
ROUNDS = 400


def decompose(V: Floats, box: Box) -> Parts:
    """Split V, shape (d, *n), NaN in the holes; S and H are NaN there too."""
    here = np.asarray(np.isfinite(V).all(axis=0))
    filled = np.where(here, V, 0.0)
    open_faces, flow = [], []
    for i in range(box.dimension):
        a, b = (tuple(slice(*ends) if j == i else slice(None) for j in range(box.dimension)) for ends in _PAIR)
        open_faces.append(here[a] & here[b])
        flow.append(np.where(open_faces[i], (filled[i][a] + filled[i][b]) / 2, 0.0))

    def divergence(u: list[Floats]) -> Floats:
        total = np.zeros(box.n)
        for i, each in enumerate(u):
            pad = [(1, 1) if j == i else (0, 0) for j in range(box.dimension)]
            total += np.diff(np.pad(each, pad), axis=i) / box.spacing[i]
        return total

    def gradient(phi: Floats) -> list[Floats]:
        return [np.where(open_faces[i], np.diff(phi, axis=i) / box.spacing[i], 0.0) for i in range(box.dimension)]

    phi = _solved(lambda p: divergence(gradient(p)), divergence(flow), here, box)
    S_faces = [u - g for u, g in zip(flow, gradient(phi), strict=True)]
    whole = [np.pad(u, [(1, 1) if j == i else (0, 0) for j in range(box.dimension)]) for i, u in enumerate(S_faces)]
    S = np.stack([_middle(u, i) for i, u in enumerate(whole)])
    S[:, ~here] = np.nan
    div_S = np.where(here, divergence(S_faces), 0.0)
    rest = np.where(here, 0.0, np.nan) * np.ones_like(V)
    method = "flow through the faces of the cells around the holes"
    return Parts(S, V - S, rest, scaled(div_S, filled, box), 0.0, method)


_PAIR = ((0, -1), (1, None))


def _middle(u: Floats, axis: int) -> Floats:
    n = u.shape[axis] - 1
    return np.asarray((np.take(u, range(n), axis=axis) + np.take(u, range(1, n + 1), axis=axis)) / 2)


def _solved(laplacian: object, source: Floats, here: np.ndarray, box: Box) -> Floats:
    """phi with that Laplacian, by preconditioned conjugate gradients."""
    phi = np.zeros(box.n)
    left = np.where(here, source, 0.0)
    size = float(np.abs(left).max())
    along, last = np.zeros(box.n), 1.0
    for turn in range(ROUNDS):
        if not size or np.abs(left).max() <= TOLERANCE * size:
            break
        better = np.where(here, wall.poisson(left - left.sum() / here.sum() * here, box), 0.0)
        product = float((left * better).sum())
        along = better + (product / last if turn else 0.0) * along
        applied = np.where(here, laplacian(along), 0.0)  # type: ignore[operator]
        step = product / float((along * applied).sum())
        phi += step * along
        left = left - step * applied
        last = product
    return phi
