"""Expressions as source text in any of the dialects.

A printer refuses what its library cannot compute (`Unsupported`), so that no code is shown that would not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, Not, Or
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from nabla.write.dialects import MATLAB, SYMPY, TORCH, C, Dialect

_PLAIN = frozenset("exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sqrt erf erfc gamma".split())
# Whole numbers above this are written as decimals: they do not fit into the integers of most libraries.
LARGEST_INTEGER = 2**53


class Unsupported(Exception):
    """The library has no function for a part of the expression. `function` is that function's name, if it is one."""

    def __init__(self, what: str, function: bool = False) -> None:
        super().__init__(what)
        self.function = what if function else ""


def _sign(a: sp.Expr) -> sp.Expr:
    return sp.Piecewise((1, a > 0), (-1, a < 0), (0, True))


# What a library lacks, in terms of what it may have.
_IN_TERMS_OF: dict[str, Callable[..., sp.Expr]] = {
    "sec": lambda a: 1 / sp.cos(a),
    "csc": lambda a: 1 / sp.sin(a),
    "cot": lambda a: 1 / sp.tan(a),
    "sech": lambda a: 1 / sp.cosh(a),
    "csch": lambda a: 1 / sp.sinh(a),
    "coth": lambda a: 1 / sp.tanh(a),
    "asec": lambda a: sp.acos(1 / a),
    "acsc": lambda a: sp.asin(1 / a),
    "acot": lambda a: sp.atan(1 / a),
    "asech": lambda a: sp.acosh(1 / a),
    "acsch": lambda a: sp.asinh(1 / a),
    "acoth": lambda a: sp.atanh(1 / a),
    "sinc": lambda a: sp.Piecewise((sp.sin(a) / a, sp.Ne(a, 0)), (1, True)),
    "sign": _sign,
    "Heaviside": lambda a, at_zero=sp.S.Half: sp.Piecewise((1, a > 0), (0, a < 0), (at_zero, True)),
    "frac": lambda a: a - sp.floor(a),
    "Mod": lambda a, n: a - n * sp.floor(a / n),
    "factorial": lambda a: sp.gamma(a + 1),
    "beta": lambda a, b: sp.gamma(a) * sp.gamma(b) / sp.gamma(a + b),
    "li": lambda a: sp.Ei(sp.log(a)),
}


def _instead(node: sp.Expr) -> sp.Expr:
    """A function in terms of others. SymPy cannot compare what divides by zero, and no library would print it."""
    if node.has(sp.zoo, sp.nan):
        raise Unsupported("a division by zero")
    return _IN_TERMS_OF[node.func.__name__](*node.args)


class Printer(StrPrinter):
    """Prints an expression in a dialect; `modules` holds the import lines that the printed text needs."""

    def __init__(self, dialect: Dialect, names: Mapping[sp.Symbol, str]) -> None:
        super().__init__()
        self.dialect = dialect
        self.names = names
        self.modules = {dialect.imports} - {""}

    def source(self, expr: sp.Expr) -> str:
        """The expression as source; raises `Unsupported`."""
        if self.dialect is not SYMPY:
            expr = self._in_terms_of_what_there_is(expr)
        text: str = self._print(expr)
        return _elementwise(text) if self.dialect is MATLAB else text

    def _has(self, name: str) -> bool:
        return name in self.dialect.functions or name in self.dialect.special

    def _in_terms_of_what_there_is(self, expr: sp.Expr) -> sp.Expr:
        for _ in range(3):
            lacking = {
                node.func
                for node in expr.atoms(sp.Function, sp.Mod)
                if node.func.__name__ in _IN_TERMS_OF and not self._has(node.func.__name__)
            }
            if not lacking:
                break
            expr = expr.replace(
                lambda node, lacking=lacking: node.func in lacking,
                _instead,
            )
        return expr

    def _spelled(self, name: str, expr: sp.Expr, args: list[str]) -> str:
        """A call in the dialect. PyTorch takes no plain numbers, so constants there come from `math`."""
        dialect = self.dialect
        if dialect is SYMPY:
            spelling = name
        elif dialect is TORCH and not expr.free_symbols and name in _PLAIN:
            self.modules.add("import math")
            return f"math.{name}({', '.join(args)})"
        elif name in dialect.functions:
            spelling = dialect.functions[name]
        elif name in dialect.special:
            self.modules.add(dialect.special_import)
            return _call(dialect.special[name], "", args)
        else:
            raise Unsupported(name, function=not isinstance(expr, AppliedUndef))
        return _call(spelling, dialect.prefix, args)

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return self.names[expr]

    def _print_Function(self, expr: sp.Function) -> str:
        if isinstance(expr, AppliedUndef) and self.dialect is SYMPY:
            return f"{expr.func.__name__}({', '.join(self._print(arg) for arg in expr.args)})"
        if isinstance(expr, AppliedUndef):
            raise Unsupported(expr.func.__name__)
        name = expr.func.__name__
        values = list(expr.args)
        if name == "polygamma" and values[0] == 0 and self.dialect is not SYMPY:
            name, values = "digamma", values[1:]
        if name == "elliptic_e" and len(values) == 2 and self.dialect is not SYMPY:
            name = "elliptic_e2"
        return self._spelled(name, expr, [self._argument(name, place, arg) for place, arg in enumerate(values)])

    _print_factorial = _print_Heaviside = _print_ExpBase = _print_Mod = _print_LambertW = _print_Function

    def _argument(self, name: str, place: int, arg: sp.Expr) -> str:
        if self.dialect.language == "matlab" and name == "polygamma" and place == 0:
            return str(arg)
        text: str = self._print(arg)
        return text

    def _print_Integer(self, expr: sp.Integer) -> str:
        if self.dialect is SYMPY or abs(int(expr)) <= LARGEST_INTEGER:
            return self.dialect.ints.format(int(expr))
        return repr(float(expr))

    _print_Zero = _print_One = _print_NegativeOne = _print_Integer

    def _print_Float(self, expr: sp.Float) -> str:
        return repr(float(expr))

    def _print_Max(self, expr: sp.Expr) -> str:
        return self._fold(expr, self.dialect.maximum or "sp.Max")

    def _print_Min(self, expr: sp.Expr) -> str:
        return self._fold(expr, self.dialect.minimum or "sp.Min")

    def _fold(self, expr: sp.Expr, name: str) -> str:
        args = [self._operand(arg) for arg in sorted(expr.args, key=sp.default_sort_key)]
        text = args[0]
        for arg in args[1:]:
            text = f"{name}({text}, {arg})"
        return text

    def _operand(self, expr: sp.Expr) -> str:
        text: str = self._print(expr)
        return f"torch.tensor({text})" if self.dialect is TORCH and not expr.free_symbols else text

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:
        base, exponent = expr.base, expr.exp
        if exponent is sp.S.Half:
            return self._spelled("sqrt", base, [self._print(base)])
        if exponent == -sp.S.Half:
            return f"{self._print(sp.S.One)}/{self._spelled('sqrt', base, [self._print(base)])}"
        if exponent.is_Integer and exponent < 0:
            return f"{self._print(sp.S.One)}/{self.parenthesize(sp.Pow(base, -exponent), PRECEDENCE['Pow'])}"
        if self.dialect is C:
            return self._pow_of_c(base, exponent)
        # The left side of ** must bind tighter than **, and 1/x, which is a power to SymPy, is printed as a quotient.
        left = self.parenthesize(base, PRECEDENCE["Pow"], strict=False)
        right = self._print(exponent)
        bare = exponent.is_Symbol or (exponent.is_Integer and exponent >= 0) or isinstance(exponent, sp.Function)
        return f"{left}{self.dialect.power}{right if bare else f'({right})'}"

    def _pow_of_c(self, base: sp.Expr, exponent: sp.Expr) -> str:
        text = self._print(base)
        if exponent == 2 and base.is_Symbol:
            return f"({text}*{text})"
        return f"pow({text}, {self._print(exponent)})"

    def _print_Rational(self, expr: sp.Rational) -> str:
        if expr.q == 1:
            return self._print_Integer(expr)
        if self.dialect is SYMPY:
            return f"sp.Rational({expr.p}, {expr.q})"
        whole = [self._print(sp.Integer(part)) for part in (expr.p, expr.q)]
        return self.dialect.quotients.format(*whole)

    _print_Half = _print_Rational

    def _print_NumberSymbol(self, expr: sp.Expr) -> str:
        if self.dialect is SYMPY:
            return {"Pi": "sp.pi", "Exp1": "sp.E"}.get(type(expr).__name__, f"sp.{type(expr).__name__}")
        return self.dialect.constants.get(type(expr).__name__, repr(float(expr)))

    _print_Pi = _print_Exp1 = _print_GoldenRatio = _print_EulerGamma = _print_Catalan = _print_NumberSymbol

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        if self.dialect is SYMPY:
            pairs = ", ".join(f"({self._print(value)}, {self._print(condition)})" for value, condition in expr.args)
            return f"sp.Piecewise({pairs})"
        text = self.dialect.nan
        for value, condition in reversed(expr.args):
            if condition == sp.true:
                text = self._print(value)
            else:
                text = self.dialect.where.format(self._print(condition), self._print(value), text)
        return text

    def _print_BooleanTrue(self, expr: sp.Basic) -> str:
        return "True"

    def _print_Relational(self, expr: Relational) -> str:
        if self.dialect is SYMPY and isinstance(expr, (sp.Equality, sp.Unequality)):
            name = "Eq" if isinstance(expr, sp.Equality) else "Ne"
            return f"sp.{name}({self._print(expr.lhs)}, {self._print(expr.rhs)})"
        relation = self.dialect.unequal if isinstance(expr, sp.Unequality) else expr.rel_op
        return f"({self._print(expr.lhs)} {relation} {self._print(expr.rhs)})"

    def _print_And(self, expr: And | Or) -> str:
        join = self.dialect.both if isinstance(expr, And) else self.dialect.either
        return "(" + join.join(self._print(arg) for arg in sorted(expr.args, key=sp.default_sort_key)) + ")"

    _print_Or = _print_And

    def _print_Not(self, expr: Not) -> str:
        return f"{self.dialect.negation}{self._print(expr.args[0])}"

    def _print_ITE(self, expr: ITE) -> str:
        decides, yes, no = expr.args
        return self._print_And(Or(And(decides, yes), And(Not(decides), no)))

    def _print_open(self, expr: sp.Basic) -> str:
        """A derivative left open, which only SymPy can hold."""
        if self.dialect is not SYMPY:
            raise Unsupported(type(expr).__name__)
        if isinstance(expr, sp.Subs):
            inside = ", ".join(self._print(arg) for arg in (expr.expr, *expr.variables, *expr.point))
            if len(expr.variables) > 1:
                raise Unsupported("Subs")
            return f"sp.Subs({inside})"
        variables = ", ".join(self._print(variable) for variable in expr.variables)
        return f"sp.Derivative({self._print(expr.expr)}, {variables})"

    _print_Derivative = _print_Subs = _print_open

    def _print_not_supported(self, expr: sp.Basic) -> str:
        raise Unsupported(type(expr).__name__)

    emptyPrinter = _print_not_supported
    _print_ImaginaryUnit = _print_Infinity = _print_NegativeInfinity = _print_NaN = _print_ComplexInfinity = (
        _print_not_supported
    )


def _call(spelling: str, prefix: str, args: list[str]) -> str:
    """The call by a name, or by a template: `{}` stands for all arguments, `{0}` for the first."""
    if "{" not in spelling:
        return f"{prefix}{spelling}({', '.join(args)})"
    return spelling.format(", ".join(args)) if "{}" in spelling else spelling.format(*args)


def _elementwise(text: str) -> str:
    """MATLAB's operators on every element have a dot before them. No string in the text holds such a sign."""
    for plain, dotted in (("**", "\0"), ("*", ".*"), ("/", "./"), ("\0", ".^")):
        text = text.replace(plain, dotted)
    return text
