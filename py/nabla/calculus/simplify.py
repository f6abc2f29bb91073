"""Simplification as in a textbook: bounded, deterministic, and never longer than the input.

SymPy's `simplify` may take seconds and may expand what was factored. Here a few cheap rewritings are tried and the
shortest is kept; those that go through polynomials are tried only while the polynomials stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from math import comb
from typing import TypeVar

import sympy as sp
from sympy.logic.boolalg import Boolean

from nabla.calculus.budget import CALLS, within
from nabla.calculus.conditions import implies, tidy, wins
from nabla.calculus.powers import of_common_powers
from nabla.calculus.radicals import of_roots

MOST_OPERATIONS = 150
SAFE_OPERATIONS = 30
SAFE_DEGREE = 12
MOST_FOR_POLYNOMIALS = 80
HIGHEST_DEGREE = 40
MOST_GENERATORS = 6
MOST_PIECES = 3
FINEST_ROOT = 12
# How often the rewritings are gone through: what one has made short, another may make shorter.
ROUNDS = 3
# Terms that a polynomial may have once it is multiplied out.
MOST_TERMS = 2500


T = TypeVar("T")
Rewriting = Callable[[sp.Expr], Iterator[sp.Expr]]


def simplified(expr: sp.Expr) -> sp.Expr:
    """The shortest of a few rewritings of `expr`, in the same real domain; itself when it is very long."""
    return simplification(expr)[0]


@lru_cache(maxsize=512)
def simplification(expr: sp.Expr) -> tuple[sp.Expr, tuple[str, ...]]:
    """`simplified(expr)`, and what was done for it: keys of `REWRITINGS`."""
    if not expr.args or sp.count_ops(expr) > MOST_OPERATIONS:
        return expr, ()
    if 0 < len(expr.atoms(sp.Piecewise)) <= MOST_PIECES:
        try:
            folded = sp.piecewise_fold(expr)
        except ValueError:  # to compare conditions it puts numbers in, and a part may be infinite there
            return expr, ()
        return _branches(folded)
    best, done = expr, []
    for _ in range(ROUNDS):
        before = best
        for name, rewriting in REWRITINGS.items():
            shortest = _bounded(best, partial(_shortest, rewriting, best), best)
            if weight(shortest) < weight(best):
                best = shortest
                done.append(name)
        if best == before:
            break
    return best, tuple(dict.fromkeys(done))


def _bounded(expr: sp.Expr, work: Callable[[], T], otherwise: T) -> T:
    """`work()` within a budget. Counting takes time too, so what is too small to take long is not counted."""
    small = sp.count_ops(expr) <= SAFE_OPERATIONS and _degree(expr) <= SAFE_DEGREE
    return work() if small else within(CALLS, work, otherwise)


def _shortest(rewriting: Rewriting, expr: sp.Expr) -> sp.Expr:
    return min(rewriting(expr), key=weight, default=expr)


@lru_cache(maxsize=1024)
def weight(expr: sp.Expr) -> int:
    """How long an expression is to a reader: its operations, with a charge for sums in brackets and for functions."""
    nodes = list(sp.preorder_traversal(expr))
    products = [node for node in nodes if isinstance(node, sp.Mul)]
    sums = [add for product in products for add in _bracketed(product)]
    minus_first = sum(bool(add.as_ordered_terms()[0].could_extract_minus_sign()) for add in sums)
    nested = sum(_is_nested_fraction(product) for product in products)
    nested += sum(
        _has_fractions(node.base) for node in nodes if node.is_Pow and node.exp.is_Rational and node.exp.q > 1
    )
    functions = sum(isinstance(node, sp.Function) for node in nodes)
    return 2 * int(sp.count_ops(expr)) + 4 * len(sums) + 2 * minus_first + 4 * nested + 3 * functions


def _is_nested_fraction(product: sp.Mul) -> bool:
    """Whether a sum with fractions in it stands in a fraction."""
    if not any(arg.is_Add for arg in product.args) or sp.fraction(product)[1] == 1:
        return False
    terms = [term for factor in product.args if factor.is_Add for term in factor.args]
    return any(sp.fraction(term)[1] != 1 for term in terms if not term.has(sp.exp))


def _has_fractions(sum_: sp.Expr) -> bool:
    """Whether a term of a sum is a fraction."""
    return bool(sum_.is_Add) and any(sp.fraction(term)[1] != 1 for term in sum_.args if not term.has(sp.exp))


def _bracketed(product: sp.Mul) -> list[sp.Expr]:
    """The factors that need brackets: sums that do not stand alone above the line."""
    if not any(factor.is_Add for factor in product.args):
        return []
    above = [factor for factor in product.args if not _is_below(factor) and not _is_one_above(factor)]
    return [factor for factor in above if factor.is_Add] if len(above) > 1 else []


def _is_one_above(factor: sp.Expr) -> bool:
    """Whether nothing but 1 stands above the line: 1/3, -1, exp(-x)."""
    if factor.is_Rational:
        return bool(abs(factor.p) == 1)
    return not (factor.is_Symbol or factor.is_Add) and bool(abs(sp.fraction(factor)[0]) == 1)


def _is_below(factor: sp.Expr) -> bool:
    return isinstance(factor, sp.Pow) and bool(factor.exp.is_negative)


def _branches(expr: sp.Expr) -> tuple[sp.Expr, tuple[str, ...]]:
    """Each branch simplified for itself; a largest or smallest value is the one that its condition says it is."""
    if not isinstance(expr, sp.Piecewise):
        return expr, ()
    conditions = [tidy(condition) for _, condition in expr.args]
    found = [
        simplification(_under(condition, branch))
        for (branch, _), condition in zip(expr.args, conditions, strict=True)
        if condition is not sp.false
    ]
    names = tuple(dict.fromkeys(name for _, done in found for name in done))
    left = (condition for condition in conditions if condition is not sp.false)
    return sp.Piecewise(*((branch, condition) for (branch, _), condition in zip(found, left, strict=True))), names


def _under(condition: Boolean, branch: sp.Expr) -> sp.Expr:
    """`branch` where `condition` holds, with each Max and Min that it decides replaced by the winner, inside out."""
    for extremum in sorted(branch.atoms(sp.Max, sp.Min), key=sp.count_ops):
        for arg in extremum.args:
            if implies(condition, wins(arg, extremum)):
                return _under(condition, branch.xreplace({extremum: arg}))
    return branch


def _signs(expr: sp.Expr) -> Iterator[sp.Expr]:
    """sign(g) |g| = g, sign(g)/|g| = 1/g, sign(g) g = |g|."""
    if expr.has(sp.sign):
        yield expr.replace(lambda node: node.is_Mul and any(arg.func is sp.sign for arg in node.args), _without_sign)


def _without_sign(product: sp.Expr) -> sp.Expr:
    powers = product.as_powers_dict()
    for factor in product.args:
        if factor.func is not sp.sign:
            continue
        inside = factor.args[0]
        for old, new in ((sp.Abs(inside), inside), (inside, sp.Abs(inside))):
            power = powers.get(old, sp.S.Zero)
            if power.is_odd:
                return product / factor / old**power * new**power
        if powers.get(inside, sp.S.Zero).is_even:
            return product / factor / inside * sp.Abs(inside)
    return product


def _common_factor(expr: sp.Expr) -> Iterator[sp.Expr]:
    if not expr.has(sp.Add):
        return
    for whole in (sp.factor_terms(expr), _factored(expr)):
        if _functions(whole) <= _functions(expr):
            yield whole
            yield without_minus(whole)


@lru_cache(maxsize=64)
def _factored(expr: sp.Expr) -> sp.Expr:
    return sp.factor(expr) if is_small(expr) else expr


def without_minus(product: sp.Expr) -> sp.Expr:
    """-(x - 1) y as (1 - x) y, and -1/(x - 1) as 1/(1 - x)."""
    if product.is_Mul and product.as_coeff_Mul()[0].is_negative:
        for factor in product.args:
            base, exponent = factor.as_base_exp()
            if base.is_Add and abs(exponent) == 1:
                return -product / factor * (-base) ** exponent
    return product


def _multiplied_out(expr: sp.Expr) -> Iterator[sp.Expr]:
    if expr.is_polynomial() and is_small(expr):
        yield sp.expand(expr)
    below = [factor for factor in sp.Mul.make_args(expr) if factor.is_Pow and factor.exp == -1 and factor.base.is_Add]
    if len(below) > 1 and is_small(expr):
        yield expr / sp.Mul(*below) / sp.expand(sp.Mul(*(factor.base for factor in below)))


def _one_fraction(expr: sp.Expr) -> Iterator[sp.Expr]:
    for whole in (expr, _factored(expr)):
        factors = sp.Mul.make_args(whole)
        bottom = sp.Mul(*(factor for factor in factors if _is_below(factor)))
        top = sp.Mul(*(factor for factor in factors if not _is_below(factor)))
        if bottom != 1 and top.has(sp.Add) and is_small(whole):
            found = sp.expand(top) * bottom
            if _functions(found) <= _functions(expr):
                yield found


def _functions(expr: sp.Expr) -> set[sp.Expr]:
    """The functions and powers with unusual exponents that occur."""
    found: set[sp.Expr] = expr.atoms(sp.Function)
    return found | {power for power in expr.atoms(sp.Pow) if not power.exp.is_Rational}


def _pythagoras(expr: sp.Expr) -> Iterator[sp.Expr]:
    """sin^2 + cos^2 = 1 and similar identities, applied wherever a square occurs."""
    squared = {type(power.base) for power in expr.atoms(sp.Pow) if power.exp.is_Integer and abs(power.exp) > 1}
    rules = [rule for rule in SQUARES if rule[0] in squared]
    if not rules or not is_small(expr):
        return
    top, bottom = sp.fraction(sp.together(expr))
    for rule in rules:
        found = sp.factor(replace_squares(top, *rule) / replace_squares(bottom, *rule))
        if _addends(found) < _addends(expr):
            yield found
            yield without_minus(found)


def _addends(expr: sp.Expr) -> int:
    return sum(len(add.args) for add in expr.atoms(sp.Add))


def replace_squares(
    expr: sp.Expr, function: type[sp.Expr], other: type[sp.Expr], rule: Callable[[sp.Expr], sp.Expr]
) -> sp.Expr:
    """`expr` multiplied out, with function(a)^2 = rule(other(a)) used for every even power."""

    def is_square(node: sp.Expr) -> bool:
        return bool(node.is_Pow and node.base.func is function and node.exp.is_Integer and node.exp >= 2)

    def replaced(node: sp.Expr) -> sp.Expr:
        half, rest = divmod(int(node.exp), 2)
        return rule(other(node.base.args[0])) ** half * node.base**rest

    return sp.expand(sp.expand(expr).replace(is_square, replaced))


# f^2 = rule(g)
SQUARES: tuple[tuple[type[sp.Expr], type[sp.Expr], Callable[[sp.Expr], sp.Expr]], ...] = (
    (sp.sin, sp.cos, lambda g: 1 - g**2),
    (sp.cos, sp.sin, lambda g: 1 - g**2),
    (sp.tan, sp.sec, lambda g: g**2 - 1),
    (sp.sec, sp.tan, lambda g: g**2 + 1),
    (sp.cot, sp.csc, lambda g: g**2 - 1),
    (sp.csc, sp.cot, lambda g: g**2 + 1),
    (sp.sinh, sp.cosh, lambda g: g**2 - 1),
    (sp.cosh, sp.sinh, lambda g: g**2 + 1),
    (sp.tanh, sp.sech, lambda g: 1 - g**2),
    (sp.sech, sp.tanh, lambda g: 1 - g**2),
)

REWRITINGS: dict[str, Rewriting] = {
    "signs": _signs,
    "roots": of_roots,
    "powers": of_common_powers,
    "multiplied-out": _multiplied_out,
    "common-factor": _common_factor,
    "one-fraction": _one_fraction,
    "squares": _pythagoras,
}


def is_small(expr: sp.Expr) -> bool:
    """Whether the polynomials behind `expr` are small enough to be factored at once. Decimals are left alone."""
    if sp.count_ops(expr) > MOST_FOR_POLYNOMIALS or expr.has(sp.Float):
        return False
    powers = expr.atoms(sp.Pow)
    if any(power.exp.is_Rational and power.exp.q > FINEST_ROOT for power in powers):
        return False  # x^(1/1000) makes x a polynomial of the degree 1000
    generators = {node for node in expr.atoms(sp.Symbol, sp.Function) | powers if not _is_whole_power(node)}
    degree = _degree(expr)
    if len(generators) > MOST_GENERATORS or degree > HIGHEST_DEGREE:
        return False
    return comb(degree + len(generators), degree) <= MOST_TERMS


def _is_whole_power(node: sp.Expr) -> bool:
    return bool(node.is_Pow and node.exp.is_Integer)


def _degree(expr: sp.Expr) -> int:
    """A bound on the degree that `expr` has as a polynomial, or as a fraction of two, once multiplied out."""
    if isinstance(expr, sp.Add):
        return max(map(_degree, expr.args)) + max(map(_degree_below, expr.args))
    if isinstance(expr, sp.Mul):
        return sum(map(_degree, expr.args))
    if isinstance(expr, sp.Pow) and expr.exp.is_Rational:
        return _degree(expr.base) * max(1, abs(int(expr.exp)))
    return 0 if expr.is_number else 1


def _degree_below(expr: sp.Expr) -> int:
    """The same for what stands below the line: it multiplies the other terms of a sum."""
    return sum(_degree(factor) for factor in sp.Mul.make_args(expr) if factor.is_Pow and factor.exp.is_negative)


def vanishes(expr: sp.Expr) -> bool:
    """Whether `expr` can be shown to be 0, by one fraction, expansion and sin^2 + cos^2 = 1; False means unknown."""
    if sp.count_ops(expr) > MOST_OPERATIONS or not is_small(expr):
        return False
    return _bounded(expr, partial(_vanishes, expr), False)


def _vanishes(expr: sp.Expr) -> bool:
    top = sp.expand(sp.fraction(sp.together(sp.expand_power_exp(expr)))[0])
    for rule in SQUARES:
        if top != 0 and top.has(rule[0]):
            top = replace_squares(top, *rule)
    return bool(top == 0)
