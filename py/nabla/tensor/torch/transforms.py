"""`torch.func` and `torch.autograd.functional` beside Jacobians: products with vectors, layers as functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nabla.tensor.passes import Derivative, holds
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import STATE, Tensor
from nabla.tensor.torch import adjoints, autograd, functional
from nabla.tensor.torch.functional import cut, gradient_of

Function = Callable[..., Any]


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _like(parts: list[Any], given: Any) -> Any:
    return tuple(parts) if isinstance(given, (list, tuple)) else parts[0]


def _back(output: Any, cotangent: Any, leaves: tuple[Any, ...]) -> list[Any]:
    """vᵀJ for each leaf, as constants."""
    adjoints = sweep(output.vertex, np.asarray(cotangent.array)) if output.requires_grad else {}
    STATE.backwards += 1
    return [output.result.of(np.array(adjoints.get(x.vertex, np.zeros_like(x.array)))) for x in leaves]


def _forth(func: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value, and J v: the rows of the Jacobian times the vector."""
    leaves = functional.fresh(primals)
    output = func(*leaves)
    rows = functional.rows_of(output, leaves)
    total = np.zeros_like(output.array)
    for row, tangent in zip(rows, tangents, strict=True):
        total = total + np.tensordot(row.array, tangent.array, axes=tangent.ndim)
    moved = output.result.of(total.astype(output.dtype))
    return cut(output), holds(moved, Derivative("jvp", output.vertex, leaves[0].vertex, STATE.line))


def vjp(func: Function, *primals: Any) -> tuple[Any, Function]:
    """`torch.func.vjp`: the value, and the function that takes v to vᵀJ, one for each argument."""
    leaves = functional.fresh(primals)
    output = func(*leaves)
    return cut(output), lambda cotangent: tuple(_back(output, cotangent, leaves))


def jvp(func: Function, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """`torch.func.jvp`: the value and J v."""
    return _forth(func, _listed(primals), _listed(tangents))


def grad_and_value(func: Function, argnums: Any = 0) -> Function:
    """`torch.func.grad_and_value`."""
    both = gradient_of(func, argnums, value=True)

    def found(*args: Any, **named: Any) -> tuple[Any, Any]:
        value, gradient = both(*args, **named)
        return gradient, value

    return found


def functional_call(module: Any, parameters: Mapping[str, Any], args: Any = (), kwargs: Any = None) -> Any:
    """`torch.func.functional_call`: what the module gives with other parameters."""
    kept: list[tuple[Any, str, Any]] = []
    try:
        for full, new in parameters.items():
            *path, name = full.split(".")
            layer = module
            for part in path:
                layer = layer.parts[part]
            kept.append((layer, name, layer.parts[name]))
            layer.parts[name] = new
        return module(*_listed(args), **(kwargs or {}))
    finally:
        for layer, name, old in kept:
            layer.parts[name] = old


def vjp_of(func: Function, inputs: Any, v: Any = None, **_: Any) -> tuple[Any, Any]:
    """`torch.autograd.functional.vjp`."""
    leaves = functional.fresh(inputs)
    output = func(*leaves)
    seed = output.result.of(np.ones_like(output.array)) if v is None else v
    return cut(output), _like(_back(output, seed, leaves), inputs)


def jvp_of(func: Function, inputs: Any, v: Any = None, **_: Any) -> tuple[Any, Any]:
    """`torch.autograd.functional.jvp`."""
    listed = _listed(inputs)
    ones = tuple(x.result.of(np.ones_like(x.array)) for x in listed)
    return _forth(func, listed, ones if v is None else _listed(v))


def hvp_of(func: Function, inputs: Any, v: Any = None, **_: Any) -> tuple[Any, Any]:
    """`torch.autograd.functional.hvp` and `vhp`: the value, and the Hessian times a vector."""
    leaves = functional.fresh(inputs)
    value = func(*leaves)
    hessian = functional.hessian(func, tuple(leaves))
    vectors = [np.ones_like(x.array) for x in leaves] if v is None else [part.array for part in _listed(v)]
    parts = []
    for row, x in zip(hessian, leaves, strict=True):
        total = sum(np.tensordot(block.array, u, axes=u.ndim) for block, u in zip(row, vectors, strict=True))
        parts.append(x.result.of(np.asarray(total, x.dtype)))
    return cut(value), _like(parts, inputs)


def backward(
    tensors: Any, grad_tensors: Any = None, retain_graph: bool | None = None, create_graph: bool = False
) -> None:
    """`torch.autograd.backward`: a pass from each of several tensors, through one graph."""
    roots = list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]
    seeds = list(grad_tensors) if isinstance(grad_tensors, (list, tuple)) else [grad_tensors] * len(roots)
    if len(roots) > 1 and any(vertex.hooks for root in roots for vertex in reachable(root.vertex)):
        roots, seeds = [adjoints.summed(roots, seeds)], [None]  # each hook is run once
    for i, (root, seed) in enumerate(zip(roots, seeds, strict=True)):
        autograd.backward(root, seed, True if i < len(roots) - 1 else retain_graph, create_graph)


class GradMode:
    """`torch.set_grad_enabled`: switches at once; in a `with` it is switched back at the end."""

    def __init__(self, on: bool) -> None:
        self._before = STATE.recording
        STATE.recording = bool(on)

    def __enter__(self) -> None:
        """Switched already."""

    def __exit__(self, *_: object) -> None:
        STATE.recording = self._before


def checkpoint(function: Function, *args: Any, use_reentrant: Any = None, **named: Any) -> Any:
    """`torch.utils.checkpoint.checkpoint`: the same numbers; what is computed again in PyTorch is kept here."""
    return function(*args, **named)


def without_derivative(name: str, function: Function) -> Function:
    """A function of NumPy on tensors that take no part in differentiation; on others it is not covered.

    Raises:
        NotImplementedError: its derivative is asked for.
    """

    def call(*args: Any, **named: Any) -> Any:
        tensors = [arg for arg in args if isinstance(arg, Tensor)]
        if STATE.recording and any(x.requires_grad for x in tensors):
            raise NotImplementedError(f"the derivative of `{name}`")
        given = function(*(arg.array if isinstance(arg, Tensor) else arg for arg in args), **named)
        made = tensors[0].result.of
        return tuple(made(np.asarray(part)) for part in given) if isinstance(given, tuple) else made(np.asarray(given))

    return call


FUNC = {"vjp": vjp, "jvp": jvp, "jacfwd": functional.torch_jacobian, "grad_and_value": grad_and_value,
        "functional_call": functional_call}  # fmt: skip
FUNCTIONAL = {"vjp": vjp_of, "jvp": jvp_of, "hvp": hvp_of, "vhp": hvp_of}
_NUMPY: dict[str, Function] = {
    "svd": lambda a, full_matrices=True: tuple(np.linalg.svd(a, full_matrices)), "pinv": np.linalg.pinv,
    "svdvals": lambda a: np.linalg.svd(a, compute_uv=False), "eigvalsh": np.linalg.eigvalsh,
    "eigh": lambda a: tuple(np.linalg.eigh(a)), "cholesky": np.linalg.cholesky, "cond": np.linalg.cond,
    "qr": lambda a: tuple(np.linalg.qr(a)), "matrix_rank": np.linalg.matrix_rank,
    "matrix_power": np.linalg.matrix_power, "slogdet": lambda a: tuple(np.linalg.slogdet(a)),
}  # fmt: skip
LINALG = {name: without_derivative(f"torch.linalg.{name}", function) for name, function in _NUMPY.items()}
