"""How values of the visitor's program are shown: as blocks of an answer, as pictures, as tables, else as their text.

Lies in the sandbox as `nabla_values`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import sympy as sp

from nabla.answer.document import BLOCKS, Block, Column, Document, Math, Plot, Table, quoted
from nabla.answer.marks import Axis, Dots, Line
from nabla.answer.wire import block_data, to_wire

Emit = Callable[..., None]

# How much of one value is told.
TOLD = 20_000
_HTML = 200_000
_TEX = 12_000
_NODES = 1500
# A table shows so many rows and columns, with a gap in the middle where there are more.
_ROWS = 24
_COLUMNS = 12
# Numbers from so many on are drawn as well, and so many points at most.
_CURVE = 8
_POINTS = 2000
# A table of so many rows at least can be asked about, and of so many letters at most.
_LEAST = 5
_DATA = 200_000


def cut(text: str, most: int) -> str:
    """The text, or as much of it as is told, with a mark."""
    return text if len(text) <= most else f"{text[:most]} …"


def show(value: Any, emit: Emit, names: Mapping[str, Any] | None = None) -> None:
    """Tell the page a value: a document or blocks to draw, a picture, a table; else its text.

    Args:
        value: of the visitor's program.
        emit: is told what the page shows.
        names: what the program has named, for the heads of columns.
    """
    if value is None or _is_drawn(value):
        return
    if isinstance(value, Document):
        _show(emit, lambda array: value.to_data(array) | {"data": None})
        return
    blocks = blocks_of(value)
    if blocks:
        _show(
            emit,
            lambda array: {
                "title": None,
                "lab": None,
                "inputs": {},
                "warnings": [],
                "answer": None,
                "blocks": [block_data(block, array) for block in blocks],
                "data": data_of(value, names or {}),
            },
        )
    elif not _show_rich(value, emit):
        emit("value", cut(repr(value), TOLD))


def _show_rich(value: Any, emit: Emit) -> bool:
    """Show a value as the picture or the text with markup that it makes of itself for notebooks, if it does."""
    if _is_of(value, "matplotlib.figure", "Figure"):
        from nabla_figures import draw

        draw(value)
        return True
    for method, mime in (("_repr_svg_", "image/svg+xml"), ("_repr_png_", "image/png")):
        made = _made(value, method)
        if made:
            emit("image", mime, made.encode() if isinstance(made, str) else made)
            return True
    made = _made(value, "_repr_html_")
    if isinstance(made, str) and made and len(made) <= _HTML:
        emit("html", made)
        return True
    return False


def _made(value: Any, method: str) -> Any:
    """What a value tells of itself in one of the notebooks' ways; None where it does not."""
    tell = None if isinstance(value, type) else getattr(type(value), method, None)
    return tell(value) if callable(tell) else None


def _is_of(value: Any, module: str, name: str) -> bool:
    """Whether a value is of a class that may not be there to be imported."""
    return any(kind.__module__ == module and kind.__name__ == name for kind in type(value).__mro__)


def _is_drawn(value: Any) -> bool:
    """Whether a value only stands for what was drawn into a figure, which is shown itself."""
    parts = value.flat if isinstance(value, np.ndarray) and value.dtype == object else value
    if isinstance(parts, (list, tuple, np.flatiter)):
        return any(_is_drawn(part) for part in islice(parts, 20))
    return any(
        _is_of(value, module, name)
        for module, name in (("matplotlib.artist", "Artist"), ("matplotlib.container", "Container"))
    ) and not _is_of(value, "matplotlib.figure", "Figure")


def _show(emit: Emit, data: Callable[..., dict[str, Any]]) -> None:
    plain, numbers = to_wire(data)
    shown = {name: plain[name] for name in ("title", "lab", "inputs", "warnings", "answer", "blocks", "data")}
    emit("show", json.dumps(shown, ensure_ascii=False, allow_nan=False), numbers.data if numbers.size else None)


def data_of(value: Any, names: Mapping[str, Any]) -> str | None:
    """The numbers of a value as a table that labs read, with commas; None where it holds no table of numbers.

    Columns of arrays are headed by the names that the program has given them.
    """
    if type(value).__module__.partition(".")[0] == "pandas":
        return _frame_data(value)
    many = isinstance(value, tuple) and all(isinstance(part, np.ndarray) for part in value)
    if isinstance(value, list) and all(type(item) in (int, float) for item in value):
        columns = [np.array(value)]
    else:
        columns = list(value) if many else [value] if isinstance(value, np.ndarray) else []
    if len(columns) == 1 and columns[0].ndim == 2:
        heads, rows = [], columns[0]
    elif columns and all(column.ndim == 1 and column.size == columns[0].size for column in columns):
        plain = "xy" if len(columns) == 2 else "y" if len(columns) == 1 else ""
        heads = [
            next((name for name, one in names.items() if one is part and not name.startswith("_")), plain[i : i + 1])
            for i, part in enumerate(value if many else [value])
        ]
        rows = np.column_stack(columns)
    else:
        return None
    if rows.dtype.kind not in "biuf" or not _LEAST <= len(rows) <= _DATA // 2 or rows.shape[1] > _COLUMNS:
        return None
    if rows.shape[1] >= len(rows):
        return None  # a matrix rather than a table
    lines = [",".join(heads)] if heads and all(heads) else []
    text = "\n".join([*lines, *(",".join(map(repr, row)) for row in rows.tolist())])
    return text if len(text) <= _DATA else None


def _frame_data(frame: Any) -> str | None:
    """As `data_of`, for a data frame or a series of pandas; its index is a column where it is more than a count."""
    if type(frame).__name__ == "Series":
        frame = frame.to_frame(name="y" if frame.name is None else frame.name)
    if type(frame).__name__ != "DataFrame" or len(frame) < _LEAST or frame.size > _DATA // 2:
        return None
    if not any(getattr(kind, "kind", "O") in "iuf" for kind in frame.dtypes):
        return None
    text = str(frame.to_csv(index=type(frame.index).__name__ != "RangeIndex", lineterminator="\n"))
    return text.rstrip("\n") if len(text) <= _DATA else None


def blocks_of(value: Any) -> list[Block]:
    """The blocks that show a value; none for what is best told as text."""
    if isinstance(value, BLOCKS):
        return [value]
    if isinstance(value, np.ndarray):
        return _array(value)
    if type(value).__module__.partition(".")[0] == "pandas":
        return _frame(value)
    tex = _tex(value)
    if tex:
        return [Math(tex=tex, text=cut(str(value), TOLD))]
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, BLOCKS) for item in value):
        return list(value)
    if isinstance(value, tuple) and len(value) == 2:
        return _pair(*value)
    if isinstance(value, list) and len(value) >= _CURVE and all(type(item) in (int, float) for item in value):
        return _curve(
            np.arange(len(value), dtype=float), np.array(value, dtype=float), f"A list of {len(value)} numbers"
        )
    return []


def _tex(value: Any) -> str:
    """LaTeX of expressions, matrices, and of what holds them; "" for anything else, and where it would be too long."""
    if not _is_symbolic(value, 0):
        special = getattr(type(value), "_repr_latex_", None)
        text = special(value) if callable(special) else None
        text = text.strip() if isinstance(text, str) else ""
        return (
            text.strip("$").removeprefix(r"\displaystyle").strip() if text.startswith("$") and len(text) < _TEX else ""
        )
    if any(True for _ in islice(_nodes(value), _NODES, None)):
        return ""
    tex: str = sp.latex(value)
    return tex if len(tex) <= _TEX else ""


def _nodes(value: Any) -> Iterator[object]:
    parts = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value
    if isinstance(value, sp.Basic):
        yield from sp.preorder_traversal(value)
    elif isinstance(parts, Iterable):
        for part in parts:
            yield part
            yield from _nodes(part)


def _is_symbolic(value: Any, depth: int) -> bool:
    if isinstance(value, (sp.Basic, sp.MatrixBase, sp.NDimArray)):
        return True
    if depth > 4 or isinstance(value, str):
        return False
    if isinstance(value, Mapping):
        parts: Sequence[Any] = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = list(value)
    else:
        return False
    plain = (int, float, complex, bool)
    return (
        0 < len(parts) <= 200
        and any(_is_symbolic(part, depth + 1) for part in parts)
        and all(isinstance(part, plain) or _is_symbolic(part, depth + 1) for part in parts)
    )


def _array(array: Any) -> list[Block]:
    shape = f"shape {array.shape}, {array.dtype}"
    if array.ndim == 1 and _is_real(array):
        curve = _curve(np.arange(array.size, dtype=float), array.astype(float), f"An array of {array.size} numbers")
        return [*curve, _table(array[:, None], shape)]
    if array.ndim in (1, 2) and array.size and array.dtype.kind in "biufc":
        return [_table(array if array.ndim == 2 else array[:, None], shape)]
    return []


def _frame(frame: Any) -> list[Block]:
    """A data frame or a series of pandas as a table."""
    if type(frame).__name__ == "Series":
        shape = f"{len(frame)} values, {frame.dtype}"
        frame = frame.to_frame(name="" if frame.name is None else frame.name)
    elif type(frame).__name__ == "DataFrame":
        shape = f"{frame.shape[0]} rows, {frame.shape[1]} columns"
    else:
        return []
    rows, columns = (_shown(length, most) for length, most in zip(frame.shape, (_ROWS, _COLUMNS), strict=True))
    kinds = [getattr(kind, "kind", "O") for kind in frame.dtypes]
    names = [*map(str, frame.columns)]
    head = [
        Column(", ".join(str(name) for name in frame.index.names if name is not None), "", "left"),
        *(Column("…" if j is None else names[j], "", "right" if j is not None and kinds[j] in "iuf" else "left")
          for j in columns),
    ]  # fmt: skip
    body: list[list[str | float | None]] = [
        [
            "…" if i is None else str(frame.index[i]),
            *("…" if i is None or j is None else _named(_cell(frame.iat[i, j])) for j in columns),
        ]
        for i in rows
    ]
    return [Table(head, body, quoted(shape))]


def _named(value: str | float | None) -> str | float | None:
    """A cell of a data frame, with what is missing by its name."""
    return "NaN" if isinstance(value, float) and value != value else value


def _is_real(array: Any) -> bool:
    return bool(array.size) and array.dtype.kind in "biuf"


def _pair(x: Any, y: Any) -> list[Block]:
    """Two arrays of one length are points of a curve."""
    if not all(isinstance(part, np.ndarray) and part.ndim == 1 and _is_real(part) for part in (x, y)):
        return []
    return _curve(x.astype(float), y.astype(float), f"{x.size} points") if x.size == y.size else []


def _curve(x: Any, y: Any, what: str) -> list[Block]:
    finite = np.isfinite(x) & np.isfinite(y)
    if x.size < _CURVE or finite.sum() < 2 or np.abs(y[finite]).max() > 1e300:
        return []
    low, high = float(y[finite].min()), float(y[finite].max())
    said = what
    if x.size > _POINTS:
        step = -(-x.size // _POINTS)
        x, y, said = x[::step], y[::step], f"{what}, every {step}th drawn"
    y = np.where(np.isfinite(y), y, np.nan)
    ordered = bool(np.all(np.diff(x[np.isfinite(x)]) >= 0))
    mark = Line(x, y) if ordered else Dots(x, y)
    return [Plot(marks=[mark], summary=f"{said}, from {low:.6g} to {high:.6g}.", x=Axis(), y=Axis())]


def _table(array: Any, shape: str) -> Table:
    rows, columns = (_shown(length, most) for length, most in zip(array.shape, (_ROWS, _COLUMNS), strict=True))
    align = "right" if array.dtype.kind in "biuf" else "left"
    head = [Column("", "", "right"), *(Column("…" if j is None else f"{j}", "", align) for j in columns)]
    body: list[list[str | float | None]] = [
        ["…" if i is None else f"{i}", *("…" if i is None or j is None else _cell(array[i, j]) for j in columns)]
        for i in rows
    ]
    return Table(head, body, quoted(shape))


def _shown(length: int, most: int) -> list[int | None]:
    """The places that a table shows, None for a gap."""
    if length <= most:
        return list(range(length))
    half = most // 2
    return [*range(half), None, *range(length - half, length)]


def _cell(value: Any) -> str | float | None:
    if isinstance(value, np.bool_):
        return str(bool(value))
    if isinstance(value, (np.integer, np.floating)):
        number = value.item()
        # What a float cannot hold is told in words.
        return number if isinstance(number, float) or abs(number) < 2**53 else str(number)
    return str(value)
