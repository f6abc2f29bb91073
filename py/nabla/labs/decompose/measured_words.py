"""What is asked about a field on a grid, in a sentence: by differences, at points, and against the asker's numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from nabla.answer.document import Document
from nabla.errors import UserError
from nabla.helmholtz.grid import Floats, at_point
from nabla.lab import Inputs
from nabla.labs.decompose.measured import GridSlopes
from nabla.read.fields.claims import read_answers
from nabla.write.notation import decimals

SAME = 1e-9  # of the size of the values: how far they differ where they are one number
ZERO, DOUBTFUL = 1e-6, 0.1  # of the size of the terms: what is rounding, and what the differences may be wrong by
NEAR = 5e-3  # how near a number that was rounded comes to the one it is meant for
MEANT = {"solenoidal": "divergence", "irrotational": "curl", "conservative": "curl", "potential": "curl"}


def in_words(document: Document, measured: GridSlopes, asked: Collection[str]) -> str:
    """The answers to what is asked, divergence and curl where nothing is; sets `values["conservative"]` for it."""
    wanted = {MEANT.get(what, what) for what in asked} & {"divergence", "curl"} or {"divergence", "curl"}
    rows = [(f"{name}_{axis}" if axis else name, values) for name, axis, values in measured.rows() if name in wanted]
    told = "; ".join(_row(name, values) for name, values in rows)
    words = [f"By differences, {told}."]
    for what, name, yes, no in (
        ("solenoidal", "divergence", "free of divergence", "not free of divergence"),
        ("irrotational", "curl", "free of curl", "not free of curl"),
        ("conservative", "curl", "conservative, as far as a grid shows", "not conservative"),
    ):
        if what in asked:
            verdict = _is_zero(measured, name)
            document.values[what] = verdict
            words.insert(0, _verdict(verdict, yes, no))
    return " ".join(words)


def _verdict(verdict: bool | None, yes: str, no: str) -> str:
    if verdict is None:
        return f"Whether the field is {yes} is open: what is left is no larger than the differences may be wrong by."
    return f"Yes, the field is {yes}." if verdict else f"No, the field is {no}."


def _is_zero(measured: GridSlopes, name: str) -> bool | None:
    """Whether divergence or curl vanish; None where they are small beside the derivatives that they are made of."""
    parts = [values for row, _, values in measured.rows() if row == name]
    size = float(np.sqrt(sum(float(np.nanmean(part**2)) for part in parts)))
    bound = measured.terms or 1.0
    return True if size <= ZERO * bound else None if size <= DOUBTFUL * bound else False


def _row(name: str, values: Floats) -> str:
    """One number where all are the same, otherwise their size and range."""
    if not np.isfinite(values).any():
        return f"{name} is found nowhere"
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if high - low <= SAME * max(abs(low), abs(high)):
        return f"{name} is ${decimals(high, 4)}$ everywhere"
    rms = float(np.sqrt(np.nanmean(values**2)))
    return f"{name} runs from ${decimals(low, 4)}$ to ${decimals(high, 4)}$, root mean square ${decimals(rms, 4)}$"


def at_points(document: Document, measured: GridSlopes, points: Sequence[tuple[float, ...]]) -> str:
    """Divergence and curl at points of the grid, or between them; sets `values["at"]`."""
    document.values["at"] = []
    told = []
    for point in points:
        div = float(at_point(measured.divergence[None], measured.box, point)[0])
        turn = [float(c) for c in at_point(measured.curl, measured.box, point)]
        document.values["at"].append({"at": list(point), "divergence": div, "curl": turn})
        where = ", ".join(f"{name} = {c:.6g}" for name, c in zip(measured.names, point, strict=True))
        curl = decimals(turn[0], 4) if len(turn) == 1 else rf"({', '.join(decimals(c, 4) for c in turn)})"
        told.append(f"At {where} the divergence is ${decimals(div, 4)}$ and the curl ${curl}$.")
    return " ".join(told)


def judged(inputs: Inputs, document: Document, measured: GridSlopes, asked: Collection[str]) -> str:
    """Judge numbers of the asker's: against the values at the point asked about, or one that is the same everywhere."""
    if not inputs["claim"].strip():
        return ""
    words, verdicts = [], []
    for name, number in _numbers(inputs):
        goals = {what: value for what, value in _goals(document, measured).items() if not name or what == name}
        meant = {what for what in goals if what in {MEANT.get(each, each) for each in asked}} or set(goals)
        right = next((what for what in goals if abs(goals[what] - number) <= NEAR * max(abs(goals[what]), 1e-12)), "")
        verdict = "right" if right else "wrong" if len(meant) == 1 else "undecided"
        verdicts.append(verdict)
        if verdict != "undecided":
            said = f"right for the {right}" if right else f"not the {next(iter(meant))}"
            words.append(f"Your ${decimals(number, 6)}$ is {said}.")
    overall = next((each for each in ("wrong", "undecided", "right") if each in verdicts), "undecided")
    document.values["claim"] = {"verdict": overall, "mistakes": [], "ask_at": None}
    return " ".join(words)


def _numbers(inputs: Inputs) -> list[tuple[str, float]]:
    """Single numbers among the answers, with the names of what they are for."""
    try:
        answers = inputs.read("claim", read_answers)
    except UserError:
        return []
    found = []
    for answer in answers:
        reading = answer[-1].reading
        if reading is not None and not reading.expr.free_symbols:
            found.append((next((line.label.text for line in answer if line.label), ""), float(reading.expr)))
    return found


def _goals(document: Document, measured: GridSlopes) -> dict[str, float]:
    """Divergence and curl as numbers: at the one point that is asked about, or the same everywhere; none in space."""
    places = document.values.get("at") or []
    if len(measured.curl) > 1 or len(places) > 1:
        return {}
    if places:
        return {"divergence": places[0]["divergence"], "curl": places[0]["curl"][0]}
    rows = [(name, values) for name, _, values in measured.rows()]
    return {
        name: float(np.nanmean(values)) for name, values in rows
        if np.isfinite(values).any() and np.nanmax(values) - np.nanmin(values) <= SAME * np.nanmax(np.abs(values))
    }  # fmt: skip
