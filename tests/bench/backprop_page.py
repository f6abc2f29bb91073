"""Programs answered in the page, from text to document, against the time that is allowed."""

from __future__ import annotations

from dataclasses import astuple

from playwright.sync_api import sync_playwright

from tests.bench._figures import Figure
from tools import browser
from tools.environment import DIST
from tools.serve import Server

# The shortest of several runs, in milliseconds, after one that warms up.
_ASKED = """async ([code, runs]) => {
    const times = [];
    for (let run = 0; run <= runs; run++) {
        const start = performance.now();
        await nabla.run('backprop', { code });
        times.push(performance.now() - start);
    }
    return Math.min(...times.slice(1));
}"""


def measure(programs: dict[str, tuple[str, float]]) -> list[Figure]:
    """For every name a program and the milliseconds it is allowed: what the built site takes in Chromium."""
    with sync_playwright() as playwright, Server(DIST, "nabla") as here:
        chromium = playwright.chromium.launch(executable_path=browser.executable("chromium"), args=browser.flags())
        page = chromium.new_page()
        page.set_default_timeout(180_000)
        page.goto(here.url + "#/backprop")
        page.wait_for_function("() => globalThis.nabla", timeout=60_000)
        figures = [
            Figure(f"in the page: {name}, beside what is allowed", "ms", page.evaluate(_ASKED, [code, 4]), allowed, 1.0)
            for name, (code, allowed) in programs.items()
        ]
        chromium.close()
    return figures


def main(programs: dict[str, tuple[str, float]]) -> list[tuple[object, ...]]:
    """The figures as lists, for JSON."""
    return [astuple(figure) for figure in measure(programs)]
