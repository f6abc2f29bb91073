"""Checks, tests and benchmarks, run with what the build has set up."""

from __future__ import annotations

import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tools import browser, site
from tools.environment import CACHE, NODE_MODULES, PYTHON, ROOT, BuildError, lock, run, run_status, say

# The suites, and the folders of their tests.
SUITES: dict[str, tuple[str, ...]] = {
    "check": (),
    "py": ("tests/py", "tests/golden"),
    "js": ("tests/js",),
    "browser": ("tests/browser", "tests/engines"),
}
_BENCHES = ROOT / "tests" / "bench"
_MINUTES = 30  # a suite that takes longer has hung
_NO_TESTS = 5  # pytest's exit status when nothing was selected


@dataclass
class Result:
    """The result of one suite of tests; `output` is what it printed, unless that went to the terminal at once."""

    name: str
    ok: bool
    counts: dict[str, int] = field(default_factory=lambda: {"passed": 0, "failed": 0, "skipped": 0})
    seconds: float = 0.0
    output: str = ""


def asked(words: Sequence[str]) -> dict[str, list[str]]:
    """The suites that `words` ask for, each with the files and folders of tests that they name: none means all.

    Args:
        words: names of suites, and paths of tests as pytest's; no word asks for all suites.

    Raises:
        BuildError: when one is neither a suite nor a path in the folder of a suite.
    """
    suites: dict[str, list[str]] = {}
    for word in words or SUITES:
        path = word.partition("::")[0]
        there = (name for name, folders in SUITES.items() if path.startswith(folders) and (ROOT / path).exists())
        suite = word if word in SUITES else next(there, None) if path else None
        if suite is None:
            raise BuildError(f"There is no test suite {word}, and no test. The suites are {', '.join(SUITES)}.")
        suites.setdefault(suite, []).extend([] if word in SUITES else [word])
    return suites


def check() -> Result:
    """Run the linters, formatters and type checkers at the same time."""
    commands: dict[str, Sequence[str | Path]] = {
        "ruff": [PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise"],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet"],
        "mypy": [PYTHON, "-m", "mypy", "--no-error-summary"],
        "biome": ["node", NODE_MODULES / "@biomejs" / "biome" / "bin" / "biome", "check", "--error-on-warnings"],
        "tsc": ["node", NODE_MODULES / "typescript" / "bin" / "tsc"],
    }

    def verdict(name: str) -> tuple[bool, str]:
        try:
            run(commands[name], quiet=True)
        except BuildError as error:
            return False, f"{name}: {error}"
        return True, f"{name}: in order"

    with ThreadPoolExecutor() as pool:
        verdicts = list(pool.map(verdict, commands))
    return Result("check", all(ok for ok, _ in verdicts), output="\n".join(said for _, said in verdicts))


def test(words: Sequence[str], selection: str, engines: Sequence[str]) -> bool:
    """Run suites, print the result of each and the totals, and return whether all passed.

    Suites run at the same time, each printing what it has to say when it ends: the tests of the package begin while the
    site is built, those in browsers when all others have ended.

    Raises:
        BuildError: when there is no such suite or test, a browser for the tests is missing, or the build fails.
    """
    suites = asked(words)
    if "browser" in suites:
        for engine in engines:
            browser.ensure(engine)
    live = len(suites) == 1
    runs: dict[str, Callable[[list[str]], Result]] = {
        "check": lambda _: check(),
        "py": lambda paths: _pytest("py", paths or SUITES["py"], selection, live, whole=not paths),
        "js": lambda paths: _node(paths, live),
        "browser": lambda paths: _browsers(paths, engines, selection, live),
    }

    def timed(name: str) -> Result:
        started = time.monotonic()
        try:
            result = runs[name](suites[name])
        except BuildError as error:  # it hung: the others have their say all the same
            result = Result(name, False, output=str(error))
        result.seconds = time.monotonic() - started
        if not live:
            say(f"\n== {name} ==")
        if result.output:
            say(result.output.rstrip())
        return result

    with ThreadPoolExecutor() as pool:
        begun = {name: pool.submit(timed, name) for name in suites if name == "py"}
        with lock():
            if "browser" in suites:
                site.build()
            elif suites.keys() - {"py"}:
                site.generate()
        begun |= {name: pool.submit(timed, name) for name in suites if name not in ("py", "browser")}
        if "browser" in suites:
            # Both at once, with the processes of the browsers, get in each other's way: one after the other is quicker.
            for earlier in begun.values():
                earlier.result()
            begun["browser"] = pool.submit(timed, "browser")
        return _sum_up([begun[name].result() for name in suites])


def _browsers(paths: Sequence[str], engines: Sequence[str], selection: str, live: bool) -> Result:
    """Browser tests in Chromium, and those of tests/engines in the other browsers."""
    ours, theirs = SUITES["browser"]
    in_chromium = [path for path in paths or [ours] if path.startswith(ours)]
    elsewhere = [path for path in paths or [theirs] if path.startswith(theirs)]
    others = [word for engine in engines if engine != "chromium" for word in ("--engine", engine)]
    runs = []
    if in_chromium and "chromium" in engines:
        run = _pytest("browser", in_chromium, selection, live, whole=not paths)
        runs.append(run if run.ok or paths else _once_more(run, in_chromium, live))
    if elsewhere and others:
        runs.append(_pytest("browser", [*elsewhere, *others], selection, live, whole=False))
    result = Result("browser", all(run.ok for run in runs), output="\n".join(run.output for run in runs))
    result.counts = {word: sum(run.counts[word] for run in runs) for word in result.counts}
    return result


def _once_more(crowded: Result, paths: Sequence[str], live: bool) -> Result:
    """Run the tests that failed beside others once more, each alone, and say which: a crowded machine is late at times.

    What fails alone too has failed; the result is that of the whole suite.
    """
    alone = _pytest("browser", ["--last-failed", *paths], "", live, whole=False)
    late = crowded.counts["failed"] - alone.counts["failed"]
    said = f"{late} failed in the crowd and passed alone." if late else "What failed in the crowd failed alone too."
    counts = {**crowded.counts, "passed": crowded.counts["passed"] + late, "failed": alone.counts["failed"]}
    return Result("browser", alone.ok, counts, output="\n".join([crowded.output, alone.output, said]))


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


def _pytest(name: str, arguments: Sequence[str], selection: str, live: bool, whole: bool) -> Result:
    """Run pytest; a whole suite in as many processes as there are processors."""
    select = ["-k", selection] if selection else []
    # The tests of a file share what takes long to set up; the slowest are named, since the whole has to stay short.
    spread = ["-n", "auto", "--dist", "loadfile", "--durations=10"] if whole and not selection else []
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        report = Path(folder) / "report.xml"
        command: list[str | Path] = [PYTHON, "-m", "pytest", "--quiet", f"--junitxml={report}"]
        command += [*spread, *arguments, *select]
        status, output = run_status(command, _MINUTES, live)
        return Result(name, status in (0, _NO_TESTS), _counted(report), output=output)


def _node(paths: Sequence[str], live: bool) -> Result:
    folder = ROOT / SUITES["js"][0]
    files: Sequence[str] = paths or [path.relative_to(ROOT).as_posix() for path in sorted(folder.glob("*.test.js"))]
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        report = Path(place) / "report.xml"
        people = ["--test-reporter=dot", "--test-reporter-destination=stdout"]
        programs = ["--test-reporter=junit", f"--test-reporter-destination={report}"]
        status, output = run_status(["node", "--test", *people, *programs, *files], _MINUTES, live)
        return Result("js", status == 0, _counted(report), output=output)


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
    return run_status([PYTHON, "-m", f"tests.bench.{name}", *options])[0]
