"""Operations that move elements: broadcasting, reshaping, joining, indexing; each one's product undoes the move."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nabla.tensor.entry import Back, CornerConvention, GradientProduct, Names
from nabla.tensor.notation import call, place
from nabla.tensor.operation import Operation, given
from nabla.tensor.tape import Array, Tensor, Vertex, check_size

Dims = tuple[int, ...]


MOVED = "The numbers were only moved: each adjoint goes back to where its number came from"


def back(form: str, why: str = f"{MOVED}.") -> Back:
    """A product that is one form whatever the argument: LaTeX with @ for the adjoint of the result."""
    return lambda i, names: GradientProduct(form.replace("@", names.bar), "", why)


def shape_of(a: Any) -> Dims:
    """The shape of an array, a tensor or a number."""
    return a.shape if isinstance(a, (np.ndarray, np.generic, Tensor)) else np.shape(a)


def wrapped(dim: int, ndim: int) -> int:
    """A dimension counted from the front.

    Raises:
        IndexError: there is no such dimension.
    """
    top = max(ndim, 1)
    if not -top <= dim < top:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-top}, {top - 1}], but got {dim})")
    return dim % top


def dims_of(dim: Any, ndim: int) -> Dims:
    """The dimensions that `dim` (None for all, a number, several) names, in order."""
    if dim is None or (isinstance(dim, (list, tuple)) and not dim):
        return tuple(range(ndim))
    several = dim if isinstance(dim, (list, tuple)) else (dim,)
    return tuple(sorted({wrapped(int(d), ndim) for d in several})) if ndim else ()


def _sum_to(a: Array, shape: Dims) -> Array:
    ahead = a.ndim - len(shape)
    axes = tuple(range(ahead)) + tuple(
        i + ahead for i, n in enumerate(shape) if n == 1 and a.shape[i + ahead] != 1
    )  # fmt: skip
    return np.asarray(a.sum(axis=axes, keepdims=True)).reshape(shape)


# A tensor that was broadcast appears once for every copy, so its adjoint is the sum over the copies.
sum_to: Operation = Operation(
    "sum_to", _sum_to, lambda g, y, a, shape: expand(g, shape=shape_of(a)), step="SumBackward1"
)


def _expand(a: Array, shape: Dims) -> Array:
    check_size(shape)
    full = np.empty(shape, a.dtype)
    try:
        full[...] = a
    except ValueError:
        message = f"The expanded size of the tensor {list(shape)} must match the existing size {list(np.shape(a))}"
        raise RuntimeError(message) from None
    return full


expand: Operation = Operation(
    "expand",
    _expand,
    lambda g, y, a, shape: sum_to(g, shape=shape_of(a)),
    linear=True,
    back=back(
        r"\textstyle\sum_{\text{copies}} @",
        "One number was copied to several places: what comes back from all of them is added.",
    ),
    viewed=np.broadcast_to,
)


def _reshape(a: Array, shape: Dims) -> Array:
    try:
        return np.reshape(a, shape)
    except ValueError:
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {np.size(a)}") from None


reshape: Operation = Operation(
    "reshape",
    _reshape,
    lambda g, y, a, shape: reshape(g, shape=shape_of(a)),
    linear=True,
    back=back(r"\operatorname{reshape}\left(@\right)"),
    step="ViewBackward0",
    code=("{a}.reshape({shape})", "{g}.reshape({a_shape})"),
    viewed=np.reshape,
)


def _permuted(a: Any, p: dict[str, Any]) -> str:
    return f"{{{a[0]}}}^{{\\top}}" if tuple(p["dims"]) == (1, 0) else call("permute")(a, p)


def _permuted_back(i: int, names: Names) -> GradientProduct:
    if len(names.shapes[0]) != 2:
        return GradientProduct(rf"\operatorname{{permute\,back}}\left({names.bar}\right)", "", f"{MOVED}.")
    why = "The transpose moves numbers: their adjoints are moved back."
    return GradientProduct(rf"{names.bar}^{{\top}}", rf"{names.bar}_{{ji}}", why)


permute: Operation = Operation(
    "permute",
    lambda a, dims: np.transpose(a, dims),
    lambda g, y, a, dims: permute(g, dims=tuple(int(i) for i in np.argsort([d % len(dims) for d in dims]))),
    linear=True,
    tex=_permuted,
    back=_permuted_back,
    code=("{np}.transpose({a}, {dims})", "{np}.transpose({g}, {back})"),
    viewed=lambda a, dims: np.transpose(a, dims),
)
flip: Operation = Operation(
    "flip",
    lambda a, dims: np.flip(a, dims),
    lambda g, y, a, dims: flip(g, dims=dims),
    linear=True,
    back=back(r"\operatorname{flip}\left(@\right)"),
)
roll: Operation = Operation(
    "roll",
    lambda a, shifts, dims: np.roll(a, shifts, dims),
    lambda g, y, a, shifts, dims: roll(
        g, shifts=tuple(-s for s in shifts) if isinstance(shifts, tuple) else -shifts, dims=dims
    ),
    linear=True,
    back=back(r"\operatorname{roll\,back}\left(@\right)"),
)


def transpose(a: Any, dim0: int, dim1: int) -> Any:
    """Two dimensions exchanged."""
    n = len(shape_of(a))
    dims = list(range(n))
    if n:
        i, j = wrapped(dim0, n), wrapped(dim1, n)
        dims[i], dims[j] = dims[j], dims[i]
    return permute(a, dims=tuple(dims))


def unsqueeze(a: Any, dim: int) -> Any:
    """A dimension of size one put in."""
    shape = list(shape_of(a))
    shape.insert(wrapped(dim, len(shape) + 1), 1)
    return reshape(a, shape=tuple(shape))


# Joining -------------------------------------------------------------------------------------------------------------


def _cat(*arrays: Array, dim: int) -> Array:
    first = arrays[0]
    for i, a in enumerate(arrays[1:], 1):
        for d, (n, m) in enumerate(zip(first.shape, a.shape, strict=False)):
            if d != dim % first.ndim and n != m:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. "
                    f"Expected size {n} but got size {m} for tensor number {i} in the list."
                )
    return np.concatenate(arrays, axis=dim)


def _cat_part(g: Any, y: Any, i: int, *arrays: Any, dim: int) -> Any:
    sizes = [shape_of(a)[dim] for a in arrays]
    start = sum(sizes[:i])
    axis = dim % len(shape_of(y))
    return index(g, place=(*[slice(None)] * axis, slice(start, start + sizes[i])))


_PIECES = back(r"\operatorname{part}\left(@\right)", "Each piece gets its own part of the adjoint back.")
cat: Operation = Operation("cat", _cat, _cat_part, variadic=True, linear=True, back=_PIECES)


def _stack(*arrays: Array, dim: int) -> Array:
    shapes = [a.shape for a in arrays]
    for i, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shapes[0])} at entry 0 and {list(shape)} "
                f"at entry {i}"
            )
    return np.stack(arrays, axis=dim)


def _stack_part(g: Any, y: Any, i: int, *arrays: Any, dim: int) -> Any:
    axis = dim % len(shape_of(y))
    return index(g, place=(*[slice(None)] * axis, i))


stack: Operation = Operation("stack", _stack, _stack_part, variadic=True, linear=True, back=_PIECES)

# Picking -------------------------------------------------------------------------------------------------------------


def _index(a: Array, place: Any) -> Array:
    parts = place if isinstance(place, tuple) else (place,)
    for d, part in enumerate(parts):
        if isinstance(part, int) and not isinstance(part, bool) and d < a.ndim and not -a.shape[d] <= part < a.shape[d]:
            raise IndexError(f"index {part} is out of bounds for dimension {d} with size {a.shape[d]}")
    return np.array(a[place])


def _put_zeros(g: Array, place: Any, shape: Dims) -> Array:
    full = np.zeros(shape, g.dtype)
    parts = place if isinstance(place, tuple) else (place,)
    if all(isinstance(part, (int, slice)) or part is None or part is Ellipsis for part in parts):
        full[place] = g
    else:
        np.add.at(full, place, g)
    return full


def _index_step(args: Any, params: Any) -> str:
    at = params["place"]
    last = at[-1] if isinstance(at, tuple) and at else at
    kinds = {int: "SelectBackward0", slice: "SliceBackward0", type(None): "UnsqueezeBackward0"}
    return kinds.get(type(last), "IndexBackward0")


index: Operation = Operation(
    "index",
    _index,
    lambda g, y, a, place: put_zeros(g, place=place, shape=shape_of(a)),
    linear=True,
    tex=lambda a, p: f"{{{a[0]}}}_{{{place(p['place'])}}}",
    step=_index_step,
    back=back(
        r"\operatorname{put\,back}\left(@\right)",
        f"{MOVED}; the elements that were not picked get 0, one that was picked twice gets both.",
    ),
    viewed=lambda a, place: a[place],
)
# The adjoint of picking: each element goes back to where it came from, elements picked twice are added.
put_zeros: Operation = Operation(
    "put_zeros", _put_zeros, lambda g, y, a, place, shape: index(g, place=place), step="IndexPutBackward0"
)


def _put(a: Array, value: Any, place: Any) -> Array:
    full = np.array(a)
    target = np.shape(full[place])
    if np.ndim(value) > len(target) and np.size(value) == math.prod(target):
        value = np.reshape(value, target)  # PyTorch drops leading dimensions of size 1
    full[place] = value
    return full


def _put_value(g: Any, y: Any, a: Any, value: Any, place: Any) -> Any:
    part = index(g, place=place)
    wanted = shape_of(value)
    if shape_of(part) == wanted:
        return part
    several = len(shape_of(part)) < len(wanted)
    return reshape(part, shape=wanted) if several else sum_to(part, shape=wanted)


# a with value written at a place: what an assignment to a subscript computes.
put: Operation = Operation(
    "put",
    _put,
    lambda g, y, a, value, place: put(g, 0.0, place=place),
    _put_value,
    linear=True,
    step="CopySlices",
    back=back(
        r"\operatorname{pick}\left(@\right)",
        "What was overwritten sends nothing back; what was written gets the adjoint of its place.",
    ),
)


def _gather(a: Array, dim: int, at: Array) -> Array:
    return np.take_along_axis(a, at, dim)


def _scatter_add(g: Array, dim: int, at: Array, shape: Dims) -> Array:
    full = np.zeros(shape, g.dtype)
    places = list(np.ogrid[tuple(slice(n) for n in at.shape)])
    places[dim] = at
    np.add.at(full, tuple(places), g)
    return full


def _first_of_ties(vertex: Vertex) -> Any:
    """Where a maximum (minimum) along a dimension has several places, of which one was picked."""
    if vertex.within not in ("max", "min"):
        return None
    a, dim = np.asarray(given(vertex)[0]), vertex.params["dim"]
    mine = a == np.take_along_axis(a, vertex.params["at"], dim)
    return mine & (mine.sum(axis=dim, keepdims=True) > 1)


gather: Operation = Operation(
    "gather",
    _gather,
    lambda g, y, a, dim, at: scatter_add(g, dim=dim, at=at, shape=shape_of(a)),
    linear=True,
    corner=CornerConvention(
        "meets equal values, where it has no derivative", "1 for the first of them and 0 for the others", _first_of_ties
    ),
    back=back(r"\operatorname{put\,back}\left(@\right)", f"{MOVED}; the others get 0."),
)
scatter_add: Operation = Operation(
    "scatter_add", _scatter_add, lambda g, y, a, dim, at, shape: gather(g, dim=dim, at=at)
)

# Triangles and diagonals ---------------------------------------------------------------------------------------------

tril: Operation = Operation(
    "tril",
    lambda a, k=0: np.tril(a, k),
    lambda g, y, a, k=0: tril(g, k=k),
    back=back(r"\operatorname{tril}\left(@\right)", "What was set to 0 sends nothing back."),
)
triu: Operation = Operation(
    "triu",
    lambda a, k=0: np.triu(a, k),
    lambda g, y, a, k=0: triu(g, k=k),
    back=back(r"\operatorname{triu}\left(@\right)", "What was set to 0 sends nothing back."),
)


def _undiagonal(g: Array, shape: Dims, k: int = 0) -> Array:
    check_size(shape)
    full = np.zeros(shape, g.dtype)
    rows = np.arange(g.shape[-1]) + max(-k, 0)
    full[..., rows, rows + k] = g
    return full


diagonal: Operation = Operation(
    "diagonal",
    lambda a, k=0: np.diagonal(a, k, -2, -1).copy(),
    lambda g, y, a, k=0: undiagonal(g, shape=shape_of(a), k=k),
    linear=True,
    back=back(r"\operatorname{diag}\left(@\right)", f"{MOVED}, on the diagonal; the rest get 0."),
    viewed=lambda a, k=0: np.diagonal(a, k, -2, -1),
)
undiagonal: Operation = Operation("undiagonal", _undiagonal, lambda g, y, a, shape, k=0: diagonal(g, k=k))


def _pad(a: Array, widths: tuple[tuple[int, int], ...], value: float = 0.0) -> Array:
    check_size(n + low + high for n, (low, high) in zip(a.shape, widths, strict=True))
    return np.pad(a, widths, constant_values=value)


def _unpad(g: Any, y: Any, a: Any, widths: tuple[tuple[int, int], ...], value: float = 0.0) -> Any:
    place = tuple(slice(low, low + n) for (low, _), n in zip(widths, shape_of(a), strict=True))
    return index(g, place=place)


pad: Operation = Operation(
    "pad",
    _pad,
    _unpad,
    linear=True,
    back=back(r"\operatorname{cut}\left(@\right)", "What was added at the border is cut off again."),
)
detach: Operation = Operation("detach", lambda a: a, tex=call("detach"), linear=True, code=("{a} * 1",))
clone: Operation = Operation(
    "clone", np.copy, lambda g, y, a: g, tex="@a", local=("1",), linear=True, code=("{a} * 1", "{g}")
)
