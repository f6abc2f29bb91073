"""The optimisers: counts and ends that are published, exact arithmetic where there is some, and their conventions."""

import numpy as np
import pytest
import sympy as sp

from nabla.optimise.conventions import CONVENTIONS
from nabla.optimise.first_order import Settings
from nabla.optimise.gallery import NAMES, example, gallery
from nabla.optimise.linesearch import wolfe, zoom
from nabla.optimise.methods import METHODS, named, run
from nabla.optimise.newton import within
from nabla.optimise.problem import Problem, sum_of_squares

x, y = sp.symbols("x y", real=True)


def problem_of(name):
    found = example(name)
    return Problem(found.expr, found.variables, found.data, found.mean), np.array(found.start)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "sinusoids"])
def test_the_gallery_is_what_the_literature_says(name: str) -> None:
    problem, start = problem_of(name)
    minimum = np.array(example(name).minimum)
    least = example(name).least
    assert problem.value(minimum) == pytest.approx(least, rel=1e-9, abs=1e-12)
    if name != "ackley":  # a cone: it has no gradient there
        size = np.abs(problem.hessian(minimum)).max()
        assert np.abs(problem.gradient(minimum)).max() <= 1e-8 * max(size, 1) * (1 + np.abs(minimum).max())
        assert np.linalg.eigvalsh(problem.hessian(minimum))[0] > -1e-9 * size
    assert problem.value(start) > least


# f at the start, as the literature states it.
AT_START = {
    "seed": 102, "rosenbrock": 24.2, "himmelblau": 170, "beale": 14.203125, "booth": 197, "matyas": 3.14,
    "styblinski-tang": -20, "goldstein-price": 32.6875, "freudenstein-roth": 400.5, "helical-valley": 2500,
    "powell-singular": 215, "wood": 19192, "mccormick": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", AT_START)
def test_values_at_the_standard_starts(name: str) -> None:
    problem, start = problem_of(name)
    assert problem.value(start) == pytest.approx(AT_START[name], rel=1e-12)


# Steps of gradient descent from (3, 2) to a gradient of 1e-6, counted with another program.
@pytest.mark.parametrize(("rate", "steps"), [(0.01, 3671), (0.02, 1723), (0.03, 1168), (0.035, 1148), (0.0355, 1014)])
def test_gradient_descent_takes_as_many_steps_as_elsewhere(rate: float, steps: int) -> None:
    problem, start = problem_of("seed")
    assert run(problem, METHODS["gradient-descent"], start, Settings(rate=rate)).iterations == steps


# As above for the others, beta 0.9, beta_2 0.999, epsilon outside of the root.
@pytest.mark.parametrize(("name", "rate", "steps"), [("heavy-ball", 0.002, 1633), ("nesterov", 0.002, 1610),
                                                     ("adagrad", 0.5, 5113), ("adam", 0.1, 1273)])  # fmt: skip
def test_conventions_give_the_counts_of_other_programs(name: str, rate: float, steps: int) -> None:
    problem, start = problem_of("seed")
    assert run(problem, METHODS[name], start, Settings(rate=rate)).iterations == pytest.approx(steps, abs=1)


@pytest.mark.parametrize(("condition", "steps"), [(10, 69), (100, 691)])
def test_gradient_descent_on_a_quadratic_is_as_slow_as_theory_says(condition: int, steps: int) -> None:
    problem = Problem((x**2 + condition * y**2) / 2, (x, y))
    done = run(problem, METHODS["gradient-descent"], np.ones(2), Settings(rate=2 / (1 + condition), tolerance=0,
                                                                          steps=steps))  # fmt: skip
    assert np.linalg.norm(done.xs[-1]) <= 1e-6 * np.sqrt(2) * 1.03
    # Each step shrinks both components by (kappa - 1) / (kappa + 1).
    assert abs(done.x[0]) == pytest.approx(((condition - 1) / (condition + 1)) ** steps, rel=1e-9)


def test_two_steps_of_each_rule_by_hand() -> None:
    problem = Problem(x**2 / 2 + y**2, (x, y))  # gradient (x, 2 y)
    start = np.array([1.0, 1.0])

    def two(name):
        return run(problem, METHODS[name], start, Settings(rate=0.1, momentum=0.5, steps=2)).x

    assert np.allclose(two("gradient-descent"), [0.9 * 0.9, 0.8 * 0.8])
    assert np.allclose(two("heavy-ball"), [0.9 - 0.1 * (0.5 + 0.9), 0.8 - 0.1 * (1.0 + 1.6)])
    first = 1 - 0.1 * (1 + 0.5)
    assert two("nesterov")[0] == pytest.approx(first - 0.1 * (first + 0.5 * (0.5 + first)))
    adagrad = 1 - 0.1
    assert two("adagrad")[0] == pytest.approx(adagrad - 0.1 * adagrad / np.sqrt(1 + adagrad**2), rel=1e-6)
    rms = 1 - 0.1 / np.sqrt(0.1)
    assert two("rmsprop")[0] == pytest.approx(rms - 0.1 * rms / np.sqrt(0.09 + 0.1 * rms**2), rel=1e-6)
    m, s = 0.5 * 0.5 + 0.5 * 0.9, 0.999 * 0.001 + 0.001 * 0.81
    assert two("adam")[0] == pytest.approx(0.9 - 0.1 * (m / 0.75) / np.sqrt(s / (1 - 0.999**2)), rel=1e-6)
    assert two("adamw")[0] < two("adam")[0]


def test_newton_ends_a_quadratic_in_one_step() -> None:
    problem = Problem((x - 3) ** 2 + 5 * (y + x) ** 2, (x, y))
    done = run(problem, METHODS["newton"], np.array([7.0, -9.0]), Settings())
    assert done.iterations == 1 and np.allclose(done.x, [3, -3])


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if n not in ("rmsprop", "adamw", "newton")])
def test_every_method_finds_the_minimum_of_a_bowl(name: str) -> None:
    problem = Problem((x - 1) ** 2 + 2 * (y + x / 2) ** 2, (x, y))
    done = run(problem, METHODS[name], np.array([3.0, 2.0]), Settings(rate=0.05, steps=20_000))
    assert np.allclose(done.x, [1, -0.5], atol=1e-4)


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if m.bounds and n not in ("rmsprop", "adamw")])
def test_bounds_are_kept(name: str) -> None:
    problem = Problem((x - 3) ** 2 + (y + 1) ** 2, (x, y), lower=np.array([-1.0, -5.0]), upper=np.array([2.0, 5.0]))
    done = run(
        problem, METHODS[name], np.array([0.0, 3.0]), Settings(rate=0.5 if name == "adagrad" else 0.05, steps=5000)
    )
    assert (done.xs[:, 0] <= 2).all() and np.allclose(done.x, [2, -1], atol=1e-3)


# Evaluations of f and gradient by SciPy 1.17.1 with exact derivatives, default options.
SCIPY = {
    "newton-cg": {"seed": 30, "rosenbrock": 210, "beale": 30, "booth": 6},
    "bfgs": {"seed": 28, "rosenbrock": 78, "wood": 208, "helical-valley": 70},
    "l-bfgs": {"seed": 38, "rosenbrock": 88, "beale": 32, "brown-dennis": 38},
    "cg": {"seed": 48, "rosenbrock": 155, "wood": 240, "bard": 60, "kowalik-osborne": 186, "quadratic": 8},
    "trust-region": {"seed": 18, "rosenbrock": 49, "brown-dennis": 22},
    "nelder-mead": {"seed": 109, "rosenbrock": 159, "himmelblau": 157},
}


@pytest.mark.parametrize(("method", "name"), [(m, n) for m, row in SCIPY.items() for n in row])
def test_few_evaluations(method: str, name: str) -> None:
    problem, start = problem_of(name)
    tolerance = 1e-4 if method == "trust-region" else 1e-5
    fall = 2.2e-9 if method == "l-bfgs" else 0.0
    done = run(problem, METHODS[method], start, Settings(tolerance=tolerance, steps=2000, relative_fall=fall))
    assert done.f_evaluations + done.g_evaluations <= 1.2 * SCIPY[method][name]
    assert problem.value(done.x) == pytest.approx(example(name).least, rel=1e-6, abs=1e-6)


def test_a_line_search_keeps_the_strong_wolfe_conditions() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        a, b, c = rng.uniform(0.1, 3, 3)

        def phi(t, a=a, b=b, c=c):
            return float(np.cos(a * t) - b * t + c * t**2)

        def slope(t, a=a, b=b, c=c):
            return float(-a * np.sin(a * t) - b + 2 * c * t)

        t = wolfe(phi, slope, float(rng.uniform(0.01, 20)), phi(0), slope(0))
        assert t is not None
        assert phi(t) <= phi(0) + 1e-4 * t * slope(0) and abs(slope(t)) <= 0.9 * abs(slope(0))


def test_the_second_search_keeps_the_conditions_and_what_is_asked_beside_them() -> None:
    rng = np.random.default_rng(6)
    asked = 0
    for _ in range(200):
        a, b, c = rng.uniform(0.1, 3, 3)

        def phi(t, a=a, b=b, c=c):
            return float(np.cos(a * t) - b * t + c * t**2)

        def slope(t, a=a, b=b, c=c):
            return float(-a * np.sin(a * t) - b + 2 * c * t)

        def flat(t, slope=slope):
            return abs(slope(t)) <= 0.05 * abs(slope(0))

        t = zoom(phi, slope, float(rng.uniform(0.01, 20)), phi(0), slope(0), 0.4, flat)
        if t is not None:
            asked += 1
            assert phi(t) <= phi(0) + 1e-4 * t * slope(0) and flat(t)
    assert asked >= 190


def test_a_line_search_keeps_out_of_where_there_is_no_value() -> None:
    t = wolfe(lambda t: -np.sqrt(1 - t) - t if t < 1 else np.nan, lambda t: 0.5 / np.sqrt(1 - t) - 1, 50.0, -1.0, -0.5)
    assert t is not None and t < 1


def test_the_step_within_a_radius_is_the_best_there() -> None:
    rng = np.random.default_rng(8)
    for _ in range(100):
        h = rng.normal(size=(3, 3))
        h = h + h.T
        g = rng.normal(size=3)
        p = within(h, g, 0.7)
        assert np.linalg.norm(p) <= 0.7 * (1 + 1e-9)
        tried = rng.normal(size=(2000, 3))
        tried *= (0.7 * rng.uniform(0, 1, 2000) ** (1 / 3) / np.linalg.norm(tried, axis=1))[:, None]
        best = min(g @ q + q @ h @ q / 2 for q in tried)
        assert g @ p + p @ h @ p / 2 <= best + 1e-9


def test_the_hard_case_of_the_radius() -> None:
    p = within(np.diag([-2.0, 1.0]), np.array([0.0, 1.0]), 2.0)
    assert np.linalg.norm(p) == pytest.approx(2.0) and p[1] == pytest.approx(-1 / 3)


def test_sums_of_squares_are_seen() -> None:
    assert sum_of_squares((1 - x) ** 2 + 2 * (y - x**2) ** 2 + 7) is not None
    assert sum_of_squares(x**2 * (y - 1) ** 2 + x**4) is not None
    assert sum_of_squares(x**2 + y) is None and sum_of_squares(x**2 - y**2) is None


def test_values_agree_on_points_and_grids_and_where_there_are_none() -> None:
    problem = Problem(sp.sqrt(x) / y + sp.log(x) ** 3 + sp.Max(x, y), (x, y))
    points = np.array([[1.0, 2.0], [4.0, -1.0], [-1.0, 1.0], [1.0, 0.0]])
    grid = problem.on_grid([points[:, 0], points[:, 1]])[0]
    single = np.array([problem.value(p) for p in points])
    assert np.allclose(grid, single, equal_nan=True)
    assert single[0] == pytest.approx(0.5 + 2) and np.isnan(single[2]) and np.isinf(single[3])


def test_names_in_any_spelling() -> None:
    spelled = {"Newton-CG": "newton-cg", "L-BFGS-B": "l-bfgs", "gd": "gradient-descent", "LM": "levenberg-marquardt",
               "trust-exact": "trust-region", "Nelder Mead": "nelder-mead"}  # fmt: skip
    for text, name in spelled.items():
        assert named(text) is METHODS[name]
    assert named("magic") is None
    assert set(NAMES) == set(gallery())


def test_the_same_run_to_the_last_digit() -> None:
    problem, start = problem_of("beale")
    for name in ("bfgs", "adam", "nelder-mead"):
        first, second = (run(problem, METHODS[name], start, Settings(rate=0.1, steps=300)) for _ in range(2))
        assert np.array_equal(first.xs, second.xs) and np.array_equal(first.when, second.when)


def test_every_method_says_what_it_does() -> None:
    assert CONVENTIONS.keys() == METHODS.keys()
