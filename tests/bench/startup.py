"""From the click on a link to the answer: the built page against a bare page of stock Pyodide with the same packages.

Both differentiate the same function and transform four numbers in a worker (the page does the latter while it wakes up,
where it proves itself), alternating, each visit in a browser of its own: cold with an empty profile, warm with a
profile that has seen the page before. "Live" is an answer that Python computed in that visit, "shown" one to a question
whose answer the build has prepared. The slow line is a server that lets 20 Mbit/s through and waits 40 ms before each
answer. Memory is what the system counts as resident for the page's process, worker and all. Firefox and WebKit are
measured where they are installed, by second visits in one window for each page. `--runs N` sets how many visits the
medians are over.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserType, Page, sync_playwright

from tests.bench._figures import Figure, report
from tests.engines.drivers import DRIVERS, Driver, DriverError
from tools import browser
from tools.environment import CACHE, DIST
from tools.serve import Server

SHOWN = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2"
LIVE = "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=7"
# What is measured: kind of visit, page, what of it, and the largest ratio to stock Pyodide that will do.
FIGURES = (
    ("warm: link to live answer", "warm", "live", "seconds", 0.13),
    ("cold: link to live answer", "cold", "live", "seconds", 0.30),
    ("cold, slow line: link to live answer", "slow", "live", "seconds", 1.0),
    ("cold: live answer, over the wire", "cold", "live", "megabytes", 18 / 13.9),
    ("warm: link to answer shown", "warm", "shown", "seconds", 0.05),
    ("cold: link to answer shown", "cold", "shown", "seconds", None),
    ("warm: memory of the page's process", "warm", "live", "resident", 1.2),
    ("warm, Firefox: link to live answer", "firefox", "live", "seconds", 0.20),
    ("warm, WebKit: link to live answer", "webkit", "live", "seconds", 0.20),
)
UNITS = {"resident": "megabytes"}
SLOW = {"pace": 20, "latency": 0.04}

_SETTLE = 5000  # ms after a first visit in which the browser stores what it keeps
_CALM = 700  # ms that a browser has for its own start, which is no part of the visit
# Notes when the answer is there, by the page's own clock, which starts with the navigation. It looks only when the page
# has changed, since a look at every frame would make the browser draw frames that nobody needs; and with the next
# frame, since before that it would make the page lay itself out once more than it has to.
_SAID = "the answer is there"
_NOTE = f"""
let changed = false;
const look = () => {{
    if (!changed) return;
    changed = false;
    const main = document.querySelector('main#answer');
    const state = main?.dataset.state;
    if (state !== 'answered' && state !== 'error') return;
    // What is drawn later takes no room yet: the answer is there when what is drawn fills the window.
    const later = main.querySelector('[data-later]');
    if (later && later.parentElement.getBoundingClientRect().bottom < innerHeight) return;
    watch.disconnect();
    globalThis.answeredAt = [performance.now(), state];
    console.debug({_SAID!r});
}};
const soon = () => {{
    if (changed) return;
    changed = true;
    requestAnimationFrame(look);
    setTimeout(look, 50);  // a browser whose window is on no screen may draw no frames
}};
const watch = new MutationObserver(soon);
watch.observe(document, {{ subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] }});
soon();
"""
_NOTED = f"new Promise((resolve) => {{ {_NOTE} setInterval(() => globalThis.answeredAt && resolve(answeredAt), 50) }})"
# Milliseconds from Stop, in the middle of some work, to the next answer.
_STOP = """async () => {
    const calls = Array.from({ length: 40 }, (_, n) => nabla.run('derive', { f: `sin(x)^${n + 5}` }));
    await new Promise((resolve) => setTimeout(resolve, 150));
    const start = performance.now();
    nabla.stop();
    await nabla.run('derive', { f: '(w*x-y)^2', wrt: 'w', at: 'w=3,x=2,y=7' });
    const took = performance.now() - start;
    const ends = await Promise.allSettled(calls);
    return ends.some(({ status }) => status === 'rejected') ? took : NaN;
}"""


@dataclass(frozen=True)
class Visit:
    """What one visit took until the answer: seconds, megabytes over the wire, and megabytes of memory."""

    seconds: float
    megabytes: float = 0.0
    resident: float = 0.0
    after_stop: float = 0.0


@dataclass(frozen=True)
class Site:
    """A page under test."""

    name: str
    server: Server
    link: str = ""

    def visit(self, chromium: BrowserType, profile: Path, settle: int = 0, stop: bool = False) -> Visit:
        """Open the page in a browser of its own with this profile.

        Raises:
            RuntimeError: when the page answers with an error.
        """
        context = chromium.launch_persistent_context(
            profile, executable_path=browser.executable("chromium"), args=browser.flags()
        )
        try:
            page = context.pages[0]
            page.wait_for_timeout(_CALM)
            page.add_init_script(_NOTE)
            before = self.server.sent
            # A message tells that it is there: looking for it from outside would put a program into the page.
            with page.expect_console_message(lambda message: message.text == _SAID, timeout=180_000):
                page.goto(self.server.url + self.link)
            # Only what went over the wire until the answer: a service worker may go on fetching for later visits.
            sent = self.server.sent - before
            noted = page.evaluate("() => globalThis.answeredAt")
            if noted[1] != "answered":
                raise RuntimeError(f"{self.name} failed: {page.locator('main').inner_text()}")
            resident = _resident(profile)
            page.wait_for_timeout(settle)
            after_stop = _after_stop(page) if stop else 0.0
        finally:
            context.close()
        return Visit(noted[0] / 1000, sent / 1e6, resident, after_stop)


def _after_stop(page: Page) -> float:
    page.wait_for_timeout(500)
    return float(page.evaluate(_STOP)) / 1000


def _resident(profile: Path) -> float:
    """Megabytes that the largest renderer of the browser with this profile has in memory; 0 where there is no /proc."""
    parents, sizes, mains = {}, {}, set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            # Chromium joins what it tells of a renderer with blanks.
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ")
            about = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
        except OSError:
            continue
        number = int(place.name)
        parents[number] = int(about["PPid"])
        if b"--type=renderer" in command:
            sizes[number] = int(about.get("VmRSS", "0 kB").split()[0]) / 1e3
        elif f"--user-data-dir={profile}".encode() in command:
            mains.add(number)

    def ours(number: int) -> bool:
        while number in parents and number not in mains:
            number = parents[number]
        return number in mains

    return max((size for number, size in sizes.items() if ours(number)), default=0.0)


@contextmanager
def sites(pace: float = 0.0, latency: float = 0.0) -> Iterator[list[Site]]:
    """The built page with two questions, and the stock page, served from copies that stay as they are."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="startup-") as folder, ExitStack() as stack:
        ours, stock = Path(folder) / "ours", Path(folder) / "stock"
        shutil.copytree(DIST, ours)
        shutil.copytree(Path(__file__).parent / "stock", stock)
        shutil.copytree(next((DIST / "python").glob("*/")), stock / "python")
        server = stack.enter_context(Server(ours, "nabla", pace=pace, latency=latency))
        yield [
            Site("live", server, LIVE),
            Site("shown", server, SHOWN),
            Site("stock", stack.enter_context(Server(stock, pace=pace, latency=latency))),
        ]


Visits = dict[tuple[str, str], list[Visit]]


def in_chromium(runs: int, slow_runs: int) -> Visits:
    """The visits by (kind, page)."""
    visits: Visits = defaultdict(list)
    with (
        tempfile.TemporaryDirectory(dir=CACHE, prefix="profiles-") as folder,
        sites() as fast,
        sites(**SLOW) as slow,
        sync_playwright() as pw,
    ):

        def cold(site: Site, kind: str) -> None:
            with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as profile:
                visits[kind, site.name].append(site.visit(pw.chromium, Path(profile)))

        for site in fast:
            site.visit(pw.chromium, Path(folder) / site.name, settle=_SETTLE)
        for run in range(runs):
            for site in fast:
                cold(site, "cold")
                warm = site.visit(pw.chromium, Path(folder) / site.name, stop=site.name == "live")
                visits["warm", site.name].append(warm)
                if run < slow_runs and site.name != "shown":
                    cold(next(other for other in slow if other.name == site.name), "slow")
                _tell(run, runs, site.name, visits)
    return visits


def _window(start: Callable[[Path], Driver], stack: ExitStack) -> Driver:
    """A browser with an empty profile, as long as the stack stands."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True))
    return stack.enter_context(closing(start(Path(folder))))


def in_others(runs: int) -> Visits:
    """The warm visits in Firefox and WebKit, where they are, by (engine, page)."""
    visits: Visits = defaultdict(list)
    for name, start in DRIVERS.items():
        with ExitStack() as stack:
            tested = [site for site in stack.enter_context(sites()) if site.name != "shown"]
            try:
                # A browser for each page: what one has left in memory takes it from the other.
                windows = [_window(start, stack) for _ in tested]
            except DriverError as error:
                print(f"{name} is not measured: {error}")
                continue
            for run in range(runs + 1):
                for site, driver in zip(tested, windows, strict=True):
                    driver.goto("about:blank")
                    driver.goto(site.server.url + site.link)
                    noted = driver.evaluate(_NOTED)
                    driver.evaluate(f"new Promise((resolve) => setTimeout(resolve, {0 if run else _SETTLE}))")
                    if run:
                        visits[name, site.name].append(Visit(noted[0] / 1000))
                        _tell(run - 1, runs, site.name, visits)
    return visits


def _tell(run: int, runs: int, name: str, visits: Visits) -> None:
    times = ", ".join(f"{kind} {all_[-1].seconds:.2f} s" for (kind, which), all_ in visits.items() if which == name)
    print(f"run {run + 1}/{runs} {name}: {times}", flush=True)


def main() -> int:
    """Measure, print the table, and return 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--slow-runs", type=int, default=3, help="visits over the slow line, which take their time")
    parser.add_argument("--chromium-only", action="store_true")
    options = parser.parse_args()
    visits = in_chromium(options.runs, options.slow_runs)
    if not options.chromium_only:
        visits |= in_others(options.runs)

    def middle(kind: str, name: str, unit: str) -> float:
        return median(getattr(visit, unit) for visit in visits[kind, name])

    figures = [
        Figure(label, UNITS.get(unit, unit), middle(kind, name, unit), middle(kind, "stock", unit), bound)
        for label, kind, name, unit, bound in FIGURES
        if (kind, name) in visits and middle(kind, "stock", unit)
    ]
    for label, kind, name, unit, bound in FIGURES:
        if bound is not None and not (
            (kind, name) in visits and middle(kind, name, unit) and middle(kind, "stock", unit)
        ):
            print(f"not measured: {label}")
    stop, warm = middle("warm", "live", "after_stop"), middle("warm", "live", "seconds")
    figures.append(Figure("answer after Stop, beside our own warm start", "seconds", stop, warm, 1.0))
    return report(f"Start-up, medians of {options.runs} visits, alternating", "stock", figures)


if __name__ == "__main__":
    sys.exit(main())
