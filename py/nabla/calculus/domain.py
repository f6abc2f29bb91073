"""The domain that someone states: where the points of the tests lie, and what it decides about signs.

A domain is a union of pieces, in each of which all of some conditions hold: `x < 0 or x > 1` has two, and so have
`x != 0` and `|x| > 1`. Something is decided where every piece decides it alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

import sympy as sp
from sympy.logic.boolalg import And, Boolean, Not, Or

from nabla.calculus.conditions import BOUNDS, TURNED, implies, plain, tidy
from nabla.calculus.contexts import MACHINE
from nabla.calculus.numeric import Evaluator, NoValue

POINTS = 24
MOST_PIECES = 16
HIGHEST_DEGREE = 12
# Where between two ends, or how far behind one, the points lie: off any round place.
_SHARES = (0.381, 0.743, 0.127, 0.587, 0.911, 0.253, 0.689, 0.043, 0.457, 0.829, 0.197, 0.961)
_BEHIND = (1.37, 0.43, 2.71, 5.13, 0.117, 3.29, 9.7, 0.811, 17.3, 0.0271, 41.1, 1.93)

Point = Mapping[sp.Symbol, sp.Expr]


@dataclass(frozen=True)
class Domain:
    """Conditions that hold for the symbols, all of them together; none holds everywhere."""

    conditions: tuple[Boolean, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions)

    @cached_property
    def symbols(self) -> frozenset[sp.Symbol]:
        """The symbols that have a condition."""
        return frozenset(symbol for condition in self.conditions for symbol in condition.free_symbols)

    def contains(self, point: Point) -> bool:
        """Whether the point lies in it, as far as the point tells."""
        try:
            evaluator = Evaluator(MACHINE, point)
            return all(
                evaluator.truth(condition) for condition in self.conditions if condition.free_symbols <= point.keys()
            )
        except NoValue:
            return False

    @cached_property
    def pieces(self) -> tuple[_Piece, ...]:
        """Where all of some conditions hold; together they are the domain."""
        found = _pieces(self.conditions)
        return tuple(_Piece(piece) for piece in found if tidy(sp.And(*piece)) is not sp.false)

    def points(self, symbols: Sequence[sp.Symbol]) -> Iterator[dict[sp.Symbol, sp.Rational]]:
        """Points inside, of each piece in turn, quasi-random in what is bounded; else they are of both signs."""
        if not self:
            return
        several = zip_longest(*(piece.points(symbols) for piece in self.pieces))
        for point in chain.from_iterable(several):
            if point is not None and self.contains(point):
                yield point

    def implies(self, condition: Boolean) -> bool:
        """Whether a condition can be shown to hold on the whole domain; False means unknown."""
        if condition in self.conditions:
            return True
        return bool(self) and all(piece.implies(condition) for piece in self.pieces)

    def sign(self, expr: sp.Expr, strict: bool = False) -> int:
        """1 or -1 where `expr` has this sign on the whole domain, or is 0 unless `strict`; 0 where that is unknown."""
        signs = {piece.sign(expr, strict) for piece in self.pieces}
        return signs.pop() if len(signs) == 1 else 0

    def decided(self, expr: sp.Expr) -> sp.Expr:
        """`expr` with every |g|, sign g, step, largest, smallest and piece put in that the domain decides."""
        if not self:
            return expr
        for part in sorted(expr.atoms(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min), key=sp.count_ops):
            known = self._known(part)
            if known is not None:
                return self.decided(expr.xreplace({part: known}))
        for part in sorted(expr.atoms(sp.Piecewise), key=sp.count_ops):
            branches = [(value, sp.true if self.implies(when) else when) for value, when in part.args]
            open_ones = [(v, w) for v, w in branches if w is sp.true or not self.implies(sp.Not(w))]
            if tuple(open_ones) != tuple((value, when) for value, when in part.args):
                return self.decided(expr.xreplace({part: sp.Piecewise(*open_ones)}))
        return expr

    def _known(self, part: sp.Expr) -> sp.Expr | None:
        if isinstance(part, (sp.Max, sp.Min)):
            for arg in part.args:
                gaps = [arg - other if isinstance(part, sp.Max) else other - arg for other in part.args if other != arg]
                if all(self.sign(gap) > 0 for gap in gaps):
                    return arg
            return None
        sign = self.sign(part.args[0], strict=not isinstance(part, sp.Abs))
        if not sign:
            return None
        if isinstance(part, sp.Abs):
            return sign * part.args[0]
        return sp.Integer(sign) if isinstance(part, sp.sign) else sp.Integer(sign > 0)


EVERYWHERE = Domain()


@dataclass(frozen=True)
class _Piece:
    """A part of a domain: where all of the conditions hold, those that are bounds of single symbols known as such."""

    conditions: tuple[Boolean, ...]

    @cached_property
    def symbols(self) -> frozenset[sp.Symbol]:
        return frozenset(symbol for condition in self.conditions for symbol in condition.free_symbols)

    @cached_property
    def plain(self) -> tuple[Boolean, ...]:
        return plain(self.conditions)

    def contains(self, symbol: sp.Symbol, place: sp.Expr) -> bool:
        """Whether nothing said of this symbol alone keeps the place out."""
        return all(condition.subs(symbol, place) is not sp.false for condition in self.conditions)

    def ends(self, symbol: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
        """The numerical bounds that the conditions give a symbol, infinite where there is none."""
        low, high = -sp.oo, sp.oo
        for condition in self.plain:
            if condition.free_symbols != {symbol} or not isinstance(condition, BOUNDS):
                continue
            if condition.gts == symbol and condition.lts.is_number:
                low = max(low, condition.lts)
            elif condition.lts == symbol and condition.gts.is_number:
                high = min(high, condition.gts)
        return low, high

    def points(self, symbols: Sequence[sp.Symbol]) -> Iterator[dict[sp.Symbol, sp.Rational]]:
        """Points between the ends; what else is said of them is not looked at."""
        ends = {symbol: self.ends(symbol) for symbol in symbols}
        for number in range(POINTS):
            yield {symbol: _between(*ends[symbol], number + 5 * place) for place, symbol in enumerate(symbols)}

    def implies(self, condition: Boolean) -> bool:
        """Whether a condition can be shown to hold on all of it; False means unknown."""
        if condition in self.conditions or implies(sp.And(*self.conditions), condition) is True:
            return True
        if isinstance(condition, (And, Or)):
            hold = (self.implies(part) for part in condition.args)
            return all(hold) if isinstance(condition, And) else any(hold)
        if isinstance(condition, sp.Ne):
            return self.sign(condition.lhs - condition.rhs, strict=True) != 0
        if not isinstance(condition, BOUNDS):
            return False
        return self.sign(condition.gts - condition.lts, strict=isinstance(condition, (sp.Gt, sp.Lt))) > 0

    def sign(self, expr: sp.Expr, strict: bool = False) -> int:
        """1 or -1 where `expr` has this sign on all of it, or is 0 unless `strict`; 0 where that is unknown."""
        symbols = expr.free_symbols & self.symbols
        if not symbols:
            return 0
        if len(expr.free_symbols) == 1 and expr.is_polynomial(*symbols):
            return self._sign_of_polynomial(expr, next(iter(symbols)), strict)
        moved = self._moved(expr, symbols)
        if moved.is_positive or (moved.is_nonnegative and not strict):
            return 1
        return -1 if moved.is_negative or (moved.is_nonpositive and not strict) else 0

    def _moved(self, expr: sp.Expr, symbols: Iterable[sp.Symbol]) -> sp.Expr:
        """`expr` in positive symbols, so that SymPy may see its sign."""
        instead = {}
        for symbol in symbols:
            low, high = self.ends(symbol)
            if low is not -sp.oo:
                closed = any(isinstance(c, sp.Ge) and c.gts == symbol for c in self.plain)
                instead[symbol] = low + sp.Dummy(**{"nonnegative" if closed else "positive": True})
            elif high is not sp.oo:
                closed = any(isinstance(c, sp.Le) and c.lts == symbol for c in self.plain)
                instead[symbol] = high - sp.Dummy(**{"nonnegative" if closed else "positive": True})
        return sp.expand(expr.xreplace(instead)) if instead else expr

    def _sign_of_polynomial(self, expr: sp.Expr, symbol: sp.Symbol, strict: bool) -> int:
        """By its roots between the ends, counted exactly; a root at an open end is none inside."""
        low, high = self.ends(symbol)
        if any(end.is_Rational is False and end.is_finite for end in (low, high)):
            return 0
        polynomial = sp.Poly(expr, symbol)
        if polynomial.degree() > HIGHEST_DEGREE or (not polynomial.domain.is_ZZ and not polynomial.domain.is_QQ):
            return 0
        bounds = [None if end.is_infinite else end for end in (low, high)]
        inside = polynomial.count_roots(*bounds)
        at_ends = [end for end in bounds if end is not None and polynomial(end) == 0]
        if inside > len(at_ends):
            return 0
        if strict and any(self.contains(symbol, end) for end in at_ends):
            return 0
        return int(sp.sign(polynomial(_between(low, high, 0))))


def _pieces(conditions: Iterable[Boolean]) -> list[tuple[Boolean, ...]]:
    """Pieces whose union is where all the conditions hold; too many are left whole."""
    pieces: list[tuple[Boolean, ...]] = [()]
    for condition in conditions:
        ways = _ways(condition)
        if len(pieces) * len(ways) > MOST_PIECES:
            ways = [(condition,)]
        pieces = [(*piece, *way) for piece in pieces for way in ways]
    return pieces


def _ways(condition: Boolean) -> list[tuple[Boolean, ...]]:
    """The ways in which a condition may hold: x < 0 and x > 0 for x != 0, one for a bound."""
    if isinstance(condition, Or):
        return [way for part in condition.args for way in _ways(part)]
    if isinstance(condition, Not) and isinstance(condition.args[0], (And, Or)):
        return _ways(sp.to_nnf(condition, simplify=False))
    if isinstance(condition, And):
        return _pieces(condition.args)
    plainly = plain([condition])
    if len(plainly) != 1:
        return _pieces(plainly)
    (part,) = plainly
    if isinstance(part, sp.Ne) and part.lhs.is_Symbol and part.rhs.is_number:
        return [(part.lhs < part.rhs,), (part.lhs > part.rhs,)]
    if isinstance(part, BOUNDS) and isinstance(part.lhs, sp.Abs) and part.rhs.is_nonnegative:
        inside = part.lhs.args[0]
        sides = (type(part)(inside, part.rhs), TURNED[type(part)](inside, -part.rhs))
        return _pieces(sides) if part.gts == part.rhs else [way for side in sides for way in _ways(side)]
    return [(part,)]


def _between(low: sp.Expr, high: sp.Expr, number: int) -> sp.Rational:
    """A rational number between the ends, one of a dozen."""
    share, behind = _SHARES[number % len(_SHARES)], _BEHIND[number % len(_BEHIND)]
    if low.is_finite and high.is_finite:
        return sp.Rational(round(share * 10000), 10000) * _rational(high - low) + _rational(low)
    if low.is_finite:
        value = float(low) + behind
    elif high.is_finite:
        value = float(high) - behind
    else:
        value = behind * (-1) ** number
    return sp.Rational(round(value * 10000), 10000)


def _rational(end: sp.Expr) -> sp.Rational:
    return end if end.is_Rational else sp.Rational(round(float(end) * 10**6), 10**6)
