"""The built site in a real browser, served as GitHub Pages would: below a sub-path, without headers of ours.

On every page a console error, an uncaught error, a violation of the policy or a request that fails makes the test
fail, unless it is marked `allow_page_errors("regular expression")`.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Route, Worker, expect

from tools import browser as browsers
from tools import site as sites
from tools.environment import CACHE, DIST, lock
from tools.serve import Server

pytest_plugins = ["pytest_playwright.pytest_playwright"]

START = 90_000  # ms in which Python has to be there, on the slowest machine
expect.set_options(timeout=15_000)

# A question to which the build has prepared no answer: when it is answered, Python is there.
LIVE = "#/derive?f=7t^2-5t&wrt=t"

# In the page: what the keys of its storage begin with.
OWN = "`nabla ${new URL('.', location.href).pathname} `"

# What a browser calls a request that the page itself gave up, as when a worker is stopped.
_GIVEN_UP = ("net::ERR_ABORTED", "NS_BINDING_ABORTED", "cancelled", "Load request cancelled")
_REPORT = """addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy violated: ${event.effectiveDirective} by ${event.blockedURI}`))"""


def changed(context: BrowserContext, address: str, change: Callable[[bytes], bytes], times: int | None = None) -> None:
    """Let every file at the address arrive changed."""

    def fulfill(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.body()))

    context.route(address, fulfill, times=times)


class Watch:
    """What the pages of a context complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self._context = context
        context.add_init_script(_REPORT)
        context.on("page", lambda page: page.on("worker", self._follow))
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on(
            "response",
            lambda response: response.status >= 400 and self.complaints.append(f"{response.status}: {response.url}"),
        )

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure not in _GIVEN_UP:
            self.complaints.append(f"request failed: {request.url} ({request.failure})")

    def _follow(self, worker: Worker) -> None:
        try:
            worker.evaluate(_REPORT)
        except Error as error:
            # A worker that is stopped at once cannot be followed; anything else is worth knowing.
            if "closed" not in str(error) and "destroyed" not in str(error):
                self.complaints.append(f"worker: {error}")

    def settle(self, request: pytest.FixtureRequest) -> None:
        """Fail the test over what was not allowed, and start afresh."""
        if self._context.pages:
            self._context.pages[0].wait_for_timeout(100)  # what was just said has to arrive
        marker = request.node.get_closest_marker("allow_page_errors")
        allowed = re.compile(marker.args[0]) if marker else None
        bad = [text for text in self.complaints if not (allowed and allowed.search(text))]
        self.complaints.clear()
        if bad:
            pytest.fail("The page complained:\n" + "\n".join(bad), pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Keep traces and pictures of failed tests inside the checkout's cache."""
    config.option.output = str(CACHE / "test-results")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_name: str) -> dict[str, Any]:
    args = {"args": browsers.flags()} if browser_name == "chromium" else {}
    return {**browser_type_launch_args, "executable_path": browsers.executable(browser_name), **args}


@pytest.fixture(scope="session")
def dist() -> Iterator[Path]:
    """A copy of the built site, which a build at the same time cannot pull away from under a test."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="browser-") as folder:
        copy = Path(folder) / "dist"
        with lock():
            sites.build()
            shutil.copytree(DIST, copy, copy_function=os.link)
        yield copy


@pytest.fixture(scope="session")
def site(dist: Path) -> Iterator[Server]:
    """The server of the built site; `site.url` is the address of its index."""
    with Server(dist, prefix="nabla") as server:
        yield server


@pytest.fixture(scope="session")
def base_url(site: Server) -> str:
    """What `page.goto("#/derive?...")` starts from."""
    return site.url


@pytest.fixture
def watch(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Watch]:
    watch = Watch(context)
    yield watch
    watch.settle(request)


@pytest.fixture
def page(watch: Watch, context: BrowserContext) -> Page:
    """A new page in a context of its own; nothing is loaded yet."""
    return context.new_page()


@pytest.fixture
def ordinary_page(page: Page, dist: Path) -> Page:
    """A page whose Python starts without the snapshot, as it does where a quick start was refused before."""
    version = re.search(r'"version":"([0-9a-f]+)"', (dist / "index.html").read_text(encoding="utf-8"))
    assert version
    page.add_init_script(f"localStorage.setItem('nabla.start', '{version[1]} refused by the test')")
    return page


@pytest.fixture(scope="module")
def _warm(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(**browser_context_args)
    watch = Watch(context)
    page = context.new_page()
    page.goto(LIVE)
    answered(page)
    yield page, watch
    context.close()


@pytest.fixture
def warm_page(_warm: tuple[Page, Watch], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose Python is up already, the same for all tests of a module: leave it usable."""
    page, watch = _warm
    yield page
    watch.settle(request)


def answered(page: Page) -> None:
    """Wait until the page shows an answer to what is asked, all of it."""
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible(timeout=START)
    page.evaluate("nabla.drawAll()")


def opened(page: Page, depth: str) -> Page:
    """Open the answer so far: "answer", "why" or "proof"."""
    page.get_by_role("tab", name=depth.capitalize(), exact=True).click()
    expect(page.locator(f".depth[data-depth={depth}]")).to_be_visible()
    page.evaluate("nabla.drawAll()")
    return page


def chip(page: Page, field: str) -> Page:
    """Open the chip of a field, by the words that stand on it."""
    page.locator(".understood .chip[aria-expanded]").filter(has_text=field).click()
    return page


@pytest.fixture
def ask() -> Callable[[Page, str], Page]:
    """`ask(page, "#/derive?f=x^2&wrt=x")` opens an address of the site and waits for the answer."""

    def ask(page: Page, address: str) -> Page:
        page.goto(address)
        answered(page)
        return page

    return ask
