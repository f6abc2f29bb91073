"""Derivatives, points and substituted numbers in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from math import inf

import sympy as sp
from sympy import Ge, Gt, Le, Lt
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import ITE, And, Boolean, Not, Or
from sympy.printing.latex import LatexPrinter

from nabla.calculus.roots import joined, parts_of_root
from nabla.read.formula.print import name_tex


def tex(expr: sp.Basic) -> str:
    """The expression in LaTeX, as everywhere in Nabla: ln for the natural logarithm, arcsin for its inverse."""
    if len(_PLAIN.printed) > MOST_KEPT:
        _PLAIN.printed.clear()
    return str(_PLAIN.doprint(_as_typed(expr)))


@contextmanager
def decimals_kept(kept: bool = True) -> Iterator[None]:
    """While it lasts fractions are written as decimals, where they end: for formulas typed with decimals."""
    before = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(before)


def _as_typed(expr: sp.Basic) -> sp.Basic:
    """The expression as it is printed: with decimals where the formula was typed with them."""
    return _with_decimals(_undivided(expr)) if _KEPT.get() and expr.atoms(sp.Rational) else expr


def _undivided(expr: sp.Basic) -> sp.Basic:
    """The expression without fractions in front of brackets: 0.4 x - 2.05, not 0.05 (8 x - 41)."""
    return expr.replace(
        lambda node: node.is_Mul and node.args[0].is_Rational and node.args[0].q > 1,
        lambda node: _into_bracket(*node.as_coeff_Mul()),
    )


def _into_bracket(factor: sp.Rational, rest: sp.Expr) -> sp.Expr:
    inside = next((part for part in sp.Mul.make_args(rest) if part.is_Add), None)
    if inside is None:
        return factor * rest
    return sp.Mul(sp.Add(*(factor * term for term in inside.args)), rest / inside)


def _with_decimals(expr: sp.Basic) -> sp.Basic:
    if isinstance(expr, sp.Rational):
        return _decimal(expr)
    if not expr.args:
        return expr
    if isinstance(expr, (sp.sec, sp.csc)) and expr.args[0].is_Rational:
        # SymPy asks whether sec(4.98) is real of the float that its cosine is, and fails; a name is not asked.
        return expr.func(sp.Symbol(str(_decimal(expr.args[0])), real=True))
    if isinstance(expr, sp.Pow) and expr.exp.is_Rational and expr.exp.q == 2:
        return sp.Pow(_with_decimals(expr.base), expr.exp, evaluate=False)  # a root stays a root
    args = [_with_decimals(arg) for arg in expr.args]
    plain = {"evaluate": False} if isinstance(expr, (sp.Add, sp.Mul, sp.Pow, sp.Function)) else {}
    return expr.func(*args, **plain)


def _decimal(value: sp.Rational) -> sp.Number:
    """A fraction whose decimals end, as a decimal; any other number as it is."""
    if value.q == 1 or value.q > LARGEST_BELOW or sp.factorint(value.q).keys() - {2, 5}:
        return value
    return sp.Float(str(sp.Float(value, 30)), 15)


class _Root(sp.Function):
    """Stands for an odd real root, of the first argument to the power of the second, while it is printed."""


class _Tex(LatexPrinter):
    """The printer. It keeps what it has printed: the steps of a derivation show the same parts again and again."""

    def __init__(self, **settings: object) -> None:
        super().__init__({"ln_notation": True, "inv_trig_style": "full", **settings})
        self.printed: dict[sp.Basic, str] = {}

    def _print(self, expr: object, **options: object) -> str:
        if options or not isinstance(expr, sp.Basic):
            return str(super()._print(expr, **options))
        if expr not in self.printed:
            self.printed[expr] = str(super()._print(expr))
        return self.printed[expr]

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        if expr in self._settings["symbol_names"] or not expr.name.isidentifier():
            return str(super()._print_Symbol(expr, style))
        return name_tex(expr.name)

    def _as_ordered_terms(self, expr: sp.Add, order: str | None = None) -> list[sp.Expr]:
        """The terms as SymPy orders them; of two the positive one first: 1 - x."""
        terms: list[sp.Expr] = super()._as_ordered_terms(expr, order)
        first, *others = terms
        if len(others) == 1 and first.could_extract_minus_sign() and not others[0].could_extract_minus_sign():
            return [others[0], first]
        return terms

    def _print_Mul(self, expr: sp.Mul) -> str:
        roots = {factor: _Root(*found) for factor in joined(expr.args) if (found := parts_of_root(factor))}
        if not roots:
            # Names of several letters would run into each other.
            # A name behind a brace ends a factor, but for that which begins cases.
            return re.sub(r"(?<!\\begin\{cases)\} \\mathrm\{", r"} \\cdot \\mathrm{", str(super()._print_Mul(expr)))
        rest = [factor for factor in joined(expr.args) if factor not in roots]
        return str(self._print(sp.Mul(*rest, *roots.values())))

    def _print__Root(self, expr: _Root, exp: str | None = None) -> str:
        inside, exponent = expr.args
        root = rf"\sqrt[{exponent.q}]{{{self._print(inside)}}}"
        power = "" if exponent.p == 1 else f"^{{{exponent.p}}}"
        text = rf"\left({root}\right){power}" if power else root
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def _print_ITE(self, expr: ITE) -> str:
        decides, yes, no = expr.args
        return self._print(Or(And(decides, yes), And(Not(decides), no)))

    def _print_Derivative(self, expr: sp.Derivative) -> str:
        call = expr.expr
        if isinstance(call, AppliedUndef) and set(expr.variables) <= set(call.args):
            return self._primed(expr, call.args)
        return str(super()._print_Derivative(expr))

    def _print_Subs(self, expr: sp.Subs) -> str:
        inside = expr.expr
        if isinstance(inside, sp.Derivative) and isinstance(inside.expr, AppliedUndef):
            moved = dict(zip(expr.variables, expr.point, strict=True))
            return self._primed(inside, [moved.get(arg, arg) for arg in inside.expr.args])
        return str(super()._print_Subs(expr))

    def _primed(self, derivative: sp.Derivative, args: Sequence[sp.Expr]) -> str:
        """The derivative of a function left open, taken at `args`: f'(x), or by the places of the variables."""
        call = derivative.expr
        name = str(self._hprint_Function(call.func.__name__))
        inside = rf"\left({', '.join(self._print(arg) for arg in args)}\right)"
        if len(call.args) == 1:
            order = len(derivative.variables)
            return name + ("'" * order if order <= 3 else f"^{{({order})}}") + inside
        places = [str(call.args.index(variable) + 1) for variable in derivative.variables]
        return rf"\partial_{{{' '.join(places)}}} {name}{inside}"


_PLAIN = _Tex()
MOST_KEPT = 5000
# A denominator beyond this makes more decimals than anyone types.
LARGEST_BELOW = 10**8
_KEPT: ContextVar[bool] = ContextVar("kept", default=False)


def operator(wrt: Sequence[sp.Symbol], partial: bool, of: str = "") -> str:
    r"""The operator of differentiation, `\frac{\partial^{2} f}{\partial x\,\partial y}` say.

    `wrt` is the order in which one differentiates: the first is applied first and so stands last, next to `f`.
    """
    d = r"\partial" if partial else r"\mathrm{d}"
    power = f"^{{{len(wrt)}}}" if len(wrt) > 1 else ""
    below = []
    for symbol, run in groupby(reversed(wrt)):
        times = len(list(run))
        below.append(f"{d} {tex(symbol)}" + (f"^{{{times}}}" if times > 1 else ""))
    above = f"{d}{power}" + (f" {of}" if of else "")
    return rf"\frac{{{above}}}" + "{" + r"\,".join(below) + "}"


def factor(expr: sp.Expr) -> str:
    """The expression as it stands beside another factor: a sum, a negative number and cases in brackets."""
    text = tex(expr)
    loose = expr.is_Add or expr.is_Piecewise or text.startswith("-")
    return rf"\left({text}\right)" if loose else text


def power(base: sp.Expr, exponent: str) -> str:
    """`base` to a power that is given in LaTeX and stays as it is: what is no single sign stands in brackets."""
    text = tex(base)
    single = base.is_Symbol or (base.is_Integer and base >= 0)
    return f"{text}^{{{exponent}}}" if single else rf"\left({text}\right)^{{{exponent}}}"


def point(at: Mapping[sp.Symbol, sp.Expr]) -> str:
    """`w = 3,\\; x = 2`."""
    return r",\; ".join(f"{tex(symbol)} = {tex(value)}" for symbol, value in at.items())


def alternatives(condition: Boolean) -> list[str]:
    """What may hold, each as LaTeX, from the left of the number line to the right; one where there is no or."""
    ways = sorted(condition.args, key=_place) if isinstance(condition, Or) else [condition]
    return [_chain(way) for way in ways]


def _place(condition: Boolean) -> tuple[float, float]:
    """Where a condition that bounds one symbol by numbers begins and ends."""
    low, high = -inf, inf
    for bound in condition.args if isinstance(condition, And) else (condition,):
        if isinstance(bound, (Ge, Gt, Le, Lt)) and bound.gts.is_Symbol and bound.lts.is_number:
            low = max(low, float(bound.lts))
        elif isinstance(bound, (Ge, Gt, Le, Lt)) and bound.lts.is_Symbol and bound.gts.is_number:
            high = min(high, float(bound.gts))
    return low, high


def _chain(condition: Boolean) -> str:
    r"""Conditions that all hold; two bounds of one symbol as `0 < x \leq 1`."""
    parts = condition.args if isinstance(condition, And) else (condition,)
    if len(parts) == 2 and all(isinstance(part, (Ge, Gt, Le, Lt)) for part in parts):
        below = next((part for part in parts if part.gts.is_Symbol), None)
        above = next((part for part in parts if part.lts.is_Symbol), None)
        if below is not None and above is not None and below.gts == above.lts:
            less = [r"\leq" if isinstance(part, (Ge, Le)) else "<" for part in (below, above)]
            return f"{tex(below.lts)} {less[0]} {tex(below.gts)} {less[1]} {tex(above.gts)}"
    return r"\text{ and }".join(map(tex, parts)) if len(parts) > 1 else tex(condition)


def substituted(expr: sp.Expr, at: Mapping[sp.Symbol, sp.Expr]) -> str:
    """`expr` in LaTeX with the numbers of `at` written where the symbols stood, nothing worked out."""
    numbers = {symbol: _standing(value) for symbol, value in at.items()}
    text = str(_Tex(symbol_names=numbers, mul_symbol="dot").doprint(_as_typed(expr)))
    for standing in filter(_is_bracketed, numbers.values()):
        # What is in brackets already needs none of its own.
        text = text.replace(rf"\left({standing} \right)", standing).replace(rf"\left({standing}\right)", standing)
    return text


def _standing(value: sp.Expr) -> str:
    text = tex(value)
    return text if text.replace(".", "").isdigit() else rf"\left({text}\right)"


def _is_bracketed(text: str) -> bool:
    return text.startswith(r"\left(")


def number(value: sp.Expr, digits: int = 12) -> str:
    """A number in LaTeX: exact when that is short, and its decimals after ≈ where exact is not decimal already."""
    exact = tex(value)
    if _KEPT.get() and not value.is_Rational and any(part.q > 1 for part in value.atoms(sp.Rational)):
        return decimals(float(value), digits)
    if value.is_Integer or isinstance(_as_typed(value), sp.Float):
        return exact if value.is_Integer else decimals(float(value), digits)
    close = decimals(float(value), digits)
    return rf"{exact} \approx {close}" if len(exact) <= 120 else close


def percent(share: float) -> str:
    """A share or probability in percent, in prose and to two digits; one that would round to all of it says so."""
    return "more than 99" if share >= 0.995 else f"{100 * share:.2g}"


def decimals(value: float, digits: int = 12) -> str:
    """A float in LaTeX with so many significant digits, powers of ten written out."""
    text = f"{value:.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else text
