"""What is concluded of a descent by hand: a verdict, and findings with their lines."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nabla.labs.descend.hand.losses import Loss
from nabla.program.state import Floats


@dataclass
class Fault:
    """Something wrong: its kind, the line, a sentence, the component where it is about one; whether a line put right by
    its kind mends it.
    """

    kind: str
    line: int
    text: str
    component: str = ""
    mendable: bool = True


@dataclass
class StepJudgement:
    """What was concluded of the steps.

    Attributes:
        verdict: right, scaled, wrong or undecided.
        loss: what is descended, or should be.
        factor: the steps are minus this times the gradient; over the rate, `scale` in words.
        steps: those that were compared, a row a state.
        method: a sentence on a step that is another than minus a multiple of the gradient.
    """

    verdict: str
    loss: Loss | None = None
    findings: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    factor: float | None = None
    rate: tuple[str, float] | None = None
    scale: str = ""
    decay: float = 0.0
    method: str = ""
    steps: Floats = field(default_factory=lambda: np.zeros((0, 0)))


def lowered(text: str) -> str:
    """A sentence as it goes on behind a colon; code stays as it is."""
    return text if text[:1] == "`" else text[:1].lower() + text[1:]
