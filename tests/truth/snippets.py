"""The programs of snippets.txt."""

from __future__ import annotations

from pathlib import Path

HEADER = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def snippets() -> dict[str, str]:
    """The programs by name."""
    found: dict[str, str] = {}
    for part in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split("\n## ")[1:]:
        name, _, code = part.partition("\n")
        found[name.strip()] = HEADER + code.strip() + "\n"
    return found
