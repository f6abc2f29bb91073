"""PyTorch's functions and methods with its arguments: `dim`, `keepdim`, sizes as numbers or as a list."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from nabla.tensor.memory import is_contiguous
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import products, shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import Tensor
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch.autograd import change
from nabla.tensor.torch.tensor import DType, TorchTensor, leaf, sizes


def cumprod(x: Any, dim: int) -> Any:
    """`torch.cumprod`, as products one after the other."""
    dim = shapes.wrapped(dim, x.ndim)
    parts = unbind(x, dim)
    for i in range(1, len(parts)):
        parts[i] = parts[i - 1] * parts[i]
    result = stack(parts, dim)
    result.vertex.label = "CumprodBackward0"
    return result


def clamp(x: Any, min: Any = None, max: Any = None) -> Any:
    """`torch.clamp`; a bound may be a tensor."""
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        x = e.where(x >= min, x, min) if min is not None else x
        x = e.where(x <= max, x, max) if max is not None else x
        x.vertex.label = "ClampBackward0"
        return x
    x = e.clamp(x, low=min, high=max)
    x.vertex.label = "ClampBackward1"
    return x


def where(condition: Any, a: Any = None, b: Any = None) -> Any:
    """`torch.where`."""
    if a is None:
        return tuple(leaf(at) for at in np.nonzero(condition.array))
    return e.where(condition, a, b)


# Shapes --------------------------------------------------------------------------------------------------------------


def reshape(x: Any, *shape: Any) -> Any:
    """`reshape` and `view`."""
    wanted = sizes(shape)
    return shapes.reshape(x, shape=wanted)


def _labelled(label: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def labelled(*args: Any, **named: Any) -> Any:
        result = function(*args, **named)
        result.vertex.label = label
        return result

    return labelled


def _flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    if not x.ndim:
        return shapes.reshape(x, shape=(1,))
    first, last = shapes.wrapped(start_dim, x.ndim), shapes.wrapped(end_dim, x.ndim)
    return shapes.reshape(x, shape=(*x.shape[:first], -1, *x.shape[last + 1 :]))


def _squeeze(x: Any, dim: Any = None) -> Any:
    dims = shapes.dims_of(dim, x.ndim)
    return shapes.reshape(x, shape=tuple(n for i, n in enumerate(x.shape) if not (i in dims and n == 1)))


_flat = _labelled("ViewBackward0", _flatten)


def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """`torch.flatten`: the tensor itself where there is nothing to flatten."""
    nothing = x.ndim and start_dim % x.ndim == end_dim % x.ndim
    return x if nothing else _flat(x, start_dim, end_dim)


squeeze = _labelled("SqueezeBackward0", _squeeze)
unsqueeze = _labelled("UnsqueezeBackward0", shapes.unsqueeze)
transpose = _labelled("TransposeBackward0", shapes.transpose)
matrix_transpose = _labelled(
    "TBackward0", lambda x: shapes.transpose(x, 0, 1) if x.ndim == 2 else shapes.permute(x, dims=(0,)[: x.ndim])
)
swap_last = _labelled("TransposeBackward0", lambda x: shapes.transpose(x, -2, -1))


def permute(x: Any, *dims: Any) -> Any:
    """`torch.permute`."""
    listed = dims[0] if len(dims) == 1 and isinstance(dims[0], (list, tuple)) else dims
    return shapes.permute(x, dims=tuple(shapes.wrapped(int(d), x.ndim) for d in listed))


def reversed_dims(x: Any) -> Any:
    """`x.T`."""
    return permute(x, *reversed(range(x.ndim)))


def expand(x: Any, *shape: Any) -> Any:
    """`x.expand`: -1 keeps a size."""
    listed = list(shape[0] if len(shape) == 1 and isinstance(shape[0], (list, tuple)) else shape)
    ahead = len(listed) - x.ndim
    wanted = tuple(x.shape[i - ahead] if n == -1 else int(n) for i, n in enumerate(listed))
    sizes([wanted])
    return shapes.expand(x, shape=wanted)


def repeat(x: Any, *times: Any) -> Any:
    """`x.repeat`: copies along each dimension."""
    counts = sizes(times)
    x = shapes.reshape(x, shape=(1,) * (len(counts) - x.ndim) + x.shape)
    sizes([[n * m for n, m in zip(x.shape, counts, strict=True)]])
    for dim, n in enumerate(counts):
        x = cat([x] * n, dim) if n != 1 else x
    x.vertex.label = "RepeatBackward0"
    return x


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """`torch.cat`."""
    parts = list(tensors)
    if not parts:
        raise RuntimeError("torch.cat(): expected a non-empty list of Tensors")
    return shapes.cat(*parts, dim=shapes.wrapped(dim if axis is None else axis, parts[0].ndim))


def stack(tensors: Any, dim: int = 0) -> Any:
    """`torch.stack`."""
    parts = list(tensors)
    if not parts:
        raise RuntimeError("stack expects a non-empty TensorList")
    return shapes.stack(*parts, dim=shapes.wrapped(dim, parts[0].ndim + 1))


def _slices(x: Any, dim: int, lengths: list[int]) -> list[Any]:
    dim = shapes.wrapped(dim, x.ndim)
    starts = np.cumsum([0, *lengths])
    cuts = [(*[slice(None)] * dim, slice(int(a), int(b))) for a, b in pairwise(starts)]
    return [shapes.index(x, place=cut) for cut in cuts]


def split(x: Any, size: Any, dim: int = 0) -> Any:
    """`torch.split`."""
    n = x.shape[dim]
    several = isinstance(size, (list, tuple))
    parts = _slices(x, dim, list(size) if several else [min(size, n - i) for i in range(0, n, size)])
    for i, part in enumerate(parts):
        part.vertex.label = "SplitWithSizesBackward0" if several else "SplitBackward0"
        part.output = f"Output {i} of {part.vertex.label.removesuffix('Backward0')}"
    return tuple(parts)


def chunk(x: Any, chunks: int, dim: int = 0) -> Any:
    """`torch.chunk`."""
    return split(x, -(-x.shape[dim] // chunks), dim)


def unbind(x: Any, dim: int = 0) -> list[Any]:
    """`torch.unbind`, as a list."""
    dim = shapes.wrapped(dim, x.ndim)
    parts = [shapes.index(x, place=(*[slice(None)] * dim, i)) for i in range(x.shape[dim])]
    for i, part in enumerate(parts):
        part.vertex.label, part.output = "UnbindBackward0", f"Output {i} of Unbind"
    return parts


def index_select(x: Any, dim: int, index: Any) -> Any:
    """`torch.index_select`."""
    result = shapes.index(x, place=(*[slice(None)] * shapes.wrapped(dim, x.ndim), index.array))
    result.vertex.label = "IndexSelectBackward0"
    return result


def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """`x.masked_fill`."""
    result = e.where(mask, float(value), x)
    result.vertex.label = "MaskedFillBackward0"
    return result


def diag(x: Any, diagonal: int = 0) -> Any:
    """`torch.diag`: the diagonal of a matrix, or a matrix with that diagonal."""
    if x.ndim == 2:
        return shapes.diagonal(x, k=diagonal)
    n = x.shape[0] + abs(diagonal)
    return shapes.undiagonal(x, shape=(n, n), k=diagonal)


def trace(x: Any) -> Any:
    """`torch.trace`."""
    result = r.total(shapes.diagonal(x))
    result.vertex.label = "TraceBackward0"
    return result


def flip(x: Any, *dims: Any) -> Any:
    """`torch.flip`."""
    listed = dims[0] if isinstance(dims[0], (list, tuple)) else dims
    return shapes.flip(x, dims=tuple(shapes.wrapped(d, x.ndim) for d in listed))


def roll(x: Any, shifts: Any, dims: Any = None) -> Any:
    """`torch.roll`."""
    shifts, dims = (tuple(v) if isinstance(v, (list, tuple)) else v for v in (shifts, dims))
    return shapes.roll(x, shifts=shifts, dims=dims)


def converted(x: Any, *to: Any, **_: Any) -> Any:
    """`x.to(...)`: a change of type; devices change nothing here."""
    dtype = next(
        (t.numpy for t in to if isinstance(t, DType)), _["dtype"].numpy if isinstance(_.get("dtype"), DType) else None
    )
    if dtype is None or dtype == x.dtype:
        return moved(x) if any(isinstance(t, str) and t.startswith("cuda") for t in (*to, _.get("device"))) else x
    return e.cast_to(x, dtype=dtype)


def moved(x: Any, *_: Any, **__: Any) -> Any:
    """`x.cuda()`: of a leaf that requires grad a copy, which is no leaf."""
    if not (x.requires_grad and x.is_leaf):
        return x
    made = OPERATIONS["clone"](x)
    made.vertex.label = "ToCopyBackward0"
    return made


def in_place(function: Callable[..., Any]) -> Callable[..., Any]:
    """The method with an underscore: the result is put into the tensor itself."""

    def changed(x: Any, *args: Any, **named: Any) -> Any:
        result = function(x, *args, **named)
        vertex = result.vertex
        if vertex.op is not None and vertex.args and vertex.args[0] is x.vertex and "0" in vertex.saves:
            result = function(OPERATIONS["clone"](x), *args, **named)  # PyTorch keeps what was there before
        return change(x, result)

    return changed


def filled(x: Any, value: Any) -> Any:
    """A tensor like x, full of one value."""
    return TorchTensor.of(np.full(x.shape, value, x.dtype))


def vector_norm(x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False) -> Any:
    """`torch.linalg.norm`."""
    return r.norm(x, 2 if ord is None else ord, dim, keepdim)


def einsum(spec: str, *operands: Any) -> Any:
    """`torch.einsum`."""
    listed = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    result = products.einsum(_without_dots(spec.replace(" ", ""), listed), tuple(listed))
    of, arrow, into = spec.partition("->")
    summed = set(of) - set(into) if arrow else {letter for letter in of if of.count(letter) > 1}
    one = "SumBackward1" if summed else "PermuteBackward0"
    result.vertex.label = "ViewBackward0" if len(listed) > 1 else one
    return result


def view(x: Any, *shape: Any) -> Any:
    """`x.view`: the same memory in another shape.

    Raises:
        RuntimeError: there is none.
    """
    result = reshape(x, *shape)
    if not is_contiguous(x, result.shape):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        )
    return result


def solve(a: Any, b: Any) -> Any:
    """`torch.linalg.solve`."""
    result = products.solve(a, b)
    result.vertex.label = "LinalgSolveExBackward0"
    return result


def _without_dots(spec: str, operands: Any) -> str:
    """The specification with letters in the places of "...", the last dimensions of all under the same ones."""
    if "..." not in spec:
        return spec
    before, arrow, after = spec.partition("->")
    parts = before.split(",")
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in spec]
    counts = [x.ndim - len(part.replace("...", "")) for x, part in zip(operands, parts, strict=True)]
    most = max(n for n, part in zip(counts, parts, strict=True) if "..." in part)
    dots = "".join(free[:most])
    written = [part.replace("...", dots[most - n :]) for n, part in zip(counts, parts, strict=True)]
    if not arrow:
        letters = before.replace("...", "").replace(",", "")
        after = "..." + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    return f"{','.join(written)}->{after.replace('...', dots)}"


def addmm(bias: Any, a: Any, b: Any) -> Any:
    """`torch.addmm`."""
    result = bias + products.matmul(a, b)
    result.vertex.label = "AddmmBackward0"
    return result


def _scaled(name: str) -> Callable[..., Any]:
    operation = OPERATIONS[name]
    return lambda a, b, *, alpha=1: operation(a, b * alpha if alpha != 1 else b)


add, sub = _scaled("add"), _scaled("sub")


def div(a: Any, b: Any, *, rounding_mode: str | None = None) -> Any:
    """`torch.div`."""
    quotient = e.div(a, b)
    return quotient if rounding_mode is None else e.floor(quotient) if rounding_mode == "floor" else e.trunc(quotient)
