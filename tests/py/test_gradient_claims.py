"""What a text says that a gradient should be, as the lab is given it: what was expected comes before what was got."""

import pytest

from nabla.question.fill import fill_code
from nabla.question.roles import read

CODE = "\n\n```python\nimport torch\nx = torch.tensor([1., 2.], requires_grad=True)\n(x ** 2).sum().backward()\n```\n"


def claim(prose: str) -> str:
    filled = fill_code(read(prose + CODE), "backprop")
    return filled.inputs.get("claim", "") if filled else ""


EXPECTED = ("I expected {}", "it should be {}", "By hand I get {}", "I thought it would be {}")
GOT = ("but I get 9.", "but it prints 9.", "yet PyTorch gives 9.", "and I got 9.")


@pytest.mark.parametrize("expected", EXPECTED)
@pytest.mark.parametrize("got", GOT)
@pytest.mark.parametrize("value", ["4", "[2, 4]", "[[1, 2], [3, 4]]"])
def test_what_was_expected_is_the_claim_whatever_was_got(expected: str, got: str, value: str) -> None:
    assert claim(f"Why? {expected.format(value)}, {got}") == value
    assert claim(f"Why? I get 9 but {expected.format(value)[0].lower()}{expected.format(value)[1:]}.") == value


@pytest.mark.parametrize(
    ("prose", "wanted"),
    [
        ("I get 8. Is that right?", "8"),
        ("It prints 12 instead of 6, why?", "6"),
        ("Why is w.grad 3 and not 1?", "w.grad = 1"),
        ("x.grad should be 2 and y.grad should be 5, but I get 7 and 8.", "x.grad = 2; y.grad = 5"),
        ("I get 0, 0, 12. Is it correct?", "[0, 0, 12]"),
        ("I expected 4 ones.", "[1, 1, 1, 1]"),
        ("I expected [12., 3.] for the gradient.", "[12., 3.]"),
        ("The loss never falls in 20 epochs.", ""),
        ("dy/dx should be 2x = 6 but I get 3.", "6"),
        ("By hand I get w = 0.8 then 0.46.", "printed w = [0.8, 0.46]"),
        ("by hand: grad = p - y = [-0.3, 0.2, 0.1]. Correct?", "[-0.3, 0.2, 0.1]"),
        ("I believe grad = [1,10,100].", "[1,10,100]"),
        ("The loss should be 0 but it is 0.55.", ""),
        ("I get dy/da = 24 and dy/db = 9 by hand.", "dy/da = 24; dy/db = 9"),
        ("I'd get dL/dx = p - y = [0.9, -0.9].", "dL/dx = [0.9, -0.9]"),
        (
            "A.grad = [[1, 2], [3, 4]] right? and B.grad = [[5, 6], [7, 8]]?",
            "A.grad = [[1, 2], [3, 4]]; B.grad = [[5, 6], [7, 8]]",
        ),
        ("The book says J = [[2x, 1], [0, y]] -> [[4, 1], [0, 3]]. Matches?", "[[4, 1], [0, 3]]"),
        ("TypeError: loop of ufunc does not support argument 0 of type float", ""),
        ("it is at version 2; expected version 1 instead", ""),
        ("My tensor has 3 elements and I call it 2 times.", ""),
    ],
)
def test_claims_are_told_from_what_is_got_counted_and_given(prose: str, wanted: str) -> None:
    assert claim(prose) == wanted


@pytest.mark.parametrize(
    "asked", ["why does w stop at 0.4 instead of 0?", "should weight_decay=0.01 shrink w? w goes to 0.99 not 1, why?"]
)
def test_weights_and_settings_of_a_training_are_no_gradients(asked: str) -> None:
    code = (
        "import torch\nw = torch.tensor([0.0], requires_grad=True)\n"
        "opt = torch.optim.SGD([w], lr=0.1, weight_decay=0.01)\nfor i in range(50):\n    opt.zero_grad()\n"
        "    loss = ((w - 1)**2).sum()\n    loss.backward(); opt.step()\nprint(w)"
    )
    filled = fill_code(read(f"{asked}\n{code}"), "backprop")
    assert filled is not None and "claim" not in filled.inputs


@pytest.mark.parametrize(("comment", "wanted"), [
    ("# expected [2., 0.]", "[2., 0.]"), ("# expected: tensor([-2.8000, 0.])", "[-2.8000, 0.]"), ("# should be 4", "4"),
    ("# expected to be fast", ""), ("# x is [1., 2.]", ""), ("# should be 4 times faster", ""),
])  # fmt: skip
def test_what_a_comment_of_the_program_expects_is_the_claim(comment: str, wanted: str) -> None:
    filled = fill_code(
        read(f"Why?{CODE.replace('```' + chr(10) + chr(10), '')}".rstrip("`\n ") + f"\n{comment}\n```"), "backprop"
    )
    assert filled is not None and filled.inputs.get("claim", "") == wanted
