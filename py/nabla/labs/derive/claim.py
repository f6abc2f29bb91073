"""derive: "why is mine different?", the reader's own answer or lines of work beside the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.answer.document import Cell, Column, Document, Heading, Note, Prose, Table, quoted
from nabla.calculus.bridges import bridge
from nabla.calculus.equality import equal
from nabla.calculus.value import value_at
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.derive.judge import Goal, Judged, Point, difference, judge, table_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.labs.derive.sentence import MOST_NAMED, about_claim, in_words
from nabla.read.fields.claims import Label, WorkLine, read_claim
from nabla.read.formula import Reading
from nabla.write.notation import number, point, tex

# Numbers computed by hand along the way agree to so many digits.
CLOSE = 1e-9
MOST_REMARKS = 4


@dataclass(frozen=True)
class Worked:
    """A line of work that was judged: against which goal, and whether it follows from the line before it."""

    line: WorkLine
    reading: Reading
    goal: Goal
    judged: Judged
    follows: bool | None = None


def read_lines(document: Document, inputs: Inputs, question: DeriveQuestion) -> list[WorkLine]:
    """The lines of the answer. One that cannot be read is told, and the rest of the document stands."""
    if not inputs["claim"].strip():
        return []
    known = [symbol.name for symbol in question.symbols]
    known += [question.unknown.name] if question.unknown else []
    try:
        return read_claim(inputs["claim"], known=known)
    except UserError as error:
        place = inputs["claim"][error.span.start : error.span.end].strip() if error.span else ""
        at = f" The place is {quoted(place)}." if place else ""
        message = f"Your answer could not be read: {error.message}{at} {error.hint}".strip()
        document.add(Heading("Your answer", role="claim"), Note(message, tone="warning"))
        document.warn("claim-unread", message)
        document.values["claim"] = Judged("undecided").values()
        return []


def show_claim(
    document: Document,
    inputs: Inputs,
    question: DeriveQuestion,
    goals: Sequence[Goal],
    restated: Sequence[sp.Expr] = (),
) -> str:
    """Say what is to be said about the answer to a question with one formula as its answer.

    `goals` are the derivatives of rising order, the last one asked for; `restated` are what `f(x) =` may repeat.

    Returns:
        What the sentence that answers says of it, empty where there is no claim.
    """
    lines = read_lines(document, inputs, question)
    if not lines:
        return unread(document)
    document.add(Heading("Your answer", role="claim"))
    show_remarks(document, inputs, lines)
    worked = _worked(document, question, lines, goals, restated)
    if not worked:
        document.values["claim"] = Judged("undecided").values()
        if not any(isinstance(line.entries, list) for line in lines):
            document.add(Note("This is the function itself; no derivative is claimed.", tone="warning"))
        return "no derivative of yours is there to compare"
    if len(worked) == 1:
        (only,) = worked
        document.values["claim"] = only.judged.values()
        _show_one(document, only, question.at)
        return about_claim(only.reading, only.judged, only.goal)
    return _show_lines(document, worked, question.at)


def unread(document: Document) -> str:
    """What the sentence that answers says of a claim that could not be read."""
    return "your answer could not be read" if "claim" in document.values else ""


def show_remarks(document: Document, inputs: Inputs, lines: Sequence[WorkLine]) -> None:
    """The places of the answer that can be read in another way, as far as they are few."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        for reading in flattened(line.entries):
            for remark in reading.remarks:
                whole = remark.alternative and reading.text == inputs["claim"].strip()
                found.setdefault(remark.message, {"claim": remark.alternative} if whole else {})
    for message, change in list(found.items())[:MOST_REMARKS]:
        document.add(Note(message, inputs=change, action="Read it the other way" if change else ""))


def flattened(entries: Reading | Sequence[Reading] | Sequence[Sequence[Reading]]) -> list[Reading]:
    """The formulas of a line, of its list or of its matrix."""
    if isinstance(entries, Reading):
        return [entries]
    return [reading for entry in entries for reading in flattened(entry)]


def _worked(
    document: Document,
    question: DeriveQuestion,
    lines: Sequence[WorkLine],
    goals: Sequence[Goal],
    restated: Sequence[sp.Expr],
) -> list[Worked]:
    """Every line judged. Lines that restate the function are left out, lists are refused."""
    found: list[Worked] = []
    goal = goals[-1]
    for line in lines:
        reading = _single(line)
        if reading is None:
            text = "The derivative here is one formula; a list of several is not compared with it."
            document.add(Note(text, tone="warning"))
            continue
        label = line.label
        if label and label.function and any(equal(reading.expr, f).equal for f in restated):
            continue
        if label:
            goal = goals[label.order - 1] if 1 <= label.order <= len(goals) and label.order else goals[-1]
            _show_other_variable(document, question, label)
        judged = judge(goal, reading.expr, question.at)
        follows = _follows(found[-1], reading, goal, question.at) if found else None
        found.append(Worked(line, reading, goal, judged, follows))
    return found


def _single(line: WorkLine) -> Reading | None:
    """The formula of a line; a list of one is that one."""
    entries: object = line.entries
    while isinstance(entries, list) and len(entries) == 1:
        entries = entries[0]
    return entries if isinstance(entries, Reading) else None


def _show_other_variable(document: Document, question: DeriveQuestion, label: Label) -> None:
    names = {symbol.name for symbol in question.symbols}
    asked = {symbol.name for symbol in question.wrt} | ({question.unknown.name} if question.unknown else set())
    if label.var in names and label.var not in asked:
        text = (
            f"{quoted(label.text)} is a derivative with respect to {quoted(label.var)}; "
            f"asked for is that with respect to {quoted(', '.join(symbol.name for symbol in question.wrt))}."
        )
        document.add(Note(text, tone="warning", inputs={"wrt": label.var}, action=f"Ask for {label.var}"))


def _follows(before: Worked, reading: Reading, goal: Goal, at: Point) -> bool | None:
    """Whether a line equals the one above it; None where that says nothing, as for another order."""
    if before.goal is not goal:
        return None
    ours, theirs = (expr.subs(goal.roots) for expr in (before.reading.expr, reading.expr))
    verdict = equal(ours, theirs, domain=goal.domain).equal
    if verdict is False and at and bool(ours.free_symbols) != bool(theirs.free_symbols):
        one, other = (value_at(expr, at, goal.f).number for expr in (before.reading.expr, reading.expr))
        if one is not None and other is not None:
            return abs(one - other) <= CLOSE * max(1.0, abs(one))
    return verdict


def _show_one(document: Document, worked: Worked, at: Point) -> None:
    judged, claim, goal = worked.judged, worked.reading, worked.goal
    place = at if at and not claim.expr.free_symbols else None
    _show_foreign(document, judged)
    if judged.verdict == "right":
        how = f": {judged.equality.method}" if judged.equality else ""
        document.add(Note(f"${claim.tex}$ is right{how}.{_also(goal, place)}", tone="tip"))
        _show_bridge(document, claim, goal)
    elif judged.verdict == "undecided":
        reason = f" {judged.reason}." if judged.reason else ""
        document.add(Note(f"Whether ${claim.tex}$ is right could not be decided.{reason}", tone="warning"))
    else:
        show_wrong(document, claim, judged, goal, place)


def _show_bridge(document: Document, claim: Reading, goal: Goal) -> None:
    """How the reader's form and the one of this page come to the same."""
    if found := bridge(claim.expr, goal.simple):
        told, form = found
        between = [] if form in (claim.expr, goal.simple) else [tex(form)]
        equation = " = ".join([claim.tex, *between, tex(goal.simple)])
        document.add(Prose(f"The same in another form, {told}: ${equation}$."))


def _show_foreign(document: Document, judged: Judged) -> None:
    for symbol in judged.foreign:
        document.add(Note(f"{quoted(symbol.name)} does not occur in the function.", tone="warning"))


def _also(goal: Goal, at: Point | None) -> str:
    """A number may be right by accident: that of the function itself, say."""
    if at is None or not goal.derivations or goal.derivations[0].rule in ("implicit", "parametric"):
        return ""
    value, slope = value_at(goal.f, at, goal.f), value_at(goal.simple, at, goal.f)
    same = value.number is not None and value.number == slope.number
    told = " The function itself has the same value there, so the number alone does not tell them apart."
    return told if same else ""


def show_wrong(document: Document, claim: Reading, judged: Judged, goal: Goal, at: Point | None) -> None:
    """What is wrong about a formula or number: every mistake that yields it, or the first difference."""
    if not judged.findings and judged.reason:
        document.add(Note(f"${claim.tex}$ is not right. {judged.reason}.", tone="warning"))
        return
    if not judged.findings:
        document.add(Note(f"${claim.tex}$ is not right. {difference(judged, goal, at)}", tone="warning"))
        pairs = " nor any two of them together" if at is None and goal.derivations else ""
        document.add(Prose(f"None of the usual mistakes gives it{',' if pairs else ''}{pairs}."))
        return
    which = "This mistake gives" if len(judged.findings) == 1 else "Each of these mistakes gives"
    document.add(Note(f"${claim.tex}$ is not right. {which} exactly that.", tone="warning"))
    table = table_of(judged, goal, at)
    document.add(table)
    if judged.ask_at:
        where = ",".join(f"{symbol.name}={sp.sstr(value)}" for symbol, value in judged.ask_at.items())
        found = [f"${number(sp.nsimplify(value, rational=True))}$" for value in judged.there[: len(table.rows)]]
        told = f"At ${point(judged.ask_at)}$ they give {', '.join(found)}: your answer there tells which it was."
        document.add(Note(told, inputs={"at": where, "claim": ""}, action="Go to that point"))


def _show_lines(document: Document, worked: Sequence[Worked], at: Point) -> str:
    """Lines of work: the first that does not follow is marked, and the mistake in it explained."""
    verdicts = [each.judged.verdict for each in worked]
    first = next((place for place, verdict in enumerate(verdicts) if verdict != "right"), None)
    columns = [Column("Line", align="right"), Column("Your work"), Column("Verdict")]
    rows: list[list[Cell]] = []
    for place, each in enumerate(worked):
        label = f"{quoted(each.line.label.text)} = " if each.line.label else ""
        rows.append([float(place + 1), f"{label}${each.reading.tex}$", _said(worked, place, first)])
    document.add(Table(columns, rows))
    last = worked[-1].judged
    deciding = worked[first].judged if first is not None else last
    document.values["claim"] = deciding.values() | {
        "lines": verdicts,
        "first_wrong": first + 1 if first is not None and verdicts[first] == "wrong" else None,
    }
    if first is None:
        document.add(Note("Every line is right.", tone="tip"))
        _show_bridge(document, worked[-1].reading, worked[-1].goal)
        return "every line of yours is right"
    each = worked[first]
    there = at if at and not each.reading.expr.free_symbols else None
    if each.judged.verdict == "undecided":
        _show_one(document, each, at)
        return f"whether line {first + 1} of yours is right could not be decided"
    document.add(Note(f"Line {first + 1} is the first that does not follow.", tone="warning"))
    _show_foreign(document, each.judged)
    if first and worked[first - 1].goal is each.goal:
        told = _slip_between(worked[first - 1], each)
        if told:
            document.add(Prose(told))
    show_wrong(document, each.reading, each.judged, each.goal, there)
    if last.verdict == "right":
        document.add(Prose("The last line is right all the same."))
    slips = f": {in_words(each.judged.findings[:MOST_NAMED])}" if each.judged.findings else ""
    return f"line {first + 1} of yours is the first that does not follow{slips}"


def _said(worked: Sequence[Worked], place: int, first: int | None) -> str:
    each = worked[place]
    if each.judged.verdict == "right":
        return "right"
    if each.judged.verdict == "undecided":
        return "undecided"
    if place == first:
        return "**does not follow**" if place else "**not right**"
    if each.follows:
        return "follows from the line above, which is wrong"
    return "wrong" if each.follows is None else "does not follow either"


def _slip_between(before: Worked, after: Worked) -> str:
    """A slip of algebra between two lines: a factor, a sign, or a term that was lost."""
    ours, theirs = before.reading.expr, after.reading.expr
    if ours == 0 or theirs == 0:
        return ""
    free = ours.free_symbols | theirs.free_symbols
    ratio = _constant(theirs / ours, free)
    if ratio == -1:
        return "It is the line above with the opposite sign."
    if ratio is not None:
        return f"It is the line above times ${tex(ratio)}$."
    terms = [term for term in sp.Add.make_args(sp.expand(ours)) if equal(ours - term, theirs).equal]
    if terms:
        return f"The term ${tex(terms[0])}$ of the line above is missing."
    turned = [term for term in sp.Add.make_args(sp.expand(ours)) if equal(ours - 2 * term, theirs).equal]
    if turned:
        return f"The term ${tex(turned[0])}$ of the line above has changed its sign."
    offset = _constant(theirs - ours, free)
    return f"It differs from the line above by ${tex(offset)}$." if offset is not None else ""


def _constant(expr: sp.Expr, free: set[sp.Symbol]) -> sp.Expr | None:
    """`expr` as a number, if it is the same one at several places."""
    if not free:
        return sp.nsimplify(expr, rational=True) if expr.is_Rational else None
    symbols = sorted(free, key=str)
    places = ({symbol: sp.Rational(7 + 2 * k + 3 * i, 5) for i, symbol in enumerate(symbols)} for k in (0, 1))
    first, second = (value_at(expr, place, expr).number for place in places)
    if first is None or second is None or abs(first - second) > 1e-12 * max(1.0, abs(first)):
        return None
    found = sp.nsimplify(first, rational=True, tolerance=1e-9)
    return found if found.q < 1000 and equal(expr, found).equal else None
