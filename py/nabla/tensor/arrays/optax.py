"""`optax`: optimisers of JAX as pairs of functions, their usual rules and schedules, as version 0.2.8 has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import numpy as np

from nabla.tensor.arrays import JaxArray, optax_losses
from nabla.tensor.arrays.names import as_tensor
from nabla.tensor.arrays.transforms import leaves_of, tree_map
from nabla.tensor.operators import OPERATIONS

Function = Callable[..., Any]
Rate = Any  # a number, or a function of the count of steps


class OptimizerState(tuple[Any, ...]):
    """What a rule remembers; `fields` are the names of its parts."""

    fields: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={part!r}" for name, part in zip(self.fields, self, strict=True))
        return f"{type(self).__name__}({inner})"


class EmptyState(OptimizerState):
    """Nothing."""


class TraceState(OptimizerState):
    """A running sum of gradients."""

    fields = ("trace",)


class ScaleByAdamState(OptimizerState):
    """The number of steps, and the running means of gradients and of their squares."""

    fields = ("count", "mu", "nu")


class ScaleByRmsState(OptimizerState):
    """The running mean of squares."""

    fields = ("nu",)


class ScaleByRssState(OptimizerState):
    """The sum of squares."""

    fields = ("sum_of_squares",)


class ScaleByScheduleState(OptimizerState):
    """The number of steps."""

    fields = ("count",)


class ScaleByLionState(OptimizerState):
    """The number of steps, and the running mean of gradients."""

    fields = ("count", "mu")


class GradientTransformation:
    """A rule: `init(params)` gives its state, `update(gradients, state, params)` the step and the next state."""

    def __init__(self, init: Function, update: Function) -> None:
        self.init, self.update = init, update

    def __iter__(self) -> Any:
        return iter((self.init, self.update))


READ: dict[type, dict[str, Function]] = {
    GradientTransformation: {"init": lambda rule: rule.init, "update": lambda rule: rule.update},
    **{
        kind: {name: (lambda state, i=i: state[i]) for i, name in enumerate(kind.fields)}
        for kind in (TraceState, ScaleByAdamState, ScaleByRmsState, ScaleByRssState, ScaleByScheduleState,
                     ScaleByLionState)
    },
}  # fmt: skip


def _like(params: Any, value: float = 0.0) -> Any:
    return tree_map(lambda p: JaxArray.of(np.full_like(_floats(p), value), False), params)


def _floats(p: Any) -> Any:
    array = as_tensor(p).array
    return array if array.dtype.kind == "f" else array.astype(np.float32)


def _zero() -> Any:
    return JaxArray.of(np.zeros((), np.int32), False)


def _mean(decay: float, g: Any, before: Any) -> Any:
    return (1 - decay) * g + decay * before


def _unbiased(tree: Any, decay: float, count: Any) -> Any:
    """A running mean without the bias of its beginning at 0."""
    left = 1 - OPERATIONS["pow"](JaxArray.of(np.float32(decay), False), count)
    return tree_map(lambda m: m / left, tree)


# Rules ----------------------------------------------------------------------------------------------------------------


def identity() -> GradientTransformation:
    """`optax.identity`: the gradients as they are."""
    return GradientTransformation(lambda params: EmptyState(), lambda g, state, params=None: (g, state))


def _stateless(update: Function) -> GradientTransformation:
    return GradientTransformation(lambda params: EmptyState(), lambda g, s, params=None: (update(g, params), s))


def chain(*rules: GradientTransformation) -> GradientTransformation:
    """`optax.chain`: one rule after the other."""

    def update(g: Any, state: Any, params: Any = None) -> Any:
        if len(rules) != len(state):
            raise ValueError("The number of updates and states has to be the same in chain! Make sure you have called "
                             "init first!")  # fmt: skip
        found = []
        for rule, before in zip(rules, state, strict=True):
            g, after = rule.update(g, before, params)
            found.append(after)
        return g, tuple(found)

    return GradientTransformation(lambda params: tuple(rule.init(params) for rule in rules), update)


def scale(step_size: Any) -> GradientTransformation:
    """`optax.scale`."""
    return _stateless(lambda g, params: tree_map(lambda x: step_size * x, g))


def scale_by_schedule(step_size_fn: Function) -> GradientTransformation:
    """`optax.scale_by_schedule`: times what a function of the count of steps gives."""

    def update(g: Any, state: Any, params: Any = None) -> Any:
        size = step_size_fn(state[0])
        return tree_map(lambda x: size * x, g), ScaleByScheduleState((state[0] + 1,))

    return GradientTransformation(lambda params: ScaleByScheduleState((_zero(),)), update)


def scale_by_learning_rate(learning_rate: Rate, *, flip_sign: bool = True) -> GradientTransformation:
    """`optax.scale_by_learning_rate`: times minus the rate."""
    sign = -1 if flip_sign else 1
    if callable(learning_rate):
        return scale_by_schedule(lambda count: sign * learning_rate(count))
    return scale(sign * learning_rate)


def trace(decay: float, nesterov: bool = False) -> GradientTransformation:
    """`optax.trace`: momentum."""

    def update(g: Any, state: Any, params: Any = None) -> Any:
        now = tree_map(lambda x, t: x + decay * t, g, state[0])
        return tree_map(lambda x, t: x + decay * t, g, now) if nesterov else now, TraceState((now,))

    return GradientTransformation(lambda params: TraceState((_like(params),)), update)


def scale_by_adam(
    b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, eps_root: float = 0.0
) -> GradientTransformation:
    """`optax.scale_by_adam`: the running mean over the root of the running mean of squares."""

    def update(g: Any, state: Any, params: Any = None) -> Any:
        count, mu, nu = state[0] + 1, state[1], state[2]
        mu = tree_map(lambda x, m: _mean(b1, x, m), g, mu)
        nu = tree_map(lambda x, v: _mean(b2, x * x, v), g, nu)
        first, second = _unbiased(mu, b1, count), _unbiased(nu, b2, count)
        moved = tree_map(lambda m, v: m / (OPERATIONS["sqrt"](v + eps_root) + eps), first, second)
        return moved, ScaleByAdamState((count, mu, nu))

    return GradientTransformation(lambda p: ScaleByAdamState((_zero(), _like(p), _like(p))), update)


def scale_by_rms(
    decay: float = 0.9, eps: float = 1e-8, initial_scale: float = 0.0, eps_in_sqrt: bool = True
) -> GradientTransformation:
    """`optax.scale_by_rms`: over the root of the running mean of squares."""

    def scaled(x: Any, v: Any) -> Any:
        return x * (1 / OPERATIONS["sqrt"](v + eps) if eps_in_sqrt else 1 / (OPERATIONS["sqrt"](v) + eps))

    def update(g: Any, state: Any, params: Any = None) -> Any:
        nu = tree_map(lambda x, v: _mean(decay, x * x, v), g, state[0])
        return tree_map(scaled, g, nu), ScaleByRmsState((nu,))

    return GradientTransformation(lambda params: ScaleByRmsState((_like(params, initial_scale),)), update)


def scale_by_rss(initial_accumulator_value: float = 0.1, eps: float = 1e-7) -> GradientTransformation:
    """`optax.scale_by_rss`: over the root of the sum of squares."""

    def update(g: Any, state: Any, params: Any = None) -> Any:
        total = tree_map(lambda x, t: x * x + t, g, state[0])
        return tree_map(lambda x, t: x / OPERATIONS["sqrt"](t + eps), g, total), ScaleByRssState((total,))

    def init(params: Any) -> Any:
        return ScaleByRssState((_like(params, initial_accumulator_value),))

    return GradientTransformation(init, update)


def scale_by_lion(b1: float = 0.9, b2: float = 0.99) -> GradientTransformation:
    """`optax.scale_by_lion`: the sign of a mean of the gradient and the running one."""

    def update(g: Any, state: Any, params: Any = None) -> Any:
        moved = tree_map(lambda x, m: OPERATIONS["sign"]((1 - b1) * x + b1 * m), g, state[1])
        return moved, ScaleByLionState((state[0] + 1, tree_map(lambda x, m: _mean(b2, x, m), g, state[1])))

    return GradientTransformation(lambda params: ScaleByLionState((_zero(), _like(params))), update)


def add_decayed_weights(weight_decay: float = 0.0) -> GradientTransformation:
    """`optax.add_decayed_weights`.

    Raises:
        ValueError: of the update, where it is given no weights.
    """

    def update(g: Any, params: Any) -> Any:
        if params is None:
            raise ValueError(
                "You are using a transformation that requires the current value of parameters, but you are not passing "
                "`params` when calling `update`."
            )
        return tree_map(lambda x, p: x + weight_decay * p, g, params)

    return _stateless(update)


def global_norm(updates: Any) -> Any:
    """`optax.global_norm`: the root of the sum of squares of all leaves."""
    parts = [as_tensor(x) for x in leaves_of(updates)]
    total = sum((OPERATIONS["sum"](x * x, dims=tuple(range(x.ndim))) for x in parts[1:]),
                OPERATIONS["sum"](parts[0] * parts[0], dims=tuple(range(parts[0].ndim))))  # fmt: skip
    return OPERATIONS["sqrt"](total)


def clip_by_global_norm(max_norm: float) -> GradientTransformation:
    """`optax.clip_by_global_norm`."""

    def update(g: Any, params: Any) -> Any:
        norm = global_norm(g)
        inside = OPERATIONS["lt"](norm, max_norm)
        return tree_map(lambda x: OPERATIONS["where"](inside, x, (x / norm) * max_norm), g)

    return _stateless(update)


def clip(max_delta: float) -> GradientTransformation:
    """`optax.clip`: each element between the bounds."""
    return _stateless(lambda g, params: tree_map(
        lambda x: OPERATIONS["maximum"](OPERATIONS["minimum"](x, max_delta), -max_delta), g))  # fmt: skip


def apply_updates(params: Any, updates: Any) -> Any:
    """`optax.apply_updates`."""
    return tree_map(lambda p, u: as_tensor(p) + u, params, updates)


def sgd(learning_rate: Rate, momentum: float | None = None, nesterov: bool = False) -> GradientTransformation:
    """`optax.sgd`."""
    first = identity() if momentum is None else trace(momentum, nesterov)
    return chain(first, scale_by_learning_rate(learning_rate))


def _with_rate(rule: Function) -> Function:
    """A rule of its own options, and then the rate."""

    def made(learning_rate: Rate, *args: Any, **named: Any) -> GradientTransformation:
        return chain(rule(*args, **named), scale_by_learning_rate(learning_rate))

    return made


def _with_decay(rule: Function, usual: float) -> Function:
    def made(learning_rate: Rate, *args: Any, weight_decay: float = usual, **named: Any) -> GradientTransformation:
        decayed = add_decayed_weights(weight_decay)
        return chain(rule(*args, **named), decayed, scale_by_learning_rate(learning_rate))

    return made


def rmsprop(
    learning_rate: Rate, decay: float = 0.9, eps: float = 1e-8, initial_scale: float = 0.0, eps_in_sqrt: bool = True,
    *, momentum: float | None = None, nesterov: bool = False,
) -> GradientTransformation:  # fmt: skip
    """`optax.rmsprop`."""
    last = identity() if momentum is None else trace(momentum, nesterov)
    first = scale_by_rms(decay, eps, initial_scale, eps_in_sqrt)
    return chain(first, scale_by_learning_rate(learning_rate), last)


# Schedules ------------------------------------------------------------------------------------------------------------


def _number(count: Any) -> float:
    return float(count.array) if hasattr(count, "array") else float(count)


def _schedule(rate: Callable[[float], float]) -> Function:
    return lambda count: JaxArray.of(np.float32(rate(_number(count))), False)


def exponential_decay(
    init_value: float, transition_steps: int, decay_rate: float, transition_begin: int = 0, staircase: bool = False,
    end_value: float | None = None,
) -> Function:  # fmt: skip
    """`optax.exponential_decay`."""

    def rate(count: float) -> float:
        power = max(count - transition_begin, 0) / transition_steps
        value = init_value * decay_rate ** (math.floor(power) if staircase else power)
        bound = max if decay_rate < 1 else min
        return value if end_value is None else bound(value, end_value)

    return _schedule(rate)


def cosine_decay_schedule(init_value: float, decay_steps: int, alpha: float = 0.0, exponent: float = 1.0) -> Function:
    """`optax.cosine_decay_schedule`."""

    def rate(count: float) -> float:
        falling = 0.5 * (1 + math.cos(math.pi * min(count, decay_steps) / decay_steps))
        return init_value * float((1 - alpha) * falling**exponent + alpha)

    return _schedule(rate)


def linear_schedule(
    init_value: float, end_value: float, transition_steps: int, transition_begin: int = 0
) -> Function:  # fmt: skip
    """`optax.linear_schedule`."""

    def rate(count: float) -> float:
        done = min(max(count - transition_begin, 0), transition_steps) / transition_steps
        return init_value + (end_value - init_value) * done

    return _schedule(rate)


def _listed(functions: Iterable[Function]) -> dict[str, Function]:
    return {function.__name__: function for function in functions}


TABLE: dict[str, Any] = {
    **_listed([
        identity, chain, scale, scale_by_schedule, scale_by_learning_rate, trace, scale_by_adam, scale_by_rms,
        scale_by_rss, scale_by_lion, add_decayed_weights, clip_by_global_norm, clip, apply_updates, global_norm, sgd,
        rmsprop, exponential_decay, cosine_decay_schedule, linear_schedule,
    ]),
    **optax_losses.TABLE,
    "adam": _with_rate(scale_by_adam), "adagrad": _with_rate(scale_by_rss),
    "adamw": _with_decay(scale_by_adam, 1e-4), "lion": _with_decay(scale_by_lion, 1e-3),
    "constant_schedule": lambda value: _schedule(lambda count: value),
}  # fmt: skip
