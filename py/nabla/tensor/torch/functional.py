"""Derivatives of functions (Jacobian, Hessian), and what tensors and layers do beside computing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nabla.tensor.memory import DATA, alias
from nabla.tensor.operations.shapes import index, put_zeros, reshape, stack
from nabla.tensor.passes import Derivative, Pass, derivative_in, finished, holds
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import STATE, Tensor, Vertex
from nabla.tensor.torch import autograd
from nabla.tensor.torch.tensor import DTYPES, DType

Function = Callable[..., Any]


def fresh(inputs: Any) -> tuple[Any, ...]:
    """New leaves with the same numbers and names."""
    listed = tuple(inputs) if isinstance(inputs, (list, tuple)) else (inputs,)
    made = []
    for x in listed:
        leaf = x.result.of(np.array(x.array), True)
        leaf.vertex.name = x.vertex.name
        made.append(leaf)
    return tuple(made)


def rows_of(output: Any, inputs: tuple[Any, ...], create: bool = False) -> list[Any]:
    """The Jacobian of `output` with respect to each input: output's shape, then input's."""
    flat = reshape(output, shape=(-1,))
    found: list[list[Any]] = [[] for _ in inputs]
    cls = output.result
    for i in range(flat.shape[0]):
        root = index(flat, place=i)
        one = np.ones_like(root.array)
        seed = cls.of(one) if create else one
        adjoints = sweep(root.vertex, seed, create=cls if create else None) if root.requires_grad else {}
        for rows, x in zip(found, inputs, strict=True):
            g = adjoints.get(x.vertex)
            g = np.zeros_like(x.array) if g is None else g
            rows.append(g if isinstance(g, Tensor) else cls.of(np.array(g)))
    STATE.backwards += 1
    return [
        reshape(stack(*rows, dim=0), shape=(*output.shape, *x.shape)) for rows, x in zip(found, inputs, strict=True)
    ]


def jacobian(func: Function, inputs: Any, create_graph: bool = False, **_: Any) -> Any:
    """`torch.autograd.functional.jacobian`: rows are outputs, columns are inputs."""
    leaves = fresh(inputs)
    output = func(*leaves)
    if isinstance(output, (list, tuple)):
        return tuple(_one_or_all(rows_of(part, leaves, create_graph), inputs) for part in output)
    rows = rows_of(output, leaves, create_graph)
    for x, row in zip(leaves, rows, strict=True):
        holds(row, Derivative("jacobian", output.vertex, x.vertex, STATE.line))
    return _one_or_all(rows, inputs)


def _one_or_all(parts: list[Any], inputs: Any) -> Any:
    return tuple(parts) if isinstance(inputs, (list, tuple)) else parts[0]


def hessian(func: Function, inputs: Any, **_: Any) -> Any:
    """`torch.autograd.functional.hessian`: the Jacobian of the gradient.

    Raises:
        RuntimeError: the function's value is not one number.
    """
    leaves = fresh(inputs)
    output = func(*leaves)
    if output.array.size != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to hessian should contain a single element, but got "
            f"{output.array.size}"
        )
    cls = output.result
    adjoints = sweep(output.vertex, cls.of(np.ones_like(output.array)), create=cls)
    rows: list[Any] = []
    for x in leaves:
        g = adjoints.get(x.vertex)
        columns = (
            [cls.of(np.zeros(x.shape + y.shape, x.dtype)) for y in leaves] if g is None else rows_of(g, leaves, False)
        )
        rows.append(columns)
    if isinstance(inputs, (list, tuple)):
        for x, row in zip(leaves, rows, strict=True):
            for block in row:
                holds(block, Derivative("hessian", output.vertex, x.vertex, STATE.line))
        return tuple(tuple(row) for row in rows)
    return holds(rows[0][0], Derivative("hessian", output.vertex, leaves[0].vertex, STATE.line))


def torch_grad(func: Function, argnums: Any = 0) -> Function:
    """`torch.func.grad`."""
    return gradient_of(func, argnums)


def torch_jacobian(func: Function, argnums: int = 0) -> Function:
    """`torch.func.jacrev`."""
    return lambda *args: _at(func, args, argnums, lambda f, x: jacobian(f, x))


def torch_hessian(func: Function, argnums: int = 0) -> Function:
    """`torch.func.hessian`."""
    return lambda *args: _at(func, args, argnums, lambda f, x: hessian(f, x))


def vmap(func: Function, in_dims: Any = 0, out_dims: int = 0) -> Function:
    """`torch.func.vmap`: the function of each slice of its arguments, the results stacked.

    Raises:
        ValueError: no argument is sliced.
    """

    def mapped(*args: Any) -> Any:
        dims = list(in_dims) if isinstance(in_dims, (list, tuple)) else [in_dims] * len(args)
        sizes = [x.shape[d] for x, d in zip(args, dims, strict=True) if d is not None]
        if not sizes:
            raise ValueError("vmap has nothing to map over")
        results = [
            func(
                *(x if d is None else index(x, place=(*[slice(None)] * d, i)) for x, d in zip(args, dims, strict=True))
            )
            for i in range(sizes[0])
        ]
        if isinstance(results[0], (list, tuple)):
            return tuple(_stacked(parts, out_dims) for parts in zip(*results, strict=True))
        return _stacked(results, out_dims)

    return mapped


def _stacked(parts: Sequence[Any], dim: int) -> Any:
    """What a function gave for each slice, as one; of gradients that is the gradient of each sample."""
    whole, held = stack(*parts, dim=dim), derivative_in(parts[-1])
    if held is not None and held.kind == "gradient":
        holds(whole, replace(held, kind="each", parts=()))
    return whole


def _at(func: Function, args: tuple[Any, ...], n: int, what: Callable[[Function, Any], Any]) -> Any:
    return what(lambda x: func(*args[:n], x, *args[n + 1 :]), args[n])


def gradient_of(
    func: Function,
    argnums: Any = 0,
    *,
    value: bool = False,
    prepare: Function = lambda x: x,
    several: str = "",
    has_aux: bool = False,
) -> Function:
    """The function that gives the gradient of `func` with respect to the arguments `argnums` (and its value).

    The gradient can be differentiated again. `prepare` makes a tensor of an argument that is none,
    `several` is what is said of a result of several numbers; with `has_aux` the function gives a pair, of which the
    second part is passed on.

    Raises:
        TypeError: the value of `func` is not one number.
    """

    def gradient(*args: Any, **named: Any) -> Any:
        places = list(argnums) if isinstance(argnums, (list, tuple)) else [argnums]
        given = list(args)
        if not several and max(places) >= len(args):
            count = f"argnums={argnums} requires at least {max(places) + 1} positional arguments"
            raise TypeError(
                f"differentiating with respect to {count} to be passed by the caller, but got only {len(args)} "
                f"positional arguments."
            )
        for n in places:
            given[n] = each_leaf(lambda x: _linked(prepare(x)), given[n])
        leaves: list[Any] = []
        each_leaf(leaves.append, [given[n] for n in places])
        starts = {id(x): x.vertex for x in leaves}  # the function may change its argument in place
        outermost = not any(x.vertex.op for x in leaves)
        output = func(*given, **named)
        output, aux = output if has_aux else (output, None)
        if isinstance(output, (int, float)):
            output = prepare(float(output))
        if not isinstance(output, Tensor) or output.array.size != 1:
            STATE.failed = output.vertex if isinstance(output, Tensor) and output.requires_grad else None
            told = f"had shape: {output.shape}" if isinstance(output, Tensor) else f"was {output}"
            raise TypeError(several or f"Gradient only defined for scalar-output functions. Output {told}.")
        adjoints = _passed_back(output)

        def adjoint(x: Any) -> Any:
            start = starts[id(x)]
            g = adjoints.get(start)
            g = output.result.of(np.zeros_like(start.array)) if g is None else g
            # Of the outermost nobody differentiates the result.
            return holds(cut(g) if outermost else g, Derivative("gradient", root, start, STATE.line))

        root = output.vertex
        grads = [each_leaf(adjoint, given[n]) for n in places]
        output = cut(output) if outermost else output
        result = tuple(grads) if isinstance(argnums, (list, tuple)) else grads[0]
        if has_aux:
            aux = each_leaf(lambda x: cut(x) if isinstance(x, Tensor) and outermost else x, aux)
            return ((output, aux), result) if value else (result, aux)
        return (output, result) if value else result

    return gradient


def each_leaf(function: Function, tree: Any) -> Any:
    """The same lists, tuples and dictionaries with what a function gives for each leaf."""
    if isinstance(tree, dict):
        return {key: each_leaf(function, part) for key, part in tree.items()}
    if isinstance(tree, (list, tuple)):
        return type(tree)(each_leaf(function, part) for part in tree)
    return function(tree)


def _passed_back(output: Any) -> dict[Vertex, Any]:
    """The adjoints of everything `output`, one number, was computed from, as tensors; the pass is noted in `STATE`."""
    cls = output.result
    seed = np.ones_like(output.array)
    adjoints = sweep(output.vertex, cls.of(seed), create=cls)
    plain = {vertex: g.array for vertex, g in adjoints.items()}
    finished(Pass(output.vertex, seed, plain, STATE.line))
    return adjoints


def cut(x: Any) -> Any:
    """The same numbers as a constant."""
    return x.result(Vertex(x.array, False))


def _linked(x: Any) -> Any:
    """A tensor that stands for x inside a function, and is linked to it, so that outer derivatives pass through."""
    from nabla.tensor.operators import OPERATIONS

    if x.requires_grad:
        fresh = OPERATIONS["clone"](x)
        fresh.vertex.name = x.vertex.name
        return fresh
    made = x.result.of(np.array(x.array), True)
    made.vertex.name = x.vertex.name
    return made


# What tensors do beside computing
# --------------------------------------------------------------------------------------


def grad_of(x: Any) -> Any:
    """`x.grad`; PyTorch warns of one that a tensor which is no leaf does not keep."""
    if x.requires_grad and not x.is_leaf and not x.retains:
        STATE.note("not-kept", x)
    return x.grad


def retain_grad(x: Any) -> None:
    """`x.retain_grad()`.

    Raises:
        RuntimeError: x does not take part in differentiation.
    """
    if not x.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if not x.is_leaf:
        x.retains = True
        x.vertex.holder = x


def to_numpy(x: Any) -> Any:
    """`x.numpy()` as an array of the NumPy dialect."""
    from nabla.tensor.arrays import Plain

    made = alias(Plain.of(autograd.numbers(x)), x, DATA)
    held = derivative_in(x)
    return made if held is None else holds(made, held)


def detach_in_place(x: Any) -> Any:
    """`x.detach_()`."""
    name = x.vertex.name
    x.vertex = Vertex(x.array, False)
    x.vertex.name = name
    return x


def index_add(x: Any, dim: int, at: Any, source: Any) -> Any:
    """`x.index_add`."""
    place = (*[slice(None)] * (dim % x.ndim), at.array)
    result = x + put_zeros(source, place=place, shape=x.shape)
    result.vertex.label = "IndexAddBackward0"
    return result


def replace_data(x: Any, new: Any) -> None:
    """`x.data = new`: the tensor's numbers replaced, whatever it is."""
    if x.memory is not None and new.memory is x.memory and new.chain == x.chain:
        return  # `x.data -= ...` has changed it already
    x.memory, x.chain, x.kind = None, (), ""
    before = x.vertex
    after = Vertex(np.array(new.array), before.needs)
    after.name, after.holder = before.name, before.holder
    x.vertex = after


def default_dtype(dtype: DType) -> None:
    """`torch.set_default_dtype`.

    Raises:
        NotImplementedError: another type than float32.
    """
    if dtype is not DTYPES["float32"]:
        raise NotImplementedError("only float32 can be the default here; give dtype= where another is wanted")


def zero_grad(layer: Any, set_to_none: bool = True) -> None:
    """Forget the gradients of a layer's parameters."""
    STATE.note("zero")
    for p in layer.parameters():
        if set_to_none or p.grad is None:
            p.grad = None
        else:
            p.grad = p.result.of(np.zeros_like(p.grad.array))


def train(layer: Any, on: bool) -> Any:
    """Switch a layer, and those in it, to training or evaluation."""
    STATE.note("mode", (layer, on))
    _switch(layer, on)
    return layer


def _switch(layer: Any, on: bool) -> None:
    layer.training = on
    for part in layer.parts.values():
        if hasattr(part, "parts"):
            _switch(part, on)


def append_layer(layers: Any, layer: Any) -> Any:
    """`ModuleList.append`."""
    layers.set(str(len(layers.layers)), layer)
    layers.layers.append(layer)
    return layers
