"""A backward pass by hand: the first of its lines that is wrong is named, and what only follows from it is told so."""

import pytest

import nabla

LAYERS = """import numpy as np

def sigmoid(v):
    return 1 / (1 + np.exp(-v))

X = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.3]])
Y = np.array([[1.0], [0.0], [1.0]])
W1 = np.array([[0.2, -0.4, 0.7], [0.5, 0.1, -0.3]])
b1 = np.array([0.1, -0.2, 0.05])
W2 = np.array([[0.6], [-0.1], [0.4]])
Z1 = X @ W1 + b1
A1 = np.tanh(Z1)
P = A1 @ W2
loss = np.sum((P - Y) ** 2)
dP = {dP}
dW2 = {dW2}
dA1 = dP @ W2.T
dZ1 = {dZ1}
dW1 = X.T @ dZ1
db1 = dZ1.sum(axis=0)
"""
RIGHT = {"dP": "2 * (P - Y)", "dW2": "A1.T @ dP", "dZ1": "dA1 * (1 - A1 ** 2)"}


@pytest.mark.parametrize(
    ("name", "wrong", "line", "follow"),
    [
        ("dP", "P - Y", 15, {"dW2", "dW1", "db1"}),
        ("dP", "2 * (Y - P)", 15, {"dW2", "dW1", "db1"}),
        ("dZ1", "dA1 * (1 - A1)", 18, {"dW1", "db1"}),
        ("dZ1", "dA1", 18, {"dW1", "db1"}),
        ("dZ1", "dA1 * (1 - Z1 ** 2)", 18, {"dW1", "db1"}),
    ],
)
def test_the_first_wrong_line_is_named(name: str, wrong: str, line: int, follow: set[str]) -> None:
    document = nabla.backprop(LAYERS.format(**{**RIGHT, name: wrong}))
    found = {one["component"]: one for one in document.values["findings"]}
    assert set(found) == {name, *follow}
    assert len({one["kind"] for one in found.values()}) == 1
    assert f"{name} in line {line}, and with it" in str(document.answer).replace("`", "")


def test_all_right() -> None:
    document = nabla.backprop(LAYERS.format(**RIGHT))
    assert document.values["gradient_check"] == {"verdict": "right", "findings": []}


def test_a_factor_that_comes_later_is_no_mistake_of_an_adjoint() -> None:
    """With the loss a mean, dP without 1/3 is a way of writing it where the weights' gradients have it."""
    text = LAYERS.replace("np.sum(", "np.mean(").format(**{**RIGHT, "dW2": "A1.T @ dP / 3"})
    document = nabla.backprop(text.replace("X.T @ dZ1", "X.T @ dZ1 / 3"))
    assert [one["component"] for one in document.values["findings"]] == ["db1"]


ONE = """import numpy as np
x = 0.5; w = 2.0; b = -1.0; t = 1.0
z = w * x + b
a = 1 / (1 + np.exp(-z))
loss = (a - t) ** 2
da = 2 * (a - t)
dz = da * {slope}
dw = dz * x
db = dz
"""


@pytest.mark.parametrize(("slope", "claim", "verdict"), [("a", "-0.25", "wrong"), ("a * (1 - a)", "-0.125", "right")])
def test_a_number_is_first_what_the_program_makes(slope: str, claim: str, verdict: str) -> None:
    """-0.25 is the true gradient by b, and the wrong one by w that the program computes."""
    document = nabla.backprop(ONE.format(slope=slope), claim=claim)
    assert document.values["claim"]["verdict"] == verdict
    assert document.values["claim"]["name"] == "w"


def test_of_two_mistakes_with_one_number_the_formula_tells() -> None:
    """At z = 0 the sigmoid is 1/2: da·a and da·(1 - a) are one number."""
    ids = {}
    for slope in ("a", "(1 - a)"):
        document = nabla.backprop(ONE.format(slope=slope))
        ids[slope] = [one["id"] for one in document.values["by_hand"]["dz"]["mistakes"]]
    assert len(ids["a"]) == len(ids["(1 - a)"]) == 1 and ids["a"] != ids["(1 - a)"]
