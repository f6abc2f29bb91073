"""The golden documents as answers that the page can draw before Python is there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tools.environment import ROOT

GOLDEN = ROOT / "tests" / "golden"
# A plot is a few hundred pixels wide; the live answer brings every digit.
_DIGITS = 5
_MARK_ARRAYS = frozenset({"x", "y", "y1", "y2", "z", "u", "v"})


def prepare(stage: Path) -> dict[str, str]:
    """Write every golden document into the site's assets/; returns their addresses by app/visit/prepared.js's key."""
    addresses = {}
    for path in sorted(GOLDEN.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for block in document["blocks"]:
            for mark in block.get("marks", []):
                mark.update({name: _rounded(mark[name]) for name in _MARK_ARRAYS & mark.keys()})
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        address = f"assets/{path.stem}-{hashlib.sha256(text).hexdigest()[:8]}.json"
        (stage / address).write_bytes(text)
        short = shortened(_key(document))
        assert short not in addresses, "two questions have the same short key; one needs another name"
        addresses[short] = address
    return addresses


def _key(document: dict[str, Any]) -> str:
    given = sorted([name, text.strip()] for name, text in document["inputs"].items())
    return json.dumps([document["lab"], given], ensure_ascii=False, separators=(",", ":"))


def shortened(key: str) -> str:
    """A key in sixteen letters, as app/visit/prepared.js shortens it: FNV-1a of 32 bits from two beginnings."""
    found = ""
    for start in (0x811C9DC5, 0x2B3F4C6D):
        value = start
        for byte in key.encode():
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
        found += f"{value:08x}"
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if not isinstance(value, float):
        return value
    short = float(f"{value:.{_DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short
