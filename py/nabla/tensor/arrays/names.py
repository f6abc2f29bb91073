"""What programs find under `numpy` and `math`, and on an array: allow-listed tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.arrays import At, HipsArray, JaxArray, Plain, Scalar, as_float
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import products, shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.promotion import long
from nabla.tensor.tape import Array, Tensor, charge, check_size

Table = dict[str, Any]
RANDOM = np.random.RandomState(0)
KINDS = {name: name for name in ("float32", "float64", "int64", "int32", "bool")}


class Dtype(str):
    """`np.float64` and its like, by name."""

    __slots__ = ()

    def __call__(self, value: Any = 0) -> Any:
        """The value in this type."""
        return arrayed(value).array.astype(str(self)).item()


def arrayed(data: Any, dtype: Any = None) -> Any:
    """`np.array(data)`, followed through whatever tensors it holds."""
    if isinstance(data, Tensor):
        result = data if isinstance(data, Plain) and not isinstance(data, Scalar) else Plain(data.vertex)
        return OPERATIONS["cast_to"](result, dtype=_dtype(dtype)) if dtype is not None else OPERATIONS["clone"](result)
    if isinstance(data, (list, tuple, range)) and holds_tensor(data):
        return OPERATIONS["stack"](*[arrayed(item) for item in data], dim=0)
    array = np.array(
        data if not isinstance(data, range) else list(data), dtype=_dtype(dtype) if dtype is not None else None
    )
    if dtype is None and not isinstance(data, (np.ndarray, np.generic)):
        array = long(array)
    if array.dtype.kind not in "biuf":
        raise NotImplementedError("an array of what is no real number")
    return Plain.of(array)


def holds_tensor(data: Any) -> bool:
    """Whether a nested list has tensors in it."""
    return any(isinstance(item, Tensor) or (isinstance(item, (list, tuple)) and holds_tensor(item)) for item in data)


def _dtype(dtype: Any) -> np.dtype[Any]:
    if dtype is float or dtype is int or dtype is bool:
        return np.dtype(np.int64 if dtype is int else dtype)
    if isinstance(dtype, str) and dtype in KINDS:
        return np.dtype(str(dtype))
    raise NotImplementedError("this dtype")


def as_tensor(x: Any) -> Any:
    """An array of whatever NumPy would make one of."""
    return x if isinstance(x, Tensor) else arrayed(x)


def on(name: str) -> Callable[..., Any]:
    """An operation of the tape under NumPy's name, on whatever NumPy would make an array of."""
    operation = OPERATIONS[name]

    def call(*args: Any, **_: Any) -> Any:
        return operation(
            *[a if isinstance(a, (Tensor, int, float)) and i else as_tensor(a) for i, a in enumerate(args)]
        )

    return call


def _reduction(name: str) -> Callable[..., Any]:
    operation = OPERATIONS[name]

    def reduce(x: Any, axis: Any = None, keepdims: bool = False, *, ddof: int = 0, **_: Any) -> Any:
        x = as_tensor(x)
        if name in ("mean", "var", "std") and x.dtype.kind != "f":
            x = as_float(x)
        how = {"correction": ddof} if name in ("var", "std") else {}
        return operation(x, dims=shapes.dims_of(axis, x.ndim), keepdim=keepdims, **how)

    return reduce


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    x = as_tensor(x)
    return OPERATIONS["norm"](
        x, p=2 if ord in (None, "fro") else ord, dims=shapes.dims_of(axis, x.ndim), keepdim=keepdims
    )


def _made(fill: Callable[[tuple[int, ...]], Array]) -> Callable[..., Any]:
    def make(shape: Any, dtype: Any = None) -> Any:
        sizes = tuple(int(n) for n in shape) if isinstance(shape, (list, tuple)) else (int(shape),)
        charge(int(math.prod(sizes)))
        array = fill(sizes)
        return Plain.of(array.astype(_dtype(dtype)) if dtype is not None else array)

    return make


def _full(shape: Any, value: Any, dtype: Any = None) -> Any:
    if isinstance(value, Tensor) and value.requires_grad is False and value.ndim == 0:
        value = value.array
    if isinstance(value, Tensor):
        return shapes.expand(value, shape=tuple(shape) if isinstance(shape, (tuple, list)) else (int(shape),))
    return _made(lambda sizes: long(np.full(sizes, value)))(shape, dtype)


def _random(draw: Callable[..., Any]) -> Callable[..., Any]:
    def make(*sizes: Any, size: Any = None) -> Any:
        flat = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (list, tuple)) else sizes
        shape = tuple(int(n) for n in (flat if size is None else size if isinstance(size, (list, tuple)) else (size,)))
        charge(int(math.prod(shape)))
        return Plain.of(np.asarray(draw(*shape))) if shape else float(draw())

    return make


def _normal(loc: float = 0.0, scale: float = 1.0, size: Any = None) -> Any:
    return _random(lambda *shape: RANDOM.normal(loc, scale, shape or None))(size=size if size is not None else ())


def _uniform(low: float = 0.0, high: float = 1.0, size: Any = None) -> Any:
    return _random(lambda *shape: RANDOM.uniform(low, high, shape or None))(size=size if size is not None else ())


def _randint(low: int, high: Any = None, size: Any = None) -> Any:
    if size is None:
        return int(RANDOM.randint(low, high))
    check_size(size if isinstance(size, (list, tuple)) else (size,))
    return Plain.of(long(RANDOM.randint(low, high, size)))


def _arange(*bounds: Any) -> Any:
    low, high, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    charge(max(0, math.ceil((high - low) / step)))
    return Plain.of(long(np.arange(*[b.item() if isinstance(b, Tensor) else b for b in (low, high, step)])))


def _linspace(start: float, stop: float, num: int = 50) -> Any:
    charge(int(num))
    return Plain.of(np.linspace(float(start), float(stop), int(num)))


def _dot(a: Any, b: Any) -> Any:
    """`np.dot`: products of numbers, of vectors, of matrices."""
    a, b = as_tensor(a), as_tensor(b)
    if not a.ndim or not b.ndim:
        return a * b
    if a.dtype.kind != b.dtype.kind or a.dtype != b.dtype:
        a, b = (x if x.dtype == np.float64 else as_float(x) for x in (a, b))
    if a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
        near = f"{a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[max(b.ndim - 2, 0)]} (dim {max(b.ndim - 2, 0)})"
        shapes_told = " and ".join(
            "(" + ",".join(map(str, x.shape)) + ("," if x.ndim == 1 else "") + ")" for x in (a, b)
        )
        if not isinstance(a, JaxArray) and not isinstance(b, JaxArray):
            raise ValueError(f"shapes {shapes_told} not aligned: {near}")
    return products.matmul(a, b)


def _reshape(x: Any, *shape: Any) -> Any:
    flat = shape[0] if len(shape) == 1 and isinstance(shape[0], (list, tuple)) else shape
    x = as_tensor(x)
    try:
        return shapes.reshape(x, shape=tuple(int(n) for n in flat))
    except RuntimeError:
        raise ValueError(
            f"cannot reshape array of size {x.array.size} into shape {tuple(int(n) for n in flat)}"
        ) from None


def _transpose(x: Any, *axes: Any) -> Any:
    x = as_tensor(x)
    flat = axes[0] if len(axes) == 1 and isinstance(axes[0], (list, tuple)) else axes
    return shapes.permute(x, dims=tuple(flat) or tuple(reversed(range(x.ndim))))


def _place(name: str) -> Callable[..., Any]:
    function: Any = {"argmax": np.argmax, "argmin": np.argmin, "argsort": np.argsort}[name]
    return lambda x, axis=None: (
        Plain.of(long(function(as_tensor(x).array, axis=axis)), False)
        if axis is not None
        else int(function(as_tensor(x).array))
        if name != "argsort"
        else Plain.of(long(function(as_tensor(x).array)))
    )


def _clip(x: Any, low: Any, high: Any) -> Any:
    return e.clamp(as_tensor(x), low=low, high=high)


def _where(c: Any, a: Any = None, b: Any = None) -> Any:
    return e.where(
        c, a if isinstance(a, (int, float)) else as_tensor(a), b if isinstance(b, (int, float)) else as_tensor(b)
    )


def _joined(name: str) -> Callable[..., Any]:
    return lambda parts, axis=0: OPERATIONS[name](*[as_tensor(p) for p in parts], dim=axis)


def _like(value: float) -> Callable[..., Any]:
    return lambda x, dtype=None: Plain.of(
        np.full(as_tensor(x).shape, value, _dtype(dtype) if dtype is not None else as_tensor(x).dtype)
    )


def _cumsum(x: Any, axis: Any = None) -> Any:
    x = as_tensor(x)
    return OPERATIONS["cumsum"](x if axis is not None else shapes.reshape(x, shape=(-1,)), dim=axis or 0)


def _squeezed(x: Any, axis: int | None) -> Any:
    kept = (n for i, n in enumerate(x.shape) if n != 1 or (axis is not None and i != axis % x.ndim))
    return shapes.reshape(x, shape=tuple(kept))


def _sorted(x: Any, axis: int = -1) -> Any:
    x = as_tensor(x)
    return shapes.gather(x, dim=axis % x.ndim, at=np.argsort(x.array, axis=axis, kind="stable"))


def softmax(x: Any, axis: Any = -1) -> Any:
    """`jax.nn.softmax` and `scipy.special.softmax`."""
    return OPERATIONS["softmax"](as_tensor(x), dim=(axis or -1) % as_tensor(x).ndim)


def _named(pairs: str) -> Table:
    """`sin=sin arcsin=asin` as a table of operations."""
    return {pair.split("=")[0]: on(pair.split("=")[-1]) for pair in pairs.split()}


FUNCTIONS: Table = {
    **_named(
        "exp exp2 expm1 log log2 log10 log1p sqrt cbrt square reciprocal abs absolute=abs fabs=abs sign floor ceil "
        "trunc sin cos tan "
        "arcsin=asin arccos=acos arctan=atan sinh cosh tanh arcsinh=asinh arccosh=acosh arctanh=atanh asin acos atan "
        "deg2rad "
        "negative=neg add subtract=sub multiply=mul divide=div true_divide=div power=pow mod=remainder maximum minimum "
        "arctan2=atan2 hypot greater=gt less=lt greater_equal=ge less_equal=le equal=eq not_equal=ne isnan isinf "
        "isfinite "
        "logical_and logical_or logical_not floor_divide matmul"
    ),
    **{name: _reduction(op) for name, op in {
        "sum": "sum", "mean": "mean", "prod": "prod", "var": "var", "std": "std", "max": "amax", "min": "amin",
        "amax": "amax", "amin": "amin"}.items()},
    "average": _reduction("mean"), "dot": _dot, "inner": _dot, "vdot": _dot, "outer": lambda a,
    b: products.outer(as_tensor(a), as_tensor(b)),
    "einsum": lambda spec, *ops: products.einsum(spec, tuple(as_tensor(o) for o in ops)), "array": arrayed,
    "asarray": arrayed,
    "zeros": _made(lambda s: np.zeros(s)), "ones": _made(lambda s: np.ones(s)), "empty": _made(lambda s: np.zeros(s)),
    "full": _full,
    "zeros_like": _like(0), "ones_like": _like(1),
    "eye": lambda n: _made(lambda s: np.eye(s[0]))(n) if n < 2000 else charge(int(n) ** 2),
    "arange": _arange, "linspace": _linspace, "reshape": _reshape, "transpose": _transpose,
    "concatenate": _joined("cat"),
    "stack": _joined("stack"), "vstack": lambda parts: OPERATIONS["cat"](*[shapes.reshape(p, shape=(1,
    -1)) if as_tensor(p).ndim == 1 else p for p in map(as_tensor, parts)], dim=0),
    "hstack": lambda parts: OPERATIONS["cat"](*map(as_tensor, parts), dim=1 if as_tensor(parts[0]).ndim > 1 else 0),
    "argmax": _place("argmax"), "argmin": _place("argmin"), "argsort": _place("argsort"), "clip": _clip,
    "where": _where, "cumsum": _cumsum,
    "sort": _sorted, "round": lambda x, decimals=0: Plain.of(np.round(as_tensor(x).array, decimals)),
    "around": lambda x,
    decimals=0: Plain.of(np.round(as_tensor(x).array, decimals)),
    "squeeze": lambda x, axis=None: _squeezed(as_tensor(x), axis),
    "expand_dims": lambda x, axis: shapes.unsqueeze(as_tensor(x), axis), "ravel": lambda x: _reshape(x, -1),
    "copy": arrayed,
    "trace": lambda x: OPERATIONS["sum"](shapes.diagonal(as_tensor(x)), dims=(0,)),
    "diag": lambda x: shapes.diagonal(x) if as_tensor(x).ndim == 2 else shapes.undiagonal(as_tensor(x), shape=(len(x),
    len(x))),
    "tril": lambda x, k=0: shapes.tril(as_tensor(x), k=k), "triu": lambda x, k=0: shapes.triu(as_tensor(x), k=k),
    "flip": lambda x, axis=0: shapes.flip(as_tensor(x), dims=(axis,)),
    "broadcast_to": lambda x, shape: shapes.expand(as_tensor(x), shape=tuple(shape)),
    "shape": lambda x: as_tensor(x).shape, "size": lambda x: int(as_tensor(x).array.size),
    "ndim": lambda x: as_tensor(x).ndim, "allclose": lambda a, b, rtol=1e-5,
    atol=1e-8: bool(np.allclose(as_tensor(a).array, as_tensor(b).array, rtol, atol)),
    "all": lambda x: bool(as_tensor(x).array.all()), "any": lambda x: bool(as_tensor(x).array.any()), "pi": math.pi,
    "e": math.e, "inf": math.inf, "nan": math.nan,
    "newaxis": None, "set_printoptions": lambda **_: None, "float64": Dtype("float64"), "float32": Dtype("float32"),
    "int64": Dtype("int64"),
    "int32": Dtype("int32"), "bool_": Dtype("bool"), "float_": Dtype("float64"),
    "linalg": {"norm": _norm, "inv": lambda x: products.inverse(as_tensor(x)),
    "det": lambda x: products.det(as_tensor(x)),
    "solve": lambda a, b: products.solve(as_tensor(a), as_tensor(b))},
    "random": {"seed": RANDOM.seed, "rand": _random(RANDOM.rand), "randn": _random(RANDOM.randn),
    "random": _random(lambda *s: RANDOM.random_sample(s or None)),
               "random_sample": _random(lambda *s: RANDOM.random_sample(s or None)), "normal": _normal,
               "uniform": _uniform, "randint": _randint},
}  # fmt: skip
_MATH_ON_TAPE: Table = {
    **_named("exp log log2 log10 log1p expm1 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh "
             "fabs=abs atan2 pow hypot erf"),
    "pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "floor": lambda x: math.floor(float(x)),
    "ceil": lambda x: math.ceil(float(x)),
    "isnan": lambda x: math.isnan(float(x)), "isclose": lambda a, b, rel_tol=1e-9: math.isclose(float(a), float(b),
    rel_tol=rel_tol), "tau": math.tau,
}  # fmt: skip


def _plain_math(name: str, tape: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `math`: on numbers Python's own, on followed numbers the tape's."""
    own: Any = vars(math).get(name)

    def call(*args: Any) -> Any:
        if any(isinstance(a, Plain) for a in args):
            result = tape(*args)
            return Scalar(result.vertex) if result.ndim == 0 else result
        return own(*[a.item() if isinstance(a, Tensor) else a for a in args])

    return call


MATH: Table = {name: _plain_math(name,
    value) if name in vars(math) and callable(value) and name not in ("floor", "ceil", "isnan", "isclose") else value
                      for name, value in _MATH_ON_TAPE.items()}  # fmt: skip


PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "shape": lambda x: x.shape, "ndim": lambda x: x.ndim, "size": lambda x: int(x.array.size), "T": _transpose,
    "dtype": lambda x: Dtype(x.dtype.name), "real": lambda x: x,
}  # fmt: skip
METHODS: Table = {
    **{name: FUNCTIONS[name] for name in "sum mean prod var std max min dot reshape transpose argmax argmin clip "
                                         "cumsum ravel squeeze copy all any round trace".split()},
    "flatten": lambda x: _reshape(x, -1), "item": lambda x: x.item(), "tolist": lambda x: x.array.tolist(),
    "astype": lambda x, t: OPERATIONS["cast_to"](x, dtype=_dtype(t)),
    "block_until_ready": lambda x: x, "is_integer": lambda x: float(x).is_integer(),
}  # fmt: skip


# Functions that give numbers of Python's here, and arrays in JAX.
FOUND = frozenset(["argmax", "argmin", "all", "any", "allclose"])


def found(kind: Any, value: Any) -> Any:
    """What JAX gives where NumPy finds a place or a truth: an array."""
    if isinstance(value, Tensor):
        return value
    array = np.asarray(value)
    return kind.of(array.astype(np.int32) if array.dtype.kind == "i" else array, False)


# The methods of what HIPS autograd differentiates.
ARRAY_BOX = frozenset(
    "all any argmax argmin argpartition argsort astype clip compress cumprod cumsum diagonal flatten max mean min "
    "nonzero prod ptp ravel repeat reshape round searchsorted squeeze std sum swapaxes take trace transpose var".split()
)


def attribute(value: Any, name: str) -> Any:
    """The attribute of an array; KeyError when it has none here."""
    if name in PROPERTIES:
        return PROPERTIES[name](value)
    if name == "at" and isinstance(value, JaxArray):
        return At(value)
    if isinstance(value, HipsArray) and value.requires_grad and name not in ARRAY_BOX:
        raise AttributeError(f"'ArrayBox' object has no attribute '{name}'")
    if isinstance(value, JaxArray) and name in ("item", "tolist") and (value.abstract or value.requires_grad):
        return (lambda: value.ask(name)) if value.abstract or name == "tolist" else value.item
    method = METHODS[name]
    if isinstance(value, JaxArray) and name in FOUND:
        return lambda *args, **named: found(value.result, method(value, *args, **named))
    return lambda *args, **named: method(value, *args, **named)
