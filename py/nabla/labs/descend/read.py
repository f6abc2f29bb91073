"""The inputs of descend, understood: the function, its variables, the start, the methods and their settings."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import sympy as sp

from nabla.calculus.arrays import has_values
from nabla.calculus.simplify import simplified
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.descend.check import Verified, check_formulas, check_program
from nabla.labs.descend.program import MOST_VARIABLES, Pasted, is_program, read_program, variables_of
from nabla.optimise.first_order import Settings
from nabla.optimise.gallery import TestProblem, example, gallery
from nabla.optimise.methods import METHODS, Method, named, run
from nabla.optimise.problem import Floats, Problem
from nabla.read.fields.assignments import read_assignments
from nabla.read.fields.vector import read_components
from nabla.read.formula import Reading, read_formula

DEFAULT = ("gradient-descent", "heavy-ball", "adam", "newton-cg", "bfgs", "nelder-mead")
MOST_WORK = 5_000  # operations times variables of a function that is differentiated twice
TRIAL = 100  # steps of a trial of a rate
SHORT = 80  # operations of an expression that is still simplified
_NUMBERS = re.compile(r"[-+0-9.eE,;\s\[\]()]+\Z")


@dataclass
class DescendQuestion:
    """What was asked."""

    problem: Problem
    start: Floats
    methods: list[Method]
    settings: Settings
    rate_given: bool
    reading: Reading | None = None
    example: TestProblem | None = None
    pasted: Pasted | None = None
    jac_text: str = ""
    hess_text: str = ""
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def gradient(self) -> list[sp.Expr]:
        """The gradient as it is shown."""
        return [shown(e) for e in self.problem.gradient_exprs]

    @cached_property
    def hessian(self) -> list[list[sp.Expr]]:
        """The Hessian as it is shown."""
        rows = self.problem.hessian_exprs
        made: list[list[sp.Expr]] = []
        for i, row in enumerate(rows):
            made.append([made[j][i] if j < i else shown(e) for j, e in enumerate(row)])
        return made


def shown(expr: sp.Expr) -> sp.Expr:
    """An expression simplified where it is short."""
    return simplified(expr) if expr.free_symbols and sp.count_ops(expr) <= SHORT else expr


def understand(inputs: Inputs) -> DescendQuestion:
    """Read all inputs.

    Raises:
        UserError: with the field it is about.
    """
    text = inputs["f"]
    found = example(text.strip())
    pasted = inputs.read("f", read_program) if found is None and is_program(text) else None
    reading = None
    if found is not None:
        problem = Problem(found.expr, found.variables, found.data, found.mean)
        start = np.array(found.start, dtype=float)
    elif pasted is not None:
        problem, start = _of_program(inputs, pasted)
    else:
        problem, start, reading = _of_formula(inputs)
    if inputs["start"].strip():
        start = inputs.read("start", _read_start, problem, start)
    if not problem.variables:
        message = "The function has no variable: there is nothing to minimise."
        raise UserError("value", message, hint="Write it with one, as (x-1)^2.", span=Span(0, len(text)), field="f")
    if len(problem.variables) > MOST_VARIABLES:
        message = f"There are {len(problem.variables)} variables; up to {MOST_VARIABLES} are handled."
        raise UserError("too-big", message, span=Span(0, len(text)), field="f")
    work = int(sp.count_ops(problem.expr)) * problem.n
    if not problem.data and work > MOST_WORK:
        message = f"The function has {work // problem.n:,} operations in {problem.n} variables: too many to be derived."
        hint = "Take fewer data. For sums of sinusoids there is the lab Fit."
        raise UserError("too-big", message, hint=hint, span=Span(0, len(text)), field="f")
    if not has_values(problem.expr):
        message = "The function cannot be evaluated: a part of it is not defined."
        raise UserError("value", message, span=Span(0, len(text)), field="f")
    _bounds(inputs, problem, pasted)
    settings, given = _settings(inputs, problem, start)
    methods = inputs.read("methods", _read_methods, pasted)
    return DescendQuestion(
        problem, start, methods, settings, given, reading, found, pasted, inputs["jac"], inputs["hess"]
    )


def _of_program(inputs: Inputs, pasted: Pasted) -> tuple[Problem, Floats]:
    if not pasted.names and inputs["start"].strip():
        count = len([p for p in re.split(r"[,;\s]+", inputs["start"].strip("[]() ")) if p])
        pasted.names = [f"x{i + 1}" for i in range(count)]
    if not pasted.names:
        message = "How many variables the function has is not to be seen."
        raise UserError("value", message, hint="Give a start, as 1, 2.", span=Span(0, 0), field="start")
    open_size = pasted.start is None and len(pasted.names) == 1 and not inputs["start"].strip()
    try:
        expr = pasted.expression(variables_of(pasted))
    except UserError as error:
        error.field = "f"
        if not (open_size and error.code == "value"):
            raise
        expr = _of_some_length(pasted, error)
    variables = variables_of(pasted)
    n = len(variables)
    start = pasted.start if pasted.start is not None and pasted.start.size == n else np.ones(n)
    return Problem(expr, tuple(variables)), start


def _of_some_length(pasted: Pasted, first: UserError) -> sp.Expr:
    """What a function computes of an array whose length nothing tells: the shortest that it takes."""
    for n in range(2, 11):
        pasted.names = [f"x{i + 1}" for i in range(n)]
        try:
            return pasted.expression(variables_of(pasted))
        except UserError:
            continue
    raise first


def _of_formula(inputs: Inputs) -> tuple[Problem, Floats, Reading]:
    known = [m[1] for m in re.finditer(r"([A-Za-z_]\w*)\s*=", inputs["start"])]
    reading = inputs.read("f", read_formula, known=known)
    symbols = {s.name: s for s in reading.expr.free_symbols}
    order = [n for n in reading.names if n in symbols]
    order = sorted(order) if all(re.fullmatch(r"[A-Za-z]_?\d*", n) for n in order) else order
    variables = tuple(sorted((symbols[n] for n in order), key=lambda s: _natural(s.name)))
    return Problem(reading.expr, variables), np.ones(len(variables)), reading


def _natural(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(.*?)_?(\d+)", name)
    return (match[1], int(match[2])) if match else (name, -1)


def _read_start(text: str, problem: Problem, default: Floats) -> Floats:
    n = problem.n
    if _NUMBERS.match(text.strip()):
        parts = [p for p in re.split(r"[,;\s\[\]()]+", text) if p]
        try:
            values = [float(p) for p in parts]
        except ValueError:
            raise UserError("value", "A list of numbers is needed here.", span=Span(0, len(text))) from None
        if len(values) == 1 and n > 1:
            values = values * n
        if len(values) != n:
            message = f"There {'is 1 variable' if n == 1 else f'are {n} variables'}, and {len(values)} numbers here."
            raise UserError("value", message, span=Span(0, len(text)))
        start = np.array(values)
    else:
        at = read_assignments(text, known=[v.name for v in problem.variables])
        start = default.copy()
        for symbol, value in at.items():
            if symbol not in problem.variables:
                names = ", ".join(v.name for v in problem.variables)
                message = f"{symbol.name} is not a variable of the function."
                raise UserError("value", message, hint=f"It has {names}.", span=Span(0, len(text)))
            start[problem.variables.index(symbol)] = float(value)
    if not np.isfinite(start).all():
        raise UserError("value", "The start must be finite.", span=Span(0, len(text)))
    return start


def _bounds(inputs: Inputs, problem: Problem, pasted: Pasted | None) -> None:
    """Bounds from the field, as `0,10; -5,5`, or from the program."""
    text = inputs["bounds"].strip()
    pairs: list[tuple[float, float]] = []
    if text:
        for part in text.split(";"):
            ends = [p.strip() for p in part.strip(" ()[]").split(",")]
            try:
                low, high = (float(e or s) for e, s in zip(ends, ("-inf", "inf"), strict=True))
            except ValueError:
                raise UserError("value", "Bounds are pairs, one a variable: 0, 10; -5, 5.", span=Span(0, len(text)),
                                field="bounds") from None  # fmt: skip
            pairs.append((low, high))
        if len(pairs) == 1:
            pairs *= problem.n
    elif pasted is not None and pasted.call is not None and pasted.call.bounds is not None:
        for low, high in pasted.call.bounds:
            pairs.append((-np.inf if low is None else float(low), np.inf if high is None else float(high)))
    if not pairs:
        return
    if len(pairs) != problem.n or any(not low <= high for low, high in pairs):
        message = f"There are {problem.n} variables: as many pairs of bounds are needed, the lower first."
        raise UserError("value", message, span=Span(0, len(text)), field="bounds" if text else "f")
    problem.lower, problem.upper = (np.array(side) for side in zip(*pairs, strict=True))


def _settings(inputs: Inputs, problem: Problem, start: Floats) -> tuple[Settings, bool]:
    text = inputs["rate"].strip()
    given = text not in ("", "auto", "best")
    rate = inputs.number("rate") if given else automatic_rate(problem, start)
    if given and not rate > 0:
        raise UserError("value", "The rate must be positive.", span=Span(0, len(text)), field="rate")
    return Settings(rate, inputs.number("momentum"), inputs.integer("steps"), inputs.number("tolerance")), given


def automatic_rate(problem: Problem, start: Floats) -> float:
    """A rate near one over the largest curvature at the start: of those tried the one with which 100 steps of gradient
    descent fall furthest without overshooting at their end; 0.01 where there is no curvature.
    """
    h = problem.hessian(start)
    top = float(np.abs(np.linalg.eigvalsh(h)).max()) if np.isfinite(h).all() else 0.0
    if not 1e-12 < top < 1e15:
        return 0.01
    exponent = math.floor(math.log10(1 / top))
    tried = [float(f"{digit}e{power}") for power in range(exponent - 1, exponent + 3) for digit in (1, 2, 5)]
    first = problem.value(start)
    best, lowest = float(f"{0.5 / top:.0e}"), first
    for rate in tried:
        done = run(problem, METHODS["gradient-descent"], start, Settings(rate, steps=TRIAL))
        f = problem.value(done.x)
        late = [problem.value(x) for x in done.xs[-8:]]
        steady = all(b <= a for a, b in itertools.pairwise(late))
        if done.reason in ("steps", "tolerance") and f < lowest and steady:
            best, lowest = rate, f
        elif done.reason in ("far", "non-finite"):
            break
    return best


def _read_methods(text: str, pasted: Pasted | None) -> list[Method]:
    if text.strip().lower() == "all":
        return list(METHODS.values())
    names = [part for part in re.split(r"[,;\n]+", text) if part.strip()]
    methods: list[Method] = []
    if not names or [n.strip() for n in names] == list(DEFAULT):
        names = list(DEFAULT)
        own = named(pasted.call.method) if pasted is not None and pasted.call is not None else None
        if own is not None:
            methods = [own]
    for name in names:
        method = named(name)
        if method is None:
            start = text.find(name.strip())
            hint = "There are " + ", ".join(METHODS) + "."
            raise UserError("choice", f"{name.strip()} is not a method here.", hint=hint,
                            span=Span(start, start + len(name.strip())))  # fmt: skip
        if method not in methods:
            methods.append(method)
    return methods


def checks(question: DescendQuestion, inputs: Inputs) -> dict[str, Verified]:
    """The checks of derivatives that were given: by name, jac and hess."""
    found: dict[str, Verified] = {}
    for name, text in (("jac", question.jac_text), ("hess", question.hess_text)):
        second = name == "hess"
        if text.strip():
            if is_program(text):
                pasted = inputs.read(name, read_program)
                if second:
                    pasted.hess = pasted.hess or pasted.jac or pasted.fun
                else:
                    pasted.jac = pasted.jac or pasted.fun or pasted.hess
                pasted.names = [v.name for v in question.problem.variables]
                found[name] = inputs.read(name, lambda _, p=pasted, s=second: check_program(
                    question.problem, question.start, p, s))  # fmt: skip
            else:
                known = [v.name for v in question.problem.variables]
                given = inputs.read(name, read_components, known=known)
                found[name] = check_formulas(question.problem, question.start, [r.expr for r in given], second)
        elif question.pasted is not None:
            function = question.pasted.hess if second else question.pasted.jac
            if function is not None:
                found[name] = check_program(question.problem, question.start, question.pasted, second)
    return found


def names() -> str:
    """The names of the gallery."""
    return ", ".join(gallery())
