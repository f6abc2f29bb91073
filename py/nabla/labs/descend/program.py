"""A pasted program of NumPy or SciPy: which function it minimises, from where, and which derivatives it gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.errors import Span, UserError
from nabla.labs.descend.formula import TracedFormula, number
from nabla.labs.descend.names import Call, Found, runner
from nabla.labs.descend.runner import Runner
from nabla.program.walker.syntax import Program, read
from nabla.program.walker.values import Function, Raised
from nabla.read.formula import symbol

Floats = NDArray[np.float64]
MOST_VARIABLES = 60
_CODE = re.compile(r"^\s*(?:def |import |from \w|for |while |\w+ *= *lambda|@)|\breturn\b|\bminimize *\(", re.M)
_FUNCTION = re.compile(r"f|fun|func|function|objective|obj|loss|cost|energy|target|rosen\w*|fn|f_xy|J|goal", re.I)
_JACOBIAN = re.compile(r"jac|grad|der|fprime|df|dfdx|nabla|slope|deriv", re.I)
_HESSIAN = re.compile(r"hess|fprime2|d2f|ddf|second|^H$", re.I)
_MISTAKES = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, NameError, AssertionError,
             RuntimeError)  # fmt: skip


def is_program(text: str) -> bool:
    """Whether a text is a program rather than a formula."""
    return bool(_CODE.search(text))


@dataclass
class Attempt:
    """The result of calling a function of the program: a value, or how it failed."""

    value: Any = None
    raised: Raised | None = None


@dataclass
class Pasted:
    """A program as understood.

    Attributes:
        fun, jac, hess: functions of the program; `jac` of a pair when `fun` returns value and gradient together.
        start: the initial guess as written, floats; `whole` when it holds whole numbers only.
        call: the call of minimize, if there is one.
        names: of the variables, as the function unpacks them.
    """

    program: Program
    run: Runner
    found: Found
    fun: Callable[..., Any] | None = None
    jac: Callable[..., Any] | None = None
    hess: Callable[..., Any] | None = None
    start: Floats | None = None
    whole: bool = False
    call: Call | None = None
    names: list[str] = field(default_factory=list)
    separate: bool = False
    raised: Raised | None = None

    def attempt(self, function: Callable[..., Any], x: Any, symbolic: bool = False) -> Attempt:
        """Call a function at x: an array, whose entries are handed over one by one when it takes them so.

        Raises:
            UserError: what is not understood or does too much; not what the program itself raises.
        """
        self.found.symbolic = symbolic
        self.run.steps = 0
        if isinstance(function, Function):
            self.run.line = function.node.lineno
        given = tuple(x) if self.separate else (x,)
        try:
            with np.errstate(all="ignore"):
                return Attempt(function(*given, *(self.call.args if self.call else ())))
        except RecursionError:
            raise self._error("too-deep", "functions call each other too deeply") from None
        except NotImplementedError as error:
            raise self._error("forbidden", str(error)) from None
        except MemoryError as error:
            raise self._error("too-big", str(error)) from None
        except UserError as error:
            if error.span == Span(0, 0):
                error.span = self.program.line(self.run.line)
            raise
        except _MISTAKES as error:
            text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
            return Attempt(raised=Raised(type(error).__name__, text, self.run.line))
        finally:
            self.found.symbolic = False

    def _error(self, code: str, text: str) -> UserError:
        line = self.run.line
        return UserError(code, f"Line {line}: {text}.", span=self.program.line(line))

    def expression(self, variables: list[sp.Symbol]) -> sp.Expr:
        """What `fun` computes, as an expression.

        Raises:
            UserError: it fails, or gives something else than a number.
        """
        if self.fun is None:
            raise UserError("value", "There is no function here to be minimised.", span=Span(0, 0))
        outcome = self.attempt(self.fun, symbols_array(variables), symbolic=True)
        if outcome.raised:
            told = outcome.raised
            message = f"Line {told.line}: the function raises {told.kind}: {told.message}"
            raise UserError("value", message, span=self.program.line(told.line))
        value = outcome.value
        if self.call is not None and self.call.jac is True and isinstance(value, (tuple, list)) and len(value) == 2:
            value = value[0]
        if isinstance(value, np.ndarray) and value.size == 1:
            value = value.ravel()[0]
        if isinstance(value, TracedFormula):
            return value.expr
        if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            return number(value)
        kinds = {str: "a text", type(None): "nothing", np.ndarray: "an array", list: "a list", tuple: "a tuple"}
        kind = kinds.get(type(value), f"a {type(value).__name__}")
        hint = "It must return a number." if value is not None else "It needs a return."
        raise UserError("value", f"The function returns {kind}, not a number.", hint=hint,
                        span=self.program.line(self._line_of(self.fun)))  # fmt: skip

    def _line_of(self, function: Any) -> int:
        return function.node.lineno if isinstance(function, Function) else 1


def symbols_array(variables: list[sp.Symbol]) -> Any:
    """The variables as an array of formulas."""
    array = np.empty(len(variables), dtype=object)
    array[:] = [TracedFormula(v) for v in variables]
    return array


def read_program(text: str) -> Pasted:
    """Read and run a program, and find what it minimises.

    Raises:
        UserError: it is not understood, or there is no function in it.
    """
    program = read(text)
    found = Found()
    pasted = Pasted(program, runner(program, found), found)
    try:
        pasted.run.run()
    except Raised as raised:
        pasted.raised = raised
    names = pasted.run.scope.names
    functions = {name: value for name, value in names.items() if isinstance(value, Function)}
    if found.calls:
        _from_call(pasted, found.calls[0])
    for name, value in functions.items():
        if pasted.hess is None and _HESSIAN.search(name) and value is not pasted.fun:
            pasted.hess = value
        elif pasted.jac is None and _JACOBIAN.search(name) and not _HESSIAN.search(name) and value is not pasted.fun:
            pasted.jac = value
    if pasted.fun is None:
        pasted.fun = _likely(functions, pasted)
    if pasted.fun is None and pasted.jac is None and pasted.hess is None:
        told = pasted.raised
        if told:
            raise UserError("value", f"Line {told.line}: {told.kind}: {told.message}", span=program.line(told.line))
        hint = "Define it, as def f(params): and below it a return."
        raise UserError("value", "There is no function here to be minimised.", hint=hint, span=Span(0, len(text)))
    if pasted.start is None:
        _start_by_name(pasted, names)
    _variables(pasted)
    return pasted


def _likely(functions: dict[str, Function], pasted: Pasted) -> Function | None:
    others = [f for f in functions.values() if f is not pasted.jac and f is not pasted.hess]
    by_name = [f for f in others if _FUNCTION.fullmatch(f.name)]
    return by_name[0] if by_name else others[-1] if others else None


def _from_call(pasted: Pasted, call: Call) -> None:
    pasted.call, pasted.fun = call, call.fun
    if callable(call.jac):
        pasted.jac = call.jac
    elif call.jac is True:
        pasted.jac = _second_of(call.fun)
    if callable(call.hess):
        pasted.hess = call.hess
    pasted.start, pasted.whole = _numbers(call.start)


def _second_of(fun: Callable[..., Any]) -> Callable[..., Any]:
    def second(*args: Any) -> Any:
        pair = fun(*args)
        return pair[1] if isinstance(pair, (tuple, list)) and len(pair) == 2 else pair

    return second


def _numbers(start: Any) -> tuple[Floats | None, bool]:
    try:
        array = np.atleast_1d(np.asarray(start, dtype=float)).ravel()
    except (TypeError, ValueError):
        return None, False
    return array, bool(np.asarray(start).dtype.kind in "iu")


def _start_by_name(pasted: Pasted, names: dict[str, Any]) -> None:
    own = pasted.fun.parameters[:1] if isinstance(pasted.fun, Function) else []
    usual = ["x0", "initial_guess", "start", "guess", "init", "p0", "theta0", "params", "params0", "initial"]
    for name in [f"{p}{end}" for p in own for end in ("0", "_0", "_init")] + usual:
        if name in names and not isinstance(names[name], Function):
            pasted.start, pasted.whole = _numbers(names[name])
            if pasted.start is not None:
                return


def _variables(pasted: Pasted) -> None:
    """The variables' names: the function's parameters, or what its only one is unpacked into, else x1, x2, ..."""
    function = next((f for f in (pasted.fun, pasted.jac, pasted.hess) if isinstance(f, Function)), None)
    size = pasted.start.size if pasted.start is not None else 0
    if function is None:
        pasted.names = _numbered(size)
        return
    free = _free(function, len(pasted.call.args) if pasted.call else 0)
    required = free[: len(free) - len(function.defaults)] or free[:1]
    if len(required) > 1:
        pasted.separate, pasted.names = True, required
        return
    name = free[0] if free else ""
    unpacked, highest = _entries(function, name)
    if unpacked and size in (0, len(unpacked)) and len(set(unpacked)) == len(unpacked):
        stripped = [n.rstrip("_") or n for n in unpacked]
        pasted.names = stripped if len(set(stripped)) == len(unpacked) else unpacked
    elif size > 1 or highest >= 0:
        pasted.names = _numbered(size or highest + 1)
    else:
        pasted.names = [name or "x"] if size else [name] if name else []
    if len(pasted.names) > MOST_VARIABLES:
        message = f"There are {len(pasted.names)} variables; up to {MOST_VARIABLES} are handled."
        raise UserError("too-big", message, span=Span(0, len(pasted.program.source)))


def _numbered(count: int) -> list[str]:
    return [f"x{i + 1}" for i in range(count)]


def _free(function: Function, extra: int) -> list[str]:
    """The parameters without the last `extra`, which `args=` of the call fills."""
    parameters = function.parameters[: max(len(function.parameters) - extra, 0)]
    return [name for name in parameters if name not in ("args", "self")]


def _entries(function: Function, name: str) -> tuple[list[str], int]:
    """The names that the parameter is unpacked into, and the highest index that is read of it, -1 for none."""
    unpacked: list[str] = []
    highest = -1
    for node in ast.walk(function.node):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == name:
            for target in node.targets:
                if isinstance(target, (ast.Tuple, ast.List)) and all(isinstance(t, ast.Name) for t in target.elts):
                    unpacked = [t.id for t in target.elts if isinstance(t, ast.Name)]
        elif _is_entry(node, name):
            highest = max(highest, node.slice.value)  # type: ignore[attr-defined]
    return unpacked, highest


def _is_entry(node: ast.AST, name: str) -> bool:
    """Whether a node is `name[0]` or the like."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == name):
        return False
    return isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)


def variables_of(pasted: Pasted) -> list[sp.Symbol]:
    """The symbols of a program's variables."""
    return [symbol(name) for name in pasted.names]
