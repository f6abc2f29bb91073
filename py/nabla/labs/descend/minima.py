"""Whether a function has a minimum where a solver ended, by its own values: slopes, curvatures, corners, flat ground.

Everything is measured in units of the variables' own scales, so that a variable of 1e6 beside one of 1e-4 counts alike.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass

import numpy as np

from nabla.labs.descend.functions import (
    End,
    Floats,
    Function,
    about_bounds,
    differences,
    held_at_bounds,
    second,
    short,
)

STARTS = 400  # places that the search for something lower looks at
GAIN = 1e-5  # of the size of the function: what is not worth a word


@dataclass
class Place:
    """A place where a search ended: the function, the place, its value there, the bounds, the size of its values."""

    f: Function
    x: Floats
    value: float
    low: Floats
    high: Floats
    size: float

    def at(self, x: Floats) -> float:
        """The value at a point inside of the bounds; infinite where there is none."""
        value = self.f(np.clip(x, self.low, self.high))
        return float(value[0]) if value is not None and value.size == 1 and np.isfinite(value[0]) else math.inf


def minimum(place: Place, limited: bool) -> End:
    """What is there; `limited` says that the search ended at a limit of its own."""
    slope = differences(place.f, place.x)
    if slope is None or not np.isfinite(slope).all():
        return End()
    g = slope[0]
    held = held_at_bounds(place.x, g, place.low, place.high)
    free = ~held
    bent = second(place.f, place.x)
    inner = bent[np.ix_(free, free)] if bent is not None else None
    corner = _corner(place, free)
    found = {"gradient": g.tolist()}
    promised = _to_gain(g[free], inner)
    if promised > GAIN * place.size:
        point, lowest = _downhill(place)
        lost = place.value - lowest
        if lost > GAIN * place.size:
            return _not_there(place, g[free], lost, point, limited, found)
    if corner:
        return End("minimum", corner, "non-smooth", values=found)
    if inner is not None and free.any():
        eigenvalues = np.linalg.eigvalsh(_balanced(inner))
        if eigenvalues.min() < -1e-4 * max(1e-300, np.abs(eigenvalues).max()) and _falls(place, inner, free):
            text = (
                "The gradient is 0 there, but the function falls to both sides in one direction: a saddle, no minimum."
            )
            return End("saddle", text, "not-a-minimum", values=found)
    return _lowest(place, g, held, found)


def _not_there(place: Place, g: Floats, lost: float, point: Floats, limited: bool, found: dict[str, object]) -> End:
    text = (
        f"The gradient there is not 0: its largest component is {np.abs(g).max(initial=0.0):.3g}, so this is no "
        f"minimum; about {lost:.3g} can still be gained nearby, as at {short(point)}.{_unseen(place)}"
    )
    return End("not-stationary", text, "stopped-early" if limited else "not-a-minimum", point, found)


def _unseen(place: Place) -> str:
    """A sentence where the function does not change over the steps of SciPy's own slopes: it rounds."""
    step = 1.49e-8 * np.maximum(1.0, np.abs(place.x))
    moved = [place.x + step * unit for unit in np.eye(place.x.size)]
    if any(place.at(point) != place.value for point in moved):
        return ""
    return (
        " The function does not change over steps of 1.5e-8, which SciPy takes for its slopes, so that all of them "
        "are 0: it rounds, as numbers of 32 bits (`float32`), `round` or whole numbers do. Compute in `float64`, or "
        "give `jac`, or a larger step, the option `eps`."
    )


def _lowest(place: Place, g: Floats, held: np.ndarray, found: dict[str, object]) -> End:
    """A minimum: the lowest as far as looked, or not."""
    lower = elsewhere(place)
    if lower is not None:
        point, there = lower
        if _is_level(place, place.value - there):
            return End("flat", _flat(place, point, there), "flat", point, found)
        text = (
            f"This is a minimum of its surroundings only: at {short(point)} the function is {there:.6g}, which is "
            "lower. The search is local: what it finds depends on the start."
        )
        return End("local-minimum", text, "local-minimum", point, found)
    text = "The gradient vanishes there: it is a minimum."
    if held.any():
        text = about_bounds(place.x, g, held, "the function")
    if place.x.size <= 3:
        text += f" Nothing lower was found from {STARTS} places around it."
    return End("at-bounds" if held.any() else "minimum", text, values=found)


# Flat ground, steps and corners ------------------------------------------------------------------------------------


def _is_level(place: Place, gain: float) -> bool:
    """Whether the function does not change near by, beside what there is to gain: no search by slopes can move."""
    rng = np.random.default_rng(0)
    around = (place.x + 1e-6 * (1 + np.abs(place.x)) * rng.uniform(-1, 1, place.x.size) for _ in range(8))
    return all(abs(place.at(p) - place.value) <= 1e-13 * gain for p in around) and _lower_near(place, gain) != 0


def _lower_near(place: Place, gain: float) -> int:
    """1 where a hundredth aside it is lower, as on a stair; -1 where it is level there too; 0 where it is higher."""
    rng = np.random.default_rng(1)
    aside = [place.at(place.x + 0.02 * (1 + np.abs(place.x)) * rng.uniform(-1, 1, place.x.size)) for _ in range(24)]
    changes = np.array([value - place.value for value in aside if math.isfinite(value)])
    if not changes.size or np.abs(changes).max() <= 1e-9 * gain:
        return -1
    return 1 if changes.min() < -1e-9 * gain else 0


def _flat(place: Place, point: Floats, there: float) -> str:
    to = f"At {short(point)} the function is {there:.6g}."
    if _lower_near(place, place.value - there) > 0:
        return (
            "The function changes in steps there, as rounding or counting makes them: on a step every slope is 0, "
            "and a method that follows slopes stops at once. Leave the rounding out, or take one without slopes, as "
            f"Nelder-Mead or differential_evolution. {to}"
        )
    return (
        "The function is flat there: it does not change with any variable, so every slope is 0 and a method that "
        f"follows slopes stops at once, wherever the minimum is. Begin nearer to it. {to}"
    )


def _corner(place: Place, free: np.ndarray) -> str:
    """A sentence on corners: variables at which the slopes to both sides differ however near one looks."""
    told = []
    for i in np.flatnonzero(free):
        sides = [_sides(place, int(i), h) for h in (1e-4, 1e-5)]
        if not np.isfinite(sides).all():
            continue
        (back, ahead), (nearer_back, nearer_ahead) = sides
        jump, nearer = ahead - back, nearer_ahead - nearer_back
        scale = abs(ahead) + abs(back)
        if scale * (1 + abs(place.x[i])) > 1e-6 * place.size and jump > 0.2 * scale and abs(nearer / jump - 1) < 0.2:
            told.append(f"{back:.3g} and {ahead:.3g} in variable {i + 1}")
    if not told:
        return ""
    return (
        f"The function has a corner there: the slopes to both sides are {'; '.join(told[:4])}. It is a minimum, but "
        "no gradient vanishes at a corner, so a method that waits for that ends in complaints of precision. "
        "Nelder-Mead or Powell needs no slopes; or write |u| as t with -t <= u <= t, or as sqrt(u^2 + eps)."
    )


def _sides(place: Place, i: int, h: float) -> tuple[float, float]:
    step = np.zeros(place.x.size)
    step[i] = h * (1 + abs(place.x[i]))
    here = place.value
    return (here - place.at(place.x - step)) / step[i], (place.at(place.x + step) - here) / step[i]


# What can be gained -------------------------------------------------------------------------------------------------


def _balanced(bent: Floats) -> Floats:
    """A matrix of second derivatives in units in which its diagonal is 1, as far as it is not 0."""
    diagonal = np.abs(np.diag(bent))
    units = 1 / np.sqrt(np.maximum(diagonal, 1e-12 * max(float(diagonal.max(initial=0.0)), 1e-300)))
    return np.asarray(bent * np.outer(units, units))


def _to_gain(g: Floats, bent: Floats | None) -> float:
    """How much lower the function may be nearby, by its first and second differences."""
    if not g.size:
        return 0.0
    if bent is None or not np.isfinite(bent).all():
        return float(g @ g)
    diagonal = np.abs(np.diag(bent))
    units = 1 / np.sqrt(np.maximum(diagonal, 1e-30))
    values, vectors = np.linalg.eigh(bent * np.outer(units, units))
    along = vectors.T @ (g * units)
    return float(np.sum(along**2 / (2 * np.maximum(np.abs(values), 1e-3))))


def _falls(place: Place, bent: Floats, free: np.ndarray) -> bool:
    """Whether the function is lower to both sides in the direction of the most negative curvature."""
    diagonal = np.abs(np.diag(bent))
    units = 1 / np.sqrt(np.maximum(diagonal, 1e-12 * max(float(diagonal.max()), 1e-300)))
    vectors = np.linalg.eigh(bent * np.outer(units, units))[1]
    direction = np.zeros(place.x.size)
    direction[free] = vectors[:, 0] * units
    length = np.abs(direction / (1 + np.abs(place.x))).max()
    return any(
        all(place.at(place.x + sign * h / length * direction) < place.value for sign in (1, -1))
        for h in (1e-3, 1e-2, 0.1)
    )


def _downhill(place: Place) -> tuple[Floats, float]:
    """How low a search without slopes comes from here: what differences promise may be a corner."""
    optimize = importlib.import_module("scipy.optimize")
    done = optimize.minimize(place.at, place.x, method="Nelder-Mead", options={"maxfev": 200 * place.x.size})
    return np.clip(done.x, place.low, place.high), float(done.fun)


def elsewhere(place: Place) -> tuple[Floats, float] | None:
    """A point that is clearly lower, from places around (inside of finite bounds anywhere); up to three variables."""
    x, low, high = place.x, place.low, place.high
    if x.size > 3:
        return None
    optimize = importlib.import_module("scipy.optimize")
    rng = np.random.default_rng(0)
    reach = 3 * (1 + np.abs(x))
    points = rng.uniform(np.where(np.isfinite(low), low, x - reach), np.where(np.isfinite(high), high, x + reach),
                         (STARTS, x.size))  # fmt: skip
    values = sorted((value, tuple(p)) for p in points if math.isfinite(value := place.at(p)))
    best: tuple[Floats, float] | None = None
    for _, start in values[:3]:
        done = optimize.minimize(place.at, np.array(start), method="Nelder-Mead", options={"maxfev": 400})
        there = np.clip(done.x, low, high)
        lower = done.fun < place.value - 1e-4 * (abs(place.value) + min(place.size, 1.0))
        if lower and (best is None or done.fun < best[1]) and np.all(np.abs(there) < 1e6 * (1 + np.abs(x))):
            best = there, float(done.fun)
    return best


def unbounded(place: Place, start: Floats | None) -> End | None:
    """A search that went off: the function falls without end."""
    far = start is not None and np.abs(place.x).max() > 1e6 * (1 + np.abs(start).max())
    if place.value != -math.inf and not (far and place.value < -1e12):
        return None
    text = (
        f"The function falls without end there (it is {place.value:.4g} at {short(place.x)}): it has no minimum in "
        "what is allowed. Look for a sign, or for a bound or constraint that is missing."
    )
    return End("unbounded", text, "unbounded")
