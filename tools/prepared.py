"""Answers that the page can draw before Python is there, computed when the package has changed."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

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
    """Write every answer into the site's assets/; returns their addresses by app/visit/prepared.ts's key."""
    addresses = {}
    for path in sorted(answers().glob("*.json")):
        text = path.read_bytes()
        address = f"assets/{path.stem}-{hashlib.sha256(text).hexdigest()[:8]}.json"
        (stage / address).write_bytes(text)
        short = shortened(_key(json.loads(text)))
        assert short not in addresses, "two questions have the same short key; one needs another name"
        addresses[short] = address
    return addresses


def _key(document: dict[str, Any]) -> str:
    given = sorted([name, text.strip()] for name, text in document["inputs"].items())
    return json.dumps([document["lab"], given], ensure_ascii=False, separators=(",", ":"))


def shortened(key: str) -> str:
    """A key in sixteen letters, as app/visit/prepared.ts shortens it: FNV-1a of 32 bits from two beginnings."""
    found = ""
    for start in (0x811C9DC5, 0x2B3F4C6D):
        value = start
        for byte in key.encode():
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
        found += f"{value:08x}"
    return found
