"""A program that fits or transforms data, read for what it fits: its data, its model, its start.

The program runs up to the call that matters, behind the guard; the call itself is ours to make, from a start of ours.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nabla.errors import UserError
from nabla.program import source
from nabla.program.run import run
from nabla.program.source import Program
from nabla.read.data.rate import Sampling, sampling_of
from nabla.sinusoid.times import Floats

FITS = frozenset({"curve_fit"})
SPECTRA = frozenset({"fft", "rfft", "periodogram", "welch", "lombscargle"})
_CAPTURED = "_argument"


@dataclass(frozen=True, slots=True)
class FittingCall:
    """One call of a function by name: its line and its arguments."""

    name: str
    line: int
    args: list[ast.expr]
    named: dict[str, ast.expr]


@dataclass(slots=True)
class FitProgram:
    """What a program fits.

    `x` and `y` (n,) are its data where it has them, with their names; `form` its model as a formula with a head and
    `start` its p0, for `curve_fit`; `names` what it had bound before the call; `sampling` where it says how often
    samples were taken.
    """

    code: str
    call: FittingCall
    x: Floats | None = None
    y: Floats | None = None
    x_name: str = "x"
    y_name: str = "y"
    form: str = ""
    start: list[float] | None = None
    names: dict[str, Any] = field(default_factory=dict)
    sampling: Sampling | None = None
    calls: list[FittingCall] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether it fits a model of its own."""
        return bool(self.form)

    def data(self) -> str:
        """Its data as text, "" where it has none."""
        if self.y is None:
            return ""
        listed = [f"{self.y_name} = {self.y.tolist()}"]
        if self.x is not None:
            listed.insert(0, f"{self.x_name} = {self.x.tolist()}")
        return "\n".join(listed)


def read_program(code: str) -> FitProgram | None:
    """The program's fit or transform; None when it has neither.

    Raises:
        UserError: when the program cannot be read.
    """
    program = source.read(code)
    calls = _calls(program.tree)
    call = next((c for c in calls if c.name in FITS and len(c.args) >= 3), None)
    call = call or next((c for c in calls if c.name in SPECTRA and c.args), None)
    if call is None:
        return None
    found = FitProgram(code, call, calls=calls)
    wanted = [*call.args[1:3], call.named.get("p0", ast.Constant(None))] if call.name in FITS else call.args[:2]
    values, found.names = _before(program, call, wanted)
    if call.name in FITS:
        found.form = _form(program.tree, call.args[0], found.names)
        if not found.form:
            return None
        found.x, found.y, p0 = _array(values[0]), _array(values[1]), _array(values[2])
        found.start = None if p0 is None else p0.tolist()
        found.x_name, found.y_name = _named(call.args[1], "x"), _named(call.args[2], "y")
    else:
        found.y = _array(values[-1] if call.name == "lombscargle" else values[0])
        found.y_name = _named(call.args[-1 if call.name == "lombscargle" else 0], "y")
        _take_times(found)
    return found


def _calls(tree: ast.AST) -> list[FittingCall]:
    """All calls by a plain or dotted name, in order."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            found.append(FittingCall(name, node.lineno, node.args, named))
    return sorted(found, key=lambda call: call.line)


def _before(program: Program, call: FittingCall, wanted: list[ast.expr]) -> tuple[list[Any], dict[str, Any]]:
    """What expressions are worth just before the call, and the names bound by then; None for what is not there."""
    place = next(
        (i for i, node in enumerate(program.tree.body) if node.lineno <= call.line <= (node.end_lineno or 0)), 0
    )
    body = program.tree.body[:place]
    at = program.tree.body[place] if program.tree.body else None
    for i, expression in enumerate(wanted):
        assigned = ast.Assign([ast.Name(f"{_CAPTURED}{i}", ast.Store())], copy.deepcopy(expression))
        body.append(ast.fix_missing_locations(ast.copy_location(assigned, at) if at else assigned))
    try:
        names = run(replace(program, tree=ast.Module(body, []))).names
    except UserError:
        names = {}
    values = [names.pop(f"{_CAPTURED}{i}", None) for i in range(len(wanted))]
    return values, names


def _array(value: Any) -> Floats | None:
    """A sequence of real numbers as an array, None for anything else."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None
    return array if array.ndim == 1 and array.size else None


def _named(expression: ast.expr, otherwise: str) -> str:
    return expression.id if isinstance(expression, ast.Name) else otherwise


def _form(tree: ast.Module, function: ast.expr, names: dict[str, Any]) -> str:
    """A function of the program as a formula with a head, `f(x, a, b) = a*x + b`; "" when it is more than that."""
    node: ast.AST | None = function if isinstance(function, ast.Lambda) else None
    if isinstance(function, ast.Name):
        for other in ast.walk(tree):
            if isinstance(other, ast.FunctionDef) and other.name == function.id:
                node = other
            elif isinstance(other, ast.Assign) and isinstance(other.value, ast.Lambda):
                targets = [t.id for t in other.targets if isinstance(t, ast.Name)]
                node = other.value if function.id in targets else node
    if not isinstance(node, ast.Lambda | ast.FunctionDef) or node.args.vararg or node.args.kwonlyargs:
        return ""
    arguments = [argument.arg for argument in node.args.args]
    body = node.body if isinstance(node, ast.Lambda) else _returned(node)
    if body is None:
        return ""
    numbers = {name: value for name, value in names.items() if name not in arguments and isinstance(value, int | float)}
    body = _Substituted({name: ast.Constant(float(value)) for name, value in numbers.items()}).visit(
        copy.deepcopy(body)
    )
    return f"f({', '.join(arguments)}) = {ast.unparse(body)}"


def _returned(function: ast.FunctionDef) -> ast.expr | None:
    """What a function of plain assignments returns, with these put in; None for any other function."""
    local: dict[str, ast.expr] = {}
    for node in function.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Return) and node.value is not None:
            return _put_in(node.value, local)
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
            return None
        local[node.targets[0].id] = _put_in(node.value, local)
    return None


def _put_in(expression: ast.expr, local: dict[str, ast.expr]) -> ast.expr:
    made: ast.expr = _Substituted(local).visit(copy.deepcopy(expression))
    return made


class _Substituted(ast.NodeTransformer):
    """Names replaced by what they stand for."""

    def __init__(self, meaning: dict[str, Any]) -> None:
        self.meaning = meaning

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """What the name stands for, or itself."""
        made: ast.expr = copy.deepcopy(self.meaning.get(node.id, node))
        return made


def _take_times(found: FitProgram) -> None:
    """When the samples were taken: an even, ascending array of their number, or a rate or step by name."""
    if found.y is None:
        return
    is_axis: Callable[[Floats], bool] = lambda a: bool(np.all(np.diff(a) > 0))  # noqa: E731
    for name, value in found.names.items():
        array = _array(value) if isinstance(value, np.ndarray | list | tuple) else None
        if array is not None and array.size == found.y.size and array is not found.y and is_axis(array):
            found.x, found.x_name = array, name
            return
    scalars = {
        name: float(v) for name, v in found.names.items() if isinstance(v, int | float) and not isinstance(v, bool)
    }
    found.sampling = next((s for name, value in scalars.items() if (s := sampling_of(name, value))), None)
