"""Models that cannot be fitted as written: parameters that change the curve in the same way, angles in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy as sp

from nabla.labs.fit.model import Model, curve_of
from nabla.sinusoid.curve import Curve, CurveFit
from nabla.sinusoid.times import Floats

SAME = 1e-9  # of the largest singular value: a smaller one is none
PART = 1e-4  # of a direction, below which a parameter is not in it
TURN = 20.0  # units of x, fewer of which are no angles in degrees


@dataclass(frozen=True, slots=True)
class Redundant:
    """Parameters that change the curve in the same way: their names, the one that is held and its value."""

    group: tuple[str, ...]
    held: str
    value: float


def in_degrees(model: Model) -> Model | None:
    """The model with the axis in its waves taken for degrees; None where a wave has a frequency of its own."""
    x = model.axis
    waves = [wave for wave in model.expr.atoms(sp.sin, sp.cos, sp.tan) if wave.has(x)]
    if not waves or any(sp.diff(wave.args[0], x).free_symbols for wave in waves):
        return None
    turned = {wave: wave.func(wave.args[0].subs(x, x * sp.pi / 180)) for wave in waves}
    return replace(model, expr=model.expr.xreplace(turned))


def redundant(model: Model, found: CurveFit, x: Floats, start: Sequence[float] | None) -> Redundant | None:
    """Parameters of which one is too many, at the fit, at two places near it and at one that knows nothing of the data,
    where a curve is not as flat or as steep as the fit may be; None where each has its own effect.

    Held is the last of them that enters nonlinearly, at its start or, without one, at 0 or 1.
    """
    curve = curve_of(model)
    rng = np.random.default_rng(1)
    p = np.clip(found.parameters, -1e6, 1e6)
    places = [p, *(p * (1 + 0.05 * rng.normal(size=p.size)) + 1e-3 * rng.normal(size=p.size) for _ in range(2))]
    far = rng.uniform(0.5, 1.5, p.size)
    far[list(curve.nonlinear)] /= max(1.0, float(np.abs(x).max()))
    places.append(far)
    directions = [_idle(curve, x, place) for place in places]
    if any(direction is None for direction in directions):
        return None
    # The parameters that move without changing the curve.
    moved = np.max([np.abs(direction) for direction in directions if direction is not None], axis=0)
    group = [i for i in range(p.size) if moved[i] > PART]
    candidates = [i for i in group if i in curve.nonlinear] or group
    held = candidates[-1]
    value = start[held] if start is not None else _neutral(model, held)
    return Redundant(tuple(model.names[i] for i in group), model.names[held], float(value))


def _idle(curve: Curve, x: Floats, p: Floats) -> Floats | None:
    """The direction of parameters, shape (m,), in which the curve does not change; None where there is none."""
    with np.errstate(all="ignore"):
        jacobian = curve.jacobian(x, p)
    if p.size < 2 or p.size > x.size or not np.isfinite(jacobian).all():
        return None
    sizes = np.abs(jacobian).max(axis=0)
    if not np.all(sizes > 0):
        return None
    _, singular, turned = np.linalg.svd(jacobian / sizes, full_matrices=False)
    return np.asarray(turned[-1], dtype=np.float64) if singular[-1] < SAME * singular[0] else None


def _neutral(model: Model, place: int) -> float:
    """0 where the formula has a value and keeps its other parameters then, else 1."""
    p = model.parameters[place]
    left = model.expr.subs(p, 0)
    others = set(model.parameters) - {p}
    return 0.0 if left.is_finite is not False and others <= left.free_symbols else 1.0


def with_held(model: Model, found: Redundant) -> Model:
    """The model with the redundant parameter at its value."""
    p = model.parameters[model.names.index(found.held)]
    value = sp.Integer(int(found.value)) if found.value == int(found.value) else sp.Float(found.value)
    others = tuple(other for other in model.parameters if other != p)
    return replace(model, expr=model.expr.subs(p, value), parameters=others)
