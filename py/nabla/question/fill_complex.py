"""The inputs of derive for functions of a complex variable, is it analytic, what are d/dz and d/dz̄, and their parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nabla.question.filled import Filled, Span, substituted
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.roles import RoleReading

_WORDS = re.compile(
    r"\b(?:holomorphic|meromorphic|wirtinger|cauchy[- ]riemann|complex[- ](?:analysis|derivative|differentiable|"
    r"variables?|plane|numbers?|function|valued)|(?:is|be|are) (?:it |this |the function )?analytic|analytic\s*\?|"
    r"analytic (?:function|at|in|on|everywhere)|over (?:the complex|ℂ|C\b)|complex z|"
    r"z\$? (?:is |be |being )?(?:a )?complex|differentiable\s+(?:at|in)\s+(?:ℂ|the complex)|"
    r"z\$?\s?(?:∈|\\in)\s?(?:ℂ|\\mathbb\s?\{?C))",
    re.IGNORECASE,
)
# Signs that only functions of complex numbers have, of the letter z.
_SIGNS = re.compile(
    r"(?<![A-Za-z])(?:conj|conjugate|Re|Im)\s?\(|\\(?:Re|Im)(?![A-Za-z])|\\operatorname\s?\{(?:Re|Im|conj)\}|"
    r"\\(?:bar|overline)\s?\{?\s?z|z̄|z\u0305|(?<![A-Za-z])z_?bar\b"
)
_BAR = re.compile(r"(?:d|∂|\\partial\s?)f?\s?/\s?(?:d|∂|\\partial\s?)(?:z_?bar|\\bar\s?\{?z\}?|z̄)")


def speaks_of_complex(text: str) -> bool:
    """Whether a text speaks of complex numbers or of what is asked of functions of them."""
    return _WORDS.search(text) is not None


def fill_complex(reading: RoleReading) -> Filled | None:
    """The function of z, or of x and y, or its parts u and v, where the text speaks of complex numbers."""
    if reading.programs or not reading.formulas:
        return None
    held = set(names_in(reading.functions[0].body)) if len(reading.functions) == 1 else set()
    if not (speaks_of_complex(reading.text) or _SIGNS.search(reading.text) or held == {"z", "i"}):
        return None
    used: list[Span] = []
    text = _parts(reading.formulas, used) or _whole(reading, used)
    if not text:
        return None
    inputs = {"f": text, "what": "analytic"}
    first = reading.functions[0] if reading.functions else None
    by = [name for request in reading.requests for name in request.variables]
    letter = next(iter([*(first.args if first else ()), *by]), "") if not first or len(first.args) < 2 else ""
    if letter in held and letter not in ("z", "w"):
        inputs["wrt"] = letter
    place = next((f for f in reading.formulas if f.shape == "value" and f.name in ("z", "w", letter)), None)
    if place is not None and place.span not in used:
        inputs["at"] = f"{place.name} = {place.body}"
        used.append(place.span)
    used += [request.span for request in reading.requests if request.variables]
    used += [formula.span for formula in reading.formulas if _BAR.fullmatch(formula.read)]
    return Filled(inputs, tuple(used))


def _parts(formulas: Sequence[Formula], used: list[Span]) -> str:
    """The real and the imaginary part that a text tells as u and v; nothing where one is missing."""
    told = {f.name: f for f in formulas if f.shape in ("definition", "function", "value") and f.name in ("u", "v")}
    if len(told) < 2 or not all(set(names_in(f.body)) <= {"x", "y"} for f in told.values()):
        return ""
    used += [told["u"].span, told["v"].span]
    used += [f.span for f in formulas if re.fullmatch(r"(?:f|w)?(?:\(z\))?\s?=?\s?u\s?\+\s?i\s?v", f.read)]
    return f"{told['u'].body}; {told['v'].body}"


def _whole(reading: RoleReading, used: list[Span]) -> str:
    """The function as one formula of z, or of x and y with the imaginary unit."""
    first = reading.functions[0] if reading.functions else None
    if (
        first is None
        or first.shape not in ("function", "definition", "formula", "applied", "equation")
        or is_constant(first.body)
    ):
        return ""
    used.append(first.span)
    if first.name in ("u", "v"):
        return ""  # one part alone
    body = first.sides[0] if first.shape == "applied" else first.sides[-1]
    return substituted(body, reading, first, used, keep=("u", "v"))
