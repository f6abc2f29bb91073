"""The tape: what was computed from what.

A `Vertex` is one value that was computed, with the operation that made it. A `Tensor` is the object that a program
holds: it points to a vertex, and an in-place operation points it to another.

An operation's vector-Jacobian products are written with the operations of this package, so the same line serves on
arrays (a plain backward) and on tensors (`create_graph`, derivatives of derivatives).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from nabla.tensor.entry import Entry
from nabla.tensor.operators import OPERATIONS, Operators
from nabla.tensor.promotion import in_common_type

Array = NDArray[Any]

ELEMENTS = 200_000_000  # computed in one run, all operations together
ONE = 4_000_000  # elements of one tensor
VERTICES = 600_000  # values computed in one run
KEPT = 6  # contributions to an accumulated gradient that are remembered


class Turn(NamedTuple):
    """A turn of a loop: which of the loops that were entered, its line, and the turn's number from 0."""

    loop: int
    line: int
    number: int


EVENTS = 2_000
SPOKEN = 200  # times that numbers are written out between two prints


@dataclass
class State:
    """What a run is at: the line of the program, whether it records, how much it has computed, its backward passes."""

    recording: bool = True
    where: Callable[[], int] = int  # the line of the program that is running
    made: int = 0
    elements: int = 0
    passes: list[Any] = field(default_factory=list)  # those that are remembered
    backwards: int = 0
    follows: bool = False  # whether arrays of NumPy are followed without being asked
    wide: bool = False  # whether JAX computes in 64 bits
    blame: str = ""  # what led to the error of PyTorch that was raised, in words
    failed: Vertex | None = None  # the root of a backward pass that could not be made
    loops: int = 0  # entered so far
    origin: int = 0  # the line that made the layer that is computing
    turns: tuple[Turn, ...] = ()  # of the loops that the program is in, the outermost first
    derivatives: WeakKeyDictionary[Vertex, Any] = field(default_factory=WeakKeyDictionary)  # what tensors hold
    spoken: list[tuple[int, Vertex]] = field(default_factory=list)  # written out since the last print, with the line
    events: list[tuple[str, int, Any]] = field(default_factory=list)  # of a training: what happened, line, details

    def note(self, what: str, detail: Any = None, once: bool = False) -> None:
        """Take down an event of a training, one of the first; `once` for each line."""
        if len(self.events) < EVENTS and not (once and (what, self.line, detail) in self.events):
            self.events.append((what, self.line, detail))

    def spell(self, vertex: Vertex) -> None:
        """Note that the numbers of a vertex are written out: they may be a derivative's."""
        if self.derivatives and len(self.spoken) < SPOKEN:
            self.spoken.append((self.line, vertex))

    @property
    def line(self) -> int:
        """The line of the program that is running; 0 outside one."""
        return self.where()


STATE = State()


@dataclass
class TapeWatch:
    """Who is told of each vertex, and of numbers taken out of tensors; `spent` counts those computed, in all runs."""

    made: Callable[[Vertex], None] | None = None
    told: Callable[[Any], Any] | None = None
    spent: int = 0


WATCH = TapeWatch()


@contextmanager
def new_run() -> Iterator[State]:
    """A run of its own: nothing of an earlier one is left, and nothing of this one is left behind."""
    before = vars(STATE).copy()
    vars(STATE).update(vars(State()))
    try:
        with np.errstate(all="ignore"):
            yield STATE
    finally:
        vars(STATE).update(before)


@contextmanager
def recording(on: bool) -> Iterator[None]:
    """Record inside, or do not."""
    before = STATE.recording
    STATE.recording = on
    try:
        yield
    finally:
        STATE.recording = before


class Counter:
    """The version of a storage: how often it was changed in place."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0


class Vertex:
    """A value: the operation, arguments and parameters it was made by (`op` is None for a leaf), and what it needs.

    `stale` is set when the tensor was changed in place afterwards (`version` changes came before, `counter` counts on,
    the line is in `overwritten`), `freed` when a backward pass has been through. `overlay` holds other numbers that
    its memory got without notice: a backward pass uses them. `successor` is what its tensor was changed to, `saves`
    what PyTorch keeps for going back. `seen_through` are the steps by which an alias sees its memory, `hooks` what a
    program does to its adjoint.
    `holder` is the tensor whose `.grad` a pass fills. `label` is what PyTorch calls the step when it is not the
    operation's own name, `within` the function (a layer, a loss) that made it, `unit` the `order` of what that function
    gave, `origin` the line that made the
    layer it was computed by, and `turns` the loops it was made in.
    """

    __slots__ = (
        "__weakref__", "args", "array", "counter", "freed", "holder", "hooks", "label", "line", "name", "needs", "op",
        "order", "origin", "overlay", "overwritten", "params", "saves", "seen_through", "stale", "successor", "turns",
        "unit", "version", "within"
    )  # fmt: skip

    def __init__(
        self,
        array: Array,
        needs: bool,
        op: Entry | None = None,
        args: tuple[Any, ...] = (),
        params: dict[str, Any] | None = None,
    ) -> None:
        STATE.made += 1
        self.order = STATE.made
        self.array = array
        self.needs = needs
        self.op = op
        self.args = args
        self.params: dict[str, Any] = params or {}
        self.line, self.origin = STATE.line, STATE.origin
        self.name = self.label = self.within = ""
        self.stale = self.freed = False
        self.version = self.unit = self.overwritten = 0
        self.counter: Counter | None = None
        self.overlay: Array | None = None
        self.successor: Vertex | None = None
        self.saves = op.saves if op is not None else ""
        self.seen_through: tuple[Any, ...] = ()
        self.hooks: list[Callable[[Any], Any]] | None = None
        self.turns = STATE.turns
        self.holder: Tensor | None = None
        if WATCH.made is not None:
            WATCH.made(self)

    @property
    def parents(self) -> list[Vertex]:
        """The arguments that are vertices."""
        return [arg for arg in self.args if isinstance(arg, Vertex)]

    @property
    def ndim(self) -> int:
        """How many dimensions."""
        return self.array.ndim

    @property
    def kept(self) -> Array:
        """The numbers that a backward pass finds: those it was made with, or what its memory holds since."""
        return self.array if self.overlay is None else self.overlay


def charge(size: int) -> None:
    """Count the elements of a tensor that is computed; raises as `check_size` and `work`."""
    check_size((size,))
    work(size)


def work(size: int) -> None:
    """Count what costs as much as computing so many elements.

    Raises:
        MemoryError: more than one run may compute.
    """
    STATE.elements += size
    WATCH.spent += size
    if STATE.elements > ELEMENTS:
        raise MemoryError(f"more than {ELEMENTS:,} numbers were computed")
    if STATE.made > VERTICES:
        raise MemoryError(f"more than {VERTICES:,} operations were computed")


def check_size(shape: Iterable[int]) -> None:
    """Refuse a shape before memory is taken for it.

    Raises:
        MemoryError: more elements than one tensor may have.
    """
    size = math.prod(shape)
    if size > ONE:
        raise MemoryError(f"a tensor of {size:,} elements; at most {ONE:,} are computed here")


# PyTorch's short names of types, in some of its messages.
_TYPES = {"float32": "float", "float64": "double", "int64": "long", "bool": "Bool", "float16": "Half", "int32": "Int"}


class Tensor(Operators):
    """A tensor of PyTorch as a program holds it. `Array` and `Scalar` in `arrays` are those of NumPy and Python."""

    __slots__ = ("__weakref__", "chain", "counter", "grad", "history", "kind", "memory", "output", "retains", "vertex")
    rank: ClassVar[int] = 3
    dialect: ClassVar[str] = "torch"  # whose conventions hold at corners
    exact: ClassVar[bool] = False  # whether whole numbers are Python's, which do not overflow
    result: ClassVar[type[Tensor]]  # the class of what is computed from it
    __array_ufunc__ = None  # NumPy's operators leave the work to ours

    def __init__(self, vertex: Vertex) -> None:
        self.vertex = vertex
        self.grad: Tensor | None = None
        self.retains = False
        self.history: list[tuple[int, Array]] = []
        # The memory that it shares, how it sees it, and as what (see `memory`); None and nothing while it is alone.
        self.memory: Any = None
        self.chain: tuple[Any, ...] = ()
        self.kind = ""
        self.counter: Counter | None = None
        self.output = ""  # of a function that gives several views, which and whose

    @classmethod
    def of(cls, array: Any, needs: bool = False) -> Any:
        """A leaf that holds the array."""
        array = np.asarray(array)
        charge(array.size)
        made = cls(Vertex(array, needs))
        if needs:
            made.vertex.holder = made
        return made

    @staticmethod
    def tracks(dtype: np.dtype[Any]) -> bool:
        """Whether values of this type have derivatives."""
        return dtype.kind == "f"

    @classmethod
    def cast(cls, arrays: list[Any], how: str) -> list[Any]:
        """The operands in the type that they are computed in."""
        return in_common_type(arrays, how)

    @staticmethod
    def aliased(made: Any, of: Any, op: Entry, params: dict[str, Any]) -> None:
        """Note that a result shares memory; only tensors of PyTorch do."""

    @staticmethod
    def same_type(arrays: list[Any]) -> None:
        """Refuse operands of different types, in an operation that does not convert them.

        Raises:
            RuntimeError: they differ, told as PyTorch tells it.
        """
        one, other = (_TYPES.get(a.dtype.name, a.dtype.name) for a in arrays)
        if one != other:
            raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {one} != {other}")

    @staticmethod
    def told(error: Exception, arrays: list[Any], operation: str, params: Mapping[str, Any]) -> Exception:
        """A complaint about operands that do not fit, as PyTorch words it."""
        if not isinstance(error, ValueError):
            return error
        shapes = [a.shape for a in arrays if isinstance(a, np.ndarray)]
        if len(shapes) >= 2:
            for d in range(1, min(map(len, shapes[:2])) + 1):
                n, m = shapes[0][-d], shapes[1][-d]
                if n != m and 1 not in (n, m):
                    where = max(map(len, shapes[:2])) - d
                    return RuntimeError(
                        f"The size of tensor a ({n}) must match the size of tensor b ({m}) "
                        f"at non-singleton dimension {where}"
                    )
        return RuntimeError(str(error))

    # What programs see ---------------------------------------------------------------------------------------------

    @property
    def array(self) -> Array:
        """The numbers."""
        return self.vertex.array

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""
        return self.vertex.array.shape

    @property
    def ndim(self) -> int:
        """How many dimensions."""
        return self.vertex.array.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the numbers, as NumPy has it."""
        return self.vertex.array.dtype

    @property
    def version(self) -> int:
        """How often its memory was changed in place."""
        return 0 if self.counter is None else self.counter.value

    @property
    def requires_grad(self) -> bool:
        """Whether it takes part in differentiation."""
        return self.vertex.needs

    @property
    def is_leaf(self) -> bool:
        """Whether nothing that is differentiated made it."""
        return self.vertex.op is None or not self.vertex.needs

    def __getitem__(self, place: Any) -> Any:
        return OPERATIONS["index"](self, place=plain_index(place))

    def __iter__(self) -> Iterator[Any]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return (self[i] for i in range(self.shape[0]))

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return int(self.shape[0])

    def item(self) -> bool | int | float:
        """The one number.

        Raises:
            RuntimeError: there are several.
        """
        if self.array.size != 1:
            raise RuntimeError(f"a Tensor with {self.array.size} elements cannot be converted to Scalar")
        STATE.spell(self.vertex)
        value: bool | int | float = self.array.item()
        if WATCH.told is not None and self.vertex.needs:
            value = WATCH.told(value)
        return value

    def __bool__(self) -> bool:
        if self.array.size > 1:
            raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iub" or self.array.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self.item())


Tensor.result = Tensor
Tensor.operands = (Tensor, bool, int, float, np.ndarray, np.generic)


def plain_index(place: Any) -> Any:
    """An index in which tensors have become arrays."""
    if isinstance(place, tuple):
        return tuple(plain_index(part) for part in place)
    if isinstance(place, list):
        return np.asarray([plain_index(part) for part in place])
    if isinstance(place, slice):
        return slice(*(None if part is None else part.__index__() for part in (place.start, place.stop, place.step)))
    return place.array if isinstance(place, Tensor) else place
