"""A scalar program as one formula: its derivative by the derive lab's steps, which must agree with the tape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Check, Document, Heading, Math, Steps
from nabla.calculus.equality import check_derivation
from nabla.calculus.rules import differentiate, simplified
from nabla.labs.backprop.flow import Flow
from nabla.tensor.tape import Vertex
from nabla.write.derivation import steps
from nabla.write.notation import operator, tex

MOST_STEPS = 25  # of a program that is written as one formula
MOST_LEAVES = 3  # derivatives that are derived
LONGEST = 60  # operations of the formula
_WORDS: dict[str, Callable[..., Any]] = {
    "add": sp.Add, "mul": sp.Mul, "sub": lambda a, b: a - b, "div": lambda a, b: a / b, "neg": lambda a: -a,
    "pow": sp.Pow,
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "square": lambda a: a**2, "reciprocal": lambda a: 1 / a,
    "abs": sp.Abs,
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "asin": sp.asin, "acos": sp.acos, "atan": sp.atan, "sinh": sp.sinh,
    "cosh": sp.cosh, "tanh": sp.tanh, "sigmoid": lambda a: 1 / (1 + sp.exp(-a)), "log1p": lambda a: sp.log(1 + a),
    "expm1": lambda a: sp.exp(a) - 1, "clone": lambda a: a, "cast_to": lambda a: a, "relu": lambda a: sp.Max(a, 0),
    "sum": lambda a: a, "mean": lambda a: a, "erf": sp.erf, "softplus": lambda a: sp.log(1 + sp.exp(a)),
}  # fmt: skip


def show(document: Document, flow: Flow) -> None:
    """Add the formula, its derivatives and their agreement with the adjoints, when the program is scalar and short."""
    formula = formula_of(flow)
    if formula is None:
        return
    expr, symbols = formula
    head = tex(sp.Symbol(flow.root.name)) if flow.root.name else "L"
    document.add(Heading("The same as one formula"), Math(f"{head} = {tex(expr)}", sp.sstr(expr), role="reading"))
    values = {symbol: sp.Float(float(vertex.array.item()), 20) for vertex, symbol in symbols.items()}
    asked = [v for v in symbols if v.needs and v in flow.adjoints and symbols[v] in expr.free_symbols]
    for vertex in asked[:MOST_LEAVES]:
        symbol = symbols[vertex]
        derivation = differentiate(expr, symbol)
        simple = simplified(derivation.result)
        left = operator((symbol,), len(symbols) > 1, head)
        document.add(Math(f"{left} = {tex(simple)}", sp.sstr(simple), role="result"))
        document.add(Steps(steps(derivation, check_derivation(derivation), simple), f"${left}$ by the rules"))
        document.add(_agreement(left, simple, values, float(np.asarray(flow.adjoints[vertex]).item())))


def formula_of(flow: Flow) -> tuple[sp.Expr, dict[Vertex, sp.Symbol]] | None:
    """The root as an expression of the named leaves, or None when it is no short scalar program."""
    if len(flow.order) > MOST_STEPS or any(v.array.ndim or not np.isfinite(v.array) for v in flow.order):
        return None
    found: dict[Vertex, Any] = {}
    symbols: dict[Vertex, sp.Symbol] = {}
    followed: set[Vertex] = set()  # what the leaves that need a gradient went into, recorded or not
    for vertex in flow.order:
        if vertex.needs or any(arg in followed for arg in vertex.args if isinstance(arg, Vertex)):
            followed.add(vertex)
        # What no_grad kept from being recorded is a constant for the backward pass, so for the formula too.
        constant = vertex in followed and not vertex.needs
        if constant and not vertex.name:
            return None
        if vertex.op is None or constant:
            if vertex.name:
                symbols[vertex] = sp.Symbol(vertex.name, real=True)
            found[vertex] = symbols.get(vertex, _number(vertex.array.item()))
            continue
        word = _WORDS.get(vertex.op.name)
        if word is None:
            return None
        found[vertex] = word(*(found[arg] if isinstance(arg, Vertex) else _number(arg) for arg in vertex.args))
    expr = found[flow.root]
    repeated = len({symbol.name for symbol in symbols.values()}) < len(symbols)
    if repeated or sp.count_ops(expr) > LONGEST or not expr.free_symbols:
        return None
    return expr, symbols


def _number(value: Any) -> sp.Expr:
    """A number of the program as it was typed: whole numbers exactly, decimals as decimals."""
    value = float(value)
    return sp.Integer(int(value)) if value.is_integer() else sp.Rational(str(np.float32(value)))


def _agreement(left: str, derivative: sp.Expr, values: dict[sp.Symbol, sp.Expr], adjoint: float) -> Check:
    claim = f"${left}$ of the formula is the adjoint of the backward pass"
    number = sp.N(derivative.subs(values))
    if not number.is_number or not number.is_real or not np.isfinite(adjoint):
        return Check(claim, "no finite value to compare", "unchecked", test="points")
    error = abs(float(number) - adjoint) / max(abs(adjoint), 1e-12)
    verdict: Verdict = "passed" if error < 1e-4 else "failed"
    return Check(claim, "both at the program's numbers", verdict, error, 1e-4, test="points")
