"""What is said in words between formulas, and by what a derivative is taken when the text tells it in passing."""

from __future__ import annotations

import pytest
import sympy as sp

from nabla import ask
from nabla.errors import UserError
from nabla.question.understand import understand

SPOKEN = {
    "1 over x": "1/x",
    "3 over x squared": "3/x**2",
    "x over x^2+1": "x/(x**2+1)",
    "sqrt(x) times sin x over x^2": "sqrt(x)*sin(x)/x**2",
    "2 times x cubed": "2*x**3",
    "x to the fourth minus 3 x squared": "x**4-3*x**2",
    "e to the power x times x": "exp(x)*x",
    "x to the 5th power plus 1 over (1+x)": "x**5+1/(1+x)",
    "root x": "sqrt(x)",
    "x times root x": "x*sqrt(x)",
    "x^2 times the square root of x^2+1": "x**2*sqrt(x**2+1)",
    "1 over the square root of x": "1/sqrt(x)",
    "x plus cos of x": "x+cos(x)",
}


@pytest.mark.parametrize("words", SPOKEN)
@pytest.mark.parametrize("frame", ["derivative of {}", "Could you differentiate {} for me?", "y = {}, find dy/dx"])
def test_mathematics_in_words_is_mathematics(words: str, frame: str) -> None:
    document = ask(frame.format(words))
    x = sp.Symbol("x", real=True)
    got = sp.sympify(document.values["derivative"], {"x": x})
    assert sp.simplify(got - sp.diff(sp.sympify(SPOKEN[words], {"x": x}), x)) == 0


@pytest.mark.parametrize("text", ["integrate x^2 over [0, 1]", "extrema of x^2 over [0, 1]"])
def test_over_an_interval_is_no_fraction(text: str) -> None:
    assert understand(text).routed.inputs["f"] == "x^2"


CONSTANT = {
    "derivative of p x^2 + q x with respect to x, p and q are constants": "x",
    "derivative of p x^2 y with respect to x, y constant": "x",
    "derivative of p x^2 y with respect to x, where p and y are held fixed": "x",
    "derivative of x^2 y z with respect to x and y, z held constant": "x,y",
    "derivative of q^2 exp(-q r) with respect to q, r is fixed": "q",
}


@pytest.mark.parametrize("text", CONSTANT)
def test_what_is_constant_is_not_differentiated_by(text: str) -> None:
    assert understand(text).routed.inputs["wrt"] == CONSTANT[text]


CLAIMS = {
    "y = 10^(-x): I have -x 10^(-x-1); textbook: -ln(10) 10^(-x). Who's right?": ["wrong", "right"],
    "f(x) = log_2(x): my answer is 1/x, the solution manual has 1/(x ln 2). Which is correct?": ["wrong", "right"],
    "f(x) = |2x - 10|. I think f'(x) = 2 since the derivative of 2x - 10 is 2. Is that right?": ["wrong"],
    "y = x^3; is the derivative 2x^2?": ["wrong"],
    "y = sin(3x). Is its derivative 3cos(3x)?": ["right"],
    "y = x^2 - 3x. Why is the derivative 2x - 3 and not 2x?": ["right", "wrong"],
    "w = 3, x = 2, y = 2, loss = (w x - y)^2. PyTorch says w.grad is 16 but I get 8": ["right", "wrong"],
    "x = 3, y = 1, w = 2 (requires grad). p = w*x, loss = (p - y)**2. w.grad = 30, I get 10. why?": ["right", "wrong"],
    "Let A be symmetric. d/dx (x^T A x) = 2 x^T A or 2 A x?": ["right", "right"],
    "y = sin 2x, is dy/dx = cos 2x or 2 cos 2x?": ["wrong", "right"],
    "Derivative of x^T A x: some sources say 2Ax, others (A+A^T)x. Why?": ["wrong", "right"],
    "Maple says diff(ln(3*x),x) = 1/x. Where did the 3 go? shouldn't it be 3/x?": ["right", "wrong"],
}


@pytest.mark.parametrize("text", CLAIMS)
def test_answers_are_judged_whole_and_as_whose_they_are(text: str) -> None:
    assert [claim["verdict"] for claim in ask(text).values["claims"]] == CLAIMS[text]


def test_what_is_meant_takes_the_place_of_what_was_said() -> None:
    assert understand("derivative of 2x^3, I mean 2x^4").routed.inputs["f"] == "2x^4"


ASKED = {
    "area under x^2 from 0 to 3": {"f": "x^2", "domain": "0 <= x <= 3", "what": "integral"},
    "maclaurin of e^x sin x to x^3": {"f": "e^x sin x", "what": "series", "order": "3", "at": "x=0"},
    "f(x,y)=x e^y find fx fy fxx": {"f": "x e^y", "what": "gradient"},
    "the derivative of e^x is e^x, but what about e^(-x)?": {"f": "e^(-x)"},
    "find a root of x^3 - x - 1": {"f": "x^3 - x - 1"},
    "What's the second derivative test for x^4 - 4x^3?": {"what": "extrema"},
    "limit of (1+1/n)^n": {"f": "lim_{n -> oo} (1+1/n)^n"},
    "limit of sin(x)/x at 0": {"f": "lim_{x -> 0} sin(x)/x"},
    "d/dx of Ax": {"f": "A x", "wrt": "x"},
    "derivative of a^x where a>0": {"f": "a^x", "domain": "a>0"},
    "unit vector of steepest ascent of x^2+3y^2 at (1,1)": {"what": "steepest"},
    "integral of 1/x between 1 and e": {"f": "1/x", "domain": "1 <= x <= e", "what": "integral"},
    "max of x^3 - 3x between x = -2 and x = 3": {"domain": "-2 <= x <= 3", "what": "extrema"},
    "minimum of x^2 - x on [0, 1]": {"domain": "0 <= x <= 1", "what": "extrema"},
    "smallest value of x^2 - x from 0 to 1": {"domain": "0 <= x <= 1", "what": "extrema"},
    "gradient descent on (x-3)^2 on [0,10], start 1": {"f": "(x-3)^2", "start": "1"},
    "r=1+cosθ dy/dx at θ=π/2": {"f": "x = (1+cosθ) cos(theta); y = (1+cosθ) sin(theta)", "wrt": "x"},
}


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked_in_a_few_words(text: str) -> None:
    assert ASKED[text].items() <= understand(text).routed.inputs.items()


def test_every_derivative_that_is_asked_stands_in_the_sentence() -> None:
    answer = ask("f(x,y)=x e^y. Find f_x, f_y, f_xy and f_yy at (1,0)").answer
    assert answer is not None
    assert answer.text.count("= 1 at x = 1, y = 0.") == 2


LOSSES = {
    "gradient of the cross entropy loss": "softmax(z) - y",
    "derivative of cross entropy with softmax": "softmax(z) - y",
    "gradient of binary cross entropy w.r.t. the logit": "σ - y",
    "derivative of the binary cross-entropy with respect to p": "(y - p)/(p (p - 1))",
    "derivative of the mse": "2/n Xᵀ (X w - y)",
    "gradient of mse with respect to the prediction": "2/n (p - y)",
    "gradient of logistic loss": "y (σ - 1)",
    "gradient of hinge loss": "- y, for y z < 1",
    "what is the gradient of the ridge regression objective": "2 Xᵀ (X w - y) + 2 λ w",
}


@pytest.mark.parametrize("text", LOSSES)
def test_a_loss_that_is_named_is_written_out(text: str) -> None:
    answer = ask(text).answer
    assert answer is not None
    sums = answer.text.replace("(yᵀ 1) ", "").replace("-y + softmax(z)", "softmax(z) - y")
    assert LOSSES[text] in sums


def test_a_rate_of_change_at_a_place_is_a_derivative() -> None:
    document = ask("how fast does A = x^2 change when x = 4")
    assert document.values["value"] == 8
    assert not document.warnings


RATES = {
    "y = sqrt(x). When x = 4, dx/dt = 3 cm/s. How fast is y changing?": 0.75,
    "A = pi r^2, dr/dt = 2. How fast is the area changing when r = 5?": 62.83185307179586,
    "y = x^3, dx/dt = 2 m/s. How fast is y increasing when x = 1?": 6.0,
}


@pytest.mark.parametrize("text", RATES)
def test_how_fast_a_name_changes_is_by_what_the_rates_are_by(text: str) -> None:
    document = ask(text)
    assert float(sp.sympify(document.values["rate"])) == pytest.approx(RATES[text])
    assert not document.values["question"]["unused"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("arc length of y = x^{3/2} from 0 to 4", "an arc length"),
        ("unit tangent vector of r(t) = (cos t, sin t, t)", "a unit tangent"),
    ],
)
def test_what_is_not_covered_is_said_by_its_name(text: str, what: str) -> None:
    assert any(
        warning.code == "not-covered" and f"You asked for {what}" in warning.message for warning in ask(text).warnings
    )


@pytest.mark.parametrize("text", ["max volume of a tray from a 12x12 sheet", "double integral of xy over [0,1]x[0,2]"])
def test_sizes_and_regions_are_no_functions(text: str) -> None:
    with pytest.raises(UserError):
        ask(text)


JUDGED = {
    "Check my integration: ∫ ln x dx = x ln x + x + C. The book has x ln x - x.": ["wrong", "right"],
    "L(b) = 1/(2n) ||y - Xb||^2 + lam/2 ||b||^2. gradient wrt b? I have -X^T(y - Xb)/n + lam b": ["right"],
}


@pytest.mark.parametrize("text", JUDGED)
def test_the_answers_of_others_are_judged_by_themselves(text: str) -> None:
    assert [claim["verdict"] for claim in ask(text).values["claims"]] == JUDGED[text]


PIECES = {
    "Let f(x) = (1 - cos x)/x for x ≠ 0 and f(0) = 0. Find f'(x) for x ≠ 0 and f'(0).": 0.5,
    r"$f(x)=\frac{\sin x}{x}$ and $f(0)=1$. Compute $f'(0)$.": 0.0,
    r"$f(x,y) = \frac{xy}{x^2+y^2}$ for $(x,y)\neq(0,0)$ and $f(0,0)=0$. Find $f_x(0,0)$ and $f_y(0,0)$.": [0.0, 0.0],
}


@pytest.mark.parametrize("text", PIECES)
def test_a_value_told_for_a_place_is_a_piece_of_the_function(text: str) -> None:
    assert ask(text).values["value"] == pytest.approx(PIECES[text])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Is |z|^2 holomorphic?", "not analytic"),
        ("derivative of |z|^2 for complex z", "not analytic"),
        ("f(z) = x^2 - y^2 + 2ixy, is it analytic?", "is analytic wherever"),
    ],
)
def test_letters_are_complex_where_the_text_means_it(text: str, said: str) -> None:
    answer = ask(text).answer
    assert answer is not None and said in answer.text


def test_a_complex_function_may_be_a_long_one() -> None:
    assert not ask("derivative of a complex function: sin(3x^2)cos(x)").warnings


@pytest.mark.parametrize(
    ("text", "place", "least"),
    [
        ("The cost is C(x) = 0.05x^2 + 4x + 500. Find the production level that minimizes average cost.", 100, 14),
        ("Total cost C(q) = q^3 - 6q^2 + 15q. At what output is average cost a minimum?", 3, 6),
    ],
)
def test_the_least_average_cost_is_that_of_a_piece(text: str, place: float, least: float) -> None:
    found = [point for point in ask(text).values["extrema"] if "min" in point["kind"]]
    assert len(found) == 1
    assert float(sp.sympify(found[0]["value"])) == pytest.approx(least)
    assert str(place) in str(found[0])


@pytest.mark.parametrize(
    ("text", "f", "claim"),
    [
        ("Show that the gradient of ½‖Ax − b‖² is Aᵀ(Ax − b).", "½‖Ax − b‖²", "Aᵀ(Ax − b)"),
        ("minimise ½‖Xw − y‖² + λ‖w‖²", "½‖Xw − y‖² + λ‖w‖²", None),
        ("derivative of ½x² + 1¾x", "½x² + 1¾x", None),
        ("gradient of x⊤Ax + b⊤x w.r.t. x", "x⊤Ax + b⊤x", None),
    ],
)
def test_fractions_bars_and_the_sign_of_a_transpose_are_mathematics(text: str, f: str, claim: str | None) -> None:
    routed = understand(text).routed
    assert routed.inputs["f"] == f and routed.inputs.get("claim") == claim


def test_a_sign_of_mathematics_that_nothing_reads_is_named() -> None:
    text = "derivative of x^2 and ⊕ there"
    assert "⊕" in {text[a:b] for a, b in understand(text).unused}


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("how do I differentiate 3 to the power of 2x", "2*log(3)*9**x"),
        ("derivative of e to the minus x squared", "-2*x*exp(-x**2)"),
        ("derivative of e to the negative 3x", "-3*exp(-3*x)"),
        ("e to the power of (2x+1) derivative", "2*exp(2*x+1)"),
        ("derivative of 2 to the x", "2**x*log(2)"),
        ("derivative of x to the 5th power", "5*x**4"),
    ],
)
def test_powers_said_in_words_take_their_whole_exponent(text: str, derivative: str) -> None:
    found = ask(text).values["derivative"]
    assert sp.simplify(sp.sympify(found) - sp.sympify(derivative)) == 0


def test_a_place_that_a_letter_equals_in_words_is_a_point() -> None:
    assert ask("slope of y = x cubed minus 2x at x equals 2").values["value"] == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("derivative of entropy -sum p log p", "∇_p f = -ln(p) - 1"),
        ("gradient of KL: sum p log(p/q) wrt q", "∇_q f = -(p ⊙ q^(⊙ -1))"),
        ("is log x concave", "concave down on (0, ∞)."),
        ("lagrange: max xy subject to x + y = 10", "maximum of 25 at x = 5, y = 5"),
        ("convexity of x^4", "concave up on (-∞, ∞)"),
        ("polar r = 1 + cos theta slope at theta = pi/2", "= 1 at θ = π/2"),
    ],
)
def test_short_questions_are_answered_as_they_are_meant(text: str, said: str) -> None:
    answer = ask(text).answer
    assert answer is not None and said in answer.text


def test_the_area_between_curves_is_not_their_derivative() -> None:
    assert any(warning.code == "not-covered" for warning in ask("area between y = x^2 and y = x").warnings)
