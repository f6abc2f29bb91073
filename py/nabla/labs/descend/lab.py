"""descend: a function, its exact derivatives, every optimiser on it, and a pasted gradient checked."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import sympy as sp

from nabla.answer.document import Code, Document, Heading, Note, Prose, quoted
from nabla.errors import Span, UserError
from nabla.lab import Field, Inputs, lab
from nabla.labs.descend import blocks, calls, convergence, messages, proof, told
from nabla.labs.descend import claim as descend_claim
from nabla.labs.descend import plots as descend_plots
from nabla.labs.descend.hand import answer as hand
from nabla.labs.descend.optimisers import optimisers
from nabla.labs.descend.pictures import picture
from nabla.labs.descend.program import is_program
from nabla.labs.descend.programs import programs
from nabla.labs.descend.read import DEFAULT, DescendQuestion, checks, names, understand
from nabla.labs.descend.sentence import conclude
from nabla.labs.descend.steps import answer as steps
from nabla.optimise.by_hand.methods import BY_HAND
from nabla.optimise.conventions import CONVENTIONS
from nabla.optimise.methods import METHODS, Method, MethodRun, named, run
from nabla.optimise.problem import Floats
from nabla.optimise.verdict import Judgement, classify, judge
from nabla.program.source import read

WRITTEN = 3_000  # operations of an expression that is written out
SEED = "(1-x)^2 + 2(y-x^2)^2"


@lab(
    "descend",
    title="Descend",
    summary="Race optimisers on your function, and find the wrong term in your gradient.",
    fields=[
        Field(
            "f",
            "code",
            "Function",
            required=True,
            placeholder=SEED,
            help="A formula; Python with def f(params), or a whole SciPy script; or a name, as rosenbrock.",
        ),
        Field("start", "assignments", "Start", placeholder="x=3, y=2", help="As x=3, y=2, or 3, 2."),
        Field(
            "methods",
            "text",
            "Methods",
            default=", ".join(DEFAULT),
            help="Separated by commas; all races every one: " + ", ".join(METHODS) + ".",
        ),
        Field("rate", "text", "Rate", placeholder="auto",
              help="Of methods with a fixed rate; auto by the curvature, best to be told it."),
        Field("momentum", "number", "Momentum", default="0.9", minimum=0.0, maximum=0.9999, advanced=True,
              help="Of heavy ball and Nesterov, and of Adam's mean."),
        Field("steps", "integer", "Steps at most", default="10000", minimum=1, maximum=100_000, advanced=True,
              help="Iterations after which a run ends wherever it is."),
        Field("tolerance", "number", "Tolerance", default="1e-6", minimum=0.0, maximum=1e3, advanced=True,
              help="A run ends where no component of the gradient is larger."),
        Field("jac", "code", "Your gradient", placeholder="-8*x*(y-x^2) - 2*(1-x); 4*(y-x^2)",
              help="To be checked: formulas separated by semicolons, or def jacobian(params)."),
        Field("hess", "code", "Your Hessian", help="To be checked, row by row, or def hess(params).", advanced=True),
        Field("bounds", "text", "Bounds", placeholder="0, 10; -5, 5", advanced=True,
              help="A pair for each variable, separated by semicolons."),
        Field("by_hand", "text", "Steps by hand", placeholder="newton-root", advanced=True,
              help="A method that is shown one step at a time, instead of the race: " + ", ".join(BY_HAND) + "."),
        Field("count", "integer", "Steps shown", default="0", minimum=0, maximum=1000, advanced=True,
              help="How many steps by hand; 0 for as many as it takes."),
        Field("claim", "text", "Your steps", placeholder="1: 2.1; 2: 2.0946", advanced=True,
              help="Steps of yours, to be judged: the number of each and its point."),
        Field("told", "text", "As told", placeholder="maximise x*y; x + y <= 1", advanced=True,
              help="What a call of a solver should do: constraints and the goal, to be held beside the program."),
        Field("proposed", "code", "Proposed line", placeholder="dw = X.T @ (p - y) / m", advanced=True,
              help="A line to stand in place of the one of the program that assigns to the same."),
        Field("convergence", "text", "Convergence", placeholder="rate 0.4; error 0.001", advanced=True,
              help="Of gradient descent: rate 0.4 or claim 0.2 to be judged, error 0.001 to be reached, or best."),
        Field("plane", "text", "Plane", placeholder="x, y", help="The two variables of the picture.", advanced=True),
    ],
    example={"f": SEED, "start": "x=3, y=2"},
    seconds=60.0,
    proof=proof.programs,
)  # fmt: skip
def descend(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    if inputs["told"].strip() == "message":
        messages.tell(document, inputs["f"])
        return
    if inputs["by_hand"].strip():
        steps.answer(inputs, document)
        return
    if is_program(inputs["f"]) and _by_hand(inputs, document):
        return
    asked = inputs["jac"].strip() or inputs["hess"].strip()  # a derivative of its own is judged, not the program's
    own = calls.run(inputs["f"]) if is_program(inputs["f"]) and not asked else None
    if own is not None:
        calls.tell(document, own)
        if own.constrained:
            calls.tell_raised(document, own)
            _by_call(document, own)
            told.tell(document, own, inputs["told"])
            return
    try:
        question = understand(inputs)
    except UserError:
        if own is not None:
            calls.tell_raised(document, own)
        if own is not None and own.run.raised is not None and not own.calls:
            calls.only_raised(document, own)
            return
        if own is not None and own.run.gap is None and not own.calls and own.run.evidence.printed:
            calls.only_printed(document, own)
            return
        if own is None or not own.calls:
            raise
        _by_call(document, own)
        told.tell(document, own, inputs["told"])
        return
    problem = question.problem
    axes = _axes(inputs, question)
    document.add(*_told(question), *blocks.understood(question))
    document.values |= {
        "gradient": [_written(e) for e in question.gradient],
        "hessian": [[_written(e) for e in row] for row in question.hessian],
    }
    call = question.pasted.call if question.pasted is not None else None
    if call is not None and call.method and named(call.method) is None:
        document.add(Note(f"{quoted(call.method)} is not among the methods here; others take its place."))
    if call is not None and call.constrained:
        text = "The constraints of the program are left out: below is the minimum without them."
        document.warn("constraints", text)
        document.add(Note(text, tone="warning"))
    document.values["jacobian_check"] = None
    verified = checks(question, inputs)
    if own is not None and not any(found.raises for found in verified.values()):
        calls.tell_raised(document, own)
    for name, found in verified.items():
        descend_claim.show(document, question, name, found)
        document.values["jacobian_check" if name == "jac" else "hessian_check"] = descend_claim.values(
            question, found, name
        )
    runs = _runs(document, question)
    judged = [judge(problem, done) for done in runs]
    _values(document, question, runs, judged)
    best = _best(runs, judged)
    _title(document, runs, judged, best)
    conclude(document, question, verified, runs, judged, best, raced=own is None or bool(own.calls))
    right = all(check.verdict != "wrong" for check in verified.values())
    if own is not None and own.calls and (right or own.run.raised is not None):
        calls.conclude(document, own, [line for found in verified.values() if found.raises for line in found.lines])
    if own is not None and own.calls:
        told.tell(document, own, inputs["told"])
    converging = inputs["convergence"].strip() or ("best" if inputs["rate"].strip() == "best" else "")
    if converging and best is not None and judged[best].verdict == "minimum":
        start = question.start if inputs["start"].strip() else None
        convergence.tell(document, question.problem, start, runs[best].x, converging)
    end = runs[best].x if best is not None else question.start
    lowest = min((j.f for j in judged if math.isfinite(j.f)), default=0.0)
    if math.isfinite(problem.value(question.start)):
        document.add(Heading("The race"))
        document.add(*descend_plots.plane(problem, question.start, runs, judged, axes, end, question.example))
        document.add(blocks.runs_table(runs, judged))
        document.add(*blocks.remarks(question, runs, judged))
        document.add(*descend_plots.curves(problem, runs, lowest))
        document.add(*blocks.eigenvalues(question, end))
        picture = descend_plots.rate_map(problem, question.start, question.settings.rate, question.settings.momentum,
                                         question.settings.tolerance)  # fmt: skip
        if picture is not None:
            document.add(Heading("Which rate"), picture)
    else:
        text = f"The function has no value at the start, {blocks.place(question.start[:6])}: no method can begin there."
        document.add(Note(text, tone="warning"), blocks.runs_table(runs, judged))
        document.warn("undefined", text)
    document.add(Heading("Checked", role="checks"), *blocks.derivative_checks(problem, question.start),
                 *blocks.end_checks(problem, judged))  # fmt: skip
    _code(document, question, runs)
    _methods(document, runs)


def _by_call(document: Document, own: calls.Own) -> None:
    """The answer that the asker's own call gives, with its picture."""
    calls.judged_derivative(document, own)
    calls.conclude(document, own)
    with np.errstate(all="ignore"):
        drawn = picture(own)
    if drawn is not None:
        document.add(drawn)


def _by_hand(inputs: Inputs, document: Document) -> bool:
    """Whether the program descends by itself, without a solver; then it is answered."""
    if calls.SOLVER.search(inputs["f"]) or inputs["jac"].strip() or inputs["hess"].strip():
        return False
    goal = inputs["told"].strip().removeprefix("minimise ")
    return hand.answer(document, inputs.read("f", read), inputs["proposed"], goal)


def _written(expr: sp.Expr) -> str:
    """An expression as text, or its length where no one would read it."""
    count = sp.count_ops(expr)
    return sp.sstr(expr) if count <= WRITTEN else f"({count:,} operations)"


def _axes(inputs: Inputs, question: DescendQuestion) -> tuple[int, int]:
    """The two variables of the picture."""
    listed = [v.name for v in question.problem.variables]
    text = inputs["plane"].strip()
    if not text:
        return 0, min(1, len(listed) - 1)
    chosen = [part for part in re.split(r"[,;\s]+", text) if part]
    if len(chosen) != 2 or any(c not in listed for c in chosen) or chosen[0] == chosen[1]:
        raise UserError("value", "Two of the variables are needed here.", hint="There are " + ", ".join(listed) + ".",
                        span=Span(0, len(text)), field="plane")  # fmt: skip
    return listed.index(chosen[0]), listed.index(chosen[1])


def _told(question: DescendQuestion) -> list[Note]:
    """Remarks of the readers, and what belongs to an example."""
    notes = []
    if question.reading is not None:
        for remark in question.reading.remarks:
            change = {"f": remark.alternative} if remark.alternative else {}
            notes.append(Note(remark.message, inputs=change, action="Read it the other way" if change else ""))
    if question.pasted is not None:
        notes += [Note(quoted(remark)) for remark in question.pasted.program.remarks]
        if question.problem.expr.has(sp.Piecewise):
            text = (
                "The program branches on the values of its variables: f goes by cases, each differentiated where it "
                "holds. Where two cases meet the slope may jump, and methods that ask for gradients do not see it."
            )
            notes.append(Note(text))
    if question.example is not None and question.example.name == "sinusoids":
        text = (
            "Whole numbers L, M, N relaxed to real ones: the objective is full of local minima, and descent from "
            "almost every start ends in one. The lab Fit finds the three sinusoids from the spectrum instead, whole "
            "numbers included; its panel descent shows descents failing on these data."
        )
        notes.append(Note(text, tone="tip"))
    return notes


def _runs(document: Document, question: DescendQuestion) -> list[MethodRun]:
    done: list[MethodRun] = []
    for k, method in enumerate(question.methods):
        document.progress(f"{method.title}", k / len(question.methods))
        if question.problem.bounded and not method.bounds:
            document.add(Note(f"{method.title} knows no bounds and is left out; L-BFGS and others keep them."))
            continue
        if method.name == "levenberg-marquardt" and not question.problem.residual_exprs:
            text = "Levenberg-Marquardt needs a sum of squares, and this function is not seen to be one."
            document.add(Note(text))
            continue
        done.append(run(question.problem, method, question.start, _settings(question, method)))
    if not done:
        raise UserError("choice", "None of these methods can run on this function.", field="methods")
    return done


def _settings(question: DescendQuestion, method: Method):  # type: ignore[no-untyped-def]
    """The settings of one method: its own rate where none is given."""
    if question.rate_given:
        return question.settings
    if method.rate:
        return replace(question.settings, rate=method.rate)
    slow = method.name in ("heavy-ball", "nesterov")
    return replace(question.settings, rate=question.settings.rate * ((1 - question.settings.momentum) if slow else 1))


def _values(document: Document, question: DescendQuestion, runs: list[MethodRun], judged: list[Judgement]) -> None:
    document.values["runs"] = [
        {
            "method": done.method.name,
            "x": [float(v) for v in done.x],
            "f": float(j.f),
            "iterations": done.iterations,
            "f_evaluations": done.f_evaluations,
            "g_evaluations": done.g_evaluations,
            "h_evaluations": done.h_evaluations,
            "verdict": j.verdict,
        }
        for done, j in zip(runs, judged, strict=True)
    ]
    points: list[Floats] = []
    for j in judged:
        if j.point is not None and not any(np.allclose(j.point, p, rtol=1e-6, atol=1e-6) for p in points):
            points.append(j.point)
    problem = question.problem
    listed = []
    for p in points:
        kind, values = classify(problem, p) if not problem.bounded else ("", np.linalg.eigvalsh(problem.hessian(p)))
        kind = kind or next(j.verdict for j in judged if j.point is p)
        listed.append({"x": [float(v) for v in p], "f": problem.value(p), "kind": kind,
                       "eigenvalues": [float(v) for v in values]})  # fmt: skip
    document.values["stationary"] = listed


def _best(runs: list[MethodRun], judged: list[Judgement]) -> int | None:
    """The run with the lowest minimum, else with the lowest finite f."""
    order = sorted(
        (i for i in range(len(runs)) if math.isfinite(judged[i].f)),
        key=lambda i: (judged[i].verdict != "minimum", judged[i].verdict in ("diverging", "unbounded"), judged[i].f),
    )
    return order[0] if order else None


def _title(document: Document, runs: list[MethodRun], judged: list[Judgement], best: int | None) -> None:
    count = sum(j.verdict == "minimum" for j in judged)
    check = document.values["jacobian_check"]
    if check is not None and check["verdict"] == "wrong":
        document.title = "The gradient is wrong"
    elif best is None or not count:
        document.title = "No method came to a minimum"
    else:
        several = f"{count} of {len(runs)} methods reach a minimum"
        document.title = several if len(runs) > 1 else f"{runs[0].method.title} reaches a minimum"
    if best is not None and count:
        f = judged[best].f
        text = f"The lowest minimum found is at {blocks.place(runs[best].x[:6])}, where f = {f:.6g}."
        document.add(Prose(text if abs(f) > 1e-12 else text.replace(f"f = {f:.6g}", "f = 0 to 12 digits")))


def _code(document: Document, question: DescendQuestion, runs: list[MethodRun]) -> None:
    problem = question.problem
    if problem.data or problem.n > 12 or sp.count_ops(problem.expr) > 600:
        return
    sources = programs(problem.expr, question.gradient, question.hessian, problem.variables,
                       [float(v) for v in question.start], question.settings.rate, question.settings.steps,
                       question.settings.tolerance)  # fmt: skip
    if not problem.bounded:
        sources += optimisers(problem.expr, problem.variables, runs)
    if sources:
        document.add(Heading("Code", role="program"), Code(sources))


def _methods(document: Document, runs: list[MethodRun]) -> None:
    """What each method does exactly."""
    document.add(Heading("The methods", 3))
    for done in runs:
        document.add(Prose(f"**{done.method.title}**: {CONVENTIONS[done.method.name]}"))
    document.add(Prose(f"Functions by name: {quoted(names())}."))
