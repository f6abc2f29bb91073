"""A line that the asker would have in place of one of a descent by hand: put there, studied, and held against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nabla.answer.document import Document, quoted
from nabla.errors import UserError
from nabla.labs.descend.hand.lines import rates
from nabla.labs.descend.hand.search import session
from nabla.labs.descend.hand.study import Study, study
from nabla.labs.descend.hand.verdict import lowered
from nabla.optimise.implied import CLOSE
from nabla.program.proposed import placed
from nabla.program.source import read
from nabla.program.turns import Turns

RIGHT = ("right", "scaled")


@dataclass
class StudiedLine:
    """What is said of a proposed line: right, wrong, same (as the own one, up to a factor), raises or undecided."""

    line: int
    new: str
    verdict: str
    said: str


def proposed(done: Study, text: str) -> StudiedLine:
    """Judge a line by the program that has it.

    Raises:
        UserError: the line stands for none of the program's.
    """
    there = placed(done.found.program, text)
    line, new = there.line, there.new

    def made(verdict: str, said: str) -> StudiedLine:
        return StudiedLine(line, new, verdict, said)

    try:
        other = study(read(there.text), done.found.told)
    except UserError as error:
        return made("undecided", f"The proposed line {line} could not be judged: {error.message}")
    raised = other.found.run.raised if other is not None else session(read(there.text), Turns()).run().raised
    if raised is not None and done.found.run.raised is None:
        what = f"{quoted(raised.kind)}: {quoted(raised.message.strip().rstrip('.'))}"
        return made("raises", f"No: with the proposed line {line} the program stops, {what}.")
    if other is None:
        return made("wrong", f"No: with the proposed line {line} the program descends no more: nothing moves.")
    first = f" {lowered(other.findings[0].text)}" if other.findings else ""
    if done.verdict in RIGHT and other.verdict in RIGHT:
        return made("same", _both(done, other, line)) if _same_loss(done, other) else made("undecided", _another(line))
    if done.verdict in RIGHT and other.verdict == "wrong":
        return made("wrong", f"No: line {line} is right as it stands. With the proposed one:{first}")
    if done.verdict == "wrong" and other.verdict in RIGHT:
        if not _same_loss(done, other):
            return made("undecided", _another(line))
        return made("right", f"Yes: with the proposed line {line} every step follows the gradient.")
    if done.verdict == "wrong" and other.verdict == "wrong":
        return made("wrong", f"No: the proposed line {line} does not mend the program. With it:{first}")
    ratio = _ratio(done, other)
    more = f" Its steps are {_times(ratio)} those of the line that stands there." if ratio is not None else ""
    return made("undecided", f"Whether the proposed line {line} is right could not be decided.{more}")


def _another(line: int) -> str:
    return f"The proposed line {line} changes the loss itself: each of the two lines follows the gradient of its own."


def _same_loss(done: Study, other: Study) -> bool:
    """Whether both judgements are of one loss: its gradients at the same states are the same, up to a factor."""
    a, b = done.judged.loss, other.judged.loss
    if a is None or b is None or a.gradients.shape != b.gradients.shape:
        return a is b
    return _factor(a.gradients, b.gradients) is not None


def _factor(a: np.ndarray, b: np.ndarray) -> float | None:
    """b over a, where it is one number."""
    size = float(np.sum(a * a))
    c = float(np.sum(a * b)) / size if size > 0 else 0.0
    return c if c and np.abs(b - c * a).max() <= 10 * CLOSE * np.abs(b).max() else None


def _ratio(done: Study, other: Study) -> float | None:
    """The proposed steps over the program's own at the same states, where that is one number."""
    pairs = list(zip(done.found.states[:2], other.found.states[:2], strict=True))
    if not pairs or any(a.step.shape != b.step.shape or not np.array_equal(a.theta, b.theta) for a, b in pairs):
        return None
    steps = [np.concatenate([pair[k].step for pair in pairs]) for k in (0, 1)]
    return _factor(steps[0], steps[1]) if all(np.isfinite(s).all() for s in steps) else None


def _times(ratio: float) -> str:
    if abs(ratio - 1) <= 1e-3:
        return "the same as"
    whole = round(1 / ratio) if abs(ratio) < 1 else 0
    exact = whole and abs(whole * ratio - 1) <= 1e-3
    return f"1/{whole} of" if exact else f"{ratio:.4g} times"


def _both(done: Study, other: Study, line: int) -> str:
    """Both lines follow the gradient of one loss: what the proposed one changes is the length of the steps."""
    ratio = _ratio(done, other)
    start = f"Both are right: with either line {line} every step goes against the gradient."
    if ratio is None:
        return start
    if abs(ratio - 1) <= 1e-3:
        return f"{start} The two compute the same."
    rate = next((rate for _, rate in rates(done.found)), None)
    like = f", as if the rate were {rate * ratio:.4g} instead of {rate:.4g}" if rate and not done.found.buffers else ""
    ended = {one.went.ended for one in (done, other)}
    grew = {True: "the program as it stands", False: "the program with it"}
    worse = f" At that length the steps of {grew[done.went.ended == 'grew']} grow without end." if (
        len(ended) > 1 and "grew" in ended) else ""  # fmt: skip
    return f"{start} The steps of the proposed one are {_times(ratio)} those of the other{like}.{worse}"


def open_with(document: Document, judged: StudiedLine) -> str:
    """Put a judged line into the values; what is said of it."""
    verdict = {"same": "right", "raises": "wrong"}.get(judged.verdict, judged.verdict)
    document.values["proposed"] = {"line": judged.line, "text": judged.new, "verdict": judged.verdict}
    claim = {"text": judged.new, "verdict": verdict, "mistakes": [], "whose": "asker"}
    document.values["claims"] = [*document.values.get("claims", []), claim]
    return judged.said
