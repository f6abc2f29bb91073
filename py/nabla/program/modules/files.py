"""Reading the files given with a program: `open`, `io.StringIO`, `csv`, NumPy's and SciPy's functions."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nabla.program.errors import Gap
from nabla.program.objects import Supply
from nabla.read.data.binary import is_binary, read_binary
from nabla.read.data.contents import Contents
from nabla.read.given import given

_TEXT = frozenset("read readline readlines close closed seek tell".split())
_MOST = 32_000_000  # characters of a file that a program reads


class Archive(dict[str, Any]):
    """What `np.load` gives for an archive: arrays by name, closed or not."""

    @property
    def files(self) -> list[str]:
        """The names."""
        return list(self)

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def supply() -> Supply:
    """The functions for one run."""
    return Supply(
        modules={
            "io": lambda: {"StringIO": io.StringIO},
            "csv": lambda: {"reader": _reader, "DictReader": _dict_reader},
            "scipy": dict,
            "scipy.io": lambda: {"loadmat": _loadmat},
            "scipy.io.wavfile": lambda: {"read": lambda path, mmap=False: _sound(_contents(path))},
        },
        types={io.StringIO: _TEXT, Archive: frozenset("files keys values items get close".split())},
        names={"open": lambda path, mode="r", *_, **__: _opened(path, mode)},
    )


def of_numpy() -> dict[str, Callable[..., Any]]:
    """`np.loadtxt`, `np.genfromtxt` and `np.load`."""

    def reads(function: Callable[..., Any]) -> Callable[..., Any]:
        def read(fname: Any, *args: Any, **named: Any) -> Any:
            named.pop("encoding", None)
            if type(fname) not in (io.StringIO, list, tuple):
                fname = _opened(fname, "r")
            return function(fname, *args, **named)

        return read

    def load(file: Any, *_: Any, **__: Any) -> Any:
        held = _contents(file).arrays
        return held[""] if list(held) == [""] else Archive(held)

    return {"loadtxt": reads(np.loadtxt), "genfromtxt": reads(np.genfromtxt), "load": load}


def _found(path: Any) -> str:
    """A file that was given.

    Raises:
        Gap: "needs-file".
    """
    text = given(path) if isinstance(path, str) else None
    if text is None:
        raise Gap(f"the file {f'`{path}`'[:80] if isinstance(path, str) else 'here'}", code="needs-file")
    if len(text) > _MOST:
        raise Gap(f"a file of more than {_MOST:,} characters", code="too-big")
    return text


def _opened(path: Any, mode: str) -> io.StringIO:
    text = _found(path)
    if is_binary(text) or mode.strip("t") not in ("r", "rU"):
        raise Gap("a file that is no text, or is to be written", code="needs-file")
    return io.StringIO(text)


def _contents(path: Any) -> Contents:
    text = _found(path)
    if not is_binary(text):
        raise Gap(f"`{path}` as a file of arrays", code="needs-file")
    return read_binary(text)


def _reader(lines: Any, dialect: str = "excel", *, delimiter: str = ",", quotechar: str = '"',
            skipinitialspace: bool = False) -> Iterator[list[str]]:  # fmt: skip
    return iter(csv.reader(lines, dialect, delimiter=delimiter, quotechar=quotechar, skipinitialspace=skipinitialspace))


def _dict_reader(lines: Any, fieldnames: Any = None, *, delimiter: str = ",") -> Iterator[dict[Any, Any]]:
    return iter(list(csv.DictReader(lines, fieldnames, delimiter=delimiter)))


def _loadmat(file_name: Any, *, squeeze_me: bool = False, **_: Any) -> dict[str, Any]:
    held = _contents(file_name).arrays
    return {name: np.squeeze(array) if squeeze_me else array for name, array in held.items()}


def _sound(contents: Contents) -> tuple[int, Any]:
    """As scipy.io.wavfile.read: the rate, and the samples, a column a channel where there are several."""
    channels = list(contents.arrays.values())
    return int(contents.rate), channels[0] if len(channels) == 1 else np.column_stack(channels)
