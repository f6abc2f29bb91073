"""derive: the tangent and the normal at a point, of a graph, of an equation, of a curve; the plane of a surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy as sp

from nabla.answer.document import Check, Document, Math, Step
from nabla.calculus.contact import contact
from nabla.calculus.value import value_at
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.extras import show_pictures
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import differentiated, sympy_check, worked_out
from nabla.labs.derive.planes import is_of_surface, of_level_surface
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.notation import point, tex

BOUND = 1e-12
H = sp.Symbol("h", real=True)


@dataclass(frozen=True)
class Touch:
    """Where a line touches: the point, the direction of the tangent there, and the steps that led to them.

    `gap` is what lies between curve and tangent a step `H` along it, for the check; `derivative` is that of a graph.
    """

    x: sp.Symbol
    y: sp.Symbol
    x0: sp.Expr
    y0: sp.Expr
    across: sp.Expr
    up: sp.Expr
    steps: tuple[Step, ...]
    gap: sp.Expr
    derivative: sp.Expr | None = None

    def line(self, across: sp.Expr, up: sp.Expr) -> tuple[sp.Symbol, sp.Expr]:
        """The line through the point in a direction: y and its formula, or x and its number where it is upright."""
        if across == 0:
            return self.x, self.x0
        return self.y, sp.expand(self.y0 + sp.radsimp(up / across) * (self.x - self.x0))


def of_lines(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The tangent and the normal at the point `at`."""
    if not question.at:
        raise UserError("empty", f"For a {question.what}, a point is needed.", hint="As in x = 2.", field="at")
    if is_of_surface(question):
        of_level_surface(inputs, question, document)
        return
    if question.unknown is not None:
        touch = _of_equation(inputs, question, document)
    elif len(question.functions) > 2:
        raise UserError(
            "not-covered", "The tangent of a curve in space is not covered.", hint="Ask for its derivative."
        )
    elif len(question.functions) == 2:
        touch = _of_curve(inputs, question, document)
    elif len(question.f.free_symbols & set(question.at)) > 1:
        _show_plane(inputs, question, document)
        return
    else:
        touch = _of_graph(inputs, question, document)
    _show_lines(inputs, question, document, touch)


def _number(inputs: Inputs, expr: sp.Expr, at: Mapping[sp.Symbol, sp.Expr], f: sp.Expr, what: str) -> sp.Expr:
    """The value of an expression at the point; parameters stay. Refused where there is none."""
    if (expr.free_symbols | f.free_symbols) - set(at):
        return sp.simplify(expr.subs(dict(at), simultaneous=True))
    value = value_at(expr, at, f)
    if value.exact is None:
        raise refuse(inputs, "at", f"{what} has no value at this point: {value.reason}.", code="undefined")
    return value.exact


def _of_graph(inputs: Inputs, question: DeriveQuestion, document: Document) -> Touch:
    x, f = question.wrt[0], question.f
    if x not in question.at:
        raise refuse(inputs, "at", f"The point needs a value for {x.name}.")
    x0 = question.at[x]
    at = {symbol: value for symbol, value in question.at.items() if symbol in {x, *f.free_symbols}}
    y0 = _number(inputs, f, at, f, "The function")
    beside = [value for symbol, value in question.at.items() if symbol.name == "y" and symbol not in at]
    if beside and sp.simplify(beside[0] - y0) != 0:
        raise refuse(inputs, "at", f"The point does not lie on the curve: at {x.name} = {x0} it has the height {y0}.")
    part = differentiated(f, (x,), question.domain, question.name, question.partial)
    slope = _number(inputs, part.simple, at, f, "The derivative")
    document.values |= {"derivative": sp.sstr(part.simple), "value": float(slope) if slope.is_number else None}
    begin(document, question, f"{_titled(question)} of ${question.reading.tex}$ at ${tex(x)} = {tex(x0)}$")
    name = question.name
    shown = (
        Step("The point of contact", f"{name}({tex(x0)}) = {tex(y0)}", f"The value of the function at ${point(at)}$."),
        derived(part, question, name),
        Step("The slope there", worked_out(part.left, part.simple, at, slope) if slope.is_number else tex(slope)),
    )
    gap = f.subs(at).subs(x, x0) if x not in f.free_symbols else f.subs({k: v for k, v in at.items() if k != x})
    gap = gap.subs(x, x0 + H) - (y0 + slope * H)
    return Touch(x, _upward(x), x0, y0, sp.S.One, slope, shown, gap, part.simple)


def _upward(x: sp.Symbol) -> sp.Symbol:
    return sp.Symbol("x" if x.name == "y" else "y", real=True)


def _of_equation(inputs: Inputs, question: DeriveQuestion, document: Document) -> Touch:
    x, y, equation = question.wrt[0], question.unknown, question.f
    assert y is not None
    if not {x, y} <= set(question.at) or equation.free_symbols - set(question.at):
        raise refuse(inputs, "at", f"The point needs values for {x.name} and {y.name}.")
    at = {symbol: question.at[symbol] for symbol in equation.free_symbols}
    x0, y0 = at[x], at[y]
    if abs(_number(inputs, equation, at, equation, "The equation").evalf(30)) > 1e-9:
        raise refuse(inputs, "at", "The point does not lie on the curve.", "Both sides differ there.")
    parts = [differentiated(equation, (symbol,), question.domain, "F", True) for symbol in (x, y)]
    along, across = (_number(inputs, part.simple, at, equation, "The derivative") for part in parts)
    if along == across == 0:
        raise refuse(inputs, "at", "Both partial derivatives are 0 there: the curve has no single tangent.")
    begin(document, question, f"{_titled(question)} of ${question.reading.tex}$ at ${point({x: x0, y: y0})}$")
    slope = rf"\frac{{\mathrm{{d}} {tex(y)}}}{{\mathrm{{d}} {tex(x)}}}"
    formula = rf"-\frac{{\partial F/\partial {tex(x)}}}{{\partial F/\partial {tex(y)}}}"
    document.values["derivative"] = sp.sstr(sp.simplify(-parts[0].simple / parts[1].simple))
    document.values["value"] = None if across == 0 else float(-along / across)
    shown = (
        *(derived(part, question, "F") for part in parts),
        Step(
            "The slope there",
            f"{slope} = {formula}" + (f" = {tex(-along / across)}" if across != 0 else r",\text{ no slope}"),
            f"$F = {tex(equation)}$ stays 0 along the curve, so both partial derivatives balance.",
        ),
    )
    gap = equation.subs({symbol: value for symbol, value in at.items() if symbol not in (x, y)})
    gap = gap.subs({x: x0 + across * H, y: y0 - along * H}, simultaneous=True) / (abs(along) + abs(across))
    return Touch(x, y, x0, y0, across, -along, shown, gap)


def _of_curve(inputs: Inputs, question: DeriveQuestion, document: Document) -> Touch:
    t, coordinates = question.wrt[0], [reading.expr for reading in question.functions]
    if {symbol for expr in coordinates for symbol in expr.free_symbols} - set(question.at):
        raise refuse(inputs, "at", f"The point needs a value for {t.name}.")
    at = {symbol: value for symbol, value in question.at.items() if symbol not in map(sp.Symbol, question.names)}
    names = [sp.Symbol(name, real=True) for name in question.names]
    x0, y0 = (sp.expand(_number(inputs, expr, at, expr, "The curve")) for expr in coordinates)
    parts = [
        differentiated(expr, (t,), question.domain, tex(name), False)
        for expr, name in zip(coordinates, names, strict=True)
    ]
    across, up = (_number(inputs, part.simple, at, part.f, "The derivative") for part in parts)
    if across == up == 0:
        raise refuse(inputs, "at", "Both derivatives are 0 there: the curve stands still, and has no direction.")
    begin(document, question, f"{_titled(question)} of the curve at ${point(at)}$")
    document.values["derivative"] = sp.sstr(sp.simplify(parts[1].simple / parts[0].simple))
    document.values["value"] = None if across == 0 else float(up / across)
    shown = (
        Step("The point of contact", f"({tex(names[0])}, {tex(names[1])}) = ({tex(x0)}, {tex(y0)})"),
        *(derived(part, question, tex(name)) for part, name in zip(parts, names, strict=True)),
        Step("The direction there", f"({parts[0].left}, {parts[1].left}) = ({tex(across)}, {tex(up)})"),
    )
    moved = {**at, t: at[t] + H}
    x1, y1 = (expr.subs(moved, simultaneous=True) for expr in coordinates)
    gap = ((y1 - y0) * across - (x1 - x0) * up) / (abs(across) + abs(up))
    return Touch(names[0], names[1], x0, y0, across, up, shown, gap)


def _titled(question: DeriveQuestion) -> str:
    return "Tangent" if question.what == "tangent" else "Normal"


def _show_lines(inputs: Inputs, question: DeriveQuestion, document: Document, touch: Touch) -> None:
    """Both lines; the one that was asked for first."""
    lines = {"tangent": touch.line(touch.across, touch.up), "normal": touch.line(-touch.up, touch.across)}
    shown = {what: f"{tex(left)} = {tex(right)}" for what, (left, right) in lines.items()}
    document.values |= {what: f"{left} = {sp.sstr(right)}" for what, (left, right) in lines.items()}
    other = "normal" if question.what == "tangent" else "tangent"
    for what in (question.what, other):
        math = Math(shown[what], document.values[what], f"The {what}")
        math.role = "result" if what == question.what else "plain"
        document.add(math)
    left, right = lines[question.what]
    goal = Goal(tex(left), question.f, right, noun=f"the {question.what}")
    claim = show_claim(document, inputs, replace(question, at={}), [goal])
    say(
        document,
        f"The {question.what} at ${point({touch.x: touch.x0, touch.y: touch.y0})}$ is ${shown[question.what]}$",
        claim,
    )
    if touch.derivative is not None:
        show_pictures(document, replace(question, what="derivative"), touch.derivative)
    parameters = sorted(touch.gap.free_symbols - {H}, key=str)
    figure = contact(touch.gap, H, {symbol: sp.Rational(7 + 3 * place, 5) for place, symbol in enumerate(parameters)})
    method = (
        "the curve itself a step of 1e-20 to the left and right of the point: its distance from the line, over the step"
    )
    checks = [measured("The line touches the curve", method, figure, BOUND, "differences")]
    finish(document, question, [*touch.steps, *_lines_steps(touch, shown)], checks)


def _lines_steps(touch: Touch, shown: Mapping[str, str]) -> list[Step]:
    x, y = tex(touch.x), tex(touch.y)
    upright = touch.across == 0
    through = (
        f"{y} - ({tex(touch.y0)}) = {tex(touch.up / touch.across)} \\, ({x} - ({tex(touch.x0)}))"
        if not upright
        else shown["tangent"]
    )
    words = "The line through the point with this slope." if not upright else "The tangent is upright."
    across = (
        "The normal is perpendicular to it: its slope is $-1$ over that of the tangent."
        if touch.up != 0
        else "The tangent is level, so the normal is upright."
    )
    return [
        Step("The tangent", through + (rf" \quad\Rightarrow\quad {shown['tangent']}" if not upright else ""), words),
        Step("The normal", shown["normal"], across),
    ]


def _show_plane(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The tangent plane of z = f(x, y), or the linear approximation in more variables."""
    f = question.f
    symbols = [symbol for symbol in question.symbols if symbol in f.free_symbols]
    if set(symbols) - set(question.at):
        raise refuse(inputs, "at", "The point needs a value for every variable.")
    at = {symbol: question.at[symbol] for symbol in symbols}
    height = _number(inputs, f, at, f, "The function")
    parts = [differentiated(f, (symbol,), question.domain, question.name, True) for symbol in symbols]
    slopes = [_number(inputs, part.simple, at, f, "The derivative") for part in parts]
    name = "z" if all(symbol.name != "z" for symbol in symbols) else "w"
    terms = [slope * (symbol - at[symbol]) for slope, symbol in zip(slopes, symbols, strict=True)]
    plane = sp.expand(height + sp.Add(*terms))
    begin(document, question, f"Tangent plane of ${question.reading.tex}$ at ${point(at)}$")
    document.values |= {"derivative": [sp.sstr(part.simple) for part in parts], "value": [float(s) for s in slopes]}
    document.values["tangent"] = f"{name} = {sp.sstr(plane)}"
    document.add(Math(f"{name} = {tex(plane)}", document.values["tangent"], "The tangent plane", role="result"))
    t = next(sp.Symbol(letter, real=True) for letter in "tsu" if all(symbol.name != letter for symbol in symbols))
    line = {symbol: at[symbol] + slope * t for slope, symbol in zip(slopes, symbols, strict=True)}
    line[sp.Symbol(name, real=True)] = height - t
    document.values["normal"] = ", ".join(f"{symbol} = {sp.sstr(place)}" for symbol, place in line.items())
    document.add(Math(point(line), document.values["normal"], "The normal line"))
    claim = show_claim(document, inputs, replace(question, at={}), [Goal(name, f, plane, noun="the tangent plane")])
    say(document, f"The tangent plane at ${point(at)}$ is ${name} = {tex(plane)}$", claim)
    shown = [Step("The point of contact", f"{name} = {tex(height)}")]
    for part, slope in zip(parts, slopes, strict=True):
        shown += [
            derived(part, question, question.name),
            Step("Its value there", worked_out(part.left, part.simple, at, slope)),
        ]
    shown.append(
        Step(
            "The plane",
            f"{name} = {tex(height)} + "
            + " + ".join(f"({tex(s)})({tex(v)} - ({tex(at[v])}))" for s, v in zip(slopes, symbols, strict=True))
            + f" = {tex(plane)}",
        )
    )
    checks = [_plane_check(f, plane, at), sympy_check(parts, question.domain)]
    finish(document, question, shown, checks)


def _plane_check(f: sp.Expr, plane: sp.Expr, at: Mapping[sp.Symbol, sp.Expr]) -> Check:
    """The plane beside the surface along three directions."""
    figures = []
    for weights in ((3, 4, 12, 84), (4, -3, 12, -84), (-12, 5, 3, 4)):
        moved = {symbol: value + weights[place % 4] * H for place, (symbol, value) in enumerate(at.items())}
        figures.append(contact(f.subs(moved, simultaneous=True) - plane.subs(moved, simultaneous=True), H, {}))
    known = [figure for figure in figures if figure is not None]
    figure = max(known) if len(known) == len(figures) else None
    method = "the surface itself a step of 1e-20 along three directions: its distance from the plane, over the step"
    return measured("The plane touches the surface", method, figure, BOUND, "differences")
