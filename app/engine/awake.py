"""Part of the snapshot: what Python does first when it wakes up in somebody's browser."""

from __future__ import annotations

import importlib
import pkgutil
import random
import sys
import zipfile
import zipimport
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import sympy as sp

import nabla
from nabla.page import calls as page
from nabla.page import library

_library: set[str] = set()


def remember_names(*places: str) -> None:
    """Note which modules there are in folders and archives; after waking up most of their files are gone."""
    for place in places:
        if place.endswith(".zip"):
            files = zipfile.ZipFile(place).namelist()
        else:
            files = [path.name for path in Path(place).iterdir()]
        _library.update(file.partition("/")[0].partition(".")[0] for file in files)


def awake(miss: Callable[[str], None]) -> None:
    """Make this copy of the memory its own, and see that it works.

    Args:
        miss: called when a module is imported that is not in memory, with the part to which it belongs: "library", or
            "labs" for one of ours.

    Raises:
        RuntimeError: when something gives a wrong answer.
    """
    random.seed()
    np.random.seed()
    sys.path[:] = dict.fromkeys(sys.path)
    # The archive of the library is not there yet: what the snapshot knows of its inside would be looked for in it.
    zipimport._zip_directory_cache.clear()  # type: ignore[attr-defined]
    library.watch("library", _library, miss)
    library.watch("labs", ["nabla"], miss)
    check()


def check() -> None:
    """Derive, transform, solve, draw and fail: each goes through other compiled modules.

    All of it is small: the visitor waits for it.
    """
    x = sp.Symbol("x", real=True)
    slope = sp.latex(sp.diff(x * sp.sin(x), x))
    spectrum = np.fft.rfft([1.0, 2.0, 3.0, 4.0])
    solution = np.linalg.solve([[2.0, 1.0], [1.0, 3.0]], [1.0, 2.0])
    drawn = np.random.default_rng(7).integers(0, 1000, 3)
    try:
        np.fft.rfft([])
        refused = False
    except ValueError:
        refused = True
    error, _ = page.answer("no such lab", "{}")
    found = (slope, *np.round([*spectrum.imag, *solution, *drawn], 6).tolist(), refused, error[:9])
    right = (r"x \cos{\left(x \right)} + \sin{\left(x \right)}", 0, 2, 0, 0.2, 0.6, 944, 625, 684, True, '{"error":')
    if found != right:
        raise RuntimeError(f"Python gives wrong answers after waking up: {found}")


def rehearse(asked: bool) -> Iterator[None]:
    """Import the modules that came later, one a step, while the visitor reads; then, if `asked`, answer questions.

    The questions are those of the gallery. The browser compiles better what has run for a while, and Chromium keeps
    that code for later visits, once there is a megabyte of it. Only labs that answer at once are asked, so that no
    question of the visitor's waits long.
    """
    for module in pkgutil.walk_packages(nabla.__path__, "nabla."):
        importlib.import_module(module.name)
        yield
    if not asked:
        return
    from nabla.gallery.examples import EXAMPLES

    for example in EXAMPLES:
        if example.lab in ("derive", "backprop", "fit"):
            try:
                nabla.run(example.lab, example.inputs)
            except library.LibraryNeeded:
                return  # nobody has asked: nothing is fetched for it
            yield
