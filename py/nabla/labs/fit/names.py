"""What a formula calls the columns of the data: by their own names where these are short, else x and y."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import sympy as sp

from nabla.answer.document import quoted
from nabla.read.data import Data
from nabla.read.data.rate import unit_called, unit_size
from nabla.write.notation import tex

LONGEST = 16  # letters of a name in a formula
_NAME = re.compile(rf"[^\W\d_]\w{{0,{LONGEST - 1}}}")
_NO_NAMES = frozenset({"row", "value", "values", "data", "index"})


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """The names of the columns in formulas, and in LaTeX; `since` tells what t counts, and from when."""

    x: str
    y: str
    since: str = ""

    @property
    def x_tex(self) -> str:
        """The name of the axis in LaTeX."""
        return tex(sp.Symbol(self.x))

    @property
    def y_tex(self) -> str:
        """The name of the values in LaTeX."""
        return tex(sp.Symbol(self.y))


def names_of(data: Data, taken: Collection[str] = ()) -> ColumnNames:
    """The names for formulas of these data; `taken` are those of its parameters.

    Dates count from the first one and are called t, as columns of time are that are called by their unit.
    """
    timed = unit_size(data.x_unit) is not None and (data.x_name == "x" or bool(unit_called(data.x_name)))
    x = "t" if data.start or timed else _name(data.x_name, "x")
    y = _name(data.y_name, "y")
    x = "x" if x in taken else x
    y = "y" if y in taken or y == x else y
    since = f", ${x}$ in {quoted(data.x_unit)}" if x == "t" and (data.start or timed) else ""
    return ColumnNames(x, y, since + (f" from {quoted(data.start)}" if since and data.start else ""))


def _name(name: str, otherwise: str) -> str:
    usable = _NAME.fullmatch(name) and name.lower() not in _NO_NAMES
    return name if usable else otherwise
