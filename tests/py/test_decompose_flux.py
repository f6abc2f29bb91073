"""The flux through surfaces, and both sides of the theorems of Gauss and Stokes."""

import pytest
import sympy as sp

import nabla

R3 = "(x^2+y^2+z^2)^(3/2)"
SURFACES = [
    ("x^3; y^3; z^3", "sphere radius 4", "12288*pi/5"),
    ("x; y; z", "unit sphere centre (1, 2, 3)", "4*pi"),
    ("4x z; -y^2; y z", "unit cube", "3/2"),
    ("x^2; y^2; z^2", "box x=0..1, y=0..2, z=1..3", "28"),
    ("x^2; y^2; z^2", "box x=1..0, y=2..0, z=3..1", "28"),
    ("x y^2; x^2 y; z", "cylinder radius 1, z=0..2", "3*pi"),
    ("x y^2; x^2 y; z", "cylinder radius 1, z=2..0", "3*pi"),
    ("x; y; z", "z=1-x^2-y^2, z>=0", "3*pi/2"),
    (f"x/{R3}; y/{R3}; z/{R3}", "sphere radius 3", "4*pi"),
]


@pytest.mark.parametrize(("V", "surface", "truth"), SURFACES)
def test_flux_through_a_surface(V, surface, truth):
    document = nabla.run("decompose", {"V": V, "surface": surface, "asked": "flux"})
    told = document.values["flux"]
    assert sp.simplify(sp.sympify(told["value"]) - sp.sympify(truth)) == 0
    if "inside" in told:
        assert told["inside"] == pytest.approx(told["number"])
    assert ("inside" in told) == ("z>=" not in surface and R3 not in V)  # closed, with a field that is smooth inside
    assert all(check.verdict != "failed" for check in document.checks)


@pytest.mark.parametrize("surface", ["hemisphere radius 2", "z=4-x^2-y^2, z>=0", "z=3-sqrt(x^2+y^2), z>=1"])
def test_both_sides_of_stokes(surface):
    document = nabla.run("decompose", {"V": "x*z - y; x + y^2; x*y", "surface": surface, "asked": "flux, work"})
    assert document.values["flux"]["number"] == pytest.approx(document.values["work"]["number"])
    assert "The other side of the theorem of Stokes is the same" in [check.claim for check in document.checks]
    assert all(check.verdict != "failed" for check in document.checks)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Evaluate the flux of F over S where N is the upward unit normal vector to S and F(x,y,z) = xi + yj + zk, "
         "S: z = 1-x^2-y^2, z >= 0", "3*pi/2"),
        ("Vector field F(x, y, z) = 4xz i - y^2 j + yz k. Evaluate ∬_S F·n dS where S is the surface of the cube "
         "bounded by x=0, x=1, y=0, y=1, z=0, z=1.", "3/2"),
        ("Verify the divergence theorem for F = x^3 i + y^3 j + z^3 k and the sphere x^2+y^2+z^2 = 16.", "12288*pi/5"),
        ("Compute the flux of F = (x^2, y^2, z^2) out of the unit cube [0,1]x[0,1]x[0,1].", "3"),
        ("Find the flux of F = (x, y, z) out of the box 1 >= x >= 0, b >= y >= 0, 3 >= z >= 0.", "9*b"),
        ("Find the flux of F = (x, y, z) out of the cube bounded by x=1, x=0, y=1, y=0, z=1, z=0.", "3"),
        ("Verify Stokes' theorem for F = (2x - y) i - y z^2 j - y^2 z k where S is the upper half of the sphere "
         "x^2 + y^2 + z^2 = 1 and C is its boundary.", "pi"),
        ("Use the divergence theorem to find the flux of F = (x y^2, x^2 y, z) out of the cylinder x^2 + y^2 = 1 "
         "between z = 0 and z = 2.", "3*pi"),
    ],
)  # fmt: skip
def test_texts_that_ask_for_flux(text, truth):
    document = nabla.ask(text)
    assert document.lab == "decompose"
    assert sp.simplify(sp.sympify(document.values["flux"]["value"]) - sp.sympify(truth)) == 0
    assert not {"not-covered", "not-used"} & {warning.code for warning in document.warnings}


def test_surfaces_that_are_not_known_are_said():
    text = "Find the flux of F = (x, y, z) through the triangle with vertices (1,0,0), (0,1,0), (0,0,1)."
    assert "not-covered" in {warning.code for warning in nabla.ask(text).warnings}
    with pytest.raises(nabla.UserError) as error:
        nabla.run("decompose", {"V": "x; y; z", "surface": "a bottle", "asked": "flux"})
    assert (error.value.code, error.value.field) == ("syntax", "surface")
