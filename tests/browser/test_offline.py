"""After one visit the page works without a network, also when what it kept was damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import START, answered
from tools.serve import Server

LINK = "#/derive?f=x^3+x&wrt=x"
AWAY = r"network is away|ERR_CONNECTION_REFUSED|ERR_FAILED"
LIVE = "async () => (await nabla.run('derive', { f: 'x^5' })).values.derivative"


@pytest.fixture
def server(dist: Path) -> Iterator[Server]:
    """A server of its own, which a test may stop."""
    with Server(dist, prefix="nabla") as server:
        yield server


def visit(page: Page, server: Server) -> None:
    """Open the page and wait until the service worker has kept every file."""
    page.goto(server.url + LINK)
    answered(page)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    count = "async () => (await (await caches.open((await caches.keys())[0])).keys()).length"
    assert page.evaluate(count) > 20


def away(server: Server) -> None:
    server.shutdown()
    server.server_close()


@pytest.mark.allow_page_errors(AWAY)
def test_the_page_works_without_a_network_after_one_visit(page: Page, server: Server) -> None:
    visit(page, server)
    away(server)
    page.reload()
    answered(page)
    assert page.evaluate(LIVE) == "5*x**4"
    page.goto(server.url + "#/derive?f=sin(x)^2&wrt=x")
    answered(page)
    expect(page.locator("[data-kind=math] .katex").first).to_be_visible()


@pytest.mark.allow_page_errors(AWAY)
def test_a_damaged_file_is_fetched_again(page: Page, server: Server) -> None:
    visit(page, server)
    page.evaluate(
        """async () => {
            const cache = await caches.open((await caches.keys())[0]);
            for (const request of await cache.keys())
                if (/main-|nabla-.*zip/.test(request.url)) await cache.put(request, new Response('damaged'));
        }"""
    )
    page.reload()
    answered(page)
    assert page.evaluate(LIVE) == "5*x**4"
    away(server)
    page.reload()
    answered(page)
    assert page.evaluate(LIVE) == "5*x**4"


def test_a_new_version_is_shown_at_once_and_brings_its_own_files(page: Page, server: Server, dist: Path) -> None:
    visit(page, server)
    index = dist / "index.html"
    text = index.read_text(encoding="utf-8")
    index.unlink()  # the folder holds hard links to the built site
    index.write_text(text.replace("Nabla explains", "The newer Nabla explains"), encoding="utf-8")
    try:
        page.reload()
        expect(page.locator("meta[content^='The newer Nabla']")).to_be_attached()
        answered(page)
    finally:
        index.write_text(text, encoding="utf-8")


def test_without_storage_the_page_works_all_the_same(context: BrowserContext, page: Page, server: Server) -> None:
    context.add_init_script(
        "delete Object.getPrototypeOf(navigator).serviceWorker;"
        "for (const name of ['localStorage', 'caches'])"
        "  Object.defineProperty(globalThis, name, { get() { throw new DOMException('refused', 'SecurityError'); } });"
    )
    page.goto(server.url + LINK)
    answered(page)
    page.get_by_role("textbox", name="Function").fill("x^7")
    page.keyboard.press("Enter")
    expect(page.locator("[data-tex*='7 x^{6}']").first).to_be_visible(timeout=START)


@pytest.mark.allow_page_errors(AWAY)
def test_pages_that_need_no_program_work_without_a_network(page: Page, server: Server) -> None:
    visit(page, server)
    page.goto(server.url + "q/")
    here = page.locator("main").inner_text()
    page.goto(server.url + LINK)
    answered(page)
    away(server)
    page.goto(server.url + "q/")
    assert page.locator("main").inner_text() == here
    page.get_by_role("link", name="Manual").click()
    expect(page.get_by_role("heading", name="Manual")).to_be_visible()
    page.locator("main a").first.click()
    expect(page.locator("main h1")).to_be_visible()
    page.goto(server.url + "q/relu-at-zero/")
    page.get_by_role("link", name="Open it live").click()
    answered(page)


@pytest.mark.allow_page_errors(AWAY)
def test_without_a_network_the_cell_says_at_once_what_it_needs(page: Page, server: Server) -> None:
    visit(page, server)
    away(server)
    page.goto(server.url + "#/python")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("The cell needs a network").first).to_be_visible()
