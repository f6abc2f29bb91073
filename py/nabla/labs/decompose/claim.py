"""decompose: the asker's own divergence, curl or potential, judged component by component."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from nabla.answer.document import Column, Document, Heading, Table
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.decompose.nature import Nature
from nabla.read.fields.claims import WorkLine, read_claim
from nabla.write.notation import tex


@dataclass(frozen=True)
class _Goal:
    """Something that an answer may be meant for; `free` tells that a constant may be added."""

    what: str
    named: str
    parts: tuple[sp.Expr, ...]
    free: bool = False


def judged(inputs: Inputs, document: Document, nature: Nature) -> str:
    """Judge the claim into the values; the words for the sentence, "" where there is none."""
    if not inputs["claim"].strip():
        return ""
    known = [s.name for s in nature.given.symbols]
    try:
        lines = inputs.read("claim", read_claim, known=known)
    except UserError:
        document.values["claim"] = {"verdict": "undecided", "mistakes": [], "ask_at": None}
        return ""
    goals = _goals(nature)
    line = lines[-1]
    typed = _parts(line)
    fitting = [goal for goal in goals if len(goal.parts) == len(typed)]
    right = next((goal for goal in fitting if _is(typed, goal, nature)), None)
    asked = [goal for goal in fitting if goal.what in nature.given.asked]
    if right is not None:
        document.values["claim"] = {"verdict": "right", "mistakes": [], "ask_at": None}
        return f"your ${tex_of(typed)}$ is right for {right.named}."
    if not asked:
        document.values["claim"] = {"verdict": "undecided", "mistakes": [], "ask_at": None}
        return ""
    return _wrong(document, nature, typed, asked[0])


def _goals(nature: Nature) -> list[_Goal]:
    given, judged_ = nature.given, nature.judged
    curl = judged_.curl
    goals = [_Goal("curl", "the curl", tuple(curl)), _Goal("divergence", "the divergence", (nature.divergence,))]
    if judged_.potential:
        goals.append(_Goal("potential", "the potential", (judged_.potential.value,), free=True))
    if nature.stream:
        goals.append(_Goal("stream", "the stream function", (nature.stream.value,), free=True))
    for f, axis in zip(given.F, given.system.axes, strict=True):
        for q in given.symbols:
            name = rf"$\partial F_{{{axis}}}/\partial {tex(q)}$"
            goals.append(_Goal("partial", name, (sp.diff(f, q),)))
    return goals


def _parts(line: WorkLine) -> tuple[sp.Expr, ...]:
    if line.reading is not None:
        return (line.reading.expr,)
    entries = [e[0] if isinstance(e, list) and len(e) == 1 else e for e in line.entries]  # type: ignore[union-attr]
    return tuple(e.expr for e in entries if not isinstance(e, list))


def _is(typed: tuple[sp.Expr, ...], goal: _Goal, nature: Nature) -> bool:
    return all(_same(a, b, goal, nature) for a, b in zip(typed, goal.parts, strict=True))


def _same(a: sp.Expr, b: sp.Expr, goal: _Goal, nature: Nature) -> bool:
    if not goal.free:
        return equal(a, b).equal is True
    return all(equal(D(a, q), sp.diff(b, q)).equal is True for q in nature.given.symbols)


def tex_of(parts: tuple[sp.Expr, ...]) -> str:
    """One formula, or several in brackets."""
    return tex(parts[0]) if len(parts) == 1 else r"\left(" + r",\; ".join(map(tex, parts)) + r"\right)"


def _wrong(document: Document, nature: Nature, typed: tuple[sp.Expr, ...], goal: _Goal) -> str:
    """Where the answer differs, and by what."""
    mistakes, rows = [], []
    for place, (mine, part) in enumerate(zip(typed, goal.parts, strict=True)):
        fine = _same(mine, part, goal, nature)
        why = "" if fine else _why(mine, part, goal.parts, place)
        rows.append([nature.given.system.axes[place] if len(typed) > 1 else "", f"${tex(mine)}$", f"${tex(part)}$",
                     "right" if fine else why or "differs"])  # fmt: skip
        if not fine:
            rule = "sign" if "sign" in why else "component" if why else "value"
            mistakes.append({"id": rule, "rule": why, "gives": sp.sstr(mine), "where": place + 1})
    document.values["claim"] = {"verdict": "wrong", "mistakes": mistakes, "ask_at": None}
    columns = [Column("Component"), Column("Yours"), Column("Right"), Column("")]
    document.add(Heading("Your answer"), Table(columns, [[f"${r[0]}$" if r[0] else "", *r[1:]] for r in rows]))
    if len(typed) == 1:
        reason = f": {mistakes[0]['rule']}" if mistakes[0]["rule"] else ""
        return f"your ${tex_of(typed)}$ is not {goal.named}{reason}."
    wrong = [row for row in rows if row[3] != "right"]
    told = "; ".join(f"your ${row[0]}$ component {row[1]} has to be {row[2]}, {row[3]}" for row in wrong)
    return told.replace(", differs", "") + "."


def _why(mine: sp.Expr, part: sp.Expr, parts: tuple[sp.Expr, ...], place: int) -> str:
    if equal(mine, -part).equal is True:
        return "its sign is the other one"
    signs = _signs(part)
    if any(equal(mine, other).equal is True for other in signs):
        return "a term has the other sign"
    for other, value in enumerate(parts):
        if other != place and value != 0 and equal(mine, value).equal is True:
            return f"this is component {other + 1}"
    return ""


def _signs(expr: sp.Expr) -> list[sp.Expr]:
    """The sum with the sign of one term turned."""
    terms = sp.Add.make_args(sp.expand(expr))
    return [sp.Add(*(t if i != j else -t for j, t in enumerate(terms))) for i in range(len(terms))] if terms[1:] else []
