"""Side conditions simplified: 2 x > 0 as x > 0, (x + 1)^2 != 0 as x != -1, 1 - x^2 > 0 as |x| < 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Or

MOST_TOGETHER = 4
HIGHEST_FACTORED = 6
MOST_OPERATIONS = 60
TURNED = {sp.Gt: sp.Lt, sp.Ge: sp.Le, sp.Lt: sp.Gt, sp.Le: sp.Ge}
WITHIN_ONE = (sp.sin, sp.cos, sp.tanh, sp.erf)
BOUNDS = (sp.Gt, sp.Ge, sp.Lt, sp.Le)


def plain(conditions: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """The conditions in plain form, each once, without those that hold anyway or follow from another."""
    found = dict.fromkeys(part for condition in conditions for part in _plain(condition))
    positive = {c.lhs: sp.Dummy(positive=True) for c in found if _bounds_above_zero(c)}
    return tuple(
        condition
        for condition in found
        if (_bounds_above_zero(condition) or condition.xreplace(positive) is not sp.true)
        and not any(_follows(condition, other) for other in found)
    )


def wins(arg: sp.Expr, extremum: sp.Expr) -> Boolean:
    """The condition under which `arg` alone is the largest (or smallest) of a Max (or Min)."""
    above = isinstance(extremum, sp.Max)
    others = [other for other in extremum.args if other != arg]
    if len(extremum.atoms(sp.Max, sp.Min)) > MOST_TOGETHER:
        return sp.And(*(arg > other if above else arg < other for other in others))
    return tidy(sp.And(*(_beats(arg, other, above) for other in others)))


def disjoint(expr: sp.Piecewise) -> list[tuple[sp.Expr, Boolean]]:
    """The branches; "otherwise" behind x ≠ 0 alone is x = 0, behind x ≠ 0 or y ≠ 0 the one point."""
    *first, (last, otherwise) = expr.args
    if otherwise == sp.true and len(first) == 1:
        apart = first[0][1].args if isinstance(first[0][1], Or) else (first[0][1],)
        if all(isinstance(part, sp.Ne) for part in apart):
            otherwise = sp.And(*(sp.Eq(*part.args) for part in apart))
    return [*first, (last, otherwise)]


def place_of(condition: Boolean, var: sp.Symbol) -> dict[sp.Symbol, sp.Expr]:
    """What `var`, and each other symbol, is equal to where a condition is equations of symbols, which hold at single
    places; nothing for any other condition.
    """
    parts = condition.args if isinstance(condition, And) else (condition,)
    found = {}
    for part in parts:
        if not isinstance(part, sp.Eq):
            return {}
        symbol, place = (part.lhs, part.rhs) if part.lhs.is_Symbol else (part.rhs, part.lhs)
        found[symbol] = place
    return found if var in found else {}


def tidy(condition: Boolean) -> Boolean:
    """Several bounds on one symbol, brought together: x < 2 and x < 1 - x as x < 1/2; any other condition as it is."""
    parts = condition.args if isinstance(condition, And) else (condition,)
    bounds = [_solved(type(part), part.lhs - part.rhs, part) for part in parts if isinstance(part, BOUNDS)]
    if len(bounds) < len(parts) or len({bound.lhs for bound in bounds}) != 1 or not all(map(_is_bound, bounds)):
        return condition
    # At equal numbers the strict bound is the tighter one.
    low = max((b for b in bounds if b.gts == b.lhs), key=lambda b: (b.rhs, isinstance(b, sp.Gt)), default=sp.true)
    high = min((b for b in bounds if b.gts != b.lhs), key=lambda b: (b.rhs, isinstance(b, sp.Le)), default=sp.true)
    if low is sp.true or high is sp.true:
        return sp.And(low, high)
    touching = low.rhs == high.rhs and isinstance(low, sp.Ge) and isinstance(high, sp.Le)
    return sp.And(low, high) if low.rhs < high.rhs or touching else sp.false


def _is_bound(condition: Boolean) -> bool:
    return isinstance(condition, BOUNDS) and bool(condition.lhs.is_Symbol and condition.rhs.is_Rational)


def implies(condition: Boolean, other: Boolean) -> bool:
    """Whether `other` can be shown to follow from `condition`; False means unknown."""
    parts = condition.args if isinstance(condition, And) else (condition,)
    return other in parts or tidy(sp.And(condition, sp.Not(other))) is sp.false


def _beats(one: sp.Expr, other: sp.Expr, above: bool) -> Boolean:
    """one > other, or one < other; max(a, b) < c is written as a < c and b < c, and numbers stand on the right."""
    low, high = (other, one) if above else (one, other)
    if isinstance(high, (sp.Max, sp.Min)):
        join = sp.Or if isinstance(high, sp.Max) else sp.And
        return join(*(_beats(arg, low, above=True) for arg in high.args))
    if isinstance(low, (sp.Max, sp.Min)):
        join = sp.And if isinstance(low, sp.Max) else sp.Or
        return join(*(_beats(high, arg, above=True) for arg in low.args))
    return low < high if (above is False and not low.is_number) or high.is_number else high > low


def _bounds_above_zero(condition: Boolean) -> bool:
    return isinstance(condition, sp.Gt) and bool(condition.lhs.is_Symbol and condition.rhs.is_nonnegative)


def _plain(condition: Boolean) -> Iterator[Boolean]:
    if isinstance(condition, And):
        for part in condition.args:
            yield from _plain(part)
    elif isinstance(condition, sp.Ne):
        yield from _unequal(condition.lhs - condition.rhs, condition)
    elif isinstance(condition, BOUNDS):
        yield from _ordered(condition)
    elif condition is not sp.true:
        yield condition


def _unequal(expr: sp.Expr, condition: Boolean) -> Iterator[Boolean]:
    """What `condition`, expr != 0, says of the factors of expr."""
    factors = sp.Mul.make_args(expr)
    for factor in factors:
        base = factor.base if isinstance(factor, sp.Pow) and factor.exp.is_positive else factor
        if isinstance(base, sp.Abs):
            base = base.args[0]
        for part in _without_roots_of(base):
            yield _solved(sp.Ne, part, condition if part == expr else sp.Ne(part, 0))


def _without_roots_of(base: sp.Expr) -> list[sp.Expr]:
    """What must not be 0 so that `base` is not: of a short polynomial its factors that have real roots."""
    if base.is_zero is False:
        return []
    if not base.is_Add or len(base.free_symbols) != 1 or not base.is_polynomial(*base.free_symbols):
        return [base]
    polynomial = sp.Poly(base, *base.free_symbols)  # without its symbol, pi would be one more
    if not 2 <= polynomial.degree() <= HIGHEST_FACTORED or not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
        return [base]
    factors = [factor for factor, _ in polynomial.factor_list()[1] if factor.count_roots() > 0]
    return sorted((factor.as_expr() for factor in factors), key=lambda part: -part.subs(*base.free_symbols, 0))


def _ordered(condition: Boolean) -> Iterator[Boolean]:
    """left > right and similar, as something > 0 or |something| < number where that is simpler."""
    strict = isinstance(condition, (sp.Gt, sp.Lt))
    gap = condition.gts - condition.lts
    coefficient, rest = gap.as_coeff_Mul()
    gap = rest if coefficient.is_positive else gap
    root = isinstance(gap, sp.Pow) and gap.exp == sp.S.Half
    if root:
        yield from _ordered(sp.Gt(gap.base, 0) if strict else sp.Ge(gap.base, 0))
    elif strict and (_is_even(gap) or gap.is_nonnegative):
        yield from _unequal(gap, sp.Ne(gap, 0))
    elif not (gap.is_nonnegative and not strict) and not _always_positive(gap):
        bounded = _bounded(sp.Gt if strict else sp.Ge, gap, condition)
        if bounded is not sp.true:
            yield bounded


def _always_positive(gap: sp.Expr) -> bool:
    """Whether it can be shown: by the signs of a fraction's parts, or as in x + sqrt(x^2 + 1), where the root wins."""
    if gap.is_positive:
        return True
    if not gap.is_Add or sp.count_ops(gap) > MOST_OPERATIONS:
        return False
    roots = [term for term in gap.args if isinstance(term, sp.Pow) and term.exp == sp.S.Half]
    if len(roots) == 1:
        return bool(sp.expand(roots[0].base - (gap - roots[0]) ** 2).is_positive)
    return bool(sp.factor_terms(sp.together(gap)).is_positive)


def _is_even(expr: sp.Expr) -> bool:
    return isinstance(expr, sp.Abs) or (isinstance(expr, sp.Pow) and bool(expr.exp.is_even))


def _bounded(relation: type[sp.Rel], gap: sp.Expr, condition: Boolean) -> Boolean:
    """gap > 0, where gap = c - k |x| or c - k x^2 as |x| < ..., and where it is linear in one symbol, solved for it."""
    below = sp.Lt if relation is sp.Gt else sp.Le
    constant, rest = gap.as_independent(*gap.free_symbols, as_Add=True)
    coefficient, core = rest.as_coeff_Mul()
    if constant.is_extended_real and constant * coefficient < 0 and isinstance(core, (sp.Abs, sp.Pow)):
        inside = core.args[0]
        limit = constant / -coefficient
        if isinstance(core, sp.Pow):
            limit = limit ** (1 / core.exp)
        if _is_even(core) or (isinstance(core, sp.Pow) and core.exp == sp.S.Half):
            if coefficient.is_negative and isinstance(inside, WITHIN_ONE) and limit > 1:
                return sp.true
            side = sp.Abs(inside) if _is_even(core) else inside
            return (below if coefficient.is_negative else relation)(side, limit)
    return _solved(relation, gap, condition)


def _solved(relation: type[sp.Rel], gap: sp.Expr, condition: Boolean) -> Boolean:
    """`condition`, which says relation(gap, 0), solved for its symbol where gap is linear in it."""
    if len(gap.free_symbols) == 1:
        (symbol,) = gap.free_symbols
        slope = sp.diff(gap, symbol) if gap.is_polynomial(symbol) else symbol
        if slope.is_number and slope != 0:
            root = symbol - sp.expand(gap / slope)
            return (TURNED.get(relation, relation) if slope.is_negative else relation)(symbol, root)
    return condition


def _follows(condition: Boolean, other: Boolean) -> bool:
    """Whether `condition` follows from `other`: x != 0 and x >= 0 from x > 0, x > 0 from x > 1."""
    comparable = isinstance(condition, Relational) and isinstance(other, (sp.Gt, sp.Lt))
    if not comparable or condition == other or condition.lhs != other.lhs:
        return False
    distance = other.rhs - condition.rhs
    further = distance if isinstance(other, sp.Gt) else -distance
    if isinstance(condition, sp.Ne):
        return bool(further.is_nonnegative)
    same_side = isinstance(condition, (sp.Gt, sp.Ge)) == isinstance(other, sp.Gt)
    return same_side and bool(further.is_nonnegative)
