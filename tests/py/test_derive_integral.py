"""Integrals: proven by differentiating or by quadrature, and Leibniz's rule."""

import pytest
import sympy as sp

import nabla

X = sp.Symbol("x", real=True)


@pytest.mark.parametrize("f", ["x e^(2x)", "1/x", "x^2 sin x", "1/(1+x^2)", "ln x"])
def test_antiderivatives(f: str) -> None:
    document = nabla.run("derive", {"f": f"∫ {f} dx"})
    assert document.answer
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("text", "truth"),
    [(r"\int_0^1 x^2 e^x dx", "E - 2"), ("∫_{-1}^{2} |x| dx", "5/2"), (r"\int_1^\infty \frac{1}{x^2} dx", "1")],
)
def test_definite(text: str, truth: str) -> None:
    document = nabla.run("derive", {"f": text})
    assert sp.simplify(sp.sympify(document.values["integral"]) - sp.sympify(truth)) == 0
    assert "failed" not in {check.verdict for check in document.checks}


def test_a_pole_inside_diverges() -> None:
    assert nabla.run("derive", {"f": "∫_{-1}^{1} 1/x dx"}).values["integral"] == "diverges"


def test_leibniz() -> None:
    document = nabla.ask(r"Let $h(x)=\int_2^{x^3}\frac{\cos t}{t}\,dt$. What is $h'(x)$?")
    assert document.values["derivative"] == "3*cos(x**3)/x"
    assert {check.verdict for check in document.checks} == {"passed"}


def test_a_claimed_antiderivative_is_judged() -> None:
    wrong = nabla.ask("∫ x e^(2x) dx = x e^(2x)/2 - e^(2x)/2 + C")
    assert wrong.values["claim"]["verdict"] == "wrong"
    right = nabla.ask("∫ x e^(2x) dx = x e^(2x)/2 - e^(2x)/4 + C")
    assert right.values["claim"]["verdict"] == "right"


def test_ends_in_words() -> None:
    assert nabla.ask("integral of ln x from 1 to e").values["integral"] == "1"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("For the function F(x) = ∫_{sin x}^{cos x} e^{t^2} dt find F'(0)", -1.0),
        ("Let F(x) = ∫_0^1 e^{xt} dt. Find F'(1).", 1.0),
        ("Let G(x) = ∫_1^{x^2} ln(t) dt. What is G'(2)?", 4 * 1.3862943611198906),
    ],
)
def test_the_derivative_of_an_integral_at_a_point(text: str, value: float) -> None:
    """By its ends, and by a parameter of the integrand."""
    assert nabla.ask(text).values["value"] == pytest.approx(value)
