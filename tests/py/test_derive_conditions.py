"""derive: equations about a function, values told of open ones, inverses, changes: by generators."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp

import nabla
from nabla.errors import UserError

X = sp.Symbol("x", real=True)


def _failed(document: nabla.answer.document.Document) -> list[str]:
    return [check.claim for check in document.checks if check.verdict == "failed"]


@pytest.mark.parametrize("seed", range(6))
def test_the_parameters_of_a_chosen_polynomial_are_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b, c = (int(value) for value in rng.integers(-5, 6, 3))
    chosen = a * X**3 + b * X**2 + c * X
    places = [int(place) for place in rng.choice(range(1, 5), 3, replace=False)]
    conditions = "; ".join(f"f{chr(39) * k}({at}) = {chosen.diff(X, k).subs(X, at)}" for k, at in enumerate(places))
    inputs = {"f": "p x^3 + q x^2 + s x", "wrt": "x", "what": "unknown", "conditions": conditions}
    document = nabla.run("derive", inputs)
    solved = sp.linsolve(
        [(sp.Symbol("p") * X**3 + sp.Symbol("q") * X**2 + sp.Symbol("s") * X - chosen).diff(X, k).subs(X, at)
         for k, at in enumerate(places)], sp.symbols("p q s"),
    )  # fmt: skip
    if solved == {(a, b, c)}:
        assert document.values["parameters"] == [{"p": str(a), "q": str(b), "s": str(c)}]
    assert not _failed(document)


def test_conditions_that_contradict_each_other_have_no_answer() -> None:
    inputs = {"f": "a x + 1", "wrt": "x", "what": "unknown", "conditions": "f(1) = 2; f'(1) = 3"}
    assert nabla.run("derive", inputs).values["parameters"] == []


@pytest.mark.parametrize("roots", [(2, -1), (-3, -2), (0, 4), (1, 5)])
def test_the_exponents_of_a_linear_equation_are_its_roots(roots: tuple[int, int]) -> None:
    one, other = roots
    equation = f"y''(x) - ({one + other}) y'(x) + ({one * other}) y = 0"
    found = nabla.run("derive", {"f": "y = e^(r x)", "wrt": "x", "what": "unknown", "conditions": equation}).values
    assert {way["r"] for way in found["parameters"]} == {str(one), str(other)}
    inputs = {"f": f"y = C e^({one} x) + 3 e^({other} x)", "wrt": "x", "what": "verify", "conditions": equation}
    document = nabla.run("derive", inputs)
    assert document.values["solves"] == [True]
    assert not _failed(document)
    wrong = nabla.run("derive", inputs | {"f": f"y = C e^({one} x) + 3 e^({other} x) + x"})
    assert wrong.values["solves"] == [False]
    assert not _failed(wrong)


# Solutions of the equations of heat, waves and Laplace, and functions that are none.
PARTIAL = [
    ("u = e^(-4 t) sin(2 x)", "u_t = u_xx", True), ("u = e^(-t) sin(2 x)", "u_t = u_xx", False),
    ("u = sin(x - c t)", "u_tt = c^2 u_xx", True), ("u = (x + t)^3", "u_tt = 2 u_xx", False),
    ("u = e^x cos(t)", "u_xx + u_tt = 0", True),
]  # fmt: skip


@pytest.mark.parametrize(("f", "equation", "solves"), PARTIAL)
def test_partial_differential_equations(f: str, equation: str, solves: bool) -> None:
    document = nabla.run("derive", {"f": f, "wrt": "x,t", "what": "verify", "conditions": equation})
    assert document.values["solves"] == [solves]
    assert not _failed(document)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", ["f(x) g(x)", "f(x)/g(x)", "f(g(x))", "x^2 f(x) - g(x)", "sqrt(g(x)^2 + 1)"])
def test_values_told_of_polynomials_give_the_slope_of_the_formula(form: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    f, g = (sum(int(k) * X**i for i, k in enumerate(rng.integers(1, 6, 3))) for _ in "fg")
    at = int(rng.integers(1, 4))
    inner = g.subs(X, at)
    told = [
        f"{name}{chr(39) * k}({place}) = {poly.diff(X, k).subs(X, place)}"
        for name, poly, place in (("f", f, at), ("f", f, inner), ("g", g, at))
        for k in (0, 1)
    ]
    written = {
        "f(x) g(x)": f * g, "f(x)/g(x)": f / g, "f(g(x))": f.subs(X, g), "x^2 f(x) - g(x)": X**2 * f - g,
        "sqrt(g(x)^2 + 1)": sp.sqrt(g**2 + 1),
    }[form]  # fmt: skip
    conditions = "; ".join(dict.fromkeys(told))
    document = nabla.run("derive", {"f": f"h = {form}", "what": "given", "at": f"x={at}", "conditions": conditions})
    assert document.values["value"] == pytest.approx(float(written.diff(X).subs(X, at)))
    assert not _failed(document)


def test_a_value_that_is_not_told_is_named() -> None:
    inputs = {"f": "h = f(g(x))", "what": "given", "at": "2", "conditions": "g(2) = 5; g'(2) = 4; f'(2) = 1"}
    document = nabla.run("derive", inputs)
    assert document.values["value"] is None
    assert any("f'" in warning.message and "5" in warning.message for warning in document.warnings)


@pytest.mark.parametrize(("f", "b"), [("x^3 + x + 1", "3"), ("x + e^x", "1"), ("sinh(x)", "2"), ("x^5 + 2x", "0.7")])
def test_the_slope_of_an_inverse(f: str, b: str) -> None:
    plain = {"x^3 + x + 1": X**3 + X + 1, "x + e^x": X + sp.exp(X), "sinh(x)": sp.sinh(X), "x^5 + 2x": X**5 + 2 * X}[f]
    root = mpmath.findroot(sp.lambdify(X, plain - sp.Float(b, 30), "mpmath"), 0.4)
    document = nabla.run("derive", {"f": f, "what": "inverse", "at": b})
    assert document.values["value"] == pytest.approx(1 / float(plain.diff(X).subs(X, float(root))))
    assert {check.verdict for check in document.checks} == {"passed"}


def test_an_inverse_at_a_place_that_the_function_never_reaches_is_refused() -> None:
    with pytest.raises(UserError, match="No place"):
        nabla.run("derive", {"f": "e^x", "what": "inverse", "at": "-1"})


def test_changes_and_errors_of_a_differential() -> None:
    """Of a cylinder, V = pi r^2 h."""
    inputs = {"f": "V = pi r^2 h", "what": "differential", "at": "r=2, h=5", "changes": "r=0.1, h=-0.2"}
    values = nabla.run("derive", inputs).values
    assert values["change"] == pytest.approx(2 * np.pi * 2 * 5 * 0.1 + np.pi * 4 * -0.2)
    assert values["actual"] == pytest.approx(np.pi * (2.1**2 * 4.8 - 20))
    values = nabla.run("derive", inputs | {"changes": "r=±0.1, h=±0.2"}).values
    assert values["error"] == pytest.approx(2 * np.pi + 0.8 * np.pi)
    assert values["error_quadrature"] == pytest.approx(np.pi * np.hypot(2, 0.8))


BOUNDED = [
    ("e^x", 3, 0, 0.5),
    ("sin(x)", 4, 0, 1.5),
    ("ln(x)", 2, 1, 0.3),
    ("sqrt(x)", 1, 4, 0.1),
    ("1/(1-x)", 2, 0, 0.4),
]


@pytest.mark.parametrize(("f", "degree", "a", "step"), BOUNDED)
def test_the_bound_of_a_remainder_holds_and_is_no_larger_than_it_must_be(
    f: str, degree: int, a: float, step: float
) -> None:
    inputs = {"f": f, "what": "series", "order": str(degree), "at": f"x={a}", "changes": f"x={step}"}
    values = nabla.run("derive", inputs).values
    plain = {
        "e^x": sp.exp(X), "sin(x)": sp.sin(X), "ln(x)": sp.log(X), "sqrt(x)": sp.sqrt(X), "1/(1-x)": 1 / (1 - X),
    }[f]  # fmt: skip
    assert abs(values["estimate"] - float(plain.subs(X, a + step))) <= values["remainder_bound"]
    grid = np.abs(sp.lambdify(X, plain.diff(X, degree + 1) + 0 * X, "numpy")(np.linspace(a, a + step, 999)))
    least = grid.max() * step ** (degree + 1) / float(sp.factorial(degree + 1))
    assert values["remainder_bound"] == pytest.approx(least, rel=1e-6)


@pytest.mark.parametrize(("low", "high"), [("x^2", "x^3"), ("1", "x^2"), ("sin(x)", "2x")])
def test_answers_to_the_derivative_of_an_integral_are_judged(low: str, high: str) -> None:
    ends = [sp.sympify(end.replace("^", "**").replace("2x", "2*x"), locals={"x": X}) for end in (low, high)]
    values = [sp.cos(end) for end in ends]
    right = values[1] * ends[1].diff(X) - values[0] * ends[0].diff(X)
    slip = values[1] - values[0] if ends[0].has(X) else values[1]
    inputs = {"f": rf"\int_{{{low}}}^{{{high}}} cos(t) dt"}
    for claim, verdict, rules in ((right, "right", []), (slip, "wrong", ["M58"])):
        found = nabla.run("derive", inputs | {"claim": str(claim)}).values["claim"]
        assert found["verdict"] == verdict
        assert [mistake["rule"] for mistake in found["mistakes"]] == rules


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("(0,0) saddle and (1,1) min", "right"), ("(0,0) saddle, (1,1) is a local max", "wrong"), ("(2, 2)", "wrong")],
)
def test_points_that_are_said_to_be_stationary_are_judged(claim: str, verdict: str) -> None:
    text = f"f(x,y) = x^3 + y^3 - 3xy. Find and classify the critical points. I found {claim}."
    verdicts = {told["verdict"] for told in nabla.ask(text).values["claims"]}
    assert ("wrong" in verdicts) is (verdict == "wrong")
    assert "undecided" not in verdicts


@pytest.mark.parametrize(
    ("f", "at", "value"),
    [("q = 500 - 4p", "p=50", -2 / 3), ("p = 100 - 2q", "q=20", -1.5), ("Q = 100 P^(-2)", "P=3", -2.0)],
)
def test_elasticities_by_quantity_and_by_price(f: str, at: str, value: float) -> None:
    document = nabla.run("derive", {"f": f, "what": "elasticity", "at": at})
    assert document.values["value"] == pytest.approx(value)
    assert not _failed(document)


@pytest.mark.parametrize("radius", [1, 2.5])
def test_the_curvature_of_a_circle_is_one_over_its_radius(radius: float) -> None:
    document = nabla.run("derive", {"f": f"sqrt({radius}^2 - x^2)", "what": "curvature", "at": "x=0.3"})
    assert document.values["value"] == pytest.approx(1 / radius)
    assert not _failed(document)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Find F(x) if F'(x) = 3x^2 and F(1) = 4", "x**3 + 3"),
        ("Find f(x) if f'(x) = cos x and f(0) = 2", "sin(x) + 2"),
        ("Find f if f'(x) = 1/x, f(1) = 3", "log(Abs(x)) + 3"),
        ("Find y(x) if y'(x) = 6x^2 - 4x and y(2) = 1", "2*x**3 - 2*x**2 - 7"),
    ],
)
def test_a_value_that_is_told_settles_the_constant(text: str, truth: str) -> None:
    assert nabla.ask(text).values["antiderivative"] == truth


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("f(3)=5 and f'(3)=-2. Find the derivative of x f(x) at 3", 5 + 3 * -2),
        ("f(2)=1, f'(2)=4, derivative of f(x)/x at 2", (2 * 4 - 1) / 4),
        ("g(1)=2, g'(1)=3: what is the derivative of g(x)^2 at x=1?", 2 * 2 * 3),
    ],
)
def test_values_told_of_an_open_function_give_the_derivative_of_what_holds_it(text: str, truth: float) -> None:
    assert nabla.ask(text).values["value"] == pytest.approx(truth)
