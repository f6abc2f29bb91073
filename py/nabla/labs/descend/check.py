"""The pasted gradient run and compared: what it raises, its shape, its types, its values, and how to mend it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp

from nabla.errors import UserError
from nabla.labs.descend.formula import TracedFormula
from nabla.labs.descend.program import Attempt, OwnFunction, Pasted, read_program, symbols_array
from nabla.labs.descend.programs import gradient_code, hessian_code
from nabla.optimise.jacobian import CLOSE, JacobianFinding, compare, sample_points
from nabla.optimise.problem import Floats, Problem
from nabla.program.errors import Raised

_PRODUCT = re.compile(r"\b(?!np\b|numpy\b)(\w+)(\.dot\(|\s*@)")
_LIKE = re.compile(r"\b((?:np|numpy)\.(?:zeros|ones|empty)_like)\(\s*(\w+)\s*\)")


@dataclass
class Verified:
    """The result of a check.

    Attributes:
        verdict: "right", "wrong" or "undecided".
        findings: kind, place and parts.
        raises: what calling it raises, as Python would say it.
        corrected: a function that is right, ready to paste.
        got: its value at the start, and its components as formulas where they can be followed.
        lines: sentences about the findings that are not about one component.
    """

    verdict: str
    findings: list[JacobianFinding] = field(default_factory=list)
    raises: str | None = None
    corrected: str = ""
    got: Floats | None = None
    formulas: list[sp.Expr] | None = None
    lines: list[str] = field(default_factory=list)
    values: Callable[[Floats], Floats] | None = None
    points: Floats | None = None


@dataclass(frozen=True)
class Subject:
    """What is checked: the problem, the start, the exact components, and 1 or n as their width."""

    problem: Problem
    start: Floats
    exprs: list[sp.Expr]
    width: int

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape the answer should have."""
        n = self.problem.n
        return (n,) if self.width == 1 else (n, n)


def check_program(problem: Problem, start: Floats, pasted: Pasted, second: bool = False) -> Verified:
    """Check the gradient (or, `second`, the Hessian) of a pasted program."""
    subject = _subject(problem, start, second)
    first = _checked(subject, pasted, second)
    if first.verdict == "right":
        return first
    function = pasted.hess if second else pasted.jac
    for kind, text, line in _mends(pasted, function):
        try:
            again = read_program(text)
        except UserError:
            continue
        if (again.hess if second else again.jac) is None or again.names != pasted.names:
            continue
        mended = _checked(subject, again, second)
        better = mended.raises is None and (first.raises is not None or len(mended.findings) < len(first.findings))
        if mended.verdict == "right" or better:
            findings = [JacobianFinding((), kind), *mended.findings]
            if mended.verdict == "right":
                count = len(mended.points) if mended.points is not None else 0
                line += f" With that one change your derivatives are right: they agree at {count} points."
            corrected = _source(again, second) if mended.verdict == "right" else _written(subject, pasted, second)
            return replace(first, findings=findings, corrected=corrected, lines=[line, *mended.lines],
                           formulas=mended.formulas)  # fmt: skip
    if first.raises is not None and not first.findings:
        first.findings.append(JacobianFinding((), "raises"))
    first.corrected = _written(subject, pasted, second)
    return first


def check_formulas(problem: Problem, start: Floats, exprs: list[sp.Expr], second: bool = False) -> Verified:
    """Check components given as formulas."""
    subject = _subject(problem, start, second)
    n = problem.n
    if len(exprs) != len(subject.exprs):
        line = f"There are {len(exprs)} components; {len(subject.exprs)} are needed."
        return Verified(
            "wrong",
            [JacobianFinding((), "wrong-shape")],
            corrected=_code(subject, "jacobian", "params", second),
            lines=[line],
        )
    given = replace(problem, expr=sp.S.Zero)
    from nabla.optimise.compiled import Compiled

    compiled = Compiled(exprs, [*problem.variables, *problem.data])
    points = sample_points(problem, start)
    got = np.array([compiled.floats(p.tolist()) if not given.data else [np.nan] * len(exprs) for p in points])
    findings = compare(problem, subject.exprs, points, got, subject.width)
    corrected = "" if not findings else _code(subject, "hess" if second else "jacobian", "params", second)
    return Verified("wrong" if findings else "right", findings, None, corrected, got[0], exprs, points=points,
                    values=(lambda x: np.array(compiled.floats(x.tolist()))) if n and not second else None)  # fmt: skip


def _subject(problem: Problem, start: Floats, second: bool) -> Subject:
    exprs = [e for row in problem.hessian_exprs for e in row] if second else problem.gradient_exprs
    return Subject(problem, start, exprs, problem.n if second else 1)


def _checked(subject: Subject, pasted: Pasted, second: bool) -> Verified:
    function = pasted.hess if second else pasted.jac
    if function is None:
        return Verified("undecided")
    points = sample_points(subject.problem, subject.start)
    rows: list[Floats] = []
    verified = Verified("wrong", points=points)
    for k, x in enumerate(points):
        given = x.copy()
        outcome = pasted.attempt(function, given)
        if outcome.raised:
            verified.raises = f"{outcome.raised.kind}: {outcome.raised.message}"
            verified.lines.append(_raised(outcome.raised))
            return verified
        row, findings, lines = _shaped(outcome, subject)
        if row is None:
            verified.findings, verified.lines = findings, lines
            return verified
        if not k:
            verified.findings, verified.lines = findings, lines
        if not np.array_equal(given, x) and not any(f.kind == "in-place" for f in verified.findings):
            verified.findings.append(JacobianFinding((), "in-place"))
            verified.lines.append(
                "The function changes its input: the optimiser's own point moves without its knowing."
            )
        rows.append(row)
    got = np.array(rows)
    verified.got = got[0]
    truncated = _truncated(subject, points, got)
    if truncated:
        verified.findings += [JacobianFinding((i,), "integer-array") for i in truncated]
        verified.lines.append("The components are stored as whole numbers, and their decimals are cut off.")
    else:
        verified.findings += compare(subject.problem, subject.exprs, points, got, subject.width)
    verified.formulas = _followed(pasted, function, subject)
    verified.verdict = "wrong" if verified.findings else "right"
    if not second:
        verified.values = lambda x: _flat(pasted.attempt(function, x.copy()).value, subject)
    return verified


def _raised(raised: Raised) -> str:
    return f"Line {raised.line} raises {raised.kind}: {raised.message}"


def _shaped(outcome: Attempt, subject: Subject) -> tuple[Floats | None, list[JacobianFinding], list[str]]:
    """The components as a row, with what is wrong with their shape or type; None when there is nothing to compare."""
    value = outcome.value
    size = len(subject.exprs)
    n = subject.problem.n
    if value is None or isinstance(value, str):
        what = "nothing: its return is missing" if value is None else "a text"
        return None, [JacobianFinding((), "wrong-shape")], [f"The function returns {what}."]
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None, [JacobianFinding((), "wrong-shape")], ["The components have different shapes."]
    if array.shape == subject.shape or (array.size == size == 1):
        return array.ravel(), [], []
    wanted = f"{subject.shape}".replace(",)", ",)")
    if array.ndim == 0:
        line = f"It returns one number; {n} components are needed, one a variable, shape {wanted}."
        return None, [JacobianFinding((), "scalar-returned")], [line]
    line = f"Its shape is {array.shape}; it must be {wanted}."
    if array.size == size and subject.width == 1:
        return array.ravel(), [JacobianFinding((), "transposed")], [line]
    return None, [JacobianFinding((), "wrong-shape")], [line]


def _flat(value: Any, subject: Subject) -> Floats:
    try:
        array = np.asarray(value, dtype=float).ravel()
    except (TypeError, ValueError):
        array = np.empty(0)
    return array if array.size == len(subject.exprs) else np.full(len(subject.exprs), np.nan)


def _truncated(subject: Subject, points: Floats, got: Floats) -> list[int]:
    """Components whose values are whole at every point where the exact ones, cut off, are the same."""
    if subject.width > 1:
        return []
    exact = np.array([subject.problem.gradient(p) for p in points])
    found = []
    for i in range(got.shape[1]):
        mine, right = got[:, i], exact[:, i]
        same = np.abs(mine - np.trunc(right)) <= CLOSE * (1 + np.abs(right))
        near = np.abs(right - np.round(right)) < 1e-9
        if np.array_equal(mine, np.round(mine)) and bool((same | near).all()) and not near.all():
            found.append(i)
    return found


def _followed(pasted: Pasted, function: OwnFunction, subject: Subject) -> list[sp.Expr] | None:
    """The components as formulas, where the program can be followed on formulas."""
    try:
        outcome = pasted.attempt(function, symbols_array(list(subject.problem.variables)), symbolic=True)
        items = np.asarray(outcome.value, dtype=object).ravel()
    except (UserError, ValueError):
        return None
    if outcome.raised or len(items) != len(subject.exprs):
        return None
    try:
        return [
            item.expr if isinstance(item, TracedFormula) else sp.nsimplify(float(item), rational=True) for item in items
        ]
    except (TypeError, ValueError, OverflowError):
        return None


def _mends(pasted: Pasted, function: OwnFunction | None) -> list[tuple[str, str, str]]:
    """Changes of the text that may mend it: the kind of mistake, the new text, and a sentence."""
    text = pasted.program.text
    if function is None or function.node is None:
        return []
    found = []
    segment = ast.get_source_segment(text, function.node) or ""
    whole = function.parameters[0] if function.parameters else ""
    numbers = set(pasted.names) | {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)}
    for match in _LIKE.finditer(segment):
        if match[2] != whole and match[2] in numbers and not pasted.separate:
            new = segment.replace(match[0], f"{match[1]}({whole})")
            line = (f"`{match[0]}` makes an array like {match[2]}, which is one number: it has no components. "
                    f"`{match[1]}({whole})` has one for each variable.")  # fmt: skip
            found.append(("zero-d", text.replace(segment, new), line))
    for match in _PRODUCT.finditer(segment):
        turned = f"{match[1]}.T{match[2]}"
        new = segment[: match.start()] + turned + segment[match.end() :]
        line = f"`{match[0].strip()}` takes {match[1]} the wrong way round: here it is `{turned.strip()}`, transposed."
        found.append(("transposed", text.replace(segment, new), line))
    if any(isinstance(node, ast.BitXor) for node in ast.walk(function.node)):
        new = segment.replace("^", "**")
        found.append(("caret-for-power", text.replace(segment, new),
                      "In Python `^` is exclusive or on whole numbers; a power is `**`."))  # fmt: skip
    return found


def _source(pasted: Pasted, second: bool) -> str:
    function = pasted.hess if second else pasted.jac
    if function is not None and function.node is not None:
        return (ast.get_source_segment(pasted.program.text, function.node) or "") + "\n"
    return ""


def _written(subject: Subject, pasted: Pasted, second: bool) -> str:
    function = pasted.hess if second else pasted.jac
    named = function is not None and isinstance(function.node, ast.FunctionDef)
    name = function.name if named and function is not None else "hess" if second else "jacobian"
    parameter = function.parameters[0] if function is not None and function.parameters else "params"
    return _code(subject, name, parameter, second, separate=pasted.separate)


def _code(subject: Subject, name: str, parameter: str, second: bool, separate: bool = False) -> str:
    problem = subject.problem
    if problem.data:
        return ""
    if second:
        return hessian_code(problem.hessian_exprs, list(problem.variables), name, parameter, separate)
    return gradient_code(problem.gradient_exprs, list(problem.variables), name, parameter, separate)
