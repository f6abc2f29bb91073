"""Where numbers stop to be finite: in a value, or else on the way back."""

from __future__ import annotations

from typing import Any

import numpy as np

from nabla.answer.document import quoted
from nabla.labs.backprop.findings import finding
from nabla.labs.backprop.flow import Flow
from nabla.tensor.tape import Vertex


def not_finite(flow: Flow) -> list[dict[str, Any]]:
    """The step at which numbers stop to be finite: forward, or else of the adjoints."""
    adjoints = flow.adjoints
    spoilt = [v for v in flow.order if v in adjoints and v.op is None and not np.isfinite(adjoints[v]).all()]
    if not spoilt and not np.isnan(flow.root.array).any():
        return []
    infinite: Vertex | None = None
    for vertex in flow.order:
        if vertex.op is None and vertex.needs and not np.isfinite(vertex.array).all():
            word = "nan" if np.isnan(vertex.array).any() else "infinite"
            text = f"`{quoted(vertex.name)}` is {word} where the pass begins" if vertex.name else f"a weight is {word}"
            return [finding("not-finite", flow.root.line, text, "an earlier step made it so", "")]
        if vertex.op is None or vertex.array.dtype.kind != "f":
            continue
        given = [np.asarray(parent.array) for parent in vertex.parents if parent.array.dtype.kind == "f"]
        if np.isnan(vertex.array).any() and not any(np.isnan(a).any() for a in given):
            spoilt_by_size = infinite is not None and not all(np.isfinite(a).all() for a in given)
            return [_of_value(infinite if spoilt_by_size and infinite else vertex, vertex, bool(spoilt))]
        meant = vertex.op.name in ("where", "masked_fill", "put")  # a mask of -inf is
        if infinite is None and not meant and np.isinf(vertex.array).any() and all(np.isfinite(a).all() for a in given):
            infinite = vertex
    if infinite is not None and infinite.op is not None and infinite.op.name in _OVERFLOWS:
        return [_of_overflow(infinite)]
    for vertex in flow.order:
        if vertex.op is None or vertex not in adjoints or not np.isfinite(adjoints[vertex]).all():
            continue
        first = next((p for p in vertex.parents if p in adjoints and not np.isfinite(adjoints[p]).all()), None)
        if first is not None:
            return [_of_step(flow, vertex, first)]
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
    return finding("not-finite", vertex.line, text, cause, cure)


def _of_value(origin: Vertex, vertex: Vertex, gradient: bool) -> dict[str, Any]:
    """A step whose result is nan, and the one that made it so: itself, or one before it that gave an infinite value."""
    assert origin.op is not None
    text = f"the value is nan from line {vertex.line} on" + (", and so is the gradient" if gradient else "")
    parent = origin.parents[0]
    spoilt = ~np.isfinite(origin.array)
    single = len(origin.parents) == 1 and parent.array.shape == origin.array.shape
    of = f" of {np.asarray(parent.array)[spoilt].ravel()[0]:.6g}" if single else ""
    if origin is vertex:
        cause = f"`{origin.op.name}`{of} is no number"
    else:
        size = ", more than a float holds" if origin.op.name in _OVERFLOWS else ""
        cause = f"`{origin.op.name}`{of} in line {origin.line} is infinite{size}"
    return finding("not-finite", vertex.line, text, cause, "keep its argument where it has a value")


def _of_step(flow: Flow, vertex: Vertex, parent: Vertex) -> dict[str, Any]:
    assert vertex.op is not None
    g = np.asarray(flow.adjoints[parent])
    word = "nan" if np.isnan(g).any() else "infinite"
    at = np.asarray(parent.array)[~np.isfinite(np.broadcast_to(g, parent.array.shape))].ravel()
    where = f" at {at[0]:.6g}" if at.size else ""
    text = f"the gradient becomes {word} in line {vertex.line}"
    if word == "infinite" and vertex.op.name in ("mul", "matmul", "square"):
        cause = f"what comes back times its other factor is more than a {parent.array.dtype.name} holds"
        return finding("not-finite", vertex.line, text, cause, "keep the numbers smaller")
    unused = word == "nan" and any(v.op is not None and v.op.name == "where" for v in flow.order)
    slope = f"`{vertex.op.name}` has no finite slope{where}"
    cause = f"{slope}, and 0 times that is nan" if word == "nan" else slope
    cure = "give it another argument where its result is not used, by a `where` around the argument" if unused else (
        "keep its argument away from there"
    )  # fmt: skip
    return finding("not-finite", vertex.line, text, cause, cure)
