"""What goes wrong in training loops of PyTorch, seen in what happened: passes, steps, gradients cleared, shapes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any

import numpy as np

from nabla.answer.codes import FINDINGS
from nabla.answer.document import Document, Note, Plot, quoted
from nabla.answer.marks import Axis, Line, Mark
from nabla.labs.backprop import declared, functional, rates, units
from nabla.labs.backprop.run import Outcome
from nabla.labs.backprop.units import TrainingNote, note
from nabla.labs.backprop.why import added_up, is_clearing, is_training
from nabla.tensor.arrays import Plain
from nabla.tensor.passes import Pass
from nabla.tensor.replay import ancestors
from nabla.tensor.tape import Vertex

Event = tuple[str, int, Any]
MOST = 4  # that are told
TRAINED = ("torch", "keras")  # dialects with losses and optimisers


def tell_loop(document: Document, outcome: Outcome) -> list[str]:
    """Add what was found, with its line and its cure; the sentences for the answer."""
    found = found_in(outcome)
    if found and rates.ends_of(outcome) is not None and outcome.backwards > 1:
        document.title = f"A training in which {FINDINGS[found[0]['kind']]}: line {found[0]['line']}"
    for item in found:
        document.values.setdefault("findings", []).append(item)
        document.add(Note(f"{item['text']} {item['cure']}", "warning"))
    said = [f"{item['text'].rstrip('.')}: {item['cure'][:1].lower()}{item['cure'][1:].rstrip('.')}" for item in found]
    return [*said, *_course(document, outcome)]


def _course(document: Document, outcome: Outcome) -> list[str]:
    """How the loss goes from pass to pass, as a plot and a sentence."""
    losses = [detail for what, _, detail in outcome.events if what == "backward"]
    steps = any(what in ("zero", "step") for what, _, _ in outcome.events)
    ends = rates.ends_of(outcome)
    if outcome.dialect not in TRAINED or not steps or len(losses) < units.FEW or ends is None:
        return []
    values = np.array(losses, np.float64)
    kept = np.isfinite(values)
    text = f"in {outcome.backwards:,} passes the loss goes from {losses[0]:.4g} to {ends[1]:.4g}"
    marks: list[Mark] = [Line(np.arange(1.0, len(values) + 1)[kept], values[kept], label="loss", color=0)]
    document.add(Plot(marks, f"{text[:1].upper()}{text[1:]}.", Axis("Backward pass"), Axis("Loss"), "The loss"))
    return [text]


def found_in(outcome: Outcome) -> list[TrainingNote]:
    """What is wrong in a training; what a rate does only where nothing else is."""
    if outcome.dialect in functional.DIALECTS:
        moved = [*functional.thrown_away(outcome), *functional.wrong_argument(outcome)]
        known = outcome.raised is None and outcome.backwards >= units.FEW
        return (moved or (list(rates.of_rate(outcome)) if known else []))[:MOST]
    if outcome.dialect not in TRAINED:
        return []
    finders = (_cleared_too_early, _no_backward, _no_step, _renamed, _cut_off, _left_out, _spread, _anew, _modes,
               _sorted, declared.of_declaration, units.of_losses, units.of_units)  # fmt: skip
    found: dict[str, TrainingNote] = {}
    for item in chain.from_iterable(finder(outcome) for finder in finders):
        found.setdefault(item["kind"], item)
    died = any(item.pop("died", False) for item in found.values())
    added = [] if outcome.raised else _added_up(outcome)
    if is_training(outcome):
        found |= {item["kind"]: item for item in added}
    if (not found or died) and not added and outcome.raised is None:
        of_rates = list(rates.of_schedule(outcome)) or list(rates.of_rate(outcome, died))
        found = {item["kind"]: item for item in of_rates} | found
        found = found or {item["kind"]: item for item in rates.of_epochs(outcome)}
    return list(found.values())[:MOST]


def _added_up(outcome: Outcome) -> list[TrainingNote]:
    """Gradients that nothing clears."""
    found = list(added_up(outcome))[:1]
    return [{**one, "text": f"{one['text']}: {one['cause']}.", "cure": f"{one['cure'][:1].upper()}{one['cure'][1:]}."}
            for one in found]  # fmt: skip


def _optimizers(outcome: Outcome) -> list[tuple[int, Any]]:
    return [(line, opt) for what, line, opt in outcome.events if what == "optimizer"]


def _cleared_too_early(outcome: Outcome) -> Iterator[TrainingNote]:
    """Steps that find no gradient, since it was cleared between the backward pass and them."""
    events = outcome.events
    kinds = [what for what, _, _ in events if what in ("backward", "zero", "step")]
    steps = [(line, detail) for what, line, detail in events if what == "step"]
    if "backward" not in kinds or not steps or any(moved for _, moved in steps):
        return
    for (what, line, _), (after, _, _) in pairwise(events):
        if what == "zero" and after == "step" and "backward" in kinds[: kinds.index("step")]:
            text = (
                f"Line {line} clears the gradients after the backward pass and before the step, which so moves nothing."
            )
            yield note("zero-grad-order", line, text, "Clear them before `backward()`.")
            return


def _no_backward(outcome: Outcome) -> Iterator[TrainingNote]:
    """Steps without any gradient."""
    steps = [(line, moved) for what, line, moved in outcome.events if what == "step"]
    if steps and not outcome.backwards and not any(moved for _, moved in steps):
        line = steps[0][0]
        text = f"The step of line {line} finds no gradients: there is no backward pass, and no weight ever changes."
        yield note("missing-backward", line, text, f"Call `loss.backward()` in front of line {line}.")


def _no_step(outcome: Outcome) -> Iterator[TrainingNote]:
    """Several passes, and nothing ever moves."""
    events = outcome.events
    made = _optimizers(outcome)
    passes = [line for what, line, _ in events if what == "backward"]
    if len(passes) < 2 or any(what == "step" for what, _, _ in events):
        return
    if made:
        text = f"The optimizer of line {made[0][0]} never takes a step: the weights stay as they were."
        yield note("missing-step", passes[-1], text, f"Call `optimizer.step()` behind line {passes[-1]}.")
        return
    clears = any(what == "zero" for what, _, _ in events) or any(map(is_clearing, ast.walk(outcome.program.tree)))
    leaves = [{v for v in done.adjoints if v.op is None} for done in (outcome.passes[0], outcome.passes[-1])]
    same = len({tuple(v.op.name for v in done.adjoints if v.op is not None) for done in outcome.passes}) == 1
    if clears and same and len(set(passes)) == 1 and leaves[0] and leaves[0] == leaves[1]:
        text = f"Nothing changes the weights between the passes of line {passes[-1]}: they stay as they were."
        cure = f"Take a step behind line {passes[-1]}: `with torch.no_grad(): w -= rate * w.grad`."
        yield note("missing-step", passes[-1], text, cure)


def _renamed(outcome: Outcome) -> Iterator[TrainingNote]:
    """A weight whose name was given to what was computed from it: the loss is that of the other tensor."""
    for line, optimizer in _optimizers(outcome):
        for p in optimizer.parameters:
            other = outcome.tensors.get(p.vertex.name)
            if other is None or other is p or other.is_leaf or isinstance(other, Plain):
                continue
            name = quoted(p.vertex.name)
            text = (
                f"Line {other.vertex.line} makes `{name}` the name of another tensor: the optimizer of line {line} "
                f"moves the first one, and what is computed from `{name}` later does not see it."
            )
            yield note("rebound", other.vertex.line, text, f"Give the result of line {other.vertex.line} another name.")


def _cut_off(outcome: Outcome) -> Iterator[TrainingNote]:
    """Weights in an optimiser that no pass ever gives a gradient, where it gives others one."""
    made = _optimizers(outcome)
    leaves = [t for t in outcome.tensors.values() if t.is_leaf and not isinstance(t, Plain)]
    held = [p for p in ([p for _, opt in made for p in opt.parameters] if made else leaves) if p.requires_grad]
    never = [p for p in held if not p.history and p.grad is None]
    trains = bool(made) or outcome.backwards > 1 or (outcome.raised is not None and bool(outcome.passes))
    if not outcome.passes or not trains or not never or (len(never) == len(held) and not made):
        return
    root = outcome.passes[-1].root
    if len(never) == len(held):
        yield from _new_leaf(outcome.passes[-1])
        return
    order = ancestors(root)
    listed = _listed(outcome, never)
    cuts = [v for v in order if v.op is not None and not v.needs and any(p.needs for p in v.parents)]
    hidden = {p.vertex for p in never}
    for cut in reversed(cuts):
        if hidden & set(ancestors(cut)):
            how = "`detach()` or `.data`" if named_detach(cut) else "computing it under `no_grad()`"
            text = f"Line {cut.line} cuts the graph, by {how}: {listed} gets no gradient, and no step moves it."
            yield note("detached", cut.line, text, "Leave that away where weights in front of it are to learn.")
            return
    if not hidden & set(order):
        line = never[0].vertex.line
        text = f"The loss does not depend on {listed}, which gets no gradient: no step moves it."
        yield note("detached", line, text, "Use it in `forward`, or leave it away.")


def _new_leaf(done: Pass) -> Iterator[TrainingNote]:
    """A tensor made of a number, in place of what was computed."""
    for leaf in done.adjoints:
        if leaf.op is None and leaf.needs and leaf.holder is not None and len(leaf.holder.history) < 2:
            text = (
                f"Line {leaf.line} makes a new tensor: nothing leads from it back to the weights, and no step moves "
                "them."
            )
            yield note(
                "detached", leaf.line, text, "Call `backward()` on what was computed, without `item()` or `tensor()`."
            )
            return


def named_detach(vertex: Vertex) -> bool:
    """Whether a vertex is a detached one."""
    return vertex.op is not None and vertex.op.name == "detach"


def _listed(outcome: Outcome, tensors: list[Any]) -> str:
    """Tensors by their names, or by the lines that make them."""
    by_id = {id(tensor): name for name, tensor in outcome.tensors.items()}
    names = [f"`{by_id[id(t)]}`" if id(t) in by_id else f"what line {t.vertex.line} makes" for t in tensors]
    several = list(dict.fromkeys(names))
    return ", ".join(several[:3]) + (f" and {len(several) - 3} more" if len(several) > 3 else "")


def _left_out(outcome: Outcome) -> Iterator[TrainingNote]:
    """Weights that get a gradient and are in no optimiser, where others are."""
    made = _optimizers(outcome)
    held = {id(p) for _, opt in made for p in opt.parameters}
    stepped = any(what == "step" and moved for what, _, moved in outcome.events)
    if not held or not outcome.passes:
        return
    reached = [v.holder for v in outcome.passes[-1].adjoints if v.op is None and v.holder is not None]
    if not stepped and any(id(tensor) in held for tensor in reached):
        return
    missed = [tensor for tensor in reached if tensor.requires_grad and id(tensor) not in held]
    if not missed:
        return
    listed = _listed(outcome, missed)
    line = made[0][0]
    text = f"No step moves {listed}: in no optimizer, though the backward pass gives a gradient."
    yield note("not-in-optimizer", line, text, f"Hand {listed} to the optimizer in line {line}.")


def _spread(outcome: Outcome) -> Iterator[TrainingNote]:
    """A column and a tensor of one axis in a loss."""
    for what, line, detail in outcome.events:
        if what != "spread":
            continue
        one, other = sorted(detail, key=len)
        if len(one) == 1 and len(other) == 2 and other[1] == 1 and one[0] == other[0] > 1:
            n = one[0]
            text = (
                f"In line {line} the loss gets {n} × 1 and {n}: both spread into {n} × {n}, every output beside every "
                "target, and the best it can reach is their mean."
            )
            yield note("shape-broadcast", line, text, "Make the target a column too: `y.unsqueeze(1)`.")
            return


def _anew(outcome: Outcome) -> Iterator[TrainingNote]:
    """An optimiser that is made again for the same weights, and so forgets what it remembers of them."""
    lines: dict[tuple[int, ...], list[Any]] = {}
    for line, opt in _optimizers(outcome):
        lines.setdefault((line, *map(id, opt.parameters)), []).append(opt)
    turns = "".join({"optimizer": "o", "step": "s"}.get(what, "") for what, _, _ in outcome.events)
    if turns.startswith("osososos") and "ss" not in turns and len({line for line, *_ in lines}) == 1 < len(lines):
        made_in = outcome.passes[-1].adjoints if outcome.passes else {}
        line = min((leaf.line for leaf in made_in if leaf.op is None and leaf.needs), default=next(iter(lines))[0])
        text = f"Line {line} makes the weights anew in each turn: after every step training begins again."
        yield note("state-overwritten", line, text, "Make the model and its optimizer once, in front of the loop.")
    for (line, *_), made in lines.items():
        remembers = any(len(memory) > 1 for opt in made for memory in opt.memory.values())
        if len(made) > 2 and remembers:
            text = (
                f"Line {line} makes the optimizer anew in each turn: its memory of earlier gradients is lost each time."
            )
            yield note("state-overwritten", line, text, "Make it once, in front of the loop.")
            return


def _modes(outcome: Outcome) -> Iterator[TrainingNote]:
    """Layers that differ in training and in evaluation, in the wrong of the two."""
    if not outcome.passes:
        return
    reached = {id(v.holder) for v in outcome.passes[-1].adjoints if v.op is None}
    last = max((i for i, (what, _, _) in enumerate(outcome.events) if what == "step"), default=0)
    switched: dict[int, tuple[int, Any, bool]] = {}
    for what, line, detail in outcome.events[:last]:
        if what == "mode":
            layer, on = detail
            switched[id(layer)] = (line, layer, on)
    for line, layer, on in switched.values():
        if not on and _varies(layer) and any(id(p) in reached for p in layer.parameters()):
            text = (
                f"Line {line} switches to evaluation, and the training goes on in it: dropout does nothing, and batch "
                "norms neither look at the batch nor learn its mean."
            )
            yield note("eval-mode", line, text, "Call `model.train()` in front of the training.")
            break
    for what, line, kind in outcome.events:
        if what == "varying":
            effect = "drops units at random" if "Drop" in kind else "normalises by the batch that it is given"
            text = f"In line {line} the model is evaluated in training mode: its `{kind}` {effect}."
            yield note("train-mode", line, text, "Call `model.eval()` before, and `model.train()` behind it.")
            return


def _varies(layer: Any) -> bool:
    return bool(layer.varies) or any(_varies(part) for part in layer.parts.values() if hasattr(part, "parts"))


def _sorted(outcome: Outcome) -> Iterator[TrainingNote]:
    """Batches in the order of the data, each of one class."""
    unshuffled = [line for what, line, shuffles in outcome.events if what == "loader" and not shuffles]
    if not unshuffled or len(outcome.passes) < 2:
        return
    classes = []
    for done in outcome.passes:
        picked = [v.params["at"] for v in ancestors(done.root) if units.named(v) == "gather" and v.within]
        classes += [set(at.ravel().tolist()) for at in picked if at.size >= 4]
    if len(classes) > 1 and all(len(found) == 1 for found in classes) and len(set().union(*classes)) > 1:
        text = f"The loader of line {unshuffled[0]} gives batches of one class each, since the data are sorted."
        yield note("not-shuffled", unshuffled[0], text, "Make it with `shuffle=True`.")
