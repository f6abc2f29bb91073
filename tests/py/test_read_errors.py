"""Texts that cannot be read: the code, one sentence, and the place under which the caret stands."""

import pytest

from nabla.errors import CODES, UserError
from nabla.read.formula import read_equation, read_formula, read_formulas

# (text, code, what the caret stands under, a part of the message or the hint)
REFUSED = [
    ("", "empty", "", "no formula"),
    ("   ", "empty", "   ", "no formula"),
    ("2+", "syntax", "+", "must follow +"),
    ("2*", "syntax", "*", "must follow *"),
    ("*2", "syntax", "*", "cannot stand"),
    ("x^", "syntax", "^", "must follow ^"),
    ("2 + * 3", "syntax", "*", "cannot stand"),
    ("(x", "unbalanced", "(", "never closed"),
    ("x)", "unbalanced", ")", "closes nothing"),
    ("((x)", "unbalanced", "(", "never closed"),
    ("(x}", "unbalanced", "}", "another kind"),
    ("[x)", "unbalanced", ")", "closes the [ of another kind"),
    ("(x]", "unbalanced", "]", "closes the ( of another kind"),
    ("x]", "unbalanced", "]", "closes nothing"),
    ("w[0] + 1", "forbidden", "[", "write x_0"),
    ("derivative of x^2", "syntax", "derivative", "word of a sentence"),
    ("x^2 with respect to x", "syntax", "with", "word of a sentence"),
    ("d(x^2)/dx", "syntax", "d", "derivative sign"),
    ("x mod 2", "syntax", "mod", "Remainders"),
    ("x + d²/dx² y", "syntax", "d²/dx", "derivative sign"),
    ("()", "syntax", "()", "Nothing stands between"),
    ("sin()", "syntax", "()", "Nothing stands between"),
    ("|x", "unbalanced", "|", "no partner"),
    ("(|x)", "unbalanced", "|", "no partner"),
    ("sin", "arguments", "sin", "needs an argument"),
    ("sin + 1", "arguments", "sin", "needs an argument"),
    ("sin(x, y)", "arguments", "sin(x, y)", "takes 1 argument; here it has 2"),
    ("atan2(x)", "arguments", "atan2(x)", "takes 2 arguments"),
    ("where(x > 0, 1)", "arguments", "where(x > 0, 1)", "takes 3 arguments"),
    ("f'", "arguments", "f'", "needs its argument"),
    ("f'(x, y)", "arguments", "f'(x, y)", "which argument"),
    ("sinn(x)", "unknown-function", "sinn", "Did you mean sin?"),
    ("arcsn(x)", "unknown-function", "arcsn", "Did you mean arcsin?"),
    ("sqr(x)", "unknown-function", "sqr", "Did you mean sqrt?"),
    ("2*arctn(x) + 1", "unknown-function", "arctn", "Did you mean arctan?"),
    ("blub(x)", "unknown-function", "blub", "For a product, write blub*(...)"),
    ("np.blub(x)", "unknown-function", "blub", "not a function known here"),
    ("np.sum(x)", "unknown-function", "sum", "arrays"),
    ("diff(x**2, x)", "unknown-function", "diff", "Type only the function"),
    ("integrate(x)", "unknown-function", "integrate", "integrand"),
    ("d/dx x^2", "syntax", "d/dx", "derivative sign"),
    (r"\frac{d}{dx} x^2", "syntax", r"\frac{d}{dx}", "derivative sign"),
    ("∂x", "syntax", "∂", "Derivative signs"),
    ("∫ x dx", "syntax", "∫", "Integrals"),
    ("2 3", "syntax", "3", "side by side"),
    ("1.2.3", "syntax", ".3", "side by side"),
    ("x = 2", "syntax", "=", "equation"),
    ("y = x^2", "syntax", "=", "Type one side only, as x^2."),
    ("√x^", "syntax", "^", "must follow ^"),
    ("factorial(erf(7 - 99)/1)", "undefined", "factorial(erf(7 - 99)/1)", "value"),
    ("|x|x|", "unbalanced", "|", "no partner"),
    ("x.^2", "syntax", ".", "without a point"),
    ("1,000x", "syntax", ",", "1000 without a comma"),
    ("x == 2", "syntax", "==", "equation"),
    ("x; y", "syntax", ";", "One formula"),
    ("x, y", "syntax", ",", "comma"),
    ("(1,5)", "syntax", "(1,5)", "with a point"),
    ("x > 0", "syntax", "x > 0", "condition"),
    ("x + (y > 0)", "syntax", "(y > 0)", "condition"),
    ("1 if x else 0", "syntax", "x", "condition is needed"),
    ("1 if x > 0", "syntax", "0", "else is missing"),
    ("piecewise(x)", "arguments", "x", "value and its condition"),
    ("1 if (1 if x > 0 else 2) > 1 else 3", "syntax", "(1 if x > 0 else 2) > 1", "depend on cases"),
    ("x ± 1", "syntax", "±", "two formulas"),
    ("x!!", "syntax", "!", "Double factorials"),
    ("x'", "arguments", "x'", "needs its argument"),
    ("2'", "forbidden", "'", "quotation"),
    ("(x)'", "syntax", "'", "prime"),
    ("30°", "syntax", "°", "radians"),
    ("5%", "syntax", "%", "percent"),
    ("a:b", "forbidden", ":", "colon"),
    ("x # y", "syntax", "#", "Comments"),
    ("x $ y", "syntax", "$", "no partner"),
    ("х + 1", "syntax", "х", "cyrillic small letter ha"),
    ("x\x00", "syntax", "\x00", "U+0000"),
    ("x ☃", "syntax", "☃", "☃"),
    ("1/0", "undefined", "0", "divides by zero"),
    ("x/(2-2)", "undefined", "(2-2)", "divides by zero"),
    ("0^-1", "undefined", "0^-1", "divides by zero"),
    ("sqrt(-1)", "undefined", "sqrt(-1)", "not a real number"),
    ("2 + (-8)^(1/3)", "undefined", "(-8)^(1/3)", "cbrt"),
    ("log(-1)", "undefined", "log(-1)", "not a real number"),
    ("log(0)", "undefined", "log(0)", "no finite value"),
    ("tan(pi/2)", "undefined", "tan(pi/2)", "no finite value"),
    ("asin(2)x", "undefined", "asin(2)", "not a real number"),
    ("(-2)^pi", "undefined", "(-2)^pi", "not a real number"),
    ("∞", "undefined", "∞", "Infinity"),
    ("x + ∞", "undefined", "∞", "Infinity"),
    ("9**9**9", "too-big", "9**9**9", "exponent"),
    ("x**9**9", "too-big", "x**9**9", "exponent"),
    ("2 + ((9**9)**9999)**9999", "too-big", "((9**9)**9999)", "too large"),
    ("10^5000", "too-big", "10^5000", "too large"),
    ("2^(x + 10^9)", "too-big", "2^(x + 10^9)", "exponent"),
    ("(x^999)^999", "too-big", "(x^999)^999", "exponent"),
    ("2^9000*3^9000", "too-big", "3^9000", "too large"),
    ("exp(exp(exp(10)))", "too-big", "exp(exp(10))", "too large"),
    ("exp(log(9)*5000)", "too-big", "exp(log(9)*5000)", "too large"),
    ("5000!", "too-big", "5000!", "1,000"),
    ("20!!!", "syntax", "!", "Double"),
    ("(20!)!", "too-big", "(20!)!", "1,000"),
    ("gamma(10^9)", "too-big", "gamma(10^9)", "1,000"),
    ("1e999", "too-big", "1e999", "too large"),
    ("x + " + "1" * 61, "too-big", "1" * 61, "60 digits"),
    (r"\foo x", "unknown-name", r"\foo", "LaTeX"),
    (r"\frac{x", "unbalanced", "{", "never closed"),
    (r"\sqrt[3", "unbalanced", "[", "never closed"),
    (r"\begin{cases} x & x > 0", "unbalanced", r"\begin{cases}", "never closed"),
    (r"\begin{matrix} x \end{matrix}", "unknown-name", r"\begin{matrix}", "matrix"),
    (r"\mathbf{w}^\top \mathbf{x}", "syntax", r"\mathbf{w}^\top", "Vectors"),
    (r"\mathbf{w}^T x", "syntax", r"\mathbf{w}^T", "Vectors"),
    (r"\|x\|", "syntax", r"\|", "Norms"),
    (r"\sum_i x_i", "syntax", r"\sum", "Sums"),
    (r"x_{i+1} \cdot 2", "syntax", "_{i+1}", "letters and digits"),
    (r"x \pm 1", "syntax", r"\pm", "two formulas"),
    (r"\hat{x+y}", "syntax", r"\hat{x+y}", "one name"),
]


@pytest.mark.parametrize(("text", "code", "under", "part"), REFUSED, ids=[repr(row[0])[:40] for row in REFUSED])
def test_refusals(text: str, code: str, under: str, part: str) -> None:
    with pytest.raises(UserError) as caught:
        read_formula(text)
    error = caught.value
    assert error.code == code
    assert error.span is not None
    if under or part:
        assert text[error.span.start : error.span.end] == under
    assert part in f"{error.message} {error.hint}"
    assert error.message.endswith((".", "?"))
    assert len(error.message) < 140


def test_a_caret_is_inside_of_the_whole_text() -> None:
    text = "x^2; 2 + ; y"
    with pytest.raises(UserError) as caught:
        read_formulas(text)
    assert caught.value.span is not None
    assert caught.value.span.start == text.index("+")
    with pytest.raises(UserError, match="no formula") as caught:
        read_formulas("x; ; y")
    assert caught.value.span is not None
    assert caught.value.span.start == 2


def test_an_equation_has_one_sign() -> None:
    with pytest.raises(UserError, match="one equals sign") as caught:
        read_equation("x = y = 2")
    assert caught.value.span is not None
    assert caught.value.span.start == 6
    with pytest.raises(UserError, match="no formula"):
        read_equation("x =")


def test_every_code_is_listed() -> None:
    assert {row[1] for row in REFUSED} <= set(CODES)
