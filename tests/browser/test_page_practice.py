"""Trying first: practice and its worksheets, steps asked one at a time, answers kept back, two answers side by side."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import opened
from tests.browser.test_page_looks import violations

Ask = Callable[[Page, str], Page]
CHAIN = "#/practice?rule=chain&level=1&seed=1"


@pytest.fixture
def wide(warm_page: Page) -> Page:
    warm_page.set_viewport_size({"width": 1280, "height": 900})
    return warm_page


def test_an_exercise_is_judged_where_it_stands_and_counts_when_it_is_solved_alone(wide: Page) -> None:
    wide.goto(CHAIN)
    field = wide.get_by_label("Your derivative")
    expect(field).to_be_focused()
    field.fill("cos(5x)")
    field.press("Enter")
    said = wide.locator(".exercise [id$=-said]")
    expect(said).to_contain_text("is not right")
    expect(said).to_contain_text("left out")
    wide.get_by_role("button", name="Hint 1 of 3").click()
    expect(wide.locator(".hints > li")).to_have_count(1)
    assert violations(wide) == []
    field.fill("5 cos(5x)")
    field.press("Enter")
    expect(said).to_contain_text("is right")
    expect(wide.locator(".streak")).to_have_text("1 in a row")
    wide.get_by_role("button", name="Next", exact=True).click()
    expect(wide).to_have_url(re.compile("seed=2$"))
    expect(field).to_have_value("")
    for _ in range(5):
        wide.get_by_role("button", name=re.compile("^Hint|^Show the solution")).click()
    expect(wide.locator(".hints .step").first).to_be_visible()
    expect(wide.locator(".streak")).to_have_count(0)


def test_a_worksheet_has_its_solutions_last_and_a_class_gets_none(wide: Page) -> None:
    wide.goto(CHAIN + "&sheet=3")
    expect(wide.get_by_role("button", name="Print")).to_be_visible()
    expect(wide.locator(".sheet:not(.solutions) li")).to_have_count(3)
    expect(wide.locator(".solutions li")).to_have_count(3)
    wide.emulate_media(media="print")
    expect(wide.locator(".solutions")).to_have_css("break-before", "page")
    wide.emulate_media(media="screen")
    wide.goto(CHAIN + "&sheet=3&test=1")
    expect(wide.get_by_role("button", name="Print")).to_be_visible()
    expect(wide.locator(".solutions")).to_have_count(0)


def test_steps_are_tried_one_at_a_time(wide: Page, ask: Ask) -> None:
    page = opened(ask(wide, "#/derive?f=x^2 sin(x)&wrt=x"), "why")
    page.get_by_role("button", name="Try it step by step").click()
    field = page.get_by_label("What comes next?")
    expect(field).to_be_focused()
    field.fill("x")
    field.press("Enter")
    expect(page.locator(".try [id$=-said]")).to_contain_text("was not brought down as a factor")
    field.fill("2x")
    field.press("Enter")
    expect(page.locator(".tried")).to_have_count(1)
    expect(field).to_have_value("")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator(".tried")).to_have_count(2)
    page.get_by_role("button", name="Show all steps").click()
    expect(page.locator(".steps .step").first).to_be_visible()


def test_a_link_that_asks_first_keeps_the_answer_back(wide: Page, ask: Ask) -> None:
    page = ask(wide, "#/derive?f=x^3&wrt=x&depth=try")
    expect(page.get_by_role("heading", name="Try it first")).to_be_visible()
    expect(page.locator(".sentence")).to_have_count(0)
    page.get_by_label("Your answer").fill("3x^2")
    page.get_by_label("Your answer").press("Enter")
    expect(page.locator(".withheld [id$=-said]")).to_contain_text("is right")
    assert violations(page) == []
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".sentence")).to_be_visible()
    expect(page).to_have_url(re.compile("wrt=x$"))


def test_two_answers_stand_side_by_side_and_on_a_phone_one_above_the_other(wide: Page) -> None:
    wide.goto("#/compare?a=%2Fderive%3Ff%3Dx%5E3%26wrt%3Dx")
    first, second = wide.get_by_role("region", name="First"), wide.get_by_role("region", name="Second")
    expect(first.locator(".sentence")).to_contain_text("=")
    second.get_by_label("A question, or the link to its answer").fill("derivative of x^4")
    second.get_by_role("button", name="Answer it here").click()
    expect(second.locator(".sentence")).to_contain_text("4")
    expect(wide).to_have_url(re.compile("a=%2Fderive.*&b=%2Fask"))
    left, right = first.bounding_box(), second.bounding_box()
    assert left and right and left["y"] == right["y"]
    wide.evaluate("nabla.drawAll()")
    assert violations(wide) == []
    wide.set_viewport_size({"width": 390, "height": 844})
    above, below = first.bounding_box(), second.bounding_box()
    assert above and below and above["x"] == below["x"] and above["y"] + above["height"] <= below["y"]
    wide.set_viewport_size({"width": 1280, "height": 900})


def test_a_moved_point_is_followed_before_any_answer_and_keeps_its_place(wide: Page, ask: Ask) -> None:
    page = ask(wide, "#/derive?f=x^2 sin(x)&wrt=x&at=x=1")
    page.locator(".canvas svg").first.wait_for()
    knob = page.locator(".handle .knob").bounding_box()
    assert knob
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=12)
    expect(page.locator(".readout")).to_contain_text("x = ")
    held = page.locator(".handle .knob").bounding_box()
    assert held and abs(held["x"] + held["width"] / 2 - x - 60) < 4
    page.wait_for_timeout(700)  # answers have come, of which some take another line above the plot
    still = page.locator(".handle .knob").bounding_box()
    assert still and abs(still["y"] - held["y"]) < 3
    page.mouse.up()
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible()


def test_a_step_its_node_and_its_line_light_up_together(wide: Page, ask: Ask) -> None:
    page = opened(ask(wide, "#/backprop"), "why")
    linked = page.get_by_role("complementary", name="What the step is about")
    lit = linked.locator(".program-lines [data-lit]")
    page.locator(".step", has_text="Adjoint of").first.hover()
    first = lit.text_content()
    node = linked.locator(".graph-node[data-near=true]").first
    expect(node).to_be_visible()
    boxes = [each.bounding_box() for each in linked.locator(".graph-node").all()]
    lefts = sorted((box["x"], box["width"]) for box in boxes if box)
    assert lefts[0][0] + lefts[0][1] < lefts[-1][0]  # laid out where it is seen
    page.locator(".step", has_text="Adjoint of").last.hover()
    expect(lit).not_to_have_text(first or "")
    expect(page.locator(".step[data-pointed]")).to_have_count(1)
    assert violations(page) == []
