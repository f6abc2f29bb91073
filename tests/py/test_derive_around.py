"""Limits, Taylor polynomials, the definition of the derivative, extrema under a constraint: against known values."""

from __future__ import annotations

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Document, Steps

X, H = sp.symbols("x h", real=True)


def titles(document: Document) -> list[str]:
    """The titles of the steps of an answer."""
    return [step.title for block in document.blocks if isinstance(block, Steps) for step in block.steps]


LIMITS = [
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "1"), (r"\lim_{x \to 0} \frac{1 - \cos x}{x^2}", "1/2"),
    ("lim x->0 (e^x - 1 - x)/x^2", "1/2"), (r"\lim_{x \to \infty} \left(1 + \frac{1}{x}\right)^x", "E"),
    (r"\lim_{x \to 0^+} x \ln x", "0"), (r"\lim_{x \to \infty} \frac{\ln x}{\sqrt{x}}", "0"),
    (r"\lim_{x \to 2} \frac{x^2 - 4}{x - 2}", "4"), (r"\lim_{x \to 0} \frac{\tan x - x}{x^3}", "1/3"),
    (r"\lim_{x \to 0} \frac{\sqrt{1 + x} - 1}{x}", "1/2"), (r"\lim_{x \to 1} \frac{x^5 - 1}{x^3 - 1}", "5/3"),
    (r"\lim_{x \to \infty} \sqrt{x^2 + x} - x", "1/2"), (r"\lim_{x \to -\infty} \frac{2x^2 + 1}{3x^2 - x}", "2/3"),
    (r"\lim_{x \to 0^+} x^x", "1"), (r"\lim_{x \to 0} \frac{\arctan x}{x}", "1"),
    (r"\lim_{x \to \infty} x \sin(1/x)", "1"), (r"\lim_{x \to 0} \frac{a^x - 1}{x}", "log(a)"),
    (r"\lim_{h \to 0} \frac{(x + h)^3 - x^3}{h}", "3*x**2"), (r"\lim_{x \to 0^+} \frac{1}{x}", "oo"),
    (r"\lim_{x \to \infty} \frac{e^x}{x^2}", "oo"), (r"\lim_{x \to 0} \frac{x - \sin x}{x^3}", "1/6"),
    (r"\lim_{x \to 0} \frac{\ln(1 + 3x)}{\sin 2x}", "3/2"), (r"\lim_{x \to \pi} \frac{\sin x}{x - \pi}", "-1"),
    (r"\lim_{x \to 0} (1 + 2x)^{1/x}", "exp(2)"), (r"\lim_{x \to 3^-} \frac{|x - 3|}{x - 3}", "-1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), LIMITS)
def test_limits(text: str, value: str) -> None:
    """Textbook limits; the function itself goes there, as far as it has numbers."""
    document = nabla.run("derive", {"f": text})
    a = sp.Symbol("a", real=True)
    expected = sp.sympify(value, locals={"x": X, "a": a})
    assert sp.simplify(sp.sympify(document.values["limit"], locals={"x": X, "a": a}) - expected) in (0, sp.nan)
    assert "failed" not in {check.verdict for check in document.checks}


@pytest.mark.parametrize(
    ("text", "sides"),
    [(r"\lim_{x \to 0} \frac{|x|}{x}", {"-": "-1", "+": "1"}), (r"\lim_{x \to 0} 1/x", {"-": "-oo", "+": "oo"})],
)
def test_sides_that_differ(text: str, sides: dict[str, str]) -> None:
    """There is no limit, and both sides are told."""
    values = nabla.run("derive", {"f": text}).values
    assert values["limit"] == "does not exist"
    assert values["sides"] == sides


def test_a_limit_that_does_not_settle_is_not_found() -> None:
    """sin(1/x) has bounds, no limit."""
    document = nabla.run("derive", {"f": r"\lim_{x \to 0} \sin(1/x)"})
    assert document.values["limit"] is None
    assert [warning.code for warning in document.warnings] == ["not-covered"]


def test_the_rule_is_used_where_it_applies() -> None:
    """Twice for (1 - cos x)/x²; not for a function that is continuous there."""
    twice = titles(nabla.run("derive", {"f": r"\lim_{x \to 0} \frac{1 - \cos x}{x^2}"}))
    assert twice.count("l'Hôpital's rule") == 2
    assert titles(nabla.run("derive", {"f": r"\lim_{x \to 2} x^2 + 1"})) == ["Put in"]


@pytest.mark.parametrize(
    ("f", "at", "order", "polynomial"),
    [
        ("exp(x)", "", "5", "1 + x + x**2/2 + x**3/6 + x**4/24 + x**5/120"),
        ("cos(x) e^x", "x=0", "4", "1 + x - x**3/3 - x**4/6"),
        ("ln(x)", "x=1", "3", "(x - 1) - (x - 1)**2/2 + (x - 1)**3/3"),
        ("sqrt(x)", "x=4", "2", "2 + (x - 4)/4 - (x - 4)**2/64"),
        ("1/(1 - x)", "", "6", "1 + x + x**2 + x**3 + x**4 + x**5 + x**6"),
        ("tan(x)", "", "5", "x + x**3/3 + 2*x**5/15"),
        ("arctan(x)", "", "5", "x - x**3/3 + x**5/5"),
        ("sin(x)", "x=pi/6", "1", "1/2 + sqrt(3)/2*(x - pi/6)"),
    ],
)
def test_taylor_polynomials(f: str, at: str, order: str, polynomial: str) -> None:
    """The known ones; what is left over vanishes faster than the power of the degree."""
    document = nabla.run("derive", {"f": f, "what": "series", "at": at, "order": order})
    found = sp.sympify(document.values["series"], locals={"x": X})
    assert sp.expand(found - sp.sympify(polynomial, locals={"x": X})) == 0
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("f", "derivative", "step"),
    [
        ("x^2 + 3x", "2*x + 3", "Multiply out"), ("x^3", "3*x**2", "Multiply out"),
        ("sqrt(3x + 1)", "3/(2*sqrt(3*x + 1))", "Multiply by the conjugate"),
        ("1/x", "-1/x**2", "One fraction"), ("1/(x + 2)", "-1/(x + 2)**2", "One fraction"),
        ("x/(x + 1)", "1/(x + 1)**2", "One fraction"), ("sin(x)", "cos(x)", "Addition theorem"),
        ("cos(2x)", "-2*sin(2*x)", "Addition theorem"), ("e^x", "exp(x)", "Addition theorem"),
        ("ln(x)", "1/x", "h to 0"), ("5", "0", "h to 0"),
    ],
)  # fmt: skip
def test_the_definition(f: str, derivative: str, step: str) -> None:
    """The difference quotient is worked out by what makes its h cancel."""
    document = nabla.run("derive", {"f": f, "what": "definition"})
    assert sp.simplify(sp.sympify(document.values["limit"], locals={"x": X}) - sp.sympify(derivative, {"x": X})) == 0
    assert step in titles(document)
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("f", "constraint", "kind", "value"),
    [
        ("x^2 + y^2", "x + y = 1", "minimum", "1/2"), ("x y", "x^2 + y^2 = 8", "maximum", "4"),
        ("x y", "x^2 + y^2 = 8", "minimum", "-4"), ("x + 2y", "x^2 + y^2 = 5", "maximum", "5"),
        ("x^2 + y^2 + z^2", "x + 2y + 2z = 9", "minimum", "9"), ("x^2 y", "x^2 + 2y^2 = 6", "maximum", "4"),
        ("x y z", "x + y + z = 6", "saddle", "0"), ("e^(x y)", "x^3 + y^3 = 16", "maximum", "exp(4)"),
    ],
)  # fmt: skip
def test_extrema_under_a_constraint(f: str, constraint: str, kind: str, value: str) -> None:
    """Exercises of the usual books; each point is compared with its neighbours on the constraint."""
    document = nabla.run("derive", {"f": f, "what": "extrema", "constraint": constraint})
    found = [(entry["kind"], sp.sympify(entry["value"])) for entry in document.values["extrema"]]
    assert (kind, sp.sympify(value)) in found
    assert {check.verdict for check in document.checks} == {"passed"}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("What is the limit of sin(3x)/x as x approaches 0?", "limit", "3"),
        ("find the limit of x ln(x) as x -> 0 from the right", "limit", "0"),
        ("lim x->0 (e^x-1-x)/x^2 please", "limit", "1/2"),
        (r"Evaluate $\lim_{x\to 0} \frac{1-\cos x}{x^2}$.", "limit", "1/2"),
        ("Find the 3rd degree Taylor polynomial of f(x) = e^x centered at x = 0.", "series",
         "x**3/6 + x**2/2 + x + 1"),
        ("Maclaurin polynomial of sin(x) up to x^3", "series", "-x**3/6 + x"),
        ("Find the quadratic approximation of sqrt(x) near x = 4", "series", "x/4 - (x - 4)**2/64 + 1"),
        ("limit as x goes to infinity of (3x^2+2)/(x^2-1)", "limit", "3"),
        ("lim (x->0) of sin(5x)/sin(3x)", "limit", "5/3"),
        ("derivative of integral from 0 to x of sin(t^2) dt", "derivative", "sin(x**2)"),
        ("Find the first 4 terms of the Taylor series of 1/x at 2", "series",
         "-x/4 - (x - 2)**3/16 + (x - 2)**2/8 + 1"),
        (r"What is d/dx of \int_0^{x^2} e^{-t^2} dt ?", "derivative", "2*x*exp(-x**4)"),
        ("Find the derivative of f(x) = x^2 + 3x using the limit definition.", "limit", "2*x + 3"),
        ("Differentiate 1/x from first principles", "limit", "-1/x**2"),
    ],
)  # fmt: skip
def test_questions_in_words(text: str, name: str, value: str) -> None:
    """Whole questions reach the room that answers them, and nothing is left over."""
    document = nabla.ask(text)
    assert document.values[name] == value
    assert document.warnings == []


def test_a_constraint_is_never_left_out() -> None:
    """Not minimised without it, whatever the words."""
    for text in (
        "minimize x^2 + y^2 subject to x + y = 1",
        "Find the minimum of x^2+y^2 with the constraint x + y = 1.",
    ):
        (entry,) = nabla.ask(text).values["extrema"]
        assert entry == {"at": {"x": "1/2", "y": "1/2"}, "value": "1/2", "kind": "minimum"}


@pytest.mark.parametrize(
    ("f", "parameters"),
    [
        ("a x + b if x < 1 else x^2", [{"a": "2", "b": "-1"}]),
        (r"\begin{cases} ax^2 + b & x \le 2 \\ 3x - 1 & x > 2 \end{cases}", [{"a": "3/4", "b": "2"}]),
        (r"\begin{cases} e^{ax} & x \le 0 \\ b + \sin x & x > 0 \end{cases}", [{"a": "1", "b": "1"}]),
        (r"\begin{cases} a \sin x & x < 0 \\ x^2 + 3x + b & x \ge 0 \end{cases}", [{"a": "3", "b": "0"}]),
        (r"\begin{cases} a & x < 0 \\ x & x \ge 0 \end{cases}", []),
    ],
)
def test_parameters_for_which_pieces_join(f: str, parameters: list[dict[str, str]]) -> None:
    """No gap and no corner; the slopes of the function itself agree from both sides."""
    document = nabla.run("derive", {"f": f, "what": "parameters", "wrt": "x"})
    assert document.values["parameters"] == parameters
    assert {check.verdict for check in document.checks} <= {"passed"}


def test_parameters_asked_for_in_words() -> None:
    """For which a and b a function given by cases is differentiable."""
    text = (
        r"For which values of $a$ and $b$ is $$f(x) = \begin{cases} ax + b & x < 1 \\ x^2 & x \ge 1 \end{cases}$$ "
        "differentiable at $x = 1$?"
    )
    assert nabla.ask(text).values["parameters"] == [{"a": "2", "b": "-1"}]
