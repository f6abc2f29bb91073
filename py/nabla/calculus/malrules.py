"""Mistakes as rules: what people write instead of a rule of differentiation, as data on the nodes of the rule tree.

Ids M01 to M55 are those of the project's survey of calculus courses, question banks and research on errors (STACK's
Calculus Refresher, Numbas, Siyepu 2013/2015 and others); `often` is the number of questions that test for a mistake.
A mal-rule gives a wrong template for a node, in which `D` nodes stand for the derivatives of the parts, as in the
right one; a `D` with respect to the u of a chain stands for the outer derivative at u = g.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sympy as sp

from nabla.calculus.numeric import D
from nabla.calculus.rules import Derivation, differentiate


@dataclass(frozen=True)
class Malrule:
    """A mistake: its name, what was done, with {pieces} of the node to be filled in, and how often it is tested for."""

    name: str
    says: str
    often: int = 3


MALRULES: dict[str, Malrule] = {
    "M01": Malrule(
        "inner derivative left out",
        "The outer derivative {outer_slope} was taken and the inner one, {inner_slope}, left out.",
        19,
    ),
    "M02": Malrule(
        "inner derivative put inside",
        "The inner derivative {inner_slope} was put where the inner function {inner} belongs.",
        4,
    ),
    "M03": Malrule(
        "outer derivative taken at the variable",
        "The outer derivative was taken at {var}, not at the inner function {inner}.",
        10,
    ),
    "M04": Malrule(
        "inner function not differentiated",
        "The outer derivative was multiplied by the inner function {inner} and not by its derivative {inner_slope}.",
        5,
    ),
    "M05": Malrule(
        "only the inner derivative",
        "Only the inner function {inner} was differentiated; the outer derivative {outer_slope} is missing.",
        6,
    ),
    "M06": Malrule(
        "outer function not differentiated",
        "The outer function was left as it is, {expr}, and only multiplied by the inner derivative {inner_slope}.",
        5,
    ),
    "M07": Malrule(
        "a layer of the chain lost",
        "One layer of the chain is missing: the derivative of {inner}, which is {inner_slope}.",
        12,
    ),
    "M08": Malrule(
        "inner derivative left out the second time",
        "In the last differentiation the inner derivative {inner_slope} was left out.",
        6,
    ),
    "M09": Malrule("product of the derivatives", "The derivatives of the factors were multiplied.", 12),
    "M10": Malrule("factors paired wrongly", "Each factor was multiplied by its own derivative.", 12),
    "M11": Malrule(
        "a term of the product rule missing", "Not every factor got its turn: a term of the product rule is missing.", 6
    ),
    "M12": Malrule("minus in the product rule", "The terms of the product rule were subtracted; they are added.", 6),
    "M13": Malrule(
        "product treated as a sum", "The derivatives of the factors were added, as if the product were a sum.", 5
    ),
    "M14": Malrule(
        "constant given the derivative 1", "The constant {constant} was given the derivative 1; it is 0.", 4
    ),
    "M15": Malrule("constant factor left out", "The constant factor {constant} was left out.", 8),
    "M16": Malrule("quotient of the derivatives", "Top and bottom were differentiated each for itself.", 14),
    "M17": Malrule("plus in the quotient rule", "The terms above the line were added; the second is subtracted.", 12),
    "M18": Malrule(
        "order reversed in the quotient rule", "The terms above the line were subtracted in the wrong order.", 13
    ),
    "M19": Malrule("bottom not squared", "The bottom {bottom} was not squared.", 14),
    "M20": Malrule(
        "divided by the square of the top",
        "It was divided by the square of the top {top}, not of the bottom {bottom}.",
        14,
    ),
    "M21": Malrule("bottom forgotten", "The division by the square of the bottom {bottom} is missing.", 6),
    "M23": Malrule("exponent not brought down", "The exponent {exponent} was not brought down as a factor.", 6),
    "M24": Malrule("exponent not reduced", "The exponent {exponent} was brought down and not reduced by one.", 6),
    "M25": Malrule("exponent moved the wrong way", "The exponent {exponent} was raised by one; it is reduced.", 5),
    "M26": Malrule(
        "power rule on an exponential",
        "The power rule was used on an exponential: in {expr} the variable stands in the exponent.",
        8,
    ),
    "M27": Malrule("exponent reduced", "The exponent of {expr} was reduced by one; that of an exponential stays.", 5),
    "M28": Malrule("logarithm of the base missing", "The factor ln of the base {base} is missing.", 6),
    "M29": Malrule(
        "divided by the logarithm of the base",
        "It was divided by ln of the base {base}, as when integrating; it is multiplied.",
        4,
    ),
    "M30": Malrule(
        "base of the logarithm forgotten",
        "The factor {constant}, which the base of the logarithm brings, is missing.",
        6,
    ),
    "M31": Malrule(
        "logarithm as one over the derivative",
        "The derivative of a logarithm is {inner_slope} over {inner}, not one over {inner_slope}.",
        5,
    ),
    "M32": Malrule(
        "power or exponential rule on f^g",
        "Base {base} and exponent {exponent} both depend on {var}; only one of them was treated so.",
        8,
    ),
    "M33": Malrule(
        "one over the derivative", "The derivative of one over something is not one over its derivative.", 5
    ),
    "M34": Malrule("root of the derivative", "The root of the derivative was taken.", 4),
    "M35": Malrule(
        "constant treated as a variable", "The constant {constant} was differentiated as if it were a variable.", 4
    ),
    "M36": Malrule("coefficient and exponent added", "Coefficient and exponent were added; they are multiplied.", 3),
    "M37": Malrule("sign of the derivative of the cosine", "The derivative of {expr} has the wrong sign.", 12),
    "M38": Malrule("sign of the derivative of the sine", "The derivative of {expr} has the wrong sign.", 12),
    "M39": Malrule("sign of the whole", "The whole has the wrong sign.", 10),
    "M40": Malrule(
        "another line of the table", "The derivative of {expr} is {slope}; another line of the table was used.", 6
    ),
    "M41": Malrule("integrated", "The function was integrated, not differentiated.", 6),
    "M42": Malrule(
        "another line of the table of inverse functions",
        "The derivative of {expr} is {slope}; another function's was used.",
        5,
    ),
    "M43": Malrule(
        "taken apart at the plus",
        "The outer function was applied to each term by itself, which holds only for linear functions.",
        5,
    ),
    "M44": Malrule("power moved to the argument", "{expr} was read with the power on the argument.", 4),
    "M46": Malrule("stopped early", "This is the derivative before the last one.", 8),
    "M47": Malrule(
        "first derivative squared", "The first derivative was squared; it is to be differentiated again.", 5
    ),
    "M48": Malrule(
        "product rule missed the second time",
        "In the second differentiation only the inner derivative was differentiated.",
        5,
    ),
    "M52": Malrule("other variable not held fixed", "{constant} was differentiated too; it is held fixed.", 4),
    "M53": Malrule("wrong variable", "This is the derivative with respect to another variable.", 6),
    "M54": Malrule("constant kept", "{constant} does not depend on {var}: its derivative is 0, but it was kept.", 5),
    "M55": Malrule(
        "mixed derivative in the wrong variables", "This is a second derivative with respect to other variables.", 4
    ),
    "A18": Malrule("value of the function", "This is the function itself, not its derivative.", 8),
}

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
    "product": _product,
    "quotient": _quotient,
    "constant-factor": _constant_factor,
    "constant": _constant,
    "power": _power,
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
