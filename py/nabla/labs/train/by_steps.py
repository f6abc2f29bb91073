"""The answer about any program that trains: judged by what its steps did, whatever it is built of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nabla.answer.codes import FINDINGS
from nabla.answer.document import Cell, Check, Code, Column, Document, Heading, Note, Plot, Prose, Source, Table, quoted
from nabla.answer.marks import Axis, Line
from nabla.errors import UserError
from nabla.labs.train import course as courses
from nabla.labs.train.course import WholeRun
from nabla.labs.train.directions import CLOSE, products
from nabla.labs.train.evidence import TrainingEvidence, gathered
from nabla.labs.train.findings import TrainingFinding, say
from nabla.labs.train.judge import JudgedStep, PassJudgement
from nabla.labs.train.losses import Descended
from nabla.labs.train.optimiser import too_few
from nabla.labs.train.repair import Repair
from nabla.program.proposed import placed
from nabla.program.source import read
from nabla.write.sentence import sentence


def loss_text(loss: Descended | None) -> str:
    """A loss in words."""
    if loss is None:
        return "its loss"
    if loss.kind == "squares":
        return r"$\tfrac12 \sum (\text{output} - \text{target})^2$"
    if loss.kind == "cross-entropy":
        return "the cross-entropy"
    return f"`{loss.name}`" if loss.name else f"the loss that line {loss.nodes[0].line} computes"


def answer(document: Document, evidence: TrainingEvidence, proposed: str = "", seed: int = 1) -> None:
    """Answer into a document, a proposed line first.

    Raises:
        UserError: the proposed line stands for none of the program's.
    """
    opening = _proposed(document, evidence, proposed, seed) if proposed else ""
    judgement, probe = evidence.judgement, evidence.probe
    for remark in evidence.program.remarks:
        document.warn("repaired", remark)
    most = courses.affordable(probe.first.trace, probe.first.turns[0]) if probe.first.turns else courses.FEW
    course = courses.run(evidence.program, probe.loop, most, _name(judgement), seed)
    _values(document, evidence, course)
    document.title = _title(evidence)
    if opening:
        document.add(Note(opening))
    document.add(Prose(_verdict(evidence)))
    for item in evidence.repairs:
        document.add(Note(f"{told(item)}.", "warning"))
    further = [*evidence.states, *too_few(probe, judgement, course.steps)]
    say(document, further)
    if judgement.kind == "wrong":
        lines = sorted({item.line for item in evidence.repairs if item.line})
        where = f" Look at line {' and '.join(map(str, lines))}." if lines else ""
        document.warn("wrong-backward", f"The program does not descend along the gradient of its loss.{where}")
    if course.raised is not None:
        raised = course.raised
        document.warn("raises", f"Line {raised.line} stops the program: `{raised.kind}: {raised.message.strip()}`")
    if course.ended:
        document.warn("stopped", f"The run was ended after {course.steps:,} steps.")
    mended = _mended(evidence, most, seed)
    _training(document, course, mended)
    document.add(Heading("Checked", role="checks"), _table(judgement), *_checks(judgement))
    sources = [Source("As run", "python", evidence.program.text.rstrip() + "\n")]
    fixed = next((item for item in reversed(evidence.repairs) if item.text), None)
    if fixed is not None:
        sources.append(Source("With the line put right", "python", fixed.text.rstrip() + "\n"))
    document.add(Code(sources, "The program"))
    document.answer = sentence(
        f"{opening} {_sentence(evidence, course, further)}".strip(), document.values, _numbers(course)
    )


def _proposed(document: Document, evidence: TrainingEvidence, line: str, seed: int) -> str:
    """What is said of a line that should perhaps stand in the program."""
    item = placed(evidence.program, line)
    wrong = evidence.judgement.kind == "wrong"
    verdict, said = (
        "wrong",
        f"No, {f'that does not mend line {item.line}' if wrong else f'line {item.line} is right as it stands'}",
    )
    try:
        other = gathered(item.text, seed)
    except UserError as error:
        verdict, said = "undecided", f"The proposed line {item.line} could not be judged: {error.message}"
    else:
        raised = other.probe.first.raised
        if raised is not None:
            said += (
                f": with the proposed one the program stops, {quoted(raised.kind)}: {quoted(raised.message.strip())}"
            )
        elif other.judgement.kind in ("right", "scaled"):
            verdict = "right"
            both = f"Both are right: every step is the gradient with either line {item.line}"
            said = f"Yes: with the proposed line {item.line} every step is the gradient" if wrong else both
        elif other.judgement.kind == "wrong":
            said += ": with the proposed one " + "; ".join(
                told(each)[:1].lower() + told(each)[1:] for each in other.repairs
            )
        else:
            verdict, said = "undecided", f"The proposed line {item.line} could not be judged"
    document.values["proposed"] = {"line": item.line, "text": item.new, "verdict": verdict}
    document.values["claims"] = [{"text": item.new, "verdict": verdict, "mistakes": [], "whose": "asker"}]
    return f"{said.rstrip('.')}."


def _name(judgement: PassJudgement) -> str:
    return judgement.loss.name if judgement.loss is not None and judgement.loss.kind == "own" else ""


def told(item: Repair) -> str:
    """A slip in a sentence: its line, what it is, the line as it should be."""
    what = FINDINGS.get(item.kind, "the step is not the gradient").rstrip(".")
    where = f"Line {item.line}: {what}" if item.line else what[:1].upper() + what[1:]
    whose = "" if item.fixed else f" (the steps of {', '.join(f'`{name}`' for name in item.weights[:4])})"
    return where + (f". It should be `{item.fixed}`" if item.fixed else whose)


def _title(evidence: TrainingEvidence) -> str:
    kind = evidence.judgement.kind
    if kind == "wrong":
        line = next((item.line for item in evidence.repairs if item.line), None)
        return "A training whose steps are not the gradient" + (f": line {line}" if line else "")
    if evidence.states and evidence.judgement.kind != "undecided":
        return f"A training whose gradient is right and whose optimiser is not: line {evidence.states[0].line}"
    if evidence.states:
        return f"A training whose shapes do not fit: line {evidence.states[0].line}"
    return "A training whose steps are the gradient" if kind in ("right", "scaled") else "A training"


def _verdict(evidence: TrainingEvidence) -> str:
    found = evidence.judgement
    loss = loss_text(found.loss)
    if found.kind == "wrong":
        spoiled = ", ".join(f"`{name}`" for name in [*found.wrong, *found.uneven][:6])
        return f"**The backward pass is wrong.** The steps of {spoiled} are not the gradient of {loss}."
    if found.kind == "scaled":
        return (
            f"**The direction is right, the length is another.** Every step is {found.samples:.6g} times longer "
            f"than the gradient of {loss}: the mean over the samples is missing. The rate makes up for it."
        )
    if found.kind == "right":
        decay = " and a decay of the weights" if found.decay else ""
        how = ", its lengths changed element by element as Adam and its like do" if found.adaptive else ""
        times = f" times {found.rate:g}" if found.rate and not found.adaptive else ""
        return f"**The backward pass is right.** Every step is the gradient of {loss}{times}{decay}{how}."
    return "Whether the steps are the gradient could not be decided."


def _sentence(evidence: TrainingEvidence, course: WholeRun, further: Sequence[TrainingFinding]) -> str:
    found = evidence.judgement
    said = {
        "right": "The backward pass is right: every step is the gradient of " + loss_text(found.loss),
        "scaled": "The direction of the backward pass is right; the mean over the samples is missing",
        "wrong": "The backward pass is wrong",
    }.get(found.kind, "Whether the steps are the gradient could not be decided")
    if evidence.repairs:
        said += ". " + ". ".join(told(item) for item in evidence.repairs)
    if course.losses:
        last = max(course.losses)
        said += f"; in step {last + 1:,} the loss is {course.losses[last]:.4g}"
    more = "".join(f" {_placed(item)}." for item in further)
    return more.strip() if found.kind == "undecided" and further else f"{said}.{more}"


def _placed(item: TrainingFinding) -> str:
    return f"Line {item.line}: {item.text[:1].lower()}{item.text[1:]}" if item.line else item.text


def _numbers(course: WholeRun) -> list[str]:
    return [f"history.{max(course.losses)}.loss"] if course.losses else []


def findings_of(repairs: Sequence[Repair]) -> list[dict[str, Any]]:
    """The slips as data."""
    return [{"kind": r.kind, "id": r.kind, "line": r.line, "weights": r.weights, "fixed": r.fixed} for r in repairs]


def _values(document: Document, evidence: TrainingEvidence, course: WholeRun) -> None:
    found = evidence.judgement
    state = found.states[0] if found.states else None
    weights = {}
    for name in evidence.probe.updated:
        error = _error(state, name, found) if state else None
        weights[name] = {"error": error, "factor": found.factors.get(name)}
    document.values.update(
        history={step: {"loss": value} for step, value in course.losses.items()}, outputs=_output(found, course),
        shapes={name: list(np.shape(node.value)) for name, node in (state.before.items() if state else ())},
        printed=[{"step": step, "line": p.line, "text": p.text} for step, p in course.printed[:200]],
        steps=course.steps, variants=[], findings=[], broadcasts=[],
        raises=None if course.raised is None else
        {"type": course.raised.kind, "message": course.raised.message.strip(), "line": course.raised.line},
        gradient_check={
            "verdict": found.kind, "loss": found.loss.kind if found.loss else None, "rate": found.rate,
            "findings": findings_of(evidence.repairs), "weights": weights,
        },
    )  # fmt: skip
    if found.kind == "scaled":
        document.values["gradient_check"]["findings"] = [{"kind": "missing-mean", "id": "missing-mean", "line": None}]


def _output(found: PassJudgement, course: WholeRun) -> Any:
    """What the network gives in the end, where it has a name at the top of the program."""
    if not found.states or found.loss is None:
        return None
    state = found.states[0]
    stack, seen = list(found.loss.nodes), set()
    while stack:
        node = stack.pop(0)
        if node in seen or node.order < state.turn.first:
            continue
        seen.add(node)
        for _, text in node.names:
            held = course.names.get(text)
            alike = isinstance(held, np.ndarray) and np.shape(held) == np.shape(node.value)
            if alike and 1 < np.size(node.value) <= 4000 and node not in found.loss.nodes:
                return np.asarray(held).tolist()
        stack += node.parents
    return None


def _error(state: JudgedStep, name: str, found: PassJudgement) -> float | None:
    """How far the products of a step with directions are from those of the gradient, beside the largest."""
    exact = state.slopes.get(name)
    if exact is None or name not in state.steps or name in found.adaptive:
        return None
    kept = np.isfinite(exact)
    given = products(state.directions[name], state.steps[name] - found.decay * np.asarray(state.before[name].value))[
        kept
    ]
    plain = products(state.directions[name], state.steps[name])[kept]
    if not kept.any() or not (size := float(exact[kept] @ exact[kept])):
        return None
    errors = []
    for value in (given, plain):
        factor = found.factors.get(name) or float(value @ exact[kept]) / size
        errors.append(float(np.abs(value - factor * exact[kept]).max()) / max(float(np.abs(value).max()), 1e-300))
    return min(errors)


def _table(judgement: PassJudgement) -> Table:
    rows: list[list[Cell]] = []
    for state in judgement.states[:1]:
        for name in state.before:
            error = _error(state, name, judgement)
            factor = judgement.factors.get(name)
            shape = " × ".join(map(str, np.shape(state.before[name].value))) or "number"
            times = "" if factor is None else f"{factor:.6g}"
            rows.append([f"`{name}`", shape, times, "" if error is None else f"{error:.2g}"])
    columns = [Column("Weight"), Column("Shape"), Column("Step / gradient", align="right"),
               Column("Relative error", align="right")]  # fmt: skip
    return Table(columns, rows, "A step from random weights, held against central differences of the forward pass")


def _checks(judgement: PassJudgement) -> list[Check]:
    made = []
    method = "products with random directions beside central differences of the program's own forward pass"
    for state in judgement.states[:1]:
        for name in state.before:
            error = _error(state, name, judgement)
            claim = f"the step of `{name}` is along the gradient"
            if name in judgement.adaptive and name not in judgement.uneven:
                made.append(Check(f"the gradient goes into the step of `{name}`", method, "passed", test="differences"))
            elif error is None:
                made.append(Check(claim, "nothing settles there to compare with", "unchecked", test="differences"))
            else:
                wrong = name in judgement.wrong or name in judgement.uneven
                passed = error < CLOSE * 10 and not wrong
                made.append(
                    Check(claim, method, "passed" if passed else "failed", error, CLOSE * 10, test="differences")
                )
    return made


def _mended(evidence: TrainingEvidence, most: int, seed: int) -> WholeRun | None:
    """The program with its line put right, run as well."""
    fixed = next((item for item in reversed(evidence.repairs) if item.text), None)
    if fixed is None:
        return None
    program = read(fixed.text)
    return courses.run(program, evidence.probe.loop, most, _name(evidence.judgement), seed)


def _training(document: Document, course: WholeRun, mended: WholeRun | None) -> None:
    document.add(Heading("Training"))
    curves = [(name, c) for name, c in (("as pasted", course), ("line put right", mended)) if c and len(c.losses) > 1]
    if curves:
        marks = []
        for i, (name, item) in enumerate(curves):
            steps = np.array([step + 1.0 for step in item.losses])
            values = np.array(list(item.losses.values()))
            kept = np.isfinite(values)
            marks.append(Line(steps[kept], values[kept], label=name, color=i))
        first = curves[0][1]
        ends = list(first.losses.values())
        text = f"The loss goes from {ends[0]:.3g} to {ends[-1]:.3g} in {first.steps:,} steps."
        document.add(Plot(list(marks), text, Axis("Turn of the loop", scale="log"), Axis("Loss"), "The loss"))
    if course.printed:
        text = "\n".join(entry.text for _, entry in course.printed[:100])
        document.add(Code([Source("Output", "text", text)], "What the program prints"))
    if mended is not None and mended.printed:
        text = "\n".join(entry.text for _, entry in mended.printed[-20:])
        document.values["corrected"] = {"printed": [{"step": s, "text": p.text} for s, p in mended.printed[:200]]}
        document.add(Code([Source("Output", "text", text)], f"With {quoted('the line put right')}"))
