"""The stated domain: what it decides, where its points lie, and that answers use it."""

import pytest
import sympy as sp

import nabla
from nabla.answer.document import Note, Prose
from nabla.calculus.domain import Domain
from nabla.calculus.equality import equal
from nabla.calculus.landmarks import roots
from nabla.errors import UserError
from nabla.read.fields.conditions import read_domain
from nabla.read.formula import read_formula


def domain(text: str) -> Domain:
    return Domain(read_domain(text))


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("x > 0", "x > 0"),
        ("0 < x < 1", "0 < x; x < 1"),
        ("x in [0, 1]", "x >= 0; x <= 1"),
        ("x ∈ (0, ∞), y>2", "x > 0; y > 2"),
        ("x in [-pi, pi/2)", "x >= -pi; x < pi/2"),
        ("x > 0 and y < 1", "x > 0; y < 1"),
        ("x ≠ 0; x ≥ -1", "Ne(x, 0); x >= -1"),
        (r"x \in [0, 2]", "x >= 0; x <= 2"),
        ("x in (-oo, oo)", ""),
        ("", ""),
        ("x < 0 or x > 1", "(x > 1) | (x < 0)"),
        ("x < 0 or x > 1, y > 0", "(x > 1) | (x < 0); y > 0"),
        ("x < -1 || x > 1", "(x > 1) | (x < -1)"),
        ("||x| - 2| < 1", "Abs(Abs(x) - 2) < 1"),
        ("0 < x < 1 ∨ 2 < x < 3", "((0 < x) & (x < 1)) | ((2 < x) & (x < 3))"),
        ("x in [0, 1] or x in [2, 3)", "((x >= 0) & (x <= 1)) | ((x >= 2) & (x < 3))"),
        ("x in (0,1) or (2,3)", "((x > 0) & (x < 1)) | ((x > 2) & (x < 3))"),
        ("x ∈ (0,1) ∪ (2,3)", "((x > 0) & (x < 1)) | ((x > 2) & (x < 3))"),
        ("y > 0 and x in ]0, 1[", "y > 0; x > 0; x < 1"),
        (r"x \in \mathbb{R} \setminus \{0, -1\}", "Ne(x, -1); Ne(x, 0)"),
        ("x ∈ ℝ", ""),
        ("x in R+", "x > 0"),
        ("x ≠ ±1", "Ne(x, 1); Ne(x, -1)"),
        ("x != 0, 2", "Ne(x, 0); Ne(x, 2)"),
        ("x ∉ {0, 2}", "Ne(x, 0); Ne(x, 2)"),
        ("x, y > 0", "y > 0; x > 0"),
        ("x is positive", "x > 0"),
        ("x from 0 to 2pi", "x >= 0; x <= 2*pi"),
        ("everywhere", ""),
    ],
)
def test_domains_are_read(text: str, conditions: str) -> None:
    assert "; ".join(map(sp.sstr, read_domain(text))) == conditions


def test_a_set_alone_is_that_of_the_only_variable() -> None:
    assert read_domain("ℝ \\ {0}", known=["x"]) == read_domain("x != 0")
    assert read_domain("[0, 1] ∪ [2, 3]", known=["t"]) == read_domain("t in [0, 1] ∪ [2, 3]")
    with pytest.raises(UserError, match="which variable"):
        read_domain("(0, 1)", known=["x", "y"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x", "syntax"),
        ("x = 3", "value"),
        ("x >", "syntax"),
        ("1 > 2", "value"),
        ("x in [0, 1", "syntax"),
        ("x > 0 or x", "syntax"),
        ("x < 0 or", "syntax"),
        ("x in {1, 2}", "syntax"),
        ("x < 0 or x = 1", "value"),
        (", ".join(["x > 0"] * 30), "too-long"),
        ("x in [a+, 1]", "syntax"),
    ],
)
def test_what_is_no_domain_is_told_at_its_place(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        read_domain(text)
    assert caught.value.code == code
    assert caught.value.span is not None
    assert 0 <= caught.value.span.start <= caught.value.span.end <= len(text)


@pytest.mark.parametrize(
    ("conditions", "before", "after"),
    [
        ("x > 0", "|x| + sign(x)", "x + 1"),
        ("x < 0", "|x| + sign(x)", "-x - 1"),
        ("x >= 0", "|x| + sign(x)", "x + sign(x)"),
        ("0 < x < 1", "|x^2 - 1| + max(x, 1)", "2 - x^2"),
        ("x > 1, y > 0", "|x y - y|", "x y - y"),
        ("x > 0, y < 0", "|x y|", "-x y"),
        ("x > 2", "x^2 if x > 1 else 0", "x^2"),
        ("|x| < 1", "|x - 1|", "1 - x"),
        ("x != 0", "|x|", "|x|"),
        ("x > -1", "|x^2 + 1|", "x^2 + 1"),
        ("x < 0 or x > 1", "|x^2 - x|", "x^2 - x"),
        ("x < 0 or x > 1", "|x|", "|x|"),
        ("|x| > 1", "|x^2 - 1| sign(x)", "(x^2 - 1) sign(x)"),
        ("|x - 2| < 1", "|x| + max(x, 3)", "x + 3"),
        ("x != 0", "sign(x^2)", "1"),
        ("x < 0 or x > 3", "x if x < 1 else 2x", "x if x < 1 else 2x"),
        ("x < 0 or x < -3", "|x|", "-x"),
        ("x < 1 or y > 0", "|x - 1|", "|x - 1|"),
    ],
)
def test_what_a_domain_decides(conditions: str, before: str, after: str) -> None:
    expr = read_formula(before).expr
    decided = domain(conditions).decided(expr)
    assert decided == read_formula(after).expr
    assert equal(expr, decided, domain=domain(conditions)).equal


@pytest.mark.parametrize(
    "text", ["x > 0", "3 < x < 3.001", "x in [-pi, 0], y > 100", "x < -50", "x > y, y > 0", "x < 0 or x > 1"]
)
def test_points_lie_inside(text: str) -> None:
    stated = domain(text)
    points = list(stated.points(sorted(stated.symbols, key=str)))
    assert len(points) >= 3
    for point in points:
        assert all(condition.subs(point) == sp.true for condition in stated.conditions)


def test_answers_use_the_domain() -> None:
    free, stated = nabla.derive("|x| x", "x"), nabla.derive("|x| x", "x", domain="x > 0")
    assert free.values["derivative"] == "2*Abs(x)"
    assert stated.values["derivative"] == "2*x"
    assert all(check.verdict == "passed" for check in stated.checks)
    assert stated.values["domain"] == ["x > 0"]


def test_each_part_of_a_domain_is_tested() -> None:
    stated = domain("x < -5 or 100 < x < 101")
    (x,) = stated.symbols
    places = [point[x] for point in stated.points([x])]
    assert any(place < -5 for place in places)
    assert any(100 < place < 101 for place in places)
    wrong = sp.Piecewise((0, x < 50), (1, True))
    assert equal(wrong, sp.S.Zero, domain=stated).equal is False
    assert equal(wrong, sp.S.Zero, domain=domain("x < -5 or 2 < x < 3")).equal


def test_alternatives_are_told_from_left_to_right() -> None:
    told = [
        block.text
        for block in nabla.derive("1/x", "x", domain="x > 1 or -2 < x < 0, x != 3").blocks
        if isinstance(block, Prose)
    ]
    assert "On the domain $-2 < x < 0$ or $x > 1$ and $x \\neq 3$." in told
    many = " or ".join(f"{2 * k} < x < {2 * k + 1}" for k in range(20))
    assert nabla.derive("|x|", "x", domain=many).checks[-1].verdict == "passed"


def test_equal_on_the_domain_only() -> None:
    x = read_formula("x").expr
    assert equal(sp.Abs(x), x).equal is False
    assert equal(sp.Abs(x), x, domain=domain("x > 0")).equal


def test_caveats_are_told_and_those_that_the_domain_grants_are_not() -> None:
    assert nabla.derive("ln(x)/(x-2)", "x").values["caveats"] == ["Ne(x, 2)", "x > 0"]
    assert nabla.derive("ln(x)/(x-2)", "x", domain="0 < x < 1").values["caveats"] == []
    assert nabla.derive("1/(x^2-1)", "x", domain="x != ±1").values["caveats"] == []
    assert nabla.derive("1/(x^2-1)", "x", domain="x < -1 or x > 1").values["caveats"] == []
    assert nabla.derive("1/(x^2-1)", "x", domain="x < 0 or x > 1").values["caveats"] == ["Ne(x, -1)"]


def test_a_point_outside_of_the_domain_is_told_and_the_rest_stands() -> None:
    document = nabla.derive("x^2", "x", at="x=-1", domain="x > 0")
    assert [warning.code for warning in document.warnings] == ["outside-domain"]
    assert document.values["value"] is None
    assert document.values["derivative"] == "2*x"


def test_a_function_without_values_in_the_domain_is_told_and_nothing_is_called_checked() -> None:
    document = nabla.derive("ln(x)", "x", domain="x < 0")
    assert [warning.code for warning in document.warnings] == ["no-value-in-domain"]
    assert "unchecked" in {check.verdict for check in document.checks}


def test_a_domain_without_points_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        nabla.derive("x", "x", domain="x > 1, x < 0")
    assert (caught.value.code, caught.value.field) == ("value", "domain")


@pytest.mark.parametrize(
    ("f", "inside", "told"),
    [
        ("|x-1|", "", ["x = 1"]),
        ("|x-1|", "x > 2", []),
        ("floor(x) if x < 0 else sign(x-1)", "x > 0.5", ["jumps"]),
        ("max(x, x^2)", "", ["x = 0", "x = 1"]),
        ("x |x|", "", ["smoothly"]),
    ],
)
def test_points_without_a_derivative_are_named(f: str, inside: str, told: list[str]) -> None:
    blocks = nabla.derive(f, "x", domain=inside).blocks
    notes = [block.text for block in blocks if isinstance(block, Note) and not block.action]
    assert [any(word in note for note in notes) for word in told] == [True] * len(told)
    assert told or notes == []


def test_roots_of_polynomials_are_the_known_ones_beside_tiny_coefficients_too() -> None:
    x = sp.Symbol("x", real=True)
    known = [sp.Rational(-7, 3), sp.S.Zero, sp.Rational(1, 7), sp.sqrt(2), sp.Integer(1000)]
    plain = sp.expand(sp.prod(x - r if r.is_rational else x**2 - 2 for r in known))
    assert [float(r) for r in roots(plain, x)] == pytest.approx(sorted([*map(float, known), -(2**0.5)]), rel=1e-15)
    # x (x^2 + 1)^6 = 1e-15 has one real root: next to 1e-15 (1 - 6e-30).
    (tiny,) = roots(sp.expand(x * (x**2 + 1) ** 6 - sp.Rational(1, 10**15)), x)
    assert abs(tiny - sp.Rational(1, 10**15)) < sp.Rational(1, 10**20)
