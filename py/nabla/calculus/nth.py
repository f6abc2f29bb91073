"""The n-th derivative in closed form: of exponentials, sines, powers and logarithms of a x + b, and their sums."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

HIGHEST_POWER = 12
ORDER = sp.Symbol("n", integer=True, nonnegative=True)


@dataclass(frozen=True)
class Term:
    """A term of a sum and its n-th derivative: the formula that gave it, and the first n that it holds for."""

    expr: sp.Expr
    nth: sp.Expr
    rule: str
    least: int = 0


def nth_derivative(f: sp.Expr, x: sp.Symbol) -> list[Term] | None:
    """The terms of `f`, each with its n-th derivative in `ORDER`; None where one of them has no form known here."""
    for form in _forms(f, x):
        terms = [_term(part, x) for part in sp.Add.make_args(form)]
        known = [term for term in terms if term is not None]
        if len(known) == len(terms):
            return known
    return None


def _forms(f: sp.Expr, x: sp.Symbol) -> list[sp.Expr]:
    """The function, and the sums that it can be written as: partial fractions, sines instead of products of them."""
    found = [f, sp.expand(f)]
    if f.is_rational_function(x):
        found.append(sp.apart(f, x))
    if f.has(sp.log):
        found.append(sp.expand_log(f, force=True))
    if f.has(sp.sin, sp.cos):
        found.append(sp.expand(sp.fu(f, measure=lambda e: sum(p.is_Mul or p.is_Pow for p in sp.preorder_traversal(e)))))
        found.append(sp.expand(sp.simplify(sp.expand(f.rewrite(sp.exp))).rewrite(sp.cos)))
        found.append(_as_sum(f))
    if f.has(sp.sinh, sp.cosh):
        found.append(sp.expand(f.rewrite(sp.exp)))
    return list(dict.fromkeys(found))


def _as_sum(f: sp.Expr) -> sp.Expr:
    from sympy.simplify.fu import TR7, TR8

    return sp.expand(TR8(sp.expand(TR7(f))))


def _term(part: sp.Expr, x: sp.Symbol) -> Term | None:
    """c · g, or c · x^k · g with g an exponential or a sine."""
    constant, rest = part.as_independent(x, as_Add=False)
    if rest == 1:
        return Term(part, sp.Piecewise((part, sp.Eq(ORDER, 0)), (0, True)), "constant")
    basic = _basic(rest, x)
    if basic is not None:
        return Term(part, constant * basic.nth, basic.rule, basic.least)
    power, other = sp.S.Zero, sp.S.One
    for factor in sp.Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if base == x and exponent.is_Integer and 0 < exponent <= HIGHEST_POWER:
            power = exponent
        else:
            other *= factor
    basic = _basic(other, x) if power else None
    if basic is None or basic.rule not in ("exponential", "sine", "damped"):
        return None
    terms = []
    for j in range(int(power) + 1):
        held = basic.nth.subs(ORDER, ORDER - j)
        terms.append(sp.expand_func(sp.binomial(ORDER, j)) * sp.ff(power, j) * x ** (power - j) * held)
    return Term(part, constant * sp.Add(*terms), "Leibniz")


def _linear(u: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    """a, where u = a x + b."""
    if not u.is_polynomial(x) or sp.degree(u, x) != 1:
        return None
    return sp.diff(u, x)


def _basic(g: sp.Expr, x: sp.Symbol) -> Term | None:
    """One function of a x + b."""
    n = ORDER
    if isinstance(g, sp.exp) or (isinstance(g, sp.Pow) and not g.base.has(x)):
        base = sp.E if isinstance(g, sp.exp) else g.base
        a = _linear(g.exp, x)
        return None if a is None else Term(g, (a * sp.log(base)) ** n * g, "exponential")
    if isinstance(g, (sp.sin, sp.cos)):
        a = _linear(g.args[0], x)
        return None if a is None else Term(g, a**n * g.func(g.args[0] + n * sp.pi / 2), "sine")
    if isinstance(g, sp.log):
        a = _linear(g.args[0], x)
        n_minus = sp.factorial(n - 1) * a**n / g.args[0] ** n if a is not None else None
        return None if n_minus is None else Term(g, (-1) ** (n - 1) * n_minus, "logarithm", 1)
    if g == x or (isinstance(g, sp.Pow) and not g.exp.has(x)):
        base, exponent = g.as_base_exp()
        return _power(base, exponent, x)
    return _damped(g, x)


def _power(u: sp.Expr, p: sp.Expr, x: sp.Symbol) -> Term | None:
    a, n = _linear(u, x), ORDER
    if a is None:
        return None
    if p.is_Integer and p < 0:
        m = -p
        return Term(u**p, (-a) ** n * sp.factorial(m + n - 1) / sp.factorial(m - 1) / u ** (m + n), "reciprocal")
    if p.is_Integer:
        whole = sp.factorial(p) / sp.factorial(p - n) * a**n * u ** (p - n)
        return Term(u**p, sp.Piecewise((whole, n <= p), (0, True)), "power")
    return Term(u**p, sp.ff(p, n) * a**n * u ** (p - n), "power")


def _damped(g: sp.Expr, x: sp.Symbol) -> Term | None:
    """e^(a x + c) sin(b x + d): each derivative multiplies by the length of (a, b) and turns by its angle."""
    factors = sp.Mul.make_args(g)
    if len(factors) != 2:
        return None
    grown = next((factor for factor in factors if isinstance(factor, sp.exp)), None)
    wave = next((factor for factor in factors if isinstance(factor, (sp.sin, sp.cos))), None)
    if grown is None or wave is None:
        return None
    a, b = _linear(grown.exp, x), _linear(wave.args[0], x)
    if a is None or b is None:
        return None
    length, angle = sp.sqrt(a**2 + b**2), sp.atan2(b, a)
    return Term(g, length**ORDER * grown * wave.func(wave.args[0] + ORDER * angle), "damped")


def joined(terms: list[Term]) -> tuple[sp.Expr, int]:
    """The n-th derivative of the sum, shown as short as it is known to hold, and the first n that it holds for."""
    least = max(term.least for term in terms)
    if any(term.rule == "constant" for term in terms) and len(terms) > 1:
        least = max(least, 1)
        terms = [term for term in terms if term.rule != "constant"]
    whole = sp.Add(*(term.nth for term in terms))
    return sp.powsimp(whole) if not whole.has(sp.Piecewise) else whole, least


def at_order(nth: sp.Expr, order: int) -> sp.Expr:
    """The formula with a number for n; a falling factorial of 0 lets its term vanish."""
    return sp.expand_func(nth.subs(ORDER, order)).doit()


def induction(nth: sp.Expr, x: sp.Symbol) -> bool | None:
    """Whether algebra shows that the derivative of the n-th formula is the (n + 1)-th; None where it does not."""
    if nth.has(sp.Piecewise):
        return None
    gap = sp.diff(nth, x) - nth.subs(ORDER, ORDER + 1)
    for simplify in (sp.gammasimp, sp.simplify, lambda e: sp.simplify(sp.expand_trig(sp.expand_func(e)))):
        if simplify(gap) == 0:
            return True
    return None
