"""Checks, tests and benchmarks, run with what the build has set up."""

from __future__ import annotations

import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools import browser
from tools.environment import CACHE, NODE_MODULES, PYTHON, ROOT, BuildError, run, run_status, say

SUITES = ("check", "py", "js", "browser")
_BENCHES = ROOT / "tests" / "bench"
_MINUTES = 20  # a suite that takes longer has hung
_NO_TESTS = 5  # pytest's exit status when nothing was selected


@dataclass
class Result:
    """The result of one suite of tests."""

    name: str
    ok: bool
    counts: dict[str, int] = field(default_factory=lambda: {"passed": 0, "failed": 0, "skipped": 0})
    seconds: float = 0.0


def check() -> bool:
    """Run the linters, formatters and type checkers; return whether all of them passed."""
    commands: dict[str, Sequence[str | Path]] = {
        "ruff": [PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise"],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet"],
        "mypy": [PYTHON, "-m", "mypy", "--no-error-summary"],
        "biome": ["node", NODE_MODULES / "@biomejs" / "biome" / "bin" / "biome", "check", "--error-on-warnings"],
        "tsc": ["node", NODE_MODULES / "typescript" / "bin" / "tsc"],
    }
    ok = True
    for name, command in commands.items():
        try:
            run(command, quiet=True)
            say(f"{name}: in order")
        except BuildError as error:
            say(f"{name}: {error}")
            ok = False
    return ok


def test(suites: Sequence[str], selection: str, engines: Sequence[str]) -> bool:
    """Run the suites, print the result of each and the totals, and return whether all passed.

    Raises:
        BuildError: when there is no such suite, or a browser for the tests is missing.
    """
    for suite in suites:
        if suite not in SUITES:
            raise BuildError(f"There is no test suite {suite}. The suites are {', '.join(SUITES)}.")
    if "browser" in suites:
        for engine in engines:
            browser.ensure(engine)
    select = ["-k", selection] if selection else []
    runs: dict[str, Callable[[], Result]] = {
        "check": lambda: Result("check", check()),
        "py": lambda: _pytest("py", ["tests/py", "tests/golden", *select]),
        "js": _node,
        "browser": lambda: _browsers(engines, select),
    }
    results = []
    for name in suites:
        say(f"\n== {name} ==")
        started = time.monotonic()
        result = runs[name]()
        result.seconds = time.monotonic() - started
        results.append(result)
    return _sum_up(results)


def _browsers(engines: Sequence[str], select: Sequence[str]) -> Result:
    """All browser tests in Chromium, and those of tests/engines in the other browsers."""
    runs = [_pytest("browser", ["tests/browser", *select])] if "chromium" in engines else []
    others = [word for engine in engines if engine != "chromium" for word in ("--engine", engine)]
    if others:
        runs.append(_pytest("browser", ["tests/engines", *others, *select]))
    counts = {word: sum(run.counts[word] for run in runs) for word in runs[0].counts}
    return Result("browser", all(run.ok for run in runs), counts)


def _sum_up(results: list[Result]) -> bool:
    say("")
    for result in results:
        counts = ", ".join(f"{count} {word}" for word, count in result.counts.items() if count)
        say(f"{result.name:8} {'ok    ' if result.ok else 'FAILED'} {result.seconds:6.1f} s  {counts}")
    total = {word: sum(result.counts[word] for result in results) for word in ("passed", "failed", "skipped")}
    tested = [result for result in results if result.name != "check"]
    nothing = bool(tested) and not any(total.values())
    if nothing:
        say("No test was selected.")
    if tested:
        say(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return all(result.ok for result in results) and not nothing


def _pytest(name: str, arguments: Sequence[str]) -> Result:
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        report = Path(folder) / "report.xml"
        status = run_status([PYTHON, "-m", "pytest", "--quiet", f"--junitxml={report}", *arguments], _MINUTES)
        return Result(name, status in (0, _NO_TESTS), _counted(report))


def _node() -> Result:
    files = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests" / "js").glob("*.test.js"))]
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        report = Path(folder) / "report.xml"
        people = ["--test-reporter=dot", "--test-reporter-destination=stdout"]
        programs = ["--test-reporter=junit", f"--test-reporter-destination={report}"]
        status = run_status(["node", "--test", *people, *programs, *files], _MINUTES)
        return Result("js", status == 0, _counted(report))


def _counted(report: Path) -> dict[str, int]:
    """How many tests of a JUnit report passed, failed and were skipped; nothing when the run died before writing it."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own test run wrote it)
            inside = {child.tag for child in case}
            counts["failed" if inside & {"failure", "error"} else "skipped" if "skipped" in inside else "passed"] += 1
    return counts


def benches() -> list[str]:
    """The names of the benchmarks."""
    return sorted(path.stem for path in _BENCHES.glob("*.py") if not path.stem.startswith("_"))


def bench(name: str, options: Sequence[str]) -> int:
    """Run tests/bench/NAME.py, which prints its table and `N bounds met, M missed`; return its exit status.

    Raises:
        BuildError: when there is no such benchmark, or no browser for it.
    """
    if name not in benches():
        raise BuildError(f"There is no benchmark {name}. There is {', '.join(benches())}.")
    browser.ensure("chromium")
    return run_status([PYTHON, "-m", f"tests.bench.{name}", *options])
