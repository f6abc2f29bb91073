"""What can go wrong on the way to Python: the page ends up working, or says what is wrong and how to go on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import LIVE, OWN, START, answered, changed
from tools.serve import Server

Break = Callable[[Route, bytes], None]
DERIVED = "async () => (await nabla.run('derive', { f: 'x^5' })).values.derivative"

# In the page: the one file that a visit leaves in the browser's private file system, once it is written whole.
IMAGE = """async () => {
    const { sideModules, memory } = nablaEarly.build.python.snapshot.image;
    const whole = [...sideModules.parts, ...memory.parts].reduce((sum, bytes) => sum + bytes);
    for (let patience = 0; patience < 600; patience++) {
        const root = await navigator.storage.getDirectory();
        for await (const folder of root.values())
            for await (const file of folder.values())
                if ((await file.getFile()).size === whole) return file.name;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}"""
SPOIL = """async (spoil) => {
    const root = await navigator.storage.getDirectory();
    for await (const folder of root.values())
        for await (const file of folder.values()) {
            const writable = await file.createWritable({ keepExistingData: true });
            const { size } = await file.getFile();
            if (spoil === 'shortened') await writable.truncate(size - 1);
            else await writable.write({ type: 'write', position: spoil === 'memory' ? size - 5e6 : 1e6, data: 'X' });
            await writable.close();
        }
}"""


def question(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("Function", exact=True)


def gone(route: Route) -> None:
    route.fulfill(status=404, body="not found")


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


SABOTAGE: dict[str, tuple[str, Callable[[bytes], bytes] | None]] = {
    "snapshot missing": ("**/snapshot-*.bin", None),
    "snapshot truncated": ("**/snapshot-*.bin", lambda data: data[:-1000]),
    "snapshot empty": ("**/snapshot-*.bin", lambda data: b""),
    "one byte flipped": ("**/snapshot-*.bin", flipped),
    "of another build": ("**/pyodide.mjs", lambda data: re.sub(rb'(BUILD_ID:")....', rb"\g<1>0000", data)),
    "side module missing": ("**/_pocketfft_umath-*.wasm", None),
}

# The one that is followed to the answer: from there on, one ordinary start is as another.
WHOLE = "one byte flipped"


@pytest.mark.allow_page_errors("404|console: Failed to load")
@pytest.mark.parametrize("what", SABOTAGE)
def test_a_quick_start_that_is_spoilt_becomes_an_ordinary_one(page: Page, what: str) -> None:
    address, change = SABOTAGE[what]
    if change:
        changed(page.context, address, change)
    else:
        page.context.route(address, gone)
    with page.expect_console_message(lambda line: "quick start did not work" in line.text, timeout=START):
        page.goto(LIVE)
        question(page).fill("x^2")
        question(page).fill("7t^2-5t")
    if what == WHOLE:
        answered(page)
        assert page.evaluate(DERIVED) == "5*x**4"
        kept = page.evaluate(f"() => localStorage.getItem({OWN} + 'nabla.start')")
        assert kept.startswith(page.evaluate("() => nabla.version")), "the next visit of this version would try in vain"


@pytest.mark.allow_page_errors("404|console: ")
def test_without_its_program_python_says_so_and_can_be_tried_again(page: Page) -> None:
    page.context.route("**/pyodide.asm.wasm", gone)
    page.goto(LIVE)
    question(page).fill("x^6")
    failure = page.locator(".engine.failed")
    expect(failure).to_contain_text("pyodide.asm.wasm could not be fetched", timeout=START)
    page.context.unroute("**/pyodide.asm.wasm")
    failure.get_by_role("button", name="Try again").click()
    answered(page)
    expect(question(page)).to_have_value("x^6")


@pytest.mark.allow_page_errors("the worker fell|uncaught")
def test_a_worker_that_dies_while_it_starts_can_be_started_again(page: Page) -> None:
    fall = b"\nsetTimeout(() => { throw new Error('the worker fell') }, 30);"
    changed(page.context, "**/worker-*.js", lambda data: data + fall, times=1)
    page.goto(LIVE)
    question(page).fill("x^6")
    failure = page.locator(".engine.failed")
    expect(failure).to_contain_text("the worker fell", timeout=START)
    failure.get_by_role("button", name="Try again").click()
    answered(page)
    expect(question(page)).to_have_value("x^6")


def test_a_worker_that_vanishes_in_the_middle_of_a_job_is_replaced(
    page: Page, ask: Callable[[Page, str], Page]
) -> None:
    ask(page, LIVE)
    page.workers[0].evaluate("() => void setTimeout(() => self.close())")
    question(page).fill("x^8")
    expect(page.locator("[data-tex*='x^{8}']").first).to_be_visible(timeout=START)
    answered(page)
    expect(question(page)).to_have_value("x^8")


@pytest.mark.allow_page_errors("request failed: .*ERR_FAILED")
def test_what_is_left_on_the_device_is_used_and_checked(page: Page) -> None:
    said: list[str] = []
    fetched: list[str] = []
    page.goto(LIVE)
    answered(page)
    name = page.evaluate(IMAGE)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.on("console", lambda message: said.append(message.text))
    page.context.on("request", lambda request: fetched.append(request.url))
    page.reload()
    answered(page)
    assert not [address for address in fetched if address.endswith(".so.wasm") or "/snapshot-" in address]
    for spoil in ("side modules", "memory", "shortened"):
        said.clear()
        fetched.clear()
        page.evaluate(SPOIL, spoil)
        page.reload()
        answered(page)
        assert page.evaluate(DERIVED) == "5*x**4"
        assert [address for address in fetched if address.endswith(".bin")], spoil
        assert bool([line for line in said if "is of no use" in line]) == (spoil != "shortened"), spoil
        assert page.evaluate(f"() => localStorage.getItem({OWN} + 'nabla.start')") is None
        assert page.evaluate(IMAGE) == name, spoil


@pytest.mark.allow_page_errors("ERR_CACHE_MISS")
def test_what_the_browser_has_dropped_is_not_fetched_again(page: Page) -> None:
    answers: list[str] = []
    page.goto(LIVE)
    answered(page)
    page.evaluate(IMAGE)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.on("response", lambda response: answers.append(response.url))
    page.reload()
    answered(page)
    assert [address for address in answers if address.endswith("pyodide.asm.wasm")]
    answers.clear()
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.reload()
    answered(page)
    assert page.evaluate(DERIVED) == "5*x**4"
    assert not [address for address in answers if address.endswith(("pyodide.asm.wasm", ".so.wasm"))]


@pytest.mark.parametrize("refusal", ["Promise.reject(new DOMException('no', 'SecurityError'))", "undefined.no"])
def test_without_a_file_system_nothing_is_left_and_all_works(page: Page, refusal: str) -> None:
    refuse = f"navigator.storage.getDirectory = () => {refusal};\n"
    changed(page.context, "**/worker-*.js", lambda data: refuse.encode() + data)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with page.expect_console_message(lambda message: "nothing could be left" in message.text):
        page.goto(LIVE)
        answered(page)
        assert page.evaluate(DERIVED) == "5*x**4"
    assert not [line for line in said if "quick start" in line]


@pytest.mark.parametrize(
    "what", ["caches.open = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));"]
)
def test_a_full_device_keeps_nothing_and_breaks_nothing(page: Page, what: str) -> None:
    changed(page.context, "**/sw.js", lambda data: what.encode() + data)
    page.goto(LIVE)
    answered(page)
    page.reload()
    answered(page)
    assert page.evaluate(DERIVED) == "5*x**4"


# Python is held where the second wall (app/engine/wall.ts) does not look.
RANDOM = """() => Math.python.runPython(`
    import random, secrets, numpy
    [random.random(), float(numpy.random.rand()), secrets.token_hex(4), numpy.random.default_rng().random()]
`).toJs()"""


def test_two_restores_draw_different_random_numbers(page: Page) -> None:
    within = b"""
        import { loadPyodide as load } from './pyodide.mjs?real';
        export const loadPyodide = async (options) => (Math.python = await load(options));
    """
    real = re.compile(r"/pyodide\.mjs$")
    page.context.route(real, lambda route: route.fulfill(body=within, content_type="text/javascript"))
    drawn = []
    for _ in range(2):
        page.goto(LIVE)
        answered(page)
        drawn.append(page.workers[0].evaluate(RANDOM))
        page.goto("about:blank")
    assert all(one != other for one, other in zip(*drawn, strict=True))


@pytest.fixture
def versions(dist: Path, tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server whose folder may be exchanged for that of a newer version, and that folder."""
    older, newer = tmp_path / "older", tmp_path / "newer"
    for folder in (older, newer):
        shutil.copytree(dist, folder)
    (snapshot,) = newer.glob("python/*/snapshot-*.bin")
    snapshot.rename(snapshot.with_name("snapshot-newer.bin"))
    version = re.search(r'"version":"([0-9a-f]+)"', (newer / "index.html").read_text(encoding="utf-8"))
    assert version
    for name in ("index.html", "sw.js"):
        text = (newer / name).read_text(encoding="utf-8")
        changed = text.replace(version[1], "0123456789abcdef").replace(snapshot.name, "snapshot-newer.bin")
        (newer / name).write_text(changed, encoding="utf-8")
    with Server(older, prefix="nabla") as server:
        yield server, newer


@pytest.mark.allow_page_errors("404|console: Failed to load|request failed: .*ERR_FAILED")
def test_two_tabs_of_two_versions_live_side_by_side(
    page: Page, context: BrowserContext, versions: tuple[Server, Path]
) -> None:
    server, newer = versions
    page.goto(server.url + LIVE)
    answered(page)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    answered(page)
    server.folder = newer
    other = context.new_page()
    other.goto(server.url + LIVE)
    other.reload()  # what a browser has seen a minute ago it does not ask for again
    answered(other)
    assert other.evaluate("() => nabla.version") != page.evaluate("() => nabla.version")
    for tab in (page, other):
        question(tab).fill("x^4")
        tab.get_by_role("button", name="Stop").or_(tab.locator("main[data-state=answered]")).first.wait_for()
        assert tab.evaluate(DERIVED) == "5*x**4"
    page.reload()
    answered(page)
    assert other.evaluate("() => nabla.version") == page.evaluate("() => nabla.version")


def test_the_branch_for_iphones_starts_quickly_too(page: Page) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
    pretend = f"Object.defineProperty(navigator, 'userAgent', {{ value: {agent!r} }});\n"
    pretend += "console.pretended = navigator.userAgent;\n"  # the worker takes its navigator away
    changed(page.context, "**/worker-*.js", lambda data: pretend.encode() + data)
    page.goto(LIVE)
    answered(page)
    assert page.workers[0].evaluate("() => console.pretended") == agent
    assert page.evaluate(DERIVED) == "5*x**4"
    assert page.evaluate(f"() => localStorage.getItem({OWN} + 'nabla.start')") is None
