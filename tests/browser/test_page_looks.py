"""How the page stands in light, dark, on phones, on paper, by keyboard, and to those who listen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import START, opened
from tools.environment import NODE_MODULES

EXAMPLE = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"
SIZES = [(320, 640), (390, 844), (768, 1024), (1280, 900)]

Ask = Callable[[Page, str], Page]

AXE = (NODE_MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, without: str = "") -> list[str]:
    """What axe finds, outside of `without`. It is evaluated by the test, which the policy of the page does not bind."""
    scope = json.dumps({"exclude": [[without]]} if without else {"include": [["html"]]})
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE)
    found = page.evaluate("() => axe.run(WITHOUT, {resultTypes: ['violations']})".replace("WITHOUT", scope))[
        "violations"
    ]
    return [json.dumps([rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]]) for rule in found]


@pytest.fixture(autouse=True)
def _restore(warm_page: Page) -> None:
    warm_page.set_viewport_size({"width": 1280, "height": 900})
    warm_page.emulate_media(color_scheme="light", media="screen", forced_colors="none")


def test_nothing_is_wider_than_the_page(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for depth in ("answer", "why", "proof"):
            opened(page, depth)
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (width, depth)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_what_is_wrong(warm_page: Page, ask: Ask, scheme: str) -> None:
    warm_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = ask(warm_page, EXAMPLE)
    page.get_by_label("Function", exact=True).fill("x + foo(x)")
    expect(page.locator(".field-error")).to_be_visible()
    page.get_by_role("button", name="Help for Function").click()
    page.get_by_role("button", name="Share").click()
    page.wait_for_timeout(300)
    # The last answer is dimmed on purpose: it is there to be recognised, not to be read.
    assert violations(page, without="main :is(.blocks, h1, .sentence)") == []
    page.get_by_role("button", name="Help for Function").click()


def test_a_long_formula_scrolls_by_itself_and_by_keyboard(warm_page: Page, ask: Ask) -> None:
    warm_page.set_viewport_size({"width": 320, "height": 640})
    page = ask(warm_page, "#/derive?f=sin(x)*exp(x^2)/(1+x^2)&wrt=x")
    wide = page.locator(".math-result .formula")
    expect(wide).to_have_attribute("tabindex", "0")
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("node => node.scrollLeft > 0", arg=wide.element_handle())
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize(
    "place", ["#/derive?f=sin(x", EXAMPLE, "#/help/syntax", "q/hessian-of-rosenbrock/", "q/rotation-and-source/"]
)
def test_nothing_scrolls_by_a_few_pixels(page: Page, base_url: str, place: str) -> None:
    page.goto(base_url + place)
    if place.startswith("#/derive"):
        expect(page.locator("main#answer")).to_have_attribute("data-state", re.compile("answered|error"), timeout=START)
    page.wait_for_load_state("networkidle")
    found = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((node) => {
            const style = getComputedStyle(node);
            const more = { X: node.scrollWidth - node.clientWidth, Y: node.scrollHeight - node.clientHeight };
            return ['X', 'Y'].some((axis) => ['auto', 'scroll'].includes(style[`overflow${axis}`])
                && node.clientHeight > 0 && more[axis] > 0 && more[axis] < 12);
        }).map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert found == []


def test_it_is_used_by_keyboard_alone(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("/")
    field = page.get_by_label("Function", exact=True)
    expect(field).to_be_focused()
    field.press("Control+a")
    page.keyboard.type("x^2/w")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_have_attribute("data-state", "answered")
    assert field.input_value() == "x^2/w"
    outlined = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outlined == "solid"


def test_the_first_tab_leads_to_the_answer(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    page.reload()
    expect(page.locator("main[data-state=answered]")).to_be_visible(timeout=90_000)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.url.endswith(EXAMPLE)


def test_the_theme_is_chosen_and_kept(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    button = page.get_by_role("button", name="Colours")
    button.click()
    assert page.evaluate(ground) == light
    button.click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    expect(button).to_have_attribute("data-theme-choice", "dark")
    assert page.evaluate(ground) == dark
    button.click()
    assert page.evaluate(ground) == light


def test_paper_gets_the_answer_with_every_step(warm_page: Page, ask: Ask) -> None:
    page = opened(ask(warm_page, EXAMPLE), "why")
    closed = page.locator("[data-kind=steps] details:not([open])")
    before = closed.count()
    assert before > 0
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_role("form").or_(page.locator("form"))).to_be_hidden()
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    expect(page.locator(".check").first).to_be_visible()
    expect(closed).to_have_count(0)
    page.emulate_media(media="screen")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(closed).to_have_count(before)


@pytest.mark.parametrize("question", [EXAMPLE + "&claim=8", "#/decompose?V=-y%2Bx/2;x%2By/2&n=10&at=0.5,0.25"])
def test_nothing_is_cut_off_on_paper(page: Page, ask: Ask, tmp_path: Path, question: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.add_init_script("window.print = () => { globalThis.printed = true; }")
    ask(page, question)
    page.get_by_role("button", name="Colours").click()
    page.get_by_role("button", name="Colours").click()
    expect(page.locator(":root")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Print, or save as PDF").click()
    page.wait_for_function("() => globalThis.printed")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": 660, "height": 900})
    page.emulate_media(media="print")
    ground = page.evaluate("() => getComputedStyle(document.documentElement).colorScheme")
    assert ground == "light"
    page.wait_for_timeout(300)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main, main table, main svg, main pre, main .katex-html > .katex-base')]
            .filter((node) => node.getBoundingClientRect().right > 657 && node.getClientRects().length)
            .map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 40)}`)"""
    )
    assert cut == []
    address = page.evaluate("() => getComputedStyle(document.querySelector('main'), '::after').content")
    assert address.strip('"') == page.url
    pdf = page.pdf(path=tmp_path / "answer.pdf", format="A4")
    assert pdf.startswith(b"%PDF")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator(":root")).to_have_attribute("data-theme", "dark")


def test_nothing_jumps_while_it_loads(browser: Browser, base_url: str) -> None:
    # On a phone it is every lab's that is watched: test_page_everywhere.
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(
        "globalThis.shifts = [];"
        "new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => [entry.value,"
        " entry.sources.map((source) => source.node?.className ?? source.node?.nodeName)])))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(EXAMPLE)
    expect(page.locator("main[data-state=answered]")).to_be_visible(timeout=90_000)
    expect(page.locator("[data-kind=plot] svg")).to_be_visible()
    page.wait_for_timeout(500)
    shifts = page.evaluate("() => shifts")
    context.close()
    assert sum(value for value, _ in shifts) < 0.02, shifts


def test_high_contrast_keeps_its_edges(warm_page: Page, ask: Ask) -> None:
    warm_page.emulate_media(forced_colors="active")
    page = ask(warm_page, EXAMPLE)
    assert page.locator(".math-result").evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
    assert violations(page) == []
