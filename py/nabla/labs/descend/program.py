"""A pasted program of NumPy or SciPy: which function it minimises, from where, and which derivatives it gives."""

from __future__ import annotations

import ast
import functools
import re
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nabla.errors import Span, UserError
from nabla.labs.descend.branches import by_cases
from nabla.labs.descend.formula import TracedFormula, cases_of, number
from nabla.labs.descend.tracing import Branches, FormulaArray, math_table, numpy_table
from nabla.program.errors import Raised
from nabla.program.modules.scipy import SolverStandIn, standing_in
from nabla.program.objects import Supply
from nabla.program.run import Session, refusal
from nabla.program.source import Program, read
from nabla.read.formula import symbol

Floats = NDArray[np.float64]
MOST_VARIABLES = 60
_CODE = re.compile(r"^\s*(?:def |import |from \w|for |while |\w+ *= *lambda|@)|\breturn\b|\bminimize *\(", re.M)
_FUNCTION = re.compile(r"f|fun|func|function|objective|obj|loss|cost|energy|target|rosen\w*|fn|f_xy|J|goal", re.I)
_JACOBIAN = re.compile(r"jac|grad|der|fprime|df|dfdx|nabla|slope|deriv", re.I)
_HESSIAN = re.compile(r"hess|fprime2|d2f|ddf|second|^H$", re.I)


def is_program(text: str) -> bool:
    """Whether a text is a program rather than a formula."""
    return bool(_CODE.search(text))


@dataclass
class Attempt:
    """The result of calling a function of the program: a value, or how it failed."""

    value: Any = None
    raised: Raised | None = None


@dataclass(eq=False)
class OwnFunction:
    """A function of the program: its name, parameters and defaults as written, and how to find it in a run of it."""

    pick: Callable[[TracedRun], Any]
    name: str = ""
    node: ast.FunctionDef | ast.Lambda | None = None
    parameters: list[str] = field(default_factory=list)
    defaults: int = 0


@dataclass
class TracedRun:
    """A run of the program, in which solvers only take down what they are asked for."""

    session: Session
    names: dict[str, Any]
    calls: list[SolverStandIn]
    raised: Raised | None
    tracing: list[bool]


def _traced(program: Program) -> TracedRun:
    """Run the program, ready for formulas.

    Raises:
        UserError: something in it is not covered.
    """
    calls: list[SolverStandIn] = []
    tracing = [False]
    session = Session(program, Supply(), observer=Branches())
    supply = session.guard.supply
    array, mathematics = supply.modules["numpy"], supply.modules["math"]
    session.guard.supply |= Supply(
        modules={
            "numpy": lambda: numpy_table(array(), lambda: tracing[0]),
            "math": lambda: math_table(mathematics()),
        },
        types={FormulaArray: supply.types[np.ndarray], TracedFormula: frozenset({"shape", "ndim", "size", "copy"})},
    ) | standing_in(calls, session.guard)  # fmt: skip
    with np.errstate(all="ignore"):
        done = session.run()
    if done.gap is not None and not calls and not any(isinstance(v, types.FunctionType) for v in done.names.values()):
        raise refusal(program, done.gap)
    return TracedRun(session, done.names, calls, done.raised, tracing)


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
    done: TracedRun
    fun: OwnFunction | None = None
    jac: OwnFunction | None = None
    hess: OwnFunction | None = None
    start: Floats | None = None
    whole: bool = False
    call: SolverStandIn | None = None
    names: list[str] = field(default_factory=list)
    separate: bool = False

    def attempt(self, function: OwnFunction, x: Any, symbolic: bool = False) -> Attempt:
        """Call a function at x: an array, whose entries are handed over one by one when it takes them so.

        Raises:
            UserError: what is not understood or does too much; not what the program itself raises.
        """
        done = _traced(self.program) if symbolic or self.done.session.guard.gap is not None else self.done
        called = function.pick(done)
        given = tuple(x) if self.separate else (x,)
        extra = done.calls[0].args if self.call is not None and done.calls else ()
        done.tracing[0] = symbolic

        def once() -> Any:
            with np.errstate(all="ignore"):
                ended, value = done.session.call(called, *given, *extra)
            if ended.gap is not None:
                raise self._refused(ended.gap, function)
            if ended.raised is not None:
                raise _Ended(ended.raised)
            return value

        try:
            return Attempt(cases_of(by_cases(once)) if symbolic else once())
        except _Ended as end:
            return Attempt(raised=end.raised)
        except NotImplementedError as error:  # more ways than can be gone
            line = function.node.lineno if function.node is not None else 1
            raise UserError("not-covered", f"Line {line}: {error}.", span=self.program.line(line)) from None

    def _refused(self, gap: Any, function: OwnFunction) -> UserError:
        gap.line = gap.line or (function.node.lineno if function.node is not None else 1)
        error = refusal(self.program, gap)
        if error.span == Span(0, 0):
            error.span = self.program.line(gap.line)
        return error

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

    def _line_of(self, function: OwnFunction) -> int:
        return function.node.lineno if function.node is not None else 1


class _Ended(Exception):
    """What the program raised."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.message)
        self.raised = raised


def symbols_array(variables: list[sp.Symbol]) -> Any:
    """The variables as an array of formulas."""
    array = np.empty(len(variables), dtype=object)
    array[:] = [TracedFormula(v) for v in variables]
    return array.view(FormulaArray)


def read_program(text: str) -> Pasted:
    """Read and run a program, and find what it minimises.

    Raises:
        UserError: it is not understood, or there is no function in it.
    """
    program = read(text)
    done = _traced(program)
    pasted = Pasted(program, done)
    functions = {
        name: _own(program, value, functools.partial(_by_name, name), name)
        for name, value in done.names.items()
        if isinstance(value, types.FunctionType) and value.__globals__ is done.session.guard.env
    }
    if done.calls:
        _from_call(pasted, done.calls[0])
    for name, value in functions.items():
        if (pasted.fun is not None and value.node is pasted.fun.node) or not _fits(value, pasted):
            continue
        if pasted.hess is None and _HESSIAN.search(name):
            pasted.hess = value
        elif pasted.jac is None and _JACOBIAN.search(name) and not _HESSIAN.search(name):
            pasted.jac = value
    if pasted.fun is None:
        pasted.fun = _likely(functions, pasted)
    if pasted.fun is None and pasted.jac is None and pasted.hess is None:
        told = done.raised
        if told:
            raise UserError("value", f"Line {told.line}: {told.kind}: {told.message}", span=program.line(told.line))
        hint = "Define it, as def f(params): and below it a return."
        raise UserError("value", "There is no function here to be minimised.", hint=hint, span=Span(0, len(text)))
    if pasted.start is None:
        _start_by_name(pasted, done.names)
    _variables(pasted)
    return pasted


def _by_name(name: str, run: TracedRun) -> Any:
    return run.names[name]


def _own(program: Program, value: Any, pick: Callable[[TracedRun], Any], name: str = "") -> OwnFunction:
    """A function with what its definition in the program says."""
    code = getattr(value, "__code__", None)
    node = next((n for n in ast.walk(program.tree) if code is not None and _defines(n, code)), None)
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return OwnFunction(pick, name or getattr(value, "__name__", ""))
    listed = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    own = node.name if isinstance(node, ast.FunctionDef) else name or "<lambda>"
    return OwnFunction(pick, own, node, listed, len(node.args.defaults))


def _defines(node: ast.AST, code: types.CodeType) -> bool:
    names = list(code.co_varnames[: code.co_argcount])
    if isinstance(node, ast.FunctionDef):
        first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        return node.name == code.co_name and code.co_firstlineno in (first, node.lineno)
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno and names == [
            a.arg for a in node.args.args]  # fmt: skip
    return False


def _fits(function: OwnFunction, pasted: Pasted) -> bool:
    """Whether a function could be given what the objective is given: not one that needs more than it."""
    required = len(function.parameters) - function.defaults
    wanted = len(pasted.fun.parameters) - pasted.fun.defaults if pasted.fun is not None else 1
    extra = len(pasted.done.calls[0].args) if pasted.done.calls else 0
    return required <= max(wanted, 1 + extra) or (pasted.fun is None and not _TAKES_MORE & set(function.parameters))


_TAKES_MORE = frozenset(
    "f fun func grad alpha lr eta iterations num_iters n_iter max_iter tol steps h eps epochs".split()
)


def _likely(functions: dict[str, OwnFunction], pasted: Pasted) -> OwnFunction | None:
    taken = [f.node for f in (pasted.jac, pasted.hess) if f is not None]
    others = [f for f in functions.values() if f.node not in taken]
    by_name = [f for f in others if _FUNCTION.fullmatch(f.name)]
    return by_name[0] if by_name else others[-1] if others else None


def _from_call(pasted: Pasted, call: SolverStandIn) -> None:
    program = pasted.program
    pasted.call = call
    pasted.fun = _own(program, call.fun, lambda run: run.calls[0].fun) if callable(call.fun) else None
    if callable(call.jac):
        pasted.jac = _own(program, call.jac, lambda run: run.calls[0].jac)
    elif call.jac is True and pasted.fun is not None:
        pasted.jac = _own(program, call.fun, lambda run: _second_of(run.calls[0].fun))
    if callable(call.hess):
        pasted.hess = _own(program, call.hess, lambda run: run.calls[0].hess)
    pasted.start, pasted.whole = _numbers(call.start)


def _second_of(fun: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(fun)
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
    own = pasted.fun.parameters[:1] if pasted.fun is not None else []
    usual = ["x0", "initial_guess", "start", "guess", "init", "p0", "theta0", "params", "params0", "initial"]
    for name in [f"{p}{end}" for p in own for end in ("0", "_0", "_init")] + usual:
        if name in names and not callable(names[name]):
            pasted.start, pasted.whole = _numbers(names[name])
            if pasted.start is not None:
                return


def _variables(pasted: Pasted) -> None:
    """The variables' names: the function's parameters, or what its only one is unpacked into, else x1, x2, ..."""
    known = (pasted.fun, pasted.jac, pasted.hess)
    function = next((f for f in known if f is not None and f.node is not None), None)
    size = pasted.start.size if pasted.start is not None else 0
    if function is None:
        pasted.names = _numbered(size)
        return
    free = _free(function, len(pasted.call.args) if pasted.call else 0)
    required = free[: len(free) - function.defaults] or free[:1]
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


def _free(function: OwnFunction, extra: int) -> list[str]:
    """The parameters without the last `extra`, which `args=` of the call fills."""
    parameters = function.parameters[: max(len(function.parameters) - extra, 0)]
    return [name for name in parameters if name not in ("args", "self")]


def _entries(function: OwnFunction, name: str) -> tuple[list[str], int]:
    """The names that the parameter is unpacked into, and the highest index that is read of it, -1 for none."""
    unpacked: list[str] = []
    highest = -1
    for node in ast.walk(function.node or ast.Pass()):
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
