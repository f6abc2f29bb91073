"""JAX and HIPS autograd at corners beside what the libraries gave (tests/truth/corners_arrays.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

import nabla
from nabla.answer.document import Note
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.versions import LIBRARIES

TRUTH = Path(__file__).parents[1] / "truth"
TABLE = json.loads((TRUTH / "corners_arrays.json").read_text(encoding="utf-8"))
PROGRAMS = {
    "jax": "import jax\nimport jax.numpy as np\nprint(jax.grad(lambda x: np.sum({y}))(np.array({x})))\n",
    "autograd": "import autograd.numpy as np\nfrom autograd import grad\n"
    "print(grad(lambda x: np.sum({y}))(np.array({x})))\n",
}
LINES = [
    [part.strip() for part in line.split("|")]
    for line in (TRUTH / "corners_arrays.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
CASES = [
    (dialect, name, y, x, takes)
    for name, y, x, *both in LINES
    for dialect, takes in zip(("jax", "autograd"), both, strict=True)
    if takes != "-"
]


@pytest.mark.parametrize(("dialect", "name", "y", "x", "takes"), CASES)
def test_the_library_takes_the_same_and_the_answer_says_so(dialect: str, name: str, y: str, x: str, takes: str) -> None:
    document = nabla.backprop(PROGRAMS[dialect].format(y=y, x=x))
    expected = [float(g) for g in TABLE["corners"][name][dialect]]
    value = document.values["printed"][0]["value"]
    assert np.allclose(np.asarray(value, float), expected, rtol=1e-6, equal_nan=True), value
    _, whose, version = LIBRARIES[dialect]
    told = [block.text for block in document.blocks if isinstance(block, Note)]
    assert sum(text.endswith(f"{whose} {version} takes {takes}.") for text in told) == bool(takes), told
    assert not any("PyTorch" in text for text in told)
    assert "failed" not in {check.verdict for check in document.checks}


def test_every_convention_of_another_library_is_in_the_table() -> None:
    assert all(TABLE[dialect].startswith(LIBRARIES[dialect][2] + ".") for dialect in PROGRAMS)
    for dialect in PROGRAMS:
        ours = {
            op.variants[dialect].corner.takes
            for op in OPERATIONS.values()
            if dialect in op.variants and op.variants[dialect].corner
        }  # type: ignore[attr-defined]
        assert ours <= {takes for case, _, _, _, takes in CASES if case == dialect}
