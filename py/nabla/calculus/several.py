"""Derivatives of curves, of functions along curves, and of what an equation defines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import sympy as sp

from nabla.calculus.budget import CALLS, within
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.numeric import D, Root
from nabla.calculus.rules import Derivation, differentiate, make_node, put_in
from nabla.calculus.simplify import MOST_OPERATIONS, simplified, weight


def implicit(equation: sp.Expr, x: sp.Symbol, y: sp.Symbol) -> Derivation:
    """dy/dx where `equation` = 0, in x and y; the parts are the partial derivatives of the left side.

    Raises:
        ValueError: y does not occur in the equation.
    """
    along, across = differentiate(equation, x), differentiate(equation, y)
    if across.result == 0:
        raise ValueError(f"{y} does not occur in the equation")
    template = sp.Mul(-1, D(equation, x), 1 / D(equation, y), evaluate=False)
    root = Root(equation, y)
    return make_node("implicit", root, x, template, (along, across), ((y, root),), (sp.Ne(across.result, 0),))


def implicit_second(first: Derivation) -> tuple[Derivation, sp.Expr]:
    """The second derivative of what an equation defines: the tree of d/dx of dy/dx, with y(x), and its result.

    In the result y' is put in, and the equation is used where that makes it shorter: -25/y^3 for x^2 + y^2 = 25.
    """
    ((y, root),) = first.bindings
    slope = simplified(first.result)
    function = sp.Function(y.name)(first.var)
    tree = differentiate(slope.subs(y, function), first.var)
    primed = tree.result.subs(sp.Derivative(function, first.var), slope).subs(function, y)
    short = simplified(primed)
    return tree, within(CALLS, partial(_by_equation, short, root.args[0]), short)


def _by_equation(expr: sp.Expr, equation: sp.Expr) -> sp.Expr:
    """`expr` with the equation used for what stands above the line, if that is shorter."""
    top, bottom = sp.fraction(sp.together(expr))
    symbols = sorted(equation.free_symbols, key=lambda symbol: symbol.name)
    if sp.count_ops(expr) > MOST_OPERATIONS or not (top.is_polynomial(*symbols) and equation.is_polynomial(*symbols)):
        return expr
    shorter = [simplified(sp.reduced(top, [equation], symbol)[1] / bottom) for symbol in symbols]
    return min([expr, *shorter], key=weight)


def parametric(x: sp.Expr, y: sp.Expr, t: sp.Symbol, names: tuple[sp.Symbol, sp.Symbol]) -> Derivation:
    """dy/dx on the curve (x(t), y(t)), in t. `names` are the symbols that stand for x and y."""
    across, up = differentiate(x, t), differentiate(y, t)
    template = sp.Mul(D(y, t), 1 / D(x, t), evaluate=False)
    bindings = ((names[0], x), (names[1], y))
    return make_node("parametric", y, t, template, (up, across), bindings, (sp.Ne(across.result, 0),))


def parametric_second(first: Derivation) -> Derivation:
    """The second derivative on a curve: that of dy/dx with respect to t, again over x'(t)."""
    (x_name, x), (y_name, _) = first.bindings
    slope = sp.Symbol(f"{y_name.name}'", real=True)
    return parametric(x, simplified(first.result), first.var, (x_name, slope))


def along(f: sp.Expr, path: Mapping[sp.Symbol, sp.Expr], t: sp.Symbol) -> Derivation:
    """The total derivative of `f` along a path: each partial derivative, on the path, times the speed there.

    Where `f` depends on t itself too, that partial derivative is one more term.
    """
    path = dict(path) | ({t: t} if t in f.free_symbols else {})
    parts: list[Derivation] = []
    terms = []
    for symbol, place in path.items():
        slope, speed = differentiate(f, symbol), differentiate(place, t)
        parts += [slope, speed]
        terms.append(sp.Mul(put_in(slope.result, path), D(place, t), evaluate=False))
    whole = f.subs(path, simultaneous=True)
    template = sp.Add(*terms, evaluate=False)
    return make_node("several", whole, t, template, tuple(parts), tuple(path.items()))


@dataclass(frozen=True)
class Directional:
    """The derivative in a direction: the partial derivatives, the direction of length 1, and their product."""

    partials: tuple[Derivation, ...]
    unit: tuple[sp.Expr, ...]
    result: sp.Expr


def directional(f: sp.Expr, symbols: Sequence[sp.Symbol], direction: Sequence[sp.Expr]) -> Directional:
    """The derivative of `f` in a direction of any length but 0, which is brought to length 1.

    Raises:
        ValueError: the direction is 0.
    """
    length = sp.sqrt(sp.Add(*(component**2 for component in direction)))
    if length == 0:
        raise ValueError("the direction is 0")
    unit = tuple(component / length for component in direction)
    partials = tuple(differentiate(f, symbol) for symbol in symbols)
    terms = (simplified(part.result) * component for part, component in zip(partials, unit, strict=True))
    return Directional(partials, unit, simplified(sp.Add(*terms)))


def check_directional(f: sp.Expr, symbols: Sequence[sp.Symbol], found: Directional) -> EqualityVerdict:
    """Test it against the difference quotient of f along the straight line in that direction."""
    s = sp.Dummy("s", real=True)
    line = {symbol: symbol + s * component for symbol, component in zip(symbols, found.unit, strict=True)}
    return equal(found.result.subs(line, simultaneous=True), D(f.subs(line, simultaneous=True), s))
