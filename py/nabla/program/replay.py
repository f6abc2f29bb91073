"""Values of a trace computed again, with others in place of earlier ones."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from nabla.program.made import TracedValue

DRAWS = frozenset(
    "random random_sample rand randn uniform normal standard_normal choice randint integers permutation shuffle "
    "binomial sample permuted beta exponential poisson".split()
)


class Untraced(Exception):
    """A value that changes with others, and of which the trace does not know how."""

    def __init__(self, node: TracedValue) -> None:
        super().__init__(f"line {node.line}: {node.op}")
        self.node = node


class Replay:
    """Values computed again with others in place of earlier ones.

    Args:
        wanted: the nodes whose values are asked for.
        moved: the nodes whose values will be given.
        first: nodes before this number stay as they are, unless they are given.

    Raises:
        Untraced: a value on the way hangs on what is given, and the trace does not know how it was made.
    """

    def __init__(self, wanted: list[TracedValue], moved: list[TracedValue], first: int = 0) -> None:
        self.wanted = wanted
        given = set(moved)
        needed: set[TracedValue] = set()
        stack = list(wanted)
        while stack:
            node = stack.pop()
            if node in needed or node in given or node.order < first:
                continue
            needed.add(node)
            stack.extend(node.parents)
        hangs = set(given)
        self.steps: list[TracedValue] = []
        for node in sorted(needed, key=lambda node: node.order):
            if node.op in DRAWS or not any(parent in hangs for parent in node.parents):
                continue
            if node.function is None:
                raise Untraced(node)
            hangs.add(node)
            self.steps.append(node)

    def __call__(self, given: Mapping[TracedValue, Any]) -> list[Any]:
        """The values of the wanted nodes."""
        done: dict[int, Any] = {node.order: value for node, value in given.items()}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for node in self.steps:
                args = [_filled(operand, done) for operand in node.operands]
                words = {key: _filled(operand, done) for key, operand in node.named.items()}
                assert node.function is not None
                done[node.order] = node.function(*args, **words)
        return [done.get(node.order, node.value) for node in self.wanted]


def _filled(operand: Any, done: Mapping[int, Any]) -> Any:
    if isinstance(operand, TracedValue):
        return done.get(operand.order, operand.value)
    if type(operand) in (list, tuple):
        return type(operand)(_filled(item, done) for item in operand)
    return operand
