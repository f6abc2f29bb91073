"""Hooks of PyTorch: what a program runs when an adjoint is complete, and before and after a layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nabla.tensor.operators import OPERATIONS
from nabla.tensor.tape import STATE, Tensor, Vertex

Hook = Callable[..., Any]
_WRAPPED = "BackwardHookFunctionBackward"


class RemovableHandle:
    """What registering a hook gives: it takes the hook away again."""

    def __init__(self, hooks: list[Any], hook: Any) -> None:
        self._hooks, self._hook = hooks, hook
        hooks.append(hook)

    def remove(self) -> None:
        """Take the hook away; a second time changes nothing."""
        self._hooks[:] = [hook for hook in self._hooks if hook is not self._hook]


def _as_tensor(g: Any, like: type[Tensor]) -> Tensor:
    return g if isinstance(g, Tensor) else like(Vertex(g, False))


def register_hook(x: Any, hook: Hook) -> RemovableHandle:
    """`x.register_hook(hook)`: the hook is given the adjoint of x and may return another.

    Raises:
        RuntimeError: x takes no part in differentiation.
    """
    if not x.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if x.vertex.hooks is None:
        x.vertex.hooks = []
    return RemovableHandle(x.vertex.hooks, lambda g: hook(_as_tensor(g, x.result)))


# Hooks of layers ------------------------------------------------------------------------------------------------------


def _hooks_of(layer: Any, kind: str) -> list[Hook]:
    hooks: list[Hook] = vars(layer).setdefault("@hooks", {}).setdefault(kind, [])
    return hooks


def registering(kind: str) -> Callable[..., RemovableHandle]:
    """The method that registers hooks of a kind: "before", "after" or "backward"."""
    return lambda layer, hook: RemovableHandle(_hooks_of(layer, kind), lambda *args: hook(*args))


def called(layer: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """`layer(*args)`: what `forward` gives, between the layer's hooks."""
    hooks = vars(layer).get("@hooks")
    if not hooks:
        return layer.forward(*args, **named)
    for hook in list(hooks.get("before", ())):
        given = hook(layer, args)
        if given is not None:
            args = given if isinstance(given, tuple) else (given,)
    backward = list(hooks.get("backward", ())) if STATE.recording else []
    watch = _Backward(layer, backward) if backward else None
    args = watch.enter(args) if watch else args
    result = layer.forward(*args, **named)
    for hook in list(hooks.get("after", ())):
        given = hook(layer, args, result)
        result = result if given is None else given
    return watch.leave(result) if watch else result


class _Backward:
    """One call of a layer with full backward hooks: they are given the adjoints of its inputs and of its results."""

    def __init__(self, layer: Any, hooks: list[Hook]) -> None:
        self.layer, self.hooks = layer, hooks
        self.inputs: list[Any] = []
        self.results: list[Any] = []
        self.awaited = 0

    def enter(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, those that are differentiated as steps of their own."""
        self.inputs = [None] * len(args)
        self.awaited = sum(isinstance(arg, Tensor) and arg.requires_grad for arg in args)
        return tuple(self._step(arg, self._input, i) for i, arg in enumerate(args))

    def leave(self, result: Any) -> Any:
        """The results, likewise."""
        several = isinstance(result, tuple)
        results = result if several else (result,)
        self.results = [None] * len(results)
        made = tuple(self._step(part, self._result, i) for i, part in enumerate(results))
        return made if several else made[0]

    def _step(self, value: Any, found: Callable[[int, Any], Any], i: int) -> Any:
        if not isinstance(value, Tensor) or not value.requires_grad:
            return value
        made = OPERATIONS["clone"](value)
        made.vertex.label = _WRAPPED
        register_hook(made, lambda g: found(i, g))
        return made

    def _result(self, i: int, g: Any) -> None:
        self.results[i] = g
        if not self.awaited:
            for hook in self.hooks:
                hook(self.layer, tuple(self.inputs), tuple(self.results))

    def _input(self, i: int, g: Any) -> Any:
        self.inputs[i] = g
        if sum(part is not None for part in self.inputs) < self.awaited:
            return None
        for hook in self.hooks:
            given = hook(self.layer, tuple(self.inputs), tuple(self.results))
            if given is None:
                continue
            if self.awaited > 1:
                raise NotImplementedError("a backward hook that replaces the gradients of several inputs")
            self.inputs = list(given) if isinstance(given, tuple) else [given]
        return self.inputs[i]
