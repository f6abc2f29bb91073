"""Gradients checked on the program as pasted: central differences of its own forward pass, and the Taylor remainder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nabla.network.model import Array

ELEMENTS = 24  # of a weight that are varied
STEP = 2.0**-10
PLAIN = (0.9, 1.85)  # an order between these is that of no term alone
DIRECTIONS = 5
ORDERS = (2.0**-6, 2.0**-7, 2.0**-8, 2.0**-9)


@dataclass(frozen=True)
class Proof:
    """The result of a check: the largest relative error, how many elements, and the order of the Taylor remainder.

    `error` is None where differences do not settle, at a corner of a relu for instance; `order` is None where the loss
    does not change enough to have one.
    """

    error: float | None
    elements: int
    order: float | None


def differences(loss: Callable[[Array], float], weight: Array, places: list[tuple[int, ...]]) -> tuple[Array, Array]:
    """Derivatives by the named elements: central differences extrapolated to fourth order, and how far they settle.

    Richardson: (4 D(h/2) - D(h)) / 3, whose error falls with h^4; the second array is the difference to D(h/2).
    """
    found, settled = [], []
    for place in places:
        h = STEP * max(1.0, abs(float(weight[place])))
        coarse, fine = (_central(loss, weight, place, step) for step in (h, h / 2))
        found.append((4 * fine - coarse) / 3)
        settled.append(abs(fine - coarse))
    return np.array(found), np.array(settled)


def _central(loss: Callable[[Array], float], weight: Array, place: tuple[int, ...], h: float) -> float:
    above, below = weight.copy(), weight.copy()
    above[place] += h
    below[place] -= h
    return (loss(above) - loss(below)) / (float(above[place]) - float(below[place]))


def prove(loss: Callable[[Array], float], weight: Array, gradient: Array, seed: int = 0) -> Proof:
    """The gradient of `loss` by `weight` checked, at most at `ELEMENTS` elements and along one random direction."""
    random = np.random.RandomState(seed)
    every = [tuple(int(i) for i in place) for place in np.ndindex(weight.shape)]
    if len(every) > ELEMENTS:
        every = [every[i] for i in sorted(random.permutation(len(every))[:ELEMENTS])]
    with np.errstate(all="ignore"):
        exact, settled = differences(loss, weight, every)
        size = float(np.abs(exact).max(initial=0.0))
        kept = np.isfinite(exact) & (settled <= 1e-3 * max(size, 1e-300))
        given = np.array([gradient[place] for place in every])
        scale = max(size, float(np.abs(given).max(initial=0.0)))
        if not kept.any() or not np.isfinite(given).all() or scale < 1e-12:
            return Proof(None, 0, None)
        error = float(np.abs(given - exact)[kept].max()) / scale
        return Proof(error, int(kept.sum()), _order(loss, weight, gradient, random))


def _order(
    loss: Callable[[Array], float], weight: Array, gradient: Array, random: np.random.RandomState
) -> float | None:
    """The order with which loss(W + h D) - loss(W) - h <gradient, D> falls with h: 2 for the gradient, else 1.

    Along a direction in which the loss hardly bends, or bends both ways, it is neither: then the median of several.
    """
    first = _order_along(loss, weight, gradient, random)
    if first is None or first > PLAIN[1] or abs(first - 1) < 1 - PLAIN[0]:
        return first
    more = [_order_along(loss, weight, gradient, random) for _ in range(DIRECTIONS - 1)]
    return float(np.median([first, *(order for order in more if order is not None)]))


def _order_along(
    loss: Callable[[Array], float], weight: Array, gradient: Array, random: np.random.RandomState
) -> float | None:
    direction = random.standard_normal(weight.shape)
    direction *= max(1.0, float(np.linalg.norm(weight))) / float(np.linalg.norm(direction))
    base, slope = loss(weight), float(np.vdot(gradient, direction))
    rest = np.array([abs(loss(weight + h * direction) - base - h * slope) for h in ORDERS])
    if not np.isfinite(rest).all() or rest[-1] <= 1e-13 * max(abs(base), 1e-300):
        return None
    return float(np.polyfit(np.log(ORDERS), np.log(rest), 1)[0])
