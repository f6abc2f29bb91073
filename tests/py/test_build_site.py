"""dist/ is the same bytes from the same inputs, and carries nothing of the machine that made it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import site
from tools.environment import CACHE, DIST, ROOT, BuildError, lock


def _hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def twice() -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="twice-") as folder:
        first, second = Path(folder) / "first", Path(folder) / "another" / "second"
        second.parent.mkdir()
        with lock():
            site.build()
            shutil.copytree(DIST, first, copy_function=os.link)
            site.build(second)
        yield first, second


@pytest.fixture(scope="module")
def manifest(twice: tuple[Path, Path]) -> dict[str, object]:
    page = (twice[0] / "index.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="build">(.*?)</script>', page)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_two_builds_are_the_same(twice: tuple[Path, Path]) -> None:
    first, second = map(_hashes, twice)
    assert len(first) > 20
    assert first == second


def test_nothing_tells_where_it_was_built(twice: tuple[Path, Path]) -> None:
    marks = (str(ROOT).encode(), str(Path.home()).encode() + b"/", b"node_modules/")
    for path in twice[0].rglob("*"):
        if path.is_file() and path.suffix not in (".wasm", ".whl", ".zip"):
            assert not any(mark in path.read_bytes() for mark in marks), path.name


def test_the_manifest_names_what_is_there(twice: tuple[Path, Path], manifest: dict[str, object]) -> None:
    python = manifest["python"]
    assert isinstance(python, dict)
    for name, size in python["files"].items():
        assert (twice[0] / name).stat().st_size == size
    assert python["nabla"] in python["files"]
    assert (twice[0] / python["base"] / "pyodide.mjs").exists()
    assert (twice[0] / str(manifest["worker"])).exists()
    assert (twice[0] / str(manifest["licences"])).exists()
    assert re.fullmatch(r"[0-9a-f]{16}", str(manifest["version"]))


def test_the_package_is_packed_without_the_time_of_day(twice: tuple[Path, Path], manifest: dict[str, object]) -> None:
    python = manifest["python"]
    assert isinstance(python, dict)
    with zipfile.ZipFile(twice[0] / python["nabla"]) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert "nabla/__init__.py" in names
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in names if not name.endswith(".py")]


def test_fonts_come_in_one_format_only(twice: tuple[Path, Path]) -> None:
    suffixes = {path.suffix for path in (twice[0] / "assets").iterdir()}
    assert suffixes == {".css", ".js", ".json", ".woff2"}
    [style] = (twice[0] / "assets").glob("style-*.css")
    assert set(re.findall(r"\.(woff2?|ttf)\b", style.read_text(encoding="utf-8"))) == {"woff2"}


def test_a_template_without_its_places_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "index.html"
    page.write_text(site.INDEX.read_text(encoding="utf-8").replace("<!-- build:script -->", ""), encoding="utf-8")
    monkeypatch.setattr(site, "INDEX", page)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder, lock(), pytest.raises(BuildError, match="build:script"):
        site.build(Path(folder) / "dist")
