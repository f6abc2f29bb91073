"""The guard: what rewritten programs call for every attribute, import, turn of a loop and call of a function."""

from __future__ import annotations

import _string  # type: ignore[import-not-found]
import itertools
import string
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from nabla.program import sizes
from nabla.program.access import Access
from nabla.program.errors import Gap
from nabla.program.limits import Budget
from nabla.program.objects import Kind, Missing, Module, Supply, module, near
from nabla.program.patterns import matching

# Whose exceptions a program may raise and catch.
_KNOWN = frozenset("builtins numpy scipy nabla decimal statistics dataclasses".split())


class Guard(Access):
    """The guard of one run.

    Args:
        supply: tables of modules and types.
        budget: of turns and calls.
        look: called now and then, after so many turns; raises to end the run.

    Attributes:
        gap: the first `Gap` that was raised; from then on every call raises it again.
        own: plain classes of the program that were seen.
        generators: of random numbers that the program draws from.
        forced: the seed that these get whatever the program says.
    """

    def __init__(self, supply: Supply, budget: Budget, look: Callable[[int], None]) -> None:
        self.supply = supply
        self.budget = budget
        self.look = look
        self.main = "".join(("__main", "__"))  # a string object of its own: whoever bears it is the program's
        self.env: dict[str, Any] = {"__name__": self.main, "__doc__": None, "__file__": "program.py"}
        self.gap: Gap | None = None
        self.own: set[type] = set()
        self.used = 0
        self.views: dict[type, Kind] = {}
        self.modules: dict[str, Any] = {}
        self.notes: list[str] = []
        self.generators: list[Any] = []
        self.forced: int | None = None
        self._reach: dict[type, set[str]] = {}
        self.tick: Callable[[], None] = itertools.chain.from_iterable(self._chunks()).__next__
        self.get = self._getter()

    # Ends ------------------------------------------------------------------------------------------------------------

    def fail(self, gap: Gap) -> NoReturn:
        """Raise the gap that is on record: this one, unless there was one before."""
        self.record(gap)
        assert self.gap is not None
        raise self.gap

    def record(self, gap: Gap) -> None:
        """Put a gap on record; from now on everything that the guard supplies raises it."""
        if self.gap is None:
            self.gap = gap
            gap.line = gap.line or self.line()
            builtins = self.env["__builtins__"]
            for name in builtins:
                if name.startswith("@") and name not in ("@type", "@own"):
                    builtins[name] = self._again
            self.own.clear()

    def _again(self, *_: Any, **__: Any) -> NoReturn:
        error = sys.exc_info()[1]
        raise self.gap or error or Gap("what is missing")

    def line(self) -> int:
        """The line that the program is at; 0 outside it."""
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_globals is self.env:
                return frame.f_lineno or 0
            frame = frame.f_back
        return 0

    def _chunks(self) -> Iterator[Iterable[None]]:
        while self.used < self.budget.turns:
            self.look(self.used)
            self.used += self.budget.look
            yield itertools.repeat(None, self.budget.look)
        self.fail(Gap(f"more than {self.budget.turns:,} turns of loops and calls of functions", code="timeout"))

    def uncaught(self) -> Any:
        """What a `try` never catches: in a handler, everything when the error in flight is ours."""
        error = sys.exc_info()[1]
        if error is not None and self.is_foreign(error):
            return BaseException
        judged = self.judged(error) if error is not None else None
        if judged is None:
            return ()
        self.record(judged)
        return BaseException

    def is_foreign(self, error: BaseException) -> bool:
        """Whether an exception is neither Python's nor a library's nor the program's: someone outside ends the run."""
        kind, home = type(error), type(error).__module__.split(".")[0]
        ours = home == "nabla" and not isinstance(error, (Exception, Gap))
        return not self.is_own(kind) and (ours or home not in _KNOWN)

    def judged(self, error: BaseException) -> Gap | None:
        """The gap that an exception is, if it is none of the program's own; replaced by who supplies the modules."""
        return error if isinstance(error, Gap) else None

    # Text, patterns, loops, modules ----------------------------------------------------------------------------------

    def _format_of(self, text: str, how: str) -> Callable[..., str]:
        formatter = _Formatter(self)
        if how == "format_map":
            return lambda named: formatter.vformat(text, (), named)
        return lambda *args, **named: formatter.vformat(text, args, named)

    def case(self, subject: Any, spec: Any) -> dict[str, Any] | None:
        """The names that a pattern binds, or None."""
        return matching(subject, spec, self)

    def each(self, values: Any) -> Any:
        """What a comprehension goes through, its turns counted."""
        return self._counted(iter(values))

    def _counted(self, values: Iterator[Any]) -> Iterator[Any]:
        tick = self.tick
        for value in values:
            tick()
            yield value

    def module(self, name: str) -> Any:
        """A module by its full name; what is not here is `Missing`."""
        made = self.modules.get(name)
        if made is None:
            table = self.supply.modules.get(name)
            if table is None:
                made = Missing(name, near(name, self.supply.modules))
                self.notes.append(f"The module `{name}` is not here; as long as nothing uses it, it is passed over.")
            else:
                content = table()
                made = module(name, content) if isinstance(content, Mapping) else content
            self.modules[name] = made
        return made

    def seed(self, seed: int, forced: int | None = None) -> None:
        """Begin the random numbers at a seed; with `forced` also where the program gives one of its own."""
        for name in ("numpy.random", "random"):
            vars(self.module(name))["seed"](seed)
        self.forced = forced

    def imported(self, name: str, root: bool) -> Any:
        """`import a.b` and `import a.b as c`."""
        whole = self.module(name)
        return self.module(name.split(".")[0]) if root else whole

    def imported_from(self, name: str, what: str) -> Any:
        """`from a import b`."""
        if f"{name}.{what}" in self.supply.modules:
            return self.module(f"{name}.{what}")
        found = self.module(name)
        if isinstance(found, Module) and what in vars(found):
            return vars(found)[what]
        if not isinstance(found, Module) and not isinstance(found, Missing):
            return self.get(found, what)
        close = near(what, vars(found)) if isinstance(found, Module) else ()
        return Missing(f"{name}.{what}", close)

    def star(self, name: str) -> None:
        """`from a import *`, at the top of a program."""
        found = self.module(name)
        if not isinstance(found, Module):
            self.fail(Gap(f"`from {name} import *`"))
        self.env.update({key: value for key, value in vars(found).items() if key[0] not in "_@"})


class _Formatter(string.Formatter):
    """`str.format` whose fields read attributes through the guard."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        first, rest = _string.formatter_field_name_split(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = self.guard.get(value, key) if is_attribute else value[key]
        return value, first

    def format_field(self, value: Any, format_spec: str) -> str:
        return sizes.formatted(value, format_spec)
