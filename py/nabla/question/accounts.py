"""The account of a text: each part with its role, and the mathematics that no part of the answer uses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import takewhile

from nabla.question.atoms import FUNCTIONS, Atom
from nabla.question.claims import Claim
from nabla.question.files import files_of
from nabla.question.formulas import Formula
from nabla.question.roles import RoleReading
from nabla.question.route import Routed

Span = tuple[int, int]
_SIGNS = re.compile(r"[=^]|\\[A-Za-z]{2,}")
_OF_PROSE = "→←↔⇒⇔×∬∭∯∰"  # arrows between words, 64 × 64; the integrals in words of a flux are read with them
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


_KEYWORD = re.compile(r"\(?[a-z]+(?:_[a-z]+)*=(?:True|False|None)\b")
_DASHED = re.compile(r"[-–—−]\s?[A-Za-z]{3,}")  # Nelder - Mead: a dash before a word


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
    told = {formula.prime.function for formula in reading.formulas if formula.prime and formula.span in used}
    used |= {formula.span for name, formula in reading.definitions.items() if name in told}  # u, of whose u' is judged
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
    code = _compared("".join(program.code for program in reading.programs))
    said = {formula.read.replace(" ", "") for formula in reading.formulas if formula.span in used}
    for formula in reading.formulas:
        span = formula.span
        if span in used or formula.role in ("request", "mention"):
            role = "request" if formula.role == "request" else _role(formula)
            if role == "unused":  # an answer uses what no word gave a role: the equation behind "subject to"
                role = "condition"
            parts.append(AccountPart(role, span, formula.read))
        elif formula.shape == "value" and formula.read.replace(" ", "") in said:
            parts.append(AccountPart("aside", span, formula.read))  # said once more
        elif _within(span, used):
            continue
        elif _counts(formula, routed) and not _stands_in(formula, code):
            unused.append(span)
    for request in reading.requests:
        if all(request.span != part.span for part in parts):
            parts.append(AccountPart("request", request.span, request.what))
    chained = {formula.span[0] for formula in reading.formulas if formula.chained and formula.span in used}
    used |= {request.span for request in reading.requests}
    unused += [
        span for span in (*_leftover(reading, chained, used), *_touching(reading, used)) if not _within(span, used)
    ]
    return tuple(sorted(parts, key=lambda part: part.span)), tuple(sorted(set(unused)))


def _compared(text: str) -> str:
    """A formula or a program without blanks, with one spelling of powers, to be looked for in one another."""
    return re.sub(r"\s", "", text).replace("^", "**")


def _stands_in(formula: Formula, code: str) -> bool:
    """Whether a program holds a formula: as it is, or what it says of a name, z = (x - 2)**2 beside Z = (X - 2)**2."""
    body = _compared(formula.body).lower()
    said = len(body) > 4 and formula.shape != "claim" and body in code.lower()
    return said or _compared(formula.read) in code


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
    if formula.role == "aside" or formula.shape not in _COUNTED or _DASHED.fullmatch(formula.read):
        return False
    return not (formula.shape == "point" and formula.role == "aside")


_JOINS = frozenset("* / ^ · × ÷ ⋅ + - − –".split())
_WHOLE = ("function", "definition", "claim", "candidate")
_DELIMITER = re.compile(r"\$|`|\\[(\[]|\[(?:math|tex)", re.IGNORECASE)
_LAST_WORD = re.compile(r"[A-Za-z]+(?=\s*\Z)")
_ASKS_OF = frozenset("of differentiate derive differentiating integrate".split())


def _touching(reading: RoleReading, used: AbstractSet[Span]) -> list[Span]:
    """What stands against a formula that is used, outside of its delimiters, and would be a part of it: `5$x^2$`,
    `$x^2$ + 7`, `sin $x^2$`, `$f$'`.
    """
    found: list[Span] = []
    text = reading.text
    for sentence in reading.sentences:
        tokens = [*sentence.tokens]
        for i, formula in sentence.formulas.items():
            if formula.role != "request" and (formula.span not in used or formula.role not in _WHOLE):
                continue
            before, behind = tokens[:i], tokens[i + 1 :]
            if before and (start := _leads(text, before, tokens[i].start)) >= 0:
                found.append((start, before[-1].end))
            if behind and (end := _goes_on(text, behind, tokens[i].end)):
                found.append((behind[0].start, end))
    return found


def _leads(text: str, before: Sequence[Atom], start: int) -> int:
    """Where a factor, a function or a sign in front of a formula begins; -1 where there is none."""
    last, gap = before[-1], text[before[-1].end : start]
    sooner = before[-2] if len(before) > 1 else None
    if gap.strip() or "\n" in gap:
        return -1
    if last.kind == "mark":
        if last.text in _JOINS - frozenset("-−–+") and sooner and sooner.kind in ("math", "count"):
            return sooner.start
        own_line = text[: last.start].rpartition("\n")[2].strip() == ""
        return last.start if last.text in "-−" and not gap and text[: last.start][-1:] == " " and not own_line else -1
    delimited = bool(sooner and _DELIMITER.match(sooner.text))
    if last.kind not in ("math", "count"):
        return -1
    apart = delimited or bool(_DELIMITER.match(text, start))
    asked = delimited or bool(sooner and sooner.text.lower() in _ASKS_OF)
    factor = last.text[-1:].isdigit() and (asked or (apart and not gap))
    word = _LAST_WORD.search(last.text)
    return last.start if factor or (apart and word and word[0] in FUNCTIONS) else -1


def _goes_on(text: str, behind: Sequence[Atom], end: int) -> int:
    """Where what goes on with a formula ends; 0 where nothing does."""
    first, gap = behind[0], text[end : behind[0].start]
    if gap.strip() or "\n" in gap:
        return 0
    if first.kind == "math":
        return first.end if first.text[:1] in "+-−" and gap else 0
    if first.kind != "mark" or (first.text in "-−–" and not gap):
        return 0
    if first.text in "'′" and not gap:
        return first.end
    signs = list(takewhile(lambda token: token.kind == "mark" and token.text in _JOINS, behind))
    after = behind[len(signs) :]
    if len(signs) > 1 or (signs and not after):  # x^2 +* 3, x^2 +
        return after[0].end if after and after[0].kind in ("math", "count") else signs[-1].end
    joined = first.text in _JOINS and len(behind) > 1 and behind[1].kind in ("math", "count")
    return behind[1].end if joined else 0


def _is_sign(mark: str) -> bool:
    """Whether a mark is mathematics: signs, fractions and raised digits, ∫ ½ ‖ ², by their class in Unicode."""
    signs = not mark.isascii() and all(unicodedata.category(c) in ("Sm", "No") for c in mark)
    return bool(_SIGNS.fullmatch(mark)) or (signs and mark not in _OF_PROSE)


def _leftover(reading: RoleReading, chained: AbstractSet[int], used: AbstractSet[Span]) -> list[Span]:
    """Signs of mathematics in the prose that belong to no island: what could not be followed; the equals signs before
    the lines that begin at `chained` lead on.
    """
    found: list[Span] = []
    for sentence in reading.sentences:
        whole = {
            (sentence.tokens[i].start, sentence.tokens[i].end) for i, f in sentence.formulas.items() if f.span in used
        }
        for token, following in zip(sentence.tokens, [*sentence.tokens[1:], None], strict=True):
            if following and following.start in chained:
                continue
            if (
                token.text == "="
                and following
                and following.kind == "math"
                and (following.start, following.end) in whole
            ):
                continue  # f(x) = $x^2$
            if token.text == "=" and _KEYWORD.match(reading.text, reading.text.rfind(" ", 0, token.start) + 1):
                continue  # retain_graph=True
            if token.kind == "mark" and _is_sign(token.text):
                behind = reading.text[token.end :].lstrip(" ")[:3].strip()
                if token.text == "=" and (not behind or behind[0] in "?_.…=>" or behind in ("ten", "arr")):
                    continue  # of nothing, or of tensor(...) as it was printed
                if found and token.start - found[-1][1] <= 2:
                    found[-1] = (found[-1][0], token.end)
                else:
                    found.append((token.start, token.end))
    return found
