"""What mistakes give: a wrong template for each rule, in place of the right one.

`D` nodes stand for the derivatives of the parts, as in the right template; a `D` with respect to the u of a chain
stands for the outer derivative at u = g. The ids are those of `MALRULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import sympy as sp

from nabla.calculus.numeric import D
from nabla.calculus.roots import parts_of_root
from nabla.calculus.rules import Derivation, differentiate

Wrong = Iterator[tuple[str, sp.Expr]]


def malrules(node: Derivation) -> Wrong:
    """Pairs of an id and a wrong template, for the rule of this node."""
    if node.rule in BY_RULE:
        yield from BY_RULE[node.rule](node)


def _d(node: Derivation) -> D:
    return D(node.expr, node.var)


def _chain(node: Derivation) -> Wrong:
    outer, inner = node.parts
    u, g = node.bindings[0]
    outer_slope, inner_slope = _d(outer), _d(inner)
    yield "M01", outer_slope
    if outer.rule == "logarithm":
        yield "M31", 1 / inner_slope
    elif u in outer.result.free_symbols and not outer.result.has(sp.Derivative, sp.Piecewise):
        yield "M02", outer.result.xreplace({u: inner_slope})
    if u in outer.result.free_symbols:
        yield "M03", outer.result.subs(u, node.var) * inner_slope
    yield "M04", outer_slope * g
    yield "M05", inner_slope
    yield "M06", node.expr * inner_slope
    if outer.rule == "exponential":
        base = _base(outer.expr)
        yield "M26", g * base ** (g - 1)
        yield "M27", inner_slope * base ** (g - 1)
    if outer.rule == "power":
        yield from _chain_of_power(node, outer.expr.exp, g, inner_slope)
    if isinstance(g, sp.Add):
        yield "M43", sp.Add(*(differentiate(outer.expr.xreplace({u: term}), node.var).result for term in g.args))


def _chain_of_power(node: Derivation, exponent: sp.Expr, g: sp.Expr, inner_slope: D) -> Wrong:
    if exponent.is_negative:
        yield "M33", 1 / (-exponent * g ** (-exponent - 1) * inner_slope)
    if exponent.is_Rational and not exponent.is_Integer and exponent.is_positive:
        yield "M34", inner_slope**exponent
    if isinstance(g, sp.Function) and len(g.args) == 1 and exponent.is_Integer and exponent > 1:
        yield "M44", differentiate(g.func(g.args[0] ** exponent), node.var).result


def _product(node: Derivation) -> Wrong:
    slopes = [_d(part) for part in node.parts]
    factors = [part.expr for part in node.parts]
    terms = list(node.template.args)
    yield "M09", sp.Mul(*slopes)
    yield "M10", sp.Add(*(factor * slope for factor, slope in zip(factors, slopes, strict=True)))
    for missing in range(len(terms)):
        yield "M11", sp.Add(*(term for place, term in enumerate(terms) if place != missing))
    if len(terms) == 2:
        yield "M12", terms[0] - terms[1]
        yield "M12", terms[1] - terms[0]
    yield "M13", sp.Add(*slopes)


def _quotient(node: Derivation) -> Wrong:
    top, bottom = (part.expr for part in node.parts)
    f, g = (_d(part) for part in node.parts)
    right = f * bottom - top * g
    yield "M16", f / g
    yield "M17", (f * bottom + top * g) / bottom**2
    yield "M18", -right / bottom**2
    yield "M19", right / bottom
    yield "M20", right / top**2
    yield "M21", right


def _constant_factor(node: Derivation) -> Wrong:
    (part,) = node.parts
    constant, slope = node.template.args[0], _d(part)
    is_base = constant.has(sp.log) and any(below.rule == "logarithm" for below in part.walk())
    yield ("M30" if is_base else "M15"), slope
    if constant.is_Rational and abs(constant) != 1:
        yield "M14", constant * slope + part.expr
    for name, change in _as_if_variable(constant):
        yield name, constant * slope + change * part.expr
    if constant.is_Rational and part.rule == "power":
        exponent = part.expr.exp
        yield "M36", (constant + exponent) * part.expr.base ** (exponent - 1)


def _sum(node: Derivation) -> Wrong:
    if not isinstance(node.template, sp.Add):
        return
    slopes = {_d(part): part.result for part in node.parts}
    moving = [term for term in node.template.args if term.xreplace(slopes) != 0]
    for missing in moving if len(moving) > 1 else []:
        yield "M11", sp.Add(*(term for term in node.template.args if term != missing))


def _constant(node: Derivation) -> Wrong:
    if node.expr == 0:
        return
    yield "M54", node.expr
    if node.expr.is_Rational:
        yield "M14", sp.S.One
    yield from _as_if_variable(node.expr)


def _as_if_variable(constant: sp.Expr) -> Wrong:
    """The derivative of a constant with respect to what it is made of: a symbol, pi, e, or the 3 of ln 3."""
    for symbol in sorted(constant.free_symbols, key=lambda symbol: symbol.name):
        yield "M52", differentiate(constant, symbol).result
    if not constant.free_symbols:
        logs = {log: sp.Symbol("c", positive=True) for log in constant.atoms(sp.log) if log.args[0].is_Rational}
        for log, c in logs.items():
            yield "M35", differentiate(constant.xreplace({log: sp.log(c)}), c).result.xreplace({c: log.args[0]})
        for number in sorted(constant.atoms(sp.NumberSymbol), key=str):
            c = sp.Symbol("c", positive=True)
            yield "M35", differentiate(constant.xreplace({number: c}), c).result.xreplace({c: number})
        if isinstance(constant, sp.exp):
            yield "M35", constant.args[0] * sp.exp(constant.args[0] - 1)


def _power(node: Derivation) -> Wrong:
    base, exponent = node.expr.base, node.expr.exp
    yield "M23", base ** (exponent - 1)
    yield "M24", exponent * base**exponent
    if not (exponent.is_Integer and exponent.is_positive):
        yield "M25", exponent * base ** (exponent + 1)
    if exponent.is_negative:
        yield "M33", 1 / (-exponent * base ** (-exponent - 1))


def _real_root(node: Derivation) -> Wrong:
    base, exponent = parts_of_root(node.expr) or (node.var, sp.S.One)
    yield "M23", sp.Abs(base) ** (exponent - 1)
    yield "M24", exponent * node.expr
    yield "M25", exponent * sp.Abs(base) ** (exponent + 1)


def _base(expr: sp.Expr) -> sp.Expr:
    return sp.E if isinstance(expr, sp.exp) else expr.base


def _exponential(node: Derivation) -> Wrong:
    base, u = _base(node.expr), node.var
    yield "M26", u * base ** (u - 1)
    yield "M27", base ** (u - 1) * sp.log(base)
    if base != sp.E:
        yield "M28", node.expr
        yield "M29", node.expr / sp.log(base)


def _general_power(node: Derivation) -> Wrong:
    base, exponent = node.expr.base, node.expr.exp
    yield "M32", exponent * base ** (exponent - 1) * differentiate(base, node.var).result
    yield "M32", node.expr * sp.log(base) * differentiate(exponent, node.var).result
    yield "M57", differentiate(exponent * sp.log(base), node.var).result


def _implicit(node: Derivation) -> Wrong:
    along, across = map(_d, node.parts)
    yield "M49", along + across
    yield "M49", -along
    yield "M50", -across / along


def _parametric(node: Derivation) -> Wrong:
    up, across = map(_d, node.parts)
    yield "M50", across / up
    yield "M51", up
    yield "M51", across


def _several(node: Derivation) -> Wrong:
    slopes = [_d(part) for part in node.parts[::2]]
    speeds = [_d(part) for part in node.parts[1::2]]
    terms = [slope * speed for slope, speed in zip(slopes, speeds, strict=True)]
    yield "M01", sp.Add(*slopes)
    for missing in range(len(terms)):
        yield "M11", sp.Add(*(term for place, term in enumerate(terms) if place != missing))


# What is written instead of the line of the table, by function.
LINES: dict[type[sp.Expr], tuple[str, Callable[[sp.Expr], Iterable[sp.Expr]]]] = {
    sp.sin: ("M38", lambda u: [-sp.cos(u)]),
    sp.cos: ("M37", lambda u: [sp.sin(u)]),
    sp.tan: ("M40", lambda u: [sp.sec(u) * sp.tan(u), sp.sec(u), -(sp.sec(u) ** 2), sp.cot(u)]),
    sp.cot: ("M40", lambda u: [sp.csc(u) ** 2, -sp.csc(u) * sp.cot(u), sp.tan(u)]),
    sp.sec: ("M40", lambda u: [sp.sec(u) ** 2, sp.tan(u), -sp.sec(u) * sp.tan(u), sp.csc(u)]),
    sp.csc: ("M40", lambda u: [-(sp.csc(u) ** 2), sp.csc(u) * sp.cot(u), sp.sec(u)]),
    sp.sinh: ("M38", lambda u: [-sp.cosh(u)]),
    sp.cosh: ("M37", lambda u: [-sp.sinh(u)]),
    sp.tanh: ("M40", lambda u: [-(sp.sech(u) ** 2), sp.sech(u) * sp.tanh(u)]),
    sp.sech: ("M40", lambda u: [sp.sech(u) * sp.tanh(u), sp.sech(u) ** 2]),
    sp.asin: ("M42", lambda u: [-1 / sp.sqrt(1 - u**2), -sp.cos(u) / sp.sin(u) ** 2, 1 / sp.sqrt(1 + u**2)]),
    sp.acos: ("M42", lambda u: [1 / sp.sqrt(1 - u**2), sp.sin(u) / sp.cos(u) ** 2, -1 / sp.sqrt(1 + u**2)]),
    sp.atan: ("M42", lambda u: [1 / (1 - u**2), 1 / sp.sqrt(1 + u**2), -1 / sp.sin(u) ** 2, -1 / (1 + u**2)]),
    sp.asinh: ("M42", lambda u: [1 / sp.sqrt(u**2 - 1), 1 / sp.sqrt(1 - u**2)]),
    sp.atanh: ("M42", lambda u: [1 / (1 + u**2)]),
}


def _table(node: Derivation) -> Wrong:
    if type(node.expr) in LINES:
        name, lines = LINES[type(node.expr)]
        yield from ((name, line) for line in lines(node.expr.args[0]))


BY_RULE: Mapping[str, Callable[[Derivation], Wrong]] = {
    "chain": _chain,
    "several": _several,
    "implicit": _implicit,
    "parametric": _parametric,
    "product": _product,
    "quotient": _quotient,
    "constant-factor": _constant_factor,
    "constant": _constant,
    "sum": _sum,
    "power": _power,
    "real-root": _real_root,
    "exponential": _exponential,
    "general-power": _general_power,
    "trigonometric": _table,
    "hyperbolic": _table,
    "inverse-trigonometric": _table,
    "inverse-hyperbolic": _table,
}


def antiderivative(node: Derivation) -> sp.Expr | None:
    """What someone gets who integrates: sums, constant factors, the table, and linear inner functions."""
    if node.rule in {"sum", "constant-factor"}:
        found = {_d(part): antiderivative(part) for part in node.parts}
        return None if None in found.values() else node.template.xreplace(found)
    if node.rule == "constant":
        return node.expr * node.var
    if node.rule == "chain":
        outer, inner = node.parts
        whole = antiderivative(outer)
        if whole is None or inner.result.free_symbols & {node.var} or inner.result == 0:
            return None
        return whole.xreplace(dict(node.bindings)) / inner.result
    return _integrated(node.expr, node.var)


def _integrated(expr: sp.Expr, x: sp.Symbol) -> sp.Expr | None:
    if expr == x:
        return x**2 / 2
    if isinstance(expr, sp.Pow) and expr.base == x:
        return sp.log(x) if expr.exp == -1 else x ** (expr.exp + 1) / (expr.exp + 1)
    if isinstance(expr, sp.Pow) and expr.exp == x:
        return expr / sp.log(expr.base)
    known = {sp.sin: -sp.cos(x), sp.cos: sp.sin(x), sp.exp: sp.exp(x), sp.log: x * sp.log(x) - x}
    known |= {sp.sinh: sp.cosh(x), sp.cosh: sp.sinh(x), sp.tan: -sp.log(sp.cos(x))}
    return known.get(type(expr))
