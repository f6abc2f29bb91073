"""The last form of a derivative: the one that textbooks print, and its equality with the plain result on the domain.

Functions and forms are those of the usual tables and exercises (Stewart, Thomas; Abramowitz & Stegun 4.4, 4.6).
"""

from __future__ import annotations

import pytest
import sympy as sp

import nabla
from nabla.calculus.bridges import bridge
from nabla.calculus.radicals import of_roots
from nabla.calculus.rules import differentiate, simplified
from nabla.read.formula import read_formula

FORMS = [
    ("arctan(2x/(1-x^2))", "2/(x**2 + 1)"),
    ("arctan(sqrt((1-x)/(1+x)))", "-1/(2*sqrt(1 - x**2))"),
    ("arctan((1+x)/(1-x))", "1/(x**2 + 1)"),
    ("arctan((a+x)/(1-a x))", "1/(x**2 + 1)"),
    ("arctan(x/sqrt(1-x^2))", "1/sqrt(1 - x**2)"),
    ("arctan(sqrt(x^2-1))", "1/(x*sqrt(x**2 - 1))"),
    ("arcsin(2x/(1+x^2))", "-2*sign(x**2 - 1)/(x**2 + 1)"),
    ("arccos((1-x^2)/(1+x^2))", "2*sign(x)/(x**2 + 1)"),
    ("arcsin(sqrt(1-x^2))", "-sign(x)/sqrt(1 - x**2)"),
    ("arcsin(x/3)", "1/sqrt(9 - x**2)"),
    ("arccos(1/x)", "1/(sqrt(x**2 - 1)*Abs(x))"),
    ("arcsec x", "1/(sqrt(x**2 - 1)*Abs(x))"),
    ("ln((1+x)/(1-x))", "2/(1 - x**2)"),
    ("ln(sqrt((1+x)/(1-x)))", "1/(1 - x**2)"),
    ("ln(x+sqrt(x^2+1))", "1/sqrt(x**2 + 1)"),
    ("ln(x+sqrt(x^2-1))", "1/sqrt(x**2 - 1)"),
    ("ln((x^2+1)/(x^2-1))", "4*x/(1 - x**4)"),
    ("ln((1-cos x)/(1+cos x))", "2/sin(x)"),
    ("ln(sec x + tan x)", "sec(x)"),
    ("ln(ln x)", "1/(x*log(x))"),
    ("x/sqrt(1+x^2)", "(x**2 + 1)**(-3/2)"),
    ("x sqrt(1-x^2) + arcsin x", "2*sqrt(1 - x**2)"),
    ("x arctan x - ln(1+x^2)/2", "atan(x)"),
    ("tan x - x", "tan(x)**2"),
    ("e^x (sin x - cos x)", "2*exp(x)*sin(x)"),
    ("sin x/(1+cos x)", "1/(cos(x) + 1)"),
    ("(1-cos x)/sin x", "1/(cos(x) + 1)"),
    ("(x-1)/(x+1)", "2/(x + 1)**2"),
    ("((x+1)/(x-1))^3", "-6*(x + 1)**2/(x - 1)**4"),
    ("(x^2+1)^3 (x-1)^2", "2*(x - 1)*(x**2 + 1)**2*(4*x**2 - 3*x + 1)"),
    ("sqrt(x)(x-1)", "(3*x - 1)/(2*sqrt(x))"),
    ("x^2 e^(-x)", "x*(2 - x)*exp(-x)"),
    ("(ln x)/x", "(1 - log(x))/x**2"),
    ("x^x", "x**x*(log(x) + 1)"),
    ("(e^x - e^(-x))/(e^x+e^(-x))", "4/(exp(x) + exp(-x))**2"),
]


@pytest.mark.parametrize(("f", "form"), FORMS, ids=[f for f, _ in FORMS])
def test_last_forms(f: str, form: str) -> None:
    """The shortest of the equal forms is the one of the table; it equals the plain derivative wherever that is real."""
    expr = read_formula(f).expr
    x = sp.Symbol("x", real=True)
    plain = differentiate(expr, x).result
    found = simplified(plain)
    assert sp.sstr(found) == form
    places = [sp.Rational(n, 7) for n in range(-25, 26) if n % 7]
    tried = 0
    for place in places:
        at = {x: place, sp.Symbol("a", real=True): sp.Rational(3, 11)}
        left, value = plain.subs(at).evalf(30), expr.subs(at).evalf(30)
        if left.is_real and value.is_real and left.is_finite:
            assert abs(left - found.subs(at).evalf(30)) < sp.Float("1e-20") * (1 + abs(left))
            tried += 1
    assert tried >= 3


@pytest.mark.parametrize(
    ("f", "wrt", "said"),
    [
        ("1/(1+e^(-x))", "x", "(e^(- x))/((1 + e^(- x))²) = σ (1 - σ), σ = 1/(1 + e^(- x))"),
        ("-y ln(1/(1+e^(-w x))) - (1-y) ln(1-1/(1+e^(-w x)))", "w", "x (σ - y), σ = 1/(1 + e^(- w x))"),
        ("ln(1+e^x)", "x", "eˣ/(eˣ + 1) = σ, σ = 1/(1 + e^(- x))"),
    ],
)
def test_the_logistic_function_is_named(f: str, wrt: str, said: str) -> None:
    """σ(1 - σ) and x(σ - y): what a text on regression prints, with a check that it is the same."""
    document = nabla.run("derive", {"f": f, "wrt": wrt})
    assert document.answer is not None
    assert said in document.answer.text
    assert {check.verdict for check in document.checks} == {"passed"}


def test_decimals_stay_as_typed() -> None:
    """No fraction is taken out in front of a bracket where decimals were typed."""
    answer = nabla.run("derive", {"f": "120 - 0.4q + 0.002q^2"}).answer
    assert answer is not None
    assert "0.004 q - 0.4" in answer.text
    answer = nabla.run("derive", {"f": "2.05 e^(-1.3t) cos(4.1t)"}).answer
    assert answer is not None
    assert "8.405" in answer.text
    assert "2.665" in answer.text


def test_a_root_keeps_its_sign() -> None:
    """sqrt(x^2) is |x|, and a bottom of both signs stays under the root."""
    x = sp.Symbol("x", real=True)
    for expr in (sp.sqrt(x**2 * (x - 1) ** 2), sp.sqrt((x**2 - 1) / (x + 3)), 1 / sp.sqrt((x - 2) / (x**3 - x))):
        for found in of_roots(expr):
            for place in (sp.Rational(-7, 2), sp.Rational(-1, 2), sp.Rational(1, 3), sp.Rational(5, 2), sp.Integer(7)):
                value = expr.subs(x, place).evalf(30)
                if value.is_real:
                    assert abs(value - found.subs(x, place).evalf(30)) < 1e-20


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("cos(2*x)", "cos(x)**2 - sin(x)**2", "both in sines and cosines"),
        ("sech(x)/2", "exp(x)/(exp(2*x) + 1)", "both in exponentials"),
        ("6*x**5 + 12*x**3 + 6*x", "6*x*(x**2 + 1)**2", "both multiplied out"),
        ("1/(3*sqrt(1 - x**2/9))", "1/sqrt(9 - x**2)", "both as one fraction"),
        ("1 + tan(x)**2", "sec(x)**2", r"with $\sin^2 + \cos^2 = 1$"),
        ("log(x**3)", "log(x)", None),
        ("x**2", "x**3", None),
    ],
)
def test_from_one_form_to_another(one: str, other: str, told: str | None) -> None:
    """The form that both come to, and how; nothing for what is not equal."""
    x = {"x": sp.Symbol("x", real=True)}
    found = bridge(sp.sympify(one, x), sp.sympify(other, x))
    assert (found[0] if found else None) == told


def test_the_bridge_is_shown() -> None:
    """The reader's form, and the one of this page."""
    text = " ".join(str(nabla.run("derive", {"f": "sin(x)cos(x)", "claim": "cos(2x)"})).split())
    assert "The same in another form, both in sines and cosines: cos(2 x) = 1 - 2 sin²(x) = cos²(x) - sin²(x)." in text
