"""A schedule that brings the rate to nothing too early is named; one that lets the loss come down is not."""

import pytest

import nabla

PROGRAM = """import torch
p = torch.nn.Parameter(torch.tensor([5.0]))
opt = torch.optim.SGD([p], lr=0.1)
sch = torch.optim.lr_scheduler.{schedule}
for i in range(100):
    opt.zero_grad()
    loss = ((p - 1)**2).sum()
    loss.backward()
    opt.step()
    sch.step()
print(p)
"""


@pytest.mark.parametrize(
    ("schedule", "stalls"),
    [
        ("StepLR(opt, step_size=2, gamma=0.1)", True),
        ("ExponentialLR(opt, gamma=0.5)", True),
        ("StepLR(opt, step_size=40, gamma=0.1)", False),
        ("ExponentialLR(opt, gamma=0.99)", False),
    ],
)
def test_a_rate_that_is_brought_to_nothing_is_told(schedule: str, stalls: bool) -> None:
    document = nabla.ask(f"{PROGRAM.format(schedule=schedule)}\n\nWhy does it stall?")
    assert document.answer is not None
    assert ("The schedule of line 4 brings the rate from 0.1" in document.answer.text) is stalls
    assert all(
        finding["line"] == 4 for finding in document.values.get("findings", []) if finding["kind"] == "rate-too-small"
    )
