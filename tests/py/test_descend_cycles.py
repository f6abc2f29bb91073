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
