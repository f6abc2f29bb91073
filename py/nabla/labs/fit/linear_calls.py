"""Calls that solve a linear least-squares problem: OLS and WLS of statsmodels, LinearRegression, lstsq.

statsmodels adds no constant by itself, `add_constant` does; scikit-learn has one unless `fit_intercept=False`.
"""

from __future__ import annotations

import ast
import re

import numpy as np

from nabla.labs.fit.bindings import bound_to, called
from nabla.labs.fit.call_data import array_of, name_of, take_data
from nabla.labs.fit.evaluate import values_before
from nabla.labs.fit.fitting_call import FitProgram, FittingCall
from nabla.program.source import Program
from nabla.sinusoid.times import Floats

_SHAPED = frozenset({"reshape", "to_frame", "add_constant", "array", "asarray", "c_"})
_FORMULA = re.compile(r"\s*(\w+)\s*~\s*(\w+)\s*(-\s*1|\+\s*0)?\s*")
_POWERS = 3  # of the axis in a matrix of columns


def least_squares_of(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """sm.OLS(y, X), sm.WLS(y, X, weights): through the origin where X has no constant."""
    if len(call.args) < 2:
        return None
    y, x = call.args[:2]
    matrix = bound_to(program.tree, x, call.line + 1)
    constant = called(matrix) == "add_constant"
    inside = _inside(program, x, call.line + 1)
    weights = call.args[2] if len(call.args) > 2 else call.named.get("weights", ast.Constant(None))
    ran = values_before(program, call.line, [inside, y, weights])
    ran.values[0] = _column(ran.values[0])
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=_line(constant))
    take_data(found, program, ran, inside, y)
    weight = array_of(ran.values[2])
    if weight is not None and found.y is not None and weight.size == found.y.size and np.all(weight > 0):
        found.error = 1 / np.sqrt(weight)
    return found


def formula_of(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """smf.ols("y ~ x", data=df): with a constant, unless the formula takes it away."""
    told = call.args[0] if call.args else call.named.get("formula")
    read = _FORMULA.fullmatch(told.value) if isinstance(told, ast.Constant) and isinstance(told.value, str) else None
    table = call.args[1] if len(call.args) > 1 else call.named.get("data")
    if read is None or table is None:
        return None
    columns: list[ast.expr] = [ast.Subscript(table, ast.Constant(name), ast.Load()) for name in (read[2], read[1])]
    held = bound_to(program.tree, table, call.line + 1)
    given = held.args[0] if called(held) == "DataFrame" and isinstance(held, ast.Call) and held.args else held
    if isinstance(given, ast.Dict):
        by_name = {k.value: v for k, v in zip(given.keys, given.values, strict=True) if isinstance(k, ast.Constant)}
        columns = [by_name.get(name, column) for name, column in zip((read[2], read[1]), columns, strict=True)]
    ran = values_before(program, call.line, columns)
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=_line(not read[3]))
    take_data(found, program, ran, *columns)
    found.x_name, found.y_name = read[2], read[1]
    return found


def regression_of(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """LinearRegression().fit(X, y) with one column in X."""
    made = next((c for c in calls if c.name == "LinearRegression"), None)
    fitted = next((c for c in calls if c.name == "fit" and len(c.args) >= 2), None)
    if made is None or fitted is None:
        return None
    wanted = made.named.get("fit_intercept")
    constant = not (isinstance(wanted, ast.Constant) and wanted.value is False)
    x, y = fitted.args[:2]
    inside = _inside(program, x, fitted.line)
    ran = values_before(program, fitted.line, [x, y])
    ran.values = [_column(value) for value in ran.values]
    found = FitProgram(program.source, fitted, calls=calls, names=ran.names, form=_line(constant))
    take_data(found, program, ran, inside, y)
    return found


def matrix_of(program: Program, calls: list[FittingCall], call: FittingCall) -> FitProgram | None:
    """np.linalg.lstsq(A, y), where the columns of A are powers of one of them."""
    if len(call.args) < 2:
        return None
    ran = values_before(program, call.line, call.args[:2])
    try:
        matrix = np.asarray(ran.values[0], dtype=float)
    except (TypeError, ValueError):
        return None
    if matrix.ndim != 2 or matrix.shape[0] <= matrix.shape[1]:
        return None
    axis = next((column for column in matrix.T if np.ptp(column) > 0 and _powers(matrix, column)), None)
    if axis is None:
        return None
    powers = _powers(matrix, axis)
    names = [f"p{i}" for i in range(len(powers))]
    terms = [f"{name}*x**{k}" if k else name for name, k in zip(names, powers, strict=True)]
    form = f"f(x, {', '.join(names)}) = {' + '.join(terms)}"
    found = FitProgram(program.source, call, calls=calls, names=ran.names, form=form)
    ran.values[0] = axis
    take_data(found, program, ran, _axis(ran.names, axis), call.args[1])
    return found


def _powers(matrix: Floats, axis: Floats) -> list[int]:
    """Which power of the axis each column of a matrix is; none where one is another thing."""
    told = [next((k for k in range(_POWERS + 1) if np.allclose(column, axis**k)), -1) for column in matrix.T]
    return told if -1 not in told and len(set(told)) == len(told) else []


def _axis(names: dict[str, object], axis: Floats) -> ast.expr:
    """The name of the axis in the program."""
    arrays = {name: array_of(value) for name, value in names.items() if isinstance(value, np.ndarray | list)}
    known = (n for n, a in arrays.items() if a is not None and a.shape == axis.shape and np.array_equal(a, axis))
    return ast.Name(next(known, "x"), ast.Load())


def _inside(program: Program, expression: ast.expr, line: int) -> ast.expr:
    """What was made a column of: x in `x.reshape(-1, 1)`, `x[:, None]`, `sm.add_constant(x)`, by its name."""
    while True:
        value = bound_to(program.tree, expression, line)
        if called(value) in _SHAPED and isinstance(value, ast.Call):
            of = (
                value.func.value
                if called(value) in ("reshape", "to_frame") and isinstance(value.func, ast.Attribute)
                else None
            )
            inner = of or (value.args[0] if value.args else None)
            if called(value) in ("array", "asarray") or inner is None or name_of(inner, "") in ("np", ""):
                return expression
            expression = inner
        elif (
            isinstance(value, ast.Subscript)
            and isinstance(value.value, ast.Name)
            and isinstance(value.slice, ast.Tuple)
        ):
            expression = value.value
        else:
            return expression


def _column(value: object) -> object:
    """A matrix of one column as that column."""
    if isinstance(value, list | np.ndarray) and len(value):
        array = np.asarray(value, dtype=object)
        return array.ravel().tolist() if array.ndim == 2 and 1 in array.shape else value
    return value


def _line(constant: bool) -> str:
    return "f(x, slope, intercept) = slope*x + intercept" if constant else "f(x, slope) = slope*x"
