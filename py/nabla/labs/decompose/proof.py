"""The parts of a field computed again, and assertions of their sizes."""

from __future__ import annotations

import re

from nabla.answer import document as d
from nabla.write.proof import alone


def programs(document: d.Document, block: d.Code) -> list[str]:
    """The parts, computed again, have the norms that the answer states."""
    names = {"NumPy, periodic": "periodic", "NumPy, walls": "wall", "NumPy, open": "open"}
    written = []
    for label, text in alone(block, "NumPy").items():
        program = re.sub(r"^np\.savez\(.*\n?", "", text, flags=re.MULTILINE)
        norms = document.values.get("answers", {}).get(names.get(label, ""), {}).get("norms")
        if norms:
            sizes = [norms[part] for part in ("V", "S", "H", "harmonic")]
            program += (
                "\n# What Nabla found with a finer method: the root mean squares of V, S, H and the rest\n"
                f"sizes = np.array({sizes})\n"
                "np.testing.assert_allclose([size(V), size(S), size(H), size(rest)], sizes, atol=0.03 * sizes[0])\n"
                "np.testing.assert_allclose(S + H + rest, V, atol=1e-9 * np.abs(V).max())\n"
            )
        written.append(program)
    return written
