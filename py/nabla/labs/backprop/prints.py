"""What the prints of a program show of derivatives: every one of them, not that of the last pass alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nabla.answer.document import quoted
from nabla.labs.backprop.flow import Flow, flow_of, short
from nabla.labs.backprop.run import Outcome, ShownDerivative
from nabla.tensor.notation import name_tex
from nabla.tensor.operation import convention_of
from nabla.tensor.passes import REMEMBERED, Derivative, Pass
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import new_run

MOST = 4  # lines that the sentence tells
IN_TURN = 4  # values that one line prints
SMALL = 6  # passes and numbers of a sum that is written out

_KINDS = {
    "jacobian": "the Jacobian",
    "hessian": "the Hessian",
    "jvp": "the derivative in that direction",
    "each": "the gradient of each sample",
}


def several(outcome: Outcome, flow: Flow | None) -> list[str]:
    """A part of a sentence for each line that prints derivatives, where they are more than that of the last pass."""
    groups: dict[tuple[int, str], list[ShownDerivative]] = {}
    for shown in outcome.derivatives:
        groups.setdefault((shown.line, label_of(shown.derivative, outcome.dialect)), []).append(shown)
    ours = flow is not None and all(
        one.derivative.kind == "gradient" and one.derivative.root is flow.root for one in outcome.derivatives
    )
    if not groups:
        return _of_passes(outcome)
    if ours and len({label for _, label in groups}) == len(outcome.derivatives):
        return []
    said = [_of_line(line, label, of) for (line, label), of in list(groups.items())[:MOST]]
    return said + ([f"{len(groups) - MOST} more lines print others"] if len(groups) > MOST else [])


def _of_passes(outcome: Outcome) -> list[str]:
    """The same of passes that no print shows, where a few lines make them."""
    lines: dict[int, list[Pass]] = {}
    for done in outcome.passes:
        lines.setdefault(done.line, []).append(done)
    if not 2 <= len(lines) <= MOST or outcome.backwards > 2 * REMEMBERED or outcome.dialect == "torch":
        return []
    said = []
    for line, passes in lines.items():
        of = [(done, v) for done in passes for v in done.adjoints if v.op is None and v.name and done.adjoints[v].size]
        values = list(dict.fromkeys(short(done.adjoints[v]) for done, v in of))
        if of:
            label = label_of(Derivative("gradient", of[0][0].root, of[0][1], line), outcome.dialect)
            said.append(f"line {line} finds {label} = {', then '.join(values[:IN_TURN])}")
    return said


def flows(outcome: Outcome) -> list[Flow]:
    """The tapes of the remembered passes, of each place the first at a corner or the last, and of Jacobians and
    Hessians.
    """
    of_place: dict[tuple[int, int], Flow] = {}
    for done in outcome.passes:
        place = done.line, done.root.line
        before = of_place.get(place)
        if before is None or all(convention_of(vertex) is None for vertex in before.order):
            of_place[place] = flow_of(done.root, done.adjoints)
    found = list(of_place.values())
    others = [*outcome.kept.values(), *(shown.derivative for shown in outcome.derivatives)]
    with new_run():
        for root in dict.fromkeys(other.root for other in others if other.kind in _KINDS):
            found.append(flow_of(root, sweep(root, np.ones_like(root.array))))
    return found[-MOST:]


def label_of(derivative: Derivative, dialect: str) -> str:
    """What a derivative is called: `w.grad`, or by its fraction."""
    name = derivative.of.name
    if derivative.kind in _KINDS:
        return _KINDS[derivative.kind] + (f" by `{quoted(name)}`" if name else "")
    if dialect == "torch" and derivative.parts and name:
        return f"`{quoted(name)}.grad`"
    names = flow_of(derivative.root, {}).names
    above = name_tex(derivative.root.name) if derivative.root.name else names[derivative.root]
    below = name_tex(name) if name else names.get(derivative.of, "v")
    return rf"$\frac{{\partial {above}}}{{\partial {below}}}$"


def _of_line(line: int, label: str, shown: Sequence[ShownDerivative]) -> str:
    if len(shown) == 1:
        return f"line {line} prints {label} = {short(shown[0].value)}{_sum(shown[0])}"
    values = ", then ".join(short(one.value) for one in shown[:IN_TURN])
    more = f", and {len(shown) - IN_TURN} more" if len(shown) > IN_TURN else _sum(shown[-1])
    return f"line {line} prints {label} = {values}{more}"


def numbers(outcome: Outcome) -> list[str]:
    """The paths, in the values of a document, of the numbers that are printed alone."""
    found = []
    for shown in outcome.derivatives[: MOST * IN_TURN]:
        alone = outcome.printed[shown.entry]["value"] == np.asarray(shown.value).tolist()
        if alone and np.size(shown.value) <= SMALL:
            found += [".".join(["printed", str(shown.entry), "value", *map(str, index)])
                      for index in np.ndindex(np.shape(shown.value))]  # fmt: skip
    return found


def _sum(shown: ShownDerivative) -> str:
    """The passes that a gradient is the sum of."""
    parts = [np.asarray(part) for _, part in shown.derivative.parts]
    if len(parts) < 2 or len(parts) > SMALL or not np.allclose(sum(parts), shown.value, rtol=1e-4, equal_nan=True):
        return ""
    if parts[0].size > SMALL:
        return f", the sum of {len(parts)} passes"
    return f" = {added(parts)}, the sum of {len(parts)} passes"


def added(parts: Sequence[Any]) -> str:
    """A sum written out, negative terms in brackets."""
    return " + ".join(short(part) if np.all(part >= 0) else f"({short(part)})" for part in parts)


def named(outcome: Outcome, derivatives: Mapping[str, Derivative]) -> list[str]:
    """A part of a sentence for derivatives that are kept under a name and never printed."""
    return [
        f"`{quoted(name)}` is {label_of(derivative, outcome.dialect)}, {short(outcome.tensors[name].array)}"
        for name, derivative in derivatives.items()
    ][:MOST]
