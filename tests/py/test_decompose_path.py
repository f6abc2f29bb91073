"""Work along curves: as inputs, and as texts ask for it."""

import pytest
import sympy as sp

import nabla

CURVES = [
    ("y; -x", "unit circle", "-2*pi"),
    ("y; -x", "unit circle clockwise", "2*pi"),
    ("-y/(x^2+y^2); x/(x^2+y^2)", "circle radius 3", "2*pi"),
    ("2xy; x^2", "(0, 0) to (1, 2)", "2"),
    ("x^2; x*y", "x=t, y=t^2, t=0..1", "11/15"),
    ("x^2; x*y", "(0, 0) to (1, 0) to (1, 1)", "5/6"),
    ("y; z; x", "x=cos(s), y=sin(s), z=s, s=0..2pi", "-pi"),
    ("x^2; -x*y", "y=x^2, (0,0) to (2,4)", "-152/15"),
    ("y; z; x", "x=t, y=t^2, z=t^3, (0,0,0) to (1,1,1)", "89/60"),
    ("-y; x", "x^2/9 + y^2/4 = 1", "12*pi"),
    ("-y; x", "(x-1)^2 + (y+2)^2 = 3 clockwise", "-6*pi"),
]


@pytest.mark.parametrize(("V", "path", "work"), CURVES)
def test_work_along_a_curve(V, path, work):
    document = nabla.run("decompose", {"V": V, "path": path})
    found = document.values["work"]
    assert sp.simplify(sp.sympify(found["value"]) - sp.sympify(work)) == 0
    assert found["number"] == pytest.approx(float(sp.sympify(work)))
    assert document.answer.text.startswith("The work along the ")
    assert all(check.verdict != "failed" for check in document.checks)


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("Find the work done by F = (y, -x) along the unit circle counterclockwise", "-2*pi"),
        ("Find the work done by F = (2xy, x^2) from (0,0) to (1,2)", "2"),
        ("Evaluate the line integral of F = (x^2, xy) along x = t, y = t^2, t = 0..1", "11/15"),
        ("Evaluate ∮_C xy dx + x^2 dy, C is counterclockwise around the rectangle with vertices (0, 0), (4, 0), "
         "(4, 1), (0, 1)", "8"),
        (r"Evaluate $\oint_C (3y - e^{\sin x})\,dx + (7x + \sqrt{y^4+1})\,dy$ where $C$ is the circle $x^2+y^2=9$.",
         "36*pi"),
        ("Find ∮ y^2 dx + 3xy dy over the triangle with vertices (0,0), (1,0), (0,1) traversed clockwise.", "-1/6"),
        ("Find the work done by F = (x(x+y), xy^2) in moving a particle from the origin along the x axis to (1,0), "
         "then along the line segment to (0,1), and back to the origin along the y axis.", "-1/12"),
        (r"Evaluate $\int_C \mathbf{F}\cdot d\mathbf{r}$ where $\mathbf{F}(x,y,z) = (y, -x, z)$ and C is the helix "
         r"$\mathbf{r}(t) = (\cos t, \sin t, t)$, $0 \le t \le 2\pi$.", "2*pi**2 - 2*pi"),
        ("Find the work done by the force field F(x,y) = x^2 i - xy j along the parabola y = x^2 from (0,0) to (2,4).",
         "-152/15"),
        ("Calculate ∫_C F·dr where F(x,y) = (2xy, x^2) and C: r(t) = (t, t^3) for t in [0, 1].", "1"),
        ("Compute the circulation of F = <-y, x> around the circle of radius 3.", "18*pi"),
    ],
)  # fmt: skip
def test_texts_that_ask_for_work(text, work):
    document = nabla.ask(text)
    assert sp.simplify(sp.sympify(document.values["work"]["value"]) - sp.sympify(work)) == 0
    assert not {"not-covered", "not-used"} & {warning.code for warning in document.warnings}


def test_what_is_no_curve_is_refused_with_an_example():
    with pytest.raises(nabla.UserError) as error:
        nabla.run("decompose", {"V": "x; y", "path": "around the lake"})
    assert (error.value.code, error.value.field) == ("syntax", "path")


@pytest.mark.parametrize(
    "path",
    [
        "x^2/4 + y^2 = 1",
        "(0,0) to (2,0) to (1,3) to (0,0)",
        "(1,1) to (1,2) to (3,-1) to (2,0) to (1,1)",
    ],
)
def test_both_sides_of_the_theorems_of_green_and_gauss_are_the_same(path):
    document = nabla.run("decompose", {"V": "x^2*y - sin(y); x*y + exp(x)", "path": path, "asked": "work, flux"})
    for name in ("work", "flux"):
        told = document.values[name]
        assert told["inside"] == pytest.approx(told["number"], rel=1e-9, abs=1e-9)
    assert all(check.verdict != "failed" for check in document.checks)


def test_stokes_in_space_and_no_theorem_around_a_vortex():
    path = "x=cos(t), y=sin(t), z=cos(t)*sin(t), t=0..2pi"
    told = nabla.run("decompose", {"V": "y*z; x^2; z - x*y", "path": path}).values["work"]
    assert told["inside"] == pytest.approx(told["number"], abs=1e-9)
    vortex = nabla.run("decompose", {"V": "-y/(x^2+y^2); x/(x^2+y^2)", "path": "unit circle"})
    assert vortex.values["work"]["value"] == "2*pi" and "inside" not in vortex.values["work"]


def test_points_beside_the_curve_are_refused():
    with pytest.raises(nabla.UserError, match="does not lie on"):
        nabla.run("decompose", {"V": "x; y", "path": "y=x^2, (0,0) to (2,3)"})
