"""Every lab and page, small and wide, light, dark and in forced colours: nothing that axe finds, nothing that jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from nabla.gallery.examples import EXAMPLES
from nabla.page.link import link
from tests.browser.conftest import opened
from tests.browser.test_page_looks import violations

FIRST = {example.lab: link(example.lab, example.inputs) for example in reversed(EXAMPLES)}
PAGES = {"start": "#/", "about": "#/about", "syntax": "#/help/syntax", "python": "#/python", **FIRST}
LOOKS = [
    ("light", "none", 320, "answer"),
    ("dark", "none", 1440, "why"),
    ("light", "active", 768, "proof"),
    ("dark", "none", 320, "proof"),
]
_WATCH = """globalThis.moved = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => moved.push([entry.value,
    entry.sources.map((source) => source.node?.className ?? source.node?.nodeName)])))
    .observe({type: 'layout-shift', buffered: true})"""


def looked_at(page: Page, address: str) -> None:
    """Everything that can be unfolded is, and axe has nothing to say in any look; nothing is wider than the page."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    expect(page.locator("main:is([data-state=answered], [data-state=empty]), .start").first).to_be_visible(
        timeout=90_000
    )
    page.evaluate(
        "() => { for (const node of document.querySelectorAll('main details, form details')) node.open = true }"
    )
    for scheme, forced, width, depth in LOOKS:
        page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        if page.get_by_role("tab", name=depth.capitalize(), exact=True).count():
            opened(page, depth)
        page.wait_for_timeout(300)  # fades have ended
        assert violations(page) == [], (scheme, forced, width)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (scheme, forced, width)


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_every_page(warm_page: Page, name: str) -> None:
    looked_at(warm_page, PAGES[name])


@pytest.mark.parametrize("prepared", [True, False], ids=["prepared", "computed"])
@pytest.mark.parametrize("name", FIRST)
def test_nothing_jumps_in_any_lab(browser: Browser, base_url: str, name: str, prepared: bool) -> None:
    """Neither when the address is read, nor when the answer comes, prepared or computed, nor when Python has come."""
    context = browser.new_context(base_url=base_url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    if not prepared:
        page.route("**/assets/*.json", lambda route: route.abort())
    page.add_init_script(_WATCH)
    page.goto(PAGES[name])
    expect(page.locator("main[data-state=answered]")).to_be_visible(timeout=90_000)
    page.wait_for_timeout(1500)
    moved = page.evaluate("() => moved")
    context.close()
    assert sum(value for value, _ in moved) < 0.02, moved
