"""Steps by hand: each method beside a loop written out here, the asker's steps judged, and questions in prose."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nabla
from nabla.optimise.by_hand.methods import BY_HAND

X3 = {"f": "x^3 - 2x - 5", "count": "4"}
BOWL = {"f": "x^2 + 3y^2 - x y", "count": "4", "start": "x=2, y=-1"}


def f(x: float) -> float:
    return x**3 - 2 * x - 5


def slope(x: float) -> float:
    return 3 * x**2 - 2


def gradient(p: np.ndarray) -> np.ndarray:
    return np.array([2 * p[0] - p[1], 6 * p[1] - p[0]])


HESSIAN = np.array([[2.0, -1.0], [-1.0, 6.0]])


def _newton_root() -> list[list[float]]:
    way = [2.0]
    for _ in range(4):
        way.append(way[-1] - f(way[-1]) / slope(way[-1]))
    return [[v] for v in way]


def _secant() -> list[list[float]]:
    way = [2.0, 3.0]
    for _ in range(3):
        a, b = way[-2:]
        way.append(b - f(b) * (b - a) / (f(b) - f(a)))
    return [[v] for v in way[1:]]


def _bracket(middle: bool) -> list[list[float]]:
    a, b, way = 2.0, 3.0, [[2.0, 3.0]]
    for _ in range(4):
        c = (a + b) / 2 if middle else (a * f(b) - b * f(a)) / (f(b) - f(a))
        way.append([c])
        a, b = (a, c) if f(a) * f(c) < 0 else (c, b)
    return way


def _way(step) -> list[list[float]]:  # type: ignore[no-untyped-def]
    p = np.array([2.0, -1.0])
    way, memory = [p], {}
    for k in range(1, 5):
        p = step(p, memory, k)
        way.append(p)
    return [list(v) for v in way]


def _descent(p, memory, k):  # type: ignore[no-untyped-def]
    return p - 0.1 * gradient(p)


def _ascent(p, memory, k):  # type: ignore[no-untyped-def]
    return p + 0.1 * gradient(p)


def _newton(p, memory, k):  # type: ignore[no-untyped-def]
    return p - np.linalg.solve(HESSIAN, gradient(p))


def _momentum(p, memory, k):  # type: ignore[no-untyped-def]
    memory["v"] = 0.5 * memory.get("v", 0.0) - 0.1 * gradient(p)
    return p + memory["v"]


def _nesterov(p, memory, k):  # type: ignore[no-untyped-def]
    v = memory.get("v", np.zeros(2))
    memory["v"] = 0.5 * v - 0.1 * gradient(p + 0.5 * v)
    return p + memory["v"]


def _adam(p, memory, k):  # type: ignore[no-untyped-def]
    g = gradient(p)
    memory["m"] = 0.5 * memory.get("m", 0.0) + 0.5 * g
    memory["v"] = 0.999 * memory.get("v", 0.0) + 0.001 * g**2
    return p - 0.1 * (memory["m"] / (1 - 0.5**k)) / (np.sqrt(memory["v"] / (1 - 0.999**k)) + 1e-8)


def _rmsprop(p, memory, k):  # type: ignore[no-untyped-def]
    memory["v"] = 0.5 * memory.get("v", 0.0) + 0.5 * gradient(p) ** 2
    return p - 0.1 * gradient(p) / (np.sqrt(memory["v"]) + 1e-8)


def _adagrad(p, memory, k):  # type: ignore[no-untyped-def]
    memory["v"] = memory.get("v", 0.0) + gradient(p) ** 2
    return p - 0.1 * gradient(p) / (np.sqrt(memory["v"]) + 1e-8)


def _steepest(p, memory, k):  # type: ignore[no-untyped-def]
    g = gradient(p)
    return p - (g @ g) / (g @ HESSIAN @ g) * g


def _conjugate(p, memory, k):  # type: ignore[no-untyped-def]
    """Hestenes and Stiefel's recurrences for A x = b; behind the solution it stays there."""
    r = -gradient(p)
    if r @ r < 1e-20:
        return p
    d = r + (r @ r) / memory["rr"] * memory["d"] if memory else r
    memory |= {"rr": r @ r, "d": d}
    return p + (r @ r) / (d @ HESSIAN @ d) * d


TRUTH = {
    "newton-root": (X3 | {"start": "2"}, _newton_root()),
    "secant": (X3 | {"start": "2, 3"}, _secant()),
    "bisection": (X3 | {"start": "2, 3"}, _bracket(True)),
    "regula-falsi": (X3 | {"start": "2, 3"}, _bracket(False)),
    "fixed-point": ({"f": "cos(x)", "start": "1", "count": "2"}, [[1.0], [math.cos(1)], [math.cos(math.cos(1))]]),
    "gradient-descent": (BOWL, _way(_descent)),
    "gradient-ascent": (BOWL, _way(_ascent)),
    "newton": (BOWL, _way(_newton)),
    "momentum": (BOWL | {"momentum": "0.5"}, _way(_momentum)),
    "nesterov": (BOWL | {"momentum": "0.5"}, _way(_nesterov)),
    "adam": (BOWL | {"momentum": "0.5"}, _way(_adam)),
    "rmsprop": (BOWL | {"momentum": "0.5"}, _way(_rmsprop)),
    "adagrad": (BOWL, _way(_adagrad)),
    "steepest-descent": (BOWL, _way(_steepest)),
    "conjugate-gradient": (BOWL | {"count": "2"}, _way(_conjugate)[:3]),
    "golden-section": ({"f": "(x-1)^2", "start": "0, 5", "count": "1"}, [[0.0, 5.0], [0.0, 2.5 * (math.sqrt(5) - 1)]]),
}  # fmt: skip


def _run(name: str, inputs: dict[str, str], own: str = "") -> nabla.Document:
    return nabla.run("descend", {"by_hand": name, "rate": "0.1", **inputs, "claim": own})


def _points(document: nabla.Document) -> list[list[float]]:
    return [each["x"] for each in document.values["iterates"]]


def test_every_method_has_a_truth() -> None:
    assert set(TRUTH) == set(BY_HAND)


@pytest.mark.parametrize("name", TRUTH)
def test_steps_are_those_of_a_plain_loop(name: str) -> None:
    inputs, way = TRUTH[name]
    document = _run(name, inputs)
    for got, wanted in zip(_points(document), way, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12)
    assert document.checks and all(check.verdict == "passed" for check in document.checks)


def _own(way: list[list[float]], first: int, digits: int = 4) -> str:
    shown = [", ".join(f"{v:.{digits}f}" for v in x) for x in way]
    return "; ".join(f"{first + i}: ({x})" for i, x in enumerate(shown) if i)


@pytest.mark.parametrize("name", sorted(set(TRUTH) - {"golden-section"}))
def test_right_steps_are_called_right_and_one_changed_digit_wrong(name: str) -> None:
    inputs, way = TRUTH[name]
    first = 1 if name == "secant" else 0
    document = _run(name, inputs, _own(way, first))
    assert [each["verdict"] for each in document.values["claims"]] == ["right"] * (len(way) - 1)
    changed = [list(x) for x in way]
    changed[1][0] += 0.003
    document = _run(name, inputs, _own(changed, first))
    assert document.values["claims"][0]["verdict"] == "wrong" and document.values["claim"]["verdict"] == "wrong"
    assert "wrong" in document.answer.text


@pytest.mark.parametrize(
    ("name", "own", "kind"),
    [
        ("gradient-descent", "1: (2.5, -1.8)", "sign"),
        ("gradient-descent", "1: (-3, 7)", "missing-factor"),
        ("gradient-descent", "1: (1.5, -0.25)", "not-simultaneous"),
        ("gradient-descent", "1: (-0.5, 0.8)", "missing-term"),
        ("gradient-descent", "1: (1.75, -0.6)", "missing-factor"),
        ("newton", "1: (4, -2)", "sign"),
        ("momentum", "2: (1.18, 0.07)", "missing-term"),
        ("steepest-descent", "1: (-3, 7)", "missing-factor"),
    ],
)
def test_slips_are_named(name: str, own: str, kind: str) -> None:
    inputs = BOWL | {"momentum": "0.5"}
    document = _run(name, inputs, own)
    assert [finding["kind"] for finding in document.values["findings"]] == [kind], document.answer.text
    assert document.values["claims"][0]["mistakes"][0]["id"] == kind


@pytest.mark.parametrize(
    ("own", "kind"),
    [("1: 1.9", "sign"), ("1: 12", "wrong-slope"), ("1: 3", "missing-derivative"), ("1: 7/6", "wrong-slope")],
)
def test_slips_of_newtons_method(own: str, kind: str) -> None:
    document = _run("newton-root", X3 | {"start": "2"}, own)
    assert [finding["kind"] for finding in document.values["findings"]] == [kind]


def test_a_step_that_follows_from_a_wrong_one_is_told_as_that() -> None:
    document = _run("gradient-descent", {"f": "(x-3)^2", "start": "0"}, "1: 0.5; 2: 1.0")
    first, second = document.values["claims"]
    assert first["verdict"] == second["verdict"] == "wrong"
    assert any("the step itself is right" in getattr(block, "text", "") for block in document.blocks)


def test_steps_that_go_round_and_steps_that_stand_still_are_told() -> None:
    document = _run("newton-root", {"f": "x^3 - 2x + 2", "start": "0", "count": "4"})
    assert "x_2 is x_0 again" in document.answer.text
    document = _run("gradient-descent", {"f": "sin(x) + cos(y)", "start": "x=pi/2, y=pi", "count": "1"})
    assert "nothing moves" in document.answer.text and all(check.verdict == "passed" for check in document.checks)


def test_methods_that_are_not_done_by_hand_are_not_taken_for_others() -> None:
    for name in ("Gauss-Newton", "BFGS quasi-Newton", "Levenberg-Marquardt"):
        asked = nabla.ask(f"Do one iteration of {name} by hand for f(x) = (x - 1)^2 starting at x = 3")
        assert "iterates" not in asked.values


def test_a_velocity_as_a_mean_is_another_rule_and_no_mistake() -> None:
    own = "1: 4.9; 2: 4.712"  # v = 0.9 v + 0.1 g, x = x - 0.1 v, of w^2 from 5
    document = nabla.run("descend", {"by_hand": "momentum", "f": "w^2", "start": "5", "rate": "0.1", "claim": own})
    assert [each["verdict"] for each in document.values["claims"]] == ["right", "right"]
    assert "mean" in document.answer.text


def test_where_no_step_can_be_taken_the_reason_is_told() -> None:
    document = _run("newton-root", {"f": "x^2 + 1", "start": "1", "count": "3"})
    assert _points(document) == [[1.0], [0.0]] and "derivative is 0" in document.answer.text
    document = _run("bisection", {"f": "x^2 + 1", "start": "0, 2"})
    assert "no change of sign" in document.answer.text


ASKED = [
    ("Use gradient descent with learning rate 0.1 on f(x, y) = x^2 + 3y^2 starting from (2, 1). What is the point "
     "after one step? I got (1.6, 0.7).", [1.6, 0.4], ["wrong"]),
    ("Apply Newton's method to f(x) = x^3 - 2x - 5 starting at x0 = 2. Find x1, x2 and x3. My answers: x1 = 2.1, "
     "x2 = 2.0946, x3 = 2.0945. Are these right?", [2.0945514817], ["right"] * 3),
    ("I'm doing the bisection method by hand on x^3 - x - 2 = 0 in [1, 2]. After four iterations I get 1.5625.",
     [1.5625], ["right"]),
    ("Use the secant method with x0 = 1, x1 = 2 to find a root of x^2 - 3. What is x3? I get x2 = 1.667.",
     [1.7272727273], ["right"]),
    ("Perform 3 steps of gradient descent with momentum 0.9 and learning rate 0.1 on f(w) = w^2 from w0 = 5 (v0 = 0). "
     "I got 4, 2.3, 0.31.", [0.31], ["right"] * 3),
    ("Use fixed point iteration x_{n+1} = cos(x_n) with x_0 = 1. Compute x_3.", [0.6542897905], []),
    ("Starting from w = 4, b = 0 how do I do one gradient descent update for L(w,b) = (2w + b - 3)^2 with learning "
     "rate 0.05? I got w = 3, b = -0.5", [-0.5, 3.0], ["right", "right"]),
    ("Newton's method for the system x^2 + y^2 = 4, x*y = 1 starting at (2, 0). What is the first iterate? I get "
     "(2, 0.5).", [2.0, 0.5], ["right"]),
    ("Let $f(x,y) = 4x^2 - 4xy + 2y^2$ with initial point $\\mathbf{x}^{(0)} = (2, 3)^T$. Apply two iterations of "
     "steepest descent. I found $\\mathbf{x}^{(1)} = (2.25, 2.0)$. Can someone check?", [0.4, 0.6], ["wrong"]),
    ("Consider minimizing $f(x) = \\frac{1}{2} x^T A x - b^T x$ with A = [[4,1],[1,3]], b = [1,2], x0 = (2,1). First "
     "CG iterate? I got (0.2356, 0.3384)", [0.2356495468, 0.3383685801], ["right"]),
    ("We want to fit y = w x to (1,2), (2,4), (3,6) with MSE loss. Start w = 0, learning rate 0.1. After one step of "
     "gradient descent I get w = 0.933. Correct?", [28 / 15], ["wrong"]),
    ("For f(x) = x^4 - 3x^3 + 2, one step of gradient descent from x = 6 with step 0.01 takes me to 0.6. My friend "
     "says 0.6, I got 1.2. Who is right?", [0.6], ["wrong", "right"]),
    ("Compute two iterations of Newton's method for f(x,y) = x^2 + 2y^2 + exp(x+y) starting at the origin. I got "
     "(-0.333, -0.167) for the first.", [-0.3125890671, -0.1562945335], ["wrong"]),
    ("Suppose J(θ) = θ^2 + 4θ + 4, θ = 3, learning rate α = 0.2. After one iteration of gradient descent what is θ? My "
     "answer: 1.", [1.0], ["right"]),
    ("Adam with β1 = 0.9, β2 = 0.999, lr = 0.01, f(x) = (x-1)^2, x0 = 0: compute x1 and x2. I got 0.01 and 0.02",
     [0.019997254003852563], ["right", "right"]),
    ("Newton's method for optimization of f(x) = x^3 - 3x + 1 beginning at x = 2: next iterate is 1.25?",
     [1.25], ["right"]),
    ("Linear regression by hand: h(x) = theta0 + theta1*x, data (1,1), (2,2), (3,3); theta0 = 0, theta1 = 0, alpha "
     "= 0.1, cost J = 1/(2m) sum (h - y)^2. After one step of gradient descent I get theta0 = 0.2, theta1 = "
     "0.467. Right?",
     [0.2, 14 / 30], ["right", "right"]),
    ("Find sqrt(10) with Newton's method, x0 = 3, two iterations. Is 3.1623 right?", [3.1622807018], ["right"]),
    ("Use Newton's method twice on f(x)=x^3 - 3x^2 + 1 with x0 = 1 please.", [2 / 3 - 1 / 72], []),
    ("Momentum: v = 0.9 v - 0.1 grad, x += v, f = x^2, x0 = 1. compute three steps. mine: 0.8, 0.46, 0.062",
     [0.062], ["right"] * 3),
    ("x_{n+1} = x_n - 0.5 f'(x_n), f(x) = x^4/4 - x, x_0 = 2. Compute x_1, x_2, x_3. My work: x_1 = 2 - 0.5*7 = -1.5, "
     "x_2 = -1.5 - 0.5*(-4.375) = 0.6875, x_3 = 1.025", [1.0250244140625], ["right"] * 3),
    ("Given x_{n+1} = x_n - f(x_n)/f'(x_n) and f(x) = x^2 - 2, x_0 = 1, compute x_1, x_2. I have x_1 = 1.5, x_2 = "
     "1.4168", [17 / 12], ["right", "wrong"]),
    ("w_{t+1} = w_t - \\eta L'(w_t), L(w) = (w-3)^2, eta = 0.25, w_0 = 0. What is w_2? I get w_1 = 1.5, w_2 = 2.25",
     [2.25], ["right", "right"]),
    ("Using x_{k+1} = x_k - 0.1*grad f(x_k) with f(x,y) = x^2 + 3y^2, start (1, 1): first two iterates? mine: (0.8, "
     "0.4), (0.64, 0.16)", [0.64, 0.16], ["right", "right"]),
    ("gradient descent: x1 = x0 - 0.1*2*x0, x0 = 5, f(x)=x^2. I got x1 = 4 and x2 = 3.2. ok?", [3.2], ["right"] * 2),
    ("Check my Adam by hand: f(x) = x^2, x=1, lr=0.1, b1=0.9, b2=0.999. First step: g = 2, m = 0.2, v = 0.002, m_hat "
     "= 2, v_hat = 4, x = 1 - 0.1*2/2 = 0.9.", [0.9], ["right", "right", "wrong", "right", "right", "right"]),
    ("Use steepest descent with exact line search on f(x1,x2) = x1^2 + 4 x2^2 from (2, 1). Do one iteration. I got x1 "
     "= (1.2, -0.6)?", [24 / 17, -3 / 17], ["wrong"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "last", "verdicts"), ASKED)
def test_steps_that_are_asked_in_prose(text: str, last: list[float], verdicts: list[str]) -> None:
    document = nabla.ask(text)
    assert document.lab == "descend"
    np.testing.assert_allclose(_points(document)[-1], last, rtol=1e-8)
    assert [each["verdict"] for each in document.values.get("claims", [])] == verdicts
    assert document.values["question"]["unused"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Minimise (x-1)^2 + 2(y-x^2)^2 with gradient descent from (3, 2), rate 0.01.",
        "How many steps does gradient descent need on x^2 + 3y^2 from (2, 1) with rate 0.1?",
        "Where is the minimum of x^2 - 4x + 5?",
    ],
)
def test_a_minimum_that_is_asked_is_no_question_of_steps(text: str) -> None:
    assert "iterates" not in nabla.ask(text).values


@pytest.mark.parametrize(
    ("text", "curvatures"),
    [
        ("What is the optimal step size for gradient descent on f(x) = 1/2 x^T A x with A = [[4,1],[1,3]]?", None),
        ("What is the largest learning rate for gradient descent on f(x,y) = x^2 + 10y^2?", (2.0, 20.0)),
    ],
)
def test_the_best_and_the_largest_rate(text: str, curvatures: tuple[float, float] | None) -> None:
    low, high = curvatures or np.linalg.eigvalsh(np.array([[4.0, 1.0], [1.0, 3.0]]))
    document = nabla.ask(text)
    rate = document.values["rate"]
    assert rate["best"] == pytest.approx(2 / (low + high), rel=1e-9) and rate["largest"] == pytest.approx(2 / high)
    assert document.answer.text.startswith("The best constant rate of gradient descent")
    assert document.values["question"]["unused"] == []


@pytest.mark.parametrize(("method", "f"), [("fixed-point", "1/x"), ("gradient-descent", "1/x"), ("newton", "log(x)")])
def test_a_step_to_no_number_cannot_be_taken(method: str, f: str) -> None:
    document = nabla.run("descend", {"by_hand": method, "f": f, "start": "0"})
    assert len(document.values["iterates"]) == 1
    assert "no step can be taken: the function or its derivatives have no value there" in document.answer.text


@pytest.mark.parametrize("told", ["4, 2, 1, 0.5", "2, 1, 0.5", "4, 2 and 1"])
def test_a_list_of_own_points_may_begin_with_the_start(told: str) -> None:
    document = nabla.ask(f"gradient descent on f(x)=x^2 from x0=4 with rate 0.25, I get {told}")
    assert {claim["verdict"] for claim in document.values["claims"]} == {"right"}
    assert document.values["question"]["unused"] == []


@pytest.mark.parametrize(("rate", "converges"), [(0.05, True), (0.099, True), (0.1, False), (0.3, False)])
def test_a_rate_is_judged_by_the_largest_curvature_of_a_quadratic(rate: float, converges: bool) -> None:
    document = nabla.ask(f"two steps of gradient descent for f(x,y)=x^2+10y^2 from (1,1), rate {rate}")
    assert ("do not converge" in document.answer.text) is not converges
    points = [abs(np.array(step["x"])) for step in document.values["iterates"]]
    assert (points[-1] < points[0]).all() == converges


@pytest.mark.parametrize(
    "asked", ["What learning rate can I take at most for f(w) = {}", "f(w) = {}: which is the largest learning rate"]
)
def test_how_large_a_rate_may_be_is_a_question_for_descend(asked: str) -> None:
    document = nabla.ask(f"{asked.format('3 w^2 - 4w + 7')}?")
    assert document.lab == "descend" and document.values["rate"]["largest"] == pytest.approx(1 / 3)
