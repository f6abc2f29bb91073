"""Limits of time and memory that no program can pass: it runs in a process of its own, which is ended from outside.

Counting steps ends most programs that go on for ever, but a single operation may cost anything: `x = x*x`, repeated 21
times, takes 20 seconds in one multiplication. Only another process can end that.
"""

from __future__ import annotations

import faulthandler
import os
import re
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from nabla.errors import UserError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 60.0  # of one answer on the command line
MEMORY = 2 << 30  # bytes beyond what the process has when it starts

PROGRAM = "program.py"  # under this name a program is compiled

_GRACE = 0.5  # seconds in which the process notes where it is
_NO_MEMORY = "This needs more memory than it may take"

# The line that the program has reached, in memory that the process outside shares.
_line: Any = None


def reached(line: int) -> None:
    """Note the line at which a program is: should it be ended from outside, the message names it."""
    if _line is not None:
        _line.value = line


def call(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """`function(*args, **options)` within the ordinary limits; see `call_within`."""
    return call_within(SECONDS, MEMORY, function, *args, **options)


def call_within(seconds: float, memory: int, function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """`function(*args, **options)`, computed in a process of its own that ends with it.

    Args:
        seconds: how long it may take.
        memory: how many bytes it may take beyond those that the process begins with; counted where the system can
            limit the memory of a process, which Windows and macOS cannot.
        function: of a module, so that the other process finds it; its arguments and result must be picklable.
        *args: for it.
        **options: for it.

    Raises:
        UserError: "timeout" or "too-big" at a limit, with the line of the program where `reached` has told it.
        Exception: whatever the function raises, with the traceback of the other process in its `__notes__`.
    """
    import multiprocessing  # here alone: the page has no processes

    # A copy of this process is there at once; one with several threads may not be copied.
    copied = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if copied else "spawn")
    here, there = context.Pipe(duplex=False)
    line = context.RawValue("i", 0)
    handle, name = tempfile.mkstemp(prefix="nabla-")
    os.close(handle)
    places = Path(name)
    given = (there, line, str(places), seconds, memory, function, args, options)
    process = context.Process(target=_work, args=given, daemon=True)  # type: ignore[attr-defined]
    process.start()
    there.close()
    try:
        if not here.poll(seconds + _GRACE):
            message = f"This takes longer than {seconds:g} seconds and was stopped."
            raise _refused("timeout", message, "Ask for less, or allow more time.", _line_in(places) or line.value)
        try:
            value, error = here.recv()
        except EOFError:
            process.join()
            raise _ended(process.exitcode, line.value) from None
    finally:
        process.kill()
        process.join()
        here.close()
        places.unlink()
    if isinstance(error, MemoryError):
        raise _refused("too-big", f"{_NO_MEMORY}: {str(error) or 'the memory is full'}.", "Ask for less.", line.value)
    if error is not None:
        raise error
    result: T = value
    return result


def _work(
    there: Connection,
    line: Any,
    places: str,
    seconds: float,
    memory: int,
    function: Callable[..., Any],
    args: Any,
    options: dict[str, Any],
) -> None:
    """What the other process does: it sends the value and None, or None and the exception."""
    global _line
    _line = line
    # By a thread that needs nothing of Python, in which an operation may be that lets nobody else run.
    file = Path(places).open("w", encoding="utf-8")  # noqa: SIM115 (it is open as long as the process)
    faulthandler.dump_traceback_later(seconds, file=file)
    _limit(memory)
    try:
        value, raised = function(*args, **options), None
    except Exception as error:  # it is raised again outside
        error.add_note(traceback.format_exc())
        value, raised = None, error
    there.send((value, raised))


def _line_in(places: Path) -> int:
    """The innermost line of a program in a list of the places where the threads are; 0 for none."""
    found = re.search(rf'File "{re.escape(PROGRAM)}", line (\d+)', places.read_text(encoding="utf-8", errors="replace"))
    return int(found[1]) if found else 0


def _limit(memory: int) -> None:
    """Let this process take so much more memory than it has; allocations beyond it fail."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _ended(status: int | None, line: int) -> UserError:
    """The other process ended without a word: memory that a library could not get ends it like this."""
    message = f"{_NO_MEMORY}, or has broken Python (it ended with status {status})."
    return _refused("too-big", message, "Ask for less.", line)


def _refused(code: str, message: str, hint: str, line: int) -> UserError:
    return UserError(code, f"Line {line}: {message[0].lower()}{message[1:]}" if line else message, hint=hint)
