"""What a run leaves behind: what was printed, drawn and noted; and the observers that are told while it runs."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nabla.program import limits
from nabla.program.errors import Gap
from nabla.program.rewrite import Wishes

if TYPE_CHECKING:
    from nabla.program.guard import Guard


@dataclass(frozen=True, slots=True)
class Printed:
    """One `print`: its line, its text without the end, its values, and the end."""

    line: int
    text: str
    values: tuple[Any, ...] = ()
    end: str = "\n"


@dataclass
class Evidence:
    """What a program did.

    Attributes:
        printed: one entry a `print`; what libraries print is there too, without values.
        drawn: calls of plotting functions, as line and name.
        notes: what was mended or passed over, in sentences.
        fields: how much has been printed so far, in characters.
    """

    printed: list[Printed] = field(default_factory=list)
    drawn: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    characters: int = 0

    def show(self, entry: Printed) -> None:
        """Add a print.

        Raises:
            Gap: there are too many.
        """
        self.characters += len(entry.text)
        if len(self.printed) >= limits.PRINTS or self.characters > 20 * limits.SHOWN:
            raise Gap(f"more than {limits.PRINTS:,} prints", code="too-big")
        self.printed.append(entry)


class Paper(io.TextIOBase):
    """Where libraries print: each write is a print without values."""

    def __init__(self, guard: Guard, evidence: Evidence) -> None:
        self.guard, self.evidence = guard, evidence
        self.rest = ""

    def write(self, text: str) -> int:
        """Take down whole lines."""
        *lines, self.rest = (self.rest + text).split("\n")
        for line in lines:
            self.evidence.show(Printed(self.guard.line(), line))
        return len(text)


class Observer:
    """Who is told while a program runs; every method does nothing by itself.

    `wishes` says which of them are called at all: what is not asked for costs nothing.
    """

    wishes = Wishes()
    trace = ""  # a name for how `prepared` changes the tree

    def prepared(self, tree: ast.Module) -> ast.Module:
        """The tree of the program as it is to be rewritten for the guard."""
        return tree

    def functions(self, guard: Guard) -> dict[str, Callable[..., Any]]:
        """What a tree so prepared calls, under names with an `@`; asked for once, before the run."""
        return {}

    def bound(self, name: str, value: Any) -> None:
        """A name was assigned to."""

    def literal(self, value: Any) -> Any:
        """A number that is assigned as it stands; gives what is bound."""
        return value

    def kept(self, value: Any, attribute: str) -> None:
        """An attribute was set."""

    def turn(self, line: int, count: int) -> None:
        """A loop turns, counted from 0; -1 when one that turned is left."""

    def shown(self, value: Any) -> Any:
        """A printed value as data."""
        return value

    def head(self, line: int, names: dict[str, Any]) -> None:
        """A turn of the loop in a line begins, with these names."""

    def left(self, line: int, names: dict[str, Any]) -> None:
        """The loop in a line is over."""

    def repeat(self, line: int, names: dict[str, Any]) -> dict[str, Any] | None:
        """Values of names with which the turn is to be done (again); None to go on."""
        return None

    def edited(self, text: str, value: Any) -> Any:
        """Something was assigned to; gives what the name is bound to."""
        return value

    def operated(self, operator: str, a: Any, b: Any, line: int, column: int) -> Any:
        """The sum or difference of two values."""
        return a + b if operator == "Add" else a - b
