"""Arrays of NumPy and JAX, and Python's own numbers, on the tape: every float is followed, nothing has to ask for
it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NoReturn

import numpy as np

from nabla.tensor.memory import write
from nabla.tensor.operations.shapes import expand, index, put, put_zeros
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import STATE, WATCH, Tensor, Vertex, plain_index, recording

# NumPy's own names of the functions behind in-place operators, where they are others.
_UFUNCS = {"sub": "subtract", "mul": "multiply", "div": "divide", "pow": "power"}


# NumPy's functions behind operations that have words of their own for what does not fit.
_NUMPY: dict[str, Callable[..., Any]] = {
    "matmul": np.matmul, "inverse": np.linalg.inv, "det": np.linalg.det, "solve": np.linalg.solve,
    "index": lambda a, place: a[place],
}  # fmt: skip


class UFuncTypeError(TypeError):
    """NumPy's exception, which it does not export: an operation whose types do not fit."""


class Plain(Tensor):
    """An array of NumPy. Computations with it are NumPy's, types included."""

    __slots__ = ()
    rank: ClassVar[int] = 2
    dialect: ClassVar[str] = "numpy"

    @classmethod
    def of(cls, array: Any, needs: bool | None = None) -> Any:
        """A leaf; in a program of NumPy alone every float is followed."""
        array = np.asarray(array)
        return super().of(array, (STATE.follows if needs is None else needs) and cls.tracks(array.dtype))

    @staticmethod
    def same_type(arrays: list[Any]) -> None:
        """NumPy converts operands in every operation."""

    @staticmethod
    def told(error: Exception, arrays: list[Any], operation: str, params: Mapping[str, Any]) -> Exception:
        """NumPy's own words: its function is asked for them."""
        try:
            if operation in _NUMPY:
                _NUMPY[operation](*arrays, **params)
        except (ValueError, IndexError) as own:
            return own
        return error

    @classmethod
    def cast(cls, arrays: list[Any], how: str) -> list[Any]:
        """NumPy finds the common type itself; integers are made floats where floats are meant."""
        if how == "float":
            return [a.astype(np.float64) if isinstance(a, np.ndarray) and a.dtype.kind in "iub" else a for a in arrays]
        return arrays

    def __repr__(self) -> str:
        STATE.spell(self.vertex)
        return repr(self.array)

    def __str__(self) -> str:
        STATE.spell(self.vertex)
        return str(self.array)

    def __format__(self, spec: str) -> str:
        STATE.spell(self.vertex)
        return format(self.array.item(), spec) if self.ndim == 0 else format(str(self.array), spec)

    def __round__(self, digits: int | None = None) -> Any:
        if self.ndim:
            raise TypeError("type numpy.ndarray doesn't define __round__ method")
        return round(float(self.array)) if digits is None else Plain.of(np.round(self.array, digits), False)

    def __setitem__(self, place: Any, value: Any) -> None:
        if _is_followed_elsewhere(value):
            STATE.blame = _HOLDS
            raise ValueError("setting an array element with a sequence.")
        if isinstance(value, (list, tuple)):
            value = np.asarray([v.array if isinstance(v, Tensor) else v for v in value])
        before = self.vertex
        new = put(self, value, place=plain_index(place))
        if self.memory is not None:
            return write(self, new)
        self.vertex = new.vertex
        self.vertex.name = before.name
        return None

    def _in_place(self, name: str, other: Any) -> Any:
        if not self.ndim:  # numbers are never changed, only names; an array without axes is taken for one
            return super()._in_place(name, other)
        if _is_followed_elsewhere(other) and not _is_followed_elsewhere(self) and isinstance(other, HipsArray):
            STATE.blame = _HOLDS
            raise TypeError("operand type(s) all returned NotImplemented from __array_ufunc__: 'ndarray', 'ArrayBox'")
        before = self.vertex
        if name == "sub" and before.op is None:  # the update of a weight: it stays what is differentiated
            with recording(False):
                new = OPERATIONS[name](self, other)
            new.vertex = Vertex(new.array, before.needs)
        else:
            new = OPERATIONS[name](self, other)
        if new.shape != self.shape:
            raise ValueError(
                f"non-broadcastable output operand with shape {self.shape} doesn't match the broadcast shape "
                f"{new.shape}"
            )
        if new.dtype != self.dtype:
            if not np.can_cast(new.dtype, self.dtype, "same_kind"):
                message = f"output from dtype('{new.dtype}') to dtype('{self.dtype}') with casting rule 'same_kind'"
                raise UFuncTypeError(f"Cannot cast ufunc '{_UFUNCS.get(name, name)}' {message}")
            new = OPERATIONS["cast_to"](new, dtype=self.dtype)
        if self.memory is not None:
            write(self, new)
            return self
        self.vertex = new.vertex
        self.vertex.name = self.vertex.name or before.name
        return self

    def __imatmul__(self, other: Any) -> Any:  # PyTorch has none: there the name is bound to a new tensor
        return self._in_place("matmul", other)


Plain.result = Plain
_HOLDS = (
    "An array of NumPy's holds numbers, and nothing that is differentiated: collect the parts in a list and make an "
    "array of that."
)


def _is_followed_elsewhere(value: Any) -> bool:
    """Whether JAX or HIPS autograd differentiates a value: NumPy's own arrays cannot hold it."""
    return isinstance(value, (HipsArray, JaxArray)) and value.requires_grad


class HipsArray(Plain):
    """An array that HIPS autograd differentiates: NumPy's, with autograd's conventions at corners."""

    __slots__ = ()
    rank: ClassVar[int] = 3
    dialect: ClassVar[str] = "autograd"

    def __setitem__(self, place: Any, value: Any) -> None:
        if self.requires_grad:
            raise TypeError("'ArrayBox' object does not support item assignment")
        super().__setitem__(place, value)

    def __float__(self) -> float:
        if self.requires_grad:
            raise TypeError("float() argument must be a string or a real number, not 'ArrayBox'")
        return super().__float__()

    def __index__(self) -> int:
        if self.requires_grad:
            raise TypeError("'ArrayBox' object cannot be interpreted as an integer")
        return super().__index__()

    def __str__(self) -> str:
        return f"Autograd ArrayBox with value {super().__str__()}" if self.requires_grad else super().__str__()

    def __format__(self, spec: str) -> str:
        if self.requires_grad and spec:
            raise TypeError("unsupported format string passed to ArrayBox.__format__")
        return str(self) if self.requires_grad else super().__format__(spec)


HipsArray.__name__ = "ArrayBox"  # as Python's errors tell it
HipsArray.result = HipsArray


class ConcretizationTypeError(TypeError):
    """JAX's exception: a number is asked of what stands for any."""


class NonConcreteBooleanIndexError(IndexError):
    """JAX's exception: a mask that stands for any picks elements, so that nobody knows how many."""


_SHORT = {"float32": "f32", "float64": "f64", "int32": "i32", "int64": "i64", "bool": "bool"}


def type_text(x: Tensor, short: bool = False) -> str:
    """The type and shape of an array as JAX writes them: float32[2,3], or f32[2,3]."""
    name = x.dtype.name if STATE.wide or x.dtype.kind == "b" else {"f": "float32", "i": "int32"}.get(x.dtype.kind, "")
    return f"{_SHORT.get(name, name) if short else name or x.dtype.name}[{','.join(map(str, x.shape))}]"


def narrowed(x: Any) -> Any:
    """An array of 64 bits in 32, where JAX has not been told otherwise."""
    return x if STATE.wide or x.dtype != np.float64 else OPERATIONS["cast_to"](x, dtype=np.dtype(np.float32))


class JaxArray(Plain):
    """An array of JAX: float32, printed with its type. One that is `abstract` stands for any of its shape and type."""

    __slots__ = ()
    rank: ClassVar[int] = 4
    dialect: ClassVar[str] = "jax"
    abstract: ClassVar[bool] = False

    def __getitem__(self, place: Any) -> Any:
        for part in place if isinstance(place, tuple) else (place,):
            if isinstance(part, JaxArray) and part.abstract and part.dtype.kind == "b" and part.ndim:
                raise NonConcreteBooleanIndexError(f"Array boolean indices must be concrete; got {type_text(part)}")
        return super().__getitem__(place)

    @classmethod
    def cast(cls, arrays: list[Any], how: str) -> list[Any]:
        """32 bits throughout, as JAX has it unless told otherwise."""
        if STATE.wide or WATCH.made is not None:
            return super().cast(arrays, how)
        return [
            a.astype(np.float32) if isinstance(a,
                np.ndarray) and (a.dtype == np.float64 or (how == "float" and a.dtype.kind in "iub"))
            else a for a in arrays
        ]  # fmt: skip

    @staticmethod
    def told(error: Exception, arrays: list[Any], operation: str, params: Mapping[str, Any]) -> Exception:
        """JAX's own words, of operands that cannot be broadcast or multiplied."""
        shapes = [np.shape(a) for a in arrays]
        if len(shapes) == 2 and operation in _BROADCASTS:
            told = ", ".join("(" + ",".join(map(str, s)) + ("," if len(s) == 1 else "") + ")" for s in shapes)
            return TypeError(f"{operation} got incompatible shapes for broadcasting: {told}.")
        if operation == "matmul" and all(shapes):
            one, other = shapes[0][-1], shapes[1][-2 if len(shapes[1]) > 1 else -1]
            return TypeError(
                f"dot_general requires contracting dimensions to have the same shape, got ({one},) and ({other},)."
            )
        return NotImplementedError(f"what JAX does with these operands of {operation}")

    def __setitem__(self, place: Any, value: Any) -> None:
        raise TypeError(
            "JAX arrays are immutable and do not support in-place item assignment. Instead of x[idx] = y, use "
            "x = x.at[idx].set(y) or another .at[] method: "
            "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html"
        )

    def _in_place(self, name: str, other: Any) -> Any:
        return OPERATIONS[name](self, other)

    def __float__(self) -> float:
        if self.requires_grad:
            self.ask("float")
        return super().__float__()

    def __index__(self) -> int:
        if self.dtype.kind not in "iub":
            what = "'TypedFloat' object cannot be interpreted as an integer" if self.requires_grad else (
                "Only integer scalar arrays can be converted to a scalar index."
            )  # fmt: skip
            raise TypeError(what)
        return super().__index__()

    def ask(self, function: str) -> NoReturn:
        """Refuse the number that a function asks for, in JAX's words.

        Raises:
            ConcretizationTypeError: always.
        """
        text = "Abstract tracer value encountered where concrete value is expected: traced array with shape "
        text += type_text(self)
        if function in ("float", "int"):
            text += (
                f"\nThe problem arose with the `{function}` function. If trying to convert the data type of a value, "
                f"try using `x.astype({function})` or `jnp.array(x, {function})` instead."
            )
        elif function == "arange":
            text += "\nIt arose in the jnp.arange argument 'stop'"
        else:
            text += f"\nThis occurred in the {function}() method of jax.Array"
        raise ConcretizationTypeError(text)

    def __format__(self, spec: str) -> str:
        if self.requires_grad and spec:
            raise TypeError("unsupported format string passed to LinearizeTracer.__format__")
        return repr(self) if self.requires_grad else super().__format__(spec)

    def __str__(self) -> str:
        return repr(self) if self.requires_grad else super().__str__()

    def __repr__(self) -> str:
        STATE.spell(self.vertex)
        if self.requires_grad:
            value = self.array.item() if not self.ndim else self.array
            return f"GradTracer(primal={value}, typeof(tangent)={type_text(self, short=True)})"
        weak = ", weak_type=True" if self.ndim == 0 else ""
        return f"Array({np.array2string(self.array, separator=', ', prefix='Array(')}, dtype={self.dtype.name}{weak})"


_BROADCASTS = frozenset(["add", "sub", "mul", "div", "pow"])
JaxArray.__name__ = "jaxlib._jax.ArrayImpl"  # as Python's errors tell it
JaxArray.result = JaxArray


class At:
    """`x.at` of JAX: at an index, a copy of x with other elements there. What an index picks twice is changed twice."""

    __slots__ = ("array", "place")

    def __init__(self, array: JaxArray, place: Any = Ellipsis) -> None:
        self.array = array
        self.place = place

    def __getitem__(self, place: Any) -> At:
        return At(self.array, plain_index(place))

    def get(self) -> Any:
        """`x[i]`."""
        return index(self.array, place=self.place)

    def set(self, value: Any) -> Any:
        """A copy with `value` at the index."""
        return put(self.array, value, place=self.place)

    def add(self, value: Any) -> Any:
        """A copy with `value` added at the index."""
        spread = expand(
            JaxArray.of(np.asarray(value)) if not isinstance(value, Tensor) else value, shape=self.get().shape
        )
        return OPERATIONS["add"](self.array, put_zeros(spread, place=self.place, shape=self.array.shape))

    def multiply(self, value: Any) -> Any:
        """A copy multiplied by `value` at the index."""
        parts = self.place if isinstance(self.place, tuple) else (self.place,)
        if any(isinstance(part, np.ndarray) for part in parts):
            raise NotImplementedError("at[...].multiply with an array of indices is not understood here")
        return self.set(OPERATIONS["mul"](self.get(), value))


class Scalar(Plain):
    """A number of Python that has a name: it computes and prints as Python's numbers do, and is followed."""

    __slots__ = ()
    rank: ClassVar[int] = 1
    exact: ClassVar[bool] = True

    @staticmethod
    def tracks(dtype: np.dtype[Any]) -> bool:
        """Whole numbers too: a program says `w = 3` and asks for the derivative by w."""
        return dtype.kind in "if"

    def __repr__(self) -> str:
        return repr(self.array.item())

    def __str__(self) -> str:
        return str(self.array.item())

    def __hash__(self) -> int:
        return hash(self.array.item())

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.array.item(), digits)

    def __trunc__(self) -> int:
        return math.trunc(self.array.item())  # type: ignore[no-any-return]

    def __pow__(self, other: Any) -> Any:
        number = other.item() if isinstance(other, Tensor) and other.ndim == 0 else other
        if self.dtype.kind == "i" and isinstance(number, int) and number < 0:
            return OPERATIONS["pow"](as_float(self), other)
        return super().__pow__(other)


Scalar.result = Scalar


def as_float(x: Any) -> Any:
    """The same value as a float."""
    return OPERATIONS["cast_to"](x, dtype=np.dtype(np.float64))


def followed(value: Any) -> Any:
    """A number as a followed one; what a NumPy program means by `w = 3`."""
    return Scalar.of(np.asarray(value)) if type(value) in (int, float) else value
