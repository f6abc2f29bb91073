"""Help is made of what the program itself has: its tables, its docstrings, the methods of its checks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from nabla.answer.check import KINDS, VERDICTS, kind_of
from nabla.errors import UserError
from nabla.page.sources import sources
from nabla.page.syntax import syntax
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


def test_every_check_of_the_gallery_is_of_a_kind_and_every_kind_occurs() -> None:
    found = [check for path in sorted(GOLDEN.glob("*.json")) for check in checks(json.loads(path.read_text("utf-8")))]
    assert len(found) > 300
    assert sorted({check["method"] for check in found if kind_of(check["method"]) is None}) == []
    assert {check["verdict"] for check in found} <= VERDICTS.keys()
    kinds = {kind.name for check in found if (kind := kind_of(check["method"]))}
    assert kinds == {kind.name for kind in KINDS}


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
    assert read_formula(with_all).tex
    if with_all != call and row["name"] != "piecewise":
        assert read_formula(re.sub(r"\[.*?\]|, …", "", call)).tex
    if with_all == call:
        with pytest.raises(UserError):
            read_formula(call.replace(")", ", 7)"))


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


def test_sources_are_whole_and_of_the_parts_that_name_them() -> None:
    found = sources()
    assert {"Sinusoids", "Optimisers", "Helmholtz decomposition"} <= found.keys()
    works = [work for group in found.values() for work in group]
    assert len(works) == len(set(works)) > 30
    assert all(re.search(r"\b(19|20)\d\d\b", work) for work in works)
    assert any("Nelder and Mead" in work for work in works)
    assert any(work.startswith("H. Bhatia, V. Pascucci") for work in works)
