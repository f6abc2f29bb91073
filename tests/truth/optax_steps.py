"""What optax 0.2.8 with JAX 0.10 gives after four steps of each rule: `python tests/truth/optax_steps.py` with both
installed writes optax_steps.json, which tests/py/test_optax.py compares with.
"""

import json
from pathlib import Path

RULES = (
    "optax.sgd(0.01)", "optax.sgd(0.01, momentum=0.9)", "optax.sgd(0.01, momentum=0.9, nesterov=True)",
    "optax.adam(0.1)", "optax.adam(learning_rate=0.1, b1=0.8, b2=0.9)", "optax.adamw(0.1, weight_decay=0.1)",
    "optax.rmsprop(0.05)", "optax.rmsprop(0.05, momentum=0.5)", "optax.adagrad(0.5)", "optax.lion(0.01)",
    "optax.chain(optax.clip_by_global_norm(1.0), optax.adam(0.1))", "optax.chain(optax.clip(0.5), optax.sgd(0.1))",
    "optax.sgd(optax.exponential_decay(0.1, 2, 0.5))", "optax.adam(optax.cosine_decay_schedule(0.1, 10))",
    "optax.chain(optax.scale_by_adam(), optax.scale(-0.1))", "optax.sgd(optax.linear_schedule(0.1, 0.0, 3))",
    "optax.chain(optax.add_decayed_weights(0.01), optax.sgd(0.1))",
)  # fmt: skip
LOSSES = (
    "optax.softmax_cross_entropy_with_integer_labels(z, jnp.array([1, 2]))",
    "optax.softmax_cross_entropy(z, jnp.array([[0., 1., 0.], [0.5, 0.5, 0.]]))",
    "optax.sigmoid_binary_cross_entropy(z, jnp.array([[1., 0., 1.], [0., 1., 1.]]))",
    "optax.huber_loss(z, jnp.zeros((2, 3)), delta=0.6)", "optax.l2_loss(z)", "optax.squared_error(z, jnp.ones((2, 3)))",
)  # fmt: skip
HEAD = "import jax\nimport jax.numpy as jnp\nimport optax\n"
STEPS = """params = {"w": jnp.array([1.0, -2.0, 0.5]), "b": jnp.array(0.3)}
def loss(p):
    return jnp.sum((p["w"] * 3 - 1) ** 2) + p["b"] ** 3
opt = RULE
state = opt.init(params)
for _ in range(4):
    value, g = jax.value_and_grad(loss)(params)
    updates, state = opt.update(g, state, params)
    params = optax.apply_updates(params, updates)
numbers = [*params["w"].tolist(), params["b"].item(), optax.global_norm(g).item()]
"""
GRADIENT = """z = jnp.array([[1.0, 2.0, 0.5], [0.1, -0.3, 0.7]])
numbers = jax.grad(lambda z: LOSS.mean())(z).ravel().tolist()
"""


def programs() -> dict[str, str]:
    """The program of each rule and each loss."""
    steps = {rule: HEAD + STEPS.replace("RULE", rule) for rule in RULES}
    return steps | {loss: HEAD + GRADIENT.replace("LOSS", loss) for loss in LOSSES}


def main() -> None:
    """Write the table."""
    table = {}
    for name, program in programs().items():
        names: dict[str, object] = {}
        exec(compile(program, "program", "exec"), names)
        table[name] = names["numbers"]
    Path(__file__).with_suffix(".json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
