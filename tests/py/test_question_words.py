"""What stands around formulas: units, nouns with hyphens, names, and what is asked for in words that no lab answers."""

import re

import pytest
import sympy

import nabla
from nabla.errors import UserError
from nabla.question.markup import with_plain_markup
from nabla.question.understand import understand
from nabla.question.wanted import wanted


def shapes(text: str) -> list[tuple[str, str]]:
    return [(formula.shape, formula.read) for formula in understand(text).reading.formulas]


@pytest.mark.parametrize(
    "quantity",
    [
        r"$30 \mathrm{~cm}$", r"$0.8 \mathrm{~kg} / \mathrm{m}^3$", r"$2 \text{ m/s}$", "40.0 N/cm", "2.0 m/s^2",
        r"$360-\mathrm{lb}$", r"$45^{\circ}$", r"$60,000 \pi \mathrm{~ft}^3 / \mathrm{h}$", "3.0 x 10^14 Bq", "10-kg",
        "12-m level", "17 ft", r"$25 \Omega$", r"$2 \%$",
    ],
)  # fmt: skip
def test_quantities_are_no_functions(quantity: str) -> None:
    with pytest.raises(UserError) as caught:
        understand(f"There is one of {quantity} here.")
    assert caught.value.code == "unknown-lab"
    assert understand(f"Differentiate x^3 sin x with one of {quantity} here.").routed.inputs == {"f": "x^3 sin x"}


@pytest.mark.parametrize("name", ["m", "s", "h", "N", "V"])
def test_letters_of_units_are_variables_where_they_are_used_so(name: str) -> None:
    formula = f"3{name}^2 + 2 {name}"
    assert understand(f"Differentiate {formula}").routed.inputs["f"] == formula


@pytest.mark.parametrize("noun", ["x-axis", "n-th", "y-intercept", "t-test", "2nd-order", "k-fold"])
def test_nouns_with_hyphens_are_words(noun: str) -> None:
    assert understand(f"Find the derivative of x^2 sin x and the {noun}").routed.inputs["f"] == "x^2 sin x"


@pytest.mark.parametrize(
    ("text", "integrand"),
    [
        (r"Find $\int_{0}^{\sqrt{3}} \frac{dx}{1+x^2}$.", r"\int_{0}^{\sqrt{3}} \frac{dx}{1+x^2}"),
        ("∫ dx/(1+x^2)", "∫ dx/(1+x^2)"),
        (r"Evaluate \(\int \frac{x\,\mathrm{d}x}{1+x^2}\)", r"\int \frac{x\,\mathrm{d}x}{1+x^2}"),
    ],
)
def test_integrals_go_to_the_end_of_their_fraction(text: str, integrand: str) -> None:
    assert understand(text).routed.inputs["f"] == integrand


@pytest.mark.parametrize("words", ["integrate", "Find the integral of", "an antiderivative of"])
@pytest.mark.parametrize("integrand", ["x^2 ln x", "sin x", "cos 2x", "sqrt x", "e^x sin x", "(ln x)/x", "1/(1+x^2)"])
@pytest.mark.parametrize("var", ["x", "t"])
def test_words_stand_for_the_sign_of_an_integral(words: str, integrand: str, var: str) -> None:
    body = re.sub(r"(?<![a-z])x(?![a-z])", var, integrand)
    inputs = understand(f"{words} {body} d{var}").routed.inputs
    assert (inputs["f"], inputs["what"]) == (f"∫ {body} d{var}", "integral")


def test_a_factor_d_and_a_form_are_no_integrals() -> None:
    assert understand("Differentiate x sin x dx").routed.inputs["f"] == "x sin x dx"
    assert understand("integrate x dx + y dy along the unit circle").routed.lab == "decompose"


@pytest.mark.parametrize("text", ["Suppose $n=n_0$ and $y = c$ there.", "If y = f(x) then what?", "It is at $x=c$."])
def test_what_only_names_is_no_function(text: str) -> None:
    with pytest.raises(UserError):
        understand(text)


def test_the_own_variable_of_a_function_is_not_put_into_it() -> None:
    asked = understand(r"Let $f(x) = x(1-x)$. Find the derivative at $x= \frac12$.")
    assert asked.routed.inputs == {"f": "x(1-x)", "at": r"x=\frac12"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Find the area below y = x^2 cos x.", "Find the area below y = x^2 cos x"),
        ("A body moves by s = 4t - t^2. What is its average position?", "What is its average position"),
        ("Find the derivative of x^2 cos x.", ""),
        ("x^2 cos x. I get 2x. Where is my mistake?", ""),
        ("x^2 cos x", ""),
    ],
)
def test_what_is_asked_for_in_other_words_is_said(text: str, words: str) -> None:
    assert wanted(understand(text).reading) == words
    codes = {warning.code for warning in nabla.ask(text).warnings}
    assert ("not-covered" in codes) == bool(words)


@pytest.mark.parametrize(
    ("sign", "unknown", "truth"),
    [
        ("∂z/∂x", "z", "-(x**2 + 2*y*z)/(2*x*y + z**2)"),
        (r"$\frac{\partial z}{\partial y}$", "z", "-(2*x*z + y**2)/(2*x*y + z**2)"),
        (r"${{\partial z}\over{\partial x}}$", "z", "-(x**2 + 2*y*z)/(2*x*y + z**2)"),
        ("dy/dz", "y", "-(2*x*y + z**2)/(2*x*z + y**2)"),
    ],
)
def test_the_sign_tells_which_name_of_an_equation_is_the_function(sign: str, unknown: str, truth: str) -> None:
    answered = nabla.ask(f"Find {sign} for x^3 + y^3 + z^3 + 6xyz = 1.")
    x, y, z = sympy.symbols("x y z")
    asked = sympy.sympify(truth, locals={"x": x, "y": y, "z": z})
    found = sympy.sympify(answered.values["derivative"], locals={"x": x, "y": y, "z": z})
    assert sympy.simplify(found - asked) == 0
    assert f"${unknown}$" in answered.title


@pytest.mark.parametrize(("sign", "order"), [("d2y/dx2", 2), ("d3y/dx3", 3), ("d^2y/dx^2", 2), ("d²y/dx²", 2)])
def test_orders_that_lost_their_place(sign: str, order: int) -> None:
    assert understand(f"y = x^5 - 3x, find {sign}").routed.inputs["wrt"] == ",".join("x" * order)


def test_increments_are_names() -> None:
    question = understand("z = x^2 - xy. Find dz and Δz")
    assert question.routed.inputs["f"] in ("x^2 - xy", "z = x^2 - xy")
    assert question.asked == ["differential"]


@pytest.mark.parametrize(
    ("program", "inputs"),
    [
        ("x = symbols('x')\nf = (x**2 - 1)**5\nd = diff(diff(f, x), x)", {"f": "(x ** 2 - 1) ** 5", "wrt": "x,x"}),
        ("x = symbols('x')\ng = diff(x**3, x)\nprint(diff(g, x, 2))", {"f": "x ** 3", "wrt": "x,x,x"}),
        ("x1 = Symbol('x')\nprint(diff(sin(x1)*x1, x1))", {"f": "sin(x) * x", "wrt": "x"}),
        ("t = sympify('x^2 + 1')\nx = Symbol('x')\nprint(diff(t, x))", {"f": "x^2 + 1", "wrt": "x"}),
    ],
)
def test_derivatives_of_sympy_programs(program: str, inputs: dict[str, str]) -> None:
    assert understand(f"from sympy import *\n{program}").routed.inputs == inputs


@pytest.mark.parametrize(
    "program",
    [
        "x = Symbol('x')\nt = x**2\ny = Symbol('x', real=True)\nprint(diff(t, y))",
        "f = Function('f')\nt = Symbol('t')\nprint(f.diff(t))",
    ],
)
def test_sympy_programs_that_mean_something_else_are_refused(program: str) -> None:
    with pytest.raises(UserError):
        understand(f"from sympy import *\n{program}")


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("<math><mi>y</mi><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup><mi>sin</mi><mi>x</mi></math>", "{x}^{2} \\sin x"),
        ("<math><mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><msqrt><mi>x</mi></msqrt></mfrac></math>",
         r"\frac{x + 1}{\sqrt{x}}"),
        (r"f ( x ) = x 2 sin ⁡ ( x ) {\displaystyle f(x)=x^{2}\sin(x)}", r"x^{2}\sin(x)"),
        ("<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^{3}</annotation></semantics></math>",
         "x^{3}"),
        ("(%i1) diff(x^2*exp(x), x);", "x^2*exp(x)"),
        ("f := x -> x^3*exp(-x): diff(f(x), x$2);", "x^3*exp(-x)"),
        ("In[1]:= f[x_] := x^2 Sin[x]\nIn[2]:= D[f[x], x]", "x^2 Sin[x]"),
        ("syms x\nf = x^2*sin(3*x);\ndf = diff(f, x)", "x^2*sin(3*x)"),
    ],
)  # fmt: skip
def test_formulas_of_pages_and_of_other_systems(text: str, inputs: str) -> None:
    question = understand(f"Find the derivative of {text}" if text[0] in "<f" and ":=" not in text else text)
    assert question.routed.inputs["f"].removeprefix("y = ") == inputs
    assert not question.unused
    assert "".join(piece.text for piece in question.reading.pieces) == with_plain_markup(question.text)
    assert len(with_plain_markup(question.text)) == len(question.text)


def test_orders_of_maple_count() -> None:
    assert understand("diff(x^3*exp(-x), x$2);").routed.inputs["wrt"] == "x,x"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Find the curl of F = yz, xz, xy", "yz; xz; xy"),
        ("Is F = 2xy, x^2 conservative?", "2xy; x^2"),
        ("Is F = <2xy, x^2 + 3y^2> conservative?", "2xy; x^2 + 3y^2"),
        ("E(x,y) = (2x, y), x > 0", "2x; y"),
    ],
)
def test_components_without_brackets(text: str, field: str) -> None:
    routed = understand(text).routed
    assert (routed.lab, routed.inputs["V"]) == ("decompose", field)


@pytest.mark.parametrize(
    "text",
    [
        "Find the derivative of each:\n1) y = x^3 - 2x\n2) y = sin(2x)\n3) y = e^(x^2)",
        "Differentiate the following functions: (a) y = x^3 - 2x (b) y = sin(2x) (c) y = e^(x^2)",
    ],
)
def test_each_function_of_a_list_is_answered(text: str) -> None:
    question = understand(text)
    functions = [question.routed.inputs, *(filled.inputs for filled in question.routed.further)]
    assert [inputs["f"].removeprefix("y = ") for inputs in functions] == ["x^3 - 2x", "sin(2x)", "e^(x^2)"]
    assert not question.unused


def test_a_line_of_a_program_in_a_sentence_is_no_formula() -> None:
    question = understand("Differentiate x^2 sin x. Shouldn't it be W2 -= h.T@d2 ?")
    assert question.routed.inputs == {"f": "x^2 sin x"}
    assert [formula.read for formula in question.reading.formulas if formula.island.code] == ["W2 -= h.T@d2"]


WORK = """Homework Statement
Differentiate f(x) = (x^2 + 3)/(x - 2)

The Attempt at a Solution
f'(x) = [(x-2)(2x) - (x^2+3)(1)]/(x-2)^2
= (2x^2 - 4x - x^2 + 3)/(x-2)^2
= (x^2 - 4x + 3)/(x-2)^2

The book says (x^2 - 4x - 3)/(x-2)^2. Where did I go wrong?"""


def test_lines_that_begin_with_an_equals_sign_lead_on() -> None:
    answered = nabla.ask(WORK)
    judged = [(claim["whose"], claim["verdict"]) for claim in answered.values["claims"]]
    assert judged == [("asker", "right"), ("asker", "wrong"), ("asker", "wrong"), ("rival", "right")]
    assert not answered.warnings


def test_an_answer_may_use_the_name_of_the_function() -> None:
    for text in (
        "y = x^x. I got dy/dx = y(ln x + 1)",
        "s = t^2 e^t. I got ds/dt = 2s/t + s",
        r"f(\omega) = e^{3\omega}. My answer is f'(\omega) = 3 f(\omega)",
        r"$g(x) = \frac{1}{\sqrt{x}}$. I get $g'(x) = -\frac{g(x)}{2x}$",
    ):
        assert [claim["verdict"] for claim in nabla.ask(text).values["claims"]] == ["right"]


IMPLICIT = r"""I try to solve $x^{2}+xy+y^{3}=1$ by implicit differentiation.
My work:
$(1)\,\,{d\over dx}{[x^2]}+{d\over dx}{[xy]}+{d\over dx}{[y^3]}={d\over dx}{[1]}$
$(2)\quad {dy\over dx}=\boxed{-{{2x+y}\over{3y^2}}}$
But the answer says it should be:
$(2)\quad {dy\over dx}=-{2x\,+\,y\over{x\,+\,3y^2}}$
Why?"""


def test_lines_of_work_are_not_the_equation_and_each_answer_has_its_owner() -> None:
    answered = nabla.ask(IMPLICIT)
    assert answered.inputs["f"] == "x^{2}+xy+y^{3}=1"
    judged = [(claim["whose"], claim["verdict"]) for claim in answered.values["claims"]]
    assert judged == [("asker", "wrong"), ("rival", "right")]


def test_velocity_and_acceleration_are_both_answered() -> None:
    answered = nabla.ask("s(t) = t^3 - 6t^2 + 9t in meters. Find the velocity and acceleration at t = 2 s.")
    assert answered.values["value"] == -3
    assert [further["value"] for further in answered.values["further"]] == [0]


def test_a_factor_that_is_spoken_of_is_no_answer() -> None:
    question = understand("d/dx arcsin(2x) = 1/sqrt(1-4x^2). My friend says there should be a 2 on top.")
    assert [claim.lines for claim in question.claims] == ["1/sqrt(1-4x^2)"]


@pytest.mark.parametrize(
    "text",
    [
        "derivative of sin x at pi/2. I got 0",
        "x(t) = 3 cos(2t). Find the second derivative at t = pi/4. I get 0.",
        "derivative of cos x at x = pi. I got 0",
        r"$\mathcal{L} = \tfrac{1}{2}(\hat{y} - y)^2$. Is $\frac{\partial\mathcal{L}}{\partial\hat{y}} = \hat{y} - y$?",
        "Find f_xx(x,y) and f_xy(x,y) for f(x,y) = x^2 y^3. I have fxx = 2y^3",
    ],
)
def test_right_answers_are_called_right(text: str) -> None:
    assert [claim["verdict"] for claim in nabla.ask(text).values["claims"]] == ["right"]


def test_what_is_given_is_no_answer() -> None:
    question = understand("V(x) = k x^2/2 - q E x. Find the equilibrium, where dV/dx = 0.")
    assert not question.claims


def test_functions_side_by_side_are_each_answered() -> None:
    question = understand("Find the derivative of: f(x) = cos(3x), g(x) = e^(x^2), y = ln(2x + 1)")
    assert [filled.inputs["f"] for filled in question.routed.further] == ["e^(x^2)", "ln(2x + 1)"]


def test_a_variable_that_the_formula_does_not_hold_is_said() -> None:
    question = understand("L = (p - y)^2. What is the derivative of p^2 + q with respect to z, dL/dz?")
    assert question.unused or question.routed.doubts


@pytest.mark.parametrize("word", ["at", "is", "in", "as", "me"])
def test_letters_glued_to_a_number_and_raised_are_no_word(word: str) -> None:
    formula = f"1/2{word}^2"
    assert understand(f"Differentiate {formula} + 3").routed.inputs["f"] == f"{formula} + 3"
