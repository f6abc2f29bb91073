"""How much of a program is taken: its text before it is parsed, its work while it runs."""

from __future__ import annotations

from dataclasses import dataclass

LENGTH = 60_000  # characters
LINES = 2_000
BRACKETS = 60  # open at once
OPERATORS = 400  # signs and words of one logical line that could nest
PREFIXES = 12  # signs or `not` in a row
DEPTH = 320  # of the syntax tree
BITS = 100_000  # of a whole number that a program makes
ITEMS = 20_000_000  # of one list, text or range
SHOWN = 100_000  # characters of one printed text
WIDTH = 1_000  # characters asked for by a format
PRINTS = 20_000


@dataclass(frozen=True, slots=True)
class Budget:
    """What one run may do: turns of loops and calls of functions, counted together; `turns` between two looks."""

    turns: int = 4_000_000
    look: int = 10_000
