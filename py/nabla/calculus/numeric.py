"""Numerical evaluation of expressions, in double precision or in many digits.

An expression is evaluated at a point in real arithmetic. Derivative nodes, `D` of ours and SymPy's own, are central
differences, so what comes out owes nothing to any rule of differentiation. Functions left abstract (f in f(x)) are
given fixed smooth test functions, so that statements about every f can be tested on one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, Literal

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality, Relational, Unequality
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

from nabla.calculus.contexts import CONSTANTS, MACHINE, NAMES, takes_too_long

# A central difference with step h has an error of about h^2, and 10^-digits / h from rounding. With two sevenths
# of the digits in h, four sevenths remain: 40 of 70.
STEP = 2 / 7


Number = Any  # a float in machine precision, an mpf in many digits
State = Literal["undefined", "infinite", "nonreal", "too-big", "corner", "open"]


class NoValue(ArithmeticError):
    """The expression has no real value there; `state` says in which way."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class D(sp.Expr):
    """The derivative of `args[0]` with respect to `args[1]`, written down and not worked out."""

    is_commutative = True

    def __new__(cls, expr: sp.Expr, var: sp.Symbol) -> D:
        """D(expr, var), left as it is."""
        node: D = sp.Expr.__new__(cls, expr, var)
        return node


class Root(sp.Expr):
    """The y with F(y) = 0, for F = `args[0]` and y = `args[1]`, as a function of the other symbols: one branch."""

    is_commutative = True

    def __new__(cls, equation: sp.Expr, unknown: sp.Symbol) -> Root:
        """Root(F, y), left as it is."""
        node: Root = sp.Expr.__new__(cls, equation, unknown)
        return node

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        """Those of F without y."""
        return {symbol for symbol in self.args[0].free_symbols if symbol != self.args[1]}

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        """y is bound: what is put for it elsewhere does not reach inside."""
        return self if old == self.args[1] else None


class Evaluator:
    """Values of expressions at one point, every subexpression worked out once.

    Args:
        context: `MACHINE` or `precise(...)`.
        point: a number for each symbol, or an expression that is one.

    `corners` collects what was compared with 0 on the way (arguments of abs, sides of conditions): where one of them
    changes its sign, the expression may have a corner. `floors` collects what was rounded down, and so may jump.

    Raises:
        NoValue: from calls, where there is no finite real value.
    """

    def __init__(self, context: Any, point: Mapping[sp.Symbol, Any]) -> None:
        self.context = context
        self.point: dict[sp.Symbol, Number] = {}
        self.corners: dict[object, Number] = {}
        self.floors: dict[sp.Expr, Number] = {}
        self._values: dict[Any, Number] = {}
        self._shifted: dict[tuple[sp.Symbol, int], Evaluator] = {}
        self._inside: list[Evaluator] = []
        self.point |= {symbol: self._coordinate(value) for symbol, value in point.items()}

    def _coordinate(self, value: Any) -> Number:
        exact = isinstance(value, sp.Expr) and not value.is_Number
        return Evaluator(self.context, {})(value) if exact else _number(self.context, value)

    def __call__(self, expr: sp.Expr) -> Number:
        """The value of `expr`; raises `NoValue`."""
        try:
            return self._values[expr]
        except KeyError:
            pass
        try:
            value = self._real(self._value(expr))
        except ZeroDivisionError:
            raise NoValue("infinite") from None
        except OverflowError:
            raise NoValue("too-big") from None
        except (ValueError, self.context.NoConvergence, RecursionError):
            # mpmath's words for a pole, as of gamma at 0, and for a series that it cannot sum
            raise NoValue("undefined") from None
        self._values[expr] = value
        return value

    @property
    def largest(self) -> Number:
        """The largest absolute value met so far, here and a step away."""
        beside = (moved.largest for moved in (*self._shifted.values(), *self._inside))
        return max(chain(map(abs, self._values.values()), beside), default=self.context.mpf(0))

    def refuse_corners(self) -> None:
        """Raise `NoValue` where the point, or the step of a difference quotient, lies on a corner or a jump."""
        here = [self, *self._shifted.values()]
        for key in {key for evaluator in here for key in evaluator.corners}:
            signs = {self.context.sign(e.corners[key]) for e in here if key in e.corners}
            if len(signs) > 1 or 0 in signs:
                raise NoValue("corner")
        for key in {key for evaluator in here for key in evaluator.floors}:
            if len({e.floors[key] for e in here if key in e.floors}) > 1:
                raise NoValue("corner")
        for moved in (*self._shifted.values(), *self._inside):
            moved.refuse_corners()

    def let(self, symbol: sp.Symbol, value: Number) -> None:
        """Give a value to one more symbol."""
        self.point[symbol] = value

    def shift(self, symbol: sp.Symbol, sign: int) -> Evaluator:
        """The evaluator at the point moved by one step along `symbol`."""
        key = (symbol, sign)
        if symbol not in self.point:
            raise NoValue("undefined")
        if key not in self._shifted:
            moved = Evaluator(self.context, {})
            moved.point = {**self.point, symbol: self.point[symbol] + sign * self._step(symbol)}
            self._shifted[key] = moved
        return self._shifted[key]

    def _step(self, symbol: sp.Symbol) -> Number:
        step = 1e-5 if self.context is MACHINE else self.context.mpf(10) ** -round(self.context.dps * STEP)
        return step * max(1, abs(self.point[symbol]))

    def slope(self, expr: sp.Expr, symbol: sp.Symbol) -> Number:
        """The central difference of `expr` along `symbol`."""
        difference = self.shift(symbol, 1)(expr) - self.shift(symbol, -1)(expr)
        return difference / (2 * self._step(symbol))

    def truth(self, condition: Any) -> bool:
        """Whether a condition holds at the point."""
        if isinstance(condition, (BooleanTrue, BooleanFalse)):
            return bool(condition)
        if isinstance(condition, And):
            return all(self.truth(part) for part in condition.args)
        if isinstance(condition, Or):
            return any(self.truth(part) for part in condition.args)
        if isinstance(condition, Not):
            return not self.truth(condition.args[0])
        if isinstance(condition, ITE):
            decides, yes, no = condition.args
            return self.truth(yes if self.truth(decides) else no)
        if isinstance(condition, Relational):
            gap = self(condition.lhs) - self(condition.rhs)
            self.corners[condition.lhs - condition.rhs] = gap
            if isinstance(condition, Equality):
                return bool(gap == 0)
            if isinstance(condition, Unequality):
                return bool(gap != 0)
            holds = gap > 0 if condition.rel_op.startswith(">") else gap < 0
            return bool(holds or (gap == 0 and condition.rel_op.endswith("=")))
        raise NoValue("undefined")

    def corner(self, expr: sp.Expr) -> Number:
        """The value of `expr`, noted as one whose sign decides a branch."""
        value = self.corners[expr] = self(expr)
        return value

    def jump(self, expr: sp.Expr) -> Number:
        """The value of `expr`, noted as a corner where it is whole."""
        value = self(expr)
        self.floors[expr] = self.context.floor(value)
        if value == self.floors[expr]:
            self.corners[expr] = 0 * value
        return value

    def _real(self, value: Number) -> Number:
        if isinstance(value, self.context.mpc):
            if value.imag != 0:
                raise NoValue("nonreal")
            value = value.real
        if value - value != 0:  # an infinity or NaN
            raise NoValue("undefined" if value != value else "infinite")
        return value

    def _value(self, expr: sp.Expr) -> Number:
        if isinstance(expr, sp.Symbol):
            if expr not in self.point:
                raise NoValue("undefined")
            return self.point[expr]
        if isinstance(expr, sp.Add):
            total = self.context.mpf(0)
            for arg in expr.args:
                total += self(arg)
            return total
        if isinstance(expr, sp.Mul):
            total = self.context.mpf(1)
            for arg in expr.args:
                total *= self(arg)
            return total
        if isinstance(expr, sp.Pow):
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sp.Number):
            return _number(self.context, expr)
        special = SPECIAL.get(expr.func)
        if special:
            return special(self, *expr.args)
        if isinstance(expr, AppliedUndef):
            return self._abstract(expr, [0] * len(expr.args))
        if type(expr).__name__ in CONSTANTS:
            return self.context.mpf(getattr(self.context, CONSTANTS[type(expr).__name__]))
        name = NAMES.get(type(expr).__name__)
        if name:
            values = [self(arg) for arg in expr.args]
            self._refuse_huge(name, values)
            return getattr(self.context, name)(*values)
        return self._by_sympy(expr)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Number:
        if isinstance(exponent, sp.Integer):
            power, value = int(exponent), self(base)
            if power < 0 and value == 0:
                raise NoValue("infinite")
            return value**power
        value, power = self(base), self(exponent)
        if exponent == sp.S.Half:
            return self.context.sqrt(value)
        if value == 0:
            if power > 0:
                return value
            raise NoValue("infinite" if power < 0 else "undefined")
        if value > 0:
            self._refuse_huge("exp", [power * self.context.ln(value)])
        return self.context.power(value, power)

    def _refuse_huge(self, name: str, values: list[Number]) -> None:
        """Refuse arguments that would take too long to evaluate."""
        if takes_too_long(name, values):
            raise NoValue("too-big")

    def _abstract(self, expr: sp.Expr, orders: list[int]) -> Number:
        """A derivative of the test function: a sum of two sines of a linear form, different for each name."""
        seed = sum(ord(letter) * (place + 1) for place, letter in enumerate(str(expr.func)))
        total = self.context.mpf(0)
        for term in (1, 2):
            phase = self.context.mpf(seed % 7 + term) / 3
            size = self.context.mpf(term + seed % 5 + 1) / 4
            for place, (arg, order) in enumerate(zip(expr.args, orders, strict=True)):
                rate = self.context.mpf(2 * term + place + seed % 3 + 1) / 5
                phase += rate * self(arg) + order * self.context.pi / 2
                size *= rate**order
            total += size * self.context.sin(phase)
        return total

    def _derivative(self, expr: sp.Expr, *counts: Any) -> Number:
        variables = [variable for variable, count in counts for _ in range(int(count))]
        if (
            isinstance(expr, AppliedUndef)
            and len(set(expr.args)) == len(expr.args)
            and set(variables) <= set(expr.args)
        ):
            return self._abstract(expr, [variables.count(arg) for arg in expr.args])
        if len(variables) == 1:
            return self.slope(expr, variables[0])
        inner = sp.Derivative(expr, *variables[:-1])
        return self.slope(inner, variables[-1])

    def _subs(self, expr: sp.Expr, variables: Any, points: Any) -> Number:
        inner = Evaluator(self.context, {})
        inner.point = self.point | {v: self(p) for v, p in zip(variables, points, strict=True)}
        self._inside.append(inner)
        return inner(expr)

    def _root(self, equation: sp.Expr, unknown: sp.Symbol) -> Number:
        """The branch of Root that is found first from a few fixed starts: the same one at neighbouring points."""

        def residual(value: Number) -> Number:
            inside = Evaluator(self.context, {})
            inside.point = self.point | {unknown: self._real(value)}
            return inside(equation)

        for start in STARTS:
            try:
                return self.context.findroot(residual, self.context.mpf(start))
            except (NoValue, ValueError, ZeroDivisionError):
                continue
        raise NoValue("undefined")

    def _piecewise(self, *branches: Any) -> Number:
        for expr, condition in branches:
            if self.truth(condition):
                return self(expr)
        raise NoValue("undefined")

    def _extremum(self, best: Callable[..., Number], args: tuple[sp.Expr, ...]) -> Number:
        for place, left in enumerate(args):
            for right in args[place + 1 :]:
                self.corners[left, right] = self(left) - self(right)
        return best(self(arg) for arg in args)

    def _sign(self, arg: sp.Expr) -> Number:
        value = self.corner(arg)
        return self.context.mpf((value > 0) - (value < 0))

    def _step_function(self, arg: sp.Expr, *at_zero: sp.Expr) -> Number:
        value = self.corner(arg)
        if value == 0:
            return self(at_zero[0]) if at_zero else self.context.mpf(0.5)
        return self.context.mpf(1 if value > 0 else 0)

    def _dirac(self, arg: sp.Expr, *_: sp.Expr) -> Number:
        if self.corner(arg) == 0:
            raise NoValue("infinite")
        return self.context.mpf(0)

    def _by_sympy(self, expr: sp.Expr) -> Number:
        """Any other function: SymPy's own evaluation, with numbers for the arguments that are expressions."""
        digits = 15 if self.context is MACHINE else self.context.dps
        free = expr.free_symbols
        if not free <= self.point.keys():
            raise NoValue("undefined")
        numbers = {symbol: sp.Float(str(self.point[symbol]), digits + 5) for symbol in free}
        try:
            value = expr.subs(numbers).evalf(digits, strict=False)
        except (RecursionError, NotImplementedError):
            # what SymPy raises for a series that does not converge, or that it does not know
            raise NoValue("undefined") from None
        if not isinstance(value, (sp.Float, sp.Integer, sp.Rational)):
            raise NoValue("nonreal" if value.is_number and value.is_real is False else "undefined")
        return _number(self.context, value)


STARTS = (1.1, -1.3, 0.4, 2.7, -3.1, 5.3, -0.2, 11.7)

SPECIAL: dict[Any, Callable[..., Number]] = {
    D: Evaluator.slope,
    Root: Evaluator._root,
    sp.Derivative: Evaluator._derivative,
    sp.Subs: Evaluator._subs,
    sp.Piecewise: Evaluator._piecewise,
    sp.Abs: lambda self, arg: abs(self.corner(arg)),
    sp.sign: Evaluator._sign,
    sp.Max: lambda self, *args: self._extremum(max, args),
    sp.Min: lambda self, *args: self._extremum(min, args),
    sp.floor: lambda self, arg: self.context.floor(self.jump(arg)),
    sp.ceiling: lambda self, arg: self.context.ceil(self.jump(arg)),
    sp.frac: lambda self, arg: self.jump(arg) - self.context.floor(self(arg)),
    sp.Mod: lambda self, a, n: self(a) - self(n) * self.context.floor(self.jump(a / n)),
    sp.Heaviside: Evaluator._step_function,
    sp.DiracDelta: Evaluator._dirac,
    sp.uppergamma: lambda self, a, x: self.context.gammainc(self(a), self(x)),
    sp.lowergamma: lambda self, a, x: self.context.gammainc(self(a), 0, self(x)),
    sp.airyaiprime: lambda self, x: self.context.airyai(self(x), derivative=1),
    sp.airybiprime: lambda self, x: self.context.airybi(self(x), derivative=1),
    sp.laguerre: lambda self, n, x: self.context.laguerre(self(n), 0, self(x)),
    sp.re: lambda self, arg: self(arg),
    sp.im: lambda self, arg: 0 * self(arg),
    sp.conjugate: lambda self, arg: self(arg),
}


def _number(context: Any, value: Any) -> Number:
    if isinstance(value, sp.Rational):
        return context.mpf(int(value.p)) / int(value.q) if value.q != 1 else context.mpf(int(value.p))
    if isinstance(value, sp.Float):
        return float(value) if context is MACHINE else context.make_mpf(value._mpf_)
    if value is sp.nan:
        raise NoValue("undefined")
    return context.mpf(value)
