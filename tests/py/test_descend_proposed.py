"""Lines that an asker would have in a descent by hand: found in the prose, put there, and judged first."""

from typing import Any

import pytest

import nabla
from nabla.question.alternative import alternative
from nabla.question.roles import read

LINE = """
import numpy as np
x = np.array([1.,2.,3.,4.]); y = np.array([3.,5.,7.,9.])
m = 0.0; c = 0.0
for i in range(1000):
    e = m*x + c - y
    dm = 2*np.mean(e*x)
    dc = 2*np.mean(e)
    m = m - 0.05*dm
    c = c - 0.05*dc
print(m, c)
"""


def proposed(text: str, program: str = LINE) -> tuple[dict[str, Any], str]:
    document = nabla.ask(f"{text}\n{program}")
    assert document.answer is not None
    return document.values["proposed"], document.answer.text


@pytest.mark.parametrize(
    ("text", "line", "verdict", "first"),
    [
        ("Shouldn't dm be dm = np.mean(e*x)?", 6, "wrong", "No: line 6 is right as it stands"),
        ("Is it m -= 0.05*dm or m += 0.05*dm?", 8, "wrong", "No: line 8 is right as it stands"),
        ("I think dc = 2*e.sum()/len(x) would be better", 7, "same", "Both are right: with either line 7"),
        ("Should it rather be `dm = 2*np.mean(e @ x.reshape(2, 2))`?", 6, "raises", "No: with the proposed line 6"),
    ],
)  # fmt: skip
def test_a_line_that_is_proposed_in_prose_is_judged_first(text: str, line: int, verdict: str, first: str) -> None:
    told, said = proposed(text)
    assert (told["line"], told["verdict"]) == (line, verdict)
    assert said.startswith(first)


def test_a_line_that_mends_the_program_is_right() -> None:
    wrong = LINE.replace("dm = 2*np.mean(e*x)", "dm = np.mean(e*x)")
    told, said = proposed("Should it be `dm = 2*np.mean(e*x)`?", wrong)
    assert told["verdict"] == "right"
    assert said.startswith("Yes: with the proposed line 6 every step follows the gradient.")


def test_a_mean_in_place_of_a_sum_only_changes_the_length_of_the_steps() -> None:
    sums = LINE.replace("2*np.mean", "2*np.sum").replace("0.05", "0.01")
    told, said = proposed("Shouldn't the update be m = m - 0.01*dm/4 in line 8?", sums)
    assert told["verdict"] == "wrong"  # for one of the two alone
    told, said = proposed("shouldn't e be e = (m*x + c - y)/4 ?", sums)
    assert told["verdict"] == "same"
    assert "1/4 of those of the other, as if the rate were 0.0025 instead of 0.01" in said


@pytest.mark.parametrize(
    "prose",
    ["I expected `dm = 2` there.", "The result should be m = 2 and c = 1.", "Why is m = nan?", "e = 0 should hold"],
)
def test_a_result_that_is_expected_is_no_line(prose: str) -> None:
    reading = read(f"{prose}\n{LINE}")
    assert alternative(reading, max(reading.programs, key=lambda program: len(program.code))) is None
