"""What moves and what answers to a touch: timelines, growing answers, plots that are read, graphs that are played."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import told
from tests.browser.conftest import Watch, opened
from tests.browser.test_page_looks import violations
from tests.browser.told import line, plot, tell, timeline


@pytest.fixture
def told_page(watch: Watch, context: BrowserContext) -> Page:
    """A page to which the test tells its answers."""
    return told.new_page(context)


def curve(count: int, **more: Any) -> dict[str, Any]:
    """A curve that grows by a point a step."""
    steps = [float(i) for i in range(count)]
    return line(steps, [math.exp(-i / count) for i in range(count)], when=steps, **more)


def drawn(plot: Locator) -> int:
    """How much of a growing curve is to be seen: the length of its path's text."""
    return len(plot.locator("svg g[clip-path] > path").first.get_attribute("d") or "")


def test_plots_of_one_timeline_move_together(told_page: Page) -> None:
    frames = [{"at": 0, "marks": [line([0, 1], [0, 1])], "label": "at $t=0$"}]
    frames.append({"at": 50, "marks": [line([0, 1], [1, 0])], "label": "later"})
    first = plot(curve(101), timeline=timeline(100))
    # The first picture of an answer stands before the others.
    page = tell(told_page, plot(line([0, 1], [0, 1])), first, plot(curve(101), timeline=timeline(100), frames=frames))
    why = opened(page, "why").locator(".depth[data-depth=why]")
    plots = why.locator(".plot")
    expect(page.get_by_role("slider", name="step")).to_have_count(1)
    expect(plots.nth(1).locator("svg")).to_be_visible()
    whole = [drawn(plots.nth(i)) for i in range(2)]
    size = (
        "() => { const { width, height } = "
        "document.querySelector('.depth[data-depth=why] .blocks').getBoundingClientRect(); return [width, height]; }"
    )
    before = page.evaluate(size)
    slider = page.get_by_role("slider", name="step")
    slider.press("Home")
    expect(page.locator(".timeline-caption")).to_contain_text("at")
    for _ in range(25):
        slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "step 25 at t=0")
    for i in range(2):
        assert 0.1 < drawn(plots.nth(i)) / whole[i] < 0.4
    slider.press("End")
    expect(page.locator(".timeline-caption")).to_have_text("later")
    assert page.evaluate(size) == before


def test_it_plays_when_asked_to_and_not_before(told_page: Page) -> None:
    page = tell(told_page, plot(curve(201), timeline=timeline(200, seconds=1)))
    now = page.locator(".now")
    expect(now).to_have_text("200")
    slider = page.get_by_role("slider", name="step")
    slider.press("Home")
    slider.press(" ")
    button = page.get_by_role("button", name="Pause")
    expect(button).to_be_visible()
    page.wait_for_function("() => Number(document.querySelector('.now').textContent) > 50")
    slider.press(" ")
    paused = now.text_content()
    page.wait_for_timeout(150)
    expect(now).to_have_text(paused or "")
    page.get_by_role("button", name="Play").click()
    expect(now).to_have_text("200")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_without_movement_it_goes_in_steps(told_page: Page) -> None:
    told_page.emulate_media(reduced_motion="reduce")
    page = tell(told_page, plot(curve(201), timeline=timeline(200, seconds=2)))
    slider = page.get_by_role("slider", name="step")
    expect(page.locator(".now")).to_have_text("200")
    slider.press("Home")
    page.evaluate(
        "() => { globalThis.seen = new Set(); new MutationObserver(() => seen.add("
        "document.querySelector('.now').textContent)).observe(document.querySelector('.now'), {childList: true}); }"
    )
    slider.press(" ")
    expect(page.locator(".now")).to_have_text("200")
    assert page.evaluate("() => [...seen]") == ["0", "50", "100", "150", "200"]


def test_a_long_answer_grows_under_its_reader(told_page: Page) -> None:
    first_look = plot(line([0, 1, 2], [0, 1, 4]))
    numbers = plot(line([0, 1, 2], [0, 1, 8]))
    page = opened(tell(told_page, first_look, numbers), "why")

    def progress(i: int) -> dict[str, Any]:
        return {"block": {"kind": "progress", "text": "Fitting", "done": i / 25}, "place": 3}

    def grown(i: int) -> dict[str, Any]:
        return {"block": plot(curve(4 + i)), "place": 1}

    blocks = [{"block": first_look, "place": 0}, {"block": numbers, "place": 2}]
    blocks += [step for i in range(25) for step in (grown(i), progress(i))]
    page.evaluate("([blocks]) => Object.assign(told, {blocks, pause: 40})", [blocks])
    page.evaluate(
        "document => { told.document = document; location.hash = '#/derive?f=grown&wrt=t'; }",
        told.document(first_look, plot(curve(28)), numbers),
    )
    page.get_by_role("tab", name="Why").click()
    expect(page.get_by_role("progressbar", name="Fitting")).to_be_visible()
    why = page.locator(".depth[data-depth=why] .block svg")
    handle = why.nth(1).element_handle()
    first = why.first.element_handle()
    expect(page.locator(".progress")).to_contain_text("%")
    expect(page.locator("main[data-state=answered]")).to_be_visible()
    expect(page.locator(".progress")).to_have_count(0)
    assert handle.evaluate("node => node.isConnected"), "a plot that has not changed is not drawn again"
    assert not first.evaluate("node => node.isConnected")


def surface() -> dict[str, Any]:
    """z = x on a square from 0 to 10."""
    ticks = [float(i) for i in range(11)]
    return {
        "mark": "raster", "x": ticks, "y": ticks, "z": [ticks for _ in ticks], "label": "height", "diverging": False,
    }  # fmt: skip


def middle_of(page: Page) -> tuple[float, float]:
    box = page.locator(".canvas svg").first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_plot_is_read_where_it_is_clicked(told_page: Page) -> None:
    page = tell(told_page, plot(surface()))
    page.locator(".canvas").scroll_into_view_if_needed()
    expect(page.locator(".canvas svg image")).to_have_count(1)
    x, y = middle_of(page)
    page.mouse.click(x, y)
    expect(page.locator(".readout strong")).to_have_text(re.compile(r"^[45]\.\d+$"))
    expect(page.locator(".stage [role=status]")).to_contain_text("height")
    page.keyboard.press("Escape")
    expect(page.locator(".readout")).to_have_count(0)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".cross")).to_have_attribute("visibility", "visible")
    page.keyboard.press("Enter")
    expect(page.locator(".stage [role=status]")).to_contain_text("x 5.")


def test_a_pointer_over_a_plot_reads_its_curves_and_marks_them(told_page: Page) -> None:
    rising = line([0, 10], [0, 20], label="rising")
    page = tell(told_page, plot(rising, line([0, 10], [5, 5], label="level", color=1)))
    expect(page.locator(".canvas svg path").first).to_be_visible()
    x, y = middle_of(page)
    page.mouse.move(x, y)
    readout = page.locator(".readout")
    expect(readout).to_contain_text("rising")
    values = [float(text) for text in readout.locator("strong").all_inner_texts()]
    assert 9 < values[0] < 11
    assert values[1] == 5
    expect(page.locator(".dots circle")).to_have_count(2)
    # Who listens is told what they ask for, not what a pointer passes.
    page.wait_for_timeout(500)
    expect(page.locator(".stage [role=status]")).to_be_empty()
    page.mouse.move(5, 5)
    expect(readout).to_have_count(0)
    expect(page.locator(".dots circle")).to_have_count(0)


def test_a_click_on_free_ground_places_a_point(told_page: Page) -> None:
    placing = {"input": "at", "template": "t={x}", "label": "Click to choose the point."}
    page = tell(told_page, plot(surface(), placing=placing))
    expect(page.locator(".canvas svg image")).to_have_count(1)
    page.mouse.click(*middle_of(page))
    expect(page).to_have_url(re.compile("&at=t="))
    assert 4 < float(page.url.split("&at=t=")[1]) < 6
    expect(page.locator("main[data-state=answered]")).to_be_visible()
    page.get_by_role("application", name="Click to choose the point.").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"&at=t=4\.\d*$"))


def test_a_plot_is_brought_nearer_and_the_page_scrolls_on(told_page: Page) -> None:
    page = tell(told_page, plot(surface()), *[{"kind": "prose", "text": f"Line {i}."} for i in range(40)])
    expect(page.locator(".canvas svg image")).to_have_count(1)
    x, y = middle_of(page)
    page.mouse.move(x, y)
    whole = page.get_by_role("button", name="Whole range")
    page.mouse.wheel(0, 120)
    page.wait_for_function("() => scrollY > 0")
    expect(whole).to_have_count(0)
    page.evaluate("() => scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    expect(whole).to_have_count(1)
    assert page.evaluate("() => scrollY") == 0
    ticks = page.locator(".canvas").first.locator("svg text")
    near = ticks.all_text_contents()
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=5)
    page.mouse.up()
    page.wait_for_function("near => [...document.querySelectorAll('.canvas svg text')].some("
                           "(text, i) => text.textContent !== near[i])", arg=near)  # fmt: skip
    expect(page.locator(".readout")).to_have_count(0)
    # Two clicks make a double click only on the same picture: the last one of the drag has to be there.
    page.evaluate(
        """async () => {
            const drawn = () => document.querySelector('.canvas svg');
            for (let [last, same] = [drawn(), 0]; same < 15; same = last === drawn() ? same + 1 : 0) {
                last = drawn();
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    page.mouse.dblclick(x, y)
    expect(whole).to_have_count(0)


def chain() -> dict[str, Any]:
    """x, then a and b in a folded group, then y."""
    block = told.graph("xaby", ["xa", "ab", "by"])
    block["groups"] = [{"id": "g", "label": "layer one", "parent": "", "folded": True}]
    for node in block["nodes"][1:3]:
        node["group"] = "g"
    return block


def test_a_group_opens_and_folds(told_page: Page) -> None:
    page = tell(told_page, chain())
    nodes = page.locator(".graph-node")
    expect(nodes).to_have_count(3)
    page.get_by_role("button", name="layer one 2 steps").click()
    expect(nodes).to_have_count(4)
    page.get_by_role("button", name="layer one", exact=True).click()
    expect(nodes).to_have_count(3)


def test_a_graph_is_walked_along_its_edges(told_page: Page) -> None:
    page = tell(told_page, chain())
    about = page.locator(".graph-about")
    page.locator(".graph-node[data-id=x]").focus()
    expect(about).to_contain_text("about x")
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("layer one, 2 steps")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(about).to_contain_text("about y")
    page.keyboard.press("ArrowLeft")
    expect(about).to_contain_text("about b")
    scale = page.locator(".board").evaluate("node => node.getBoundingClientRect().width")
    page.keyboard.press("+")
    page.wait_for_function("was => document.querySelector('.board').getBoundingClientRect().width > was", arg=scale)


def test_a_graph_is_computed_forward_and_backward(told_page: Page) -> None:
    page = tell(told_page, told.graph("xay", ["xa", "ay"]))
    shown = page.locator(".graph-node [data-shown=true]")
    expect(shown).to_have_count(6)
    slider = page.get_by_role("slider", name="step")
    slider.press("Home")
    expect(shown).to_have_count(0)
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(shown).to_have_count(2)
    expect(page.locator(".graph-node[data-now=forward]")).to_have_attribute("data-id", "a")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(page.locator(".graph-node[data-now=back]")).to_have_attribute("data-id", "y")
    expect(page.locator(".graph-adjoint[data-shown=true]")).to_have_count(1)
    expect(page.locator(".timeline-caption")).to_contain_text("Backward")


def test_a_plot_can_be_taken_away(told_page: Page) -> None:
    told_page.emulate_media(color_scheme="dark")
    page = tell(told_page, plot(surface(), curve(50, label="loss"), title="Falling", timeline=timeline(49)))
    expect(page.locator(".canvas svg image")).to_have_count(1)
    files = {}
    for item in ("Picture (PNG)", "Drawing (SVG)", "Numbers (CSV)"):
        page.get_by_role("button", name="More: Falling").press("Enter")
        with page.expect_download() as waited:
            page.get_by_role("button", name=item).click()
        files[waited.value.suggested_filename] = Path(waited.value.path()).read_bytes()
    assert files["nabla-falling.png"].startswith(b"\x89PNG")
    svg = files["nabla-falling.svg"].decode()
    assert "var(" not in svg
    assert "light-dark" not in svg
    assert ">Falling</text>" in svg
    assert 'fill="rgb(253, 252, 249)"' in svg
    assert files["nabla-falling.csv"].decode().startswith("series,x,y,z,when\nheight,0,0,0,")
    expect(page.get_by_role("button", name="More: Falling")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_everybody_can_use_what_moves(told_page: Page, width: int, scheme: str) -> None:
    told_page.set_viewport_size({"width": width, "height": 800})
    told_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    moving = plot(surface(), curve(20, label="loss", color=7), timeline=timeline(19), title="Falling")
    table = {"kind": "table", "columns": [{"label": "a", "unit": "m", "align": "right"}], "rows": [[1]], "caption": ""}
    page = opened(tell(told_page, plot(line([0, 1], [0, 1])), moving, chain(), table), "why")
    expect(page.locator(".board[data-placed=true]")).to_be_visible()
    expect(page.locator(".canvas svg image")).to_have_count(1)
    page.get_by_role("application", name="Falling").press("ArrowRight")
    page.get_by_role("button", name="More: Falling").press("Enter")
    page.locator(".graph-node").first.hover()
    page.wait_for_timeout(300)  # fades have ended
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
