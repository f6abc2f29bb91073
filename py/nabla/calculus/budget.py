"""A limit on symbolic work, counted in calls of functions and not in seconds: the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import CO_GENERATOR
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

# Calls of functions: about a third of a second in CPython, two seconds in a browser.
CALLS = 1_000_000


class _Overworked(BaseException):
    """Raised amid SymPy's work; not an `Exception`, which SymPy might swallow."""


def within(calls: int, work: Callable[[], T], otherwise: T) -> T:
    """`work()`, or `otherwise` when that takes more than so many calls of functions.

    Under another limit that is being counted already, `work()` is left to that one.
    """
    before = sys.getprofile()
    if before is not None:
        return work()
    made = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal made
        made += 1
        # A generator may be running because it is thrown away, where an exception would be lost.
        if made > calls and event in ("call", "c_call") and not frame.f_code.co_flags & CO_GENERATOR:
            raise _Overworked

    sys.setprofile(count)
    try:
        return work()
    except _Overworked:
        return otherwise
    finally:
        sys.setprofile(before)
