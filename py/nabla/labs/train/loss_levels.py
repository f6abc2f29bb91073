"""Levels of a loss that have a name: of a guess, and the bound of a softmax or a sigmoid that is applied twice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nabla.answer.document import Check

CLASSES = (2, 3, 4, 5, 6, 8, 10, 20, 26, 50, 100, 1000)


@dataclass
class CurveFinding:
    """What is said of a curve: its kind, the sentence, what may be behind it, and a check of a number in it."""

    kind: str
    text: str
    causes: list[str] = field(default_factory=list)
    check: Check | None = None


IDLE = [
    "The weights do not move: look at one before and after a step. A step that is never taken, parameters that the "
    "optimiser was not given, a graph that is cut (detach, .data, .item(), argmax), or a gradient of 0.",
    "All weights begin at 0, or every ReLU gives 0 for every sample: then the gradients are 0 or all alike.",
    "The rate: far too small, nothing moves; far too large, the first steps drive the units into saturation.",
    "Inputs that are not scaled, or labels that do not belong to their samples (shuffled apart).",
]


def known_level(values: Sequence[float], unit: float, classes: int) -> CurveFinding | None:
    """A level that has a name: of a uniform guess, or the bound of a softmax or sigmoid that is applied twice."""
    level = float(np.mean(values[len(values) // 2 :]))
    allowed = max(unit, 0.004 * level)
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
            f"class as of the other, when it is given a sigmoid's output: (ln(1 + 1/e) + ln 2)/2 = {both:.4f}. It "
            "takes a sigmoid itself (BCEWithLogitsLoss, from_logits=True): hand it the logits."
        )
        return CurveFinding("softmax-twice", text, check=is_number("this bound", level, both, allowed))
    if abs(level - 0.25) <= min(allowed, 0.004) and classes in (0, 2):
        text = (
            "0.25 is the mean square of an output that is 1/2 for every sample, with targets 0 and 1: the network "
            "tells them apart by nothing."
        )
        return CurveFinding("flat", text, IDLE, is_number("the square of 1/2", level, 0.25, allowed))
    return None


def _guessing(level: float, count: int, guess: float, allowed: float) -> CurveFinding:
    text = (
        f"{level:.4g} is ln {count} = {guess:.4f}: the cross-entropy of a guess that gives each of {count} classes "
        "the same probability. The network tells the classes apart by nothing, and the steps do not change that."
    )
    check = is_number(f"ln {count}", level, guess, allowed)
    return CurveFinding("flat", text, IDLE, check)


def _twice(level: float, count: int, bound: float, allowed: float) -> CurveFinding:
    text = (
        f"{level:.4g} is as low as a cross-entropy of {count} classes can come when it is given probabilities for "
        f"logits: ln(1 + {count - 1}/e) = {bound:.4f}. The softmax is applied twice: once by the network, and once "
        "more by the loss. Hand the loss what comes before the softmax."
    )
    return CurveFinding("softmax-twice", text, check=is_number(f"ln(1 + {count - 1}/e)", level, bound, allowed))


def is_number(name: str, level: float, value: float, allowed: float) -> Check:
    """The check that a level is a number that has a name."""
    off = abs(level - value)
    how = f"the mean of the later numbers, {level:.5g}, beside {value:.6f}"
    return Check(f"The level is {name}", how, "passed" if off <= allowed else "failed", off, allowed, test="points")
