"""Symbolic work that is given up when it takes too many function calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from nabla.work import WorkExceeded, is_limited, limited

T = TypeVar("T")

# Function calls: about a third of a second in CPython, one or two seconds in a browser.
CALLS = 1_000_000


def within(calls: int, work: Callable[[], T], otherwise: T) -> T:
    """`work()`, or `otherwise` when that takes more than `calls` function calls.

    While another limit is in force, `work()` is left to that one.
    """
    if is_limited():
        return work()
    try:
        with limited(calls):
            return work()
    except WorkExceeded:
        return otherwise
