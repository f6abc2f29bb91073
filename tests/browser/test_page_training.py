"""Work in steps, as a training is: it is watched, held, let go on and brought to an end, and Python stays the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

START = 90_000
LONG = "#/train?X=0,0,1;0,1,1;1,0,1;1,1,1&y=0;1;1;0&hidden=4&rate=0.5&seed=1&steps=400000&backward=asker&compare=auto"


def steps_done(page: Page) -> int:
    """How many steps the page says were taken."""
    text = page.locator(".progress p").inner_text()
    return int(re.sub(r"\D", "", text.split("step")[1].split(" ")[1]))


def test_a_training_is_held_and_goes_on_and_ends_when_asked(page: Page, ask: Callable[[Page, str], Page]) -> None:
    ask(page, "#/derive?f=x^2&wrt=x")
    fetched: list[str] = []
    page.on("worker", lambda worker: fetched.append(worker.url))
    page.goto(LONG)
    pause = page.get_by_role("button", name="Pause", exact=True)
    expect(pause).to_be_visible(timeout=START)
    loss = page.get_by_role("figure").filter(has_text="The loss")
    expect(loss).to_be_visible()
    page.get_by_role("tab", name="Why").click()
    expect(page.get_by_role("figure").filter(has_text="Hidden layer 1")).to_be_visible()
    pause.click()
    resume = page.get_by_role("button", name="Resume")
    expect(resume).to_be_visible()
    page.wait_for_timeout(500)  # the step under way comes to its end
    held = steps_done(page)
    page.wait_for_timeout(1500)
    assert steps_done(page) == held > 0
    resume.click()
    for _ in range(600):  # a busy machine takes its time for the next step
        if steps_done(page) > held:
            break
        page.wait_for_timeout(100)
    assert steps_done(page) > held
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible(timeout=20_000)
    expect(page.locator(".note[data-code=stopped]")).to_contain_text("You stopped the training after")
    # Python is the same one: the next answer is there at once.
    ask(page, "#/derive?f=x^3&wrt=x")
    assert not fetched


def test_a_training_that_is_held_gives_way_to_a_new_question(page: Page, ask: Callable[[Page, str], Page]) -> None:
    ask(page, "#/derive?f=x^2&wrt=x")
    page.goto(LONG)
    page.get_by_role("button", name="Pause", exact=True).click(timeout=START)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.goto("#/derive?f=x^5&wrt=x")
    expect(page.locator(".math-result [data-tex]")).to_have_attribute("data-tex", re.compile("5 x"))
    expect(page.get_by_role("button", name="Resume")).to_have_count(0)
