"""NumPy's own functions, and those of `math`, given what another library differentiates: they do not know it.

JAX and PyTorch raise there; HIPS autograd passes through NumPy's own functions, and only not through `math`. Observed
with JAX 0.10, PyTorch 2.13 and autograd 1.9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabla.tensor.arrays import HipsArray, JaxArray, Plain, type_text
from nabla.tensor.arrays.names import FUNCTIONS, MATH, Dtype, Table
from nabla.tensor.tape import Tensor

# What NumPy leaves to a method of its argument.
_BY_METHOD = frozenset(
    "sum prod mean std var max min amax amin any all argmax argmin clip cumsum cumprod reshape transpose squeeze ravel "
    "round take trace shape ndim size copy".split()
)


class TracerArrayConversionError(TypeError):
    """JAX's exception: an array is asked of what stands for any."""


def _first(args: Any) -> Tensor | None:
    """The first argument, or item of one, that is differentiated by another library than NumPy."""
    for arg in args:
        found = _first(arg) if isinstance(arg, (list, tuple)) else arg
        foreign = isinstance(found, (JaxArray, HipsArray)) or not isinstance(found, Plain)
        abstract = isinstance(found, JaxArray) and found.abstract
        if isinstance(found, Tensor) and foreign and (found.requires_grad or abstract):
            return found
    return None


def _numpy(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        found = _first((*args, *named.values()))
        if found is None or isinstance(found, HipsArray):
            return function(*args, **named)
        if isinstance(found, JaxArray):
            if name in _BY_METHOD:
                return function(*args, **named)
            raise TracerArrayConversionError(
                "The numpy.ndarray conversion method __array__() was called on traced array with shape "
                f"{type_text(found)}\nSee https://docs.jax.dev/en/latest/errors.html#jax.errors.TracerArrayConversionError"
            )
        if name in _BY_METHOD:
            raise NotImplementedError(f"np.{name} of a tensor that requires grad")
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")

    return call


def _math(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        found = _first(args)
        if isinstance(found, HipsArray):
            raise TypeError("must be real number, not ArrayBox")
        if isinstance(found, JaxArray):
            found.ask("float")
        return function(*args)

    return call


def _each(table: Table, wrap: Callable[[str, Any], Any]) -> Table:
    return {
        name: _each(value, wrap) if isinstance(value, dict) and name != "random"
        else wrap(name, value) if callable(value) and not isinstance(value, (Dtype, type)) else value
        for name, value in table.items()
    }  # fmt: skip


NUMPY = _each(FUNCTIONS, _numpy)
STANDARD_MATH = _each(MATH, lambda _, function: _math(function))
