"""derive: integrals, indefinite and definite, and the derivative of an integral with variable ends."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp
from sympy.core.function import AppliedUndef

from nabla.answer.document import Check, Document, Heading, Math, Note, Step
from nabla.calculus.budget import CALLS, within
from nabla.calculus.equality import EqualityVerdict, equal
from nabla.calculus.integrals import Definite, antiderivative, definite, quadrature
from nabla.calculus.relations import slope_of
from nabla.calculus.value import value_at
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, derived, finish, measured, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.conditions import read_conditions
from nabla.labs.derive.integral_text import Integral, read_integral
from nabla.labs.derive.judge import Goal
from nabla.labs.derive.parts import Part, differentiated, shortest
from nabla.labs.derive.question import DeriveQuestion, chosen_variable
from nabla.read.fields.assignments import read_assignments
from nabla.read.fields.claims import read_claim
from nabla.read.formula import Reading
from nabla.write.derivation import equality_check
from nabla.write.notation import number, operator, point, tex

CLOSE = 1e-9
PLACES = (sp.Rational(3, 7), sp.Rational(6, 5), sp.Rational(17, 10))


def of_integral_text(inputs: Inputs, document: Document) -> None:
    """An integral as typed in `f`: its value, or with variable ends its derivative."""
    integral = inputs.read("f", read_integral)
    question = integral.question(inputs)
    ends = {symbol for end in (integral.low, integral.high) if end is not None for symbol in end.free_symbols}
    asked = inputs["what"] if inputs.choice("what") != "derivative" else ""
    by_parameter = bool(inputs["wrt"].strip()) and integral.low is not None and integral.variable not in question.wrt
    if (ends or by_parameter) and asked != "integral":
        _leibniz(inputs, question, document, integral, ends)
        return
    _answer(inputs, question, document, integral)


def of_integral(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The integral of the function `f`, over the domain where that is an interval."""
    x = question.wrt[0] if inputs["wrt"].strip() else chosen_variable(question.functions)
    low = high = None
    if question.domain and len(question.domain.pieces) == 1:
        low, high = question.domain.pieces[0].ends(x)
    _answer(inputs, question, document, Integral(question.reading, x, low, high))


def _answer(inputs: Inputs, question: DeriveQuestion, document: Document, integral: Integral) -> None:
    f, x = integral.integrand.expr, integral.variable
    begin(document, question, f"Integral of ${integral.integrand.tex}$")
    whole = antiderivative(f, x)
    part = differentiated(whole, (x,), question.domain, "F", False) if whole is not None else None
    claim = _judged(inputs, document, question, integral)
    if integral.low is None or integral.high is None:
        if whole is None or part is None:
            text = "No antiderivative in closed form was found here; there may be none among the usual functions."
            document.values["integral"] = None
            document.warn("not-covered", text)
            document.add(Note(text, tone="warning"))
            say(document, text.rstrip("."), claim)
            return
        left = integral.tex
        document.values["integral"] = sp.sstr(whole)
        document.add(Math(f"{left} = {tex(whole)} + C", sp.sstr(whole), "Integral", role="result"))
        one = _through(inputs, document, question, (whole, x))
        say(document, f"${left} = {tex(whole)} + C$" + one, claim)
        shown = [Step("An antiderivative", f"F({tex(x)}) = {tex(whole)}", "Found by SymPy."), _proof(part, question, f)]
        finish(document, question, shown, [_is_antiderivative(part, f, question)])
        return
    _show_definite(document, question, integral, part, claim)


def _through(inputs: Inputs, document: Document, question: DeriveQuestion, found: tuple[sp.Expr, sp.Symbol]) -> str:
    """The one antiderivative that has a value told, F(1) = 4, and what the sentence says of it."""
    if not inputs["conditions"].strip():
        return ""
    whole, x = found
    condition = read_conditions(inputs, question)[0]
    slope = slope_of(condition.left.expr) if condition.left is not None else None
    if slope is None or slope[1] != 0 or not slope[2].is_number or not condition.right.expr.is_number:
        raise refuse(inputs, "conditions", "One value of the antiderivative is needed here.", "As in F(1) = 4.")
    start = whole.subs(x, slope[2])
    if not start.is_finite:
        raise refuse(inputs, "conditions", f"The antiderivative has no value at {sp.sstr(slope[2])}.")
    one = sp.expand(whole + condition.right.expr - start)
    document.values["antiderivative"] = sp.sstr(one)
    shown = rf"{slope[0]}({tex(x)}) = {tex(one)}"
    document.add(Math(shown, sp.sstr(one), f"With ${condition.tex}$", role="result"))
    return f"; with ${condition.tex}$ it is ${shown}$"


def _proof(part: Part, question: DeriveQuestion, f: sp.Expr) -> Step:
    step = derived(part, question, "F")
    step.title, step.why = "The proof: its derivative is the integrand", f"This is ${tex(f)}$ again."
    return step


def _is_antiderivative(part: Part, f: sp.Expr, question: DeriveQuestion) -> Check:
    verdict = equal(part.simple, f, domain=question.domain)
    return equality_check("The derivative of the antiderivative is the integrand", verdict)


def _show_definite(
    document: Document, question: DeriveQuestion, integral: Integral, part: Part | None, claim: str
) -> None:
    f, x, low, high = integral.integrand.expr, integral.variable, integral.low, integral.high
    assert low is not None
    assert high is not None
    found: Definite = definite(f, x, low, high)
    left = integral.tex
    if found.diverges:
        document.values["integral"] = "diverges"
        document.add(Math(rf"{left} \;\text{{ diverges}}", "", "Integral", role="result"))
        text = f"${left}$ diverges: it has no finite value"
        document.warn("undefined", "The integral has no finite value.")
        say(document, text, claim)
        finish(document, question, [Step("No finite value", left, "Its limit is infinite, or there is none.")], [])
        return
    if found.value is None and found.quadrature is None:
        raise UserError("not-covered", "This integral was found neither in closed form nor by quadrature.", field="f")
    value = found.value if found.value is not None else sp.Float(found.quadrature, 15)
    document.values |= {"integral": sp.sstr(value), "value": float(value) if value.is_number else None}
    sign = "=" if found.value is not None else r"\approx"
    shown_value = number(value) if value.is_number else tex(value)
    document.add(Math(f"{left} {sign} {shown_value}", sp.sstr(value), "Integral", role="result"))
    say(document, f"${left} {sign} {shown_value}$", claim, ["value"])
    checks = [_by_quadrature(found, value)] if value.is_number else []
    shown = []
    if part is not None:
        shown = [
            Step("An antiderivative", f"F({tex(x)}) = {tex(part.f)}", "Found by SymPy."),
            _proof(part, question, f),
            Step(
                "The difference at the ends",
                rf"{left} = F\left({tex(high)}\right) - F\left({tex(low)}\right) = {shown_value}",
            ),
        ]
        checks.insert(0, _is_antiderivative(part, f, question))
    else:
        why = "No antiderivative in closed form was found; the value is that of SymPy's table of definite integrals."
        shown = [
            Step("The value", f"{left} {sign} {shown_value}", why if found.value is not None else "By quadrature.")
        ]
    finish(document, question, shown, checks)


def _by_quadrature(found: Definite, value: sp.Expr) -> Check:
    figure = None
    if found.quadrature is not None and found.value is not None:
        figure = abs(float(value) - found.quadrature) / max(1.0, abs(found.quadrature))
    method = "the integrand itself by tanh-sinh quadrature in 30 digits, without any antiderivative"
    return measured("Quadrature gives the same value", method, figure, CLOSE, "differences")


def _judged(inputs: Inputs, document: Document, question: DeriveQuestion, integral: Integral) -> str:
    """The antiderivative, or the value, that the asker claims: judged by differentiating it, any constant allowed."""
    text = integral.claim or inputs["claim"].strip()
    if not text:
        return ""
    document.add(Heading("Your answer", role="claim"))
    line = read_claim(text, known=[symbol.name for symbol in question.symbols])[-1]
    if not isinstance(line.entries, Reading):
        raise refuse(inputs, "claim", "One formula is compared here.")
    theirs = line.entries
    if integral.low is None or integral.high is None:
        slope = shortest(sp.diff(theirs.expr, integral.variable), question.domain)
        verdict = equal(slope, integral.integrand.expr, domain=question.domain)
        why = f"its derivative is ${tex(slope)}$, the integrand ${integral.integrand.tex}$"
        if verdict.equal is False and _is_term(theirs.expr, integral):
            verdict, why = EqualityVerdict(None, "none", ""), "it is one term of the antiderivative"
    else:
        found = definite(integral.integrand.expr, integral.variable, integral.low, integral.high)
        value = found.value if found.value is not None else sp.Float(found.quadrature or sp.nan, 12)
        verdict = equal(theirs.expr, value)
        why = f"the value is ${tex(value)}$"
    word = {True: "right", False: "wrong", None: "undecided"}[verdict.equal]
    document.values["claim"] = {"verdict": word, "mistakes": [], "ask_at": None}
    tone = "tip" if word == "right" else "warning"
    said = {"right": "is right", "wrong": "is not right", "undecided": "could not be decided"}[word]
    note = Note(f"${theirs.tex}$ {said}: {why}.")
    note.tone = "tip" if tone == "tip" else "warning"
    document.add(note)
    if integral.claim:
        document.values["claims"] = [{"text": text, "verdict": word, "mistakes": [], "whose": "asker"}]
    return f"your ${theirs.tex}$ {said}: {why}"


def _is_term(expr: sp.Expr, integral: Integral) -> bool:
    """Whether a formula is one term of the antiderivative, up to its sign: Symbolab has sin(3x)/9."""
    whole = antiderivative(integral.integrand.expr, integral.variable)
    terms = sp.Add.make_args(sp.expand(whole)) if whole is not None else ()
    return len(terms) > 1 and any(sp.expand(sign * expr - term) == 0 for term in terms for sign in (1, -1))


def _leibniz(
    inputs: Inputs, question: DeriveQuestion, document: Document, integral: Integral, ends: set[sp.Symbol]
) -> None:
    """d/dx of an integral whose ends, and perhaps whose integrand, depend on x."""
    low, high, t, f = integral.low, integral.high, integral.variable, integral.integrand.expr
    assert low is not None
    assert high is not None
    named = question.wrt[0] if inputs["wrt"].strip() else None
    x = named if named is not None else sorted(ends, key=lambda symbol: symbol.name)[0]
    sides = {"b": high, "a": low}
    parts = {name: differentiated(end, (x,), question.domain, name, False) for name, end in sides.items()}
    terms = [f.subs(t, high) * parts["b"].simple, -f.subs(t, low) * parts["a"].simple]
    inside = sp.diff(f, x)
    if inside != 0:
        value = within(10 * CALLS, lambda: sp.integrate(inside, (t, low, high)), None)
        terms.append(value if value is not None else sp.Integral(inside, (t, low, high)))
    result = shortest(sp.Add(*terms), question.domain)
    d = operator((x,), bool((f.free_symbols | ends) - {x, t}), "")
    begin(document, question, f"Derivative of ${integral.tex}$ with respect to ${tex(x)}$")
    document.values |= {"derivative": sp.sstr(result), "integral": sp.sstr(sp.Integral(f, (t, low, high)))}
    document.add(Math(f"{d} {integral.tex} = {tex(result)}", sp.sstr(result), "Derivative", role="result"))
    there = _value_there(inputs, document, x, result, f"{d} {integral.tex}")
    goal = Goal(rf"{d} {integral.tex}", result, result, candidates=_slips(f, t, (low, high), x), domain=question.domain)
    claim = show_claim(document, inputs, replace(question, wrt=(x,)), [goal])
    say(document, f"${d} {integral.tex} = {tex(result)}$" + there, claim, ["value"] if there else [])
    rule = rf"{d} \int_{{a}}^{{b}} f({tex(t)})\,\mathrm{{d}}{tex(t)} = f(b)\, b' - f(a)\, a'"
    rule += (
        rf" + \int_{{a}}^{{b}} \frac{{\partial f}}{{\partial {tex(x)}}}\,\mathrm{{d}}{tex(t)}" if inside != 0 else ""
    )
    shown = [
        Step(
            "Leibniz's rule", rule, "The fundamental theorem for each end, with the chain rule for how the end moves."
        ),
        *(derived(parts[name], question, name) for name, end in sides.items() if end.has(x)),
        Step("At the upper end", rf"f\left({tex(high)}\right) \cdot {tex(parts['b'].simple)} = {tex(terms[0])}"),
    ]
    if low.has(x):
        shown.append(
            Step("At the lower end", rf"-f\left({tex(low)}\right) \cdot {tex(parts['a'].simple)} = {tex(terms[1])}")
        )
    if inside != 0:
        shown.append(Step("Inside", tex(terms[2]), f"The integrand itself depends on ${tex(x)}$."))
    shown.append(Step("Together", f"{d} {integral.tex} = {tex(result)}"))
    finish(document, question, shown, [_by_difference(f, t, (low, high), x, result)])


def _slips(f: sp.Expr, t: sp.Symbol, ends: tuple[sp.Expr, sp.Expr], x: sp.Symbol) -> tuple[tuple[str, sp.Expr], ...]:
    """What people get: without the slopes of the ends, the terms added, the lower end left out."""
    low, high = ends
    upper, lower = f.subs(t, high), f.subs(t, low)
    found = [("M58", upper - lower if low.has(x) else upper)]
    if low.has(x):
        found += [("M11", upper * sp.diff(high, x)), ("M39", lower * sp.diff(low, x) - upper * sp.diff(high, x))]
    return tuple(found)


def _value_there(inputs: Inputs, document: Document, x: sp.Symbol, result: sp.Expr, left: str) -> str:
    """The value of the derivative at the point, if one is given, and what the sentence says of it."""
    if not inputs["at"].strip():
        return ""
    at = inputs.read("at", read_assignments, known=[x.name])
    value = value_at(result, at, result)
    if x not in at or value.exact is None:
        return ""
    document.values["value"] = value.number
    document.add(
        Math(
            rf"\left.{left}\right|_{{{point(at)}}} = {number(value.exact)}", sp.sstr(value.exact), "Value", role="value"
        )
    )
    return f"; it is ${number(value.exact)}$ at ${point(at)}$"


def _by_difference(f: sp.Expr, t: sp.Symbol, ends: tuple[sp.Expr, sp.Expr], x: sp.Symbol, result: sp.Expr) -> Check:
    """The integral by quadrature a little to the left and the right of some places, against the result there."""
    errors = []
    open_ = f.has(AppliedUndef) or any(end.has(AppliedUndef) for end in ends)
    others = sorted((f.free_symbols | ends[0].free_symbols | ends[1].free_symbols) - {x, t}, key=str)
    held = {symbol: sp.Rational(7 + 3 * place, 5) for place, symbol in enumerate(others)}
    step = sp.Rational(1, 10**5)
    for place in () if open_ else PLACES:
        values = []
        for side in (-1, 1):
            at = {**held, x: place + side * step}
            low, high = (end.subs(at) for end in ends)
            values.append(quadrature(f.subs(at), t, low, high, [])[0])
        there = result.subs({**held, x: place}).evalf(20)
        if None not in values and there.is_real:
            slope = (values[1] - values[0]) / float(2 * step)  # type: ignore[operator]
            errors.append(abs(slope - float(there)) / max(1.0, abs(slope)))
    method = f"the integral by quadrature a step of 1e-5 to the left and right of {len(errors)} places"
    if open_:
        method = "a function that is only named has no values"
    figure = max(errors) if errors else None
    return measured("The difference quotient of the integral is the same", method, figure, 1e-6, "differences")
