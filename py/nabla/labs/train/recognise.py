"""The network in a followed step: which arrays are data, weights, layers and targets, found by what they hold.

Layers are found by the products of weights, activations by comparing values, so the program's own names and spellings
do not matter. Values are compared in one form: a sample a row (`Network.rows`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.errors import UserError
from nabla.labs.train.training_step import FirstStep, StepValue, TrainingStep
from nabla.network.model import LINEAR, Activation, Array, Layers, identified
from nabla.program.made import made_of
from nabla.program.replay import DRAWS

KNOWN = "Known: sigmoid, tanh, relu, leaky relu, softplus, softmax."


@dataclass
class PlacedLayer:
    """One layer as the program has it.

    `order` are the places of its product, its z and its a among the nodes of the step; `flipped` tells that the
    program's weight is the transpose of units before × units after; `frozen` that the step leaves the weight alone.
    """

    weight: str
    flipped: bool
    product: int
    z: int
    a: int
    activation: Activation
    bias: str | None
    frozen: bool


@dataclass
class Network:
    """A network as recognised. `X` and `y` are the orders of their nodes, `data` and `target` the program's names."""

    columns: bool
    samples: int
    places: list[PlacedLayer]
    X: int
    data: str
    y: int | None = None
    target: str = ""
    labels: bool = False
    names: list[str] = field(default_factory=list)

    def rows(self, value: Any) -> Array:
        """An array of the step with a sample a row."""
        array = np.asarray(value, dtype=np.float64)
        if self.columns and array.ndim == 2:
            array = array.T
        return array.reshape(self.samples, -1) if array.ndim < 2 else array

    def weight(self, k: int, value: Any) -> Array:
        """A weight as units before × units after."""
        array = np.asarray(value, dtype=np.float64)
        if array.ndim < 2:
            return array.reshape(-1, 1)
        return array.T if self.places[k].flipped else array

    def unweight(self, k: int, value: Array, like: Any) -> Array:
        """The other way: in the program's own form."""
        return (value.T if self.places[k].flipped and np.ndim(like) == 2 else value).reshape(np.shape(like))

    def layers(self, arrays: Mapping[str, Any]) -> Layers:
        """The network with the weights found under the program's names."""
        return Layers(
            [place.activation for place in self.places],
            [self.weight(k, arrays[place.weight]) for k, place in enumerate(self.places)],
            [
                None if place.bias is None else np.asarray(arrays[place.bias], dtype=np.float64).reshape(1, -1)
                for place in self.places
            ],
        )

    def targets(self, value: Any, units: int) -> Array:
        """y with a sample a row: labels as rows of zeros with a one."""
        array = np.asarray(value)
        if self.labels:
            return np.asarray(np.eye(units)[array.astype(int).ravel()])
        if (
            array.ndim == 2
            and array.shape[0 if not self.columns else 1] != self.samples
            and array.size % self.samples == 0
        ):
            return np.asarray(array, dtype=np.float64).reshape(self.samples, -1)
        return self.rows(array)

    def x(self, step: TrainingStep) -> Array:
        """X of the step."""
        return self.rows(step.nodes[self.X].value)

    def t(self, step: TrainingStep) -> Array:
        """y of the step."""
        assert self.y is not None
        return self.targets(step.nodes[self.y].value, self.rows(step.nodes[self.places[-1].a].value).shape[1])


def dependencies(nodes: list[StepValue]) -> dict[StepValue, frozenset[str]]:
    """The names at the start of the step that each node is made of."""
    found: dict[StepValue, frozenset[str]] = {}
    for node in nodes:
        if node.op == "leaf":
            found[node] = frozenset([node.names[0][1]]) if node.names else frozenset()
        else:
            found[node] = frozenset().union(*[found.get(parent, frozenset()) for parent in node.parents])
    return found


def recognised(step: TrainingStep, whole: FirstStep) -> Network:
    """The network of a step that ran at least through its forward pass.

    `whole` tells where the arrays come from that there are before it.

    Raises:
        UserError: no layer is found, or one whose activation is not known.
    """
    found = first = _Recogniser(step, whole).network()
    while found.y is None:  # a forward pass that is only printed; the one that trains may come behind it
        try:
            found = _Recogniser(step, whole).network(found.places[0].product + 1)
        except UserError:
            return first
    return found


class _Recogniser:
    def __init__(self, step: TrainingStep, whole: FirstStep) -> None:
        self.step, self.whole = step, whole
        self.needs = dependencies(step.nodes)
        self.changed = {name for name in step.changed if np.asarray(step.after.get(name)).dtype.kind == "f"}
        self.data: set[str] = set()
        self.left = self._weights_on_the_left()

    def network(self, begin: int = 0) -> Network:
        """The network whose first product is at `begin` among the nodes, or behind it."""
        found: Network | None = None
        used: set[str] = set()
        forward: frozenset[str] = frozenset()
        for node in self.step.nodes:
            if node.op != "dot" or len(node.parents) != 2 or node.order < begin:
                continue
            pick = self._weight(node, used)
            if pick is None:
                continue
            name, transposed, right, other = pick
            if found is None:
                if self.needs.get(other, frozenset()) & self.changed:
                    continue
                found = self._start(other, columns=not right)
                forward = self.needs[other]
            elif not self.needs[other] <= forward or not self._continues(found, other):
                continue
            used.add(name)
            forward |= {name}
            bias = self._bias(node)
            z = node if bias is None else bias[0]
            if bias is not None:
                forward |= {bias[1]}
            columns = not right
            held = None if bias is None else bias[1]
            place = PlacedLayer(
                name, columns != transposed, node.order, z.order, z.order, LINEAR, held, name not in self.changed
            )
            found.places.append(place)
            self._activation(found, place, z, forward)
        if found is None:
            hint = "A layer is a product such as `X.dot(W)` inside the loop."
            raise UserError("value", "No layer was found: no product of data with weights.", hint=hint)
        self._target(found, forward)
        found.names = [place.weight for place in found.places] + [p.bias for p in found.places if p.bias]
        return found

    def _weights_on_the_left(self) -> bool:
        """Whether the first product of weights that are trained has them on the left, as samples in columns need."""
        for node in self.step.nodes:
            if node.op == "dot" and len(node.parents) == 2:
                sides = [leaf is not None and leaf[0] in self.changed for leaf in map(self._leaf, node.parents)]
                if any(sides):
                    return sides[0] and not sides[1]
        return False

    def _leaf(self, node: StepValue) -> tuple[str, bool] | None:
        """The name of a leaf, and whether it is transposed."""
        if node.op == "leaf" and node.names:
            return node.names[0][1], False
        if node.op == "transpose" and node.parents[0].op == "leaf" and node.parents[0].names:
            return node.parents[0].names[0][1], True
        return None

    def _weight(self, node: StepValue, used: set[str]) -> tuple[str, bool, bool, StepValue] | None:
        """The weight of a product: its name, whether transposed, whether on the right, and the other operand."""
        left, right = node.parents
        options = []
        for on_right, operand, other in ((True, right, left), (False, left, right)):
            leaf = self._leaf(operand)
            if leaf is None or leaf[0] in used or leaf[0] in self.data:
                continue
            if leaf[0] in self.changed:
                options.append((0 if on_right else 1, leaf, on_right, other))
            elif self._drawn(leaf[0]):
                options.append((2 if on_right != self.left else 3, leaf, on_right, other))
        if not options:
            return None
        _, (name, transposed), on_right, other = min(options, key=lambda option: option[0])
        return name, transposed, on_right, other

    def _drawn(self, name: str) -> bool:
        """Whether an array comes from random numbers."""
        made = self.whole.made(name)
        return made is not None and any(node.op in DRAWS for node in made_of([made]))

    def _start(self, other: StepValue, columns: bool) -> Network:
        shape = other.shape
        samples = 1 if len(shape) < 2 else shape[1 if columns else 0]
        names = self.needs[other]
        self.data |= names
        return Network(columns and len(shape) > 1, samples, [], other.order, next(iter(sorted(names)), ""))

    def _continues(self, found: Network, other: StepValue) -> bool:
        last = self.step.nodes[found.places[-1].a]
        if np.array_equal(found.rows(other.value), found.rows(last.value)):
            return True
        if other.order > last.order and last.order in {n.order for n in made_of([other])}:
            shown = f"line {other.line}" if other.line else "there"
            message = "What enters this layer is not the one before through an activation that is known here."
            raise self._unknown(message, f"{KNOWN} It is made in {shown}.", other.line)
        return False

    def _bias(self, product: StepValue) -> tuple[StepValue, str] | None:
        for node in self.step.nodes[product.order + 1 :]:
            if node.op == "add" and product in node.parents and len(node.args) == 2:
                other = node.args[1] if node.args[0] is product else node.args[0]
                if isinstance(other, StepValue) and len(self.needs[other]) == 1 and node.shape == product.shape:
                    name = next(iter(self.needs[other]))
                    if other.op == "leaf" and name not in self.data:
                        return node, name
        return None

    def _activation(self, found: Network, place: PlacedLayer, z: StepValue, forward: frozenset[str]) -> None:
        rows = found.rows(z.value)
        for node in self.step.nodes[z.order + 1 :]:
            if node.shape != z.shape or not self.needs[node] <= forward or z not in made_of(node.parents):
                continue
            activation = identified(rows, found.rows(node.value))
            if activation is not None and activation is not LINEAR:
                place.a, place.activation = node.order, activation
                return

    def _target(self, found: Network, forward: frozenset[str]) -> None:
        output = self.step.nodes[found.places[-1].a]
        reached = {output}
        for node in self.step.nodes[output.order + 1 :]:
            if not any(parent in reached for parent in node.parents):
                continue
            reached.add(node)
            for parent in node.parents:
                names = self.needs[parent] - forward
                if node.op == "sub" and self.needs[parent] <= self.data:
                    names = self.needs[parent]  # a network that is to give back what it is given
                if parent not in reached and names and not names & self.changed and parent.value is not None:
                    size, shape = np.size(parent.value), np.shape(parent.value)
                    whole = np.asarray(parent.value).dtype.kind in "iu" and len(shape) == 1
                    units = output.shape[-1] if len(output.shape) > 1 else 1
                    if size == np.size(output.value) or (whole and size == found.samples and units > 1):
                        found.y, found.target = parent.order, next(iter(sorted(names)))
                        found.labels = size != np.size(output.value)
                        self._linear(found, node, reached)
                        return

    def _linear(self, found: Network, node: StepValue, reached: set[StepValue]) -> None:
        """Refuse an output that is neither z nor what a known activation makes of it."""
        last = found.places[-1]
        inside = [parent for parent in node.parents if parent in reached and np.ndim(parent.value)]
        z = self.step.nodes[last.z].value
        if last.activation is LINEAR and inside and not any(np.array_equal(p.value, z) for p in inside):
            raise self._unknown("The output comes from an activation that is not known here.", KNOWN, node.line)

    def _unknown(self, message: str, hint: str, line: int) -> UserError:
        if not line:
            return UserError("value", message, hint=hint)
        return UserError("value", f"Line {line}: {message}", hint=hint, span=self.whole.program.line(line))
