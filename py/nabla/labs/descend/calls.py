"""The asker's own run: the program as it stands, with the real SciPy where it is installed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.check import Verdict
from nabla.answer.document import Check, Code, Column, Document, Heading, Note, Source, Table, quoted
from nabla.errors import UserError
from nabla.labs.descend import messages
from nabla.labs.descend.functions import End
from nabla.labs.descend.given import GivenDerivative, check
from nabla.labs.descend.solved import MINIMISERS, end_of
from nabla.program.modules import scipy
from nabla.program.modules.scipy import SolverCall
from nabla.program.objects import Supply
from nabla.program.run import Run, Session
from nabla.program.source import read
from nabla.write.sentence import sentence

SOLVER = re.compile(r"\b(?:scipy|minimi[sz]e|fmin\w*|fsolve|least_squares|leastsq|curve_fit|linprog|check_grad)\b")
LISTED = 200  # numbers of one value that are told
JUDGED = 6  # calls whose ends are judged, from the last
_ADVICE = {
    "curve_fit": "The covariance is infinite: at these parameters the model does not change with some of them. Give an "
    "initial guess `p0` of the size of the answer.",
}


@dataclass
class Own:
    """The asker's run, the calls of solvers in it, where each ended, and the derivative that was given to one."""

    run: Run
    session: Session
    calls: list[SolverCall]
    ends: list[End]
    given: GivenDerivative | None = None

    @property
    def constrained(self) -> bool:
        """Whether the last call has constraints: what other methods find without them is no answer then."""
        call = self.calls[-1] if self.calls else None
        names = ("constraints", "eqcons", "f_eqcons", "ieqcons", "f_ieqcons", "cons")
        given = [call.arguments.get(name, ()) for name in names] if call is not None else []
        return any(one is not None and (not isinstance(one, (list, tuple)) or len(one) > 0) for one in given)

    @property
    def told(self) -> tuple[SolverCall, End]:
        """The call that an answer is about: the last one of which something is to be said, else the last."""
        pairs = list(zip(self.calls, self.ends, strict=True))
        return next((pair for pair in reversed(pairs) if pair[1].finding or pair[0].raises is not None), pairs[-1])


def run(text: str) -> Own | None:
    """The program run as it stands; None where it calls for nothing that is here."""
    try:
        program = read(text)
    except UserError:
        return None
    calls: list[SolverCall] = []
    session = Session(program, Supply())
    session.guard.supply |= scipy.supply(calls, session.guard)
    done = session.run()
    if done.gap is not None and not scipy.is_here():
        return None
    made = Own(done, session, list(calls), [End() for _ in calls])
    if done.gap is None:
        with np.errstate(all="ignore"):
            for k in range(max(0, len(made.calls) - JUDGED), len(made.calls)):
                made.ends[k] = end_of(session, made.calls[k])
                made.given = check(session, made.calls[k]) or made.given
    return made


def tell(document: Document, own: Own) -> None:
    """Add what the asker's program did to the values, and what is to be said of it."""
    raised = own.run.raised
    document.values["calls"] = [_values(call, end) for call, end in zip(own.calls, own.ends, strict=True)]
    document.values["findings"] = _findings(own)
    document.values["printed"] = [
        {"line": entry.line, "text": entry.text, "value": plain(entry.values)} for entry in own.run.evidence.printed
    ]
    document.values["raises"] = (
        {"type": raised.kind, "message": raised.message, "line": raised.line} if raised is not None else None
    )
    if raised is not None:
        document.warn("raises", f"The program stops in line {raised.line}: {raised.kind}.")
    ended = [(call, end) for call, end in zip(own.calls, own.ends, strict=True) if call.raises is None]
    for call, end in ended[-JUDGED:]:
        document.add(Note(_sentence(call, end), "warning" if end.finding or call.success is False else "info"))
    if ended:
        document.add(_table(ended))
    if own.run.evidence.printed:
        text = "\n".join(entry.text for entry in own.run.evidence.printed[:100])
        document.add(Code([Source("Output", "text", text)], "What the program prints"))


def tell_raised(document: Document, own: Own) -> None:
    """Add what the program raises, where nothing else of the answer says it."""
    raised = own.run.raised
    if raised is not None:
        document.add(Note(f"Line {raised.line}: {quoted(f'{raised.kind}: {raised.message}')}. {_why(own)}", "warning"))


def _findings(own: Own) -> list[dict[str, Any]]:
    return [
        {"kind": end.finding, "line": call.line} for call, end in zip(own.calls, own.ends, strict=True) if end.finding
    ]


def _table(ended: list[tuple[SolverCall, End]]) -> Table:
    columns = [Column("Line", align="right"), Column("Call"), Column("From"), Column("Ends at"),
               Column("f", align="right"), Column("Why it stopped"), Column("Which means"),
               Column("What is there")]  # fmt: skip
    rows: list[list[Any]] = []
    for call, end in ended[-20:]:
        value = _short(call.fun) if call.fun is not None else ""
        said = quoted(call.message.strip() or "success")
        means = messages.stopped(call.message)
        rows.append(
            [call.line, _asked(call), _from(call), _short(call.x), value, said, means, _WHAT.get(end.verdict, "")]
        )
    return Table(columns, rows, "The calls of solvers: what was asked, where it went, and why it stopped.")


def _asked(call: SolverCall) -> str:
    """The function, its method and its options, as they were given."""
    given = call.arguments.get("options")
    named = dict(given) if isinstance(given, dict) else {}
    named |= {k: v for k, v in call.arguments.items() if k in _SETTINGS and isinstance(v, (int, float, str))}
    shown = "".join(f", {quoted(str(k))} = {quoted(str(v)[:20])}" for k, v in named.items())
    method = f" ({quoted(call.method)})" if call.method else ""
    return f"`{call.function}`{method}{shown}"


def _from(call: SolverCall) -> str:
    start = next((call.arguments[n] for n in ("x0", "p0", "brack", "bracket", "bounds", "a") if call.arguments.get(n) is
                  not None), None)  # fmt: skip
    if "b" in call.arguments and "a" in call.arguments:
        start = (call.arguments["a"], call.arguments["b"])
    try:
        return _short(np.asarray(start, dtype=float)) if start is not None else ""
    except (TypeError, ValueError):
        return ""


_SETTINGS = frozenset("tol xtol ftol gtol rtol maxiter maxfev max_nfev niter loss seed rng".split())


_WHAT = {
    "minimum": "a minimum", "local-minimum": "a minimum, not the lowest", "saddle": "no minimum: a saddle",
    "not-stationary": "no minimum", "at-bounds": "a minimum at its bounds", "infeasible": "constraints are broken",
    "root": "a root", "not-a-root": "no root", "flat": "flat ground", "unbounded": "no minimum: it falls without end",
    "not-finite": "no value", "optimal": "the optimum", "noisy": "a place where its values are random",
}  # fmt: skip


def _others(own: Own, call: SolverCall, end: End) -> str:
    """Where the other calls of the same function ended, and what is there."""
    pairs = zip(own.calls, own.ends, strict=True)
    alike = [
        (c, e) for c, e in pairs if (c.function in MINIMISERS) == (call.function in MINIMISERS) and c.x is not None
    ]
    others = [(c, e) for c, e in alike if c is not call and e.verdict]
    if not others or len(others) != len(own.calls) - 1:
        return ""
    if all(e.verdict == end.verdict for _, e in others):
        listed = ", ".join(f"{_short(c.x)} (line {c.line})" for c, _ in others[:4])
        return f" The other{'s' if len(others) > 1 else ''} ended at {listed}, {_WHAT.get(end.verdict, 'as well')} too."
    told = [f"line {c.line} ended at {_short(c.x)}, {_WHAT.get(e.verdict, e.verdict)}" for c, e in others[:4]]
    return f" The other{'s' if len(others) > 1 else ''}: {'; '.join(told)}."


_TITLES = {
    "infeasible": "The constraints do not hold", "unbounded": "The function falls without end",
    "in-place": "The function changes the array it is given", "sign": "An inequality has the wrong sign",
}  # fmt: skip


def conclude(document: Document, own: Own, causes: Sequence[str] = ()) -> None:
    """Title and sentence of an answer that the asker's own run gives; `causes` say why a derivative of it raises."""
    raised = own.run.raised
    call, end = own.told
    if raised is not None:
        document.title = f"Line {raised.line} raises {raised.kind}"
        why = " ".join(part for part in (" ".join(causes) or _why(own), end.text) if part)
        text = f"`{call.function}` raises {raised.kind} in line {raised.line}. {why}".rstrip()
    else:
        what = _WHAT.get(end.verdict, "")
        ended = f"`{call.function}` ends at {what}" if what else f"What `{call.function}` does"
        document.title = _TITLES.get(end.verdict, _TITLES.get(end.finding, ended))
        text = f"{_sentence(call, end)}{_others(own, call, end)}"
    if own.given is not None and own.given.verdict == "wrong":
        document.title = "The derivative that is given is wrong"
        ended = f"`{call.function}` raises {raised.kind} in line {raised.line}." if raised is not None else text
        text = f"{' '.join(own.given.texts)} {ended}"
    document.answer = sentence(text, document.values, [])


def only_printed(document: Document, own: Own) -> None:
    """Title and sentence where nothing is solved: the program ran, and what it printed is told."""
    last = own.run.evidence.printed[-1]
    document.title = "What the program prints"
    document.answer = sentence(f"Line {last.line} prints {quoted(last.text[:200])}.", document.values, [])


def only_raised(document: Document, own: Own) -> None:
    """Title and sentence where the program stops before anything is solved."""
    raised = own.run.raised
    assert raised is not None
    document.title = f"Line {raised.line} raises {raised.kind}"
    text = f"Line {raised.line} raises {raised.kind}: {quoted(raised.message)}. {messages.raised(raised.message)}"
    document.answer = sentence(text.strip(), document.values, [])


def judged_derivative(document: Document, own: Own) -> None:
    """The derivative that was given, beside differences of the function."""
    if own.given is None:
        return
    document.values["jacobian_check"] = {"verdict": own.given.verdict, "findings": own.given.findings}
    wrong = own.given.verdict == "wrong"
    document.add(Heading("Your derivative", role="claim"), *[Note(quoted(text), "warning") for text in own.given.texts])
    verdict: Verdict = "failed" if wrong else "passed" if own.given.verdict == "right" else "unchecked"
    how = "central differences of the function that is solved, at the start and at three points around it"
    claim = "The derivative that is given is that of the function"
    document.add(Check(claim, how, verdict, test="differences"))


def _why(own: Own) -> str:
    raised = own.run.raised
    return messages.raised(raised.message) if raised is not None else ""


def _sentence(call: SolverCall, end: End) -> str:
    method = f" ({call.method})" if call.method else ""
    fun = f", where the function is {_short(call.fun)}" if call.fun is not None and np.size(call.fun) <= 12 else ""
    why = f": {' '.join(call.message.split()).rstrip('.: ')}" if call.message else ""
    where = f"ends at {_short(call.x)}" if call.x is not None else "finds no place"
    text = f"Line {call.line}: your call of `{call.function}`{method} {where}{fun}{why}."
    advice = _ADVICE.get(call.function, "") if call.success is False else ""
    return " ".join(part for part in (text, end.text, advice) if part)


def _short(value: Any) -> str:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size > 12:
        return "the values listed" if array.size > 12 else quoted(str(value)[:80])
    if not array.ndim:
        return f"{float(array):.6g}"
    return "(" + ", ".join(f"{number:.6g}" for number in array.ravel().tolist()) + ")"


def _values(call: SolverCall, end: End) -> dict[str, Any]:
    return {
        "function": call.function, "method": call.method, "line": call.line, "x": plain(call.x), "fun": plain(call.fun),
        "success": call.success, "message": call.message, "raises": call.raises,
        "verdict": end.verdict or None,
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A value as what a document can hold: numbers and nested lists of them, None for what is no number."""
    if isinstance(value, (list, tuple)):
        items = [plain(item) for item in value]
        return items[0] if len(items) == 1 and isinstance(value, tuple) else items
    if isinstance(value, (bool, str)) or value is None:
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size > LISTED:
        return str(value)[:LISTED]
    finite = np.where(np.isfinite(array), array, np.nan)
    return _without_nan(finite.tolist())


def _without_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return None if value != value else value
