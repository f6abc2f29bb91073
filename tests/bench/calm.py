"""Whether the page stays where it is and answers at once: layout shift and input delay, lab by lab.

Each lab's first question of the gallery is opened with an empty profile on a phone and on a desktop, once with the
answer that the build prepared and once without it, so that Python computes it; what moves until a while after is summed
up as browsers do. Then keys are typed into the lab's first field while Python starts and works, and the longest wait
between a key and the first line of ours that hears it is taken. Neither has a rival: the figures stand beside what the
page allows itself, 0.02 and 100 ms.
"""

from __future__ import annotations

import json
import sys

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench._figures import Figure, report
from tools import browser
from tools.environment import DIST, ROOT
from tools.serve import Server

SHIFT, DELAY = 0.02, 100.0
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}

_AFTER = 4000  # ms in which an answer that is there may still move
_WATCH = """
globalThis.moved = 0;
globalThis.waited = 0;
const each = (type, act, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true, ...more });
each('layout-shift', (entry) => { if (!entry.hadRecentInput) moved += entry.value; });
each('event', (entry) => { waited = Math.max(waited, entry.processingStart - entry.startTime); },
    { durationThreshold: 16 });
"""
_ANSWERED = "main[data-state=answered], .start"


def opened(chromium: Browser, address: str, size: tuple[int, int], prepared: bool) -> Page:
    """A page in a profile of its own; without `prepared`, the build's answers do not arrive."""
    page = chromium.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.add_init_script(_WATCH)
    if not prepared:
        page.route("**/assets/*.json", lambda route: route.abort())
    page.goto(address)
    return page


def moved(chromium: Browser, address: str, size: tuple[int, int], prepared: bool) -> float:
    """How far things move until the answer has been there for a while."""
    page = opened(chromium, address, size, prepared)
    page.wait_for_selector(_ANSWERED, timeout=90_000)
    page.wait_for_timeout(_AFTER)
    found: float = page.evaluate("() => moved")
    page.context.close()
    return found


def waited(chromium: Browser, address: str) -> float:
    """The longest wait in ms of a key, typed while Python starts and, after each pause, while it answers."""
    page = opened(chromium, address, SIZES["desktop"], prepared=False)
    page.wait_for_selector(".box :is(input[type=text], textarea, .paste)")
    if page.locator(".paste").count():
        page.locator(".paste").click()
    field = page.locator(".box :is(input[type=text], textarea)").first
    field.click()
    page.keyboard.press("Control+End")
    for burst in range(8):
        for _ in range(12):
            page.keyboard.press("Space" if burst % 2 == 0 else "Backspace")
            page.wait_for_timeout(40)
        page.wait_for_timeout(450)
    page.wait_for_timeout(300)
    found: float = page.evaluate("() => waited")
    page.context.close()
    return found


def main() -> int:
    """Visit the start page and every lab; print what moves and what waits."""
    examples = json.loads((ROOT / "app" / "generated" / "gallery.json").read_text(encoding="utf-8"))
    links = {"start": ""} | {example["lab"]: example["link"] for example in reversed(examples)}
    figures = []
    with Server(DIST, prefix="nabla") as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.executable("chromium"), args=browser.flags())
        for lab, link in links.items():
            for prepared in (True, False) if link else (True,):
                what = (
                    f"{lab}, {'prepared' if prepared else 'computed'}: layout shift" if link else "start: layout shift"
                )
                most = max(moved(chromium, site.url + link, size, prepared) for size in SIZES.values())
                figures.append(Figure(what, "", most, SHIFT, 1.0))
            figures.append(Figure(f"{lab}: longest wait of a key", "ms", waited(chromium, site.url + link), DELAY, 1.0))
    return report("What moves, and what waits", "allowed", figures)


if __name__ == "__main__":
    sys.exit(main())
