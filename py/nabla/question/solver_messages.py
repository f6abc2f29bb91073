"""A message of one of SciPy's solvers that a text quotes without its program."""

from __future__ import annotations

import re

from nabla.question.filled import Filled, Span
from nabla.question.roles import RoleReading

_SOLVER = re.compile(
    r"\bscipy\b|\bminimi[sz]e\b|\boptimi[sz]e\b|\bleast_?squares\b|\bleastsq\b|\bcurve_fit\b|\bfsolve\b|\blinprog\b|"
    r"\bmilp\b|\bbrent[qh]\b|\bnewton\b|\broot(?:_scalar)?\b|\bfmin\w*|\bOptimize(?:Result|Warning)\b|\bL-?BFGS-?B?\b|"
    r"\b(?:SLSQP|COBYLA|Nelder-Mead|BFGS|trust-constr)\b"
)
_QUOTED = re.compile(r"[\"“`']{1,2}([^\"“”`'\n]{12,200})[\"”`']{1,2}")
_TOLD = re.compile(
    r"^\s*(?:message|mesg)\s*[:=]\s*['\"]?(.+?)['\"]?\s*,?$|\b\w*(?:Error|Warning):\s*(.+?)(?:[.!]\s+[A-Z].*)?\s*$",
    re.M,
)
_CODE = re.compile(r"\b[A-Z][A-Z_]{6,}(?::[ A-Z_<=>*]+)?")  # ABNORMAL_TERMINATION_IN_LNSRCH, as L-BFGS-B writes

_SETTING = re.compile(r"\b(?:method|success|status|nfev|nit|fun|njev)\s*[=:]\s*['\"\w.-]+")


def solver_message(reading: RoleReading) -> Filled | None:
    """The message as the function of descend, told to be one; None where the text has a program, or quotes none."""
    text = reading.text
    if reading.programs or reading.data or not _SOLVER.search(text):
        return None
    for pattern in (_TOLD, _QUOTED, _CODE):
        for match in pattern.finditer(text):
            said = next((part for part in match.groups() if part), match[0]).strip()
            if len(said.split()) > 2 or _CODE.fullmatch(said):
                span: Span = match.span()
                told = [span, *(m.span() for pattern in (_SOLVER, _SETTING) for m in pattern.finditer(text))]
                within = [f.span for f in reading.formulas if _is_within(f.span, told)]
                if not {f.span for f in reading.functions} <= set(within):
                    return None  # there is something to work on
                return Filled({"f": said, "told": "message"}, (*told, *within))
    return None


def _is_within(span: Span, others: list[Span]) -> bool:
    """Whether a stretch is a part of one of the others, or holds one as it goes on."""
    return any((a <= span[0] and span[1] <= b) or (span[0] <= a and b <= span[1] <= b + 2) for a, b in others)
