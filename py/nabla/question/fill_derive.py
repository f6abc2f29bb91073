"""The inputs of the lab derive, made of the parts of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nabla.question.atoms import FUNCTIONS
from nabla.question.coordinate_words import system_of_words, with_theta_polar
from nabla.question.determinants import refuse_plain_bars
from nabla.question.directions import direction_of
from nabla.question.equations import is_velocity
from nabla.question.fill_around import (
    EVERYWHERE,
    asks_for_parameters,
    constraint_of,
    expanded,
    fill_antiderivative,
    further_places,
    integral_in_words,
    limit_in_words,
    taylor,
    with_ends,
)
from nabla.question.fill_chain import fill_chain, jacobian_sign
from nabla.question.fill_changes import changes_of, fill_approximation, is_of_error, place_beside
from nabla.question.fill_complex import fill_complex
from nabla.question.fill_conditions import fill_conditions
from nabla.question.fill_lagrange import fill_lagrange
from nabla.question.fill_lists import listed, of_list
from nabla.question.fill_matrices import fill_matrices
from nabla.question.fill_places import fill_places
from nabla.question.fill_rates import fill_rates
from nabla.question.fill_told import value_told
from nabla.question.fill_variables import by, by_claim, in_its_case, known_in, order_of, path_of, point_of
from nabla.question.filled import Filled, Span, doubts_of, is_exclusion, substituted
from nabla.question.formulas import Formula, entries_of, is_constant, is_name, names_in
from nabla.question.measures import is_measure
from nabla.question.named_functions import named_function
from nabla.question.norms import with_norms
from nabla.question.open_letters import with_open_functions
from nabla.question.optima import goal_of, optimum_of
from nabla.question.percentages import percentages
from nabla.question.request import Request, speaks_of_average_cost
from nabla.question.roles import RoleReading
from nabla.question.stories import story_of
from nabla.question.sympy_program import sympy_derivative
from nabla.read.fields.integrals import is_integral
from nabla.read.fields.vectors import components_in_order, is_one_bracket

_BETWEEN = re.compile(
    r"\b(?:from|between)\s+(?:\w\s?=\s?)?([^\s,=]+)\s+(?:to|and)\s+(?:\w\s?=\s?)?([^\s,?=]+?)[.?]?(?:\s|\Z)"
)  # from 0 to pi


def fill_derive(reading: RoleReading, lab: str) -> Filled | None:
    """The function, its variables, the point, what is asked for and the answers to judge."""
    if reading.programs and (filled := sympy_derivative(reading)):
        return filled
    if any(re.search(r"\.diff\(|\bdiff\(", program.code) for program in reading.programs):
        return None  # of the program's formulas none is the function
    if not reading.programs and (story := story_of(reading.text)):
        return Filled(story, tuple(formula.span for formula in reading.formulas))
    if not reading.programs and (story := optimum_of(reading)):
        return Filled(story, tuple(formula.span for formula in reading.formulas))
    fillers = (
        fill_lagrange, jacobian_sign, fill_rates, fill_chain, fill_conditions, fill_places, fill_approximation,
        fill_antiderivative,
    )  # fmt: skip
    if told := next((filled for fill in fillers if (filled := fill(reading))), None):
        return told
    refuse_plain_bars(reading.text)
    if complex_variable := fill_complex(reading):
        return complex_variable
    named = named_function(reading)
    behind = reading.text[named.used[0][1] :][:12] if named else ""
    if named and (
        re.match(r"\s(?:is|equals|=)\s", behind) or not (reading.functions and reading.functions[0].frame == "function")
    ):
        return named
    if around := limit_in_words(reading) or integral_in_words(reading):
        return around
    if not reading.functions:
        return None
    if matrices := fill_matrices(reading):
        return matrices
    if is_measure(reading.functions[0].body) and goal_of(reading.text.lower()):
        return None  # what is the largest volume with a surface of 100 m^2
    used: list[Span] = [formula.span for formula in reading.functions]
    first = reading.functions[0]
    requests = [request for request in reading.requests if request.what in DERIVED]
    if is_velocity(first, reading.text):  # whose slope is the acceleration
        requests = [replace(request, order=1) if request.order == 2 else request for request in requests]
    main = requests[0] if requests else Request("derivative", (0, 0))
    if main.what == "implicit" and not main.variables:  # z implicitly, find ∂z/∂x
        main = next((request for request in requests if request.variables), main)
    main = in_its_case(by_claim(reading, first, main), first)
    written = _function_text(reading, used, main)
    inputs: dict[str, str] = {"f": with_open_functions(written, reading, used)}
    if inputs["f"] != written:
        inputs["what"] = "derivative"  # and no rate: none is told
    inputs["f"], coordinates = with_norms(inputs["f"], reading, used)
    told_at = value_told(reading, inputs, used)
    path_of(reading, inputs, used, main)
    known = known_in(reading, inputs)
    inputs |= order_of(reading, main, first, known, used)
    at = point_of(reading, known, main, used) or told_at
    if at:
        inputs["at"] = at
    interval = reading.asks("extrema", "integral", "series", "monotony", "concavity")
    if interval and at.count(",") == 1 and at[:1] == "(" and len(known) == 1:
        low, high = inputs.pop("at")[1:-1].split(",")  # of one variable a pair is a closed interval
        inputs["domain"] = f"{low.strip()} <= {known[0]} <= {high.strip()}"
    ends, behind = _BETWEEN.search(reading.text), reading.text[first.span[1] :]
    if reading.asks("integral") and EVERYWHERE.match(behind) and len(known) == 1 and not is_integral(inputs["f"]):
        inputs["f"] = with_ends(rf"\int {inputs['f']} d{known[0]}", behind)
    if reading.asks("integral", "extrema") and ends and len(known) == 1 and "domain" not in inputs:
        inputs["domain"] = f"{ends[1].strip('$')} <= {known[0]} <= {ends[2].strip('$')}"
    what = _what(reading, main, requests, known, inputs)
    if what:
        inputs["what"] = what
    if len(known) == 2 and at and _DIFFERENTIABLE.search(reading.text) and ";" not in inputs["f"]:
        what = inputs["what"] = "differentiable"
        inputs.pop("wrt", None)
    elif len(known) > 1 and (joined := asks_for_parameters(reading, inputs["f"])):
        what = inputs["what"] = joined
    if what == "differential" or (what == "" and is_of_error(reading)):
        moved, spans = changes_of(reading, known)
        if moved:
            what = inputs["what"] = "differential"
        inputs |= moved
        used += spans
    if what in ("differential", "") and (parts := percentages(reading, known))[0] and "changes" not in inputs:
        what = inputs["what"] = "differential"
        inputs["changes"] = ", ".join(f"{name} = {part}" for name, part in parts[0].items())
        used += parts[1]
    if figure := next((what for what in ("elasticity", "curvature") if reading.asks(what)), ""):
        what = inputs["what"] = figure if len(known) == 1 else what
    if what == "jacobian" and _TRANSFORMATION.search(reading.text):
        what = inputs["what"] = "determinant"
    if (
        what == ""
        and not main.variables
        and "wrt" not in inputs
        and len(first.args) > 1
        and set(first.args) <= set(known)
    ):
        what = inputs["what"] = "gradient"  # of f(x, y), by no letter
    if shape := _shape_of(reading, known):
        what = inputs["what"] = shape
    if reading.asks("coordinates") and (system := system_of_words(reading, {})):
        what = inputs["what"] = "gradient"
        inputs["coordinates"] = with_theta_polar(system)
    if what == "series":
        used += taylor(reading, inputs, known)
        if "changes" not in inputs:
            inputs["changes"], spans = place_beside(reading, first, expanded(first, known), inputs.get("at", ""))
            used += spans
    if reading.asks("extrema", "minimise") and (constraint := constraint_of(reading)):
        inputs |= {"what": "extrema", "constraint": constraint.read}
        used.append(constraint.span)
    beside: tuple[Filled, ...] = ()
    signs = [v for request in requests if len(request.variables) == 1 for v in request.variables]
    if what in ("gradient", "hessian", "jacobian") and "wrt" not in inputs:
        inputs["wrt"] = _open_letters(first, coordinates, known)
    if what == "gradient" and _STEEPEST.search(reading.text):
        inputs["what"] = "steepest"
    if what == "gradient" and signs:
        inputs["wrt"] = ",".join(dict.fromkeys(signs)) if set(signs) < set(known) else ""
    if what in ("gradient", "") and any(formula.role == "direction" for formula in reading.formulas) and len(known) > 1:
        what = inputs["what"] = "directional"
    if what == "directional" and _STEEPEST.search(reading.text):  # and in which direction it rises fastest
        steepest = {"f": inputs["f"], "at": inputs.get("at", ""), "what": "steepest"}
        beside = (Filled({k: v for k, v in steepest.items() if v}, (), asked="the direction of the steepest rise"),)
    elif what == "directional" and any(request.what == "gradient" for request in reading.requests):
        beside = (Filled({**inputs, "what": "gradient"}, (), asked="the gradient"),)
    if what == "directional":
        direction = direction_of(reading, at)
        used += direction.used
        inputs |= {"direction": direction.components, "at": at or direction.start}
    _domain(reading, inputs, known, used)
    if what in _OF_POINT and first.shape in ("function", "definition", "formula") and len(known) > 1:
        more = [request for request in reading.requests if request.what in _OF_POINT and request.what != what]
        beside += tuple(Filled({**inputs, "what": r.what}, (r.span,), asked=f"the {r.what}") for r in more)
    further = beside + tuple(
        _further(reading, inputs, request, known)
        for request in (requests if what in _OF_SIGNS else [r for r in requests if r is not main])
        if (request.what == "derivative" if what in _OF_SIGNS else _another(request, main, what))
        and not _by_x(first, request, main)
    )
    places, spans = further_places(reading, inputs)
    further, used = (*further, *places), [*used, *spans]
    words = {word for sentence in reading.sentences for word in sentence.words}
    if what == "hessian" and {"first", "partial"} <= words:
        further = (*further, Filled({**inputs, "what": "gradient"}, (), asked="the first partial derivatives"))
    others = listed(reading, first)
    further = (*further, *(of_list(inputs, formula) for formula in others))
    used += [formula.span for formula in others]
    called = first.name if len(first.sides) > 1 and first.name.isidentifier() else ""
    unnamed = not set("=;") & set(inputs["f"]) and not is_integral(inputs["f"])
    if called not in {"", "f", "pi", "e", *FUNCTIONS} and unnamed and called not in names_in(inputs["f"]):
        inputs["f"] = f"{called} = {inputs['f']}"  # the answer calls it as the asker does
    doubts = _doubts(reading, inputs, main, known)
    return Filled({name: text for name, text in inputs.items() if text}, tuple(used), doubts, further)


def _open_letters(first: Formula, coordinates: Sequence[str], known: Sequence[str]) -> str:
    """The variables of a gradient where the function holds other letters too: those of f(x, y), or the coordinates."""
    mine = first.args if first.args and set(first.args) <= set(known) else coordinates
    return ",".join(mine) if set(known) - set(mine) else ""


def _domain(reading: RoleReading, inputs: dict[str, str], known: Sequence[str], used: list[Span]) -> None:
    """The conditions on the variables, into the inputs: x > 0, x in [0, 1], |x| < 1."""
    conditions = [
        f
        for f in reading.formulas
        if f.role == "condition"
        and f.island.relations[0] in _ORDERED
        and set(names_in(f.sides[0])) <= set(known)
        and all(is_name(side) or is_constant(side) or entries_of(side) for side in f.sides)
    ]
    if conditions:
        inputs["domain"] = ", ".join(formula.read for formula in conditions)
        used += [formula.span for formula in conditions]
    if "domain" not in inputs and len(known) == 1 and speaks_of_average_cost(reading.text):
        inputs["domain"] = f"{known[0]} > 0"
    for formula in reading.formulas:
        sized = _SIZED.fullmatch(formula.read)
        if sized and sized[1] in known and is_constant(sized[3]) and "domain" not in inputs:
            sign = "<" if sized[2] in ("<", r"\lt") else "<="
            inputs["domain"] = f"-({sized[3]}) {sign} {sized[1]} {sign} {sized[3]}"
            used.append(formula.span)
    used += [f.span for f in reading.formulas if f.role == "condition" and is_exclusion(f)]


def _doubts(reading: RoleReading, inputs: Mapping[str, str], main: Request, known: Sequence[str]) -> tuple[str, ...]:
    """What is left open: a variable that the function does not hold, an angle in degrees."""
    first = reading.functions[0]
    doubts, beside = doubts_of([*reading.functions, *reading.claims]), [f for f in reading.formulas if f is not first]
    if main.variables and "wrt" not in inputs and not set(main.variables) & set(known) and first.shape != "equation":
        doubts = (*doubts, f"variable {main.variables[-1]}")
    elif main.variables and not {*main.variables} & {*known} and any(f.shape == "definition" for f in beside):
        doubts = (*doubts, f"absent {main.variables[-1]}")
    chosen = not main.variables and not first.args and first.shape in ("definition", "formula") and len(known) > 1
    if chosen and not inputs.keys() & {"wrt", "what", "path"} and not {"x", "t"} & set(known):
        doubts = (*doubts, f"chosen {known[0]}")
    if re.match(r"\s?(?:degrees|deg\b|°)", reading.text[first.span[1] :]):
        doubts = (*doubts, "degrees")
    return doubts


DERIVED = frozenset(
    "derivative partial partials gradient jacobian hessian directional implicit parametric total nth slope".split()
)
# What is asked for around a derivative, each an answer of its own.
AROUND = frozenset(
    "tangent normal extrema laplacian divergence curl nth integral series limit-definition differential".split()
)
# Questions about signs, to which a derivative is no answer.
_OF_SIGNS = ("monotony", "concavity", "shape")
_ORDERED = frozenset(r"< > <= >= ≤ ≥ \le \leq \leqslant \geqslant \ge \geq \lt \gt ∈ \in".split())


_DIFFERENTIABLE = re.compile(r"(?<!where )\bdifferentiable\b", re.IGNORECASE)  # yes or no, at a point
_STEEPEST = re.compile(
    r"\b(?:max\w*|greatest|largest)\s+(?:rate|value of the directional|directional|slope)|\bfastest\b|\bsteepest\b|"
    r"\bmost\s+(?:rapidly|quickly|steeply)\b|\bmagnitude\s+of\s+(?:the\s+)?(?:its\s+)?gradient|\bunit\s+normal\b",
    re.IGNORECASE,
)
_OF_POINT = ("gradient", "hessian", "laplacian")  # what may be asked of one function beside each other
_TRANSFORMATION = re.compile(r"\btransformation\b|\bchange\s+of\s+variables?\b|\b(?:area|volume)\s+element\b", re.I)
_SIZED = re.compile(r"\|\s?([a-z])\s?\|\s?(<=?|≤|\\leq?|\\lt)\s?(.+)")


def _function_text(reading: RoleReading, used: list[Span], main: Request) -> str:
    """The text of the function; several with semicolons; names that the text defines substituted."""
    functions = reading.functions
    first = functions[0]
    if (
        len(functions) > 1
        and {f.name for f in functions} <= {"x", "y", "z", "x_1", "x_2"}
        and not reading.asks("jacobian")
    ):
        return "; ".join(f"{formula.name} = {formula.sides[1]}" for formula in sorted(functions, key=lambda f: f.name))
    if len(functions) > 1:
        return "; ".join(formula.body for formula in functions)
    if first.shape in ("vector", "components") and (parts := entries_of(first.body) or components_in_order(first.body)):
        plane = len(parts) == 2 and reading.asks("tangent", "normal") and len(names_in("+".join(parts))) == 1
        named = [f"{name} = {part}" for name, part in zip("xy", parts, strict=False)]
        return "; ".join(named if plane else parts)
    if first.shape == "limit":
        return first.sides[0]
    if first.shape == "integral":
        asked = first.sides[0] if reading.claims and is_integral(first.sides[0]) else first.read  # without the answer
        return with_ends(asked, reading.text[first.span[1] :])
    if first.shape == "equation":
        return first.read
    if first.shape == "applied":
        inner = first.sides[0].strip()
        kind = first.prime.kind if first.prime else ""
        if kind in ("divergence", "curl") and (parts := entries_of(inner) or entries_of(f"({inner})")):
            return "; ".join(parts)
        if is_one_bracket(inner) and is_integral(inner[1:-1]):
            return inner[1:-1]  # d/dx [∫ ... dt]
        return substituted(inner, reading, first, used)
    text = first.sides[1] if len(first.sides) > 1 else first.sides[0]
    bare = [f for f in reading.formulas if f.role == "unused" and f.shape == "formula" and f is not first]
    if first.shape == "formula" and bare and re.fullmatch(r"\s*;\s*", reading.text[first.span[1] : bare[0].span[0]]):
        used += [formula.span for formula in bare]
        return "; ".join([text, *(formula.body for formula in bare)])
    line = (
        reading.asks("tangent", "normal", "slope")
        or re.search(r"\bslopes?\b", reading.text)
        or (main.function, main.variables[:1]) == ("y", ("x",))
    )
    if first.name == "r" and line and names_in(text) == ("theta",):
        return f"x = ({text}) cos(theta); y = ({text}) sin(theta)"  # a curve in polar coordinates
    keep = {main.variables[-1]} if main.variables else set(first.args)
    return substituted(text, reading, first, used, keep=keep)


def _what(
    reading: RoleReading, main: Request, requests: Sequence[Request], known: Sequence[str], inputs: Mapping[str, str]
) -> str:
    """The kind of derivative; "" for the plain one."""
    around = next((request.what for request in reading.requests if request.what in AROUND), "")
    by_letter = main.variables or any(formula.role == "variable" for formula in reading.formulas)
    if around == "integral" and main.what == "derivative" and by_letter:
        return ""  # d/dx of an integral
    if around:
        return {"limit-definition": "definition"}.get(around, around)
    kinds = [request.what for request in requests]
    for kind in ("directional", "jacobian", "hessian", "gradient"):
        if kind in kinds and not (kind == "gradient" and "slope" in kinds):
            if kind == "gradient" and len(known) == 1 and inputs.get("wrt"):
                return ""
            return kind
    if "partials" in kinds:
        return "gradient"
    signs = [request for request in requests if len(set(request.variables)) == 1 and len(request.variables) == 1]
    if len({request.variables for request in signs}) > 1 and "=" not in inputs["f"]:
        return "gradient" if {v for request in signs for v in request.variables} >= set(known) & {"x", "y", "z"} else ""
    return ""


def _shape_of(reading: RoleReading, known: Sequence[str]) -> str:
    """What is asked about the signs of derivatives: where it rises, how it is bent, whether a matrix is definite."""
    if reading.asks("determinant"):
        return "determinant"
    bent = reading.asks("concavity")
    if reading.asks("definite") or (bent and len(known) > 1 and len(reading.functions[0].args) != 1):
        return "definite"
    if reading.asks("monotony"):
        return "shape" if bent else "monotony" if len(known) == 1 else ""
    return "concavity" if bent and len(known) == 1 else ""


def _another(request: Request, main: Request, what: str) -> bool:
    """Whether a further request asks for something that the main answer does not hold."""
    if request.what not in ("derivative",) or (request.variables, request.order) == (main.variables, main.order):
        return False
    if not request.variables and request.order <= max(1, main.order):
        return False
    return not (what == "gradient" and len(request.variables) == 1)


def _by_x(first: Formula, request: Request, main: Request) -> bool:
    """Whether a request by x is the one that an equation is answered with where no variable is named."""
    return first.shape == "equation" and request.variables == ("x",) and not main.variables


def _further(reading: RoleReading, inputs: Mapping[str, str], request: Request, known: Sequence[str]) -> Filled:
    own = {name: text for name, text in inputs.items() if name not in ("claim", "what", "wrt", "direction")}
    own |= (
        {"wrt": by(reading.functions[0], request.function, request.variables)}
        if request.variables
        else {"wrt": str(request.order)}
        if request.order > 1
        else {}
    )
    return Filled(own, (request.span,), asked=reading.text[request.span[0] : request.span[1]])
