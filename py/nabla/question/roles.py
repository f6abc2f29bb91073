"""The role of every formula of a text: function, definition, variable, point, claim, and whose.

A role is told by the shape of a formula and the frame that the words around it open; where two formulas could be the
function, by what is asked for and what defines what. What gets no role stays unused, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nabla.question import formula_kinds as kinds
from nabla.question.atoms import Atom
from nabla.question.components import is_corner, is_place, named_components, of_given_potential
from nabla.question.cut import cut
from nabla.question.equations import gradient_of, holds_signs, is_convention, is_differential, is_value_at
from nabla.question.files import PastedTable, tables_of
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.markup import with_plain_markup
from nabla.question.measures import is_measure
from nabla.question.pieces import PastedProgram, Piece, programs
from nabla.question.products import KIND_OF_POINT, as_products, without_motions
from nabla.question.quotes import backed, mentions
from nabla.question.related_rates import mark_rates
from nabla.question.request import Request, of_average, of_interval, requests_of
from nabla.question.sentences import ProseSentence, is_reason, is_wondered_at, sentences_of, whole_or_unread
from nabla.question.series import repeated
from nabla.question.told_derivative import tells_derivative


@dataclass(slots=True)
class RoleReading:
    """A text with the role of each of its parts."""

    text: str
    pieces: list[Piece]
    programs: list[PastedProgram]
    tables: list[PastedTable]
    data: str  # the text of the first
    sentences: list[ProseSentence]
    formulas: list[Formula]
    requests: list[Request]
    functions: list[Formula] = field(default_factory=list)
    definitions: dict[str, Formula] = field(default_factory=dict)
    claims: list[Formula] = field(default_factory=list)

    def asks(self, *what: str) -> bool:
        """Whether one of these is asked for."""
        return any(request.what in what for request in self.requests)


def read(text: str) -> RoleReading:
    """Cut a text, find its formulas, and give each its role."""
    text = with_plain_markup(text)
    pieces = cut(text)
    prose = [piece.span for piece in pieces if piece.kind == "prose" and piece.text.strip()]
    sentences = sentences_of(text, prose)
    for sentence in sentences:
        whole_or_unread(sentence)
    formulas = [formula for sentence in sentences for formula in sentence.formulas.values()]
    made, tables = programs(pieces), tables_of(text, pieces)
    data = tables[0].text if tables else ""
    if not made:
        kinds.sign_grads(formulas)
    requests = requests_of(sentences, formulas)
    asked = any(request.what == "integral" for request in requests)
    for formula in formulas:
        if asked or re.search(r"\bint\s?\Z", text[: formula.span[0]]):
            kinds.sign_integral(formula)
    reading = RoleReading(text, pieces, made, tables, data, sentences, formulas, requests)
    _roles(reading)
    return reading


def _roles(reading: RoleReading) -> None:
    as_products(reading.formulas)
    before: Formula | None = None
    again = repeated(reading.text, "".join(program.code for program in reading.programs)) if reading.programs else []
    for formula in reading.formulas:
        told = any(start <= formula.span[0] < end for start, end in again)
        formula.role = "aside" if told else _first(reading, formula)
        if formula.chained and before and (before.role == "claim" or len(before.sides) > 1):
            formula.role, formula.whose = "claim", before.whose  # = 2x(x + 1), a line below
        if before and _continues(reading, before, formula):
            formula.role = "claim"
        before = formula
    _functions(reading)
    requests = of_given_potential(reading.functions, reading.requests)
    requests = of_average(reading.functions, requests, reading.text)
    reading.requests = of_interval(reading.functions, requests, reading.text)
    mark_rates(reading.functions, reading.formulas, reading.requests)
    mentions(reading.formulas, reading.functions)
    _claims(reading)
    judged, numbers = bool(reading.claims or reading.programs), bool(reading.data or reading.programs)
    stated = [f for f in reading.functions if f.shape == "claim"]
    reading.requests += [Request("antiderivative", f.span) for f in stated]
    if not stated and any(f.shape in ("function", "definition") for f in reading.formulas):
        reading.requests = [r for r in reading.requests if r.what != "antiderivative"]
    kept = [r for r in reading.requests if backed(r, reading.text, reading.sentences, judged=judged, numbers=numbers)]
    if not any(is_differential(formula) for formula in reading.formulas):
        kept = [request for request in kept if request.what != "verify"]
    reading.requests = kept or [request for request in reading.requests if request.what == "fit"]
    for formula in reading.formulas:
        if formula.role == "definition" and formula.name not in reading.definitions:
            reading.definitions[formula.name] = formula


def _continues(reading: RoleReading, before: Formula, formula: Formula) -> bool:
    """Whether a formula stands in a list with an answer of the same sentence, as x1 = 2.1 and x2 = 2.09, 2x or 3x."""
    answered = before.role == "claim" or (before.shape == "applied" and len(before.sides) > 1)
    if not answered or before.sentence != formula.sentence:
        return False
    listed = before.shape == formula.shape == "value" and formula.frame == "claim"
    return listed or reading.text[before.span[1] : formula.span[0]].strip(" $`,") == "or"


_TO = re.compile(r"\s+to\s+\$?(?:\w\s?=\s?)?[-\dπ√]|\s+to\s+pi\b")  # from 0 to 1: an interval, no start
_SILENT = ("dimension", "code", "matrix")


def _first(reading: RoleReading, formula: Formula) -> str:
    """The role by shape and frame alone."""
    shape, frame = formula.shape, formula.frame
    sentence = reading.sentences[formula.sentence]
    mine = frame in ("claim", "rival")
    token = _token_before(sentence, formula)
    before = token.text.lower() if token else ""
    if token and token.kind == "output":
        formula.whose = "rival"
        return "claim"
    if is_reason(sentence, formula):
        return "aside"
    if shape in _SILENT or frame == "mention" or (kinds.is_space(formula) and formula.weight < 7):
        return "aside"
    if shape == "unread":
        return "unread"
    if shape == "range":
        return "domain"
    if shape == "sign":
        return "request"
    if shape == "claim" and tells_derivative(reading.sentences, formula):
        return "function"
    if shape == "claim" and kinds.is_definition_of_derivative(formula):
        return "aside"  # f'(x) = lim ..., the definition
    if shape == "claim":
        given = frame in ("point", "condition") and is_constant(formula.sides[-1]) and formula.weight < 8
        return "condition" if given and len(formula.sides) == 2 else "claim"  # where dV/dx = 0
    if shape in ("applied", "integral", "limit"):
        return "function"
    if shape == "condition":
        return "condition"
    if shape == "signature":
        return "aside"
    if shape == "formula" and before == "at" and (place := kinds.place_in(reading.formulas, formula)):
        formula.shape, formula.sides = "number", [place]  # the tangent line at f(0)
        return "point"
    if (
        frame == "function"
        and re.fullmatch(r"d[a-z]", formula.read)
        and formula.read[1] in kinds.defined_in(reading.formulas)
    ):
        return "request"  # dy of y = sqrt(x)
    by = [name for request in reading.requests for name in request.variables]
    by += [other.name for other in reading.formulas if other.frame == "variable"]
    if shape == "name" and (frame == "function" or before == "of") and kinds.is_product(reading.formulas, formula, by):
        formula.shape, formula.name, formula.sides = "formula", "", [" ".join(formula.read)]
        return "candidate"
    if shape == "name":
        return frame if frame in ("variable", "start") else "aside"
    if shape in ("number", "value") and frame == "start" and _TO.match(reading.text, formula.span[1]):
        return "number"
    if shape == "number":
        if frame == "function" and formula.weight >= 7:
            return "candidate"  # the derivative of pi^2
        asked = sentence.asks or any(other.shape not in ("number", "name") for other in sentence.formulas.values())
        if frame == "point" and (formula.weight < 5.5 or formula.island.measured or not asked):
            return "number"  # with 3 of them, flying at 15 m/s
        return frame if frame in ("claim", "rival", "point", "rate", "start") else "number"
    if shape == "value":
        if frame in ("start", "rate", "direction"):
            return frame
        return "claim" if mine and formula.weight >= 7 else "point"
    if shape == "equation" and reading.asks("potential", "conservative") and is_value_at(formula):
        return "condition"  # f(0, 0) = 3
    if shape == "vector" and not formula.name and reading.asks("work", "integral") and is_corner(formula):
        formula.shape = shape = "point"  # (a, 0), (a, a)
    if shape in ("point", "vector") and formula.name in ("u", "v", "w") and reading.asks("directional"):
        return "direction"
    if shape == "point" and reading.asks("extrema") and KIND_OF_POINT.match(reading.text, formula.span[1]):
        return "claim"  # (0, 0) saddle
    if shape == "point":
        return frame if frame in ("point", "direction", "start") else "claim" if mine else "point"
    if shape == "vector" and frame == "direction":
        return "direction"  # 3i - 4j
    if shape in ("definition", "vector") and is_convention(formula) and reading.asks(*FIELDS):
        return "convention"
    if shape == "vector" and reading.asks(*FIELDS) and kinds.is_first_field(reading.formulas, formula):
        return "candidate"
    if mine and shape in ("formula", "vector"):
        return "claim"
    if sentence.work and shape in ("formula", "equation") and formula.weight < 5 and not holds_signs(formula):
        return "claim"
    if shape in ("function", "definition", "equation", "vector", "components"):
        helps = shape == "definition" and any(kinds.differentiates(f, formula.name) for f in reading.formulas)
        mine = mine and formula.weight >= 8 and not helps and reading.formulas[0] is not formula
        return "claim" if mine and shape != "vector" else "candidate"  # u = 3x, u' = 3: what helps is no answer
    return "candidate"


def _token_before(sentence: ProseSentence, formula: Formula) -> Atom | None:
    place = next(i for i, held in sentence.formulas.items() if held is formula)
    return sentence.tokens[place - 1] if place else None


# Which formula is the function.


_SHAPES = {
    "applied": 9.0,
    "claim": 9.0,
    "integral": 6.0,
    "limit": 6.0,
    "function": 5.0,
    "formula": 2.0,
    **dict.fromkeys(("definition", "equation", "vector", "components"), 4.0),
}


FIELDS = (
    "vector-potential", "work", "conservative", "curl", "divergence", "potential", "exact", "flux", "critical",
    "decompose", "stream", "solenoidal", "irrotational", "div-curl", "curl-curl", "grad-div", "rate-of-strain",
)  # fmt: skip


def _score(reading: RoleReading, formula: Formula) -> float:
    """How likely a formula is the function that is asked about."""
    wanted = {request.function for request in reading.requests if request.function}
    score = _SHAPES.get(formula.shape, 0.0)
    field_asked = formula.shape == "vector" and reading.asks(*FIELDS) and not kinds.is_curve(formula)
    if field_asked:
        score += 12.0
    if formula.frame == "function":
        score += formula.weight
    elif formula.frame in ("claim", "rival") and not field_asked:
        score -= formula.weight
    if formula.name and formula.name in wanted:
        score += 6
    if formula.shape == "equation" and any(
        request.variables and request.function in names_in(formula.read) for request in reading.requests
    ):
        score += 4
    if reading.sentences[formula.sentence].work:
        score -= 4
    if formula.name and formula.shape == "definition":
        used = sum(
            formula.name in names_in(other.body)
            for other in reading.formulas
            if other is not formula and other.role == "candidate"
        )
        score -= 3 * bool(used)
    return score - 0.2 * formula.sentence


def _functions(reading: RoleReading) -> None:
    """Choose the function, and with it its companions: components, coordinates of a curve, what defines its names."""
    parts = named_components(reading.formulas) if reading.asks(*FIELDS) else []
    candidates = [formula for formula in reading.formulas if formula.role in ("candidate", "function")]
    if not candidates:
        shapes = ("function", "definition", "equation", "applied")
        told = [f for f in reading.formulas if f.role == "claim" and f.shape in shapes and f.frame != "rival"]
        candidates = told[:1]
    for formula in candidates:
        if kinds.only_names(formula) and not (formula in parts or _is_component(reading, formula)):
            formula.role = "aside"
    for formula in candidates:
        if (
            formula.shape == "vector"
            and kinds.lists_names(formula)
            and not (reading.asks("flux", "work") and is_place(reading.formulas, formula))
        ):
            formula.role = "aside"  # (u, v) -> (u^2, v)
        elif formula.shape == "vector" and (name := gradient_of(formula.body)):
            formula.role = "request"  # F = (f_x, f_y)
            reading.requests.append(Request("gradient", formula.span, function=name))
    if not reading.asks("derivative", "integral"):
        for formula in candidates:
            if is_measure(formula.body):
                formula.role = "unused"  # a can of 330 ml: a quantity, and no function of m and l
    candidates = [formula for formula in candidates if formula.role not in ("aside", "request", "unused")]
    if not candidates:
        return
    plain = [formula for formula in candidates if not holds_signs(formula)]
    for formula in candidates if plain else []:
        if formula not in plain:
            formula.role = "unused"  # a line of work, d/dx[x^2] + d/dx[xy] = 0
    candidates = plain or candidates
    numbers = [formula for formula in candidates if formula.shape == "number"]
    if len(numbers) < len(candidates):  # a number is what is differentiated only where nothing else is there
        candidates = [formula for formula in candidates if formula not in numbers]
        for formula in numbers:
            formula.role = "point" if re.search(r"\bat\s*\$?\Z", reading.text[: formula.span[0]]) else "number"
    candidates = without_motions(candidates)
    best = max(candidates, key=lambda formula: _score(reading, formula))
    best.role = "function"
    reading.functions = parts or [best, *_companions(reading, best, candidates)]
    for formula in reading.functions:
        formula.role = "function"
    known = {name for formula in reading.functions for name in names_in(formula.body)}
    for formula in candidates:
        if formula.role == "function" and formula not in reading.functions:
            formula.role = "candidate"
    waiting = [f for f in candidates if f.role == "candidate"]
    defining = [f for f in waiting if f.shape in ("definition", "function")]
    known |= _named(reading)
    taken = {formula.name for formula in reading.functions}
    while found := [f for f in defining if f.role == "candidate" and f.name in known - taken]:
        for formula in found:  # of names that the function holds, then of those that the definitions hold
            formula.role = "definition"
            known |= set(names_in(formula.body))
    judged = {name for claim in reading.formulas if claim.role == "claim" for name in names_in(claim.read)}
    for formula in waiting:
        if formula.role == "candidate":
            formula.role = "definition" if formula in defining and formula.name in judged else "unused"


def _is_component(reading: RoleReading, formula: Formula) -> bool:
    """Whether a formula is a component of a field that is asked about, as v = x beside u = -y."""
    return formula.name in ("u", "v", "w") and formula.body in ("x", "y", "z") and reading.asks(*FIELDS)


def _named(reading: RoleReading) -> set[str]:
    """The names that requests speak of."""
    return {request.function for request in reading.requests} | {
        name for request in reading.requests for name in request.variables
    }


# Names that belong together: of coordinates, of components.
_TOGETHER = (
    "x y z", "u v w", "P Q R", "M N", "f g h", "f_1 f_2 f_3", "F_1 F_2 F_3", "u_1 u_2 u_3", "x_1 x_2 x_3",
)  # fmt: skip


def _companions(reading: RoleReading, best: Formula, candidates: Sequence[Formula]) -> list[Formula]:
    """x = ..., y = ... of a curve, u = ..., v = ... of a map or a field: definitions side by side with one."""
    if best.shape not in ("definition", "function"):
        return []
    pairs = [tuple(row.split()) for row in _TOGETHER]
    mine = next((pair for pair in pairs if best.name in pair), None)
    if mine is None:
        return []
    if mine[0] in ("f", "u") and not (reading.asks("jacobian", *FIELDS)):
        return []
    others = [
        formula
        for formula in candidates
        if formula is not best and formula.name in mine and formula.shape in ("definition", "function", "value")
    ]
    others += [
        f
        for f in (reading.formulas if reading.asks("jacobian", *FIELDS) else ())
        if f.shape == "value" and f.name in mine and f.name != best.name and mine[0] in ("u", "P", "M")
    ]
    names = {best.name} | {formula.name for formula in others}
    inner = {name for formula in [best, *others] for name in names_in(formula.body)}
    if mine[0] in ("x", "x_1") and (names & inner or len(names) < 2):
        return []
    if any(r.function in names and r.variables and set(r.variables) <= inner for r in reading.requests):
        return []  # dy/dx of y = x^2 beside z = sin x
    seen: set[str] = {best.name}
    kept = []
    for formula in others:
        if formula.name not in seen and not (names & set(names_in(formula.body))):
            seen.add(formula.name)
            kept.append(formula)
    return kept


# Claims, and whose.


def _claims(reading: RoleReading) -> None:
    """The answers that the text gives, each with whose it is, in its order."""
    for formula in reading.formulas:
        if formula.role == "rival":
            formula.role, formula.whose = "claim", "rival"
        if formula.role == "claim":
            formula.whose = formula.whose or ("rival" if formula.frame == "rival" else "asker")
            reading.claims.append(formula)
    if not reading.functions or reading.programs:
        return
    first = reading.functions[0]
    for formula in reading.formulas:  # d/dx (x sin x) = cos x: what stands behind the sign is an answer
        told = formula.shape == "applied" or (formula.shape == "integral" and formula.prime is None)
        if formula.role == "function" and formula is first and told and len(formula.sides) > 1:
            others = formula.frame == "rival" or is_wondered_at(reading.sentences[formula.sentence], formula)
            formula.whose = "rival" if others else "asker"
            reading.claims.insert(0, formula)
