"""One step of a program followed: every array on its way through the operations, with the line it comes from."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.network.functions import ELEMENTS, method_of
from nabla.network.machine import Paused, cloned

# Names of functions and of methods that are the same operation.
SAME = {
    "matmul": "dot", "imatmul": "dot", "truediv": "div", "divide": "div", "true_divide": "div", "subtract": "sub",
    "add": "add", "multiply": "mul", "negative": "neg", "T": "transpose", "asarray": "array", "power": "pow",
    "square": "square", "isub": "sub", "iadd": "add", "imul": "mul", "itruediv": "div", "ipow": "pow",
}  # fmt: skip
ELEMENTWISE = frozenset("add sub mul div pow maximum minimum neg exp log tanh square abs sqrt sign where".split())


@dataclass(eq=False)
class Node:
    """A value of the step: the operation, its operands (nodes or plain values), its line and the names it was given."""

    op: str
    args: tuple[Any, ...]
    value: Any
    line: int
    order: int
    keywords: dict[str, Any] = field(default_factory=dict)
    names: list[tuple[int, str]] = field(default_factory=list)

    @property
    def parents(self) -> list[Node]:
        """The operands that are values of the step themselves."""
        return [arg for arg in self.args if isinstance(arg, Node)]

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, () for a number."""
        return tuple(np.shape(self.value))


@dataclass
class Recorder:
    """What is written down while a step is followed; `failed` is the operation that raised and its operands."""

    line: Callable[[], int]
    nodes: list[Node] = field(default_factory=list)
    failed: tuple[str, tuple[Any, ...]] | None = None
    limit: int | None = None

    def node(self, op: str, args: tuple[Any, ...], value: Any, keywords: dict[str, Any] | None = None) -> Node:
        """A new node; arrays are copied, since programs change theirs in place."""
        if self.limit is not None and len(self.nodes) > self.limit:
            raise Paused
        kept = value.copy() if isinstance(value, np.ndarray) else value
        made = Node(op, args, kept, self.line(), len(self.nodes), keywords or {})
        self.nodes.append(made)
        return made

    def apply(self, op: str, function: Callable[..., Any], args: Any, keywords: dict[str, Any] | None = None) -> Any:
        """`function(*args)` on plain values, its result followed."""
        keywords = keywords or {}
        operands = tuple(arg.node if isinstance(arg, Followed) else arg for arg in args)
        if op == "getitem" and isinstance(args[1], tuple):
            operands += tuple(part.node for part in args[1] if isinstance(part, Followed))
        if op in ("concatenate", "hstack", "vstack", "stack", "column_stack"):
            operands = tuple(part.node if isinstance(part, Followed) else part for part in args[0])
        try:
            _small(op, operands)
            value = function(*[bare(arg) for arg in args], **{k: bare(v) for k, v in keywords.items()})
        except Exception:
            self.failed = self.failed or (SAME.get(op, op), operands)
            raise
        return self.wrap(SAME.get(op, op), operands, value, keywords)

    def wrap(self, op: str, operands: tuple[Any, ...], value: Any, keywords: dict[str, Any] | None = None) -> Any:
        """A result as what programs handle: arrays and their numbers followed, the rest as it is."""
        if isinstance(value, (np.ndarray, np.generic)):
            return Followed(value, self.node(op, operands, value, keywords), self)
        if isinstance(value, (tuple, list)) and any(isinstance(item, np.ndarray) for item in value):
            return type(value)(self.wrap(op, operands, item, keywords) for item in value)
        return value


def _small(op: str, operands: tuple[Any, ...]) -> None:
    shapes = [arg.shape for arg in operands if isinstance(arg, Node)]
    if len(shapes) < 2:
        return
    try:
        if SAME.get(op, op) in ("dot", "outer"):
            size = int(np.prod(shapes[0][:-1])) * int(np.prod(shapes[1][1:])) if op != "outer" else 10**9
        else:
            size = int(np.prod(np.broadcast_shapes(*shapes)))
    except ValueError:
        return
    if size > ELEMENTS:
        raise MemoryError(f"an array of {size:,} elements; at most {ELEMENTS:,} are made here")


def bare(value: Any) -> Any:
    """A value without its followers, also inside lists and tuples."""
    if isinstance(value, Followed):
        return value.value
    if isinstance(value, (list, tuple)) and any(isinstance(item, (Followed, list, tuple)) for item in value):
        return type(value)(bare(item) for item in value)
    if isinstance(value, slice):
        return slice(bare(value.start), bare(value.stop), bare(value.step))
    return value


class Followed:
    """An array that writes down what is done with it."""

    __slots__ = ("node", "recorder", "value")
    __array_ufunc__ = None  # NumPy's arrays leave their operators to this one
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any, node: Node, recorder: Recorder) -> None:
        self.value, self.node, self.recorder = value, node, recorder

    def method(self, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
        """A method called by the program."""
        function = method_of(self.value, name)
        return self.recorder.apply(
            name, lambda value, *rest, **named: function(*rest, **named), [self, *args], keywords
        )

    def cloned(self) -> Followed:
        """A copy under the same node."""
        return Followed(cloned(self.value), self.node, self.recorder)

    T = property(lambda self: self.recorder.apply("transpose", operator.attrgetter("T"), [self]))
    shape = property(lambda self: self.value.shape)
    size = property(lambda self: self.value.size)
    ndim = property(lambda self: self.value.ndim)
    dtype = property(lambda self: self.value.dtype)

    def __getitem__(self, place: Any) -> Any:
        return self.recorder.apply("getitem", operator.getitem, [self, place])

    def __setitem__(self, place: Any, new: Any) -> None:
        self.value[bare(place)] = bare(new)
        parts = place if isinstance(place, tuple) else (place,)
        operands = (self.node, *[part.node for part in (new, *parts) if isinstance(part, Followed)])
        self.node = self.recorder.node("setitem", operands, self.value)

    def _changed(self, op: str, function: Callable[[Any, Any], Any], other: Any) -> Followed:
        if not isinstance(self.value, np.ndarray):  # NumPy's numbers are never changed in place
            made: Followed = self.recorder.apply(op, function, [self, other])
            return made
        before = self.node
        try:
            self.value = function(self.value, bare(other))
        except Exception:
            operands = (before, other.node if isinstance(other, Followed) else other)
            self.recorder.failed = self.recorder.failed or (SAME[op], operands)
            raise
        operands = (before, other.node if isinstance(other, Followed) else other)
        self.node = self.recorder.node(SAME[op], operands, self.value)
        return self

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __index__(self) -> int:
        return operator.index(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self.value)))

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return repr(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)

    def __round__(self, digits: int = 0) -> Any:
        return round(self.value, digits)


def _operator(name: str, function: Callable[..., Any]) -> None:
    def forward(self: Followed, *others: Any) -> Any:
        return self.recorder.apply(name, function, [self, *others])

    def backward(self: Followed, other: Any) -> Any:
        return self.recorder.apply(name, function, [other, self])

    setattr(Followed, f"__{name}__", forward)
    if name in ("add", "sub", "mul", "truediv", "pow", "matmul", "mod", "floordiv", "and", "or"):
        setattr(Followed, f"__r{name}__", backward)


def _in_place(name: str) -> None:
    function: Callable[[Any, Any], Any] = getattr(operator, name)

    def change(self: Followed, other: Any) -> Any:
        return self._changed(name, function, other)

    setattr(Followed, f"__{name}__", change)


for _name in "add sub mul truediv pow matmul mod floordiv neg pos abs lt le gt ge eq ne invert".split():
    _operator(_name, getattr(operator, _name))
_operator("and", operator.and_)
_operator("or", operator.or_)
for _name in "iadd isub imul itruediv ipow".split():
    _in_place(_name)


def followed_tables(tables: dict[str, Any], recorder: Recorder) -> dict[str, Any]:
    """The modules with every function writing down what it does."""
    done: dict[int, Any] = {}

    def table(of: dict[str, Any]) -> dict[str, Any]:
        if id(of) not in done:
            done[id(of)] = made = {}
            made.update({name: table(item) if isinstance(item, dict) else one(name, item) for name, item in of.items()})
        return done[id(of)]  # type: ignore[no-any-return]

    def one(name: str, item: Any) -> Any:
        if not callable(item) or isinstance(item, type) or name in ("seed", "default_rng", "RandomState"):
            return item
        return lambda *args, **named: recorder.apply(name, item, args, named)

    return table(tables)
