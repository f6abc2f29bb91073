"""What leaves the page: the answer in every form, the link, the page inside of another one."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.test_page_looks import violations
from tests.py.schema import faults
from tools.serve import Server

EXAMPLE = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"
START = 90_000
SVG = "{http://www.w3.org/2000/svg}"
# Every way of keeping something is refused, as browsers do to pages inside of others.
REFUSED = """() => {
    const refuse = () => { throw new DOMException('refused by the test', 'SecurityError'); };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, { get: refuse });
    Object.defineProperty(navigator, 'serviceWorker', { get: refuse });
    navigator.storage.getDirectory = async () => refuse();
}"""

Ask = Callable[[Page, str], Page]


def copied(page: Page, item: str) -> str:
    page.evaluate("() => navigator.clipboard.writeText('')")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name=item).click()
    expect(page.locator(".tools .menu [role=status]")).to_have_text("Copied", timeout=START)
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def flat(tex: str) -> str:
    for written, meant in ((r"\lt", "<"), (r"\gt", ">"), (r"\vert", "|"), (r"\Vert", r"\|")):
        tex = tex.replace(written, meant)
    while (coloured := re.search(r"\\htmlClass\{inner-\d\}", tex)) is not None:
        tex = tex[: coloured.start()] + _unbraced(tex[coloured.end() :])
    return re.sub(r"\s+", "", tex)


def _unbraced(tex: str) -> str:
    """Without the pair of braces at its beginning."""
    depth = 0
    for i, letter in enumerate(tex):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return tex[1:i] + tex[i + 1 :]
    raise ValueError(tex)


@pytest.mark.parametrize(
    "question",
    [
        EXAMPLE + "&claim=8",
        "#/fit?data=0,1,0,-1,0,1,0,-1,0.1",
        "#/descend?f=x^2+y^2&start=1,2&methods=newton",
    ],
)
def test_the_page_and_the_markdown_show_the_same_formulas(
    warm_page: Page, ask: Ask, site: Server, question: str
) -> None:
    warm_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = ask(warm_page, question)
    text = copied(page, "Copy as Markdown")
    shown = page.locator(
        "main :is(.math, .step, .check, .note, .block > p, .block > h3, .answer-head, td) [data-tex]"
    ).evaluate_all("nodes => nodes.map((node) => node.dataset.tex)")
    assert shown
    found = re.findall(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$", text)
    assert {flat(tex) for tex in shown} <= {flat(block or inline) for block, inline in found}
    assert text.rstrip().endswith(f"(<{site.url}{page.evaluate('() => location.hash')}>)")
    # And what the page calls checked.
    passed = page.locator(".check[data-verdict=passed]").count()
    assert len(re.findall(r"^- ✓ ", text, re.MULTILINE)) == passed


def test_the_other_forms(warm_page: Page, ask: Ask) -> None:
    warm_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = ask(warm_page, EXAMPLE)
    assert copied(page, "Copy as LaTeX").startswith("% Needs the packages")
    assert "Value: 16" in copied(page, "Copy as plain text")
    assert "nabla.run(" in copied(page, "Copy as Python")


def test_files_are_saved(warm_page: Page, ask: Ask, tmp_path: Path) -> None:
    page = ask(warm_page, EXAMPLE)
    for item, ending, begins in (
        ("Save as notebook", "ipynb", "{"),
        ("Save as LaTeX document", "tex", r"\documentclass"),
        ("Save as Python program", "py", '"""'),
    ):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=item).click()
        assert download.value.suggested_filename == f"nabla-derivative-of-w-x-y-2-with-respect-to-w.{ending}"
        download.value.save_as(tmp_path / ending)
        assert (tmp_path / ending).read_text(encoding="utf-8").startswith(begins)
    assert faults(json.loads((tmp_path / "ipynb").read_text(encoding="utf-8"))) == []


def test_a_prepared_answer_waits_for_python(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    held: list[Route] = []
    free = False
    page.context.route(
        re.compile(r"/python/.*snapshot|\.wasm$"), lambda route: route.continue_() if free else held.append(route)
    )
    page.goto(EXAMPLE)
    expect(page.locator("main[data-state=answered]")).to_be_visible(timeout=START)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Copy as plain text").click()
    expect(page.get_by_role("button", name="Python is starting…")).to_be_visible()
    free = True
    for route in held:
        route.continue_()
    expect(page.locator(".tools .menu [role=status]")).to_have_text("Copied", timeout=START)
    assert "Value: 16" in page.evaluate("() => navigator.clipboard.readText()")


def test_a_long_link_says_where_it_does_not_fit(warm_page: Page, ask: Ask) -> None:
    values = ",".join(f"{(7919 * i * i % 9973) / 9973:.4f}" for i in range(900))
    page = ask(warm_page, f"#/fit?data={values}")
    page.get_by_role("button", name="Share").click()
    panel = page.locator(".share")
    expect(panel).to_contain_text("Too long for Stack Exchange (comment) (600), Discord (2,000)")
    assert violations(page, without="main .blocks") == []


def test_the_systems_own_way_to_share(page: Page, ask: Ask, site: Server) -> None:
    page.add_init_script("navigator.share = async (what) => { globalThis.shared = what; }")
    ask(page, EXAMPLE)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Send…").click()
    page.wait_for_function("() => globalThis.shared")
    assert page.evaluate("() => shared.url") == site.url + EXAMPLE


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Server]:
    """A page of another origin; a test writes it."""
    (tmp_path / "favicon.ico").write_bytes(b"")
    with Server(tmp_path) as server:
        yield server


def hosted(page: Page, host: Server, tmp_path: Path, code: str) -> Any:
    """Open a host with `code` in it; the frame of the embedded page."""
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Host</title><body>{code}</body>", encoding="utf-8")
    page.goto(host.url)
    return page.frame_locator("iframe")


def test_the_code_to_embed_works_in_a_page_of_another_origin(
    page: Page, ask: Ask, host: Server, tmp_path: Path, context: BrowserContext, site: Server
) -> None:
    ask(page, EXAMPLE)
    page.get_by_role("button", name="Share").click()
    page.get_by_text("Embed in a page").click()
    page.get_by_label("Colours", exact=True).select_option("dark")
    code = page.get_by_label("Code to embed").input_value()
    frame = hosted(page, host, tmp_path, code)
    expect(frame.locator("main[data-state=answered]")).to_be_visible(timeout=START)
    for chrome in ("header.top", ".question", "footer.bottom", ".tools"):
        expect(frame.locator(chrome)).to_be_hidden()
    # As high as the answer, so that nothing scrolls inside.
    page.wait_for_function("() => Number(document.querySelector('iframe').height) > 600")
    inside = page.frames[1]
    page.wait_for_function(
        "(height) => Math.abs(Number(document.querySelector('iframe').height) - height) < 2",
        arg=inside.evaluate("() => document.querySelector('.embed').getBoundingClientRect().height"),
    )
    assert inside.evaluate("() => document.documentElement.scrollHeight <= innerHeight + 1")
    assert inside.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "dark"
    # A moved point is a new answer, and no step in the history of the host.
    steps = page.evaluate("() => history.length")
    frame.locator(".handle").focus()
    page.keyboard.press("ArrowLeft")
    expect(
        frame.locator("main[data-state=answered] .math-value, main[data-state=answered] .math").first
    ).to_be_visible()
    link = frame.get_by_role("link", name="Open in Nabla")
    expect(link).not_to_have_attribute("href", site.url + EXAMPLE)
    assert page.evaluate("() => history.length") == steps
    with context.expect_page() as opened:
        link.click()
    assert opened.value.url.startswith(f"{site.url}#/derive?f=(w*x-y)^2")
    opened.value.close()


def test_an_embedded_page_survives_that_everything_is_refused(
    page: Page, host: Server, tmp_path: Path, site: Server
) -> None:
    page.add_init_script(f"if (parent !== window) ({REFUSED})()")
    address = f"{site.url}?embed#/derive?f=3x^5%2Bx&wrt=x"
    frame = hosted(page, host, tmp_path, f'<iframe src="{address}" width="600" height="600"></iframe>')
    expect(frame.locator("main[data-state=answered]")).to_be_visible(timeout=START)
    expect(frame.locator(".math-result [data-tex]")).to_have_attribute("data-tex", re.compile(r"15 x\^\{4\}"))


def test_an_embedded_page_says_what_is_wrong(page: Page, host: Server, tmp_path: Path, site: Server) -> None:
    frame = hosted(
        page, host, tmp_path, f'<iframe src="{site.url}?embed#/derive?f=x%2Bfoo(x)" width="600" height="600"></iframe>'
    )
    expect(frame.get_by_role("alert")).to_contain_text("foo", timeout=START)
    expect(frame.get_by_role("link", name="Open in Nabla")).to_be_visible()
    assert page.frames[1].evaluate("() => Object.keys(localStorage).filter((key) => key.includes('drafts'))") == []


def test_pictures_of_a_dark_page_are_light_and_stand_by_themselves(page: Page, ask: Ask, tmp_path: Path) -> None:
    page.emulate_media(color_scheme="dark")
    lines = ["import torch", "w = torch.tensor(3.0, requires_grad=True)", "x = torch.tensor(2.0)"]
    code = "\n".join([*lines, "loss = (w * x) ** 2", "loss.backward()"])
    for address, place, name in (
        (EXAMPLE, "[data-kind=plot]", "nabla-plot"),
        (f"#/backprop?code={quote(code)}", "[data-kind=graph]", "nabla-forward-values-and-adjoints"),
    ):
        ask(page, address)
        block = page.locator(place).first
        expect(block.locator("svg").first).to_be_visible()
        for item, ending in (("Drawing (SVG)", "svg"), ("Picture (PNG)", "png")):
            block.get_by_role("button", name=re.compile("^More")).click()
            with page.expect_download() as download:
                block.get_by_role("button", name=item).click()
            assert download.value.suggested_filename == f"{name}.{ending}"
            download.value.save_as(tmp_path / ending)
        assert (tmp_path / "png").read_bytes().startswith(b"\x89PNG")
        svg = (tmp_path / "svg").read_text(encoding="utf-8")
        root = ElementTree.fromstring(svg)
        ground, ink = root[0].get("fill", ""), {node.get("fill", "") for node in root.iter(f"{SVG}text")}
        assert brightness(ground) > 200 and max(map(brightness, ink)) < 190
        assert "system-ui" in root.get("font-family", "")
        assert not re.search(r"var\(|light-dark\(|class=|style=", svg)
        words = " ".join(node.text or "" for node in root.iter(f"{SVG}text"))
        assert "\\" not in words
        assert ("tangent" in words) if place == "[data-kind=plot]" else ("adjoint 24" in words and "value 36" in words)


def brightness(colour: str) -> float:
    """From 0 to 255, of what a browser writes for a colour."""
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3
