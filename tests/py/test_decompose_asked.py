"""Fields and what is asked about them, as people tell it; the numbers were worked out by hand."""

import pytest

import nabla


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("compute curlF and divF for F = (x*y, y*z, z*x)", ["∇ · F = x + y + z", "∇ × F = (- y, - z, - x)"]),
        ("curlf where f(x,y,z) = <yz, xz, xy>", ["∇ × f = (0, 0, 0)"]),
        ("F = 3x i. Is it conservative? divergence?", ["F is conservative", "∇ · F = 3"]),
        ("G = y k. Find the curl of G", ["∇ × G = (1, 0, 0)"]),
        ("Flux of (0, 0, 1) through the upper hemisphere x^2+y^2+z^2=4, z>=0", ["is 4 π"]),
        ("line integral of (x, y) along y = x^2 from x = 0 to 1", ["is 1."]),
        ("Evaluate the scalar line integral of f = x + y over the segment from (0,0) to (3,4).", ["is 35/2"]),
        ("u = x^2 - y^2, v = -2xy. find the rate of strain tensor", ["e_xx = 2 x, e_xy = - 2 y, e_yy = - 2 x"]),
        ("Find the potential difference between (1,1) and (2,3) for the electric field E = (2xy, x^2).",
         ["E = -∇ V", "changes by -11"]),
        ("Given psi = 2xy + 3x with u = psi_y, v = -psi_x, what is the velocity potential phi?",
         ["φ = x² - y² - 3 y"]),
        ("F=(2x,3y,4z), compute the flux through the cube [0,1]^3 and through the unit sphere",
         ["Box x=0..1, y=0..1, z=0..1: the flux through the surface, outward, is 9", "sphere radius 1", "is 12 π"]),
        ("work done by F = (y, -x) along the unit circle and along the square with vertices (±1, ±1)",
         ["Unit circle: the work along the closed curve, its circulation, is - 2 π", "is -8"]),
        ("green's theorem for P = y^2, Q = 3xy over the upper half disk of radius 1", ["is 2/3"]),
        ("stokes theorem for F = (z, x, y) on the hemisphere", ["upward, is π R²"]),
        ("∬ F·dS where F = xi + yj + zk and S is the sphere x^2+y^2+z^2 = a^2", ["is 4 π a³"]),
        ("vector potential of (0, 0, 1)", ["F = ∇ × A with A = (- y, 0, 0)"]),
        ("stream function for u = y, v = x", ["F = (∂ψ/∂y, -∂ψ/∂x)"]),
        ("Use Stokes' theorem to evaluate ∮ (y dx + z dy + x dz) over the intersection of x+y+z=0 and the sphere "
         "x²+y²+z²=4", ["the closed curve, its circulation, is - 4 √3 π"]),
        ("circulation of F = (y, z, x) where the plane x + y + z = 1 meets the sphere x^2+y^2+z^2=1",
         ["is - (2 √3 π)/3"]),
        ("v = (y^2, x^2). circulation around the square 0 ≤ x, y ≤ 1. I found circulation = 1",
         ["its circulation, is 0", "Your 1 is not the work"]),
        ("F = <y cos(xy), x cos(xy) - z, -y>: find f with grad f = F", ["F = ∇ f with f = sin(x y) - y z"]),
        ("Show v = (2xyz, x^2 z, x^2 y) is irrotational and find φ with v = ∇φ", ["v = ∇ φ with φ = x² y z"]),
        ("Find φ with ∇φ = v for v = (2xyz, x^2 z, x^2 y)", ["v = ∇ φ with φ = x² y z"]),
        ("where is the divergence of F = (x^3 - 3x, y^2) zero?", ["∇ · F = 0 where 3 x² + 2 y = 3"]),
        ("At which points is the curl of F = (x y^2, x^2 + y^3) zero?", ["where y = 1 or x = 0"]),
        ("for which points is curl F = 0, F = (yz, x, z^2 x)", ["where y = 1, z = 1"]),
        ("Where does div F vanish for F = (x^2 + 1, y)?", ["∇ · F = 0 where x = - 1/2"]),
        ("Flow: u = 2x, v = -2y; acceleration at (1,1)?", ["(F · ∇) F = (4 x, 4 y). At x = 1, y = 1 it is (4, 4)"]),
        ("u = x^2 - y^2, v = -2xy. Show that this satisfies continuity and find the pressure distribution",
         ["∇ · F = 0", "the pressure is p = p_0 - (ρ (x² + y²)²)/2"]),
        ("For V = (y, -x) (solid body rotation) find the pressure field.", ["p = p_0 + (ρ (x² + y²))/2"]),
        ("velocity field u = y^2, v = x. find the acceleration and the pressure", ["No pressure keeps this"]),
        ("potential energy for F = -k x i - k y j", ["F = -∇ V with V = (k x²)/2 + (k y²)/2"]),
        ("is E = (2x, -2y, 0) possible as an electrostatic field in vacuum?", ["E is conservative", "∇ · E = 0"]),
        ("Is F(x,y,z) = (y z, x z, x y + 1) path independent? Evaluate from origin to (1,1,1)", ["curve is 2"]),
        ("∇·(x^2 i + y^2 j + z^2 k) at (1, -1, 2)", ["∇ · F = 4"]),
        ("Spherical coords (ρ,θ,φ) with φ the polar angle: compute the divergence of F = ρ cos φ e_φ",
         ["∇ · F = (cos²(φ) - sin²(φ))/(sin(φ))"]),
        ("vector field F(r, θ) = r e_θ : curl?", ["∇ × F = 2"]),
        ("A fluid has v = ω × r with ω = (0,0,ω). curl v?", ["∇ × v = (0, 0, 2 ω)"]),
        ("What is ∇ × (φ A) for φ = xyz and A = (x, y, z)?", ["(x z² - x y², x² y - y z², y² z - x² z)"]),
        ("Is the gravitational field g = -GM r/r^3 conservative?", ["g is conservative", "g = ∇ f with f"]),
        ("Helmholtz decomposition of F = (sin x cos y, 0) on the 2 pi periodic square", ["(sin(x) cos(y))/2"]),
        ("for which n is r^n \\hat r solenoidal?", ["Only with n = -2"]),
        ("Find the curl of F = e^(-r^2) r where r = (x,y,z)", ["∇ × F = (0, 0, 0)"]),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered_and_nothing_left_out(text, said):
    document = nabla.ask(text)
    for each in said:
        assert each in document.answer.text
    assert not document.warnings and document.values["question"]["unused"] == []


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Find a vector potential for B = (0, 0, x). Is A = (0, x^2/2, 0) one?", ["right"]),
        ("Find a vector potential for B = (0, 0, x). Is A = (0, x^2, 0) one?", ["wrong"]),
        ("G(x,y) = (e^x cos y, -e^x sin y). Find div G and curl G. I got div G = 2 e^x cos y", ["wrong"]),
        ("compute curlF and divF for F = (x*y, y*z, z*x). I got curlF = (-y, -z, -x), divF = x+y", ["right", "wrong"]),
        ("F = r/|r|^3. Compute div F, and the flux through the unit sphere. I say 0.", ["undecided"]),
    ],
)
def test_answers_are_judged_for_what_they_are_told_for(text, verdicts):
    assert [claim["verdict"] for claim in nabla.ask(text).values["claims"]] == verdicts
