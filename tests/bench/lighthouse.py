"""Lighthouse on the built site, as a phone and as a desktop: what is missing to 100 in each category.

Lighthouse itself (its version and hashes are in lighthouse_packages/) is installed inside the checkout at the first
run. `--runs N` takes the median score of N visits, since its times are measured; `--pages` chooses other addresses.

Lighthouse counts how long tasks block the page by the clock, so that whatever else the machine does makes them longer.
Beside its points stands what it would find on a machine that does nothing else: the same sum by the time that the
page's thread had the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench._figures import Figure, report
from tools import browser
from tools.environment import BIN, CACHE, DIST, environment, fingerprint, is_stamped, run, say, stamp
from tools.serve import Server

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DEVICES = {"phone": (), "desktop": ("--preset=desktop",)}
PAGES = ("", "#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2&claim=8")
MISSING = 2.0  # points that may be missing to 100
BLOCKING = 200.0  # ms, those before the first paint included; up to this, Lighthouse calls it good
SLOWDOWN = {"phone": 4, "desktop": 1}  # so many times slower than this machine is what Lighthouse thinks of
_LONG = 50.0  # ms that a task may take without blocking

_PACKAGES = Path(__file__).parent / "lighthouse_packages"
_TOOL = CACHE / "bench_lighthouse"


def install() -> Path:
    """Install Lighthouse unless it is there; return its program."""
    mark = fingerprint(_PACKAGES.glob("*.json"))
    if not is_stamped("bench_lighthouse", mark):
        say("Setting up Lighthouse ...")
        shutil.rmtree(_TOOL, ignore_errors=True)
        shutil.copytree(_PACKAGES, _TOOL)
        run(["npm", "ci", "--prefix", _TOOL, "--ignore-scripts", "--no-audit", "--no-fund"])
        stamp("bench_lighthouse", mark)
    return _TOOL / "node_modules" / "lighthouse" / "cli" / "index.js"


def visit(program: Path, address: str, device: str) -> tuple[dict[str, Any], float]:
    """Lighthouse's report on one visit with an empty profile, and the milliseconds blocked by the processor's time.

    Raises:
        subprocess.CalledProcessError: when Lighthouse fails.
    """
    flags = " ".join(["--headless=new", *browser.flags()])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        command = [BIN / "node", program, address, "--quiet", "--output=json", f"--output-path={out}", "--save-assets"]
        variables = {**environment(), **({"CHROME_PATH": path} if (path := browser.chromium()) else {})}
        words = [*map(str, command), *DEVICES[device], f"--chrome-flags={flags}", "--no-enable-error-reporting"]
        subprocess.run(words, env={**os.environ, **variables}, check=True, timeout=300, stdin=subprocess.DEVNULL)
        (trace,) = Path(folder).glob("*.trace.json")
        return json.loads(out.read_text(encoding="utf-8")), blocked(json.loads(trace.read_bytes()), SLOWDOWN[device])


def blocked(trace: dict[str, Any], slowdown: float) -> float:
    """Milliseconds beyond `_LONG` of each task of the page's main thread, on a slower machine."""
    events = trace["traceEvents"]
    paint = next(event for event in events if event["name"] == "firstContentfulPaint")
    # Traces name a task in one way or in another, some in both.
    name = min({event["name"] for event in events} & {"RunTask", "ThreadControllerImpl::RunTask"})
    times = (
        max(0.0, slowdown * event.get("tdur", 0) / 1e3 - _LONG)
        for event in events
        if event["name"] == name
        if (event["pid"], event["tid"]) == (paint["pid"], paint["tid"])
    )
    return float(sum(times))


def faults(told: dict[str, Any]) -> list[str]:
    """The audits that cost points, with what they measured."""
    return [
        f"    {category}: {told['audits'][audit['id']]['title']} {told['audits'][audit['id']].get('displayValue', '')}"
        for category in CATEGORIES
        for audit in told["categories"][category]["auditRefs"]
        if audit["weight"] and (told["audits"][audit["id"]]["score"] or 0) < 0.9
        if told["audits"][audit["id"]]["score"] is not None
    ]


def main() -> int:
    """Visit every page as every device; print the points that are missing."""
    parser = argparse.ArgumentParser(prog="build.py bench lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pages", nargs="*", default=PAGES)
    arguments = parser.parse_args()
    program = install()
    figures = []
    with Server(DIST, prefix="nabla") as server:
        for page in arguments.pages:
            for device in DEVICES:
                told = [visit(program, server.url + page, device) for _ in range(arguments.runs)]
                visits = [one for one, _ in told]
                for category in CATEGORIES:
                    score = median(100 * one["categories"][category]["score"] for one in visits)
                    name = f"{page.split('?')[0] or 'start page'}, {device}: {category}"
                    figures.append(Figure(name, "points missing", 100 - score, MISSING, 1.0))
                name = f"{page.split('?')[0] or 'start page'}, {device}: blocking, by the processor's time"
                figures.append(Figure(name, "ms", median(by for _, by in told), BLOCKING, 1.0))
                print("\n".join([f"{page or 'start page'}, {device}", *faults(visits[-1])]), flush=True)
    return report("Lighthouse, points missing to 100", "allowed", figures)


if __name__ == "__main__":
    sys.exit(main())
