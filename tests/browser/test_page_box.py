"""The box: what it says of a text while it is written, its answer under it, what was understood; the gallery."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from nabla.gallery.examples import EXAMPLES
from tests.browser.conftest import OWN
from tests.browser.test_page_looks import SIZES, violations

Ask = Callable[[Page, str], Page]

WHY_16 = """Why is this gradient 16?

On paper I get 8, but the program below prints 16.

```python
import torch
w = torch.tensor(3.0, requires_grad=True)
x, y = torch.tensor(2.0), torch.tensor(2.0)
loss = (w * x - y) ** 2
loss.backward()
```
"""
# How much of what was already there moved while the page came.
SHIFTS = """() => { globalThis.shifted = 0; new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
}).observe({ type: 'layout-shift', buffered: true }); }"""


@pytest.fixture
def start(warm_page: Page) -> Page:
    """The start page with an empty box."""
    warm_page.set_viewport_size({"width": 1280, "height": 900})
    warm_page.emulate_media(color_scheme="light")
    warm_page.goto("about:blank")
    warm_page.goto("")
    expect(box(warm_page)).to_have_value("")
    warm_page.evaluate("nabla.drawAll()")
    return warm_page


def box(page: Page):  # type: ignore[no-untyped-def]
    return page.locator(".box textarea")


def answered(page: Page) -> None:
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible(timeout=90_000)


@pytest.mark.allow_page_errors("net::|request failed|console: ")
def test_the_bare_address_is_answered_without_python(page: Page) -> None:
    page.context.route("**/python/**", lambda route: route.abort())
    page.add_init_script(f"({SHIFTS})()")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("")
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible()
    expect(page.locator(".shown .math-value [data-tex]")).to_have_attribute("data-tex", re.compile("= 16$"))
    expect(page.locator(".shown .check")).not_to_have_count(0)
    expect(page.locator(".shown .check:not([data-verdict=passed])")).to_have_count(0)
    expect(page.get_by_text("It stays in this browser")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("() => shifted") < 0.02


def read_as(page: Page):  # type: ignore[no-untyped-def]
    """What a text is read as before it is answered."""
    return page.get_by_role("list", name="Read as")


def understood(page: Page):  # type: ignore[no-untyped-def]
    """What an answer was understood as."""
    return page.get_by_role("region", name="Understood as")


def test_a_program_is_read_as_it_is_written_and_runs_when_it_is_asked(start: Page) -> None:
    box(start).fill(WHY_16)
    expect(read_as(start)).to_contain_text("Backprop")
    expect(read_as(start)).to_contain_text("program 5 lines")
    box(start).press("Enter")
    start.wait_for_timeout(1200)
    expect(start.locator("main#answer .sentence")).to_have_count(0)
    box(start).press("Control+Enter")
    expect(start).to_have_url(re.compile(r"#/ask\?q="))
    answered(start)
    expect(start.locator("main#answer")).to_be_focused()
    expect(start.locator(".sentence")).to_contain_text("16")
    expect(start.locator(".paste p")).to_contain_text("Why is this gradient 16?")
    expect(understood(start)).to_contain_text("Program 5 lines")
    start.get_by_role("button", name="Edit the text").click()
    expect(box(start)).to_be_focused()
    expect(box(start)).to_have_value(re.compile("^Why is this"))


def test_a_chip_lights_its_words_and_changes_them_where_it_stands(start: Page) -> None:
    box(start).fill("differentiate x^2 sin x wrt x at x=2. I get 5.")
    box(start).press("Enter")
    answered(start)
    point = understood(start).get_by_role("button", name="At the point")
    point.hover()
    lit = start.locator(".paste [data-lit=true]")
    expect(lit).to_have_text("x=2")
    point.click()
    field = start.get_by_label("At the point", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value("x=2")
    field.fill("x=")
    field.press("Enter")
    expect(start.locator("#answer .field-error mark")).to_be_visible()
    expect(point).to_have_attribute("data-wrong", "true")
    point.click()
    field.fill("x=1")
    field.press("Enter")
    answered(start)
    expect(point).to_contain_text("x=1")
    expect(start.locator(".paste p")).to_contain_text("differentiate x^2 sin x wrt x at x=2")
    start.reload()
    answered(start)
    expect(point).to_contain_text("x=1")
    start.go_back()
    expect(point).not_to_contain_text("x=1")


def test_a_formula_is_answered_while_it_is_written(start: Page) -> None:
    box(start).press_sequentially("differentiate x^2 sin x wrt x")
    answered(start)
    expect(start.locator(".math-result [data-tex]").first).to_have_attribute("data-tex", re.compile("cos"))
    expect(box(start)).to_be_focused()
    box(start).press_sequentially(" at x=2")
    expect(start.locator(".sentence")).to_contain_text("1.97")
    box(start).fill("")
    expect(start.locator(".gallery")).to_be_visible()
    expect(box(start)).to_be_focused()
    expect(start).to_have_url(re.compile(r"/nabla/#/$"))
    start.go_back()
    expect(box(start).or_(start.locator(".paste p")).first).to_be_visible()
    answered(start)


def test_the_address_of_a_text_answers_it_and_says_first_what_was_not_read(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/ask?q=derivative of x^2. Also $y^3 = 7$, find the inverse function&lab=derive")
    expect(page.locator(".understood .unread s")).to_have_text("$y^3 = 7$")
    expect(page.locator(".paste s")).to_have_text("$y^3 = 7$")
    warnings = page.locator("header.answer-head ~ .note[data-tone=warning]")
    # What was not answered at all stands before what was left out.
    expect(warnings.first).to_contain_text("You asked for an inverse function")
    expect(page.locator("[data-code=not-used]")).to_contain_text("Not used in this answer: “$y^3 = 7$”")


def test_another_lab_is_one_click_away_before_and_after_the_answer(start: Page) -> None:
    box(start).fill("minimize x^2 + y^2")
    lab = understood(start).locator("[data-lab]")
    box(start).press("Enter")
    expect(lab).to_have_attribute("data-lab", "descend")
    lab.click()
    understood(start).get_by_role("button", name="Derive", exact=True).click()
    answered(start)
    expect(lab).to_have_attribute("data-lab", "derive")
    lab.click()
    understood(start).get_by_role("button", name="The one that fits").click()
    expect(lab).to_have_attribute("data-lab", "descend", timeout=30_000)


def test_what_nothing_reads_is_said_where_the_answer_would_stand(start: Page) -> None:
    box(start).fill("Why is the sky blue?")
    expect(start.locator("main#answer")).to_contain_text("This is nothing that a lab can read.")
    box(start).press("Enter")
    expect(box(start)).to_be_focused()
    expect(start.locator("main#answer[data-state=error]")).to_contain_text("This is nothing that a lab can read.")


@pytest.mark.allow_page_errors("net::|request failed|console: ")
def test_a_text_is_taken_before_python_is_there_and_one_of_the_gallery_is_answered_without_it(page: Page) -> None:
    held: list[Route] = []
    page.context.route("**/python/**", lambda route: held.append(route))
    page.goto("")
    box(page).fill("derivative of x^3 + 1")
    expect(page.locator(".told[role=status]")).to_contain_text("This is read once Python is here")
    expect(page.locator(".told progress")).to_be_visible()
    box(page).fill("(x^2 + 1) (x^3 - x)")
    box(page).press("Enter")
    expect(page).to_have_url(re.compile(r"#/ask\?q="))
    expect(page.locator("main#answer[data-state=loading]")).to_be_visible()
    page.goto("#/")
    box(page).fill(EXAMPLES[0].question.upper())
    expect(page.locator(".told[role=status]")).to_contain_text("A question of the gallery")
    box(page).press("Enter")
    answered(page)
    assert held
    for route in held:
        route.abort()


def test_a_question_asked_before_python_is_there_is_answered_when_it_has_come(page: Page) -> None:
    page.goto("")
    box(page).fill("derivative of x^3 + 1")
    box(page).press("Enter")
    answered(page)
    expect(page.locator(".math-result [data-tex]").first).to_have_attribute("data-tex", re.compile("3 x"))


def test_a_text_begun_after_a_click_on_the_start_is_read_and_answered(start: Page) -> None:
    start.get_by_role("link", name="Nabla", exact=True).click()
    expect(start).to_have_url(re.compile(r"/nabla/#/$"))
    box(start).press_sequentially("differentiate x^3")
    answered(start)
    # What was answered is no draft.
    start.get_by_role("link", name="Gallery", exact=True).click()
    box(start).press_sequentially("differentiate x^4")
    answered(start)
    expect(start.locator(".sentence")).to_contain_text("4")
    expect(start.locator("main .kept")).to_have_count(0)


def test_what_no_lab_reads_is_offered_what_is_answered(start: Page) -> None:
    box(start).fill("Give me practice with the chain rule")
    box(start).press("Enter")
    offers = start.locator(".offers")
    expect(offers.get_by_role("button", name="Derive")).to_be_visible()
    offers.get_by_role("link", name="Practice").click()
    expect(start).to_have_url(re.compile(r"#/practice"))


def test_a_link_is_opened(start: Page) -> None:
    box(start).fill("https://example.org/nabla/#/derive?f=u^3&wrt=u")
    expect(start.locator(".told[role=status]")).to_contain_text("A link to an answer")
    box(start).press("Enter")
    answered(start)
    expect(start.get_by_label("Function", exact=True)).to_have_value("u^3")


def test_a_file_is_read(start: Page, tmp_path: Path) -> None:
    data = tmp_path / "tide.csv"
    data.write_text("\n".join(["hour,level", *(f"{i},{(i * 7) % 5}" for i in range(40))]), encoding="utf-8")
    start.locator(".box input[type=file]").set_input_files(data)
    expect(understood(start).locator("[data-lab=fit]")).to_be_visible()


def test_a_draft_is_not_overwritten(page: Page, ask: Ask) -> None:
    drafts = {"nabla.drafts.ask": json.dumps([{"q": "mine^2"}]), "nabla.drafts.derive": json.dumps([{"f": "mine"}])}
    page.add_init_script(f"for (const [k, v] of Object.entries({json.dumps(drafts)})) localStorage[k] ??= v")
    page.goto("")
    box(page).fill("(u + 1)^3")
    box(page).press("Enter")
    answered(page)
    expect(page.get_by_text("Your own draft is kept.")).to_be_visible()
    keys = "['ask', 'derive'].map((lab) => `nabla.drafts.${lab}`)"
    stored = f"() => {keys}.map((key) => localStorage[{OWN} + key] ?? localStorage[key])"
    text, derived = map(json.loads, page.evaluate(stored))
    assert {"q": "mine^2"} in text
    assert derived == [{"f": "mine"}]


def test_nothing_in_a_text_becomes_markup(start: Page) -> None:
    box(start).fill("d/dx x^2*<img src=x onerror=alert(1)>")
    expect(start.locator(".told[role=status]")).not_to_be_empty()
    expect(start.locator("main img:not(.card img)")).to_have_count(0)


def test_the_gallery_is_filtered_by_lab_and_by_words(start: Page) -> None:
    cards = start.locator(".card")
    everything = cards.count()
    assert everything >= 30
    start.get_by_role("group", name="Questions of one lab").get_by_role("button", name="Fit").click()
    expect(start.locator(".group h3")).to_have_count(1)
    assert 0 < cards.count() < everything
    start.get_by_role("button", name="All", exact=True).click()
    start.get_by_label("Search the questions").fill("newton saddle")
    expect(cards).to_have_count(1)
    start.get_by_label("Search the questions").fill("zebra")
    expect(start.get_by_text("None of the questions has these words.")).to_be_visible()
    start.get_by_label("Search the questions").fill("")
    cards.first.get_by_role("link").click()
    answered(start)
    expect(understood(start)).to_contain_text("w.grad = 8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everybody_can_use_it(start: Page, scheme: str, width: int, height: int) -> None:
    start.set_viewport_size({"width": width, "height": height})
    start.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    box(start).fill("(w*x-y)^2 at w=3, x=2, y=2")
    expect(understood(start)).to_be_visible()
    start.wait_for_timeout(300)
    assert violations(start) == []
    assert start.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_files_stand_behind_the_question_and_its_program_reads_them(start: Page) -> None:
    rows = "".join(f"{x / 4 - 1} {3 * x / 4 - 1}\n" for x in range(9))
    file = start.locator(".box input[type=file]")
    file.set_input_files({"name": "points.txt", "mimeType": "text/plain", "buffer": rows.encode()})
    expect(start.locator(".files")).to_contain_text("points.txt")
    program = [
        "import numpy as np", "x, y = np.loadtxt('points.txt', unpack=True)", "w = 0.0", "for i in range(200):",
        "    w -= 0.1*2*np.mean((w*x - y)*x)", "print(w)",
    ]  # fmt: skip
    box(start).fill("\n".join(program))
    box(start).press("Control+Enter")
    answered(start)
    start.get_by_role("button", name="Edit the text").click()
    expect(box(start)).to_have_value("\n".join(program))
    start.get_by_role("button", name="Remove points.txt").click()
    expect(start.locator(".files")).to_have_count(0)
