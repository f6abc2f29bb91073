"""The rule tree: right on the table, natural in its choices, and its check catches what is wrong."""

import dataclasses

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from nabla.calculus import table
from nabla.calculus.equality import check_derivation, equal
from nabla.calculus.numeric import D
from nabla.calculus.rules import Derivation, differentiate
from nabla.calculus.simplify import simplified
from nabla.calculus.statements import RULES
from tests.py.derivative_table import entries, expression

x, y, w = (sp.Symbol(name, real=True) for name in "xyw")


def rules(text: str, variable: str = "x") -> list[str]:
    """The rules of the tree, parents first."""
    return [node.rule for node in differentiate(expression(text), expression(variable)).walk()]


def test_the_table_is_large_and_without_repetition() -> None:
    assert len(set(entries())) == len(entries()) >= 300


@pytest.mark.parametrize(("group", "text", "variable"), entries())
def test_the_derivative_is_right_and_every_step_proven(group: str, text: str, variable: str) -> None:
    expr, var = expression(text), expression(variable)
    derivation = differentiate(expr, var)
    checks = check_derivation(derivation)
    wrong = {node.template: check for node, check in checks.steps.items() if check.verdict != "passed"}
    assert not wrong
    assert checks.whole.verdict == "passed"
    assert equal(simplified(derivation.result), sp.diff(expr, var)).equal


@pytest.mark.parametrize(("group", "text", "variable"), entries())
def test_each_step_is_an_equality_whose_parts_are_derived(group: str, text: str, variable: str) -> None:
    for node in differentiate(expression(text), expression(variable)).walk():
        assert node.rule in RULES
        assert not node.result.has(D)
        derived = {D(part.expr, part.var) for part in node.parts}
        assert node.template.atoms(D) <= derived


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x*exp(-x)", ["product", "variable", "chain", "exponential", "constant-factor"]),
        ("7*x**4", ["constant-factor", "power"]),
        ("sqrt(x)", ["power"]),
        ("1/x**3", ["power"]),
        ("1/(x**2 + 1)", ["chain", "power", "sum", "power", "constant"]),
        ("(2*x + 1)/(x**2 + 1)", ["quotient", "sum", "constant-factor", "variable", "constant", "sum", "power"]),
        ("x**2 + 3*x + 7", ["sum", "power", "constant-factor", "variable", "constant"]),
        ("x**x", ["general-power", "product", "variable", "logarithm"]),
        ("x*sin(x)*exp(x)", ["product", "variable", "exponential", "trigonometric"]),
        ("x*2**(-x)", ["product", "chain", "exponential", "constant-factor", "variable"]),
        ("f(x**2)", ["chain", "abstract", "power"]),
        ("atan2(x**2, x)", ["several", "special", "power", "special", "variable"]),
        ("log(3)*x", ["constant-factor", "variable"]),
        ("7", ["constant"]),
    ],
)
def test_the_natural_rule_is_chosen(text: str, expected: list[str]) -> None:
    assert rules(text) == expected


def test_the_seed_example_names_its_inner_function() -> None:
    derivation = differentiate(expression("(w*x - y)**2"), w)
    ((u, inner),) = derivation.bindings
    assert (derivation.rule, u.name, inner) == ("chain", "u", w * x - y)
    assert derivation.outer == u**2
    assert derivation.template == sp.Mul(sp.Mul(2, w * x - y, evaluate=False), D(w * x - y, w), evaluate=False)
    assert derivation.parts[0].result == 2 * u
    assert derivation.parts[1].result == x
    assert derivation.result == 2 * x * (w * x - y)


def test_names_of_inner_functions_avoid_those_in_use() -> None:
    u, v = sp.symbols("u v", real=True)
    derivation = differentiate(sp.sin(u * v * sp.cos(u**2)), u)
    names = [name.name for node in derivation.walk() for name, _ in node.bindings]
    assert names == ["w", "s"]


def test_the_same_part_is_derived_once() -> None:
    cot = sp.cot(sp.cot(x))
    nodes = [node for node in differentiate(cot * sp.exp(cot), x).walk() if node.expr == cot]
    assert len(nodes) == 1


@pytest.mark.parametrize("text", ["zeta(x)", "besselj(x, 2)"])
def test_what_no_rule_knows_stays_and_is_not_called_proven(text: str) -> None:
    derivation = differentiate(expression(text), x)
    assert derivation.rule == "unknown"
    assert check_derivation(derivation).whole.verdict == "unchecked"


CAVEATS = {
    "x**2": [],
    "1/x": [sp.Ne(x, 0)],
    "sqrt(x)": [x > 0],
    "log(2*x)": [x > 0],
    "x/(x + 1)**2": [sp.Ne(x, -1)],
    "sqrt(1 - x**2)": [abs(x) < 1],
    "sqrt(2*x + 3)": [x > sp.Rational(-3, 2)],
    "log(Abs(x))": [sp.Ne(x, 0)],
    "asin(2*x)": [abs(x) < sp.Rational(1, 2)],
    "acosh(sqrt(x))": [x > 1],
    "tan(x)": [sp.Ne(sp.cos(x), 0)],
    "sqrt(sqrt(x) + 1)": [x > 0],
    "log(x)/x": [x > 0],
    "1/(x*(x + 1))": [sp.Ne(x, 0), sp.Ne(x, -1)],
    "x**Rational(5, 2)": [x >= 0],
    "exp(x)/(1 + exp(x))": [],
    "Max(0, x)": [sp.Ne(x, 0)],
    "floor(x)": [sp.Ne(x, sp.floor(x))],
}


@pytest.mark.parametrize("text", CAVEATS)
def test_caveats_are_derived_and_said_plainly(text: str) -> None:
    assert list(differentiate(expression(text), x).caveats) == CAVEATS[text]


def test_a_wrong_entry_of_the_table_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(table.TABLE, sp.sin, dataclasses.replace(table.TABLE[sp.sin], derivative=lambda u: -sp.cos(u)))
    checks = check_derivation(differentiate(expression("x**2*sin(3*x)"), x))
    failed = [node for node, check in checks.steps.items() if check.verdict == "failed"]
    assert {node.rule for node in failed} == {"trigonometric", "chain"}
    assert checks.whole.verdict == "failed"


def replaced(derivation: Derivation, template: sp.Expr) -> Derivation:
    return dataclasses.replace(derivation, template=template)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("x**2*sin(x)", lambda f, g: D(f, x) * D(g, x)),
        ("x**2*sin(x)", lambda f, g: D(f, x) * g - f * D(g, x)),
        ("x**2*sin(x)", lambda f, g: D(f, x) * g),
        ("x**2/sin(x)", lambda f, g: (D(f, x) * g - f * D(g, x)) / g),
        ("x**2/sin(x)", lambda f, g: (f * D(g, x) - D(f, x) * g) / g**2),
        ("x**2/sin(x)", lambda f, g: D(f, x) / D(g, x)),
    ],
)
def test_a_wrong_rule_is_caught(text: str, wrong: object) -> None:
    derivation = differentiate(expression(text), x)
    f, g = (part.expr for part in derivation.parts)
    checks = check_derivation(replaced(derivation, wrong(f, g)))  # type: ignore[operator]
    verdicts = [check.verdict for check in checks.steps.values()]
    assert verdicts[0] == "failed"
    assert set(verdicts[1:]) == {"passed"}


@given(st.integers(-30, 30).filter(bool), st.integers(25, 29))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_the_smallest_error_in_a_step_is_caught(sign: int, place: int) -> None:
    derivation = differentiate(expression("exp(sin(x))/(1 + x**2)"), x)
    template = derivation.template * (1 + sp.Rational(sign, 10**place))
    node = replaced(derivation, template)
    assert check_derivation(node).steps[node].verdict == "failed"


LEAVES = st.one_of(
    st.sampled_from([x, y]), st.integers(-4, 4).map(sp.Integer), st.sampled_from([sp.pi, sp.Rational(1, 2)])
)
FUNCTIONS = st.sampled_from([sp.sin, sp.cos, sp.exp, sp.atan, sp.tanh, sp.Abs, sp.asinh, sp.erf, sp.sqrt, sp.log])


def grown(children: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    return st.one_of(
        st.tuples(children, children).map(lambda pair: pair[0] + pair[1]),
        st.tuples(children, children).map(lambda pair: pair[0] * pair[1]),
        st.tuples(children, children).map(lambda pair: pair[0] / pair[1] if pair[1] != 0 else pair[0]),
        st.tuples(children, st.integers(-3, 4)).map(lambda pair: pair[0] ** pair[1] if pair[0] != 0 else pair[0]),
        st.tuples(FUNCTIONS, children).map(lambda pair: pair[0](pair[1])),
    )


@given(st.recursive(LEAVES, grown, max_leaves=7))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_random_expressions_are_derived_right(expr: sp.Expr) -> None:
    if expr.has(sp.zoo, sp.nan, sp.oo, sp.I):
        return
    derivation = differentiate(expr, x)
    checks = check_derivation(derivation)
    assert {check.verdict for check in checks.steps.values()} <= {"passed", "unchecked"}
    assert equal(derivation.result, sp.diff(expr, x)).equal is not False
    assert equal(derivation.result, simplified(derivation.result)).equal is not False
