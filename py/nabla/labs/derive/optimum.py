"""derive: the greatest or the least value that a quantity takes where equations tie its letters together.

The equations leave one letter free; the others are put in, the interval is where every letter keeps to its conditions,
and the value at each stationary point is compared with what the quantity does at both ends of the interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import sympy as sp

from nabla.answer.document import Cell, Check, Column, Document, Math, Note, Plot, Step, Table
from nabla.answer.marks import Axis, Dots, Line, Mark
from nabla.calculus.budget import CALLS, within
from nabla.calculus.curves import curve, visible_range
from nabla.calculus.domain import Domain
from nabla.calculus.extrema import stationary
from nabla.calculus.simplify import simplified, weight
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import Part, differentiated, sympy_check
from nabla.labs.derive.question import DeriveQuestion, in_order
from nabla.read.fields.asked import read_asked
from nabla.read.fields.rates import read_letters
from nabla.write.notation import number, tex

WORDS = {"greatest": "maximum", "least": "minimum"}
CLOSE = 1e-9
FINE = 4001
MOST_TRIED = 4


@dataclass(frozen=True)
class Reduced:
    """The quantity as a function of the one letter that is kept: what the others are, and where it may lie."""

    kept: sp.Symbol
    others: Mapping[sp.Symbol, sp.Expr]
    value: sp.Expr
    interval: sp.Interval


@dataclass(frozen=True)
class Candidate:
    """A place where the quantity may be greatest or least: inside, or at an end, which may be only approached."""

    at: sp.Expr
    value: sp.Expr
    end: bool = False
    reached: bool = True


def of_optimum(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The greatest or least value of `f`, as `what` says, where the equations of `constraint` hold."""
    known = [symbol.name for symbol in question.f.free_symbols]
    equations = _equations(inputs, known)
    symbols = in_order({s for e in (question.f, *equations) for s in e.free_symbols})
    letters = inputs.read("letters", read_letters)
    reduced = _reduced(question.f, equations, symbols, list(letters), question.domain)
    if reduced is None:
        message = "The equations do not leave one letter free, or could not be solved for the others."
        raise refuse(inputs, "constraint", message, code="not-covered")
    x, domain = reduced.kept, _domain_of(reduced)
    part = differentiated(reduced.value, (x,), domain, question.name, False)
    candidates = _candidates(reduced, part, domain)
    goals = ("greatest", "least") if question.what == "both" else (question.what,)
    begin(document, replace(question, wrt=(x,)), f"The {' and the '.join(goals)} {_noun(letters, question)}")
    _show_letters(document, letters, symbols)
    found = [(goal, _best(candidates, goal)) for goal in goals]
    document.values |= {"derivative": sp.sstr(part.simple), "extrema": []}
    told = [_show(document, question, reduced, letters, goal, best) for goal, best in found]
    shown = [best for _, best in found if best is not None and best.reached]
    if shown:
        document.values["value"] = float(shown[0].value)
        goal = Goal(question.name, question.f, shown[0].value, noun="the value")
        claim = show_claim(document, inputs, replace(question, at={x: shown[0].at}), [goal])
    else:
        claim = ""
    say(document, "; ".join(told), claim, ["value"] if shown else [])
    if plot := _plot(reduced, shown, question.name):
        document.add(plot)
    steps = _steps(question, equations, reduced, part, candidates)
    checks = [_check(question.f, equations, reduced, goal, best) for goal, best in found if best is not None]
    finish(document, question, steps, [*checks, sympy_check([part], domain)])


def _equations(inputs: Inputs, known: Sequence[str]) -> list[sp.Expr]:
    if not inputs["constraint"].strip():
        return []
    asked = inputs.read("constraint", lambda text: read_asked(text, known=known))
    if not all(part.is_equation for part in asked):
        raise refuse(inputs, "constraint", "Equations are needed here.", "As in 2 x + y = 100.")
    return [part.difference.expr for part in asked]


def _reduced(
    f: sp.Expr, equations: Sequence[sp.Expr], symbols: Sequence[sp.Symbol], order: Sequence[str], domain: Domain
) -> Reduced | None:
    """The shortest function of one letter that the equations leave; None where they leave none, or more than one."""
    if len(symbols) - len(equations) != 1:
        return None
    ways: list[Reduced] = []
    for kept in sorted(symbols, key=lambda s: order.index(s.name) if s.name in order else len(order)):
        for way in _solved(equations, [symbol for symbol in symbols if symbol != kept]):
            interval = _interval(kept, way, domain)
            value = simplified(f.subs(way))
            if interval is not None and value.free_symbols == {kept}:
                ways.append(Reduced(kept, way, value, interval))
        if any(not _has_roots(way.value) for way in ways):
            break
    return min(ways, key=lambda way: weight(way.value) + 20 * _has_roots(way.value), default=None)


def _has_roots(expr: sp.Expr) -> int:
    return sum(not power.exp.is_Integer for power in expr.atoms(sp.Pow))


def _solved(equations: Sequence[sp.Expr], others: Sequence[sp.Symbol]) -> list[dict[sp.Symbol, sp.Expr]]:
    if not equations:
        return [{}]
    found: list[dict[sp.Symbol, sp.Expr]] = within(4 * CALLS, lambda: sp.solve(equations, others, dict=True), [])
    return [way for way in found if len(way) == len(others)][:MOST_TRIED]


def _interval(kept: sp.Symbol, way: Mapping[sp.Symbol, sp.Expr], domain: Domain) -> sp.Interval | None:
    """Where the letter lies so that all conditions hold, if that is one interval."""
    if not _holds_somewhere([condition.subs(way) for condition in domain.conditions], kept):
        return None
    allowed: sp.Set = sp.S.Reals
    for condition in domain.conditions:
        here = condition.subs(way)
        if here == sp.true:
            continue
        if here == sp.false:
            return None
        solved = within(4 * CALLS, partial(sp.solve_univariate_inequality, here, kept, False), None)
        if solved is None:
            return None
        allowed = sp.Intersection(allowed, solved)
    pieces = [allowed] if isinstance(allowed, sp.Interval) else list(getattr(allowed, "args", ()))
    pieces = [piece for piece in pieces if isinstance(piece, sp.Interval) and piece.measure > 0]
    return pieces[0] if len(pieces) == 1 else None


def _holds_somewhere(conditions: Sequence[sp.Basic], kept: sp.Symbol) -> bool:
    """Whether all conditions hold at one place at least of a wide grid of both signs."""
    sizes = np.logspace(-6, 6, 241)
    grid = np.concatenate([-sizes, sizes])
    held = np.ones(grid.shape, bool)
    with np.errstate(all="ignore"):
        for condition in conditions:
            held &= np.broadcast_to(
                sp.lambdify([kept], condition, modules="numpy", dummify=True)(grid), grid.shape
            ).astype(bool)
    return bool(held.any())


def _domain_of(reduced: Reduced) -> Domain:
    x, interval = reduced.kept, reduced.interval
    bounds = []
    if interval.start.is_finite:
        bounds.append(x > interval.start if interval.left_open else x >= interval.start)
    if interval.end.is_finite:
        bounds.append(x < interval.end if interval.right_open else x <= interval.end)
    return Domain(tuple(bounds))


def _candidates(reduced: Reduced, part: Part, domain: Domain) -> list[Candidate]:
    """The stationary points inside, and both ends: with the value, or with what is approached there."""
    x, interval = reduced.kept, reduced.interval
    inside = [place for place in stationary(reduced.value, part.simple, x, domain).places if not place.end]
    found = [Candidate(place.at, _short(place.value)) for place in inside if interval.contains(place.at) != sp.false]
    for end, open_, side in ((interval.start, interval.left_open, "+"), (interval.end, interval.right_open, "-")):
        limit = within(4 * CALLS, partial(sp.limit, reduced.value, x, end, side), None)
        if limit is not None and limit.is_extended_real:
            found.append(
                Candidate(end, _short(limit), end=True, reached=not open_ and end.is_finite and limit.is_finite)
            )
    return found


def _short(value: sp.Expr) -> sp.Expr:
    """A number in the shortest of a few equal forms; of a product of roots the root of its square."""
    if not value.is_finite or value.has(sp.Float):
        return value
    forms = [value, sp.simplify(value), sp.cancel(sp.together(value)), sp.radsimp(value)]
    if value.is_nonnegative:
        forms.append(sp.sqrt(sp.simplify(sp.expand(value**2))))
    return min((form for form in forms if abs((form - value).evalf(30)) < 1e-20), key=weight)


def _best(candidates: Sequence[Candidate], goal: str) -> Candidate | None:
    """The candidate with the greatest or least value; the value itself may only be approached."""
    sign = 1 if goal == "greatest" else -1
    ordered = sorted(candidates, key=lambda c: (sign * _float(c.value), c.reached), reverse=True)
    return ordered[0] if ordered else None


def _float(value: sp.Expr) -> float:
    return float("inf") if value == sp.oo else float("-inf") if value == -sp.oo else float(value)


def _noun(letters: Mapping[str, str], question: DeriveQuestion) -> str:
    name = question.names[0]
    return _unitless(letters[name]).removeprefix("the ") if name in letters else f"value of ${question.reading.tex}$"


def _unitless(meaning: str) -> str:
    return meaning.rpartition(" (")[0] or meaning


def _with_unit(value: sp.Expr, meaning: str, digits: int = 6) -> str:
    """A number with the unit that stands in brackets behind the meaning of its letter."""
    unit = meaning.rpartition(" (")[2].rstrip(")") if meaning.endswith(")") else ""
    text = number(value, digits)
    if unit == "$":
        return rf"{text}\ \text{{dollars}}"
    base, _, power = unit.partition("^")
    return text + (rf"\ \mathrm{{{base}}}" + (f"^{power}" if power else "") if unit else "")


def _show_letters(document: Document, letters: Mapping[str, str], symbols: Sequence[sp.Symbol]) -> None:
    if letters:
        rows: list[list[Cell]] = [[f"${tex(sp.Symbol(name))}$", meaning] for name, meaning in letters.items()]
        document.add(Table([Column("Letter"), Column("stands for")], rows))


def _show(
    document: Document,
    question: DeriveQuestion,
    reduced: Reduced,
    letters: Mapping[str, str],
    goal: str,
    best: Candidate | None,
) -> str:
    """One result with the values of all letters, and what the sentence says of it."""
    noun = _noun(letters, question)
    if best is None or not best.reached:
        text = f"There is no {goal} {noun}: towards an end of the interval it goes on"
        document.add(Note(f"{text}.", tone="warning"))
        return text
    at = {reduced.kept: best.at, **{s: _short(e.subs(reduced.kept, best.at)) for s, e in reduced.others.items()}}
    names = [name for name in letters if any(s.name == name for s in at)] or [s.name for s in at]
    by_name = {symbol.name: symbol for symbol in at}
    places = ", ".join(
        f"${tex(by_name[name])} = {_with_unit(at[by_name[name]], letters.get(name, ''))}$" for name in names
    )
    value = _with_unit(best.value, letters.get(question.names[0], ""))
    document.add(Math(f"{question.name} = {value}", sp.sstr(best.value), f"The {goal} {noun}", role="result"))
    word = WORDS[goal] + (" at an end" if best.end else "")
    entry = {"at": {s.name: sp.sstr(v) for s, v in at.items()}, "value": sp.sstr(best.value), "kind": word}
    document.values["extrema"].append(entry)
    document.values.setdefault("optimum", entry)
    where = " at an end of the interval," if best.end else ""
    return f"The {goal} {noun} is ${value}$,{where} with {places}"


def _steps(
    question: DeriveQuestion,
    equations: Sequence[sp.Expr],
    reduced: Reduced,
    part: Part,
    candidates: Sequence[Candidate],
) -> list[Step]:
    x, name = reduced.kept, question.name
    shown = [Step("What is wanted", f"{name} = {tex(question.f)}")]
    shown += [Step("What holds", f"{tex(equation)} = 0") for equation in equations]
    if reduced.others:
        solved = r",\quad ".join(f"{tex(symbol)} = {tex(expr)}" for symbol, expr in reduced.others.items())
        shown.append(Step(f"Solved for the other letters, so that ${tex(x)}$ alone is left", solved))
        shown.append(Step("Put in", f"{name}({tex(x)}) = {tex(reduced.value)}"))
    interval = _bounds(x, reduced.interval)
    shown.append(Step(f"Where ${tex(x)}$ may lie", interval, "Every letter keeps to its conditions there."))
    shown.append(derived(part, question, name))
    inner = [candidate for candidate in candidates if not candidate.end]
    roots = r",\; ".join(f"{tex(x)} = {number(c.at, 8)}" for c in inner) or r"\text{no solution in the interval}"
    shown.append(Step("Where the slope is 0", rf"{tex(part.simple)} = 0 \quad\Rightarrow\quad {roots}"))
    rows = r",\quad ".join(
        rf"{tex(x)} {'=' if c.reached else chr(92) + 'to'} {number(c.at, 8) if c.at.is_finite else tex(c.at)}:\; "
        rf"{name} {'=' if c.reached else chr(92) + 'to'} {number(c.value, 8) if c.value.is_finite else tex(c.value)}"
        for c in candidates
    )
    shown.append(Step("These values compared, the ends of the interval among them", rows))
    return shown


def _bounds(x: sp.Symbol, interval: sp.Interval) -> str:
    low = "" if interval.start == -sp.oo else f"{tex(interval.start)} {'<' if interval.left_open else chr(92) + 'leq'} "
    high = "" if interval.end == sp.oo else f" {'<' if interval.right_open else chr(92) + 'leq'} {tex(interval.end)}"
    return f"{low}{tex(x)}{high}" if low or high else rf"{tex(x)} \in \mathbb{{R}}"


def _grid(reduced: Reduced, best: Candidate) -> np.ndarray:
    """Places all over the interval; of one that has no end, over many orders of size around the place found."""
    low, high = reduced.interval.start, reduced.interval.end
    if low.is_finite and high.is_finite:
        width = float(high - low)
        return np.linspace(float(low) + 1e-9 * width, float(high) - 1e-9 * width, FINE)
    spread = np.logspace(-4, 4, FINE // 2) * max(1.0, abs(_float(best.at)))
    if low.is_finite:
        return float(low) + spread
    return np.concatenate([-spread[::-1], spread]) if not high.is_finite else float(high) - spread


def _check(f: sp.Expr, equations: Sequence[sp.Expr], reduced: Reduced, goal: str, best: Candidate) -> Check:
    """No place of the interval has a better value: the quantity and the equations are taken as they were written."""
    claim = f"No other choice gives a {'greater' if goal == 'greatest' else 'smaller'} value"
    grid = _grid(reduced, best)
    names = [reduced.kept, *reduced.others]
    with np.errstate(all="ignore"):
        others = [
            np.broadcast_to(_numbers(expr, [reduced.kept], [grid]), grid.shape) for expr in reduced.others.values()
        ]
        columns = [grid, *others]
        values = np.broadcast_to(_numbers(f, names, columns), grid.shape)
        gaps = [np.abs(_numbers(e, names, columns)) for e in equations]
        sizes = [1 + np.abs(_numbers(e.as_ordered_terms()[0], names, columns)) for e in equations]
    held = np.isfinite(values)
    for gap, size in zip(gaps, sizes, strict=True):
        held &= gap <= 1e-6 * size
    places = f"{int(held.sum())} places of the interval at which the equations hold as written"
    method = f"the quantity as it was written, at {places}"
    if not held.any() or not best.value.is_finite:
        return measured(claim, method, None, CLOSE, "surroundings")
    top, here = (
        (values[held].max(), float(best.value)) if goal == "greatest" else (-values[held].min(), -float(best.value))
    )
    return measured(claim, method, max(0.0, (top - here) / max(1.0, abs(here))), CLOSE, "surroundings")


def _numbers(expr: sp.Expr, names: Sequence[sp.Symbol], columns: Sequence[np.ndarray]) -> np.ndarray:
    return np.asarray(sp.lambdify(list(names), expr, modules="numpy", dummify=True)(*columns), float)


def _plot(reduced: Reduced, shown: Sequence[Candidate], name: str) -> Plot | None:
    """The quantity over the interval, with the places found."""
    if not shown:
        return None
    x, interval = reduced.kept, reduced.interval
    places = [float(candidate.at) for candidate in shown]
    wide = 2.5 * max(1e-3, *(abs(place) for place in places))
    low = float(interval.start) if interval.start.is_finite else -wide
    high = float(interval.end) if interval.end.is_finite else wide
    drawn = curve(reduced.value, x, {}, low, high)
    heights = [float(candidate.value) for candidate in shown]
    seen = visible_range([drawn], heights)
    if seen is None:
        return None
    marks: list[Mark] = [Line(*drawn, f"${name}$"), Dots(np.array(places), np.array(heights), "found", color=1)]
    summary = f"The quantity from {low:g} to {high:g} with the places found."
    return Plot(marks, summary, x=Axis(label=f"${tex(x)}$", domain=(low, high)), y=Axis(domain=seen))
