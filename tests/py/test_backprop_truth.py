"""Our programs beside what real PyTorch gave for them (tests/truth/make.py): prints, gradients and errors."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import nabla
from nabla.answer.document import Note
from nabla.labs.backprop.run import run
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.versions import LIBRARIES

TRUTH = Path(__file__).parents[1] / "truth"
HEADER = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
PROGRAMS = {
    part.partition("\n")[0].strip(): HEADER + part.partition("\n")[2].strip() + "\n"
    for part in (TRUTH / "snippets.txt").read_text(encoding="utf-8").split("\n## ")[1:]
}
TRUTHS = json.loads((TRUTH / "pytorch.json").read_text(encoding="utf-8"))
TABLE = TRUTHS["programs"]
CORNERS = [
    [part.strip() for part in line.split("|")]
    for line in (TRUTH / "corners.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
# The last digit that is printed, and what float32 leaves of it.
NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:e[-+]?\d+)?")


def agrees(ours: str, theirs: str) -> bool:
    """The same text, where numbers may differ by a unit in the last printed digit (float32 sums in another order)."""
    theirs = re.sub(r" object at 0x[0-9a-f]+>", ">", theirs)
    if NUMBER.sub("#", ours) != NUMBER.sub("#", theirs):
        return False
    for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True):
        digits = len(b.split("e")[0].partition(".")[2])
        exponent = int(b.partition("e")[2] or 0)
        slack = max(1.01 * 10.0 ** (exponent - digits) if digits else 0, 3e-7 * abs(float(b)))
        if abs(float(a) - float(b)) > slack:
            return False
    return True


def numbers(value: object) -> np.ndarray:
    return np.asarray(value, dtype=np.float64) if not isinstance(value, str) else np.asarray(float(value))


def test_the_table_is_large_enough_and_of_these_programs() -> None:
    assert len(TABLE) >= 120
    assert set(TABLE) == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_what_pytorch_gives(name: str) -> None:
    truth, outcome = TABLE[name], run(PROGRAMS[name])
    if truth["raises"]:
        assert outcome.raised is not None, "PyTorch raises here"
        assert outcome.raised.kind == truth["raises"]["type"]
        assert gist(outcome.raised.message) == gist(truth["raises"]["message"])
    else:
        assert outcome.raised is None, outcome.raised
    printed = "".join(item["text"] + "\n" for item in outcome.printed)
    assert agrees(printed, truth["printed"]), f"ours:\n{printed}\nPyTorch:\n{truth['printed']}"
    for tensor, expected in truth["grads"].items():
        ours = outcome.tensors[tensor].grad
        assert ours is not None, tensor
        assert np.allclose(ours.array, numbers(expected), rtol=2e-6, atol=2e-6, equal_nan=True), tensor


@pytest.mark.parametrize(("name", "y", "x", "takes"), CORNERS)
def test_conventions_are_those_of_pytorch_and_are_labelled(name: str, y: str, x: str, takes: str) -> None:
    """One table: at each corner PyTorch's own gradient, and in the answer a label with the version it holds for."""
    document = nabla.backprop(
        f"{HEADER}x = torch.tensor({x}, requires_grad=True)\nloss = ({y}).sum()\nloss.backward()\n"
    )
    expected = [float(g) for g in TRUTHS["corners"][name]]
    assert np.array_equal(np.asarray(document.values["grads"]["x"], dtype=float), expected, equal_nan=True)
    told = [note.text for note in document.blocks if isinstance(note, Note)]
    version = TRUTHS["torch"].rpartition(".")[0]
    labelled = [text for text in told if text.endswith(f"PyTorch {version} takes {takes}.")]
    assert len(labelled) == bool(takes), told
    assert "failed" not in {check.verdict for check in document.checks}


def test_the_table_of_conventions_is_whole() -> None:
    assert {name for name, *_ in CORNERS} == set(TRUTHS["corners"])
    assert TRUTHS["torch"].startswith(LIBRARIES["torch"][2] + ".")
    labels = {takes for *_, takes in CORNERS}
    assert {op.corner.takes for op in OPERATIONS.values() if op.corner} <= labels  # type: ignore[attr-defined]


def gist(message: str) -> str:
    """The first sentence."""
    return re.split(r"\.\s|\n", message)[0].rstrip(".")
