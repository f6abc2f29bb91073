"""The inputs of derive for places and numbers: where a slope has a value, an inverse, a matrix."""

from __future__ import annotations

import re
from fractions import Fraction

from nabla.question.equations import canonical, is_velocity
from nabla.question.fill_conditions import INFLECTION, SLANT, called, host, named, slope_of_line, variable_of
from nabla.question.filled import Filled, Span, difference, doubts_of
from nabla.question.formulas import Formula, entries_of, is_constant, names_in
from nabla.question.notation import PRIMES
from nabla.question.request import Request
from nabla.question.roles import RoleReading

_SECOND = re.compile(r"\bacceleration\b|\bsecond derivative\b")
_LEVEL = re.compile(r"\b(?:mle|likelihood|x[- ]axis|horizontal|level|at rest|stops?|stationary|zero|flat)\b")
_EQUAL = re.compile(
    r"(?:\b(?:slope|gradient|derivative|velocity|speed|acceleration)\b[^.;?]{0,30}?"
    r"(?:\b(?:is|of|equals?|equal to|be)\b|=)\s*(?:to\s+)?)\Z"
)
_PARALLEL = re.compile(r"\b(parallel|perpendicular|normal|orthogonal) to\b")
_INVERSE = re.compile(
    r"\(\s?([A-Za-z])\s?\^\s?\{?\s?[-−]\s?1\s?\}?\s?\)\s?(?:['′’]|\^\{?\\prime\}?)\s?\(\s?([^()]+?)\s?\)"
    r"|\bd\s?([A-Za-z])\s?\^\s?\{?\s?[-−]\s?1\s?\}?\s?/\s?d[a-z]"
)
_MOTION = re.compile(r"\bpartic|\bmov(?:es?|ing)\b|\bseconds?\b|\bball\b|\brest\b|\bstone\b|\brocket\b")


_TO_SOLVE = re.compile(r"\b(?:solve|such\s+that|so\s+that|for\s+which|at\s+which|points?\s+where|x\s+where)\s*\$?\Z")
_OF_INVERSE = re.compile(
    r"(?<![A-Za-z])\$?[A-Za-z]\$?(?:\([a-z]\))?\$?\s(?:be|is|denotes?|=)\s(?:the\s)?inverse|\binverse\s(?:function\s)?of\b"
)


def fill_places(reading: RoleReading) -> Filled | None:
    """The inputs for a text that asks for places, for an inverse or about a matrix by itself."""
    if reading.programs or reading.data:
        return None
    return _matrix(reading) or _inverse(reading) or _mean_value(reading) or _places(reading)


def _matrix(reading: RoleReading) -> Filled | None:
    """A matrix by itself, and whether it is definite or what its determinant is."""
    asked = next((what for what in ("definite", "determinant") if reading.asks(what)), "")
    if not asked or reading.asks("jacobian", "hessian"):
        return None
    for formula in reading.formulas:
        if formula.shape != "matrix" and "matrix}" not in formula.body:
            continue
        body = re.sub(r"\\begin\{[bpvB]?matrix\}|\\end\{[bpvB]?matrix\}", "", formula.body)
        if body != formula.body:
            body = "; ".join(row.replace("&", ",").strip() for row in body.split("\\\\") if row.strip())
        return Filled({"f": body, "what": asked}, (formula.span,))
    return None


def _inverse(reading: RoleReading) -> Filled | None:
    """The derivative of the inverse: (f^-1)'(3), or in words at a place of it."""
    signed = _INVERSE.search(reading.text)
    if not signed and not reading.asks("inverse") and not _OF_INVERSE.search(reading.text):
        return None
    first = host(reading)
    if first is None or len(names_in(first.body)) != 1:
        return None
    used: list[Span] = [first.span]
    spoken = next((r for r in reading.requests if r.at and r.function and r.function != first.name), None)
    place = spoken.at if spoken and not signed else signed[2] if signed and signed[2] and is_constant(signed[2]) else ""
    if signed:
        used += [f.span for f in reading.formulas if f.span[0] < signed.end() and signed.start() < f.span[1]]
    for formula in reading.formulas:
        if not place and formula.role in ("point", "number", "claim") and formula.shape in ("value", "number"):
            place = formula.body
            used.append(formula.span)
    name = f"{first.name} = " if first.name and first.name != "f" else ""
    inputs = {"f": f"{name}{first.body}", "what": "inverse", "at": place, "wrt": variable_of(first)[0]}
    return Filled({key: text for key, text in inputs.items() if text}, tuple(dict.fromkeys(used)), doubts_of([first]))


_MEAN_VALUE = re.compile(r"\bmean[- ]value\s+theorem\b|\bmvt\b|\brolle(?:['’]?s)?\s+theorem\b", re.IGNORECASE)


def _mean_value(reading: RoleReading) -> Filled | None:
    """The places that the mean value theorem, or Rolle's, speaks of: where the slope is that of the chord."""
    first = host(reading) if _MEAN_VALUE.search(reading.text) else None
    ends = [(f, entries_of(f.body)) for f in reading.formulas if f.shape == "point" and len(entries_of(f.body)) == 2]
    if first is None or len(variable_of(first)) != 1 or not ends:
        return None
    x, name, (formula, (low, high)) = variable_of(first)[0], called(first), ends[0]
    chord = f"{name}{PRIMES[0]}({x}) = ({name}({high}) - {name}({low}))/({high} - ({low}))"
    inputs = {"f": named(first, name), "wrt": x, "what": "places", "conditions": chord}
    return Filled({**inputs, "domain": f"{low} < {x} < {high}"}, (first.span, formula.span), doubts_of([first]))


def _places(reading: RoleReading) -> Filled | None:
    """Where a derivative has a value: where the tangent is level, when something is at rest, where the slope is 2; and
    where the function itself is 0.
    """
    asked = [request for request in reading.requests if request.what in ("moment", "roots")]
    asked = asked or _least(reading) or _bent(reading) or _lying(reading)
    told = _told_equation(reading)
    if not asked and told is None:
        return None
    if told is None and all(request.what == "roots" for request in asked) and (equation := _equation(reading)):
        return equation
    if told is None and (curve := _level(reading)):
        return curve
    first = host(reading)
    variables = (_named(reading, asked[0], first) if asked else ()) or variable_of(first) if first else ()
    if first is None or len(variables) != 1:
        return None
    used: list[Span] = [first.span]
    used += [f.span for f in reading.formulas if f.role != "function" and _is_logarithm(f, first)]
    x, name = variables[0], called(first)
    inputs = {"f": named(first, name), "wrt": x, "what": "places"}
    inputs |= _where(reading, first, x, used)
    if told is not None:
        conditions = canonical(told.read, told.prime.function or name if told.prime else name, (x,))
        return Filled({**inputs, "conditions": conditions}, (*used, told.span), doubts_of([first]))
    further = [
        Filled({**inputs, "conditions": condition}, (request.span,), asked=reading.text[slice(*request.span)])
        for request in asked
        if (condition := _condition(reading, request, (first, name, x), used))
    ]
    if not further:
        return None
    further += _derivatives_beside(reading, first, x, used)
    return Filled(further[0].inputs, tuple(used), doubts_of([first]), tuple(further[1:]))


def _is_logarithm(formula: Formula, first: Formula) -> bool:
    """Whether a formula names the logarithm of the function, whose slope is 0 where that of the function is."""
    of = rf"\\?(?:log|ln)\s?\(?\s?{re.escape(first.name or '-')}\s?(?:\(\s?\\?[A-Za-z]+\s?\))?\s?\)?"
    return bool(re.fullmatch(of, formula.read.strip()))


_LYING = re.compile(r"\b(horizontal|vertical)\b")


def _level(reading: RoleReading) -> Filled | None:
    """Where the tangent of a curve is horizontal or vertical: of x(t) and y(t), of r(θ), of an equation."""
    ways = list(dict.fromkeys(_LYING.findall(reading.text.lower())))
    functions = reading.functions
    if not ways or not functions:
        return None
    first, used = functions[0], [f.span for f in functions]
    if {f.name for f in functions} == {"x", "y"}:
        curve = "; ".join(f"{f.name} = {f.sides[1]}" for f in sorted(functions, key=lambda f: f.name))
    elif first.name == "r" and names_in(first.body) == ("theta",):
        curve = f"x = ({first.body}) cos(theta); y = ({first.body}) sin(theta)"
    elif first.shape == "equation" and {"x", "y"} <= set(names_in(first.read)):
        curve = first.read
    else:
        return None
    all_ = [Filled({"f": curve, "what": way}, tuple(used), doubts_of([first]), asked=f"{way} tangents") for way in ways]
    return Filled(all_[0].inputs, tuple(used), all_[0].doubts, tuple(all_[1:]))


def _least(reading: RoleReading) -> list[Request]:
    """Where the least value of L(w) is asked for and other letters than w are open, a formula is wanted."""
    asked = [request for request in reading.requests if request.what == "minimise"]
    first = host(reading) if asked else None
    if first is None or len(first.args) != 1 or not set(names_in(first.body)) - set(first.args):
        return []
    given = {f.name for f in reading.formulas if f.shape == "value"}
    return [] if set(names_in(first.body)) - set(first.args) <= given else asked


def _lying(reading: RoleReading) -> list[Request]:
    """Where tangents are asked for that are parallel or perpendicular to a line."""
    asked = [request for request in reading.requests if request.what == "tangent"]
    lying = _PARALLEL.search(reading.text) or _LYING.search(reading.text.lower())
    return asked if lying and not any(f.role == "point" for f in reading.formulas) else []


def _bent(reading: RoleReading) -> list[Request]:
    """Where a function of one variable has inflections, while other letters are open."""
    asked = [request for request in reading.requests if request.what == "concavity"]
    first = host(reading) if asked else None
    open_ = first is not None and len(first.args) == 1 and len(names_in(first.body)) > 1
    return asked if open_ and INFLECTION.search(reading.text.lower()) else []


def _told_equation(reading: RoleReading) -> Formula | None:
    """An equation in a derivative that is to be solved: solve f'(x) = 0, find x such that f'(x) = 2."""
    for formula in reading.formulas:
        mark = formula.prime
        if formula.shape != "claim" or mark is None or mark.kind != "derivative" or len(formula.sides) != 2:
            continue
        before = reading.text[: formula.span[0]].lower()
        if is_constant(formula.sides[1]) and not is_constant(mark.arg or "x") and _TO_SOLVE.search(before):
            return formula
    return None


def _equation(reading: RoleReading) -> Filled | None:
    """The roots of an equation in one name: x^2 - 5x + 6 = 0."""
    for formula in reading.formulas:
        names = names_in(formula.read)
        if formula.shape == "equation" and len(formula.sides) == 2 and len(names) == 1:
            inputs = {"f": difference(formula), "wrt": names[0], "what": "places", "conditions": f"f({names[0]}) = 0"}
            return Filled(inputs, (formula.span,))
    return None


def _named(reading: RoleReading, request: Request, first: Formula | None) -> tuple[str, ...]:
    """The variable that the sentence of a request names by itself: the MLE of σ."""
    held = names_in(first.body) if first else ()
    for formula in reading.formulas:
        between = reading.text[request.span[1] : max(request.span[1], formula.span[0])]
        if formula.shape == "name" and formula.name in held and re.fullmatch(r"\s(?:of|for)\s(?:the\s)?", between):
            return (formula.name,)
    return ()


def _condition(reading: RoleReading, request: Request, of: tuple[Formula, str, str], used: list[Span]) -> str:
    """The equation that the sentence of a request tells, f'(x) = 0; "" where it tells none."""
    first, name, x = of
    if request.what == "roots":
        return f"f({x}) = 0"
    if request.what in ("minimise", "concavity"):
        return f"{name}{PRIMES[0] * (1 if request.what == 'minimise' else 2)}({x}) = 0"
    sentence = next(s for s in reading.sentences if s.tokens[0].start <= request.span[0] < s.tokens[-1].end)
    text = reading.text[sentence.tokens[0].start : sentence.tokens[-1].end].lower()
    formulas = [f for f in sentence.formulas.values() if f is not first]
    number = next((f for f in formulas if f.shape == "number" and _EQUAL.search(_before(reading, f))), None)
    lying = _PARALLEL.search(text)
    line = next((f for f in formulas if f.shape in ("definition", "equation")), None) if lying else None
    slope = _slope_of(line) if line else ""
    level = number.body if number else "0"
    if lying and slope:
        level = slope if lying[1] == "parallel" else _inverse_number(slope)
    elif not number and not _LEVEL.search(text) and not re.search(r"\b0\b", text):
        return ""
    used += [f.span for f in (number, line) if f]
    order = (2 if _SECOND.search(text) else 1) - is_velocity(first, reading.text)
    return f"{name}{PRIMES[0] * order}({x}) = {level}" if order else f"f({x}) = {level}"


def _slope_of(line: Formula) -> str:
    """The slope of a line y = 9x + 1 or 2x + 3y = 6; "" for another formula."""
    if line.shape == "definition":
        slant = SLANT.fullmatch(line.body)
        return slope_of_line(slant) if slant else ""
    found = _BOTH_LEFT.fullmatch(line.sides[0].strip())
    if not found or not is_constant(line.sides[-1]):
        return ""
    a, b = (part.replace(" ", "").replace("−", "-") for part in found.groups())
    ends = [part + "1" if part in ("", "+", "-") else part for part in (a, b)]
    return str(-Fraction(ends[0]) / Fraction(ends[1])) if all(map(_WHOLE.fullmatch, ends)) and Fraction(ends[1]) else ""


def _inverse_number(slope: str) -> str:
    """The slope of what is perpendicular to a line of this slope."""
    return str(-1 / Fraction(slope)) if _WHOLE.fullmatch(slope) and Fraction(slope) else f"-1/({slope})"


_WHOLE = re.compile(r"[-+]?\d+(?:\.\d+)?(?:/[1-9]\d*)?")


_BOTH_LEFT = re.compile(r"([-−]?\s?[\d./]*)\s?\*?\s?x\s?([-+−]\s?[\d./]*)\s?\*?\s?y")


def _where(reading: RoleReading, first: Formula, x: str, used: list[Span]) -> dict[str, str]:
    """The conditions on the variable; a motion begins at the time 0."""
    told = [f for f in reading.formulas if f.role == "condition" and f is not first and x in names_in(f.read)]
    told = [f for f in told if f.island.relations and f.island.relations[0] != "="]
    if told:
        used += [f.span for f in told]
        return {"domain": ", ".join(f.read for f in told)}
    return {"domain": "t >= 0"} if x == "t" and _MOTION.search(reading.text.lower()) else {}


def _derivatives_beside(reading: RoleReading, first: Formula, x: str, used: list[Span]) -> list[Filled]:
    """Derivatives that are asked for beside the places: the acceleration at t = 3."""
    found = []
    body = named(first, called(first))
    points = [f for f in reading.formulas if f.shape == "value" and f.name == x and f.role == "point"]
    for request in reading.requests:
        if request.what != "derivative":
            continue
        at = points[0] if points else None
        inputs = {"f": body, "wrt": ",".join([x] * max(1, request.order))} | ({"at": f"{x}={at.body}"} if at else {})
        used += [at.span] if at else []
        found.append(Filled(inputs, (request.span,), asked=reading.text[slice(*request.span)]))
    return found


def _before(reading: RoleReading, formula: Formula) -> str:
    return reading.text[max(0, formula.span[0] - 60) : formula.span[0]].lower()
