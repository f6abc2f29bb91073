"""The sentence that answers, from prose and the names of its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nabla.answer.document import Quantity, Sentence
from nabla.write.text import plain


def sentence(prose: str, values: Mapping[str, Any], names: Iterable[str], given: Iterable[Quantity] = ()) -> Sentence:
    """The sentence written in prose, as text too, with its numbers.

    Args:
        prose: what it says, formulas in LaTeX between dollar signs.
        values: those of the document.
        names: paths in `values` of the numbers that it names; those without a finite number are left out.
        given: its numbers that stand in an input.
    """
    found = [(name, lookup(values, name)) for name in names]
    numbers = [Quantity(name, float(value)) for name, value in found if _is_finite(value)]
    return Sentence(plain(prose), prose, [*numbers, *given])


def in_a_row(texts: Sequence[str]) -> str:
    """Texts as a sentence lists them, with "and" before the last: a, b and c."""
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def lookup(values: Any, path: str) -> Any:
    """What `values` hold under a path of keys and indices; keys may hold dots. None where there is nothing."""
    if not path:
        return values
    if isinstance(values, (list, tuple)):
        first, _, rest = path.partition(".")
        return lookup(values[int(first)], rest) if first.isdigit() and int(first) < len(values) else None
    if not isinstance(values, Mapping):
        return None
    keys = (key for key in map(str, values) if path == key or path.startswith(f"{key}."))
    key = max(keys, key=len, default=None)
    return None if key is None else lookup({str(k): v for k, v in values.items()}[key], path[len(key) + 1 :])


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
