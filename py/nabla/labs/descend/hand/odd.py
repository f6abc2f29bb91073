"""Steps that are no gradient at all: the loss itself, one number for all components, signs alone, one sample."""

from __future__ import annotations

import ast
import re

import numpy as np

from nabla.labs.descend.hand.found import Computed, HandDescent, tail
from nabla.labs.descend.hand.verdict import Fault
from nabla.optimise import implied
from nabla.program.replay import DRAWS


def odd(found: HandDescent) -> list[Fault]:
    """What is found of these; each stands for all that follows from it."""
    if not found.states or found.reshaped:
        return []
    return [*_not_finite(found), *_loss_itself(found), *_signs_alone(found), *_one_for_all(found)][:1] or _one_sample(
        found
    )


def _update(found: HandDescent) -> int:
    return min((line for path, line in found.lines.items() if path not in found.sums), default=0)


def _not_finite(found: HandDescent) -> list[Fault]:
    """What is nan or infinite in the first turn already, though all that it is made of is finite."""
    values = {tail(path): value for path, value in found.start.items()}
    if not all(
        np.isfinite(np.asarray(v, dtype=float)).all() for v in values.values() if np.asarray(v).dtype.kind in "biuf"
    ):
        return []
    first = next((q for q in found.states[0].quantities if not np.isfinite(q.value).all()), None)
    if first is None or "@" in first.what:
        return []
    zero = next((text for text in _divisors(found, first.line) if _vanishes(found, text)), "")
    counted = [
        p for p, v in found.start.items() if type(v) is int and v == 0 and re.search(rf"\b{re.escape(p)}\b", zero)
    ]
    why = f": it is divided by `{zero}`, which is 0 there" if zero else ""
    why += f" (`{counted[0]}` is 0: count it from 1)" if counted else ""
    text = f"`{tail(first.what)}` is no finite number in the first turn already{why}. Whatever is made of it is nan."
    return [Fault("not-finite", first.line, text)]


def _divisors(found: HandDescent, line: int) -> list[str]:
    return [
        ast.unparse(node.right)
        for node in ast.walk(found.program.tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and node.lineno == line
    ]


def _vanishes(found: HandDescent, text: str) -> bool:
    """Whether an expression is 0 with the numbers that the loop begins with."""
    names = {tail(path): value for path, value in found.start.items()}
    try:
        value = found.session.value(ast.parse(text, mode="eval").body, names)
        return bool(np.all(np.asarray(value, dtype=float) == 0))
    except (ArithmeticError, LookupError, NameError, TypeError, ValueError, AttributeError):
        return False


def _loss_itself(found: HandDescent) -> list[Fault]:
    """A loss that is summed up over all turns, and of which the steps are multiples."""
    for path in found.sums:
        name = tail(path)
        others = " and ".join(f"`{p}`" for p in found.parameters if p not in found.sums)
        text = (
            f"The step of {others} is a multiple of `{name}`, the loss itself, which moreover sums up over all turns. "
            "What has to be subtracted is its derivative by each parameter: for a square (p - y)^2 that is 2 (p - y) "
            "times the derivative of p."
        )
        return [Fault("missing-derivative", _update(found), text)]
    return []


def _one_for_all(found: HandDescent) -> list[Fault]:
    """The same number is taken off every component, while a gradient with one for each stands by."""
    first, second = (state.step for state in found.states[:2])
    if (
        found.buffers
        or first.size < 2
        or any(np.ptp(s) > 1e-9 * np.abs(s).max() or not np.abs(s).max() > 0 for s in (first, second))
    ):
        return []
    gradient = next((q for q in found.states[0].quantities if _is_gradient(q, first.size)), None)
    if gradient is None:
        return []
    name = tail(gradient.what)
    text = (
        f"The step takes the same number off every component. `{name}` has one for each, and which way each of them "
        "has to go is lost in a norm, sum or mean of it: its length tells how steep it is, not where to."
    )
    return [Fault("missing-axis", _update(found), text)]


def _is_gradient(q: Computed, size: int) -> bool:
    value = q.value.ravel()
    square = q.slope.shape == (size, size) and bool(np.abs(q.slope).max() > 0)
    uneven = value.size == size and bool(np.ptp(value) > 0)
    return "@" not in q.what and uneven and square and implied.asymmetry(q.slope) < 1e-3


def _signs_alone(found: HandDescent) -> list[Fault]:
    """Every step is as long as every other: a mean of squares is renewed, not kept."""
    if found.buffers:
        return []
    steps = np.abs(np.concatenate([state.step for state in found.states[:2]]))
    if not steps.size or not steps.min() > 0 or np.ptp(steps) > 1e-5 * steps.max():
        return []
    rooted = {
        tail(ast.unparse(part))
        for call in ast.walk(found.program.tree)
        if isinstance(call, ast.Call) and "sqrt" in ast.unparse(call.func)
        for item in call.args
        for part in ast.walk(item)
        if isinstance(part, (ast.Name, ast.Attribute))
    }
    written = next((q for q in found.states[0].quantities if tail(q.what) in rooted and q.what in found.start), None)
    if written is None:
        return []
    name = tail(written.what)
    text = (
        f"`{name}` holds the square of this one gradient: what it held before is overwritten. The step divides the "
        f"gradient by its own size, so it is always as long as the rate, and never settles. Squares are summed up, "
        f"`{name} += g**2` (AdaGrad), or averaged, `{name} = 0.9*{name} + 0.1*g**2` (RMSProp)."
    )
    return [Fault("not-accumulated", written.line, text)]


def _one_sample(found: HandDescent) -> list[Fault]:
    """An index that is drawn in every turn and is always the same."""
    loops = [
        n for n in ast.walk(found.program.tree) if isinstance(n, ast.For | ast.While) and n.lineno == found.loop.line
    ]
    for node in (part for loop in loops for part in ast.walk(loop)):
        if not (
            isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name)
        ):
            continue
        name, called = node.targets[0].id, ast.unparse(node.value.func)
        seen = [m.values[name] for m in found.loop.moments if name in m.values]
        single = len(seen) > 8 and all(v.ndim == 0 and v == seen[0] for v in seen)
        if single and re.split(r"\W", called)[-1] in DRAWS:
            text = (
                f"`{name}` is {float(seen[0]):g} in every turn: `{ast.unparse(node.value)}` draws nothing else, as its "
                "upper end is left out. Only one sample is ever seen; draw among their number, as with `len(X)`."
            )
            return [Fault("one-sample", node.lineno, text)]
    return []
