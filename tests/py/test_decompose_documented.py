"""Fields of the documentation of MATLAB and of sympy.vector, beside the results printed there and those of SymPy."""

import pytest
import sympy as sp
from sympy.vector import CoordSys3D, curl, divergence, gradient, is_conservative, is_solenoidal, scalar_potential

import nabla

# The inputs and the results that MATLAB's Symbolic Math Toolbox documents for these functions.
MATLAB = [
    ("divergence", "x; 2*y^2; 3*z^3", "divergence", "9*z**2 + 4*y + 1"),
    ("curl", "x^3*y^2*z; y^3*z^2*x; z^3*x^2*y", "curl",
     ["x**2*z**3 - 2*x*y**3*z", "x**3*y**2 - 2*x*y*z**3", "y**3*z**2 - 2*x**3*y*z"]),
    ("potential", "x; y; z*exp(z)", "potential", "x**2/2 + y**2/2 + exp(z)*(z - 1)"),
    ("gradient", "2*y*z*sin(x) + 3*x*sin(z)*cos(y)", "gradient",
     ["3*cos(y)*sin(z) + 2*y*z*cos(x)", "2*z*sin(x) - 3*x*sin(y)*sin(z)", "2*y*sin(x) + 3*x*cos(y)*cos(z)"]),
    ("laplacian", "1/x + y^2 + z^3", "laplacian", "6*z + 2/x**3 + 2"),
]  # fmt: skip


def same(ours, theirs) -> bool:
    listed = zip(ours, theirs, strict=True) if isinstance(theirs, list) else [(ours, theirs)]
    gaps = [sp.simplify(sp.sympify(a) - sp.sympify(b)) for a, b in listed]
    return not any(gap.free_symbols or (isinstance(theirs, list) and gap != 0) for gap in gaps)


@pytest.mark.parametrize(("asked", "V", "value", "documented"), MATLAB, ids=[row[0] for row in MATLAB])
def test_what_matlab_documents(asked, V, value, documented):
    given = "potential" if ";" not in V else "field"
    document = nabla.run("decompose", {"V": V, "asked": asked, "given": given})
    assert same(document.values[value], documented)


def test_the_vector_potential_that_matlab_documents_differs_by_a_gradient():
    document = nabla.run("decompose", {"V": "x^2*y; -1/2*y^2*x; -x*y*z", "asked": "vector-potential"})
    x, y, z = sp.symbols("x y z")
    theirs = (-(x * y**2 * z) / 2, -(x**2) * y * z, sp.S.Zero)
    gap = [sp.sympify(a) - b for a, b in zip(document.values["vector_potential"], theirs, strict=True)]
    turns = (gap[2].diff(y) - gap[1].diff(z), gap[0].diff(z) - gap[2].diff(x), gap[1].diff(x) - gap[0].diff(y))
    assert [sp.expand(turn) for turn in turns] == [0, 0, 0]


FIELDS = [
    "x*y*z; 0; 0", "y*z; x*z; x*y", "4*x*y*z; 2*x**2*z; 2*x**2*y", "x**2*y*z; y; -z",
    "exp(x)*cos(y); -exp(x)*sin(y); 0",
    "x*sin(y*z); z*cos(x); y**3",
]  # fmt: skip


@pytest.mark.parametrize("V", FIELDS)
def test_what_sympy_vector_finds(V):
    N = CoordSys3D("N")
    back = dict(zip(sp.symbols("x y z"), (N.x, N.y, N.z), strict=True))
    field = sum((sp.sympify(part).subs(back) * unit for part, unit in zip(V.split(";"), (N.i, N.j, N.k), strict=True)),
                start=0 * N.i)  # fmt: skip

    def ours(text):
        return sp.sympify(text).subs(back)

    values = nabla.run("decompose", {"V": V, "asked": "divergence, curl, conservative, solenoidal"}).values
    assert sp.simplify(ours(values["divergence"]) - divergence(field)) == 0
    turn = curl(field)
    for text, unit in zip(values["curl"], (N.i, N.j, N.k), strict=True):
        assert sp.simplify(ours(text) - turn.dot(unit)) == 0
    assert values["conservative"] is is_conservative(field)
    assert (values["divergence"] == "0") is is_solenoidal(field)
    if values["conservative"]:
        assert sp.simplify(ours(values["potential"]) - scalar_potential(field, N)).free_symbols == set()
        assert gradient(ours(values["potential"])) == field or sp.simplify(
            (gradient(ours(values["potential"])) - field).dot(N.i + N.j + N.k)) == 0  # fmt: skip
