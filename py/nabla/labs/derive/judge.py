"""derive: one answer of the reader's beside the right one: the verdict and every mistake that yields it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isnan

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Cell, Column, Table
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.forms import with_sigmoid
from nabla.calculus.malrules import MALRULES
from nabla.calculus.mistakes import Diagnosis, Mistake, diagnose
from nabla.calculus.numeric import NoValue, Root
from nabla.calculus.quotients import one_sided
from nabla.calculus.rules import Derivation
from nabla.calculus.value import value_at
from nabla.labs.derive.mistakes import sentence, where
from nabla.write.notation import number, point, tex

Point = Mapping[sp.Symbol, sp.Expr]
# More mistakes than this that all give the same would not be read.
MOST_SHOWN = 8
CLOSE = 1e-12


@dataclass(frozen=True)
class Goal:
    """What the answer should be: `simple`, of the function `f`, written `left`.

    `derivations` led there, the last one last; `candidates` are further wrong answers by the id of their mistake;
    `noun` is what a sentence calls the answer.
    """

    left: str
    f: sp.Expr
    simple: sp.Expr
    derivations: tuple[Derivation, ...] = ()
    candidates: tuple[tuple[str, sp.Expr], ...] = ()
    roots: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    domain: Domain = EVERYWHERE
    noun: str = "the derivative"


@dataclass(frozen=True)
class Misstep:
    """A mistake that yields the answer: its rules, in words, where it happened, and what it gives."""

    rules: tuple[str, ...]
    told: str
    where: str
    about: sp.Expr
    gives: sp.Expr

    def values(self) -> dict[str, object]:
        """As it stands in the document's values."""
        return {
            "id": " and ".join(MALRULES[rule].name for rule in self.rules).replace(" ", "-"),
            "rule": "+".join(self.rules),
            "gives": sp.sstr(self.gives),
            "where": sp.sstr(self.about),
        }


@dataclass(frozen=True)
class Judged:
    """What is to be said about one answer."""

    verdict: str
    findings: tuple[Misstep, ...] = ()
    equality: EqualityVerdict | None = None
    ask_at: Point = field(default_factory=dict)
    there: tuple[float, ...] = ()
    foreign: tuple[sp.Symbol, ...] = ()
    reason: str = ""

    def values(self) -> dict[str, object]:
        """As it stands in the document's values."""
        ask_at = {symbol.name: sp.sstr(value) for symbol, value in self.ask_at.items()}
        mistakes = [finding.values() for finding in self.findings]
        return {"verdict": self.verdict, "mistakes": mistakes, "ask_at": ask_at or None}


def judge(goal: Goal, claim: sp.Expr, at: Point) -> Judged:
    """The verdict about `claim`, a formula, or a number at the point `at`.

    Where it holds a σ that the function does not, that is the logistic function of the result, as in (σ - y) x.
    """
    sigma = next((symbol for symbol in claim.free_symbols - goal.f.free_symbols if symbol.name == "sigma"), None)
    if sigma is not None and (logistic := with_sigmoid(goal.simple)):
        claim = claim.subs(sigma, logistic[2])
    place = at if at and not claim.free_symbols else None
    if place is not None and goal.derivations and (corner := _corner(goal, place)):
        return Judged("wrong", reason=corner)
    unknown = _functions(claim) - _functions(goal.f) - _functions(goal.simple)
    if unknown:
        named = " and ".join(sorted(unknown))
        return Judged("undecided", reason=f"Nothing is known here about the function {named}")
    judged = _diagnosed(goal, claim, place) if goal.derivations else _compared(goal, claim, place)
    if judged.verdict == "wrong" and goal.candidates:
        judged = replace(judged, findings=judged.findings + _candidates(goal, claim, place))
    bare = not claim.free_symbols and not at and goal.simple.free_symbols
    somewhere = judged.equality is not None and judged.equality.agree_at
    if judged.verdict == "wrong" and bare and not judged.findings and not somewhere:
        reason = "A number can be compared only at a point, and none is given"
        return Judged("undecided", reason=reason)
    return judged


def _corner(goal: Goal, place: Point) -> str:
    """That the function has two different slopes at a place, so that no number is its derivative there."""
    var = goal.derivations[-1].var
    if len(goal.derivations) > 1 or value_at(goal.simple, place, goal.f, var).state != "corner":
        return ""
    try:
        low, high = one_sided(goal.f, var, place)
    except NoValue:
        return ""
    if isnan(low) or isnan(high) or abs(low - high) <= CLOSE * max(1.0, abs(low)):
        return ""
    return f"There is no derivative there: the slope is {low:g} on the left and {high:g} on the right"


def _functions(expr: sp.Expr) -> set[str]:
    """The names of the functions in a formula that only have a name."""
    return {call.func.__name__ for call in expr.atoms(AppliedUndef)}


def _diagnosed(goal: Goal, claim: sp.Expr, place: Point | None) -> Judged:
    *before, last = goal.derivations
    found: Diagnosis = diagnose(last, claim, place, before, goal.domain)
    named = {root: name for name, root in goal.roots.items()}
    findings = tuple(_finding(mistake, named) for mistake in found.mistakes)
    reason = f"The derivative has no value there: {found.reason}" if found.reason else ""
    return Judged(found.verdict, findings, found.equality, found.ask_at, found.there, found.foreign, reason)


def _finding(mistake: Mistake, named: Mapping[sp.Expr, sp.Symbol]) -> Misstep:
    first = mistake.slips[0]
    about = (first.about or first.node).expr
    about = about.args[0] if isinstance(about, Root) else about
    return Misstep(mistake.rules, sentence(mistake), where(mistake), about, mistake.gives.xreplace(named))


def _compared(goal: Goal, claim: sp.Expr, place: Point | None) -> Judged:
    if place is not None:
        right, given = value_at(goal.simple, place, goal.f), value_at(claim, {}, claim)
        if right.number is None or given.number is None:
            return Judged("undecided", reason=f"The derivative has no value there: {right.reason}")
        return Judged("right" if _close(right.number, given.number) else "wrong")
    names = goal.simple.free_symbols | goal.f.free_symbols | set(goal.roots)
    foreign = tuple(sorted(claim.free_symbols - names, key=str))
    verdict = equal(claim.subs(goal.roots), goal.simple.subs(goal.roots), domain=goal.domain)
    word = {True: "right", False: "wrong", None: "undecided"}[verdict.equal]
    return Judged(word, equality=verdict, foreign=foreign)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= CLOSE * max(1.0, abs(a), abs(b))


def _candidates(goal: Goal, claim: sp.Expr, place: Point | None) -> tuple[Misstep, ...]:
    found = []
    for rule, gives in goal.candidates:
        if place is not None:
            theirs, given = value_at(gives, place, goal.f), value_at(claim, {}, claim)
            same = theirs.number is not None and given.number is not None and _close(theirs.number, given.number)
        else:
            same = equal(claim.subs(goal.roots), gives.subs(goal.roots), domain=goal.domain).equal is True
        if same:
            told = MALRULES[rule].says.replace("{var}", "$x$")
            found.append(Misstep((rule,), told, goal.left, goal.f, gives))
    return tuple(found)


def table_of(judged: Judged, goal: Goal, at: Point | None) -> Table:
    """The mistakes as a table: what happened, where, and what it gives."""
    columns = [Column("What happened"), Column("Where"), Column("Gives")]
    return Table(columns, [_row(finding, goal, at) for finding in judged.findings[:MOST_SHOWN]])


def _row(finding: Misstep, goal: Goal, at: Point | None) -> list[Cell]:
    gives = f"${tex(finding.gives)}$"
    if at:
        value = value_at(finding.gives, at, goal.f)
        gives = f"${tex(finding.gives)} = {number(value.exact)}$" if value.exact is not None else gives
    return [finding.told, f"${finding.where}$", gives]


def difference(judged: Judged, goal: Goal, at: Point | None) -> str:
    """The first difference in numbers."""
    if at:
        right = value_at(goal.simple, at, goal.f)
        return f"{goal.noun.capitalize()} there is ${number(right.exact)}$." if right.exact is not None else ""
    verdict = judged.equality
    if verdict is None or verdict.values is None:
        return ""
    given, right_value = verdict.values
    told = f"At ${point(verdict.differ_at)}$ it is {given:.10g}, and {goal.noun} is {right_value:.10g}."
    if verdict.agree_at:
        told += f" They agree only in places, as at ${point(verdict.agree_at)}$."
    return told


def roots_of(derivation: Derivation) -> dict[sp.Symbol, sp.Expr]:
    """The y of an equation as the root that it is."""
    return {name: place for name, place in derivation.bindings if isinstance(place, Root)}
