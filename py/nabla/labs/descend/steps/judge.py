"""The asker's steps beside those of the method: right, wrong by a known slip, or right from where they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nabla.labs.descend.blocks import place
from nabla.labs.descend.steps.read import OwnStep, StepsQuestion
from nabla.optimise.by_hand.kinds import Iterate, NoStep, StepSlip
from nabla.optimise.by_hand.methods import course, near, slipped, stepped
from nabla.optimise.problem import Floats
from nabla.read.formula.print import name_tex


@dataclass(frozen=True, slots=True)
class JudgedIterate:
    """An own step with its verdict, what it should be, the slip that gives it, and what is said of it besides."""

    own: OwnStep
    right: bool
    wanted: Floats | None
    slip: StepSlip | None = None
    said: str = ""


def judged(question: StepsQuestion, way: Sequence[Iterate]) -> list[JudgedIterate]:
    """All own steps, each person's by itself; a step behind a wrong one is also held beside a step from that one."""
    made: list[JudgedIterate] = []
    for whose in ("asker", "rival"):
        own = [step for step in question.own if step.whose == whose]
        points = [step for step in own if not step.figure]
        if own and not (found := _by_other_rule(question, points) if points == own else []):
            found = []
            for step in own:
                found.append(_judged(question, way, step, found))
        made += found if own else []
    return made


def _by_other_rule(question: StepsQuestion, own: list[OwnStep]) -> list[JudgedIterate]:
    """All as right, by the method as other books define it; empty where that is not so."""
    for words, step in question.method.others:
        way = course(question.task, question.method, question.start, question.count, step)
        main = course(question.task, question.method, question.start, question.count)
        if all(_fits(way, s) for s in own) and not all(_fits(main, s) for s in own):
            return [JudgedIterate(s, True, _at(way, s), said=words) for s in own]
    return []


def _at(way: Sequence[Iterate], own: OwnStep, shift: int = 0) -> Floats | None:
    """What the method gives for an own step, the interval where one is told; None where it does not get there."""
    at = next((s for s in way if s.k == own.index + shift), None)
    if at is None:
        return None
    if own.figure:
        return at.figures.get(own.figure)
    if own.component >= 0:
        return at.x[own.component : own.component + 1]
    return at.memory[0] if len(own.numbers) == 2 and len(at.x) == 1 and at.memory else at.x


def _fits(way: Sequence[Iterate], own: OwnStep, shift: int = 0) -> bool:
    wanted = _at(way, own, shift)
    return wanted is not None and near(own.numbers, wanted, own.units)


def _judged(
    question: StepsQuestion, way: Sequence[Iterate], own: OwnStep, before: list[JudgedIterate]
) -> JudgedIterate:
    wanted = _at(way, own)
    if wanted is None:
        return JudgedIterate(own, False, None, said="the method does not come that far")
    if own.figure:
        fits = wanted.shape == own.numbers.shape and near(own.numbers, wanted, own.units)
        return JudgedIterate(own, fits, wanted)
    if wanted.shape != own.numbers.shape:
        return JudgedIterate(own, False, wanted, said=f"a point here is {len(wanted)} numbers")
    if near(own.numbers, wanted, own.units):
        return JudgedIterate(own, True, wanted)
    if "interval" in question.method.uses and _fits(way, own, 1):
        return JudgedIterate(own, True, _at(way, own, 1), said="counting from the first middle as number 0")
    slip = _all_along(question, own)
    if slip is not None:
        return JudgedIterate(own, False, wanted, slip)
    shifted = next((s.k for s in way if s.k != own.index and _fits(way, own, s.k - own.index)), None)
    if shifted is not None:
        return JudgedIterate(own, False, wanted, said=f"that is the point after {shifted} step{'s' * (shifted != 1)}")
    start = _from_own(question, way, own, before)
    if start is not None:
        try:
            there = stepped(question.task, question.method.step, start)
        except NoStep:
            there = start
        if _fits([there], own):
            rounding = before[-1].right
            said = "" if rounding else f"it follows from {place(start.x)}; the step itself is right"
            return JudgedIterate(own, rounding, wanted, said=said)
        if (slip := _slip(question, start, own)) is not None:
            return JudgedIterate(own, False, wanted, slip)
    base = next((s for s in way if s.k == own.index - 1), None)
    slip = (_slip(question, base, own) or _by_components(question, base, own)) if base is not None else None
    return JudgedIterate(own, False, wanted, slip)


def _from_own(
    question: StepsQuestion, way: Sequence[Iterate], own: OwnStep, before: list[JudgedIterate]
) -> Iterate | None:
    """The asker's own point one step before, where it is told whole."""
    at = next((s for s in way if s.k == own.index - 1), None)
    told = next((j.own for j in before if j.own.index == own.index - 1 and j.own.component < 0), None)
    if at is None or told is None or told.numbers.shape != at.x.shape or "interval" in question.method.uses:
        return None
    return replace(at, x=told.numbers)


def _slip(question: StepsQuestion, base: Iterate, own: OwnStep) -> StepSlip | None:
    """The slip with which a step from a place gives what is told."""
    if own.component >= 0:
        return None
    return slipped(question.task, question.method, base, own.numbers, own.units)


def _all_along(question: StepsQuestion, own: OwnStep) -> StepSlip | None:
    """The slip that, made in every step from the start, gives what is told."""
    for slip in question.method.slips:
        way = course(question.task, question.method, question.start, own.index, slip.step)
        if _fits(way, own):
            return slip
    return None


def _by_components(question: StepsQuestion, base: Iterate, own: OwnStep) -> StepSlip | None:
    """For a step along the gradient: each wrong component, with the slope that it would need."""
    if question.name not in ("gradient-descent", "gradient-ascent"):
        return None
    sign = -1.0 if question.name == "gradient-descent" else 1.0
    g = question.task.g(base.x)
    told = range(len(base.x)) if own.component < 0 else [own.component]
    said, ratios = [], []
    for i, got, unit in zip(told, own.numbers, own.units, strict=True):
        due = base.x[i] + sign * question.task.rate * g[i]
        if near(np.array([got]), np.array([due]), [unit]):
            continue
        needed = sign * float(got - base.x[i]) / question.task.rate
        known = [r for r in _RATIOS if abs(needed - r * g[i]) <= max(unit / question.task.rate, 1e-9 * abs(g[i]))]
        ratios.append(known[0] if len(known) == 1 else 0.0)
        name = name_tex(question.variables[i].name)
        more = f", {_RATIOS[ratios[-1]]}" if ratios[-1] else ""
        said.append(f"the slope by ${name}$ at {place(base.x)} is {g[i]:.6g}, and yours would need {needed:.4g}{more}")
    if not said:
        return None
    kind = "sign" if set(ratios) == {-1.0} else "missing-factor" if 0.0 not in ratios else "unnamed"
    text = "; ".join(said)
    return StepSlip(kind, f"{text[:1].upper()}{text[1:]}.", question.method.step)


_RATIOS = {-1.0: "the same with the other sign", 0.5: "half of it", 2.0: "twice that", 1 / 3: "a third of it"}
