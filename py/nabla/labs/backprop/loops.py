"""What goes wrong in training loops of PyTorch, seen in what happened: passes, steps, gradients cleared, shapes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from nabla.answer.document import Document, Note
from nabla.labs.backprop.flow import Flow
from nabla.labs.backprop.run import Outcome

Event = tuple[str, int, Any]


def tell_loop(document: Document, outcome: Outcome, flow: Flow | None) -> list[str]:
    """Add what was found, with its line and its cure; the sentences for the answer."""
    if outcome.dialect != "torch":
        return []
    found = [item for item in (
        _cleared_too_early(outcome.events), _no_step(outcome.events),
        _left_out(outcome), _spread(outcome.events), _sigmoid_twice(flow),
    ) if item is not None]  # fmt: skip
    for item in found:
        document.values.setdefault("findings", []).append(item)
        document.add(Note(f"{item['text']} {item['cure']}", "warning"))
    return [f"{item['text'].rstrip('.')}: {item['cure'][:1].lower()}{item['cure'][1:].rstrip('.')}" for item in found]


def _finding(kind: str, line: int, text: str, cure: str) -> dict[str, Any]:
    return {"kind": kind, "line": line, "text": text, "cure": cure}


def _cleared_too_early(events: list[Event]) -> dict[str, Any] | None:
    """Steps that find no gradient, since it was cleared between the backward pass and them."""
    kinds = [what for what, _, _ in events if what in ("backward", "zero", "step")]
    steps = [(line, detail) for what, line, detail in events if what == "step"]
    if "backward" not in kinds or not steps or any(moved for _, moved in steps):
        return None
    for (what, line, _), (after, _, _) in pairwise(events):
        if what == "zero" and after == "step" and "backward" in kinds[: kinds.index("step")]:
            text = (
                f"Line {line} clears the gradients after the backward pass and before the step, which so moves nothing."
            )
            return _finding("zero-grad-order", line, text, "Clear them before `backward()`.")
    return None


def _no_step(events: list[Event]) -> dict[str, Any] | None:
    """Several passes with an optimiser that never takes a step."""
    made = [line for what, line, _ in events if what == "optimizer"]
    passes = [line for what, line, _ in events if what == "backward"]
    if not made or len(passes) < 2 or any(what == "step" for what, _, _ in events):
        return None
    text = f"The optimizer of line {made[0]} never takes a step: the weights stay as they were."
    return _finding("missing-step", passes[-1], text, f"Call `optimizer.step()` behind line {passes[-1]}.")


def _left_out(outcome: Outcome) -> dict[str, Any] | None:
    """Weights that get a gradient and are in no optimiser, where others are."""
    events = outcome.events
    held = {id(p) for what, _, detail in events if what == "optimizer" for p in detail}
    stepped = any(what == "step" and moved for what, _, moved in events)
    if not held or not stepped or not outcome.passes:
        return None
    reached = {id(vertex.holder) for vertex in outcome.passes[-1].adjoints if vertex.op is None}
    leaves = {name: tensor for name, tensor in outcome.tensors.items() if tensor.requires_grad and tensor.is_leaf}
    names = [name for name, tensor in leaves.items() if id(tensor) in reached and id(tensor) not in held]
    if not names or not any(id(tensor) in held for tensor in leaves.values()):
        return None
    line = next(line for what, line, _ in events if what == "optimizer")
    listed = ", ".join(f"`{name}`" for name in names[:4])
    text = f"No step moves {listed}: in no optimizer, though the backward pass gives a gradient."
    return _finding("not-in-optimizer", line, text, f"Hand {listed} to the optimizer in line {line}.")


def _spread(events: list[Event]) -> dict[str, Any] | None:
    """A column and a tensor of one axis in a loss."""
    for what, line, detail in events:
        if what != "spread":
            continue
        one, other = sorted(detail, key=len)
        if len(one) == 1 and len(other) == 2 and other[1] == 1 and one[0] == other[0] > 1:
            n = one[0]
            text = (
                f"In line {line} the loss gets {n} × 1 and {n}: both spread into {n} × {n}, every output beside every "
                "target, and the best it can reach is their mean."
            )
            return _finding("shape-broadcast", line, text, "Make the target a column too: `y.unsqueeze(1)`.")
    return None


def _sigmoid_twice(flow: Flow | None) -> dict[str, Any] | None:
    """A sigmoid in front of a loss that takes one itself."""
    for vertex in flow.order if flow else ():
        if vertex.op is None or vertex.within != "binary_cross_entropy_with_logits":
            continue
        for parent in vertex.parents:
            if parent.op is not None and parent.op.name == "sigmoid":
                text = f"Line {vertex.line} takes a sigmoid by itself, of what the sigmoid of line {parent.line} gave."
                return _finding("softmax-twice", vertex.line, text, "Hand it the logits, without the sigmoid.")
    return None
