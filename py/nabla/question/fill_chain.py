"""The inputs of derive for the chain rule with an open function: z = f(x, y), x = s + t, y = s t, and ∂z/∂s."""

from __future__ import annotations

import re

from nabla.question.atoms import FUNCTIONS
from nabla.question.equations import canonical, is_differential, marks_in
from nabla.question.filled import Filled
from nabla.question.formulas import Formula, is_constant, names_in
from nabla.question.request import Request
from nabla.question.roles import RoleReading
from nabla.read.formula.names import GREEK_LETTERS

_OPEN = re.compile(r"\\?([A-Za-z]+)\s?\(\s?(\\?[A-Za-z]+(?:\s?,\s?\\?[A-Za-z]+)*)\s?\)")


def arguments_of(body: str) -> tuple[str, ...]:
    """The arguments of an open function that a formula is, as x and y of f(x, y); none for another formula."""
    called = _OPEN.fullmatch(body.strip())
    if not called or called[1] in FUNCTIONS:
        return ()
    return tuple(part.strip().lstrip("\\") for part in called[2].split(","))


def arguments_defined(formula: Formula, formulas: list[Formula]) -> list[Formula]:
    """What defines the arguments of an open function, in their order; none unless all are defined by formulas."""
    if formula.shape not in ("definition", "function", "formula"):
        return []
    defined = {
        other.name: other
        for other in reversed(formulas)
        if other.shape in ("definition", "function") and other is not formula and not arguments_of(other.body)
    }
    names = arguments_of(formula.body)
    return [defined[name] for name in names] if set(names) <= set(defined) else []


def fill_chain(reading: RoleReading) -> Filled | None:
    """A function left open whose arguments the text defines, by each variable that is asked for."""
    host = next((formula for formula in reading.formulas if arguments_defined(formula, reading.formulas)), None)
    if host is None or reading.programs:
        return None
    inner = arguments_defined(host, reading.formulas)
    arguments = arguments_of(host.body)
    free = [name for f in inner for name in names_in(f.body) if name not in arguments]
    free = [name for name in dict.fromkeys(free) if not is_constant(name)]
    asked = [r for r in reading.requests if set(r.variables) and set(r.variables) <= set(free)]
    ways = list(dict.fromkeys(r.variables for r in asked)) or [(name,) * _order(reading) for name in free[:3]]
    name = host.name if len(host.sides) > 1 and host.name else ""
    inputs = {
        "f": f"{name} = {host.body}" if name else host.body,
        "what": "total",
        "path": ", ".join(f"{argument} = {f.body}" for argument, f in zip(arguments, inner, strict=True)),
    }
    if len(arguments) == 1:  # u = f(p), p = x^2 + y^2: as u = f(x^2 + y^2)
        whole = f"{host.body.partition('(')[0].strip()}({inner[0].body})"
        inputs = {"f": f"{name} = {whole}" if name else whole}
    equations = [f for f in reading.formulas if f.frame not in ("claim", "rival") and _is_equation(f)]
    if equations:
        names = {name, host.body.partition("(")[0].strip()} - {""}
        conditions = [f.read for f in equations]
        for each in sorted(names):
            conditions = [canonical(text, each, (*arguments, *free)) for text in conditions]
        used = (host.span, *(f.span for f in inner), *(f.span for f in equations))
        wrt = {"wrt": ",".join(free)} if len(arguments) == 1 else {}
        return Filled({**inputs, **wrt, "what": "verify", "conditions": "; ".join(conditions)}, used)
    used = (host.span, *(f.span for f in inner), *_signs(reading, arguments))
    all_ = [Filled({**inputs, "wrt": ",".join(way)}, used, asked=f"by {', '.join(way)}") for way in ways]
    return Filled(all_[0].inputs, used, further=tuple(all_[1:])) if all_ else None


_JACOBIAN = re.compile(r"(?:∂|\\partial)\s?\(([^()]+)\)\s?(?:/|\}\s?\{)\s?(?:∂|\\partial)\s?\(([^()]+)\)")


def jacobian_sign(reading: RoleReading) -> Filled | None:
    """∂(u, v)/∂(x, y), the determinant of the Jacobian matrix, where the text defines u and v."""
    for found in _JACOBIAN.finditer(reading.text):
        above, below = ([part.strip().lstrip("\\") for part in found[i].split(",")] for i in (1, 2))
        below = [GREEK_LETTERS.get(name, name) for name in below]
        defined = {f.name: f for f in reading.formulas if f.shape in ("definition", "function", "value")}
        if len(above) == len(below) and set(above) <= set(defined) and not set(above) & set(below):
            f = "; ".join(f"{name} = {defined[name].body}" for name in above)
            inside = [g.span for g in reading.formulas if found.start() <= g.span[0] < found.end()]
            used = (*(defined[name].span for name in above), *inside)
            return Filled({"f": f, "wrt": ",".join(below), "what": "determinant"}, used)
    return None


def _is_equation(formula: Formula) -> bool:
    """Whether it is an equation that holds derivatives, and more than one that is told."""
    return len(formula.sides) == 2 and (is_differential(formula) or len(marks_in(formula.read)) > 1)


def _order(reading: RoleReading) -> int:
    return max((request.order for request in reading.requests if request.what == "derivative"), default=1) or 1


def _signs(reading: RoleReading, arguments: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the text names the derivatives that the answer is to be written with: f_x, ∂f/∂u."""

    def names(request: Request) -> bool:
        return bool(request.variables) and set(request.variables) <= set(arguments)

    told = re.search(r"\bin terms of\b|\busing\b", reading.text)
    return [request.span for request in reading.requests if names(request) and told and request.span[0] > told.end()]
