"""Verdicts come from mathematics: on every function of the gallery none is false."""

import numpy as np
import pytest
import sympy as sp

from nabla.optimise.first_order import Settings
from nabla.optimise.gallery import NAMES, example
from nabla.optimise.methods import METHODS, run
from nabla.optimise.problem import Problem
from nabla.optimise.verdict import VERDICTS, classify, judge, largest_rate, settle, stability_map

x, y = sp.symbols("x y", real=True)
TRIED = ("newton-cg", "bfgs", "l-bfgs", "cg", "trust-region", "nelder-mead", "newton", "damped-newton")


def verdict(expr, start, method="gradient-descent", **settings):
    variables = tuple(sorted(expr.free_symbols, key=lambda s: s.name))
    problem = Problem(expr, variables)
    return judge(problem, run(problem, METHODS[method], np.array(start, dtype=float), Settings(**settings))).verdict


@pytest.mark.parametrize("name", NAMES)
def test_no_false_verdict(name: str) -> None:
    """What is called a minimum, a saddle or a maximum is one, by values of f around it."""
    found = example(name)
    problem = Problem(found.expr, found.variables, found.data, found.mean)
    for method in TRIED:
        done = run(problem, METHODS[method], np.array(found.start), Settings(steps=1500))
        judged = judge(problem, done)
        assert judged.verdict in VERDICTS
        if judged.verdict not in ("minimum", "saddle", "maximum"):
            continue
        point = judged.point
        assert np.abs(point - done.x).max() <= 1e-3 * (1 + np.abs(point).max())
        scale = 1 / np.sqrt(np.maximum(np.abs(problem.hessian(point)).max(axis=1), 1e-12))
        rng = np.random.default_rng(0)
        level = problem.value(point)
        step = 1e-3 * scale
        changes = np.array([problem.value(point + step * d) - level for d in rng.normal(size=(60, problem.n))])
        noise = 1e-12 * max(abs(level), 1e-3)
        if judged.verdict == "minimum":
            assert (changes >= -noise).all(), (method, changes.min())
        elif judged.verdict == "maximum":
            assert (changes <= noise).all()
        else:
            assert np.linalg.eigvalsh(problem.hessian(point))[0] < 1e-9 or (changes < 0).any()


NEWTON = [("himmelblau", "maximum"), ("beale", "saddle"), ("wood", "saddle"), ("styblinski-tang", "maximum"),
          ("freudenstein-roth", "minimum")]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), NEWTON)
def test_where_newton_goes(name: str, kind: str) -> None:
    found = example(name)
    problem = Problem(found.expr, found.variables)
    assert judge(problem, run(problem, METHODS["newton"], np.array(found.start), Settings())).verdict == kind


def test_each_verdict_has_its_case() -> None:
    assert verdict(x**2 + y**2, [3, 1], rate=0.1) == "minimum"
    assert verdict(x**2 - y**2, [1, 0], rate=0.1) == "saddle"
    assert verdict(-(x**2) - y**2, [1, 1], "newton") == "maximum"
    assert verdict(sp.exp(-(x**2)), [9.0], rate=0.1) == "flat"
    assert verdict(x**2 + y**2, [1, 1], rate=1.5) == "diverging"
    assert verdict(x**2 + y**2, [1, 1], rate=1e9) == "diverging"
    assert verdict(x**2, [1], rate=1.0, steps=400) == "cycling"
    assert verdict(example("himmelblau").expr, [0, 0], "rmsprop", rate=0.01, steps=3000) == "cycling"
    assert verdict(x**2 + y**2, [9, 1], rate=1e-4, steps=100) == "out-of-steps"
    assert verdict(sp.log(x) ** 2, [-1.0], "bfgs") == "left-domain"
    assert verdict(sp.sqrt(x), [1.0], rate=0.5) == "left-domain"
    assert verdict(x + 2 * y, [0, 0], rate=0.1, steps=50) == "unbounded"
    assert verdict(x**3, [1.0], "nelder-mead") == "unbounded"
    assert verdict(sp.Abs(x) + sp.Abs(y), [0.3, 0.1], "bfgs") == "not-stationary"


KINDS = [
    (x**3 + y**2, "saddle"), (x**4 + y**2, "minimum"), (-(x**4) - y**2, "maximum"), (x**2 - y**4, "saddle"),
    (y**2, "minimum"), (x * y, "saddle"), (1e-8 * x**2 + 1e8 * y**2, "minimum"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "kind"), KINDS)
def test_kinds_of_stationary_points(expr: sp.Expr, kind: str) -> None:
    problem = Problem(expr, (x, y) if expr.has(x) else (y,))
    assert classify(problem, np.zeros(problem.n))[0] == kind


def test_a_line_of_minima_is_flat() -> None:
    problem = Problem((x + y - 1) ** 2, (x, y))
    assert classify(problem, np.array([0.5, 0.5]))[0] == "flat"


def test_a_slow_approach_to_a_flexed_point_is_no_minimum() -> None:
    assert verdict(x**3 + y**2, [1, 1], "newton-cg") == "saddle"


def test_settling_keeps_near() -> None:
    problem = Problem(example("rosenbrock").expr, (x, y))
    assert settle(problem, np.array([-1.2, 1.0])) is None
    assert np.allclose(settle(problem, np.array([1.0001, 1.0002])), [1, 1], atol=1e-12)


def test_a_bound_may_hold_the_minimum() -> None:
    problem = Problem((x - 3) ** 2 + y**2, (x, y), lower=np.array([-1.0, -1]), upper=np.array([2.0, 2]))
    done = run(problem, METHODS["l-bfgs"], np.array([0.0, 1.0]), Settings())
    assert judge(problem, done).verdict == "minimum"


def test_the_largest_rate_that_holds() -> None:
    """On the valley from (3, 2): between 0.0355, which converges, and 0.036, which does not."""
    problem = Problem(example("seed").expr, (x, y))
    limit = largest_rate(problem, METHODS["gradient-descent"], np.array([3.0, 2.0]), Settings(rate=0.1))
    assert 0.0355 < limit < 0.036
    bowl = Problem(5 * x**2, (x,))
    limit = largest_rate(bowl, METHODS["gradient-descent"], np.array([1.0]), Settings(rate=3.0))
    assert limit == pytest.approx(0.2, rel=2e-3)  # 2 / lambda, exact on a quadratic


def test_the_map_of_rate_and_momentum_is_that_of_theory() -> None:
    """On a quadratic the heavy ball converges where rate * lambda < 2 (1 + momentum)."""
    problem = Problem(x**2 / 2, (x,))
    rates, momenta = np.linspace(0.3, 4.2, 14), np.linspace(0, 0.9, 7)
    z = stability_map(problem, np.array([1.0]), rates, momenta, 400, 1e-6)
    stable = rates[None, :] < 2 * (1 + momenta[:, None])
    clear = np.abs(rates[None, :] - 2 * (1 + momenta[:, None])) > 0.1
    assert ((z < -1) == stable)[clear].all()
