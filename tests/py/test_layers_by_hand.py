"""Trainings of layers written by hand, asked as whole texts: right ones are not accused, one fault is found."""

import itertools

import pytest

import nabla
from tests.py import descents
from tests.py.layers_by_hand import TEMPLATES

RIGHT = [case for case in descents.right(TEMPLATES) if case.name.endswith(", w")]
WRONG = [case for case in descents.wrong(TEMPLATES) if ", w, " in case.name]
SOME = [next(cases) for _, cases in itertools.groupby(WRONG, key=lambda case: case.name.partition(",")[0])]
GOES_ON = {"too-few-steps", "rate-too-small"}  # of the run, not of the gradient
# Where the line that is named is the one in which the faulty part is added up, or none.
ELSEWHERE = {"convolution", "svm", "dropout", "adam", "characters"}


def asked(code: str) -> nabla.Document:
    return nabla.ask(f"{code}\n\nIs my gradient right?")


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_a_right_one_is_not_accused(case: descents.Case) -> None:
    values = asked(case.code).values
    assert values["gradient_check"]["verdict"] in ("right", "scaled")
    assert not [each for each in values["findings"] if each["kind"] not in GOES_ON]


@pytest.mark.parametrize("case", SOME, ids=lambda case: case.name)
def test_a_fault_is_found_in_its_line(case: descents.Case) -> None:
    values = asked(case.code).values
    kinds = {each["kind"] for each in values["gradient_check"]["findings"]}
    assert values["gradient_check"]["verdict"] == "wrong" or kinds == {"missing-mean"}
    lines = {each["line"] for each in [*values["findings"], *values["gradient_check"]["findings"]]}
    assert lines & set(case.lines) or case.name.partition(",")[0] in ELSEWHERE
