"""One decomposition with its proof: residuals by its own operators and by others, and the change from n/2 to n."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from nabla.helmholtz import free_space, grid, holes, periodic, wall
from nabla.helmholtz.grid import Box, Floats, Parts, norm, scaled

BOUNDARIES = ("periodic", "wall", "open")
FORMULAS = "by formulas"  # the method of parts that were not computed on the grid
REPEATS = 1e-3  # of max|V|: a larger step from one wall to the opposite one is no period


@dataclass(frozen=True)
class Samples:
    """A field on a box: V at the centres, shape (d, *n), and what else of it is known exactly.

    `faces` are the normal components on the faces across each axis; `divergence`, shape n, and `vorticity`, shape
    (1, *n) or (3, *n), those at the centres.
    """

    V: Floats
    box: Box
    faces: list[Floats] | None = None
    divergence: Floats | None = None
    vorticity: Floats | None = None


@dataclass(frozen=True)
class Decomposition:
    """The parts for one boundary condition.

    `change` is how much S and H differ from those on half as many cells, over |V| (None for too few cells); `sum` is
    max|S + H + harmonic - V| over max|V|. `div_S` and `curl_H` are by differences of the sixth order, which no
    decomposition uses, scaled as the residuals of `Parts`; `product` is the mean of S . H over |V|^2, 0 where they are
    orthogonal; `seen` is the root mean square of what the independent operator sees of div S
    and curl H away from the walls, over that of the derivatives of V; nan on too few cells for that operator.
    """

    boundary: str
    parts: Parts
    sum: float
    div_S: float
    curl_H: float
    product: float
    seen: float
    change: float | None

    def fields(self) -> dict[str, Floats]:
        """S, H and the rest by name."""
        return {"S": self.parts.S, "H": self.parts.H, "harmonic": self.parts.harmonic}


def split(boundary: str, samples: Samples) -> Parts:
    """The parts of a field by the method of one boundary condition."""
    if boundary == "periodic":
        return periodic.decompose(samples.V, samples.box)
    if boundary == "wall" and (np.isnan(samples.V).any() or min(samples.box.n) < grid.HALVES):
        return holes.decompose(samples.V, samples.box)
    if boundary == "wall":
        return wall.decompose(samples.V, samples.box, samples.faces)
    return free_space.decompose(samples.V, samples.box, samples.divergence, samples.vorticity)


def answer(boundary: str, samples: Samples, coarse: Callable[[], Samples] | None) -> Decomposition:
    """Split, and test. `coarse` gives the same field on half as many cells."""
    box, V = samples.box, samples.V
    parts = split(boundary, samples)
    total = parts.S + parts.H + parts.harmonic - V
    product = float(np.nanmean(np.sum(parts.S * parts.H, axis=0))) / (norm(V) ** 2 or 1.0)
    change = None
    if coarse is not None and min(box.n) >= 2 * grid.HALVES:
        less = coarse()
        rough = split(boundary, less)
        repeats = parts.extra.get("edge_mismatch", np.inf) < REPEATS
        moved = periodic.shifted if repeats else grid.resampled
        difference = [moved(a, box, less.box) - b for a, b in ((parts.S, rough.S), (parts.H, rough.H))]
        change = max(map(norm, difference)) / (norm(V) or 1.0)
    div_S, curl_H = grid.divergence(parts.S, box), grid.curl(parts.H, box)
    return Decomposition(
        boundary,
        parts,
        float(np.nanmax(np.abs(total))) / (float(np.nanmax(np.abs(V))) or 1.0),
        scaled(div_S, V, box),
        scaled(curl_H, V, box),
        product,
        _seen(div_S, curl_H) / _slopes(V, box),
        change,
    )


def known(samples: Samples, S: Floats, H: Floats, resolved: float) -> Decomposition:
    """The parts in open space known in formulas, sampled.

    `seen` is nan where differences see more than `resolved`: the formulas hold, and V changes faster than the cells.
    """
    box, V = samples.box, samples.V
    parts = Parts(S, H, np.zeros_like(V), 0.0, 0.0, FORMULAS)
    top = float(np.abs(V).max()) or 1.0
    product = float(np.mean(np.sum(S * H, axis=0))) / (norm(V) ** 2 or 1.0)
    div_S, curl_H = grid.divergence(S, box), grid.curl(H, box)
    seen = _seen(div_S, curl_H) / _slopes(V, box)
    return Decomposition(
        "open", parts, float(np.abs(S + H - V).max()) / top, scaled(div_S, V, box), scaled(curl_H, V, box), product,
        seen if seen <= resolved else float("nan"), None,
    )  # fmt: skip


def _seen(div_S: Floats, curl_H: Floats) -> float:
    """The root mean square of the larger of the two away from the walls, where there are cells enough."""
    if min(div_S.shape) < grid.HALVES:
        return float("nan")
    return max(norm(_inner(div_S[None])), norm(_inner(curl_H)))


def _inner(values: Floats) -> Floats:
    """Values of shape (m, *n) without a margin of a sixteenth, where walls have corners and differences one side."""
    margins = [slice(max(2, n // 16), n - max(2, n // 16)) for n in values.shape[1:]]
    return values[(slice(None), *margins)]


def _slopes(V: Floats, box: Box) -> float:
    """The root mean square of div V and curl V by differences, at least that of V over the length of the box."""
    length = max(b - a for a, b in zip(box.low, box.high, strict=True))
    return max(norm(grid.divergence(V, box)[None]), norm(grid.curl(V, box)), norm(V) / length) or 1.0


def differences(answers: list[Decomposition], V: Floats) -> dict[tuple[str, str], float]:
    """|S - S'| over |V| for every two answers."""
    size = norm(V) or 1.0
    return {(a.boundary, b.boundary): norm(a.parts.S - b.parts.S) / size for a, b in combinations(answers, 2)}


def with_component(answer: Decomposition, place: int, across: Floats) -> Decomposition:
    """The answer with the component of a field in space that is across the plane and depends on the plane alone.

    It has no divergence and so is part of S; as a period, its mean is part of the rest.
    """
    parts = answer.parts
    mean = np.full_like(across, across.mean() if answer.boundary == "periodic" else 0.0)
    fields = ((parts.S, across - mean), (parts.H, np.zeros_like(across)), (parts.harmonic, mean))
    S, H, harmonic = (np.insert(field, place, extra, axis=0) for field, extra in fields)
    return replace(answer, parts=replace(parts, S=S, H=H, harmonic=harmonic))
