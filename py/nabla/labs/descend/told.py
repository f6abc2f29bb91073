"""What a text tells of a problem beside the call of a solver that is to solve it: constraints, largest or smallest."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from nabla.answer.document import Document, Note, quoted
from nabla.calculus.arrays import evaluate
from nabla.errors import UserError
from nabla.labs.descend.calls import Own
from nabla.labs.descend.constrained import bounds_of, constraints_of
from nabla.labs.descend.functions import Floats, Function, function_of, short
from nabla.labs.descend.given import variables
from nabla.labs.descend.linear import read_linear
from nabla.labs.descend.solved import MINIMISERS
from nabla.program.modules.scipy import SolverCall
from nabla.read.formula import read_formula
from nabla.write.sentence import sentence

POINTS = 8
CLOSE = 1e-7
_RELATION = re.compile(r"<=|>=|≤|≥|\\leq?(?![a-z])|\\geq?(?![a-z])|<|>")
_RESULT = re.compile(r"result\s+(.+)", re.DOTALL)
_START = re.compile(r"start\s+(\w+)\s*=\s*(\S+)")
_GOAL = re.compile(r"(maximise|minimise)\s+(.+)", re.DOTALL)


@dataclass
class ToldConstraint:
    """An inequality of the text as what must not be negative, an equation as what must be 0, in the order of the call's
    variables.
    """

    kind: str
    slack: Function


def tell(document: Document, own: Own, text: str) -> None:
    """Hold the text's inequalities and its goal beside the last call; what is turned round is said first."""
    call = own.calls[-1] if own.calls else None
    if call is None or not text.strip():
        return
    parts = [part.strip() for part in text.split(";") if part.strip()]
    size = _size(call)
    said: list[str] = []
    beside: list[str] = []  # of points that the text tells
    for part in parts:
        try:
            if (result := _RESULT.match(part)) is not None:
                found = "" if _is_end(call, result[1]) else _beside_end(own, call, result[1], size)
            elif (start := _START.match(part)) is not None:
                found = "" if _begins(call, start[1], start[2], parts) else None
            elif _GOAL.match(part):
                found = _goal(own, call, part, size)
            else:
                found = _constraint(own, call, part, parts, size)
        except UserError:
            found = None
        if found is None:
            document.warn("not-used", f"Not held beside the program: “{quoted(part)}”.")
        elif found:
            (beside if _RESULT.match(part) else said).append(found)
    if beside and document.answer is not None:
        document.answer = sentence(f"{' '.join(beside)} {document.answer.tex}", document.values, [])
    if said:
        found_at = [{"kind": "sign", "line": call.line} for _ in said]
        document.values["findings"] = [*document.values.get("findings", []), *found_at]
        document.title = "The program asks for the opposite"
        document.add(*[Note(each, "warning") for each in said])
        before = document.answer.tex if document.answer is not None else ""
        document.answer = sentence(f"{' '.join(said)} {before}".strip(), document.values, [])


def _size(call: SolverCall) -> int:
    given = next((call.arguments[n] for n in ("c", "x0") if call.arguments.get(n) is not None), call.x)
    return int(np.size(given)) if given is not None else 0


def _constraint(own: Own, call: SolverCall, part: str, parts: Sequence[str], size: int) -> str | None:
    """What is said of an inequality: empty where the program asks for it, None where it asks for nothing like it."""
    told = _inequality(own, call, part, parts, size)
    if told is None:
        return None
    points = _points(call, size)
    wanted = np.array([_one(told.slack, p) for p in points])
    if not np.isfinite(wanted).all():
        return None
    turned = 0
    for k, (kind, h) in enumerate(_all(own, call, size), 1):
        for got in np.array([_row(h, p) for p in points]).T if kind == told.kind else ():
            ratio = float(got @ wanted) / float(wanted @ wanted)
            if ratio and np.abs(got - ratio * wanted).max() <= CLOSE * (1 + np.abs(got).max()):
                if ratio > 0 or kind == "eq":
                    return ""
                turned = k
    if not turned:
        return None
    where = "`A_ub x <= b_ub`" if call.function in ("linprog", "milp") else "`'ineq'` means `fun(x) >= 0`"
    return (
        f"The text says {quoted(part)}, and constraint {turned} of the program asks for the opposite: {where}. "
        f"Give it with the other sign.{_with_turned(own, call, turned - 1)}"
    )


def _with_turned(own: Own, call: SolverCall, place: int) -> str:
    """Where SLSQP ends with one constraint turned round."""
    constraints = list(constraints_of(own.session, call))
    f = function_of(own.session, call)
    if f is None or place >= len(constraints) or call.arguments.get("x0") is None:
        return ""

    def given(h: Function, sign: float) -> Callable[[Floats], Floats]:
        return lambda x: sign * _row(h, x)

    listed = [{"type": kind, "fun": given(h, -1.0 if k == place else 1.0)} for k, (kind, h) in enumerate(constraints)]
    optimize = importlib.import_module("scipy.optimize")
    start = np.asarray(call.arguments["x0"], dtype=np.float64).ravel()
    low, high = bounds_of(call, start.size)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = optimize.minimize(lambda x: _one(f, x), start, method="SLSQP", constraints=listed,
                                 bounds=list(zip(low, high, strict=True)))  # fmt: skip
    return (
        f" Then it ends at {short(np.round(done.x, 7))}, where the function is {done.fun:.6g}." if done.success else ""
    )


def _begins(call: SolverCall, name: str, text: str, parts: Sequence[str]) -> bool:
    """Whether the call begins where the text says of one variable, in the order of the alphabet."""
    names = _alphabet(parts)
    try:
        start = np.asarray(call.arguments.get("x0"), dtype=np.float64).ravel()
        return len(names) == start.size and abs(start[names.index(name)] - float(text)) < CLOSE
    except (TypeError, ValueError):
        return False


def _is_end(call: SolverCall, text: str) -> bool:
    """Whether numbers of the text are where the call ended, to their digits."""
    try:
        told = [float(part) for part in text.strip("()[] ").split(",")]
    except ValueError:
        return False
    end = np.asarray(call.x, dtype=np.float64).ravel() if call.x is not None else np.zeros(0)
    return end.size == len(told) and bool(np.all(np.abs(end - told) <= 0.006 * (1 + np.abs(told))))


def _beside_end(own: Own, call: SolverCall, text: str, size: int) -> str | None:
    """What is wrong with a point of the text that is not where the call ended: a constraint that it breaks, or its
    value; None where neither can be told.
    """
    try:
        point = np.array([float(part) for part in text.strip("()[] ").split(",")])
    except ValueError:
        return None
    begun = np.asarray(call.arguments.get("x0", ()), dtype=np.float64).ravel()
    if begun.shape == point.shape and np.allclose(begun, point):
        return ""
    f, end = function_of(own.session, call), call.x
    if f is None or point.size != size or end is None or call.function not in MINIMISERS:
        return None
    for k, (kind, h) in enumerate(constraints_of(own.session, call), 1):
        worst = _row(h, point)
        value = float(worst[np.argmax(np.abs(worst))] if kind == "eq" else worst.min())
        if (abs(value) if kind == "eq" else -value) > 0.006 * (1 + np.abs(point).max()):
            must = "has to be 0" if kind == "eq" else "must not be negative"
            return f"Your {quoted(text)} breaks constraint {k}: there it is {value:.6g}, and {must}."
    here, there = _one(f, point), _one(f, np.asarray(end, dtype=np.float64).ravel())
    if not np.isfinite([here, there]).all():
        return None
    which = "higher than" if here > there else "lower than" if here < there else "as"
    return f"At your {quoted(text)} the function is {here:.6g}, {which} the {there:.6g} where the call ends."


def _inequality(own: Own, call: SolverCall, part: str, parts: Sequence[str], size: int) -> ToldConstraint | None:
    relation = _RELATION.search(part) or re.search("=", part)
    if relation is None or len(_RELATION.findall(part)) > 1:
        return None
    left, right = part[: relation.start()], part[relation.end() :]
    above = relation[0][0] in ">≥" or relation[0].startswith("\\g")
    expr = read_formula(left).expr - read_formula(right).expr
    f = _ordered(own, call, expr if above else -expr, parts, size)
    return ToldConstraint("eq" if relation[0] == "=" else "ineq", f) if f is not None else None


def _ordered(own: Own, call: SolverCall, expr: sp.Expr, parts: Sequence[str], size: int) -> Function | None:
    """An expression as a function of the call's variables: by their names, or in the order of the alphabet."""
    names = variables(own.session, call, size) if size else []
    used = sorted({s.name for s in expr.free_symbols})
    if not set(used) <= set(names):
        names = _alphabet(parts)
    if len(names) != size or not set(used) <= set(names):
        return None
    symbols = {s.name: s for s in expr.free_symbols}

    def value(x: Floats) -> Floats:
        at = {symbols[name]: v for name, v in zip(names, x, strict=True) if name in symbols}
        return np.atleast_1d(np.asarray(evaluate(expr, at), dtype=np.float64))

    return value


def _alphabet(parts: Sequence[str]) -> list[str]:
    """The letters of a text in the order of the alphabet, x2 before x10."""
    return sorted({name for part in parts for name in _names(part)}, key=lambda n: (n[0], len(n), n))


def _names(part: str) -> list[str]:
    if _START.match(part) or _RESULT.match(part):
        return []
    goal = _GOAL.match(part)
    sides = [goal[2]] if goal else _RELATION.split(part.replace("=", "<=") if not _RELATION.search(part) else part)
    try:
        return [s.name for side in sides for s in read_formula(side).expr.free_symbols]
    except UserError:
        return []


def _points(call: SolverCall, size: int) -> Floats:
    rng = np.random.default_rng(0)
    middle = np.asarray(call.x, dtype=np.float64).ravel() if call.x is not None else np.zeros(size)
    return np.asarray(middle + rng.uniform(-1, 1, (POINTS, size)) * (1 + np.abs(middle)), dtype=np.float64)


def _one(f: Function, p: Floats) -> float:
    value = f(p)
    return float(value[0]) if value is not None and value.size == 1 else np.nan


def _row(f: Function, p: Floats) -> Floats:
    value = f(p)
    return np.asarray(value, dtype=np.float64) if value is not None else np.full(1, np.nan)


def _all(own: Own, call: SolverCall, size: int) -> Iterator[tuple[str, Function]]:
    """The constraints of a call, rows of a linear program among them, and its bounds."""
    yield from constraints_of(own.session, call)
    if call.arguments.get("A_ub") is not None and call.arguments.get("b_ub") is not None:
        rows, limits = (np.asarray(call.arguments[n], dtype=np.float64) for n in ("A_ub", "b_ub"))
        yield "ineq", lambda x: np.atleast_1d(limits - np.atleast_2d(rows) @ x)
    low, high = bounds_of(call, size)
    if call.function in ("linprog", "milp") and call.arguments.get("bounds") is None:
        low = np.zeros(size)
    for i in range(size):
        if np.isfinite(low[i]):
            yield "ineq", _above(i, 1.0, float(low[i]))
        if np.isfinite(high[i]):
            yield "ineq", _above(i, -1.0, -float(high[i]))


def _above(i: int, sign: float, bound: float) -> Function:
    """A bound of one variable as what must not be negative."""
    return lambda x: np.asarray(sign * x[i : i + 1] - bound, dtype=np.float64)


def _goal(own: Own, call: SolverCall, part: str, size: int) -> str | None:
    """What is said of a function that is to be largest and is made small, or the other way round."""
    match = _GOAL.match(part)
    assert match is not None
    f = _ordered(own, call, read_formula(match[2]).expr, [part], size)
    given: Any = call.arguments.get("c")
    g = (lambda x: np.atleast_1d(np.asarray(given, dtype=float) @ x)) if given is not None else function_of(
        own.session, call)  # fmt: skip
    if f is None or g is None:
        return None
    points = _points(call, size)
    wanted, got = (np.array([_one(each, p) for p in points]) for each in (f, g))
    if not np.isfinite(wanted).all() or not np.isfinite(got).all():
        return None
    sign = next((s for s in (1, -1) if np.allclose(got, s * wanted, rtol=CLOSE, atol=CLOSE)), 0)
    if not sign:
        return None
    if (sign > 0) == (match[1] == "minimise"):
        return ""
    there = _with_negative_cost(call, f) if given is not None else ""
    which, what = ("largest", "the negative") if match[1] == "maximise" else ("smallest", "the function itself")
    return (
        f"`{call.function}` looks for the smallest value, and the text wants {quoted(match[2])} to be "
        f"{which}: give it {what}.{there}"
    )


def _with_negative_cost(call: SolverCall, goal: Function) -> str:
    """Where a linear program with the negative cost ends, and what the goal of the text is there."""
    program = read_linear(call) if call.arguments.get("integrality") is None else None
    done = program.solved(-program.c) if program else None
    if done is None or not done.success:
        return ""
    return f" With `-c` it ends at {short(done.x)}, where the value is {_one(goal, done.x):.6g}."
