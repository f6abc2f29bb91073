"""Help where one stands: every input, what can be written, what a check means, and what all of it is made of."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import opened
from tests.browser.test_page_looks import violations

Ask = Callable[[Page, str], Page]


@pytest.fixture
def wide(warm_page: Page) -> Page:
    warm_page.set_viewport_size({"width": 1280, "height": 900})
    warm_page.emulate_media(color_scheme="light")
    return warm_page


@pytest.mark.parametrize("lab", ["derive", "backprop", "fit", "descend", "train", "decompose"])
def test_every_input_has_its_sentence(wide: Page, lab: str) -> None:
    wide.goto(f"#/{lab}")
    expect(wide.locator(".chip[data-lab]")).to_contain_text(lab.capitalize())
    edit = wide.locator(".paste button")
    if edit.count():
        edit.click()
    chips = wide.locator(".understood .chip[aria-expanded]:not([data-lab])")
    assert chips.count() >= 1
    seen = _helped(wide.locator(".box .field"))
    for i in range(chips.count()):
        chips.nth(i).click()
        seen += _helped(wide.locator(".chip-panel .field"))
        wide.keyboard.press("Escape")
    assert seen >= 2


def _helped(fields: Locator) -> int:
    """How many fields there are; each has its help."""
    for field in fields.all():
        button = field.locator(".help-button")
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
        sentence = field.locator(".help")
        expect(sentence).to_be_visible()
        assert sentence.get_attribute("id") == button.get_attribute("aria-controls")
        button.click()
    return fields.count()


def test_the_syntax_card_is_reached_from_the_field_and_left_by_back(wide: Page, ask: Ask) -> None:
    page = ask(wide, "#/derive?f=u^4&wrt=u")
    page.get_by_role("button", name="Help for Function").click()
    page.get_by_role("link", name="All that can be written").first.click()
    expect(page.get_by_role("heading", name="What can be written", level=1)).to_be_visible()
    expect(page).to_have_title(re.compile("What can be written"))
    expect(page.locator(".readings [data-tex]").first).to_have_attribute("data-tex", re.compile("sin"))
    expect(page.locator(".functions").get_by_text("sigmoid(x)")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Function", exact=True)).to_have_value("u^4")
    expect(page.locator("main[data-state=answered]")).to_be_visible()


def test_the_page_about_names_what_it_is_made_of(wide: Page) -> None:
    wide.goto("#/about")
    expect(wide.get_by_role("heading", name="About", level=1)).to_be_visible()
    expect(wide.get_by_text("nothing leaves the browser")).to_be_visible()
    for package in ("pyodide", "numpy", "sympy", "mpmath", "katex", "preact", "htm", "@dagrejs/dagre"):
        expect(wide.get_by_role("rowheader", name=package, exact=True)).to_be_visible()
    assert all(len(text) < 120 for text in wide.locator(".packages td").all_inner_texts())
    expect(wide.locator(".works").get_by_text("Nelder and Mead")).to_be_visible()


def test_what_checks_mean_is_said_under_them(wide: Page, ask: Ask) -> None:
    page = opened(ask(wide, "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"), "proof")
    help_ = page.locator(".check-help").first
    help_.locator("summary").click()
    expect(help_.get_by_text("By algebra")).to_be_visible()
    expect(help_).to_contain_text("run on this very answer")
    expect(help_).not_to_contain_text("Is it noise?")
    page.wait_for_timeout(300)
    assert violations(page) == []


def test_the_foot_leads_to_help_and_to_the_pages_without_python(wide: Page, base_url: str) -> None:
    wide.goto("#/about")
    foot = wide.get_by_role("contentinfo")
    for name, place in (("Answers as pages", "q/"), ("Manual", "docs/")):
        address = foot.get_by_role("link", name=name).evaluate("node => node.href")
        assert address == base_url + place
        assert "Nabla" in wide.request.get(address).text()
    foot.get_by_role("link", name="What can be written").click()
    expect(wide.get_by_role("heading", name="What can be written", level=1)).to_be_visible()


def test_every_question_of_the_gallery_has_its_picture(wide: Page) -> None:
    wide.goto("#/")
    pictures = wide.locator(".card img")
    expect(pictures.first).to_be_visible()
    missing = pictures.evaluate_all(
        """async (nodes) => {
            for (const node of nodes) node.loading = 'eager';
            const arrived = (node) => node.decode().then(() => '', () => node.src);
            return (await Promise.all(nodes.map(arrived))).filter(Boolean);
        }"""
    )
    assert missing == []
    assert pictures.count() == wide.locator(".card").count() > 30
