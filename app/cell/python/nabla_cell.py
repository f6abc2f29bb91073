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
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from nabla_magic import as_python
from nabla_values import TOLD, Emit, cut, show

import nabla
from nabla.errors import UserError

FILE = "<cell>"
# How much one run may print. More is cut and said so.
_PRINTED = 1_000_000
_MESSAGE = 50_000  # characters of one message
# So many pieces of text go out at once, then only every so many seconds.
_EAGER = 200
_PAUSE = 0.05

# Figures go to the page, see figures.py.
os.environ["MPLBACKEND"] = "module://nabla_figures"
# There are no threads, and bars of progress need none.
warnings.filterwarnings("ignore", message="tqdm:disabling monitor support")

# What people import that needs a compiler, and so cannot be fetched by its name.
_COMPILED = frozenset("torch tensorflow keras jax cv2 numba h5py lxml statsmodels skimage numexpr".split())


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
    """The modules that a program names, of which some may be in packages that come with the page."""
    from pyodide.code import find_imports

    python = as_python(code)
    named = [*find_imports(python), *(["micropip"] if "micropip" in python else [])]
    return [name for name in dict.fromkeys(named) if name not in sys.modules]


# What the last programs have left, for those that build on it.
_space: dict[str, Any] = {}


async def run(
    code: str, emit: Emit, ask: Callable[[str], Any] | None = None, file: str = "", fresh: bool = True
) -> str | None:
    """Run a program, show what it prints and its last value; the error as JSON, None when there is none.

    Args:
        code: as people write it, with the lines of notebooks (`%pip install …`).
        emit: is told what the page shows.
        ask: gives what somebody types after a prompt, later; None where nobody can be asked.
        file: the name of the program in traces.
        fresh: whether the names of the programs before are gone.
    """
    from pyodide.code import eval_code_async

    room = [_PRINTED]
    out, err = Printed("out", emit, room), Printed("err", emit, room)
    file = file or FILE

    def display(*values: Any, **_: Any) -> None:
        """Show values in the page, each as it is shown best."""
        out.flush()
        err.flush()
        for value in values:
            show(value, emit, _space)

    def typed(prompt: object = "") -> str:
        return _typed(str(prompt), out, ask)

    if fresh:
        _space.clear()
    python = as_python(code)
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    saved = sys.stdout, sys.stderr, builtins.input, time.sleep, sys.breakpointhook
    sys.stdout, sys.stderr = out, err
    builtins.input = typed
    time.sleep = _sleep
    sys.breakpointhook = _no_debugger
    figures = _figures(python, emit, out.flush)
    error: dict[str, Any] | None = None
    try:
        _space.update(_names(python, display))
        value = await eval_code_async(python, _space, filename=file)
        if asyncio.isfuture(value) or asyncio.iscoroutine(value):
            value = await value
        if value is not None:
            display(value)
    except SystemExit:
        pass
    except BaseException as raised:  # whatever the visitor's program raises is told to the visitor
        error = told(raised, code, file)
    finally:
        out.flush()
        err.flush()
        if figures:
            figures()
        sys.stdout, sys.stderr, builtins.input, time.sleep, sys.breakpointhook = saved
    return json.dumps(error, ensure_ascii=True) if error else None


def _no_debugger(*_: Any, **__: Any) -> None:
    """In the place of `breakpoint()`, whose debugger would stand between Python and the page."""
    raise RuntimeError("breakpoint() has no debugger here: print what you want to see.")


def _figures(code: str, emit: Emit, flush: Callable[[], None]) -> Callable[[], None] | None:
    """Lead the figures of a program to the page; what shows those that are left at the end, None where it has none."""
    if "matplotlib" not in sys.modules and not any(
        name in code for name in ("matplotlib", "pylab", "seaborn", ".plot")
    ):
        return None
    try:
        import nabla_figures
    except ModuleNotFoundError:
        return None  # the program that needs it says so itself
    nabla_figures.lead(emit, flush)
    return nabla_figures.finish


def _names(code: str, display: Callable[..., None]) -> dict[str, Any]:
    names = {"__name__": "__main__", "np": np, "sp": sp, "sympy": sp, "nabla": nabla, "display": display}
    if "micropip" in code:
        import micropip

        names["micropip"] = micropip
    return {name: value for name, value in names.items() if name == "display" or name not in _space}


def _typed(prompt: str, out: Printed, ask: Callable[[str], Any] | None) -> str:
    """What somebody types, where Python can wait for it (JavaScript's promise integration)."""
    from pyodide.ffi import can_run_sync, run_sync

    out.write(prompt)
    out.flush()
    if ask is None or not can_run_sync():
        raise RuntimeError("input() cannot wait in this browser: write the value into the program.")
    text = str(run_sync(ask(prompt)))
    out.write(f"{text}\n")
    return text


def told(raised: BaseException, code: str, file: str = FILE) -> dict[str, Any]:
    """An exception for the page: what it says, the place in the visitor's program, the whole trace to unfold."""
    place = _place(raised, file)
    hint = raised.hint if isinstance(raised, UserError) else _hint(raised, code)
    message = raised.message if isinstance(raised, UserError) else str(raised)
    trace = traceback.TracebackException.from_exception(raised)
    if isinstance(raised, SyntaxError):
        message = raised.msg
    elif isinstance(raised, (NameError, AttributeError)):
        # With the name that was perhaps meant.
        message = "".join(trace.format_exception_only()).strip().removeprefix(f"{type(raised).__name__}: ")
    elif _is_unfetched(raised):
        # micropip goes on to doubt the name, which may be right.
        message = message.partition(". ")[0] + "."
    # What lies above the visitor's own lines is how the cell runs them.
    while trace.stack and not _is_own(trace.stack[0]) and any(map(_is_own, trace.stack)):
        trace.stack.pop(0)
    if isinstance(raised, SyntaxError):
        trace.stack.clear()
    return {
        "name": type(raised).__name__[:200],
        "message": cut(message, TOLD),
        "hint": cut(hint, 1900),
        "trace": cut("".join(trace.format()), TOLD),
        "place": place,
        "module": _missing(raised),
    }


def _is_own(frame: traceback.FrameSummary) -> bool:
    """Whether a frame is one of the visitor's programs."""
    return frame.filename.startswith("<cell")


def _missing(raised: BaseException | None) -> str:
    """The module for the want of which a program has ended, "" when it was something else."""
    while raised is not None:
        if isinstance(raised, ModuleNotFoundError):
            return (raised.name or "").partition(".")[0]
        raised = raised.__cause__ or raised.__context__
    return ""


def _place(raised: BaseException, file: str) -> list[int | None] | None:
    """[line, column, last line, last column] in the visitor's program; columns count characters."""
    if isinstance(raised, SyntaxError):
        if raised.filename != file or not raised.lineno:
            return None
        column = raised.offset - 1 if raised.offset else None
        last = raised.end_offset - 1 if raised.end_offset and raised.end_offset > 0 else None
        return [raised.lineno, column, raised.end_lineno or raised.lineno, last]
    frames = [frame for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == file]
    if not frames:
        return None
    frame = frames[-1]
    if not frame.lineno or frame.colno is None or frame.end_colno is None:
        return [frame.lineno or 1, None, None, None]
    first, last = frame.lineno, frame.end_lineno or frame.lineno
    return [first, _characters(file, first, frame.colno), last, _characters(file, last, frame.end_colno)]


def _characters(file: str, line: int, column: int) -> int:
    """Python counts the bytes before a place."""
    return len(linecache.getline(file, line).encode()[:column].decode(errors="ignore"))


def _is_unfetched(raised: BaseException) -> bool:
    """Whether micropip found no package of a name, for want of the package or of the network."""
    return isinstance(raised, ValueError) and str(raised).startswith("Can't fetch metadata for")


def _hint(raised: BaseException, code: str) -> str:
    if isinstance(raised, ModuleNotFoundError):
        name = (raised.name or "").partition(".")[0]
        if name in ("tkinter", "turtle", "curses", "multiprocessing", "subprocess"):
            return f"{name} needs what a browser does not give to programs."
        if name in _COMPILED:
            return f"{name} is not written in Python alone, and there is no build of it here."
        return f'Packages of pure Python come with: await micropip.install("{name}")' if name else ""
    if _is_unfetched(raised):
        return "There is no such package, or the network is away."
    if isinstance(raised, RuntimeError) and "stack switching" in str(raised):
        return "Nothing can wait inside of a function that is not async: write await main() for asyncio.run(main())."
    if isinstance(raised, SyntaxError) and "'await' outside" in raised.msg:
        return "await stands outside of functions, or in those that begin with async def."
    if isinstance(raised, (TypeError, AttributeError)) and "coroutine" in str(raised):
        return "Write await before a call that has to be waited for."
    return ""
