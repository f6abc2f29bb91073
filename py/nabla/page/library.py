"""Modules whose files come later: a call that imports one is given up, and made again once they are there."""

from __future__ import annotations

import importlib
import sys
import zipimport
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec


class LibraryNeeded(BaseException):
    """A module lies in files that are not here yet; whoever called Python brings them and calls again.

    Not an `Exception`, which a library that can do without the module might swallow.
    """


class _Finder(MetaPathFinder):
    """Asked last: gives up the call that misses a module."""

    def __init__(self, part: str, names: Iterable[str], miss: Callable[[str], None]) -> None:
        self.part, self._names, self._miss = part, frozenset(names), miss

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] in self._names:
            self._miss(self.part)
            raise LibraryNeeded(name)
        return None


def watch(part: str, names: Iterable[str], miss: Callable[[str], None]) -> None:
    """Wait for imports from a part of the library.

    Args:
        part: what the page calls it.
        names: of its modules at the top.
        miss: called with the part when one of them is imported, before `LibraryNeeded` is raised.
    """
    sys.meta_path.append(_Finder(part, names, miss))


def has_come(part: str) -> None:
    """The files of a part lie where they belong: from now on its modules are found, or do not exist."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not (isinstance(finder, _Finder) and finder.part == part)]
    # An archive is read once, and this one was another when it was.
    zipimport._zip_directory_cache.clear()  # type: ignore[attr-defined]
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
