"""A tree to LaTeX, in the order typed."""

from __future__ import annotations

import re
from collections.abc import Collection

from nabla.read.formula import names
from nabla.read.formula.functions import FUNCTIONS
from nabla.read.formula.tree import (
    Abstract,
    Call,
    Comparison,
    Constant,
    Logic,
    Name,
    Node,
    Number,
    Piecewise,
    Power,
    Product,
    Sum,
    Tuple,
    names_of,
)

_CONSTANTS = {"pi": r"\pi", "e": "e", "oo": r"\infty", "True": r"\text{true}", "False": r"\text{false}"}
_RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_ACCENTS = {"hat": "hat", "bar": "bar", "tilde": "tilde", "dot": "dot", "ddot": "ddot", "vec": "vec"}
_FENCES = {
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\left\lfloor", r"\right\rfloor"),
    "ceil": (r"\left\lceil", r"\right\rceil"),
}
# How strongly what was printed holds together.
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def name_tex(name: str) -> str:
    """The LaTeX of a variable's name: `x_1` as x with an index, `y_hat` with a hat, `theta` as the Greek letter."""
    base, *parts = name.split("_")
    if re.fullmatch("[A-Za-z]{2,}[0-9]*", base) and base.rstrip("0123456789") not in names.GREEK:
        return rf"\mathrm{{{name}}}".replace("_", r"\_")
    if match := re.fullmatch(r"([A-Za-z]+?)([0-9]+)", base):
        base, parts = match[1], [match[2], *parts]
    tex = "\\" + base if base in names.GREEK else base
    while parts and parts[0] in _ACCENTS:
        tex = rf"\{_ACCENTS[parts.pop(0)]}{{{tex}}}"
    index = r"\,".join(part if len(part) <= 2 or part.isdigit() else rf"\mathrm{{{part}}}" for part in parts)
    return f"{tex}_{{{index}}}" if index else tex


def tex_of(node: Node, known: Collection[str] = ()) -> str:
    """The LaTeX of a tree; Euler's number is upright where e is a variable of it, or known as one."""
    return _Printer("e" in known or "e" in names_of(node)).print(node)[0]


class _Printer:
    def __init__(self, e_is_a_name: bool) -> None:
        self.euler = r"\mathrm{e}" if e_is_a_name else "e"

    def print(self, node: Node) -> tuple[str, int]:
        """LaTeX, and how strongly it holds together."""
        match node:
            case Number(text=text):
                return self.number(text)
            case Name(name=name):
                return name_tex(name), _ATOM
            case Constant(name="e"):
                return self.euler, _ATOM
            case Constant(name=name):
                return _CONSTANTS[name], _ATOM
            case Sum(terms=terms):
                return self.sum(terms), _SUM
            case Product(factors=factors):
                return self.product(factors)
            case Power():
                return self.power(node)
            case Call():
                return self.call(node)
            case Abstract(name=name, primes=primes, arguments=arguments):
                return name_tex(name) + "'" * primes + self.arguments(arguments), _ATOM
            case Comparison(operands=operands, relations=relations):
                parts = [self.tex(operands[0], _SUM)]
                for relation, operand in zip(relations, operands[1:], strict=True):
                    parts += [_RELATIONS[relation], self.tex(operand, _SUM)]
                return " ".join(parts), _SUM - 1
            case Logic(operator="not", operands=operands):
                return r"\neg " + self.tex(operands[0], _ATOM), _SUM - 1
            case Logic(operator=operator, operands=operands):
                between = r" \wedge " if operator == "&" else r" \vee "
                inner = (self.print(o)[0] if isinstance(o, Comparison) else self.tex(o, _ATOM) for o in operands)
                return between.join(inner), _SUM - 1
            case Tuple(items=items):
                return self.arguments(items), _ATOM
            case Piecewise(pieces=pieces):
                return self.cases(pieces), _ATOM

    def tex(self, node: Node, strength: int) -> str:
        """LaTeX that holds together at least so strongly, by brackets if it must."""
        tex, own = self.print(node)
        return tex if own >= strength else rf"\left({tex}\right)"

    def number(self, text: str) -> tuple[str, int]:
        digits, _, exponent = text.lower().partition("e")
        if exponent:
            return rf"{digits} \cdot 10^{{{int(exponent)}}}", _PRODUCT
        return digits, _ATOM

    def sum(self, terms: tuple[tuple[int, Node], ...]) -> str:
        tex = ""
        for sign, term in terms:
            inner = self.tex(term, _PRODUCT)
            operator = " + " if sign > 0 else " - "
            tex += operator + inner if tex else ("-" if sign < 0 else "") + inner
        return tex

    def product(self, factors: tuple[tuple[str, Node], ...]) -> tuple[str, int]:
        tex, strength, before = "", _ATOM, factors[0][1]
        for number, (operator, factor) in enumerate(factors):
            if number == 0:
                tex, strength = self.print(factor)
            elif operator == "/":
                tex, strength = rf"\frac{{{tex}}}{{{self.print(factor)[0]}}}", _PRODUCT
            else:
                left = tex if strength >= _PRODUCT else rf"\left({tex}\right)"
                right = self.tex(factor, _POWER if isinstance(factor, Product) else _PRODUCT)
                tex, strength = left + self.times(before, factor, right) + right, _PRODUCT
            before = factor
        return tex, strength

    def times(self, before: Node, factor: Node, right: str) -> str:
        """What stands between two factors: a dot where they would run together or look like a function."""
        applied = isinstance(before, Name) and before.name in names.FUNCTION_LETTERS and right.startswith(r"\left(")
        signed = isinstance(factor, Sum) and len(factor.terms) == 1
        return r" \cdot " if right[0].isdigit() or applied or signed else " "

    def power(self, node: Power) -> tuple[str, int]:
        exponent = self.print(node.exponent)[0]
        base = node.base
        if isinstance(base, Call) and self.is_command(base):
            return f"{self.function(base)}^{{{exponent}}}{self.arguments(base.arguments)}", _POWER
        tex, strength = self.print(base)
        if strength < _ATOM:
            tex = rf"\left({tex}\right)"
        return f"{tex}^{{{exponent}}}", _POWER

    def is_command(self, call: Call) -> bool:
        """Whether a power of the function is written behind its name, as the square of the sine is."""
        known = FUNCTIONS.get(call.function)
        special = call.function in ("exp", "gamma") or (call.function == "log" and len(call.arguments) > 1)
        return bool(known and known.tex) and not special

    def function(self, node: Call) -> str:
        return FUNCTIONS[node.function].tex or rf"\operatorname{{{node.function}}}"

    def call(self, node: Call) -> tuple[str, int]:
        name, arguments = node.function, node.arguments
        first = arguments[0]
        match name:
            case "exp":
                return f"{self.euler}^{{{self.print(first)[0]}}}", _POWER
            case "exp2":
                return f"2^{{{self.print(first)[0]}}}", _POWER
            case "square":
                return f"{self.tex(first, _ATOM)}^{{2}}", _POWER
            case "pow":
                return self.power(Power(node.span, first, arguments[1]))
            case "reciprocal":
                return rf"\frac{{1}}{{{self.print(first)[0]}}}", _PRODUCT
            case "sqrt":
                return rf"\sqrt{{{self.print(first)[0]}}}", _ATOM
            case "cbrt" | "fourth_root" | "root":
                degree = {"cbrt": "3", "fourth_root": "4"}.get(name) or self.print(arguments[1])[0]
                return rf"\sqrt[{degree}]{{{self.print(first)[0]}}}", _ATOM
            case "conjugate":
                return rf"\overline{{{self.print(first)[0]}}}", _ATOM
            case "re" | "im":
                return rf"\operatorname{{{name.capitalize()}}}{self.arguments(arguments)}", _ATOM
            case "abs" | "floor" | "ceil":
                left, right = _FENCES[name]
                return f"{left} {self.print(first)[0]} {right}", _ATOM
            case "factorial":
                return f"{self.tex(first, _ATOM)}!", _POWER
            case "log" if len(arguments) == 2:
                return rf"\log_{{{self.print(arguments[1])[0]}}}{self.arguments(arguments[:1])}", _ATOM
            case "normalized_sinc":
                times = Product(node.span, (("*", Constant(node.span, "pi")), ("", first)))
                return rf"\operatorname{{sinc}}{self.arguments((times,))}", _ATOM
            case "where":
                otherwise = Constant(node.span, "True")
                return self.cases(((arguments[1], first), (arguments[2], otherwise))), _ATOM
            case "piecewise":
                return self.cases(tuple((a.items[0], a.items[1]) for a in arguments if isinstance(a, Tuple))), _ATOM
            case _:
                return self.function(node) + self.arguments(arguments), _ATOM

    def arguments(self, arguments: tuple[Node, ...]) -> str:
        return rf"\left({', '.join(self.print(argument)[0] for argument in arguments)}\right)"

    def cases(self, pieces: tuple[tuple[Node, Node], ...]) -> str:
        rows = []
        for value, condition in pieces:
            always = isinstance(condition, Constant) and condition.name == "True"
            words = r"\text{otherwise}" if always else rf"\text{{if }} {self.print(condition)[0]}"
            rows.append(f"{self.print(value)[0]} & {words}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
