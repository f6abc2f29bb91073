"""Steps of a method one by one, as they are done by hand: shown with their numbers, the asker's own judged."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Check, Document, Heading, Math, Note, Prose, quoted
from nabla.lab import Inputs
from nabla.labs.descend.blocks import derivative_checks, place
from nabla.labs.descend.steps import order, show
from nabla.labs.descend.steps.judge import JudgedIterate, judged
from nabla.labs.descend.steps.precision import again
from nabla.labs.descend.steps.read import MOST, OwnStep, StepsQuestion, understand
from nabla.optimise.by_hand.kinds import Iterate
from nabla.optimise.by_hand.methods import course, stopped
from nabla.optimise.problem import Floats
from nabla.read.formula import read_formula
from nabla.read.formula.print import name_tex
from nabla.write.notation import decimals, tex
from nabla.write.sentence import sentence

UNTOLD = 3  # steps where no number is told
ENOUGH = 60  # steps after which a root is found or is not
SETTLED = 1e-12
TOLD = 4  # points in the sentence


def answer(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`.

    Raises:
        UserError: an input is missing or not understood.
    """
    question = understand(inputs)
    halved = _halvings(inputs, question)
    if halved:
        question = replace(question, count=halved)
    method, task = question.method, question.task
    first = 1 if "pair" in method.uses else 0
    most = max(question.count, ENOUGH) if method.root else (question.count or UNTOLD) + 1
    longer = course(task, method, question.start, most)
    root = _root(question, longer)
    count = question.count or (_settled(longer) if root is not None else UNTOLD)
    way = [s for s in longer if s.k <= count]
    found = judged(question, longer)
    _values(document, way, found, root)
    for text in question.assumed:
        document.warn("unsure", text)
    for reading, letter in zip(question.readings, "fgh" if len(question.readings) > 1 else "f", strict=False):
        left = "g" if question.name == "fixed-point" else letter
        names = ", ".join(tex(v) for v in question.variables)
        document.add(Math(f"{left}({names}) = {reading.tex}", str(reading.expr), "What was understood", role="reading"))
    document.title = f"{method.title}, step by step"
    measured = order.order_of(question) if inputs["convergence"].strip() == "order" else None
    why = stopped(task, method, way[-1]) if way[-1].k < count else ""
    opening = order.sentence_of(question, measured) if measured is not None else ""
    if halved:
        width = abs(question.start[1] - question.start[0])
        opening = (
            rf"{halved} halvings are needed: $\frac{{b - a}}{{2^n}} \le \varepsilon$ from $n = {halved}$ on, where "
            f"the interval of ${decimals(width, 6)}$ is ${decimals(width / 2**halved, 3)}$ wide."
        )
    _conclude(document, question, way, found, root, why, opening)
    if why:
        document.add(Note(f"No step can be taken from {place(way[-1].x)}: {why}.", tone="warning"))
    if found:
        document.add(Heading("Your steps", role="claim"))
        document.add(*[Note(_told(question, way, each), "info" if each.right else "warning") for each in found])
    document.add(
        Heading("The steps", role="steps"),
        *_settings(question),
        *show.written(question, way),
        show.listed(question, way),
    )
    if len(way) > first and (picture := show.picture(question, way)) is not None:
        document.add(picture)
    document.add(Heading("Checked", role="checks"))
    if "gradient" in method.uses:
        for problem in task.problems:
            document.add(*derivative_checks(problem, question.start))
    if measured is not None:
        document.values["order"] = {"measured": measured.order, "exact": measured.exact, "factor": measured.constant}
        document.add(order.table_of(measured), order.check_of(measured))
    if (check := again(question, way)) is not None:
        document.add(check)
    if question.name == "golden-section":
        document.add(_inside(question, way))
    if "line" in method.uses:
        document.add(_along(question, way))


def _halvings(inputs: Inputs, question: StepsQuestion) -> int:
    """How often an interval is halved until it is no wider than the accuracy that is asked for; 0 where none is."""
    told = re.fullmatch(r"accuracy\s+(.+)", inputs["convergence"].strip())
    if told is None or question.name != "bisection":
        return 0
    bound = float(sp.N(read_formula(told[1]).expr))
    width = abs(float(question.start[1] - question.start[0]))
    return min(max(0, math.ceil(math.log2(width / bound))), MOST) if bound > 0 and width > 0 else 0


def _settings(question: StepsQuestion) -> list[Prose]:
    """Rate and momentum, where the method has them."""
    uses, task = question.method.uses, question.task
    told = [f"rate {task.rate:g}"] if "rate" in uses else []
    if "momentum" in uses:
        told.append({"adam": f"β₁ = {task.momentum:g}, β₂ = {task.beta2:g}", "rmsprop": f"β = {task.momentum:g}"}.get(
            question.name, f"momentum {task.momentum:g}"))  # fmt: skip
    return [Prose(f"With {' and '.join(told)}.")] if told else []


def _settled(way: Sequence[Iterate]) -> int:
    """The number of the first step that moves by no more than ten digits show."""
    moves = (abs(b.x - a.x).max() <= 1e-10 * (1 + abs(b.x).max()) for a, b in itertools.pairwise(way))
    return next((way[i + 1].k for i, small in enumerate(moves) if small), way[-1].k)


def _root(question: StepsQuestion, way: Sequence[Iterate]) -> Floats | None:
    """Where the steps come to, if they do and it is a root (of g(x) = x for fixed points)."""
    if not question.method.root or len(way) < 2:
        return None
    x, before = way[-1].x, way[-2].x
    if not np.isfinite(x).all() or np.abs(x - before).max() > 1e-9 * (1 + np.abs(x).max()):
        return None
    rest = question.task.values(x) - (x if question.name == "fixed-point" else 0.0)
    size = np.abs(question.task.jacobian(x)).sum() + 1.0
    return x if np.abs(rest).max() <= 1e-8 * size * (1 + np.abs(x).max()) else None


def _values(document: Document, way: Sequence[Iterate], found: Sequence[JudgedIterate], root: Floats | None) -> None:
    document.values["iterates"] = [{"step": s.k, "x": [float(v) for v in s.x]} for s in way]
    document.values["root"] = None if root is None else [float(v) for v in root]
    document.values["findings"] = [{"kind": j.slip.kind, "line": 0} for j in found if j.slip is not None]
    if not found:
        return
    listed = [
        {"text": j.own.text, "verdict": _verdict(j), "mistakes": _mistakes(j), "whose": j.own.whose} for j in found
    ]
    document.values["claims"] = listed
    mine = [each for each in listed if each["whose"] == "asker"] or listed
    wrong = next((each for each in mine if each["verdict"] != "right"), mine[0])
    document.values["claim"] = {"verdict": wrong["verdict"], "mistakes": wrong["mistakes"]}


def _verdict(each: JudgedIterate) -> str:
    return "right" if each.right else "wrong" if each.wanted is not None else "undecided"


def _mistakes(each: JudgedIterate) -> list[dict[str, Any]]:
    if each.slip is None:
        return []
    where = f"step {each.own.index}"
    return [{"id": each.slip.kind, "rule": each.slip.text, "gives": each.own.text, "where": where}]


# In words.


def _name(question: StepsQuestion, k: int, component: int = -1) -> str:
    names = question.variables
    if component >= 0:
        return f"${name_tex(names[component].name)}$ after step {k}"
    if "interval" in question.method.uses:
        return f"middle {k}" if question.name == "bisection" else f"point {k}"
    return f"${name_tex(names[0].name)}_{{{k}}}$" if len(names) == 1 else f"point {k}"


def _equal(question: StepsQuestion, own: OwnStep) -> str:
    if own.figure:
        return f"{quoted(own.name)} = {quoted(own.text)} of step {own.index}"
    return f"{_name(question, own.index, own.component)} = {quoted(own.text)}"


def _at(x: Floats) -> str:
    shown = place(x, 7)
    return shown.strip("()") if len(x) == 1 else shown


def _conclude(
    document: Document, question: StepsQuestion, way: Sequence[Iterate], found: Sequence[JudgedIterate],
    root: Floats | None, why: str, opening: str,
) -> None:  # fmt: skip
    """The sentence: the `opening`, what is wrong with the first wrong step, that all are right, or the steps."""
    said = [opening]
    wrong = next((each for each in found if not each.right), None)
    mine = [each for each in found if each.own.whose == "asker"]
    if wrong is None and found:
        others = [each for each in found if each.own.whose == "rival"]
        said.append(_all_right(question, mine) if mine else "")
        said += [f"The other answer, {quoted(each.own.text)}, is right." for each in others]
    elif found:
        first_wrong = next((each for each in mine if not each.right), wrong)
        assert first_wrong is not None
        said.append(_told(question, way, first_wrong))
        if good := [each for each in mine if each.right]:
            said.append(_all_right(question, good))
        rivals = [each for each in found if each.own.whose == "rival" and each is not first_wrong]
        said += [f"The other answer, {quoted(e.own.text)}, is {'right' if e.right else 'wrong'}." for e in rivals]
    known = {each.own.index for each in found if not each.own.figure}
    first = 1 if "pair" in question.method.uses else 0
    rest = [s for s in way if s.k > first and s.k not in known]
    if rest:
        shown = rest if len(rest) <= TOLD else [*rest[: TOLD - 1], rest[-1]]
        points = ", ".join(f"{_name(question, s.k)} = {_at(s.x)}" for s in shown)
        if question.name == "golden-section":
            points = ", ".join(f"after step {s.k} [{s.x[0]:.6g}, {s.x[1]:.6g}]" for s in shown)
        said.append(f"{question.method.title}: {points}." if not found else f"{points[:1].upper()}{points[1:]}.")
    if (again := _repeated(way)) is not None:
        said.append(
            f"{_name(question, again[1]).capitalize()} is {_name(question, again[0])} again: the steps go round."
        )
    elif len(way) > 1 and np.array_equal(way[0].x, way[1].x) and "gradient" in question.method.uses and not found:
        said.append(f"The gradient is 0 at {_at(way[0].x)}, so that nothing moves.")
    if question.name == "gradient-descent" and (verdict := _rate(question)):
        said.append(verdict)
    if why:
        said.append(f"From {_at(way[-1].x)} no step can be taken: {why}.")
    elif root is not None and not found:
        said.append(f"It comes to {_at(root)}.")
    names = [f"iterates.{i}.x.{j}" for i, s in enumerate(way) for j in range(len(s.x)) if i]
    document.answer = sentence(" ".join(part for part in said if part), document.values, names[:12])


def _rate(question: StepsQuestion) -> str:
    """What the rate does on a quadratic with a minimum: a step leaves |1 - rate λ| of the error along an eigenvector of
    the curvature λ. B. T. Polyak, Introduction to Optimization (1987), chapter 1.
    """
    (problem,) = question.task.problems
    if any(entry.free_symbols for row in problem.hessian_exprs for entry in row):
        return ""
    low, *_, high = (float(value) for value in np.linalg.eigvalsh(problem.hessian(question.start))[[0, -1]])
    times = question.task.rate * high
    if low <= 0:
        return ""
    if times < 2:
        left = max(abs(1 - question.task.rate * value) for value in (low, high))
        return f"The steps converge: each leaves at most {left:.4g} of the error."
    below = f"2/{high:.6g} = {2 / high:.6g}, with the largest curvature {high:.6g}"
    return f"The steps do not converge: the rate has to be below {below}."


def _repeated(way: Sequence[Iterate]) -> tuple[int, int] | None:
    """Two steps that are at the same place, with another between them."""
    for i, before in enumerate(way):
        for after in way[i + 2 :]:
            moved = before.x.shape == after.x.shape == way[i + 1].x.shape and not np.allclose(before.x, way[i + 1].x)
            if moved and np.allclose(before.x, after.x, rtol=1e-12, atol=1e-12):
                return before.k, after.k
    return None


def _all_right(question: StepsQuestion, found: Sequence[JudgedIterate]) -> str:
    listed = [_equal(question, each.own) for each in found]
    told = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    how = f", {found[0].said}" if found[0].said else ""
    return f"Your {told} {'is' if len(listed) == 1 else 'are'} right{how}."


def _told(question: StepsQuestion, way: Sequence[Iterate], each: JudgedIterate) -> str:
    """What is said of an own step."""
    own = each.own
    who = "Your" if own.whose == "asker" else "The other answer's"
    what = f"{who} {_equal(question, own)}"
    if each.right:
        return f"{what} is right{f', {each.said}' if each.said else ''}."
    if each.wanted is None:
        return f"{what} was not judged: {each.said}."
    should = f"{what} is wrong: it should be {_at(each.wanted)}."
    if each.slip is not None:
        return f"{should} {each.slip.text}"
    if each.said:
        return f"{should} {each.said[:1].upper()}{each.said[1:]}."
    return f"{should} {_difference(question, way, each)}".strip()


def _difference(question: StepsQuestion, way: Sequence[Iterate], each: JudgedIterate) -> str:
    """The slopes of the step beside those that the asker's numbers would need."""
    own = each.own
    base = next((s for s in way if s.k == own.index - 1), None)
    step = next((s for s in way if s.k == own.index), None)
    if base is None or step is None or len(base.x) != len(step.x):
        return ""
    if question.name == "newton-root" and len(base.x) == 1:
        f, slope = float(step.figures["f"][0]), float(step.figures["slope"][0])
        return (
            f"There f = {f:.6g} and f' = {slope:.6g}, so that the step is {-f / slope:.6g}; yours is "
            f"{float(own.numbers[0] - base.x[0]):.6g}."
        )
    return ""


def _along(question: StepsQuestion, way: Sequence[Iterate]) -> Check:
    """Each exact step ends where the function has no slope along it."""
    worst = 0.0
    for before, after in itertools.pairwise(way):
        p = after.x - before.x
        size = abs(float(question.task.g(before.x) @ p)) or 1.0
        worst = max(worst, abs(float(question.task.g(after.x) @ p)) / size)
    verdict: Verdict = "passed" if worst <= 1e-8 else "failed"
    how = "the gradient at the end of each step times the step, relative to that at its beginning"
    return Check("Each step ends at the lowest point of its line", how, verdict, worst, 1e-8, test="optimum")


def _inside(question: StepsQuestion, way: Sequence[Iterate]) -> Check:
    """The lowest of many places in the first interval lies in each that was kept."""
    places = np.linspace(float(question.start[0]), float(question.start[1]), 2001)
    lowest = places[np.nanargmin(np.broadcast_to(question.task.problems[0].on_grid([places])[0], places.shape))]
    width = places[1] - places[0]
    outside = max(float(max(s.x[0] - lowest, lowest - s.x[1])) for s in way)
    verdict: Verdict = "passed" if outside <= width else "failed"
    how = f"the lowest of {len(places):,} places in the first interval: how far it is outside of one that was kept"
    return Check("Each interval holds the minimum", how, verdict, max(outside, 0.0), float(width), test="surroundings")
