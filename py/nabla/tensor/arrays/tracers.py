"""What stands for any value while JAX looks at a function: under `jit` and `vmap`, and in the bodies of its loops.

It has a shape and a type and no number: what asks for one raises, in the words of JAX 0.10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NoReturn

import numpy as np

from nabla.tensor.arrays import JaxArray, narrowed, type_text
from nabla.tensor.tape import STATE, Tensor
from nabla.tensor.torch.functional import each_leaf

Function = Callable[..., Any]
_SEE = "\nSee https://docs.jax.dev/en/latest/errors.html#jax.errors."


class TracerBoolConversionError(TypeError):
    """JAX's exception: a condition is asked of what stands for any."""


class TracerIntegerConversionError(TypeError):
    """JAX's exception: an index is asked of what stands for any."""


class JaxTracer(JaxArray):
    """An array that stands for any of its shape and type."""

    __slots__ = ()
    rank: ClassVar[int] = 5
    abstract: ClassVar[bool] = True

    def __bool__(self) -> NoReturn:
        name = "TracerBoolConversionError"
        self.refuse(
            TracerBoolConversionError,
            f"Attempted boolean conversion of traced array with shape {type_text(self)}.{_SEE}{name}",
        )

    def __float__(self) -> NoReturn:
        self.ask("float")

    def __int__(self) -> NoReturn:
        self.ask("int")

    def __index__(self) -> int:
        if self.dtype.kind not in "iub":
            raise TypeError("Only integer scalar arrays can be converted to a scalar index.")
        name = "TracerIntegerConversionError"
        text = f"The __index__() method was called on traced array with shape {type_text(self)}{_SEE}{name}"
        self.refuse(TracerIntegerConversionError, text)

    def __format__(self, spec: str) -> str:
        if spec:
            raise TypeError("unsupported format string passed to DynamicJaxprTracer.__format__")
        return repr(self)

    def __repr__(self) -> str:
        return f"JitTracer({'' if self.ndim else '~'}{type_text(self)})"

    __str__ = __repr__

    def refuse(self, kind: type[Exception], text: str) -> NoReturn:
        """Raise an exception of JAX's, and note why it is."""
        STATE.blame = TRACING.why()
        raise kind(text)


JaxTracer.__name__ = JaxArray.__name__
JaxTracer.result = JaxTracer


class _Tracing:
    """The functions that are being traced, the outermost first: what traces them, and their names."""

    def __init__(self) -> None:
        self.now: list[tuple[str, str]] = []

    def why(self) -> str:
        """Why what a function is given has no number."""
        if not self.now:
            return ""
        how, name = self.now[-1]
        of = f"`{name}`" if name.isidentifier() else "its function"
        return f"`{how}` runs {of} with arguments that stand for any number, so they have none yet."


TRACING = _Tracing()


def _abstract(x: Any) -> Any:
    """What stands for a value.

    Raises:
        TypeError: it is no array and no number.
    """
    if isinstance(x, JaxTracer) or x is None:
        return x
    if isinstance(x, Tensor):
        return JaxTracer(narrowed(x).vertex)
    if isinstance(x, (bool, int, float, np.ndarray, np.generic)):
        array = np.asarray(x)
        if array.dtype.kind in "biuf":
            narrow = {"f": np.float32, "i": np.int32}.get(array.dtype.kind)
            return JaxTracer.of(array if STATE.wide or narrow is None else array.astype(narrow), False)
    raise TypeError(
        f"Error interpreting argument to the function as an abstract array. The problematic value is of type {type(x)}."
        "\nThis typically means that a jit-wrapped function was called with a non-array argument, and this argument "
        "was not marked as static using the static_argnums or static_argnames parameters of jax.jit."
    )


def _concrete(x: Any) -> Any:
    if isinstance(x, JaxTracer):
        return JaxArray(x.vertex)
    return JaxArray.of(np.asarray(x), False) if isinstance(x, (bool, int, float)) else x


def traced(function: Function, how: str, static: Iterable[int] = (), named: Iterable[str] = ()) -> Function:
    """A function whose arguments stand for any value, but for those at the places `static` and of the names `named`."""
    fixed, names = frozenset(static), frozenset(named)
    called = getattr(function, "__name__", "")

    def call(*args: Any, **keywords: Any) -> Any:
        given = [x if i in fixed else each_leaf(_abstract, x) for i, x in enumerate(args)]
        also = {name: x if name in names else each_leaf(_abstract, x) for name, x in keywords.items()}
        TRACING.now.append((how, called))
        try:
            found = function(*given, **also)
        finally:
            TRACING.now.pop()
        return found if TRACING.now else each_leaf(_concrete, found)

    call.__name__ = called
    return call


def holds(*values: Any) -> Tensor | None:
    """The first of the values, or of their items, that stands for any."""
    for value in values:
        found = holds(*value) if isinstance(value, (list, tuple)) else value
        if isinstance(found, JaxTracer):
            return found
    return None


def shaped(name: str, function: Function) -> Function:
    """A function whose arguments say a shape: they must be numbers."""

    def call(*args: Any, **named: Any) -> Any:
        for arg in args[:1] if name != "arange" else args:
            found = holds(arg)
            if found is None:
                continue
            STATE.blame = TRACING.why()
            if name == "arange":
                found.ask("arange")  # type: ignore[attr-defined]
            listed = ", ".join(map(repr, arg)) if isinstance(arg, (list, tuple)) else f"{arg!r},"
            raise TypeError(
                f"Shapes must be 1D sequences of concrete values of integer type, got ({listed}).\nIf using `jit`, try "
                f"using `static_argnums` or applying `jit` to smaller subfunctions."
            )
        return function(*args, **named)

    return call


SHAPED = frozenset(["zeros", "ones", "empty", "full", "arange", "eye"])
