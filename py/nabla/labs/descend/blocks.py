"""The words and tables of descend: what was understood, the runs and their verdicts, the checks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Cell, Check, Column, Math, Note, Prose, Table, quoted
from nabla.labs.descend.read import DescendQuestion
from nabla.optimise.compiled import Compiled
from nabla.optimise.jacobian import sample_points
from nabla.optimise.methods import MethodRun
from nabla.optimise.problem import Floats, Problem
from nabla.optimise.verdict import VERDICTS, Judgement, largest_rate
from nabla.write.notation import operator, tex

SHOWN = 4  # variables whose derivatives are written out
READABLE = 300  # operations of a formula that is set
LONG = 900  # characters of LaTeX of one formula
STEPS = (1e-2, 1e-3, 1e-4, 1e-5)


def place(x: Sequence[float] | Floats, digits: int = 6) -> str:
    """A point as text: (1, 1)."""
    shown = [f"{float(v):.{digits}g}" for v in x]
    return "(" + ", ".join("0" if s == "-0" else s for s in shown) + ")"


def understood(question: DescendQuestion) -> list[Block]:
    """The function, its gradient and Hessian as formulas."""
    problem = question.problem
    names = ", ".join(tex(v) for v in problem.variables[:6]) + (r", \dots" if problem.n > 6 else "")
    long = sp.count_ops(problem.expr) > READABLE
    body = question.reading.tex if question.reading else "" if long else tex(problem.expr)
    if problem.data:
        body = (r"\frac{1}{N}\sum_{k=1}^{N} " if problem.mean else r"\sum_{k=1}^{N} ") + body
    blocks: list[Block] = []
    if body and len(body) <= 4 * LONG:
        blocks.append(Math(f"f({names}) = {body}", sp.sstr(problem.expr), "What was understood", role="reading"))
    else:
        blocks.append(Prose(f"The function has {problem.n} variables and {sp.count_ops(problem.expr):,} operations."))
    if problem.data:
        data = ", ".join(quoted(s.name) for s in problem.data)
        count = max(v.size for v in problem.data.values())
        blocks.append(Prose(f"A sum over {count} data in {data}; the derivatives are those of one datum, summed."))
    for variable, slope in list(zip(problem.variables, question.gradient, strict=True))[:SHOWN]:
        if sp.count_ops(slope) > READABLE:
            continue
        left = operator([variable], problem.n > 1, "f")
        formula = tex(slope)
        if len(formula) <= LONG:
            blocks.append(Math(f"{left} = {formula}", sp.sstr(slope), "Gradient", role="result"))
    if problem.n <= SHOWN and not long:
        rows = r" \\ ".join(" & ".join(tex(e) for e in row) for row in question.hessian)
        if len(rows) <= LONG:
            text = str([[sp.sstr(e) for e in row] for row in question.hessian])
            blocks.append(Math(rf"H = \begin{{pmatrix}} {rows} \end{{pmatrix}}", text, "Hessian"))
    return blocks


def eigenvalues(question: DescendQuestion, best: Floats | None) -> list[Block]:
    """The eigenvalues of the Hessian at the start and where the best run ended."""
    rows: list[list[Cell]] = []
    for label, x in (("start", question.start), ("end of the best run", best)):
        if x is None:
            continue
        h = question.problem.hessian(x)
        if not np.isfinite(h).all():
            rows.append([label, place(x), "not finite", ""])
            continue
        values = np.linalg.eigvalsh(h)
        listed = ", ".join(f"{v:.4g}" for v in (values if len(values) <= 6 else [*values[:2], *values[-2:]]))
        top = float(values[-1])
        rows.append([label, place(x), listed, float(f"{2 / top:.6g}") if top > 0 else ""])
    caption = "Near a minimum gradient descent holds only at rates below 2 over the largest eigenvalue there."
    return [Table([Column("Where"), Column("x"), Column("Eigenvalues of the Hessian"), Column("2/λ", align="right")],
                  rows, caption)]  # fmt: skip


def runs_table(runs: Sequence[MethodRun], judged: Sequence[Judgement]) -> Table:
    """One row a run: verdict, where it ended, what it cost."""
    rows: list[list[Cell]] = []
    for run, judgement in zip(runs, judged, strict=True):
        uses_rate = run.method.fixed
        rows.append([
            run.method.title + (f", rate {run.settings.rate:.3g}" if uses_rate else ""), judgement.verdict,
            place(run.x[:6]), float(judgement.f), float(judgement.gradient), float(run.iterations),
            float(run.f_evaluations), float(run.g_evaluations), float(run.h_evaluations),
        ])  # fmt: skip
    right = [Column(name, align="right") for name in ("f", "gradient", "steps", "f asked", "gradient asked",
                                                      "Hessian asked")]  # fmt: skip
    return Table([Column("Method"), Column("Verdict"), Column("x"), *right], rows,
                 "Verdicts come from the gradient and the Hessian at the end, not from the method.")  # fmt: skip


def remarks(question: DescendQuestion, runs: Sequence[MethodRun], judged: Sequence[Judgement]) -> list[Block]:
    """A note on every run that did not end in a minimum, with a change of inputs where one would help."""
    return [
        _remark(question, run, judgement)
        for run, judgement in zip(runs, judged, strict=True)
        if judgement.verdict != "minimum"
    ]


def _remark(question: DescendQuestion, run: MethodRun, judgement: Judgement) -> Note:
    title = run.method.title[0].upper() + run.method.title[1:]
    text = f"{title}: {VERDICTS[judgement.verdict]}."
    note = Note(text, tone="warning")
    match judgement.verdict:
        case "diverging" if run.method.fixed:
            return _diverging(question, run, text)
        case "cycling":
            note.text += (
                " With a constant rate it hovers at a distance that grows with the rate; a smaller or falling rate "
                "comes nearer."
            )
            note.inputs, note.action = {"rate": f"{run.settings.rate / 10:.3g}"}, "A tenth of the rate"
        case "out-of-steps":
            note.text += f" The gradient is still {judgement.gradient:.2g} after {run.iterations:,} steps."
            if question.settings.steps <= 50_000:
                note.inputs, note.action = {"steps": str(min(4 * question.settings.steps, 100_000))}, "More steps"
        case "saddle" | "maximum":
            note.text += (
                f" {_curvature(judgement)} at {place(run.x[:6])}, so it is no minimum though the gradient vanishes."
            )
        case "not-stationary" if judgement.corner:
            note.text = (
                f"{title} stopped at {place(run.x[:6])}, where the gradient does not vanish but the function rises in "
                "every direction that was tried: it has a corner there, lower than all around."
            )
        case "not-stationary" if math.isnan(judgement.gradient):
            note.text += " The function has no gradient there."
        case "not-stationary":
            note.text += f" The gradient is {judgement.gradient:.2g} there."
        case "left-domain":
            note.text += f" Its last point was {place(run.x[:6], 4)}."
    return note


def _curvature(judgement: Judgement) -> str:
    """What the eigenvalues of the Hessian say, as the beginning of a sentence."""
    negative = int((judgement.eigenvalues < 0).sum())
    if not negative:
        return "The Hessian is singular"
    if negative == 1:
        return "There is one negative eigenvalue of the Hessian"
    return f"There are {negative} negative eigenvalues of the Hessian"


def _diverging(question: DescendQuestion, run: MethodRun, text: str) -> Note:
    rate = run.settings.rate
    problem = question.problem
    tops = []
    for x in run.xs[:6]:
        h = problem.hessian(x)
        if np.isfinite(h).all():
            tops.append(float(np.linalg.eigvalsh(h)[-1]))
    top = max(tops, default=0.0)
    if top > 0:
        text += f" On its way the curvature reaches {top:.3g}; a step of rate {rate:.3g} overshoots where it is above "
        text += f"2/{rate:.3g} = {2 / rate:.3g}."
    limit = largest_rate(problem, run.method, question.start, run.settings)
    if limit is None or limit >= rate:
        return Note(text, tone="warning")
    text += f" The largest rate that holds from this start is {limit:.3g}, found by trying."
    first = problem.hessian(question.start)
    if np.isfinite(first).all() and (value := float(np.linalg.eigvalsh(first)[-1])) > 0:
        text += f" 2/λ at the start, {2 / value:.3g}, does not tell it: what counts is the curvature on the way."
    better = float(f"{0.8 * limit:.1g}")
    return Note(text, "warning", {"rate": f"{better:g}"}, f"Try rate {better:g}")


def derivative_checks(problem: Problem, start: Floats) -> list[Check]:
    """The gradient and Hessian against difference quotients, and the gradient against SymPy's own."""
    points = sample_points(problem, start)[:4]
    if not all(np.isfinite(problem.gradient(p)).all() for p in points):
        return [Check("The gradient agrees with difference quotients", "no point was found where both have values",
                      "unchecked", test="differences")]  # fmt: skip
    made = [
        _against("The gradient agrees with difference quotients of f", problem, points, False),
        _against("The Hessian agrees with difference quotients of the gradient", problem, points, True),
    ]
    slopes = [sp.diff(problem.expr, v) for v in problem.variables] if sp.count_ops(problem.expr) <= 400 else []
    unknown = any(slope.has(sp.Derivative, sp.Subs) for slope in slopes)  # of floor(x) SymPy knows none
    if slopes and not problem.data and not unknown:
        other = Compiled(slopes, list(problem.variables))
        worst = 0.0
        for p in points:
            mine, theirs = problem.gradient(p), np.array(other.floats(p.tolist()))
            size = float(np.abs(mine).max()) + 1e-300
            worst = max(worst, float(np.abs(mine - theirs).max()) / size)
        ok = worst <= 1e-9
        made.append(Check("The gradient equals SymPy's `diff`", f"both evaluated at {len(points)} points",
                          "passed" if ok else "failed", worst, 1e-9, test="points"))  # fmt: skip
    return made


def _against(claim: str, problem: Problem, points: Floats, second: bool) -> Check:
    """Central differences with one Richardson step (error of fourth order), relative to the largest component."""
    worst = 0.0
    known = [problem.hessian(p) if second else problem.gradient(p) for p in points]
    size = max(float(np.abs(exact).max()) for exact in known) + 1e-300
    for p, exact in zip(points, known, strict=True):
        errors = [float(np.abs(_differences(problem, p, h, second) - exact).max()) for h in STEPS]
        finite = [e for e in errors if np.isfinite(e)]
        noise = 1e-10 * abs(problem.value(p)) if not second else 1e-10 * float(np.abs(problem.gradient(p)).max())
        if finite:
            worst = max(worst, max(0.0, min(finite) - noise) / size)
    method = f"at {len(points)} points, the best of {len(STEPS)} steps, relative to the largest component"
    return Check(claim, method, "passed" if worst <= 1e-5 else "failed", worst, 1e-5, test="differences")


def _differences(problem: Problem, p: Floats, h: float, second: bool) -> Floats:
    rows = []
    for i in range(problem.n):
        quotients = []
        for step in (h * (1 + abs(p[i])), h * (1 + abs(p[i])) / 2):
            ahead, behind = p.copy(), p.copy()
            ahead[i] += step
            behind[i] -= step
            a, b = (problem.gradient(q) if second else problem.value(q) for q in (ahead, behind))
            quotients.append((a - b) / (ahead[i] - behind[i]))
        rows.append((4 * quotients[1] - quotients[0]) / 3)
    return np.array(rows)


def end_checks(problem: Problem, judged: Sequence[Judgement]) -> list[Check]:
    """Each place that was called a minimum, tested once more."""
    made: list[Check] = []
    seen: list[Floats] = []
    for judgement in judged:
        point = judgement.point
        if judgement.verdict != "minimum" or point is None:
            continue
        if any(np.allclose(point, other, rtol=1e-4, atol=1e-4) for other in seen):
            continue
        seen.append(point)
        rng = np.random.default_rng(1)
        reach = 1e-3 * (1 + np.abs(point))
        level = problem.value(point)
        around = [problem.value(point + reach * d / np.abs(d).max()) for d in rng.normal(size=(64, problem.n))]
        outside = problem.lower is not None
        lower = sum(v < level - 1e-12 * (1 + abs(level)) for v in around)
        verdict: Verdict = "unchecked" if outside else "passed" if not lower else "failed"
        method = f"f at 64 points around it, a thousandth away: {lower} lower"
        made.append(Check(f"{place(point[:6])} is a minimum", method, verdict, float(lower), 0.0, test="surroundings"))
    return made[:6]
