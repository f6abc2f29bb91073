"""What a step of training may descend: single numbers that the program computes, and what its errors imply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.labs.train.probe import dependencies
from nabla.program.made import LoopTurn, TracedValue, is_float, made_of
from nabla.program.trace import Trace

_DIFFERENCES = frozenset("sub subtract isub".split())
_POWERS = frozenset("pow power square mul multiply abs absolute norm".split())
MOST = 6


@dataclass(frozen=True)
class Descended:
    """A loss: its kind, the nodes that it is made of, and how.

    `kind` is "own" (a number that the program computes), "squares" or "cross-entropy" (implied by an error).
    """

    kind: str
    nodes: tuple[TracedValue, ...]
    value: Callable[..., Any]

    @property
    def is_entropy(self) -> bool:
        """Whether a logarithm goes into it."""
        return any(node.op in ("log", "log1p", "log2") for node in made_of(self.nodes))

    def has_penalty(self, weights: Iterable[TracedValue]) -> bool:
        """Whether a power of weights themselves goes into it."""
        known = set(weights)
        squares = (node for node in made_of(self.nodes) if node.op in _POWERS)
        return any(set(node.parents) and set(node.parents) <= known for node in squares)

    @property
    def name(self) -> str:
        """What the program calls it, "" where it has no name."""
        return next((text for node in self.nodes for _, text in node.names), "") if self.kind == "own" else ""


def losses(trace: Trace, turn: LoopTurn, params: list[TracedValue]) -> list[Descended]:
    """The losses that a step may descend, those that the program computes first."""
    hangs = dependencies(trace, turn)
    inside = trace.nodes[turn.first : turn.stop]
    weights = frozenset(params)
    moved = {node for name, node in turn.end.items() if isinstance(node, TracedValue) and _updates(turn, name, params)}
    late = _behind(inside, moved)
    early = [node for node in inside if node not in late and node not in moved]
    errors = [node for node in early if _is_error(node, hangs, weights)]
    carried = _carried(turn, inside)
    own = [node for node in early if node not in carried and _is_own(node, hangs, weights, early)]
    used = _above(moved, turn.first)
    if _is_numerical(used, hangs, weights):
        return []  # a gradient by differences: nothing to hold it against, to the last digits
    own = _whole([node for node in own if node not in used], turn.first)
    found = [Descended("own", (node,), _number) for node in own]
    return [*found[-MOST:], *_implied(errors, hangs, weights), *_picked(early, hangs, weights)]


def _is_numerical(
    used: set[TracedValue], hangs: dict[TracedValue, frozenset[TracedValue]], weights: frozenset[TracedValue]
) -> bool:
    """Whether a step is made of the difference of two results of one expression, at shifted weights."""
    for node in used:
        if node.op in _DIFFERENCES and len(node.operands) == 2:
            one, other = node.operands
            if not isinstance(one, TracedValue) or not isinstance(other, TracedValue) or one is other:
                continue
            same = one.place == other.place and one.op == other.op and np.size(one.value) == 1
            if same and _of(one, hangs) & weights and _of(other, hangs) & weights:
                return True
    return False


def _carried(turn: LoopTurn, inside: list[TracedValue]) -> set[TracedValue]:
    """New values of what the turn itself uses, beside adding to it: weights, and states of an optimiser."""
    uses: dict[TracedValue, int] = {}
    for node in inside:
        for parent in node.parents:
            uses[parent] = uses.get(parent, 0) + 1
    starts = {name: old for name, old in turn.start.items() if isinstance(old, TracedValue)}
    ends = {name: turn.end.get(name) for name in starts}
    return {new for name, new in ends.items() if isinstance(new, TracedValue) and uses.get(starts[name], 0) > 1}


def _whole(own: list[TracedValue], first: int) -> list[TracedValue]:
    """Numbers that no other of them is made of, and the terms that they are sums of."""
    inner = _above(own, first) & set(own)
    stack = [node for node in own if node not in inner]
    found: set[TracedValue] = set()
    while stack:
        node = stack.pop()
        found.add(node)
        if node.op in ("add", "iadd"):
            stack += [parent for parent in node.parents if parent in inner]
    return [node for node in own if node in found]


def _number(value: Any) -> float:
    return float(np.sum(value))


def _updates(turn: LoopTurn, name: str, params: list[TracedValue]) -> bool:
    return turn.start.get(name) in params


def _behind(inside: list[TracedValue], moved: set[TracedValue]) -> set[TracedValue]:
    """What was computed from updated weights."""
    found = set(moved)
    for node in inside:
        if any(parent in found for parent in node.parents):
            found.add(node)
    return found - moved


def _of(node: Any, hangs: dict[TracedValue, frozenset[TracedValue]]) -> frozenset[TracedValue]:
    return hangs.get(node, frozenset((node,))) if isinstance(node, TracedValue) else frozenset()


def _is_error(
    node: TracedValue, hangs: dict[TracedValue, frozenset[TracedValue]], weights: frozenset[TracedValue]
) -> bool:
    """Whether a node is an output minus a target, or the other way."""
    if node.op not in _DIFFERENCES or len(node.operands) != 2 or not is_float(node.value):
        return False
    left, right = (_of(part, hangs) for part in node.operands)
    one, other = left & weights, right & weights
    return bool(one) != bool(other) and bool(right if one else left)


def _is_own(
    node: TracedValue,
    hangs: dict[TracedValue, frozenset[TracedValue]],
    weights: frozenset[TracedValue],
    early: list[TracedValue],
) -> bool:
    """Whether a number hangs on weights, and on a target that enters behind the last of those."""
    if np.size(node.value) != 1 or not is_float(node.value):
        return False
    used = hangs[node] & weights
    data = hangs[node] - weights
    if not used:
        return False
    above = _above([node], early[0].order if early else 0)
    labels = any(part.op in ("log", "log1p") and used <= hangs[part] | weights for part in above)
    return labels or any(used <= hangs[part] and data - hangs[part] for part in above)


def _above(nodes: Iterable[TracedValue], first: int) -> set[TracedValue]:
    """What nodes of a turn were computed from, in that turn."""
    return made_of((parent for node in nodes for parent in node.parents), first)


def _implied(
    errors: list[TracedValue], hangs: dict[TracedValue, frozenset[TracedValue]], weights: frozenset[TracedValue]
) -> list[Descended]:
    """½ Σ e², and the cross-entropy of output and target; errors of one expression belong together."""
    groups: dict[int, list[TracedValue]] = {}
    for node in errors:
        groups.setdefault(node.place, []).append(node)
    made: list[Descended] = []
    for group in groups.values():
        made.append(Descended("squares", tuple(group), _squares))
        sides = [_sides(node, hangs, weights) for node in group]
        outputs, targets = [o for o, _ in sides], [t for _, t in sides]
        if all(np.shape(o.value) == np.shape(t.value) and _are_shares(o.value, t.value) for o, t in sides):
            count = len(outputs)
            rows = all(np.ndim(o.value) == 2 and np.allclose(np.sum(o.value, axis=1), 1) for o in outputs)
            columns = all(np.ndim(o.value) == 2 and np.allclose(np.sum(o.value, axis=0), 1) for o in outputs)
            whole = count == 1 and np.ndim(outputs[0].value) == 1 and abs(float(np.sum(outputs[0].value)) - 1) < 1e-9
            several = np.size(outputs[0].value) > 1
            softmax = several and (whole or rows or columns)
            function = _softmax_entropy if softmax else _binary_entropy
            made.append(Descended("cross-entropy", (*outputs, *targets), function))
    return made


def _sides(
    node: TracedValue, hangs: dict[TracedValue, frozenset[TracedValue]], weights: frozenset[TracedValue]
) -> tuple[TracedValue, TracedValue]:
    left, right = node.operands
    return (left, right) if _of(left, hangs) & weights else (right, left)


def _are_shares(output: Any, target: Any) -> bool:
    a, t = np.asarray(output), np.asarray(target)
    return bool((a > 0).all() and (a < 1).all() and (t >= 0).all() and (t <= 1).all())


def _squares(*errors: Any) -> float:
    return 0.5 * sum(float(np.sum(np.square(error))) for error in errors)


def _halves(parts: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    half = len(parts) // 2
    return list(zip(parts[:half], parts[half:], strict=True))


def _softmax_entropy(*parts: Any) -> float:
    return -sum(float(np.sum(np.asarray(t) * np.log(a))) for a, t in _halves(parts))


def _binary_entropy(*parts: Any) -> float:
    made = 0.0
    for a, t in _halves(parts):
        made -= float(np.sum(np.asarray(t) * np.log(a) + (1 - np.asarray(t)) * np.log1p(-np.asarray(a))))
    return made


def _picked(
    early: list[TracedValue], hangs: dict[TracedValue, frozenset[TracedValue]], weights: frozenset[TracedValue]
) -> list[Descended]:
    """-Σ ln p of the labels, where 1 is taken from the shares at the labels: `p[rows, y] -= 1`."""
    groups: dict[int, list[tuple[TracedValue, Any]]] = {}
    for node in early:
        if node.op not in _DIFFERENCES or len(node.operands) != 2:
            continue
        part, one = node.operands
        if not (
            isinstance(part, TracedValue) and part.op == "getitem" and not isinstance(one, TracedValue) and one == 1
        ):
            continue
        shares = part.operands[0]
        while isinstance(shares, TracedValue) and shares.op in ("copy", "array", "asarray") and shares.parents:
            shares = shares.parents[0]
        values = np.asarray(shares.value)
        if hangs.get(shares, frozenset()) & weights and (values > 0).all() and (values < 1).all():
            groups.setdefault(node.place, []).append((shares, _plain(part.operands[1])))
    return [
        Descended("cross-entropy", tuple(shares for shares, _ in group), _Labelled(tuple(at for _, at in group)))
        for group in groups.values()
    ]


@dataclass(frozen=True)
class _Labelled:
    """-Σ ln p at the labels."""

    places: tuple[Any, ...]

    def __call__(self, *shares: Any) -> float:
        return -sum(float(np.sum(np.log(p[at]))) for p, at in zip(shares, self.places, strict=True))


def _plain(index: Any) -> Any:
    if isinstance(index, TracedValue):
        return index.value
    if isinstance(index, tuple):
        return tuple(_plain(item) for item in index)
    return index
