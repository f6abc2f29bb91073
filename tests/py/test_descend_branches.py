"""Pasted functions that branch on the values of their variables, against themselves run by Python on numbers."""

import math

import numpy as np
import pytest

import nabla
from nabla.labs.descend.program import read_program, variables_of
from nabla.optimise.jacobian import sample_points
from nabla.optimise.problem import Problem


def by_return(x):
    if x[0] < 0:
        return x[0] ** 2 + x[1] ** 2
    return 2 * x[0] ** 2 + x[1] ** 2


def by_penalty(p):
    x, y = p
    penalty = 0
    if x + y > 1:
        penalty = 10 * (x + y - 1) ** 2
    elif x - y > 2:
        penalty = 3 * (x - y - 2) ** 2
    return (x - 2) ** 2 + (y - 1) ** 2 + penalty


def by_ternary(x):
    return (x[0] ** 2 if x[0] > 0 else -3 * x[0]) + x[1] ** 2


def by_loop(x):
    s = 0
    for v in x:
        if v > 0.5 and v < 2:
            s += v**2
        else:
            s -= v
    return s


def by_function(p):
    def huber(r, d=1.0):
        if abs(r) <= d:
            return 0.5 * r**2
        return d * (abs(r) - 0.5 * d)

    total = 0
    for t, y in ((0, 0.1), (1, 1.2), (2, 1.9), (3, 12.0), (4, 4.1)):
        total = total + huber(y - p[0] * t - p[1])
    return total


def by_extremes(w):
    s = 0.1 * (w[0] ** 2 + w[1] ** 2)
    for a, b, y in ((1, 2, 1), (2, 1, -1), (3, 3, 1)):
        s += max(0, 1 - y * (w[0] * a + w[1] * b))
    return s + min(w[0], w[1], 3)


def by_truth(p):
    x, y = p
    return (x - 1) ** 2 + (y - 2) ** 2 + 100 * (x < 0) * x**2 + 5 * ((x > 1) & (y > 1)) * y


def by_walls(x):
    if not (0 < x[0] < 5) or x[1] > 4:
        return 1e10
    return (x[0] - 1) ** 2 + (x[1] - 2) ** 2


def by_place(x):
    r = [x[0], x[1]]
    if x[0] > x[1]:
        r[0] = x[1] * 2
    return r[0] ** 2 + r[1]


def by_equality(x):
    return 1 if x[0] == 0 else math.sin(x[0]) / x[0] + x[1] ** 2


CASES = [
    by_return,
    by_penalty,
    by_ternary,
    by_loop,
    by_function,
    by_extremes,
    by_truth,
    by_walls,
    by_place,
    by_equality,
]


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_cases_are_what_python_computes(function) -> None:
    import inspect

    pasted = read_program("import math\n" + inspect.getsource(function) + "x0 = [0.3, 0.2]\n")
    variables = variables_of(pasted)
    problem = Problem(pasted.expression(variables), tuple(variables))
    assert problem.n == 2
    rng = np.random.default_rng(3)
    for x in (*np.round(rng.uniform(-6, 6, (200, 2)), 2), np.zeros(2), np.ones(2), np.array([0.5, 2.0])):
        assert problem.value(x) == pytest.approx(float(function(x)), rel=1e-12, abs=1e-12)
        gradient = problem.gradient(x)
        step = 1e-6 * np.eye(2)
        sides = [[(function(x + s * e) - function(x)) / (s * 1e-6) for s in (1, -1)] for e in step]
        for (right, left), slope in zip(sides, gradient, strict=True):
            # The case of a single place joins the other only where x[1] is 0: for all x[1] there is no slope.
            alone = function is by_equality and x[0] == 0
            if not alone and abs(right - left) < 1e-3 * (1 + abs(right)):  # not where two cases meet
                assert slope == pytest.approx(right, rel=1e-4, abs=1e-3)


def test_the_answer_says_that_f_goes_by_cases() -> None:
    code = "def f(p):\n    x, y = p\n    if x > 1:\n        return (x - 3)**2 + y**2\n    return 5 - x + y**2\n"
    document = nabla.run("descend", {"f": code, "start": "0, 1"})
    assert "goes by cases" in str(document)
    assert {tuple(np.round(r["x"], 3) + 0.0) for r in document.values["runs"] if r["verdict"] == "minimum"} == {(3, 0)}


def test_a_gradient_wrong_in_one_case_only_is_caught() -> None:
    code = """
import numpy as np
from scipy.optimize import minimize
def f(x):
    if x[0] < 0:
        return x[0]**2 + x[1]**2
    return 2*x[0]**2 + x[1]**2
def jac(x):
    return np.array([2*x[0], 2*x[1]])
minimize(f, [-9.0, 2.0], jac=jac)
"""
    check = nabla.run("descend", {"f": code}).values["jacobian_check"]
    assert check["verdict"] == "wrong"
    assert [(f["component"], f["kind"]) for f in check["findings"]] == [("x1", "missing-factor")]
    right = code.replace("    return np.array([2*x[0],", "    k = 2 if x[0] < 0 else 4\n    return np.array([k*x[0],")
    assert nabla.run("descend", {"f": right}).values["jacobian_check"]["verdict"] == "right"


def test_points_of_a_check_are_in_every_case() -> None:
    pasted = read_program("def f(x):\n    return abs(x[0]) + max(x[1], 4)\nx0 = [9., 1.]")
    variables = variables_of(pasted)
    points = sample_points(Problem(pasted.expression(variables), tuple(variables)), np.array([9.0, 1.0]))
    for sides in (points[:, 0] > 0, points[:, 1] > 4):
        assert min(sides.sum(), (~sides).sum()) >= 3


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            "def f(x):\n    s = x[0]\n    while s > 1:\n        s = s/2\n    return s**2 + x[1]**2\nx0 = [5, 1]",
            "Line 3",
        ),
        ("def f(x):\n    a = x[0]**2\n    return a + b\nx0 = [5, 1]", "Line 3"),
    ],
)
def test_what_is_not_understood_names_its_line(code: str, line: str) -> None:
    with pytest.raises(nabla.UserError) as caught:
        nabla.run("descend", {"f": code})
    assert caught.value.message.startswith(line)


def test_no_gradient_at_a_corner_is_not_called_outside_the_domain() -> None:
    document = nabla.run("descend", {"f": "max(0, 1 - x - y) + x^2 + y^2", "start": "x=0.5, y=0.5"})
    assert "left-domain" not in {r["verdict"] for r in document.values["runs"]}
