"""derive: where functions rise and bend, where derivatives have a value, matrices of derivatives: by generators."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import nabla
from nabla.labs.derive import square

X, Y = sp.symbols("x y", real=True)


def _failed(document: nabla.answer.document.Document) -> list[str]:
    return [check.claim for check in document.checks if check.verdict == "failed"]


@pytest.mark.parametrize("seed", range(8))
def test_signs_are_those_of_a_derivative_with_chosen_roots(seed: int) -> None:
    rng = np.random.default_rng(seed)
    roots = sorted(int(root) for root in rng.choice(range(-4, 5), 3, replace=False))
    powers = [int(power) for power in rng.integers(1, 3, 3)]
    slope = sp.Mul(*((X - root) ** power for root, power in zip(roots, powers, strict=True)))
    f = sp.integrate(sp.expand(slope), X)
    values = nabla.run("derive", {"f": str(f), "what": "monotony"}).values
    for place in [roots[0] - 1, *(root + 0.5 for root in roots)]:
        name = "increasing" if slope.subs(X, place) > 0 else "decreasing"
        ends = [[float(sp.sympify(end)) for end in text.strip("()").split(",")] for text in values[name]]
        assert any(low < place < high for low, high in ends)
    turns = [root for root, power in zip(roots, powers, strict=True) if power % 2]
    assert [int(entry["at"]["x"]) for entry in values["extrema"]] == turns


# Stewart, Calculus, section 4.3, and functions with poles, roots and logarithms: intervals worked out by hand.
SHAPES = [
    ("3x^4 - 4x^3 - 12x^2 + 5", "monotony", ["(-1, 0)", "(2, oo)"], ["(-oo, -1)", "(0, 2)"]),
    ("x^4 - 4x^3", "concavity", ["(-oo, 0)", "(2, oo)"], ["(0, 2)"]),
    ("x e^(-x)", "concavity", ["(2, oo)"], ["(-oo, 2)"]),
    ("1/x", "concavity", ["(0, oo)"], ["(-oo, 0)"]),
    ("x/(x^2 - 4)", "monotony", [], ["(-oo, -2)", "(-2, 2)", "(2, oo)"]),
    ("ln(x)/x", "monotony", ["(0, E)"], ["(E, oo)"]),
    ("sqrt(4 - x^2)", "monotony", ["(-2, 0)"], ["(0, 2)"]),
    ("x^3", "monotony", ["(-oo, oo)"], []),
    ("|x - 1|", "monotony", ["(1, oo)"], ["(-oo, 1)"]),
    ("e^(2x) - 4e^x", "concavity", ["(0, oo)"], ["(-oo, 0)"]),
    ("sin x", "concavity", ["(pi, 2*pi)"], ["(0, pi)"]),
    ("tan x", "monotony", ["(0, pi/2)", "(pi/2, pi)"], []),
]  # fmt: skip


@pytest.mark.parametrize(("f", "what", "up", "down"), SHAPES)
def test_intervals(f: str, what: str, up: list[str], down: list[str]) -> None:
    document = nabla.run("derive", {"f": f, "what": what})
    names = ("increasing", "decreasing") if what == "monotony" else ("concave_up", "concave_down")
    assert [document.values[name] for name in names] == [up, down]
    assert not _failed(document)


def test_a_domain_bounds_the_intervals() -> None:
    document = nabla.run("derive", {"f": "x^3 - 3x", "what": "monotony", "domain": "0 <= x <= 2"})
    assert document.values["increasing"] == ["(1, 2)"]
    assert document.values["decreasing"] == ["(0, 1)"]


@pytest.mark.parametrize("seed", range(4))
def test_places_are_the_roots_of_the_slope_minus_its_value(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low, high = sorted(int(root) for root in rng.choice(range(-5, 6), 2, replace=False))
    level = int(rng.integers(-3, 4))
    f = sp.integrate(sp.expand((X - low) * (X - high) + level), X)
    document = nabla.run("derive", {"f": str(f), "what": "places", "conditions": f"f'(x) = {level}"})
    assert [int(entry["at"]["x"]) for entry in document.values["places"]] == [low, high]
    assert not _failed(document)


def test_places_as_formulas_of_other_letters() -> None:
    """The estimate of greatest likelihood of an exponential distribution."""
    inputs = {"f": "l = n ln λ - λ S", "what": "places", "conditions": "l'(λ) = 0", "wrt": "λ"}
    (place,) = nabla.run("derive", inputs).values["places"]
    assert place["at"] == {"lambda": "n/S"}


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_definiteness_is_that_of_the_eigenvalues(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    whole = rng.integers(-4, 5, (size, size))
    whole = whole + whole.T
    if seed % 2:
        whole = whole @ whole + np.eye(size, dtype=int)
    values = nabla.run("derive", {"f": str(whole.tolist()), "what": "definite"}).values
    eigenvalues = np.linalg.eigvalsh(whole)
    assert np.allclose(sorted(values["eigenvalues"]), eigenvalues)
    signs = set(np.sign(np.round(eigenvalues, 9)))
    assert (values["definiteness"] == "positive definite") is (signs == {1.0})
    assert (values["definiteness"] == "indefinite") is ({1.0, -1.0} <= signs)
    pairs = [(i, j) for i in range(size) for j in range(size)]
    form = " + ".join(f"({whole[i, j]}/2) {'xyz'[i]} {'xyz'[j]}" for i, j in pairs)
    hessian = nabla.run("derive", {"f": form, "what": "definite"}).values
    assert hessian["definiteness"] == values["definiteness"]


@pytest.mark.parametrize("f", ["[[a, 1], [1, a]]", "[[2, 1], [1, 2]]"])
def test_the_check_of_a_definite_matrix_fails_for_wrong_minors_or_eigenvalues(
    f: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (check,) = nabla.run("derive", {"f": f, "what": "definite"}).checks
    assert check.verdict == "passed"
    minors, eigenvalues = square.minors, square._eigenvalues
    monkeypatch.setattr(square, "minors", lambda whole: [2 * minor for minor in minors(whole)])
    monkeypatch.setattr(square, "_eigenvalues", lambda whole, at: [2 * value for value in eigenvalues(whole, at)])
    (check,) = nabla.run("derive", {"f": f, "what": "definite"}).checks
    assert check.verdict == "failed"


def test_a_hessian_that_changes_with_the_point_is_not_called_definite() -> None:
    values = nabla.run("derive", {"f": "x^3 + y^2", "what": "definite"}).values
    assert values["definiteness"] == "depends on the point"


# Determinants of common changes of variables.
MAPS = [
    ("r cos(t); r sin(t)", "r"), ("u^2 - v^2; 2 u v", "4*u**2 + 4*v**2"), ("e^u cos(v); e^u sin(v)", "exp(2*u)"),
    ("r sin(p) cos(t); r sin(p) sin(t); r cos(p)", "-r**2*sin(p)"), ("u + v; u - v", "-2"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "determinant"), MAPS)
def test_jacobian_determinants(f: str, determinant: str) -> None:
    document = nabla.run("derive", {"f": f, "what": "determinant"})
    letters = {name: sp.Symbol(name, real=True) for name in "rtuvp"}
    found, wanted = (sp.sympify(text, locals=letters) for text in (document.values["determinant"], determinant))
    assert sp.simplify(found - wanted) == 0
    assert not _failed(document)


CURVED = [("x^2 y", "polar"), ("x y z", "cylindrical"), ("x^2 z - y", "spherical"), ("x + y + z", "spherical")]


@pytest.mark.parametrize(("f", "system"), CURVED)
def test_a_gradient_has_the_length_of_the_cartesian_one(f: str, system: str) -> None:
    r, theta, phi, z = sp.symbols("r theta phi z", real=True)
    ways = {
        "polar": {"x": r * sp.cos(theta), "y": r * sp.sin(theta)},
        "cylindrical": {"x": r * sp.cos(theta), "y": r * sp.sin(theta), "z": z},
        "spherical": {
            "x": r * sp.sin(theta) * sp.cos(phi), "y": r * sp.sin(theta) * sp.sin(phi), "z": r * sp.cos(theta),
        },
    }[system]  # fmt: skip
    letters = {name: sp.Symbol(name, real=True) for name in "xyz"}
    plain = sp.sympify(f.replace("^", "**").replace(" ", "*").replace("*+*", "+").replace("*-*", "-"), locals=letters)
    written = plain.subs({letters[name]: way for name, way in ways.items()}, simultaneous=True)
    document = nabla.run("derive", {"f": str(written), "what": "gradient", "coordinates": system})
    at = {r: 1.3, theta: 0.7, phi: 0.4, z: -0.6}
    here = {letters[name]: way.subs(at) for name, way in ways.items()}
    found = [sp.sympify(text, locals={s.name: s for s in at}).subs(at) for text in document.values["derivative"]]
    wanted = [sp.diff(plain, letter).subs(here) for letter in letters.values()]
    assert abs(sum(value**2 for value in found) - sum(value**2 for value in wanted)) < 1e-9
    assert not _failed(document)


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Where is f(x) = x^3 - 3x decreasing? I got (-1, 1).", ["right"]),
        ("Where is f(x) = x^3 - 3x increasing? I got (-1, 1).", ["wrong"]),
        ("Where is f(x) = x^3 - 3x increasing? I got (-∞, -1) and (1, ∞).", ["right"]),
        ("Where is f(x) = x^3 - 3x increasing? I got (1, ∞).", ["wrong"]),
        ("f(x) = x + 1/x. Where is f decreasing? The book says (-1,0) ∪ (0,1), I got (-1,1).", ["right", "wrong"]),
        ("Where is x^4 - 6x^2 concave down? I say (-1, 1).", ["right"]),
    ],
)
def test_intervals_of_the_asker_are_judged(text: str, verdicts: list[str]) -> None:
    assert [told["verdict"] for told in nabla.ask(text).values["claims"]] == verdicts
