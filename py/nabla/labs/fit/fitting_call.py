"""A program that fits or transforms data, as read: its call, its data, its model, its start."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from nabla.labs.fit.windows import Window
from nabla.program.run import Run
from nabla.read.data.rate import Sampling
from nabla.sinusoid.times import Floats


@dataclass(frozen=True, slots=True)
class FittingCall:
    """One call of a function by name: its line and its arguments."""

    name: str
    line: int
    args: list[ast.expr]
    named: dict[str, ast.expr]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The line of a program that takes its data from elsewhere, from 1 (0: where they are used), and its text."""

    line: int
    text: str


@dataclass(slots=True)
class FitProgram:
    """What a program fits.

    `x` and `y` (n,) are its data where it has them, with their names; `form` its model as a formula with a head and
    `start` the values from which it begins; `names` what it had bound before the call; `sampling` where it says how
    often samples were taken. `foreign` says that it is no Python. `error` (n,) are errors of y by which it
    weighs. `given_axis` is the argument
    that gets the axis, where the function has that elsewhere. `missing` tells where data that are not there come from,
    and `columns` by which names or numbers the program picks x and y out of them. Of a transform, `rate` is the
    sampling rate it was given, `spacings` line and step of each frequency axis, `whole` the run of the program;
    `shifted` tells that powers of x count from its first value, where those of x itself are the same but for rounding;
    `window` multiplied the data before the transform, and is not in `y`; `guessed` says that the start is the library's
    own guess, `low_first` that a polynomial's coefficients come with the constant first.
    """

    code: str
    call: FittingCall
    x: Floats | None = None
    y: Floats | None = None
    x_name: str = "x"
    y_name: str = "y"
    form: str = ""
    start: list[float] | None = None
    names: dict[str, Any] = field(default_factory=dict)
    sampling: Sampling | None = None
    calls: list[FittingCall] = field(default_factory=list)
    foreign: bool = False
    given_axis: str = ""
    error: Floats | None = None
    missing: Elsewhere | None = None
    columns: str = ""
    rate: float | None = None
    spacings: list[tuple[int, float | None]] = field(default_factory=list)
    whole: Run | None = None
    shifted: bool = False
    window: Window | None = None
    guessed: bool = False
    low_first: bool = False

    @property
    def fits(self) -> bool:
        """Whether it fits a model of its own."""
        return bool(self.form)

    def data(self) -> str:
        """Its data as text, "" where it has none."""
        if self.y is None:
            return ""
        listed = [f"{self.y_name} = {self.y.tolist()}"]
        if self.x is not None:
            listed.insert(0, f"{self.x_name} = {self.x.tolist()}")
        return "\n".join(listed)
