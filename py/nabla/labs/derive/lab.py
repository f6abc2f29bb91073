"""derive: derivatives of every kind, step by step, with their value, their plot, their code and their proof."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Document, Heading, Math, Note, Prose, Steps, quoted
from nabla.calculus.rules import TooLong
from nabla.lab import Field, Inputs, lab
from nabla.labs.derive import proof
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.complex_variable import of_complex
from nabla.labs.derive.conditions import of_unknown, of_verified
from nabla.labs.derive.constrained import of_constrained
from nabla.labs.derive.curved import of_curved
from nabla.labs.derive.curves import along_direction, along_path, of_curve, of_equation
from nabla.labs.derive.definition import of_definition
from nabla.labs.derive.differentiable import of_differentiable
from nabla.labs.derive.differential import of_differential
from nabla.labs.derive.euler_lagrange import of_euler_lagrange
from nabla.labs.derive.extras import show_pictures, show_programs
from nabla.labs.derive.figures import of_figure
from nabla.labs.derive.forms import last_form, show_forms
from nabla.labs.derive.given import of_given
from nabla.labs.derive.integral import of_integral, of_integral_text
from nabla.labs.derive.inverse import of_inverse
from nabla.labs.derive.joined import of_joined
from nabla.labs.derive.level import of_level
from nabla.labs.derive.limit import of_limit
from nabla.labs.derive.lines import of_lines
from nabla.labs.derive.logarithmic import by_logarithm
from nabla.labs.derive.matrix.answer import of_matrices
from nabla.labs.derive.monotony import of_monotony
from nabla.labs.derive.nth import of_nth
from nabla.labs.derive.operators import of_operator
from nabla.labs.derive.optimum import of_optimum
from nabla.labs.derive.parts import (
    Part,
    between_pieces,
    count,
    differentiated,
    goals_of,
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
from nabla.labs.derive.places import of_places
from nabla.labs.derive.practice import HELP, offer_practice, practise
from nabla.labs.derive.question import WHAT, DeriveQuestion, understand
from nabla.labs.derive.rates import of_rate
from nabla.labs.derive.sentence import AtPoint, conclude
from nabla.labs.derive.series import of_series
from nabla.labs.derive.several import of_several
from nabla.labs.derive.square import of_square, read_square
from nabla.labs.derive.stationary import of_extrema
from nabla.read.fields.integrals import is_integral
from nabla.read.fields.limits import is_limit
from nabla.read.formula import has_decimals
from nabla.read.matrices import has_matrices
from nabla.vector.coordinates import NAMES
from nabla.write.conventions import CONVENTIONS, put_over, read_conventions
from nabla.write.notation import decimals_kept, number, operator, point, tex
from nabla.write.sentence import sentence

DECIMAL_FIELDS = ("f", "at", "rates", "changes", "conditions")


@lab(
    "derive",
    title="Derive",
    summary="Differentiate a formula and see every step proven.",
    fields=[
        Field(
            "f",
            "formulas",
            "Function",
            placeholder="(w*x - y)^2",
            help="In Python's notation or as in a book: 2x sin x, e^(-x^2), sqrt(x), |x|, np.exp(x). "
            "Several with a semicolon; an equation such as x^2 + y^2 = 25; a curve such as x = t^2; y = t^3.",
        ),
        Field(
            "wrt",
            "text",
            "With respect to",
            placeholder="w",
            help="A variable; several in a row for higher and mixed derivatives, such as x,x or x,y. For a gradient, "
            "the variables that it has.",
        ),
        Field(
            "at",
            "assignments",
            "At the point",
            placeholder="w=3, x=2, y=2",
            help="Values of the variables, to see the derivative there as a number.",
        ),
        Field(
            "claim",
            "claim",
            "Why is mine different?",
            placeholder="8",
            help="Your own answer: a formula, the number at the point, lines of work with semicolons, or a list "
            "[a, b]. If it is wrong, the mistakes that give it.",
        ),
        Field(
            "what",
            "choice",
            "What",
            default="derivative",
            choices=WHAT,
            help="Which derivative. An equation is differentiated implicitly, x = t^2; y = t^3 as a curve, without "
            "asking.",
            advanced=True,
        ),
        Field(
            "domain",
            "text",
            "Domain",
            placeholder="x > 0",
            help="Where the variables lie: x > 0, or 0 < x < 1, or x in [0, 1], several with commas.",
            advanced=True,
        ),
        Field(
            "direction",
            "text",
            "Direction",
            placeholder="1, 2",
            help="For the derivative in a direction: one number for each variable. Its length does not matter.",
            advanced=True,
        ),
        Field(
            "path",
            "text",
            "Along the path",
            placeholder="x = cos t, y = sin t",
            help="For the total derivative: each variable as a formula of one parameter.",
            advanced=True,
        ),
        Field(
            "order",
            "text",
            "Degree",
            placeholder="4",
            help="For a Taylor polynomial: its degree. For the n-th derivative: a number for n, if one is asked for.",
            advanced=True,
        ),
        Field(
            "constraint",
            "text",
            "Constraint",
            placeholder="x + y = 1",
            help="For extrema: an equation that the variables fulfil; found by Lagrange's multiplier.",
            advanced=True,
        ),
        Field(
            "conditions",
            "text",
            "Conditions",
            placeholder="f(1) = 4; f'(1) = 3",
            help="Equations about the function and its derivatives, with semicolons: what parameters are to fulfil, "
            "what holds at a place, what the function may solve, or values that are told.",
            advanced=True,
        ),
        Field(
            "changes",
            "text",
            "Changes",
            placeholder="x = 0.02",
            help="How far the variables go from the point, for a differential or an approximation; ±0.1 for an error.",
            advanced=True,
        ),
        Field(
            "rates",
            "text",
            "Rates",
            placeholder="x' = 1.5, y' = ?",
            help="For a related rate: the rates that are known, and with a question mark the one that is asked for.",
            advanced=True,
        ),
        Field(
            "letters",
            "text",
            "Letters",
            placeholder="x: distance from the wall",
            help="What the letters of a related rate stand for.",
            advanced=True,
        ),
        Field(
            "shapes",
            "text",
            "Shapes",
            placeholder="A: 2 x 3, w: vector",
            help="What letters stand for where the formula holds vectors or matrices: number, vector, matrix, "
            "symmetric, or sizes as in A: m x n.",
            advanced=True,
        ),
        Field(
            "coordinates",
            "choice",
            "Coordinates",
            default="cartesian",
            choices=NAMES,
            help="For a gradient: those that the variables are; its components are along their unit vectors.",
            advanced=True,
        ),
        Field(
            "layout",
            "choice",
            "Layout",
            default="usual",
            choices=("usual", "numerator", "denominator"),
            help="How derivatives by vectors and matrices are laid out. Usual: a gradient has the shape of its "
            "variable, a Jacobian a row for each entry of the function.",
            advanced=True,
        ),
        Field(
            "notation",
            "text",
            "Notation",
            placeholder="tan^-1, log",
            help="How formulas are written: tan^-1 for arctan, log for ln, f' for df/dx, comma for the decimal point.",
            choices=tuple(CONVENTIONS),
            advanced=True,
        ),
        Field("practice", "text", "Practice", placeholder="chain 2 seed 7", help=HELP, advanced=True),
        Field(
            "detail",
            "choice",
            "Detail",
            default="normal",
            choices=("novice", "normal", "expert"),
            help="How many steps to show: every one, the usual ones, or only the rules that matter.",
        ),
    ],
    example={"f": "(w*x-y)^2", "wrt": "w", "at": "w=3,x=2,y=2"},
    proof=proof.programs,
)
def derive(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    if inputs["practice"].strip():
        practise(inputs, document)
        return
    inputs.require("f")
    conventions = inputs.read("notation", read_conventions)
    with decimals_kept(any(has_decimals(inputs[name].replace("±", " ")) for name in DECIMAL_FIELDS)):
        _answer(inputs, document)
    put_over(document, conventions)


def _answer(inputs: Inputs, document: Document) -> None:
    if inputs["shapes"].strip() or has_matrices(inputs["f"], inputs["wrt"]):
        of_matrices(inputs, document)
        return
    if inputs.choice("what") == "analytic":
        of_complex(inputs, document)
        return
    if is_limit(inputs["f"]):
        of_limit(inputs, document)
        return
    if is_integral(inputs["f"]):
        of_integral_text(inputs, document)
        return
    if inputs.choice("what") in ("determinant", "definite") and (entries := read_square(inputs["f"])):
        of_square(inputs, document, entries)
        return
    question = understand(inputs, document)
    ask = {
        "implicit": of_equation,
        "parametric": of_curve,
        "directional": along_direction,
        "total": along_path,
        **dict.fromkeys(("tangent", "normal"), of_lines),
        **dict.fromkeys(("horizontal", "vertical"), of_level),
        "euler-lagrange": of_euler_lagrange,
        "extrema": of_constrained if inputs["constraint"].strip() else of_extrema,
        "nth": of_nth,
        "integral": of_integral,
        "rate": of_rate,
        "series": of_series,
        "parameters": of_joined,
        "continuous": of_joined,
        **dict.fromkeys(("greatest", "least", "both"), of_optimum),
        "definition": of_definition,
        "differential": of_differential,
        "differentiable": of_differentiable,
        **dict.fromkeys(("monotony", "concavity", "shape"), of_monotony),
        "places": of_places,
        "unknown": of_unknown,
        "verify": of_verified,
        "given": of_given,
        "inverse": of_inverse,
        **dict.fromkeys(("elasticity", "curvature"), of_figure),
        **dict.fromkeys(("laplacian", "divergence", "curl"), of_operator),
        "derivative": of_one if len(question.functions) == 1 else of_several,
    }.get(question.what, of_several)
    if question.what == "gradient" and inputs.choice("coordinates") != "cartesian":
        ask = of_curved
    try:
        ask(inputs, question, document)
    except TooLong as reason:
        _show_too_long(document, question, str(reason))


def _show_too_long(document: Document, question: DeriveQuestion, reason: str) -> None:
    """What was understood, and that its derivative would fill pages."""
    document.title = "A derivative too long to be shown"
    document.values |= {"reading": sp.sstr(question.f), "derivative": None}
    document.add(Math(question.reading.tex, sp.sstr(question.f), "What was understood", role="reading"))
    text = f"This holds {reason}: its derivative has too many terms to be shown. Logarithms first make it short."
    document.add(Note(text, tone="warning"))
    document.warn("too-long", text)
    document.answer = sentence(text, {}, ())


def of_one(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The derivative of one function, of any order."""
    part = differentiated(question.f, question.wrt, question.domain, question.name, question.partial)
    target = tex(question.wrt[-1]) if len(question.wrt) == 1 else ", ".join(tex(symbol) for symbol in question.wrt)
    document.title = f"Derivative of ${question.reading.tex}$ with respect to ${target}$"
    document.values |= {"reading": sp.sstr(question.f), "derivative": sp.sstr(part.simple)}
    _show_result(document, question, part)
    show_domain(document, question, part.derivations)
    found = _show_value(document, question, part)
    claim = show_claim(document, inputs, question, goals_of(part, question.name, question), [question.f])
    conclude(document, part.left, tex(part.simple) if found else last_form(part.simple), found, claim)
    shown = steps_of(part, question.name, question.partial, question.domain)
    document.values["steps"] = count(shown)
    document.add(Heading("Step by step", role="steps"), Steps(shown, detail=question.detail))
    other = by_logarithm(part.stages[0].derivation) if len(part.stages) == 1 else []
    if other:
        document.add(Prose("The same by logarithmic differentiation:"), Steps(other, detail=question.detail))
    forms = show_forms(document, part.simple, question.domain)
    show_pictures(document, question, part.simple)
    document.add(Heading("Checked", role="checks"))
    document.add(steps_check(document), sympy_check([part], question.domain), *forms)
    show_programs(document, question, part.simple)
    offer_practice(document, part.stages[0].derivation)


def _show_result(document: Document, question: DeriveQuestion, part: Part) -> None:
    signature = ", ".join(tex(symbol) for symbol in question.symbols)
    head = f"{question.name}({signature})"
    document.add(Math(f"{head} = {question.reading.tex}", sp.sstr(question.f), "What was understood", role="reading"))
    document.add(Math(f"{part.left} = {last_form(part.simple)}", sp.sstr(part.simple), "Derivative", role="result"))
    for symbol in dict.fromkeys(question.wrt):
        if symbol not in question.f.free_symbols:
            name = quoted(symbol.name)
            text = f"The formula does not contain {name}, so nothing changes with {name}: the derivative is 0."
            document.add(Note(text, tone="warning"))
            document.warn("variable-absent", text)


def _with_letters(document: Document, question: DeriveQuestion, part: Part) -> AtPoint | None:
    """The value where the variable is given and other letters stay open: M'(0) = mu of a generating function."""
    at = {symbol: value for symbol, value in question.at.items() if symbol in question.symbols}
    if not set(question.wrt) <= set(at) or not set(question.symbols) - set(at):
        return None
    value = shortest(part.simple.subs(at, simultaneous=True), question.domain)
    if value.has(sp.nan, sp.zoo, sp.oo, sp.Derivative, sp.Subs, sp.Piecewise, sp.sign):
        return None
    document.values["value_formula"] = sp.sstr(value)
    left = operator(question.wrt, question.partial, question.name)
    text = rf"\left.{left}\right|_{{{point(at)}}} = {tex(value)}"
    document.add(Math(text, sp.sstr(value), "Value", role="value"))
    return AtPoint(at, tex(value))


def _show_value(document: Document, question: DeriveQuestion, part: Part) -> AtPoint | None:
    if letters := _with_letters(document, question, part):
        return letters
    at = usable_point(document, question, question.symbols)
    if at is None:
        return None
    order = len(question.wrt)
    joint = between_pieces(part, at)
    result = joint or value_of(document, part.simple, at, question.f, "The derivative", order)
    document.values["value"] = result.number
    if result.number is None or result.exact is None:
        return AtPoint(at, None)
    left = operator(question.wrt, question.partial, question.name)
    text = plain_number(result.exact, result.number)
    if joint:
        place, f = tex(at[question.wrt[0]]), question.name + "'" * (order - 1)
        secant = rf"\lim_{{h \to 0}} \frac{{{f}({place} + h) - {f}({place})}}{{h}}"
        whole = rf"\left.{left}\right|_{{{point(at)}}} = {secant} = {number(result.exact)}"
        document.add(Math(whole, text, "Value", role="value"))
        document.add(Prose("Pieces meet there, so no rule applies: the value is the limit of the difference quotient."))
        return AtPoint(at, number(result.exact), joint=True)
    document.add(Math(worked_out(left, part.simple, at, result.exact), text, "Value", role="value"))
    return AtPoint(at, number(result.exact))
