"""What is the matter with a training of PyTorch, seen in the tapes of its passes: starts, slopes and losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nabla.labs.backprop.run import Outcome
from nabla.tensor.passes import Pass
from nabla.tensor.replay import ancestors
from nabla.tensor.tape import Vertex

FEW = 8  # numbers: of less than these nothing is concluded
OUTSIDE = 0.1  # the share of targets that no output can reach
FLAT = 0.02  # of a slope, beside the steepest; of a loss, that it has changed by
SATURATED = 0.6  # the share of units
# Steps that change the place of numbers, not their values.
_PLACES = frozenset("reshape squeeze unsqueeze permute transpose flatten view expand index clone cast_to".split())
_LIMITS = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, np.inf)}
_SLOPES: dict[str, Callable[[Any], Any]] = {"sigmoid": lambda y: 4 * y * (1 - y), "tanh": lambda y: 1 - y * y}
_LOSSES = frozenset("mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy cross_entropy nll_loss "
                    "binary_cross_entropy_with_logits".split())  # fmt: skip

TrainingNote = dict[str, Any]


def note(kind: str, line: int, text: str, cure: str) -> TrainingNote:
    """A finding: its kind, its line, what is the matter, and what to do."""
    return {"kind": kind, "line": line, "text": text, "cure": cure}


def source(vertex: Vertex) -> Vertex:
    """What the numbers of a vertex are, behind steps that only move them."""
    while vertex.op is not None and vertex.op.name in _PLACES and vertex.parents:
        vertex = vertex.parents[0]
    return vertex


def place(vertex: Vertex) -> int:
    """The line that a step is to be mended in: that of its layer, where it is one's."""
    return vertex.origin or vertex.line


def named(vertex: Vertex) -> str:
    """The operation of a vertex; "" of a leaf."""
    return "" if vertex.op is None else vertex.op.name


def of_losses(outcome: Outcome) -> Iterator[TrainingNote]:
    """What goes into the loss of the last pass, and of the first: softmaxes, logarithms, axes, limits, its sign."""
    if not outcome.passes:
        return
    yield from _sign(outcome, outcome.passes[-1].root)
    for done in (outcome.passes[-1], outcome.passes[0]):
        for vertex in ancestors(done.root):
            if vertex in done.adjoints or not vertex.needs:
                yield from _of_vertex(vertex)


def _of_vertex(vertex: Vertex) -> Iterator[TrainingNote]:
    name = named(vertex)
    if name in ("softmax", "log_softmax"):
        dim, at = vertex.params["dim"], place(vertex)
        if vertex.array.shape[dim] == 1 and vertex.array.size > 1:
            text = f"Line {at} takes a softmax over a single number, which is 1 whatever the number is."
            cure = "Take a sigmoid, or two outputs and a cross-entropy."
            yield note("single-softmax", at, text, cure)
    if vertex.within == "kl_div" and name == "sub" and vertex.array.ndim > 1:
        yield from _of_logarithms(vertex)
    if name == "log_softmax" and vertex.parents:
        before = source(vertex.parents[0])
        if named(before) in ("softmax", "sigmoid"):
            text = (
                f"Line {vertex.line} takes a softmax (a cross-entropy does) of what the {named(before)} of line "
                f"{place(before)} made, so the loss cannot come near 0."
            )
            yield note("softmax-twice", vertex.line, text, "Hand it the logits.")
    if vertex.within == "binary_cross_entropy_with_logits" and vertex.parents:
        before = source(vertex.parents[0])
        if named(before) == "sigmoid" and before.within != vertex.within:
            text = f"Line {vertex.line} takes a sigmoid by itself, of what the sigmoid of line {place(before)} gave."
            yield note("softmax-twice", vertex.line, text, "Hand it the logits, without the sigmoid.")
    if name in ("round", "floor", "ceil", "trunc", "sign") and vertex.needs and not vertex.within:
        text = f"The slope of `{name}` in line {vertex.line} is 0 everywhere: nothing in front of it gets a gradient."
        yield note("zero-slope", vertex.line, text, "Leave it away in training.")
    if name == "clamp" and vertex.within in ("binary_crossentropy", "categorical_crossentropy"):
        yield from _of_shares(vertex)
    if name == "gather" and vertex.within in ("nll_loss", "cross_entropy"):
        yield from _of_classes(vertex, source(vertex.parents[0]))
    if name == "sub" and len(vertex.parents) == 2:
        yield from _of_difference(vertex)


def _of_shares(vertex: Vertex) -> Iterator[TrainingNote]:
    """What a cross-entropy of Keras takes for probabilities: numbers between 0 and 1."""
    inner = vertex.parents[0]
    output = inner.parents[0] if named(inner) == "div" else inner
    if output.array.min() < -1e-6 or output.array.max() > 1 + 1e-6:
        made, sigmoid = source(output), vertex.within == "binary_crossentropy"
        text = (
            f"The cross-entropy of line {vertex.line} takes probabilities, and line {place(made)} gives numbers from "
            f"{output.array.min():.3g} to {output.array.max():.3g}: those outside 0 to 1 are cut off and learn nothing."
        )
        cure = f"Give the last layer `activation='{'sigmoid' if sigmoid else 'softmax'}'`."
        yield note("missing-probability", place(made), text, cure)


def _of_logarithms(vertex: Vertex) -> Iterator[TrainingNote]:
    """The divergence of what are probabilities, and no logarithms of them."""
    given = vertex.parents[-1]
    values = np.asarray(given.array)
    if values.min() >= 0 and values.max() > 0 and np.allclose(values.sum(-1), 1, atol=1e-4):
        text = f"Line {vertex.line} expects logarithms of probabilities, and gets probabilities: it is no divergence."
        yield note("missing-log", vertex.line, text, "Hand it their `log()`, or a `log_softmax`.")


def _of_classes(vertex: Vertex, scores: Vertex) -> Iterator[TrainingNote]:
    """The scores of which a loss picks those of the classes."""
    if named(scores) in ("softmax", "sigmoid"):
        text = (
            f"Line {vertex.line} expects logarithms of probabilities and gets the probabilities of line "
            f"{place(scores)}: the loss is their negative mean, which is no cross-entropy."
        )
        yield note("missing-log", place(scores), text, "Take `log_softmax` in place of `softmax`.")
    axis = source(scores.parents[0]) if named(scores) == "log" else scores
    if named(axis) in ("softmax", "log_softmax") and axis.params["dim"] == 0 and axis.array.ndim == 2 < len(axis.array):
        text = f"The softmax of line {place(axis)} runs along dimension 0, over the samples of the batch."
        yield note("softmax-axis", place(axis), text, "Give it `dim=1`, the dimension of the classes.")


def _of_difference(vertex: Vertex) -> Iterator[TrainingNote]:
    """An output less its target: their shapes, and whether the output can become the target."""
    first, second = vertex.parents
    shapes = sorted((first.array.shape, second.array.shape), key=len)
    if len(shapes[0]) == 1 and len(shapes[1]) == 2 and shapes[1] == (shapes[0][0], 1) and shapes[0][0] > 1:
        n = shapes[0][0]
        if first.needs != second.needs:
            text = (
                f"In line {vertex.line} {n} × 1 meets {n}: both spread into {n} × {n}, every output beside every "
                "target, and the best it can reach is their mean."
            )
            yield note("shape-broadcast", vertex.line, text, "Make the target a column too: `y.unsqueeze(1)`.")
    output, target = (first, second) if first.needs else (second, first)
    limits = _LIMITS.get(named(source(output)))
    if limits is None or target.needs or target.array.size < FEW // 2:
        return
    low, high = limits
    outside = np.mean((target.array < low - 1e-6) | (target.array > high + 1e-6))
    if outside >= OUTSIDE:
        reach = "0 and more" if high == np.inf else f"{low:g} to {high:g}"
        made = source(output)
        text = (
            f"The targets of line {vertex.line} go from {target.array.min():.4g} to {target.array.max():.4g}, and the "
            f"{named(made)} of line {place(made)} gives {reach} only."
        )
        yield note("target-range", place(made), text, "Leave it away behind the last layer, or scale the targets.")


def _sign(outcome: Outcome, root: Vertex) -> Iterator[TrainingNote]:
    """A loss that is made larger."""
    made = [opt for what, _, opt in outcome.events if what == "optimizer"]
    if len(made) != 1 or any(group.get("maximize") for group in made[0].param_groups):
        return
    if named(root) == "neg" and _is_loss(root.parents[0]):
        text = f"Line {root.line} takes the negative of the loss, which the steps so make larger."
        yield note("sign", root.line, text, "Leave the minus away.")


def _is_loss(vertex: Vertex) -> bool:
    """Whether a vertex is one of PyTorch's losses, or a mean of squared differences."""
    if vertex.within or not vertex.parents:
        return vertex.within in _LOSSES
    square = vertex.parents[0]
    between = (
        square.parents[0] if named(vertex) in ("mean", "sum") and named(square) in ("pow", "square", "mul") else None
    )
    return between is not None and named(between) == "sub" and len({parent.needs for parent in between.parents}) == 2


# Starts and slopes ----------------------------------------------------------------------------------------------------


def of_units(outcome: Outcome) -> Iterator[TrainingNote]:
    """Units that learn nothing, or all the same."""
    if outcome.backwards < 2:
        return
    if not outcome.passes:
        return  # Jacobians and Hessians leave no pass behind
    first, last = outcome.passes[0], outcome.passes[-1]
    alike = [leaf for leaf in _matrices(last) if _alike(leaf.array) and _alike(last.adjoints[leaf])]
    alike.sort(key=lambda leaf: _begun(first, leaf))
    if alike and len(_matrices(last)) > 1:
        name = f"`{alike[0].name}`" if alike[0].name else f"the weights of line {alike[0].line}"
        text = (
            f"All units of {name} have the same weights from the start and get the same gradient: they stay alike, and "
            "the layer works as one unit."
        )
        yield note("zero-init", _begun(first, alike[0]), text, "Draw the weights at random.")
        return
    for vertex in ancestors(last.root):
        if named(vertex) == "relu" and vertex.needs and vertex.array.size >= FEW and not vertex.array.any():
            into = vertex.parents[0].array
            text = (
                f"Every unit of the ReLU in line {place(vertex)} gives 0 for every sample (its inputs are at most "
                f"{into.max():.3g}): its slope is 0, and nothing in front of it learns."
            )
            found = note("dead-relu", place(vertex), text, "Start with smaller weights or biases, or a smaller rate.")
            alive = any(named(v) == "relu" and v.line == vertex.line and v.origin == vertex.origin and v.array.any()
                        for v in ancestors(first.root))  # fmt: skip
            found["died"] = alive
            yield found
            return
    yield from _saturated(first)


def _matrices(done: Pass) -> list[Vertex]:
    return [v for v in done.adjoints if v.op is None and v.needs and v.array.ndim == 2 and v.array.size > 1]


def _alike(array: Any) -> bool:
    """Whether all rows, or all columns, of a matrix are the same."""
    array = np.asarray(array)
    return any(array.shape[axis] > 1 and (array == array.take([0], axis)).all() for axis in (0, 1))


def _begun(first: Pass, leaf: Vertex) -> int:
    """The line in which a weight that training changed was first made."""
    return next((v.line for v in first.adjoints if v.holder is leaf.holder and v.op is None), leaf.line)


def _saturated(first: Pass) -> Iterator[TrainingNote]:
    """Sigmoids of hidden units that are at their ends from the start."""
    order = ancestors(first.root)
    hidden = {source(parent) for v in order if named(v) in ("matmul", "conv2d", "conv1d") for parent in v.parents}
    for vertex in order:
        slope = _SLOPES.get(named(vertex))
        if slope is None or not vertex.needs or vertex not in hidden or vertex.array.size < FEW:
            continue
        share = float(np.mean(slope(vertex.array) < FLAT))
        if share >= SATURATED:
            into = float(np.abs(vertex.parents[0].array).max())
            text = (
                f"{100 * share:.0f} % of the {named(vertex)}s in line {place(vertex)} are at their ends from the first "
                f"step, their inputs up to {into:.3g}: their slope is nearly 0, and what is in front of them hardly "
                "learns."
            )
            cure = "Scale the inputs to mean 0 and spread 1, or start with smaller weights."
            yield note("saturated", place(vertex), text, cure)
            return
