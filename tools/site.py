"""dist/: the site, complete and self-contained, with relative addresses only. Same inputs, same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import licences
from tools import snapshot as snapshots
from tools.cell import write_frame
from tools.environment import (
    CACHE,
    DIST,
    NODE_MODULES,
    PYTHON,
    ROOT,
    BuildError,
    files_below,
    fingerprint,
    is_stamped,
    run,
    say,
    stamp,
)
from tools.icons import png
from tools.prepared import prepare
from tools.sources import Runtime, runtime

GENERATED = ROOT / "app" / "generated"
INDEX = ROOT / "index.html"
_PACKAGE = ROOT / "py" / "nabla"
_ICONS = (192, 512)
_FIRST_FONTS = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")  # those of every formula
_HEAD = "<!-- build:head -->"
_SCRIPT = "<!-- build:script -->"


def build(out: Path = DIST) -> bool:
    """Write the site into `out`, unless dist/ is up to date already; whether it was written. Hold the lock.

    Raises:
        BuildError: when something is missing or does not compile.
    """
    generate()
    python = runtime()
    mark = fingerprint(sources(), python.version, _address())
    if out == DIST and is_stamped("dist", mark) and (DIST / "index.html").exists():
        return False
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="site-") as folder:
        stage = Path(folder) / "dist"
        _write(stage, python)
        # The old site is moved aside first, so that nobody is served half of one and half of the other.
        if out.exists():
            shutil.move(out, Path(folder) / "old")
        shutil.move(stage, out)
    if out == DIST:
        stamp("dist", mark)
    say(f"Built {out.relative_to(ROOT) if out.is_relative_to(ROOT) else out}: {_weight(out)}.")
    return True


def _address() -> str:
    """Where the site will be, from NABLA_ADDRESS; sitemap and previews of links need it, nothing else does."""
    address = os.environ.get("NABLA_ADDRESS", "").strip()
    return f"{address.rstrip('/')}/" if address else ""


def sources() -> list[Path]:
    """What the site is made of: files and folders of the checkout."""
    names = ("index.html", "app", "py/nabla", "tools", "build.py", "package.json", "package-lock.json")
    return [ROOT / name for name in names]


def generate() -> None:
    """Write app/generated: the form schema and the document's types, as the Python package declares them."""
    mark = fingerprint([_PACKAGE, ROOT / "requirements.txt"])
    if is_stamped("generated", mark) and GENERATED.exists():
        return
    GENERATED.mkdir(parents=True, exist_ok=True)
    run([PYTHON, "-m", "nabla.page.schema", GENERATED], quiet=True)
    stamp("generated", mark)


def _write(stage: Path, python: Runtime) -> None:
    template = _template()
    bundles = _bundle(stage)
    files = _python(stage, python)
    snapshot = _snapshot(stage, python)
    shutil.copyfile(ROOT / "tools" / "licences.css", stage / "licences.css")
    foreign = bundles.packages | {snapshot.decoder: {"node_modules/zstddec"}}
    packages = [*licences.front_end(foreign, stage), *licences.python(python, stage, snapshot.inside)]
    licences.write(packages, stage)
    prepared = prepare(stage)
    run([PYTHON, "-m", "tools.pages", stage, _address()], quiet=True)
    manifest: dict[str, Any] = {
        "version": _version(stage),
        "worker": bundles.worker,
        "cell": bundles.cell,
        "python": {
            "base": f"python/{python.version}/",
            "nabla": files.nabla,
            "files": files.sizes,
            "snapshot": snapshot.described,
            "scipy": files.scipy,
        },
        "licences": "licences.html",
        "fonts": sorted(bundles.fonts),
        "start": [path for path in bundles.start if path not in (bundles.main, *bundles.preloads)],
        "prepared": prepared,
    }
    (stage / "index.html").write_text(_index(template, bundles, manifest), encoding="utf-8")
    _installable(stage, manifest["version"], {f"python/{python.version}/{file}" for file in python.cell})


class _Bundles:
    """What esbuild made: addresses in the site, and for each file the npm packages in it."""

    def __init__(self) -> None:
        self.main = self.style = self.worker = self.early = ""
        self.cell: dict[str, str] = {}
        self.preloads: list[str] = []
        self.formulas = ""
        self.start: list[str] = []
        self.fonts: list[str] = []
        self.packages: dict[str, set[str]] = {}


def _bundle(stage: Path) -> _Bundles:
    bundles = _Bundles()
    style = _style()
    options = ("--format=esm", "--splitting", "--inject:app/base.ts", "--alias:d3=./tools/d3.mjs")
    page = _esbuild(stage, ["app/main.ts", style], *options)
    worker = _esbuild(stage, ["app/engine/worker.ts"], "--format=esm")
    early = _esbuild(stage, ["app/early.ts"], "--format=iife")
    _esbuild(stage, ["app/whole.ts"], "--format=iife", "--entry-names=[name]")
    # Their origin of their own may fetch no module of the site.
    cell = _esbuild(stage, ["app/cell/frame.ts", "app/cell/worker.ts"], "--format=iife", "--loader:.py=text")
    for path, output in (page | worker | early | cell).items():
        address = Path(path).relative_to(stage.relative_to(ROOT)).as_posix()
        match output.get("entryPoint"):
            case "app/main.ts":
                bundles.main = address
                bundles.preloads = _imported(stage, output)
            case "app/ui/start.ts":
                bundles.start = [address, *_imported(stage, output)]
            case "node_modules/katex/dist/katex.mjs":
                bundles.formulas = address
            case "app/engine/worker.ts":
                bundles.worker = address
            case "app/early.ts":
                bundles.early = address
            case "app/cell/worker.ts":
                bundles.cell["worker"] = address
            case "app/cell/frame.ts":
                bundles.cell["frame"] = write_frame(stage, stage / address)
            case entry if entry == style:
                bundles.style = address
        if Path(address).name.startswith(_FIRST_FONTS):
            bundles.fonts.append(address)
        packages = {folder for source in output["inputs"] if (folder := _package_folder(source))}
        if packages:
            bundles.packages[address] = packages
    return bundles


def _imported(stage: Path, output: dict[str, Any]) -> list[str]:
    """The addresses of what a bundle cannot do without."""
    needed = [item["path"] for item in output["imports"] if item["kind"] == "import-statement"]
    return [Path(path).relative_to(stage.relative_to(ROOT)).as_posix() for path in needed]


def _esbuild(stage: Path, entries: Iterable[str], *options: str) -> dict[str, Any]:
    """Bundle into the stage's assets/ and return esbuild's account of its outputs."""
    report = stage.parent / "esbuild.json"
    # npm installs the program for this machine only.
    installed = NODE_MODULES / "@esbuild"
    esbuild = next(path for pattern in ("*/bin/esbuild", "*/esbuild.exe") for path in installed.glob(pattern))
    # fmt: off
    run([esbuild, *entries,
         "--bundle", "--target=es2022", "--minify", "--legal-comments=none", "--charset=utf8",
         "--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]", "--asset-names=[name]-[hash]",
         "--loader:.woff2=file", "--loader:.svg=file", "--log-level=warning", *options,
         f"--outdir={(stage / 'assets').relative_to(ROOT).as_posix()}",
         f"--metafile={report.relative_to(ROOT).as_posix()}"], quiet=True)
    # fmt: on
    outputs: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["outputs"]
    return outputs


def _style() -> str:
    """The one style sheet: KaTeX's with its fonts as woff2 only, then ours. Returns its path."""
    folder = CACHE / "style"
    folder.mkdir(exist_ok=True)
    katex = (NODE_MODULES / "katex" / "dist" / "katex.css").read_text(encoding="utf-8")
    modern, count = re.subn(r"src: url\(([^)]+\.woff2)\)[^;]*;", r'src: url("katex/dist/\1") format("woff2");', katex)
    if not count or ".ttf" in modern:
        raise BuildError("KaTeX's style sheet names its fonts in a new way; tools/site.py must follow.")
    (folder / "katex.css").write_text(modern, encoding="utf-8")
    parts = ("./katex.css", "../../app/style.css")
    (folder / "style.css").write_text("".join(f'@import "{part}";\n' for part in parts), encoding="utf-8")
    return (folder / "style.css").relative_to(ROOT).as_posix()


def _package_folder(source: str) -> str:
    """The folder in node_modules of the package that a bundled file belongs to; "" when it is ours."""
    if source == ".cache/style/katex.css":  # made by _style
        return "node_modules/katex"
    found = re.match(r"(?:.*/)?(node_modules/(?:@[^/]+/)?[^/]+)/", source)
    return found[1] if found else ""


class _Python:
    """What was put under python/: the package, the bytes of each file that a start fetches, and SciPy."""

    def __init__(self, nabla: str, sizes: dict[str, int], scipy: dict[str, Any]) -> None:
        self.nabla = nabla
        self.sizes = sizes
        self.scipy = scipy


def _python(stage: Path, python: Runtime) -> _Python:
    folder = stage / "python" / python.version
    folder.mkdir(parents=True)
    for path in [*python.core, *(path for _, path in python.wheels)]:
        shutil.copyfile(path, folder / path.name)
    lock = json.dumps(python.lock, sort_keys=True, separators=(",", ":"))
    (folder / "pyodide-lock.json").write_text(lock, encoding="utf-8")
    nabla = _pack(stage / "python")
    # Modules are imported, not fetched, so the page could not count their bytes.
    names = {*python.start, "pyodide-lock.json", *(path.name for path in python.core if path.suffix != ".mjs")}
    fetched = [stage / nabla, *(folder / name for name in sorted(names))]
    sizes = {path.relative_to(stage).as_posix(): path.stat().st_size for path in fetched}
    scipy, wheel = next((wheel, path) for wheel, path in python.wheels if wheel.name == "scipy")
    described = {"file": scipy.file, "bytes": wheel.stat().st_size, "sha256": scipy.sha256}
    return _Python(nabla, sizes, described)


@dataclass(frozen=True)
class _Snapshot:
    """What was put there for a quick start: as the page is told, and for each package the files it is in."""

    described: dict[str, Any]
    decoder: str
    inside: dict[str, list[str]]


def _snapshot(stage: Path, python: Runtime) -> _Snapshot:
    made = snapshots.snapshot(python)
    base = f"python/{python.version}"
    for path in made.glob("*-*"):
        shutil.copyfile(path, stage / base / path.name)
    described = snapshots.described(made)
    snapshot = [f"{base}/{described['file']}"]
    inside = dict.fromkeys(("pyodide", "CPython (inside Pyodide)", "sympy", "mpmath"), snapshot)
    inside["numpy"] = snapshot + [f"{base}/{part['file']}" for part in described["sideModules"]]
    return _Snapshot(described, f"{base}/{described['decoder']['file']}", inside)


def _pack(folder: Path) -> str:
    """The package nabla as a zip, its time stamps fixed; returns its address in the site."""
    path = folder / "nabla.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(files_below([_PACKAGE])):
            if file.suffix == ".py":
                member = zipfile.ZipInfo(file.relative_to(_PACKAGE.parent).as_posix(), (1980, 1, 1, 0, 0, 0))
                member.external_attr = 0o644 << 16
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, file.read_bytes())
    named = path.with_name(f"nabla-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}.zip")
    path.rename(named)
    return f"python/{named.name}"


def _version(stage: Path) -> str:
    """A hash of every file in the site and of the page's template."""
    digest = hashlib.sha256(INDEX.read_bytes())
    for path in sorted(path for path in stage.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(stage).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _template() -> str:
    page = INDEX.read_text(encoding="utf-8")
    for mark in (_HEAD, _SCRIPT):
        if page.count(mark) != 1:
            raise BuildError(f"index.html must hold {mark} once; it is there {page.count(mark)} times.")
    return page


def _index(template: str, bundles: _Bundles, manifest: dict[str, Any]) -> str:
    # "<" is written as JSON's escape: nothing in the manifest can end the script element it stands in.
    data = json.dumps(manifest, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
    head = [
        f'<link rel="stylesheet" href="{bundles.style}">',
        *(f'<link rel="modulepreload" href="{address}">' for address in bundles.preloads),
        f'<link rel="modulepreload" href="{bundles.formulas}" fetchpriority="low">',
        f'<script type="application/json" id="build">{data}</script>',
        f'<script src="{bundles.early}"></script>',
        '<script async src="assets/whole.js" fetchpriority="low"></script>',
    ]
    script = f'<script type="module" src="{bundles.main}"></script>'
    return template.replace(_HEAD, "\n".join(head)).replace(_SCRIPT, script)


def _installable(stage: Path, version: str, of_cell: set[str]) -> None:
    """The manifest with its icons, and the service worker, which is told the hash of every file it keeps.

    The cell needs a network, so what only it loads (`of_cell`) is not kept.
    """
    icons = CACHE / "icons"
    if not is_stamped("icons", mark := fingerprint([ROOT / "tools" / "icons.py"])):
        icons.mkdir(exist_ok=True)
        for size in _ICONS:
            (icons / f"icon-{size}.png").write_bytes(png(size))
        stamp("icons", mark)
    for path in [ROOT / "app" / "manifest.webmanifest", *(icons / f"icon-{size}.png" for size in _ICONS)]:
        shutil.copyfile(path, stage / path.name)
    files = {
        path.relative_to(stage).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(stage.rglob("*"))
        if path.is_file() and not path.name.startswith("licences") and not _is_apart(path.relative_to(stage))
    }
    files = {path: sha256 for path, sha256 in files.items() if path not in of_cell}
    seldom = [path for path in files if path.endswith((".whl", ".zip"))]
    later = {"library": [path for path in seldom if "/scipy-" not in path], "scipy": seldom}
    site = json.dumps({"version": version, "later": later, "files": files}, separators=(",", ":"))
    program = (ROOT / "app" / "sw.js").read_text(encoding="utf-8")
    filled, count = re.subn(r"/\* build:site \*/ \{[^;]*\}(?=;)", lambda _: site, program)
    if count != 1:
        raise BuildError("app/sw.js must hold its /* build:site */ {...} once.")
    (stage / "sw.js").write_text(filled, encoding="utf-8")


def _is_apart(path: Path) -> bool:
    """Whether a file is for search engines and other sites, and so not kept for the time without a network."""
    return path.name in ("sitemap.xml", "robots.txt", "card.png")


def _weight(folder: Path) -> str:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB"
