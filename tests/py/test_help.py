"""Help is made of what the program itself has: its tables, its docstrings, the methods of its checks."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import nabla
from nabla.answer.check import TESTS, VERDICTS, Test, Verdict
from nabla.errors import UserError
from nabla.page.sources import SOURCES
from nabla.page.syntax import syntax
from nabla.read.complex import read_complex
from nabla.read.formula import functions, names, read_formula

GOLDEN = Path(__file__).parent.parent / "golden"
CARD = syntax()


def checks(data: Any) -> list[dict[str, Any]]:
    """Every check in a document, those of steps too."""
    if isinstance(data, list):
        return [check for item in data for check in checks(item)]
    if not isinstance(data, dict):
        return []
    own = [data] if {"claim", "method", "verdict"} <= data.keys() else []
    return own + [check for item in data.values() for check in checks(item)]


def test_every_kind_of_test_is_explained_once_and_used_once() -> None:
    """A kind that no golden shows is explained for nothing; `simulation` is a panel's, `account` a text's."""
    found = [check for path in sorted(GOLDEN.glob("*.json")) for check in checks(json.loads(path.read_text("utf-8")))]
    assert len(found) > 300
    assert tuple(TESTS) == get_args(Test) and tuple(VERDICTS) == get_args(Verdict)
    assert {check["verdict"] for check in found} <= VERDICTS.keys()
    assert {check["test"] for check in found} | {"simulation", "account"} == TESTS.keys()


def test_the_card_holds_every_function_of_the_reader_once() -> None:
    rows = [row for group in CARD["functions"] for row in group["rows"]]
    spelled = [name for row in rows for name in [row["name"], *row["also"]]]
    assert len(spelled) == len(set(spelled))
    assert set(spelled) == functions.NAMES


@pytest.mark.parametrize("row", [row for group in CARD["functions"] for row in group["rows"]], ids=lambda r: r["name"])
def test_a_function_is_called_as_the_card_says(row: dict[str, Any]) -> None:
    call = row["call"]
    more = ", (x^2, True)" if row["name"] == "piecewise" else ", z"
    with_all = call.replace("[", "").replace("]", "").replace(", …", more)
    read = read_complex if row["name"] in functions.COMPLEX else read_formula
    assert read(with_all).tex
    if with_all != call and row["name"] != "piecewise":
        assert read_formula(re.sub(r"\[.*?\]|, …", "", call)).tex
    if with_all == call:
        with pytest.raises(UserError):
            read(call.replace(")", ", 7)"))


def test_the_constants_and_letters_are_read_as_the_card_says() -> None:
    for constant in CARD["constants"]:
        readings = {read_formula(spelling).expr for spelling in constant["spelled"]}
        assert len(readings) == 1, constant
    for row in CARD["greek"]:
        for letter in row["letters"]:
            assert read_formula(letter).tex == read_formula(row["name"]).tex
    assert sum(len(row["letters"]) for row in CARD["greek"]) == len(names.GREEK_LETTERS)


def test_operators_stand_from_the_strongest_to_the_weakest() -> None:
    order = [row["operators"].split() for row in CARD["operators"]]
    assert order[0] == ["!"]
    assert order[1] == ["^"]
    assert order.index(["*", "/"]) < order.index(["+", "-"]) < order.index(["or"])


ROOMS = {"Sinusoids": "sinusoid", "Optimisers": "optimise", "Helmholtz decomposition": "helmholtz"}


@pytest.mark.parametrize("part", SOURCES)
def test_every_source_is_named_where_it_is_used(part: str) -> None:
    room = Path(nabla.__file__).parent / ROOMS[part]
    files = [path.read_text("utf-8") for path in room.glob("*.py")]
    assert len(SOURCES[part]) == len(set(SOURCES[part])) > 5
    for work in SOURCES[part]:
        years = re.findall(r"\b(?:19|20)\d\d\b", work)
        surname = re.findall(r"\b[A-Z][^\W\d_]{2,}", work)[0]
        assert any(surname in text and any(year in text for year in years) for text in files), work
