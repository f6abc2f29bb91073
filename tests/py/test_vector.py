"""Fields in formulas: operators against identities and handbooks, potentials of gradients, holes by their loops."""

import pytest
import sympy as sp

from nabla.vector import operators
from nabla.vector.conservative import judge
from nabla.vector.coordinates import cartesian, cylindrical, polar, spherical
from nabla.vector.holes import holes
from nabla.vector.potentials import potential, stream_function, vector_potential

x, y, z, r, theta, phi, k = sp.symbols("x y z r theta phi k", real=True)
PLANE, SPACE = cartesian((x, y)), cartesian((x, y, z))
SYSTEMS = [PLANE, SPACE, polar(r, theta), cylindrical(r, theta, z), spherical(r, theta, phi)]
SCALARS = [x**2 * y - 3 * z * y, sp.exp(x * z) + sp.sin(y), x * sp.log(y**2 + 1) - z**3, sp.cos(x - 2 * y) * z]
SQUARE = x**2 + y**2


def zero(parts):
    return all(sp.simplify(part) == 0 for part in parts)


@pytest.mark.parametrize("system", SYSTEMS, ids=[f"{s.name}-{s.dimension}" for s in SYSTEMS])
def test_curl_of_a_gradient_and_divergence_of_a_curl_vanish(system):
    q = system.symbols
    f = q[0] ** 2 * sp.sin(q[1]) + q[0] * q[-1]
    assert zero(operators.curl(operators.gradient(f, system), system))
    if system.dimension == 3:
        A = (q[0] * q[1] * q[2], q[0] ** 2 * q[2], q[0] * sp.sin(q[1]))
        assert zero([operators.divergence(operators.curl(A, system), system)])


@pytest.mark.parametrize("system", SYSTEMS[2:], ids=[s.name for s in SYSTEMS[2:]])
def test_curved_coordinates_agree_with_cartesian_ones(system):
    names = (x, y, z)[: system.dimension]
    F = (x * y, y**2 - x, z * x)[: system.dimension]
    there = dict(zip(names, system.position, strict=True))
    cart = cartesian(names)
    # The components along the unit vectors are the products with them.
    units = [
        [sp.diff(p, q) / h for p in system.position] for q, h in zip(system.symbols, system.scales, strict=True)
    ]  # fmt: skip
    curved = tuple(sum(f.subs(there) * u for f, u in zip(F, unit, strict=True)) for unit in units)
    assert zero([operators.divergence(curved, system) - operators.divergence(F, cart).subs(there)])
    turned = operators.in_cartesian(operators.curl(curved, system), system) if system.dimension == 3 else None
    if turned:
        assert zero([a - b.subs(there) for a, b in zip(turned, operators.curl(F, cart), strict=True)])


def test_laplacians_of_the_handbook():
    space, plane = spherical(r, theta, phi), polar(r, theta)
    assert sp.simplify(operators.laplacian(1 / r, space)) == 0
    assert sp.simplify(operators.laplacian(sp.log(r), plane)) == 0
    assert sp.simplify(operators.laplacian(r**2, space)) == 6
    assert sp.simplify(operators.laplacian(r**3 * sp.cos(3 * theta), plane)) == 0


@pytest.mark.parametrize("f", SCALARS)
def test_the_potential_of_a_gradient_is_found(f):
    F = operators.gradient(f, SPACE)
    found = potential(F, SPACE)
    assert found is not None
    assert zero([sp.diff(found.value - f, s) for s in (x, y, z)])
    judged = judge(F, SPACE)
    assert judged.verdict is True
    assert judged.reason == "simply-connected" or f.has(sp.log)


@pytest.mark.parametrize("f", [x * y**2, sp.sin(x) * y, sp.exp(-x) * sp.cos(y), x**3 - 3 * x * y**2])
def test_stream_functions_and_vector_potentials_are_found(f):
    found = stream_function((sp.diff(f, y), -sp.diff(f, x)), cartesian((x, y)))
    assert found is not None and zero([sp.diff(found.value - f, s) for s in (x, y)])
    F = operators.curl((f * z, x * y, f), SPACE)
    A = vector_potential(F, (x, y, z))
    assert A is not None and zero([a - b for a, b in zip(operators.curl(A, SPACE), F, strict=True)])


def test_a_curl_is_shown_at_a_point_where_the_field_has_a_value():
    judged = judge((sp.log(x) * y, y / (x - 1)), PLANE)
    assert judged.verdict is False and judged.reason == "curl"
    at, value = judged.witness
    assert at[x] != 1 and at[x] > 0 and value[0] != 0


VORTEX = (-y / SQUARE, x / SQUARE)
CHARGE = (x / SQUARE, y / SQUARE)


@pytest.mark.parametrize(
    ("F", "verdict", "reason", "circulation", "flux"),
    [
        (VORTEX, False, "circulation", 2 * sp.pi, 0),
        (CHARGE, True, "single-valued", 0, 2 * sp.pi),
        (tuple(3 * f for f in VORTEX), False, "circulation", 6 * sp.pi, 0),
        (tuple(k * f for f in VORTEX), False, "circulation", 2 * sp.pi * k, 0),
        ((VORTEX[0] + y, VORTEX[1] + x), False, "circulation", 2 * sp.pi, 0),
    ],
)
def test_holes_decide_where_the_curl_is_zero(F, verdict, reason, circulation, flux):
    judged = judge(F, PLANE)
    assert (judged.verdict, judged.reason) == (verdict, reason)
    (hole,) = judged.holes
    assert sp.simplify(hole.circulation - circulation) == 0
    assert hole.flux is None or sp.simplify(hole.flux - flux) == 0


def test_a_vortex_is_conservative_on_a_half_plane_and_a_line_vortex_in_space_is_not():
    assert judge(VORTEX, PLANE, convex=True).verdict is True
    judged = judge((*VORTEX, 2 * z), SPACE)
    assert judged.verdict is False and judged.holes[0].along == z
    assert judge((sp.S.Zero, 1 / r), polar(r, theta)).reason == "circulation"


def test_a_point_in_space_is_no_hole_for_loops():
    R = sp.sqrt(x**2 + y**2 + z**2)
    judged = judge((x / R**3, y / R**3, z / R**3), SPACE)
    assert judged.verdict is True
    assert judged.holes[0].flux == 4 * sp.pi
    assert sp.simplify(judged.potential.value + 1 / R) == 0


def test_two_vortices_are_told_apart_and_lines_are_no_holes():
    F = [a - b.subs(x, x - 2) for a, b in zip(VORTEX, VORTEX, strict=True)]
    assert sorted((h.place, h.circulation) for h in holes(F, (x, y))[0]) == [
        ((0, 0), 2 * sp.pi),
        ((2, 0), -2 * sp.pi),
    ]
    found, others = holes((1 / (x - y), x), (x, y))
    assert found == [] and others == [x - y]
