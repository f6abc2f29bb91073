"""Why a gradient is None, 0, or more than one pass gives: with the line where it comes about, and its cure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from nabla.answer.document import Document, Note, quoted
from nabla.labs.backprop.findings import finding
from nabla.labs.backprop.flow import Flow, short
from nabla.labs.backprop.not_finite import not_finite
from nabla.labs.backprop.run import Outcome
from nabla.tensor.arrays import Plain
from nabla.tensor.replay import ancestors
from nabla.tensor.tape import KEPT, Tensor, Vertex

MOST = 3  # reasons of one kind
PICKED = 100  # indices that are looked at


def tell(
    document: Document, outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any], flows: Sequence[Flow]
) -> list[str]:
    """Add what is to be said of gradients that are not what one expects; `flows` are those of all passes.

    Returns:
        The same as parts of the sentence that answers.
    """
    found: list[dict[str, Any]] = []
    if outcome.dialect == "torch":
        nones = chain(_nones(outcome, flow, grads), _read_before(outcome), _not_yet(outcome))
        found += [one for _, one in zip(range(MOST), nones, strict=False)]
        found += [*list(_frozen(outcome))[:1], *list(_clipped_early(outcome))[:1]]
        found += [] if outcome.raised or is_training(outcome) else list(added_up(outcome))[:1]
        if flow is not None and not outcome.raised and not is_training(outcome):
            still = [] if document.values.get("findings") else [*_flat(flow), *_zero_factor(flow)]
            found += [*_places(flow)[:1], *still[:1]]
    found += [*list(_tracers(outcome))[:1], *list(_drawn_again(outcome))[:1]]
    spoilt = [one for each in flows for one in not_finite(each)[:1]]
    found += list({(one["line"], one["cause"]): one for one in spoilt}.values())[:2]
    for one in found:
        document.add(Note(f"{_sentence(one['text'] + ': ' + one['cause'])} {_sentence(one['cure'])}", "warning"))
    if found:
        document.values["findings"] = [*document.values.get("findings", ()), *found]
    return [f"{one['text']}: {one['cause']}" for one in found]


def _sentence(cure: str) -> str:
    return f"{cure[0].upper()}{cure[1:]}." if cure else ""


# None -----------------------------------------------------------------------------------------------------------------


def asked_grads(tree: ast.Module) -> list[str]:
    """The tensors whose `.grad` the program prints, or shows as the console does, as they are written."""
    printed = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "print")
    shown = [arg for node in printed for arg in node.args]
    shown += [node.value for node in tree.body if isinstance(node, ast.Expr) and _is_grad(node.value)]
    inside = (part for arg in shown for part in ast.walk(arg))
    return list(dict.fromkeys(ast.unparse(part.value) for part in inside if _is_grad(part)))  # type: ignore[attr-defined]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_grad(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def _nones(outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in asked_grads(outcome.program.tree):
        tensor = outcome.tensors.get(name)
        if tensor is None or isinstance(tensor, Plain) or grads.get(name) is not None or not outcome.passes:
            continue
        text, line = f"`{quoted(name)}.grad` is None", tensor.vertex.line
        if not tensor.requires_grad:
            cause = f"`{quoted(name)}` does not require grad"
            yield finding("detached", line, text, cause, "create it with `requires_grad=True`, and do not cut it off")
        elif not tensor.is_leaf and not tensor.retains:
            yield _not_kept(name, line)
        elif tensor.retains and not tensor.is_leaf and not tensor.history:
            cause = "`retain_grad()` is called after the pass: what that gave was not kept"
            yield finding("non-leaf", line, text, cause, "call it before `backward()`")
        elif not tensor.history and not (flow and any(vertex.holder is tensor for vertex in flow.adjoints)):
            cut = next((v for v in flow.order if is_cut(v) and tensor.vertex in ancestors(v)), None) if flow else None
            cause = cut_of(cut) if cut else "the result does not depend on it"
            yield finding(
                "detached", cut.line if cut else line, text, cause, "" if cut else
                "look for a name that was bound anew, or for a cut on the way",
            )  # fmt: skip


def is_cut(vertex: Vertex) -> bool:
    """Whether a vertex is no longer followed, though what it was made of is."""
    return vertex.op is not None and not vertex.needs and any(parent.needs for parent in vertex.parents)


def cut_of(vertex: Vertex) -> str:
    """In words, how a vertex was cut off from what it was made of."""
    name = f"`{quoted(vertex.name)}`" if vertex.name else "what it computes"
    if vertex.op is not None and vertex.array.dtype.kind != "f":
        made = f"`{quoted(vertex.name)}`" if vertex.name else "a value"
        return f"line {vertex.line} computes {made} by `{vertex.op.name}`, whose result moves in steps: it has no slope"
    how = "`detach()` or `.data`" if vertex.op is not None and vertex.op.name == "detach" else "`no_grad()`"
    return f"line {vertex.line} cuts {name} off from what it was made of, by {how}"


def _not_kept(name: str, line: int, read: int = 0) -> dict[str, Any]:
    """A tensor computed in a line, whose gradient is asked for, in the line `read` if that is told."""
    text = f"`{quoted(name)}.grad`{f' in line {read}' if read else ''} is None"
    cause = f"line {line} computes it, so it is not a leaf, and only leaves keep their gradients"
    return finding("non-leaf", line, text, cause, f"call `{quoted(name)}.retain_grad()` before `backward()`")


def _read_before(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Gradients that were read where they were not kept, of tensors whose names stand for others in the end."""
    last = {id(tensor) for tensor in outcome.tensors.values()}
    for what, line, tensor in outcome.events:
        if what == "not-kept" and id(tensor) not in last:
            last.add(id(tensor))
            nodes = (node for node in ast.walk(outcome.program.tree) if _is_grad(node) and node.lineno == line)  # type: ignore[attr-defined]
            names = [ast.unparse(node.value) for node in nodes]  # type: ignore[attr-defined]
            if len(names) == 1:
                yield _not_kept(names[0], tensor.vertex.line, line)


def _not_yet(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Gradients that are None where they are printed, and are there in the end."""
    inner = {line for node in outcome.program.tree.body if not isinstance(node, ast.Expr) and hasattr(node, "body")
             for line in range(node.lineno, (node.end_lineno or 0) + 1)}  # fmt: skip
    for entry, values in zip(outcome.printed, outcome.arguments, strict=True):
        line = entry["line"]
        calls = (node for node in ast.walk(outcome.program.tree) if isinstance(node, ast.Call) and node.lineno == line)
        call = next((node for node in calls if _called(node) == "print"), None)
        if call is None or line in inner or len(call.args) != len(values):
            continue
        for arg, value in zip(call.args, values, strict=True):
            tensor = outcome.tensors.get(ast.unparse(arg.value)) if value is None and _is_grad(arg) else None  # type: ignore[attr-defined]
            before = [done for done in outcome.passes if done.line < line]
            if tensor is None or tensor.grad is None or not before or tensor.vertex.line > line:
                continue
            text = f"`{quoted(ast.unparse(arg))}` is None in line {line}"
            cuts = (v for done in before for v in ancestors(done.root) if is_cut(v) and tensor.vertex in ancestors(v))
            cut = next(cuts, None)
            cause = cut_of(cut) if cut else f"the pass of line {before[-1].line} does not lead there"
            yield finding("detached", cut.line if cut else line, text, cause, "")


def why_none(outcome: Outcome, flow: Flow | None, tensor: Tensor) -> str:
    """Why the `.grad` of a tensor is None, for the table."""
    if isinstance(tensor, Plain):
        return "an array of NumPy"
    if not tensor.requires_grad:
        return "None: it does not require grad"
    if not tensor.is_leaf and not tensor.retains:
        return "None: not a leaf; `retain_grad()` would keep it"
    if not outcome.passes:
        return "None: no backward pass yet"
    if tensor.history:
        return "None: it was set to None afterwards, by `zero_grad()` say"
    inside = flow is not None and any(vertex.holder is tensor for vertex in flow.adjoints)
    return "None: `autograd.grad` gives it and does not keep it" if inside else "None: the result does not depend on it"


# Several passes -------------------------------------------------------------------------------------------------------


def is_training(outcome: Outcome) -> bool:
    """Whether there is an optimiser with more passes than are told one by one: its findings are told first."""
    return outcome.backwards >= KEPT and any(what == "optimizer" for what, _, _ in outcome.events)


def added_up(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """A backward pass in a loop whose gradients nothing clears."""
    if any(what == "zero" for what, _, _ in outcome.events):
        return  # passes between two clearings are meant to add up
    clears = any(is_clearing(node) for node in ast.walk(outcome.program.tree))
    loops = [node for node in ast.walk(outcome.program.tree) if isinstance(node, (ast.For, ast.While, ast.FunctionDef))]
    turning = {line for node in loops for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    for name, tensor in outcome.tensors.items():
        lines = [line for line, _ in tensor.history if line in turning]
        if isinstance(tensor, Plain) or tensor.grad is None or len(lines) < 2 or len(set(lines[-2:])) > 1:
            continue
        parts = [np.asarray(part) for _, part in tensor.history]
        held = np.asarray(tensor.grad.array)
        # Of many passes only the last are remembered: then there must be more than the last one gave, and no clearing.
        more = len(parts) >= KEPT and not np.allclose(held, parts[-1]) and not clears
        if more or (held.any() and np.allclose(sum(parts), held, rtol=1e-4)):
            text = f"`{quoted(name)}.grad` is the sum over the turns of the loop"
            cause = f"line {lines[-1]} adds to it each time, and nothing clears it"
            yield finding("missing-zero-grad", lines[-1], text, cause, "call `zero_grad()` before each `backward()`")


def _frozen(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Weights that no longer take part, and that the optimiser moves all the same."""
    named = {id(tensor): name for name, tensor in outcome.tensors.items()}
    for what, line, moved in outcome.events:
        if what == "frozen" and moved in named:
            text = f"`step()` in line {line} moves `{quoted(named[moved])}`, which does not require grad"
            cause = "its `.grad` of an earlier pass is still there, and `step()` passes over those that are None alone"
            cure = "freeze it before the pass, set its `.grad` to None, or leave it out of the optimizer"
            yield finding("frozen-moves", line, text, cause, cure)


def _clipped_early(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """A clipping that finds no gradients, though a pass comes after it."""
    kinds = [what for what, _, _ in outcome.events]
    for i, (what, line, _) in enumerate(outcome.events):
        if what == "clip-none" and "backward" in kinds[i:]:
            text = f"line {line} clips nothing"
            cure = "clip between `backward()` and `step()`"
            yield finding("clip-order", line, text, "no weight has a gradient there", cure)


def is_clearing(node: ast.AST) -> bool:
    """`zero_grad`, `grad.zero_()`, or an assignment to a `.grad`."""
    stored = _is_grad(node) and isinstance(node.ctx, ast.Store)  # type: ignore[attr-defined]
    return stored or (isinstance(node, ast.Attribute) and node.attr in ("zero_grad", "zero_"))


def _tracers(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Prints of what stands for any number while JAX looks at a function."""
    for entry in outcome.printed:
        if outcome.dialect == "jax" and "JitTracer(" in entry["text"]:
            text = f"line {entry['line']} prints what stands for any number of its shape and type"
            cause = "`jit` runs the function once to see what it computes, before it has numbers"
            yield finding("no-numbers-yet", entry["line"], text, cause, "print by `jax.debug.print('{x}', x=x)`")


def _drawn_again(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Two draws of JAX from one key and of one shape, which are the same numbers."""
    seen: dict[Any, int] = {}
    for what, line, detail in outcome.events:
        if what == "drawn" and detail in seen:
            text = f"line {line} draws the random numbers of line {seen[detail]} again"
            text = f"line {line} draws the same random numbers each time" if line == seen[detail] else text
            cure = "take a new key each time: `key, sub = jax.random.split(key)`"
            yield finding("key-again", line, text, "it is given the same key", cure)
        if what == "drawn":
            seen[detail] = line


# Places ---------------------------------------------------------------------------------------------------------------


def _places(flow: Flow) -> list[dict[str, Any]]:
    """Elements that are overwritten and so get no gradient, and elements that are picked more than once."""
    found: list[dict[str, Any]] = []
    for vertex in flow.order:
        base = vertex.args[0] if vertex.op is not None and isinstance(vertex.args[0], Vertex) else None
        if base is None or not base.needs or base not in flow.adjoints or not vertex.line or vertex.within:
            continue
        place = vertex.params.get("place")
        if vertex.op.name == "put" and isinstance(place, int):  # type: ignore[union-attr]
            g = np.asarray(flow.adjoints[base])
            if g.ndim and not np.any(g[place]) and np.any(g):
                text = f"element {place} gets the gradient 0"
                cause = f"line {vertex.line} puts another value in its place, so nothing of it reaches the result"
                found.append(finding("overwritten", vertex.line, text, cause, ""))
        if vertex.op.name == "index" and isinstance(place, np.ndarray) and place.dtype.kind in "iu":  # type: ignore[union-attr]
            at, counts = np.unique(place, return_counts=True)
            if counts.max(initial=0) > 1 and place.size <= PICKED:
                text = f"index {int(at[counts.argmax()])} is picked {int(counts.max())} times in line {vertex.line}"
                cause = "its gradient is the sum of what comes back from each"
                found.append(finding("picked-several-times", vertex.line, text, cause, ""))
    return found


# Activations that are flat where the values lie.
_BENT = {"relu": "dead-relu", "relu6": "dead-relu", "sigmoid": "saturated", "tanh": "saturated", "softmax": "saturated"}
TINY = 1e-6  # of what comes back, at most, goes on through an activation that is called flat


def _flat(flow: Flow) -> list[dict[str, Any]]:
    """Activations that let nothing, or next to nothing, of what comes back through."""
    found: list[dict[str, Any]] = []
    for vertex in flow.order:
        name = vertex.op.name if vertex.op is not None else ""
        parent = vertex.args[0] if name in _BENT else None
        if not isinstance(parent, Vertex) or vertex not in flow.adjoints or parent not in flow.adjoints:
            continue
        back, on = (float(np.max(np.abs(flow.adjoints[v]), initial=0.0)) for v in (vertex, parent))
        values = np.asarray(parent.array)
        if not np.isfinite(back) or not back or on > TINY * back or not vertex.line:
            continue
        if not values.size or not np.isfinite(values).all():
            continue
        if name == "softmax" and _is_level(vertex, np.asarray(flow.adjoints[vertex])):
            text = f"`softmax` in line {vertex.line} lets no gradient through"
            cause = "what comes back is the same for all its elements, and they add up to 1 whatever its argument is"
            found.append(finding("constant-sum", vertex.line, text, cause, ""))
            continue
        if _BENT[name] == "dead-relu":
            if not np.all(values < 0):
                continue
            text = f"`{name}` in line {vertex.line} lets no gradient through"
            cause = f"its argument is negative, {short(values)}, where its slope is 0"
        else:
            text = f"`{name}` in line {vertex.line} lets next to nothing of the gradient through"
            cause = f"it is saturated at {short(values)}, where it hardly changes"
        found.append(finding(_BENT[name], vertex.line, text, cause, ""))
    return found


def _zero_factor(flow: Flow) -> list[dict[str, Any]]:
    """A product at which the adjoint of a factor becomes 0, since the other one is 0 everywhere."""
    for vertex in flow.order:
        factors = vertex.args if vertex.op is not None and vertex.op.name in ("mul", "matmul") else ()
        if vertex not in flow.adjoints or not np.any(flow.adjoints[vertex]) or not vertex.line or vertex.within:
            continue
        for mine, other in (factors, factors[::-1]) if len(factors) == 2 else ():
            both = (
                isinstance(mine, Vertex) and isinstance(other, Vertex) and mine in flow.adjoints and mine is not other
            )
            if both and mine.needs and other.needs and not np.any(other.array) and not np.any(flow.adjoints[mine]):
                name = f"`{quoted(other.name)}`" if other.name else "a factor"
                text = f"no gradient comes through the product in line {vertex.line}"
                return [finding("zero-init", vertex.line, text, f"{name} is 0 everywhere there", "do not begin at 0")]
    return []


def _is_level(vertex: Vertex, g: np.ndarray) -> bool:
    """Whether the adjoint of a softmax is the same along its dimension."""
    dim = vertex.params.get("dim", -1)
    return bool(np.allclose(g, np.take(g, [0], dim), rtol=1e-5)) and g.shape[dim] > 1
