"""Wheels are accepted by their hash only, from whoever delivers them first."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tools import sources
from tools.environment import ROOT, BuildError
from tools.serve import Server
from tools.sources import Source, Unreachable, Wheel, collect, download

GOOD = b"the wheel that was meant"
WHEEL = Wheel("thing", "1.0", "thing-1.0-py3-none-any.whl", hashlib.sha256(GOOD).hexdigest())


class Delivers:
    """A source with these bytes, which counts how often it was asked."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.asked = 0

    def __call__(self, wheels: list[Wheel]) -> Iterable[tuple[Wheel, bytes]]:
        self.asked += 1
        return [(wheel, self.data) for wheel in wheels]


def out_of_reach(wheels: list[Wheel]) -> Iterable[tuple[Wheel, bytes]]:
    raise Unreachable("nobody answers")


def gather(folder: Path, *given: Source) -> list[Path]:
    return collect([WHEEL], folder, [(f"source {i}", source) for i, source in enumerate(given)])


def test_the_first_source_that_delivers_is_the_last_one_asked(tmp_path: Path) -> None:
    second, third = Delivers(GOOD), Delivers(GOOD)
    [path] = gather(tmp_path, out_of_reach, second, third)
    assert path.read_bytes() == GOOD
    assert (second.asked, third.asked) == (1, 0)


def test_what_is_cached_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / WHEEL.file).write_bytes(GOOD)
    source = Delivers(GOOD)
    gather(tmp_path, source)
    assert source.asked == 0


def test_a_wrong_hash_is_refused_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = gather(tmp_path, Delivers(b"something else"), Delivers(GOOD))
    assert path.read_bytes() == GOOD
    assert "source 0 delivered a thing-1.0-py3-none-any.whl with another sha256" in capsys.readouterr().out


def test_a_spoilt_cache_is_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / WHEEL.file).write_bytes(GOOD[:-1])
    [path] = gather(tmp_path, Delivers(GOOD))
    assert path.read_bytes() == GOOD
    assert "is not what Pyodide's lock file names" in capsys.readouterr().out


def test_no_source_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as caught:
        gather(tmp_path, out_of_reach, Delivers(b"wrong"))
    text = str(caught.value)
    assert "to be had nowhere. Connect to the network and run build.py again" in text
    assert "source 0: nobody answers" in text
    assert "source 1: delivered" in text
    assert WHEEL.file in text
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_lacks_a_wheel_passes_it_on(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"source 0: does not have thing-1\.0"):
        gather(tmp_path, lambda wheels: [])


def test_download_brings_the_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    (tmp_path / "thing.whl").write_bytes(data)
    with Server(tmp_path) as server:
        assert download(f"{server.url}thing.whl") == data
        with pytest.raises(Unreachable, match=r"missing\.whl"):
            download(f"{server.url}missing.whl")


def test_a_silent_source_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable, match="timed out"):
        download(f"http://127.0.0.1:{silent.getsockname()[1]}/thing.whl")


def test_the_lock_file_is_cut_down_to_what_is_shipped() -> None:
    runtime = sources.runtime()
    packages = runtime.lock["packages"]
    assert {"micropip", "mpmath", "numpy", "scipy", "sympy", "matplotlib", "pandas", "seaborn"} <= packages.keys()
    assert all(packages.keys() >= set(package["depends"]) for package in packages.values())
    assert all(any(file == wheel.file for wheel, _ in runtime.wheels) for file in runtime.start)
    assert not any(file.startswith("micropip") for file in runtime.start)


def test_every_wheel_is_one_that_the_release_names_or_that_is_pinned() -> None:
    lock = json.loads((ROOT / "node_modules" / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    pinned = (ROOT / "tools" / "cell_wheels.txt").read_text(encoding="utf-8")
    for wheel, path in sources.runtime().wheels:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        if wheel.name in sources.PURE:
            assert f"{wheel.name}=={wheel.version} --hash=sha256:{sha256}\n" in pinned
        else:
            assert sha256 == lock["packages"][wheel.name]["sha256"]
        assert zipfile.is_zipfile(path)


def test_every_dependency_of_the_page_is_used() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    files = [path for path in (ROOT / "app").rglob("*") if path.suffix in (".js", ".mjs", ".ts", ".css")]
    text = "".join(path.read_text(encoding="utf-8") for path in [*files, *(ROOT / "tools").glob("*.py")])
    unused = [name for name in package["dependencies"] if not re.search(rf"""['"]{re.escape(name)}['"/]""", text)]
    assert unused == []
