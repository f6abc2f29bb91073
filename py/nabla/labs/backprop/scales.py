"""What layers, losses and steps make of a gradient that is right, and not what one expects: the factor of a dropout,
of a mean over a batch, norms that a sum cannot see, decays of weights, Adam's first step.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from nabla.answer.document import quoted
from nabla.labs.backprop.flow import Flow
from nabla.labs.backprop.run import Outcome
from nabla.tensor.tape import KEPT, Vertex
from nabla.tensor.torch.optim import SGD, Adam

LARGE = 1e-4  # gradients beside which Adam's eps is nothing
TINY = 1e-5  # of what comes back, at most, goes on where it counts as nothing
_NORMS = ("batch_norm", "layer_norm", "instance_norm", "group_norm")


def tell(outcome: Outcome, flow: Flow | None) -> list[str]:
    """What is to be said, as parts of the sentence that answers; of long trainings nothing."""
    if flow is None or outcome.dialect != "torch" or outcome.raised is not None or outcome.backwards >= KEPT:
        return []
    return list(dict.fromkeys(chain(_dropped(outcome), _level(flow), _averaged(flow), _stepped(outcome))))


def _dropped(outcome: Outcome) -> Iterator[str]:
    for what, line, p in outcome.events:
        if what == "dropout":
            yield (
                f"the dropout of line {line} multiplies what it keeps by 1/(1 - {p:g}) = {1 / (1 - p):.4g}, and so the "
                f"gradient, and what it drops by 0: the mean stays the same"
            )


def _level(flow: Flow) -> Iterator[str]:
    """Norms whose values are added up, all with one weight: that sum is the same whatever their argument is."""
    for mean in flow.order:
        if mean.op is None or mean.op.name != "mean" or mean.within not in _NORMS:
            continue
        x, dims = mean.args[0], mean.params["dims"]
        result = next((v for v in flow.order if v.order == mean.unit), None)
        if not isinstance(x, Vertex) or result is None or x not in flow.adjoints or result not in flow.adjoints:
            continue
        back, on = np.asarray(flow.adjoints[result]), np.asarray(flow.adjoints[x])
        if back.shape != x.array.shape or not np.any(back) or np.abs(on).max() > TINY * np.abs(back).max():
            continue
        if np.allclose(back, back.mean(axis=dims, keepdims=True), rtol=1e-6):
            name = f"`{quoted(x.name)}`" if x.name else "what stands in front"
            yield (
                f"the values that `{mean.within}` in line {mean.line} makes add up to the same whatever it is given, "
                f"so their sum gives {name} the gradient 0"
            )


def _averaged(flow: Flow) -> Iterator[str]:
    """Cross-entropies over a batch, where the gradient by the logits is what that gives."""
    for vertex in flow.order:
        z = vertex.args[0] if vertex.op is not None and vertex.op.name == "log_softmax" else None
        if not isinstance(z, Vertex) or not z.name or z.array.ndim != 2 or z not in flow.adjoints:
            continue
        n = len(z.array)
        target = np.exp(np.asarray(vertex.array, np.float64)) - n * np.asarray(flow.adjoints[z], np.float64)
        ones = np.isclose(target, 1, atol=1e-4)
        if n > 1 and np.all(ones.sum(axis=1) == 1) and np.allclose(target, ones, atol=1e-4):
            name = quoted(z.name)
            yield f"the gradient by `{name}` is (softmax({name}) - one-hot)/{n}: the loss is the mean over {n} rows"


def _stepped(outcome: Outcome) -> Iterator[str]:
    """The rule of the one optimiser, where it moves weights by more than the rate times the gradient, or by less."""
    made = [(line, opt) for what, line, opt in outcome.events if what == "optimizer"]
    if len(made) != 1 or not outcome.passes or not any(what == "step" and moved for what, _, moved in outcome.events):
        return
    line, opt = made[0]
    how = opt.param_groups[0]
    rate, decay = how["lr"], how.get("weight_decay", 0)
    held = {id(parameter) for parameter in opt.parameters}
    first = [np.asarray(g) for leaf, g in outcome.passes[0].adjoints.items() if id(leaf.holder) in held]
    if len(opt.param_groups) > 1 or not first:
        return
    if decay and isinstance(opt, Adam) and how["decoupled"]:
        yield f"each step first multiplies weights by 1 - {rate:g}·{decay:g}: line {line}'s decay, no part of `.grad`"
    elif decay and isinstance(opt, (SGD, Adam)):
        yield f"the step adds {decay:g} times the weight to its gradient: the decay of line {line}, no part of `.grad`"
    elif isinstance(opt, Adam) and all(np.all(np.abs(g[g != 0]) > LARGE) for g in first):
        yield (
            f"Adam's first step moves each weight that has a gradient by the rate, {rate:g}, however large that is: it "
            f"divides by the root of the mean of the squares, which is the gradient's size there"
        )
