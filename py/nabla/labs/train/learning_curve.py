"""The numbers of a training as they are told, without the program: what a loss like this is, and what its course says.

A guess that gives C classes the same probability costs ln C; a cross-entropy that takes its softmax (or sigmoid) of
what already is one cannot come below a bound that is known. Growth by a factor an entry is what steps longer than
2 over the curvature do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nabla.answer.document import Check, Document, Heading, Note, Plot, Prose
from nabla.answer.marks import Axis, Line, Mark
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.train.loss_levels import IDLE, CurveFinding, is_number, known_level
from nabla.write.sentence import sentence

FLAT = 0.02  # relative: what counts as no change


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
    known = known_level(losses.finite, losses.unit, classes)
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
        "over the curvature ends further from the minimum than it began, and the next one overshoots by more. Make "
        "the rate 10 times smaller, and again, until the loss falls in the first steps."
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
        "of a large number, or nan in the data."
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


def _level(values: Sequence[float]) -> CurveFinding:
    text = (
        f"The loss stays at {np.mean(values):.4g}: it changes by {100 * np.ptp(values) / np.mean(np.abs(values)):.2g} "
        f"% in {len(values)} entries. Either nothing is learned, or it has arrived at all that this model can do."
    )
    return CurveFinding("flat", text, IDLE)


def _beside_validation(values: Sequence[float], other: Sequence[float]) -> CurveFinding:
    best = int(np.argmin(other))
    rises = other[-1] > 1.03 * other[best] and best < len(other) - 1
    falls = values[-1] < values[best] if best < len(values) else True
    if rises and falls:
        text = (
            f"The network overfits: the training loss goes on falling, to {values[-1]:.4g}, while that of the "
            f"validation is lowest in entry {best + 1} ({other[best]:.4g}) and then rises to {other[-1]:.4g}. From "
            "there on it learns its samples by heart. Keep the weights of that entry (early stopping)."
        )
        causes = [
            "Fewer weights, a penalty on them (weight decay), dropout, or more data: each makes learning by heart "
            "harder.",
        ]
        return CurveFinding("stopped-late", text, causes)
    if values[-1] < 0.7 * values[0] and other[-1] > 0.9 * other[0]:
        text = (
            f"The training loss falls from {values[0]:.4g} to {values[-1]:.4g}, the validation loss does not "
            f"({other[0]:.4g} to {other[-1]:.4g}): what is learned does not carry over to other samples."
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
        "is wrong, go on training until that of the validation stops falling."
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
        "are so long that they jump from one side of the valley to the other. A smaller rate settles it, or one that "
        "falls with the steps; with small batches a part of it is the noise of the samples, which a larger batch or "
        "a mean over an epoch takes away."
    )
    return CurveFinding("rate-too-large", text)


def _falling(values: Sequence[float], goal: float) -> CurveFinding:
    first, last = values[0], values[-1]
    if last >= first:
        text = f"The loss does not fall: it begins at {first:.4g} and ends at {last:.4g}."
        return CurveFinding("not-a-minimum", text, IDLE)
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
        return [CurveFinding("flat", text, [] if beside else IDLE, is_number(f"1/{classes}", level, chance, 0.02))]
    if other is not None and other.finite and values[-1] - other.finite[-1] > 0.08:
        text = (
            f"The accuracy is {values[-1]:.3g} on the training data and {other.finite[-1]:.3g} on the others: the "
            "difference is what was learned by heart."
        )
        return [CurveFinding("stopped-late", text)]
    if beside:
        return []
    if _is_flat(values):
        text = f"The accuracy stays at {level:.3g}."
        more = (
            " One class may be that frequent: then the network always answers it. Count the classes, and the answers."
        )
        return [CurveFinding("flat", text + more, IDLE)]
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
    is_wide = low > 0 and high > 50 * low
    return [
        Plot(
            marks,
            "The losses as they are told, entry by entry.",
            Axis("entry"),
            Axis("loss", scale="log" if is_wide else "linear"),
            "The losses",
        )
    ]
