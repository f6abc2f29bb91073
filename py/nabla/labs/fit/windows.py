"""Windows by which a program multiplies its data before it transforms them, and what they do to the heights."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import numpy as np

from nabla.labs.fit.bindings import bound_to, called
from nabla.program.source import Program
from nabla.sinusoid.times import Floats

# Their coefficients of 1, -cos, cos 2, ...: F. J. Harris, Proc. IEEE 66 (1978), 51, and those of SciPy.
_COSINES = {
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "bartlett": (),
}
_CALLS = {**{name: name for name in _COSINES}, "hanning": "hann"}


@dataclass(frozen=True, slots=True)
class Window:
    """A window by name, and the line in which it multiplies the data."""

    name: str
    line: int
    called: str = ""  # in the program

    def divided_out(self, code: str) -> bool:
        """Whether the program takes its sum or its mean."""
        own = re.escape(self.called)
        return bool(own and re.search(rf"\b{own}\.(?:sum|mean)\(|\b(?:sum|mean)\(\s*{own}\b", code))

    @property
    def title(self) -> str:
        """Its name as it is written."""
        return {"flattop": "flat-top", "blackmanharris": "Blackman-Harris"}.get(self.name, self.name.capitalize())

    def values(self, n: int) -> Floats:
        """Its n values, symmetric."""
        if self.name == "bartlett":
            return np.bartlett(n)
        angle = 2 * np.pi * np.arange(n) / max(n - 1, 1)
        terms = (a * (-1) ** k * np.cos(k * angle) for k, a in enumerate(_COSINES[self.name]))
        return np.asarray(sum(terms), dtype=np.float64)


def without_window(program: Program, signal: ast.expr, line: int) -> tuple[ast.expr, Window | None]:
    """The signal that a transform takes without the window that multiplies it, and that window."""
    value = bound_to(program.tree, signal, line + 1)
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult)):
        return signal, None
    for factor, other in ((value.left, value.right), (value.right, value.left)):
        made = bound_to(program.tree, factor, line + 1)
        if name := _window(made):
            return other, Window(name, value.lineno, ast.unparse(factor) if isinstance(factor, ast.Name) else "")
    return signal, None


def _window(made: ast.expr) -> str:
    """The window that a call makes, by its name; "" for other calls."""
    name = called(made)
    if name == "get_window" and isinstance(made, ast.Call) and made.args:
        first = made.args[0]
        given = first.value if isinstance(first, ast.Constant) else ""
        return _CALLS.get(str(given).lower(), "")
    return _CALLS.get(name.lower(), "")
