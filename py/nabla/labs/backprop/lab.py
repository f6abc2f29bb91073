"""backprop: a program in PyTorch, NumPy, JAX or autograd, with every gradient explained, checked and compared with a
claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nabla.answer.document import Code, Column, Document, Heading, Math, Note, Prose, Source, Table, quoted
from nabla.lab import Field, Inputs, lab
from nabla.labs.backprop import classes, compared, cured, functions, prints, proof, scales
from nabla.labs.backprop import own as own_backward
from nabla.labs.backprop import symbols as backprop_symbols
from nabla.labs.backprop.checks import checks
from nabla.labs.backprop.flow import Flow, flow_of, gradient_tex, short, spread
from nabla.labs.backprop.graph import picture
from nabla.labs.backprop.hand import compare, told, upstream
from nabla.labs.backprop.loops import tell_loop
from nabla.labs.backprop.programs import Shown, exports
from nabla.labs.backprop.raised import tell_raised
from nabla.labs.backprop.run import Outcome, root_of, run, value_of
from nabla.labs.backprop.sentence import conclude, is_sum
from nabla.labs.backprop.steps import explanation
from nabla.labs.backprop.verdict import tell
from nabla.labs.backprop.why import tell as tell_why
from nabla.labs.backprop.why import why_none
from nabla.tensor.arrays import Plain
from nabla.tensor.operation import convention_of, is_own
from nabla.tensor.operations.elementwise import floor_divide
from nabla.tensor.sweep import reachable, sweep
from nabla.tensor.tape import Vertex, new_run
from nabla.tensor.versions import LIBRARIES

LISTED = 5_000  # elements of an array that goes into the values
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
        Field("other", "code", "Compared with", advanced=True, placeholder="import torch ...",
              help="Another program, before a change or by hand: where the two part is told."),
    ],
    example={"code": EXAMPLE, "claim": "w.grad = 8"},
    proof=proof.programs,
)  # fmt: skip
def backprop(inputs: Inputs, document: Document) -> None:
    """Answer `inputs` into `document`."""
    outcome = inputs.read("code", run)
    root = root_of(outcome)
    back = upstream(outcome)
    flow, seed = _flow(outcome, root) if back is None else _flow_back(*back)
    document.title = f"The gradient of ${flow.loss}$" if flow else "What the program computes"
    grads = _gradients(outcome, flow)
    _fill_values(document, outcome, flow, grads)
    for remark in (*outcome.program.remarks, *outcome.notes):
        document.warn("repaired", remark)
    if outcome.unseeded and outcome.dialect != "keras":
        document.warn("unseeded", "The program draws random numbers without a seed; here they are those of seed 0.")
    if outcome.dialect == "keras":
        text = "Keras draws other starting weights, and other orders of the samples: its numbers differ from these."
        document.warn("unseeded", text)
    if outcome.raised:
        tell_raised(document, outcome)
    for vertex in outcome.passes[-1].changed[:1] if outcome.passes else ():
        document.warn(
            "changed-unnoticed",
            f"Line {vertex.overwritten} changes numbers that the backward pass still needs, through `.data` or NumPy: "
            f"PyTorch does not notice, and gives numbers that are not the gradient.",
        )
    if flow:
        _answer(document, outcome, flow, grads)
    made = own_backward.tell(document, flow, outcome.program.tree) if flow else []
    own = [*made, *tell_loop(document, outcome), *classes.tell(document, inputs, outcome)]
    asked = inputs["claim"].strip() and (flow is not None or not own)
    twice = any(found["kind"] == "softmax-twice" for found in document.values.get("findings", ()))
    changed = cured.cure(outcome, twice)
    by_hand = compare(document, inputs, outcome, flow, seed) if flow else {}
    own += told(by_hand, outcome)
    claims = tell(document, inputs, outcome, flow, seed, grads, changed, by_hand) if asked else []
    if changed and (prints_then := cured.show(document, changed)):
        claims = [prints_then, *claims]
    own += functions.tell(document, inputs, outcome)
    if inputs["other"].strip():
        own = [*own, *compared.tell(document, inputs["other"], outcome, flow, grads)]
    all_flows = prints.flows(outcome) or ([flow] if flow else [])
    reasons = tell_why(document, outcome, flow, grads, all_flows)
    said = [*(reasons or _decided(all_flows, outcome.dialect)), *scales.tell(outcome, flow)]
    conclude(document, outcome, flow, grads, own, [*said, *claims])
    if outcome.printed:
        text = "\n".join(item["text"] for item in outcome.printed[:100])
        document.add(Code([Source("Output", "text", text)], "What the program prints"))
    _tensors(document, outcome, flow, grads)
    if flow:
        _corners(document, all_flows, outcome.dialect)
        with new_run():
            drawn = picture(flow)
            document.add(Heading("How the gradients flow", role="steps"), drawn.graph, explanation(flow, drawn.shown))
        done = outcome.passes[-1] if outcome.passes else None
        if done is None or not done.hooked:
            backprop_symbols.show(document, flow)
        proof = checks(flow, seed, lambda: _root_again(outcome), done)
        document.add(Heading("Checked", role="checks"), *proof)
        text = outcome.program.text
        text = ("torch.manual_seed(0)\n" if outcome.unseeded else "") + text
        sources = exports(text, _shown(outcome, grads), flow.root, seed, flow.adjoints)
        if done is not None and done.hooked:
            sources = sources[:1]  # the tape alone does not know what the hooks do
        if sources:
            document.add(Code(sources, "The same, to run yourself"))


def _shown(outcome: Outcome, grads: Mapping[str, Any]) -> Shown | None:
    """What the answer shows of a program of PyTorch that ends well."""
    if outcome.dialect != "torch" or outcome.raised:
        return None
    values = {name: t.array for name, t in outcome.tensors.items() if not isinstance(t, Plain)}
    return Shown(values, grads, outcome.arguments[:100])


def _flow(outcome: Outcome, root: Vertex | None) -> tuple[Flow | None, Any]:
    """The tape that is explained, with its adjoints, and what its root starts with."""
    if root is None:
        return None, None
    last = outcome.passes[-1] if outcome.passes else None
    if last is not None:
        return flow_of(root, last.adjoints), last.seed
    if any(vertex.op is floor_divide for vertex in reachable(root)):
        return None, None  # PyTorch has no derivative of it, and says so
    if outcome.raised is not None and any(is_own(vertex) for vertex in reachable(root)):
        return None, None  # a backward of the program's own may be what raised
    seed = np.ones_like(root.array, dtype=root.array.dtype if root.array.dtype.kind == "f" else np.float64)
    with new_run():
        return flow_of(root, sweep(root, seed)), seed


def _root_again(outcome: Outcome) -> Vertex | None:
    """What is differentiated, of the program run again."""
    again = run(outcome.program.text)
    back = upstream(again)
    return root_of(again) if back is None else back[0]


def _flow_back(root: Vertex, seed: Any) -> tuple[Flow, Any]:
    """The tape behind a result whose adjoint the program gives."""
    with new_run():
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


def _answer(document: Document, outcome: Outcome, flow: Flow, grads: Mapping[str, Any]) -> None:
    """The gradients, written out."""
    leaves = [v for v in flow.order if v.op is None and v.needs and v in flow.adjoints]
    for vertex in ([v for v in leaves if v.name] or leaves)[:SHOWN]:
        g = flow.adjoints[vertex]
        text = f"d {flow.root.name or 'result'} / d {vertex.name or 'v'} = {short(g)}"
        document.add(Math(gradient_tex(flow, vertex, g), text, role="result"))
        held = grads.get(vertex.name)
        history = vertex.holder.history if vertex.holder is not None else []
        if outcome.dialect == "torch" and held is not None and is_sum(history, held):
            parts = " + ".join(f"{short(part)} (line {line})" for line, part in history)
            document.add(
                Prose(
                    f"`{vertex.name}.grad` holds {short(held)}: the passes are added up, {parts}. `zero_grad()` "
                    f"would start anew."
                )
            )
    if outcome.failed is not None and flow.root.array.size > 1:
        document.add(Prose(f"The gradient shown is that of the sum over all elements of ${flow.loss}$."))
    elif outcome.failed is not None:
        document.add(Prose("The gradient shown is the one it would be, had nothing been changed in place."))
    elif outcome.dialect == "torch" and not outcome.passes:
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


def _conventions(flows: Sequence[Flow], dialect: str) -> Iterator[tuple[Vertex, str, str]]:
    """The steps at which the library chose a derivative where there is none, one of each operation and line: where, and
    what it takes there, in the version that it holds for.

    NumPy differentiates nothing: its programs are differentiated as PyTorch does it.
    """
    if dialect == "keras":
        return  # its conventions are those of what it runs on
    _, whose, version = LIBRARIES.get(dialect, LIBRARIES["torch"])
    seen: set[str] = set()
    for vertex in (vertex for flow in flows for vertex in flow.order):
        convention = convention_of(vertex)
        if convention is not None and vertex.op is not None and f"{convention.what} {convention.takes}" not in seen:
            seen.add(f"{convention.what} {convention.takes}")
            name = vertex.within if vertex.op.name == "gather" else vertex.op.name
            name = name[1:] if vertex.label.startswith(("MaxBackward", "MinBackward")) else name
            where = f" in line {vertex.line}" if vertex.line else ""
            yield vertex, f"`{name}`{where} {convention.what}", f"{whose} {version} takes {convention.takes}"


def _decided(flows: Sequence[Flow], dialect: str) -> list[str]:
    """What is said of them in the sentence that answers."""
    return [f"{where}: {takes}" for _, where, takes in _conventions(flows, dialect)][:2]


def _corners(document: Document, flows: Sequence[Flow], dialect: str) -> None:
    """What the library takes for the derivative where there is none."""
    library, _, version = LIBRARIES.get(dialect, LIBRARIES["torch"])
    told: list[dict[str, Any]] = []
    for vertex, where, takes in _conventions(flows, dialect):
        assert vertex.op is not None and vertex.op.corner is not None
        told.append(
            {"operation": vertex.op.name, "line": vertex.line, "takes": vertex.op.corner.takes, library: version}
        )
        document.add(Note(f"{where}: {takes}.", "info"))
    document.values["conventions"] = told


def _tensors(document: Document, outcome: Outcome, flow: Flow | None, grads: Mapping[str, Any]) -> None:
    """A table of the tensors: shape, value, gradient, and why a `.grad` is None."""
    if not outcome.tensors:
        return
    rows: list[list[str | float | None]] = []
    for name, tensor in list(outcome.tensors.items())[:40]:
        g = grads.get(name)
        told = _cell(g) if g is not None else why_none(outcome, flow, tensor) if outcome.dialect == "torch" else ""
        shape = " × ".join(map(str, tensor.shape)) or "number"
        rows.append([f"`{quoted(name)}`", shape, tensor.dtype.name, _cell(tensor.array), told])
    head = "`.grad`" if outcome.dialect == "torch" else "gradient"
    columns = [Column("tensor"), Column("shape"), Column("type"), Column("value"), Column(head)]
    document.add(Table(columns, rows, "The tensors at the end of the program"))


def _cell(array: Any) -> str:
    """A value in a table that has a column for the shape."""
    array = np.asarray(array)
    return spread(array) if array.size > 6 else short(array)
