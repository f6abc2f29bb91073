"""What else is the matter with a training whose gradient is right: constant terms, steps, rate, start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.answer.document import Document, Note
from nabla.labs.train.analysis import Analysis, nominal
from nabla.labs.train.blocks import solved, sorts
from nabla.labs.train.training import Training
from nabla.labs.train.training_step import updates
from nabla.network.counterfactual import affordable, descended, has_constant, largest_rate, loss_at, with_biases
from nabla.network.model import Layers, classified

MORE = 10  # times as many steps are tried


@dataclass(frozen=True)
class TrainingFinding:
    """A finding that is not about the gradient: its kind, its line, and a sentence."""

    kind: str
    line: int | None
    text: str


def remarks(found: Analysis, training: Training) -> list[TrainingFinding]:
    """What the training lacks, each tried: the same network from the same start, with that one thing changed."""
    verdict, taken = found.verdict, found.taken
    if verdict is None or taken is None or verdict.kind == "wrong" or not training.moments:
        return []
    made = _zeros(found)
    plain = not verdict.adaptive and not verdict.decay and found.rate is not None
    if not plain or found.network.samples != training.X.shape[0] or training.network is None:
        return made
    rate = (found.rate or 1.0) * abs(nominal(verdict.factor, taken) or 1.0)
    if training.ended == "diverged":
        return [*made, *_rate(found, training, rate)]
    if training.ended not in ("", "break") or not training.done or _settled(training):
        return made
    return [*made, *(_constant(found, training, rate) or _more(found, training, rate))]


def _settled(training: Training) -> bool:
    """Whether nothing is left to do: every sample of a classification is on its side."""
    return sorts(training) and solved(training)


def _line(found: Analysis, k: int = 0) -> int | None:
    made = found.first.updates(found.network.places[k].weight)
    return made[0].lineno if made else None


def _is_sorted(layers: Layers, training: Training) -> bool:
    return classified(layers.forward(training.X)[1][-1], training.y)


def _constant(found: Analysis, training: Training, rate: float) -> list[TrainingFinding]:
    """A constant term in no layer, where one helps."""
    if any(place.bias for place in found.network.places) or has_constant(training.X) or found.verdict is None:
        return []
    X, y, loss = training.X, training.y, found.verdict.loss
    steps = affordable(found.layers, X, training.done)
    own = loss_at(descended(found.layers, X, y, loss, rate, steps), X, y, loss)
    other = descended(with_biases(found.layers), X, y, loss, rate, steps)
    better = loss_at(other, X, y, loss)
    if not better < 0.5 * own:
        return []
    place = found.network.places[0]
    line = found.step.nodes[place.product].line
    text = (
        "There is no constant term: no layer has a bias, and no column of the samples is constant"
        f"{', so the output for a sample of zeros is always the same' if len(found.network.places) > 1 else ''}. "
        f"With biases that start at 0, the same start and {steps:,} steps, the loss comes to {better:.3g} in place of "
        f"{own:.3g}" + (", and every sample is on its side" if sorts(training) and _is_sorted(other, training) else "")
    )
    return [
        TrainingFinding("missing-intercept", line, f"{text}. Add a bias to each layer, or a column of ones to the data")
    ]


def _more(found: Analysis, training: Training, rate: float) -> list[TrainingFinding]:
    """Too few steps, where going on helps."""
    assert found.verdict is not None and training.network is not None
    last = training.moments[-1]
    if last.arrays is None:
        return []
    X, y, loss = training.X, training.y, found.verdict.loss
    now = training.network.layers(last.arrays)
    before = loss_at(now, X, y, loss)
    reached, taken, total = now, 0, affordable(now, X, (MORE - 1) * training.done)
    classes = sorts(training)
    while taken < total:
        part = min(max(training.done, total // 8), total - taken)
        reached = descended(reached, X, y, loss, rate, part)
        taken += part
        if classes and _is_sorted(reached, training):
            break
    after = loss_at(reached, X, y, loss)
    if not after < (0.6 if classes else 0.8) * before:
        return []
    sides = ", with every sample on its side" if classes and _is_sorted(reached, training) else ""
    text = (
        f"There are too few steps: after {training.done:,} the loss is {before:.3g} and still falls; after "
        f"{training.done + taken:,} it is {after:.3g}{sides}. More steps, or a larger rate, is all it needs"
    )
    return [TrainingFinding("too-few-steps", found.first.step.lineno, text)]


def _rate(found: Analysis, training: Training, rate: float) -> list[TrainingFinding]:
    """A rate that is too large, with one that is not, and scales of columns that make it so."""
    assert found.verdict is not None
    X, y, loss, layers = training.X, training.y, found.verdict.loss, found.layers
    last = found.network.places[-1].activation.name
    made: list[TrainingFinding] = []
    bound = ""
    if len(layers.weights) == 1 and last == "linear" and loss == "squares":
        share = rate / (found.rate or 1.0)
        limit = largest_rate(X, layers.biases[0] is not None) / share
        bound = rf": steps settle only below $2 / \lambda_{{\max}} = {limit:.4g}$, and the rate is {found.rate:g}"
    start, tried = loss_at(layers, X, y, loss), rate
    for _ in range(30):
        tried /= 3
        end = loss_at(descended(layers, X, y, loss, tried, affordable(layers, X, 200)), X, y, loss)
        if np.isfinite(end) and end < start:
            break
    scale = tried / rate * (found.rate or 1.0)
    text = f"The rate is too large{bound}; with {scale:.2g} the loss falls"
    made.append(TrainingFinding("rate-too-large", _line(found), text))
    sizes = np.sqrt(np.mean(X**2, axis=0))
    if sizes.min() > 0 and sizes.max() > 30 * sizes.min():
        text = (
            f"The columns differ in size by a factor of {sizes.max() / sizes.min():,.0f}, so one rate cannot fit all. "
            "Take the mean off each column and divide it by its standard deviation"
        )
        made.append(TrainingFinding("unscaled-features", None, text))
    return made


def _zeros(found: Analysis) -> list[TrainingFinding]:
    """Hidden layers whose units start alike, and so stay alike."""
    for k, weight in enumerate(found.layers.weights[:-1]):
        after = found.layers.weights[k + 1]
        if weight.shape[1] > 1 and np.ptp(weight, axis=1).max() == 0 and np.ptp(after, axis=0).max() == 0:
            name = found.network.places[k].weight
            text = (
                f"All units of layer {k + 1} start with the same weights `{name}`, so each gets the same gradient and "
                "they stay alike: the layer works as one unit. Draw the weights at random"
            )
            made = updates(found.first.before, name)
            return [TrainingFinding("zero-init", made[-1].lineno if made else None, text)]
    return []


def say(document: Document, made: list[TrainingFinding]) -> None:
    """Add what was found to a document."""
    for item in made:
        where = f"Line {item.line}: " if item.line else ""
        text = item.text[:1].lower() + item.text[1:] if where else item.text
        document.add(Note(f"{where}{text}.", "warning"))
    document.values["findings"] = [{"kind": item.kind, "line": item.line} for item in made]
