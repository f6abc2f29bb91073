"""Training in the page: how long it takes with live curves, and how soon the page answers its reader meanwhile.

From the input to the next picture is what the browser's own Event Timing says of every key, while two networks train
side by side and their plots grow. The time between frames is that of the browser's animation frames meanwhile.
"""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.bench._figures import Figure
from tools import browser
from tools.environment import DIST
from tools.serve import Server

STEPS = 60_000
LIMIT = 4000.0
RESPONSE = 100.0
KEYS = 40
NETWORK = "#/train?X=0,0,1;0,1,1;1,0,1;1,1,1&y=0;1;1;0&hidden=4&rate=0.5&compare=auto&steps={}&backward={}&seed={}"
# Keys that the browser reports on; those whose picture comes within 16 ms are not reported, and counted as 16.
_LISTEN = """() => {
    globalThis.keys = [];
    new PerformanceObserver((list) => {
        for (const { name, duration, startTime } of list.getEntries())
            if (name === 'keydown' || name === 'input') keys.push([startTime, duration]);
    }).observe({ type: 'event', durationThreshold: 16 });
}"""
# The longest time between two frames in two seconds.
_FRAMES = """() => new Promise((resolve) => {
    let [start, last, worst] = [0, 0, 0];
    const look = (now) => {
        if (last) worst = Math.max(worst, now - last);
        start ||= now;
        last = now;
        if (now - start < 2000) requestAnimationFrame(look);
        else resolve(worst);
    };
    requestAnimationFrame(look);
})"""
_STREAMING = "() => document.querySelectorAll('.blocks[data-growing=true] figure').length > 3"


def measure() -> list[Figure]:
    """The figures of the built site in Chromium."""
    with sync_playwright() as playwright, Server(DIST, "nabla") as here:
        chromium = playwright.chromium.launch(executable_path=browser.executable("chromium"), args=browser.flags())
        page = chromium.new_page()
        page.set_default_timeout(180_000)
        page.goto(here.url + NETWORK.format(10, "right", 1))
        page.wait_for_selector("main[data-state=answered]")
        page.wait_for_function("() => globalThis.nabla")
        taken = min(_answered(page, here.url, seed) for seed in (2, 3, 4))
        between = _frames(page)
        walking, typing = _keys(page, here.url)
        chromium.close()
    return [
        Figure(f"in the page: {STEPS:,} steps with live curves, beside what is allowed", "ms", taken, LIMIT, 1.0),
        Figure("in the page, two networks streaming: longest time between frames", "ms", between, RESPONSE, 1.0),
        Figure(
            "in the page, two networks streaming: worst of 40 Tab keys to the picture", "ms", walking, RESPONSE, 1.0
        ),
        Figure("in the page, two networks streaming: worst of 40 letters typed", "ms", typing, RESPONSE, 1.0),
    ]


def _answered(page: Page, site: str, seed: int) -> float:
    """Milliseconds from the question to the answer, one network with its curves."""
    return float(page.evaluate(
        """async (hash) => {
            const main = document.querySelector('main');
            const start = performance.now();
            location.hash = hash;
            await new Promise((resolve) => {
                let seen = false;
                new MutationObserver(() => {
                    if (main.dataset.state !== 'answered') seen = true;
                    else if (seen) resolve();
                }).observe(main, { attributes: true });
            });
            return performance.now() - start;
        }""",
        NETWORK.format(STEPS, "right", seed),
    ))  # fmt: skip


def _frames(page: Page) -> float:
    """The longest time between two frames in two seconds of streaming, in milliseconds; median of three such times."""
    page.evaluate("(hash) => { location.hash = hash }", NETWORK.format(400_000, "asker", 7))
    page.wait_for_function(_STREAMING)
    worst = [float(page.evaluate(_FRAMES)) for _ in range(3)]
    if not page.evaluate(_STREAMING):
        raise RuntimeError("the networks were trained before the frames were counted")
    _stop(page)
    return median(worst)


def _stop(page: Page) -> None:
    page.keyboard.press("Escape")
    page.wait_for_selector("main[data-state=answered], main[data-state=stale], main[data-state=error]")
    page.wait_for_timeout(500)


def _keys(page: Page, site: str) -> tuple[float, float]:
    """The longest times from a key to the next picture, in milliseconds: of keys that move the focus, of letters."""
    page.evaluate(_LISTEN)
    worst = []
    for seed, press in (
        (5, lambda i: page.keyboard.press("Tab")),
        (6, lambda i: page.keyboard.type("0123456789"[i % 10])),
    ):
        page.evaluate("(hash) => { location.hash = hash }", NETWORK.format(400_000, "asker", seed))
        page.wait_for_function(_STREAMING)
        page.evaluate("() => { keys.length = 0 }")
        if seed == 6:
            page.locator(".understood .chip", has_text="Rate").click()
            page.get_by_role("textbox", name="Rate").focus()
        for i in range(KEYS):
            press(i)
            page.wait_for_timeout(80)
        if not page.evaluate(_STREAMING):
            raise RuntimeError("the networks were trained before the keys were pressed")
        page.wait_for_timeout(300)
        worst.append(max([16.0, *(duration for _, duration in page.evaluate("() => keys"))]))
        _stop(page)
    return worst[0], worst[1]
