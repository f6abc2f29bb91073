"""decompose: the integral of a scalar along a curve with the element of length, f ds."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Block, Check, Document, Heading, Math, Step, Steps
from nabla.lab import Inputs
from nabla.labs.decompose.claim import judged
from nabla.labs.decompose.curve import read_path
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.path import compared_along
from nabla.labs.decompose.telling import vector
from nabla.vector.integrals import AlongStretch, along_length, measured, total, trial
from nabla.write.notation import tex
from nabla.write.sentence import sentence


def answer_density(inputs: Inputs, document: Document, nature: Nature) -> None:
    """The integral of `V`, one formula, along the curve `path`, into the document."""
    given = nature.given
    assert given.scalar is not None
    f = given.scalar
    curve = inputs.read("path", read_path, given.symbols)
    tried = trial([f, *(e for s in curve for e in s.position)], [*given.symbols, *(s.t for s in curve)])
    parts = along_length(f, given.symbols, curve)
    value = total(parts)
    there = [stretch.at(tried) for stretch in curve]
    number = measured(along_length(f.subs(tried), given.symbols, there, False) if tried else parts)
    shown = value if value is not None else None if number is None or tried else sp.Float(number, 12)
    document.title = "A line integral"
    document.values["work"] = {"value": None if shown is None else sp.sstr(shown), "number": None if tried else number}
    document.add(Heading("Along the curve"))
    if shown is None:
        document.add(Steps([_step(part) for part in parts]))
        document.answer = sentence("The integral has no value here.", document.values, ())
        return
    blocks: list[Block] = [
        Math(rf"\int f\, ds = {tex(shown)}", sp.sstr(shown), "Along the curve", role="result"),
        Steps([_step(part) for part in parts]),
    ]
    checks: list[Check] = compared_along(value, number, tried)
    words = judged(inputs, document, nature, {"work": shown})
    document.add(*blocks, Heading("Checked", role="checks"), *checks)
    told = f"The integral of $f$ along the curve is ${tex(shown)}$."
    document.answer = sentence(f"{told} {words}".strip(), document.values, ())


def _step(part: AlongStretch) -> Step:
    t = tex(part.stretch.t)
    ends = rf"\int_{{{tex(part.stretch.low)}}}^{{{tex(part.stretch.high)}}}"
    right = "" if part.value.value is None else f" = {tex(part.value.value)}"
    speed = tex(sp.simplify(sp.sqrt(sum(sp.diff(p, part.stretch.t) ** 2 for p in part.stretch.position))))
    why = rf"With $\mathbf{{r}}({t}) = {vector(part.stretch.position)}$, $ds = {speed}\, d{t}$."
    return Step("A stretch of the curve", rf"{ends} \left({tex(part.integrand)}\right) d{t}{right}", why)
