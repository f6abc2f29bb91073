"""The files that a program may read: those that were given with it, by name; none of the machine's."""

from __future__ import annotations

import contextvars
from collections.abc import Mapping
from types import MappingProxyType

_NONE: Mapping[str, str] = MappingProxyType({})
GIVEN: contextvars.ContextVar[Mapping[str, str]] = contextvars.ContextVar("files given with a program", default=_NONE)
"""The files by name, each as its text; a file that is no text as `nabla.read.data.binary` carries it."""


def given(path: str) -> str | None:
    """The file that a program means by a path: the one of that name in whichever folder; None where there is none."""
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    return next((text for own, text in GIVEN.get().items() if own.lower() == name), None)
