"""The golden documents in CPython; tests/browser/test_golden.py compares the same files in the page's Pyodide."""

import json
from pathlib import Path

import pytest

import nabla
from tests.golden.cases import CASES, ROUGH
from tests.golden.compare import TOLERANCE, differences

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", CASES)
def test_document_is_the_golden_one(name: str) -> None:
    lab, inputs = CASES[name]
    expected = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    assert differences(expected, nabla.run(lab, inputs).to_dict(), name, ROUGH.get(name, TOLERANCE)) == []


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
