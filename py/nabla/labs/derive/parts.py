"""derive: what every kind of answer is made of: stages of differentiation, their steps, checks and caveats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite, isinf

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.check import Verdict
from nabla.answer.document import Check, Document, Note, Prose, Step, quoted
from nabla.calculus.budget import CALLS, within
from nabla.calculus.contexts import DIGITS, precise
from nabla.calculus.corners import Corner, corners
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.equality import EqualityVerdict as Equality
from nabla.calculus.equality import check_derivation, equal
from nabla.calculus.numeric import Evaluator, NoValue
from nabla.calculus.points import sample_points
from nabla.calculus.quotients import one_sided
from nabla.calculus.roots import with_real_roots
from nabla.calculus.rules import Derivation, differentiate, simplified
from nabla.calculus.value import Value, value_at
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.derivation import equality_check, steps
from nabla.write.notation import alternatives, number, operator, point, substituted, tex
from nabla.write.sentence import in_a_row

MOST_CORNERS = 6
# A derivation longer than this is shown without its steps.
MOST_OPERATIONS = 500
# Slopes from both sides that agree so far are one; its denominator below this is a fraction meant.
CLOSE, SIMPLE = 1e-9, 1000


@dataclass(frozen=True)
class Stage:
    """One differentiation: its rule tree, what the tree gives, and the same simplified."""

    derivation: Derivation
    simple: sp.Expr


@dataclass(frozen=True)
class Part:
    """One component of an answer: `f` differentiated with respect to each of `wrt` in turn, and how it is written."""

    f: sp.Expr
    wrt: tuple[sp.Symbol, ...]
    left: str
    stages: tuple[Stage, ...]

    @property
    def simple(self) -> sp.Expr:
        """The component."""
        return self.stages[-1].simple

    @property
    def before(self) -> Part | None:
        """The derivative that it is the derivative of; None for one of the first order."""
        return replace(self, wrt=self.wrt[:-1], stages=self.stages[:-1]) if len(self.stages) > 1 else None

    @property
    def derivations(self) -> list[Derivation]:
        """The rule trees, the last one last."""
        return [stage.derivation for stage in self.stages]


def differentiated(f: sp.Expr, wrt: Sequence[sp.Symbol], domain: Domain, name: str, partial: bool) -> Part:
    """The component that comes of differentiating `f`, called `name`, with respect to each of `wrt`."""
    stages: list[Stage] = []
    expr = f
    for symbol in wrt:
        derivation = differentiate(expr, symbol)
        expr = shortest(derivation.result, domain)
        stages.append(Stage(derivation, expr))
    return Part(f, tuple(wrt), operator(wrt, partial, name), tuple(stages))


def shortest(expr: sp.Expr, domain: Domain) -> sp.Expr:
    """`expr` simplified, with what the domain says of signs."""
    return simplified(domain.decided(expr))


def steps_of(part: Part, name: str, partial: bool, domain: Domain) -> list[Step]:
    """The steps of a component: of one stage bare, of several each under its own derivative."""
    shown: list[Step] = []
    for order, stage in enumerate(part.stages, 1):
        if sp.count_ops(stage.derivation.result) > MOST_OPERATIONS:
            shown.append(_unfolded(part, order, name, partial, domain))
            continue
        done = steps(stage.derivation, check_derivation(stage.derivation, domain=domain), stage.simple, domain)
        if len(part.stages) == 1:
            return done
        left = operator(part.wrt[:order], partial, name)
        title = f"Differentiate with respect to ${tex(part.wrt[order - 1])}$"
        shown.append(Step(title, f"{left} = {tex(stage.simple)}", steps=done))
    return shown


def _unfolded(part: Part, order: int, name: str, partial: bool, domain: Domain) -> Step:
    """A derivation too long for its steps to be shown: its result, compared with SymPy's."""
    stage = part.stages[order - 1]
    left = operator(part.wrt[:order], partial, name)
    check = equality_check(
        "It equals SymPy's `diff`", _like_sympy(stage.simple, stage.derivation.expr, [stage.derivation.var], domain)
    )
    title = f"Differentiate with respect to ${tex(part.wrt[order - 1])}$"
    return Step(title, f"{left} = {tex(stage.simple)}", "The steps are too long to be shown.", check=check)


def _like_sympy(simple: sp.Expr, f: sp.Expr, wrt: Sequence[sp.Symbol], domain: Domain) -> Equality:
    """Whether `simple` equals SymPy's own derivative; undecided where that takes SymPy too long."""
    theirs = within(CALLS, lambda: sp.diff(f, *wrt), None)
    if theirs is None:
        return Equality(None, "none", "SymPy's own derivative takes too long")
    return equal(simple, theirs, domain=domain)


def goals_of(part: Part, name: str, question: DeriveQuestion) -> list[Goal]:
    """What an answer is compared with: the derivative of each order up to the one asked for."""
    return [
        Goal(
            operator(part.wrt[:order], question.partial, name) if order < len(part.stages) else part.left,
            part.f,
            part.stages[order - 1].simple,
            tuple(part.derivations[:order]),
            domain=question.domain,
        )
        for order in range(1, len(part.stages) + 1)
    ]


def count(shown: Sequence[Step]) -> int:
    """How many steps there are, those inside steps included."""
    return sum(1 + count(step.steps) for step in shown)


def steps_check(document: Document) -> Check:
    """One line for all the steps: the worst of them decides."""
    checks = document.checks
    passed = [check for check in checks if check.verdict == "passed"]
    worst = max((check.figure or 0.0 for check in passed), default=None)
    failed = any(check.verdict == "failed" for check in checks)
    verdict: Verdict = "failed" if failed else "passed" if checks and len(passed) == len(checks) else "unchecked"
    claim = f"{len(passed)} of {len(checks)} steps hold as equations"
    method = f"both sides in {DIGITS}-digit arithmetic at points of the domain, derivatives by difference quotients"
    return Check(claim, method, verdict, worst, checks[0].bound if checks else None, test="points")


def sympy_check(parts: Sequence[Part], domain: Domain = EVERYWHERE) -> Check:
    """The components against SymPy's own derivatives, which is another program with other rules; the worst decides."""
    which = f"All {len(parts)} components equal" if len(parts) > 1 else "The result equals"
    verdicts = [_like_sympy(part.simple, part.f, part.wrt, domain) for part in parts]
    return equality_check(f"{which} SymPy's `diff`", worst_of(verdicts))


def worst_of(verdicts: Iterable[Equality]) -> Equality:
    """The verdict that decides about all: one that failed, else one without a decision, else the least exact."""

    def badness(verdict: Equality) -> tuple[int, float]:
        return (2 if verdict.equal is False else 1 if verdict.equal is None else 0, verdict.figure or 0.0)

    return max(verdicts, key=badness)


def show_domain(document: Document, question: DeriveQuestion, derivations: Iterable[Derivation]) -> None:
    """Say the domain and the caveats, and name the points where there is no derivative."""
    derivations = list(derivations)
    domain = question.domain
    caveats = list(dict.fromkeys(c for derivation in derivations for c in derivation.caveats))
    left = [condition for condition in caveats if not domain.implies(condition)]
    if domain:
        document.values["domain"] = [sp.sstr(condition) for condition in domain.conditions]
        document.add(Prose(f"On the domain {listed(domain.conditions)}."))
        _show_emptiness(document, question)
    document.values["caveats"] = [sp.sstr(condition) for condition in left]
    if left:
        document.add(Prose(f"This holds where {listed(left)}."))
    found: dict[sp.Expr, Corner] = {}
    for derivation in derivations:
        if derivation.expr.free_symbols <= {derivation.var}:
            for corner in corners(derivation):
                if corner.at is not None and domain.contains({derivation.var: corner.at}):
                    found.setdefault(corner.at, corner)
    for corner in list(found.values())[:MOST_CORNERS]:
        _show_corner(document, corner, derivations[0].var)


def _show_emptiness(document: Document, question: DeriveQuestion) -> None:
    """Say where a function has no real value anywhere in the domain, so that nothing can be said of it there."""
    symbols = sorted(set(question.symbols) | question.domain.symbols, key=str)
    for reading in question.functions:
        open_function = reading.expr.has(AppliedUndef) or question.what == "implicit"
        if not open_function and not sample_points([reading.expr], symbols, domain=question.domain):
            text = f"${reading.tex}$ has no real value in this domain, as far as points were tried."
            document.add(Note(text, tone="warning"))
            document.warn("no-value-in-domain", text)


def _show_corner(document: Document, corner: Corner, var: sp.Symbol) -> None:
    where = f"${tex(var)} = {tex(corner.at)}$"
    if corner.kind == "corner" and corner.left is not None and corner.right is not None:
        slopes = f"on the left {_slope(corner.left)}, on the right {_slope(corner.right)}"
        document.add(Note(f"At {where} there is no derivative: {slopes}.", tone="warning"))
    elif corner.kind == "jump":
        document.add(Note(f"At {where} there is no derivative: the function jumps.", tone="warning"))
    elif corner.kind == "unsettled":
        document.add(Note(f"At {where} there is no derivative: the slope of the secant has no limit.", tone="warning"))
    elif corner.kind == "smooth":
        document.add(
            Note(f"At {where} the pieces meet smoothly, and the derivative is {_decimal(corner.right or 0.0)}.")
        )


def _slope(value: float) -> str:
    if isinf(value):
        return f"the slope {'grows' if value > 0 else 'falls'} without bound"
    return f"the slope is {_decimal(value)}"


def _decimal(value: float) -> str:
    return f"${number(sp.nsimplify(value, rational=True)) if value == round(value, 6) else f'{value:.6g}'}$"


def listed(conditions: Iterable[sp.Basic]) -> str:
    """Conditions in LaTeX, with "and" before the last."""
    texts = [" or ".join(f"${part}$" for part in alternatives(condition)) for condition in conditions]
    return in_a_row(texts)


def usable_point(
    document: Document, question: DeriveQuestion, needed: Iterable[sp.Symbol]
) -> dict[sp.Symbol, sp.Expr] | None:
    """The point with a value for each of the symbols `needed`; what is missing, not used or outside is said."""
    if not question.at:
        return None
    needed = list(needed)
    missing = [symbol for symbol in needed if symbol not in question.at]
    unused = [symbol for symbol in question.at if symbol not in needed]
    if unused:
        names = " and ".join(quoted(symbol.name) for symbol in unused)
        does = "does not occur" if len(unused) == 1 else "do not occur"
        document.add(Note(f"{names} {does} in the formula; its value is not used.", tone="warning"))
    if missing:
        names = " and ".join(quoted(symbol.name) for symbol in missing)
        text = f"For a number, {names} needs a value at the point too."
        document.add(Note(text, tone="warning"))
        document.warn("value-missing", text)
        return None
    at = {symbol: value for symbol, value in question.at.items() if symbol in needed}
    if not question.domain.contains(at):
        text = f"The point ${point(at)}$ lies outside of the domain {listed(question.domain.conditions)}."
        document.add(Note(text, tone="warning"))
        document.warn("outside-domain", text)
        document.values["value"] = None
        return None
    return at


def value_of(
    document: Document, expr: sp.Expr, at: dict[sp.Symbol, sp.Expr], f: sp.Expr, what: str, order: int = 1
) -> Value:
    """The value of a component, a derivative of `order`; where there is none, the reason is said."""
    result = value_at(expr, at, f)
    if result.number is None or result.exact is None:
        of_lower = "the function, or a derivative of lower order, has a corner or a jump there"
        reason = of_lower if order > 1 and result.state == "corner" else result.reason
        text = f"{what} has no value at ${point(at)}$: {reason}.{_as_real_root(expr, at, f)}"
        document.add(Note(text, tone="warning"))
        document.warn("undefined", text)
    return result


def between_pieces(part: Part, at: dict[sp.Symbol, sp.Expr]) -> Value | None:
    """The slope where pieces meet, as the limit of the difference quotient, of a higher derivative that of the one
    before; None where none meet or it has none, or the formula gives it, as 2 |x| does that of x |x|.
    """
    wrt, whole, before = part.wrt[-1:], part.f, part.before
    f = before.simple if before else whole
    if not f.has(sp.Piecewise, sp.Max, sp.Min, sp.Abs, sp.sign) or wrt[0] not in at:
        return None
    if not f.has(sp.Piecewise) and value_at(part.simple, at, whole).number is not None:
        return None
    if before and value_at(f, at, whole).number is None and between_pieces(before, at) is None:
        return None
    try:
        here = Evaluator(precise(), at)
        here(f)
        if all(here.corners.values()):
            return None
        low, high = one_sided(f, wrt[0], at)
    except NoValue:
        return None
    if not isfinite(low) or not isfinite(high) or abs(low - high) > CLOSE * max(1, abs(low)):
        return None
    exact = sp.nsimplify(high, rational=True)
    return Value(exact if exact.q < SIMPLE else sp.Float(high, 15), high + 0.0)


def _as_real_root(expr: sp.Expr, at: dict[sp.Symbol, sp.Expr], f: sp.Expr) -> str:
    """What x^(1/3) gives as the real root that it may be meant to be."""
    other = with_real_roots(expr)
    value = value_at(other, at, with_real_roots(f)) if other != expr else None
    if value is None or value.exact is None:
        return ""
    told = r"A power such as $x^{1/3}$ is real only where $x$ is not negative; as a real root, $\sqrt[3]{x}$"
    return f" {told}, typed cbrt(x), the value is ${number(value.exact)}$."


def worked_out(left: str, expr: sp.Expr, at: dict[sp.Symbol, sp.Expr], exact: sp.Expr) -> str:
    """`left` at the point = the numbers put in = the value, in LaTeX."""
    put_in = substituted(expr, at)
    middle = f"{put_in} = " if expr.free_symbols and put_in != tex(exact) else ""
    return rf"\left.{left}\right|_{{{point(at)}}} = {middle}{number(exact)}"


def plain_number(exact: sp.Expr, value: float) -> str:
    """A value in Python's notation, its decimals behind it where it is exact."""
    return str(sp.sstr(exact)) + (f" ≈ {value:.12g}" if not exact.is_Integer else "")
