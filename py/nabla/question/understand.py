"""A whole pasted text understood: read, routed to a lab with its inputs, its claims and the account of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nabla.errors import Span, UserError
from nabla.lab import LABS
from nabla.page.link import read_link
from nabla.question.accounts import AccountPart, accounts
from nabla.question.claims import Claim, claims_of, joined
from nabla.question.field_claims import field_claims
from nabla.question.fill_derive import DERIVED
from nabla.question.roles import RoleReading, read
from nabla.question.route import Routed, route
from nabla.read.formula import read_formula

_CANONICAL = {"antiderivative": "integral"}  # kinds of requests that the reader tells apart, and an answer does not
_LINK = re.compile(r"\S{0,300}#!?(/[a-z]{2,20}(?:\?\S*)?)")
# What else can be asked for, as a sentence names it.
NAMED = {
    "minimise": "the minimum",
    "tangent": "the tangent line",
    "normal": "the normal line",
    "extrema": "the extrema",
    "limit": "a limit",
    "limit-definition": "the limit definition, lim of (f(x + h) - f(x))/h as h goes to 0",
    "integral": "an integral",
    "series": "a series",
    "convergence": "where a series converges",
    "laplacian": "the Laplacian",
    "divergence": "the divergence",
    "curl": "the curl",
    "related-rate": "a related rate",
    "conservative": "whether the field is conservative",
    "work": "the work along a curve",
    "flux": "the flux",
    "vector-potential": "a vector potential",
    "exact": "whether the equation is exact",
    "critical": "the points where the field vanishes, and their kinds",
    "div-curl": "the divergence of the curl",
    "curl-grad": "the curl of a gradient",
    "curl-curl": "the curl of the curl",
    "grad-div": "the gradient of the divergence",
    "rate-of-strain": "the rate of strain",
    "potential": "a potential",
    "stream": "the stream function",
    "nth": "a formula for the n-th derivative",
    "differential": "a total differential",
    "fit": "a fit",
    "train": "a training",
    "decompose": "a decomposition",
    "determinant": "a determinant",
    "arc length": "an arc length",
    "area between": "the area between curves",
    "unit tangent": "a unit tangent",
    "definite": "whether a matrix is definite",
    "monotony": "where the function rises or falls",
    "concavity": "where the function is concave",
    "motion": "when the speed grows or falls",
    "elasticity": "an elasticity",
    "curvature": "a curvature",
    "transform": "an integral transform",
    "multiple integral": "an integral over a region",
    "inverse": "the derivative of an inverse function",
    "verify": "whether it solves an equation",
    "moment": "where something is zero",
    "unknown": "the value of an unknown",
    "coordinates": "another system of coordinates",
    "inverse function": "an inverse function",
    "roots": "the roots",
    "differential equation": "the solution of a differential equation",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A text that was read: the lab and its inputs, and the account of its parts."""

    text: str
    reading: RoleReading
    routed: Routed
    claims: tuple[Claim, ...]
    parts: tuple[AccountPart, ...]
    unused: tuple[tuple[int, int], ...]

    @property
    def asked(self) -> list[str]:
        """What is asked for, in canonical words, each once."""
        if self.routed.inputs.get("what") == "rate":
            return ["related-rate"]
        if self.routed.inputs.get("what") in ("greatest", "least", "both"):
            return ["extrema"]
        asked = list(dict.fromkeys(_CANONICAL.get(request.what, request.what) for request in self.reading.requests))
        at_a_place = "derivative" if "at" in self.routed.inputs else ""  # how fast does A = x^2 change at x = 4
        if self.routed.inputs.get("what", at_a_place) == "derivative":
            asked = ["derivative" if what == "related-rate" else what for what in asked]
        if self.routed.lab != "train" and DERIVED & set(asked):
            asked = [what for what in asked if what != "train"]  # a network or a softmax is named, not trained
        if (
            self.routed.lab == "derive"
            and not self.reading.data
            and (set(asked) - {"fit"} or "what" in self.routed.inputs)
        ):
            asked = [what for what in asked if what != "fit"]  # the period of a pendulum
        if self.routed.lab == "decompose":
            asked = [what for what in asked if what != "fit"]  # periodic, spectral: words about its box
        return asked or ["derivative"] * (self.routed.lab == "derive")

    def changed(self, changes: Mapping[str, str]) -> Question:
        """With these inputs in the place of those that were read."""
        if not changes:
            return self
        return replace(self, routed=replace(self.routed, inputs={**self.routed.inputs, **changes}))

    def claiming(self, claims: Sequence[Claim]) -> Question:
        """With these claims besides."""
        routed, claims = _claimed(self.routed, claims), (*self.claims, *claims)
        parts, unused = accounts(self.reading, routed, claims)
        return replace(self, routed=routed, claims=claims, parts=parts, unused=unused)

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
    if any(f.island.doubt == "factorial" and f.span in routed.used for f in reading.formulas):
        routed = replace(routed, doubts=tuple(dict.fromkeys((*routed.doubts, "factorial"))))
    if routed.lab == "derive":
        _refuse_fragments(reading, routed)
    judges = {"derive": claims_of, "decompose": field_claims}
    claims = judges[routed.lab](reading, routed) if routed.lab in judges else ()
    routed = _claimed(routed, claims)
    parts, unused = accounts(reading, routed, claims)
    return Question(text, reading, routed, claims, parts, unused)


def _claimed(routed: Routed, claims: Sequence[Claim]) -> Routed:
    """With the claim that the main question is answered with."""
    main = joined(claims)
    return replace(routed, inputs={**routed.inputs, "claim": main}) if main else routed


# What carries on a formula that it touches, in front of it and behind it.
_BEFORE = re.compile(r"[A-Za-z0-9_(\[{]+\Z")
_BEHIND = re.compile(r"[+*/^_(\[{][^\s,;:?!$`]*")


def _refuse_fragments(reading: RoleReading, routed: Routed) -> None:
    """Refuse a function of which a part was left standing that touches it: `foo(x)` is not `(x)`.

    Raises:
        UserError: what the reader of formulas says of the whole, at its place in the text.
    """
    text = reading.text
    for formula in reading.functions:
        start, end = formula.span
        if formula.span not in routed.used:
            continue
        before, behind = _BEFORE.search(text[:start]), _BEHIND.match(text, end)
        if before and "(" in before[0] and _open_bracket(text[before.start() :]) is None:
            before = None  # a bracket of the sentence
        if not (before or behind):
            continue
        start, end = before.start() if before else start, behind.end() if behind else end
        try:
            read_formula(text[start:end].rstrip("."))
        except UserError as error:
            place = error.span or Span(0, end - start)
            error.span, error.field = Span(start + place.start, start + place.end), "q"
            raise


def _unread(reading: RoleReading) -> UserError:
    """The error for a text of which no lab can read anything."""
    of_formulas = all(piece.kind == "prose" for piece in reading.pieces)
    if of_formulas and (place := _open_bracket(reading.text)) is not None:
        message = f"The bracket {reading.text[place]} is not closed."
        return UserError(
            "unbalanced", message, hint="Close it, or take it away.", span=Span(place, place + 1), field="q"
        )
    asked = [NAMED[request.what] for request in reading.requests if request.what in NAMED]
    hint = "Paste the formula, the data or the program itself with the question."
    if asked:
        return UserError(
            "not-covered", f"You asked for {asked[0]}; there is nothing here that a lab could work on.", hint=hint
        )
    return UserError(
        "unknown-lab", "This is nothing that a lab can read.", hint=f"{hint} Or name the lab: {', '.join(LABS)}."
    )


def _open_bracket(text: str) -> int | None:
    """Where the last bracket stands that is not closed; None where all are."""
    partner = {")": "(", "]": "[", "}": "{"}
    opened: list[int] = []
    for place, letter in enumerate(text):
        if letter in partner.values():
            opened.append(place)
        elif letter in partner and opened and text[opened[-1]] == partner[letter]:
            opened.pop()
    return opened[-1] if opened else None


def doubts_in_words(question: Question) -> list[tuple[str, str]]:
    """What the reading leaves open, one line each."""
    found: list[tuple[str, str]] = []
    text, routed = question.text, question.routed
    if question.unused:
        pieces = [" ".join(text[a:b].split()) for a, b in question.unused]
        shown = ", ".join(f"“{_quoted(piece if len(piece) <= 60 else piece[:57] + '...')}”" for piece in pieces[:4])
        more = f" and {len(pieces) - 4} more" if len(pieces) > 4 else ""
        found.append(("not-used", f"Not used in this answer: {shown}{more}."))
    if "power" in routed.doubts:
        read_as = _quoted(routed.inputs.get("f", routed.inputs.get("V", "")))
        found.append(
            (
                "unsure",
                f"Powers seem to have lost their place in the text; it is read as {read_as}. "
                "With an index meant, write x_2.",
            )
        )
    for name in (doubt.split()[1] for doubt in routed.doubts if doubt.startswith("variable ")):
        message = (
            f"The text asks for the derivative by {name}, which the formula does not hold; it is by its own variable."
        )
        found.append(("unsure", message))
    for name in (doubt.split()[1] for doubt in routed.doubts if doubt.startswith("absent ")):
        message = f"The formula does not hold {name}; how what the text defines besides depends on it was not read."
        found.append(("unsure", message))
    for name in (doubt.split()[1] for doubt in routed.doubts if doubt.startswith("chosen ")):
        found.append(("unsure", f"The text does not say by which letter; it is by {name}."))
    if "factorial" in routed.doubts:
        found.append(("unsure", "The exclamation mark is read as the end of the sentence, not as a factorial."))
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
                f"The -1 behind the function is read as the inverse function: {_quoted(routed.inputs.get('f', ''))}.",
            )
        )
    return found


def _quoted(text: str) -> str:
    """A text with the marks of prose taken away."""
    return re.sub(r"([$`*\\])", r"\\\1", text)
