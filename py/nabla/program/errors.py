"""How a program can end beside well: a gap of ours, or an error of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Who is told of every gap as it is made: the guard of the run that is on, so that none can be swallowed.
RECORDERS: list[Callable[[Gap], None]] = []


class Gap(BaseException):
    """Something that is not covered here, or more work than is done here: ours, never the program's own error.

    It is no `Exception`, so that a program's `except Exception` does not catch it; the guard keeps it on record.

    Attributes:
        code: "not-covered", "forbidden", "too-big", "timeout", "too-deep" or "needs-file".
        what: a noun phrase, or a whole sentence without its full stop.
        near: known names that are near.
        line: in the program; 0 while unknown.
    """

    def __init__(self, what: str, near: tuple[str, ...] = (), code: str = "not-covered", line: int = 0) -> None:
        super().__init__(what)
        self.what, self.near, self.code, self.line = what, near, code, line
        if RECORDERS:
            RECORDERS[-1](self)


class Stopped(BaseException):
    """An observer has what it wants: the run ends here. No program can catch it; whoever started the run does."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The program itself raised: type and message as Python gives them, the line, and the way there.

    Attributes:
        trace: the lines of the program on the way, outermost first, each with the name of its function.
    """

    kind: str
    message: str
    line: int
    trace: tuple[tuple[int, str], ...] = ()
