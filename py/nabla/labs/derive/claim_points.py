"""derive: points that the asker says are stationary, and what they are said to be, beside those found."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sympy as sp

from nabla.answer.document import Document, Heading, Note
from nabla.calculus.stationary_points import Stationary
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.read.formula import read_formula
from nabla.write.notation import point

_POINT = re.compile(r"[\[(]([^\[\]()]*)[\])]\s*(?:is\s+)?(?:a\s+)?(minimum|maximum|saddle)?")
CLOSE = 1e-6


def judge_points(document: Document, inputs: Inputs, places: Sequence[Stationary], symbols: Sequence[sp.Symbol]) -> str:
    """Say of each point of the claim, `[0, 0] saddle; [1, 1] minimum`, whether it is one, and of that kind.

    Returns:
        What the sentence that answers says of it, empty where no point is claimed.
    """
    claimed = [(found[1], found[2] or "") for found in _POINT.finditer(inputs["claim"])]
    told: list[str] = []
    verdicts: list[str] = []
    for text, kind in claimed:
        at = _values(text, len(symbols))
        if at is None:
            continue
        there = next((place for place in places if _same(place, symbols, at)), None)
        shown = f"({', '.join(text.split(','))})".replace("( ", "(")
        if there is None:
            verdicts.append("wrong")
            told.append(f"your ${shown}$ is no stationary point")
        elif kind and kind != there.kind:
            verdicts.append("wrong")
            article = "left open by the Hessian" if there.kind == "undecided" else f"a {there.kind}"
            told.append(f"your ${shown}$ is {article}, not a {kind}")
        else:
            verdicts.append("right")
    if not verdicts:
        return ""
    verdict = "wrong" if "wrong" in verdicts else "right"
    document.values["claim"] = {"verdict": verdict, "mistakes": [], "ask_at": None}
    missed = [place for place in places if not any(_same(place, symbols, _values(t, len(symbols))) for t, _ in claimed)]
    if verdict == "right":
        told.append(f"what you say of {'this point is' if len(verdicts) == 1 else 'these points is'} right")
    if missed and len(verdicts) > 1:
        told.append(f"${point(missed[0].at)}$ is not among yours")
    document.add(Heading("Your answer", role="claim"))
    for text in told:
        document.add(Note(f"{text[:1].upper()}{text[1:]}.", tone="tip" if verdict == "right" else "warning"))
    return "; ".join(told)


def _values(text: str, count: int) -> list[float] | None:
    parts = text.split(",")
    try:
        values = [read_formula(part).expr for part in parts]
    except UserError:
        return None
    return [float(value) for value in values] if len(values) == count and all(v.is_number for v in values) else None


def _same(place: Stationary, symbols: Sequence[sp.Symbol], at: Sequence[float] | None) -> bool:
    if at is None:
        return False
    pairs = [(float(place.at[symbol]), value) for symbol, value in zip(symbols, at, strict=True)]
    return all(abs(theirs - value) <= CLOSE * max(1.0, abs(value)) for theirs, value in pairs)
