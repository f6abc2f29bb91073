"""What a program of a network finds under `numpy`, `math` and `scipy.special`, and on an array: allow-listed tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.network.machine import Machine

Table = dict[str, Any]
ELEMENTS = 4_000_000  # of an array that is made
KEYWORDS = frozenset(
    "axis keepdims dtype size low high loc scale ndmin ddof replace p decimals copy end sep key reverse a_min a_max "
    "num start stop endpoint initial default".split()
)
# Methods and properties of arrays; what is not here is not there.
METHODS = frozenset(
    "dot sum mean max min reshape copy transpose flatten ravel astype argmax argmin round clip std var tolist item all "
    "any prod squeeze argsort fill repeat".split()
)
PROPERTIES = frozenset("T shape size ndim dtype".split())
DRAWS = frozenset(
    "random random_sample rand randn uniform normal standard_normal randint permutation shuffle choice integers".split()
)
OWN: dict[type, frozenset[str]] = {
    list: frozenset("append extend pop insert index count copy reverse".split()),
    dict: frozenset("keys values items get".split()),
    str: frozenset("format upper lower strip split startswith endswith join".split()),
    float: frozenset(["is_integer"]),
}


def room(shape: Any) -> Any:
    """The shape, if an array of it may be made.

    Raises:
        MemoryError: it has too many elements.
    """
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    count = math.prod(max(int(n), 0) for n in sizes) if shape is not None else 1
    if count > ELEMENTS:
        raise MemoryError(f"an array of {count:,} elements; at most {ELEMENTS:,} are made here")
    return tuple(int(n) for n in sizes) if isinstance(shape, (tuple, list)) else shape


def _made(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda shape, *rest, **named: make(room(shape), *rest, **named)


def _array(data: Any, *rest: Any, **named: Any) -> Any:
    made = np.array(data, *rest, **named)
    if made.dtype.kind not in "biuf":
        raise TypeError("only arrays of numbers are understood here")
    return made


def _sum(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """`np.sum` without its wrapper."""
    reduce: Any = np.add.reduce
    return reduce(np.asarray(x), axis=axis, dtype=dtype, keepdims=keepdims)


def _arange(*bounds: Any, **named: Any) -> Any:
    low, high, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    room(max(0, math.ceil((high - low) / step)))
    return np.arange(*bounds, **named)


def sigmoid(x: Any) -> Any:
    """`scipy.special.expit`."""
    return 1 / (1 + np.exp(-np.asarray(x)))


def softmax(x: Any, axis: Any = None) -> Any:
    """`scipy.special.softmax`."""
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


_PLAIN = (
    "exp log log2 log10 log1p expm1 sqrt square abs absolute fabs sign floor ceil sin cos tan tanh sinh cosh arctan "
    "arctan2 hypot "
    "negative add subtract multiply divide power maximum minimum greater less greater_equal less_equal equal not_equal "
    "isnan isfinite isinf logical_and logical_or logical_not dot matmul outer inner einsum transpose reshape "
    "mean max min amax amin argmax argmin prod var std average where clip round around concatenate stack vstack hstack "
    "column_stack append ravel squeeze expand_dims atleast_2d zeros_like ones_like full_like copy array_equal allclose "
    "all any size shape ndim cumsum heaviside argsort sort unique flip true_divide"
)


def modules(machine: Machine) -> dict[str, Table]:
    """The modules by their dotted names; `np.random` draws from the machine's generator."""
    numpy: Table = {name: getattr(np, name) for name in _PLAIN.split()}
    numpy |= {
        "array": _array, "asarray": _array, "asmatrix": _array, "sum": _sum, "zeros": _made(np.zeros),
        "ones": _made(np.ones), "empty": _made(np.zeros), "full": _made(np.full), "arange": _arange,
        "eye": lambda n: np.eye(room((n, n))[0]), "identity": lambda n: np.eye(room((n, n))[0]),
        "linspace": lambda a, b, num=50: np.linspace(a, b, room(num)),
        "float64": np.float64, "float32": np.float32, "int64": np.int64, "int32": np.int32, "pi": np.pi, "e": np.e,
        "inf": np.inf, "nan": np.nan, "newaxis": None, "set_printoptions": lambda *_, **__: None,
        "seterr": lambda *_, **__: None, "random": _random(machine),
        "linalg": {"norm": np.linalg.norm},
    }  # fmt: skip
    maths = {name: getattr(math, name) for name in "exp log sqrt sin cos tanh pi e floor ceil pow fabs inf".split()}
    special = {"expit": sigmoid, "softmax": softmax}
    return {
        "numpy": numpy, "numpy.random": numpy["random"], "numpy.linalg": numpy["linalg"], "math": maths,
        "random": {"seed": machine.reseed, "random": numpy["random"]["random"]},
        "scipy": {"special": special}, "scipy.special": special,
    }  # fmt: skip


def _random(machine: Machine) -> Table:
    own = machine.random

    def drawn(draw: Callable[..., Any], shaped: bool = False) -> Callable[..., Any]:
        bounded = _bounded(draw, shaped)

        def call(*args: Any, **named: Any) -> Any:
            machine.drawn = True
            return bounded(*args, **named)

        return call

    def generator(seed: Any = None) -> Any:
        machine.seeded = machine.seeded or seed is not None
        chosen = machine.forced if machine.forced is not None else machine.seed if seed is None else int(seed)
        return np.random.default_rng(chosen)

    def state(seed: Any = None) -> Any:
        machine.seeded = machine.seeded or seed is not None
        chosen = machine.forced if machine.forced is not None else machine.seed if seed is None else int(seed)
        return np.random.RandomState(chosen)

    names = "random random_sample uniform normal standard_normal randint permutation shuffle choice"
    return {
        **{name: drawn(getattr(own, name)) for name in names.split()},
        "rand": drawn(own.rand, True), "randn": drawn(own.randn, True), "seed": machine.reseed,
        "default_rng": generator, "RandomState": state,
    }  # fmt: skip


def method_of(value: Any, name: str) -> Callable[..., Any]:
    """The bound method of a value, from the tables.

    Raises:
        AttributeError: the tables do not have it.
    """
    kind = type(value)
    if isinstance(value, (np.ndarray, np.generic)):
        allowed = name in METHODS
    elif isinstance(value, (np.random.Generator, np.random.RandomState)):
        allowed = name in DRAWS | {"rand", "randn"}
    else:
        allowed = name in OWN.get(kind, ())
    if not allowed:
        raise AttributeError(f"'{kind.__name__}' object has no attribute '{name}'")
    found: Callable[..., Any] = getattr(value, name)
    if isinstance(value, (np.random.Generator, np.random.RandomState)):
        return _bounded(found, name in ("rand", "randn"))
    return found


def _bounded(draw: Callable[..., Any], shaped: bool) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        for shape in [named.get("size"), args if shaped else None, *args[-1:]]:
            if (
                isinstance(shape, (tuple, list))
                and len(shape) < 8
                and all(isinstance(n, (int, np.integer)) for n in shape)
            ):
                room(shape)
        return draw(*args, **named)

    return call
