"""Backward passes that go wrong in known ways: what each makes of delta, and which of them a program's steps show.

A layer's delta is the error that arrives times the slope of its activation. Each slip changes one of the two; a pass is
named by the slips whose gradients are, up to a factor, those that the program's step took.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nabla.network.model import Array, Layers, Loss, cosine, gradients, output_delta

# Every slip by its id, and the sentence that says it. {k} is the layer, {after} the next one, {w} the weight between.
SLIPS: dict[str, str] = {
    "asker": "the gradient of the weights, $a_{k}^\\top \\delta_{after}$, stands where the error is carried back, "
             "$\\delta_{after} {w}^\\top$",
    "no-derivative": "the slope $f'(z_{k})$ of the activation is left out of $\\delta_{k}$",
    "derivative-of-output": "the slope is taken at $a_{k}$ as if that were $z_{k}$",
    "derivative-at-z": "the slope is written for the output, $a_{k}$, and fed with $z_{k}$",
    "missing-transpose": "the error is carried back by ${w}$ in place of ${w}^\\top$",
    "error-for-delta": "the bare error, not $\\delta_{after}$, is carried back",
    "sign": "the step goes up the gradient: its sign is wrong",
    "update-before-use": "${w}$ is updated before the error is carried back through it",
    "frozen": "the weights are never updated",
    "missing-mean": "the sum over the samples is not divided by their number",
    "sign-of-weights": "only the signs of ${w}$ carry the error back",
    "softmax-diagonal": "only the diagonal of the softmax's Jacobian is used",
    "scale": "its step has another length than the gradient of the other layers asks for",
    "missing-axis": "the sum for the bias runs over the units as well as over the samples",
    "unnamed": "it is none of the mistakes known here",
}  # fmt: skip


@dataclass
class LayerSlip:
    """A slip at a layer (counted from 1; 0 for the whole network), of its weights or of its bias."""

    slip: str
    layer: int
    bias: bool = False


@dataclass
class Verdict:
    """What a step does beside the gradient.

    Attributes:
        kind: "right"; "scaled" (right but for one factor); "wrong"; "unchecked".
        loss: the loss whose gradient it is nearest to.
        factor: the step of the output's weights over rate times that gradient; None without one.
        decay: of the weights, beside the gradient.
        cosines: of each layer's step and of the gradient, `whole` of all together.
        deltas: of the layers as the program has them, up to a factor.
        adaptive: whether the first step is only the sign of the gradient, as that of Adam and its like.
    """

    kind: str
    loss: Loss
    findings: list[LayerSlip] = field(default_factory=list)
    factor: float | None = None
    decay: float = 0.0
    cosines: list[float] = field(default_factory=list)
    whole: float = float("nan")
    deltas: dict[int, Array] = field(default_factory=dict)
    adaptive: bool = False


def slopes(layers: Layers, k: int, z: Array, a: Array) -> Iterator[tuple[str, Array]]:
    """The slope of layer k, right and wrong."""
    activation = layers.activations[k - 1]
    yield "", activation.slope(z)
    if activation.name != "linear":
        yield "no-derivative", np.ones_like(z)
        yield "derivative-of-output", activation.slope(a)
        if activation.by_value is not None:
            yield "derivative-at-z", activation.by_value(z)


def signals(layers: Layers, k: int, a: Array, delta: Array, error: Array, moved: Array) -> Iterator[tuple[str, Array]]:
    """What arrives at layer k from the next, right and wrong; `moved` are the weights between after their update."""
    weight = layers.weights[k]
    last = k + 1 == len(layers.weights)
    yield "", delta @ weight.T
    yield "update-before-use", delta @ moved.T
    if last and delta is not error:
        yield "error-for-delta", error @ weight.T
    yield "asker", a.T @ delta
    if delta.shape[1] == weight.shape[0]:
        yield "missing-transpose", delta @ weight
    if weight.shape[1] == weight.shape[0]:
        yield "missing-transpose", delta @ weight
    yield "sign-of-weights", delta @ np.sign(weight).T


def outputs(layers: Layers, z: Array, a: Array, y: Array, loss: Loss) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Delta of the last layer, right and wrong."""
    activation = layers.activations[-1]
    error = a - y
    yield (), output_delta(loss, activation, z, a, y)
    if activation.name == "softmax" and loss == "squares":
        yield ("softmax-diagonal",), error * activation.slope(z)
    for slip, slope in slopes(layers, len(layers.weights), z, a):
        if slip or loss == "cross-entropy":
            name = slip or ("extra-derivative" if activation.name != "linear" else "")
            yield (name,) if name else (), error * slope


def hidden(
    layers: Layers, k: int, z: Array, a: Array, delta: Array, error: Array, moved: Array
) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Delta of hidden layer k, right and wrong, those with fewer slips first."""
    if layers.activations[k - 1].name == "softmax":
        back = delta @ layers.weights[k].T
        yield (), a * (back - np.sum(back * a, axis=1, keepdims=True))
        return
    made: list[tuple[tuple[str, ...], Array]] = []
    for slip, signal in signals(layers, k, a, delta, error, moved):
        for other, slope in slopes(layers, k, z, a):
            names = tuple(name for name in (slip, other) if name)
            try:
                value = signal * slope
            except ValueError:
                continue
            if value.shape == a.shape:
                made.append((names, value))
    yield from sorted(made, key=lambda pair: len(pair[0]))


SLIPS["extra-derivative"] = "the slope $f'(z_{k})$ is there although the loss has already taken it away"


def parallel(step: Array, gradient: Array, tolerance: float) -> float | None:
    """The factor by which the step is the gradient, None when it is not."""
    size = float(np.vdot(gradient, gradient))
    if not size or not np.isfinite(size) or not np.isfinite(step).all():
        return None
    factor = float(np.vdot(gradient, step)) / size
    rest = float(np.linalg.norm(step - factor * gradient))
    return factor if factor and rest <= tolerance * float(np.linalg.norm(step)) else None


@dataclass(frozen=True)
class Taken:
    """A step as taken: the layers before it, X and y, what it took from each weight and bias, and what it did to them.

    `steps` are before minus after; `rate` what the program multiplies the gradient by, None when it is not told.
    """

    layers: Layers
    X: Array
    y: Array
    steps: Sequence[Array]
    biases: Sequence[Array | None]
    rate: float | None


def judged(taken: Taken, losses: Sequence[Loss], scale: float | None = None) -> Verdict:
    """The step against the gradient of the first loss that it fits, else of the first, with its slips named.

    `scale` is the factor of the loss that the program itself computes, if it does, beside 1/2 Σ (a - y)² or the
    cross-entropy's plain sum.
    """
    verdicts = [_judged(taken, loss) for loss in losses]
    best = next((v for v in verdicts if not v.findings), None) or min(verdicts, key=lambda v: len(v.findings))
    _scaled(best, taken, scale)
    return best


def _tolerance(taken: Taken, k: int) -> float:
    """How far rounding can turn the step of a weight: it was taken as a difference of numbers of the weight's size."""
    size = float(np.linalg.norm(taken.steps[k]))
    return 1e-9 + (1e-15 * float(np.linalg.norm(taken.layers.weights[k])) / size if size else 0.0) * 10


def _judged(taken: Taken, loss: Loss) -> Verdict:
    layers, X, y = taken.layers, taken.X, taken.y
    truth, _, _ = gradients(layers, X, y, loss)
    z, a = layers.forward(X)
    error = a[-1] - y
    count = len(layers.weights)
    verdict = Verdict("right", loss, cosines=[cosine([s], [g]) for s, g in zip(taken.steps, truth, strict=True)])
    verdict.whole = cosine(taken.steps, truth)
    factors: list[float | None] = [None] * count
    biases: list[float | None] = [None] * count
    delta: Array | None = None
    for k in range(count, 0, -1):
        step = taken.steps[k - 1]
        if k == count:
            options = list(outputs(layers, z[k], a[k], y, loss))
        else:
            assert delta is not None
            moved = layers.weights[k] - taken.steps[k]
            options = list(hidden(layers, k, z[k], a[k], delta, error, moved))
        if not step.any():
            verdict.findings.append(LayerSlip("frozen", k))
            delta = verdict.deltas[k] = options[0][1]
            continue
        match = _matched(a[k - 1], step, options, _tolerance(taken, k - 1))
        for names, option in options if match is None else []:
            decay = _decayed(step, a[k - 1].T @ option, layers.weights[k - 1])
            if decay is not None:
                match, verdict.decay = (names, option, decay[0]), decay[1]
                break
        if match is None and _signs(step, truth[k - 1]):
            verdict.adaptive, verdict.deltas[k] = True, options[0][1]
            delta = options[0][1]
            continue
        if match is None:
            verdict.findings.append(LayerSlip("unnamed", k))
            delta = options[0][1]
            continue
        names, delta, factors[k - 1] = match
        verdict.deltas[k] = delta
        verdict.findings += [LayerSlip(name, k) for name in names]
        biases[k - 1] = _bias(verdict, taken, k, delta, factors[k - 1])
    _lengths(verdict, factors, biases, X.shape[0])
    verdict.kind = "wrong" if verdict.findings else "right"
    return verdict


def _matched(
    before: Array, step: Array, options: list[tuple[tuple[str, ...], Array]], tolerance: float
) -> tuple[tuple[str, ...], Array, float] | None:
    for names, delta in options:
        factor = parallel(step, before.T @ delta, tolerance)
        if factor is not None:
            return names, delta, factor
    return None


def _decayed(step: Array, gradient: Array, weight: Array) -> tuple[float, float] | None:
    """The factors of a step that is the gradient and a share of the weights, None when it is not."""
    parts = np.stack([gradient.ravel(), weight.ravel()], axis=1)
    if parts.shape[0] < 3 or not np.isfinite(parts).all() or not np.isfinite(step).all():
        return None
    factors, *_ = np.linalg.lstsq(parts, step.ravel(), rcond=None)
    rest = float(np.linalg.norm(parts @ factors - step.ravel()))
    if rest > 1e-8 * float(np.linalg.norm(step)) or factors[1] <= 0 or not factors[0]:
        return None
    return float(factors[0]), float(factors[1])


def _signs(step: Array, gradient: Array) -> bool:
    """Whether a step is one length in every element, down the gradient: Adam, RMSProp and AdaGrad begin so."""
    there = np.abs(gradient) > 1e-4 * np.abs(gradient).max(initial=0.0)
    if np.count_nonzero(there) < 2:
        return False
    lengths = (step * np.sign(gradient))[there]
    return bool(lengths.min() > 0 and np.ptp(lengths) < 1e-2 * lengths.max())


def _bias(verdict: Verdict, taken: Taken, k: int, delta: Array, factor: float | None) -> float | None:
    step = taken.biases[k - 1]
    if step is None or factor is None:
        return None
    if not step.any():
        verdict.findings.append(LayerSlip("frozen", k, bias=True))
        return None
    found = parallel(step, delta.sum(axis=0, keepdims=True), 1e-7)
    if found is None:
        every = np.full_like(step, delta.sum())
        slip = "missing-axis" if step.size > 1 and parallel(step, every, 1e-7) is not None else "unnamed"
        verdict.findings.append(LayerSlip(slip, k, bias=True))
    return found


def _length_slip(ratio: float, samples: int) -> str:
    if ratio < 0:
        return "sign"
    return "missing-mean" if samples > 1 and abs(ratio / samples - 1) < 1e-6 else "scale"


def _lengths(verdict: Verdict, factors: list[float | None], biases: list[float | None], samples: int) -> None:
    """The factors of the layers beside one another: all negative, or not all the same."""
    slipped = {finding.layer for finding in verdict.findings if finding.slip in ("error-for-delta", "sign-of-weights")}
    known = [(k + 1, f) for k, f in enumerate(factors) if f is not None]
    if not known:
        return
    if all(f < 0 for _, f in known):
        verdict.findings.append(LayerSlip("sign", 0))
    every = [(k, f, False) for k, f in known] + [(k + 1, f, True) for k, f in enumerate(biases) if f is not None]
    base = verdict.factor = _usual([f for _, f, _ in every], known[-1][1])
    for k, f, bias in every:
        ratio = f / base
        if ratio < 0:
            verdict.findings.append(LayerSlip("sign", k, bias))
        elif k not in slipped and abs(ratio - 1) > 1e-6:
            if not bias and _length_slip(1 / ratio, samples) == "missing-mean":
                if not any(finding.slip == "missing-mean" for finding in verdict.findings):
                    verdict.findings.append(LayerSlip("missing-mean", len(factors)))
            else:
                verdict.findings.append(LayerSlip(_length_slip(ratio, samples), k, bias))


def _usual(factors: list[float], last: float) -> float:
    """The factor that most have: of two that as many have one that goes down, and that of the last layer."""
    return max(factors, key=lambda f: (sum(abs(f / g - 1) < 1e-6 for g in factors), f > 0, f == last))


def _scaled(verdict: Verdict, taken: Taken, scale: float | None) -> None:
    """The step's factor beside the rate, and beside the loss that the program computes."""
    if verdict.factor is None:
        return
    rate = taken.rate or 1.0
    verdict.factor = verdict.factor / rate
    if verdict.findings or scale is None or taken.rate is None:
        return
    ratio = verdict.factor / scale
    whole = taken.X.shape[0], taken.y.size
    if any(n > 1 and min(abs(ratio / n - 1), abs(2 * ratio / n - 1)) < 1e-6 for n in whole):
        verdict.findings.append(LayerSlip("missing-mean", 0))
        verdict.kind = "scaled"
