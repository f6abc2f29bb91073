"""A line that the asker would have in place of one of the program: put there, analysed, and held against it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.document import Block, Document, Heading, Math, Note, Prose, quoted
from nabla.errors import UserError
from nabla.labs.train.analysis import Analysis, analyse, analysed
from nabla.labs.train.axes import axes_of, shape_text
from nabla.labs.train.blocks import Told, told
from nabla.labs.train.edit import with_hidden
from nabla.labs.train.lines import Lines
from nabla.labs.train.probe import StepProbe
from nabla.labs.train.training import Moment, Trainer
from nabla.labs.train.training_step import StepValue
from nabla.network.model import cosine, gradients
from nabla.program.errors import Raised
from nabla.program.proposed import ProposedLine, placed, targets
from nabla.program.source import Program, read
from nabla.write.sentence import sentence


@dataclass
class Proposal(ProposedLine):
    """A proposed line, and the program with it.

    Attributes:
        found: the analysis of that; None where it cannot be analysed, for the reason `problem`.
        raised: how its first step ends, if not well.
    """

    found: Analysis | None = None
    problem: str = ""
    raised: Raised | None = None

    @property
    def name(self) -> str:
        """What the line assigns to."""
        return targets(ast.parse(self.new).body[0])[0]

    @property
    def raises(self) -> str:
        """What it raises, "" when it runs."""
        return f"{self.raised.kind}: {self.raised.message.strip()}" if self.raised else ""

    def verdict(self, own: Analysis) -> str:
        """One of "right", "wrong", "same" (as the program's own line, up to a factor), "raises", "undecided"."""
        if self.raises:
            return "raises"
        if self.found is None or self.found.verdict is None:
            return "undecided"
        if self.found.verdict.kind == "wrong":
            return "wrong"
        return "same" if own.verdict is not None and own.verdict.kind != "wrong" else "right"


def proposal(program: Program, line: str, own: Analysis) -> Proposal:
    """The program with the proposed line, analysed.

    Raises:
        UserError: as `placed`.
    """
    there = placed(program, line, own.first.lines)
    made = Proposal(there.line, there.new, there.text)
    try:
        probe = StepProbe(read(made.text))
        made.raised = probe.first.raised
        made.found = analysed(probe)
    except UserError as error:
        made.problem = error.message
    return made


@dataclass
class JudgedProposal:
    """What is known of a proposal.

    `moves` is the least cosine of its first step and the gradient, from the program's start, that of `weight`.
    """

    proposal: Proposal
    own: Analysis
    verdict: str
    moves: float
    findings: list[Told]
    weight: str = ""
    trainer: Trainer | None = None

    @property
    def last(self) -> Moment | None:
        """Where its training came to."""
        return self.trainer.training.moments[-1] if self.trainer and self.trainer.training.moments else None

    def values(self) -> dict[str, Any]:
        """As figures."""
        return {
            "line": self.proposal.line, "text": self.proposal.new, "verdict": self.verdict, "cosine": self.moves,
            "weight": self.weight,
            "raises": self.proposal.raises or None, "steps": self.last.step if self.last else None,
            "mae": self.last.mae if self.last else None,
            "findings": [{"kind": item.finding.slip, "line": item.line} for item in self.findings],
        }  # fmt: skip


def judged(proposal: Proposal, own: Analysis) -> JudgedProposal:
    """The proposal beside the program's own line."""
    verdict = proposal.verdict(own)
    moves, weight, findings = float("nan"), "", []
    found = proposal.found
    if found is not None and found.taken is not None and found.verdict is not None:
        taken = found.taken
        truth, _, _ = gradients(taken.layers, taken.X, taken.y, found.verdict.loss)
        every = [cosine([step], [g]) for step, g in zip(taken.steps, truth, strict=True)]
        moves, weight = min((c, p.weight) for c, p in zip(every, found.network.places, strict=True))
        findings = told(found)
    return JudgedProposal(proposal, own, verdict, moves, findings, weight)


def opening(item: JudgedProposal) -> list[str]:
    """The first sentences: which of the two lines is right, and what each computes."""
    line, name = item.proposal.line, quoted(item.proposal.name)
    if item.verdict == "wrong":
        fine = item.own.verdict is not None and item.own.verdict.kind != "wrong"
        return [
            f"No, {f'line {line} is right as it stands' if fine else f'that does not mend line {line}'}.",
            *_why(item),
        ]
    if item.verdict == "raises":
        return [
            f"No: with the proposed line {line} the program stops, {quoted(item.proposal.raises)}.",
            *_why(item)[:1],
        ]
    if item.verdict == "same":
        return [f"Both are right: {name} gives the gradient with either line {line}."]
    if item.verdict == "right":
        return [f"Yes: with the proposed line {line} every step is the gradient."]
    return [f"The proposed line {line} could not be judged: {item.proposal.problem or 'no gradient is computed'}."]


def _why(item: JudgedProposal) -> list[str]:
    """What each of the two lines computes, where they are known; else what the proposed one gets wrong."""
    means = meaning(item.own, item.proposal)
    instead = meaning(item.proposal.found, item.proposal) if item.proposal.found is not None else None
    if means and instead and means[0] != instead[0]:
        return [f"{means[1]}.", f"The proposed {instead[1]}."]
    if item.moves < -0.999 and item.weight:
        signs = (
            f"With the proposed line {quoted(item.weight)} goes up the gradient: the sign is already in what is added"
        )
        return [*([f"{means[1]}."] if means else []), f"{signs}."]
    return [*([f"{means[1]}."] if means else []), *(f"With the proposed line: {each.text}." for each in item.findings)]


def meaning(found: Analysis, proposal: Proposal) -> tuple[str, str] | None:
    """The product in the line that carries the error or gathers a gradient: its text and a sentence about it."""
    node = _statement(found, proposal.line)
    if node is None or found.network.y is None:
        return None
    axes, _ = axes_of(found.step, found.network)
    known = _known(found)
    for part in ast.walk(node):
        held = found.step.seen.get(part) if isinstance(part, ast.expr) else None
        if not isinstance(held, StepValue) or held.op != "dot":
            continue
        value = np.asarray(held.value, dtype=np.float64)
        for turned in (value, value.T):
            for array, what in known:
                if turned.shape == array.shape and abs(cosine([turned], [array])) > 1 - 1e-9:
                    text = ast.unparse(part)
                    return text, f"{quoted(text)}, {shape_text(held.shape, axes.get(held, ()))}, is {what}"
    return None


def _statement(found: Analysis, line: int) -> ast.stmt | None:
    return next((n for n in ast.walk(ast.Module(found.first.body, [])) if isinstance(n, ast.stmt)
                 and n.lineno == line and targets(n)), None)  # fmt: skip


def _known(found: Analysis) -> list[tuple[np.ndarray[Any, Any], str]]:
    """What a product in a backward pass can be: the error carried back to a layer, or the gradient of weights."""
    layers, step, network = found.layers, found.step, found.network
    loss = found.verdict.loss if found.verdict else "squares"
    truth, _, deltas = gradients(layers, network.x(step), network.t(step), loss)
    made: list[tuple[np.ndarray[Any, Any], str]] = []
    for k in range(1, len(layers.weights)):
        named = step.nodes[network.places[k - 1].a].names
        what = f"the loss by {quoted(named[0][1])}" if named else f"the loss by the output of layer {k}"
        weight = quoted(network.places[k].weight)
        back = f"the derivative of {what}: forward that was multiplied by {weight}, so back the error is as well"
        made.append((deltas[k] @ layers.weights[k].T, back))
    for k, gradient in enumerate(truth):
        weight = quoted(network.places[k].weight)
        made.append((gradient, f"the derivative of the loss by {weight}, summed over the samples"))
    return made


def _pointing(item: JudgedProposal) -> str:
    """How the first step of the proposed program points, where it is farthest from the gradient."""
    weight = f"The first step of {quoted(item.weight)}" if item.weight else "Its first step"
    return f"{weight} then has the cosine {item.moves:.2f} to the gradient"


def by_accident(item: JudgedProposal) -> str:
    """That the shapes of the proposed line fit only because two sizes are equal, proven by another size."""
    found = item.proposal.found
    if found is None or item.verdict != "wrong":
        return ""
    _, chances = axes_of(found.step, found.network)
    chance = next((c for c in chances if c.line == item.proposal.line and c.equal), None)
    if chance is None:
        return ""
    a, b, size = chance.equal[0]
    left, right = (shape_text(n.shape, x) for n, x in zip((chance.left, chance.right), chance.axes, strict=True))
    said = f"It runs only because {a} = {b} = {size}: {left} meets {right}"
    if len(found.network.places) == 2:
        units = found.layers.weights[0].shape[1] + 1
        other = with_hidden(item.proposal.text, found, 1, units)
        raised = analyse(other, 1).step.raised if other else None
        if raised is not None:
            said += f"; with {units} hidden units it raises {quoted(raised.message.strip())}"
    return said + "."


def conclude(document: Document, item: JudgedProposal) -> None:
    """Put what is known of the proposed line before the sentence that answers, and into the values."""
    said = opening(item)
    if accident := by_accident(item):
        said.append(accident)
    if np.isfinite(item.moves) and item.verdict == "wrong":
        how = _pointing(item)
        if item.last is not None:
            how += f"; after {item.last.step:,} steps the mean absolute error is {item.last.mae:.4g}"
        said.append(how + ".")
    values = item.values()
    document.values["proposed"] = values
    verdict = {"wrong": "wrong", "raises": "wrong", "undecided": "undecided"}.get(item.verdict, "right")
    mistakes = [{"id": item.finding.slip, "rule": item.finding.slip, "where": item.line} for item in item.findings]
    document.values["claims"] = [
        {"text": item.proposal.new, "verdict": verdict, "mistakes": mistakes, "whose": "asker"}
    ]
    own = document.answer.tex if document.answer else ""
    names = ["proposed.cosine", "proposed.mae", *(n.name for n in (document.answer.numbers if document.answer else []))]
    document.answer = sentence(" ".join([*said, f"As it stands: {own[:1].lower()}{own[1:]}"]), document.values, names)


def blocks(item: JudgedProposal, text: str) -> list[Block]:
    """The proposed line beside the program's own: formulas, what it is, and how its steps point."""
    proposal, found = item.proposal, item.proposal.found
    made: list[Block] = [Heading(f"Line {proposal.line}, and the line that you propose", role="claim")]
    for analysis, program, whose in ((item.own, text, "The program"), (found, proposal.text, "Proposed")):
        if analysis is None or analysis.network.y is None:
            continue
        line = next((n for n in Lines(analysis, program).lines() if n.number == proposal.line), None)
        if line is not None and line.tex:
            made.append(Math(line.tex, f"{whose}: {line.text}"))
    made.append(Prose(" ".join(opening(item))))
    if np.isfinite(item.moves) and item.verdict == "wrong":
        made.append(Prose(f"{_pointing(item)}; that of the gradient is 1."))
    if accident := by_accident(item):
        made.append(Note(accident, "warning"))
    for each in item.findings:
        made.append(Note(each.text + ".", "warning"))
    return made


def trainer_of(proposal: Proposal, forced: int | None) -> Trainer | None:
    """The program with the proposed line, about to be trained; None where it does not run."""
    found = proposal.found
    if found is None or found.step.raised is not None or found.network.y is None:
        return None
    return Trainer(found, 1, forced)
