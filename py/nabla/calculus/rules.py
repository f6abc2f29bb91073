"""Differentiation by rules: an expression becomes a tree of rules whose evaluation is the derivative.

Every node states one rule as an equality D(expr) = template, where the template still holds the derivatives of the
parts as `D` nodes. The result of a node is its template with the results of its parts put in, so the tree and the
answer cannot disagree. The idea of rules as data, printed by a visitor, is that of SymPy's `manualintegrate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from nabla.calculus.conditions import disjoint, place_of, plain, wins
from nabla.calculus.numeric import D
from nabla.calculus.quotients import slope_at
from nabla.calculus.roots import joined, parts_of_root, real_root
from nabla.calculus.simplify import simplified as simplified
from nabla.calculus.table import lookup

MOST_FACTORS = 40


class TooLong(ValueError):
    """What is to be differentiated is too long to be shown; the message names it."""


@dataclass(frozen=True, eq=False, repr=False)
class Derivation:
    """One node of the rule tree: the equality D(expr) = template, by `rule`, resting on `parts`.

    `result` is the template with the parts' results in place. A chain names its inner function: `bindings` holds
    (u, g), its first part differentiates the outer function with respect to u, its second the inner one. `conditions`
    say where the step holds.
    """

    rule: str
    expr: sp.Expr
    var: sp.Symbol
    template: sp.Expr
    result: sp.Expr
    parts: tuple[Derivation, ...] = ()
    bindings: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()
    conditions: tuple[Boolean, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.rule}: {self.left} = {self.template}>"

    @property
    def left(self) -> sp.Expr:
        """The left side of the equality: the derivative of `expr`, or a quotient of two for a parametric curve."""
        return self.template if self.rule == "parametric" else D(self.expr, self.var)

    @property
    def symbols(self) -> set[sp.Symbol]:
        """The symbols that need values for the equality to have them; those that name a part are given by it."""
        named = {name for name, _ in self.bindings}
        return {s for s in self.expr.free_symbols | self.template.free_symbols if s not in named} | {self.var}

    @property
    def open(self) -> sp.Expr:
        """The template with the derivatives of outer functions, at u = g, left open as well."""
        if self.rule not in {"chain", "several"}:
            return self.template
        pairs = zip(self.parts[::2], self.parts[1::2], strict=True)
        return sp.Add(*(_d(outer) * _d(inner) for outer, inner in pairs))

    @property
    def outer(self) -> sp.Expr | None:
        """The outer function of a chain, in its u."""
        return self.parts[0].expr if self.rule == "chain" else None

    @property
    def inner(self) -> sp.Expr | None:
        """The inner function of a chain."""
        return self.bindings[0][1] if self.rule == "chain" else None

    def walk(self) -> Iterator[Derivation]:
        """This node and all below it, each once, parents first."""
        seen: set[Derivation] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                yield node
                waiting.extend(reversed(node.parts))

    @property
    def caveats(self) -> tuple[Boolean, ...]:
        """All conditions of the tree in terms of its own variable, said plainly."""
        return plain(c for node in self.walk() if node.var == self.var for c in node.conditions)


def differentiate(expr: sp.Expr, var: sp.Symbol) -> Derivation:
    """The rule tree of the derivative of `expr` with respect to `var`; symbols are taken to be real."""
    return _Tree(expr, var).derive(expr, var)


class _Tree:
    """The growing tree: equal subexpressions are derived once, and every inner function gets a name of its own."""

    def __init__(self, expr: sp.Expr, var: sp.Symbol) -> None:
        self._known: dict[tuple[sp.Expr, sp.Symbol], Derivation] = {}
        self._names = _fresh_names({symbol.name for symbol in expr.atoms(sp.Symbol) | {var}})

    def derive(self, expr: sp.Expr, var: sp.Symbol) -> Derivation:
        key = (expr, var)
        if key not in self._known:
            self._known[key] = self._choose(expr, var)
        return self._known[key]

    def name(self) -> sp.Symbol:
        return sp.Symbol(next(self._names), real=True)

    def _choose(self, expr: sp.Expr, var: sp.Symbol) -> Derivation:
        if var not in expr.free_symbols:
            return make_node("constant", expr, var, sp.S.Zero)
        if expr == var:
            return make_node("variable", expr, var, sp.S.One)
        for kind, rule in CHOICE:
            if isinstance(expr, kind):
                return rule(self, expr, var)
        return _fallback(expr, var)


def _fresh_names(taken: set[str]) -> Iterator[str]:
    """u, v, ... and then u_1, u_2, ..., without those that the expression uses."""
    yield from (letter for letter in "uvwstpqz" if letter not in taken)
    number = 1
    while True:
        if f"u_{number}" not in taken:
            yield f"u_{number}"
        number += 1


def make_node(
    rule: str,
    expr: sp.Expr,
    var: sp.Symbol,
    template: sp.Expr,
    parts: tuple[Derivation, ...] = (),
    bindings: tuple[tuple[sp.Symbol, sp.Expr], ...] = (),
    conditions: tuple[Boolean, ...] = (),
) -> Derivation:
    """A node whose result is its template with the results of its parts in place."""
    result = template.xreplace({_d(part): part.result for part in parts})
    real = tuple(c for c in conditions if c is not sp.true)
    return Derivation(rule, expr, var, template, result, parts, bindings, real)


def _d(part: Derivation) -> D:
    return D(part.expr, part.var)


def _add(*terms: sp.Expr) -> sp.Expr:
    """A sum in the order given, nothing worked out."""
    return sp.Add(*terms, evaluate=False) if len(terms) > 1 else terms[0]


def _mul(*factors: sp.Expr) -> sp.Expr:
    """A product in the order given, nothing worked out but factors 1 left away."""
    rest = [factor for factor in factors if factor != 1]
    return sp.Mul(*rest, evaluate=False) if len(rest) > 1 else rest[0] if rest else sp.S.One


def _sum(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    terms = expr.as_ordered_terms()
    moving = [term for term in terms if var in term.free_symbols]
    still = sp.Add(*(term for term in terms if var not in term.free_symbols))
    parts, signed = [], []
    for term in [*moving, still] if still != 0 else moving:
        negative = not isinstance(term, sp.Add) and term.could_extract_minus_sign()
        part = tree.derive(-term if negative else term, var)
        parts.append(part)
        signed.append(_mul(sp.S.NegativeOne, _d(part)) if negative else _d(part))
    return make_node("sum", expr, var, _add(*signed), tuple(parts))


def _product(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    """A constant factor first, then a quotient if something stands below and above, else the product rule."""
    factors = expr.as_ordered_factors()
    constant = sp.Mul(*(factor for factor in factors if var not in factor.free_symbols))
    moving = [factor for factor in factors if var in factor.free_symbols]
    if constant != 1:
        part = tree.derive(sp.Mul(*moving), var)
        return make_node("constant-factor", expr, var, _mul(constant, _d(part)), (part,))
    moving = joined(moving)
    if len(moving) == 1:
        return _root(tree, moving[0], var)
    below = [factor for factor in moving if _stands_below(factor, var)]
    above = [factor for factor in moving if factor not in below]
    bottom = sp.Mul(*(1 / factor for factor in below))
    if below and above:
        return _quotient(tree, expr, var, sp.Mul(*above), bottom)
    if below:
        return _chain(tree, expr, var, lambda u: 1 / u, bottom)
    if len(moving) > MOST_FACTORS:
        raise TooLong(f"a product of {len(moving)} factors")
    parts = tuple(tree.derive(factor, var) for factor in moving)
    terms = [
        _mul(*(factor for place, factor in enumerate(moving) if place != chosen), _d(part))
        for chosen, part in enumerate(parts)
    ]
    return make_node("product", expr, var, _add(*terms), parts)


def _stands_below(factor: sp.Expr, var: sp.Symbol) -> bool:
    """1/x and 1/sqrt(x) stand below the line; exp(-x) and 2^(-x) are factors like any other."""
    return (
        isinstance(factor, sp.Pow)
        and var in factor.base.free_symbols
        and var not in factor.exp.free_symbols
        and bool(factor.exp.could_extract_minus_sign())
    )


def _quotient(tree: _Tree, expr: sp.Expr, var: sp.Symbol, top: sp.Expr, bottom: sp.Expr) -> Derivation:
    f, g = tree.derive(top, var), tree.derive(bottom, var)
    numerator = _add(_mul(bottom, _d(f)), _mul(sp.S.NegativeOne, top, _d(g)))
    template = sp.Mul(numerator, bottom**-2, evaluate=False)
    return make_node("quotient", expr, var, template, (f, g), conditions=(sp.Ne(bottom, 0),))


def _power(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    base, exponent = expr.base, expr.exp
    if var not in exponent.free_symbols:
        if base != var:
            return _chain(tree, expr, var, lambda u: u**exponent, base)
        result = exponent * base ** (exponent - 1)
        return make_node("power", expr, var, result, conditions=_power_conditions(base, exponent))
    if var not in base.free_symbols:
        if exponent != var:
            return _chain(tree, expr, var, lambda u: base**u, exponent)
        return make_node("exponential", expr, var, expr * sp.log(base), conditions=(base > 0,))
    part = tree.derive(exponent * sp.log(base), var)
    return make_node("general-power", expr, var, _mul(expr, _d(part)), (part,), conditions=(base > 0,))


def _power_conditions(base: sp.Expr, exponent: sp.Expr) -> tuple[Boolean, ...]:
    """Where u^n has the derivative n u^(n-1): whole n need u != 0 below 0, others need u > 0, or u >= 0 above 1."""
    if exponent.is_integer:
        return () if exponent.is_nonnegative else (sp.Ne(base, 0),)
    return (base >= 0,) if (exponent - 1).is_positive else (base > 0,)


def _root(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    """The odd root of anything, sign(u) |u|^(1/n), whose derivative is that of the power of |u|."""
    base, exponent = parts_of_root(expr) or (expr, sp.S.One)
    if base != var:
        return _chain(tree, expr, var, lambda u: real_root(u, exponent), base)
    conditions = (sp.Ne(base, 0),) if exponent < 1 else ()
    return make_node("real-root", expr, var, exponent * sp.Abs(base) ** (exponent - 1), conditions=conditions)


def _chain(
    tree: _Tree, expr: sp.Expr, var: sp.Symbol, make_outer: Callable[[sp.Symbol], sp.Expr], inner: sp.Expr
) -> Derivation:
    u = tree.name()
    outer = tree.derive(make_outer(u), u)
    part = tree.derive(inner, var)
    template = _mul(put_in(outer.result, {u: inner}), _d(part))
    conditions = tuple(condition.subs(u, inner) for condition in outer.conditions)
    return make_node("chain", expr, var, template, (outer, part), ((u, inner),), conditions)


def put_in(expr: sp.Expr, inside: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """`expr` with `inside` put in, and 2 u kept as 2 (x - y), which SymPy would multiply out."""
    if not expr.free_symbols & inside.keys():
        return expr
    if isinstance(expr, (sp.Derivative, sp.Subs)):
        return expr.subs(inside, simultaneous=True)
    if isinstance(expr, sp.Symbol):
        return inside[expr]
    args = [put_in(arg, inside) for arg in expr.args]
    if isinstance(expr, sp.Mul) and len(args) == 2 and args[0].is_Rational:
        return sp.Mul(*args, evaluate=False)
    return expr.func(*args)


def _function(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    if isinstance(expr, sp.Derivative):
        return _function_of(tree, expr, var, expr.expr.args, lambda args: _primed(expr, args))
    return _function_of(tree, expr, var, expr.args, lambda args: expr.func(*args))


def _primed(expr: sp.Derivative, args: Sequence[sp.Expr]) -> sp.Expr:
    """A derivative of f(x, ...) with other arguments of f."""
    moved = dict(zip(expr.expr.args, args, strict=True))
    return sp.Derivative(expr.expr.func(*args), *((moved[variable], count) for variable, count in expr.variable_count))


def _function_of(
    tree: _Tree, expr: sp.Expr, var: sp.Symbol, args: Sequence[sp.Expr], call: Callable[[Sequence[sp.Expr]], sp.Expr]
) -> Derivation:
    """A function of the arguments `args`, `call(args)`: from the table, or by the chain rule for each argument."""
    places = [place for place, arg in enumerate(args) if var in arg.free_symbols]
    first = places[0]
    if len(places) == 1 and args[first] == var:
        return _from_table(expr, var, first)
    if len(places) == 1:
        return _chain(tree, expr, var, lambda u: call([*args[:first], u, *args[first + 1 :]]), args[first])
    names = {place: tree.name() for place in places}
    outer = call([names.get(place, arg) for place, arg in enumerate(args)])
    inside = {names[place]: args[place] for place in places}
    parts: list[Derivation] = []
    terms = []
    for place in places:
        slope, part = tree.derive(outer, names[place]), tree.derive(args[place], var)
        parts += [slope, part]
        terms.append(_mul(put_in(slope.result, inside), _d(part)))
    return make_node("several", expr, var, _add(*terms), tuple(parts), tuple(inside.items()))


def _from_table(expr: sp.Expr, var: sp.Symbol, place: int) -> Derivation:
    if isinstance(expr, (AppliedUndef, sp.Derivative)):
        return make_node("abstract", expr, var, sp.Derivative(expr, var))
    found = lookup(expr, place)
    if found is None:
        return _fallback(expr, var)
    rule, result, conditions = found
    return make_node(rule, expr, var, result, conditions=conditions)


def _piecewise(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    whole = disjoint(expr)
    places = {
        condition: slope_at(expr.subs({s: place for s, place in at.items() if s != var}), var, at[var])
        for _, condition in whole
        if (at := place_of(condition, var))
    }
    pieces = [(branch, condition) for branch, condition in whole if condition not in places]
    parts = tuple(tree.derive(branch, var) for branch, _ in pieces)
    branches = [(_d(part), condition) for part, (_, condition) in zip(parts, pieces, strict=True)]
    branches += [(slope, condition) for condition, slope in places.items() if slope is not None]
    joints = sorted(
        (
            r
            for r in expr.atoms(Relational)
            if var in r.free_symbols and any(r in c.atoms(Relational) for _, c in expr.args)
        ),
        key=sp.default_sort_key,
    )
    if not branches:
        return _fallback(expr, var)
    template = sp.Piecewise(*branches, evaluate=False)
    return make_node("piecewise", expr, var, template, parts, conditions=tuple(sp.Ne(r.lhs, r.rhs) for r in joints))


def _extremum(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    """Where two are equal there may be a corner, so the pieces are open there."""
    args = sorted(expr.args, key=sp.default_sort_key, reverse=True)
    winning = [(arg, condition) for arg in args if (condition := wins(arg, expr)) is not sp.false]
    parts = tuple(tree.derive(arg, var) for arg, _ in winning)
    branches = [(_d(part), condition) for part, (_, condition) in zip(parts, winning, strict=True)]
    pairs = [(a, b) for place, a in enumerate(args) for b in args[place + 1 :] if var in (a - b).free_symbols]
    template = sp.Piecewise(*branches, evaluate=False)
    return make_node("minmax", expr, var, template, parts, conditions=tuple(sp.Ne(a, b) for a, b in pairs))


def _subs(tree: _Tree, expr: sp.Expr, var: sp.Symbol) -> Derivation:
    """f'(g), which SymPy writes as a derivative with something put in for its variable."""
    inside = expr.expr
    if not (isinstance(inside, sp.Derivative) and isinstance(inside.expr, AppliedUndef)):
        return _fallback(expr, var)
    moved = dict(zip(expr.variables, expr.point, strict=True))

    def call(args: Sequence[sp.Expr]) -> sp.Expr:
        names = [sp.Symbol(f"xi_{place}", real=True) for place, _ in enumerate(args)]
        return _primed(inside, names).subs(dict(zip(names, args, strict=True)), simultaneous=True)

    return _function_of(tree, expr, var, [moved.get(arg, arg) for arg in inside.expr.args], call)


def _fallback(expr: sp.Expr, var: sp.Symbol) -> Derivation:
    """What SymPy's own `diff` knows, or else the derivative as it stands."""
    found = sp.diff(expr, var)
    known = not found.has(sp.Derivative) or expr.has(sp.Derivative)
    return make_node("table" if known else "unknown", expr, var, found)


CHOICE: tuple[tuple[type | tuple[type, ...], Callable[[_Tree, sp.Expr, sp.Symbol], Derivation]], ...] = (
    (sp.Add, _sum),
    (sp.Mul, _product),
    (sp.Pow, _power),
    (sp.Piecewise, _piecewise),
    ((sp.Max, sp.Min), _extremum),
    (sp.Subs, _subs),
    ((sp.Function, sp.Derivative), _function),
)
