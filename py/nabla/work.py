"""A limit on work, counted in function calls and not in seconds, so that it gives the same answer on every machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import CO_GENERATOR
from types import FrameType


class WorkExceeded(BaseException):
    """More calls were made than allowed; not an `Exception`, which SymPy might swallow."""


@contextmanager
def limited(calls: int) -> Iterator[None]:
    """Stop what is done inside after so many function calls.

    Raises:
        WorkExceeded: when there are more.
    """
    made = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal made
        made += 1
        # In a generator that is being discarded, the exception would be lost.
        if made > calls and event in ("call", "c_call") and not frame.f_code.co_flags & CO_GENERATOR:
            raise WorkExceeded

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
