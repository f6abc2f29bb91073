"""Programs of methods with a memory: PyTorch's own optimiser, and the rule for JAX, asserting where each ended.

PyTorch's rules are those of its documentation (torch.optim); the settings are those of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import sympy as sp

from nabla.answer.document import Source
from nabla.labs.descend.programs import jax_head, torch_head
from nabla.optimise.first_order import Settings
from nabla.optimise.methods import MethodRun
from nabla.write.printer import Unsupported

CLOSE = 1e-6
_TORCH: dict[str, Callable[[Settings], str]] = {
    "heavy-ball": lambda s: f"SGD([params], lr={s.rate:.10g}, momentum={s.momentum:.10g})",
    "nesterov": lambda s: f"SGD([params], lr={s.rate:.10g}, momentum={s.momentum:.10g}, nesterov=True)",
    "adagrad": lambda s: f"Adagrad([params], lr={s.rate:.10g}, eps={s.epsilon:g})",
    "rmsprop": lambda s: f"RMSprop([params], lr={s.rate:.10g}, alpha=0.9, eps={s.epsilon:g})",
    "adam": lambda s: f"Adam([params], lr={s.rate:.10g}, betas=({s.momentum:.10g}, {s.beta2:g}), eps={s.epsilon:g})",
    "adamw": lambda s: (
        f"AdamW([params], lr={s.rate:.10g}, betas=({s.momentum:.10g}, {s.beta2:g}), eps={s.epsilon:g}, "
        f"weight_decay={s.decay:g})"
    ),
}
_MEAN = ["m = {m} * m + (1 - {m}) * g", "s = {b} * s + (1 - {b}) * g**2",
         "move = m / (1 - {m}**(step + 1)) / (jnp.sqrt(s / (1 - {b}**(step + 1))) + {e})"]  # fmt: skip
# What is kept from step to step, and the lines of a step.
_JAX: dict[str, tuple[str, list[str]]] = {
    "heavy-ball": ("v", ["v = {m} * v + g", "params = params - {r} * v"]),
    "nesterov": ("v", ["v = {m} * v + g", "params = params - {r} * (g + {m} * v)"]),
    "adagrad": ("s", ["s = s + g**2", "params = params - {r} * g / (jnp.sqrt(s) + {e})"]),
    "rmsprop": ("s", ["s = 0.9 * s + 0.1 * g**2", "params = params - {r} * g / (jnp.sqrt(s) + {e})"]),
    "adam": ("m s", [*_MEAN, "params = params - {r} * move"]),
    "adamw": ("m s", [*_MEAN, "params = params - {r} * (move + {d} * params)"]),
}


def optimisers(f: sp.Expr, variables: Sequence[sp.Symbol], runs: Sequence[MethodRun]) -> list[Source]:
    """The programs of each run whose method keeps something from step to step."""
    sources: list[Source] = []
    for run in runs:
        name = run.method.name
        if name not in _TORCH or run.reason != "tolerance":  # one that goes round for ever ends where rounding leads it
            continue
        start, end = ([float(v) for v in x] for x in (run.xs[0], run.x))
        steps = run.iterations + 1
        with suppress(Unsupported):
            sources.append(
                Source(f"PyTorch, {run.method.title}", "python", _torch(f, variables, run, start, end, steps))
            )
        with suppress(Unsupported):
            sources.append(Source(f"JAX, {run.method.title}", "python", _jax(f, variables, run, start, end, steps)))
    return sources


def _torch(
    f: sp.Expr, variables: Sequence[sp.Symbol], run: MethodRun, start: list[float], end: list[float], steps: int
) -> str:
    lines = [
        *torch_head(f, variables, start),
        f"optimizer = torch.optim.{_TORCH[run.method.name](run.settings)}",
        f"for step in range({steps}):",
        "    optimizer.zero_grad()",
        "    loss = f(params)",
        "    loss.backward()",
        f"    if params.grad.abs().max() <= {run.settings.tolerance!r}:",
        "        break",
        "    optimizer.step()",
        "print(step, params.detach().numpy(), f(params).item())",
        f"end = torch.tensor({end!r}, dtype=torch.float64)",
        f"torch.testing.assert_close(params.detach(), end, rtol={CLOSE:g}, atol={CLOSE:g})",
    ]
    return "\n".join(lines) + "\n"


def _jax(
    f: sp.Expr, variables: Sequence[sp.Symbol], run: MethodRun, start: list[float], end: list[float], steps: int
) -> str:
    s, (kept, rule) = run.settings, _JAX[run.method.name]
    numbers = {"r": f"{s.rate:.10g}", "m": f"{s.momentum:.10g}", "b": f"{s.beta2:g}", "e": f"{s.epsilon:g}",
               "d": f"{s.decay:g}"}  # fmt: skip
    lines = [
        *jax_head(f, variables, start),
        *(f"{name} = jnp.zeros({len(start)})" for name in kept.split()),
        f"for step in range({steps}):",
        "    g = gradient(params)",
        f"    if jnp.abs(g).max() <= {s.tolerance!r}:",
        "        break",
        *(f"    {line.format(**numbers)}" for line in rule),
        "print(step, params, f(params))",
        f"assert jnp.allclose(params, jnp.array({end!r}), rtol={CLOSE:g}, atol={CLOSE:g})",
    ]
    return "\n".join(lines) + "\n"
