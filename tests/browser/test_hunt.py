"""Inputs made by chance: the page answers ordinary ones as CPython does, and survives hostile ones."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

import nabla
from nabla.errors import CODES, UserError
from tests.generated import hostile, ordinary
from tests.two_worlds import ASK, apart

ORDINARY, HOSTILE = 24, 40
# Descents are left to their goldens: many steps amplify the last digit, in which two libraries of mathematics differ.
CASES = [(lab, inputs) for lab, inputs in ordinary(ORDINARY, 11) if lab != "descend"]

SLOW = "exp(sech(lambertw(y)^99))"  # SymPy tries for ten seconds to decide on its sign


@pytest.mark.parametrize("turn", range(len(CASES)))
def test_the_page_answers_as_cpython_does(warm_page: Page, turn: int) -> None:
    lab, inputs = CASES[turn]
    assert apart(warm_page, lab, inputs) == [], inputs


def test_what_takes_too_many_calls_is_refused_as_in_cpython(warm_page: Page) -> None:
    """The page's Python counts them in another way (nabla/work.py)."""
    reply = warm_page.evaluate(ASK, ["derive", {"f": SLOW}])
    with pytest.raises(UserError) as refused:
        nabla.run("derive", {"f": SLOW})
    assert reply["error"]["code"] == refused.value.code == "timeout"


@pytest.mark.allow_page_errors("")
def test_hostile_inputs_are_answered_or_refused(warm_page: Page) -> None:
    for lab, inputs in hostile(HOSTILE, 5):
        reply = warm_page.evaluate(ASK, [lab, inputs])
        if "document" in reply:
            continue
        # What takes longer than the page allows is stopped; whatever else is no sentence is a mistake of ours.
        assert (reply["error"] or {}).get("code") in CODES or reply["fault"].startswith("timeout "), (
            lab,
            inputs,
            reply,
        )
    assert warm_page.evaluate(ASK, ["derive", {"f": "x^2"}])["document"]["values"]["derivative"] == "2*x"
