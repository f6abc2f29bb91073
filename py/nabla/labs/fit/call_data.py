"""The data of a call in a program: its arrays, their names, and where they come from when they are not there."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from nabla.labs.fit.evaluate import Evaluated, column_of
from nabla.labs.fit.fitting_call import Elsewhere, FitProgram
from nabla.program.source import Program
from nabla.sinusoid.times import Floats


def array_of(value: Any) -> Floats | None:
    """A sequence of real numbers as an array, None for anything else."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None
    return array if array.ndim == 1 and array.size else None


def name_of(expression: ast.expr, otherwise: str) -> str:
    """The name that an expression is."""
    return expression.id if isinstance(expression, ast.Name) else otherwise


def take_data(found: FitProgram, program: Program, ran: Evaluated, x: ast.expr, y: ast.expr) -> None:
    """The data of a call, whose x and y are the first two of what was evaluated; or where they come from."""
    found.x, found.y = array_of(ran.values[0]), array_of(ran.values[1])
    found.x_name, found.y_name = name_of(x, "x"), name_of(y, "y")
    if found.y is None or found.x is None:
        found.x = found.y = None
        found.missing = Elsewhere(ran.stopped, program.text.split("\n")[max(ran.stopped, 1) - 1].strip())
        columns = [column_of(program.tree, expression) for expression in (x, y)]
        found.columns = ", ".join(columns) if all(columns) else ""
