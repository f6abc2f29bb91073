"""The page as somebody uses it: asks, reads, changes, takes away."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import told
from tests.browser.conftest import Watch, chip, opened
from tests.browser.told import tell

EXAMPLE = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"

Ask = Callable[[Page, str], Page]


@pytest.fixture
def told_page(watch: Watch, context: BrowserContext) -> Page:
    """A page to which the test tells its answers."""
    return told.new_page(context)


def answer_state(page: Page, state: str) -> None:
    expect(page.locator("main#answer")).to_have_attribute("data-state", state)


def test_the_first_question_is_answered(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    result = page.locator("[data-kind=math] .math-result [data-tex]")
    expect(result).to_have_attribute("data-tex", re.compile("2 x"))
    expect(result.locator(".katex math")).to_have_count(1)
    value = page.locator(".math-value [data-tex]")
    expect(value).to_have_attribute("data-tex", re.compile(r"= 16$"))
    expect(page.locator("[data-kind=steps] details").first).to_contain_text("Chain rule")
    expect(page.locator("[data-kind=plot] svg path").first).to_be_visible()
    expect(page.locator("[data-kind=plot] figcaption")).not_to_be_empty()
    checks = page.locator("[data-kind=check]")
    expect(checks.first).to_have_attribute("data-verdict", "passed")
    expect(page.locator("[data-kind=check]:not([data-verdict=passed])")).to_have_count(0)
    expect(opened(page, "proof").get_by_role("tab", name="PyTorch")).to_be_visible()


def test_a_lab_without_inputs_shows_its_example(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/derive")
    expect(page.get_by_label("Function", exact=True)).to_have_value("(w*x-y)^2")


def test_what_is_typed_is_shown_as_a_formula_and_answered(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/derive?f=x&wrt=x")
    page.get_by_label("Function", exact=True).fill("sin(x)^2")
    answer_state(page, "stale")
    expect(page.locator("[data-field=f] .preview [data-tex]")).to_have_attribute("data-tex", re.compile(r"\\sin"))
    answer_state(page, "answered")
    expect(page.locator(".math-result [data-tex]")).to_have_attribute("data-tex", re.compile(r"\\cos"))
    expect(page).to_have_url(re.compile(re.escape("#/derive?f=sin(x)^2&wrt=x") + "$"))


def test_another_reading_is_one_click_away(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/derive?f=1/2x&wrt=x")
    remark = page.locator(".remark[data-code=division]")
    expect(remark).to_contain_text("Only 2 is read as the divisor.")
    remark.get_by_role("button").click()
    expect(page.get_by_label("Function", exact=True)).to_have_value("1/(2x)")
    answer_state(page, "answered")
    expect(remark).to_have_count(0)


def test_back_takes_a_change_back_and_forward_makes_it_again(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, "#/derive?f=x&wrt=x")
    field = page.get_by_label("Function", exact=True)
    for text in ("x^2", "x^3"):
        field.fill("")
        field.press_sequentially(text)
        field.press("Enter")
        answer_state(page, "answered")
    page.go_back()
    expect(field).to_have_value("x^2")
    answer_state(page, "answered")
    page.go_back()
    expect(field).to_have_value("x")
    page.go_forward()
    expect(field).to_have_value("x^2")
    answer_state(page, "answered")


@pytest.mark.parametrize(
    ("f", "field", "marked"),
    [
        ("(x", "f", "("),
        ("x+foo(x)", "f", "foo"),
        ("2+", "f", "+"),
        ("()", "f", None),
        ("(" * 10_000, "f", None),
        ("9**9**9", "f", None),
        ("__import__('os')", "f", "__import__"),
    ],
)
def test_a_mistake_is_told_in_the_place_of_the_answer(
    warm_page: Page, ask: Ask, f: str, field: str, marked: str | None
) -> None:
    page = ask(warm_page, "#/derive?f=x^2&wrt=x")
    page.get_by_label("Function", exact=True).fill(f)
    answer_state(page, "error")
    error = page.locator("#answer .field-error")
    assert page.locator(f"[data-field={field}] [aria-invalid=true]").get_attribute("aria-describedby")
    expect(error.locator("p").first).not_to_be_empty()
    expect(page.get_by_label("Function", exact=True)).to_have_attribute("aria-invalid", "true")
    if marked is not None:
        assert error.locator("mark").text_content() == marked
    # The last answer stays, and the page lives on.
    expect(page.locator(".math-result")).to_be_visible()
    page.get_by_label("Function", exact=True).fill("x^2")
    answer_state(page, "answered")
    expect(page.locator(".field-error")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("#/integrate?f=x", "“integrate”"),
        ("#/derive?f=z9.abc", "z9"),
        ("#/derive?f=50%&wrt=x", "hexadecimal"),
        ("#/derive?f=x%E0%A4", "cut or changed"),
        ("#/derive?g=x", "“g”"),
    ],
)
def test_a_link_that_cannot_be_read_explains_itself(warm_page: Page, address: str, said: str) -> None:
    warm_page.goto(address)
    expect(warm_page.locator("#problems")).to_contain_text(said)
    warm_page.get_by_label("Function", exact=True).fill("x^7")
    answer_state(warm_page, "answered")
    expect(warm_page.locator("#problems")).to_have_count(0)


def test_steps_fold_and_a_click_on_the_formula_leaves_them(warm_page: Page, ask: Ask) -> None:
    page = opened(ask(warm_page, EXAMPLE), "why")
    step = page.locator("[data-kind=steps] details").first
    expect(step).to_have_attribute("open", "")
    step.locator("summary .formula").first.click()
    expect(step).to_have_attribute("open", "")
    step.locator("summary .step-title").first.click()
    expect(step).not_to_have_attribute("open", "")


def test_one_step_is_open_at_a_time_and_the_next_is_a_key_away(warm_page: Page, ask: Ask) -> None:
    page = opened(ask(warm_page, "#/derive?f=x^2*sin(x)&wrt=x&detail=novice"), "why")
    steps = page.locator("[data-kind=steps] > .steps > .step > details")
    assert steps.count() > 1
    opens = page.locator("[data-kind=steps] > .steps > .step > details[open]")
    expect(opens).to_have_count(1)
    steps.first.locator("> summary").focus()
    page.keyboard.press("ArrowDown")
    expect(steps.nth(1)).to_have_attribute("open", "")
    expect(steps.nth(1).locator("> summary")).to_be_focused()
    expect(opens).to_have_count(1)
    page.get_by_role("button", name="Previous step").first.click()
    expect(steps.first).to_have_attribute("open", "")
    expect(opens).to_have_count(1)


def test_a_slider_moves_the_number_and_the_answer_follows(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    slider = page.locator(".sliders").get_by_label(re.compile("^x = 2"))
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("x=2.05"))
    expect(page.locator(".math-value [data-tex]")).to_have_attribute("data-tex", re.compile("17.015"))


def test_the_level_of_detail_is_one_click(warm_page: Page, ask: Ask) -> None:
    page = opened(ask(warm_page, EXAMPLE), "why")
    counts = {}
    chip(page, "Detail")
    for level in ("novice", "expert"):
        page.get_by_role("radio", name=level).check()
        answer_state(page, "answered")
        counts[level] = page.locator("[data-kind=steps] li").count()
        expect(page).to_have_url(re.compile(f"detail={level}"))
    assert counts["novice"] > counts["expert"]


def test_tabs_of_the_program_turn_by_keyboard(warm_page: Page, ask: Ask) -> None:
    page = opened(ask(warm_page, EXAMPLE), "proof")
    page.get_by_role("tab", name="SymPy").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="NumPy")).to_be_focused()
    expect(page.locator(".code [role=tabpanel]")).to_contain_text("import numpy")


def test_the_share_panel_has_the_link_and_its_length(warm_page: Page, ask: Ask, site: Any) -> None:
    page = ask(warm_page, EXAMPLE)
    page.get_by_role("button", name="Share").click()
    link = page.get_by_label("Link to this question")
    expect(link).to_have_value(site.url + EXAMPLE)
    expect(page.locator(".share")).to_contain_text(f"{len(site.url + EXAMPLE)} characters")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Share").click()
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Share").click()
    page.get_by_label("Function", exact=True).click()
    expect(link).to_be_hidden()


def test_formula_answer_and_program_can_be_copied(warm_page: Page, ask: Ask) -> None:
    warm_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = ask(warm_page, EXAMPLE)

    def copied() -> str:
        return str(page.evaluate("() => navigator.clipboard.readText()"))

    for depth, place, wanted in (
        ("answer", ".math-result", page.locator(".math-result [data-tex]").get_attribute("data-tex") or ""),
        ("proof", "[data-kind=code]", "import "),
    ):
        opened(page, depth)
        page.locator(place).hover()
        page.locator(f"{place} .copy").last.click()
        expect(page.locator(f"{place} .copy[data-outcome=Copied]")).to_be_visible(timeout=90_000)
        assert wanted in copied()


def place_of(page: Page) -> float:
    """Where w stands, by the address."""
    found = re.search(r"&at=w=([-\d.]+)", page.url)
    assert found, page.url
    return float(found[1])


def test_the_point_is_moved_by_keyboard_and_by_pointer(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    handle = page.locator(".handle")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(re.compile("w=3,"))
    answer_state(page, "answered")
    expect(handle).to_be_focused()
    page.wait_for_timeout(300)  # the plot of the new answer is there
    knob = page.locator(".handle .knob").bounding_box()
    assert knob
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.mouse.move(knob["x"] - 60, knob["y"], steps=6)
    page.mouse.up()
    answer_state(page, "answered")
    assert place_of(page) < 2.9
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(re.escape(EXAMPLE) + "$"))


def test_a_number_of_the_sentence_is_dragged_and_the_answer_follows(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    page.evaluate("scrollTo(0, 0)")
    number = page.locator(".sentence .given-0")
    expect(number).to_have_text("3")
    box = number.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y, steps=10)
    expect(number).to_have_text("5")
    page.mouse.up()
    answer_state(page, "answered")
    assert place_of(page) == 5
    expect(page.locator(".math-value [data-tex]")).to_have_attribute("data-tex", re.compile(r"= 32$"))
    page.go_back()
    expect(number).to_have_text("3")


def test_a_failed_check_stands_above_the_sentence_and_leads_to_the_proof(told_page: Page) -> None:
    steps = {"kind": "steps", "steps": [], "title": "", "detail": "normal"}
    failed = {
        "kind": "check", "claim": "It holds", "method": "by trial", "verdict": "failed", "figure": 0.5, "bound": 0.1,
        "test": "points",
    }  # fmt: skip
    page = tell(told_page, steps, failed, failed | {"verdict": "passed"}, answer="It is 2.")
    first = page.locator(".answer-head ~ .note").first
    expect(first).to_contain_text("A check failed: It holds")
    sentence = page.locator(".sentence")
    above, below = first.bounding_box(), sentence.bounding_box()
    assert above and below and above["y"] < below["y"]
    page.get_by_role("button", name="1 check failed").click()
    expect(page.locator(".check[data-verdict=failed]")).to_be_visible()
    expect(page).to_have_url(re.compile("depth=proof"))


def test_the_depth_is_turned_by_keys_and_kept_by_the_address(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE + "&depth=why")
    expect(page.locator("[data-kind=steps]")).to_be_visible()
    page.get_by_role("tab", name="Why").press("ArrowRight")
    expect(page.get_by_role("tab", name="Proof")).to_be_focused()
    expect(page.locator(".checks").first).to_be_visible()
    expect(page).to_have_url(re.compile("&depth=proof$"))
    page.get_by_role("tab", name="Proof").press("ArrowLeft")
    page.get_by_role("tab", name="Why").press("ArrowLeft")
    expect(page).to_have_url(re.compile(re.escape(EXAMPLE) + "$"))
    expect(page.locator("[data-kind=steps]")).to_be_hidden()


def test_the_numbers_of_a_plot_can_be_read(warm_page: Page, ask: Ask) -> None:
    page = ask(warm_page, EXAMPLE)
    page.get_by_text("Numbers", exact=True).click()
    rows = page.locator(".numbers tbody tr")
    expect(rows.first).to_be_visible()
    assert rows.count() > 20


def test_a_draft_outlives_the_visit_and_a_link_leaves_it_alone(page: Page, ask: Ask) -> None:
    ask(page, "#/derive?f=x^2&wrt=x")
    page.get_by_label("Function", exact=True).fill("x^2 + mine")
    answer_state(page, "answered")
    page.goto("about:blank")
    page.goto("#/derive?f=theirs^2")
    expect(page.get_by_label("Function", exact=True)).to_have_value("theirs^2")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_label("Function", exact=True)).to_have_value("x^2 + mine")


def test_the_console_can_ask_too(warm_page: Page, ask: Ask) -> None:
    ask(warm_page, EXAMPLE)
    document = warm_page.evaluate("() => nabla.run('derive', {f: 'x^3', wrt: 'x', at: 'x=2'})")
    assert document["values"]["value"] == 12
    plot = next(block for block in document["blocks"] if block["kind"] == "plot")
    assert isinstance(plot["marks"][0]["x"][0], float | int)
    error = warm_page.evaluate("() => nabla.run('derive', {f: '2+'}).catch((error) => error.error.code)")
    assert error == "syntax"
