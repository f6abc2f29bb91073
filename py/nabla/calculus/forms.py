"""Other forms of a result: factored, multiplied out, and with what occurs more than once named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.simplify import MOST_OPERATIONS, is_small, weight, without_minus

# Naming parts pays when it saves so many operations.
FEWEST_SAVED = 3
MOST_NAMED = 6


@dataclass(frozen=True)
class Form:
    """A form by name, with the parts that it names, in order, and whether it equals the result."""

    name: str
    expr: sp.Expr
    verdict: EqualityVerdict
    parts: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()


def forms(result: sp.Expr, domain: Domain = EVERYWHERE) -> list[Form]:
    """The forms of `result` that differ from it and from each other, each compared with it.

    Forms through polynomials are made only while these are small, so no form takes long.
    """
    found: list[Form] = []
    for name, expr in _other_forms(result):
        if expr != result and all(expr != form.expr for form in found):
            found.append(Form(name, expr, equal(expr, result, domain=domain)))
    if logistic := with_sigmoid(result):
        short, letter, function = logistic
        found.append(
            Form(
                "sigmoid",
                short,
                equal(short.xreplace({letter: function}), result, domain=domain),
                ((letter, function),),
            )
        )
    named = None if logistic else common_parts([result])
    if named:
        parts, (short,) = named
        found.append(Form("parts", short, equal(_put_back(short, parts), result, domain=domain), parts))
    return found


def _other_forms(result: sp.Expr) -> Iterator[tuple[str, sp.Expr]]:
    if not is_small(result) or result.has(sp.Piecewise):
        return
    factored = sp.factor(result)
    if (factored.is_Mul or factored.is_Pow) and _factors(factored) != _factors(result):
        yield "factored", factored
    # What stands below the line is left as it is: multiplied out it would only be longer.
    top, bottom = sp.fraction(result)
    expanded = _expanded(top) / bottom if bottom.has(sp.Add) else _expanded(result)
    if sp.count_ops(expanded) <= MOST_OPERATIONS:
        yield "expanded", expanded


def with_sigmoid(result: sp.Expr) -> tuple[sp.Expr, sp.Symbol, sp.Expr] | None:
    """The result in terms of one logistic function 1/(1 + exp(-z)) of it, where that makes it a shorter polynomial.

    Returns:
        The result in a letter for the function, the letter, and the function itself.
    """
    inside = {
        term.args[0]
        for add in result.atoms(sp.Add)
        for term in add.args
        if isinstance(term, sp.exp) and len(add.args) == 2
    }
    z = next((-u if u.could_extract_minus_sign() else u for u in sorted(inside, key=sp.default_sort_key)), None)
    if z is None:
        return None
    names = {symbol.name for symbol in result.free_symbols}
    letter = sp.Symbol(next(name for name in ("sigma", "s", "S_1") if name not in names), real=True)
    put = {}
    for power in result.atoms(sp.exp):
        times = sp.cancel(power.args[0] / z)
        if not times.is_Integer:
            return None
        put[power] = (letter / (1 - letter)) ** times
    found = sp.factor(sp.together(result.xreplace(put)))
    if found.has(sp.log) or not found.is_polynomial(letter) or weight(found) >= weight(result):
        return None
    return without_minus(found), letter, 1 / (1 + sp.exp(-z))


def _expanded(expr: sp.Expr) -> sp.Expr:
    return sp.expand(expr, log=False, power_base=False, trig=False)


def _factors(expr: sp.Expr) -> set[sp.Expr]:
    """The factors without their signs: 1 - x and x - 1 count as the same."""
    return {-factor if factor.could_extract_minus_sign() else factor for factor in sp.Mul.make_args(expr)} - {sp.S.One}


def common_parts(
    exprs: Sequence[sp.Expr],
) -> tuple[tuple[tuple[sp.Symbol, sp.Expr], ...], tuple[sp.Expr, ...]] | None:
    """The expressions with what occurs more than once named, or None where naming saves little.

    Returns:
        The names with what they stand for, each in terms of those before it, and the shortened expressions.
    """
    if any(expr.has(sp.Derivative, sp.Subs, sp.Piecewise) for expr in exprs):
        return None
    taken = {symbol.name for expr in exprs for symbol in expr.atoms(sp.Symbol)}
    letter = next(name for name in ("c", "k", "u", "p", "q", "r_1") if name not in taken)
    names = (sp.Symbol(f"{letter}_{number}", real=True) for number in range(1, 99))
    parts, short = sp.cse(list(exprs), symbols=names)
    before = sum(sp.count_ops(expr) for expr in exprs)
    after = sum(sp.count_ops(expr) for expr in (*short, *(part for _, part in parts)))
    if not 0 < len(parts) <= MOST_NAMED or before - after < FEWEST_SAVED:
        return None
    return tuple(parts), tuple(short)


def _put_back(expr: sp.Expr, parts: Sequence[tuple[sp.Symbol, sp.Expr]]) -> sp.Expr:
    for name, part in reversed(parts):
        expr = expr.xreplace({name: part})
    return expr
