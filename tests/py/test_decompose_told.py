"""Fields as texts tell them: by named components, by letters that are defined elsewhere, in indices, in parts.

The values are those of textbooks or worked by hand.
"""

import pytest
import sympy as sp

import nabla
from nabla.calculus.integrals import antiderivative
from nabla.question.index_notation import with_nabla
from nabla.question.markup import with_plain_markup
from nabla.read.formula import symbol
from nabla.vector.coordinates import cartesian
from nabla.vector.potentials import potential

x, y, z, a = (symbol(name) for name in "xyza")


def same(text, other):
    return sp.simplify(sp.sympify(str(text), {"S": sp.Symbol("S")}) - sp.sympify(other)) == 0


@pytest.mark.parametrize(
    ("text", "divergence", "curl"),
    [
        ("Fx = y^2, Fy = 2xy + e^(3z), Fz = 3y e^(3z). curl and divergence?", "2*x + 9*y*exp(3*z)", ["0", "0", "0"]),
        ("The field is\n Bx = -y\n By = x\n Bz = z\nand I'd like to know curl B and div B.", "1", ["0", "0", "2"]),
        ("For a Rankine vortex inside the core v_θ = W r. What is its vorticity?", "0", "2*W"),
        ("In spherical coordinates E_r = r^2, E_θ = 0. Find its divergence", "4*r", ["0", "0", "0"]),
        (r"\begin{align} F_1 &= 2xy + z^3 \\ F_2 &= x^2 \\ F_3 &= 3xz^2 \end{align} Is $\mathbf F$ irrotational? Its "
         "divergence?", "2*y + 6*x*z", ["0", "0", "0"]),
        ("Let F = P i + Q j, where P = 2xy and Q = x^2 + y. Find div F and curl F.", "2*y + 1", "0"),
        ("Compute $\\epsilon_{ijk}\\partial_j F_k$ and $\\partial_i F_i$ for $F = (x^2, xy, z)$", "3*x + 1",
         ["0", "0", "y"]),
        ("Verify div(fF) = f div F + ∇f·F with f = x^2 y, F = (x, y z, z)", "2*x**2*y*(z + 2)", None),
        ("Show that ∇·(E×H) = H·(∇×E) − E·(∇×H) for E = (x, y z, 0), H = (z, x, y)", "-x - 2*y*z", None),
        ("Let **F** = ( 2xz^3 + 6y ) **i** + ( 6x − 2yz ) **j** + ( 3x^2z^2 − y^2 ) **k**. Find div **F**.",
         "2*z**3 - 2*z + 6*x**2*z", ["0", "0", "0"]),
    ],
)  # fmt: skip
def test_a_field_in_other_words(text, divergence, curl):
    values = nabla.ask(text).values
    assert same(values["divergence"], divergence)
    if curl is not None:
        assert [same(a, b) for a, b in zip([values["curl"]] if isinstance(curl, str) else values["curl"],
                                            [curl] if isinstance(curl, str) else curl, strict=True)]  # fmt: skip
    assert not values["question"]["unused"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Use Green's theorem to find the area enclosed by the astroid x = cos^3 t, y = sin^3 t, 0 ≤ t ≤ 2π",
         "work", "3*pi/8"),
        ("∮ (x^2 - y^2) dx + 2xy dy around the square with corners (0,0),(a,0),(a,a),(0,a)", "work", "2*a**3"),
        ("C is the boundary of the region between x^2+y^2=1 and x^2+y^2=4. ∮ (x^3 - y^3) dx + (x^3+y^3) dy by Green",
         "work", "45*pi/2"),
        ("Circulation of F = (-y, x, z) around the intersection of the cylinder x^2+y^2=4 with the plane z = 3",
         "work", "8*pi"),
        ("∮ F·dr with F = (−y, x) around the ellipse x = 3cos t, y = 2 sin t", "work", "12*pi"),
        ("u = -y/(x^2+y^2), v = x/(x^2+y^2). Find the circulation around a circle of radius 1 centred at (3,0)",
         "work", "0"),
        ("work of F = (-y, x) along the upper half of the circle of radius 3", "work", "9*pi"),
        ("∫_C xy ds over the quarter circle of radius 2 in the first quadrant?", "work", "4"),
        (r"Evaluate $\int_C (x^2+y^2+z^2)\,ds$ where C is the helix x = cos t, y = sin t, z = t, 0 ≤ t ≤ 2π",
         "work", "sqrt(2)*(2*pi + 8*pi**3/3)"),
        ("Work of F=(y+z, x+z, x+y) from (0,0,0) to (1,1,1) along x=t, y=t^2, z=t^3.", "work", "3"),
        ("F = (2x + y) i + (x + 2y) j, work from A(1,2) to B(3,4)", "work", "30"),
        ("Flux of F = (x, 2y, 3z) outward through the closed surface of the cylinder x^2+y^2 ≤ 9, 0 ≤ z ≤ 5",
         "flux", "270*pi"),
        ("flux of F = (0, 0, z^2) through the disk x^2+y^2 ≤ 4 in the plane z = 3, upward", "flux", "36*pi"),
        ("∯ F·dS, F = (x,y,z), over a cube of side 2 centered at the origin", "flux", "24"),
        ("Flux of F = (x, y, z^2) through the cone z = sqrt(x^2+y^2), 0 ≤ z ≤ 1, downward normal", "flux", "pi/6"),
    ],
)  # fmt: skip
def test_integrals_along_and_over_what_a_text_tells(text, name, value):
    document = nabla.ask(text)
    assert same(document.values[name]["value"], value)
    assert not document.values["question"]["unused"]
    assert all(check.verdict == "passed" for check in document.checks if check.test == "points")


def test_the_other_direction_is_a_second_question():
    text = "Use Green's theorem: ∮ x^4 dx + xy dy, C the triangle (0,0) -> (1,0) -> (0,1) -> (0,0)."
    both = nabla.ask(f"{text} And if it's traversed clockwise?")
    assert both.values["work"]["value"] == "1/6" and "-" in both.answer.text.rpartition("In the other direction")[2]
    assert nabla.ask(f"{text[:-1]}, clockwise.").values["work"]["value"] == "-1/6"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Continuity: u = 3x^2 - y. Find v such that the 2D flow is incompressible and v = 0 at y = 0.", "-6*x*y"),
        ("The velocity of an incompressible flow has u = x^2 - y. Find the y component v.", "-2*x*y + g(x)"),
        ("v = 2xy is the y-velocity of an irrotational flow. Determine u.", "y**2 + g(x)"),
    ],
)
def test_the_component_that_is_wanted(text, value):
    document = nabla.ask(text)
    assert same(document.values["partner"]["value"], value)
    assert not document.warnings and [check.verdict for check in document.checks] == ["passed"]


@pytest.mark.parametrize(
    ("text", "F", "scalar"),
    [
        ("The potential V = x^2 y + z. Find the electric field", ["-2*x*y", "-x**2", "-1"], None),
        ("grad of f = ρ^2 z cos(2φ), cylindrical",
         ["2*rho*z*cos(2*phi)", "-2*rho*z*sin(2*phi)", "rho**2*cos(2*phi)"], None),
        ("A flow has φ = Ux + m/(2π) ln r. velocity components?",
         ["U + m*x/(2*pi*(x**2 + y**2))", "m*y/(2*pi*(x**2 + y**2))"], None),
        ("Complex potential w(z) = z^2. Find velocity components and stream function.", ["2*x", "-2*y"], "2*x*y"),
    ],
)  # fmt: skip
def test_fields_of_potentials(text, F, scalar):
    values = nabla.ask(text).values
    assert all(same(one, other) for one, other in zip(values["gradient"], F, strict=True))
    assert scalar is None or same(values["stream"], scalar)


def test_a_vector_potential_that_is_given_asks_for_its_curl():
    text = "The vector potential is A = K ln(1/ρ) ẑ in cylindrical coordinates. Find B."
    assert [same(a, b) for a, b in zip(nabla.ask(text).values["curl"], ("0", "K/rho", "0"), strict=True)] == [True] * 3


def test_the_derivative_along_another_field():
    for text in (
        "(A·∇)B with A = (x, y, z), B = (x y, y z, z x)",
        r"$(\vec A\cdot\nabla)\vec B$, A = (x, y, z), B = (xy, yz, zx)",
    ):
        document = nabla.ask(text)
        expected = ("2*x*y", "2*y*z", "2*x*z")  # of homogeneous functions of degree 2, by Euler
        assert all(same(a, b) for a, b in zip(document.values["advective"], expected, strict=True))
        assert not document.warnings and "B = (2 x y" in document.answer.text


def test_a_gauge_and_a_unit_vector():
    values = nabla.ask("B = (y z, x z, x y): find a vector potential A in Coulomb gauge").values
    A = [sp.sympify(str(part)) for part in values["vector_potential"]]
    X, Y, Z = sp.symbols("x y z")
    assert sp.expand(sum(sp.diff(part, s) for part, s in zip(A, (X, Y, Z), strict=True))) == 0
    turned = [
        sp.diff(A[2], Y) - sp.diff(A[1], Z),
        sp.diff(A[0], Z) - sp.diff(A[2], X),
        sp.diff(A[1], X) - sp.diff(A[0], Y),
    ]
    assert [sp.expand(part) for part in turned] == [Y * Z, X * Z, X * Y]
    assert same(nabla.ask("Find div of the unit vector r̂").values["divergence"], "2/r")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Stokes: F = (-y^3, x^3, -z^3) where C is the intersection of the cylinder x^2 + y^2 = 1 and the plane "
         "x + y + z = 1, counterclockwise seen from above.", "work", "3*pi/2"),
        ("Flux of F=(x y, y z, z x) out of the tetrahedron bounded by x=0, y=0, z=0, x+y+z=1.", "flux", "1/8"),
        ("flux of F = (x, y, 3) out of the torus with R=2, r=1", "flux", "8*pi**2"),
        ("∮ (2x - y^3) dx - xy dy around the boundary of the annulus 1 ≤ x^2+y^2 ≤ 9", "work", "60*pi"),
        ("Flux of F = (0, 0, z) through the part of the sphere x^2+y^2+z^2 = 5 above the plane z = 1", "flux",
         "2*pi*(5*sqrt(5) - 1)/3"),
        (r"F = (y, x, 1): evaluate $\int_{(1,2,1)}^{(2,1,1)}\mathbf{F}\cdot d\mathbf{r}$", "work", "0"),
    ],
)  # fmt: skip
def test_more_curves_and_surfaces(text, name, value):
    assert same(nabla.ask(text).values[name]["value"], value)


def test_flow_lines_are_judged_as_curves():
    text = "Streamlines of V = x i - y j through (1,{})? I found {} = {}"
    verdicts = [nabla.ask(text.format(*case)).values["claims"][0]["verdict"] for case in ((1, "xy", 1), (2, "xy", 1))]
    assert verdicts == ["right", "wrong"]


def test_a_work_of_zero_is_not_right_for_a_curl_of_zero():
    document = nabla.ask("F = (y, x). Work from (0,0) to (1,1)? I get 0")
    assert document.values["claims"][0]["verdict"] == "wrong"


def test_centres_of_fields_without_divergence():
    text = "x' = y, y' = -sin(x): classify the fixed points"
    kinds = {tuple(p["at"]): p["kind"] for p in nabla.ask(text).values["critical"]}
    assert kinds[("0", "0")] == "centre" and kinds[("pi", "0")] == "saddle"


def test_the_letters_of_the_text_are_those_of_the_answer():
    text = nabla.ask("Force G = -k x i - k y j. Show that it's conservative and find U with G = -∇U").answer.text
    assert "G is conservative" in text and "U = " in text and "F" not in text


@pytest.mark.parametrize("f", [z * sp.sin(x * y) + z**2, sp.cos(x**2 * y), sp.log(x) * sp.log(y), sp.exp(a * x) * y])
def test_potentials_whose_integrals_have_cases(f):
    symbols = (x, y, z)
    found = potential([sp.diff(f, s) for s in symbols], cartesian(symbols))
    assert found is not None
    value = found.value.replace(sp.Abs, lambda inner: inner)
    assert all(sp.simplify(sp.diff(value - f, s)) == 0 for s in symbols)


def test_an_antiderivative_is_the_one_that_holds_in_general():
    for f in (sp.cos(a * x), x**a, x * sp.exp(x * y), sp.exp(a * x) * sp.cos(x * y)):
        assert sp.simplify(sp.diff(antiderivative(f, x), x) - f) == 0


def test_markup_keeps_the_places_of_a_text():
    texts = [
        r"\begin{align} y &= x^2 \\ z &= 3 \end{align} and $x$", "Let **F** = (x, y) and **bold words**, a**b**c",
        r"$\epsilon_{ijk}\partial_j F_k$ of $F = (x, y, z)$", "ε_{jik} ∂_j F_k of F = (x, y, z)",
    ]  # fmt: skip
    for text in texts:
        assert len(with_plain_markup(text)) == len(text)
    assert "a**b**c" in with_plain_markup(texts[1]) and "**bold words**" in with_plain_markup(texts[1])
    assert with_nabla(texts[3]) == texts[3]  # an odd order has the other sign
