"""The inputs of a lab, and how names that a text defines get into its formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nabla.question.atoms import FUNCTIONS
from nabla.question.formulas import Formula, entries_of, names_in
from nabla.question.roles import RoleReading
from nabla.read.formula.names import ACCENTS, GREEK_LETTERS

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
    """The text with each name and each call that has a definition replaced by it, chains of them as well."""
    text = _called(text, reading, first, used)
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


def _called(text: str, reading: RoleReading, first: Formula, used: list[Span]) -> str:
    """The text with calls of functions that are defined written out: f(g(x))."""
    defined = {f.name: f for f in reading.formulas if f.shape == "function" and f is not first}
    for _ in range(8):
        call = next((c for c in _CALL.finditer(text) if c[1] in defined and c[1] != first.name), None)
        end = _closing(text, call.end()) if call else 0
        if call is None or not end:
            return text
        definition = defined[call[1]]
        given = entries_of(f"({text[call.end() : end]})") or [text[call.end() : end]]
        body = definition.sides[1]
        for i, name in enumerate(definition.args):
            body = put(body, name, f"#{i}#", again=True) or body
        if len(given) != len(definition.args) or call[1] in names_in(definition.sides[1]):
            return text
        for i, entry in enumerate(given):
            body = body.replace(f"#{i}#", entry)
        text = f"{text[: call.start()]}({body}){text[end + 1 :]}"
        used.append(definition.span)
    return text


_CALL = re.compile(r"(?<![A-Za-z\\_])([A-Za-z])\s?\(")


def _closing(text: str, at: int) -> int:
    """Where the bracket closes that is open at a place; 0 where it does not."""
    depth = 1
    for i in range(at, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    return 0


_ACCENTS = {accent: letter for letter, accent in ACCENTS.items()}


def apart(text: str) -> str:
    """The text with letters that are read as a product apart, rP as r P, so that one of them can be replaced."""
    names = set(names_in(text))

    def run(found: re.Match[str]) -> str:
        letters = found[0]
        return " ".join(letters) if letters not in names | FUNCTIONS and set(letters) <= names else letters

    return re.sub(r"(?<![A-Za-z\\_])[A-Za-z]{2,4}(?![A-Za-z_(])", run, text)


def put(text: str, name: str, body: str, *, again: bool = False) -> str | None:
    """`body` in brackets in place of a name; None where the name cannot be told apart from what stands beside it.

    `again` allows the name to stand in the body too.
    """
    spelled = {name, f"\\{name}", name.replace("_", "_{") + "}" if "_" in name else name}
    for accent in ("hat", "tilde", "bar"):
        if name.endswith(f"_{accent}"):
            letter = name.removesuffix(f"_{accent}")
            spelled |= {rf"\{accent} {letter}", rf"\{accent}{{{letter}}}", letter + _ACCENTS[accent]}
    spelled |= {letter for letter, greek in GREEK_LETTERS.items() if greek == name}
    pattern = "|".join(re.escape(word) for word in sorted(spelled, key=len, reverse=True))
    done, count = re.subn(rf"(?<![A-Za-z\\_])(?:{pattern})(?![A-Za-z_'])", lambda _: f"({body})", text)
    return done if count and (again or name not in names_in(done)) else None


def difference(equation: Formula) -> str:
    """The left side of an equation minus the right one."""
    left, right = equation.sides[0], equation.sides[-1]
    return left if right.strip() == "0" else f"{left} - ({right})"


def doubts_of(functions: Sequence[Formula]) -> tuple[str, ...]:
    """What the functions leave open, each doubt once."""
    found = [formula.island.doubt for formula in functions if formula.island.doubt]
    return tuple(dict.fromkeys(found))


UNEQUAL = frozenset(["≠", "!=", "\\ne", "\\neq"])
_POINT = re.compile(r"\(?\s*(?:\\?[A-Za-z]+|[α-ω]|-?\d+)(?:\s*,\s*(?:\\?[A-Za-z]+|[α-ω]|-?\d+))*\s*\)?")


def is_exclusion(formula: Formula) -> bool:
    """Whether a condition leaves out a point and says no more: x ≠ 0, (x, y) ≠ (0, 0)."""
    return formula.island.relations[0] in UNEQUAL and all(_POINT.fullmatch(side.strip()) for side in formula.sides)
