"""Derivatives given to a solver, beside differences of the function: `jac`, `fprime`, `Dfun` of any solver."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.labs.descend.functions import Floats, Function, differences, function_of
from nabla.program.modules.scipy import SolverCall
from nabla.program.run import Session

_NAMES = ("jac", "fprime", "Dfun")
CLOSE = 1e-4


@dataclass
class GivenDerivative:
    """The verdict on a derivative that was given: right, wrong or undecided; findings with component and line."""

    verdict: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def check(session: Session, call: SolverCall) -> GivenDerivative | None:
    """Compare the derivative of a call at its start and around it; None where none was given."""
    name = next((n for n in _NAMES if callable(call.arguments.get(n)) or call.arguments.get(n) is True), None)
    f = function_of(session, call)
    if name is None or f is None:
        return None
    both = call.arguments[name] is True
    start = next((call.arguments[n] for n in ("x0", "start") if n in call.arguments), None)
    try:
        x = np.atleast_1d(np.asarray(start, dtype=np.float64)).ravel()
    except (TypeError, ValueError):
        return None
    given = function_of(session, call, "" if both else name, second=both)
    line = _line(call.arguments.get("fun") if both else call.arguments[name])
    if given is None:
        return None
    rng = np.random.default_rng(0)
    points = [x, *(x + 0.3 * (1 + np.abs(x)) * rng.uniform(-1, 1, x.size) for _ in range(3))]
    pairs = [_pair(f, given, p) for p in points]
    known = [pair for pair in pairs if pair is not None]
    if not known:
        return GivenDerivative("undecided")
    wanted, got = known[0]
    if got.size == wanted.T.size and got.shape == wanted.T.shape != wanted.shape and call.arguments.get("col_deriv"):
        known = [(w, g.T) for w, g in known]
    elif got.size != wanted.size or (got.ndim == 2 and got.shape != wanted.shape and wanted.shape[0] > 1):
        return _of_shape(wanted, got, line)
    names = _variables(session, call, x.size)
    exact = np.array([w for w, _ in known])
    mine = np.array([g.reshape(w.shape) for w, g in known])
    made = GivenDerivative("right")
    for j in range(x.size):
        finding = _compared(exact[:, :, j], mine[:, :, j], names[j], line)
        if finding is not None:
            made.findings.append(finding[0])
            made.texts.append(finding[1])
            made.verdict = "wrong"
    return made


def _pair(f: Function, given: Function, p: Floats) -> tuple[Floats, Floats] | None:
    wanted, got = differences(f, p), given(p)
    if wanted is None or got is None or not np.isfinite(wanted).all():
        return None
    return wanted, got


def _of_shape(wanted: Floats, got: Floats, line: int) -> GivenDerivative:
    shape = (wanted.shape[1],) if wanted.shape[0] == 1 else wanted.shape
    turned = got.ndim == 2 and got.shape == wanted.T.shape
    kind = "transposed" if turned else "scalar-returned" if got.size == 1 else "wrong-shape"
    what = "is one number" if got.size == 1 else f"has the shape {got.shape}"
    rule = "one component a variable" if wanted.shape[0] == 1 else "a row a function and a column a variable"
    text = f"Your derivative {what}; it must have the shape {shape}, {rule}."
    return GivenDerivative("wrong", [{"kind": kind, "line": line}], [text])


def _compared(exact: Floats, mine: Floats, name: str, line: int) -> tuple[dict[str, Any], str] | None:
    """What is wrong with the derivatives by one variable, at all points and of all functions together."""
    a, b = exact.ravel(), mine.ravel()
    size = np.abs(a).max() + np.abs(b).max() + 1e-12
    if np.abs(a - b).max() <= CLOSE * size:
        return None
    ratio = float(b @ a) / float(a @ a) if float(a @ a) > 0 else 0.0
    if ratio and np.abs(b - ratio * a).max() <= CLOSE * size:
        if abs(ratio + 1) < 1e-3:
            kind, text = "sign", f"The derivative by {name} has the wrong sign everywhere."
        else:
            kind, text = "missing-factor", f"The derivative by {name} is {ratio:.4g} times what it should be."
    else:
        parts = exact.shape[1]
        wrong = [i + 1 for i in range(parts) if np.abs(exact[:, i] - mine[:, i]).max() > CLOSE * size]
        where = f" in function {', '.join(map(str, wrong))} of {parts}" if parts > 1 and len(wrong) < parts else ""
        kind, text = "differs", f"The derivative by {name} differs from the difference quotient{where}."
    return {"kind": kind, "component": name, "line": line}, text


def _line(function: Any) -> int:
    code = getattr(function, "__code__", None)
    return int(code.co_firstlineno) if code is not None else 0


def _variables(session: Session, call: SolverCall, n: int) -> list[str]:
    """The variables' names: what the function unpacks its parameter into, else the parameter with an index."""
    fun = next((call.arguments[k] for k in ("fun", "func", "f") if callable(call.arguments.get(k))), None)
    code = getattr(fun, "__code__", None)
    first = code.co_varnames[0] if code is not None and code.co_argcount else "x"
    for node in ast.walk(session.program.tree):
        if isinstance(node, ast.FunctionDef) and code is not None and node.name == code.co_name:
            for part in ast.walk(node):
                if isinstance(part, ast.Assign) and isinstance(part.value, ast.Name) and part.value.id == first:
                    items = [t.id for t in getattr(part.targets[0], "elts", []) if isinstance(t, ast.Name)]
                    if len(items) == n:
                        return items
    return [first] if n == 1 else [f"{first}[{i}]" for i in range(n)]
