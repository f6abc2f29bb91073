"""The golden documents in CPython; tests/browser/test_golden.py compares the same files in the page's Pyodide."""

import copy

import pytest

import nabla
from tests.golden.cases import CASES
from tests.golden.compare import HERE, differences, differences_from_golden
from tests.golden.reduced import LONGEST, reduced


@pytest.mark.parametrize("name", CASES)
def test_document_is_the_golden_one(name: str) -> None:
    lab, inputs = CASES[name]
    assert differences_from_golden(name, nabla.run(lab, inputs).to_dict()) == []


@pytest.mark.parametrize("name", CASES)
def test_no_check_of_a_golden_document_failed(name: str) -> None:
    lab, inputs = CASES[name]
    checks = nabla.run(lab, inputs).checks
    assert checks
    assert [check for check in checks if check.verdict == "failed"] == []


def test_every_golden_file_has_a_case() -> None:
    assert {path.stem for path in HERE.glob("*.json")} == set(CASES)


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ({"a": 1.0}, {"a": 1 + 1e-12}, True),
        ({"a": 1.0}, {"a": 1 + 1e-6}, False),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": "x"}, {"a": "y"}, False),
        ({"a": None}, {"a": 0}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"figure": 1e-30, "bound": 1e-20}, {"figure": 4e-31, "bound": 1e-20}, True),
        ({"figure": 1e-30, "bound": 1e-20}, {"figure": 1e-3, "bound": 1e-20}, False),
        ({"a": True}, {"a": 1}, False),
    ],
)
def test_the_comparison_sees_what_matters(expected: object, got: object, same: bool) -> None:
    assert (differences(expected, got) == []) is same


ARRAY = {"x": [[i + j / 7 for j in range(5)] for i in range(9)], "words": ["a"] * 20, "short": [1.0] * LONGEST}


def test_long_arrays_are_reduced_and_nothing_else() -> None:
    kept = reduced(ARRAY)
    assert kept["x"]["$array"] == [9, 5] and kept["x"]["samples"][0] == 0 and kept["x"]["samples"][-1] == 8 + 4 / 7
    assert kept["words"] == ARRAY["words"] and kept["short"] == ARRAY["short"]


@pytest.mark.parametrize("row", range(9))
@pytest.mark.parametrize("change", [lambda x: x + 1e-6, lambda x: -x - 1e-6, lambda _: None, lambda _: "inf"])
def test_a_change_of_any_number_of_an_array_is_seen(row: int, change: object) -> None:
    for column in range(5):
        other = copy.deepcopy(ARRAY)
        other["x"][row][column] = change(other["x"][row][column])  # type: ignore[operator]
        assert differences(reduced(ARRAY), reduced(other))


def test_a_change_by_rounding_is_not_seen() -> None:
    other = {**ARRAY, "x": [[x * (1 + 1e-12) + 1e-13 for x in row] for row in ARRAY["x"]]}
    assert differences(reduced(ARRAY), reduced(other)) == []
    moved = {**ARRAY, "x": [ARRAY["x"][1], ARRAY["x"][0], *ARRAY["x"][2:]]}
    assert differences(reduced(ARRAY), reduced(moved))
    assert differences(reduced(ARRAY), reduced({**ARRAY, "x": [x for row in ARRAY["x"] for x in row]}))
