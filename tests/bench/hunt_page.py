"""Inputs of all labs made by chance, through the page's Python and through CPython: the answers must be the same.

`python build.py bench hunt_page [COUNT [SEED]]` prints where they differ and, last, `N bounds met, M missed`.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from tests.bench._figures import Figure, report
from tests.generated import ordinary
from tests.two_worlds import apart
from tools import browser
from tools.environment import DIST
from tools.serve import Server

SHOWN = 3  # differences told of one input


def main(words: list[str]) -> int:
    """Compare so many inputs."""
    count, seed = (int(word) for word in [*words, *["2000", "1"][len(words) :]])
    wrong = 0
    with sync_playwright() as playwright, Server(DIST, "nabla") as here:
        chromium = playwright.chromium.launch(executable_path=browser.executable("chromium"), args=browser.flags())
        page = chromium.new_page()
        page.set_default_timeout(180_000)
        page.goto(here.url + "#/derive")
        page.wait_for_function("() => globalThis.nabla", timeout=60_000)
        for lab, inputs in ordinary(count, seed):
            found = apart(page, lab, inputs)
            wrong += bool(found)
            if found:
                print(lab, inputs, *found[:SHOWN], sep="\n  ", flush=True)
        chromium.close()
    return report("The page beside CPython", "allowed", [Figure(f"answers that differ, of {count}", "", wrong, 0, 1.0)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
