"""derive: pictures and programs. What is drawn and what is exported for each kind of answer is called from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import sympy as sp

from nabla.answer.document import Code, Document, Heading, Plot, Source
from nabla.calculus.rules import differentiate, simplified
from nabla.labs.derive.maps import plot_of_curve, plot_of_equation, plot_of_grid, plot_of_levels
from nabla.labs.derive.plots import Scene, plot_of_one, successive
from nabla.labs.derive.programs import derivative_code
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import operator, tex

Result: TypeAlias = sp.Expr | list[sp.Expr] | list[list[sp.Expr]]


def show_pictures(document: Document, question: DeriveQuestion, result: Result) -> None:
    """Draw the answer. `result` is the derivative, or nested lists of components (see `Question.what`)."""
    plot = _picture(question, result)
    if plot:
        document.add(plot)


def _picture(question: DeriveQuestion, result: Result) -> Plot | None:
    """Each kind of answer has a picture of its own; None where there is nothing that a plane could show."""
    functions = [reading.expr for reading in question.functions]
    variables = list(dict.fromkeys(question.wrt))
    match question.what:
        case "derivative" if isinstance(result, sp.Expr):
            scene = Scene(question.f, variables[-1], question.at, question.name)
            return plot_of_one(scene, successive(question.f, question.wrt, result, question.name))
        case "total" if isinstance(result, sp.Expr):
            scene = Scene(question.f.subs(dict(question.path), simultaneous=True), variables[0], question.at)
            return plot_of_one(scene, [(result, f"${operator(question.wrt, False, question.name)}$")])
        case "gradient" | "hessian" | "directional" if len(functions) == 1:
            return _levels(question, variables)
        case "jacobian" if len(functions) == len(variables) == 2 and isinstance(result, list):
            return plot_of_grid(functions, _rows(result), (variables[0], variables[1]), question.at)
        case "implicit" if isinstance(result, list) and question.unknown is not None:
            slope = result[0]
            pair = (variables[0], question.unknown)
            return plot_of_equation(question.f, slope, pair, question.at) if isinstance(slope, sp.Expr) else None
        case "parametric":
            speeds = [simplified(differentiate(expr, variables[0]).result) for expr in functions]
            return plot_of_curve(functions, speeds, variables[0], question.names, question.at)
    return None


def _rows(result: Sequence[sp.Expr | list[sp.Expr]]) -> list[list[sp.Expr]]:
    return [row if isinstance(row, list) else [row] for row in result]


def _levels(question: DeriveQuestion, variables: Sequence[sp.Symbol]) -> Plot | None:
    """Over two variables their levels; over one its curve; of more than two the first two are drawn."""
    gradient = [simplified(differentiate(question.f, symbol).result) for symbol in variables]
    if len(variables) == 1:
        scene = Scene(question.f, variables[0], question.at, question.name)
        return plot_of_one(scene, successive(question.f, variables, gradient[0], question.name))
    length = sum(float(component) ** 2 for component in question.direction) ** 0.5
    direction = [float(component) / length for component in question.direction] if len(variables) == 2 else []
    pair = (variables[0], variables[1])
    return plot_of_levels(question.f, gradient[:2], pair, question.at, question.name, direction)


def show_programs(document: Document, question: DeriveQuestion, result: Result) -> None:
    """Write the answer as programs. `result` as for `show_pictures`."""
    sources = _programs(question, result)
    if sources:
        document.add(Heading("Code", role="program"), Code(sources))


def _programs(question: DeriveQuestion, result: Result) -> list[Source]:
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
