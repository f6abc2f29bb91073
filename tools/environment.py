"""Everything the build runs with, inside the checkout: virtual environment, Node, front-end packages.

Nothing global is touched: packages live in .cache/venv and node_modules, downloads are cached under .cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
DIST = ROOT / "dist"
VENV = CACHE / "venv"
NODE_MODULES = ROOT / "node_modules"
_WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if _WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if _WINDOWS else "python")


class BuildError(Exception):
    """The build cannot go on; the message says why and what to do."""


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


@contextmanager
def lock() -> Iterator[None]:
    """Hold the checkout's build lock; a second build in the same checkout waits for the first.

    Raises:
        BuildError: when another build has held it for half an hour.
    """
    CACHE.mkdir(exist_ok=True)
    # A transaction of SQLite is a file lock on every system, and the system frees it when its holder dies.
    connection = sqlite3.connect(CACHE / "lock", timeout=0.2, isolation_level=None)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            say("Another build is at work in this checkout; waiting for it.")
            connection.execute("PRAGMA busy_timeout = 1800000")
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise BuildError(f"Another build still holds {CACHE / 'lock'}: {error}.") from error
        yield
    finally:
        connection.close()


def environment() -> dict[str, str]:
    """The variables for every program the build starts: our programs first, our caches only."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")]),
        "VIRTUAL_ENV": str(VENV),
        "PIP_CACHE_DIR": str(CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
        "PYTHONUTF8": "1",
    }


def run(command: Sequence[str | Path], *, quiet: bool = False) -> str:
    """Run a program in the checkout and return what it printed when `quiet`, else let it print.

    Raises:
        BuildError: when it cannot be started or fails, with what it printed when `quiet`.
    """
    done = _run(command, quiet)
    if done.returncode:
        shown = f"\n{done.stdout.rstrip()}" if done.stdout else ""
        raise BuildError(f"{' '.join(map(str, command))} failed with status {done.returncode}.{shown}")
    return done.stdout or ""


def run_status(command: Sequence[str | Path], minutes: float | None = None, live: bool = True) -> tuple[int, str]:
    """Run a program in the checkout, and return its exit status and, unless it prints `live`, what it printed.

    Raises:
        BuildError: when it cannot be started, or has not ended after so many minutes.
    """
    done = _run(command, quiet=not live, minutes=minutes)
    return done.returncode, done.stdout or ""


def _run(command: Sequence[str | Path], quiet: bool, minutes: float | None = None) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    # On Windows the name of a script such as npm.cmd is found on the given path only by `which`.
    words[0] = shutil.which(words[0], path=environment()["PATH"]) or words[0]
    try:
        return subprocess.run(
            words,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            encoding="utf-8",
            timeout=minutes and minutes * 60,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        printed = f"\n{error.output.decode('utf-8', 'replace').rstrip()}" if error.output else ""
        raise BuildError(f"{words[0]} did not end within {minutes:g} minutes and was stopped.{printed}") from error
    except OSError as error:
        raise BuildError(f"{words[0]} does not start: {error}.") from error


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A hash of the files' places in the checkout and contents, folders included, and of further text."""
    digest = hashlib.sha256()
    for path in sorted(files_below(paths)):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for text in more:
        digest.update(f"\0{text}".encode())
    return digest.hexdigest()


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """The files among `paths` and below the folders among them, without what Python compiled."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file() and file.parent.name != "__pycache__")
        elif path.exists():
            yield path


def is_stamped(name: str, mark: str) -> bool:
    """Whether the work called `name` was last finished for `mark`."""
    stamp = CACHE / f"{name}.stamp"
    return stamp.exists() and stamp.read_text() == mark


def stamp(name: str, mark: str) -> None:
    """Note that the work called `name` is finished for `mark`."""
    (CACHE / f"{name}.stamp").write_text(mark)


def prepare() -> None:
    """Bring the virtual environment and node_modules up to date; takes the lock when there is something to do.

    Raises:
        BuildError: when something cannot be installed.
    """
    if not (_venv_is_there() and _node_modules_are_there()):
        with lock():
            _prepare_venv()
            _prepare_node_modules()


def _venv_mark() -> str:
    return fingerprint([ROOT / "requirements.txt"], sys.version, str(VENV))


def _venv_is_there() -> bool:
    return is_stamped("venv", _venv_mark()) and PYTHON.exists()


def _prepare_venv() -> None:
    if _venv_is_there():
        return
    say(f"Setting up Python packages in {VENV.relative_to(ROOT)} ...")
    try:
        import venv
    except ImportError as error:
        raise BuildError("This Python has no venv module; on Debian: apt-get install python3-venv.") from error
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=not _WINDOWS)
    except (OSError, subprocess.CalledProcessError) as error:
        raise BuildError(
            f"The virtual environment cannot be made: {error}. On Debian: apt-get install python3-venv."
        ) from error
    requirements = ROOT / "requirements.txt"
    run([PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "-r", requirements])
    site = run([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], quiet=True).strip()
    (Path(site) / "nabla.pth").write_text(f"{ROOT / 'py'}\n", encoding="utf-8")
    stamp("venv", _venv_mark())


def _node_modules_mark() -> str:
    return fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])


def _node_modules_are_there() -> bool:
    return is_stamped("node_modules", _node_modules_mark()) and NODE_MODULES.exists()


def _prepare_node_modules() -> None:
    if _node_modules_are_there():
        return
    say("Setting up front-end packages in node_modules ...")
    # Install scripts are not needed (esbuild and Biome bring their programs as packages) and so not run.
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    stamp("node_modules", _node_modules_mark())
