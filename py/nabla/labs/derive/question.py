"""derive: what was asked. The inputs are read, and what they leave open is chosen and said."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Detail, Document, Note, quoted
from nabla.calculus.domain import EVERYWHERE, Domain
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.read.fields.asked import Asked, read_asked
from nabla.read.fields.assignments import function_of_sign, read_assignments, read_variables
from nabla.read.fields.conditions import read_domain
from nabla.read.formula import Reading, Text
from nabla.read.formula.leading import leading
from nabla.write.notation import tex

WHAT = (
    "derivative", "gradient", "jacobian", "hessian", "directional", "implicit", "parametric", "total",
    "tangent", "normal", "extrema", "laplacian", "divergence", "curl", "nth", "integral", "rate",
    "limit", "series", "definition", "parameters", "continuous",
    "greatest", "least", "both", "differential",
    "monotony", "concavity", "shape", "determinant", "definite", "places", "unknown", "verify", "given",
    "inverse", "elasticity", "curvature", "horizontal", "vertical", "steepest",
    "euler-lagrange", "analytic", "differentiable",
)  # fmt: skip
LINES = ("tangent", "normal", "horizontal", "vertical")  # what is asked of a curve however it is given
HIGHEST_ORDER = 6
MOST_VARIABLES = 8
MOST_FUNCTIONS = 8
_ORDER = re.compile(r"\s*([1-9])\s*\Z")  # "2" is the second derivative by the only variable
PARAMETERS = ("t", "s", "u", "theta", "phi", "tau")


@dataclass(frozen=True)
class DeriveQuestion:
    """What was asked.

    `functions` are as read, `names` what they were called, if anything. `wrt` are the variables in the order of
    differentiation, or those of the gradient. For an equation the function is left minus right, and `unknown` is what
    it defines; for a curve the functions are x(t) and y(t), and `wrt` holds t. `order` is 2 where a second derivative
    of these is asked for. `direction` has one component for each of `wrt`, `path` a formula for each variable.
    """

    what: str
    functions: tuple[Reading, ...]
    names: tuple[str, ...]
    wrt: tuple[sp.Symbol, ...]
    at: Mapping[sp.Symbol, sp.Expr]
    detail: Detail
    domain: Domain = EVERYWHERE
    unknown: sp.Symbol | None = None
    order: int = 1
    direction: tuple[sp.Expr, ...] = ()
    path: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        """The first function as read."""
        return self.functions[0]

    @property
    def f(self) -> sp.Expr:
        """The first function."""
        return self.functions[0].expr

    @property
    def symbols(self) -> list[sp.Symbol]:
        """The symbols of the functions and of the derivative, by name."""
        free = {symbol for reading in self.functions for symbol in reading.expr.free_symbols}
        return in_order(free | set(self.wrt))

    @property
    def partial(self) -> bool:
        """Whether the derivative is a partial one."""
        return len(self.symbols) > 1

    @property
    def name(self) -> str:
        """What the function is called, in LaTeX: as its author did, else a letter that is not one of its variables."""
        if len(self.functions) == 1 and self.names[0]:
            return tex(sp.Symbol(self.names[0]))
        taken = {symbol.name for symbol in self.symbols}
        taken |= {call.func.__name__ for reading in self.functions for call in reading.expr.atoms(AppliedUndef)}
        return next(name for name in ("f", "g", "h", "F", "G", r"\varphi") if name not in taken)

    def name_of(self, place: int) -> str:
        """What the function at that place is called in LaTeX."""
        if self.names[place]:
            return tex(sp.Symbol(self.names[place]))
        return self.name if len(self.functions) == 1 else f"{self.name}_{{{place + 1}}}"


def in_order(symbols: Collection[sp.Symbol]) -> list[sp.Symbol]:
    """Symbols by name, x_2 before x_10."""

    def key(symbol: sp.Symbol) -> list[tuple[int, str]]:
        return [(int(part or 0), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", symbol.name)]

    return sorted(symbols, key=key)


def understand(inputs: Inputs, document: Document) -> DeriveQuestion:
    """Read the inputs. What other fields mention settles how the formula's letters are read."""
    ordered = _ORDER.match(inputs["wrt"])
    wrt = () if ordered else _sign_in_front(inputs, tuple(inputs.read("wrt", read_variables)), document)
    at = inputs.read("at", read_assignments) if "=" in inputs["at"] else {}
    known = [symbol.name for symbol in (*wrt, *at)]
    asked = inputs.read("f", read_asked, known=known)
    if ordered:
        functions = [part.function if part.name else part.difference for part in asked]
        wrt = (chosen_variable(functions),) * int(ordered[1])
    if inputs["at"].strip() and not at:
        at = _unnamed(inputs, asked, wrt, document)
    if len(wrt) > max(HIGHEST_ORDER, MOST_VARIABLES):
        message = f"Derivatives up to order {HIGHEST_ORDER} are shown."
        raise UserError("too-big", message, span=Span(0, len(inputs["wrt"])), field="wrt")
    if len(asked) > MOST_FUNCTIONS:
        message = f"At most {MOST_FUNCTIONS} functions are taken together."
        raise UserError("too-big", message, span=Span(0, len(inputs["f"])), field="f")
    names = [symbol.name for part in asked for symbol in part.difference.expr.free_symbols] + known
    conditions = inputs.read("domain", read_domain, known=names)
    direction = inputs.read("direction", _read_list, known=names) if inputs["direction"].strip() else ()
    path = inputs.read("path", _read_path, known=names) if inputs["path"].strip() else {}
    what = _kind(inputs, asked, direction, path, document)
    question = _of_kind(inputs, what, asked, wrt, (at, Domain(conditions)), (direction, path))
    _show_remarks(asked, what, document)
    _check_domain(inputs, question)
    return question


def _sign_in_front(inputs: Inputs, wrt: tuple[sp.Symbol, ...], document: Document) -> tuple[sp.Symbol, ...]:
    """The variables, where the formula begins with a derivative sign those of the sign."""
    sign = inputs.read("f", leading)
    if sign is None:
        return wrt
    signed = tuple(read_variables(sign.variables, known=[symbol.name for symbol in wrt]))
    if wrt and wrt != signed:
        raise _refused(inputs, "wrt", f"The formula begins with {sign.sign}, which names other variables.", "value")
    document.add(Note(f"All that stands behind {quoted(sign.sign)} is differentiated."))
    return signed


def _unnamed(
    inputs: Inputs, asked: Sequence[Asked], wrt: Sequence[sp.Symbol], document: Document
) -> dict[sp.Symbol, sp.Expr]:
    """A point without names, 3 or (1, 2): one value is that of the variable, several are those of all, by name."""
    readings = [part.function if part.name else part.difference for part in asked]
    symbols = in_order({symbol for reading in readings for symbol in reading.expr.free_symbols})
    one = wrt[0] if wrt else chosen_variable(readings)
    several = "," in inputs["at"] or ";" in inputs["at"]
    taken = symbols if several else [one]
    if several and len(taken) == 1 and re.fullmatch(r"[^,;]+[,;][^,;]+", inputs["at"].strip()):
        taken = [*taken, sp.Symbol("x" if one.name == "y" else "y", real=True)]  # a point (x, y) of the curve
    if several and len(taken) == 2 and inputs["at"].count(",") == 2 and inputs["what"] in ("tangent", "normal"):
        taken = [*taken, sp.Symbol(asked[0].name or "z", real=True)]  # a point (x, y, z) of the surface
    at = inputs.read("at", read_assignments, known=[symbol.name for symbol in taken])
    if several:
        document.add(Note(f"The point is read as ${', '.join(f'{tex(s)} = {tex(v)}' for s, v in at.items())}$."))
    return at


def _kind(
    inputs: Inputs,
    asked: Sequence[Asked],
    direction: Sequence[sp.Expr],
    path: Mapping[sp.Symbol, sp.Expr],
    document: Document,
) -> str:
    """What is asked: as chosen, or where nothing was chosen as the other inputs suggest, which is said."""
    what = "gradient" if inputs.choice("what") == "steepest" else inputs.choice("what")
    if what in ("determinant", "definite"):
        return "jacobian" if len(asked) > 1 else "hessian"
    if what == "gradient" and len(asked) > 1:
        document.add(Note("Several functions have a gradient each: together they are the rows of the Jacobian."))
        return "jacobian"
    if what != "derivative":
        return what
    if len(asked) == 1 and asked[0].is_equation and not asked[0].name:
        document.add(Note("This is an equation, so it is differentiated implicitly."))
        return "implicit"
    if _is_curve(asked):
        document.add(Note("Two coordinates of one parameter: this is read as a parametric curve."))
        return "parametric"
    return "directional" if direction else "total" if path else what


def _is_curve(asked: Sequence[Asked]) -> bool:
    """Whether this looks like x = t^2; y = t^3."""
    if len(asked) != 2 or not all(part.name and part.left and part.left.expr.is_Symbol for part in asked):
        return False
    names = {part.name for part in asked}
    free = {symbol.name for part in asked for symbol in part.function.expr.free_symbols}
    shared = free & set(PARAMETERS)
    return not names & free and (names == {"x", "y"} or len(shared) == 1)


def _of_kind(
    inputs: Inputs,
    what: str,
    asked: Sequence[Asked],
    wrt: tuple[sp.Symbol, ...],
    where: tuple[Mapping[sp.Symbol, sp.Expr], Domain],
    along: tuple[tuple[sp.Expr, ...], Mapping[sp.Symbol, sp.Expr]],
) -> DeriveQuestion:
    (at, domain), (direction, path) = where, along
    detail = cast(Detail, inputs.choice("detail"))
    lines = what in LINES
    equation = what in ("implicit", "rate") or (
        lines and len(asked) == 1 and asked[0].is_equation and not asked[0].name
    )
    functions = tuple(part.difference if equation else part.function for part in asked)
    names = ("",) * len(asked) if equation else tuple(part.name for part in asked)
    question = DeriveQuestion(what, functions, names, wrt, at, detail, domain, direction=direction, path=path)
    chooser = "implicit" if equation and what != "rate" else "parametric" if lines and _is_curve(asked) else what
    return CHOOSERS.get(chooser, _variables)(inputs, question)


def _variables(inputs: Inputs, question: DeriveQuestion) -> DeriveQuestion:
    """The variables of a derivative, a gradient, a matrix or a direction."""
    many = question.what in ("gradient", "jacobian", "hessian", "directional", "differentiable")
    if not many:
        if len(question.wrt) > HIGHEST_ORDER:
            raise _refused(inputs, "wrt", f"Derivatives up to order {HIGHEST_ORDER} are shown.", "too-big")
        return replace(question, wrt=question.wrt or (chosen_variable(question.functions),))
    if question.what in ("hessian", "directional") and len(question.functions) > 1:
        thing = "The Hessian" if question.what == "hessian" else "A directional derivative"
        message = f"{thing} is that of one function; here are {len(question.functions)}."
        raise _refused(inputs, "f", message, "value")
    free = {symbol for reading in question.functions for symbol in reading.expr.free_symbols}
    wrt = tuple(dict.fromkeys(question.wrt)) or tuple(in_order(free)) or (sp.Symbol("x", real=True),)
    if len(wrt) > MOST_VARIABLES:
        raise _refused(inputs, "f", f"At most {MOST_VARIABLES} variables are shown; name some of them.", "too-big")
    if question.what == "directional":
        _check_direction(inputs, question, wrt)
    return replace(question, wrt=wrt)


def _check_direction(inputs: Inputs, question: DeriveQuestion, wrt: Sequence[sp.Symbol]) -> None:
    names = ", ".join(symbol.name for symbol in wrt)
    hint = f"One number for each of {names}, as in {', '.join('12345678'[: len(wrt)])}."
    if not question.direction:
        raise UserError("empty", "A direction is needed.", hint=hint, span=Span(0, 0), field="direction")
    if len(question.direction) != len(wrt):
        message = f"The direction has {len(question.direction)} components; there are {len(wrt)} variables: {names}."
        raise _refused(inputs, "direction", message, "value", hint)
    if all(component == 0 for component in question.direction):
        raise _refused(inputs, "direction", "The direction has the length 0.", "value", hint)


def _equation(inputs: Inputs, question: DeriveQuestion) -> DeriveQuestion:
    """x and y of an equation: y is a function of x, or the one that a sign as dz/dx names."""
    if len(question.functions) > 1:
        raise _refused(inputs, "f", "One equation is differentiated at a time.", "value")
    symbols = {symbol.name: symbol for symbol in question.f.free_symbols}
    if question.wrt:
        below = question.wrt[0]
        if len(question.wrt) > 2 or len(set(question.wrt)) > 1:
            raise _refused(inputs, "wrt", "Of an equation, the first and the second derivative are shown.", "value")
    else:
        below = next((symbols[name] for name in ("x", "t", *question.reading.names) if name in symbols), None)
    rest = [
        name
        for name in (function_of_sign(inputs["wrt"]), "y", "x", *reversed(question.reading.names))
        if name in symbols
    ]
    unknown = next((symbols[name] for name in rest if symbols[name] != below), None)
    if below is None or unknown is None:
        hint = "As in x^2 + y^2 = 25."
        raise _refused(inputs, "f", "An equation in two variables is needed here.", "value", hint)
    return replace(question, wrt=(below,), unknown=unknown, order=max(1, len(question.wrt)))


def _curve(inputs: Inputs, question: DeriveQuestion) -> DeriveQuestion:
    """The parameter of a curve, and which coordinate stands below: dy/dx, or dx/dy where y is named."""
    hint = "As in x = t^2; y = t^3."
    if len(question.functions) != 2:
        raise _refused(inputs, "f", "A curve needs two coordinates, separated by a semicolon.", "value", hint)
    names = [name or default for name, default in zip(question.names, ("x", "y"), strict=True)]
    free = {symbol.name: symbol for reading in question.functions for symbol in reading.expr.free_symbols}
    chosen = {symbol.name for symbol in question.wrt}
    parameter = next((free[name] for name in (*chosen, *PARAMETERS, *sorted(free)) if name in free), None)
    if parameter is None or parameter.name in names:
        raise _refused(inputs, "f", "Both coordinates must depend on one parameter.", "value", hint)
    functions = question.functions
    if question.wrt and question.wrt[0].name == names[1]:
        functions, names = functions[::-1], names[::-1]
    order = 2 if len(question.wrt) == 2 else 1
    return replace(question, functions=functions, names=tuple(names), wrt=(parameter,), order=order)


def _total(inputs: Inputs, question: DeriveQuestion) -> DeriveQuestion:
    """A function along a path."""
    if len(question.functions) > 1:
        raise _refused(inputs, "f", "A total derivative is that of one function.", "value")
    if not question.path:
        hint = "As in x = cos t, y = sin t."
        raise UserError("empty", "A path is needed.", hint=hint, span=Span(0, 0), field="path")
    used = {symbol: place for symbol, place in question.path.items() if symbol in question.f.free_symbols}
    free = {symbol for place in question.path.values() for symbol in place.free_symbols}
    names = {symbol.name: symbol for symbol in free}
    wanted = [symbol.name for symbol in question.wrt] + list(PARAMETERS) + sorted(names)
    parameter = next((names[name] for name in wanted if name in names), sp.Symbol("t", real=True))
    if parameter in question.path:
        message = f"{parameter.name} cannot be both a coordinate and the parameter of the path."
        raise _refused(inputs, "path", message, "value")
    several = question.wrt if len(question.wrt) > 1 and set(question.wrt) <= free else (parameter,)
    return replace(question, wrt=several if isinstance(question.f, AppliedUndef) else (parameter,), path=used)


CHOOSERS = {"implicit": _equation, "parametric": _curve, "total": _total}


def _refused(inputs: Inputs, name: str, message: str, code: str, hint: str = "") -> UserError:
    return UserError(code, message, hint=hint, span=Span(0, len(inputs[name])), field=name)


def chosen_variable(readings: Sequence[Reading]) -> sp.Symbol:
    """The variable when none is named: the only one, else x, t or the first that is written."""
    symbols = {symbol.name: symbol for reading in readings for symbol in reading.expr.free_symbols}
    for name in ("x", "t", *(name for reading in readings for name in reading.names)):
        if name in symbols:
            return symbols[name]
    return sp.Symbol("x", real=True)


def _show_remarks(asked: Sequence[Asked], what: str, document: Document) -> None:
    for part in asked:
        for remark in part.difference.remarks:
            change = {"f": remark.alternative} if remark.alternative else {}
            document.add(Note(remark.message, inputs=change, action="Read it the other way" if change else ""))
        if part.left and part.name and what not in ("implicit", "parametric", *LINES, "rate"):
            document.add(Note(f"Only what stands behind {quoted(part.left.text)} = is differentiated."))
        if part.left and not part.name and what not in ("implicit", *LINES, "rate"):
            message = "This is an equation; a formula is needed here."
            hint = "Ask for the implicit derivative, or type one side only."
            raise UserError("syntax", message, hint=hint, field="f")


def _check_domain(inputs: Inputs, question: DeriveQuestion) -> None:
    symbols = sorted(set(question.symbols) | question.domain.symbols, key=str)
    if question.domain and not any(question.domain.points(symbols)):
        hint = (
            "If one of them is enough, put or between them: x < 0 or x > 1."
            if len(question.domain.conditions) > 1
            else ""
        )
        raise _refused(inputs, "domain", "No point was found that fulfils these conditions.", "value", hint)


def _read_list(text: str, *, known: Collection[str] = ()) -> tuple[sp.Expr, ...]:
    """Read `1, 2` or `(1, 2)`: constant components."""
    bare = re.sub(r"^\s*[(\[](.*)[)\]]\s*$", r" \1 ", text, flags=re.DOTALL)
    bare = bare if len(bare) == len(text) and bare.count("(") == bare.count(")") else text
    whole = Text(bare, known)
    found = []
    for tokens, start, end in whole.split(",", ";"):
        found.append(whole.reading(whole.tree(tokens, start, end), start, end).expr)
        if not found[-1].is_number:
            raise UserError("value", "The components of a direction are numbers.", span=Span(start, end))
    return tuple(found)


def _read_path(text: str, *, known: Collection[str] = ()) -> dict[sp.Symbol, sp.Expr]:
    """Read `x = cos t, y = sin t`."""
    whole = Text(text, known)
    path: dict[sp.Symbol, sp.Expr] = {}
    for tokens, start, end in whole.split(",", ";"):
        equal = next((place for place, token in enumerate(tokens) if token.is_op("=", "==")), None)
        if equal != 1 or tokens[0].kind != "name":
            hint = "As in x = cos t, y = sin t."
            raise UserError("syntax", "A path gives each variable by a formula.", hint=hint, span=Span(start, end))
        reading = whole.reading(whole.tree(tokens[2:], tokens[1].end, end), tokens[1].end, end)
        path[sp.Symbol(tokens[0].text, real=True)] = reading.expr
    return path
