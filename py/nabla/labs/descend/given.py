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
CLOSE = 1e-6  # of the size of a derivative, beside what differences themselves may be off


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
    if (odd := _of_pairs(session, call, name, x)) is not None:
        return odd
    given = function_of(session, call, "" if both else name, second=both)
    line = line_of_function(call.arguments.get("fun") if both else call.arguments[name])
    if given is None:
        return None
    rng = np.random.default_rng(0)
    points = [x, *(x + 0.3 * (1 + np.abs(x)) * rng.uniform(-1, 1, x.size) for _ in range(3))]
    pairs = [_pair(f, given, p) for p in points]
    known = [pair[:2] for pair in pairs if pair is not None]
    if not known:
        return GivenDerivative("undecided")
    wanted, got = known[0]
    off = max(pair[2] for pair in pairs if pair is not None)
    if got.size == wanted.T.size and got.shape == wanted.T.shape != wanted.shape and call.arguments.get("col_deriv"):
        known = [(w, g.T) for w, g in known]
    elif got.size != wanted.size or (got.ndim == 2 and got.shape != wanted.shape and wanted.shape[0] > 1):
        return _of_shape(wanted, got, line)
    if wanted.shape[0] == x.size > 1 and _is_transposed(known, off):
        text = (
            "Your Jacobian is transposed: a row belongs to a function and a column to a variable; yours has it the "
            "other way round."
        )
        return GivenDerivative("wrong", [{"kind": "transposed", "line": line}], [text])
    names = variables(session, call, x.size)
    exact = np.array([w for w, _ in known])
    mine = np.array([g.reshape(w.shape) for w, g in known])
    made = GivenDerivative("right")
    for j in range(x.size):
        finding = compared(exact[:, :, j], mine[:, :, j], names[j], line, off)
        if finding is not None:
            made.findings.append(finding[0])
            made.texts.append(finding[1])
            made.verdict = "wrong"
    return made


def _is_transposed(pairs: list[tuple[Floats, Floats]], off: float) -> bool:
    """Whether all Jacobians are the transposed ones, and not the right ones as well."""
    same = [np.allclose(g.reshape(w.shape), w, rtol=CLOSE, atol=off + CLOSE) for w, g in pairs]
    turned = [np.allclose(g.reshape(w.shape), w.T, rtol=CLOSE, atol=off + CLOSE) for w, g in pairs]
    return all(turned) and not all(same)


def _of_pairs(session: Session, call: SolverCall, name: str, x: Floats) -> GivenDerivative | None:
    """A function that returns the value alone where `jac=True` asks for a pair, or a pair where the gradient is due."""
    given = call.arguments.get("fun" if call.arguments[name] is True else name)
    extra = call.arguments.get("args", ())
    if not callable(given):
        return None
    done, result = session.call(given, x.copy(), *(extra if isinstance(extra, tuple) else (extra,)))
    if done.raised is not None or done.gap is not None:
        return None
    pair = isinstance(result, tuple) and len(result) == 2 and np.size(result[0]) == 1 and np.size(result[1]) == x.size
    if call.arguments[name] is True and not isinstance(result, (tuple, list)) and np.size(result) == 1:
        text = (
            "With `jac=True` the function has to return the value and the gradient, `return f, g`; yours returns the "
            "value alone. A gradient in a function of its own goes in by its name, `jac=gradient`."
        )
        return GivenDerivative("wrong", [{"kind": "scalar-returned", "line": line_of_function(given)}], [text])
    if call.arguments[name] is not True and pair and x.size > 1:
        text = (
            f"The function for `{name}` returns the value and the gradient; it has to return the gradient alone. One "
            "that returns both goes in as the function itself, with `jac=True`."
        )
        return GivenDerivative("wrong", [{"kind": "wrong-shape", "line": line_of_function(given)}], [text])
    return None


def _pair(f: Function, given: Function, p: Floats) -> tuple[Floats, Floats, float] | None:
    """The differences at a point, what was given there, and how far differences with wider steps are from them."""
    wanted, wider, got = differences(f, p), differences(f, p, 4.0), given(p)
    if wanted is None or wider is None or got is None or not (np.isfinite(wanted).all() and np.isfinite(wider).all()):
        return None
    return wanted, got, 2 * float(np.abs(wider - wanted).max(initial=0.0))


def _of_shape(wanted: Floats, got: Floats, line: int) -> GivenDerivative:
    shape = (wanted.shape[1],) if wanted.shape[0] == 1 else wanted.shape
    turned = got.ndim == 2 and got.shape == wanted.T.shape
    kind = "transposed" if turned else "scalar-returned" if got.size == 1 else "wrong-shape"
    what = "is one number" if got.size == 1 else f"has the shape {got.shape}"
    rule = "one component a variable" if wanted.shape[0] == 1 else "a row a function and a column a variable"
    text = f"Your derivative {what}; it must have the shape {shape}, {rule}."
    return GivenDerivative("wrong", [{"kind": kind, "line": line}], [text])


def compared(exact: Floats, mine: Floats, name: str, line: int, off: float = 0.0) -> tuple[dict[str, Any], str] | None:
    """What is wrong with the derivatives by one variable, at all points (a row each) and of all functions together;
    `off` is how far the exact ones may be off.
    """
    a, b = exact.ravel(), mine.ravel()
    close = off + CLOSE * (np.abs(a).max() + np.abs(b).max() + 1e-12)
    if np.abs(a - b).max() <= close:
        return None
    ratio = float(b @ a) / float(a @ a) if float(a @ a) > 0 else 0.0
    if ratio and np.abs(b - ratio * a).max() <= close * max(1.0, abs(ratio)):
        if abs(ratio + 1) < 1e-3:
            kind, text = "sign", f"The derivative by {name} has the wrong sign everywhere."
        else:
            kind, text = "missing-factor", f"The derivative by {name} is {ratio:.4g} times what it should be."
    else:
        parts = exact.shape[1]
        wrong = [i + 1 for i in range(parts) if np.abs(exact[:, i] - mine[:, i]).max() > close]
        where = f" in function {', '.join(map(str, wrong))} of {parts}" if parts > 1 and len(wrong) < parts else ""
        kind, text = "differs", f"The derivative by {name} differs from the difference quotient{where}."
    return {"kind": kind, "component": name, "line": line}, text


def line_of_function(function: Any) -> int:
    """The line in which a function begins; 0 where that is not known."""
    code = getattr(function, "__code__", None)
    return int(code.co_firstlineno) if code is not None else 0


def variables(session: Session, call: SolverCall, n: int) -> list[str]:
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
