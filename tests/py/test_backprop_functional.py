"""Descents of programs that take gradients as functions: the sign, the rate, and the argument differentiated by."""

import pytest

from nabla.labs.backprop.loops import found_in
from nabla.labs.backprop.run import run

JAX = """
import jax
import jax.numpy as jnp
x = jnp.array([[1., 2.], [3., 4.], [5., 6.]])
y = jnp.array([3., 7., 11.])
def loss(w, x, y):
    return jnp.mean((x @ w - y)**2)
w = jnp.zeros(2)
lr = 0.02
for i in range(40):
    STEP
print(w)
"""
OTHER = JAX.replace("(w, x, y):", "(x, w, y):").replace("x @ w", "x[:, 0]*w[0] + x[:, 1]*w[1]")
HIPS = """
import autograd.numpy as np
from autograd import grad
X = np.array([[1., 1.], [1., 2.], [1., 3.]])
y = np.array([1., 3., 5.])
def cost(w):
    return np.sum((X @ w - y)**2)
g = grad(cost)
w = np.zeros(2)
for i in range(40):
    STEP
print(w)
"""
CORNER = """
import autograd.numpy as np
from autograd import grad
x = 0.0
for i in range(40):
    x = x - 0.4*grad(lambda u: np.abs(u - 3.0))(x)
"""


@pytest.mark.parametrize(
    ("code", "kind", "line"),
    [
        (JAX.replace("STEP", "w = w + lr*jax.grad(loss)(w, x, y)"), "sign", 11),
        (JAX.replace("STEP", "l, g = jax.value_and_grad(loss)(w, x, y); w = w - 10*lr*g"), None, None),
        (JAX.replace("0.02", "0.1").replace("STEP", "w -= lr*jax.grad(loss)(w, x, y)"), "rate-too-large", 9),
        (OTHER.replace("STEP", "w = w - lr*jax.grad(loss)(x, w, y)"), "wrong-variable", 11),
        (HIPS.replace("STEP", "w += 0.01*g(w)"), "sign", 11),
        (HIPS.replace("STEP", "w -= 0.2*g(w)"), "rate-too-large", 11),
        (CORNER, "rate-too-large", 6),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(code: str, kind: str | None, line: int | None) -> None:
    found = found_in(run(code))
    if kind is None:  # two numbers in the step: which of them is the rate is not known
        assert not found
    else:
        assert (found[0]["kind"], found[0]["line"]) == (kind, line)


@pytest.mark.parametrize(
    "code",
    [
        JAX.replace("STEP", "w = w - lr*jax.grad(loss)(w, x, y)"),
        JAX.replace("STEP", "l, g = jax.value_and_grad(loss)(w, x, y)\n    w = w - lr*g"),
        OTHER.replace("STEP", "w = w - lr*jax.grad(loss, argnums=1)(x, w, y)"),
        HIPS.replace("STEP", "w = w - 0.01*g(w)"),
        HIPS.replace("STEP", "w = w - 0.001*g(w)"),
    ],
)
def test_what_is_right_is_not_accused(code: str) -> None:
    assert found_in(run(code)) == []


TREE = """
import jax
import jax.numpy as jnp
x = jnp.arange(5.)
y = 3*x + 1
def loss(p):
    return jnp.mean((p['w']*x + p['b'] - y)**2)
p = {'w': 0., 'b': 0.}
for i in range(20):
    grads = jax.grad(loss)(p)
    KEEPjax.tree_util.tree_map(lambda a, b: a - 0.05*b, p, grads)
print(p)
"""


def test_new_values_that_nothing_keeps_are_told() -> None:
    (found,) = found_in(run(TREE.replace("KEEP", "")))
    assert (found["kind"], found["line"]) == ("missing-step", 11)
    assert found_in(run(TREE.replace("KEEP", "p = "))) == []
    thrown = "import jax.numpy as jnp\nimport jax\nx = jnp.zeros(3)\nx.at[0].set(1.0)\nprint(jax.grad(jnp.sum)(x))\n"
    assert found_in(run(thrown))[0]["line"] == 4
