"""The site as a whole: where it comes from, what it may do, and that it says whose work is in it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import changed
from tools.serve import Server

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; object-src 'none'"
)
# The build has prepared no answer to this: when it is answered, Python is there.
LIVE = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=7"

# To this it has.
PREPARED = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"

# Before the worker begins: what it takes away from itself later is kept for the tests.
KEPT = "console.kept = fetch.bind(globalThis);\n"

# In the worker: what becomes of a request to the address, and which rule was broken by it.
FETCH = """(address) => new Promise((resolve) => {
    let violated = '';
    addEventListener('securitypolicyviolation', (event) => (violated = event.effectiveDirective));
    console.kept(address).then(
        () => resolve('answered'),
        () => setTimeout(() => resolve(violated || 'failed for another reason'), 100),
    );
})"""


class Head(HTMLParser):
    """The elements of <head> in their order, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.inside:
            self.elements.append((tag, dict(attrs)))
        self.inside = self.inside or tag == "head"

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self.inside = False


def test_the_policy_comes_before_anything_that_loads(dist: Path) -> None:
    head = Head((dist / "index.html").read_text(encoding="utf-8")).elements
    policies = [attributes.get("content") for _, attributes in head if "http-equiv" in attributes]
    assert policies == [POLICY]
    first = next(i for i, (_, attributes) in enumerate(head) if "http-equiv" in attributes)
    assert [tag for tag, attributes in head[:first] if "charset" not in attributes] == []


def test_every_request_stays_below_the_sites_own_address(
    page: Page, site: Server, ask: Callable[[Page, str], Page]
) -> None:
    requested: list[str] = []
    page.context.on("request", lambda request: requested.append(request.url))
    ask(page, LIVE)
    assert any(address.endswith("pyodide.asm.wasm") for address in requested)
    own = ("blob:" + site.url.split("/nabla/")[0], "data:", site.url)
    assert [address for address in requested if not address.startswith(own)] == []


@pytest.mark.parametrize("address", [PREPARED, ""])
def test_what_is_asked_for_early_is_used(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    expect(page.locator("main .katex").first).to_be_attached()
    # Chromium complains of what was preloaded and not used, a few seconds after the page was loaded.
    page.wait_for_timeout(4500)
    asked = page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [name for name in set(asked) if asked.count(name) > 1 and "/assets/" in name] == []
    assert [text for text in said if "preload" in text] == []


@pytest.mark.allow_page_errors("policy violated: connect-src by http://127.0.0.1:|Content Security Policy")
def test_the_policy_holds_in_the_worker(page: Page, dist: Path, ask: Callable[[Page, str], Page]) -> None:
    changed(page.context, "**/worker-*.js", lambda data: KEPT.encode() + data)
    ask(page, LIVE)
    assert len(page.workers) == 1
    assert page.workers[0].evaluate("() => typeof fetch") == "undefined"
    with Server(dist) as elsewhere:
        assert page.workers[0].evaluate(FETCH, f"{elsewhere.url}licences.json") == "connect-src"
        assert elsewhere.sent == 0
    # The refusal above must not be mistaken for a worker whose kept function fetches nothing at all.
    assert page.workers[0].evaluate(FETCH, page.url.split("#")[0] + "licences.json") == "answered"


@pytest.mark.allow_page_errors("policy violated: script-src by eval")
@pytest.mark.parametrize("code", ["eval('1')", "new Function('return 1')()"])
def test_text_never_becomes_script_in_the_worker(warm_page: Page, code: str) -> None:
    # In a timer, because the browser lets the test's own evaluation do what it likes.
    tried = f"() => {{ try {{ {code}; return 'ran' }} catch (error) {{ return error.constructor.name }} }}"
    outcome = warm_page.workers[0].evaluate(
        f"() => new Promise((resolve) => setTimeout(() => resolve(({tried})())))",
    )
    assert outcome == "EvalError"


def test_the_page_links_to_its_licences(warm_page: Page, site: Server) -> None:
    link = warm_page.get_by_role("link", name=re.compile("licences", re.IGNORECASE))
    address = link.evaluate("link => link.href")
    assert address == f"{site.url}licences.html"


def test_the_licences_can_be_read(page: Page) -> None:
    page.goto("licences.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Licences")
    for package in ("katex", "numpy", "sympy", "pyodide"):
        expect(page.get_by_role("rowheader", name=package, exact=True)).to_be_visible()


def test_the_licences_name_every_file_of_others(dist: Path) -> None:
    packages = json.loads((dist / "licences.json").read_text(encoding="utf-8"))
    listed = {file["path"]: file["sha256"] for package in packages for file in package["files"]}
    for path, digest in listed.items():
        assert hashlib.sha256((dist / path).read_bytes()).hexdigest() == digest
    ours = set(dist.glob("python/*/labs-*"))
    foreign = {path.relative_to(dist).as_posix() for path in set(dist.glob("python/*/*")) - ours}
    foreign |= {path.relative_to(dist).as_posix() for path in dist.glob("assets/*.woff2")}
    assert foreign <= listed.keys()
    assert [package["name"] for package in packages if not package["licence"] or not package["texts"]] == []


def test_addresses_in_the_site_are_relative(dist: Path) -> None:
    for path in [*dist.glob("*.html"), *dist.glob("assets/*.css")]:
        text = path.read_text(encoding="utf-8")
        for address in re.findall(r"(?:src|href)=\"?([^\"\s>]+)|url\(\"?([^\")]+)", text):
            found = "".join(address)
            assert not found.startswith("/"), (path.name, found)
            # Links to the home pages of others are followed by people only.
            assert path.name == "licences.html" or not urlsplit(found).netloc, (path.name, found)
