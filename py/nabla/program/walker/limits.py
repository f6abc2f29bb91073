"""How much of a program is taken: its text before it is parsed, its work while it runs."""

from __future__ import annotations

LENGTH = 20_000  # characters
LINES = 600
BRACKETS = 40  # open at once
OPERATORS = 300  # signs and words of one logical line that could nest
PREFIXES = 12  # signs or `not` in a row
DEPTH = 320  # of the syntax tree
STEPS = 400_000  # expressions and statements evaluated
CALLS = 40  # functions inside functions
BITS = 4_000  # of a whole number
ITEMS = 100_000  # of a list or of text
WIDTH = 200  # characters asked for by a format
