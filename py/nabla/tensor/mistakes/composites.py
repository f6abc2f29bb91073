"""Mistakes about a function that a program writes out in several steps, as 1 / (1 + exp(-z)) for the sigmoid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nabla.tensor.mistakes import GradientQuestion, Variant
from nabla.tensor.tape import Vertex


def composites(question: GradientQuestion) -> Iterator[Variant]:
    """For every named vertex that is such a function of another: its derivative left out, or a sigmoid's mistaken."""
    users: dict[Vertex, list[Vertex]] = {}
    for at in question.path:
        for parent in at.parents:
            if parent in question.places:
                users.setdefault(parent, []).append(at)
    for of in question.path:
        result = _function_of(of, users) if of.name else None
        if result is None or result not in question.right:
            continue
        for name, wrong in _wrong(np.asarray(question.right[result]), of.array, result.array):
            yield Variant(name, result, of, question.with_change(of, wrong - question.right[of]))


def _function_of(of: Vertex, users: dict[Vertex, list[Vertex]]) -> Vertex | None:
    """The named vertex that alone uses `of`, through several unnamed elementwise steps; None when there is none."""
    steps = 0
    here = of
    while True:
        above = list(dict.fromkeys(users.get(here, [])))
        if len(above) != 1 or above[0].op is None or not above[0].op.local:
            return None
        here = above[0]
        steps += 1
        if here.array.shape != of.array.shape:
            return None
        if here.name:
            return here if steps > 1 else None


def _wrong(g: Any, x: Any, y: Any) -> Iterator[tuple[str, Any]]:
    """What is sent back in place of g times the derivative."""
    yield "inner-derivative-dropped", g
    if np.allclose(y, 1 / (1 + np.exp(-x)), rtol=1e-9, atol=1e-12):
        slope = 1 / (1 + np.exp(-y))
        yield "activation-of-input", g * x * (1 - x)
        yield "activation-of-output", g * slope * (1 - slope)
        yield "activation-itself", g * y
        yield "factor-of-slope-dropped", g * (1 - y)
