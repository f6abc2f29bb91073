"""The inputs of the lab derive for what is asked around a derivative: limits, Taylor polynomials, constraints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nabla.question.atoms import FUNCTIONS
from nabla.question.fill_conditions import told_values
from nabla.question.filled import Filled, Span
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.lexicon import is_word
from nabla.question.roles import RoleReading
from nabla.read.fields.integrals import split_integral

_ARROW = r"(?:->|→|\\to(?![a-z])|\\rightarrow|approach(?:es|ing)?|tends?\sto|goes\sto|going\sto)"
_SIGN = re.compile(
    r"\blim(?:it)?\s*_?\s?[{(]?\s*(?P<v>[A-Za-z])\s*(?:->|→)\s*(?P<t>[^\s,{}()]+?)(?P<side>[+-]?)[})]?\s+(?=\S)"
)
_AS = re.compile(
    rf"\b(?:as|when|for|where)\s+\$?\\?(?P<v>[A-Za-z]+)\$?\s*{_ARROW}\s*\$?(?P<t>[-+−]?\s?(?:infinity|∞|\\infty|"
    r"\\?pi(?:/\d+)?|\d+(?:[./]\d+)?|[a-z](?![a-z])))"
)
_INTEGRAL = re.compile(
    r"\bintegral\s+from\s+(?P<low>\S+)\s+to\s+(?P<high>\S+)\s+of\s+\$?(?P<body>[^\n?]{1,200}?)\s?d(?P<var>[a-z])\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\$?,?\s+(?:for\s+\$?\w\$?\s+)?(?:from|between)\s+\$?([^\s,$]+)\$?\s+(?:to|and)\s+\$?([^\s,?$]+?)\$?\.?(?=[\s,?]|\Z)"
)
# Behind an integral: over all of its line.
EVERYWHERE = re.compile(
    r"\$?,?\s+(?:over|on|across)\s+(?:all\s+(?:of\s+)?)?(?:the\s+)?(?:whole\s+|entire\s+)?"
    r"(?:\$?(?:R\b|ℝ|\\mathbb\s?\{?R\}?|\\R\b)\$?|reals?\b(?:\s+(?:line|axis|numbers)\b)?)(?!\s?[\^²³])"
)
_TERMS = re.compile(r"first\s+(\d{1,2}|three|four|five|six)\s+terms")
_COUNTED = {"three": 3, "four": 4, "five": 5, "six": 6}
_SIDE = re.compile(r"from\s+(?:the\s+)?(right|above|left|below)")
_DEGREE = re.compile(
    r"(?:degree|order|up\s+to(?:\s+the)?(?:\s+\$?\(?[a-z](?:\s?-\s?\w+)?\)?\s?\^)?|through)\s*(?:of\s+)?[$=]*\s*\{?(\d{1,2})"
    r"|(\d{1,2})\s?(?:st|nd|rd|th)?[-\s]*(?:degree|order)|\bto\s+\$?\(?[a-z](?:\s?-\s?\w+)?\)?\s?\^\s?\{?(\d{1,2})"
)
_NAMED = {
    **dict.fromkeys(("linear", "linearization", "linearisation", "linearize", "linearise", "tangent"), "1"),
    "quadratic": "2",
    "cubic": "3",
    "second": "2",
    "third": "3",
    "fourth": "4",
    "fifth": "5",
}
_CENTRE = re.compile(
    r"\b(?:about|around|near|cent(?:er|re)d\s+(?:at|around|on)|cent(?:er|re)\s+(?:at\s+|is\s+|=\s*)?|expansion\s+point)\s*"
    r"(?:the\s+)?(?:point\s+)?\$?(?:\\?[a-zA-Z]+(?:_\{?0\}?)?\s?=\s?)?\Z"
)
_ORIGIN = re.compile(r"\bmaclaurin\b|\b(?:about|around|near|at)\s+(?:the\s+origin|zero)\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:at|about|around|near|centered\s+at|centred\s+at|in|with\s+center)\s+\$?(?:[a-z]_?0?\s?=\s?)?")


def limit_in_words(reading: RoleReading) -> Filled | None:
    """`the limit of sin(3x)/x as x approaches 0`, or `lim x->0 ...` in plain text, as a limit with its sign."""
    text = reading.text
    signed = _SIGN.search(text)
    if signed:
        rest = _formula(re.sub(r"\Aof\s+", "", text[signed.end() :]))
        raised = f"^{signed['side']}" if signed["side"] else ""
        inside = tuple(f.span for f in reading.formulas if signed.start() <= f.span[0] <= signed.end() + len(rest))
        body, _, told = rest.partition("=")
        sign = f"lim_{{{signed['v']} -> {signed['t']}{raised}}}"
        return Filled({"f": f"{sign} {body.strip()}"} | ({"claim": told.strip()} if told else {}), inside)
    where = _AS.search(text)
    first = reading.functions[0] if reading.functions else None
    if where is None and first and reading.asks("limit") and first.shape == "formula":
        return _limit_at(reading, first)
    if where is None or first is None or not re.search(r"\blim(?:it)?s?\b", text, re.IGNORECASE):
        return None
    side = _SIDE.search(text, where.end())
    sign = "" if side is None else "^+" if side[1] in ("right", "above") else "^-"
    target = where["t"].replace("infinity", "oo").replace("∞", "oo").replace("\\infty", "oo").replace(" ", "")
    spans = [f.span for f in reading.formulas if where.start() <= f.span[0] < where.end() + 2]
    return Filled({"f": f"lim_{{{where['v']} -> {target}{sign}}} {first.body}"}, (first.span, *spans))


def _limit_at(reading: RoleReading, first: Formula) -> Filled | None:
    """A limit at the one place that is told, sin(x)/x at 0; of a sequence in n at infinity."""
    names = list(dict.fromkeys(names_in(first.body)))
    places = [f for f in reading.formulas if f.role == "point" and f.shape in ("number", "value")]
    target = places[0].body if len(places) == 1 else "oo" if names == ["n"] and not places else ""
    if len(names) != 1 or not target:
        return None
    return Filled({"f": f"lim_{{{names[0]} -> {target}}} {first.body}"}, (first.span, *(f.span for f in places)))


def with_ends(integral: str, behind: str) -> str:
    """An integral without ends with those that the words behind it tell: ∫ x^2 dx from 0 to 3."""
    told, whole = _ENDS.match(behind), EVERYWHERE.match(behind)
    parts = split_integral(integral) if (told or whole) and "=" not in integral else None
    if parts is None or parts.low:
        return integral
    low, high = map(_with_infinity, told.groups()) if told else (r"-\infty", r"\infty")
    if not (whole or all(is_constant(end.lstrip("-−")) for end in (low, high))):
        return integral
    return rf"\int_{{{low}}}^{{{high}}} {parts.integrand} d{parts.variable}"


def _with_infinity(end: str) -> str:
    return re.sub(r"(?:\binfinity|∞|\boo|\binf)\Z", r"\\infty", end)


def integral_in_words(reading: RoleReading) -> Filled | None:
    """`the integral from 0 to x of sin(t^2) dt` with its sign; a derivative of it where one is asked for before."""
    found = _INTEGRAL.search(reading.text)
    if found is None:
        return None
    low, high = (found[name].strip("$").replace("infinity", "oo") for name in ("low", "high"))
    inputs = {"f": rf"\int_{{{low}}}^{{{high}}} {found['body'].strip(' $')} d{found['var']}"}
    before = any(r.what == "derivative" and r.span[0] < found.start() for r in reading.requests)
    if not before:
        inputs["what"] = "integral"
    return Filled(inputs, tuple(f.span for f in reading.formulas if found.start() <= f.span[0] < found.end()))


def fill_antiderivative(reading: RoleReading) -> Filled | None:
    """The integral of the derivative that a text tells, where no function stands beside it."""
    told = [f for f in reading.formulas if f.role == "function" and f.shape == "claim"]
    if not told and reading.asks("antiderivative"):
        told = [f for f in reading.functions if f.shape in ("formula", "number") and len(reading.functions) == 1]
    beside = any(f.shape in ("function", "definition") for f in reading.formulas)
    if not told or beside:
        return None
    name = told[0].prime.function if told[0].prime else ""
    values = told_values(reading).get(name, [])
    settled = [text for text, _ in values if "'" not in text]  # F(1) = 4, which settles the constant
    conditions = "; ".join(text if name in "fghFGH" else f"F{text[len(name) :]}" for text in settled)  # y(1): a product
    inputs = {"f": told[0].body, "what": "integral"} | ({"conditions": conditions} if conditions else {})
    return Filled(inputs, (told[0].span, *(formula.span for text, formula in values if "'" not in text)))


def _formula(text: str) -> str:
    """What stands in front of the first word of a sentence."""
    kept = []
    for part in re.split(r"\n|[?]|\.(?:\s|\Z)", text)[0].split():
        if re.fullmatch(r"[A-Za-z']{2,}[,;:]?", part) and part not in FUNCTIONS and is_word(part.rstrip(",;:")):
            break
        kept.append(part)
    return re.sub(r"\s?=\s?_*\Z", "", " ".join(kept).strip(" $.,;"))


def taylor(reading: RoleReading, inputs: dict[str, str], known: Sequence[str]) -> list[Span]:
    """The degree, the variables and the place of a Taylor polynomial; the stretches of text that tell them."""
    found = _DEGREE.search(reading.text)
    spans: list[Span] = []
    words = [part for sentence in reading.sentences for word in sentence.words for part in word.split("-")]
    named = next((_NAMED[word] for word in words if word in _NAMED), "")
    degree = (found[1] or found[2] or found[3]) if found else named
    if terms := _TERMS.search(reading.text):
        degree = str(int(_COUNTED.get(terms[1], 0) or terms[1]) - 1)
    if degree:
        inputs["order"] = degree
    if found:
        spans += [f.span for f in reading.formulas if found.start() <= f.span[0] <= found.end()]
    if "domain" in inputs:
        spans += [f.span for f in reading.formulas if f.role == "point" and f.shape == "point"]
    names = expanded(reading.functions[0], known)
    if len(names) > 1:
        inputs["wrt"] = ",".join(names)
    centre, told = _centre(reading, names, spans)
    at = _by_name(inputs.get("at", ""), names)
    if centre and at == centre and len(names) == 1:
        at, beside = _another_place(reading, names[0], told)
        told += beside
    if centre and at and centre != at:
        inputs["changes"] = _differences(at, centre)  # around 0, and the error at x = 0.2
    if at := centre or at:
        inputs["at"] = at
    return [*spans, *told]


def expanded(first: Formula, known: Sequence[str]) -> list[str]:
    """The variables of a Taylor polynomial: of the signature, else the coordinates, else the one that is there."""
    names = list(first.args) if first.args else [name for name in ("x", "y", "z") if name in known]
    return names if len(names) > 1 else [name for name in ("x", "t", *known) if name in known][:1]


def _centre(reading: RoleReading, names: Sequence[str], taken: Sequence[Span]) -> tuple[str, list[Span]]:
    """The place about which is expanded, by its name, and what tells it."""
    for pattern in (_CENTRE, re.compile(rf"{_ABOUT.pattern}\Z")):
        for formula in reading.formulas:
            value = formula if formula.shape == "point" else _value_of(reading, formula)
            before = reading.text[max(0, formula.span[0] - 30) : formula.span[0]]
            if value is None or value.span in taken or not pattern.search(before):
                continue
            if (
                pattern is not _CENTRE
                and formula.role == "point"
                and (formula.shape == "point" or formula.name in names)
            ):
                continue  # that of `at`
            place = formula.body if formula.shape == "point" else f"{names[0]}={value.body}" if names else ""
            return _by_name(place, names), [value.span]
    return (", ".join(f"{name}=0" for name in names), []) if _ORIGIN.search(reading.text) else ("", [])


def _another_place(reading: RoleReading, name: str, taken: Sequence[Span]) -> tuple[str, list[Span]]:
    """A second value of the variable, about x = 0 and at x = 0.2: where the polynomial is to be evaluated."""
    for formula in reading.formulas:
        if formula.shape == "value" and formula.name == name and formula.role == "point" and formula.span not in taken:
            return f"{name}={formula.body}", [formula.span]
    return "", []


def _by_name(place: str, names: Sequence[str]) -> str:
    """A place by its names: x=1, y=0 for (1, 0)."""
    entries = entries_of(place)
    if entries and len(entries) == len(names):
        return ", ".join(f"{name}={entry}" for name, entry in zip(names, entries, strict=True))
    return place if "=" in place or not place or entries else f"{names[0]}={place}" if names else place


def _differences(place: str, centre: str) -> str:
    """How far a place is from another, x=0.2 - (0)."""
    from_ = dict(part.split("=", 1) for part in centre.split(", "))
    ways = [part.split("=", 1) for part in place.split(", ") if "=" in part]
    return ", ".join(f"{name}={value} - ({from_.get(name, '0')})" for name, value in ways)


def _value_of(reading: RoleReading, formula: Formula) -> Formula | None:
    """The number that a formula is or names: 5, a = 5, or a where the text says a = 5."""
    if formula.shape == "name":
        return next((f for f in reading.formulas if f.shape == "value" and f.name == formula.name), None)
    return formula if formula.shape in ("number", "value") and is_constant(formula.body) else None


def constraint_of(reading: RoleReading) -> Formula | None:
    """The equation under which an extremum is asked for: `subject to x + y = 1`."""
    first = reading.functions[0]
    for formula in reading.formulas:
        if formula.shape != "equation" or formula is first:
            continue
        before = reading.text[max(0, formula.span[0] - 60) : formula.span[0]].lower()
        said = re.search(
            r"subject\s+to|constraint|\bbudget\b|s\.t\.|such\s+that|\bgiven\b|\bwith\b|\bon\b|\bwhere\b|under", before
        )
        if said and set(names_in(formula.sides[0])) & set(names_in(first.body)):
            return formula
    return None


def asks_for_parameters(reading: RoleReading, f: str) -> str:
    """What is asked of the parameters of a function given by pieces: that it is differentiable, or continuous."""
    if "if" not in f.split() and "cases" not in f:
        return ""
    words = {word for sentence in reading.sentences for word in sentence.words}
    if any(request.variables for request in reading.requests):
        return ""
    if re.search(r"\bcontinuous\b[^.;?]*[.;?].*\bdifferentiable\b", reading.text, re.DOTALL):
        return "continuous"  # is it differentiable then?
    return "parameters" if "differentiable" in words else "continuous" if "continuous" in words else ""


# at x = 1, 2 and 3
_PLACES = re.compile(
    r"\bat\s+\$?([a-z])\s*=\s*(-?[\d./]*\d)\$?((?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)\$?(?:[a-z]\s*=\s*)?-?[\d./]*\d\$?)+)"
)


def further_places(reading: RoleReading, inputs: Mapping[str, str]) -> tuple[list[Filled], list[Span]]:
    """The other places of `at x = 1, 2 and 3`, each a question of its own, and the numbers that tell them."""
    found = _PLACES.search(reading.text)
    if found is None or inputs.get("at", "").replace(" ", "") != f"{found[1]}={found[2]}":
        return [], []
    others = re.findall(r"-?[\d./]*\d", found[3])
    spans = [f.span for f in reading.formulas if found.start(3) <= f.span[0] < found.end()]
    made = [Filled({**inputs, "at": f"{found[1]}={place}"}, (), asked=f"at {found[1]} = {place}") for place in others]
    return made, spans
