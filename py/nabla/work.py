"""A limit on work, counted in function calls and not in seconds, so that it gives the same answer on every machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from types import CodeType, FrameType


class WorkExceeded(BaseException):
    """More calls were made than allowed; not an `Exception`, which SymPy might swallow."""


# In a generator that is being discarded, the exception would be lost: it waits for the next call.
if sys.version_info >= (3, 12):
    _MONITOR = sys.monitoring
    _TOOL = 4  # of the numbers of tools one that has no use of its own
    _BEGINS = _MONITOR.events.PY_START
    _EACH = 4  # what a profile reports for a function in Python, with the functions in C that it calls, and all returns

    @contextmanager
    def limited(calls: int) -> Iterator[None]:
        """Stop what is done inside after so many function calls and returns.

        Only the beginnings of functions in Python are heard of, which costs SymPy a quarter of its time; a profile of
        all events costs it more than all.

        Raises:
            WorkExceeded: when there are more.
        """
        left = calls

        def begins(code: CodeType, _: int) -> None:
            nonlocal left
            left -= _EACH
            if left < 0 and not code.co_flags & CO_GENERATOR:
                _MONITOR.set_events(_TOOL, _MONITOR.events.NO_EVENTS)
                raise WorkExceeded

        if _MONITOR.get_tool(_TOOL) is None:
            _MONITOR.use_tool_id(_TOOL, "nabla")
        before = _MONITOR.register_callback(_TOOL, _BEGINS, begins)
        _MONITOR.set_events(_TOOL, _BEGINS)
        try:
            yield
        finally:
            _MONITOR.register_callback(_TOOL, _BEGINS, before)
            _MONITOR.set_events(_TOOL, _MONITOR.events.NO_EVENTS if before is None else _BEGINS)

    def is_limited() -> bool:
        """Whether a limit is in force."""
        return _MONITOR.get_tool(_TOOL) is not None and _MONITOR.get_events(_TOOL) != _MONITOR.events.NO_EVENTS

else:

    @contextmanager
    def limited(calls: int) -> Iterator[None]:
        """Stop what is done inside after so many function calls and returns.

        Raises:
            WorkExceeded: when there are more.
        """
        left = calls

        def count(frame: FrameType, event: str, _: object) -> None:
            nonlocal left
            left -= 1
            if left < 0 and event in ("call", "c_call") and not frame.f_code.co_flags & CO_GENERATOR:
                raise WorkExceeded

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            yield
        finally:
            sys.setprofile(before)

    def is_limited() -> bool:
        """Whether a limit, or a profile of somebody else's, is in force."""
        return sys.getprofile() is not None
