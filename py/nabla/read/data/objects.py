"""Data as objects of JSON or Python: records, columns by name, pairs, values by x; text to columns."""

from __future__ import annotations

import json
import re
from typing import Any

from nabla.read.data import cells as c
from nabla.read.data.table import CHARACTERS, TextTable, split_unit

_NUMBER_KEY = re.compile(rf"([{{,]\s*)({c.NUMBER})\s*:")  # {0.1: 3} as Python writes it
_CALL = re.compile(rf"\b(?:np\.|numpy\.)?(?:float|int)\d*\(({c.NUMBER})\)")
_WORDS = {"None": "null", "True": "true", "False": "false", "nan": "NaN"}


def read_json(text: str) -> TextTable | None:
    """A list of records or of rows with texts, an object of lists or of numbers, as columns; None for other texts."""
    if not text.startswith(("{", "[{", "[ {", "[\n", '[["', "[['", "[('", '[("')) or len(text) > CHARACTERS // 8:
        return None
    plain = _CALL.sub(r"\1", text).replace("'", '"').replace("(", "[").replace(")", "]")
    plain = re.sub(r"\b(None|True|False|nan)\b", lambda word: _WORDS[word[0]], plain)
    plain = re.sub(r",(\s*[\]}])", r"\1", _NUMBER_KEY.sub(r'\1"\2":', plain))
    try:
        return _of_value(json.loads(plain))
    except (ValueError, RecursionError):
        return None


def _of_value(value: Any) -> TextTable | None:
    if isinstance(value, list) and value and all(isinstance(record, dict) for record in value):
        names = list(dict.fromkeys(name for record in value for name in record))
        return _table(names, [[record.get(name) for record in value] for name in names])
    if isinstance(value, list) and value and all(isinstance(row, list) and len(row) > 1 for row in value):
        if len({len(row) for row in value}) == 1 and any(isinstance(cell, str) for cell in value[0]):
            return _table(
                [f"column {i + 1}" for i in range(len(value[0]))], [list(cells) for cells in zip(*value, strict=True)]
            )
        return None
    if not isinstance(value, dict) or not value:
        return None
    lists = {name: cells for name, cells in value.items() if isinstance(cells, list) and cells}
    nested = [cells for cells in value.values() if isinstance(cells, dict)]
    if lists and len({len(cells) for cells in lists.values()}) == 1 and not nested:
        inner = _of_value(next(iter(lists.values()))) if len(lists) == 1 else None
        return inner or _table(list(lists), list(lists.values()))
    if len(value) > 2 and not lists and not nested:
        return _table(["x", "y"], [list(value), list(value.values())])
    if nested and len(nested) == len(value) and len({tuple(cells) for cells in nested}) == 1:  # pandas' to_dict
        return _table(["", *value], [list(nested[0]), *(list(cells.values()) for cells in nested)])
    return next((table for cells in nested if (table := _of_value(cells))), None)


def _table(names: list[str], columns: list[list[Any]]) -> TextTable:
    cells = [
        ["" if cell is None or isinstance(cell, (list, dict)) else str(cell) for cell in column] for column in columns
    ]
    heads = [split_unit(str(name)) for name in names]
    return TextTable(list(cells), [name for name, _ in heads], [unit for _, unit in heads])
