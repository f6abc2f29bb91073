"""Kinds of wording that once led to another question: told apart by rule, tried over generated texts."""

from __future__ import annotations

import itertools
import math

import pytest
import sympy as sp

import nabla
from nabla.errors import UserError

X = sp.Symbol("x")


def _asked(text: str) -> dict:
    return nabla.ask(text).to_dict()


@pytest.mark.parametrize("verb", ["got", "get", "think it is", "found", "have"])
@pytest.mark.parametrize(("f", "right", "wrong"), [("sin(x)", "cos(x)", "tan(x)"), ("x^3", "3x^2", "x^2")])
def test_i_before_a_verb_is_the_asker(verb: str, f: str, right: str, wrong: str) -> None:
    for claim, verdict in ((right, "right"), (wrong, "wrong")):
        values = _asked(f"derivative of {f} i {verb} {claim}")["values"]
        assert [told["verdict"] for told in values["claims"]] == [verdict]
        assert sp.simplify(sp.sympify(values["derivative"]) - sp.diff(sp.sympify(f.replace("^", "**")), X)) == 0


@pytest.mark.parametrize("order", [7, 10, 25, 50])
@pytest.mark.parametrize("text", ["cos(2x)", "x e^(-x)", "1/(1-x)"])
def test_an_order_in_words_or_signs_is_the_order_of_the_answer(order: int, text: str) -> None:
    f = {"cos(2x)": sp.cos(2 * X), "x e^(-x)": X * sp.exp(-X), "1/(1-x)": 1 / (1 - X)}[text]
    ends = {1: "st", 2: "nd", 3: "rd"}
    worded = f"find the {order}{ends.get(order % 10, 'th')} derivative of {text}"
    signed = rf"f(x) = {text}. What is f^{{({order})}}(x)?"
    want = sp.diff(f, X, order).subs(X, sp.Rational(3, 10)).evalf(30)
    for asked in (worded, signed):
        got = sp.sympify(_asked(asked)["values"]["derivative"]).subs(X, sp.Rational(3, 10)).evalf(30)
        assert abs(got - want) <= 1e-20 * abs(want)


WAYS = [
    "toward the point (5, 5)", "in the direction of the point (5, 5)", "in the direction of Q(5, 5)",
    "in the direction from P(2, 1) to Q(5, 5)", "in the direction from (2, 1) to (5, 5)",
    "in the direction of v = (3, 4)", "in the direction of (6, 8)",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_direction_is_a_vector_or_the_way_to_a_point(way: str) -> None:
    at = "" if "from P" in way else " at (2, 1)"
    values = _asked(f"Find the directional derivative of f(x,y) = x^2 - 3xy{at} {way}")["values"]
    assert math.isclose(values["value"], -21 / 5)


@pytest.mark.parametrize(("angle", "size"), [("60 degrees", math.pi / 3), ("θ = π/6", math.pi / 6)])
def test_a_direction_by_its_angle(angle: str, size: float) -> None:
    values = _asked(f"Directional derivative of x^2 + y^2 at (1, 1) in the direction given by the angle {angle}")[
        "values"
    ]
    assert math.isclose(values["value"], 2 * math.cos(size) + 2 * math.sin(size), rel_tol=1e-9)


ENDS = ["∫₀² x² dx", r"$\int_0^2 x^2\,dx$", "∫ x² dx from 0 to 2", "integral from 0 to 2 of x^2 dx"]


@pytest.mark.parametrize(("asked", "told"), [*itertools.product(ENDS, ["8/3", "4"])])
def test_numbers_told_for_an_integral_are_judged(asked: str, told: str) -> None:
    values = _asked(f"{asked}. I get {told}")["values"]
    assert values["integral"] == "8/3"
    assert values["claim"]["verdict"] == ("right" if told == "8/3" else "wrong")


LIMITS = ["lim_{x->0} sin(5x)/x", "lim x->0 sin(5x)/x", r"$\lim_{x\to 0}\frac{\sin 5x}{x}$"]


@pytest.mark.parametrize(("asked", "told"), [*itertools.product(LIMITS, [" = ?", ". i got 5", ". I get 1"])])
def test_a_limit_in_plain_text_and_what_is_told_of_it(asked: str, told: str) -> None:
    values = _asked(f"{asked}{told}")["values"]
    assert values["limit"] == "5"
    if "?" not in told:
        assert values["claim"]["verdict"] == ("right" if "5" in told else "wrong")


@pytest.mark.parametrize("command", ["frac", "dfrac", r"\frac"])
def test_a_fraction_without_its_backslash_is_a_fraction(command: str) -> None:
    values = _asked(f"differentiate {command}{{x^3}}{{1+x^2}} please")["values"]
    assert sp.simplify(sp.sympify(values["derivative"]) - sp.diff(X**3 / (1 + X**2), X)) == 0


@pytest.mark.parametrize(
    ("comma", "point"),
    [
        ("f(x) = 2,5x^3 - 0,4x", "2.5*x**3 - 0.4*x"),
        ("0,5x^2 + 1,25", "0.5*x**2 + 1.25"),
        (r"$f(x) = 3,2 e^{-0,7x}$", "3.2*exp(-0.7*x)"),
    ],
)
def test_a_decimal_comma_in_a_formula(comma: str, point: str) -> None:
    values = _asked(f"derivative of {comma} at x = 1,5")["values"]
    assert math.isclose(values["value"], float(sp.diff(sp.sympify(point), X).subs(X, 1.5)), rel_tol=1e-9)


def test_a_comma_in_brackets_parts_numbers() -> None:
    values = _asked("Find f_x and f_y at (1,2) for f(x,y)=x^2y")["values"]
    assert values["value"] == [4, 1]


def test_every_point_of_a_list_is_answered() -> None:
    values = _asked("derivative of x^2 at x = 1, 2 and 3")["values"]
    assert values["question"]["unused"] == []
    told = [(one["asked"], one["value"]) for one in values["further"]]
    assert (values["value"], told) == (2.0, [("at x = 2", 4.0), ("at x = 3", 6.0)])


PARTS = [
    "decompose F = (x^2, x y) into a gradient and a divergence free part",
    "Split the field F = (x^2, x y) into a divergence-free and a curl-free part",
    "Separate F = (x^2, x y) into a solenoidal part and a gradient",
]


@pytest.mark.parametrize("text", PARTS)
def test_the_names_of_the_parts_are_no_requests_of_their_own(text: str) -> None:
    exact = _asked(text)["values"]["exact"]
    field = [sp.sympify(s) + sp.sympify(h) for s, h in zip(exact["S"], exact["H"], strict=True)]
    assert sp.simplify(field[0] - X**2) == 0
    assert sp.simplify(field[1] - X * sp.Symbol("y")) == 0


@pytest.mark.parametrize("text", ["Is u = ln(x²+y²) harmonic?", "Show that e^x sin y is harmonic"])
def test_harmonic_asks_for_the_laplacian(text: str) -> None:
    assert _asked(text)["values"]["laplacian"] == "0"


TOLD = [
    "PyTorch prints w.grad = tensor(12.) but by hand I get 4.", "w.grad is 12 here. By hand I get 4, why?",
    "Why is w.grad 12? I expected w.grad to be 4.",
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD)
def test_a_number_is_that_of_the_gradient_that_the_text_names(told: str) -> None:
    program = (
        "import torch\nw = torch.tensor(2., requires_grad=True)\nb = torch.tensor(1., requires_grad=True)\n"
        "loss = (3*w + b - 5)**2\nloss.backward()\nprint(w.grad)"
    )  # the gradient of b is 4
    values = _asked(f"{told}\n\n{program}")["values"]
    assert values["claim"]["verdict"] == "wrong"
    assert values["question"]["unused"] == []


def test_pairs_of_numbers_in_a_program_are_data() -> None:
    points = [(round(0.3 * k, 1), round(1 + 2 * math.cos(0.9 * k), 4)) for k in range(20)]
    listed = ", ".join(f"(np.float64({t}), np.float64({y}))" for t, y in points)
    document = _asked(f"pts = [{listed}]\n\nhow to fit a sine?")
    assert document["lab"] == "fit"
    assert math.isclose(document["values"]["tones"][0]["frequency"], 3 / (2 * math.pi), rel_tol=1e-3)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("f(x) = x^2, g(x) = sin x. Find the derivative of f(g(x)).", "2*sin(x)*cos(x)"),
        ("Suppose h(x) = f(g(x)) with f(u)=u^3 and g(x)=2x+1. Compute h'(x).", "6*(2*x+1)**2"),
        ("Let f(x) = x^2 + 1. Find d/dx f(3x).", "18*x"),
        ("Let f(x)=e^x and g(x)=x^2. If h(x) = f(x) g(x), find h'(x)", "(x**2+2*x)*exp(x)"),
        ("f(x,y) = x y, g(x) = f(x^2, sin x). find g'(x)", "2*x*sin(x)+x**2*cos(x)"),
        ("derivative of the square root of x^2+1", "x/sqrt(x**2+1)"),
        ("What is the derivative of the natural log of x^2 + 1?", "2*x/(x**2+1)"),
        ("derivative of sine of 3x", "3*cos(3*x)"),
        ("derivative of Sigmoid(3x+1) wrt x", "3*exp(-3*x-1)/(1+exp(-3*x-1))**2"),
        ("For the curve r = 1 + cos θ, find dy/dx", "-(cos(theta)+cos(2*theta))/(sin(theta)+sin(2*theta))"),
    ],
)
def test_functions_of_functions_by_their_names(text: str, want: str) -> None:
    values = _asked(text)["values"]
    gap = sp.sympify(values["derivative"]) - sp.sympify(want)
    assert abs(gap.subs({"x": "7/10", "theta": "7/10"}).evalf(30)) < 1e-20
    assert values["question"]["unused"] == []


TORN = ["is d(uv)/dx = u'v'? for u = x, v = e^x", "Differentiate x e^x.\n\nMy work:\n(u'v - uv')/v^2 = e^x + x e^x"]


@pytest.mark.parametrize("text", TORN)
def test_what_touches_a_part_that_cannot_be_followed_is_not_judged(text: str) -> None:
    values = _asked(text)["values"]
    assert not values.get("claims")
    assert values["question"]["unused"]


@pytest.mark.parametrize("text", ["second order partials of f = x e^{xy}", "all second partials of x e^{xy}"])
def test_second_partials_are_the_hessian(text: str) -> None:
    hessian = _asked(text)["values"]["derivative"]
    y = sp.Symbol("y")
    want = sp.hessian(X * sp.exp(X * y), (X, y))
    assert all(sp.simplify(sp.sympify(hessian[i][j]) - want[i, j]) == 0 for i in (0, 1) for j in (0, 1))


def test_the_root_of_a_function_is_not_its_minimum() -> None:
    document = _asked("Use Newton's method to find the root of x^3 - x - 1 starting at 1.5")
    assert document["values"]["root"] == pytest.approx([1.3247179572447460], rel=1e-12)
    (place,) = _asked("Find the root of x^3 - x - 1")["values"]["places"]
    assert float(place["at"]["x"]) == pytest.approx(1.3247179572447460, rel=1e-12)


def test_definitions_of_definitions_are_put_in_whatever_their_order() -> None:
    parts = ["z = w*x + b", "a = sigmoid(z)", "C = (a - y)^2/2"]
    for order in itertools.permutations(parts):
        values = _asked(f"A neuron: {', '.join(order)}. Find dC/dw")["values"]
        at = {"w": "1/2", "x": "2", "b": "-1", "y": "1"}
        assert sp.sympify(values["derivative"]).subs(at) == sp.Rational(-1, 4)


def test_what_the_function_does_not_hold_is_never_answered_in_silence() -> None:
    document = _asked("Given y_hat = softmax(z), L = -log y_hat_k, what's dL/dz")
    assert "unsure" in [warning["code"] for warning in document["warnings"]]


@pytest.mark.parametrize("name", ["L'Hôpital's rule", "L'Hopital's rule", "l’Hospital"])
def test_a_name_with_an_apostrophe_is_no_derivative(name: str) -> None:
    values = _asked(f"Evaluate using {name}: $\\lim_{{x\\to 0}} \\frac{{\\sin 2x}}{{x}}$")["values"]
    assert values["limit"] == "2"
    assert values["question"]["unused"] == []
    assert values["question"]["asked"] == ["limit"]


def test_a_request_without_its_numbers_is_said() -> None:
    document = _asked("period of sin(3x)+cos(2x)?")
    assert "not-covered" in [warning["code"] for warning in document["warnings"]]


def test_letters_of_the_constraint_side_by_side_are_a_product() -> None:
    values = _asked("max of xy subject to x^2+y^2=1")["values"]
    assert {extremum["value"] for extremum in values["extrema"]} == {"-1/2", "1/2"}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Jacobian determinant of x = r cos t, y = r sin t", "determinant", "r"),
        ("Is the Hessian of x^2 + 3xy + y^2 positive definite?", "definiteness", "indefinite"),
        ("Where is f(x) = x^3 - 3x increasing?", "increasing", ["(-oo, -1)", "(1, oo)"]),
        ("s(t) = t^3 - 6t^2 + 9t. When is the velocity zero?", "places",
         [{"at": {"t": "1"}, "value": "4"}, {"at": {"t": "3"}, "value": "0"}]),
        ("Find a so that the tangent of y = a x^2 at x = 1 has slope 6", "parameters", [{"a": "3"}]),
        ("gradient of f(r, theta) = r^2 cos(theta) in polar coordinates", "derivative",
         ["2*r*cos(theta)", "-r*sin(theta)"]),
    ],
)  # fmt: skip
def test_what_is_asked_beside_a_derivative_is_answered(text: str, name: str, value: object) -> None:
    document = nabla.ask(text)
    assert document.values[name] == value
    assert not document.warnings


@pytest.mark.parametrize(
    "text", ["Find c such that f is continuous: f(x) = x^2 for x < 1, c x for x >= 1", "laplacian of x^2+y^2"]
)
def test_what_is_answered_is_not_named(text: str) -> None:
    assert not nabla.ask(text).warnings


@pytest.mark.parametrize(
    ("f", "equation"),
    [
        ("f(x - y)", "z_x + z_y = 0"), ("f(x^2 - y^2)", "y z_x + x z_y = 0"), ("x f(y)", "x z_x = z"),
        ("f(2x + 3y)", "3 z_x - 2 z_y = 0"), ("f(x) g(y)", "z z_{xy} = z_x z_y"), ("f(x y)", "x z_x - y z_y = 0"),
    ],
)  # fmt: skip
def test_a_function_made_of_an_open_f_solves_what_holds_for_every_f(f: str, equation: str) -> None:
    values = _asked(f"If z = {f}, show that {equation}")["values"]
    assert values["solves"] == [True]
    broken = equation.replace("= ", "= 1 + ")
    assert _asked(f"If z = {f}, show that {broken}")["values"]["solves"] == [False]


@pytest.mark.parametrize(
    ("f", "claim", "verdict"),
    [
        ("σ(z)", "σ(1-σ)", "right"), ("σ(z)", "σ(1+σ)", "wrong"), ("log σ(w x)", "(1-σ)x", "right"),
        ("log σ(w x)", "σ x", "wrong"), ("1/(1+e^(-3x))", "3σ(1-σ)", "right"), ("σ x^2", "2σx", "right"),
    ],
)  # fmt: skip
def test_a_sigma_of_the_answer_is_the_logistic_function_of_the_result(f: str, claim: str, verdict: str) -> None:
    by = "w" if "w" in f else "z" if "z" in f else "x"
    assert _asked(f"derivative of {f} with respect to {by}. I got {claim}")["values"]["claims"][0]["verdict"] == verdict


@pytest.mark.parametrize("amount", ["330 ml", "3 m", "5 s", "0.5 m^3/min", "2 km"])
def test_a_quantity_is_no_function(amount: str) -> None:
    with pytest.raises(nabla.UserError):
        nabla.ask(f"The tank holds {amount}. How long does it take?")


def test_an_integral_may_lack_its_backslash() -> None:
    assert _asked("g(x) = int_{0}^{x^2} sin t dt, find g'(x)")["values"]["derivative"] == "2*x*sin(x**2)"
    assert _asked("int_0^1 x^2 dx")["values"]["integral"] == "1/3"


BEHIND = [
    ("y = {f}", "dy/dx", "x"), ("V = {f}", "dV/dx", "x"), ("f(x) = {f}", "df/dx", "x"), ("E={f}", "dE/dx?", "x"),
    ("r = {f}", "dr/dx", "x"),
]  # fmt: skip


@pytest.mark.parametrize("f", ["x^2 sin(x)", "4/3 pi x^3", "e^(2x)/x", "2pi sqrt(x/3)", "u x + 1/2 a x^2"])
@pytest.mark.parametrize(("frame", "sign", "by"), BEHIND)
def test_a_derivative_sign_beside_a_definition_asks_and_is_no_factor(frame: str, sign: str, by: str, f: str) -> None:
    want = nabla.run("derive", {"f": f, "wrt": by}).values["derivative"]
    definition = frame.format(f=f)
    for text in (f"{definition} {sign}", f"{definition}, {sign}", f"{sign.rstrip('?')} {definition}"):
        assert _asked(text)["values"]["derivative"] == want


def test_a_derivative_sign_in_an_equation_is_a_factor() -> None:
    work = _asked("x^2 + y^2 = 25, so 2x + 2y dy/dx = 0")
    assert "2x + 2y dy/dx" in str(work["values"]["question"])
    with pytest.raises(UserError, match="derivative sign"):  # and no product d y/(d x)
        _asked("differentiate x + y dy/dx = 3")


@pytest.mark.parametrize(("order", "primes"), [(1, "'"), (2, "''"), (1, "′")])
@pytest.mark.parametrize("f", ["x^2 sin(x)", "x^3 + 2x", "(x+1)(x-2)"])
def test_primes_behind_brackets_differentiate_them(f: str, order: int, primes: str) -> None:
    want = nabla.run("derive", {"f": f, "wrt": str(order)}).values["derivative"]
    assert _asked(f"({f}){primes}")["values"]["derivative"] == want
    claim = _asked(f"({f}){primes} = x^7")["values"]
    assert [told["verdict"] for told in claim["claims"]] == ["wrong"]


@pytest.mark.parametrize("name", ["sin", "ln", "erf"])
def test_an_operator_before_a_known_function_differentiates_it(name: str) -> None:
    assert (
        _asked(f"d/dx {name}(x)")["values"]["derivative"]
        == nabla.run("derive", {"f": f"{name}(x)"}).values["derivative"]
    )


@pytest.mark.parametrize("f", ["tr(AX)", "det(X)"])
def test_an_operator_before_a_function_of_a_matrix(f: str) -> None:
    assert nabla.ask(f"d/dX {f}").values["derivative"]
    assert nabla.ask(f"d/dX {f}").answer.text == nabla.ask(f"derivative of {f} with respect to X").answer.text
