"""derive: the derivative of a formula, step by step, with its value, its plot, its code and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import sympy as sp

from nabla.calculus.arrays import evaluate, has_values
from nabla.calculus.curves import curve, visible_range, window
from nabla.calculus.equality import check_derivation, equal
from nabla.calculus.numeric import DIGITS
from nabla.calculus.rules import Derivation, differentiate, simplified
from nabla.calculus.value import value_at
from nabla.document import Check, Code, Detail, Document, Heading, Math, Note, Plot, Step, Steps, Verdict, quoted
from nabla.errors import Span, UserError
from nabla.lab import Field, Inputs, lab
from nabla.labs.derive_claim import show_claim
from nabla.marks import Axis, Dots, Handle, Line
from nabla.read.assignments import read_assignments, read_variables
from nabla.read.formula import Reading, read_formula
from nabla.write.code import derivative_code
from nabla.write.derivation import steps
from nabla.write.notation import number, operator, point, substituted, tex

HIGHEST_ORDER = 6


@dataclass(frozen=True)
class Question:
    """What was asked: the function as read, the variables in the order of differentiation, the point."""

    reading: Reading
    wrt: tuple[sp.Symbol, ...]
    at: dict[sp.Symbol, sp.Expr]
    detail: Detail

    @property
    def f(self) -> sp.Expr:
        """The function."""
        return self.reading.expr

    @property
    def symbols(self) -> list[sp.Symbol]:
        """The symbols of the function and of the derivative, by name."""
        return sorted(self.f.free_symbols | set(self.wrt), key=lambda symbol: symbol.name)

    @property
    def partial(self) -> bool:
        """Whether the derivative is a partial one."""
        return len(self.symbols) > 1

    @property
    def name(self) -> str:
        """A letter for the function that is not one of its variables."""
        taken = {symbol.name for symbol in self.symbols}
        return next(name for name in ("f", "g", "h", "F", "G", r"\varphi") if name not in taken)


@lab(
    "derive",
    title="Derive",
    summary="Differentiate a formula and see every step proven.",
    fields=[
        Field(
            "f",
            "formula",
            "Function",
            required=True,
            placeholder="(w*x - y)^2",
            help="In Python's notation or as in a book: 2x sin x, e^(-x^2), sqrt(x), |x|, np.exp(x).",
        ),
        Field(
            "wrt",
            "text",
            "With respect to",
            placeholder="w",
            help="A variable; several in a row for higher and mixed derivatives, such as x,x or x,y.",
        ),
        Field(
            "at",
            "assignments",
            "At the point",
            placeholder="w=3, x=2, y=2",
            help="Values of the variables, to see the derivative there as a number.",
        ),
        Field(
            "claim",
            "formula",
            "Why is mine different?",
            placeholder="8",
            help="Your own answer, a formula or the number at the point: if it is wrong, the mistakes that give it.",
        ),
        Field(
            "detail",
            "choice",
            "Detail",
            default="normal",
            choices=("novice", "normal", "expert"),
            help="How many steps to show: every one, the usual ones, or only the rules that matter.",
        ),
    ],
    example={"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"},
)
def derive(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    question = _understand(inputs, document)
    stages = _stages(question)
    derivative = stages[-1].simple
    target = tex(question.wrt[-1]) if len(question.wrt) == 1 else ", ".join(tex(symbol) for symbol in question.wrt)
    document.title = f"Derivative of ${question.reading.tex}$ with respect to ${target}$"
    document.values |= {"reading": sp.sstr(question.f), "derivative": sp.sstr(derivative)}
    _show_result(document, question, derivative)
    _show_value(document, question, derivative)
    if inputs["claim"].strip():
        known = [symbol.name for symbol in question.symbols]
        claim = inputs.read("claim", read_formula, known=known)
        show_claim(document, claim, [stage.derivation for stage in stages], question.at)
    _show_steps(document, question, stages)
    _show_plot(document, question, derivative)
    _show_checks(document, question, stages)
    _show_code(document, question, derivative)


def _understand(inputs: Inputs, document: Document) -> Question:
    """Read the inputs. What other fields mention settles how the formula's letters are read."""
    wrt = tuple(inputs.read("wrt", read_variables)) if inputs["wrt"].strip() else ()
    at = inputs.read("at", read_assignments) if inputs["at"].strip() else {}
    known = [symbol.name for symbol in (*wrt, *at)]
    reading = inputs.read("f", read_formula, known=known)
    for remark in reading.remarks:
        change = {"f": remark.alternative} if remark.alternative else {}
        document.add(Note(remark.message, inputs=change, action="Read it the other way" if change else ""))
    if len(wrt) > HIGHEST_ORDER:
        message = f"Derivatives up to order {HIGHEST_ORDER} are shown."
        raise UserError("too-big", message, span=Span(0, len(inputs["wrt"])), field="wrt")
    return Question(reading, wrt or (_chosen_variable(reading),), at, cast(Detail, inputs.choice("detail")))


def _chosen_variable(reading: Reading) -> sp.Symbol:
    """The variable of a formula when none is named: its only one, else x, t or the first that is written."""
    symbols = {symbol.name: symbol for symbol in reading.expr.free_symbols}
    for name in ("x", "t", *reading.names):
        if name in symbols:
            return symbols[name]
    return sp.Symbol("x", real=True)


@dataclass(frozen=True)
class Stage:
    """One differentiation: its rule tree, what the tree gives, and the same simplified."""

    derivation: Derivation
    simple: sp.Expr


def _stages(question: Question) -> list[Stage]:
    stages: list[Stage] = []
    expr = question.f
    for symbol in question.wrt:
        derivation = differentiate(expr, symbol)
        expr = simplified(derivation.result)
        stages.append(Stage(derivation, expr))
    return stages


def _show_result(document: Document, question: Question, derivative: sp.Expr) -> None:
    signature = ", ".join(tex(symbol) for symbol in question.symbols)
    head = f"{question.name}({signature})"
    document.add(Math(f"{head} = {question.reading.tex}", sp.sstr(question.f), "What was understood", role="reading"))
    left = operator(question.wrt, question.partial, question.name)
    document.add(Math(f"{left} = {tex(derivative)}", sp.sstr(derivative), "Derivative", role="result"))
    for symbol in dict.fromkeys(question.wrt):
        if symbol not in question.f.free_symbols:
            name = quoted(symbol.name)
            text = f"The formula does not contain {name}, so nothing changes with {name}: the derivative is 0."
            document.add(Note(text, tone="warning"))
            document.warn("variable-absent", text)


def _show_value(document: Document, question: Question, derivative: sp.Expr) -> None:
    if not question.at:
        return
    missing = [symbol for symbol in question.symbols if symbol not in question.at]
    unused = [symbol for symbol in question.at if symbol not in question.symbols]
    if unused:
        names = " and ".join(quoted(symbol.name) for symbol in unused)
        document.add(Note(f"{names} does not occur in the formula; its value is not used.", tone="warning"))
    if missing:
        names = " and ".join(quoted(symbol.name) for symbol in missing)
        text = f"For a number, {names} needs a value at the point too."
        document.add(Note(text, tone="warning"))
        document.warn("value-missing", text)
        return
    at = {symbol: value for symbol, value in question.at.items() if symbol in question.symbols}
    left = operator(question.wrt, question.partial, question.name)
    place = rf"\left.{left}\right|_{{{point(at)}}}"
    result = value_at(derivative, at, question.f)
    document.values["value"] = result.number
    if result.number is None or result.exact is None:
        text = f"The derivative has no value at ${point(at)}$: {result.reason}."
        document.add(Note(text, tone="warning"))
        document.warn("undefined", text)
        return
    middle = f"{substituted(derivative, at)} = " if derivative.free_symbols else ""
    text = sp.sstr(result.exact) + (f" ≈ {result.number:.12g}" if not result.exact.is_Integer else "")
    document.add(Math(f"{place} = {middle}{number(result.exact)}", text, "Value", role="value"))


def _show_steps(document: Document, question: Question, stages: list[Stage]) -> None:
    shown: list[Step] = []
    for order, stage in enumerate(stages, 1):
        done = steps(stage.derivation, check_derivation(stage.derivation), stage.simple)
        if len(stages) == 1:
            shown = done
        else:
            left = operator(question.wrt[:order], question.partial, question.name)
            title = f"Differentiate with respect to ${tex(question.wrt[order - 1])}$"
            shown.append(Step(title, f"{left} = {tex(stage.simple)}", steps=done))
    document.values["steps"] = _count(shown)
    document.add(Heading("Step by step"), Steps(shown, detail=question.detail))


def _count(shown: list[Step]) -> int:
    return sum(1 + _count(step.steps) for step in shown)


def _show_plot(document: Document, question: Question, derivative: sp.Expr) -> None:
    variable = question.wrt[-1]
    others = [symbol for symbol in question.symbols if symbol != variable]
    if not (has_values(question.f) and has_values(derivative)) or any(symbol not in question.at for symbol in others):
        return
    fixed = {symbol: float(question.at[symbol]) for symbol in others}
    here = float(question.at[variable]) if variable in question.at else None
    low, high = window(question.f, variable, fixed, here)
    curves = [curve(expr, variable, fixed, low, high) for expr in (question.f, derivative)]
    labels = [f"${question.name}$", f"${operator(question.wrt, question.partial, question.name)}$"]
    marks: list[Line | Dots] = [
        Line(x, y, label, color=i) for i, ((x, y), label) in enumerate(zip(curves, labels, strict=True))
    ]
    heights: list[float] = []
    handles: list[Handle] = []
    if here is not None:
        values = [float(evaluate(expr, {**fixed, variable: here})) for expr in (question.f, derivative)]
        heights = [value for value in values if np.isfinite(value)]
        marks += [
            Dots(np.array([here]), np.array([value]), color=i) for i, value in enumerate(values) if np.isfinite(value)
        ]
        if heights:
            rest = [f"{symbol.name}={sp.sstr(value)}" for symbol, value in question.at.items() if symbol != variable]
            template = ",".join([f"{variable.name}={{x}}", *rest])
            handles = [Handle(here, heights[0], "at", template, label=variable.name)]
    shown = visible_range(curves, heights)
    if shown is None:
        return
    where = f" at ${point({symbol: question.at[symbol] for symbol in others})}$" if others else ""
    summary = f"The function and its derivative for ${tex(variable)}$ from {low:g} to {high:g}{where}."
    axis = Axis(label=f"${tex(variable)}$", domain=(low, high))
    document.add(Plot(list(marks), summary, x=axis, y=Axis(domain=shown), handles=handles))


def _show_checks(document: Document, question: Question, stages: list[Stage]) -> None:
    document.add(Heading("Checked"))
    document.add(_steps_check(document), _sympy_check(question, stages[-1].simple))


def _steps_check(document: Document) -> Check:
    """One line for all the steps: the worst of them decides."""
    checks = document.checks
    passed = [check for check in checks if check.verdict == "passed"]
    worst = max((check.figure or 0.0 for check in passed), default=None)
    failed = any(check.verdict == "failed" for check in checks)
    verdict: Verdict = "failed" if failed else "passed" if checks and len(passed) == len(checks) else "unchecked"
    claim = f"{len(passed)} of {len(checks)} steps hold as equations"
    method = f"both sides in {DIGITS}-digit arithmetic at points of the domain, derivatives by difference quotients"
    return Check(claim, method, verdict, worst, checks[0].bound if checks else None)


def _sympy_check(question: Question, derivative: sp.Expr) -> Check:
    """The answer against SymPy's own, which is another program with other rules."""
    verdict = equal(derivative, sp.diff(question.f, *question.wrt))
    outcome: Verdict = "unchecked" if verdict.equal is None else "passed" if verdict.equal else "failed"
    return Check("The result equals SymPy's `diff`", verdict.method, outcome, verdict.figure, verdict.bound)


def _show_code(document: Document, question: Question, derivative: sp.Expr) -> None:
    sources = derivative_code(question.f, derivative, question.wrt, question.at)
    if sources:
        document.add(Heading("Code"), Code(sources))
