"""The worked example of CONTRIBUTING.md: an operation of tensors is one entry, and works everywhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nabla.labs.backprop import programs, steps
from nabla.labs.backprop.flow import flow_of
from nabla.tensor.differences import compare, slope
from nabla.tensor.mistakes import GradientQuestion, variants
from nabla.tensor.operations.elementwise import absolute, square
from nabla.tensor.operations.elementwise.arithmetic import unary
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.replay import along, shadow
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import new_run
from nabla.tensor.torch.tensor import tensor

GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def softsign() -> Iterator[Any]:
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", GUIDE, re.S) if block.startswith("softsign")]
    names: dict[str, Any] = {"unary": unary, "np": np, "absolute": absolute, "square": square}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    yield names["softsign"]
    del OPERATIONS["softsign"]


def test_the_worked_example_is_differentiated_written_mistaken_and_exported(softsign: Any) -> None:
    with new_run():
        x = tensor([1.5, -0.5], requires_grad=True)
        x.vertex.name = "x"
        y = softsign(x)
        y.vertex.name = "y"
        seed = np.ones(2)
        flow = flow_of(y.vertex, sweep(y.vertex, seed))
        expected = [1 / 2.5**2, 1 / 1.5**2]
        assert np.allclose(flow.adjoints[x.vertex], expected)
        tape = shadow(y.vertex)
        value = along(tape, tape.copies[x.vertex], seed)
        for i, g in enumerate(expected):
            found = slope(lambda t, i=i: value(np.array([1.5, -0.5]) + t * np.eye(2)[i]), 1.0, 1.0)  # type: ignore[misc]
            assert compare(g, found, 1.0).verdict == "passed"
            assert compare(1.001 * g, found, 1.0).verdict == "failed"
        told = steps.explanation(flow, dict.fromkeys(flow.order, ""))
        assert r"\left(1 + \left|{x}\right|\right)^2" in told.steps[1].tex
        question = GradientQuestion(tape, seed, tape.copies[x.vertex])
        assert "inner-derivative-dropped" in {variant.id for variant in variants(question)}
        (by_hand, _) = programs.exports("", None, y.vertex, seed, flow.adjoints)
    exec(compile(by_hand.text, "export", "exec"), {})


def test_every_entry_says_what_the_rest_of_nabla_asks_it() -> None:
    for name, op in OPERATIONS.items():
        entry: Any = op
        assert len(entry.local) in (0, len(entry.vjps)), name
        assert not (entry.local and entry.back), name
        assert not (entry.mixing and entry.local), name
        assert entry.corner is None or entry.corner.takes, name
        if isinstance(entry.code, tuple) and entry.code:
            assert len(entry.code) == 1 + len([vjp for vjp in entry.vjps if vjp]), name
