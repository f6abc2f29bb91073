"""Diagnosis of a wrong answer: every single mistake, then every pair of mistakes, that yields exactly that answer.

The rule tree supplies the pieces: a mistake replaces the template of one node by a wrong one, all other nodes staying
right. Candidates are compared by numbers, at three points of the domain for a formula, at the point given for a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import combinations, combinations_with_replacement, islice, product
from typing import Literal

import sympy as sp

from nabla.calculus.contexts import precise
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.malrules import MALRULES
from nabla.calculus.numeric import D, Evaluator, NoValue, Number
from nabla.calculus.points import sample_points
from nabla.calculus.rules import Derivation, differentiate, put_in
from nabla.calculus.slips import antiderivative, malrules
from nabla.calculus.value import value_at

DIGITS = 40
CLOSE = 1e-25
POINTS = 3
MOST_PAIRS = 3000
MOST_NUMBERS = 60000
MOST_ASKED = 200
# Mistakes that give the same, beyond which no more are looked at.
MOST = 12

Place = Mapping[sp.Symbol, sp.Expr]


@dataclass(frozen=True)
class Slip:
    """One mal-rule at one node: what is written for the node instead of its template.

    `about` is the node that the mal-rule's sentence speaks of, where it is another: one of an earlier derivation.
    """

    rule: str
    node: Derivation
    template: sp.Expr
    about: Derivation | None = None

    @property
    def pieces(self) -> dict[str, sp.Expr]:
        """What the mal-rule's sentence speaks of."""
        return _pieces(self.about or self.node)


@dataclass(frozen=True)
class Mistake:
    """One slip, or two, and the answer that comes of them."""

    slips: tuple[Slip, ...]
    derivation: Derivation

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the mal-rules."""
        return tuple(slip.rule for slip in self.slips)

    @cached_property
    def gives(self) -> sp.Expr:
        """The wrong answer."""
        return _written(self.derivation, {slip.node: slip.template for slip in self.slips})


@dataclass(frozen=True)
class Diagnosis:
    """What is to be said about an answer.

    `mistakes` holds every one that yields it, the most usual first; it is empty when nothing fits. Where they are
    several, `ask_at` is a point at which they, the right answer and the function itself all have different values, and
    `there` holds the values of the mistakes. `foreign` are symbols of the answer that the function does not have;
    `reason` says why the derivative has no value at the point, where that leaves a number undecided.
    """

    verdict: Literal["right", "wrong", "undecided"]
    mistakes: tuple[Mistake, ...] = ()
    equality: EqualityVerdict | None = None
    ask_at: Place = field(default_factory=dict)
    there: tuple[float, ...] = ()
    foreign: tuple[sp.Symbol, ...] = ()
    reason: str = ""


def mistaken(derivation: Derivation, pairs: bool = True, before: Sequence[Derivation] = ()) -> Iterator[Mistake]:
    """Every mistake that the tree allows: the single ones, the most usual first, then pairs at different nodes.

    `before` are the derivations that led to this one, for higher derivatives; mistakes made there count as well.
    """
    slips = sorted(_slips(derivation, before), key=lambda slip: -MALRULES[slip.rule].often)
    yield from (Mistake((slip,), derivation) for slip in slips)
    if pairs:
        both = (pair for pair in combinations(slips, 2) if pair[0].node != pair[1].node)
        most = min(MOST_PAIRS, MOST_NUMBERS // sum(1 for _ in derivation.walk()))
        yield from (Mistake(pair, derivation) for pair in islice(both, most))


def _slips(derivation: Derivation, before: Sequence[Derivation]) -> Iterator[Slip]:
    nested = _inside_chains(derivation)
    for node in derivation.walk():
        seen = set()
        for rule, template in malrules(node):
            deep = "M08" if before else "M07" if node in nested else rule
            name = deep if rule == "M01" else rule
            if (name, template) not in seen and template != node.open:
                seen.add((name, template))
                yield Slip(name, node, template)
    for rule, whole in _wholes(derivation, before):
        yield Slip(rule, derivation, whole)
    yield from _earlier(derivation, before)


def _wholes(derivation: Derivation, before: Sequence[Derivation]) -> Iterator[tuple[str, sp.Expr]]:
    """Mistakes about the whole: its sign, the function itself, its integral, other variables, a derivative too few."""
    f = before[0].expr if before else derivation.expr
    yield "M39", -derivation.open
    if derivation.rule != "implicit":
        yield "A18", f
    if before and derivation.rule == "parametric":
        yield "M46", before[-1].result
        up, across = before[-1].parts
        yield (
            "M51",
            differentiate(up.result, derivation.var).result / differentiate(across.result, derivation.var).result,
        )
        return
    if before:
        yield from (("M46", stage.result) for stage in before)
        yield "M47", derivation.expr**2
        yield from _second_of_exponential(derivation, before[-1])
        yield from _other_variables(f, [*(stage.var for stage in before), derivation.var])
        return
    integral = antiderivative(derivation)
    if integral is not None:
        yield "M41", integral
    for symbol in sorted(f.free_symbols - {derivation.var}, key=lambda symbol: symbol.name):
        yield "M53", differentiate(f, symbol).result


def _second_of_exponential(derivation: Derivation, first: Derivation) -> Iterator[tuple[str, sp.Expr]]:
    """(e^g)'' taken for g'' e^g."""
    if first.rule == "chain" and first.parts[0].rule == "exponential" and first.var == derivation.var:
        yield "M48", differentiate(first.parts[1].result, derivation.var).result * first.expr


def _other_variables(f: sp.Expr, asked: Sequence[sp.Symbol]) -> Iterator[tuple[str, sp.Expr]]:
    symbols = sorted(f.free_symbols, key=lambda symbol: symbol.name)
    if len(asked) == 2 and len(symbols) > 1:
        for pair in combinations_with_replacement(symbols, 2):
            if sorted(pair, key=str) != sorted(asked, key=str):
                yield "M55", differentiate(differentiate(f, pair[0]).result, pair[1]).result


def _earlier(derivation: Derivation, before: Sequence[Derivation]) -> Iterator[Slip]:
    """A slip in the derivation before the last, from which the last goes on rightly."""
    if before:
        for mistake in mistaken(before[-1], pairs=False):
            (slip,) = mistake.slips
            whole = differentiate(mistake.gives, derivation.var).result
            yield Slip(slip.rule, derivation, whole, slip.node)


def _inside_chains(derivation: Derivation) -> set[Derivation]:
    chains = (node for node in derivation.walk() if node.rule == "chain")
    return {below for chain in chains for below in chain.parts[1].walk()}


def _pieces(node: Derivation) -> dict[str, sp.Expr]:
    pieces = {"expr": node.expr, "var": node.var, "slope": node.result}
    if node.rule == "chain":
        outer, inner = node.parts
        inside = dict(node.bindings)
        pieces |= {"outer_slope": put_in(outer.result, inside), "inner": inner.expr, "inner_slope": inner.result}
    if node.rule == "several":
        inside = dict(node.bindings)
        pieces["outer_slope"] = sp.Add(*(put_in(part.result, inside) for part in node.parts[::2]))
        pieces["inner_slope"] = sp.Tuple(*(part.result for part in node.parts[1::2]))
    if node.rule == "quotient":
        pieces |= {"top": node.parts[0].expr, "bottom": node.parts[1].expr}
    if node.rule in {"constant-factor", "constant"}:
        pieces["constant"] = node.template.args[0] if node.parts else node.expr
    if isinstance(node.expr, sp.Pow):
        pieces |= {"base": node.expr.base, "exponent": node.expr.exp}
    return pieces


def _written(node: Derivation, instead: Mapping[Derivation, sp.Expr]) -> sp.Expr:
    """The derivative at `node` with the wrong templates `instead` used below it, as an expression."""
    if not instead.keys() & set(node.walk()):
        return node.result
    template = instead.get(node, node.open)
    parts = {D(part.expr, part.var): _written(part, instead) for part in node.parts}
    return put_in(template.xreplace(parts), dict(node.bindings))


class _Numbers:
    """The values at one point that the tree has with some of its templates replaced."""

    def __init__(self, derivation: Derivation, point: Place) -> None:
        self.point = point
        self._derivation = derivation
        self._right = Evaluator(precise(DIGITS), point)
        self._below = {node: set(node.walk()) for node in derivation.walk()}
        for node in self._below:
            for name, inner in node.bindings:
                if name in self.point:  # the y of an equation, where it is given
                    continue
                try:
                    self._right.let(name, self._right(inner))
                except NoValue:
                    continue  # what needs this u has no value here

    def of(self, expr: sp.Expr) -> Number | None:
        """The value of an expression, or None."""
        try:
            return self._right(expr)
        except NoValue:
            return None

    def mistaken(self, mistake: Mistake) -> Number | None:
        """The value that the mistake gives, or None."""
        try:
            return self._value(self._derivation, {slip.node: slip.template for slip in mistake.slips})
        except NoValue:
            return None

    def _value(self, node: Derivation, instead: Mapping[Derivation, sp.Expr]) -> Number:
        if not instead.keys() & self._below[node]:
            return self._right(node.result)
        parts = {D(part.expr, part.var): self._value(part, instead) for part in node.parts}
        return _Open(self._right, parts)(instead.get(node, node.open))


class _Open(Evaluator):
    """Values of templates: the `D` nodes have the values given, everything else those of another evaluator."""

    def __init__(self, rest: Evaluator, given: Mapping[D, Number]) -> None:
        super().__init__(rest.context, {})
        self._rest = rest
        self._values.update(given)

    def __call__(self, expr: sp.Expr) -> Number:
        """The value of `expr`; raises `NoValue`."""
        return super().__call__(expr) if expr in self._values or _is_open(expr) else self._rest(expr)


@lru_cache(maxsize=4096)
def _is_open(expr: sp.Expr) -> bool:
    return bool(expr.has(D))


def diagnose(
    derivation: Derivation,
    claim: sp.Expr,
    at: Place | None = None,
    before: Sequence[Derivation] = (),
    domain: Domain = EVERYWHERE,
) -> Diagnosis:
    """What to say about `claim`, a formula for the derivative or, with `at`, its value at that point.

    For a higher derivative `derivation` is the last one and `before` are those that led to it.
    """
    if at is not None and not claim.free_symbols:
        return _diagnose_number(derivation, claim, at, before)
    named = dict(derivation.bindings) if derivation.rule == "implicit" else {}
    symbols = derivation.symbols
    foreign = tuple(sorted(claim.free_symbols - symbols - named.keys(), key=lambda symbol: symbol.name))
    # What an equation defines is compared on its curve: there, and only there, equal forms are equal.
    ours, right = claim.subs(named), derivation.result.subs(named)
    verdict = equal(ours, right, symbols, within=[derivation.expr], domain=domain)
    if verdict.equal is not False:
        return Diagnosis("right" if verdict.equal else "undecided", equality=verdict, foreign=foreign)
    symbols |= ours.free_symbols
    points = sample_points(
        [ours, right, derivation.expr], symbols, near=[verdict.differ_at], count=POINTS, domain=domain
    )
    sites = [_Numbers(derivation, point) for point in points[:POINTS]]
    fitting = _matching(derivation, before, sites, [site.of(claim) for site in sites], CLOSE)
    mistakes = tuple(islice(filter(lambda mistake: _gives(mistake, ours, named, derivation, domain), fitting), MOST))
    return _with_question(Diagnosis("wrong", mistakes, verdict, foreign=foreign), derivation, at)


def _gives(mistake: Mistake, claim: sp.Expr, named: Place, derivation: Derivation, domain: Domain) -> bool:
    """Whether a mistake that fits at a few points gives the claim everywhere: beyond corners, near and far too."""
    gives = mistake.gives.subs(named)
    return equal(gives, claim, derivation.symbols, within=[derivation.expr], domain=domain).equal is True


def _diagnose_number(derivation: Derivation, claim: sp.Expr, at: Place, before: Sequence[Derivation]) -> Diagnosis:
    site = _Numbers(derivation, at)
    right, value = site.of(derivation.result), site.of(claim)
    state = value_at(derivation.result, at, derivation.expr, derivation.var)
    if right is None or value is None or state.state is not None:
        return Diagnosis("undecided", reason=state.reason)
    close = _tolerance(claim)
    exact = derivation.result.subs(at) if claim == 0 and abs(right) < CLOSE else None
    if _agree(value, right, close) or (exact is not None and exact.equals(0)):  # cos(pi/2) is 6e-17 in floats
        return Diagnosis("right")
    mistakes = _matching(derivation, before, [site], [value], close)
    return _with_question(Diagnosis("wrong", mistakes), derivation, at)


def _tolerance(claim: sp.Expr) -> float:
    """How close a value must come to the number given: decimals from the second on are taken to be rounded."""
    if isinstance(claim, sp.Float):
        return 1e-12
    places = next((k for k in range(16) if isinstance(claim, sp.Rational) and 10**k % claim.q == 0), 0)
    return 0.51 * 10.0**-places / abs(float(claim)) if places >= 2 else CLOSE


def _agree(a: Number, b: Number, close: float, scale: Number = 0) -> bool:
    return bool(abs(a - b) <= close * max(abs(a), abs(b), abs(scale)))


def _matching(
    derivation: Derivation,
    before: Sequence[Derivation],
    sites: Sequence[_Numbers],
    claimed: Sequence[Number | None],
    close: float,
) -> tuple[Mistake, ...]:
    """The mistakes that give the claimed values and not the right ones.

    Pairs are tried for formulas only, and when no single mistake fits: so many numbers come out of pairs that a match
    at one point would say nothing.
    """
    if not sites or None in claimed:
        return ()
    right = [site.of(derivation.result) for site in sites]

    def fits(mistake: Mistake) -> bool:
        for site, value, size in zip(sites, claimed, right, strict=True):
            found = site.mistaken(mistake)
            if found is None or not _agree(found, value, close, size):
                return False
        return not all(_agree(a, b, close) for a, b in zip(right, claimed, strict=True))

    single = tuple(filter(fits, mistaken(derivation, pairs=False, before=before)))
    if single or len(sites) < POINTS:
        return single
    pairs = tuple(filter(fits, (mistake for mistake in mistaken(derivation) if len(mistake.slips) == 2)))
    return tuple(pair for place, pair in enumerate(pairs) if not any(_within(pair, usual) for usual in pairs[:place]))


def _within(pair: Mistake, usual: Mistake) -> bool:
    """Whether the slips of a pair lie at or below those of a more usual one, which then tell the same: an inner
    derivative 2 left out, or the factor 2 of the inner function.
    """
    below = {node for slip in usual.slips for node in slip.node.walk()}
    return all(slip.node in below for slip in pair.slips)


def _with_question(diagnosis: Diagnosis, derivation: Derivation, at: Place | None) -> Diagnosis:
    """The diagnosis with a point that tells its mistakes apart, as far as they are different functions."""
    symbols = sorted(derivation.symbols, key=lambda symbol: symbol.name)
    generic = sample_points([derivation.expr, derivation.result.subs(dict(derivation.bindings))], symbols, count=1)
    if len(diagnosis.mistakes) < 2 or not generic:
        return diagnosis
    most = len(set(_told_apart(diagnosis, derivation, generic[0])))
    best: tuple[int, Place, list[str]] = (0, {}, [])
    for point in _simple_points(symbols, at):
        values = _told_apart(diagnosis, derivation, point)
        if len(set(values)) > best[0]:
            best = len(set(values)), point, values
        if best[0] == most:
            break
    there = tuple(map(float, best[2][: len(diagnosis.mistakes)]))
    return replace(diagnosis, ask_at=best[1], there=there) if len(set(there)) > 1 else diagnosis


def _told_apart(diagnosis: Diagnosis, derivation: Derivation, point: Place) -> list[str]:
    """The values at a point of the mistakes, of the right answer and of the function, [] when one has none."""
    site = _Numbers(derivation, point)
    values = [*map(site.mistaken, diagnosis.mistakes), site.of(derivation.result), site.of(derivation.expr)]
    return [] if None in values else [f"{float(value):.12g}" for value in values if value is not None]


def _simple_points(symbols: Sequence[sp.Symbol], at: Place | None) -> Iterable[Place]:
    """Points with small whole coordinates, the simplest first, and some others; not the one already used."""
    numbers = sorted(product(range(1, 6), repeat=len(symbols)), key=lambda point: (max(point), sum(point), point))
    halves = [sp.Rational(sign * k, 2) for k in range(1, 8) for sign in (1, -1)]
    small = [dict(zip(symbols, map(sp.Integer, point), strict=True)) for point in islice(numbers, MOST_ASKED)]
    if len(symbols) == 1:
        small += [{symbols[0]: value} for value in halves]
    return [point for point in small if point != at]
