"""The decomposition in free space: the natural one, in which a box needs no condition at its walls.

H is the gradient that the divergence inside the box makes in all of space, S the curl that the vorticity inside makes;
what is left has neither inside the box, comes from sources outside, and is the harmonic rest. Source: H. Bhatia,
V. Pascucci, P.-T. Bremer, IEEE TVCG 20 (2014) 1566 (the natural decomposition).

Both are convolutions with the gradient of the free-space Green's function, by FFT on a grid padded with zeros:

- where divergence and vorticity vanish at the walls, with the kernel cut off beyond the box's diagonal, whose Fourier
  transform is smooth, so that the error falls faster than any power of the spacing: F. Vico, L. Greengard,
  M. Ferrando, J. Comput. Phys. 323 (2016) 191, equations 8 to 11;
- elsewhere with the kernel integrated exactly over each cell (see `kernels`), which is exact for constant densities up
  to the walls and else of the second order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nabla.helmholtz import grid, kernels, periodic
from nabla.helmholtz.grid import Box, Floats, Parts, scaled

LARGEST = 64**3  # cells for which the kernel on four times the grid fits into a page's memory
FADED = 1e-5  # of the largest density: less than that at the walls is taken as none


def decompose(
    V: Floats, box: Box, divergence: Floats | None = None, vorticity: Floats | None = None, smooth: bool | None = None
) -> Parts:
    """Split V, shape (d, *n), by what is inside the box.

    Args:
        V: the field at the centres of the cells.
        box: the cells.
        divergence: div V, shape n, where it is known; else by differences, of a field that vanishes at the walls by
            its Fourier series.
        vorticity: curl V, shape (1, *n) in two dimensions and (3, *n) in three, likewise.
        smooth: whether densities vanish at the walls; by default that is looked up.
    """
    operators = periodic if at_walls(V) <= FADED else grid
    source = operators.divergence(V, box) if divergence is None else divergence
    swirl = operators.curl(V, box) if vorticity is None else vorticity
    densities = _cleaned(np.stack([source, *swirl]), V, box)
    edge = at_walls(densities)
    faded = (edge <= FADED and V[0].size <= LARGEST) if smooth is None else smooth
    S, H = _convolved(densities, box, faded)
    div_S, curl_H = grid.divergence(S, box), grid.curl(H, box)
    return Parts(
        S,
        H,
        V - S - H,
        scaled(div_S, V, box),
        scaled(curl_H, V, box),
        "differences of the sixth order",
        {"density_at_walls": edge, "spectral": float(faded)},
    )


def _cleaned(densities: Floats, V: Floats, box: Box) -> Floats:
    """The densities without what is only rounding: zero where all of one is below 1e-11 of |V| over a cell."""
    least = 1e-11 * float(np.abs(V).max()) / min(box.spacing)
    keep = np.abs(densities).reshape(len(densities), -1).max(axis=1) > least
    return np.asarray(densities * keep.reshape((-1,) + (1,) * box.dimension))


def at_walls(densities: Floats) -> float:
    """The largest value next to a wall, over the largest of all; densities of shape (m, *n)."""
    size = np.abs(densities)
    top = float(size.max())
    ends = [np.take(size, (0, -1), axis=axis).max() for axis in range(1, size.ndim)]
    return float(max(ends)) / top if top else 0.0


def _convolved(densities: Floats, box: Box, faded: bool) -> tuple[Floats, Floats]:
    """S and H of the divergence, densities[0], and the vorticity, densities[1:]."""
    d = box.dimension
    axes = tuple(range(1, d + 1))
    kernel = kernels.gradient(box, faded)
    size = tuple(2 * n for n in box.n)
    modes = np.zeros((len(densities), *kernel[0].shape), dtype=complex)
    for i, density in enumerate(densities):
        if density.any():
            modes[i] = np.fft.rfftn(density, s=size, axes=tuple(range(d)))
    source, swirl = modes[0], modes[1:]
    crop = (slice(None), *(slice(0, n) for n in box.n))

    def back(parts: Sequence[NDArray[np.complex128]]) -> Floats:
        return np.fft.irfftn(np.stack(parts), s=size, axes=axes)[crop]

    zero = np.zeros((d, *box.n))
    H = back([each * source for each in kernel]) if densities[0].any() else zero
    if not densities[1:].any():
        return zero, H
    if d == 2:
        return back([-kernel[1] * swirl[0], kernel[0] * swirl[0]]), H
    x, y, z = kernel
    curl = [z * swirl[1] - y * swirl[2], x * swirl[2] - z * swirl[0], y * swirl[0] - x * swirl[1]]
    return back(curl), H
