"""Diagnosis: each mistake is found by its result, nothing is invented, and equal forms are right."""

from itertools import islice

import pytest
import sympy as sp

from nabla.calculus.malrules import MALRULES
from nabla.calculus.mistakes import Diagnosis, diagnose, mistaken
from nabla.calculus.rules import Derivation, differentiate
from nabla.calculus.simplify import simplified
from nabla.labs.derive.mistakes import sentence, where
from tests.py.derivative_table import entries, expression

w, x, y = (expression(name) for name in "wxy")


def asked(f: str, claim: str, variables: str = "x", at: dict[str, str] | None = None) -> Diagnosis:
    """The diagnosis of `claim` for the derivative of `f` with respect to each variable in turn."""
    stages: list[Derivation] = []
    expr = expression(f)
    for name in variables.split():
        stages.append(differentiate(expr, expression(name)))
        expr = simplified(stages[-1].result)
    place = {expression(name): expression(value) for name, value in at.items()} if at else None
    return diagnose(stages[-1], expression(claim), place, before=stages[:-1])


def rules(diagnosis: Diagnosis) -> list[str]:
    return ["+".join(sorted(mistake.rules)) for mistake in diagnosis.mistakes]


def test_eight_has_several_explanations_and_a_point_that_tells_them_apart() -> None:
    at = {"w": "3", "x": "2", "y": "2"}
    found = asked("(w*x - y)**2", "8", "w", at)
    assert found.verdict == "wrong"
    assert rules(found) == ["M01", "M15", "M23", "M52"]
    gives = {rule: mistake.gives for rule, mistake in zip(rules(found), found.mistakes, strict=True)}
    assert gives["M01"] == gives["M15"] == sp.Mul(2, w * x - y, evaluate=False)
    assert gives["M23"] == x * (w * x - y)
    values = dict(zip(rules(found), found.there, strict=True))
    assert values["M01"] == values["M15"]
    assert len({*values.values(), *(float(e.subs(found.ask_at)) for e in (2 * x * (w * x - y), (w * x - y) ** 2))}) == 5
    assert sentence(found.mistakes[0]) == (
        r"The outer derivative $2 \left(w x - y\right)$ was taken and the inner one, $x$, left out."
    )


def test_sixteen_is_right_although_it_is_also_the_value_of_the_function() -> None:
    found = asked("(w*x - y)**2", "16", "w", {"w": "3", "x": "2", "y": "2"})
    assert (found.verdict, found.mistakes) == ("right", ())


# The survey's own examples: function, what is answered, the mistake behind it; after @ the variables if not x.
EXAMPLES = """
    (1 - x**3)**4 = 4*(1 - x**3)**3 : M01
    sin(x**2) = cos(2*x) : M02
    cos(3*x) = -3*sin(x) : M03
    (1 - exp(x))**5 = 5*(1 - exp(x))**5 : M04
    asin(3*x**2/10) = 3*x/5 : M05
    cos(2*x) = 2*cos(2*x) : M06
    sin(exp(x**2)) = exp(x**2)*cos(exp(x**2)) : M07
    sin(3*x) = -3*sin(3*x) : M08 @ x x
    x**2*sin(x) = 2*x*cos(x) : M09
    x**2*sin(x) = 2*x**3 + sin(x)*cos(x) : M10
    x**2*sin(x) = 2*x*sin(x) : M11
    x**2*sin(x) = 2*x*sin(x) - x**2*cos(x) : M12
    x**2*sin(x) = 2*x + cos(x) : M13
    3*x**2 = 6*x + x**2 : M14
    7*x**4 = 4*x**3 : M15
    (2*x + 1)/(x**2 + 1) = 1/x : M16
    (2*x + 1)/(x**2 + 1) = (2*(x**2 + 1) + 2*x*(2*x + 1))/(x**2 + 1)**2 : M17
    (2*x + 1)/(x**2 + 1) = (2*x**2 + 2*x - 2)/(x**2 + 1)**2 : M18
    (2*x + 1)/(x**2 + 1) = (2 - 2*x - 2*x**2)/(x**2 + 1) : M19
    (2*x + 1)/(x**2 + 1) = (2 - 2*x - 2*x**2)/(2*x + 1)**2 : M20
    (2*x + 1)/(x**2 + 1) = 2 - 2*x - 2*x**2 : M21
    x**7 = x**6 : M23
    x**7 = 7*x**7 : M24
    1/x**3 = -3/x**2 : M25
    exp(6*x) = 6*x*exp(6*x - 1) : M26
    2**x = x*2**(x - 1) : M26
    exp(x**2) = 2*x*exp(x**2 - 1) : M27
    5**x = 5**x : M28
    5**x = 5**x/log(5) : M29
    log(x)/log(2) = 1/x : M30
    log(x**2 + 1) = 1/(2*x) : M31
    x**x = x*x**(x - 1) : M32
    x**x = x**x*log(x) : M32
    x**x = log(x) + 1 : M57
    1/x**3 = 1/(3*x**2) : M33
    sqrt(x**2 + 4) = sqrt(2*x) : M34
    pi**2*x = 2*pi*x + pi**2 : M35
    x + log(3) = 1 + Rational(1, 3) : M35
    3*x**5 = 8*x**4 : M36
    cos(x) = sin(x) : M37
    sin(x) = -cos(x) : M38
    (1 - x**3)**4 = 12*x**2*(1 - x**3)**3 : M39
    tan(x) = sec(x)*tan(x) : M40
    cos(2*x) = sin(2*x)/2 : M41
    x**2 + 1/x = x**3/3 + log(x) : M41
    asin(x) = -cos(x)/sin(x)**2 : M42
    (x + 3)**2 = 2*x : M43
    sin(x)**2 = 2*x*cos(x**2) : M44
    x**4 = 4*x**3 : M46 @ x x
    x**4 = 16*x**6 : M47 @ x x
    exp(x**2) = 2*exp(x**2) : M48 @ x x
    x**2*y = 2*x*y + x**2 : M52
    x**2*y**3 = 3*x**2*y**2 : M53
    3*x*y + x**2 - 2*y**3 = 3*y + 2*x - 2*y**3 : M54
    x**2*y**3 = 2*y**3 : M55 @ x y
    sin(x)*cos(x) = sin(x)*cos(x) : A18
    x**3*exp(x) = 3*x**2*exp(x) + 3*x**3*exp(x) - x**3*exp(x) : none
"""


def examples() -> list[tuple[str, str, str, str]]:
    found = []
    for line in filter(None, map(str.strip, EXAMPLES.splitlines())):
        task, _, variables = line.partition(" @ ")
        equation, _, rule = task.rpartition(" : ")
        f, _, claim = equation.partition(" = ")
        found.append((f, claim, rule, variables or "x"))
    return found


@pytest.mark.parametrize(("f", "claim", "rule", "variables"), examples())
def test_the_examples_of_the_survey_are_recognised(f: str, claim: str, rule: str, variables: str) -> None:
    found = asked(f, claim, variables)
    assert found.verdict == "wrong"
    assert (rule in rules(found)) == (rule != "none")
    assert rule != "none" or not found.mistakes


def test_every_malrule_has_an_example() -> None:
    elsewhere = {"M49", "M50", "M51", "M56", "M58", "A19"}  # of curves, equations, directions, integrals, matrices
    assert {rule for _, _, rule, _ in examples()} - {"none"} == set(MALRULES) - elsewhere


EXPRESSIONS = [entry for entry in entries() if entry[0] not in {"functions left open", "special functions"}][::8]


def test_there_are_enough_expressions() -> None:
    assert len(EXPRESSIONS) >= 40


@pytest.mark.parametrize(("group", "f", "variable"), EXPRESSIONS)
def test_each_single_mistake_is_found_and_first_unless_tied(group: str, f: str, variable: str) -> None:
    derivation = differentiate(expression(f), expression(variable))
    for mistake in mistaken(derivation, pairs=False):
        found = diagnose(derivation, simplified(mistake.gives))
        if found.verdict == "wrong":
            assert mistake.rules in [other.rules for other in found.mistakes]
            assert len({other.rules for other in found.mistakes}) > 1 or found.mistakes[0].rules == mistake.rules
        else:
            assert found.verdict == "right" or simplified(mistake.gives).has(sp.I)


@pytest.mark.parametrize(("group", "f", "variable"), entries()[::3])
def test_every_mistake_has_its_sentence_and_place(group: str, f: str, variable: str) -> None:
    for mistake in mistaken(differentiate(expression(f), expression(variable)), pairs=False):
        assert sentence(mistake).endswith(".")
        assert where(mistake)


@pytest.mark.parametrize("f", ["x**2*sin(3*x)", "(2*x + 1)**3*exp(-x)", "log(x**2 + 1)/x", "x*sqrt(1 + x**2)"])
def test_pairs_of_mistakes_are_found_or_a_more_usual_one_at_their_place(f: str) -> None:
    derivation = differentiate(expression(f), x)
    pairs = [mistake for mistake in mistaken(derivation) if len(mistake.slips) == 2]
    for mistake in islice(pairs, 0, None, max(1, len(pairs) // 12)):
        found = diagnose(derivation, simplified(mistake.gives))
        if found.verdict == "wrong":
            places = [{node for slip in other.slips for node in slip.node.walk()} for other in found.mistakes]
            nodes = {slip.node for slip in mistake.slips}
            assert len(found.mistakes[0].slips) == 1 or any(nodes <= place for place in places)


def test_what_says_the_same_is_said_once() -> None:
    derivation = differentiate(expression("(3*x - 1)**4*(2*x + 5)**3"), x)
    (told,) = diagnose(derivation, expression("4*(3*x - 1)**3*(2*x + 5)**3 + 3*(3*x - 1)**4*(2*x + 5)**2")).mistakes
    assert told.rules == ("M01", "M01")
    assert sentence(told).count(" left out") == 2 and ", and the outer" in sentence(told)


# Answers that come from no rule of ours, two for each function.
NONSENSE = {
    "x**2*sin(x)": ["x**5", "cos(x) + 17"],
    "sin(x**2)": ["tan(x)", "x**2*cos(x) + 1"],
    "x**x": ["x**(2*x)", "x + 5"],
    "(2*x + 1)/(x**2 + 1)": ["x/(x**2 + 7)", "5*x"],
    "exp(-x**2)": ["exp(x)/3", "x*exp(-x)"],
    "x**7": ["7*x**5", "x"],
    "log(x**2 + 1)": ["x*log(x)", "3/(x**2 + 1)"],
    "sqrt(x**2 + 4)": ["x + 2", "sqrt(x + 17)"],
    "tan(x)": ["x", "cos(x)/5"],
    "(1 - x**3)**4": ["(1 - x**3)**3*x", "1 - x"],
    "atan(x)": ["tan(x)/7", "x/(1 + x**4)"],
    "2**x": ["x**2", "3**x"],
    "x*exp(x)": ["exp(x)**3", "x**2 + exp(2*x)"],
    "1/x": ["x", "5/x**4"],
    "cosh(x)": ["cosh(x)**3", "exp(x)"],
    "Abs(x - 1)": ["x - 1", "3*sign(x)"],
    "erf(x)": ["exp(-x)", "erf(x)**2"],
    "sin(x)*cos(x)": ["sin(x)*7", "x*cos(x)"],
    "x**3 - x": ["x**3 - 3", "9*x"],
    "log(sin(x))": ["log(cos(x))", "sin(x) + x"],
    "x/(x + 1)": ["x**2/(x + 1)", "8"],
}


@pytest.mark.parametrize(("f", "claim"), [(f, claim) for f, claims in NONSENSE.items() for claim in claims])
def test_no_mistake_is_invented(f: str, claim: str) -> None:
    found = asked(f, claim)
    assert (found.verdict, rules(found)) == ("wrong", [])
    assert found.equality is not None
    assert found.equality.differ_at


RIGHT = {
    "x**2*sin(x)": ["x*(2*sin(x) + x*cos(x))", "2*x*sin(x) + x**2*sin(x + pi/2)", "sin(x)*x*2 + cos(x)*x**2"],
    "sin(x)**2": ["sin(2*x)", "2*sin(x)*cos(x)", "2*tan(x)/(1 + tan(x)**2)"],
    "tan(x)": ["1 + tan(x)**2", "1/cos(x)**2", "2/(1 + cos(2*x))"],
    "log(Abs(x))": ["1/x", "sign(x)/Abs(x)", "x/x**2"],
    "x**x": ["x**x*log(x) + x**x", "exp(x*log(x))*(1 + log(x))", "x**x*log(E*x)"],
    "sqrt(x**2 + 1)": ["x/sqrt(1 + x**2)", "x*(x**2 + 1)**Rational(-1, 2)", "x*sqrt(x**2 + 1)/(x**2 + 1)"],
    "(2*x + 1)/(x**2 + 1)": ["2/(x**2 + 1) - 2*x*(2*x + 1)/(x**2 + 1)**2", "-2*(x**2 + x - 1)/(1 + x**2)**2"],
    "1/(1 + exp(-x))": ["exp(-x)/(1 + exp(-x))**2", "1/(2 + exp(x) + exp(-x))", "1/(4*cosh(x/2)**2)"],
    "asin(x)": ["1/sqrt(1 - x**2)", "sqrt(1 - x**2)/(1 - x**2)", "1/cos(asin(x))"],
    "asin((1 - x**2)/(1 + x**2))": ["-2*sign(x)/(1 + x**2)", "-2*x/(Abs(x)*(1 + x**2))"],
    "acosh(x)": ["1/sqrt(x**2 - 1)", "1/(sqrt(x - 1)*sqrt(x + 1))"],
    "log(x + sqrt(x**2 + 1))": ["1/sqrt(x**2 + 1)", "1/cosh(asinh(x))"],
    "x*sqrt(a**2 - x**2) + a**2*asin(x/Abs(a))": ["2*sqrt(a**2 - x**2)"],
    "2**x": ["2**x*log(2)", "log(4)*2**(x - 1)", "exp(x*log(2))*log(2)"],
    "(1 - x**3)**4": ["-12*x**2*(1 - x**3)**3", "12*x**2*(x**3 - 1)**3", "expand(-12*x**2*(1 - x**3)**3)"],
    "Abs(x)": ["sign(x)", "x/Abs(x)", "Abs(x)/x"],
    "Max(0, x)": ["Heaviside(x)", "(1 + sign(x))/2", "Piecewise((0, x < 0), (1, True))"],
    "x*exp(-x)": ["exp(-x)*(1 - x)", "(1 - x)/exp(x)"],
    "cos(x)**2 - sin(x)**2": ["-2*sin(2*x)", "-4*sin(x)*cos(x)"],
    "log(x)/log(2)": ["1/(x*log(2))", "log(E)/(x*log(2))"],
    "tanh(x)": ["1 - tanh(x)**2", "1/cosh(x)**2", "4/(exp(x) + exp(-x))**2"],
    "atan(x) + atan(1/x)": ["0", "x - x"],
    "x**a": ["a*x**(a - 1)", "a*x**a/x"],
    "gamma(x)": ["gamma(x)*digamma(x)", "gamma(x + 1)*digamma(x)/x"],
    "sin(x)/x": ["cos(x)/x - sin(x)/x**2", "(x*cos(x) - sin(x))/x**2"],
}


def test_there_are_enough_forms() -> None:
    assert sum(map(len, RIGHT.values())) >= 60
    assert sum(map(len, NONSENSE.values())) >= 40


@pytest.mark.parametrize(("f", "claim"), [(f, claim) for f, claims in RIGHT.items() for claim in claims])
def test_an_equal_form_is_right(f: str, claim: str) -> None:
    found = asked(f, claim)
    assert (found.verdict, found.mistakes) == ("right", ())


@pytest.mark.parametrize(
    ("f", "at", "claim", "verdict"),
    [
        ("sin(x)", "1", "0.54", "right"),
        ("sin(x)", "1", "cos(1)", "right"),
        ("sin(x)", "1", "0.5403023", "right"),
        ("sin(x)", "1", "0.55", "wrong"),
        ("sin(x)", "1", "0.5", "wrong"),
        ("x**2", "3", "6", "right"),
        ("x**2", "3", "6.5", "wrong"),
        ("Abs(x)", "0", "0", "undecided"),
        ("log(x)", "-1", "-1", "undecided"),
        ("1/x", "0", "7", "undecided"),
    ],
)
def test_a_number_is_compared_as_closely_as_it_is_given(f: str, at: str, claim: str, verdict: str) -> None:
    number = sp.Rational(claim) if "." in claim else expression(claim)
    assert diagnose(differentiate(expression(f), x), number, {x: sp.Rational(at)}).verdict == verdict


def test_what_has_no_common_domain_is_not_decided() -> None:
    assert asked("log(x)", "sqrt(-x)").verdict == "undecided"


def test_other_symbols_are_named() -> None:
    assert [symbol.name for symbol in asked("x**2", "2*y").foreign] == ["y"]


def test_a_slip_in_the_first_derivative_is_found_in_the_second() -> None:
    found = asked("sin(3*x)", "-3*sin(3*x)", "x x")
    assert "M08" in rules(found)
    assert "M01" in rules(found)
