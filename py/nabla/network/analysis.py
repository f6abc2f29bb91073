"""All that is known of a program before it is trained: its network, its gradient, its slips, its proofs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.network.follow import Node
from nabla.network.machine import Problem, Texts
from nabla.network.model import Array, Layers, Loss, gradients, loss_of
from nabla.network.proof import Proof, prove
from nabla.network.rate import rate_of, updates
from nabla.network.recognise import Network, dependencies, recognised
from nabla.network.script import Probe, Script, Step
from nabla.network.wrong import Taken, Verdict, judged

TRIES = 6  # of random weights
PROVEN = 120_000  # operations of a step times elements varied


@dataclass
class Analysis:
    """A program read as a network.

    Attributes:
        step: its first step, from its own weights.
        taken: that step as differences of weights.
        rate: what the updates multiply by, None when they differ or there are none; `rate_place` its expression.
        loss_scale: of the loss that the program computes, beside the plain sum; `loss` that loss, if it does.
        verdict: None when the program never changes a weight, or stopped before it did.
        proofs: of the program's own step, by weight; `errors` of the gradient computed here.
    """

    script: Script
    probe: Probe
    step: Step
    network: Network
    rate: float | None = None
    rate_place: ast.expr | None = None
    loss: Loss | None = None
    loss_scale: float | None = None
    taken: Taken | None = None
    verdict: Verdict | None = None
    proofs: dict[str, Proof] = field(default_factory=dict)
    truths: dict[str, Proof] = field(default_factory=dict)

    @property
    def layers(self) -> Layers:
        """The network with the weights it starts from."""
        return self.network.layers(self.step.before)

    @property
    def learns(self) -> bool:
        """Whether any weight is changed by the step."""
        return any(not place.frozen for place in self.network.places)


def analysed(script: Script, texts: Texts, seed: int, loss: Loss | None = None, forced: int | None = None) -> Analysis:
    """The program's first step, its network, and what its backward pass is.

    Raises:
        Problem: something is not understood, or no network is found.
        Raised: the program fails before its first step.
    """
    with np.errstate(all="ignore"):
        probe = Probe(script, texts, seed, forced)
        step = probe.step()
        if step.raised is not None and step.raised.kind == "MemoryError":  # a limit of ours, not the program's mistake
            raise step.raised
        _finite(script, step)
        try:
            network = _somewhere(probe, step)
        except Problem:
            if step.raised is None:
                raise
            raise step.raised from None
        found = Analysis(script, probe, step, network)
        if not found.network.x(step).size:
            raise Problem("value", "There are no samples: X is empty.", "Give it a row for each.", script.loop)
        # Again from random weights: at zeros, or where all z are positive, one activation looks like another.
        network = found.network = recognised(probe.step(scattered(found, 100)), probe.made)
        if network.y is None:
            return found
        found.loss, found.loss_scale = _own_loss(found)
        _rates(found)
        if step.raised is not None or not found.learns:
            return found
        chosen = loss or found.loss
        losses: list[Loss] = [chosen] if chosen else _losses(network)
        found.taken = _taken(found, step)
        found.verdict = judged(_elsewhere(found), losses, found.loss_scale)
        return found


def _somewhere(probe: Probe, step: Step) -> Network:
    """The network of the first step; from shifted weights where those it starts from, zeros for instance, hide it.

    Raises:
        Problem: no network is found.
    """
    try:
        return recognised(step, probe.made)
    except Problem:
        random = np.random.RandomState(7)
        floats = {n: np.asarray(step.before[n]) for n in step.changed if n in step.before}
        moved = {n: v + 0.3 * random.standard_normal(v.shape) for n, v in floats.items() if v.dtype.kind == "f"}
        if step.raised is not None or not moved:
            raise
        return recognised(probe.step(moved), probe.made)


def _finite(script: Script, step: Step) -> None:
    """Refuse weights that start as no numbers.

    Raises:
        Problem: at the line that makes them.
    """
    for name in step.before:
        if np.asarray(step.before[name]).dtype.kind == "f" and not np.isfinite(step.before[name]).all():
            made = updates(script.before, name)
            message = f"`{name}` holds values that are no finite numbers before the first step."
            raise Problem("value", message, "Nothing can be learned from them.", made[-1] if made else None)


def _losses(network: Network) -> list[Loss]:
    name = network.places[-1].activation.name
    if name == "softmax":
        return ["cross-entropy", "squares"]
    return ["squares", "cross-entropy"] if name == "sigmoid" else ["squares"]


def _taken(found: Analysis, step: Step) -> Taken:
    network = found.network
    steps, biases = [], []
    for k, place in enumerate(network.places):
        before, after = (network.weight(k, arrays[place.weight]) for arrays in (step.before, step.after))
        steps.append(before - after)
        name = place.bias
        biases.append(None if name is None else np.reshape(step.before[name] - step.after[name], (1, -1)))
    return Taken(network.layers(step.before), network.x(step), network.t(step), steps, biases, found.rate)


def _elsewhere(found: Analysis) -> Taken:
    """The step from random weights, where no coincidence of the program's own start is left."""
    best = found.taken
    assert best is not None
    for seed in range(TRIES):
        step = found.probe.step(scattered(found, seed))
        if step.raised is not None:
            continue
        taken = _taken(found, step)
        truth, _, deltas = gradients(taken.layers, taken.X, taken.y, "squares")
        alive = all(np.count_nonzero(delta) > delta.size / 8 for delta in deltas)
        if all(np.isfinite(part).all() for part in (*truth, *taken.steps)):
            best = taken
            if alive:
                break
    return best


def scattered(found: Analysis, seed: int) -> dict[str, Array]:
    """Random weights of the program's shapes under its names, not saturating."""
    random, network = np.random.RandomState(1000 + seed), found.network
    size = float(np.sqrt(np.mean(network.x(found.step) ** 2))) or 1.0
    made: dict[str, Array] = {}
    for k, place in enumerate(network.places):
        shape = np.shape(found.step.before[place.weight])
        spread = 1.5 / np.sqrt(max(network.weight(k, found.step.before[place.weight]).shape[0], 1))
        made[place.weight] = random.standard_normal(shape) * spread / (max(size, 1.0) if k == 0 else 1.0)
        if place.bias is not None:
            made[place.bias] = 0.3 * random.standard_normal(np.shape(found.step.before[place.bias]))
    return made


def _own_loss(found: Analysis) -> tuple[Loss | None, float | None]:
    """The loss that the program itself computes, and its factor beside the plain sum: the same at two places."""
    network, first = found.network, found.step
    second = found.probe.step(scattered(found, 50))
    output = network.places[-1].a
    best: tuple[Loss | None, float | None] = (None, None)
    needs = dependencies(first.nodes)
    for node, other in zip(first.nodes, second.nodes, strict=False):
        if node.order <= output or np.ndim(node.value) != 0 or network.target not in needs[node]:
            continue
        for kind in ("squares", "cross-entropy"):
            ratios = [_ratio(network, step, kind, n) for step, n in ((first, node), (second, other))]
            a, b = ratios
            if a is not None and b is not None and a > 0 and abs(a - b) <= 1e-7 * abs(a):
                best = (kind, a)
    return best


def _ratio(network: Network, step: Step, kind: Any, node: Node) -> float | None:
    last = network.places[-1]
    plain = loss_of(kind, network.rows(step.nodes[last.a].value), network.t(step), last.activation)
    value = float(node.value)
    return value / plain if np.isfinite(plain) and plain > 0 and np.isfinite(value) else None


def _rates(found: Analysis) -> None:
    rates = []
    for place in found.network.places:
        for statement in updates(found.script.step.body, place.weight)[:1]:
            rate, where = rate_of(statement, place.weight, found.step.seen)
            rates.append(rate)
            found.rate_place = found.rate_place or where
    if rates and max(rates) == min(rates):
        found.rate = rates[-1]


def own_gradients(found: Analysis) -> list[Array]:
    """The gradient that the program's step stands for: what it took, over rate and factor of its loss."""
    taken, verdict = found.taken, found.verdict
    assert taken is not None and verdict is not None
    scale = (found.rate or 1.0) * abs(nominal(verdict.factor, taken) or 1.0)
    weights = taken.layers.weights
    return [(step - verdict.decay * weight) / scale for step, weight in zip(taken.steps, weights, strict=True)]


def nominal(factor: float | None, taken: Taken) -> float | None:
    """The factor as one of those that conventions have (1, 2, 1/N, ...), where it is one to rounding."""
    if factor is None:
        return None
    samples, size = taken.X.shape[0], taken.y.size
    for usual in (1.0, 2.0, 1 / samples, 2 / samples, 1 / size, 2 / size, 0.5):
        if abs(abs(factor) / usual - 1) < 1e-6:
            return usual if factor > 0 else -usual
    return factor


def prove_all(found: Analysis) -> None:
    """Check the program's own gradient, and the one computed here, on the program's own forward pass."""
    network, verdict = found.network, found.verdict
    if network.y is None:
        return
    kind: Loss = verdict.loss if verdict else _losses(network)[0]
    last = network.places[-1]
    target = network.t(found.step)
    start: Mapping[str, Any] = {name: found.step.before[name] for name in network.names}
    layers = found.layers
    truth, _, _ = gradients(layers, network.x(found.step), target, kind)
    own = own_gradients(found) if verdict is not None and not verdict.adaptive else None
    for k, place in enumerate(network.places):

        def loss(weight: Array, k: int = k, name: str = place.weight) -> float:
            moved = network.unweight(k, weight, start[name])
            step = found.probe.step({**start, name: moved}, last.a)
            return loss_of(kind, network.rows(step.nodes[last.a].value), target, last.activation)

        found.truths[place.weight] = prove(loss, layers.weights[k], truth[k])
        if own is not None:
            found.proofs[place.weight] = prove(loss, layers.weights[k], own[k])
