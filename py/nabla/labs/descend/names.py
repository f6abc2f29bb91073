"""What programs of NumPy and SciPy find under their names: allow-listed, on arrays of numbers and of formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nabla.labs.descend.formula import Condition, TracedFormula, applied, is_symbolic, where
from nabla.labs.descend.runner import MOST, Runner, small, spread
from nabla.program.walker.builtins import of_all as _of_all
from nabla.program.walker.builtins import power as _power
from nabla.program.walker.builtins import some as _some
from nabla.program.walker.builtins import whole as _int
from nabla.program.walker.syntax import Program
from nabla.program.walker.values import Instance, Module, Namespace, Unknown


@dataclass
class Call:
    """A call of `scipy.optimize.minimize` (or a similar function) as the program makes it."""

    fun: Any
    start: Any
    method: str = ""
    jac: Any = None
    hess: Any = None
    bounds: Any = None
    args: tuple[Any, ...] = ()
    line: int = 0
    tol: Any = None
    constrained: bool = False


@dataclass
class Found:
    """What was found by running the program."""

    calls: list[Call] = field(default_factory=list)
    symbolic: bool = False
    line: int = 0


@dataclass
class Result:
    """What `minimize` returns here: attributes that print, no figures."""

    x: Any


_ELEMENTWISE = (
    "exp exp2 expm1 log log2 log10 log1p sqrt cbrt square abs absolute sign sin cos tan arcsin arccos arctan sinh cosh "
    "tanh arcsinh arccosh arctanh power maximum minimum arctan2 hypot reciprocal floor ceil"
).split()
_PLAIN = (
    "sum mean prod dot inner vdot outer cumsum concatenate hstack vstack stack reshape transpose ravel squeeze diff "
    "diag trace flip append column_stack broadcast_to expand_dims where max min amax amin argmax argmin sort var std "
    "round isnan isfinite isinf all any allclose array_equal multiply add subtract divide negative clip atleast_1d "
    "atleast_2d triu tril meshgrid average roll repeat matmul heaviside count_nonzero shape size ndim full_like"
).split()
_METHODS = (
    "sum mean prod dot copy reshape flatten ravel tolist item max min transpose cumsum squeeze all any argmax argmin "
    "std var round astype fill clip diagonal trace"
).split()


def _elementwise(name: str) -> Callable[..., Any]:
    own = getattr(np, name)

    def call(*values: Any, **_: Any) -> Any:
        if any(is_symbolic(v) for v in values):
            return applied(name, *values)
        if len(values) == 2:
            spread(*map(np.asarray, values))
        return small(own(*values))

    return call


def _plain(name: str) -> Callable[..., Any]:
    own, formulas = getattr(np, name), _ON_FORMULAS.get(name)

    def call(*values: Any, **named: Any) -> Any:
        named = {key: value for key, value in named.items() if key != "out"}
        if formulas and (found := formulas(values)) is not None:
            return found
        _refuse_large(name, values)
        if name not in _OF_PARTS:
            values = tuple(np.array(v, dtype=object) if isinstance(v, (list, tuple)) and is_symbolic(v) else v
                           for v in values)  # fmt: skip
        return small(own(*values, **named))

    return call


def _refuse_large(name: str, values: tuple[Any, ...]) -> None:
    """Refuse what would make a large array.

    Raises:
        MemoryError: more than `MOST` elements.
    """
    if name in ("outer", "meshgrid"):
        size = math.prod(max(np.size(v), 1) for v in values[:2])
    elif name == "repeat":
        size = max(math.prod(max(np.size(v), 1) for v in values[:2]), np.size(values[0]) * values[1])
    elif name == "diag":
        size = np.size(values[0]) ** 2
    else:
        return
    if size > MOST:
        raise MemoryError(f"an array of more than {MOST:,} elements")


def _where(values: tuple[Any, ...]) -> Any:
    return where(*values) if len(values) == 3 and any(is_symbolic(v) or _conditional(v) for v in values) else None


def _largest(name: str) -> Callable[[tuple[Any, ...]], Any]:
    def of(values: tuple[Any, ...]) -> Any:
        if not is_symbolic(values[0]):
            return None
        return applied(name, *np.asarray(values[0], dtype=object).ravel())

    return of


def _variance(values: tuple[Any, ...]) -> Any:
    if not is_symbolic(values[0]):
        return None
    a = np.asarray(values[0], dtype=object)
    return np.mean((a - np.mean(a)) ** 2)


def _deviation(values: tuple[Any, ...]) -> Any:
    variance = _variance(values)
    return None if variance is None else applied("sqrt", variance)


# Functions that NumPy cannot compute of formulas; each gives None where its arguments hold none.
_ON_FORMULAS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "where": _where, "var": _variance, "std": _deviation,
    **{name: _largest("maximum") for name in ("max", "amax")},
    **{name: _largest("minimum") for name in ("min", "amin")},
}  # fmt: skip
_OF_PARTS = frozenset("concatenate hstack vstack stack column_stack broadcast_to reshape".split())


def _conditional(value: Any) -> bool:
    return isinstance(value, Condition)


def _array(found: Found) -> Callable[..., Any]:
    def make(data: Any, dtype: Any = None, **_: Any) -> Any:
        if is_symbolic(data):
            return np.array(data, dtype=object)
        made = np.array(data if not isinstance(data, range) else list(data), dtype=_dtype(dtype))
        if made.dtype.kind not in "biuf":
            raise TypeError("only arrays of numbers are understood here")
        return small(made)

    return make


def _dtype(dtype: Any) -> Any:
    if dtype is None:
        return None
    named = {"float": float, "int": int, "bool": bool, "float64": float, "float32": np.float32, "int64": np.int64}
    if isinstance(dtype, str) and dtype in named:
        return named[dtype]
    if getattr(dtype, "label", "") in named:
        return named[dtype.label]
    raise TypeError("this dtype is not understood here")


@dataclass(frozen=True)
class Kind:
    """A type by name: `float`, `np.int64`."""

    label: str
    make: Callable[..., Any]

    def __call__(self, value: Any = 0) -> Any:
        """The value in this type."""
        if is_symbolic(value):
            return value
        return self.make(value)


def _made(found: Found, fill: float) -> Callable[..., Any]:
    def make(shape: Any, dtype: Any = None, **_: Any) -> Any:
        sizes = tuple(int(n) for n in np.atleast_1d(shape))
        if math.prod(sizes) > MOST:
            raise MemoryError(f"an array of more than {MOST:,} elements")
        return np.full(sizes, int(fill), dtype=object) if found.symbolic else np.full(sizes, fill, _dtype(dtype))

    return make


def _like(found: Found, fill: int) -> Callable[..., Any]:
    def make(x: Any, dtype: Any = None, **_: Any) -> Any:
        if is_symbolic(x) or found.symbolic:
            return np.full(np.shape(np.asarray(x, dtype=object)), fill, dtype=object)
        return np.full_like(x, fill, dtype=_dtype(dtype))

    return make


def _range(name: str) -> Callable[..., Any]:
    def make(*values: Any, **named: Any) -> Any:
        numbers = [float(v) for v in values]
        if name == "linspace":
            count = int(named.get("num", values[2] if len(values) > 2 else 50))
        else:
            low, high, step = (0.0, *numbers, 1.0)[:3] if len(numbers) == 1 else (*numbers, 1.0)[:3]
            count = int(abs(high - low) / abs(step)) if step else MOST + 1
        if count > MOST:
            raise MemoryError(f"an array of more than {MOST:,} elements")
        return getattr(np, name)(*values, **{k: v for k, v in named.items() if k in ("num", "endpoint")})

    return make


def _norm(x: Any, ord: Any = None) -> Any:
    if not is_symbolic(x):
        return np.linalg.norm(x, ord)
    return applied("sqrt", np.sum(np.asarray(x, dtype=object) ** 2))


def _numpy(found: Found) -> dict[str, Any]:
    kinds = {name: Kind(name, np.dtype(name).type) for name in ("float64", "float32", "int64")}
    eye = lambda n: _made(found, 0)((n, n)) + np.diag(np.ones(min(int(n), 60)))  # noqa: E731
    return {
        **{name: _elementwise(name) for name in _ELEMENTWISE}, **{name: _plain(name) for name in _PLAIN}, **kinds,
        "array": _array(found), "asarray": _array(found), "asanyarray": _array(found), "copy": _array(found),
        "zeros": _made(found, 0.0), "ones": _made(found, 1.0), "empty": _made(found, 0.0),
        "full": lambda shape, value, **_: _made(found, 1.0)(shape) * value,
        "zeros_like": _like(found, 0), "ones_like": _like(found, 1), "empty_like": _like(found, 0), "eye": eye,
        "identity": eye, "arange": _range("arange"), "linspace": _range("linspace"), "pi": math.pi, "e": math.e,
        "inf": math.inf, "nan": math.nan, "newaxis": None, "set_printoptions": lambda **_: None,
        "linalg": Module("numpy.linalg", {"norm": _norm, "solve": np.linalg.solve, "inv": np.linalg.inv}),
        "random": Module("numpy.random", {
            "seed": lambda *_: None, "rand": lambda *s: _RANDOM(0).random(s or None),
            "random": lambda s=None: _RANDOM(0).random(s), "randn": lambda *s: _RANDOM(0).normal(size=s or None),
            "uniform": lambda a=0.0, b=1.0, size=None: _RANDOM(0).uniform(a, b, size),
        }),
    }  # fmt: skip


_RANDOM = np.random.default_rng


def _math() -> dict[str, Any]:
    usual = "exp log log2 log10 log1p expm1 sqrt sin cos tan asin acos atan sinh cosh tanh atan2 pow hypot fabs".split()

    def of(name: str) -> Callable[..., Any]:
        long = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "pow": "power",
                "fabs": "abs"}.get(name, name)  # fmt: skip
        own: Any = vars(math)[name]
        return lambda *v: applied(long, *v) if any(is_symbolic(a) for a in v) else own(*v)

    return {**{name: of(name) for name in usual}, "pi": math.pi, "e": math.e, "inf": math.inf, "tau": math.tau}


def _rosen(x: Any) -> Any:
    """`scipy.optimize.rosen`: the sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2."""
    x = np.asarray(x)
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def _rosen_der(x: Any) -> Any:
    """`scipy.optimize.rosen_der`, its gradient."""
    x = np.asarray(x)
    slope = np.zeros_like(x)
    slope[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    slope[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return slope


def _rosen_hess(x: Any) -> Any:
    """`scipy.optimize.rosen_hess`, its Hessian."""
    x = np.asarray(x)
    n = x.size
    rows = np.zeros((n, n), dtype=x.dtype)
    for i in range(n - 1):
        rows[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        rows[i + 1, i + 1] += 200
        rows[i, i + 1] = rows[i + 1, i] = -400 * x[i]
    return rows


def _scipy(found: Found) -> dict[str, Module]:
    def minimize(fun: Any, x0: Any, args: Any = (), method: Any = None, jac: Any = None, hess: Any = None,
                 bounds: Any = None, tol: Any = None, constraints: Any = (), **_: Any) -> Result:  # fmt: skip
        given = args if isinstance(args, tuple) else (args,)
        constrained = not isinstance(constraints, (tuple, list)) or len(constraints) > 0
        found.calls.append(Call(fun, x0, method or "", jac, hess, bounds, given, found.line, tol, constrained))
        return Result(np.array(x0, dtype=float))

    def older(name: str) -> Callable[..., Result]:
        def call(f: Any, x0: Any, fprime: Any = None, fhess: Any = None, args: Any = (), **_: Any) -> Result:
            return minimize(f, x0, args, name, fprime, fhess)

        return call

    table: dict[str, Any] = {
        "minimize": minimize, "rosen": _rosen, "rosen_der": _rosen_der,
        "rosen_hess": _rosen_hess, "fmin_ncg": older("Newton-CG"), "fmin_bfgs": older("BFGS"), "fmin_cg": older("CG"),
        "fmin_l_bfgs_b": older("L-BFGS-B"), "fmin": lambda f, x0, args=(), **_: minimize(f, x0, args, "Nelder-Mead"),
        "check_grad": lambda f, g, x0, *args: (minimize(f, x0, args, "", g), 0.0)[1],
        "approx_fprime": lambda x, *_: np.zeros(np.size(x)), "Bounds": lambda lb, ub, **_: list(zip(
            *np.broadcast_arrays(lb, ub), strict=True)),
    }  # fmt: skip
    optimize = Module("scipy.optimize", table)
    return {"scipy": Module("scipy", {"optimize": optimize}), "scipy.optimize": optimize}


def namespace(found: Found) -> Namespace:
    """The modules and names of a program of SciPy."""
    numpy = Module("numpy", _numpy(found))
    mathematics = Module("math", _math())
    modules = {"numpy": numpy, "numpy.linalg": numpy.table["linalg"], "math": mathematics, **_scipy(found)}
    names: dict[str, Any] = {
        "print": lambda *_, **__: None, "range": range, "len": len, "abs": abs, "round": round, "sum": _sum,
        "float": Kind("float", float), "int": Kind("int", _int), "bool": Kind("bool", bool), "str": lambda v="": str(v),
        "pow": _power, "list": lambda v=(): _some(v), "tuple": lambda v=(): tuple(_some(v)),
        "enumerate": lambda v, start=0: enumerate(_some(v), start), "dict": lambda *g, **n: dict(*g, **n),
        "zip": lambda *v: list(zip(*map(_some, v), strict=False)), "max": _extremum("maximum", max),
        "min": _extremum("minimum", min),
        "reversed": lambda v: list(reversed(_some(v))), "sorted": lambda v: sorted(_some(v)),
        "map": lambda f, *v: [f(*items) for items in zip(*map(_some, v), strict=False)],
        "all": lambda v: all(_some(v)), "any": lambda v: any(_some(v)), "isinstance": lambda *_: True,
        "np": numpy, "math": mathematics, "minimize": modules["scipy.optimize"].table["minimize"],
        "optimize": modules["scipy.optimize"], "scipy": modules["scipy"],
    }  # fmt: skip

    def at(line: int) -> None:
        found.line = line

    return Namespace(modules, names, _attribute, _set_attribute, at=at)


def _extremum(name: str, own: Any) -> Callable[..., Any]:
    """Python's max or min, of formulas too."""
    plain = _of_all(own)

    def call(*values: Any, **how: Any) -> Any:
        items = values if len(values) > 1 else _some(values[0])
        return applied(name, *items) if not how and is_symbolic(list(items)) else plain(*values, **how)

    return call


def _sum(values: Any, start: Any = 0) -> Any:
    for value in _some(values):
        start = start + value
    return start


def _attribute(value: Any, name: str) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        if name in ("shape", "ndim", "size", "T"):
            return getattr(value, name)
        if name == "dtype":
            return Kind(value.dtype.name, value.dtype.type)
        if name == "astype":
            return lambda kind, **_: value.copy() if value.dtype == object else value.astype(_dtype(kind))
        if name in _METHODS:
            method = getattr(value, name)
            return lambda *args, **named: small(method(*args, **named))
        raise Unknown(f".{name}", _METHODS)
    if isinstance(value, Result):
        return {"x": value.x, "success": True, "message": "", "fun": 0.0, "nit": 0, "nfev": 0, "njev": 0, "nhev": 0,
                "jac": value.x, "status": 0}.get(name, 0)  # fmt: skip
    if isinstance(value, TracedFormula) and name in ("shape", "ndim", "size"):
        return {"shape": (), "ndim": 0, "size": 1}[name]
    kind = type(value).__name__
    raise AttributeError(f"'{kind}' object has no attribute '{name}'")


def _set_attribute(value: Any, name: str, new: Any) -> None:
    if isinstance(value, Instance):
        return
    raise AttributeError(f"the attribute '{name}' cannot be set here")


def runner(program: Program, found: Found) -> Runner:
    """An interpreter for a program."""
    return Runner(program, namespace(found))
