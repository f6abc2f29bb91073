"""n-th derivatives in closed form, beside derivatives of mpmath, and what is not known."""

import mpmath
import pytest
import sympy as sp

import nabla
from nabla.calculus.nth import ORDER, at_order, induction, joined, nth_derivative
from nabla.errors import UserError

X = sp.Symbol("x", real=True)
FUNCTIONS = [
    "exp(2*x + 1)", "3**x", "sin(3*x)", "cos(x/2 + 1)", "1/(1 - 2*x)", "1/(x + 3)**2", "x**5", "sqrt(x)", "x**(-3)",
    "log(2*x + 1)", "x*exp(x)", "x**2*exp(-x)", "x**2*sin(x)", "sin(x)**2", "sin(x)*cos(2*x)", "exp(x)*sin(2*x)",
    "1/(x**2 - 1)", "x**3 + exp(x) + 4", "sinh(2*x)", "(2*x + 1)**4",
]  # fmt: skip


@pytest.mark.parametrize("text", FUNCTIONS)
def test_closed_forms(text: str) -> None:
    f = sp.sympify(text, locals={"x": X})
    terms = nth_derivative(f, X)
    assert terms is not None
    nth, least = joined(terms)
    function = sp.lambdify(X, f, "mpmath")
    with mpmath.workdps(60):
        for order in range(least, 7):
            truth = mpmath.diff(function, mpmath.mpf("0.3"), order)
            found = mpmath.mpf(str(at_order(nth, order).subs(X, sp.Rational(3, 10)).evalf(40)))
            assert mpmath.almosteq(found, truth, 1e-12, 1e-12)


def test_the_step_of_induction_can_fail() -> None:
    right = (-1) ** ORDER * sp.factorial(ORDER) / X ** (ORDER + 1)
    assert induction(right, X)
    assert induction(right * 2**ORDER, X) is None


@pytest.mark.parametrize("f", ["tan x", "x^x", "e^(x^2)", "n x^2"])
def test_what_has_no_form_is_refused(f: str) -> None:
    with pytest.raises(UserError):
        nabla.run("derive", {"f": f, "what": "nth"})


def test_answers_are_proven_and_first_derivatives_of_the_asker_judged() -> None:
    text = (
        "Find a formula for the nth derivative of f(x) = 1/(1-2x). I have f'(x) = 2/(1-2x)^2 and f''(x) = {}/(1-2x)^3"
    )
    document = nabla.ask(text.format(8))
    assert {check.verdict for check in document.checks} == {"passed"}
    assert [claim["verdict"] for claim in document.values["claims"]] == ["right", "right"]
    assert [claim["verdict"] for claim in nabla.ask(text.format(4)).values["claims"]] == ["right", "wrong"]
