"""Run the SciPy program that fit exports on its own data, and store the program and what it printed.

    python tests/truth/fit_export.py PYTHON

PYTHON is an interpreter that has SciPy. The test compares today's program and figures with the stored ones and needs no
SciPy.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "py"), str(HERE.parents[1])]

import nabla  # noqa: E402
from nabla.answer.document import Code, Document  # noqa: E402

STORED = HERE / "fit_export.json"


@cache
def samples() -> tuple[np.ndarray, np.ndarray]:
    """100 samples of one sinusoid in noise: x and y."""
    x = np.linspace(0, 1, 100)
    return x, 3 * np.cos(2 * np.pi * 12.34 * x + 1) + 0.1 * np.random.default_rng(2).normal(size=100)


@cache
def answer() -> Document:
    """The fit of the samples."""
    x, y = samples()
    return nabla.fit(x, y)


def program() -> str:
    """The program for SciPy; it reads data.csv, columns x and y."""
    return next(
        source.text
        for block in answer().blocks
        if isinstance(block, Code)
        for source in block.sources
        if source.label == "SciPy"
    )


def main(python: str) -> None:
    """Run the program with `python`, and store it."""
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(Path(folder) / "data.csv", np.column_stack(samples()), delimiter=",")
        done = subprocess.run([python, "-c", program()], cwd=folder, capture_output=True, text=True, check=True)
    STORED.write_text(json.dumps({"program": program(), "printed": done.stdout}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
