"""What runs a program of the visitor inside the sandbox: its output in order, its last value as blocks, its errors.

Lies in the sandbox as `nabla_cell`. It knows nothing of JavaScript but a function `emit(stream, text, memory)`, which
it tells what is printed ("out", "err"), values that are told as text ("value"), and values as blocks ("show", JSON and
the numbers that it refers to).
"""

from __future__ import annotations

import asyncio
import builtins
import io
import json
import linecache
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import sympy as sp

import nabla
from nabla.answer.document import BLOCKS, Block, Column, Document, Math, Plot, Table, quoted
from nabla.answer.marks import Axis, Dots, Line
from nabla.answer.wire import block_data, to_wire
from nabla.errors import UserError

Emit = Callable[..., None]

FILE = "<cell>"
# How much one run may print, and of one value be told. More is cut and said so.
_PRINTED = 200_000
_TOLD = 20_000
_MESSAGE = 50_000  # characters of one message
_TEX = 12_000
_NODES = 1500
# So many pieces of text go out at once, then only every so many seconds.
_EAGER = 200
_PAUSE = 0.05
# A table shows so many rows and columns, with a gap in the middle where there are more.
_ROWS = 24
_COLUMNS = 12
# Numbers from so many on are drawn as well, and so many points at most.
_CURVE = 8
_POINTS = 2000


# What people import that needs a compiler, and so cannot be fetched by its name.
_COMPILED = frozenset("matplotlib pandas torch tensorflow jax sklearn seaborn PIL cv2 numba h5py lxml".split())


def _sleep(seconds: float) -> None:
    """Wait as `time.sleep` does, which not every browser lets it; this thread is Python's alone."""
    until = time.monotonic() + float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    sys.stdout.flush()
    while time.monotonic() < until:
        pass


class Printed(io.TextIOBase):
    """A stream that goes to the page at once; in a flood of lines, only now and then."""

    def __init__(self, stream: str, emit: Emit, room: list[int]) -> None:
        self._stream, self._emit, self._room = stream, emit, room
        self._waiting: list[str] = []
        self._sent = 0
        self._last = 0.0

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding that programs ask for."""
        return "utf-8"

    def write(self, text: str) -> int:
        """Print; what is beyond the limit is dropped."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._room[0] <= 0:
            return len(text)
        kept = text[: self._room[0]]
        self._room[0] -= len(kept)
        if self._room[0] <= 0:
            kept += "\n… more was printed than the page shows."
        self._waiting.append(kept)
        now = time.monotonic()
        if self._sent < _EAGER or now - self._last > _PAUSE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Tell the page what waits."""
        if self._waiting:
            text = "".join(self._waiting)
            self._waiting.clear()
            for start in range(0, len(text), _MESSAGE):
                self._emit(self._stream, text[start : start + _MESSAGE])
            self._sent += 1
            self._last = time.monotonic()


def packages(code: str) -> list[str]:
    """The packages that come with the page and that the program names."""
    return [name for name in ("micropip", "scipy") if name in code and name not in sys.modules]


async def run(code: str, emit: Emit) -> str | None:
    """Run a program, show what it prints and its last value; the error as JSON, None when there is none."""
    from pyodide.code import eval_code_async

    room = [_PRINTED]
    out, err = Printed("out", emit, room), Printed("err", emit, room)

    def display(*values: Any) -> None:
        """Show values in the page, each as it is shown best."""
        out.flush()
        err.flush()
        for value in values:
            show(value, emit)

    lines = code.splitlines(keepends=True)
    linecache.cache[FILE] = (len(code), None, lines, FILE)
    saved = sys.stdout, sys.stderr, builtins.input, time.sleep
    sys.stdout, sys.stderr = out, err
    builtins.input = _no_input
    time.sleep = _sleep
    error: dict[str, Any] | None = None
    try:
        value = await eval_code_async(code, _names(code, display), filename=FILE)
        if asyncio.isfuture(value) or asyncio.iscoroutine(value):
            value = await value
        if value is not None:
            display(value)
    except SystemExit:
        pass
    except BaseException as raised:  # whatever the visitor's program raises is told to the visitor
        error = told(raised, code)
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr, builtins.input, time.sleep = saved
    return json.dumps(error, ensure_ascii=True) if error else None


def _names(code: str, display: Callable[..., None]) -> dict[str, Any]:
    names = {"__name__": "__main__", "np": np, "sp": sp, "sympy": sp, "nabla": nabla, "display": display}
    if "micropip" in code:
        import micropip

        names["micropip"] = micropip
    return names


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() has nobody to ask here: write the value into the program.")


def told(raised: BaseException, code: str) -> dict[str, Any]:
    """An exception for the page: what it says, the place in the visitor's program, the whole trace to unfold."""
    place = _place(raised)
    hint = raised.hint if isinstance(raised, UserError) else _hint(raised, code)
    message = raised.message if isinstance(raised, UserError) else str(raised)
    if isinstance(raised, SyntaxError):
        message = raised.msg
    trace = traceback.TracebackException.from_exception(raised)
    # What lies above the visitor's own lines is how the cell runs them.
    while trace.stack and trace.stack[0].filename != FILE and any(f.filename == FILE for f in trace.stack):
        trace.stack.pop(0)
    if isinstance(raised, SyntaxError):
        trace.stack.clear()
    return {
        "name": type(raised).__name__[:200],
        "message": _cut(message, _TOLD),
        "hint": _cut(hint, 1900),
        "trace": _cut("".join(trace.format()), _TOLD),
        "place": place,
    }


def _place(raised: BaseException) -> list[int | None] | None:
    """[line, column, last line, last column] in the visitor's program; columns count characters."""
    if isinstance(raised, SyntaxError):
        if raised.filename != FILE or not raised.lineno:
            return None
        column = raised.offset - 1 if raised.offset else None
        last = raised.end_offset - 1 if raised.end_offset and raised.end_offset > 0 else None
        return [raised.lineno, column, raised.end_lineno or raised.lineno, last]
    frames = [frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == FILE]
    if not frames:
        return None
    frame = frames[-1]
    if not frame.lineno or frame.colno is None or frame.end_colno is None:
        return [frame.lineno or 1, None, None, None]
    first, last = frame.lineno, frame.end_lineno or frame.lineno
    return [first, _characters(first, frame.colno), last, _characters(last, frame.end_colno)]


def _characters(line: int, column: int) -> int:
    """Python counts the bytes before a place."""
    return len(linecache.getline(FILE, line).encode()[:column].decode(errors="ignore"))


def _hint(raised: BaseException, code: str) -> str:
    if isinstance(raised, ModuleNotFoundError):
        name = (raised.name or "").partition(".")[0]
        if name in _COMPILED:
            return f"{name} is not written in Python alone, and there is no build of it here."
        return f'Packages of pure Python come with: await micropip.install("{name}")' if name else ""
    if isinstance(raised, RuntimeError) and "stack switching" in str(raised):
        return "Nothing can wait inside of a function that is not async: write await main() for asyncio.run(main())."
    if isinstance(raised, SyntaxError) and "'await' outside" in raised.msg:
        return "await stands outside of functions, or in those that begin with async def."
    if isinstance(raised, (TypeError, AttributeError)) and "coroutine" in str(raised):
        return "Write await before a call that has to be waited for."
    return ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def show(value: Any, emit: Emit) -> None:
    """Tell the page a value: a document or blocks to draw, else its text."""
    if value is None:
        return
    if isinstance(value, Document):
        _show(emit, value.to_data)
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
            },
        )
    else:
        emit("value", _cut(repr(value), _TOLD))


def _show(emit: Emit, data: Callable[..., dict[str, Any]]) -> None:
    plain, numbers = to_wire(data)
    shown = {name: plain[name] for name in ("title", "lab", "inputs", "warnings", "answer", "blocks")}
    emit("show", json.dumps(shown, ensure_ascii=False, allow_nan=False), numbers.data if numbers.size else None)


def blocks_of(value: Any) -> list[Block]:
    """The blocks that show a value; none for what is best told as text."""
    if isinstance(value, BLOCKS):
        return [value]
    if isinstance(value, np.ndarray):
        return _array(value)
    tex = _tex(value)
    if tex:
        return [Math(tex=tex, text=_cut(str(value), _TOLD))]
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
