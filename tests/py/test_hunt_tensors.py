"""The hunter of tensor programs, short: beside PyTorch's stored gradients, and able to find a fault."""

import json

import pytest

from nabla.tensor.operations.elementwise import power
from tests.bench.hunt_tensors import STORED, TABLE, faults, program

TRUTHS = json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", range(0, STORED, 4))
def test_random_programs_have_the_gradients_of_pytorch_and_no_false_alarm(seed: int) -> None:
    message, grads = TRUTHS[str(seed)]
    assert list(faults(program(seed), (message, grads))) == []


def test_a_wrong_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = next(n for n in range(STORED) if "** 2" in program(n) and not TRUTHS[str(n)][0])
    first, *rest = power.vjps
    wrong = (lambda g, y, *args, **how: first(g, y, *args, **how) * 1.1, *rest)
    monkeypatch.setattr(power, "vjps", wrong)
    assert set(faults(program(seed), tuple(TRUTHS[str(seed)]))) & {"a check failed", "another gradient than PyTorch's"}


def test_a_number_at_the_bound_of_a_comparison_is_no_alarm() -> None:
    """0.1 is more than 0.1 in float64 once it was rounded to float32, and not in float32."""
    head = "import torch\na = torch.tensor([0.1, 1.3], requires_grad=True)\n"
    code = head + "loss = torch.where(a > 0.1, a * 2, torch.cos(a)).norm()\nloss.backward()\n"
    assert not list(faults(code, None))


def test_what_cancels_in_float32_is_no_alarm() -> None:
    """The gradient of a sum of what was made to have the mean 0 is 0; float32 leaves a few units of what was summed."""
    assert list(faults(program(8_000_061), None)) == []
