"""The ground of the build: locks, stamps and programs that fail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import build
from tools import browser, checks, environment
from tools.environment import PYTHON, ROOT, BuildError, fingerprint, lock, run, run_status


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "CACHE", tmp_path)
    return tmp_path


HOLD = """import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tools import environment
environment.CACHE = Path(sys.argv[2])
with environment.lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(cache: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(ROOT), str(cache)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_build_waits_for_the_first(
    holder: subprocess.Popen[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def let_go(text: str) -> None:
        print(text)
        assert holder.stdin
        holder.stdin.close()

    monkeypatch.setattr(environment, "say", let_go)
    with lock():
        assert holder.wait(5) == 0
    assert "waiting for it" in capsys.readouterr().out


def test_a_lock_dies_with_its_holder(holder: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]) -> None:
    holder.kill()
    holder.wait(5)
    with lock():
        pass
    assert capsys.readouterr().out == ""


def test_a_program_that_fails_shows_what_it_said() -> None:
    with pytest.raises(BuildError, match="status 3") as caught:
        run([PYTHON, "-c", "print('the reason'); raise SystemExit(3)"], quiet=True)
    assert "the reason" in str(caught.value)


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(BuildError, match="no-such-program does not start"):
        run(["no-such-program"])


def test_a_program_that_does_not_end_is_stopped() -> None:
    with pytest.raises(BuildError, match=r"did not end within 0\.005 minutes"):
        run_status([PYTHON, "-c", "import time; time.sleep(60)"], 0.005)
    with pytest.raises(BuildError, match=r"was stopped\.\nso far$"):
        run_status([PYTHON, "-c", "import time; print('so far', flush=True); time.sleep(60)"], 0.05, live=False)


def test_a_fingerprint_changes_with_every_name_and_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    file = tmp_path / "folder" / "file"
    file.parent.mkdir()
    file.write_text("one")
    seen = {fingerprint([tmp_path]), fingerprint([tmp_path], "more")}
    file.write_text("two")
    seen.add(fingerprint([tmp_path]))
    file.rename(file.with_name("other"))
    seen.add(fingerprint([tmp_path]))
    assert len(seen) == 4
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "file.pyc").write_text("compiled")
    assert fingerprint([tmp_path]) in seen


def test_what_is_installed_is_pinned_by_hash() -> None:
    lock_file = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {path: entry for path, entry in lock_file.items() if path}
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert requirements.count("==") <= requirements.count("--hash=sha256:")
    assert "://" not in requirements


def test_the_workflow_takes_actions_by_commit_and_may_write_only_pages() -> None:
    workflow = (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", workflow)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", action) for action in used)
    assert re.findall(r"(\S+): write", workflow) == ["pages", "id-token"]
    assert workflow.index("contents: read") < workflow.index("jobs:") < workflow.index("pages: write")


def test_the_release_takes_actions_by_commit_and_may_write_only_its_own() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", workflow)
    assert used and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", action) for action in used)
    assert re.findall(r"(\S+): write", workflow) == ["contents"]
    assert workflow.index("contents: read") < workflow.index("jobs:") < workflow.index("contents: write")


def test_browsers_are_named_or_refused() -> None:
    assert build._engines("all") == list(browser.ENGINES)
    assert build._engines("firefox,chromium") == ["firefox", "chromium"]
    with pytest.raises(BuildError, match="no browser engine lynx"):
        build._engines("chromium,lynx")


def test_a_missing_browser_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "chromium", lambda: None)
    monkeypatch.setattr(browser, "_playwright_has", lambda engine: False)
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    with pytest.raises(BuildError, match="playwright install chromium"):
        browser.ensure("chromium")


def test_an_unknown_benchmark_is_said_with_those_there_are() -> None:
    with pytest.raises(BuildError, match=r"no benchmark nothing\. There is .*startup"):
        checks.bench("nothing", [])


def test_suites_and_files_are_named_or_refused() -> None:
    assert checks.asked([]) == {"check": [], "py": [], "js": [], "browser": []}
    one = f"{Path(__file__).relative_to(ROOT).as_posix()}::{test_suites_and_files_are_named_or_refused.__name__}"
    assert checks.asked(["py", one, "js", "tests/golden"]) == {"py": [one, "tests/golden"], "js": []}
    for word in ("nothing", "tests/py/test_nothing.py", "tools/checks.py", ""):
        with pytest.raises(BuildError, match=f"no test suite {word}, and no test"):
            checks.asked([word])


def test_what_a_program_prints_is_shown_or_returned(capfd: pytest.CaptureFixture[str]) -> None:
    command = [PYTHON, "-c", "print('here'); raise SystemExit(3)"]
    assert run_status(command) == (3, "") and capfd.readouterr().out == "here\n"
    assert run_status(command, live=False) == (3, "here\n") and capfd.readouterr().out == ""


def test_a_suite_that_hangs_has_failed_and_the_others_have_their_say(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def hung(*_: object, **__: object) -> checks.Result:
        raise BuildError("It did not end.")

    monkeypatch.setattr(checks, "_pytest", hung)
    monkeypatch.setattr(checks.site, "generate", lambda: None)
    monkeypatch.setattr(checks, "_node", lambda *_: checks.Result("js", True, {"passed": 2, "failed": 0, "skipped": 0}))
    assert not checks.test(["py", "js"], "", ["chromium"])
    text = capsys.readouterr().out
    assert "== py ==\nIt did not end.\n" in text and "FAILED" in text
    assert text.endswith("2 passed, 0 failed, 0 skipped\n")


REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><error/></testcase>
<testcase name="d"><skipped/></testcase><testcase name="e"/></testsuite></testsuites>"""


def test_results_are_counted_from_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert checks._counted(report) == {"passed": 0, "failed": 0, "skipped": 0}
    report.write_text(REPORT)
    assert checks._counted(report) == {"passed": 2, "failed": 2, "skipped": 1}


@pytest.mark.parametrize(
    ("suites", "well", "last"),
    [
        ([("py", True, 3, 0)], True, "3 passed, 0 failed, 0 skipped"),
        ([("py", True, 3, 0), ("js", False, 1, 1)], False, "4 passed, 1 failed, 0 skipped"),
        ([("check", False, 0, 0), ("py", True, 3, 0)], False, "3 passed, 0 failed, 0 skipped"),
        ([("py", True, 0, 0)], False, "0 passed, 0 failed, 0 skipped"),
    ],
)
def test_one_failed_suite_fails_the_run(
    suites: list[tuple[str, bool, int, int]], well: bool, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [
        checks.Result(name, ok, {"passed": passed, "failed": failed, "skipped": 0})
        for name, ok, passed, failed in suites
    ]
    assert checks._sum_up(results) is well
    assert capsys.readouterr().out.splitlines()[-1] == last
