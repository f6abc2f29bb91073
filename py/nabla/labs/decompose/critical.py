"""decompose: where a plane field vanishes, as an answer: equilibria of a system x' = P, y' = Q."""

from __future__ import annotations

import sympy as sp

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Check, Column, Document, Heading, Note, Prose, Table
from nabla.errors import Span, UserError
from nabla.labs.decompose.nature import Nature
from nabla.vector.critical import CriticalPoint, critical_points
from nabla.write.notation import tex

TURNED = 1e-9


def answer_critical(document: Document, nature: Nature) -> tuple[list[Block], str]:
    """Blocks and sentence; nothing where critical points are not asked for.

    Raises:
        UserError: "not-covered" for fields in space and other coordinates.
    """
    given = nature.given
    if "critical" not in given.asked:
        return [], ""
    if len(given.F) != 2 or not given.system.straight:
        message = "Critical points are found for fields of the plane, in Cartesian coordinates."
        raise UserError("not-covered", message, span=Span(0, 0), field="V")
    letters = sorted({s.name for f in given.F for s in f.free_symbols - set(given.symbols)})
    found = critical_points(given.F, given.symbols, sourceless=nature.sourceless)
    document.values["critical"] = None
    if found is None:
        why = f": their place depends on {', '.join(letters)}" if letters else " in closed form"
        return [], f"the points where the field vanishes were not found{why}."
    document.values["critical"] = [
        {"at": list(map(sp.sstr, each.place)), "kind": each.kind, "eigenvalues": list(map(sp.sstr, each.eigenvalues))}
        for each in found
    ]
    if not found:
        return [], "the field vanishes nowhere."
    rows: list[list[str | float | None]] = [
        [f"${_at(each)}$", f"${tex(each.matrix)}$", f"${_values(each)}$", each.kind or "by the letters"]
        for each in found
    ]
    columns = [Column("Point"), Column("Jacobian matrix"), Column("Eigenvalues"), Column("Kind")]
    blocks: list[Block] = [Heading("Where the field vanishes"), Table(columns, rows), _vanishes(nature, found)]
    if any(each.kind == "centre or spiral" for each in found):
        blocks.append(Note("Eigenvalues on the imaginary axis leave the kind open: the terms of higher order decide."))
    blocks.append(
        Prose("Negative real parts draw flow lines in, positive ones push them away, both signs make a saddle.")
    )
    told = "; ".join(f"${_at(each)}$, {_a(each)}" for each in found)
    return blocks, f"the field vanishes at {told}."


def _a(each: CriticalPoint) -> str:
    kind = each.kind
    if not kind:
        return f"with the eigenvalues ${_values(each)}$"
    if kind == "degenerate":
        return "degenerate: the determinant of the Jacobian matrix is zero there"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _at(each: CriticalPoint) -> str:
    return r"\left(" + r",\; ".join(map(tex, each.place)) + r"\right)"


def _values(each: CriticalPoint) -> str:
    return r",\; ".join(map(tex, each.eigenvalues))


def _vanishes(nature: Nature, found: list[CriticalPoint]) -> Check:
    """The field at the points, by decimal numbers."""
    worst = 0.0
    for each in found:
        at = dict(zip(nature.given.symbols, each.place, strict=True))
        worst = max(worst, *(abs(complex(f.subs(at).evalf(30))) for f in nature.given.F))
    verdict: Verdict = "passed" if worst <= TURNED else "failed"
    return Check(
        "The field is zero at these points", "by its formula, 30 digits", verdict, worst, TURNED, test="points"
    )
