"""What a program's first steps show of its backward pass: the judgement, and the slips behind it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nabla.errors import UserError
from nabla.labs.train.analysis import Analysis
from nabla.labs.train.blocks import told
from nabla.labs.train.findings import TrainingFinding
from nabla.labs.train.judge import PassJudgement, judge
from nabla.labs.train.optimiser import spoiled_states
from nabla.labs.train.probe import StepProbe
from nabla.labs.train.repair import Repair, repairs
from nabla.labs.train.spread import spread
from nabla.program.source import Program, read


@dataclass
class TrainingEvidence:
    """A program with a loop that trains, its judgement, its slips, and states of its optimiser that are spoiled."""

    program: Program
    probe: StepProbe
    judgement: PassJudgement
    repairs: list[Repair] = field(default_factory=list)
    states: list[TrainingFinding] = field(default_factory=list)

    @property
    def spreads(self) -> bool:
        """Whether weights took another shape, without an error, since arrays spread."""
        undecided = self.judgement.kind == "undecided" and self.probe.first.raised is None
        return undecided and bool(self.states)


def gathered(text: str, seed: int = 1) -> TrainingEvidence:
    """The evidence of a program.

    Raises:
        UserError: it cannot be read, or uses what is not covered.
    """
    program = read(text)
    probe = StepProbe(program, seed)
    reshaped = bool(probe.first.turns) and probe.first.turns[0].count > 0  # it takes its shape in the first turn
    if probe.loop is None or not probe.updated or reshaped or probe.first.raised is not None:
        return TrainingEvidence(program, probe, PassJudgement("undecided", None), states=spread(probe))
    found = judge(probe)
    states = spoiled_states(program, seed) if found.kind != "undecided" else []
    return TrainingEvidence(program, probe, found, repairs(probe, found), states)


def gathered_or_none(text: str, seed: int = 1) -> TrainingEvidence | None:
    """The same, None where nothing can be gathered.

    Raises:
        UserError: the program is one of a library that is not here, or turns for ever before it trains.
    """
    try:
        return gathered(text, seed)
    except UserError as error:
        if error.code == "timeout":
            raise
        if error.code == "not-covered" and any(f"`{name}" in error.message for name in ("tensorflow", "keras")):
            raise
        return None


def is_better(evidence: TrainingEvidence, found: Analysis) -> bool:
    """Whether what the steps show says more of the backward pass than the network that was recognised does."""
    judgement = evidence.judgement
    if judgement.kind == "undecided":
        return False
    if not found.learns or found.verdict is None or evidence.states:
        return True
    if (found.verdict.kind == "wrong") != (judgement.kind == "wrong"):
        return not any(item.slip == "frozen" for item in found.verdict.findings)
    unnamed = [item for item in told(found) if item.finding.slip == "unnamed" or not item.line]
    named = [item for item in evidence.repairs if item.kind != "unnamed" and item.line]
    placeless = any(item.slip == "frozen" for item in found.verdict.findings) and len(named) == len(evidence.repairs)
    placed = any(item.line for item in evidence.repairs) and not any(item.line for item in told(found))
    return found.verdict.kind == "wrong" and (((bool(unnamed) or placeless) and bool(named)) or placed)
