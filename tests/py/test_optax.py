"""optax: four steps of each rule, and the gradients of its losses, beside what optax itself gives."""

import json
from pathlib import Path

import numpy as np
import pytest

import nabla
from nabla.labs.backprop.run import run
from tests.truth.optax_steps import HEAD, programs

PROGRAMS = programs()
TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "optax_steps.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_rule_and_loss_gives_the_numbers_of_optax(name: str) -> None:
    printed = run(PROGRAMS[name] + "for number in numbers:\n    print(number)\n").printed
    assert np.allclose([entry["value"] for entry in printed], TRUTH[name], rtol=2e-5, atol=1e-6)


def test_the_table_has_every_program() -> None:
    assert list(TRUTH) == list(PROGRAMS)


def test_a_step_under_jit_and_its_state() -> None:
    code = HEAD + (
        "opt = optax.adam(0.1)\n@jax.jit\ndef step(p, s):\n    g = jax.grad(lambda p: jnp.sum(p ** 2))(p)\n"
        "    u, s = opt.update(g, s)\n    return optax.apply_updates(p, u), s\n"
        "p = jnp.array([1.0, -2.0])\ns = opt.init(p)\nfor _ in range(3):\n    p, s = step(p, s)\n"
        "print(s[0].count, p)\nprint(type(s).__name__, s[1])\n"
    )
    texts = [entry["text"] for entry in run(code).printed]
    assert texts[0].startswith("3 [ 0.70") and texts[1] == "tuple EmptyState()"


def test_a_decay_without_the_weights_raises_as_in_optax() -> None:
    code = HEAD + "opt = optax.adamw(0.1)\np = jnp.ones(2)\ns = opt.init(p)\nu, s = opt.update(p, s)\n"
    raised = run(code).raised
    assert raised is not None and raised.kind == "ValueError" and raised.line == 7


def test_a_rule_that_is_not_here_is_named() -> None:
    with pytest.raises(nabla.errors.UserError) as found:
        run(HEAD + "opt = optax.lamb(0.1)\n")
    assert found.value.code == "not-covered" and "optax.lamb" in found.value.message
