"""`typing`, `abc`, `__future__`: names for annotations, which are dropped before a program runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabla.program.objects import Supply

_TYPING = (
    "AbstractSet Annotated Any AnyStr Awaitable BinaryIO ByteString Callable ChainMap ClassVar Collection Concatenate "
    "Container Counter DefaultDict Deque Dict Final FrozenSet Generator Generic Hashable IO Iterable Iterator List "
    "Literal Mapping MutableMapping MutableSequence MutableSet NamedTuple NewType NoReturn Optional OrderedDict "
    "ParamSpec Protocol Sequence Set Sized SupportsFloat SupportsIndex SupportsInt Text Tuple Type TypeAlias TypeGuard "
    "TypeVar TypedDict Union Self Never"
).split()


class Hint:
    """A type as annotations name it; it means nothing when a program runs."""

    is_hint = True

    def __init__(self, name: str) -> None:
        self.name = name

    def __getitem__(self, item: Any) -> Hint:
        return self

    def __call__(self, *args: Any, **named: Any) -> Hint:
        """Itself."""
        return self

    def __or__(self, other: Any) -> Hint:
        return self

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"typing.{self.name}"


class AbstractBase:
    """`ABC`: a base whose abstract methods must be defined before there are instances."""

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        open_ = {
            name
            for base in cls.__mro__
            for name in vars(base)
            if getattr(getattr(cls, name, None), "@abstract", False)
            or getattr(getattr(getattr(cls, name, None), "fget", None), "@abstract", False)
        }
        setattr(cls, "@open", frozenset(open_))

    def __new__(cls, *args: Any, **named: Any) -> Any:
        """An instance, unless methods are missing."""
        missing = sorted(getattr(cls, "@open", ()))
        if missing:
            methods = "methods" if len(missing) > 1 else "method"
            told = ", ".join(f"'{name}'" for name in missing)
            raise TypeError(f"Can't instantiate abstract class {cls.__name__} with abstract {methods} {told}")
        return super().__new__(cls)


class _Metaclass:
    is_abstract = True
    as_base = AbstractBase


def _abstract(function: Any) -> Any:
    target = getattr(function, "fget", None) or getattr(function, "__func__", None) or function
    vars(target)["@abstract"] = True
    return function


def _cast(kind: Any, value: Any) -> Any:
    return value


def _same(value: Any) -> Any:
    return value


def supply() -> Supply:
    """Their tables."""
    typing = {name: Hint(name) for name in _TYPING} | {
        "cast": _cast, "overload": _same, "TYPE_CHECKING": False, "no_type_check": _same, "final": _same,
        "runtime_checkable": _same,
    }  # fmt: skip
    abstract: dict[str, Any] = {
        "ABC": AbstractBase, "ABCMeta": _Metaclass(), "abstractmethod": _abstract, "abstractproperty": property,
        "abstractclassmethod": classmethod, "abstractstaticmethod": staticmethod,
    }  # fmt: skip
    table: dict[str, Callable[[], dict[str, Any]]] = {
        "typing": lambda: typing, "typing_extensions": lambda: typing, "abc": lambda: abstract,
        "__future__": dict, "types": dict,
    }  # fmt: skip
    return Supply(modules=dict(table), bases={AbstractBase})
