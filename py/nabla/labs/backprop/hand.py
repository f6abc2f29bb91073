"""A backward pass that the program makes by hand: each of its gradients beside that of the tape."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nabla.answer.document import Document, Heading, quoted
from nabla.lab import Inputs
from nabla.labs.backprop.claim import ClaimVerdict, GradientClaim, judge
from nabla.labs.backprop.flow import Flow
from nabla.labs.backprop.run import Outcome
from nabla.labs.backprop.verdict import say, targets_of, values_of
from nabla.tensor.tape import Vertex

# What people call the derivative by W: dW, d_W, grad_W, W_grad, dL_dW, dloss_dW.
_NAMES = (
    r"d_?(?P<of>\w+)",
    r"(?:grad|gradient|g)_(?P<of>\w+)",
    r"(?P<of>\w+)_(?:grad|gradient)",
    r"d\w+?_?d(?P<of>\w+)",
)
MOST = 12


def compare(document: Document, inputs: Inputs, outcome: Outcome, flow: Flow, seed: Any) -> None:
    """Judge what the program itself computes as gradients of its leaves, when it is written without automatic ones."""
    if outcome.dialect != "numpy":
        return
    targets = targets_of(outcome, flow)
    leaves = {name: vertex for name, vertex in targets.items() if vertex.op is None and vertex in flow.adjoints}
    verdicts: dict[str, ClaimVerdict] = {}
    for name, tensor in outcome.tensors.items():
        of = _meant(name, leaves)
        if of and tensor.shape == leaves[of].array.shape and len(verdicts) < MOST:
            claim = GradientClaim(name, "", of, np.asarray(tensor.array, np.float64), 0.0)
            verdicts[name] = judge(claim, flow.root, np.asarray(seed), targets, {}, {})
    if not verdicts:
        return
    document.values["by_hand"] = {name: values_of(verdict) for name, verdict in verdicts.items()}
    document.add(Heading("Your own backward pass", role="claim"))
    for name, verdict in verdicts.items():
        verdict.claim.text = f"{quoted(name)}, as the derivative of {_root(flow)} by {quoted(verdict.name)},"
        say(document, inputs, verdict)


def _root(flow: Flow) -> str:
    return quoted(flow.root.name) if flow.root.name else "the result"


def _meant(name: str, leaves: dict[str, Vertex]) -> str:
    """The leaf whose derivative a name stands for, or nothing."""
    for pattern in _NAMES:
        match = re.fullmatch(pattern, name)
        if match and match["of"] in leaves:
            return match["of"]
    return ""
