"""derive: intervals that the asker says a function rises or falls on, or is bent, beside those found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sympy as sp

from nabla.answer.document import Document, Heading, Note
from nabla.calculus.signs import SignedInterval
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.read.fields.integrals import infinity
from nabla.read.formula import read_formula

_INTERVAL = re.compile(r"[\[(]([^\[\](),;]*)[,;]([^\[\](),;]*)[\])]")
CLOSE = 1e-6


def claimed_intervals(inputs: Inputs) -> list[tuple[float, float]]:
    """The intervals of the claim, `decreasing: (-1, 0); (0, 1)`; open or closed is the same."""
    found = []
    for match in _INTERVAL.finditer(inputs["claim"]):
        ends = [_end(match[place]) for place in (1, 2)]
        if None not in ends:
            found.append((ends[0] or 0.0, ends[1] or 0.0))
    return found


def judge_intervals(document: Document, inputs: Inputs, sets: Mapping[str, Sequence[SignedInterval]]) -> str:
    """Say whether the claimed intervals are those of one of the sets, which are named by their words.

    Returns:
        What the sentence that answers says of it, empty where no interval is claimed.
    """
    claimed = claimed_intervals(inputs)
    if not claimed:
        return ""
    word = next((word for word in sets if inputs["claim"].startswith(word)), "")
    held = sets[word] if word else max(sets.values(), key=lambda each: sum(_among(pair, each) for pair in claimed))
    wrong = [pair for pair in claimed if not _among(pair, held)]
    missing = [each for each in held if not any(_same(pair, each) for pair in claimed)]
    verdict = "wrong" if wrong or missing else "right"
    document.values["claim"] = {"verdict": verdict, "mistakes": [], "ask_at": None}
    yours = " and ".join(f"${_shown(pair)}$" for pair in claimed)
    if wrong:
        told = f"your {yours} is not right"
    elif missing:
        text = ", ".join(f"${_shown((float(each.low), float(each.high)))}$" for each in missing)
        told = f"your {yours} is right as far as it goes, but {text} is missing"
    else:
        told = f"your {yours} is right"
    document.add(Heading("Your answer", role="claim"))
    document.add(Note(f"{told[:1].upper()}{told[1:]}.", tone="tip" if verdict == "right" else "warning"))
    return told


def _end(text: str) -> float | None:
    sign = infinity(text.strip(" $"))
    if sign:
        return float(sp.oo * sign)
    try:
        value = read_formula(text).expr
    except UserError:
        return None
    return float(value) if value.is_number and value.is_real else None


def _same(pair: tuple[float, float], each: SignedInterval) -> bool:
    ends = zip(pair, (float(each.low), float(each.high)), strict=True)
    return all(a == b or abs(a - b) <= CLOSE * max(1.0, abs(b)) for a, b in ends)


def _among(pair: tuple[float, float], held: Sequence[SignedInterval]) -> bool:
    return any(_same(pair, each) for each in held)


def _shown(pair: tuple[float, float]) -> str:
    texts = [r"\infty" if end == float("inf") else r"-\infty" if end == -float("inf") else f"{end:.6g}" for end in pair]
    return rf"\left({texts[0]},\, {texts[1]}\right)"
