"""derive: what an equation defines, curves by a parameter, derivatives in a direction and along a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sympy as sp

from nabla.answer.document import Document, Heading, Math, Note, Prose, Step, Steps
from nabla.calculus.contexts import precise
from nabla.calculus.equality import EqualityVerdict, check_derivation, equal
from nabla.calculus.numeric import D, Evaluator, NoValue, Root
from nabla.calculus.rules import Derivation
from nabla.calculus.several import (
    along,
    check_directional,
    directional,
    implicit,
    implicit_second,
    parametric,
    parametric_second,
)
from nabla.calculus.value import value_at
from nabla.calculus.zeros import zeros
from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.extras import show_pictures, show_programs
from nabla.labs.derive.judge import Goal, roots_of
from nabla.labs.derive.matrices import column
from nabla.labs.derive.open_chain import is_open, of_open_chain
from nabla.labs.derive.parts import (
    Part,
    Stage,
    count,
    differentiated,
    plain_number,
    shortest,
    show_domain,
    steps_check,
    steps_of,
    sympy_check,
    usable_point,
    value_of,
    worked_out,
)
from nabla.labs.derive.question import DeriveQuestion
from nabla.labs.derive.sentence import AtPoint, conclude
from nabla.write.derivation import equality_check, steps
from nabla.write.notation import number, operator, point, tex

ON_CURVE = 1e-9
MOST_ROOTS = 4


def of_equation(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """dy/dx, and the second derivative, of the y that an equation defines."""
    (x,), y = question.wrt[:1], question.unknown
    assert y is not None
    equation = question.f
    try:
        first = implicit(equation, x, y)
    except ValueError:
        message = f"{y.name} does not occur in the equation once it is brought to one side."
        raise UserError("value", message, span=Span(0, len(inputs["f"])), field="f") from None
    slope = shortest(first.result, question.domain)
    # Of cos(xyz) = z, of which the first is asked for, the second takes long and tells nobody anything.
    both = question.order == 2 or len(equation.free_symbols) == 2 or equation.is_polynomial()
    tree, second = implicit_second(first) if both else (first, sp.S.Zero)
    found_: tuple[sp.Expr, ...] = (slope, shortest(second, question.domain)) if both else (slope,)
    lefts = [operator([x] * order, False, tex(y)) for order in range(1, len(found_) + 1)]
    document.title = f"Derivative of ${tex(y)}$ by ${tex(x)}$, where ${question.reading.tex}$"
    document.values |= {"reading": sp.sstr(equation), "derivative": sp.sstr(found_[question.order - 1])}
    document.values |= dict(zip(("first", "second"), map(sp.sstr, found_), strict=False))
    document.add(Math(question.reading.tex, f"{sp.sstr(equation)} = 0", "What was understood", role="reading"))
    fixed = [symbol for symbol in question.symbols if symbol not in (x, y)]
    held = f", with {' and '.join(f'${tex(symbol)}$' for symbol in fixed)} held fixed" if fixed else ""
    document.add(Prose(f"${tex(y)}$ is taken as a function of ${tex(x)}${held}."))
    _show_two(document, question, lefts, found_)
    show_domain(document, question, [first])
    found = _show_on_curve(document, question, lefts, found_)
    claim = _claim_of_equation(document, inputs, question, lefts, found_, first)
    asked = question.order - 1
    conclude(document, lefts[asked], tex(found_[asked]), found, claim)
    shown = steps(first, check_derivation(first, domain=question.domain), slope, question.domain)
    shown = [Step(f"The first derivative ${lefts[0]}$", f"{lefts[0]} = {tex(slope)}", steps=shown)]
    if both:
        shown.append(_second_steps(question, tree, lefts, slope, found_[1]))
    _finish_steps(document, question, shown)
    show_pictures(document, question, list(found_))
    root = dict(first.bindings)
    document.add(Heading("Checked", role="checks"), steps_check(document))
    whole = check_derivation(first, domain=question.domain).whole
    bound = EqualityVerdict(
        {"passed": True, "failed": False, "unchecked": None}[whole.verdict],
        "points",
        f"the curve solved for {y.name} in many digits near {whole.points} points, and its difference quotient taken",
        whole.error,
        whole.bound,
    )
    document.add(equality_check("The slope of the curve itself is the first derivative", bound))
    if both:
        along = equal(D(slope.subs(root), x), found_[1].subs(root), domain=question.domain)
        document.add(equality_check("The slope of the first derivative along the curve is the second", along))
    show_programs(document, question, list(found_))


def _claim_of_equation(
    document: Document,
    inputs: Inputs,
    question: DeriveQuestion,
    lefts: list[str],
    found: tuple[sp.Expr, ...],
    first: Derivation,
) -> str:
    """The answer beside the first or the second derivative; for the second, y taken as a constant is tried too."""
    slope, second, x = found[0], found[-1], question.wrt[0]
    wrong = (("M46", slope), ("M39", -second), ("M49", sp.diff(slope, x)), ("M47", slope**2))
    goals = [
        Goal(lefts[0], question.f, slope, (first,), roots=roots_of(first), domain=question.domain),
        Goal(lefts[-1], question.f, second, candidates=wrong, roots=roots_of(first), domain=question.domain),
    ]
    return show_claim(document, inputs, question, goals[: question.order])


def _second_steps(
    question: DeriveQuestion, tree: Derivation, lefts: list[str], slope: sp.Expr, second: sp.Expr
) -> Step:
    """d/dx of the first derivative with y(x), then the first derivative put in for y'."""
    x, y = question.wrt[0], question.unknown
    assert y is not None
    function = sp.Function(y.name)(x)
    inner = steps(tree, check_derivation(tree, domain=question.domain))
    put = tree.result.subs(sp.Derivative(function, x), slope).subs(function, y)
    why = f"${lefts[0]} = {tex(slope)}$ is put in, and the equation is used where that makes it shorter."
    root = {y: _root(question)}
    verdict = equal(put.subs(root), second.subs(root), domain=question.domain)
    last = Step("Put in the first derivative", f"{lefts[1]} = {tex(put)} = {tex(second)}", why)
    last.check = equality_check("Both forms are equal on the curve", verdict)
    return Step(f"The second derivative ${lefts[1]}$", f"{lefts[1]} = {tex(second)}", steps=[*inner, last])


def _root(question: DeriveQuestion) -> sp.Expr:
    return Root(question.f, question.unknown)


def _show_two(document: Document, question: DeriveQuestion, lefts: list[str], found: tuple[sp.Expr, ...]) -> None:
    """Both derivatives; the one that was asked for is the result."""
    labels = ("First derivative", "Second derivative")[: len(found)]
    for order, (left, expr, label) in enumerate(zip(lefts, found, labels, strict=True), 1):
        role = "result" if order == question.order else "plain"
        document.add(Math(f"{left} = {tex(expr)}", sp.sstr(expr), label, role=role))  # type: ignore[arg-type]


def _show_on_curve(
    document: Document, question: DeriveQuestion, lefts: list[str], found: tuple[sp.Expr, ...]
) -> AtPoint | None:
    """The values at a point of the curve; the points with that x where y is not given."""
    y, x = question.unknown, question.wrt[0]
    assert y is not None
    if x in question.at and y not in question.at:
        points = _points_above(question, y)
        if len(points) == 1:
            document.add(Note(f"The only point of the curve there is ${point({x: question.at[x], y: points[0]})}$."))
            question = replace(question, at={**question.at, y: points[0]})
        elif points:
            _offer_points(document, question, y, points)
            return None
    at = usable_point(document, question, question.symbols)
    if at is None:
        return None
    try:
        evaluator = Evaluator(precise(), {})
        off = Evaluator(precise(), {symbol: evaluator(value) for symbol, value in at.items()})(question.f)
    except NoValue:
        off = None
    if off is None or abs(off) > ON_CURVE:
        text = f"The point ${point(at)}$ does not lie on the curve ${question.reading.tex}$; there is no slope there."
        document.add(Note(text, tone="warning"))
        document.warn("off-the-curve", text)
        document.values["value"] = None
        return AtPoint(at, None)
    return _show_numbers(document, question, lefts, found, at)


def _points_above(question: DeriveQuestion, y: sp.Symbol) -> list[sp.Expr]:
    """The values of y of the points of the curve that have the given x; none where they are not all known."""
    equation = question.f.subs(dict(question.at), simultaneous=True)
    if equation.free_symbols != {y} or (equation.is_polynomial(y) and sp.degree(equation, y) > MOST_ROOTS):
        return []
    found, complete = zeros(equation, y)
    return sorted(found, key=float) if complete else []


def _offer_points(document: Document, question: DeriveQuestion, y: sp.Symbol, points: Sequence[sp.Expr]) -> None:
    """With x alone: the points of the curve that have this x, each a click away."""
    known = {symbol: value for symbol, value in question.at.items() if symbol in question.symbols}
    document.add(Note(f"The slope needs ${tex(y)}$ too. The curve has these points there:"))
    for root in points:
        given = ",".join(f"{symbol.name}={sp.sstr(value)}" for symbol, value in {**known, y: root}.items())
        document.add(Note(f"${point({**known, y: root})}$", inputs={"at": given}, action="Take this point"))
    document.warn("value-missing", f"For a number, {y.name} needs a value at the point too.")


def _show_numbers(
    document: Document,
    question: DeriveQuestion,
    lefts: list[str],
    found: tuple[sp.Expr, ...],
    at: dict[sp.Symbol, sp.Expr],
) -> AtPoint:
    asked = AtPoint(at, None)
    for order, (left, expr) in enumerate(zip(lefts, found, strict=True), 1):
        result = value_at(expr, at, sp.S.Zero)
        if order == question.order:
            result = value_of(document, expr, at, sp.S.Zero, "The derivative")
            document.values["value"] = result.number
        if result.number is not None and result.exact is not None:
            asked = AtPoint(at, number(result.exact)) if order == question.order else asked
            role = "value" if order == question.order else "plain"
            text = plain_number(result.exact, result.number)
            document.add(Math(worked_out(left, expr, at, result.exact), text, "Value", role=role))  # type: ignore[arg-type]
    return asked


def _finish_steps(document: Document, question: DeriveQuestion, shown: list[Step]) -> None:
    document.values["steps"] = count(shown)
    document.add(Heading("Step by step", role="steps"), Steps(shown, detail=question.detail))


def of_curve(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """dy/dx and the second derivative of a curve x(t), y(t)."""
    (t,) = question.wrt
    across, up = (reading.expr for reading in question.functions)
    names = (sp.Symbol(question.names[0], real=True), sp.Symbol(question.names[1], real=True))
    first = parametric(across, up, t, names)
    if first.parts[1].result == 0:
        message = f"{names[0].name} does not change with {t.name}, so the curve has no slope."
        raise UserError("value", message, span=Span(0, len(inputs["f"])), field="f")
    twice = parametric_second(first)
    slope, second = (shortest(tree.result, question.domain) for tree in (first, twice))
    lefts = [operator([names[0]] * order, False, tex(names[1])) for order in (1, 2)]
    document.title = f"Slope of the curve ${tex(names[0])} = {tex(across)}$, ${tex(names[1])} = {tex(up)}$"
    document.values |= {
        "reading": f"{names[0].name} = {sp.sstr(across)}; {names[1].name} = {sp.sstr(up)}",
        "derivative": sp.sstr((slope, second)[question.order - 1]),
        "first": sp.sstr(slope),
        "second": sp.sstr(second),
    }
    for name, reading in zip(names, question.functions, strict=True):
        label = "What was understood" if name == names[0] else ""
        text = f"{name.name} = {sp.sstr(reading.expr)}"
        document.add(Math(f"{tex(name)} = {reading.tex}", text, label, role="reading"))
    _show_two(document, question, lefts, (slope, second))
    show_domain(document, question, [first])
    at = usable_point(document, question, question.symbols)
    found = _show_numbers(document, question, lefts, (slope, second), at) if at is not None else None
    goals = [
        Goal(lefts[0], up, slope, (first,), domain=question.domain),
        Goal(lefts[1], up, second, (first, twice), domain=question.domain),
    ][: question.order]
    claim = show_claim(document, inputs, question, goals)
    conclude(document, lefts[question.order - 1], tex((slope, second)[question.order - 1]), found, claim)
    shown = []
    for left, tree, simple in zip(lefts, (first, twice), (slope, second), strict=True):
        done = steps(tree, check_derivation(tree, domain=question.domain), simple, question.domain)
        title = "The first derivative" if tree is first else "The second derivative"
        shown.append(Step(f"{title} ${left}$", f"{left} = {tex(simple)}", steps=done))
    _finish_steps(document, question, shown)
    show_pictures(document, question, [slope, second])
    document.add(Heading("Checked", role="checks"), steps_check(document))
    expected = sp.diff(up, t) / sp.diff(across, t)
    again = sp.diff(expected, t) / sp.diff(across, t)
    for claim, ours, theirs in (("first", slope, expected), ("second", second, again)):
        verdict = equal(ours, theirs, domain=question.domain)
        document.add(equality_check(f"The {claim} derivative equals that by SymPy's `diff`", verdict))
    show_programs(document, question, [slope, second])


def along_direction(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The derivative in a direction: the gradient times the direction of length 1."""
    found = directional(question.f, question.wrt, question.direction)
    result = shortest(found.result, question.domain)
    name = question.name
    vector, unit = column([tex(c) for c in question.direction]), column([tex(c) for c in found.unit])
    direction = r"\mathbf{v}" if "v" not in {s.name for s in question.symbols} else r"\mathbf{a}"
    left = rf"\nabla_{{{direction}}} {name}"
    signature = ", ".join(tex(symbol) for symbol in question.symbols)
    document.title = f"Derivative of ${question.reading.tex}$ in the direction ${vector}$"
    document.values |= {"reading": sp.sstr(question.f), "derivative": sp.sstr(result)}
    document.values["direction"] = [sp.sstr(component) for component in found.unit]
    head = f"{name}({signature}) = {question.reading.tex}"
    document.add(Math(head, sp.sstr(question.f), "What was understood", role="reading"))
    if found.unit != question.direction:
        document.add(Math(rf"{direction} = \frac{{1}}{{{tex(_length(question))}}} {vector} = {unit}", "", "Direction"))
        document.add(Prose("The direction is brought to length 1, so that the answer is a slope."))
    document.add(Math(f"{left} = {tex(result)}", sp.sstr(result), "Derivative", role="result"))
    parts = [differentiated(question.f, (symbol,), question.domain, name, True) for symbol in question.wrt]
    show_domain(document, question, [derivation for part in parts for derivation in part.derivations])
    valued = _show_one_value(document, question, left, result, question.f)
    loose = sp.Add(*(part.simple * c for part, c in zip(parts, question.direction, strict=True)))
    total = sp.Add(*(part.simple for part in parts))
    wrong = (("M56", loose), ("M01", total), ("M39", -result))
    goal = Goal(left, question.f, result, candidates=wrong, domain=question.domain)
    conclude(document, left, tex(result), valued, show_claim(document, inputs, question, [goal]))
    shown = [
        Step(
            f"Component ${part.left}$",
            f"{part.left} = {tex(part.simple)}",
            steps=steps_of(part, name, True, question.domain),
        )
        for part in parts
    ]
    gradient = column([tex(part.simple) for part in parts])
    product = sp.Add(*(part.simple * c for part, c in zip(parts, found.unit, strict=True)))
    check = equality_check("Both sides are equal", equal(product, result, domain=question.domain))
    line = rf"{left} = \nabla {name} \cdot {direction} = {gradient} \cdot {unit} = {tex(result)}"
    shown.append(Step("Multiply by the direction", line, "Component by component, and added.", check=check))
    _finish_steps(document, question, shown)
    show_pictures(document, question, result)
    document.add(Heading("Checked", role="checks"), steps_check(document), sympy_check(parts, question.domain))
    claim = "The result is the slope of the function along the straight line in that direction"
    document.add(equality_check(claim, check_directional(question.f, question.wrt, found)))
    show_programs(document, question, result)


def _length(question: DeriveQuestion) -> sp.Expr:
    return sp.sqrt(sp.Add(*(component**2 for component in question.direction)))


def _show_one_value(
    document: Document, question: DeriveQuestion, left: str, result: sp.Expr, f: sp.Expr
) -> AtPoint | None:
    at = usable_point(document, question, question.symbols)
    if at is None:
        return None
    value = value_of(document, result, at, f, "The derivative")
    document.values["value"] = value.number
    if value.number is None or value.exact is None:
        return AtPoint(at, None)
    text = plain_number(value.exact, value.number)
    document.add(Math(worked_out(left, result, at, value.exact), text, "Value", role="value"))
    return AtPoint(at, number(value.exact))


def along_path(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The total derivative of a function along a path."""
    if is_open(question):
        of_open_chain(inputs, question, document)
        return
    (t,), path = question.wrt, question.path
    derivation = along(question.f, path, t)
    result = shortest(derivation.result, question.domain)
    name = question.name
    left = operator([t], False, name)
    signature = ", ".join(tex(symbol) for symbol in _written(question.f, path, t))
    places = ", ".join(f"${tex(symbol)} = {tex(place)}$" for symbol, place in path.items())
    document.title = f"Total derivative of ${question.reading.tex}$ along {places}"
    document.values |= {"reading": sp.sstr(question.f), "derivative": sp.sstr(result)}
    head = f"{name}({signature}) = {question.reading.tex}"
    document.add(Math(head, sp.sstr(question.f), "What was understood", role="reading"))
    document.add(Math(r",\quad ".join(f"{tex(s)} = {tex(p)}" for s, p in path.items()), "", "Path"))
    document.add(Math(f"{left} = {tex(result)}", sp.sstr(result), "Total derivative", role="result"))
    show_domain(document, question, [derivation])
    whole = derivation.expr
    needed = sorted(result.free_symbols | whole.free_symbols | {t}, key=str)
    at = usable_point(document, question, needed)
    found = None
    if at is not None:
        value = value_of(document, result, at, whole, "The derivative")
        document.values["value"] = value.number
        found = AtPoint(at, None)
        if value.number is not None and value.exact is not None:
            found = AtPoint(at, number(value.exact))
            text = rf"\left.{left}\right|_{{{point(at)}}} = {number(value.exact)}"
            document.add(Math(text, plain_number(value.exact, value.number), "Value", role="value"))
    goal = Goal(left, whole, result, (derivation,), domain=question.domain)
    conclude(document, left, tex(result), found, show_claim(document, inputs, question, [goal]))
    shown = steps(derivation, check_derivation(derivation, domain=question.domain), result, question.domain)
    _finish_steps(document, question, shown)
    show_pictures(document, question, result)
    part = Part(whole, (t,), left, (Stage(derivation, result),))
    document.add(Heading("Checked", role="checks"), steps_check(document))
    verdict = equal(part.simple, sp.diff(whole, t), domain=question.domain)
    document.add(equality_check("Putting the path in first and then differentiating gives the same", verdict))
    show_programs(document, question, result)


def _written(f: sp.Expr, path: Mapping[sp.Symbol, sp.Expr], t: sp.Symbol) -> list[sp.Symbol]:
    """The variables of f, those of the path first."""
    return [*path, *sorted(f.free_symbols - path.keys(), key=str)]
