"""What a descent by hand could descend: losses that the program computes, and those of its predictions."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nabla.labs.descend.hand.found import Computed, HandDescent, tail
from nabla.program.state import Floats, like

_STRONG = re.compile(
    r"(compute|calc\w*|get|total|train\w*|current|avg|mean|cur|new|my|the)?_?"
    r"(loss\w*|cost\w*|j|mse|sse|rss|rmse|obj\w*|objective\w*|energy|nll|bce|risk|neg_?log\w*|"
    r"cross_?entropy|ce|log_?lik\w*|ll|likelihood)\w*",
    re.I,
)
_WEAK = re.compile(
    r"(total|sum|mean|avg|train|my)?_?(f|fx|f_?val\w*|func|fun|function|e|err\w*|l|res|value|val|z|y|"
    r"objective_function|rosen\w*|target|height)\w{0,5}",
    re.I,
)
ASCENT = re.compile(r"log_?lik|(^|_)ll($|_)|likelihood|reward|score|utility|profit", re.I)


@dataclass(frozen=True)
class Loss:
    """Something that may be descended: its name, its line (0 for one that the program does not compute), its values and
    gradients at the states. `data` tells that it is made from predictions; `named` that its name says it is a loss;
    `derivatives` are its derivatives as formulas, where they are known.
    """

    name: str
    line: int
    values: Floats
    gradients: Floats
    named: bool = False
    data: bool = False
    size: int = 0
    residual: Computed | None = None
    derivatives: tuple[str, ...] = ()


def own(found: HandDescent) -> list[Loss]:
    """Losses that the program computes in its loop or has a function for, the likeliest first."""
    strong: list[Loss] = []
    weak: list[Loss] = []
    for loss in _in_the_loop(found):
        (strong if loss.named else weak).append(loss)
    functions = list(_functions(found)) if not strong else []
    return [*strong, *[f for f in functions if f.named], *weak, *[f for f in functions if not f.named]]


def _pairs(found: HandDescent) -> Iterator[tuple[Computed, Computed]]:
    first, second = found.states[:2]
    there = {(q.line, q.what): q for q in second.quantities}
    for q in first.quantities:
        other = there.get((q.line, q.what))
        if other is not None and other.value.shape == q.value.shape:
            yield q, other


def _in_the_loop(found: HandDescent) -> Iterator[Loss]:
    differences = [(q.line, float(q.value.ravel()[-1])) for q, _ in _pairs(found) if q.what.startswith("Sub@")]
    for a, b in _pairs(found):
        name = tail(a.what)
        strong = _STRONG.fullmatch(name) is not None
        if "@" in a.what or not (strong or _WEAK.fullmatch(name)) or a.what in found.parameters:
            continue
        if not strong and (a.line, float(a.value.ravel()[-1])) in differences:
            continue  # a residual
        gradients = np.array([a.slope[-1], b.slope[-1]])
        if a.value.size > 1 and not _accumulates(a):
            continue
        if np.isfinite(gradients).all() and np.abs(gradients).max(initial=0.0) > 0:
            values = np.array([a.value.ravel()[-1], b.value.ravel()[-1]])
            yield Loss(name, a.line, values, gradients, named=strong)


def _accumulates(q: Computed) -> bool:
    """Whether the values of one place grow through the turn, as sums over samples do."""
    steps = np.diff(q.value.ravel())
    return bool((steps >= 0).all() or (steps <= 0).all())


def _functions(found: HandDescent) -> Iterator[Loss]:
    """Functions of the program that give a number for the parameters."""
    for name, function in found.run.names.items():
        named = _STRONG.fullmatch(name) is not None
        if not isinstance(function, types.FunctionType) or not (named or _WEAK.fullmatch(name)):
            continue
        rows, values = [], []
        for state in found.states[:2]:
            value = _called(found, function, state.theta)
            if value is None:
                break
            row = []
            for i in found.picked:
                h = 1e-5 * (1 + abs(state.theta[i]))
                sides = []
                for sign in (1, -1):
                    moved = state.theta.copy()
                    moved[i] += sign * h
                    sides.append(_called(found, function, moved))
                if sides[0] is None or sides[1] is None:
                    break
                row.append((sides[0] - sides[1]) / (2 * h))
            if len(row) < len(found.picked):
                break
            rows.append(row)
            values.append(value)
        else:
            gradients = np.array(rows)
            if np.isfinite(gradients).all() and np.abs(gradients).max(initial=0.0) > 0:
                count = function.__code__.co_argcount
                alone = count in (1, len(found.parameters))  # an objective: it takes the parameters and nothing else
                yield Loss(name, function.__code__.co_firstlineno, np.array(values), gradients, named=named or alone)


def _called(found: HandDescent, function: types.FunctionType, theta: Floats) -> float | None:
    """The value of a function at a state: its parameters filled by name, or the one array or all numbers in order."""
    given = {tail(p): like(v, found.start[p]) for p, v in found.split(theta).items()}
    signature = inspect.signature(function)
    required = [p.name for p in signature.parameters.values() if p.default is p.empty]
    others = {**found.start, **found.run.names}
    args = []
    unknown = [name for name in required if name not in given and name not in others]
    if required and len(required) == len(given) and (unknown or not any(n in given for n in required)):
        args = list(given.values())
    else:
        for name in required:
            if name in given:
                args.append(given[name])
            elif name in others:
                args.append(others[name])
            else:
                return None
        if not any(name in given for name in required):
            return None
    with np.errstate(all="ignore"):
        done, result = found.session.call(function, *args)
    if done.raised is not None or done.gap is not None or np.size(result) != 1 or result is None:
        return None
    try:
        return float(np.asarray(result, dtype=float).ravel()[0])
    except (TypeError, ValueError):
        return None


# Losses of predictions ------------------------------------------------------------------------------------------------


def of_predictions(found: HandDescent) -> list[Loss]:
    """Squares, cross-entropies and absolute values of what the program computes as difference to its targets."""
    made: list[Loss] = []
    pairs = [pair for pair in _pairs(found) if not _is_the_step(found, pair[0])]
    for a, b in pairs:
        if not (_moves(a) and _moves(b)) or "Add@" in a.what or _is_among_themselves(found, a, b):
            continue
        if "Sub@" in a.what or _has_difference(a, pairs):
            made.append(_loss("squares", a, b, lambda q: q.slope.T @ q.value.ravel()))
            made.append(_loss("absolute values", a, b, lambda q: q.slope.T @ np.sign(q.value.ravel())))
            made += _cross_entropies(a, b, pairs)
    return [loss for loss in made if np.isfinite(loss.gradients).all() and np.abs(loss.gradients).max(initial=0.0) > 0]


def _is_among_themselves(found: HandDescent, a: Computed, b: Computed) -> bool:
    """Whether a difference is one of parameters alone, as the length of an interval is: no data are in it."""
    if "Sub@" not in a.what:
        return False
    thetas = [state.theta[found.picked] for state in found.states[:2]]
    return len(found.picked) == found.states[0].theta.size > 1 and all(
        np.allclose(q.slope @ theta, q.value.ravel(), rtol=1e-7, atol=1e-9 * np.abs(theta).max())
        for q, theta in zip((a, b), thetas, strict=True)
    )


def _moves(q: Computed) -> bool:
    return q.slope.size > 0 and bool(np.abs(q.slope).max() > 0)


def _is_the_step(found: HandDescent, q: Computed) -> bool:
    """Whether a quantity is a parameter's new value."""
    first = found.states[0]
    for path, value in found.split(first.theta).items():
        if q.what == path or (
            q.line == found.lines.get(path)
            and q.value.size == value.size
            and np.allclose(q.slope.sum(), value.size + first.slope.sum(), rtol=1e-3)
            and q.value.size == first.theta.size
        ):
            return True
    return False


def _has_difference(q: Computed, pairs: list[tuple[Computed, Computed]]) -> bool:
    """Whether another quantity has the same slopes: then they differ by constants, as a prediction and its error do."""
    return any(
        other is not q
        and other.value.size == q.value.size
        and _moves(other)
        and np.allclose(other.slope, q.slope, rtol=1e-6, atol=1e-9 * np.abs(q.slope).max())
        and not np.allclose(other.value, q.value)
        for other, _ in pairs
    )


def _loss(name: str, a: Computed, b: Computed, gradient) -> Loss:  # type: ignore[no-untyped-def]
    values = np.array([float(q.value.ravel() @ q.value.ravel()) / 2 for q in (a, b)])
    return Loss(name, 0, values, np.array([gradient(a), gradient(b)]), data=True, size=a.value.size, residual=a)


def _cross_entropies(a: Computed, b: Computed, pairs: list[tuple[Computed, Computed]]) -> Iterator[Loss]:
    for p, q in pairs:
        if p.value.size != a.value.size or p is a or not _moves(p):
            continue
        inverse = "Add@" in p.what and bool((p.value > 1).all())
        ends = [_probability(x, inverse) for x in (p, q)]
        if any(end is None for end in ends):
            continue
        rows, values = [], []
        for r, end in zip((a, b), ends, strict=True):
            assert end is not None
            value, slope = end
            size = np.abs(slope).max()
            sign = next((s for s in (1, -1) if np.allclose(slope, s * r.slope, rtol=1e-5, atol=1e-7 * size)), 0)
            if not sign:
                break
            y = value - sign * r.value.ravel()
            if not ((y > -1e-9) & (y < 1 + 1e-9)).all():
                break
            rows.append((value, slope, y))
            values.append(float(-np.sum(y * np.log(value) + (1 - y) * np.log1p(-value))))
        if len(rows) < 2:
            continue
        binary = np.array([slope.T @ ((v - y) / (v * (1 - v))) for v, slope, y in rows])
        yield Loss("cross-entropy", 0, np.array(values), binary, data=True, size=a.value.size, residual=a)
        several = np.array([slope.T @ (-y / v) for v, slope, y in rows])
        yield Loss("cross-entropy of a softmax", 0, np.array(values), several, data=True, size=a.value.size, residual=a)


def _probability(q: Computed, inverse: bool) -> tuple[Floats, Floats] | None:
    value, slope = q.value.ravel(), q.slope
    if inverse:  # 1 + exp(-z), of a sigmoid in one expression
        value, slope = 1 / value, -slope / value[:, None] ** 2
    return (value, slope) if ((value > 0) & (value < 1)).all() else None
