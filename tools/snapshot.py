"""The snapshot from which Python starts in the page, made by Node in half a minute and kept as long as its inputs."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tools.environment import CACHE, NODE_MODULES, ROOT, fingerprint, run, say
from tools.sources import Runtime

_ENGINE = ROOT / "app" / "engine"
_PROGRAM = [_ENGINE / name for name in ("snapshot.mjs", "snapshot.py", "awake.py", "container.ts", "side_modules.ts")]
_PACKAGE = ROOT / "py"
_KEPT = CACHE / "snapshots"
_MOST = 3  # snapshots kept


def snapshot(python: Runtime) -> Path:
    """The folder with the snapshot, what is fetched beside it, and snapshot.json for the page. Hold the lock.

    Raises:
        BuildError: when it cannot be made.
    """
    versions = [ROOT / "requirements.txt", ROOT / "package-lock.json"]
    start = [wheel.sha256 for wheel, _ in python.wheels if wheel.file in python.start]
    mark = fingerprint([Path(__file__), *_PROGRAM, _PACKAGE, *versions], *start)
    folder = _KEPT / mark[:16]
    if folder.exists():
        folder.touch()
        return folder
    say("Making the snapshot from which Python starts in the page ...")
    make(python, folder)
    for old in sorted(_KEPT.iterdir(), key=lambda path: path.stat().st_mtime)[:-_MOST]:
        shutil.rmtree(old)
    return folder


def make(python: Runtime, folder: Path) -> None:
    """Make the snapshot and put it into `folder`, which exists complete or not at all.

    Raises:
        BuildError: when it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    wheels = [path for wheel, path in python.wheels if wheel.file in python.start]
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="snapshot-") as place:
        stage = Path(place) / "snapshot"
        stage.mkdir()
        # With stack switching, which Python asks for once: else `input()` could wait in no browser.
        run(
            ["node", "--experimental-wasm-jspi", _PROGRAM[0], NODE_MODULES / "pyodide", _PACKAGE, stage, *wheels],
            quiet=True,
        )
        stage.rename(folder)


def described(folder: Path) -> dict[str, Any]:
    """What the page has to know of the snapshot in `folder`."""
    data: dict[str, Any] = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    return data
