"""Descents that never settle, two names of one array, and points of the asker beside where a solver ended."""

import numpy as np
import pytest

import nabla

HOPS = """x = 0.0
for i in range(200):
    g = 1 if x > {corner} else -1
    x = x - {rate}*g
print(x)
"""
RMSPROP = """import numpy as np
w = np.array([2.0, -3.0]); s = np.zeros(2)
for t in range(2000):
    g = np.array([2*w[0], 20*w[1]])
    s = 0.9*s + 0.1*g*g
    w = w - {rate}*g/np.sqrt(s + 1e-8)
print(w)
"""
ADAM = """import numpy as np
{start}
x = np.array([5.0])
for t in range(1, 400):
    g = 2*x
    m[:] = 0.9*m + 0.1*g
    v[:] = 0.999*v + 0.001*g**2
    x -= 0.1*m/(np.sqrt(v) + 1e-8)
print(x)
"""
SOLVED = """from scipy.optimize import minimize
f = lambda x: (x[0] - 1)**2 + (x[1] - 2.5)**2
cons = ({'type': 'ineq', 'fun': lambda x: x[0] - 2*x[1] + 2},)
res = minimize(f, (2, 0), constraints=cons)
print(res.x)

"""


def kinds(code: str) -> dict[str, str]:
    values = nabla.ask(f"{code}\n\nWhy does it not settle?").values
    return {each["kind"]: each["text"] for each in values["findings"]}


@pytest.mark.parametrize(("corner", "rate"), [(2, 0.3), (1.23, 0.5), (3, 0.07)])
def test_steps_of_one_length_go_to_and_fro_over_a_corner(corner: float, rate: float) -> None:
    x = 0.0
    seen = []
    for _ in range(200):
        x -= rate * (1 if x > corner else -1)
        seen.append(x)
    text = kinds(HOPS.format(corner=corner, rate=rate))["cycling"]
    assert all(f"{value:.6g}" in text for value in seen[-2:])


def test_a_step_as_long_as_the_rate_never_settles_and_one_that_shrinks_does() -> None:
    assert "about as long as the rate" in kinds(RMSPROP.format(rate=0.1))["cycling"]
    assert "cycling" not in kinds(RMSPROP.format(rate="(0.5/(t + 1))"))


def test_two_names_of_one_array_are_told() -> None:
    assert "two names of one array" in kinds(ADAM.format(start="m = v = np.zeros(1)"))["state-overwritten"]
    assert "state-overwritten" not in kinds(ADAM.format(start="m, v = np.zeros(1), np.zeros(1)"))


@pytest.mark.parametrize(
    ("point", "said"),
    [((1, 2.5), "breaks constraint 1: there it is -2"), ((1.2, 1.6), f"the function is {0.04 + 0.81:.6g}, higher")],
)
def test_a_point_of_the_asker_is_held_beside_the_end(point: tuple[float, float], said: str) -> None:
    document = nabla.ask(f"{SOLVED}I expected {point}. Is SciPy wrong?")
    assert document.answer is not None
    assert said in document.answer.text
    assert np.allclose(document.values["calls"][0]["x"], [1.4, 1.7], atol=1e-6)
    assert not document.warnings


OTHERS = {
    "Newton's steps": """import numpy as np
X = np.c_[np.ones(6), [0.5, 1, 1.5, 2, 2.5, 3]]
y = np.array([0, 0, 1, 0, 1, 1.])
w = np.zeros(2)
for i in range(8):
    p = 1/(1 + np.exp(-X@w))
    w = w - np.linalg.solve(X.T@(X*(p*(1 - p))[:, None]), X.T@(p - y))
print(w)
""",
    "conjugate gradients": """import numpy as np
A = np.array([[4., 1], [1, 3]]); b = np.array([1., 2])
x = np.zeros(2)
r = b - A@x; p = r.copy()
for k in range(2):
    Ap = A@p
    alpha = (r@r)/(p@Ap)
    x = x + alpha*p
    rn = r - alpha*Ap
    p = rn + (rn@rn)/(r@r)*p
    r = rn
print(x)
""",
    "soft thresholds": """import numpy as np
rng = np.random.default_rng(1)
A = rng.normal(size=(20, 5)); b = A@np.array([1, 0, 0, 2, 0.])
x = np.zeros(5)
L = np.linalg.norm(A, 2)**2
for k in range(300):
    z = x - A.T@(A@x - b)/L
    x = np.sign(z)*np.maximum(np.abs(z) - 0.5/L, 0)
print(x)
""",
}


@pytest.mark.parametrize("name", OTHERS)
def test_methods_that_follow_no_gradient_are_not_accused(name: str) -> None:
    document = nabla.ask(f"{OTHERS[name]}\n\nIs this right?")
    assert document.values["gradient_check"]["verdict"] in ("right", "undecided")
    assert not document.values["findings"]


def test_a_rate_that_each_turn_gives_anew_is_the_rate() -> None:
    code = "x = 0.0\nfor k in range(50):\n    alpha = 1/(k + 1)\n    x -= alpha*2*(x - 4)\nprint(x)"
    document = nabla.ask(f"Is this descent of f(x) = (x-4)^2 right?\n\n{code}")
    assert document.values["gradient_check"]["verdict"] == "right"


@pytest.mark.parametrize(("method", "kept"), [("BFGS", False), ("CG", False), ("L-BFGS-B", True), ("SLSQP", True)])
def test_a_method_that_leaves_bounds_out_is_named(method: str, kept: bool) -> None:
    code = "from scipy.optimize import minimize\nf = lambda x: x[0]**2 + (x[1] + 1)**2\nres = minimize(f, [1, 1], "
    document = nabla.ask(f"{code}bounds=[(0, None), (0, None)], method='{method}')\nprint(res.x)\n\nAre bounds kept?")
    assert document.answer is not None
    assert ("does not know bounds" in document.answer.text) is not kept


@pytest.mark.parametrize(("rate", "start"), [(0.2, 0.0), (0.12, 0.5), (0.18, 0.0), (0.2, -1.0), (0.16, -1.0)])
def test_a_descent_that_cannot_come_to_rest_is_not_told_to_go_on(rate: float, start: float) -> None:
    code = f"x = {start}\nfor i in range(50):\n    x = x - {rate}*(4*x**3 - 10*x - 3)\nprint(x)"
    x = start
    for _ in range(50):
        x -= rate * (4 * x**3 - 10 * x - 3)
    found = kinds(code)
    assert "too-few-steps" not in found
    assert "rate-too-large" in found or rate * (12 * x * x - 10) < 2


def test_a_step_that_is_never_put_back_is_told() -> None:
    code = "def df(x): return 2*(x - 2)\nx = 0\nfor i in range(20):\n    x_new = x - 0.1*df(x)\n{}print(x_new)"
    assert "which never gets it" in kinds(code.format(""))["not-carried-on"]
    assert "not-carried-on" not in kinds(code.format("    x = x_new\n"))
