"""Two mistakes at once: the tape swept with two rules bent at different places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from nabla.tensor.mistakes import Bend, GradientQuestion, Variant, bends, fitted
from nabla.tensor.mistakes.names import ORDER
from nabla.tensor.tape import Array, Vertex

SINGLES = 40  # mistakes that are paired, the most usual first
WORK = 8_000  # vertices visited for all pairs


def pairs(question: GradientQuestion) -> Iterator[Variant]:
    """Every two mistakes at different places, the most usual first, with what both together give.

    The gradient is linear in each of them, but not in both when one lies below the other, so
    each pair needs a sweep of its own.
    """
    singles = sorted([*bends(question), *_dropped(question)], key=lambda bend: ORDER[bend.id])[:SINGLES]
    most = WORK // len(question.path)
    for first, second in combinations(singles, 2):
        if (first.at, first.i) == (second.at, second.i) or most <= 0:
            continue
        most -= 1
        gives = _swept(question, (first, second))
        if gives is not None:
            yield _variant(first, gives, second)
    for bend in singles[: max(most, 0)]:
        gives = _swept(question, (bend,))
        if gives is not None:
            sign = Variant("sign", None, question.target, -question.gradient())
            yield Variant(bend.id, bend.at, bend.of, -gives, sign)


def _variant(first: Bend, gives: Array, second: Bend) -> Variant:
    return Variant(first.id, first.at, first.of, gives, Variant(second.id, second.at, second.of, gives))


def _dropped(question: GradientQuestion) -> Iterator[Bend]:
    """One of the ways from a vertex that several others use left out."""
    uses: dict[Vertex, list[tuple[Vertex, int]]] = {}
    for at in question.path:
        for i, of in enumerate(at.args):
            if isinstance(of, Vertex) and of in question.places:
                uses.setdefault(of, []).append((at, i))
    for found in uses.values():
        if len(found) > 1 and len({at for at, _ in found}) == len(found):
            yield from (Bend("path-dropped", at, i, lambda g: 0.0 * np.asarray(g)) for at, i in found)


def _swept(question: GradientQuestion, bent: tuple[Bend, ...]) -> Array | None:
    """The gradient with every bend in place; None when the shapes of a mistake do not fit."""
    rules = {(bend.at, bend.i): bend.rule for bend in bent}
    adjoints: dict[Vertex, Any] = {question.tape.root: question.seed}
    for vertex in question.path:
        g = adjoints.get(vertex)
        if g is None or vertex is question.target:
            continue
        for i, arg in enumerate(vertex.args):
            if not (isinstance(arg, Vertex) and arg in question.places):
                continue
            rule = rules.get((vertex, i))
            try:
                part = question.part(vertex, i, g) if rule is None else fitted(rule(g), arg.array)
            except (ValueError, RuntimeError):
                return None
            adjoints[arg] = part if arg not in adjoints else adjoints[arg] + part
    return np.asarray(adjoints.get(question.target, np.zeros_like(question.target.array)))
