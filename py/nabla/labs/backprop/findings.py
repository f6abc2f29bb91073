"""What is found in a program that makes its gradients others than one expects."""

from __future__ import annotations

from typing import Any


def finding(kind: str, line: int, text: str, cause: str, cure: str) -> dict[str, Any]:
    """A finding: its kind, its line, what is the matter, what causes it, and what to do; a cure may be empty."""
    return {"kind": kind, "line": line, "text": text, "cause": cause, "cure": cure}
