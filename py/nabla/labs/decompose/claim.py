"""decompose: answers of the asker's own about a field: component by component, or a number for an integral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from nabla.answer.document import Column, Document, Heading, Table
from nabla.calculus.equality import equal
from nabla.calculus.numeric import D
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.decompose.field import POTENTIALS
from nabla.labs.decompose.nature import Nature
from nabla.read.fields.claims import WorkLine, read_answers
from nabla.read.formula import Reading
from nabla.vector.operators import TURNS
from nabla.vector.potentials import is_zero
from nabla.write.notation import tex

NAMED = ("work", "flux", "divergence", "curl", "laplacian")
INTEGRALS = {"work": "the work", "flux": "the flux"}
PLAIN = (2, sp.Rational(1, 2), sp.pi, 1 / sp.pi, 2 * sp.pi, -2, sp.Rational(-1, 2))  # factors of numbers by mistake
MOST = 8  # of the numerator and the denominator of a factor that is named


@dataclass(frozen=True)
class _Goal:
    """Something that an answer may be meant for; `free` tells that a constant may be added."""

    what: str
    named: str
    parts: tuple[sp.Expr, ...]
    free: bool = False


@dataclass(frozen=True)
class _Judgement:
    """An answer judged: its verdict, its mistakes, and the words for the sentence."""

    verdict: str
    mistakes: list[dict[str, Any]]
    words: str


UNDECIDED = _Judgement("undecided", [], "")


def judged(inputs: Inputs, document: Document, nature: Nature, integrals: Mapping[str, sp.Expr]) -> str:
    """Judge the answers into the values; the words for the sentence, "" where there are none.

    Args:
        inputs: with the answers in `claim`, each perhaps with the name of what it is for: `curl = [0, 0, x]`.
        document: the answer, which gets a table of the components that differ.
        nature: what the field is.
        integrals: the work and the flux that were found, by these names.
    """
    if not inputs["claim"].strip():
        return ""
    known = [s.name for s in nature.given.symbols]
    try:
        answers = inputs.read("claim", read_answers, known=known)
    except UserError:
        found = [UNDECIDED]
    else:
        goals = _goals(nature, integrals)
        found = [_judgement(document, nature, answer, goals) for answer in answers]
    verdicts = {each.verdict for each in found}
    overall = next(verdict for verdict in ("wrong", "undecided", "right") if verdict in verdicts)
    mistakes = [mistake for each in found for mistake in each.mistakes]
    document.values["claim"] = {"verdict": overall, "mistakes": mistakes, "ask_at": None}
    words = [each.words for each in found if each.words]
    return " ".join(each[:1].upper() + each[1:] for each in words)


def _judgement(document: Document, nature: Nature, answer: list[WorkLine], goals: list[_Goal]) -> _Judgement:
    typed = _parts(answer[-1])
    name = next((line.label.text for line in answer if line.label), "")
    fitting = [goal for goal in goals if len(goal.parts) == len(typed)]
    fitting = [goal for goal in fitting if goal.what != "streamline" or goal.what == name]
    named = [goal for goal in fitting if goal.what == name]
    if name in NAMED and not named:
        return UNDECIDED  # what it is for was not found here
    exact = [goal for goal in fitting if goal.what in nature.given.asked and not goal.free]
    if exact:  # what is asked for is meant, and no derivative on the way to it
        fitting = [goal for goal in fitting if goal.what != "partial"]
    if len(typed) == 1 and any(goal.what in INTEGRALS for goal in exact):
        exact = sorted(exact, key=lambda goal: goal.what not in INTEGRALS)
        fitting = exact  # a curl that is 0 too does not make a work of 0 right
    right = next((goal for goal in named or fitting if _is(typed, goal, nature)), None)
    number = len(typed) == 1 and not typed[0].free_symbols & set(nature.given.symbols)
    if right is not None and number and not named and right.what not in INTEGRALS and fitting is exact:
        return UNDECIDED  # it may be meant for the integral, which it is not
    if right is not None:
        return _Judgement("right", [], f"your ${tex_of(typed)}$ is right for {right.named}.")
    asked = named or [goal for goal in fitting if goal.what in nature.given.asked]
    return _wrong(document, nature, typed, asked[0]) if asked else UNDECIDED


def _goals(nature: Nature, integrals: Mapping[str, sp.Expr]) -> list[_Goal]:
    given, judged_ = nature.given, nature.judged
    goals = [_Goal(name, INTEGRALS[name], (value,)) for name, value in integrals.items()]
    for place in given.at:
        at = dict(zip(given.symbols, place, strict=True))
        turn = tuple(each.subs(at) for each in judged_.curl)
        goals.append(_Goal("divergence", "the divergence there", (nature.divergence.subs(at),)))
        goals.append(_Goal("curl", "the curl there", turn))
    if "exact" in given.asked and len(given.F) == 2 and not nature.curlless:
        goals.append(_Goal("factor", "an integrating factor", (sp.S.One,)))
    goals.append(_Goal("curl", "the curl", tuple(judged_.curl)))
    goals.append(_Goal("divergence", "the divergence", (nature.divergence,)))
    if given.given in POTENTIALS:
        goals.append(_Goal("laplacian", "the Laplacian", (nature.laplacian,)))
        goals.append(_Goal("gradient", "the field", given.F))
    if judged_.potential:
        goals.append(_Goal("potential", "the potential", (nature.potential,), free=given.level is None))
    if nature.stream:
        goals.append(_Goal("stream", "the stream function", (nature.stream.value,), free=True))
        levels = [nature.stream.value.subs(dict(zip(given.symbols, place, strict=True))) for place in given.at[:1]]
        goals.append(_Goal("streamline", "the flow line", (nature.stream.value - sp.Add(*levels),)))
    if nature.vector_potential:
        goals.append(_Goal("vector-potential", "a vector potential", tuple(nature.vector_potential)))
    for f, axis in zip(given.F, given.system.axes, strict=True):
        for q in given.symbols:
            name = rf"$\partial F_{{{axis}}}/\partial {tex(q)}$"
            slope = sp.diff(f, q)
            goals += [_Goal("partial", name, (slope,))] if slope != 0 else []
    return goals


def _parts(line: WorkLine) -> tuple[sp.Expr, ...]:
    if line.reading is not None:
        return (_typed(line.reading),)
    entries = [e[0] if isinstance(e, list) and len(e) == 1 else e for e in line.entries]  # type: ignore[union-attr]
    return tuple(_typed(e) for e in entries if not isinstance(e, list))


def _typed(reading: Reading) -> sp.Expr:
    """A formula; a number with a decimal point as such a one."""
    decimal = reading.expr.is_Rational and "." in reading.text
    return sp.Float(reading.expr) if decimal else reading.expr


def _is(typed: tuple[sp.Expr, ...], goal: _Goal, nature: Nature) -> bool:
    if goal.what == "vector-potential":  # any of those with the curl F
        q = nature.given.symbols
        turned = [D(typed[a], q[b]) - D(typed[b], q[a]) for a, b in TURNS]
        return all(equal(a, b).equal is True for a, b in zip(turned, nature.given.F, strict=True))
    if goal.what == "factor":  # any that makes the form exact
        (P, Q), (x, y) = nature.given.F, nature.given.symbols
        return typed[0] != 0 and equal(D(typed[0] * P, y), D(typed[0] * Q, x)).equal is True
    if goal.what == "streamline":  # any function that is zero on it
        return _is_flow_line(typed[0], nature)
    if all(_same(a, b, goal, nature) for a, b in zip(typed, goal.parts, strict=True)):
        return True
    # The charge density is the divergence of the electric field times a constant.
    known = {s.name: s for s in typed[0].free_symbols}
    epsilon = next((known[name] for name in ("epsilon_0", "epsilon0", "epsilon") if name in known), None)
    return goal.what == "divergence" and epsilon is not None and equal(typed[0], epsilon * goal.parts[0]).equal is True


def _is_flow_line(f: sp.Expr, nature: Nature) -> bool:
    """Whether f stays the same along the field, and is zero at the points that are asked about."""
    given = nature.given
    along = sp.Add(*(part * sp.diff(f, q) for part, q in zip(given.F, given.symbols, strict=True)))
    places = [dict(zip(given.symbols, place, strict=True)) for place in given.at]
    return is_zero(along) and all(is_zero(f.subs(place)) for place in places)


def _same(a: sp.Expr, b: sp.Expr, goal: _Goal, nature: Nature) -> bool:
    if goal.free:
        return all(equal(D(a, q), sp.diff(b, q)).equal is True for q in nature.given.symbols)
    if not (a.free_symbols or b.free_symbols) and (a.has(sp.Float) or b.has(sp.Float)):
        return _rounded(a, b)
    return equal(a, b).equal is True


def _rounded(a: sp.Expr, b: sp.Expr) -> bool:
    """Whether two numbers, of which one is a decimal, agree in all the digits that the shorter one has."""
    x, y = complex(a), complex(b)
    shorter = min((str(f).rstrip("0") for e in (a, b) for f in e.atoms(sp.Float)), key=len)
    places = len(shorter.partition("e")[0].partition(".")[2])
    return abs(x - y) <= 0.5001 * 10.0**-places or abs(x - y) <= 1e-9 * abs(y)


def tex_of(parts: tuple[sp.Expr, ...]) -> str:
    """One formula, or several in brackets."""
    return tex(parts[0]) if len(parts) == 1 else r"\left(" + r",\; ".join(map(tex, parts)) + r"\right)"


def _wrong(document: Document, nature: Nature, typed: tuple[sp.Expr, ...], goal: _Goal) -> _Judgement:
    """Where the answer differs, and by what."""
    mistakes, rows = [], []
    for place, (mine, part) in enumerate(zip(typed, goal.parts, strict=True)):
        fine = _same(mine, part, goal, nature)
        rule, why = ("", "") if fine else _why(mine, part, goal.parts, place)
        rows.append([nature.given.system.axes[place] if len(typed) > 1 else "", f"${tex(mine)}$", f"${tex(part)}$",
                     "right" if fine else why or "differs"])  # fmt: skip
        if not fine:
            mistakes.append({"id": rule or "value", "rule": why, "gives": sp.sstr(mine), "where": place + 1})
    columns = [Column("Component"), Column("Yours"), Column("Right"), Column("")]
    document.add(Heading("Your answer"), Table(columns, [[f"${r[0]}$" if r[0] else "", *r[1:]] for r in rows]))
    if len(typed) == 1:
        reason = f": {mistakes[0]['rule']}" if mistakes[0]["rule"] else ""
        return _Judgement("wrong", mistakes, f"your ${tex_of(typed)}$ is not {goal.named}{reason}.")
    wrong = [row for row in rows if row[3] != "right"]
    told = "; ".join(f"your ${row[0]}$ component {row[1]} has to be {row[2]}, {row[3]}" for row in wrong)
    return _Judgement("wrong", mistakes, told.replace(", differs", "") + ".")


def _why(mine: sp.Expr, part: sp.Expr, parts: tuple[sp.Expr, ...], place: int) -> tuple[str, str]:
    """The kind of a mistake, and the words for it; empty where it is not known."""
    if equal(mine, -part).equal is True:
        return "sign", "its sign is the other one"
    if any(equal(mine, other).equal is True for other in _signs(part)):
        return "sign", "a term has the other sign"
    for other, value in enumerate(parts):
        if other != place and value != 0 and equal(mine, value).equal is True:
            return "component", f"this is component {other + 1}"
    if mine.is_number and part.is_number:
        return (
            ("factor", f"it is ${tex(mine / part)}$ times the right one")
            if part != 0 and mine / part in PLAIN
            else ("", "")
        )
    ratio = sp.simplify(mine / part) if part != 0 and mine.free_symbols == part.free_symbols else sp.S.Zero
    if ratio.is_Rational and ratio != 0 and max(abs(ratio.p), ratio.q) <= MOST:
        return "factor", f"it is ${tex(ratio)}$ times the right one"
    return "", ""


def _signs(expr: sp.Expr) -> list[sp.Expr]:
    """The sum with the sign of one term turned."""
    terms = sp.Add.make_args(sp.expand(expr))
    return [sp.Add(*(t if i != j else -t for j, t in enumerate(terms))) for i in range(len(terms))] if terms[1:] else []
