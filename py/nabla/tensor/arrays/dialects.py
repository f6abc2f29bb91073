"""JAX and HIPS autograd: functions of functions; and which modules a program of each dialect may import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nabla.tensor.arrays import (
    HipsArray,
    JaxArray,
    Plain,
    as_float,
    foreign,
    jax_random,
    narrowed,
    optax,
    scipy,
    tracers,
    transforms,
)
from nabla.tensor.arrays.composed import NOT_IN_HIPS, NUMPY
from nabla.tensor.arrays.names import (
    FOUND,
    FUNCTIONS,
    MATH,
    RANDOM,
    Dtype,
    Table,
    arrayed,
    as_tensor,
    found,
    holds_tensor,
    on,
    softmax,
)
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import STATE, WATCH, Tensor, recording
from nabla.tensor.torch import functional

SEVERAL = "Grad only applies to real scalar-output functions. Try jacobian, elementwise_grad or holomorphic_grad."


def stopped(x: Any) -> Any:
    """`stop_gradient`."""
    with recording(False):
        return OPERATIONS["detach"](x)


def _prepared(kind: type[Plain]) -> Callable[[Any], Any]:
    def prepare(x: Any) -> Any:
        if isinstance(x, (list, tuple)):
            return [prepare(part) for part in x] if holds_tensor(x) else prepare(arrayed(x))
        made = x if isinstance(x, Tensor) else Plain.of(np.asarray(x))
        if kind is JaxArray and WATCH.made is None:
            made = narrowed(made)
        if made.dtype.kind == "c":
            raise NotImplementedError("derivatives by complex numbers")
        if made.dtype.kind != "f":
            if kind is JaxArray:
                raise TypeError(
                    f"grad requires real- or complex-valued inputs (input dtype that is a sub-dtype of np.inexact), "
                    f"but got {made.dtype.name.replace('64', '32')}. If you want to use Boolean- or integer-valued "
                    f"inputs, use vjp or set allow_int to True."
                )
            if not isinstance(x, Tensor):
                raise TypeError(f"Can't differentiate w.r.t. type {type(x)}")
            made = as_float(made)
        return (type(x) if isinstance(x, tracers.JaxTracer) else kind)(made.vertex)

    return prepare


def _transformations(kind: type[Plain]) -> Table:
    prepare = _prepared(kind)
    several = "" if kind is JaxArray else SEVERAL

    def grad(f: Any, argnums: Any = 0, has_aux: bool = False) -> Any:
        gradient = functional.gradient_of(f, argnums, prepare=prepare, several=several, has_aux=has_aux)
        return gradient if kind is not JaxArray else lambda *args, **named: transforms.ordered(gradient(*args, **named))

    def value_and_grad(f: Any, argnums: Any = 0, has_aux: bool = False) -> Any:
        return functional.gradient_of(f, argnums, value=True, prepare=prepare, several=several, has_aux=has_aux)

    def jacobian(f: Any, argnums: int = 0) -> Any:
        return lambda *args: functional.jacobian(
            lambda x: f(*args[:argnums], x, *args[argnums + 1 :]), prepare(args[argnums])
        )

    def hessian(f: Any, argnums: int = 0) -> Any:
        return lambda *args: functional.hessian(
            lambda x: f(*args[:argnums], x, *args[argnums + 1 :]), prepare(args[argnums])
        )

    return {
        **transforms.table(kind, prepare), "grad": grad, "value_and_grad": value_and_grad, "jacobian": jacobian,
        "jacrev": jacobian, "jacfwd": jacobian, "hessian": hessian,
            "elementwise_grad": lambda f, argnums=0: lambda *args: grad(lambda *inner: OPERATIONS["sum"](f(*inner),
            dims=tuple(range(f(*inner).ndim))), argnums)(*args)}  # fmt: skip


def _jit(f: Any = None, *, static_argnums: Any = (), static_argnames: Any = (), **_: Any) -> Any:
    """`jax.jit`, as a function or a decorator with options."""
    if f is None:
        return lambda g: _jit(g, static_argnums=static_argnums, static_argnames=static_argnames)
    places = static_argnums if isinstance(static_argnums, (list, tuple)) else (static_argnums,)
    names = (static_argnames,) if isinstance(static_argnames, str) else static_argnames
    return tracers.traced(f, "jit", places, names)


def _vmap(f: Any, in_axes: Any = 0, out_axes: Any = 0) -> Any:
    """`jax.vmap`."""
    axes = in_axes if isinstance(in_axes, (list, tuple)) else ()
    whole = [i for i, axis in enumerate(axes) if axis is None]
    return functional.vmap(tracers.traced(f, "vmap", whole), in_axes, out_axes)


def _configured(name: str, value: Any) -> None:
    """`jax.config.update`."""
    if name == "jax_enable_x64":
        STATE.wide = bool(value)


def _as_jax(table: Table) -> Table:
    """NumPy's functions with float32 arrays as results, unless 64 bits are switched on."""

    def wrapped(name: str, function: Any) -> Any:
        function = tracers.shaped(name, function) if name in tracers.SHAPED else function

        def call(*args: Any, **named: Any) -> Any:
            result = function(*args, **named)
            if name in FOUND:
                return found(JaxArray if tracers.holds(*args) is None else tracers.JaxTracer, result)
            if isinstance(result, Plain) and not isinstance(result, JaxArray):
                return JaxArray(narrowed(result).vertex)
            return narrowed(result) if isinstance(result, JaxArray) and WATCH.made is None else result

        return call

    return {name: _as_jax(value) if isinstance(value,
        dict) else wrapped(name, value) if callable(value) and not isinstance(value, Dtype) else value
            for name, value in table.items()}  # fmt: skip


def _gelu(x: Any, approximate: bool = True) -> Any:
    """`jax.nn.gelu`, which is the one with tanh unless told otherwise."""
    x = as_tensor(x)
    if not approximate:
        return e.gelu(x)
    return 0.5 * x * (1 + e.tanh(e.ROOT_2_OVER_PI * (x + 0.044715 * x * x * x)))


def _one_hot(x: Any, num_classes: int) -> Any:
    return Plain.of(np.eye(int(num_classes))[as_tensor(x).array.astype(np.int64)], False)


_NN: Table = {
    **{name: on(name) for name in ("relu", "relu6", "sigmoid", "softplus", "silu", "tanh")},
    "swish": on("silu"), "log_sigmoid": on("logsigmoid"), "softmax": softmax, "gelu": _gelu, "one_hot": _one_hot,
    "leaky_relu": lambda x, negative_slope=0.01: e.leaky_relu(as_tensor(x), slope=negative_slope),
    "elu": lambda x, alpha=1.0: e.elu(as_tensor(x), alpha=alpha), "hard_tanh": lambda x: e.hardtanh(as_tensor(x)),
    "log_softmax": lambda x, axis=-1: OPERATIONS["log_softmax"](as_tensor(x), dim=axis % as_tensor(x).ndim),
    "logsumexp": scipy.logsumexp,
}  # fmt: skip


def modules(dialect: str) -> dict[str, Table]:
    """The modules beside PyTorch's that a program of this dialect may import."""
    kind = JaxArray if dialect == "jax" else HipsArray
    changed = _transformations(kind)
    jnp = _as_jax(NUMPY)
    jax: Table = {
        **changed,
        "jit": _jit,
        "vmap": _vmap,
        "numpy": jnp,
        "nn": _as_jax(_NN),
        "lax": {"stop_gradient": stopped, **transforms.LAX},
        "tree_util": transforms.TREES,
        "random": jax_random.TABLE,
        "tree": {"map": transforms.tree_map, "leaves": transforms.leaves_of},
        "config": {"update": _configured},
        "scipy": scipy.modules("jax.scipy", _as_jax)["jax.scipy"],
    }
    numpy = {name: value for name, value in NUMPY.items() if name not in NOT_IN_HIPS}
    plain, standard = (FUNCTIONS, MATH) if dialect == "numpy" else (foreign.NUMPY, foreign.STANDARD_MATH)
    return {
        "numpy": plain, "numpy.linalg": plain["linalg"], "numpy.random": plain["random"], "math": standard,
        "jax": jax, "jax.numpy": jnp, "jax.numpy.linalg": jnp["linalg"], "autograd.numpy.linalg": numpy["linalg"],
        "autograd.numpy.random": numpy["random"],
        "jax.nn": jax["nn"], "jax.lax": jax["lax"], "jax.tree_util": jax["tree_util"], "jax.random": jax_random.TABLE,
        "jax.tree": jax["tree"], "optax": optax.TABLE,
        "autograd.extend": transforms.EXTEND,
        "autograd.test_util": {"check_grads": transforms.checker(_prepared(HipsArray))},
        "autograd": {**changed, "numpy": numpy}, "autograd.numpy": numpy,
        "scipy.special": scipy.SPECIAL, "scipy": {"special": scipy.SPECIAL},
        **scipy.modules("autograd.scipy", dict), **scipy.modules("jax.scipy", _as_jax),
        "random": {"seed": RANDOM.seed, "random": lambda: float(RANDOM.random_sample()), "uniform": lambda a,
        b: float(RANDOM.uniform(a, b))},
    }  # fmt: skip
