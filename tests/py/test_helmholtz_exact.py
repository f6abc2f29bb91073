"""Parts in formulas: against parts known from elsewhere, and by their defining equations in SymPy."""

import pytest
import sympy as sp

from nabla.helmholtz.exact import curl, decompose, divergence, holds

x, y, z = sp.symbols("x y z", real=True)
r2 = x**2 + y**2


def same(a: tuple[sp.Expr, ...], b: tuple[sp.Expr, ...]) -> bool:
    return all(sp.simplify(f - g) == 0 for f, g in zip(a, b, strict=True))


@pytest.mark.parametrize(
    ("V", "S", "H"),
    [
        ((sp.sin(x) * sp.cos(y), -sp.cos(x) * sp.sin(y)), None, (0, 0)),
        ((x * sp.exp(-r2), y * sp.exp(-r2)), (0, 0), None),
        ((-y + x / 2, x + y / 2), (-y, x), (x / 2, y / 2)),
        ((sp.tanh(y) + sp.exp(x**2), sp.Integer(0)), (sp.tanh(y), 0), (sp.exp(x**2), 0)),
        ((sp.cos(z), sp.Integer(0), x), (sp.cos(z), 0, x), (0, 0, 0)),
        # Plane waves: the projections along and across k.
        (
            (sp.sin(x + 2 * y), sp.Integer(0)),
            (sp.Rational(4, 5) * sp.sin(x + 2 * y), -sp.Rational(2, 5) * sp.sin(x + 2 * y)),
            (sp.sin(x + 2 * y) / 5, sp.Rational(2, 5) * sp.sin(x + 2 * y)),
        ),
        (
            (sp.cos(2 * x - y + 2 * z), sp.Integer(0), sp.Integer(0)),
            tuple(c * sp.cos(2 * x - y + 2 * z) / 9 for c in (5, 2, -4)),
            tuple(c * sp.cos(2 * x - y + 2 * z) / 9 for c in (4, -2, 4)),
        ),
        # Two Gaussians, each with its own kind of field.
        (
            (-(y - 1) * sp.exp(-(x**2) - (y - 1) ** 2) + x * sp.exp(-r2 / 2),
             x * sp.exp(-(x**2) - (y - 1) ** 2) + y * sp.exp(-r2 / 2)),
            (-(y - 1) * sp.exp(-(x**2) - (y - 1) ** 2), x * sp.exp(-(x**2) - (y - 1) ** 2)),
            (x * sp.exp(-r2 / 2), y * sp.exp(-r2 / 2)),
        ),
    ],
)  # fmt: skip
def test_known_parts(V: tuple, S: tuple | None, H: tuple | None) -> None:
    found = decompose(V, (x, y, z)[: len(V)])
    assert found is not None
    assert same(found.S, V if S is None else S)
    assert same(found.H, V if H is None else H)


@pytest.mark.parametrize("V", [(x, -y), (y, x), (x**2 - y**2, -2 * x * y), (y * z, x * z, x * y)])
def test_harmonic_fields_are_all_rest(V: tuple) -> None:
    found = decompose(V, (x, y, z)[: len(V)])
    assert found is not None and same(found.harmonic, V) and not any(found.S) and not any(found.H)


@pytest.mark.parametrize(
    "V",
    [
        (x * y**2, x**3),
        (sp.exp(x) * sp.cos(y) * x, sp.Integer(0)),
        (x**2 * y**3 * sp.sin(x + y), sp.exp(x) * y),
        (sp.exp(-r2 / 2), sp.Integer(0)),
        (x * sp.exp(-r2), y**2 * sp.exp(-r2)),
        (x * y * z, sp.sin(x + 2 * y - z), sp.exp(z) * x),
        (sp.exp(-r2 - z**2), sp.Integer(0), sp.Integer(0)),
    ],
)
def test_parts_satisfy_their_equations(V: tuple) -> None:
    symbols = (x, y, z)[: len(V)]
    found = decompose(V, symbols)
    assert found is not None
    at = {x: sp.Rational(3, 7), y: sp.Rational(-5, 8), z: sp.Rational(9, 10)}
    left = [v - s - h - r for v, s, h, r in zip(V, found.S, found.H, found.harmonic, strict=True)]
    for expression in [divergence(found.S, symbols), *curl(found.H, symbols), *left]:
        assert abs(sp.sympify(expression).subs(at).evalf(30)) < 1e-20


def test_a_decaying_field_has_one_pair_of_parts() -> None:
    assert decompose((sp.exp(-r2), sp.Integer(0)), (x, y)).unique
    assert not decompose((x * y**2, x**3), (x, y)).unique


def test_what_is_not_known_is_not_made_up() -> None:
    assert decompose((sp.sin(x * y), sp.Integer(0)), (x, y)) is None
    assert decompose((sp.Abs(x) * y, sp.Integer(0)), (x, y)) is None


def test_the_test_of_the_parts_sees_a_wrong_one() -> None:
    found = decompose((x * y**2, x**3), (x, y))
    wrong = type(found)(found.H, found.S, found.harmonic, (), False)
    assert holds(found, (x * y**2, x**3), (x, y)) and not holds(wrong, (x * y**2, x**3), (x, y))


@pytest.mark.parametrize(
    "V",
    [
        (x * sp.sin(x - 2 * y) + y * sp.exp(-(x**2) - y**2), 3 * x * y**2),
        (2 * x * sp.sqrt(x**2 + y**2 + 1) - 3 * y * sp.sin(x - y), x**2 * y + x * y**2),
        (y * sp.cos(x - y), 3 * y * sp.sqrt(x**2 + y**2 + 1) + 2 * sp.exp(2 * y - x)),
    ],
)
def test_sums_of_families_have_real_parts_that_are_known(V):
    found = decompose(V, (x, y))
    assert found is not None
    assert not any(part.has(sp.I) for part in (*found.S, *found.H))
    assert holds(found, V, (x, y))
