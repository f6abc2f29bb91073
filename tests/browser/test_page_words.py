"""The page in the visitor's language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

ANSWERED = "main#answer[data-state=answered]"


@pytest.mark.browser_context_args(locale="de-CH")
def test_the_browsers_language_until_another_is_chosen(page: Page) -> None:
    page.goto("#/derive?f=x^2")
    page.wait_for_selector(ANSWERED)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ableiten")
    # What Python writes is English, and says so to those who listen.
    expect(page.locator("main#answer")).to_have_attribute("lang", "en")
    page.get_by_label("Funktion", exact=True).fill("x^3")
    page.get_by_label("Funktion", exact=True).press("Enter")
    page.wait_for_selector(ANSWERED)
    page.get_by_label("Sprache").select_option("en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Derive")
    expect(page.get_by_label("Function", exact=True)).to_have_value("x^3")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
