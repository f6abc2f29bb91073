"""The program of an answer as it runs, and assertions of the outputs of its network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nabla.answer import document as d
from nabla.write.proof import alone, finite

_FORWARD = {
    "sigmoid": "1 / (1 + np.exp(-z))", "tanh": "np.tanh(z)", "relu": "np.maximum(z, 0)", "linear": "z",
    "softmax": "np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum("
    "axis=1, keepdims=True)",
}  # fmt: skip


def programs(document: d.Document, block: d.Code) -> list[str]:
    """The program as it runs, and its outputs from the weights it ends with."""
    written = []
    for label, text in alone(block, "NumPy").items():
        seeded = _seeded(document, text)
        if seeded is None:
            continue
        written.append(seeded)
        if label == "NumPy, as run":
            written += _outputs(document.values)
    return written


def _seeded(document: d.Document, text: str) -> str | None:
    """The program with the seed it was run with; None where it sets another one itself."""
    own = re.search(r"\b(seed|default_rng|RandomState)\(", text)
    if document.inputs.get("seed", "").strip() and own and document.inputs.get("code", "").strip():
        return None
    head = "" if own or "random" not in text else f"np.random.seed({document.inputs.get('seed', '').strip() or 1})\n"
    if "xrange" in text:
        head += "xrange = range  # as Python 2 called it\n"
    return re.sub(r"^(import numpy as np\n)", lambda match: match[1] + head, text, count=1, flags=re.MULTILINE)


def _outputs(values: dict[str, Any]) -> list[str]:
    layers, axes = values.get("layers") or [], values.get("axes") or {}
    given = next((name for name, kinds in axes.items() if kinds == ["samples", "inputs"]), None)
    known = all(layer["activation"] in _FORWARD for layer in layers)
    outputs = values.get("outputs")
    if not (given and known and layers and outputs and values.get("raises") is None and _finite_rows(outputs)):
        return []
    lines = ["# What the trained network answers", f"a = {given}"]
    for layer in layers:
        bias = f" + {layer['bias']}" if layer["bias"] else ""
        lines += [f"z = a @ {layer['weight']}{bias}", f"a = {_FORWARD[layer['activation']]}"]
    lines.append(f"np.testing.assert_allclose(a, np.array({outputs}), rtol=1e-6, atol=1e-9)")
    return ["\n".join([*lines, "print(a)"]) + "\n"]


def _finite_rows(rows: Sequence[Any]) -> bool:
    return all(_finite_rows(row) if isinstance(row, (list, tuple)) else finite([row]) for row in rows)
