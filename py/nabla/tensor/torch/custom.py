"""`torch.autograd.Function`: steps of the tape whose forward and backward a program brings, and `gradcheck`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from nabla.tensor.entry import ProgramStep
from nabla.tensor.operations.shapes import index, reshape
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import STATE, WATCH, Array, Tensor, Vertex, recording
from nabla.tensor.torch import autograd
from nabla.tensor.torch.tensor import TorchTensor, leaf

_NUMBER = "function {name} returned an incorrect number of gradients (expected {wanted}, got {got})"
_SHAPE = "Function {name} returned an invalid gradient at index {i} - got {got} but expected shape compatible with {to}"


_LEGACY = (
    "Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd function "
    "with static forward method. (Example: https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
)


class Context:
    """`ctx`: what the forward of a Function hands to its backward. A program may set attributes of its own."""

    def __init__(self, name: str, needs: tuple[bool, ...]) -> None:
        self.name, self.needs_input_grad = name, needs
        self.saved: tuple[Any, ...] = ()
        self.versions: tuple[int, ...] = ()
        self.dirty: tuple[Any, ...] = ()
        self.constant: tuple[Any, ...] = ()
        self.materialize = True
        self.own: dict[str, Any] = {}

    def read(self, name: str) -> Any:
        """An attribute as a program reads it.

        Raises:
            AttributeError: it was not set.
        """
        if name in _CONTEXT:
            return _CONTEXT[name](self)
        if name not in self.own:
            raise AttributeError(f"'{self.name}' object has no attribute '{name}'")
        return self.own[name]

    def set(self, name: str, new: Any) -> None:
        """An attribute of the program's own."""
        self.own[name] = new

    def tensors(self) -> tuple[Any, ...]:
        """What was saved.

        Raises:
            RuntimeError: one of them was changed in place since.
        """
        for t, version in zip(self.saved, self.versions, strict=True):
            if isinstance(t, Tensor) and t.version != version:
                raise RuntimeError(autograd.modified(t, version))
        return self.saved

    def save(self, *tensors: Any) -> None:
        """`save_for_backward`."""
        self.saved = tensors

    def mark_dirty(self, *tensors: Any) -> None:
        """Say which arguments the forward changes in place."""
        self.dirty = tensors

    def mark_constant(self, *tensors: Any) -> None:
        """`mark_non_differentiable`."""
        self.constant = tensors

    def set_materialize(self, on: bool) -> None:
        """`set_materialize_grads`."""
        self.materialize = on


_CONTEXT: dict[str, Callable[[Context], Any]] = {
    "save_for_backward": lambda ctx: ctx.save, "saved_tensors": lambda ctx: ctx.tensors(),
    "needs_input_grad": lambda ctx: ctx.needs_input_grad, "mark_dirty": lambda ctx: ctx.mark_dirty,
    "mark_non_differentiable": lambda ctx: ctx.mark_constant, "set_materialize_grads": lambda ctx: ctx.set_materialize,
}  # fmt: skip

NAMES = frozenset(_CONTEXT)


class Function:
    """The base of a program's own steps."""

    def __call__(self, *args: Any) -> Any:
        """What was done before PyTorch 1.5."""
        raise RuntimeError(_LEGACY)

    @staticmethod
    def forward(*args: Any, **named: Any) -> Any:
        """A program's own class brings it."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> Any:
        """Save what the backward needs, where the forward takes no `ctx`."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """A program's own class brings it."""
        raise NotImplementedError("You must implement either the backward or vjp method for your custom "
                                  "autograd.Function to use it with backward mode AD.")  # fmt: skip

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """The result of the forward, as one step of the tape."""
        before = [arg.vertex if isinstance(arg, Tensor) else arg for arg in args]
        needs = tuple(isinstance(arg, Tensor) and arg.requires_grad for arg in args)
        ctx, given = _forward(cls, args, needs)
        several = isinstance(given, tuple)
        results = given if several else (given,)
        carried = [
            r for r in results
            if isinstance(r, Tensor) and r.dtype.kind == "f" and not any(r is c for c in ctx.constant)
        ]  # fmt: skip
        if not any(needs) or not STATE.recording or not carried:
            return given
        step = _Step(cls, ctx, [r.shape for r in carried])
        arrays = [r.array for r in carried]
        joined = arrays[0] if len(arrays) == 1 else np.concatenate([a.ravel() for a in arrays])
        made_by = ProgramStep(cls.__name__, step.forward, step.vjp, lambda i: cls.backward)
        vertex = Vertex(np.array(joined), True, made_by, tuple(before))
        vertex.label, vertex.saves = step.name, "s" if ctx.saved else ""
        step.arrays = [v.array if isinstance(v, Vertex) else v for v in before]
        made = [TorchTensor(vertex)] if len(arrays) == 1 else _parts(vertex, [r.shape for r in carried])
        for part in made:
            part.vertex.label = step.name
        final = dict(zip(map(id, carried), made, strict=True))
        for old, new in zip(carried, made, strict=True):
            if any(old is t for t in ctx.dirty):
                old.vertex = new.vertex
                final[id(old)] = old
        ctx.saved = tuple(final.get(id(t), t) for t in ctx.saved)
        ctx.versions = tuple(t.version if isinstance(t, Tensor) else 0 for t in ctx.saved)
        told = tuple(final.get(id(r), r) for r in results)
        return told if several else told[0]


def _parts(vertex: Vertex, shapes: Sequence[tuple[int, ...]]) -> list[Any]:
    """The results of a step that gives several: its vertex holds their numbers one after the other."""
    whole, at, found = TorchTensor(vertex), 0, []
    for shape in shapes:
        size = int(np.prod(shape))
        part = reshape(index(whole, place=slice(at, at + size)), shape=shape)
        found.append(TorchTensor(part.vertex))
        at += size
    return found


@contextmanager
def _unwatched() -> Any:
    """Nothing inside is a value of the program's tape."""
    before = WATCH.made, WATCH.told
    WATCH.made = WATCH.told = None
    try:
        with recording(False):
            yield
    finally:
        WATCH.made, WATCH.told = before


def _forward(cls: Any, args: Sequence[Any], needs: tuple[bool, ...]) -> tuple[Context, Any]:
    ctx = Context(f"{cls.__name__}Backward", needs)
    with _unwatched():
        if cls.setup_context is Function.setup_context:
            return ctx, cls.forward(ctx, *args)
        given = cls.forward(*args)
        cls.setup_context(ctx, tuple(args), given)
        return ctx, given


class _Step:
    """What the tape needs of one call of a Function: its value on other arrays, and its adjoints."""

    def __init__(self, cls: Any, ctx: Context, shapes: list[tuple[int, ...]]) -> None:
        self.cls, self.ctx, self.shapes = cls, ctx, shapes
        self.name = ctx.name
        self.arrays: list[Any] = []
        self._last: tuple[Any, list[Any]] | None = None

    def _again(self, args: Sequence[Any]) -> tuple[Context, list[Any]]:
        tensors = [leaf(np.array(arg)) if isinstance(arg, np.ndarray) else arg for arg in args]
        ctx, given = _forward(self.cls, tensors, self.ctx.needs_input_grad)
        results = given if isinstance(given, tuple) else (given,)
        ctx.versions = tuple(t.version if isinstance(t, Tensor) else 0 for t in ctx.saved)
        return ctx, [r for r in results if isinstance(r, Tensor)][: len(self.shapes)]

    def forward(self, *args: Any) -> Array:
        """The result on other numbers; several one after the other."""
        results = [r.array for r in self._again(args)[1]]
        return results[0] if len(results) == 1 else np.concatenate([a.ravel() for a in results])

    def vjp(self, g: Any, y: Any, i: int, *args: Any) -> Any:
        """The adjoint of argument `i`: the program's backward is run once for all arguments."""
        if self._last is None or self._last[0] is not g:
            self._last = g, self._backward(g, args)
        given = self._last[1][i]
        if given is None or isinstance(g, Tensor):
            return given
        return given.array if isinstance(given, Tensor) else np.asarray(given)

    def _backward(self, g: Any, args: Sequence[Any]) -> list[Any]:
        tensors = isinstance(g, Tensor)
        arrays = [arg.array if isinstance(arg, Tensor) else arg for arg in args]
        same = all(a is b for a, b in zip(arrays, self.arrays, strict=True))
        ctx = self.ctx if tensors or same else self._again(args)[0]
        whole = g if tensors else TorchTensor(Vertex(g, False))
        before = STATE.passes, STATE.backwards
        with recording(tensors):
            grads = [whole] if len(self.shapes) == 1 else self._split(whole)
            given = self.cls.backward(ctx, *grads)
        STATE.passes, STATE.backwards = before  # what it goes back through by itself is no pass of the program
        listed = list(given) if isinstance(given, (list, tuple)) else [given]
        while len(listed) > len(args) and listed[-1] is None:
            listed.pop()
        if len(listed) != len(args):
            raise RuntimeError(_NUMBER.format(name=self.name, wanted=len(args), got=len(listed)))
        return [self._fitting(i, part, arrays[i]) for i, part in enumerate(listed)]

    def _split(self, whole: Any) -> list[Any]:
        parts, at = [], 0
        for shape in self.shapes:
            size = int(np.prod(shape))
            parts.append(reshape(index(whole, place=slice(at, at + size)), shape=shape))
            at += size
        if not self.ctx.materialize and not all(part.array.any() for part in parts):
            raise NotImplementedError("the gradient of a result that may not be used, where zeros are not materialized")
        return parts

    def _fitting(self, i: int, part: Any, array: Any) -> Any:
        """An adjoint in the shape of its argument: sums over what was broadcast, as PyTorch does."""
        if not isinstance(part, Tensor) or not self.ctx.needs_input_grad[i] or part.shape == np.shape(array):
            return part if self.ctx.needs_input_grad[i] else None
        to, got = list(np.shape(array)), list(part.shape)
        ahead = len(got) - len(to)
        if ahead < 0 or any(n not in (1, m) for n, m in zip(to, got[ahead:], strict=True)):
            raise RuntimeError(_SHAPE.format(name=self.name, i=i, got=got, to=to))
        from nabla.tensor.torch.reductions import total

        dims = tuple(range(ahead)) + tuple(ahead + d for d, n in enumerate(to) if n != got[ahead + d])
        return reshape(total(part, dims), shape=tuple(to))


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """The decorator of a backward that is not differentiated itself."""
    return function


# gradcheck ------------------------------------------------------------------------------------------------------------


class GradcheckError(RuntimeError):
    """The gradient of a function is not the one that differences give."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """`torch.autograd.gradcheck`: the Jacobian by backward passes beside central differences.

    Raises:
        GradcheckError: they differ, and `raise_exception` is on.
        ValueError: no input requires grad.
    """
    args = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    places = [i for i, arg in enumerate(args) if isinstance(arg, Tensor) and arg.requires_grad]
    if not places:
        raise ValueError("gradcheck expects at least one input tensor to require gradient, but none of the them have "
                         "requires_grad=True.")  # fmt: skip
    for n, output in enumerate(_outputs(func, args)):
        for k, i in enumerate(places):
            numeric, exact = _numerical(func, args, i, n, eps), _analytical(output, args[i])
            if not np.allclose(exact, numeric, rtol, atol, equal_nan=True):
                if not raise_exception:
                    return False
                raise GradcheckError(
                    f"Jacobian mismatch for output {n} with respect to input {k},\nnumerical:{leaf(numeric)!r}\n"
                    f"analytical:{leaf(exact)!r}\n"
                )
    return True


def _outputs(func: Callable[..., Any], args: Sequence[Any]) -> list[Any]:
    given = func(*args)
    return [given] if isinstance(given, Tensor) else list(given)


def _numerical(func: Callable[..., Any], args: list[Any], i: int, n: int, eps: float) -> Array:
    rows = []
    for place in range(args[i].array.size):
        ends = []
        for sign in (1, -1):
            moved = np.array(args[i].array)
            moved.flat[place] += sign * eps
            ends.append(_outputs(func, [*args[:i], leaf(moved, True), *args[i + 1 :]])[n].array.ravel())
        rows.append((ends[0] - ends[1]) / (2 * eps))
    return np.array(rows)


def _analytical(output: Any, x: Any) -> Array:
    columns = []
    for place in range(output.array.size):
        seed = np.zeros_like(output.array)
        seed.flat[place] = 1
        g = sweep(output.vertex, seed).get(x.vertex) if output.requires_grad else None
        columns.append(np.zeros(x.array.size) if g is None else np.asarray(g).ravel())
    return np.array(columns).T
