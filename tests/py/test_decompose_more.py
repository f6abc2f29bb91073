"""Exact equations, operators in a row, critical points, regions and surfaces, and answers about integrals of a field.

The values are those of textbooks or of a second way: Green's theorem worked by hand, eigenvalues by NumPy, forms made
from their solutions.
"""

import random

import numpy as np
import pytest
import sympy as sp

import nabla
from nabla.answer.document import Note
from nabla.read.formula import symbol
from nabla.vector.coordinates import cartesian, cylindrical, spherical
from nabla.vector.critical import critical_points, kind_of
from nabla.vector.forms import integrating_factor
from nabla.vector.operators import curl_twice, divergence, gradient, vector_laplacian

x, y, z = (symbol(name) for name in "xyz")


def zero(text, other="0"):
    return sp.simplify(sp.sympify(str(text)) - sp.sympify(other)) == 0


# Integrals along curves and through surfaces, and what the asker has for them.


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Compute ∫_C y dx - x dy where C is the upper half of the circle x^2 + y^2 = 4 from (2,0) to (-2,0).",
         "work", "-4*pi"),
        ("Find the work done by F = x^2 i - x y j along the quarter circle x^2 + y^2 = 1 from (1,0) to (0,1).",
         "work", "-2/3"),
        ("Use Green's theorem to evaluate ∮_C (x^2 y dx + x y^2 dy) where C is the boundary of the region bounded by "
         "y = x and y = x^2, counterclockwise.", "work", "-1/70"),
        ("Evaluate ∮ (y - sin x) dx + cos x dy where C is the triangle bounded by the lines y = 0, x = pi/2, "
         "y = 2x/pi.", "work", "-pi/4 - 2/pi"),
        ("Evaluate the line integral of F = (xy, x^2) along the boundary of the rectangle 0 ≤ x ≤ 2, 0 ≤ y ≤ 1.",
         "work", "2"),
        (r"Evaluate $\int_C \vec F\cdot d\vec r$, where $\vec F = \langle y, -x \rangle$ and $C$ is the parabola "
         "$y = x^2$ from x = 0 to x = 2.", "work", "-8/3"),
        ("Use Gauss's theorem to find the flux of F = (x^3, y^3, z^3) out of the sphere of radius a.",
         "flux", "12*pi*a**5/5"),
        ("Flux of F = (x, y, z) through the part of the plane x + y + z = 1 in the first octant.", "flux", "1/2"),
        ("Find the flux of F = (y, -x, 1) across the paraboloid z = x^2 + y^2 below the plane z = 4.", "flux", "4*pi"),
        ("Compute the flux of F = (x^3, y^3, 3z) out of the solid bounded by the paraboloid z = 4 - x^2 - y^2 and the "
         "plane z = 0.", "flux", "56*pi"),
        ("Flux of F = (x, y, 0) through the lateral surface of the cylinder x^2 + y^2 = 4 between z=0 and z=3.",
         "flux", "24*pi"),
        ("Flux of F = (x,y,z) out of the ellipsoid x^2/4 + y^2/9 + z^2 = 1", "flux", "24*pi"),
        ("Flux of F = (0, 0, x y) through the surface z = x^2 + y for 0 ≤ x ≤ 1, 0 ≤ y ≤ 2, upward.", "flux", "1"),
    ],
)  # fmt: skip
def test_integrals_over_what_a_text_names(text, name, value):
    document = nabla.ask(text)
    assert zero(document.values[name]["value"], value)
    assert not {"not-covered", "not-used"} & {warning.code for warning in document.warnings}
    assert document.checks and all(check.verdict == "passed" for check in document.checks)


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Evaluate ∫_C (2x - y) dx + (x + 3y) dy along the segment from (0,0) to (2,4). I get 20.", ["wrong"]),
        ("Evaluate ∫_C (2x - y) dx + (x + 3y) dy along the segment from (0,0) to (2,4). I get 28.", ["right"]),
        ("Flux of F = <x, y, z> through the paraboloid z = 4 - x^2 - y^2, z ≥ 0, upward. I got 24π.", ["right"]),
        ("Flux of F = <x, y, z> through the paraboloid z = 4 - x^2 - y^2, z ≥ 0, upward. I got 75.4.", ["right"]),
        ("Flux of F = <x, y, z> through the paraboloid z = 4 - x^2 - y^2, z ≥ 0, upward. I got 75.5.", ["wrong"]),
        ("My professor says F = (y e^{xy} + 2x, x e^{xy} - 2y) has potential f = e^{xy} + x^2 - y^2. I got "
         "f = e^{xy} + x^2 + y^2. Who is right?", ["right", "wrong"]),
    ],
)  # fmt: skip
def test_answers_about_integrals_and_potentials_are_each_judged(text, verdicts):
    assert [claim["verdict"] for claim in nabla.ask(text).values["claims"]] == verdicts


def test_a_point_off_the_circle_and_two_equal_halves_are_refused():
    for path in ("x^2+y^2=4, (1,0) to (0,2), shorter", "x^2+y^2=4, (2,0) to (-2,0), shorter"):
        with pytest.raises(nabla.UserError) as error:
            nabla.run("decompose", {"V": "y; x", "asked": "work", "path": path})
        assert error.value.field == "path"


# Exact equations.


@pytest.mark.parametrize(
    ("text", "exact", "solution"),
    [
        ("Solve the exact ODE (2xy + y^2 cos x) dx + (x^2 + 2y sin x) dy = 0.", True, "x**2*y + y**2*sin(x) - C"),
        ("Solve the equation 3x(xy-2)dx + (x^3+2y)dy = 0", True, "x**3*y - 3*x**2 + y**2 - C"),
        ("Solve the IVP: (2xy - 3x^2) dx + (x^2 - 2y) dy = 0, y(0) = 2.", True, "-x**3 + x**2*y - y**2 + 4"),
        ("Is (y^2 + 2xy) dx - x^2 dy = 0 exact? If not find an integrating factor.", False, "x**2/y + x - C"),
    ],
)
def test_exact_equations_as_texts_ask(text, exact, solution):
    found = nabla.ask(text).values["exact_form"]
    left, right = found["solution"].split(" = ")
    assert found["verdict"] is exact
    assert zero(f"{left} - ({right})", solution)


def test_a_factor_is_found_for_forms_that_were_divided_by_one():
    rng = random.Random(5)
    for _ in range(12):
        f = sum(rng.randint(1, 4) * x ** rng.randint(0, 3) * y ** rng.randint(0, 3) for _ in range(2)) + x * y**2 + x**3
        factor = rng.choice([x**2, 1 / y**3, sp.exp(2 * x), sp.exp(-y), x * y**2, x / y])
        P, Q = (sp.expand(sp.diff(f, s) / factor) for s in (x, y))
        found = integrating_factor(P, Q, (x, y))
        assert found is not None
        assert sp.simplify(sp.diff(found * P, y) - sp.diff(found * Q, x)) == 0
    assert integrating_factor(sp.sin(x * y), x + y**2, (x, y)) is None


# Operators in a row.


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Show that curl(grad f) = 0 for f = x^2 y z + sin(xy).", {"curl_grad": ["0", "0", "0"]}),
        (r"Verify $\nabla\cdot(\nabla\times \vec F)=0$ for $\vec F = (xz, xyz, -y^2)$", {"div_curl": "0"}),
        ("Compute ∇×(∇×A) for A = (y^2 z, 0, x z).", {"curl_curl": ["1 - 2*z", "0", "0"]}),
        ("Compute grad(div F) for F = (x^3 y, y^2 z, x z^2)",
         {"grad_div": ["6*x*y + 2*z", "3*x**2 + 2*z", "2*x + 2*y"]}),
        ("find the laplacian of the vector field F = (x^2 y, y^2 z, z^2 x)", {"laplacian": ["2*y", "2*z", "2*x"]}),
        ("Given the electric potential φ = x^2 y - 3 z, find E = -∇φ.", {"gradient": ["-2*x*y", "-x**2", "3"]}),
        ("What is the Laplacian of 1/r in 3D away from the origin?", {"laplacian": "0"}),
        ("A magnetic field is claimed to be B = (x^2, -2xy, 3z). Does it satisfy Maxwell's equation ∇·B = 0?",
         {"divergence": "3"}),
        ("What's the curl of v = ω × r?", {"curl": ["2*omega_1", "2*omega_2", "2*omega_3"]}),
        ("Compute the divergence of the gravitational field g = -G M r / |r|^3.", {"divergence": "0"}),
        ("Compute ∇ × (r̂ / r^2) in spherical coordinates.", {"curl": ["0", "0", "0"]}),
        ("Find curl of A = ρ cosφ ρ̂ + z φ̂ − ρ ẑ (cylindrical).", {"curl": ["-1", "1", "sin(phi) + z/rho"]}),
        ("Is the field F = r^2 e_r + r sin(θ) e_θ (spherical) irrotational?", {"curl": ["0", "0", "2*sin(theta)"]}),
    ],
)  # fmt: skip
def test_operators_as_texts_ask(text, values):
    document = nabla.ask(text)
    assert {name: document.values[name] for name in values} == values
    assert not {"not-covered", "not-used"} & {warning.code for warning in document.warnings}


def test_the_laplacian_of_a_field_is_the_same_in_all_coordinates():
    """A constant field has none, and in cylinder coordinates r e_phi, twice a rotation, has none either."""
    r, theta, phi = symbol("r"), symbol("theta"), symbol("phi")
    ez = (sp.cos(theta), -sp.sin(theta), sp.S.Zero)
    assert all(sp.simplify(part) == 0 for part in vector_laplacian(ez, spherical(r, theta, phi)))
    assert all(sp.simplify(part) == 0 for part in vector_laplacian((0, r, 0), cylindrical(r, phi, z)))
    F = (x**2 * y * z, sp.sin(x) * y, z**3 * y)
    system = cartesian((x, y, z))
    parts = zip(
        gradient(divergence(F, system), system), curl_twice(F, system), vector_laplacian(F, system), strict=True
    )
    assert all(sp.expand(a - b - c) == 0 for a, b, c in parts)


# Critical points.


def test_kinds_are_those_of_the_eigenvalues():
    rng = random.Random(3)
    for _ in range(60):
        matrix = sp.Matrix(2, 2, [rng.randint(-3, 3) for _ in range(4)])
        found = np.linalg.eigvals(np.array(matrix.tolist(), dtype=float))
        kind = kind_of(matrix, True)
        real = np.sort(found.real)
        if abs(np.prod(found)) < 1e-9:
            assert kind == "degenerate"
        elif real[0] < -1e-9 and real[1] > 1e-9:
            assert kind == "saddle"
        elif abs(real).max() < 1e-9:
            assert kind == "centre"
        else:
            assert kind.startswith("stable" if real[1] < 0 else "unstable")
            spirals = abs(found.imag).max() > 1e-6
            assert ("spiral" in kind) == spirals


def test_equilibria_of_a_system():
    document = nabla.ask(
        "Find the equilibrium points of the vector field x' = x(3 - x - 2y), y' = y(2 - x - y) and classify them."
    )
    assert [(each["at"], each["kind"]) for each in document.values["critical"]] == [
        (["0", "0"], "unstable node"), (["0", "2"], "stable node"), (["1", "1"], "saddle"), (["3", "0"], "stable node"),
    ]  # fmt: skip
    assert critical_points((x**2 - y, y - 1), (x, y))[0].place == (-1, 1)
    assert critical_points((sp.sin(x) - y * sp.exp(x), x - sp.cos(y)), (x, y)) is None


@pytest.mark.parametrize(
    "V", ["(x,y,z)/r^3", "x/r^3; y/r^3; z/r^3", "-y/(x^2+y^2+a); x/(x^2+y^2+a)", "a x/(b (x^2+y^2)); a y/(b (x^2+y^2))"]
)
def test_letters_in_denominators_are_followed_or_left_open(V):
    assert nabla.run("decompose", {"V": V, "asked": "conservative"}).answer


def test_the_flux_out_of_a_source_keeps_its_letters():
    document = nabla.ask("Compute the divergence of the gravitational field g = -G M r / |r|^3.")
    assert zero(document.values["holes"][0]["flux"], "-4*pi*G*M")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Could E = (2xy, x^2 - z^2, -2yz) be an electrostatic field? If so give V with E = -∇V.",
         "potential", "-x**2*y + y*z**2"),
        ("Find f with ∇f = (yz e^{xyz}, xz e^{xyz}, xy e^{xyz})", "potential", "exp(x*y*z)"),
        ("gravity field g = -GM r/r^3: potential?", "potential", "G*M/sqrt(x**2 + y**2 + z**2)"),
        ("Given ψ = x^2 - y^2 find velocity at (1,2), using u = ∂ψ/∂y, v = -∂ψ/∂x.", "stream", "x**2 - y**2"),
        ("compute ∇·(E × H) with E = (0, cos(z), 0), H = (-cos(z), 0, 0)", "divergence", "-2*sin(z)*cos(z)"),
    ],
)  # fmt: skip
def test_fields_by_what_they_are_made_of(text, name, value):
    assert zero(nabla.ask(text).values[name], value)


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Is E = (2xy, x^2 - z^2, -2yz) conservative? If so give the potential V with E = -∇V. I found "
         "V = -x^2 y + z^2 y.", ["right"]),
        ("vorticity of solid body rotation u = -Ω y, v = Ω x; I get Ω", ["wrong"]),
        ("Find div v and curl v at (1,1,1) for v = (x^2 y, -2 x z, 2 y z). My values: div = 4 and curl = (4, 0, -3).",
         ["right", "right"]),
        ("Charge density for E = k r^3 r̂ in spherical coordinates. I get 5 k ε0 r^2.", ["right"]),
    ],
)  # fmt: skip
def test_answers_with_letters_and_signs(text, verdicts):
    assert [claim["verdict"] for claim in nabla.ask(text).values["claims"]] == verdicts


def test_a_closed_form_with_a_vortex_is_not_exact():
    found = nabla.ask("Is ω = (x dy - y dx)/(x^2+y^2) exact?")
    assert found.values["exact_form"]["verdict"] is False
    assert r"2 \pi" in found.answer.tex


@pytest.mark.parametrize(
    ("inputs", "divergence", "distance"),
    [
        ({"V": "[x/r, y/r]"}, "1/sqrt(x**2 + y**2)", True),
        ({"V": "[-y*r, x*r, z]"}, "1", True),
        ({"V": "[x*r, y*r]", "parameters": "r=2"}, "4", False),
        ({"V": "[-y*r, x*r, 1]"}, "0", False),
        ({"V": "x*y*r", "given": "potential"}, "0", False),
    ],
)
def test_a_letter_is_said_to_be_the_distance_where_it_is(
    inputs: dict[str, str], divergence: str, distance: bool
) -> None:
    document = nabla.run("decompose", {**inputs, "asked": "divergence"})
    assert any(isinstance(b, Note) and "distance from the origin" in b.text for b in document.blocks) is distance
    assert zero(document.values["divergence"], divergence)


@pytest.mark.parametrize("field", ["y^2; x*y", "x^2; x y", "x^3; y^2", "x y^2; x + y", "y^3; x^2 y"])
def test_a_field_that_does_not_repeat_has_no_failed_check(field: str) -> None:
    document = nabla.decompose(field, domain="-1..1")
    assert [check.claim for check in document.checks if check.verdict == "failed"] == []
