"""From the click on a link to the answer: the built page against a bare page of stock Pyodide with the same packages.

Both answer the same derivative in a worker of the same Chromium, alternating, each visit in a browser of its own: cold
with an empty profile, warm with a profile that has seen the page before. "Live" is an answer that Python computed in
that visit, "shown" one to a question whose answer the build has prepared. `--runs N` sets how many visits the medians
are over.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserType, sync_playwright

from tests.bench._figures import Figure, report
from tools import browser
from tools.environment import CACHE, DIST
from tools.serve import Server

SHOWN = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"
LIVE = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=7"
FIGURES = (
    ("link to live answer", "live", "seconds"),
    ("link to answer shown", "shown", "seconds"),
    ("live answer, over the wire", "live", "megabytes"),
)
# The largest ratios to stock Pyodide that will do, by kind of visit, page and unit.
BOUNDS: dict[tuple[str, str, str], float] = {}

_SETTLE = 4000  # ms after a first visit in which the browser stores what it compiled
# Notes when the answer is there, by the page's own clock, which starts with the navigation.
_NOTE = """
const seen = () => {
    const state = document.querySelector('main#answer')?.dataset.state;
    if (state === 'answered' || state === 'error') globalThis.answeredAt ??= [performance.now(), state];
    else requestAnimationFrame(seen);
};
seen();
"""


@dataclass(frozen=True)
class Visit:
    """What one visit took until the answer: seconds, and megabytes over the wire."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Page:
    """A page under test."""

    name: str
    server: Server
    link: str = ""

    def visit(self, chromium: BrowserType, profile: Path, settle: int = 0) -> Visit:
        """Open the page in a browser of its own with this profile.

        Raises:
            RuntimeError: when the page answers with an error.
        """
        before = self.server.sent
        context = chromium.launch_persistent_context(
            profile, executable_path=browser.executable("chromium"), args=browser.flags()
        )
        try:
            page = context.pages[0]
            page.add_init_script(_NOTE)
            page.goto(self.server.url + self.link)
            # Only what went over the wire until the answer: a service worker may go on fetching for later visits.
            noted = page.wait_for_function("() => globalThis.answeredAt", timeout=180_000).json_value()
            sent = self.server.sent - before
            if noted[1] != "answered":
                raise RuntimeError(f"{self.name} failed: {page.locator('main').inner_text()}")
            page.wait_for_timeout(settle)
        finally:
            context.close()
        return Visit(noted[0] / 1000, sent / 1e6)


@contextmanager
def pages() -> Iterator[list[Page]]:
    """The built page with two questions, and the stock page, served from copies that stay as they are."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="startup-") as folder, ExitStack() as stack:
        ours, stock = Path(folder) / "ours", Path(folder) / "stock"
        shutil.copytree(DIST, ours)
        shutil.copytree(Path(__file__).parent / "stock", stock)
        shutil.copytree(next((DIST / "python").glob("*/")), stock / "python")
        server = stack.enter_context(Server(ours, "nabla"))
        yield [
            Page("live", server, LIVE),
            Page("shown", server, SHOWN),
            Page("stock", stack.enter_context(Server(stock))),
        ]


def measure(runs: int) -> dict[tuple[str, str], list[Visit]]:
    """The visits by (kind, page)."""
    visits: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    with (
        tempfile.TemporaryDirectory(dir=CACHE, prefix="profiles-") as folder,
        pages() as tested,
        sync_playwright() as pw,
    ):
        for page in tested:
            page.visit(pw.chromium, Path(folder) / page.name, settle=_SETTLE)
        for run in range(runs):
            for page in tested:
                cold = page.visit(pw.chromium, Path(folder) / f"cold-{page.name}-{run}")
                warm = page.visit(pw.chromium, Path(folder) / page.name)
                visits["cold", page.name].append(cold)
                visits["warm", page.name].append(warm)
                print(
                    f"run {run + 1}/{runs} {page.name}: cold {cold.seconds:.2f} s, warm {warm.seconds:.2f} s",
                    flush=True,
                )
                shutil.rmtree(Path(folder) / f"cold-{page.name}-{run}", ignore_errors=True)
    return visits


def main() -> int:
    """Measure, print the table, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    visits = measure(runs)
    figures = []
    for label, name, unit in FIGURES:
        for kind in ("cold", "warm"):
            ours, stock = (median(getattr(visit, unit) for visit in visits[kind, which]) for which in (name, "stock"))
            figures.append(Figure(f"{kind}: {label}", unit, ours, stock, BOUNDS.get((kind, name, unit))))
    return report(f"Start-up in Chromium, medians of {runs} visits, alternating", "stock", figures)


if __name__ == "__main__":
    sys.exit(main())
