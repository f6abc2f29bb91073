"""A whole pasted text answered: read, routed to a lab, answered there, its claims judged, the unread named."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import nabla
from nabla.answer.document import Check, Document, Heading, Listener, Math, Note, quoted
from nabla.answer.export import Report
from nabla.errors import UserError
from nabla.lab import LABS, Inputs
from nabla.page.link import read_link
from nabla.question.accounts import Part, accounts
from nabla.question.claims import Claim, claims_of, joined
from nabla.question.roles import Reading, read
from nabla.question.route import Routed, route

_LINK = re.compile(r"\S{0,300}#!?(/[a-z]{2,20}(?:\?\S*)?)")
# What a request needs in the values of an answer to be answered; those not listed are never.
_ANSWERS: dict[str, tuple[str, ...]] = {
    "tangent": ("tangent",),
    "normal": ("normal",),
    "extrema": ("extrema", "runs", "stationary"),
    "limit": ("limit",),
    "limit-definition": ("limit",),
    "integral": ("integral",),
    "series": ("series",),
    "laplacian": ("laplacian",),
    "divergence": ("divergence",),
    "curl": ("curl",),
    "related-rate": ("rate",),
    "conservative": ("conservative",),
    "potential": ("potential",),
    "stream": ("stream",),
    "minimise": ("runs", "stationary", "extrema", "history", "tones"),
}
# What else can be asked for, as a sentence names it.
_NAMED = {
    "minimise": "the minimum",
    "tangent": "the tangent line",
    "normal": "the normal line",
    "extrema": "the extrema",
    "limit": "a limit",
    "limit-definition": "the limit definition, lim of (f(x + h) - f(x))/h as h goes to 0",
    "integral": "an integral",
    "series": "a series",
    "laplacian": "the Laplacian",
    "divergence": "the divergence",
    "curl": "the curl",
    "related-rate": "a related rate",
    "conservative": "whether the field is conservative",
    "potential": "a potential",
    "stream": "the stream function",
    "nth": "a formula for the n-th derivative",
    "inverse function": "an inverse function",
    "roots": "the roots",
    "differential equation": "the solution of a differential equation",
}
_PROGRAMS = frozenset(["backprop", "train", "descend", "fit"])


@dataclass(frozen=True, slots=True)
class Question:
    """A text that was read: the lab and its inputs, and the account of its parts."""

    text: str
    reading: Reading
    routed: Routed
    claims: tuple[Claim, ...]
    parts: tuple[Part, ...]
    unused: tuple[tuple[int, int], ...]

    @property
    def asked(self) -> list[str]:
        """What is asked for, in canonical words, each once."""
        return list(dict.fromkeys(request.what for request in self.reading.requests)) or ["derivative"] * (
            self.routed.lab == "derive"
        )

    def data(self) -> dict[str, Any]:
        """As it stands in the values of an answer."""
        return {
            "lab": self.routed.lab,
            "asked": self.asked,
            "parts": [
                {"role": part.role, "text": self.text[slice(*part.span)], "span": list(part.span), "read": part.read}
                for part in self.parts
            ],
            "unused": [{"text": self.text[a:b], "span": [a, b]} for a, b in self.unused],
            "others": list(self.routed.others),
        }


def understand(text: str, lab: str = "") -> Question:
    """Read a text and say which lab answers it, with which inputs.

    Raises:
        UserError: "empty", or "unknown-lab" where no lab can read anything of it.
    """
    if not text.strip():
        raise UserError("empty", "Nothing was pasted.")
    linked = _LINK.fullmatch(text.strip())
    if linked and (found := read_link(linked[1])) and found[0] in LABS:
        reading = read("")
        return Question(text, reading, Routed(found[0], found[1], ((0, len(text)),)), (), (), ())
    reading = read(text)
    routed = route(reading, lab)
    if routed is None:
        raise _unread(reading)
    claims = claims_of(reading, routed) if routed.lab == "derive" else ()
    if main := joined(claims):
        routed = Routed(
            routed.lab,
            {**routed.inputs, "claim": main},
            routed.used,
            routed.others,
            routed.doubts,
            routed.score,
            routed.further,
        )
    parts, unused = accounts(reading, routed, claims)
    return Question(text, reading, routed, claims, parts, unused)


def _unread(reading: Reading) -> UserError:
    """The error for a text of which no lab can read anything."""
    asked = [_NAMED[request.what] for request in reading.requests if request.what in _NAMED]
    hint = "Paste the formula, the data or the program itself with the question."
    if asked:
        return UserError(
            "not-covered", f"You asked for {asked[0]}; there is nothing here that a lab could work on.", hint=hint
        )
    return UserError(
        "unknown-lab", "This is nothing that a lab can read.", hint=f"{hint} Or name the lab: {', '.join(LABS)}."
    )


def answering(text: str, listener: Listener | None = None, lab: str = "") -> Generator[None, bool | None, Report]:
    """Answer a text in steps, as `nabla.steps` answers inputs.

    Raises:
        UserError: as `understand`, and what the lab refuses.
    """
    question = understand(text, lab)
    chosen = LABS[question.routed.lab]
    inputs = Inputs(chosen, question.routed.inputs)
    document = Report(chosen.name, inputs.given, listener)
    document.values["question"] = question.data()
    for code, message in _warnings(question):
        _say(document, code, message)
    try:
        work = chosen.answer(inputs, document)
        if work is not None:
            yield from work
    except UserError as error:
        _explain(error, question)
        raise
    document.values["question"] = question.data()
    _further(document, question)
    _judged(document, question)
    _uncovered(document, question)
    return document


def ask(text: str, listener: Listener | None = None, lab: str = "") -> Report:
    """Answer a text; see `nabla.ask`."""
    work = answering(text, listener, lab)
    while True:
        try:
            next(work)
        except StopIteration as end:
            document: Report = end.value
            return document


def _explain(error: UserError, question: Question) -> None:
    """Say in the error of a lab what was asked that it does not cover."""
    asked = [_NAMED[what] for what in question.asked if what in _NAMED]
    if asked and error.code not in ("gap",):
        error.code = "not-covered"
        error.message = f"You asked for {asked[0]}, which is not covered here. {error.message}"


# What is said above the result.


def _say(document: Document, code: str, message: str) -> None:
    document.warn(code, message)
    document.add(Note(message, tone="warning"))


def _warnings(question: Question) -> list[tuple[str, str]]:
    """What the reading leaves open, one line each."""
    found: list[tuple[str, str]] = []
    text, routed = question.text, question.routed
    if question.unused:
        pieces = [" ".join(text[a:b].split()) for a, b in question.unused]
        shown = ", ".join(f"“{quoted(piece if len(piece) <= 60 else piece[:57] + '...')}”" for piece in pieces[:4])
        more = f" and {len(pieces) - 4} more" if len(pieces) > 4 else ""
        found.append(("not-used", f"Not used in this answer: {shown}{more}."))
    if "power" in routed.doubts:
        read_as = quoted(routed.inputs.get("f", routed.inputs.get("V", "")))
        found.append(
            (
                "unsure",
                f"Powers seem to have lost their place in the text; it is read as {read_as}. "
                "With an index meant, write x_2.",
            )
        )
    if "degrees" in routed.doubts:
        found.append(
            (
                "unsure",
                "Angles are in radians here; for an angle in degrees, x is pi x/180, and the derivative has the factor "
                "pi/180.",
            )
        )
    if "inverse" in routed.doubts:
        found.append(
            (
                "unsure",
                f"The -1 behind the function is read as the inverse function: {quoted(routed.inputs.get('f', ''))}.",
            )
        )
    return found


def _uncovered(document: Document, question: Question) -> None:
    """What was asked for and is not in the values of the answer."""
    lacking = [what for what in question.asked if what in _NAMED and not _holds(document, what)]
    if document.lab in _PROGRAMS and question.reading.programs:
        lacking = []
    for what in reversed(lacking):
        below = (
            "Its derivative is below."
            if document.lab == "derive"
            else "What is below is another answer about the same thing."
        )
        message = f"You asked for {_NAMED[what]}; this is not covered here. {below}"
        document.warn("not-covered", message)
        document.blocks.insert(0, Note(message, tone="warning"))
    if {warning.code for warning in document.warnings} & {"not-used", "not-covered", "unsure"}:
        how = "each formula of the text is in a part that the answer uses, or is named as not used"
        document.add(Check("The answer is to all of the question", how, "unchecked"))


def _holds(document: Document, what: str) -> bool:
    return any(document.values.get(name) is not None for name in _ANSWERS.get(what, ()))


# Further questions on the same function, and claims.


def _further(document: Document, question: Question) -> None:
    """The other derivatives that the text asks for, below the first."""
    held: list[dict[str, Any]] = []
    for filled in question.routed.further:
        try:
            other = nabla.run(document.lab, filled.inputs)
        except UserError as error:
            _say(document, "not-covered", f"{filled.asked}: {error.message}")
            continue
        results = [block for block in other.blocks if isinstance(block, Math) and block.role in ("result", "value")]
        document.add(Heading(f"Also asked: {other.title}"), *results, *other.checks[:1])
        held.append(
            {
                "asked": filled.asked,
                "inputs": filled.inputs,
                "derivative": other.values.get("derivative"),
                "value": other.values.get("value"),
            }
        )
        if document.values.get("value") is None and other.values.get("value") is not None:
            document.values["value"] = other.values["value"]
    if held:
        document.values["further"] = held


def _judged(document: Document, question: Question) -> None:
    """Every answer of the text with its verdict, in the order of the text."""
    if not question.claims:
        return
    judged: list[dict[str, Any]] = []
    rows: list[str] = []
    for claim in question.claims:
        verdict = _verdict(document, question, claim)
        judged.append({"text": claim.text, **verdict, "whose": claim.whose})
        who = "Yours" if claim.whose == "asker" else "The other answer"
        rows.append(f"{who}, {quoted(claim.text)}: {verdict['verdict']}.")
    document.values["claims"] = judged
    if len(judged) > 1:
        document.add(Heading("The answers in the text"), *[Note(row) for row in rows])


def _verdict(document: Document, question: Question, claim: Claim) -> dict[str, Any]:
    whole = document.values.get("claim")
    if whole and document.inputs.get("claim") == claim.lines and len(claim.lines) and not claim.inputs:
        return {"verdict": whole["verdict"], "mistakes": whole["mistakes"]}
    inputs = {**question.routed.inputs, **claim.inputs, "claim": claim.lines}
    try:
        values = nabla.run(document.lab, {name: text for name, text in inputs.items() if text}).values
    except UserError as error:
        return {"verdict": "undecided", "mistakes": [], "why": error.message}
    found = values.get("claim") or {"verdict": "undecided", "mistakes": []}
    return {"verdict": found["verdict"], "mistakes": found["mistakes"]}
