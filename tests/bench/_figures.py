"""What every benchmark prints: figures side by side, each against its bound, and how many bounds are met."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure of ours and of what a user would use instead; `bound` is the largest ratio that will do."""

    name: str
    unit: str
    ours: float
    theirs: float
    bound: float | None = None

    @property
    def ratio(self) -> float:
        """Ours over theirs; two figures of nothing are equal."""
        if not self.theirs:
            return math.inf if self.ours else 1.0
        return self.ours / self.theirs

    @property
    def met(self) -> bool:
        """Whether the ratio keeps its bound."""
        return self.bound is None or self.ratio <= self.bound


def report(title: str, theirs: str, figures: list[Figure]) -> int:
    """Print the table and, last, `N bounds met, M missed`; return the exit status, 1 when a bound is missed."""
    width = max(len(f"{figure.name} ({figure.unit})") for figure in figures)
    print(f"\n{title}\n{'':{width}} {'Nabla':>9} {theirs:>9} {'ratio':>7} {'bound':>7}")
    for figure in figures:
        bound = "" if figure.bound is None else f"{figure.bound:7.2f}  {'met' if figure.met else 'MISSED'}"
        label = f"{figure.name} ({figure.unit})"
        print(f"{label:{width}} {figure.ours:9.2f} {figure.theirs:9.2f} {figure.ratio:7.2f} {bound}".rstrip())
    bounded = [figure for figure in figures if figure.bound is not None]
    missed = sum(not figure.met for figure in bounded)
    print(f"\n{len(bounded) - missed} bounds met, {missed} missed")
    return 1 if missed else 0
