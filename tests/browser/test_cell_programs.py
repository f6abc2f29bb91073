"""Programs as learners write them: the cell prints and raises what CPython does with the same packages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_cell import _cell, cell, run  # noqa: F401 (fixtures)
from tests.truth.learners import programs

PROGRAMS = programs()
TRUTH = json.loads(Path(__file__).parents[1].joinpath("truth", "learners.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_as_in_cpython(cell: Page, name: str) -> None:  # noqa: F811 (the fixture)
    answer = run(cell, PROGRAMS[name])
    truth = TRUTH[name]
    printed = "".join(answer.locator(".cell-text[data-stream=out]").all_text_contents())
    assert printed == truth["printed"]
    error = answer.locator(".cell-error")
    expect(error).to_have_count(1 if truth["raised"] else 0)
    if truth["raised"]:
        expect(error.locator("p").first).to_have_text(truth["raised"])


def test_there_are_truths_for_all_programs() -> None:
    assert PROGRAMS.keys() == TRUTH.keys() and len(TRUTH) >= 60
