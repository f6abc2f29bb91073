"""Python's operators, passed on to the operations of the tape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

# Every operation by its name; `tape.Operation` registers itself here.
OPERATIONS: dict[str, Callable[..., Any]] = {}


class Operators:
    """The operators that tensors have; a result is NotImplemented when an operand is none of `operands`."""

    __slots__ = ()
    operands: ClassVar[tuple[type, ...]]

    def _op(self, name: str, *args: Any, **params: Any) -> Any:
        for arg in args:
            if not isinstance(arg, self.operands):
                return NotImplemented
        return OPERATIONS[name](*args, **params)

    def __add__(self, other: Any) -> Any:
        return self._op("add", self, other)

    def __radd__(self, other: Any) -> Any:
        return self._op("add", other, self)

    def __sub__(self, other: Any) -> Any:
        return self._op("sub", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._op("sub", other, self)

    def __mul__(self, other: Any) -> Any:
        return self._op("mul", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._op("mul", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self._op("div", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._op("div", other, self)

    def __floordiv__(self, other: Any) -> Any:
        return self._op("floor_divide", self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._op("floor_divide", other, self)

    def __mod__(self, other: Any) -> Any:
        return self._op("remainder", self, other)

    def __rmod__(self, other: Any) -> Any:
        return self._op("remainder", other, self)

    def __pow__(self, other: Any) -> Any:
        return self._op("pow", self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._op("pow", other, self)

    def __matmul__(self, other: Any) -> Any:
        return self._op("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._op("matmul", other, self)

    def _in_place(self, name: str, other: Any) -> Any:
        """What `self += other` and the like bind the name to: here a new value, as for numbers."""
        return OPERATIONS[name](self, other)

    def __iadd__(self, other: Any) -> Any:
        return self._in_place("add", other)

    def __isub__(self, other: Any) -> Any:
        return self._in_place("sub", other)

    def __imul__(self, other: Any) -> Any:
        return self._in_place("mul", other)

    def __itruediv__(self, other: Any) -> Any:
        return self._in_place("div", other)

    def __ifloordiv__(self, other: Any) -> Any:
        return self._in_place("floor_divide", other)

    def __imod__(self, other: Any) -> Any:
        return self._in_place("remainder", other)

    def __ipow__(self, other: Any) -> Any:
        return self._in_place("pow", other)

    def __neg__(self) -> Any:
        return OPERATIONS["neg"](self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return OPERATIONS["abs"](self)

    def __invert__(self) -> Any:
        whole = getattr(self, "dtype", None)
        return OPERATIONS["logical_not"](self) if whole is None or whole.kind not in "iu" else -self - 1

    def __and__(self, other: Any) -> Any:
        return self._op("bitwise_and", self, other)

    def __or__(self, other: Any) -> Any:
        return self._op("bitwise_or", self, other)

    def __xor__(self, other: Any) -> Any:
        return self._op("bitwise_xor", self, other)

    def __lt__(self, other: Any) -> Any:
        return self._op("lt", self, other)

    def __le__(self, other: Any) -> Any:
        return self._op("le", self, other)

    def __gt__(self, other: Any) -> Any:
        return self._op("gt", self, other)

    def __ge__(self, other: Any) -> Any:
        return self._op("ge", self, other)

    def __eq__(self, other: object) -> Any:
        return self._op("eq", self, other)

    def __ne__(self, other: object) -> Any:
        return self._op("ne", self, other)

    __hash__ = object.__hash__
