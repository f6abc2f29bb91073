"""derive: an answer of the reader's to a gradient, a Jacobian, a Hessian or several derivatives."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Cell, Column, Document, Heading, Note, Table, quoted
from nabla.calculus.malrules import MALRULES
from nabla.lab import Inputs
from nabla.labs.derive.claim import read_lines, show_remarks, show_wrong, unread
from nabla.labs.derive.judge import Goal, Judged, Misstep, judge
from nabla.labs.derive.question import DeriveQuestion
from nabla.labs.derive.sentence import in_words
from nabla.read.fields.claims import WorkLine
from nabla.read.formula import Reading

Rows = list[list[Reading | None]]
THINGS = {"gradient": "gradient", "jacobian": "Jacobian", "hessian": "Hessian", "derivative": "answer"}


def show_matrix_claim(document: Document, inputs: Inputs, question: DeriveQuestion, goals: list[list[Goal]]) -> str:
    """Say what is to be said about the answer, component by component.

    Returns:
        What the sentence that answers says of it, empty where there is no claim.
    """
    lines = read_lines(document, inputs, question)
    if not lines:
        return unread(document)
    document.add(Heading("Your answer", role="claim"))
    show_remarks(document, inputs, lines)
    grids = _grids(lines, question, goals)
    if not grids:
        return _show_misfit(document, question, lines, goals)
    judged = [[_judged(reading, goal, question) for reading, goal in _pairs(grid, goals)] for grid in grids]
    wrong = next((place for place, parts in enumerate(judged) if _verdict(parts) != "right"), len(grids) - 1)
    parts, grid = judged[wrong], grids[wrong]
    whole = _of_whole(grid, goals, question) if _verdict(parts) == "wrong" else None
    findings = [whole] if whole else [finding for part in parts if part for finding in part.findings]
    values = Judged(_verdict(parts), tuple(findings)).values()
    values["components"] = [part.verdict if part else "missing" for part in parts]
    document.values["claim"] = values
    if len(grids) > 1 and _verdict(parts) != "right":
        document.add(Note(f"Line {wrong + 1} is the first that does not follow.", tone="warning"))
    return _show_parts(document, parts, _pairs(grid, goals), whole, question)


def _grids(lines: Sequence[WorkLine], question: DeriveQuestion, goals: list[list[Goal]]) -> list[Rows]:
    """The lines that have the shape of the answer; lines labelled by their variables make one gradient together."""
    labelled = _by_labels(lines, question, goals)
    if labelled:
        return [labelled]
    shaped = [_fitted(line.entries, goals) for line in lines if isinstance(line.entries, list)]
    return [grid for grid in shaped if grid]


def _by_labels(lines: Sequence[WorkLine], question: DeriveQuestion, goals: list[list[Goal]]) -> Rows | None:
    if question.what != "gradient" or not any(line.label and line.label.var for line in lines):
        return None
    names = [symbol.name for symbol in question.wrt]
    row: list[Reading | None] = [None] * len(goals[0])
    for line in lines:
        if line.label and line.label.var in names and line.reading:
            row[names.index(line.label.var)] = line.reading
    return [row] if any(row) else None


def _fitted(entries: object, goals: list[list[Goal]]) -> Rows | None:
    """The entries in the shape of the answer; a row and a column count as the same list."""
    rows, columns = len(goals), len(goals[0])
    if not isinstance(entries, list):
        return None
    nested = [entry if isinstance(entry, list) else [entry] for entry in entries]
    if len(nested) == rows and all(len(row) == columns for row in nested):
        return nested
    flat = [reading for row in nested for reading in row]
    vector = min(len(nested), len(nested[0])) == 1
    return [flat] if rows == 1 and vector and len(flat) == columns else None


def _pairs(grid: Rows, goals: list[list[Goal]]) -> list[tuple[Reading | None, Goal]]:
    return [pair for row, targets in zip(grid, goals, strict=True) for pair in zip(row, targets, strict=True)]


def _judged(reading: Reading | None, goal: Goal, question: DeriveQuestion) -> Judged | None:
    return judge(goal, reading.expr, question.at) if reading else None


def _verdict(parts: Sequence[Judged | None]) -> str:
    verdicts = {part.verdict for part in parts if part}
    return "wrong" if "wrong" in verdicts else "undecided" if "undecided" in verdicts or None in parts else "right"


def _of_whole(grid: Rows, goals: list[list[Goal]], question: DeriveQuestion) -> Misstep | None:
    """A mistake of the whole: rows and columns exchanged, or the sign of everything."""
    if any(reading is None for row in grid for reading in row):
        return None
    about = goals[0][0].f
    if len(grid) == len(grid[0]) > 1:
        turned = [[goals[j][i] for j in range(len(goals))] for i in range(len(goals))]
        if all(_is(reading, goal, question) for reading, goal in _pairs(grid, turned)):
            given = sp.Matrix([[goal.simple for goal in row] for row in turned])
            return Misstep(("A19",), MALRULES["A19"].says, "J", about, given)
    if len(_pairs(grid, goals)) > 1 and all(_is(reading, goal, question, -1) for reading, goal in _pairs(grid, goals)):
        given = -sp.Matrix([[goal.simple for goal in row] for row in goals])
        return Misstep(("M39",), MALRULES["M39"].says, "J", about, given)
    return None


def _is(reading: Reading | None, goal: Goal, question: DeriveQuestion, sign: int = 1) -> bool:
    return reading is not None and judge(goal, sign * reading.expr, question.at).verdict == "right"


def _show_parts(
    document: Document,
    parts: Sequence[Judged | None],
    pairs: list[tuple[Reading | None, Goal]],
    whole: Misstep | None,
    question: DeriveQuestion,
) -> str:
    rows: list[list[Cell]] = []
    for part, (reading, goal) in zip(parts, pairs, strict=True):
        rows.append([f"${goal.left}$", f"${reading.tex}$" if reading else "", part.verdict if part else "missing"])
    document.add(Table([Column("Component"), Column("Yours"), Column("Verdict")], rows))
    right = sum(bool(part and part.verdict == "right") for part in parts)
    if right == len(parts):
        document.add(Note("All components are right.", tone="tip"))
        return "all components of yours are right"
    if whole:
        document.add(Note(whole.told, tone="warning"))
        return f"yours is not right: {in_words([whole])}"
    document.add(Note(f"{right} of {len(parts)} components are right.", tone="warning"))
    for part, (reading, goal) in zip(parts, pairs, strict=True):
        if part and reading and part.verdict == "wrong":
            place = question.at if question.at and not reading.expr.free_symbols else None
            for symbol in part.foreign:
                document.add(Note(f"{quoted(symbol.name)} does not occur in the function.", tone="warning"))
            show_wrong(document, reading, part, goal, place)
        elif part and part.verdict == "undecided" and part.reason:
            document.add(Note(f"{part.reason}.", tone="warning"))
    return f"{right} of {len(parts)} components of yours are right"


def _show_misfit(
    document: Document, question: DeriveQuestion, lines: Sequence[WorkLine], goals: list[list[Goal]]
) -> str:
    """The answer has another shape: say so, and which component it is, if it is one."""
    thing = THINGS[question.what]
    flat = [goal for row in goals for goal in row]
    shape = f"{len(goals)} × {len(goals[0])}" if len(goals) > 1 else f"{len(flat)}"
    reading = lines[-1].reading
    same = [goal.left for goal in flat if reading and judge(goal, reading.expr, question.at).verdict == "right"]
    told = f"The {thing} has {shape} components; your answer has another shape."
    if same:
        told += f" It is the component ${same[0]}$."
    document.values["claim"] = Judged("wrong").values()
    document.add(Note(told, tone="warning"))
    return "your answer has another shape"
