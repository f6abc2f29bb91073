"""decompose: the sentence that answers: the parts in formulas, their sizes, or what the formula likely means."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Document
from nabla.helmholtz.answer import FORMULAS, REPEATS, Decomposition
from nabla.helmholtz.exact import Exact
from nabla.labs.decompose.blocks import QUESTIONS, ROUNDING, SHORT
from nabla.write.notation import tex
from nabla.write.sentence import sentence


def conclude(document: Document, answers: Sequence[Decomposition], exact: Exact | None) -> None:
    """Set the document's sentence: the parts in formulas where they are known, and how large they are on the box."""
    values, names, said = document.values, [], []
    formulas = _in_formulas(exact) if exact is not None else ""
    for each in _alike(answers) if formulas else answers:
        relative = values["answers"][each.boundary]["relative"]
        names += [f"answers.{each.boundary}.relative.{part}" for part in ("S", "H")]
        sizes = " and ".join(rf"$|{part}| = {_share(relative[part])}\,|V|$" for part in ("S", "H"))
        said.append(f"{QUESTIONS[each.boundary][0].lower()}, {sizes}")
    text = "; ".join([*([formulas] if formulas else []), *said])
    document.answer = sentence(f"{text[:1].upper()}{text[1:]}.", values, names)


def _alike(answers: Sequence[Decomposition]) -> list[Decomposition]:
    """The first answer that the formulas are for: of a field that repeats over the box, or of open space by them."""
    repeats = (a for a in answers if a.parts.extra.get("edge_mismatch", 1.0) <= REPEATS or a.parts.method == FORMULAS)
    return list(repeats)[:1]


def _share(relative: float) -> str:
    return f"{relative if relative > ROUNDING else 0:.4g}"


def _in_formulas(exact: Exact) -> str:
    """`S = (...) and H = (...)`; empty where that is too long for a sentence."""
    fields = {"S": exact.S, "H": exact.H, "h": exact.harmonic}
    shown = {name: field for name, field in fields.items() if name != "h" or any(field)}
    if sum(len(tex(f)) for field in shown.values() for f in field) > SHORT:
        return ""
    return "$V = " + " + ".join(shown) + "$ with " + ", ".join(_field(name, shown[name]) for name in shown)


def _field(name: str, field: Sequence[sp.Expr]) -> str:
    inside = r",\; ".join(map(tex, field))
    return rf"${name} = \left({inside}\right)$"


def conclude_suspected(document: Document, slips: int) -> None:
    """Set the sentence of a field that is not real on its box, and likely not the one that was meant."""
    what = "one place of the formula likely means" if slips == 1 else f"{slips} places of the formula likely mean"
    document.answer = sentence(f"As typed, $V$ is not real on the box: {what} something else.", {}, ())
