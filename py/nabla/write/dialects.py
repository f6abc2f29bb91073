"""Expressions as Python source: how each library spells the functions that SymPy knows.

A printer refuses what its library cannot compute (`Unsupported`), so that no code is shown that would not run.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

_MATH = frozenset("exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sqrt erf erfc gamma".split())


class Unsupported(Exception):
    """The library has no function for a part of the expression."""


@dataclass(frozen=True)
class Dialect:
    """How a library is imported and how it spells things.

    `functions` maps a SymPy function's name to the library's; `where` joins (condition, value, otherwise); `maximum`
    and `minimum` take two arguments; `special` are functions of a second module, imported only when used.
    """

    label: str
    language: str
    imports: str
    prefix: str
    functions: Mapping[str, str]
    constants: Mapping[str, str]
    where: str
    maximum: str
    minimum: str
    special: Mapping[str, str] = field(default_factory=dict)
    special_import: str = ""
    reserved: frozenset[str] = frozenset()


_SAME = "exp log sin cos tan sinh cosh tanh sign floor sqrt".split()
_ARC = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}

NUMPY = Dialect(
    label="NumPy",
    language="python",
    imports="import numpy as np",
    prefix="np.",
    functions={name: name for name in _SAME}
    | _ARC
    | {"Abs": "abs", "ceiling": "ceil", "atan2": "arctan2", "Heaviside": "heaviside"},
    constants={"Pi": "np.pi", "Exp1": "np.e"},
    where="np.where",
    maximum="np.maximum",
    minimum="np.minimum",
    special={
        "erf": "special.erf",
        "erfc": "special.erfc",
        "gamma": "special.gamma",
        "loggamma": "special.gammaln",
        "polygamma": "special.polygamma",
        "besselj": "special.jv",
        "bessely": "special.yv",
        "factorial": "special.factorial",
    },
    special_import="from scipy import special",
    reserved=frozenset({"np", "special"}),
)

TORCH = Dialect(
    label="PyTorch",
    language="python",
    imports="import torch",
    prefix="torch.",
    functions={name: name for name in _SAME}
    | {name: name for name in _ARC}
    | {"Abs": "abs", "ceiling": "ceil", "atan2": "atan2", "erf": "erf", "erfc": "erfc", "loggamma": "lgamma"},
    constants={"Pi": "torch.pi", "Exp1": "torch.e"},
    where="torch.where",
    maximum="torch.maximum",
    minimum="torch.minimum",
    reserved=frozenset({"torch"}),
)

SYMPY = Dialect(
    label="SymPy",
    language="python",
    imports="import sympy as sp",
    prefix="sp.",
    functions={},
    constants={},
    where="",
    maximum="",
    minimum="",
    reserved=frozenset({"sp"}),
)

# What the numerical libraries lack, in terms of what they have.
_IN_TERMS_OF = {
    sp.sec: lambda a: 1 / sp.cos(a),
    sp.csc: lambda a: 1 / sp.sin(a),
    sp.cot: lambda a: 1 / sp.tan(a),
    sp.sech: lambda a: 1 / sp.cosh(a),
    sp.csch: lambda a: 1 / sp.sinh(a),
    sp.coth: lambda a: 1 / sp.tanh(a),
    sp.asec: lambda a: sp.acos(1 / a),
    sp.acsc: lambda a: sp.asin(1 / a),
    sp.acot: lambda a: sp.atan(1 / a),
    sp.asech: lambda a: sp.acosh(1 / a),
    sp.acsch: lambda a: sp.asinh(1 / a),
    sp.acoth: lambda a: sp.atanh(1 / a),
    sp.sinc: lambda a: sp.Piecewise((1, sp.Eq(a, 0)), (sp.sin(a) / a, True)),
}


def identifiers(symbols: Iterable[sp.Symbol], dialect: Dialect) -> dict[sp.Symbol, str]:
    """A Python name for each symbol: its own where that is one, else the nearest that is free."""
    taken: set[str] = set(dialect.reserved) | {"f", "df", "value"}
    names: dict[sp.Symbol, str] = {}
    for symbol in symbols:
        name = "".join(c if c.isalnum() or c == "_" else "_" for c in symbol.name)
        if not name.isidentifier():
            name = f"v{name}"
        while keyword.iskeyword(name) or name in taken:
            name += "_"
        taken.add(name)
        names[symbol] = name
    return names


class Printer(StrPrinter):
    """Prints an expression in a dialect; `modules` holds the import lines that the printed text needs."""

    def __init__(self, dialect: Dialect, names: Mapping[sp.Symbol, str]) -> None:
        super().__init__()
        self.dialect = dialect
        self.names = names
        self.modules = {dialect.imports}

    def source(self, expr: sp.Expr) -> str:
        """The expression as source; raises `Unsupported`."""
        if self.dialect is not SYMPY:
            expr = expr.replace(lambda e: e.func in _IN_TERMS_OF, lambda e: _IN_TERMS_OF[e.func](*e.args))
        text: str = self._print(expr)
        return text

    def _spelled(self, name: str, expr: sp.Expr) -> str:
        """The function's name in the dialect. PyTorch takes no plain numbers, so constants there come from `math`."""
        dialect = self.dialect
        if dialect is SYMPY:
            return dialect.prefix + name
        if dialect is TORCH and not expr.free_symbols and name in _MATH:
            self.modules.add("import math")
            return "math." + name
        if name in dialect.functions:
            return dialect.prefix + dialect.functions[name]
        if name in dialect.special:
            self.modules.add(dialect.special_import)
            return dialect.special[name]
        raise Unsupported(name)

    def _print_Symbol(self, expr: sp.Symbol) -> str:
        return self.names[expr]

    def _print_Function(self, expr: sp.Function) -> str:
        args = ", ".join(self._print(arg) for arg in expr.args)
        return f"{self._spelled(expr.func.__name__, expr)}({args})"

    _print_factorial = _print_Heaviside = _print_ExpBase = _print_Function

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
            return f"{self._spelled('sqrt', base)}({self._print(base)})"
        if exponent == -sp.S.Half:
            return f"1/{self._spelled('sqrt', base)}({self._print(base)})"
        if exponent.is_Integer and exponent < 0:
            return f"1/{self.parenthesize(1 / expr, PRECEDENCE['Pow'])}"
        # The left side of ** must bind tighter than **, since it groups to the right.
        tight = PRECEDENCE["Pow"]
        return f"{self.parenthesize(base, tight, strict=False)}**{self.parenthesize(exponent, tight)}"

    def _print_Rational(self, expr: sp.Rational) -> str:
        if self.dialect is SYMPY and expr.q != 1:
            return f"sp.Rational({expr.p}, {expr.q})"
        return f"{expr.p}/{expr.q}" if expr.q != 1 else f"{expr.p}"

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
        text = "float('nan')"
        for value, condition in reversed(expr.args):
            if condition == sp.true:
                text = self._print(value)
            else:
                text = f"{self.dialect.where}({self._print(condition)}, {self._print(value)}, {text})"
        return text

    def _print_Relational(self, expr: Relational) -> str:
        if self.dialect is SYMPY and isinstance(expr, (sp.Equality, sp.Unequality)):
            name = "Eq" if isinstance(expr, sp.Equality) else "Ne"
            return f"sp.{name}({self._print(expr.lhs)}, {self._print(expr.rhs)})"
        return f"({self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)})"

    def _print_And(self, expr: And | Or) -> str:
        join = " & " if isinstance(expr, And) else " | "
        return "(" + join.join(self._print(arg) for arg in sorted(expr.args, key=sp.default_sort_key)) + ")"

    _print_Or = _print_And

    def _print_Not(self, expr: Not) -> str:
        return f"~{self._print(expr.args[0])}"

    def _print_not_supported(self, expr: sp.Basic) -> str:
        raise Unsupported(type(expr).__name__)

    emptyPrinter = _print_Derivative = _print_Subs = _print_not_supported
    _print_ImaginaryUnit = _print_Infinity = _print_NegativeInfinity = _print_NaN = _print_ComplexInfinity = (
        _print_not_supported
    )
