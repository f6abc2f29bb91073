"""An answer in the names that the text defines, 3u² · 2x beside y = u³ and u = x² + 1, with what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nabla.question.filled import apart, put
from nabla.question.formulas import names_in
from nabla.question.norms import with_norms
from nabla.question.roles import RoleReading

_DEEPEST = 4


def with_definitions(lines: str, reading: RoleReading, inputs: Mapping[str, str]) -> str | None:
    """The lines of an answer with the names replaced that the question's function does not hold itself.

    Returns:
        None where such a name stands in a product that it cannot be told apart in, as in xu^2: then the answer is not
        judged.
    """
    f, path = inputs.get("f", ""), _names_before_equals(inputs.get("path", ""))
    own = ({name for side in re.split("[=;]", f) for name in names_in(side.strip()) if side.strip()} | {""}) - path
    own |= set(inputs.get("wrt", "").split(","))
    lines = with_norms(lines, reading, [])[0]
    for _ in range(_DEEPEST):
        names = [name for name in names_in(lines) if name in reading.definitions and name not in own]
        if not names:
            return lines
        for name in names:
            body = reading.definitions[name].sides[1]
            done = put(apart(lines), name, body, again=True)
            if done is None or name in names_in(body):
                return None
            lines = done
    return lines


def _names_before_equals(path: str) -> set[str]:
    return {part.partition("=")[0].strip() for part in path.split(",") if "=" in part}
