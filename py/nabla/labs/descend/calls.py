"""The asker's own run: the program as it stands, with the real SciPy where it is installed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.document import Code, Document, Note, Source, quoted
from nabla.errors import UserError
from nabla.program.modules import scipy
from nabla.program.modules.scipy import SolverCall
from nabla.program.objects import Supply
from nabla.program.run import Run, Session
from nabla.program.source import read
from nabla.write.sentence import sentence

SOLVER = re.compile(r"\b(?:scipy|minimi[sz]e|fmin\w*|fsolve|least_squares|leastsq|curve_fit|linprog|check_grad)\b")
LISTED = 200  # numbers of one value that are told
_ADVICE = {
    "fsolve": "Its residuals do not vanish there, so this is not a root: there may be no solution at all, or none near "
    "the start. Plot the equations, or count their real solutions by hand.",
    "curve_fit": "The covariance is infinite: at these parameters the model does not change with some of them. Give an "
    "initial guess `p0` of the size of the answer.",
    "minimize_scalar": "The search is local: it ends at a minimum of the interval that need not be the lowest. "
    "Scan the interval first and start from the lowest point.",
}


@dataclass
class Own:
    """The asker's run and the calls of solvers in it."""

    run: Run
    calls: list[SolverCall]


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
    return None if done.gap is not None and not scipy.is_here() else Own(done, calls)


def tell(document: Document, own: Own) -> None:
    """Add what the asker's program did to the values, and what is to be said of it."""
    raised = own.run.raised
    document.values["calls"] = [_values(call) for call in own.calls]
    document.values["printed"] = [
        {"line": entry.line, "text": entry.text, "value": plain(entry.values)} for entry in own.run.evidence.printed
    ]
    document.values["raises"] = (
        {"type": raised.kind, "message": raised.message, "line": raised.line} if raised is not None else None
    )
    if raised is not None:
        document.warn("raises", f"The program stops in line {raised.line} with a {raised.kind}.")
        document.add(Note(f"Line {raised.line}: {quoted(f'{raised.kind}: {raised.message}')}. {_why(own)}", "warning"))
    for call in own.calls:
        if call.raises is None:
            document.add(Note(_sentence(call), "info" if call.success else "warning"))
    if own.run.evidence.printed:
        text = "\n".join(entry.text for entry in own.run.evidence.printed[:100])
        document.add(Code([Source("Output", "text", text)], "What the program prints"))


def conclude(document: Document, own: Own) -> None:
    """Title and sentence of an answer that the asker's own run gives."""
    call, raised = own.calls[-1], own.run.raised
    if raised is not None:
        document.title = f"Line {raised.line} raises {raised.kind}"
        text = f"`{call.function}` raises {raised.kind} in line {raised.line}. {_why(own)}".rstrip()
    else:
        document.title = f"What `{call.function}` does"
        text = _sentence(call)
    document.answer = sentence(text, document.values, [])


def _why(own: Own) -> str:
    raised = own.run.raised
    if raised is not None and raised.kind == "TypeError" and "missing" in raised.message and own.calls:
        return "SciPy hands the function one array with all variables: take one argument and unpack it, `p, q = x`."
    return ""


def _sentence(call: SolverCall) -> str:
    method = f" ({call.method})" if call.method else ""
    fun = f", where the function is {_short(call.fun)}" if call.fun is not None else ""
    end = f": {call.message.strip().rstrip('.')}" if call.message else ""
    text = f"Line {call.line}: your call of `{call.function}`{method} ends at {_short(call.x)}{fun}{end}."
    local = call.function == "minimize_scalar"
    return f"{text} {_ADVICE[call.function]}" if call.function in _ADVICE and (local or not call.success) else text


def _short(value: Any) -> str:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size > 12:
        return "the values listed" if array.size > 12 else quoted(str(value)[:80])
    if not array.ndim:
        return f"{float(array):.6g}"
    return "(" + ", ".join(f"{number:.6g}" for number in array.ravel().tolist()) + ")"


def _values(call: SolverCall) -> dict[str, Any]:
    return {
        "function": call.function, "method": call.method, "line": call.line, "x": plain(call.x), "fun": plain(call.fun),
        "success": call.success, "message": call.message, "raises": call.raises,
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
