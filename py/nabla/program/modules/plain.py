"""Modules of the standard library that hold functions: the real functions, each by its exact name."""

from __future__ import annotations

import bisect
import cmath
import collections
import contextlib
import copy
import fractions
import heapq
import itertools
import math
import numbers
import operator
import pprint
import random
import statistics
import string
import sys
from collections import abc
from collections.abc import Callable, Mapping
from typing import Any

from nabla.program import sizes
from nabla.program.errors import Gap
from nabla.program.evidence import Evidence, Printed
from nabla.program.guard import Guard
from nabla.program.objects import Kind, Supply

Table = dict[str, Any]
_BIG = 5_000  # the largest argument of a factorial
_RANDOM = (
    "betavariate choice choices expovariate gammavariate gauss getrandbits getstate lognormvariate normalvariate "
    "paretovariate randint random randrange sample seed setstate shuffle triangular uniform vonmisesvariate "
    "weibullvariate"
).split()
_OPERATOR = (
    "abs add and_ concat contains countOf delitem eq floordiv ge getitem gt iadd iand ifloordiv imatmul index indexOf "
    "inv invert ior is_ is_not isub itemgetter itruediv ixor le length_hint lt matmul ne neg not_ or_ pos rshift "
    "setitem sub truediv truth xor"
).split()
_STRING = "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation whitespace".split()
_ABSTRACT = (
    "Callable Collection Container Generator Hashable ItemsView Iterable Iterator KeysView Mapping MutableMapping "
    "MutableSequence MutableSet Reversible Sequence Set Sized ValuesView"
).split()
_STATISTICS = "fmean mean median median_high median_low mode pstdev pvariance stdev variance".split()


def real(source: Any, names: Any) -> Table:
    """The names of a real module, as a table."""
    return {name: getattr(source, name) for name in names if hasattr(source, name)}


def supply(guard: Guard, evidence: Evidence) -> Supply:
    """Their tables for one run."""
    generator = random.Random(0)  # noqa: S311
    guard.generators.append(generator)

    def seed(*args: Any) -> None:
        generator.seed(*args) if guard.forced is None else generator.seed(guard.forced)

    made: dict[str, Callable[[], Mapping[str, Any]]] = {
        "math": lambda: _math(guard),
        "cmath": lambda: real(cmath, [name for name in dir(cmath) if name[0] != "_"]),
        "random": lambda: {**real(generator, _RANDOM), "seed": seed, "Random": random.Random},
        "itertools": lambda: real(itertools, [name for name in dir(itertools) if name[0] != "_"]),
        "operator": lambda: _operator(guard),
        "copy": lambda: real(copy, ["copy", "deepcopy"]),
        "heapq": lambda: real(heapq, heapq.__all__),
        "bisect": lambda: real(bisect, ["bisect", "bisect_left", "bisect_right", "insort", "insort_left",
                                        "insort_right"]),
        "string": lambda: real(string, _STRING),
        "statistics": lambda: real(statistics, _STATISTICS),
        "numbers": lambda: real(numbers, ["Number", "Complex", "Real", "Rational", "Integral"]),
        "fractions": lambda: {"Fraction": fractions.Fraction},
        "collections": lambda: {
            **real(collections, ["deque", "Counter", "OrderedDict", "defaultdict", "ChainMap"]),
            "namedtuple": _namedtuple(guard), "abc": real(abc, _ABSTRACT)},
        "collections.abc": lambda: real(abc, _ABSTRACT),
        "contextlib": lambda: {**real(contextlib, ["contextmanager", "nullcontext", "suppress", "ExitStack"])},
        "time": _clock, "timeit": _clock, "sys": lambda: _sys(guard, evidence), "os": _os, "os.path": dict,
        "warnings": lambda: dict.fromkeys(("warn", "filterwarnings", "simplefilter"), _nothing),
        "pprint": lambda: {"pprint": lambda value, **_: evidence.show(
            Printed(guard.line(), pprint.pformat(sizes.measured(value)), (value,)))},
        "tqdm": lambda: _progress(guard), "tqdm.auto": lambda: _progress(guard), "tqdm.notebook":
            lambda: _progress(guard),
        "gc": lambda: {"collect": lambda *_: 0}, "logging": dict,
    }  # fmt: skip
    return Supply(modules=made, types={_Environment: frozenset({"get", "setdefault"})})


def _nothing(*_: Any, **__: Any) -> None:
    """Nothing happens."""


def _math(guard: Guard) -> Table:
    def small(name: str) -> Callable[..., Any]:
        function = getattr(math, name)

        def call(*args: Any) -> Any:
            if any(isinstance(arg, int) and abs(arg) > _BIG for arg in args):
                guard.fail(Gap(f"`{name}` of a number above {_BIG:,}", code="too-big"))
            return function(*args)

        return call

    def product(values: Any, *, start: Any = 1) -> Any:
        for value in guard.each(values):
            start = sizes.mul(start, value)
        return start

    table = real(math, [name for name in dir(math) if name[0] != "_"])
    return table | {name: small(name) for name in ("factorial", "comb", "perm")} | {"prod": product}


def _operator(guard: Guard) -> Table:
    def attribute(value: Any, path: str) -> Any:
        for name in path.split("."):
            value = guard.get_default(value, name)
        return value

    def attrgetter(*paths: str) -> Callable[[Any], Any]:
        if len(paths) == 1:
            return lambda value: attribute(value, paths[0])
        return lambda value: tuple(attribute(value, path) for path in paths)

    def methodcaller(name: str, /, *args: Any, **named: Any) -> Callable[[Any], Any]:
        return lambda value: guard.get_default(value, name)(*args, **named)

    return {
        **real(operator, _OPERATOR), "mul": sizes.mul, "pow": sizes.power, "mod": sizes.mod, "lshift": sizes.shift,
        "imul": sizes.in_mul, "ipow": sizes.in_pow, "imod": sizes.in_mod, "ilshift": sizes.in_shift,
        "attrgetter": attrgetter, "methodcaller": methodcaller,
    }  # fmt: skip


def _namedtuple(guard: Guard) -> Callable[..., Any]:
    def namedtuple(name: str, fields: Any, *, rename: bool = False, defaults: Any = (), module: Any = None) -> Any:
        """A tuple with names, made without evaluating text."""
        listed = [str(field) for field in (fields.replace(",", " ").split() if isinstance(fields, str) else fields)]
        for field in listed:
            if not field.isidentifier() or field.startswith("_"):
                raise ValueError(f"Type names and field names must be valid identifiers: {field!r}")
        given = dict(zip(listed[len(listed) - len(defaults) :], defaults, strict=True))

        def new(kind: Any, *args: Any, **named: Any) -> Any:
            values = {**given, **dict(zip(listed, args, strict=False)), **named}
            missing = [field for field in listed if field not in values]
            if len(args) > len(listed):
                raise TypeError(f"{name}.__new__() takes {len(listed) + 1} positional arguments but "
                                f"{len(args) + 1} were given")  # fmt: skip
            if missing:
                told = " and ".join(f"'{field}'" for field in missing)
                several = "s" if len(missing) > 1 else ""
                raise TypeError(
                    f"{name}.__new__() missing {len(missing)} required positional argument{several}: {told}"
                )
            unknown = next((field for field in named if field not in listed), None)
            if unknown:
                raise TypeError(f"{name}.__new__() got an unexpected keyword argument '{unknown}'")
            return tuple.__new__(kind, [values[field] for field in listed])

        def shown(self: Any) -> str:
            return f"{name}({', '.join(f'{field}={value!r}' for field, value in zip(listed, self, strict=True))})"

        return type(name, (tuple,), {
            "__new__": new, "__repr__": shown, "__slots__": (), "__module__": guard.main, "_fields": tuple(listed),
            "__match_args__": tuple(listed), "_asdict": lambda self: dict(zip(listed, self, strict=True)),
            "_replace": lambda self, **new: type(self)(**{**dict(zip(listed, self, strict=True)), **new}),
            "_make": classmethod(lambda kind, values: kind(*values)),
            **{field: property(operator.itemgetter(i)) for i, field in enumerate(listed)},
        })  # fmt: skip

    return namedtuple


def _clock() -> Table:
    """A clock that ticks by a thousandth of a second each time it is looked at."""
    ticks = itertools.count(1_600_000_000_000)

    def now() -> float:
        return next(ticks) / 1000

    return dict.fromkeys(("time", "perf_counter", "process_time", "monotonic", "clock", "default_timer"), now) | {
        "sleep": _nothing, "strftime": lambda *_: "2020-09-13 12:26:40", "ctime": lambda *_: "Sun Sep 13 12:26:40 2020"
    }  # fmt: skip


class _Environment(dict[str, str]):
    """`os.environ`: empty, and what is set in it changes nothing."""


def _os() -> Table:
    return {"environ": _Environment(), "getenv": lambda name, default=None: default, "linesep": "\n", "sep": "/"}


class _Stream:
    """`sys.stdout`."""

    def __init__(self, guard: Guard, evidence: Evidence) -> None:
        self.write = lambda text: _written(guard, evidence, text)
        self.flush = _nothing


def _written(guard: Guard, evidence: Evidence, text: str) -> int:
    evidence.show(Printed(guard.line(), text.removesuffix("\n"), (), "\n" if text.endswith("\n") else ""))
    return len(text)


def _sys(guard: Guard, evidence: Evidence) -> Table:
    def leave(code: Any = None) -> Any:
        raise SystemExit(code)

    guard.supply.types[_Stream] = frozenset({"write", "flush"})
    stream = _Stream(guard, evidence)
    return {"exit": leave, "argv": ["program.py"], "stdout": stream, "stderr": stream, "maxsize": sys.maxsize,
            "float_info": sys.float_info, "version_info": tuple(sys.version_info), "version": sys.version,
            "platform": "linux", "getsizeof": lambda value, *_: 56, "setrecursionlimit": _nothing,
            "getrecursionlimit": lambda: 1000}  # fmt: skip


def _progress(guard: Guard) -> Table:
    class Bar:
        """`tqdm(values)`: the values, without a bar."""

        def __init__(self, iterable: Any = (), *_: Any, **__: Any) -> None:
            self.values = iterable

        def __iter__(self) -> Any:
            return iter(self.values)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        update = set_description = set_postfix = set_postfix_str = close = refresh = _nothing

    names = frozenset("update set_description set_postfix set_postfix_str close refresh".split())
    guard.supply.types[Bar] = names
    made = Kind("tqdm", (Bar,), Bar)
    return {"tqdm": made, "trange": lambda *bounds, **_: Bar(range(*bounds)), "notebook": {"tqdm": made},
            "auto": {"tqdm": made}}  # fmt: skip
