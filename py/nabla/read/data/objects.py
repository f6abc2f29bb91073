"""Data as objects of JSON or Python: records, columns by name, values by x; text to columns."""

from __future__ import annotations

import json
import re
from typing import Any

from nabla.read.data import cells as c
from nabla.read.data.table import CHARACTERS, TextTable

_NUMBER_KEY = re.compile(rf"([{{,]\s*)({c.NUMBER})\s*:")  # {0.1: 3} as Python writes it


def read_json(text: str) -> TextTable | None:
    """A list of records, an object of lists, or one of numbers, as columns of cells; None for other texts."""
    if not text.startswith(("{", "[{", "[ {", "[\n")) or len(text) > CHARACTERS // 8:
        return None
    try:
        found = json.loads(_NUMBER_KEY.sub(r'\1"\2":', text.replace("'", '"')))
    except (ValueError, RecursionError):
        return None
    if isinstance(found, list) and found and all(isinstance(record, dict) for record in found):
        names = list(dict.fromkeys(name for record in found for name in record))
        return _table(names, [[record.get(name) for record in found] for name in names])
    if isinstance(found, dict) and found and all(isinstance(values, list) for values in found.values()):
        widths = {len(values) for values in found.values()}
        return _table(list(found), list(found.values())) if len(widths) == 1 else None
    if isinstance(found, dict) and len(found) > 2 and not any(isinstance(v, (list, dict)) for v in found.values()):
        return _table(["x", "y"], [list(found), list(found.values())])
    return None


def _table(names: list[str], columns: list[list[Any]]) -> TextTable:
    cells = [
        ["" if cell is None or isinstance(cell, (list, dict)) else str(cell) for cell in column] for column in columns
    ]
    return TextTable(list(cells), [str(name) for name in names], [""] * len(names))
