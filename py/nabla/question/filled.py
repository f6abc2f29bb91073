"""The inputs of a lab, and how names that a text defines get into its formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nabla.question.formulas import Formula, names_in
from nabla.question.roles import RoleReading

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Filled:
    """Inputs of a lab, the stretches of text that they are made of, and further questions on the same function."""

    inputs: dict[str, str]
    used: tuple[Span, ...]
    doubts: tuple[str, ...] = ()
    further: tuple[Filled, ...] = field(default=())
    asked: str = ""


def substituted(text: str, reading: RoleReading, first: Formula, used: list[Span], keep: Iterable[str] = ()) -> str:
    """The text with each name that has a definition replaced by it, chains of them as well."""
    for _ in range(4):
        names = [
            name
            for name in names_in(text)
            if name in reading.definitions and name not in keep and reading.definitions[name] is not first
        ]
        if len(names) != 1:
            return text
        definition = reading.definitions[names[0]]
        body = definition.sides[1]
        if names[0] in names_in(body):
            return text
        done = put(text, names[0], body)
        if done is None:
            return text
        used.append(definition.span)
        text = done
    return text


def put(text: str, name: str, body: str) -> str | None:
    """`body` in brackets in place of a name; None where the name cannot be told apart from what stands beside it."""
    spelled = {name, f"\\{name}", name.replace("_", "_{") + "}" if "_" in name else name}
    letters = {"theta": "θ", "omega": "ω", "phi": "φ", "alpha": "α", "beta": "β"}
    spelled |= {letters[name]} if name in letters else set()
    pattern = "|".join(re.escape(word) for word in sorted(spelled, key=len, reverse=True))
    done, count = re.subn(rf"(?<![A-Za-z\\_])(?:{pattern})(?![A-Za-z_'])", lambda _: f"({body})", text)
    return done if count and name not in names_in(done) else None


def doubts_of(functions: Sequence[Formula]) -> tuple[str, ...]:
    """What the functions leave open, each doubt once."""
    found = [formula.island.doubt for formula in functions if formula.island.doubt]
    return tuple(dict.fromkeys(found))
