"""A backward pass that the program makes by hand: each of its gradients beside that of the tape."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from nabla.answer.document import Document, Heading, quoted
from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.backprop.claim import ClaimVerdict, GradientClaim, as_formula, judge
from nabla.labs.backprop.flow import Flow, flow_of
from nabla.labs.backprop.run import Outcome, is_named_loss, loss_of, run
from nabla.labs.backprop.verdict import in_short, say, targets_of, values_of
from nabla.program.source import called
from nabla.tensor.arrays import Plain
from nabla.tensor.replay import ancestors
from nabla.tensor.sweep import sweep
from nabla.tensor.tape import Tensor, Vertex, new_run

# What people call the derivative by W: dW, d_W, grad_W, W_grad, dL_dW, dloss_dW.
_NAMES = (
    r"d_?(?P<of>\w+)",
    r"(?:grad|gradient|g)_(?P<of>\w+)",
    r"(?P<of>\w+)_(?:grad|gradient)",
    r"d\w+?_?d(?P<of>\w+)",
)
_WORDS = frozenset("manual hand byhand my mine own analytic analytical numeric numerical expected formula".split())
_GRADIENT = frozenset("grad gradient grads gradients gradient_by_hand my_grad manual_grad analytic_grad".split())
MOST = 12
# What is wrong, by the rule of the mistake that gives it.
_KINDS = {
    "A01": "chain-rule", "A02": "wrong-power", "A04": "derivative-of-output", "A05": "missing-derivative",
    "A06": "missing-term", "A07": "missing-transpose", "A08": "missing-axis", "A19": "missing-transpose",
    "A20": "missing-factor", "A21": "sign",
}  # fmt: skip
# And of some by the mistake itself.
_BY_ID = {
    "activation-of-input": "derivative-at-z", "square-of-slope-dropped": "missing-square",
    "mean-forgotten": "missing-mean", "off-diagonal-ignored": "softmax-diagonal",
}  # fmt: skip


_BACK = frozenset("dout d_out upstream grad_out grad_output grad_outputs dy dY".split())
_OUT = ("out", "y", "Y", "output", "outputs", "y_hat", "yhat")


def upstream(outcome: Outcome) -> tuple[Vertex, Any] | None:
    """A result without a loss, and the adjoint that the program gives for it: `out` and `dout`, that is the loss
    sum(dout * out); None where there is none, or a loss.
    """
    if outcome.dialect != "numpy" or is_named_loss(outcome.tensors):
        return None
    for name, tensor in outcome.tensors.items():
        computed = {of: other for of, other in outcome.tensors.items() if other.vertex.op is not None}
        of = _meant(name, computed) or next((out for out in _OUT if name in _BACK and out in computed), "")
        if of and tensor.vertex.op is None and tensor.shape == computed[of].shape and tensor.vertex.needs:
            return computed[of].vertex, np.asarray(tensor.array, np.float64)
    return None


def compare(document: Document, inputs: Inputs, outcome: Outcome, flow: Flow, seed: Any) -> dict[str, ClaimVerdict]:
    """Judge what the program itself computes as gradients of its leaves, when it is written without automatic ones.

    Returns:
        The verdict on each, by its name; `told` makes parts of a sentence of them.
    """
    if outcome.dialect == "torch":
        followed = _followed(outcome)
        if followed is None:
            return _beside(document, inputs, outcome, flow, seed)
        outcome, flow, seed = followed
    elif outcome.dialect != "numpy":
        return {}
    targets = targets_of(outcome, flow)
    leaves = {name: vertex for name, vertex in targets.items() if vertex.op is None and vertex in flow.adjoints}
    bare = [name for name in outcome.tensors if name.lower() in _GRADIENT and name not in leaves]
    if len(bare) == 1:  # `grad`, without a name, may be that of the one leaf of its shape
        of = _of_shape(outcome.tensors[bare[0]], leaves)
        return _judge_all(
            document, inputs, outcome, flow, seed, lambda name, _: of if name in bare else _meant(name, leaves)
        )
    return _judge_all(document, inputs, outcome, flow, seed, lambda name, _: _meant(name, leaves))


def _judge_all(
    document: Document, inputs: Inputs, outcome: Outcome, flow: Flow, seed: Any, meant: Callable[[str, Any], str]
) -> dict[str, ClaimVerdict]:
    """Judge the tensors of a program that are meant as the gradient of a leaf, which `meant` names, and tell it."""
    targets = targets_of(outcome, flow)
    verdicts: dict[str, ClaimVerdict] = {}
    for name, tensor in outcome.tensors.items():
        of = meant(name, tensor)
        if of and tensor.shape == targets[of].array.shape and len(verdicts) < MOST:
            verdicts[name] = _judged(name, of, tensor, flow, seed, targets)
    if not verdicts:
        return {}
    verdicts = _from_the_first(verdicts, outcome, flow, seed, targets)
    _tell(document, inputs, outcome, verdicts, quoted(flow.root.name) if flow.root.name else "the result")
    return verdicts


def _judged(name: str, of: str, tensor: Tensor, flow: Flow, seed: Any, targets: Mapping[str, Vertex]) -> ClaimVerdict:
    """What a tensor holds, as the derivative by `of`, beside the tape; of its mistakes those that its formula makes."""
    claim = GradientClaim(name, "", of, np.asarray(tensor.array, np.float64), 0.0)
    verdict = judge(claim, flow.root, np.asarray(seed), targets, {}, {})
    if len(verdict.found) < 2 or tensor.vertex.op is None:
        return verdict
    return as_formula(verdict, flow.root, seed, targets[of], tensor.vertex)


def _from_the_first(
    verdicts: dict[str, ClaimVerdict], outcome: Outcome, flow: Flow, seed: Any, targets: Mapping[str, Vertex]
) -> dict[str, ClaimVerdict]:
    """The verdicts, and in front of them the first adjoint on the way by hand that is wrong by a mistake that the
    gradients made of it have too: of these that mistake alone is told.
    """
    inner = {name: vertex for name, vertex in targets.items() if vertex.op is not None and vertex in flow.adjoints}
    for name, tensor in outcome.tensors.items():
        of = _meant(name, inner)
        after = [other for other in verdicts if tensor.vertex in ancestors(outcome.tensors[other].vertex)]
        if name in verdicts or not of or not after or tensor.shape != inner[of].array.shape:
            continue
        if any(verdicts[other].verdict != "wrong" for other in after):
            continue  # what it lacks may come later, as the 1/m of a mean does
        first = _judged(name, of, tensor, flow, seed, targets)
        ids = {variant.name for variant in first.found}
        shared = {other: [variant for variant in verdicts[other].found if variant.name in ids] for other in after}
        if first.verdict == "wrong" and any(shared.values()):
            alike = {other: replace(verdicts[other], found=found) for other, found in shared.items() if found}
            return {name: first, **verdicts, **alike}
    return verdicts


def told(verdicts: Mapping[str, ClaimVerdict], outcome: Outcome) -> list[str]:
    """The verdicts as parts of a sentence, those that are told in the same words as one."""
    alike: dict[str, list[str]] = {}
    for name, verdict in verdicts.items():
        alike.setdefault(in_short(verdict, "").strip(), []).append(name)
    parts = []
    for text, names in sorted(alike.items(), key=lambda item: item[0] == "is right"):
        first, *others = names
        at = outcome.tensors[first].vertex
        if others and text != "is right" and all(at in ancestors(outcome.tensors[other].vertex) for other in others):
            parts.append(f"`{quoted(first)}` in line {_line(outcome, first)}, and with it {_listed(others)}, {text}")
        else:
            parts.append(f"{_listed(names)} {'are' + text[2:] if others and text.startswith('is') else text}")
    return parts


def _beside(document: Document, inputs: Inputs, outcome: Outcome, flow: Flow, seed: Any) -> dict[str, ClaimVerdict]:
    """Judge tensors or arrays that are printed beside a gradient, or named as one: a formula by hand beside PyTorch."""
    targets = targets_of(outcome, flow)
    leaves = {name: vertex for name, vertex in targets.items() if vertex.op is None and vertex in flow.adjoints}
    printed = {
        arg.id for node in ast.walk(outcome.program.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for arg in node.args if isinstance(arg, ast.Name)
    }  # fmt: skip

    inside, handed = set(flow.order), _handed(outcome.program.tree)

    def meant(name: str, tensor: Any) -> str:
        if name in leaves or name in outcome.derived | handed or tensor.vertex in inside or tensor.dtype.kind != "f":
            return ""
        return _meant(name, leaves) or (_of_shape(tensor, leaves) if _says(name, printed) else "")

    return _judge_all(document, inputs, outcome, flow, seed, meant)


def _handed(tree: ast.Module) -> set[str]:
    """The names that backward passes are started with: what weights a gradient, and none that is made by hand."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in ("backward", "grad")]
    given = [part for call in calls for part in (*call.args, *(word.value for word in call.keywords))]
    return {part.id for part in given if isinstance(part, ast.Name)}


def _says(name: str, printed: set[str]) -> bool:
    """Whether a name says that a gradient is meant, or a way to one, and is printed."""
    words = re.split(r"_|\d+", name.lower())
    return "grad" in name.lower() or (name in printed and bool(_WORDS.intersection(words)))


def _of_shape(tensor: Tensor, leaves: Mapping[str, Vertex]) -> str:
    """The one leaf that has a tensor's shape, of more than one number."""
    alike = [name for name, leaf in leaves.items() if leaf.array.shape == tensor.shape and leaf.needs]
    return alike[0] if len(alike) == 1 and tensor.array.size > 1 else ""


def _followed(outcome: Outcome) -> tuple[Outcome, Flow, Any] | None:
    """The arrays of NumPy in a program of PyTorch, followed, with their loss; None where none is a gradient by name."""
    plain = _arrays(outcome)
    if not any(_meant(name, plain) for name in plain):
        return None
    try:
        again = run(outcome.program.text, numpy=True)
    except UserError:
        return None  # NumPy does something there that cannot be followed: nothing is judged
    root = loss_of(_arrays(again))
    if root is None:
        return None
    seed = np.ones_like(root.array)
    again.tensors = _arrays(again)
    with new_run():
        return again, flow_of(root, sweep(root, seed)), seed


def _arrays(outcome: Outcome) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in outcome.tensors.items() if isinstance(tensor, Plain)}


def _tell(
    document: Document, inputs: Inputs, outcome: Outcome, verdicts: Mapping[str, ClaimVerdict], root: str
) -> None:
    document.values["by_hand"] = {name: values_of(verdict) for name, verdict in verdicts.items()}
    wrong = {name: verdict for name, verdict in verdicts.items() if verdict.verdict == "wrong"}
    findings = [
        {"kind": kind_of(verdict), "line": _line(outcome, name), "component": name} for name, verdict in wrong.items()
    ]
    document.values["gradient_check"] = {"verdict": "wrong" if wrong else "right", "findings": findings}
    if wrong:
        document.values["findings"] = [*document.values.get("findings", ()), *findings]
        document.title = f"{_listed(wrong)} {'are' if len(wrong) > 1 else 'is'} not the gradient"
    document.add(Heading("Your own backward pass", role="claim"))
    for name, verdict in verdicts.items():
        verdict.claim.text = f"{quoted(name)}, as the derivative of {root} by {quoted(verdict.name)},"
        say(document, inputs, verdict)


def _line(outcome: Outcome, name: str) -> int:
    """The line that gives a name what it holds in the end, which may be older: dz = da."""
    stored = (node for node in ast.walk(outcome.program.tree) if isinstance(node, ast.Name) and node.id == name)
    lines = [node.lineno for node in stored if isinstance(node.ctx, ast.Store)]
    return max(lines, default=outcome.tensors[name].vertex.line)


def kind_of(verdict: ClaimVerdict) -> str:
    """The kind of a wrong gradient, when all the mistakes that give it are of one."""
    kinds = {_BY_ID.get(variant.id) or _KINDS.get(variant.rule, "unnamed") for variant in verdict.found}
    return kinds.pop() if len(kinds) == 1 else "unnamed"


def _listed(names: Iterable[str]) -> str:
    *first, last = (f"`{quoted(name)}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def _meant(name: str, leaves: Mapping[str, Vertex | Tensor]) -> str:
    """The leaf whose derivative a name stands for, or nothing."""
    for pattern in _NAMES:
        match = re.fullmatch(pattern, name)
        if match and match["of"] in leaves:
            return match["of"]
    return ""
