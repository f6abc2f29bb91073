"""The field that a program defines, split below what is said of the program: as typed, or in its likelier reading."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nabla.answer.document import Block, Document, Heading, Note
from nabla.errors import UserError
from nabla.helmholtz.inspect import real_where, spread
from nabla.lab import Inputs
from nabla.labs.decompose.field import read_given
from nabla.labs.decompose.inspect import CONCENTRATED, blocks_of, inspected, repaired
from nabla.labs.decompose.nature import Nature
from nabla.labs.decompose.question import DecomposeQuestion, read_question
from nabla.labs.decompose.split import from_formula
from nabla.write.notation import decimals, tex
from nabla.write.sentence import sentence

BOXES = ((-1, 1), (1, 3), (100, 20100))  # ranges of both coordinates that are tried, the nearest to 0 first
CELLS = 64


def split_own(inputs: Inputs, document: Document, V: str) -> None:
    """Split the field on the first box on which it is real, finite and no spike; else say nothing of it."""
    said = document.answer.text if document.answer else ""
    title = document.title
    findings = [*document.values.get("findings", [])]
    likelier, why = _likelier(inputs, V)
    for text in (V, likelier):
        for low, high in BOXES if text else ():
            asked = Inputs(inputs.lab, {"V": text, "domain": f"{low}..{high}", "n": CELLS})
            question = _usable(asked)
            if question is None:
                continue
            reading = "as typed" if text == V else "in its likelier reading"
            document.add(Heading("The field of the program, split"), *(why if text != V else []))
            names = " and ".join(f"${name}$" for name in question.names)
            where = f"Split {reading}, with {names} from {low} to {high}; box and boundary are part of the question."
            document.add(Note(where, inputs={**asked.given, "code": ""}, action="Change them"))
            from_formula(question, document, "compare", [], Nature(read_given(asked)))
            parts = document.answer.text if document.answer else ""
            document.title = title
            document.values["findings"] = [*findings, *document.values["findings"]]
            typed = _real(inputs, V) if text != V else ""
            whole = f"{said} {typed}Its field, {reading}, from {low} to {high}: {parts} {_adds_up(question)}"
            document.answer = sentence(whole, document.values, ())
            return


def _real(inputs: Inputs, V: str) -> str:
    """Where the field as typed is real, as a sentence; "" where that was not found."""
    question = read_question(Inputs(inputs.lab, {"V": V, "n": CELLS}))
    told = []
    for power, symbol, inside in real_where(sp.Tuple(*question.typed), question.symbols):
        low, high = (decimals(float(end), 7) if end.is_finite else "" for end in (inside.start, inside.end))
        where = " < ".join(part for part in (low, tex(symbol), high) if part)
        told.append(f"${where}$ alone, where the base of the exponent ${decimals(float(power.exp), 6)}$ is positive")
    return f"As typed it is real for {' and '.join(told)}. " if told else ""


def _adds_up(question: DecomposeQuestion) -> str:
    """That between walls nothing is left: the parts add up to the field component by component."""
    names = [rf"S_{{{i + 1}}} + H_{{{i + 1}}}" for i in range(len(question.typed))]
    sums = ",\\; ".join(f"{name} = {'0' if f == 0 else f'V_{{{i + 1}}}'}"
                         for i, (name, f) in enumerate(zip(names, question.typed, strict=True)))  # fmt: skip
    return f"Between walls there is no rest: ${sums}$ at every point."


def _likelier(inputs: Inputs, V: str) -> tuple[str, list[Block]]:
    """The reading with all suspected slips undone and what speaks for it; ("", []) where there is none."""
    try:
        question = read_question(Inputs(inputs.lab, {"V": V, "n": CELLS}))
        findings = [finding for finding in inspected(question) if finding.edits]
    except UserError:
        return "", []
    if not findings:
        return "", []
    return repaired(question.text, findings), blocks_of(question, findings, [])


def _usable(asked: Inputs) -> DecomposeQuestion | None:
    try:
        question = read_question(asked)
    except UserError:
        return None
    if any(finding.code == "pole" for finding in inspected(question)):
        return None
    V = question.samples(question.box).V
    size = np.sqrt((V**2).sum(axis=0))
    if not np.isfinite(V).all() or not 1e-100 < float(size.max()) < 1e100 or spread(size).nine > CONCENTRATED:
        return None
    return question
