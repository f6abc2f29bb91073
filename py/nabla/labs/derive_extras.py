"""derive: pictures and programs. What is drawn and what is exported for each kind of answer is called from here."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.curves import curve, visible_range, window
from nabla.document import Code, Document, Heading, Plot, Source
from nabla.labs.derive_question import Question
from nabla.marks import Axis, Dots, Handle, Line
from nabla.write.code import derivative_code
from nabla.write.notation import operator, point, tex

Result: TypeAlias = sp.Expr | list[sp.Expr] | list[list[sp.Expr]]


def show_pictures(document: Document, question: Question, result: Result) -> None:
    """Draw the answer. `result` is the derivative, or nested lists of components (see `Question.what`)."""
    if question.what == "derivative" and isinstance(result, sp.Expr):
        _show_plot(document, question, result)


def show_programs(document: Document, question: Question, result: Result) -> None:
    """Write the answer as programs. `result` as for `show_pictures`."""
    sources = _programs(question, result)
    if sources:
        document.add(Heading("Code"), Code(sources))


def _programs(question: Question, result: Result) -> list[Source]:
    """Each kind of answer as `derivative_code` takes it."""
    functions = [reading.expr for reading in question.functions]
    variable = tex(question.wrt[0])
    match question.what:
        case "gradient" | "jacobian" | "hessian":
            return derivative_code(functions, result, question.wrt, question.at, question.what)
        case "derivative" if len(functions) == 1:
            left = operator(question.wrt, question.partial, question.name)
            return derivative_code(functions, result, question.wrt, question.at, left=left)
        case "derivative" if len(question.wrt) == 1 and isinstance(result, list):
            rows = [entry if isinstance(entry, list) else [entry] for entry in result]
            return derivative_code(functions, rows, question.wrt, question.at, "jacobian")
        case "directional" if isinstance(result, sp.Expr):
            return derivative_code(functions, result, question.wrt, question.at, "formula")
        case "total" if isinstance(result, sp.Expr):
            whole = question.f.subs(dict(question.path), simultaneous=True)
            left = operator(question.wrt, False, question.name)
            return derivative_code(whole, result, question.wrt, question.at, left=left)
        case "implicit" | "parametric" if isinstance(result, list):
            asked = result[question.order - 1]
            below, above = (variable, str(question.unknown)) if question.what == "implicit" else question.names
            symbols = [sp.Symbol(below)] * question.order
            left = operator(symbols, False, above)
            if isinstance(asked, sp.Expr):
                return derivative_code([], asked, question.wrt[:1], question.at, "formula", left)
    return []


def _show_plot(document: Document, question: Question, derivative: sp.Expr) -> None:
    variable = question.wrt[-1]
    others = [symbol for symbol in question.symbols if symbol != variable]
    if not (has_values(question.f) and has_values(derivative)) or any(symbol not in question.at for symbol in others):
        return
    fixed = {symbol: float(question.at[symbol]) for symbol in others}
    here = float(question.at[variable]) if variable in question.at else None
    low, high = window(question.f, variable, fixed, here)
    curves = [curve(expr, variable, fixed, low, high) for expr in (question.f, derivative)]
    labels = [f"${question.name}$", f"${operator(question.wrt, question.partial, question.name)}$"]
    marks: list[Line | Dots] = [
        Line(x, y, label, color=i) for i, ((x, y), label) in enumerate(zip(curves, labels, strict=True))
    ]
    heights: list[float] = []
    handles: list[Handle] = []
    if here is not None:
        values = [float(evaluate(expr, {**fixed, variable: here})) for expr in (question.f, derivative)]
        heights = [value for value in values if np.isfinite(value)]
        marks += [
            Dots(np.array([here]), np.array([value]), color=i) for i, value in enumerate(values) if np.isfinite(value)
        ]
        if heights:
            rest = [f"{symbol.name}={sp.sstr(value)}" for symbol, value in question.at.items() if symbol != variable]
            template = ",".join([f"{variable.name}={{x}}", *rest])
            handles = [Handle(here, heights[0], "at", template, label=variable.name)]
    shown = visible_range(curves, heights)
    if shown is None:
        return
    where = f" at ${point({symbol: question.at[symbol] for symbol in others})}$" if others else ""
    summary = f"The function and its derivative for ${tex(variable)}$ from {low:g} to {high:g}{where}."
    axis = Axis(label=f"${tex(variable)}$", domain=(low, high))
    document.add(Plot(list(marks), summary, x=axis, y=Axis(domain=shown), handles=handles))
