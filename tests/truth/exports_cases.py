"""What `exports.py` runs in real engines: one derivative for each thing that languages spell in their own ways."""

from __future__ import annotations

from functools import cache

import sympy as sp

from nabla.answer.document import Source
from nabla.calculus.contexts import precise
from nabla.calculus.numeric import Evaluator
from nabla.calculus.points import sample_points
from nabla.calculus.rules import differentiate
from nabla.labs.derive.programs import derivative_code
from nabla.labs.derive.programs.wanted import Wanted
from tests.py.derivative_table import expression

TEXTS = """
    x**100; x**Rational(-3, 4); x**pi; 1/x**3; x**a; 2**(-x); Rational(1, 2)**x; (a*x + b)**n; x**(x**x); (x**x)**x
    sqrt(sqrt(x) + 1); 1/sqrt(1 - x**2); E**2*x; log(x)/log(2); x/3 - 2/x**5; -x**2; exp(-x**2)*cos(2*x)
    x**10 + x**9 - x**8/7; 1/(1 + exp(-k*(x - a))); sqrt(x**2 + y**2) @ y; log(x/y) @ y; cos(w*t + p) @ t
    sin(x); cos(x); tan(x); cot(x); sec(x); csc(x); sinc(x); asin(x/2); acos(x/2); atan(x); acot(x); asec(x + 1)
    atan2(y, x); sinh(x); cosh(x); tanh(x); coth(x); sech(x); csch(x); asinh(x); acosh(x + 1)
    atanh(x/2); acoth(x + 1); asech(x/2); Abs(x - 2); x*Abs(x); x*sign(x); x*Heaviside(x - 1); x*floor(x)
    x*ceiling(2*x); x*frac(x); x*Mod(x, 2); Max(x, x**2); Min(Max(x, -1), 1)*x; Max(x, 1 - x, 0)**2
    Piecewise((x**2, x > 0), (-x, True)); Piecewise((0, x < 0), (x, x < 1), (x**2, True))
    Piecewise((x**3, (x > -1) & (x < 1)), (x, True)); Piecewise((sin(x)/x, Ne(x, 0)), (1, True))
    erf(x); erfc(x); erfi(x); x*gamma(x); loggamma(x); digamma(x); polygamma(1, x); factorial(x); beta(x, 2)
    LambertW(x); besselj(1, x); besselj(n, x); bessely(0, x); besseli(1, x); besselk(1, sqrt(x)); Si(x); Ci(x); Ei(x)
    li(x + 1); fresnels(x); fresnelc(x/2); x*airyai(x); x*airybi(x); airyai(x)**2; uppergamma(2, x); lowergamma(a, x)
    elliptic_k(x); x*expint(1, x); GoldenRatio*x**2; 10**20*x**2; EulerGamma*x**2
"""
CASES = {entry.strip(): entry.strip() for line in TEXTS.splitlines() for entry in line.split(";") if entry.strip()}
SHAPES = ("gradient", "jacobian", "jacobian of three", "hessian", "second", "mixed", "gradient of one", "formula")
_a, _x, _y = sp.symbols("a x y", real=True)


@cache
def wanted(name: str) -> Wanted:
    """What the case asks for."""
    a, x, y = _a, _x, _y
    f = x**2 * y + sp.exp(a * x) / 3 - y**3 / 5
    pair = (f, sp.sin(x * y) - 2)
    at = {a: sp.Rational(1, 2), x: sp.pi / 5, y: sp.Integer(-3)}
    match name:
        case "gradient":
            return Wanted("gradient", (f,), [sp.diff(f, s) for s in (x, y)], (x, y), at)
        case "jacobian":
            return Wanted("jacobian", pair, [[sp.diff(g, s) for s in (x, y)] for g in pair], (x, y), at)
        case "jacobian of three":
            three = (*pair, sp.Integer(4))
            return Wanted("jacobian", three, [[sp.diff(g, s) for s in (x, y)] for g in three], (x, y), at)
        case "hessian":
            return Wanted("hessian", (f,), [[sp.diff(f, r, s) for s in (x, y)] for r in (x, y)], (x, y), at)
        case "second":
            return Wanted("derivative", (f,), sp.diff(f, x, x), (x, x), at)
        case "mixed":
            return Wanted("derivative", (f,), sp.diff(f, x, y), (x, y), at)
        case "gradient of one":
            return Wanted("gradient", (x**3,), [3 * x**2], (x,), {x: sp.Integer(2)})
        case "formula":
            return Wanted("formula", (x**2 + y**2 - 25,), -x / y, (x,), {x: sp.Integer(3), y: sp.Integer(4)})
    text, _, variable = CASES[name].partition("@")
    g, var = expression(text.strip()), expression(variable.strip() or "x")
    return derivative(g, var)


def derivative(f: sp.Expr, var: sp.Symbol) -> Wanted:
    """The derivative as the rules give it, at a point with nothing special about it: at 1, 1/x and x are the same."""
    result = differentiate(f, var).result
    symbols = sorted(f.free_symbols | {var}, key=str)
    points = [] if result.has(sp.Derivative, sp.Subs) else sample_points([f, result], symbols, count=1)
    return Wanted("derivative", (f,), result, (var,), points[0] if points else {})


@cache
def shape(name: str) -> list[Source]:
    """The programs of a case."""
    asked = wanted(name)
    return derivative_code(asked.functions, asked.result, asked.wrt, asked.at, asked.what)


@cache
def truth(name: str) -> list[float]:
    """The numbers that the programs should print, from 40 digits."""
    asked = wanted(name)
    context = precise(40)
    at = {symbol: Evaluator(context, {})(value) for symbol, value in asked.point.items()}
    return [float(Evaluator(context, at)(entry)) for row in asked.rows for entry in row]
