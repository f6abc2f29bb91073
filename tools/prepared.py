"""Answers that the page can draw before Python is there, computed when the package has changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from tools.environment import CACHE, PYTHON, ROOT, fingerprint, is_stamped, run, stamp

ANSWERS = CACHE / "answers"


def answers() -> Path:
    """The folder of the answers that tools/answers.py computes from the package as it is now. Hold the lock."""
    mark = fingerprint([ROOT / "py" / "nabla", ROOT / "tools" / "answers.py", ROOT / "requirements.txt"])
    if not is_stamped("answers", mark) or not ANSWERS.exists():
        shutil.rmtree(ANSWERS, ignore_errors=True)
        ANSWERS.mkdir(parents=True)
        run([PYTHON, "-m", "tools.answers", ANSWERS], quiet=True)
        stamp("answers", mark)
    return ANSWERS


def prepare(stage: Path) -> dict[str, str]:
    """Write every answer into the site's assets/; returns their addresses by the key that the page looks for."""
    folder = answers()
    keys = json.loads(run(["node", ROOT / "tools" / "static" / "keys.ts", folder], quiet=True))
    addresses = {}
    for path in sorted(folder.glob("*.json")):
        text = path.read_bytes()
        address = f"assets/{path.stem}-{hashlib.sha256(text).hexdigest()[:8]}.json"
        (stage / address).write_bytes(text)
        assert keys[path.stem] not in addresses, "two questions have the same short key; one needs another name"
        addresses[keys[path.stem]] = address
    return addresses
