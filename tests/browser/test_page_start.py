"""Python that does not come, does not stop or does not live: the page says so and goes on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import changed

START = 90_000

# Put before the worker's program: from a question about `endless` it does not come back.
ENDLESS = b"""self.addEventListener('message', ({ data }) => {
    if (data?.type === 'call' && data.method === 'run' && data.args[1].includes('endless')) for (;;);
});
"""

# Put behind nabla/page/calls.py: a question about `growing` adds a block, after three seconds another, and goes on.
GROWING = """
_honest = answering

def answering(lab, inputs, on_block=None):
    if "growing" in inputs:
        from nabla.answer.document import Prose
        on_block(*_packed(lambda array: {"block": block_data(Prose("A first block."), array), "place": 0}))
        import time
        end = time.time() + 3
        while time.time() < end:
            pass
        on_block(*_packed(lambda array: {"block": block_data(Prose("A second block."), array), "place": 1}))
        while True:
            pass
    return (yield from _honest(lab, inputs, on_block))
"""


@pytest.fixture
def endless(page: Page) -> Page:
    """A page whose worker does not come back from some questions; nothing is loaded yet."""
    changed(page.context, "**/worker-*.js", lambda data: ENDLESS + data)
    return page


@pytest.fixture
def growing(ordinary_page: Page, dist: Path) -> Page:
    """A page whose Python answers some questions slowly and without end; nothing is loaded yet."""
    (source,) = (dist / "python").glob("nabla-*.zip")
    packed = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(packed, "w") as new:
        for member in old.infolist():
            text = old.read(member)
            new.writestr(member, text + GROWING.encode() if member.filename == "nabla/page/calls.py" else text)
    ordinary_page.context.route("**/python/nabla-*.zip", lambda route: route.fulfill(body=packed.getvalue()))
    return ordinary_page


def function(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("Function", exact=True)


def answered(page: Page) -> None:
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible(timeout=START)


def test_stop_ends_the_work_and_keeps_what_was_typed(endless: Page, ask: Callable[[Page, str], Page]) -> None:
    page = ask(endless, "#/derive?f=x^2&wrt=x")
    function(page).fill("endless*x")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main")).to_have_attribute("data-state", "stale")
    expect(function(page)).to_have_value("endless*x")
    function(page).fill("x^3")
    answered(page)
    expect(page.locator(".math-result [data-tex]")).to_have_attribute("data-tex", re.compile("3 x"))


def test_escape_stops_and_a_newer_question_takes_over(endless: Page, ask: Callable[[Page, str], Page]) -> None:
    page = ask(endless, "#/derive?f=x^2&wrt=x")
    function(page).fill("endless*x")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    function(page).fill("endless*x^2")
    expect(page.get_by_text("Fetching Python").or_(page.get_by_role("button", name="Stop"))).to_be_visible()
    function(page).fill("x^4")
    answered(page)
    expect(page.locator(".math-result [data-tex]")).to_have_attribute("data-tex", re.compile("4 x"))


def test_a_question_that_takes_too_long_is_stopped(endless: Page, ask: Callable[[Page, str], Page]) -> None:
    page = ask(endless, "#/derive?f=x^2&wrt=x")
    function(page).fill("endless*x")
    expect(page.locator(".field-error")).to_contain_text("longer than 10 seconds", timeout=30_000)
    function(page).fill("x^3")
    answered(page)


def test_an_answer_is_shown_as_it_grows(growing: Page, ask: Callable[[Page, str], Page]) -> None:
    page = ask(growing, "#/derive?f=x^2&wrt=x")
    function(page).fill("growing*x")
    expect(page.locator("#answer")).to_contain_text("A first block.")
    expect(page.locator("#answer")).to_contain_text("A second block.")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".math-result")).to_be_visible()


@pytest.mark.allow_page_errors("the worker fell|uncaught")
def test_a_worker_that_dies_is_replaced(page: Page, ask: Callable[[Page, str], Page]) -> None:
    ask(page, "#/derive?f=x^2&wrt=x")
    with page.expect_event("worker"):
        page.workers[0].evaluate("() => void setTimeout(() => { throw new Error('the worker fell') })")
    function(page).fill("x^3")
    answered(page)


@pytest.mark.allow_page_errors("404|wasm|Failed to|console: ")
@pytest.mark.parametrize("missing", ["pyodide.asm.wasm", "sympy-*.whl"])
def test_a_start_that_fails_says_why_and_can_be_tried_again(ordinary_page: Page, missing: str) -> None:
    page = ordinary_page
    gone = f"**/python/**/{missing}"

    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="not found")

    page.context.route(gone, refuse)
    page.goto("#/derive?f=x^2&wrt=x")
    failure = page.locator(".engine.failed")
    expect(failure).to_be_visible(timeout=START)
    expect(failure).to_contain_text("could not be fetched")
    expect(page.locator("main")).to_have_attribute("data-state", "error")
    function(page).fill("x^5")
    page.context.unroute(gone)
    failure.get_by_role("button", name="Try again").click()
    answered(page)
    expect(function(page)).to_have_value("x^5")


@pytest.mark.allow_page_errors("404|console: ")
def test_a_page_without_its_worker_says_so(page: Page) -> None:
    page.context.route("**/worker-*.js", lambda route: route.fulfill(status=404, body="not found"))
    page.goto("#/derive?f=x^2&wrt=x")
    expect(page.locator(".engine.failed")).to_be_visible()


def test_the_start_is_told_with_its_bytes(page: Page) -> None:
    said: list[str] = []
    page.expose_function("heard", lambda line: said.append(line))
    page.add_init_script(
        "new MutationObserver(() => {"
        " const line = document.querySelector('.engine p')?.textContent; if (line) heard(line) })"
        ".observe(document, {subtree: true, childList: true, characterData: true})"
    )
    page.goto("#/derive?f=x^2&wrt=x")
    answered(page)
    assert any(re.search(r"Fetching Python \d+\.\d of \d+\.\d MB", line) for line in said), said
