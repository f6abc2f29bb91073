"""A lab: named inputs in, a `Document` out.

A lab declares its fields once. The page's form, the address, the command line and the Python function are all made
from that declaration, so a new lab is one Python file with one decorated function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any, Literal, TypeVar

from nabla.errors import Span, UserError

Kind = Literal["formula", "formulas", "assignments", "claim", "number", "integer", "choice", "code", "data", "text"]

T = TypeVar("T")
Steps = Generator[None, bool | None, None]
Answering = TypeVar("Answering", bound=Callable[..., Steps | None])

_INTEGER = re.compile(r"[+-]?\d{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a lab.

    `default` is the text used when the input is not given; `required` inputs may not be empty. `minimum` and `maximum`
    bound numbers, `unit` is shown behind the field, `placeholder` inside it while it is empty. `choices` are those of a
    "choice"; of a "text" any of them, with commas between.
    """

    name: str
    kind: Kind
    label: str
    default: str = ""
    help: str = ""
    placeholder: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    required: bool = False
    advanced: bool = False

    def __post_init__(self) -> None:
        if self.kind == "choice" and self.default not in self.choices:
            raise ValueError(f"the default of {self.name} is not among its choices")


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab as declared: its name in the address, its words on the page, its fields and its function.

    `seconds` is the time limit of one job in the page; `example` are the inputs shown first. `proof`, called with the
    document and a block of code, gives the programs of that block that need no more than NumPy and SymPy, with
    assertions of the answer: what notebooks and scripts run.
    """

    name: str
    title: str
    summary: str
    fields: tuple[Field, ...]
    answer: Callable[..., Steps | None]
    example: Mapping[str, str]
    seconds: float = 10.0
    proof: Callable[..., list[str]] | None = None

    def field(self, name: str) -> Field:
        """The field of that name; `UserError` "unknown-field" when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        names = ", ".join(field.name for field in self.fields)
        raise UserError("unknown-field", f"{self.name} has no input called {name}.", hint=f"It takes {names}.")


class Registry(Mapping[str, Lab]):
    """The labs by name, in the order in which they were named.

    Naming a lab imports nothing; its module is imported when the lab is first looked up, and declares it then.
    """

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}
        self._declared: dict[str, Lab] = {}

    def name(self, modules: Mapping[str, str]) -> None:
        """Add labs by name, each with the module that declares it."""
        self._modules |= modules

    def declare(self, lab: Lab) -> None:
        """Add a lab.

        Raises:
            ValueError: when there is one of that name.
        """
        if lab.name in self._declared:
            raise ValueError(f"there are two labs called {lab.name}")
        self._modules.setdefault(lab.name, lab.answer.__module__)
        self._declared[lab.name] = lab

    def __getitem__(self, name: str) -> Lab:
        if name not in self._declared:
            module = self._modules[name]
            import_module(module)
            if name not in self._declared:
                raise ValueError(f"{module} declares no lab called {name}")
        return self._declared[name]

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


LABS = Registry()


def lab(
    name: str,
    *,
    title: str,
    summary: str,
    fields: Iterable[Field],
    example: Mapping[str, str],
    seconds: float = 10.0,
    proof: Callable[..., list[str]] | None = None,
) -> Callable[[Answering], Answering]:
    """Register the decorated `answer(inputs, document)` as the lab `name`.

    An `answer` of long work may be a generator: where it yields, the caller may pause, and send True to ask
    it to come to an end with what there is.
    """

    def register(answer: Answering) -> Answering:
        LABS.declare(Lab(name, title, summary, tuple(fields), _in_budget(answer), dict(example), seconds, proof))
        return answer

    return register


def _in_budget(answer: Callable[..., Steps | None]) -> Callable[..., Steps | None]:
    """The same, where a budget that is used up, of numbers say, ends the answer with the sentence that names it."""

    @wraps(answer)
    def answered(inputs: Inputs, document: Any) -> Steps | None:
        with _told():
            work = answer(inputs, document)
        return None if work is None else steps(work)

    def steps(work: Steps) -> Steps:
        with _told():
            yield from work

    return answered


@contextmanager
def _told() -> Iterator[None]:
    """Raise a budget that is used up as an error for the asker; where memory itself is at its end nothing is said."""
    try:
        yield
    except MemoryError as error:
        if not str(error):
            raise
        raise UserError("too-big", f"This is too much work here: {error}.", hint="Ask for less of it.") from None


class Inputs(Mapping[str, str]):
    """The inputs of one call as text, defaults filled in; `read` hands a field's text to a reader.

    Raises:
        UserError: an input the lab does not have, or a required one that is empty.
    """

    def __init__(self, lab: Lab, given: Mapping[str, object]) -> None:
        self.lab = lab
        self.given: dict[str, str] = {}
        for name, value in given.items():
            field = lab.field(name)
            text = _as_text(value, "; " if field.kind == "formulas" else ", ")
            if text.strip() != field.default.strip():
                self.given[name] = text
        self._text = {field.name: self.given.get(field.name, field.default) for field in lab.fields}
        for field in lab.fields:
            if field.required:
                self.require(field.name)

    def __getitem__(self, name: str) -> str:
        return self._text[name]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._text)

    def __len__(self) -> int:
        return len(self._text)

    def require(self, name: str) -> None:
        """Refuse an input that is empty; for those that are needed only sometimes."""
        field = self.lab.field(name)
        if not self._text[name].strip():
            hint = f"For example {field.placeholder}" if field.placeholder and "\n" not in field.placeholder else ""
            raise UserError("empty", f"{field.label} is empty.", hint=hint, span=Span(0, 0), field=name)

    def read(self, name: str, reader: Callable[..., T], *args: Any, **options: Any) -> T:
        """`reader(text, ...)`; a `UserError` from it is given the field's name, so the page can show its place."""
        try:
            return reader(self._text[name], *args, **options)
        except UserError as error:
            error.field = error.field or name
            raise

    def choice(self, name: str) -> str:
        """The value of a choice field."""
        field, text = self.lab.field(name), self._text[name].strip()
        if text not in field.choices:
            hint = "Choose " + ", ".join(field.choices) + "."
            raise UserError("choice", f"{text} is not one of the choices.", hint=hint, span=_whole(text), field=name)
        return text

    def integer(self, name: str) -> int:
        """The value of an integer field, within its bounds."""
        text = self._text[name].strip()
        if not _INTEGER.match(text):
            raise UserError("value", "A whole number is needed here.", span=_whole(text), field=name)
        return int(self._bounded(name, int(text)))

    def number(self, name: str) -> float:
        """The value of a number field, finite and within its bounds."""
        text = self._text[name].strip()
        try:
            value = float(text)
        except ValueError:
            raise UserError("value", "A number is needed here.", span=_whole(text), field=name) from None
        return self._bounded(name, value)

    def _bounded(self, name: str, value: float) -> float:
        field, text = self.lab.field(name), self._text[name].strip()
        low, high = field.minimum, field.maximum
        if value != value or abs(value) == float("inf"):
            raise UserError("value", "A finite number is needed here.", span=_whole(text), field=name)
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = [f"at least {low:g}"] if low is not None else []
            bounds += [f"at most {high:g}"] if high is not None else []
            message = f"{field.label} must be {' and '.join(bounds)}."
            raise UserError("value", message, span=_whole(text), field=name)
        return value


def _whole(text: str) -> Span:
    return Span(0, len(text))


def _as_text(value: object, between: str = ", ") -> str:
    """A Python value as the text a person would type for it: `3.5`, `x**2`, `w=3,x=2`, `x**2; y`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ",".join(f"{key}={_as_text(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return between.join(_as_text(item) for item in value)
    return "" if value is None else str(value)
