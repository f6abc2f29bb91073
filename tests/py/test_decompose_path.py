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
]


@pytest.mark.parametrize(("V", "path", "work"), CURVES)
def test_work_along_a_curve(V, path, work):
    document = nabla.run("decompose", {"V": V, "path": path})
    found = document.values["work"]
    assert sp.simplify(sp.sympify(found["value"]) - sp.sympify(work)) == 0
    assert found["number"] == pytest.approx(float(sp.sympify(work)))
    assert document.answer.text.startswith("The work along the curve is ")
    assert all(check.verdict != "failed" for check in document.checks)


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("Find the work done by F = (y, -x) along the unit circle counterclockwise", "-2*pi"),
        ("Find the work done by F = (2xy, x^2) from (0,0) to (1,2)", "2"),
        ("Evaluate the line integral of F = (x^2, xy) along x = t, y = t^2, t = 0..1", "11/15"),
        ("Compute the circulation of F = <-y, x> around the circle of radius 3.", "18*pi"),
    ],
)
def test_texts_that_ask_for_work(text, work):
    document = nabla.ask(text)
    assert sp.simplify(sp.sympify(document.values["work"]["value"]) - sp.sympify(work)) == 0
    assert not {"not-covered", "not-used"} & {warning.code for warning in document.warnings}


def test_what_is_no_curve_is_refused_with_an_example():
    with pytest.raises(nabla.UserError) as error:
        nabla.run("decompose", {"V": "x; y", "path": "around the lake"})
    assert (error.value.code, error.value.field) == ("syntax", "path")
