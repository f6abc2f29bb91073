"""What exercise is wanted: `chain 2 seed 7`."""

from __future__ import annotations

import re
from collections.abc import Collection

from nabla.errors import Span, UserError

LARGEST_SEED = 999_999
_WORDS = re.compile(r"[^\s,;]+")


def read_practice(text: str, rules: Collection[str], levels: Collection[int]) -> tuple[str, int, int]:
    """Read a rule, a level and a seed: `chain 2 seed 7`, `chain level 2`, `chain`. Level and seed are 1 if unsaid.

    Raises:
        UserError: "choice" for another rule or level, "value" for a seed that is no whole number of usual size,
            "syntax" for anything else.
    """
    hint = f"A rule ({', '.join(rules)}), a level from {min(levels)} to {max(levels)} and a seed: chain 2 seed 7."
    rule, level, seed = "", 0, 0
    before = ""
    for match in _WORDS.finditer(text):
        word, span = match.group().lower(), Span(*match.span())
        if word in ("seed", "level", "rule", "the"):
            before = word
            continue
        if not word.isascii() or not word.isdigit():
            if rule or word not in rules:
                raise UserError("choice", f"{match.group()} is none of the rules.", hint=hint, span=span)
            rule = word
        elif before == "seed" or level:
            if seed or len(word) > 6:
                raise UserError("value", "A seed is one whole number of up to six digits.", hint=hint, span=span)
            seed = int(word)
        elif int(word[:9]) not in levels:
            raise UserError("choice", f"There is no level {word}.", hint=hint, span=span)
        else:
            level = int(word)
        before = ""
    if not rule:
        raise UserError("syntax", "The rule to practise is missing.", hint=hint, span=Span(0, len(text)))
    return rule, level or min(levels), seed or 1
