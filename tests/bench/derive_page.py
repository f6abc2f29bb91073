"""The derive lab in the page: from text to document, warm, against the time that is allowed."""

from __future__ import annotations

from statistics import median

from playwright.sync_api import sync_playwright

from tests.bench._figures import Figure
from tools import browser
from tools.environment import DIST
from tools.serve import Server

ALLOWED_MEDIAN = 150.0
ALLOWED_WORST = 3000.0
# One run each, in milliseconds, after one that warms up; what takes longer than the page's limit counts as that.
_ASKED = """async (questions) => {
    await nabla.run('derive', { f: 'x^2 sin x', wrt: 'x' });
    const times = [];
    for (const [f, wrt] of questions) {
        const start = performance.now();
        await nabla.run('derive', { f, wrt });
        times.push(performance.now() - start);
    }
    return times;
}"""


def measure(textbook: list[tuple[str, str, str]], table: list[tuple[str, str, str]]) -> list[Figure]:
    """The median over `textbook` and the worst of `table`, entries of group, function and variable."""
    with sync_playwright() as playwright, Server(DIST, "nabla") as here:
        chromium = playwright.chromium.launch(executable_path=browser.executable("chromium"), args=browser.flags())
        page = chromium.new_page()
        page.set_default_timeout(180_000)
        page.goto(here.url + "#/derive")
        page.wait_for_function("() => globalThis.nabla", timeout=60_000)
        usual, all_of_them = (page.evaluate(_ASKED, [[f, v] for _, f, v in some]) for some in (textbook, table))
        chromium.close()
    worst = max(zip(all_of_them, table, strict=True))
    print(f"worst in the page: {worst[1][1]}, {worst[0]:.0f} ms")
    return [
        Figure("in the page: textbook, median, beside what is allowed", "ms", median(usual), ALLOWED_MEDIAN, 1.0),
        Figure("in the page: worst of the table, beside what is allowed", "ms", worst[0], ALLOWED_WORST, 1.0),
    ]
