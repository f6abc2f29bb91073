"""The account of a text: each part with its role, and the mathematics that no part of the answer uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from nabla.question.claims import Claim
from nabla.question.files import files_of
from nabla.question.formulas import Formula
from nabla.question.roles import RoleReading
from nabla.question.route import Routed

Span = tuple[int, int]
_SIGNS = re.compile(r"[=^∫∑∏∂∇√±∮]|\\[A-Za-z]{2,}")
_ROLES = {
    "candidate": "unused",
    "number": "aside",
    "unread": "unused",
    "rate": "point",
    "start": "point",
    "domain": "domain",
}
_COUNTED = frozenset(
    [
        "formula",
        "value",
        "definition",
        "function",
        "equation",
        "claim",
        "applied",
        "vector",
        "components",
        "condition",
        "integral",
        "limit",
        "unread",
        "range",
        "point",
    ]
)


@dataclass(frozen=True, slots=True)
class AccountPart:
    """A part of the text: its role, where it stands, and how it was read."""

    role: str
    span: Span
    read: str


def accounts(
    reading: RoleReading, routed: Routed, claims: Sequence[Claim]
) -> tuple[tuple[AccountPart, ...], tuple[Span, ...]]:
    """The parts of a text that the answer uses, and the stretches of mathematics that it does not."""
    used = {*routed.used, *(claim.span for claim in claims)}
    parts: list[AccountPart] = []
    unused: list[Span] = []
    for piece in reading.pieces:
        if piece.kind in ("code", "data", "output", "traceback"):
            role = {"code": "program"}.get(piece.kind, piece.kind)
            parts.append(AccountPart(role, piece.span, piece.text.strip("\n") if piece.kind != "code" else ""))
            if (
                piece.kind == "code"
                and piece.span not in used
                and routed.inputs.get("code") is None
                and routed.inputs.get("f", "") not in piece.text
            ):
                unused.append(piece.span)
    unused += _unread_files(reading, used)
    code = re.sub(r"\s", "", "".join(program.code for program in reading.programs))
    said = {formula.read.replace(" ", "") for formula in reading.formulas if formula.span in used}
    for formula in reading.formulas:
        span = formula.span
        if span in used or formula.role in ("request", "mention"):
            role = "request" if formula.role == "request" else _role(formula)
            parts.append(AccountPart(role, span, formula.read))
        elif formula.shape == "value" and formula.read.replace(" ", "") in said:
            parts.append(AccountPart("aside", span, formula.read))  # said once more
        elif _within(span, used):
            continue
        elif _counts(formula, routed) and re.sub(r"\s", "", formula.read) not in code:
            unused.append(span)
    for request in reading.requests:
        if all(request.span != part.span for part in parts):
            parts.append(AccountPart("request", request.span, request.what))
    chained = {formula.span[0] for formula in reading.formulas if formula.chained and formula.span in used}
    used |= {request.span for request in reading.requests}
    unused += [span for span in _leftover(reading, chained) if not _within(span, used)]
    return tuple(sorted(parts, key=lambda part: part.span)), tuple(sorted(set(unused)))


def _unread_files(reading: RoleReading, used: AbstractSet[Span]) -> list[Span]:
    """The heads of the files that neither the answer nor a program of the text reads."""
    code = "\n".join(program.code for program in reading.programs)
    unread = [span for table in reading.tables if table.name not in code for span in table.spans if span not in used]
    return [(file.head, file.start) for file in files_of(reading.text) if any(file.start == a for a, _ in unread)]


def _within(span: Span, used: set[Span]) -> bool:
    """Whether a stretch lies in one that is used as a whole, such as a program in a language that is not cut out."""
    return any(start <= span[0] and span[1] <= end for start, end in used)


def _role(formula: Formula) -> str:
    if formula.role == "claim":
        return "rival answer" if formula.whose == "rival" else "answer"
    return _ROLES.get(formula.role, formula.role)


def _counts(formula: Formula, routed: Routed) -> bool:
    """Whether a formula without use is mathematics that an answer would have to use."""
    if formula.shape == "number" and routed.lab == "derive" and (formula.role == "claim" or formula.frame == "point"):
        return True  # an answer that was not judged, a further point
    if formula.role == "aside" or formula.shape not in _COUNTED:
        return False
    return not (formula.shape == "point" and formula.role == "aside")


def _leftover(reading: RoleReading, chained: AbstractSet[int]) -> list[Span]:
    """Signs of mathematics in the prose that belong to no island: what could not be followed; the equals signs before
    the lines that begin at `chained` lead on.
    """
    found: list[Span] = []
    for sentence in reading.sentences:
        for token, following in zip(sentence.tokens, [*sentence.tokens[1:], None], strict=True):
            if following and following.start in chained:
                continue
            if token.kind == "mark" and _SIGNS.fullmatch(token.text):
                behind = reading.text[token.end :].lstrip(" ")[:3].strip()
                if token.text == "=" and (not behind or behind[0] in "?_.…=>" or behind in ("ten", "arr")):
                    continue  # of nothing, or of tensor(...) as it was printed
                if found and token.start - found[-1][1] <= 2:
                    found[-1] = (found[-1][0], token.end)
                else:
                    found.append((token.start, token.end))
    return found
