"""The numbers of a training as they are told, without the program: what a loss like this is, and what its course says.

A guess that gives C classes the same probability costs ln C; a cross-entropy that takes its softmax (or sigmoid) of
what already is one cannot come below a bound that is known. Growth by a factor an entry is what steps longer than
2 over the curvature do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from nabla.answer.document import Check, Document, Heading, Note, Plot, Prose
from nabla.answer.marks import Axis, Line, Mark
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.write.sentence import sentence

FLAT = 0.02  # relative: what counts as no change
CLASSES = (2, 3, 4, 5, 6, 8, 10, 20, 26, 50, 100, 1000)


@dataclass
class ToldSeries:
    """Numbers as they are told, and the unit of their last digit."""

    values: list[float]
    unit: float

    @property
    def finite(self) -> list[float]:
        """The numbers in front of the first that is none."""
        end = next((i for i, v in enumerate(self.values) if not math.isfinite(v)), len(self.values))
        return self.values[:end]


@dataclass
class CurveFinding:
    """What is said of a curve: its kind, the sentence, what may be behind it, and a check of a number in it."""

    kind: str
    text: str
    causes: list[str] = field(default_factory=list)
    check: Check | None = None


def number_of(inputs: Inputs, name: str) -> float:
    """A number of an input; 0 where there is none."""
    try:
        return float(inputs[name].strip() or 0)
    except ValueError:
        raise UserError("value", "A number is needed here.", field=name) from None


def read_series(inputs: Inputs, name: str) -> ToldSeries | None:
    """A series of numbers of an input; None where it is empty.

    Raises:
        UserError: something in it is no number.
    """
    text = inputs[name].strip()
    if not text:
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        values = [float(part.rstrip("%")) / (100 if part.endswith("%") else 1) for part in parts]
    except ValueError:
        raise UserError("value", "Numbers are needed here, with commas between them.", field=name) from None
    digits = [
        len(part.partition(".")[2].partition("e")[0].rstrip("%"))
        for part in parts
        if math.isfinite(float(part.rstrip("%")))
    ]
    return ToldSeries(values, 10.0 ** -max(digits, default=0))


def answer(inputs: Inputs, document: Document) -> None:
    """Answer into a document whose inputs tell a curve."""
    series = {
        name: read_series(inputs, name) for name in ("losses", "validation", "accuracies", "validation_accuracies")
    }
    classes = int(inputs["classes"]) if inputs["classes"].strip().isdigit() else 0
    losses, accuracies = series["losses"], series["accuracies"]
    found: list[CurveFinding] = []
    if losses is not None:
        found += _of_losses(losses, series["validation"], classes, number_of(inputs, "goal"))
    if accuracies is not None:
        found += _of_accuracies(accuracies, series["validation_accuracies"], classes, bool(found))
    document.title = "A learning curve"
    document.values |= {
        "history": {str(i): {"loss": v} for i, v in enumerate(losses.values)} if losses is not None else {},
        "curve": {name: told.values for name, told in series.items() if told is not None},
        "findings": [{"kind": each.kind, "line": None, "text": each.text} for each in found],
    }
    document.add(*[Prose(each.text) for each in found])
    causes = list(dict.fromkeys(cause for each in found for cause in each.causes))
    if causes:
        document.add(Heading("What to look for"), *[Note(cause) for cause in causes])
        document.add(
            Note("The numbers alone do not tell which of these it is; the training loop does, pasted with them.")
        )
    document.add(*_plot(series))
    checks = [each.check for each in found if each.check is not None]
    document.add(Heading("Checked", role="checks"), *(checks or [_unchecked()]))
    document.answer = sentence(" ".join(each.text for each in found), document.values, [])


def _unchecked() -> Check:
    return Check("What is behind the numbers", "the program that made them is not here", "unchecked", test="program")


# Losses ---------------------------------------------------------------------------------------------------------------


def _of_losses(losses: ToldSeries, validation: ToldSeries | None, classes: int, goal: float) -> list[CurveFinding]:
    values = losses.finite
    broken = len(values) < len(losses.values)
    if grown := _growth(values, broken):
        return [grown]
    if broken:
        return [_suddenly(values, losses.values[len(values)])]
    if min(values) < 0:
        return [_negative(values)]
    known = _known_level(losses, classes)
    if _is_flat(values):
        return [known or _level(values)]
    if validation is not None and len(validation.finite) >= 2:
        return [_beside_validation(values, validation.finite)]
    if _alternates(values):
        return [_up_and_down(values)]
    if known is not None and _is_flat(values[len(values) // 2 :]) and len(values) >= 4:
        return [known]
    return [_falling(values, goal)]


def _growth(values: Sequence[float], broken: bool) -> CurveFinding | None:
    """A loss that grows by a factor from entry to entry, at the end at least."""
    rises = [b / a for a, b in pairwise(values) if a > 0]
    last = rises[-3:]
    if (
        len(values) < 2
        or len(last) < min(2, len(values) - 1)
        or min(last, default=0) < 1.2
        or values[-1] < 1.5 * values[0]
    ):
        return None
    low, high = min(last), max(last)
    factor = f"{low:.3g} to {high:.3g}" if high > 1.1 * low else f"{high:.3g}"
    end = ", until it is no number any more" if broken else ""
    text = (
        f"The loss grows from entry to entry, by a factor of {factor}{end}: the steps overshoot. A step longer than 2 "
        "over "
        "the curvature ends further from the minimum than it began, and the next one overshoots by more. Make the rate "
        "10 times smaller, and again, until the loss falls in the first steps."
    )
    causes = [
        "The inputs or targets are large (not scaled to about 1): the curvature grows with their squares.",
        "The loss is a sum over the samples where a mean was meant: the gradient is as many times longer.",
        "The sign of the update: a step that adds the gradient climbs. With a tiny rate the loss still rises then.",
        "Gradients that are not cleared are added up from step to step.",
    ]
    return CurveFinding("rate-too-large", text, causes)


def _suddenly(values: Sequence[float], end: float) -> CurveFinding:
    before = f"after {values[-1]:.4g}" if values else "from the first entry on"
    what = "nan" if math.isnan(end) else "infinite"
    text = (
        f"The loss is {what} {before}, and it did not grow before: that is no rate that is a little too large, but an "
        "operation without a finite value: the log of 0, 0/0, the root of a negative number or its slope at 0, exp "
        "of a "
        "large number, or nan in the data."
    )
    causes = [
        "Look for nan in the data: `np.isnan(X).any()`.",
        "A cross-entropy by hand of a probability that has become exactly 0 or 1: take the loss of the logits instead.",
        "A division by a norm or a deviation that is 0 for some sample.",
    ]
    return CurveFinding("not-finite", text, causes)


def _negative(values: Sequence[float]) -> CurveFinding:
    low = min(values)
    text = (
        f"The loss goes below 0, to {low:.4g}, and no cross-entropy and no square can: the loss is given the wrong "
        "kind of numbers."
    )
    if low >= -1.0:
        text += (
            " It does not go below -1: that is what a loss of log-probabilities (NLLLoss) gives when it gets "
            "probabilities: minus the probability itself. Give it `log_softmax`, or take CrossEntropyLoss of the "
            "logits."
        )
        return CurveFinding("missing-log", text)
    causes = [
        "Targets of a binary cross-entropy that are not between 0 and 1, as -1 and 1, or 0 to 255.",
        "Outputs that are no probabilities, as those without a sigmoid, in a cross-entropy of probabilities.",
    ]
    return CurveFinding("missing-probability", text, causes)


def _is_flat(values: Sequence[float]) -> bool:
    middle = float(np.mean(np.abs(values)))
    return bool(np.ptp(values) <= FLAT * middle) if middle else True


def _known_level(losses: ToldSeries, classes: int) -> CurveFinding | None:
    """A level that has a name: of a uniform guess, or the bound of a softmax or sigmoid that is applied twice."""
    values = losses.finite
    level = float(np.mean(values[len(values) // 2 :]))
    allowed = max(losses.unit, 0.004 * level)
    for count in [classes] if classes > 1 else CLASSES:
        guess = math.log(count)
        if abs(level - guess) <= allowed:
            return _guessing(level, count, guess, allowed)
    for count in [classes] if classes > 1 else CLASSES:
        bound = math.log1p((count - 1) / math.e)
        if abs(level - bound) <= min(allowed, 0.02) and count > 2:
            return _twice(level, count, bound, allowed)
    both = (math.log1p(1 / math.e) + math.log(2)) / 2
    if classes in (0, 2) and abs(level - both) <= min(allowed, 0.01):
        text = (
            f"{level:.4g} is what a binary cross-entropy of logits cannot come below, with as many samples of one "
            "class as "
            f"of the other, when it is given a sigmoid's output: (ln(1 + 1/e) + ln 2)/2 = {both:.4f}. It takes a "
            "sigmoid "
            "itself (BCEWithLogitsLoss, from_logits=True): hand it the logits."
        )
        return CurveFinding("softmax-twice", text, check=_is_number("this bound", level, both, allowed))
    if abs(level - 0.25) <= min(allowed, 0.004) and classes in (0, 2):
        text = (
            "0.25 is the mean square of an output that is 1/2 for every sample, with targets 0 and 1: the network "
            "tells "
            "them apart by nothing."
        )
        return CurveFinding("flat", text, _IDLE, _is_number("the square of 1/2", level, 0.25, allowed))
    return None


_IDLE = [
    "The weights do not move: look at one before and after a step. A step that is never taken, parameters that the "
    "optimiser was not given, a graph that is cut (detach, .data, .item(), argmax), or a gradient of 0.",
    "All weights begin at 0, or every ReLU gives 0 for every sample: then the gradients are 0 or all alike.",
    "The rate: far too small, nothing moves; far too large, the first steps drive the units into saturation.",
    "Inputs that are not scaled, or labels that do not belong to their samples (shuffled apart).",
]


def _guessing(level: float, count: int, guess: float, allowed: float) -> CurveFinding:
    text = (
        f"{level:.4g} is ln {count} = {guess:.4f}: the cross-entropy of a guess that gives each of {count} classes "
        "the same "
        "probability. The network tells the classes apart by nothing, and the steps do not change that."
    )
    check = _is_number(f"ln {count}", level, guess, allowed)
    return CurveFinding("flat", text, _IDLE, check)


def _twice(level: float, count: int, bound: float, allowed: float) -> CurveFinding:
    text = (
        f"{level:.4g} is as low as a cross-entropy of {count} classes can come when it is given probabilities for "
        "logits: "
        f"ln(1 + {count - 1}/e) = {bound:.4f}. The softmax is applied twice: once by the network, and once more by "
        "the loss. "
        "Hand the loss what comes before the softmax."
    )
    return CurveFinding("softmax-twice", text, check=_is_number(f"ln(1 + {count - 1}/e)", level, bound, allowed))


def _is_number(name: str, level: float, value: float, allowed: float) -> Check:
    off = abs(level - value)
    how = f"the mean of the later numbers, {level:.5g}, beside {value:.6f}"
    return Check(f"The level is {name}", how, "passed" if off <= allowed else "failed", off, allowed, test="points")


def _level(values: Sequence[float]) -> CurveFinding:
    text = (
        f"The loss stays at {np.mean(values):.4g}: it changes by {100 * np.ptp(values) / np.mean(np.abs(values)):.2g} "
        "% in "
        f"{len(values)} entries. Either nothing is learned, or it has arrived at all that this model can do."
    )
    return CurveFinding("flat", text, _IDLE)


def _beside_validation(values: Sequence[float], other: Sequence[float]) -> CurveFinding:
    best = int(np.argmin(other))
    rises = other[-1] > 1.03 * other[best] and best < len(other) - 1
    falls = values[-1] < values[best] if best < len(values) else True
    if rises and falls:
        text = (
            f"The network overfits: the training loss goes on falling, to {values[-1]:.4g}, while that of the "
            "validation is "
            f"lowest in entry {best + 1} ({other[best]:.4g}) and then rises to {other[-1]:.4g}. From there on it "
            "learns its "
            "samples by heart. Keep the weights of that entry (early stopping)."
        )
        causes = [
            "Fewer weights, a penalty on them (weight decay), dropout, or more data: each makes learning by heart "
            "harder.",
        ]
        return CurveFinding("stopped-late", text, causes)
    if values[-1] < 0.7 * values[0] and other[-1] > 0.9 * other[0]:
        text = (
            f"The training loss falls from {values[0]:.4g} to {values[-1]:.4g}, the validation loss does not "
            f"({other[0]:.4g} to "
            f"{other[-1]:.4g}): what is learned does not carry over to other samples."
        )
        causes = [
            "Overfitting from the start: too many weights for so few samples.",
            "The two sets differ: scaled by other numbers, labels in another order, or drawn from elsewhere.",
        ]
        return CurveFinding("stopped-late", text, causes)
    if _is_flat(values[-2:]) and _is_flat(other[-2:]):
        text = f"Both losses have settled, at {values[-1]:.4g} in training and {other[-1]:.4g} in validation."
        return CurveFinding("flat", text)
    lower = (
        " (lower in validation than in training is usual with dropout, or where the training loss is a mean over an "
        "epoch)" * (other[-1] < values[-1])
    )
    text = (
        f"Both losses still fall, to {values[-1]:.4g} in training and {other[-1]:.4g} in validation{lower}: nothing "
        "is wrong, "
        "go on training until that of the validation stops falling."
    )
    return CurveFinding("too-few-steps", text)


def _alternates(values: Sequence[float]) -> bool:
    signs = [np.sign(b - a) for a, b in pairwise(values) if b != a]
    turns = sum(a != b for a, b in pairwise(signs))
    half = len(values) // 2
    first, last = values[:half], values[-half:]
    comes_down = half > 0 and (max(last) < 0.8 * max(first) or min(last) < 0.8 * min(first))
    return len(signs) >= 3 and turns >= 0.75 * (len(signs) - 1) and not comes_down


def _up_and_down(values: Sequence[float]) -> CurveFinding:
    text = (
        f"The loss goes up and down between {min(values):.4g} and {max(values):.4g} and does not come down: the steps "
        "are so long "
        "that they jump from one side of the valley to the other. A smaller rate settles it, or one that falls with "
        "the "
        "steps; with small batches a part of it is the noise of the samples, which a larger batch or a mean over an "
        "epoch "
        "takes away."
    )
    return CurveFinding("rate-too-large", text)


def _falling(values: Sequence[float], goal: float) -> CurveFinding:
    first, last = values[0], values[-1]
    if last >= first:
        text = f"The loss does not fall: it begins at {first:.4g} and ends at {last:.4g}."
        return CurveFinding("not-a-minimum", text, _IDLE)
    shares = [1 - b / a for a, b in pairwise(values) if a > 0]
    if shares and shares[-1] <= 0.02 and shares[0] > 0.05:
        text = (
            f"The loss has fallen from {first:.4g} to {last:.4g} and settles there: its last entries differ by "
            f"{100 * abs(shares[-1]):.2g} %."
        )
        return CurveFinding("flat", text)
    share = float(np.mean(shares[-3:]))
    text = f"The loss falls, from {first:.4g} to {last:.4g}: it has not arrived, go on."
    if 0 < share < 1:
        pace = -math.log1p(-share)
        text += f" At the end by {100 * share:.2g} % an entry, which halves it in {math.log(2) / pace:.3g} entries."
        if 0 < goal < last:
            more = math.ceil(math.log(last / goal) / pace)
            text += f" At that pace it comes below {goal:g} in {more:,} more; a pace rarely lasts."
    return CurveFinding("too-few-steps", text)


# Accuracies -----------------------------------------------------------------------------------------------------------


def _of_accuracies(told: ToldSeries, other: ToldSeries | None, classes: int, beside: bool) -> list[CurveFinding]:
    values = told.finite
    if not values:
        return []
    level = float(np.mean(values))
    chance = 1 / classes if classes > 1 else 0.0
    if _is_flat(values) and chance and abs(level - chance) <= max(0.02, told.unit):
        text = f"An accuracy of {level:.3g} with {classes} classes is that of guessing, 1/{classes}."
        return [CurveFinding("flat", text, [] if beside else _IDLE, _is_number(f"1/{classes}", level, chance, 0.02))]
    if other is not None and other.finite and values[-1] - other.finite[-1] > 0.08:
        text = (
            f"The accuracy is {values[-1]:.3g} on the training data and {other.finite[-1]:.3g} on the others: the "
            "difference is "
            "what was learned by heart."
        )
        return [CurveFinding("stopped-late", text)]
    if beside:
        return []
    if _is_flat(values):
        text = f"The accuracy stays at {level:.3g}."
        more = (
            " One class may be that frequent: then the network always answers it. Count the classes, and the answers."
        )
        return [CurveFinding("flat", text + more, _IDLE)]
    return [CurveFinding("flat", f"The accuracy goes from {values[0]:.3g} to {values[-1]:.3g}.")]


def _plot(series: dict[str, ToldSeries | None]) -> list[Plot]:
    names = {"losses": "training", "validation": "validation"}
    marks: list[Mark] = []
    for color, (name, label) in enumerate(names.items()):
        told = series[name]
        if told is not None and len(told.finite) > 1:
            y = np.array(told.finite)
            marks.append(Line(np.arange(1.0, len(y) + 1), y, label, color))
    if not marks:
        return []
    high = max(float(np.max(mark.y)) for mark in marks if isinstance(mark, Line))
    low = min(float(np.min(mark.y)) for mark in marks if isinstance(mark, Line))
    scale = "log" if low > 0 and high > 50 * low else "linear"
    return [
        Plot(
            marks,
            "The losses as they are told, entry by entry.",
            Axis("entry"),
            Axis("loss", scale=scale),
            "The losses",
        )
    ]  # type: ignore[arg-type]
