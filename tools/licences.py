"""What in dist/ was written by others: packages with version, licence and source hash, and the files they are in."""

from __future__ import annotations

import hashlib
import html
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from email.parser import HeaderParser
from pathlib import Path

from tools.environment import NODE_MODULES, ROOT, BuildError
from tools.sources import Runtime, Wheel

_NAME = 100  # characters that the name of a licence may have
_TEXTS = ROOT / "tools" / "licences"


@dataclass
class Package:
    """A package of others: what it is, the hash by which it was accepted, and where in dist/ it ended up."""

    name: str
    version: str
    licence: str
    home: str
    source: str
    files: list[dict[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def front_end(bundles: dict[str, set[str]], dist: Path) -> list[Package]:
    """The npm packages in the bundles; `bundles` names for each file in dist the node_modules paths it was made of.

    Raises:
        BuildError: when a package does not state its licence.
    """
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages: dict[str, Package] = {}
    for file, folders in sorted(bundles.items()):
        for folder in sorted(folders):
            if folder not in packages:
                packages[folder] = _npm(folder, lock[folder]["integrity"])
            packages[folder].files.append(_hashed(file, dist))
    return list(packages.values())


def _npm(folder: str, source: str) -> Package:
    about = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
    if not about.get("license"):
        raise BuildError(f"{about['name']} does not state its licence; it cannot be shipped.")
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).iterdir())
        if path.name.lower().startswith(("licen", "copying", "notice"))
    ]
    return Package(about["name"], about["version"], about["license"], about.get("homepage", ""), source, texts=texts)


def python(runtime: Runtime, dist: Path, inside: dict[str, list[str]]) -> list[Package]:
    """Pyodide, the Python inside it, and its wheels; `inside` names by package the further files that hold it."""
    base = f"python/{runtime.version}"
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    about = json.loads((NODE_MODULES / "pyodide" / "package.json").read_text(encoding="utf-8"))
    source = lock["node_modules/pyodide"]["integrity"]
    core = [_hashed(f"{base}/{path.name}", dist) for path in runtime.core]
    pyodide = Package(
        "pyodide",
        runtime.version,
        about["license"],
        about["homepage"],
        source,
        [*core, _hashed(f"{base}/pyodide-lock.json", dist)],
        [(_TEXTS / "MPL-2.0.txt").read_text(encoding="utf-8")],
    )
    cpython = Package(
        "CPython (inside Pyodide)",
        runtime.lock["info"]["python"],
        "PSF-2.0",
        "https://www.python.org",
        source,
        [file for file in core if file["path"].endswith((".wasm", ".zip"))],
        [(_TEXTS / "PSF-2.0.txt").read_text(encoding="utf-8")],
    )
    packages = [pyodide, cpython, *(_wheel(wheel, path, base, dist) for wheel, path in runtime.wheels)]
    for package in packages:
        package.files += [_hashed(file, dist) for file in inside.get(package.name, [])]
    return packages


def _wheel(wheel: Wheel, path: Path, base: str, dist: Path) -> Package:
    with zipfile.ZipFile(path) as archive:
        inside = sorted(archive.namelist())
        metadata = next(name for name in inside if name.endswith(".dist-info/METADATA"))
        about = HeaderParser().parsestr(archive.read(metadata).decode())
        texts = [
            archive.read(name).decode()
            for name in inside
            if ".dist-info/" in name and name.rpartition("/")[2].lower().startswith(("licen", "copying", "notice"))
        ]
    stated = about["License"] or ""
    # Some put the whole text where its name belongs.
    licence = about["License-Expression"] or ("" if "\n" in stated or len(stated) > _NAME else stated)
    licence = licence or _from_classifier(about.get_all("Classifier", [])) or stated.strip()[:_NAME]
    homes = [about["Home-page"] or "", *(url.partition(",")[2].strip() for url in about.get_all("Project-URL", []))]
    file = _hashed(f"{base}/{wheel.file}", dist)
    return Package(
        wheel.name, wheel.version, licence, next(filter(None, homes), ""), f"sha256-{wheel.sha256}", [file], texts
    )


def _from_classifier(classifiers: Iterable[str]) -> str:
    licences = [text.rpartition("::")[2].strip() for text in classifiers if text.startswith("License ::")]
    return ", ".join(licences)


def _hashed(path: str, dist: Path) -> dict[str, str]:
    return {"path": path, "sha256": hashlib.sha256((dist / path).read_bytes()).hexdigest()}


def write(packages: list[Package], dist: Path) -> None:
    """Write licences.html for people and licences.json for programs."""
    packages = sorted(packages, key=lambda package: (package.name.lower(), package.version))
    data = json.dumps([asdict(package) for package in packages], indent=1, ensure_ascii=False)
    (dist / "licences.json").write_text(data + "\n", encoding="utf-8")
    rows = "\n".join(_row(package) for package in packages)
    texts = "\n".join(
        f"<h2>{html.escape(package.name)}</h2>\n"
        + "\n".join(f"<pre>{html.escape(text.strip())}</pre>" for text in package.texts)
        for package in packages
        if package.texts
    )
    (dist / "licences.html").write_text(_PAGE.format(rows=rows, texts=texts), encoding="utf-8")


def _row(package: Package) -> str:
    name = html.escape(package.name)
    if package.home.startswith("https://"):
        name = f'<a href="{html.escape(package.home)}" rel="noreferrer">{name}</a>'
    files = "<br>".join(
        f"{html.escape(file['path'])}<br><code>sha256-{file['sha256']}</code>" for file in package.files
    )
    return (
        f"<tr><th scope=row>{name}<td>{html.escape(package.version)}<td>{html.escape(package.licence)}"
        f"<td>{files}<td><code>{html.escape(package.source)}</code>"
    )


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'">
<meta name="viewport" content="width=device-width">
<title>Nabla: licences</title>
<link rel="stylesheet" href="licences.css">
<main>
<h1>Licences</h1>
<p><a href="./">Nabla</a> is made by its contributors under the MIT licence. It contains the work of others, listed
here with the hash of every file and of the package it came from; the same list <a href="licences.json">as JSON</a>.
Pyodide is under the Mozilla Public License; its source is at its home page.</p>
<div class="wide"><table>
<thead><tr><th scope=col>Package<th scope=col>Version<th scope=col>Licence<th scope=col>Files<th scope=col>Came as
<tbody>
{rows}
</table></div>
{texts}
</main>
</html>
"""
