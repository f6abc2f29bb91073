"""Charges and vortices on the box, and the field that a program defines."""

import pytest
import sympy as sp

import nabla
from nabla.helmholtz.exact import decompose

x, y, z = sp.symbols("x y z", real=True)
R = "(x^2+y^2+z^2)^1.5"


@pytest.mark.parametrize(
    ("V", "S", "H"),
    [
        ("x/(x^2+y^2); y/(x^2+y^2)", 0.0, 1.0),
        ("-y/(x^2+y^2); x/(x^2+y^2)", 1.0, 0.0),
        (f"x/{R}; y/{R}; z/{R}", 0.0, 1.0),
        ("x/(x^2+y^2+0.0001); y/(x^2+y^2+0.0001)", 0.0, 1.0),
    ],
)
def test_charges_are_H_and_vortices_are_S_whatever_the_resolution(V, S, H):
    document = nabla.run("decompose", {"V": V, "n": 8, "boundary": "open"})
    relative = document.values["answers"]["open"]["relative"]
    assert (relative["S"], relative["H"], relative["harmonic"]) == pytest.approx((S, H, 0.0), abs=1e-12)
    assert all(check.verdict != "failed" for check in document.checks)
    assert not any(
        "Real and finite" in str(block) and "divides by zero" in str(document.blocks) for block in document.blocks
    )


ELEMENTARY = [
    (x**2, y + sp.sin(x) * sp.cos(2 * y)),
    (sp.sin(x), x * sp.sqrt(1 + y**2)),
    (sp.exp(x + y), x / (x**2 + y**2)),
    (1 / (1 + x**2 + y**2), x * sp.exp(-(y**2))),
    (x / sp.sqrt(x**2 + y**2 + 1), 2 * x * y**2),
    (x * y * sp.exp(x), sp.log(1 + x**2) * y),
    (sp.sin(2 * x - y) * x, y**3 * x),
]


@pytest.mark.parametrize("V", ELEMENTARY)
def test_elementary_fields_have_parts_in_formulas(V):
    found = decompose(V, (x, y))
    assert found is not None
    at = {x: sp.Rational(5, 7), y: sp.Rational(-3, 11)}
    S, H, h = found.S, found.H, found.harmonic
    residuals = [sp.diff(S[0], x) + sp.diff(S[1], y), sp.diff(H[1], x) - sp.diff(H[0], y)]
    residuals += [v - a - b - c for v, a, b, c in zip(V, S, H, h, strict=True)]
    assert all(abs(sp.N(each.subs(at), 25)) < 1e-20 for each in residuals)


def test_the_field_of_a_program_is_split_below_what_is_wrong_in_it():
    code = """import numpy as np
def f(x, z):
    return z**2 * x + np.sin(z)
vector = np.array([[f(x, z) for x in range(-1, 2)] for z in range(-1, 2)])
gradient = np.gradient(vector)
curl = np.cross(gradient[0], gradient[1])
"""
    document = nabla.run("decompose", {"code": code})
    assert {each["code"] for each in document.values["code"]} >= {"cross"}
    assert set(document.values["answers"]) == {"periodic", "wall", "open"}
    exact = document.values["exact"]
    total = [
        sp.sympify(a) + sp.sympify(b) + sp.sympify(c)
        for a, b, c in zip(exact["S"], exact["H"], exact["harmonic"], strict=True)
    ]
    assert sp.simplify(total[0] - sp.sympify("z**2*x + sin(z)")) == 0 and sp.simplify(total[1]) == 0
