"""What the axes of each array of a step stand for, and where two meet that are equal in size by chance only.

Axes are named as they arise: samples, inputs, hidden, outputs. An operation on arrays whose axes have different names
runs only because their sizes are equal, or because one of them is 1 and is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

from nabla.labs.train.recognise import Network
from nabla.labs.train.training_step import ELEMENTWISE, StepValue, TrainingStep

Axes = tuple[str, ...]
ONE = "1"
COMPARED = frozenset("lt le gt ge eq ne greater less mod".split())


@dataclass(frozen=True)
class Chance:
    """Two arrays that meet by chance: the operation's node (None where it raised), and both with their axes.

    `equal` are the pairs of names whose sizes are equal by chance, `repeated` those of which one is 1 and repeated.
    """

    node: StepValue | None
    line: int
    op: str
    left: StepValue
    right: StepValue
    axes: tuple[Axes, Axes]
    equal: tuple[tuple[str, str, int], ...]
    repeated: tuple[tuple[str, str, int], ...]


def unit_names(layers: int) -> list[str]:
    """The names of the axes of units, from the inputs on."""
    if layers == 2:
        return ["inputs", "hidden", "outputs"]
    return ["inputs", *[f"hidden {k}" for k in range(1, layers)], "outputs"]


def axes_of(step: TrainingStep, network: Network) -> tuple[dict[StepValue, Axes], list[Chance]]:
    """The names of the axes of every node ("" where they are not known), and the chances, in the order of the nodes."""
    found: dict[StepValue, Axes] = {}
    chances: list[Chance] = []
    given = _given(step, network)
    for node in step.nodes:
        if node.order in given and len(given[node.order]) == len(node.shape):
            found[node] = given[node.order]
        else:
            found[node] = _made(node, found, chances)
    if step.failed is not None:
        parents = [arg for arg in step.failed[1] if isinstance(arg, StepValue)]
        if len(parents) == 2:
            line = step.raised.line if step.raised else 0
            _meet(None, step.failed[0], parents, found, chances, line)
    return found, chances


def _given(step: TrainingStep, network: Network) -> dict[int, Axes]:
    names = unit_names(len(network.places))
    given: dict[int, Axes] = {}

    def put(order: int | None, axes: Axes) -> None:
        if order is None:
            return
        node = step.nodes[order]
        if len(axes) == 2 and len(node.shape) == 1:
            axes = axes[:1] if node.shape[0] == network.samples and network.samples > 1 else axes[1:]
        given[order] = axes
        while node.op in ("getitem", "array") and node.parents:
            node = node.parents[0]
            given.setdefault(node.order, axes)

    def turned(axes: Axes, turn: bool) -> Axes:
        return axes[::-1] if turn else axes

    put(network.X, turned(("samples", names[0]), network.columns))
    put(network.y, ("samples",) if network.labels else turned(("samples", names[-1]), network.columns))
    for k, place in enumerate(network.places):
        leaf = step.leaf(place.weight)
        if leaf is not None:
            axes = turned((names[k], names[k + 1]), place.flipped)
            given[leaf.order] = axes if len(leaf.shape) == 2 else (names[k],)
        bias = step.leaf(place.bias) if place.bias else None
        if bias is not None:
            given[bias.order] = (
                (names[k + 1],) if len(bias.shape) == 1 else turned((ONE, names[k + 1]), network.columns)
            )
    return given


def _made(node: StepValue, found: dict[StepValue, Axes], chances: list[Chance]) -> Axes:
    parents, shape = node.parents, node.shape
    unknown = ("",) * len(shape)
    if not parents:
        return unknown
    first = found[parents[0]]
    if node.op == "transpose":
        return first[::-1] if len(node.args) == 1 else unknown
    if node.op in ("dot", *ELEMENTWISE, *COMPARED) and len(parents) == 2:
        return _meet(node, node.op, parents, found, chances, node.line)
    if node.op in ("sum", "mean", "max", "min", "prod", "std", "var", "amax", "amin"):
        return _reduced(node, first)
    if len(shape) == len(parents[0].shape):
        same = zip(first, shape, parents[0].shape, strict=True)
        return tuple(name if a == b or node.op == "getitem" else "" for name, a, b in same)
    return unknown


def _reduced(node: StepValue, axes: Axes) -> Axes:
    axis = node.keywords.get("axis", node.args[1] if len(node.args) > 1 else None)
    if not node.shape or not isinstance(axis, int):
        return ("",) * len(node.shape)
    if len(node.shape) == len(axes):
        return tuple(ONE if i == axis % len(axes) else name for i, name in enumerate(axes))
    return tuple(name for i, name in enumerate(axes) if i != axis % len(axes))


Pairs = list[tuple[str, str, int, int]]  # axes that meet: both names and both sizes


def _contracted(a: Axes, b: Axes, left: tuple[int, ...], right: tuple[int, ...]) -> tuple[Axes, Pairs]:
    """The axes of a product of matrices, and the pair that is summed over."""
    if not (a and b):
        return a or b, []
    inner = -1 if len(b) == 1 else -2
    pairs = [(a[-1], b[inner], left[-1], right[inner])] if left[-1] == right[inner] else []
    return a[:-1] + (b[:-2] + b[-1:] if len(b) > 1 else ()), pairs


def _broadcast(a: Axes, b: Axes, left: tuple[int, ...], right: tuple[int, ...]) -> tuple[Axes, Pairs]:
    """The axes of an operation element by element, and all pairs of axes."""
    size = max(len(a), len(b))
    long_a, long_b = ((ONE,) * (size - len(axes)) + axes for axes in (a, b))
    shape_a, shape_b = ((1,) * (size - len(shape)) + shape for shape in (left, right))
    pairs = list(zip(long_a, long_b, shape_a, shape_b, strict=True))
    repeated = any(m == 1 and n != 1 for _, _, m, n in pairs)
    result = tuple(
        t if (m == 1 and n != 1) or s in ("", ONE) or (repeated and t not in ("", ONE) and n != 1) else s
        for s, t, m, n in pairs
    )
    return result, pairs


def _meet(
    node: StepValue | None,
    op: str,
    parents: list[StepValue],
    found: dict[StepValue, Axes],
    chances: list[Chance],
    line: int,
) -> Axes:
    """The axes of the result of an operation of two arrays, with the chance written down if it is one."""
    left, right = parents
    axes = found[left], found[right]
    joined = _contracted if op == "dot" else _broadcast
    result, pairs = joined(*axes, left.shape, right.shape)
    named = [pair for pair in pairs if pair[0] and pair[1] and ONE not in pair[:2] and pair[0] != pair[1]]
    equal = [(s, t, m) for s, t, m, n in named if m == n]
    repeated = [(s, t, max(m, n)) for s, t, m, n in named if m != n and 1 in (m, n)]
    if equal or repeated or node is None:
        chances.append(Chance(node, line, op, left, right, axes, tuple(equal), tuple(repeated)))
    if node is None or len(result) != len(node.shape):
        return ("",) * (len(node.shape) if node else 0)
    return result


def shape_text(shape: tuple[int, ...], axes: Axes) -> str:
    """`4 × 3 (samples × inputs)`; a number has none."""
    if not shape:
        return "number"
    sizes = " × ".join(map(str, shape))
    return f"{sizes} ({' × '.join(axes)})" if axes and all(axes) else sizes
