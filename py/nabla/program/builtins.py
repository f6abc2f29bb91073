"""Python's own names as programs find them: the real ones where those are safe, ours where they lead further."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any, NoReturn

from nabla.program import limits, sizes
from nabla.program.errors import Gap
from nabla.program.evidence import Evidence, Observer, Printed
from nabla.program.guard import Guard
from nabla.program.objects import Kind

REAL = (
    "abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter float "
    "frozenset hash hex int iter len list map max min next object oct ord property reversed set slice sorted "
    "staticmethod str sum super tuple zip True False None NotImplemented Ellipsis __build_class__"
).split()
EXCEPTIONS = [
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
]
CLOSED = {
    "eval": "code made from text", "exec": "code made from text", "compile": "code made from text",
    "globals": "the table of all names", "locals": "the table of local names", "memoryview": "views of memory",
    "breakpoint": "a debugger", "help": "the help system",
    "get_ipython": "IPython",
}  # fmt: skip
ASKS = {"open": "a file", "input": "the keyboard"}


def names(guard: Guard, evidence: Evidence, observer: Observer) -> dict[str, Any]:
    """The table of builtins of one run."""
    table: dict[str, Any] = {name: getattr(builtins, name) for name in (*REAL, *EXCEPTIONS)}
    table["__import__"] = __import__  # for C code that imports; no program can spell a name of this kind
    table |= {name: _closed(guard, f"`{name}` ({why})", "forbidden") for name, why in CLOSED.items()}
    table |= {name: _closed(guard, f"reading {what}", "needs-file") for name, what in ASKS.items()}
    range_ = Kind("range", (range,), _short_range)
    table |= {
        "print": _print(guard, evidence, observer), "range": range_, "xrange": range_, "type": guard.supply.kinds[type],
        "isinstance": guard.is_instance, "issubclass": guard.is_subclass, "getattr": guard.get_default,
        "setattr": guard.set, "delattr": guard.delete, "hasattr": guard.has, "vars": _vars(guard), "dir": _dir(guard),
        "pow": sizes.power_mod, "round": sizes.rounded, "format": sizes.formatted,
        "repr": lambda value: repr(sizes.measured(value)), "id": _identities(), "quit": _quit, "exit": _quit,
        "unicode": str, "long": int, "raw_input": _closed(guard, "reading the keyboard", "needs-file"),
    }  # fmt: skip
    return table


def guarded(guard: Guard, loops: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    """What rewritten programs call, under names that no program can spell."""
    return {
        "@get": guard.get, "@write": guard.write, "@own": guard.own, "@type": type, "@tick": guard.tick,
        "@each": guard.each, "@uncaught": guard.uncaught, "@again": guard._again, "@case": guard.case,
        "@bases": guard.bases, "@metaclass": guard.metaclass, "@import": guard.imported, "@from": guard.imported_from,
        "@star": guard.star, "@mul": sizes.mul, "@pow": sizes.power, "@shift": sizes.shift, "@mod": sizes.mod,
        "@in_mul": sizes.in_mul, "@in_pow": sizes.in_pow, "@in_shift": sizes.in_shift, "@in_mod": sizes.in_mod,
        "@operand": sizes.operand, "@format": sizes.formatted,
        "@range": lambda kind: range if getattr(kind, "types", None) == (range,) else kind, **loops,
    }  # fmt: skip


def kinds(guard: Guard) -> dict[type, Any]:
    """Types as programs name them: `type` itself is not handed out."""

    def make(*args: Any) -> Any:
        if len(args) != 1:
            guard.fail(Gap("a class made by `type(name, bases, names)`", code="forbidden"))
        return guard.type_of(args[0])

    return {type: Kind("type", (type,), make), range: Kind("range", (range,), _short_range)}


def _closed(guard: Guard, what: str, code: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        guard.fail(Gap(what, code=code))

    return refuse


def _short_range(*bounds: Any) -> range:
    made = range(*bounds)
    if bounds and (made.stop - made.start) // made.step > limits.ITEMS:
        raise Gap("a range of so many numbers", code="too-big")
    return made


def _print(guard: Guard, evidence: Evidence, observer: Observer) -> Callable[..., None]:
    def show(*values: Any, sep: Any = " ", end: Any = "\n", file: Any = None, flush: Any = False) -> None:
        """Take down what is printed."""
        text = (" " if sep is None else sep).join([str(sizes.measured(value)) for value in values])
        shown = tuple(map(observer.shown, values))
        evidence.show(Printed(guard.line(), text, shown, "\n" if end is None else end))

    return show


def _vars(guard: Guard) -> Callable[..., Any]:
    def variables(*value: Any) -> Any:
        if len(value) != 1:
            guard.fail(Gap("`vars()` (the table of local names)", code="forbidden"))
        return guard.variables(value[0])

    return variables


def _dir(guard: Guard) -> Callable[..., list[str]]:
    def listed(*value: Any) -> list[str]:
        if len(value) != 1:
            guard.fail(Gap("`dir()` (the table of local names)", code="forbidden"))
        kind = type(value[0])
        if guard.is_own(kind):
            return sorted(name for name in dir(value[0]) if not name.startswith(("__", "@")))
        return guard.known(kind)

    return listed


def _identities() -> Callable[[Any], int]:
    """`id`: one number an object, in the order of asking; the objects are held, so that none is given twice."""
    given: dict[int, tuple[int, Any]] = {}

    def identity(value: Any) -> int:
        return given.setdefault(id(value), (140_000_000_000_000 + 16 * len(given), value))[0]

    return identity


def _quit(code: Any = None) -> NoReturn:
    raise SystemExit(code)
