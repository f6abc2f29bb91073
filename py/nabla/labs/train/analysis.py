"""All that is known of a program before it is trained: its network, its gradient, its slips, its proofs."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from nabla.errors import UserError
from nabla.labs.train.probe import StepProbe
from nabla.labs.train.rates import rate_of
from nabla.labs.train.recognise import Network, dependencies, recognised
from nabla.labs.train.training_step import FirstStep, StepValue, TrainingStep, fitting, updates
from nabla.network.model import Array, Layers, Loss, gradients, loss_of
from nabla.network.proof import Proof, prove
from nabla.network.wrong import Taken, Verdict, judged
from nabla.program.made import TracedValue
from nabla.program.replay import Replay, Untraced
from nabla.program.source import read, refuse

TRIES = 6  # of random weights


@dataclass
class Analysis:
    """A program read as a network.

    Attributes:
        first: its first step, to be taken from any weights; `step` the one from its own.
        taken: that step as differences of weights.
        rate: what the updates multiply by, None when they differ or there are none; `rate_places` its expressions.
        loss_scale: of the loss that the program computes, beside the plain sum; `loss` that loss, if it does.
        verdict: None when the program never changes a weight, or stopped before it did.
        proofs: of the program's own step, by weight; `errors` of the gradient computed here.
    """

    first: FirstStep
    step: TrainingStep
    network: Network
    rate: float | None = None
    rate_places: list[ast.expr] = field(default_factory=list)
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


def analyse(text: str, seed: int, loss: Loss | None = None, forced: int | None = None) -> Analysis:
    """A program and its analysis.

    Raises:
        UserError: what cannot be read or is no network, at its line.
    """
    return analysed(StepProbe(read(text), seed, forced=forced), loss)


def analysed(probe: StepProbe, loss: Loss | None = None) -> Analysis:
    """The first step of a program, its network, and what its backward pass is.

    Raises:
        UserError: something is not understood, no network is found, or the program fails before its first step.
    """
    if probe.loop is None and probe.first.raised is not None:
        _failed(probe)
    with np.errstate(all="ignore"):
        first = FirstStep(probe)
        step = first.take()
        _finite(first, step)
        try:
            network = _somewhere(first, step)
        except UserError:
            if step.raised is None:
                raise
            _failed(probe, fitting(step.failed))
        found = Analysis(first, step, network)
        if not found.network.x(step).size:
            message, hint = "There are no samples: X is empty.", "Give it a row for each."
            raise refuse(first.program, first.loop, message, hint, "value")
        # Again from random weights: at zeros, or where all z are positive, one activation looks like another.
        network = found.network = recognised(first.take(scattered(found, 100)), first)
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


def _failed(probe: StepProbe, hint: str = "") -> NoReturn:
    """A program that raises before anything can be said of it.

    Raises:
        UserError: always, at the line.
    """
    raised = probe.first.raised
    assert raised is not None
    message = f"Line {raised.line} raises {raised.kind}: {raised.message.strip()}"
    span = probe.program.line(raised.line)
    raise UserError("value", message, hint=hint or "It stops before its first step.", span=span)


def _somewhere(first: FirstStep, step: TrainingStep) -> Network:
    """The network of the first step; from shifted weights where those it starts from, zeros for instance, hide it.

    Raises:
        UserError: no network is found.
    """
    try:
        return recognised(step, first)
    except UserError:
        random = np.random.RandomState(7)
        floats = {n: np.asarray(step.before[n]) for n in step.changed if n in step.before}
        moved = {n: v + 0.3 * random.standard_normal(v.shape) for n, v in floats.items() if v.dtype.kind == "f"}
        if step.raised is not None or not moved:
            raise
        return recognised(first.take(moved), first)


def _finite(first: FirstStep, step: TrainingStep) -> None:
    """Refuse weights that start as no numbers.

    Raises:
        UserError: at the line that makes them.
    """
    for name in step.before:
        if np.asarray(step.before[name]).dtype.kind == "f" and not np.isfinite(step.before[name]).all():
            made = updates(first.before, name)
            message = f"`{name}` holds values that are no finite numbers before the first step."
            if made:
                raise refuse(first.program, made[-1], message, "Nothing can be learned from them.", "value")
            raise UserError("value", message, hint="Nothing can be learned from them.")


def _losses(network: Network) -> list[Loss]:
    name = network.places[-1].activation.name
    if name == "softmax":
        return ["cross-entropy", "squares"]
    return ["squares", "cross-entropy"] if name == "sigmoid" else ["squares"]


def _taken(found: Analysis, step: TrainingStep) -> Taken:
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
        step = found.first.take(scattered(found, seed))
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
    second = found.first.take(scattered(found, 50))
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


def _ratio(network: Network, step: TrainingStep, kind: Any, node: StepValue) -> float | None:
    last = network.places[-1]
    plain = loss_of(kind, network.rows(step.nodes[last.a].value), network.t(step), last.activation)
    value = float(node.value)
    return value / plain if np.isfinite(plain) and plain > 0 and np.isfinite(value) else None


def _rates(found: Analysis) -> None:
    rates = []
    network = found.network
    weights = [place.weight for place in network.places]
    for name in [*weights, *(place.bias for place in network.places if place.bias)]:
        for statement in found.first.updates(name)[:1]:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
                continue
            rate, where = rate_of(statement, found.step.seen)
            rates += [rate] if name in weights else []
            found.rate_places += [] if where is None else [where]
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
    target = network.t(found.step)
    layers = found.layers
    truth, _, _ = gradients(layers, network.x(found.step), target, kind)
    own = own_gradients(found) if verdict is not None and not verdict.adaptive else None
    for k, place in enumerate(network.places):
        output = _output_of(found, k)

        def loss(weight: Array, output: Any = output) -> float:
            return loss_of(kind, network.rows(output(weight)), target, network.places[-1].activation)

        found.truths[place.weight] = prove(loss, layers.weights[k], truth[k])
        if own is not None:
            found.proofs[place.weight] = prove(loss, layers.weights[k], own[k])


def _output_of(found: Analysis, k: int) -> Callable[[Array], Any]:
    """The output of the program's own forward pass with other weights of one layer."""
    network, step = found.network, found.step
    name, last = network.places[k].weight, step.nodes[network.places[-1].a].traced
    leaf, start = step.leaf(name), step.before[name]
    assert last is not None and leaf is not None and leaf.traced is not None
    try:
        replay = Replay([last], [leaf.traced], found.first.turn.first)
    except Untraced:
        return lambda weight: np.full(np.shape(last.value), np.nan)
    moved: TracedValue = leaf.traced
    return lambda weight: replay({moved: network.unweight(k, weight, start)})[0]
