"""A descent by hand studied: found, judged, mended step by step, and run again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nabla.errors import UserError
from nabla.labs.descend.hand import course as courses
from nabla.labs.descend.hand import optimiser
from nabla.labs.descend.hand.course import Course
from nabla.labs.descend.hand.cut import unmasked
from nabla.labs.descend.hand.cycles import to_and_fro
from nabla.labs.descend.hand.fixes import Fix, fix
from nabla.labs.descend.hand.found import HandDescent
from nabla.labs.descend.hand.intercept import intercept
from nabla.labs.descend.hand.judge import judge
from nabla.labs.descend.hand.lines import rates
from nabla.labs.descend.hand.newton import newton
from nabla.labs.descend.hand.odd import odd
from nabla.labs.descend.hand.rules import rules
from nabla.labs.descend.hand.search import find
from nabla.labs.descend.hand.verdict import Fault, StepJudgement
from nabla.program.source import Program, read

ROUNDS = 4  # of mending
# Findings about the gradient: what is computed, not how far it is followed.
OF_THE_GRADIENT = frozenset(
    "sign missing-factor missing-mean missing-term regularisation-factor not-simultaneous shape-broadcast "
    "integer-array "
    "missing-square missing-root missing-derivative missing-axis not-accumulated".split()
)


@dataclass
class Study:
    """A descent, what was concluded of it, and the program mended: the changes, and the study of the mended one."""

    found: HandDescent
    judged: StepJudgement
    went: Course
    findings: list[Fault]
    fixes: list[Fix] = field(default_factory=list)
    mended: Study | None = None

    @property
    def verdict(self) -> str:
        """right, scaled, wrong or undecided."""
        wrong = any(f.kind in OF_THE_GRADIENT - {"missing-mean"} for f in self.findings)
        return "wrong" if wrong else self.judged.verdict


def study(program: Program, told: str = "") -> Study | None:
    """Study a program; None where it does not descend by hand. `told` is a function that it is to descend."""
    first = _once(program, told)
    if first is None:
        return None
    now = first
    for _ in range(ROUNDS):
        made = next((m for f in now.findings if (m := fix(now.found, now.judged, now.went, f)) is not None), None)
        if made is None:
            break
        try:
            later = _once(read(made.text), told)
        except UserError:
            break
        if later is None or later.found.run.gap is not None:
            break
        first.fixes.append(made)
        first.mended = now = later
    return first


def _once(program: Program, told: str) -> Study | None:
    with np.errstate(all="ignore"):
        return _studied(program, told)


def _studied(program: Program, told: str) -> Study | None:
    found = find(program)
    if found is None:
        return None
    found.told = told
    if not found.parameters:  # it stops in the first turn
        shapes = courses.shapes(found)
        return Study(found, StepJudgement("undecided"), Course("unknown"), shapes) if shapes else None
    by_newton = newton(found)
    if by_newton is not None:
        return Study(found, *by_newton)
    first = [*courses.shapes(found), *courses.whole_numbers(found), *optimiser.faults(found), *rules(found)]
    if not first and (strange := odd(found)):
        return Study(found, StepJudgement("wrong"), Course("unknown"), strange)
    if found.reshaped and not first:  # what changes its shape from turn to turn is no parameter
        return None
    judged = judge(found)
    went = Course("unknown") if first else courses.course(found, judged)
    judged.findings += unmasked(found, judged) if not first else []
    findings = [*first, *judged.findings]
    if not first and judged.verdict in ("right", "scaled") and (listed := rates(found)):
        findings += next((said for _, rate in listed if (said := optimiser.uncorrected(found, rate))), [])
    if not first:
        findings += [*courses.lost(found, judged), *intercept(found, judged)]
    if not findings:
        findings += to_and_fro(found)
    return Study(found, judged, went, findings)
