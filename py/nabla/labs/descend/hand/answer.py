"""The answer about a descent by hand: what it does, what is wrong and in which line, mended and run."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nabla.answer.document import Check, Code, Column, Document, Heading, Note, Plot, Prose, Source, Table, quoted
from nabla.answer.marks import Axis, Line
from nabla.labs.descend.calls import plain
from nabla.labs.descend.hand.course import Course, rate_text
from nabla.labs.descend.hand.found import HandDescent
from nabla.labs.descend.hand.optimiser import kind_of_optimiser
from nabla.labs.descend.hand.proposed import StudiedLine, open_with, proposed
from nabla.labs.descend.hand.standing import standing, tell_standing
from nabla.labs.descend.hand.study import OF_THE_GRADIENT, Study, study
from nabla.labs.descend.hand.verdict import Fault, lowered
from nabla.optimise.implied import remaining
from nabla.program.run import refusal
from nabla.program.source import Program
from nabla.write.sentence import sentence

SHOWN = 8  # components in a table


def answer(document: Document, program: Program, line: str = "", told: str = "") -> bool:
    """Answer into the document, what is to be said of a proposed line first; False where the program does not descend
    by hand. `told` is the function that the text would have it descend.

    Raises:
        UserError: the proposed line stands for none of the program's.
    """
    with np.errstate(all="ignore"):  # where a descent grows beyond all numbers, its distances do too
        done = study(program, told)
        if done is None:
            fault = standing(program)
            if fault is not None:
                tell_standing(document, fault)
            return fault is not None
        _tell(document, done, proposed(done, line) if line.strip() else None)
        if told and not done.found.held:
            document.warn("not-used", f"Not held beside the program: “{quoted(told)}”.")
    return True


def _tell(document: Document, done: Study, judged: StudiedLine | None) -> None:
    _values(document, done)
    document.title = _title(done)
    opening = ""
    if judged is not None:
        opening = f"{open_with(document, judged)} "
        document.title = f"Line {judged.line}, and the line proposed for it"
        document.add(Note(quoted(judged.said)))
    document.answer = sentence(f"{opening}{_sentence(done)}", document.values, [])
    raised = done.found.run.raised
    if raised is not None:
        document.warn("raises", f"The program stops in line {raised.line} with {_article(raised.kind)}.")
        document.add(Note(f"Line {raised.line}: {quoted(f'{raised.kind}: {raised.message}')}.", "warning"))
    gap = done.found.run.gap
    if gap is not None:
        document.warn("not-covered", refusal(done.found.program, gap).message)
    document.add(Heading("What the program does", role="reading"), *[Prose(text) for text in _does(done)])
    if done.findings:
        document.add(Heading("What is wrong" if done.verdict == "wrong" else "What is to be said of it", role="claim"))
        document.add(*[_note(done.found, finding) for finding in done.findings])
    document.add(*[Note(quoted(text)) for text in done.judged.notes if text])
    if done.fixes:
        document.add(*_mended(done))
    table = _table(done)
    if table is not None:
        document.add(table)
    picture = _picture(done)
    if picture is not None:
        document.add(picture)
    document.add(Heading("Checked", role="checks"), *_checks(done))
    if done.found.run.evidence.printed:
        text = "\n".join(entry.text for entry in done.found.run.evidence.printed[:100])
        document.add(Code([Source("Output", "text", text)], "What the program prints"))


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _values(document: Document, done: Study) -> None:
    found, raised = done.found, done.found.run.raised
    listed = [_finding(f) for f in done.findings]
    bent = done.went.curvature
    document.values |= {
        "gradient_check": {
            "verdict": done.verdict,
            "findings": [_finding(f) for f in done.findings if f.kind in OF_THE_GRADIENT],
        },
        "findings": listed,
        "parameters": {p: plain(v) for p, v in _end(found).items()},
        "steps": found.loop.turns,
        "loss": done.judged.loss.name if done.judged.loss is not None else None,
        "rate": {
            "given": done.judged.rate[1] if done.judged.rate is not None else None,
            "largest": done.went.largest,
            "best": done.went.best,
            "condition": bent.condition if bent is not None and np.isfinite(bent.condition) else None,
            "more_steps": done.went.more,
        },
        "printed": [{"line": e.line, "text": e.text, "value": plain(e.values)} for e in found.run.evidence.printed],
        "raises": {"type": raised.kind, "message": raised.message, "line": raised.line} if raised is not None else None,
        "corrected": None,
    }
    if done.mended is not None:
        document.values["corrected"] = {
            "program": done.mended.found.program.text,
            "parameters": {p: plain(v) for p, v in _end(done.mended.found).items()},
        }


def _finding(finding: Fault) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": finding.kind, "line": finding.line, "text": finding.text}
    return made | ({"component": finding.component} if finding.component else {})


def _end(found: HandDescent) -> dict[str, Any]:
    """The parameters where they came to."""
    if found.reshaped:
        return {p: found.loop.last[p] for p in found.parameters if p in found.loop.last}
    path = found.path
    return found.split(path[-1][1]) if path else {}


def _title(done: Study) -> str:
    if done.findings:
        first = done.findings[0]
        said = "a derivative is wrong" if done.judged.method and done.verdict == "wrong" else _headline(first)
        return f"Line {first.line}: {said}" if first.line else said
    if done.verdict == "undecided":
        return f"A descent by hand in line {done.found.loop.line}"
    return "The descent is right" + (" and arrives" if done.went.ended == "arrived" else "")


_HEADLINES = {
    "sign": "the step goes uphill",
    "missing-mean": "the sum is not divided by the number of samples",
    "missing-factor": "a factor is missing",
    "missing-term": "the step is not the gradient of the loss",
    "regularisation-factor": "the penalty's gradient has another factor",
    "not-simultaneous": "a parameter is changed before the others are computed",
    "shape-broadcast": "two shapes are broadcast against each other",
    "integer-array": "whole numbers cut off the steps",
    "rate-too-large": "the rate is too large",
    "rate-too-small": "the steps are right, but very short",
    "too-few-steps": "the steps are right, but too few",
    "unscaled-features": "the features need scaling",
    "state-overwritten": "a mean of the optimiser is overwritten",
    "missing-intercept": "the model has no constant term",
    "not-accumulated": "a sum of squares is overwritten",
    "missing-derivative": "the loss is subtracted, not its derivative",
    "missing-axis": "one number is taken off every component",
    "not-a-minimum": "the steps end where there is no minimum",
    "bias-correction": "the means are not corrected for their begin at 0",
    "not-finite": "a number is not finite",
    "cycling": "the steps go to and fro",
    "one-sample": "only one sample is ever seen",
    "missing-root": "the root of the mean of squares is missing",
    "ill-conditioned": "the problem is ill-conditioned",
}


def _headline(finding: Fault) -> str:
    return _HEADLINES.get(finding.kind, finding.kind)


def _sentence(done: Study) -> str:
    found = done.found
    if not done.findings:
        if done.verdict == "undecided" and done.judged.method:
            return f"{done.judged.method}; {_arrival(done.went, found)}."
        if done.verdict == "undecided":
            return f"Line {found.loop.line} is a descent of {_names(found)}; which loss it descends is not to be seen."
        return " ".join([f"{_rightly(done)}; {_arrival(done.went, found)}.", *done.judged.notes])
    first = done.findings[0]
    said = f"Line {first.line}: {lowered(first.text)}" if first.line else first.text
    said = re.sub(r"^(Line \d+): line \d+ ", r"\1 ", said)
    if done.verdict in ("right", "scaled"):
        said = f"{_rightly(done)}. {said}"
    if done.fixes and done.fixes[0].finding is first:
        lines = [line for line in done.fixes[0].after.splitlines() if line != "pass"]
        shown = lines if first.kind.startswith("rate-") else lines[-1:]
        said += f" Write {' and '.join(f'`{line}`' for line in shown)}."
    return said


def _rightly(done: Study) -> str:
    loss = done.judged.loss
    if done.judged.method:
        return done.judged.method
    of = (
        f" of `{loss.name}`"
        if loss is not None and not loss.data
        else f" of the {loss.name}"
        if loss is not None
        else ""
    )
    if done.judged.scale:
        return f"The step follows the gradient{of}, {done.judged.scale} times as long as the rate says"
    return f"The gradient{of} is right{_penalty(done)}"


def _penalty(done: Study) -> str:
    """The penalty that the steps descend beside half the sum of squares, as the closed form has it."""
    judged = done.judged
    if judged.loss is None or not judged.loss.data or judged.loss.name != "squares" or not judged.decay:
        return ""
    ratio = f"{judged.decay:.4g}"
    return f"; the steps also shrink the parameters, which makes {ratio} the λ of the closed form, (XᵀX + λ I)⁻¹ Xᵀy"


def _arrival(went: Course, found: HandDescent) -> str:
    if went.ended == "arrived":
        rest = f", to {100 * went.left:.2g} % of its way" if went.left is not None and went.left > 1e-4 else ""
        return f"after {found.loop.turns:,} steps the descent has arrived{rest}"
    return f"it takes {found.loop.turns:,} steps"


def _names(found: HandDescent) -> str:
    names = [f"`{path}`" for path in found.parameters[:6]]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _does(done: Study) -> list[str]:
    found, loss, judged = done.found, done.judged.loss, done.judged
    sizes = ", ".join(
        f"`{p}` {'of shape ' + str(s) if s else '(a number)'}"
        for p, s in zip(found.parameters, found.shapes, strict=True)
    )
    lines = sorted(set(found.lines.values()))
    where = f" in line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}" if lines else ""
    texts = [f"The loop in line {found.loop.line} turns {found.loop.turns:,} times and changes {sizes}{where}."]
    if found.buffers:
        kind = kind_of_optimiser(found)
        texts.append(
            f"It carries {', '.join(f'`{b}`' for b in found.buffers)} from step to step, as "
            f"{kind or 'an optimiser with memory'} does."
        )
    if loss is not None and judged.verdict in ("right", "scaled"):
        what = f"`{loss.name}` (line {loss.line})" if loss.line else f"`{loss.name}`, as the text has it"
        what = f"the {loss.name} of the predictions" if loss.data else what
        rate = f", with {quoted(rate_text(judged))}" if judged.rate is not None else ""
        more = f" and shrinks them by {judged.decay:.3g} times themselves" if judged.decay else ""
        texts.append(f"Each step goes against the gradient of {what}{rate}{more}.")
    bent = done.went.curvature
    if bent is not None and bent.largest > 0 and judged.rate is not None and done.went.largest and done.went.best:
        at = "at its start" if done.went.ended == "grew" else "where it ended"
        texts.append(
            f"From the curvatures {at}: a rate up to {done.went.largest:.4g} converges, the best constant rate is "
            f"{done.went.best:.4g}, the condition number {bent.condition:.4g}."
        )
    return texts


def _note(found: HandDescent, finding: Fault) -> Note:
    lines = found.program.text.split("\n")
    code = lines[finding.line - 1].strip() if 0 < finding.line <= len(lines) else ""
    shown = f" (`{code}`)" if code and "`" not in code else ""
    head = f"Line {finding.line}{shown}: " if finding.line else ""
    return Note(f"{head}{_quoted_code(finding.text)}", "warning")


def _quoted_code(text: str) -> str:
    return "`".join(quoted(part) if i % 2 == 0 else part for i, part in enumerate(text.split("`")))


def _mended(done: Study) -> list[Any]:
    rows: list[list[Any]] = []
    for made in done.fixes:
        rows.append([_headline(made.finding), _code(made.before), _code(made.after)])
    blocks: list[Any] = [
        Heading("Mended"),
        Table([Column("What"), Column("Before"), Column("After")], rows, "The lines that change, one after another."),
    ]
    if done.mended is not None:
        blocks.append(Code([Source("Corrected", "python", done.mended.found.program.text)], "The whole program"))
    return blocks


def _code(text: str) -> str:
    return "; ".join(f"`{line}`" if "`" not in line else quoted(line) for line in text.splitlines() if line != "pass")


def _table(done: Study) -> Table | None:
    found = done.found
    if found.reshaped or not found.path:
        return None
    start, end = found.path[0][1], found.path[-1][1]
    columns = [
        Column("Parameter"),
        Column("Start", align="right"),
        Column(f"After {found.loop.turns:,} steps", align="right"),
    ]
    mended = done.mended.found.path[-1][1] if done.mended is not None and done.mended.found.path else None
    if mended is not None and mended.shape == end.shape:
        columns.append(Column("Mended", align="right"))
    rows: list[list[Any]] = []
    for name, i in list(zip(found.names, found.picked, strict=True))[:SHOWN]:
        row: list[Any] = [f"`{name}`", _number(start[i]), _number(end[i])]
        if len(columns) > 3 and mended is not None:
            row.append(_number(mended[i]))
        rows.append(row)
    return Table(columns, rows)


def _number(value: float) -> Any:
    return float(f"{value:.6g}") if np.isfinite(value) else str(float(value))


def _picture(done: Study) -> Plot | None:
    """How the parameters approach where the mended (or the program itself) ended, on a scale of powers."""
    marks, goal = [], None
    studies = [("the program", done), *([("mended", done.mended)] if done.mended is not None else [])]
    for _, one in reversed(studies):
        path = one.found.path if not one.found.reshaped else []
        if path and np.isfinite(path[-1][1]).all() and one.went.ended != "grew":
            goal = path[-1][1] + _rest(one)
            break
    if goal is None:
        return None
    for color, (label, one) in enumerate(studies):
        path = one.found.path if not one.found.reshaped else []
        turns = np.array([float(turn + 1) for turn, theta in path if theta.shape == goal.shape])
        far = np.array([float(np.linalg.norm(theta - goal)) for _, theta in path if theta.shape == goal.shape])
        far = np.where(np.isfinite(far) & (far < 1e30), np.maximum(far, 1e-16), np.nan)
        if turns.size > 2 and np.isfinite(far).any():
            marks.append(Line(turns, far, label, color))
    if not marks:
        return None
    return Plot(
        list(marks),
        "How far the parameters are from the minimum, against the steps.",
        Axis("step"),
        Axis("distance from the minimum", scale="log"),
        title="The way",
    )


def _rest(one: Study) -> Any:
    at = one.found.at
    size = one.found.path[-1][1].size
    if at is None or one.found.buffers or len(one.found.picked) != size or not np.isfinite(at.slope).all():
        return np.zeros(size)
    rest = remaining(at.step, at.slope)
    return rest if np.linalg.norm(rest) < 10 * (1 + np.linalg.norm(one.found.path[-1][1])) else np.zeros(size)


def _checks(done: Study) -> list[Check]:
    judged, made = done.judged, []
    if judged.loss is not None and judged.factor is not None and judged.steps.size:
        rest = _difference(done)
        method = (
            f"the loop of line {done.found.loop.line} was turned from two random states with its "
            f"parameters held, and a "
            f"little beside each of them; central differences of `{judged.loss.name}` in "
            f"{len(done.found.picked)} directions"
        )
        verdict = "passed" if rest <= 1e-3 else "failed"
        made.append(Check("The step follows the gradient", method, verdict, rest, 1e-3, test="differences"))  # type: ignore[arg-type]
    if done.mended is not None:
        good = done.mended.verdict in ("right", "scaled") and done.mended.went.ended != "grew"
        made.append(
            Check(
                "The mended program descends",
                "it was run, and judged in the same way",
                "passed" if good else "failed",
                test="program",
            )
        )
    if not made:
        made.append(
            Check("The step follows the gradient", "no loss was found to compare with", "unchecked", test="differences")
        )
    return made


def _difference(done: Study) -> float:
    """The largest relative difference between the steps and minus a multiple of the gradient."""
    judged = done.judged
    assert judged.loss is not None
    worst = 0.0
    thetas = np.array([state.theta[done.found.picked] for state in done.found.states[:2]])
    for step, gradient, theta in zip(judged.steps, judged.loss.gradients, thetas, strict=True):
        design = np.column_stack([gradient, theta]) if judged.decay else gradient[:, None]
        if judged.decay:
            rest = step + (judged.factor or 0.0) * gradient
            kept = np.abs(rest) > 1e-6 * np.abs(step).max()
            rest = rest + np.where(kept, (judged.factor or 0.0) * judged.decay * theta, 0.0)
        else:
            c = np.linalg.lstsq(design, step, rcond=None)[0]
            rest = step - design @ c
        worst = max(worst, float(np.abs(rest).max() / max(np.abs(step).max(), 1e-300)))
    return worst
