"""What stays: drafts, past results, steps that are undone; and that all of it goes when the visitor says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OWN
from tests.browser.test_page_leaving import REFUSED
from tests.browser.test_page_looks import violations

LINK = "#/derive?f=x^3*sin(x)&wrt=x"
START = 90_000
KEPT = """async () => ({
    keys: Object.keys(localStorage).filter((key) => key.startsWith('nabla')).map((key) => key.split(' ').at(-1)),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
})"""

Ask = Callable[[Page, str], Page]


def field(page: Page) -> Locator:
    return page.get_by_label("Function", exact=True)


def answer(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")
    expect(page).to_have_url(re.compile(re.escape("f=" + text.replace("+", "%2B")) + "|" + re.escape("f=" + text)))
    expect(page.locator("main[data-state=answered]")).to_be_visible(timeout=START)


def test_changes_are_undone_and_redone(page: Page, ask: Ask) -> None:
    ask(page, LINK)
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()
    answer(page, "x^2")
    answer(page, "x^5")
    undo.click()
    expect(field(page)).to_have_value("x^2")
    expect(redo).to_be_enabled()
    # By keyboard, outside of fields; inside of one, the keys are the field's own.
    page.locator("main").focus()
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value("x^3*sin(x)")
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    expect(field(page)).to_have_value("x^5")
    expect(redo).to_be_disabled()
    page.locator(".chip[data-lab]").click()
    page.get_by_role("button", name="Empty").click()
    expect(field(page)).to_have_value("")
    expect(field(page)).to_be_focused()
    expect(page.locator("main")).to_have_attribute("data-state", "empty")
    expect(page.locator(".field-error")).to_have_count(0)
    page.locator(".chip[data-lab]").click()
    page.get_by_role("button", name="Example").click()
    expect(field(page)).to_have_value("(w*x-y)^2")
    undo.click()
    undo.click()
    expect(field(page)).to_have_value("x^5")
    expect(page.locator("main[data-state=answered]")).to_be_visible()


def test_python_rests_while_the_page_is_left(page: Page, ask: Ask) -> None:
    # Browsers under test keep no page that is left, so that it only hears of it.
    turn = "(name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true }))"
    ask(page, LINK)
    [worker] = page.workers
    with worker.expect_event("close"):
        page.evaluate(turn, "pagehide")
    with page.expect_worker():
        page.evaluate(turn, "pageshow")
    expect(page.locator("main[data-state=answered]")).to_be_visible()
    answer(page, "x^5")


def test_past_results_open_their_question_again(page: Page, ask: Ask) -> None:
    ask(page, LINK)
    answer(page, "x^2")
    answer(page, "x^5")
    page.goto("#/fit?data=0,1,0,-1,0,1,0,-1,0.1")
    expect(page.locator("main[data-state=answered] h1")).to_contain_text("sinusoid", timeout=START)
    page.wait_for_function(f"() => JSON.parse(localStorage[{OWN} + 'nabla.history'] ?? '[]').length >= 4")
    page.reload()
    expect(page.locator("main[data-state=answered]")).to_be_visible(timeout=START)
    page.get_by_role("button", name="Past results").click()
    dialog = page.get_by_role("dialog", name="Past results")
    questions = dialog.locator(".past a")
    expect(questions).to_have_text(["0,1,0,-1,0,1,0,-1,0.1", "x^5", "x^2", "x^3*sin(x)"])
    page.wait_for_timeout(200)
    assert violations(page) == []
    questions.nth(2).click()
    expect(dialog).to_have_count(0)
    expect(field(page)).to_have_value("x^2")
    page.get_by_role("button", name="Past results").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Past results")).to_be_focused()


def test_everything_can_be_erased(page: Page, ask: Ask) -> None:
    ask(page, LINK)
    answer(page, "x^2")
    page.get_by_role("button", name="Colours").click()
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'"
    )
    kept = page.evaluate(KEPT)
    assert {"nabla.drafts.derive", "nabla.history", "nabla.theme"} <= set(kept["keys"])
    assert kept["caches"] and kept["workers"] == 1
    page.evaluate("() => localStorage.setItem('another', 'page of this origin')")
    page.get_by_role("button", name="Past results").click()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Keep", exact=True).click()
    assert page.evaluate(KEPT)["keys"]
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.locator(".erase")).to_contain_text("Everything is erased")
    expect(page.locator(".past")).to_have_count(0)
    page.keyboard.press("Escape")
    # What is loaded afterwards does not come to stay, and the page goes on.
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_label("Link to this question")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate(KEPT) == {"keys": [], "caches": [], "workers": 0, "files": []}
    assert page.evaluate("() => localStorage.another") == "page of this origin"
    answer(page, "x^9")
    assert "x^2" not in page.evaluate(f"() => localStorage[{OWN} + 'nabla.drafts.derive']")


@pytest.mark.parametrize("how", ["refused", "full"])
def test_a_page_that_may_keep_nothing_does_all_the_rest(page: Page, ask: Ask, how: str) -> None:
    full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    page.add_init_script(f"({REFUSED})()" if how == "refused" else full)
    ask(page, LINK)
    answer(page, "x^2")
    page.get_by_role("button", name="Undo").click()
    expect(field(page)).to_have_value("x^3*sin(x)")
    page.get_by_role("button", name="Past results").click()
    expect(page.get_by_role("dialog")).to_contain_text("There are none yet")
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.locator(".erase")).to_contain_text("erased" if how == "full" else "The browser kept some of it")


def test_a_link_shows_which_draft_is_kept(page: Page, ask: Ask, watch: Any) -> None:
    ask(page, LINK)
    answer(page, "x^2")
    page.goto("#/derive?f=x^7&wrt=x")
    kept = page.locator(".kept")
    expect(kept).to_contain_text("x^2")
    kept.get_by_role("button").click()
    expect(field(page)).to_have_value("x^2")
    expect(kept).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(field(page)).to_have_value("x^7")
