"""Rules without a loss that is to be seen: Adam's corrections and the perceptron's step, in several styles."""

from __future__ import annotations

import itertools

import pytest

import nabla

ADAM = """import numpy as np
theta = np.array([2.0, -3.0]); m = np.zeros(2); v = np.zeros(2)
{constants}
for t in range(1, 101):
    g = 2*theta
    m = {b1}*m + (1-{b1})*g
    v = {b2}*v + (1-{b2})*g**2
    mh = {mh}
    vh = {vh}
    theta -= 0.1*mh/(np.sqrt(vh)+1e-8)
print(theta)
"""


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(("first", "second"), list(itertools.product((True, False), repeat=2)))
def test_a_correction_without_the_power_is_found(named: bool, first: bool, second: bool) -> None:
    b1, b2 = ("beta1", "beta2") if named else ("0.9", "0.999")
    mh = f"m/(1-{b1}**t)" if first else f"m/(1-{b1})"
    vh = f"v/(1-{b2}**t)" if second else f"v/(1-{b2})"
    constants = "beta1 = 0.9; beta2 = 0.999" if named else ""
    document = nabla.run("descend", {"f": ADAM.format(constants=constants, b1=b1, b2=b2, mh=mh, vh=vh)})
    found = [f["line"] for f in document.values["findings"] if f["kind"] == "bias-correction"]
    assert found == [line for line, right in ((8, first), (9, second)) if not right]


PERCEPTRON = """import numpy as np
X = np.array([[1,0,0],[1,0,1],[1,1,0],[1,1,1]]); t = np.array([0,0,0,1])
w = np.zeros(3)
for epoch in range(10):
    for x, d in zip(X, t):
        {output}
        {update}
print(w)
"""
OUTPUTS = [
    "o = 1 if x@w >= 0 else 0",
    "o = np.where(x.dot(w) > 0, 1, 0)",
    "o = np.heaviside(x@w, 1)",
]
RIGHT = ["w += 0.1*(d-o)*x", "w = w + 0.1*(d - o)*x", "w -= 0.1*(o-d)*x", "err = d - o; w += 0.1*err*x"]
WRONG = ["w += 0.1*(o-d)*x", "w = w + 0.1*(o - d)*x", "w -= 0.1*(d-o)*x", "err = o - d; w += 0.1*err*x"]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(("update", "wrong"), [*((u, False) for u in RIGHT), *((u, True) for u in WRONG)])
def test_the_sign_of_a_perceptrons_step(output: str, update: str, wrong: bool) -> None:
    document = nabla.run("descend", {"f": PERCEPTRON.format(output=output, update=update)})
    kinds = [f["kind"] for f in document.values["findings"]]
    assert kinds == (["sign"] if wrong else []), document.answer.text
    if wrong:
        assert document.values["findings"][0]["line"] == 7


def test_what_a_loop_hands_out_is_no_parameter() -> None:
    """Rows of whole numbers that `for` goes over are read, and nothing is put into them."""
    text = """import numpy as np
X = np.array([[1, 2], [3, 4]]); y = np.array([5, 11])
w = np.zeros(2)
for i in range(300):
    for x, t in zip(X, y):
        w -= 0.01*2*(x@w - t)*x
print(w)
"""
    document = nabla.run("descend", {"f": text})
    assert set(document.values["parameters"]) == {"w"}
    assert "integer-array" not in [f["kind"] for f in document.values["findings"]]
