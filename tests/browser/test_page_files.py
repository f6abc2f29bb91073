"""Data from files: chosen, dropped, too long to edit, no data at all."""

from __future__ import annotations

import math
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

Ask = Callable[[Page, str], Page]

SHORT = "t [s],level\n" + "".join(f"{i / 10},{math.sin(i):.6f}\n" for i in range(60))
# More than an editor could hold: two minutes at 200 a second.
LONG = "t [s],level\n" + "".join(f"{i / 200:.3f},{math.sin(i / 7):.9f}\n" for i in range(24_000))


def _answered(page: Page) -> None:
    expect(page.locator("main#answer")).to_have_attribute("data-state", "answered")


def _text(page: Page) -> Locator:
    return page.locator("[data-field=data] textarea")


def _file(name: str, text: str | bytes) -> dict[str, object]:
    buffer = text.encode() if isinstance(text, str) else text
    return {"name": name, "mimeType": "text/csv", "buffer": buffer}


def test_a_chosen_file_is_the_data(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/fit")
    page.get_by_role("button", name="Edit the data").click()
    page.locator("input[type=file]").set_input_files(_file("level.csv", SHORT))
    expect(_text(page)).to_have_value(SHORT)
    _answered(page)
    expect(page.locator("main#answer")).to_contain_text("60")


def test_a_dropped_file_is_the_data(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/fit")
    page.get_by_role("button", name="Edit the data").click()
    dropped = page.evaluate_handle(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], 'level.csv', { type: 'text/csv' }));
            return data;
        }""",
        SHORT,
    )
    page.locator("[data-field=data] .drop").dispatch_event("drop", {"dataTransfer": dropped})
    expect(_text(page)).to_have_value(SHORT)
    _answered(page)


def test_a_long_file_is_told_not_edited_and_not_put_into_the_link(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/fit")
    page.get_by_role("button", name="Edit the data").click()
    page.locator("input[type=file]").set_input_files(_file("long.csv", LONG))
    field = page.locator("[data-field=data]")
    expect(field.locator(".long-text")).to_contain_text("24,002 lines")
    _answered(page)
    expect(page.locator("main#answer")).to_contain_text("24,000 samples")
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".share")).to_contain_text("too long for a link")
    field.get_by_role("button", name="Remove").click()
    expect(_text(page)).to_have_value("")


def test_what_is_no_text_is_refused_and_what_was_there_stays(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/fit?data=0,1,0,-1,0,1,0,-1,0.1")
    _answered(page)
    before = _text(page).input_value()
    page.locator("input[type=file]").set_input_files(_file("picture.csv", b"\x89PNG\x00\x01\x02"))
    expect(page.locator(".file [role=alert]")).to_contain_text("picture.csv is not a text file")
    expect(_text(page)).to_have_value(before)
