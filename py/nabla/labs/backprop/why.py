"""Why a gradient is None, no number, or more than one pass gives: with the line where it comes about, and its cure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from nabla.answer.document import Document, Note, quoted
from nabla.labs.backprop.flow import Flow, short
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
        nones = chain(_nones(outcome, flow, grads), _read_before(outcome))
        found += [one for _, one in zip(range(MOST), nones, strict=False)]
        found += [] if outcome.raised or is_training(outcome) else list(added_up(outcome))[:1]
        if flow is not None and not outcome.raised and not is_training(outcome):
            found += [*_places(flow)[:1], *(() if document.values.get("findings") else _flat(flow)[:1])]
    found += list(_tracers(outcome))[:1]
    spoilt = [one for each in flows for one in _not_finite(each)[:1]]
    found += list({(one["line"], one["cause"]): one for one in spoilt}.values())[:2]
    for one in found:
        document.add(Note(f"{_sentence(one['text'] + ': ' + one['cause'])} {_sentence(one['cure'])}", "warning"))
    if found:
        document.values["findings"] = [*document.values.get("findings", ()), *found]
    return [f"{one['text']}: {one['cause']}" for one in found]


def _sentence(cure: str) -> str:
    return f"{cure[0].upper()}{cure[1:]}." if cure else ""


def _finding(kind: str, line: int, text: str, cause: str, cure: str) -> dict[str, Any]:
    return {"kind": kind, "line": line, "text": text, "cause": cause, "cure": cure}


# None -----------------------------------------------------------------------------------------------------------------


def _asked(tree: ast.Module) -> list[str]:
    """The tensors whose `.grad` the program prints, as they are written."""
    printed = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "print")
    inside = (part for node in printed for arg in node.args for part in ast.walk(arg))
    return list(dict.fromkeys(ast.unparse(part.value) for part in inside if _is_grad(part)))  # type: ignore[attr-defined]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_grad(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def _nones(outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _asked(outcome.program.tree):
        tensor = outcome.tensors.get(name)
        if tensor is None or isinstance(tensor, Plain) or grads.get(name) is not None or not outcome.passes:
            continue
        text, line = f"`{quoted(name)}.grad` is None", tensor.vertex.line
        if not tensor.requires_grad:
            cause = f"`{quoted(name)}` does not require grad"
            yield _finding("detached", line, text, cause, "create it with `requires_grad=True`, and do not cut it off")
        elif not tensor.is_leaf and not tensor.retains:
            yield _not_kept(name, line)
        elif not tensor.history and not (flow and any(vertex.holder is tensor for vertex in flow.adjoints)):
            cut = next((v for v in flow.order if is_cut(v) and tensor.vertex in ancestors(v)), None) if flow else None
            cause = cut_of(cut) if cut else "the result does not depend on it"
            yield _finding(
                "detached", cut.line if cut else line, text, cause, "" if cut else
                "look for a name that was bound anew, or for a cut on the way",
            )  # fmt: skip


def is_cut(vertex: Vertex) -> bool:
    """Whether a vertex is no longer followed, though what it was made of is."""
    return vertex.op is not None and not vertex.needs and any(parent.needs for parent in vertex.parents)


def cut_of(vertex: Vertex) -> str:
    """In words, how a vertex was cut off from what it was made of."""
    name = f"`{quoted(vertex.name)}`" if vertex.name else "what it computes"
    how = "`detach()` or `.data`" if vertex.op is not None and vertex.op.name == "detach" else "`no_grad()`"
    return f"line {vertex.line} cuts {name} off from what it was made of, by {how}"


def _not_kept(name: str, line: int, read: int = 0) -> dict[str, Any]:
    """A tensor computed in a line, whose gradient is asked for, in the line `read` if that is told."""
    text = f"`{quoted(name)}.grad`{f' in line {read}' if read else ''} is None"
    cause = f"line {line} computes it, so it is not a leaf, and only leaves keep their gradients"
    return _finding("non-leaf", line, text, cause, f"call `{quoted(name)}.retain_grad()` before `backward()`")


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
    for name, tensor in outcome.tensors.items():
        lines = [line for line, _ in tensor.history]
        if isinstance(tensor, Plain) or tensor.grad is None or len(lines) < 2 or len(set(lines[-2:])) > 1:
            continue
        parts = [np.asarray(part) for _, part in tensor.history]
        held = np.asarray(tensor.grad.array)
        # Of many passes only the last are remembered: then there must be more than the last one gave, and no clearing.
        more = len(parts) >= KEPT and not np.allclose(held, parts[-1]) and not clears
        if more or (held.any() and np.allclose(sum(parts), held, rtol=1e-4)):
            text = f"`{quoted(name)}.grad` is the sum over the turns of the loop"
            cause = f"line {lines[-1]} adds to it each time, and nothing clears it"
            yield _finding("missing-zero-grad", lines[-1], text, cause, "call `zero_grad()` before each `backward()`")


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
            yield _finding("no-numbers-yet", entry["line"], text, cause, "print by `jax.debug.print('{x}', x=x)`")


# Places ---------------------------------------------------------------------------------------------------------------


def _places(flow: Flow) -> list[dict[str, Any]]:
    """Elements that are overwritten and so get no gradient, and elements that are picked more than once."""
    found: list[dict[str, Any]] = []
    for vertex in flow.order:
        base = vertex.args[0] if vertex.op is not None and isinstance(vertex.args[0], Vertex) else None
        if base is None or not base.needs or base not in flow.adjoints or not vertex.line:
            continue
        place = vertex.params.get("place")
        if vertex.op.name == "put" and isinstance(place, int):  # type: ignore[union-attr]
            g = np.asarray(flow.adjoints[base])
            if g.ndim and not np.any(g[place]) and np.any(g):
                text = f"element {place} gets the gradient 0"
                cause = f"line {vertex.line} puts another value in its place, so nothing of it reaches the result"
                found.append(_finding("overwritten", vertex.line, text, cause, ""))
        if vertex.op.name == "index" and isinstance(place, np.ndarray) and place.dtype.kind in "iu":  # type: ignore[union-attr]
            at, counts = np.unique(place, return_counts=True)
            if counts.max(initial=0) > 1 and place.size <= PICKED:
                text = f"index {int(at[counts.argmax()])} is picked {int(counts.max())} times in line {vertex.line}"
                cause = "its gradient is the sum of what comes back from each"
                found.append(_finding("picked-several-times", vertex.line, text, cause, ""))
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
        if not np.isfinite(back) or not back or on > TINY * back or not values.size or not vertex.line:
            continue
        if _BENT[name] == "dead-relu":
            if not np.all(values < 0):
                continue
            text = f"`{name}` in line {vertex.line} lets no gradient through"
            cause = f"its argument is negative, {short(values)}, where its slope is 0"
        else:
            text = f"`{name}` in line {vertex.line} lets next to nothing of the gradient through"
            cause = f"it is saturated at {short(values)}, where it hardly changes"
        found.append(_finding(_BENT[name], vertex.line, text, cause, ""))
    return found


# No numbers -----------------------------------------------------------------------------------------------------------


def _not_finite(flow: Flow) -> list[dict[str, Any]]:
    """The step at which numbers stop to be finite: forward, or else of the adjoints."""
    adjoints = flow.adjoints
    if all(np.isfinite(adjoints[v]).all() for v in flow.order if v in adjoints and v.op is None):
        return []
    infinite: Vertex | None = None
    for vertex in flow.order:
        if vertex.op is None or vertex.array.dtype.kind != "f":
            continue
        given = [np.asarray(parent.array) for parent in vertex.parents if parent.array.dtype.kind == "f"]
        if np.isnan(vertex.array).any() and not any(np.isnan(a).any() for a in given):
            spoilt_by_size = infinite is not None and not all(np.isfinite(a).all() for a in given)
            return [_of_value(infinite if spoilt_by_size and infinite else vertex, vertex)]
        if infinite is None and np.isinf(vertex.array).any() and all(np.isfinite(a).all() for a in given):
            infinite = vertex
    if infinite is not None and infinite.op is not None and infinite.op.name in _OVERFLOWS:
        return [_of_overflow(infinite)]
    for vertex in flow.order:
        if vertex.op is None or vertex not in adjoints or not np.isfinite(adjoints[vertex]).all():
            continue
        spoilt = [p for p in vertex.parents if p in adjoints and not np.isfinite(adjoints[p]).all()]
        if spoilt:
            return [_of_step(flow, vertex, spoilt[0])]
    return []


_OVERFLOWS = frozenset("exp exp2 expm1 sinh cosh pow square mul".split())


def _of_overflow(vertex: Vertex) -> dict[str, Any]:
    """A step whose result is more than a float holds."""
    assert vertex.op is not None
    parent = np.asarray(vertex.parents[0].array)
    spoilt = np.broadcast_to(parent, vertex.array.shape)[~np.isfinite(vertex.array)]
    text = f"the value is infinite from line {vertex.line} on"
    cause = f"`{vertex.op.name}` of {spoilt.ravel()[0]:.6g} is more than a {vertex.array.dtype.name} holds"
    cure = "take the largest argument away first, as `logsumexp` and `log_softmax` do" if "exp" in vertex.op.name else (
        "keep its argument smaller"
    )  # fmt: skip
    return _finding("not-finite", vertex.line, text, cause, cure)


def _of_value(origin: Vertex, vertex: Vertex) -> dict[str, Any]:
    """A step whose result is nan, and the one that made it so: itself, or one before it that gave an infinite value."""
    assert origin.op is not None
    text = f"the value is nan from line {vertex.line} on, and so is the gradient"
    parent = origin.parents[0]
    spoilt = ~np.isfinite(origin.array)
    single = len(origin.parents) == 1 and parent.array.shape == origin.array.shape
    of = f" of {np.asarray(parent.array)[spoilt].ravel()[0]:.6g}" if single else ""
    if origin is vertex:
        cause = f"`{origin.op.name}`{of} is no number"
    else:
        cause = f"`{origin.op.name}`{of} in line {origin.line} is infinite, more than a float holds"
    return _finding("not-finite", vertex.line, text, cause, "keep its argument where it has a value")


def _of_step(flow: Flow, vertex: Vertex, parent: Vertex) -> dict[str, Any]:
    assert vertex.op is not None
    g = np.asarray(flow.adjoints[parent])
    word = "nan" if np.isnan(g).any() else "infinite"
    at = np.asarray(parent.array)[~np.isfinite(np.broadcast_to(g, parent.array.shape))].ravel()
    where = f" at {at[0]:.6g}" if at.size else ""
    text = f"the gradient becomes {word} in line {vertex.line}"
    unused = word == "nan" and any(v.op is not None and v.op.name == "where" for v in flow.order)
    slope = f"`{vertex.op.name}` has no finite slope{where}"
    cause = f"{slope}, and 0 times that is nan" if word == "nan" else slope
    cure = "give it another argument where its result is not used, by a `where` around the argument" if unused else (
        "keep its argument away from there"
    )  # fmt: skip
    return _finding("not-finite", vertex.line, text, cause, cure)
