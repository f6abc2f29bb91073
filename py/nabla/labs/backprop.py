"""backprop: a program in PyTorch, NumPy, JAX or autograd, with every gradient explained, checked and compared with a
claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nabla.document import Check, Code, Column, Document, Heading, Math, Note, Prose, Source, Table, quoted
from nabla.lab import Field, Inputs, lab
from nabla.labs import backprop_symbols
from nabla.labs.backprop_flow import Flow, flow_of, gradient_tex, short
from nabla.labs.backprop_graph import picture
from nabla.labs.backprop_run import Outcome, root_of, run, value_of
from nabla.labs.backprop_steps import explanation
from nabla.labs.backprop_verdict import tell
from nabla.tensor.arrays import Plain
from nabla.tensor.conventions import VERSION, convention_of
from nabla.tensor.replay import Proof, prove, shadow, wide
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import Tensor, Vertex, fresh
from nabla.write.backprop_code import exports

LISTED = 5_000  # elements of an array that goes into the values
RECOMPUTED = 5_000  # steps of a computation that is checked by computing it again
PROVEN = 8  # leaves whose gradients are checked
EVALUATED = 4_000  # steps times elements of a leaf that are varied
SHOWN = 12  # gradients written out
EXAMPLE = """import torch

x = torch.tensor(2.0)
y = torch.tensor(2.0)
w = torch.tensor(3.0, requires_grad=True)

y_hat = w * x
s = y_hat - y
loss = s ** 2

loss.backward()
print(w.grad)
"""


@lab(
    "backprop",
    title="Backprop",
    summary="Paste PyTorch, NumPy or JAX and see every gradient flow.",
    fields=[
        Field("code", "code", "Program", required=True, placeholder="import torch ...",
              help="PyTorch, NumPy, JAX or autograd. It is read here, in your browser, and never sent anywhere."),
        Field("claim", "text", "Why is mine different?", placeholder="w.grad = 8",
            help="The gradient you expected: w.grad = 8, do/dx = 9/8."),
    ],
    example={"code": EXAMPLE, "claim": "w.grad = 8"},
)  # fmt: skip
def backprop(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    outcome = inputs.read("code", run)
    root = root_of(outcome)
    flow, seed = _flow(outcome, root)
    document.title = f"The gradient of ${flow.loss}$" if flow else "What the program computes"
    grads = _gradients(outcome, flow)
    _fill_values(document, outcome, flow, grads)
    for remark in outcome.program.remarks:
        document.warn("repaired", remark)
    if outcome.unseeded:
        document.warn("unseeded", "The program draws random numbers without a seed; here they are those of seed 0.")
    if outcome.raised:
        _tell_raised(document, outcome)
    if flow:
        _answer(document, outcome, flow, grads)
    if inputs["claim"].strip():
        tell(document, inputs, outcome, flow, seed, grads)
    if outcome.printed:
        text = "\n".join(item["text"] for item in outcome.printed[:100])
        document.add(Code([Source("Output", "text", text)], "What the program prints"))
    _tensors(document, outcome, flow, grads)
    if flow:
        _corners(document, flow)
        with fresh():
            drawn = picture(flow)
            document.add(Heading("How the gradients flow"), drawn.graph, explanation(flow, drawn.shown))
        backprop_symbols.show(document, flow)
        document.add(Heading("Checked"), *_checks(outcome, flow, seed))
        text = ("import torch\n\ntorch.manual_seed(0)\n" if outcome.unseeded else "") + outcome.program.text
        sources = exports(text, outcome.dialect, flow.root, seed, grads, flow.adjoints)
        if sources:
            document.add(Code(sources, "The same, to run yourself"))


def _flow(outcome: Outcome, root: Vertex | None) -> tuple[Flow | None, Any]:
    """The tape that is explained, with its adjoints, and what its root starts with."""
    if root is None:
        return None, None
    last = outcome.passes[-1] if outcome.passes else None
    if last is not None:
        return flow_of(root, last.adjoints), last.seed
    seed = np.ones_like(root.array, dtype=root.array.dtype if root.array.dtype.kind == "f" else np.float64)
    with fresh():
        return flow_of(root, sweep(root, seed)), seed


def _gradients(outcome: Outcome, flow: Flow | None) -> dict[str, Any]:
    """What `.grad` holds, by name; without `.grad` (NumPy, JAX) the adjoints of the leaves."""
    found: dict[str, Any] = {}
    if outcome.dialect == "torch":
        for name, tensor in outcome.tensors.items():
            if not isinstance(tensor, Plain) and tensor.dtype.kind == "f":
                found[name] = None if tensor.grad is None else tensor.grad.array
        return found
    if flow is None:
        return found
    for vertex in flow.order:
        given = vertex.op is None or vertex.op.name == "clone"
        if given and vertex.name and vertex.needs and vertex in flow.adjoints:
            found[vertex.name] = np.asarray(flow.adjoints[vertex])
    return found


def _listed(array: Any) -> Any:
    array = np.asarray(array)
    return array.tolist() if array.size <= LISTED else None


def _fill_values(document: Document, outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> None:
    named = {name: tensor.array for name, tensor in outcome.tensors.items()}
    if flow:
        for vertex in flow.order:
            if vertex.name:
                named.setdefault(vertex.name, vertex.array)
    document.values["dialect"] = outcome.dialect
    document.values["forward"] = {name: _listed(array) for name, array in named.items()}
    document.values["shapes"] = {name: list(array.shape) for name, array in named.items()}
    document.values["grads"] = {name: None if g is None else _listed(g) for name, g in grads.items()}
    document.values["adjoints"] = {
        vertex.name: _listed(flow.adjoints[vertex])
        for vertex in (flow.order if flow else [])
        if vertex.name and vertex.op is not None and vertex in flow.adjoints
    } if flow else {}  # fmt: skip
    document.values["printed"] = [{**item, "value": value_of(item["value"])} for item in outcome.printed]
    raised = outcome.raised
    document.values["raises"] = (
        {"type": raised.kind, "message": raised.message, "line": raised.line} if raised else None
    )


_WHY: dict[str, str] = {
    "second time": "A backward pass frees what it needed. Pass `retain_graph=True` to the first, or compute the "
                   "result again.",
    "modified by an inplace": "A value that the backward pass still needs was overwritten. Compute a new tensor in "
                              "place of changing it.",
    "does not require grad": "Nothing that led to this number was asked to be followed: create the weights with "
                             "`requires_grad=True`, and look "
    "for `detach()`, `no_grad()` or `.item()` on the way.",
    "implicitly created": "Only a single number has one gradient. Take `.sum()` or `.mean()`, or pass the adjoint to "
                          "`backward(...)`.",
    "leaf Variable": "Leaves that are followed may be changed only where nothing is recorded: inside `with "
                     "torch.no_grad():`.",
    "floating point": "Whole numbers have no derivatives: write `2.0`, or give `dtype=torch.float32`.",
    "must match": "The shapes can not be broadcast: from the back, sizes must be equal or 1.",
    "cannot be multiplied": "For a matrix product the columns of the left must be as many as the rows of the right.",
}  # fmt: skip


def _tell_raised(document: Document, outcome: Outcome) -> None:
    raised = outcome.raised
    assert raised is not None
    why = next((text for key, text in _WHY.items() if key in raised.message), "")
    whose = {"torch": "PyTorch", "jax": "JAX"}.get(outcome.dialect, "Python")
    text = f"Line {raised.line} raises, as in {whose}: `{raised.kind}: {quoted(raised.message)}` {why}".strip()
    document.warn("raises", f"The program stops in line {raised.line} with a {raised.kind}.")
    document.add(Note(text, "warning"))


def _answer(document: Document, outcome: Outcome, flow: Flow, grads: Mapping[str, Any]) -> None:
    """The gradients, written out."""
    shown = 0
    for vertex in flow.order:
        if vertex.op is not None or not vertex.needs or vertex not in flow.adjoints or shown >= SHOWN:
            continue
        shown += 1
        g = flow.adjoints[vertex]
        text = f"d {flow.root.name or 'result'} / d {vertex.name or 'v'} = {short(g)}"
        document.add(Math(gradient_tex(flow, vertex, g), text, role="result"))
        held = grads.get(vertex.name)
        passes = len(vertex.holder.history) if vertex.holder is not None else 0
        if outcome.dialect == "torch" and held is not None and passes > 1 and not np.allclose(held, g):
            parts = " + ".join(f"{short(part)} (line {line})" for line, part in vertex.holder.history)  # type: ignore[union-attr]
            document.add(
                Prose(
                    f"`{vertex.name}.grad` holds {short(held)}: the passes are added up, {parts}. `zero_grad()` "
                    f"would start anew."
                )
            )
    if outcome.dialect == "torch" and not outcome.passes:
        document.warn(
            "no-backward",
            "The program never calls backward(), so every .grad is None; the gradients shown are those it would give.",
        )
    if outcome.backwards > 1:
        document.add(
            Prose(
                f"There were {outcome.backwards} backward passes. The picture shows the last one, of line "
                f"{outcome.passes[-1].line}."
            )
        )


def _corners(document: Document, flow: Flow) -> None:
    """What PyTorch takes for the derivative where there is none, and the version that it holds for."""
    told: list[dict[str, Any]] = []
    for vertex in flow.order:
        convention = convention_of(vertex)
        if convention is None or vertex.op is None or vertex.op.name in {item["operation"] for item in told}:
            continue
        name = vertex.within if vertex.op.name == "gather" else vertex.op.name
        told.append({"operation": vertex.op.name, "line": vertex.line, "takes": convention.takes, "torch": VERSION})
        where = f" in line {vertex.line}" if vertex.line else ""
        text = f"`{name}`{where} {convention.what}: PyTorch {VERSION} takes {convention.takes}."
        document.add(Note(text, "info"))
    document.values["conventions"] = told


def _tensors(document: Document, outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> None:
    """A table of the tensors: shape, value, gradient, and why a `.grad` is None."""
    if not outcome.tensors:
        return
    rows: list[list[str | float | None]] = []
    for name, tensor in list(outcome.tensors.items())[:40]:
        g = grads.get(name)
        told = short(g) if g is not None else _why_none(outcome, flow, tensor) if outcome.dialect == "torch" else ""
        shape = " × ".join(map(str, tensor.shape)) or "number"
        rows.append(
            [f"`{quoted(name)}`", shape, tensor.dtype.name, short(tensor.array) if tensor.array.size else "empty", told]
        )
    head = "`.grad`" if outcome.dialect == "torch" else "gradient"
    columns = [Column("tensor"), Column("shape"), Column("type"), Column("value"), Column(head)]
    document.add(Table(columns, rows, "The tensors at the end of the program"))


def _why_none(outcome: Outcome, flow: Flow | None, tensor: Tensor) -> str:
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
    inside = flow is not None and any(vertex.holder is tensor for vertex in flow.order)
    return "None: `autograd.grad` gives it and does not keep it" if inside else "None: the result does not depend on it"


# Proof
# ---------------------------------------------------------------------------------------------------------------------


def _checks(outcome: Outcome, flow: Flow, seed: Any) -> list[Check | Prose]:
    """Each leaf's gradient against central differences and by the order of its Taylor remainder."""
    if len(flow.order) > RECOMPUTED:
        return [
            Check(
                f"the gradients of ${flow.loss}$",
                f"{len(flow.order):,} steps are too many to recompute here",
                "unchecked",
            )
        ]
    with fresh():
        tape = shadow(flow.root)
        exact = tape.adjoints(np.asarray(seed))
        leaves = [v for v in reachable(flow.root) if v.op is None and v in flow.adjoints]
        leaves.sort(key=lambda v: v.order)
        found: list[Check | Prose] = []
        for leaf in leaves[:PROVEN]:
            g = np.asarray(exact.get(tape.copies[leaf], np.zeros_like(wide(leaf.array))))
            most = max(1, min(12, EVALUATED // len(flow.order)))
            proof = prove(tape, tape.copies[leaf], g, np.asarray(seed), most)
            found += _told(flow, leaf, proof)
            found.append(_precision(flow, leaf, g))
        if len(leaves) > PROVEN:
            found.append(Prose(f"The first {PROVEN} of {len(leaves)} leaves were checked."))
    return found


def _told(flow: Flow, leaf: Vertex, proof: Proof) -> list[Check | Prose]:
    claim = f"the gradient of ${flow.loss}$ with respect to ${flow.names[leaf]}$"
    if proof.error is None:
        return [Check(claim, "central differences do not settle: there is a corner or no finite value", "unchecked")]
    verdict: Any = "passed" if proof.error < 1e-6 else "failed"
    method = f"central differences in float64, {proof.elements} element{'s' if proof.elements > 1 else ''}"
    if proof.corner:
        method += ", corners left out"
    found: list[Check | Prose] = [Check(claim, method, verdict, proof.error, 1e-6)]
    if proof.order is not None:
        off = abs(proof.order - 2)
        method = f"the Taylor remainder falls with order {proof.order:.2f}; 2 for the gradient, 1 for anything else"
        # A higher order is no fault: the second derivative vanishes along the direction.
        found.append(
            Check(claim, method, "passed" if proof.order > 1.7 else "failed", 0.0 if proof.order > 2 else off, 0.3)
        )
    return found


def _precision(flow: Flow, leaf: Vertex, exact: Any) -> Check:
    """The adjoint in the program's own precision beside the one in float64."""
    g = np.asarray(flow.adjoints[leaf], np.float64)
    claim = f"${flow.partial(leaf)}$ in {leaf.array.dtype.name}"
    if not np.isfinite(g).all() or not np.isfinite(exact).all():
        return Check(claim, "not finite: nothing to compare", "unchecked")
    # Near a minimum the terms of the gradient cancel, and what float32 leaves of them is relative to their size.
    largest = max(float(np.abs(v.array).max(initial=0.0)) for v in flow.order if v.array.size)
    scale = max(float(np.abs(exact).max(initial=0.0)), 1e-3 * min(largest, 1e6), 1e-12)
    error = float(np.abs(g - exact).max(initial=0.0)) / scale
    bound = 1e-3 if leaf.array.dtype == np.float32 else 1e-9
    return Check(claim, "compared with the same pass in float64", "passed" if error < bound else "failed", error, bound)
