"""Arrays as they are written in programs and printed by them: Python, NumPy, MATLAB, R, Mathematica, C.

A text is gone through statement by statement. What is an array, a range, or arithmetic on these is worked out; all else
(calls of other functions, plots, formulas of samples) is passed over. Nothing of the text is evaluated by Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nabla.read.data.grammar import Reader

Floats = NDArray[np.float64]

_ROW_LABEL = re.compile(r"^[ \t]*\[\d+\][ \t]", re.MULTILINE)


@dataclass(slots=True)
class Arrays:
    """What a text assigns, in order: arrays of numbers (n,) or (n, m), lists of texts, and single numbers by name."""

    arrays: dict[str, Floats | list[str]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    characters: int = 0  # of the text that the arrays stand in

    def add(self, name: str, value: object, size: int) -> None:
        """Note one assignment; the last one of a name counts."""
        regular = _regular(value)
        if isinstance(regular, float):
            if name:
                self.numbers[name] = regular
        elif regular is not None:
            name = name if name or "" not in self.arrays else f"#{len(self.arrays) + 1}"
            self.arrays.pop(name, None)
            self.arrays[name] = regular
            self.characters += size


def read_arrays(text: str) -> Arrays:
    """The arrays that a text assigns, prints or lists; those without a name are called "" and then "#2", "#3" ...

    Raises:
        UserError: "elided" for arrays printed with dots in the middle, "too-big" for ranges.
    """
    if _ROW_LABEL.search(text):
        text = _of_prints(text)
    found = Arrays()
    for name, value, size in Reader(text).statements():
        for column, cells in value.items() if isinstance(value, dict) else ((name, value),):
            found.add(column, cells, size)
            size = 0
    return found


def _regular(value: object) -> float | Floats | list[str] | None:
    """Nested lists as an array (n,) or (n, m), texts as a list; None for anything else."""
    if isinstance(value, (float, int)):
        return float(value)
    if isinstance(value, np.ndarray):
        squeezed = value if value.ndim in (1, 2) else np.squeeze(value)
        return squeezed if squeezed.ndim in (1, 2) else None
    if not isinstance(value, list) or not value:
        return None
    if all(isinstance(item, (float, int)) for item in value):
        return np.array(value, dtype=float)
    if all(isinstance(item, str) for item in value):
        return value
    if all(isinstance(item, (list, np.ndarray)) and len(item) == 1 for item in value):
        return _regular([item[0] for item in value])
    rows = [row for item in value if isinstance(row := _regular(item), np.ndarray) and row.ndim == 1]
    if len(rows) == len(value) and len({row.size for row in rows}) == 1:
        return np.array(rows)
    return None


def _of_prints(text: str) -> str:
    """Prints of R, rows with [1], [13] in front, as vectors; the name behind a prompt belongs to the print under it."""
    made: list[str] = []
    name = ""
    for line in text.split("\n"):
        label = re.match(r"[ \t]*\[(\d+)\][ \t]+(.*)", line)
        if not label:
            prompt = re.fullmatch(r"\s*>\s*([^\W\d][\w.$]*)\s*", line)
            name = prompt[1].rpartition("$")[2] if prompt else ""
            made.append("" if prompt else line)
        elif label[1] == "1" or not made or not made[-1].endswith("]"):
            made.append((f"{name} = [" if name else "[") + label[2] + "]")
        else:
            made[-1] = f"{made[-1][:-1]} {label[2]}]"
    return "\n".join(made)
