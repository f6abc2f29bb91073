"""The proof of the gradients of a program: differences, Taylor remainders, and the program's own precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.document import Check, Prose
from nabla.labs.backprop.flow import Flow
from nabla.tensor.replay import prove, shadow, wide
from nabla.tensor.sweep import reachable
from nabla.tensor.tape import Vertex, fresh

RECOMPUTED = 5_000  # steps of a computation that is checked by computing it again
PROVEN = 8  # leaves whose gradients are checked
EVALUATED = 4_000  # steps times elements of a leaf that are varied


@dataclass
class _Finding:
    """What one test of one leaf's gradient found; tests of the same `kind` are told together when all passed."""

    kind: str
    leaf: Vertex
    check: Check
    elements: int = 0


def checks(flow: Flow, seed: Any) -> list[Check | Prose]:
    """Each leaf's gradient against central differences, by the order of its Taylor remainder, and in its own type."""
    if len(flow.order) > RECOMPUTED:
        method = f"{len(flow.order):,} steps are too many to recompute here"
        return [Check(f"the gradients of ${flow.loss}$", method, "unchecked")]
    with fresh():
        tape = shadow(flow.root)
        exact = tape.adjoints(np.asarray(seed))
        leaves = [v for v in reachable(flow.root) if v.op is None and v in flow.adjoints]
        leaves.sort(key=lambda v: v.order)
        found: list[_Finding] = []
        for leaf in leaves[:PROVEN]:
            g = np.asarray(exact.get(tape.copies[leaf], np.zeros_like(wide(leaf.array))))
            most = max(1, min(12, EVALUATED // len(flow.order)))
            proof = prove(tape, tape.copies[leaf], g, np.asarray(seed), most)
            found += _told(flow, leaf, proof)
            if leaf.array.dtype == np.float32:
                found.append(_precision(flow, leaf, g))
    told: list[Check | Prose] = [*_together(flow, found)]
    if len(leaves) > PROVEN:
        told.append(Prose(f"The first {PROVEN} of {len(leaves)} leaves were checked."))
    return told


def _together(flow: Flow, found: list[_Finding]) -> list[Check]:
    """The checks, those of one kind as one with the worst figure when all of them passed."""
    told: list[Check] = []
    for kind in dict.fromkeys(item.kind for item in found):
        of_kind = [item for item in found if item.kind == kind]
        checks_of = [item.check for item in of_kind]
        if len(of_kind) == 1 or any(check.verdict != "passed" for check in checks_of):
            told += checks_of
            continue
        worst = max(of_kind, key=lambda item: item.check.figure or 0.0).check
        names = ", ".join(f"${flow.names[item.leaf]}$" for item in of_kind)
        claim = worst.claim.partition(" with respect to ")[0].replace("the gradient of", "the gradients of")
        ending = ", in float32" if kind == "precision" else ""
        elements = sum(item.elements for item in of_kind)
        method = f"central differences in float64, {elements} elements" if elements else worst.method
        told.append(Check(f"{claim} with respect to {names}{ending}", method, "passed", worst.figure, worst.bound))
    return told


def _told(flow: Flow, leaf: Vertex, proof: Any) -> list[_Finding]:
    claim = f"the gradient of ${flow.loss}$ with respect to ${flow.names[leaf]}$"
    if proof.error is None:
        method = "central differences do not settle: there is a corner or no finite value"
        return [_Finding("differences", leaf, Check(claim, method, "unchecked"))]
    verdict: Any = "passed" if proof.error < 1e-6 else "failed"
    method = f"central differences in float64, {proof.elements} element{'s' if proof.elements > 1 else ''}"
    kind = "differences"
    if proof.corner:
        method, kind = method + ", corners left out", "differences beside corners"
    elements = 0 if proof.corner else proof.elements
    found = [_Finding(kind, leaf, Check(claim, method, verdict, proof.error, 1e-6), elements)]
    if proof.order is not None:
        off = abs(proof.order - 2)
        # A higher order is no fault: the second derivative vanishes along the direction.
        order = "at least 2" if proof.order > 2 else f"{proof.order:.1f}"
        method = f"the error of the tangent falls with order {order}: 2 for the gradient, 1 for anything else"
        passed = "passed" if proof.order > 1.7 else "failed"
        figure = 0.0 if proof.order > 2 else off
        found.append(_Finding("remainder", leaf, Check(claim, method, passed, figure, 0.3)))  # type: ignore[arg-type]
    return found


def _precision(flow: Flow, leaf: Vertex, exact: Any) -> _Finding:
    """The adjoint in the program's own precision beside the one in float64."""
    g = np.asarray(flow.adjoints[leaf], np.float64)
    claim = f"the gradient of ${flow.loss}$ with respect to ${flow.names[leaf]}$, in float32"
    if not np.isfinite(g).all() or not np.isfinite(exact).all():
        return _Finding("precision", leaf, Check(claim, "not finite: nothing to compare", "unchecked"))
    # Near a minimum the terms of the gradient cancel, and what float32 leaves of them is relative to their size.
    largest = max(float(np.abs(v.array).max(initial=0.0)) for v in flow.order if v.array.size)
    scale = max(float(np.abs(exact).max(initial=0.0)), 1e-3 * min(largest, 1e6), 1e-12)
    error = float(np.abs(g - exact).max(initial=0.0)) / scale
    verdict: Any = "passed" if error < 1e-3 else "failed"
    return _Finding("precision", leaf, Check(claim, "compared with the same pass in float64", verdict, error, 1e-3))
