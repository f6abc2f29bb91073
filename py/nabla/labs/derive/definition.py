"""derive: the derivative from its definition, as the limit of the difference quotient, worked out."""

from __future__ import annotations

import sympy as sp

from nabla.answer.document import Check, Document, Math, Step
from nabla.calculus.bounds import limit_of
from nabla.calculus.equality import equal
from nabla.lab import Inputs
from nabla.labs.derive.answering import begin, finish, refuse, say
from nabla.labs.derive.claim import show_claim
from nabla.labs.derive.extras import show_pictures
from nabla.labs.derive.parts import Part, differentiated, goals_of, usable_point, value_of
from nabla.labs.derive.question import DeriveQuestion
from nabla.write.derivation import equality_check
from nabla.write.notation import number, point, tex

H = sp.Symbol("h", real=True)
ADDITION = (sp.sin, sp.cos, sp.exp)
KNOWN = r"\lim_{h \to 0} \frac{\sin h}{h} = 1,\quad \lim_{h \to 0} \frac{\cos h - 1}{h} = 0"
KNOWN_EXP = r"\lim_{h \to 0} \frac{e^{h} - 1}{h} = 1"


def of_definition(inputs: Inputs, question: DeriveQuestion, document: Document) -> None:
    """The difference quotient written down, its h cancelled where algebra can, and its limit."""
    f, x = question.f, question.wrt[0]
    if len(question.functions) > 1 or len(question.wrt) > 1:
        raise refuse(inputs, "f", "The definition is worked out for the first derivative of one function.")
    if H in f.free_symbols:
        raise refuse(inputs, "f", "h is the step here; take another letter in the function.")
    part = differentiated(f, (x,), question.domain, question.name, question.partial)
    quotient = (f.subs(x, x + H) - f) / H
    limit = limit_of(quotient, H, sp.S.Zero, "+")
    verdict = equal(limit, part.simple, domain=question.domain) if limit is not None else None
    begin(document, question, f"Derivative of ${question.reading.tex}$ from the definition")
    document.values |= {"derivative": sp.sstr(part.simple), "limit": sp.sstr(part.simple)}
    whole = rf"{part.left} = \lim_{{h \to 0}} \frac{{{question.name}({tex(x)} + h) - {question.name}({tex(x)})}}{{h}}"
    document.add(Math(f"{whole} = {tex(part.simple)}", sp.sstr(part.simple), "Derivative", role="result"))
    claim = show_claim(document, inputs, question, goals_of(part, question.name, question), [f])
    there = _value_there(document, question, part)
    say(document, f"${whole} = {tex(part.simple)}${there}", claim, ["value"] if there else [])
    show_pictures(document, question, part.simple)
    shown = [Step("The definition", whole), *_steps(f, x, part.simple)]
    checks = [_rule_check(part.simple, f, x, question)]
    if verdict is not None:
        checks.insert(0, equality_check("SymPy's limit of the difference quotient is the same", verdict))
    finish(document, question, shown, checks)


def _value_there(document: Document, question: DeriveQuestion, part: Part) -> str:
    """The value at the point, if one is given, and what the sentence says of it."""
    at = usable_point(document, question, sorted(part.f.free_symbols, key=str))
    value = value_of(document, part.simple, at, part.f, "The derivative") if at else None
    if not at or value is None or value.exact is None:
        return ""
    document.values["value"] = value.number
    left = rf"\left.{part.left}\right|_{{{point(at)}}}"
    document.add(Math(f"{left} = {number(value.exact)}", sp.sstr(value.exact), "Value", role="value"))
    return f"; it is ${number(value.exact)}$ at ${point(at)}$"


def _steps(f: sp.Expr, x: sp.Symbol, result: sp.Expr) -> list[Step]:
    to = r"\lim_{h \to 0}"
    taken = rf"\left({tex(f)}\right)" if f.is_Add or tex(f).startswith("-") else tex(f)
    shown = [Step("Put in", rf"{to} \frac{{{tex(f.subs(x, x + H))} - {taken}}}{{h}}")]
    for title, form, why in _forms(f, x):
        shown.append(Step(title, rf"{to} {tex(form)}", why))
        if not sp.denom(sp.together(form)).has(H) or _settles(form, result):
            return [*shown, Step("h to 0", tex(result), "Nothing divides by h any more: 0 is put in for it.")]
    if f.has(*ADDITION):
        why = "With the known limits beside this one." if f.has(sp.exp) and not f.has(sp.sin, sp.cos) else ""
        known = KNOWN_EXP if f.has(sp.exp) and not f.has(sp.sin, sp.cos) else KNOWN
        return [*shown, Step("h to 0", rf"{known} \quad\Rightarrow\quad {tex(result)}", why)]
    return [*shown, Step("h to 0", tex(result), "By the leading terms of the series of the numerator in h.")]


def _settles(form: sp.Expr, result: sp.Expr) -> bool:
    """Whether 0 can be put in for h."""
    value = form.subs(H, 0)
    return bool(not value.has(sp.nan, sp.zoo, sp.oo) and sp.simplify(value - result) == 0)


def _forms(f: sp.Expr, x: sp.Symbol) -> list[tuple[str, sp.Expr, str]]:
    """Rewritings of the quotient up to where h cancels, each with its name and reason."""
    forms: list[tuple[str, sp.Expr, str]] = []
    top = f.subs(x, x + H) - f
    roots = [power for power in top.atoms(sp.Pow) if power.exp == sp.S.Half and power.has(x)]
    if roots and f.as_independent(x)[1].is_Pow:
        other = f.subs(x, x + H) + f
        above = sp.expand(f.subs(x, x + H) ** 2 - f**2)
        forms.append(
            (
                "Multiply by the conjugate",
                sp.Mul(above, sp.Pow(sp.Mul(H, other, evaluate=False), -1, evaluate=False), evaluate=False),
                r"$(a - b)(a + b) = a^2 - b^2$ takes the roots away above.",
            )
        )
        forms.append(("Cancel h", sp.cancel(above / H) / other, ""))
        return forms
    expanded = _added(f, x) - f if f.has(*ADDITION) else sp.expand(top)
    if top.is_polynomial(x, H):
        forms.append(("Multiply out", sp.Mul(expanded, sp.Pow(H, -1), evaluate=False), "What has no h cancels."))
        forms.append(("Cancel h", sp.expand(sp.cancel(expanded / H)), ""))
    elif sp.together(top).is_rational_function(x, H):
        above, below = sp.fraction(sp.together(top))
        forms.append(
            ("One fraction", sp.Mul(sp.expand(above), sp.Pow(H * below, -1), evaluate=False), "A common denominator.")
        )
        forms.append(("Cancel h", sp.factor(sp.cancel(sp.together(top) / H)), ""))
    elif f.has(*ADDITION):
        forms.append(
            ("Addition theorem", sp.Mul(expanded, sp.Pow(H, -1), evaluate=False), "Of sine, cosine or the exponential.")
        )
        sorted_by = sp.collect(sp.expand(expanded), [part for part in f.atoms(sp.Function) if part.has(x)]) / H
        if sorted_by != expanded / H:
            forms.append(("Sorted", sorted_by, "By what does not depend on h."))
    return forms


def _added(f: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """f(x + h) with the addition theorems used where the step in the argument does not depend on x."""

    def moved(call: sp.Expr) -> sp.Expr:
        a = call.args[0]
        b = sp.expand(a.subs(x, x + H) - a)
        if b.has(x):
            return call.subs(x, x + H)
        match call.func:
            case sp.sin:
                return sp.sin(a) * sp.cos(b) + sp.cos(a) * sp.sin(b)
            case sp.cos:
                return sp.cos(a) * sp.cos(b) - sp.sin(a) * sp.sin(b)
            case sp.exp:
                return sp.Mul(sp.exp(a), sp.exp(b), evaluate=False)
        return call.subs(x, x + H)

    calls = {call: sp.Dummy() for call in f.atoms(sp.Function) if call.has(x)}
    return f.xreplace(calls).subs(x, x + H).xreplace({dummy: moved(call) for call, dummy in calls.items()})


def _rule_check(result: sp.Expr, f: sp.Expr, x: sp.Symbol, question: DeriveQuestion) -> Check:
    verdict = equal(result, sp.diff(f, x), domain=question.domain)
    return equality_check("The rules of differentiation give the same", verdict)
