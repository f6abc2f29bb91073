"""The words, tables and checks of a training: what is wrong with its backward pass, and how it went."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import numpy as np

from nabla.answer.check import Verdict
from nabla.answer.document import Block, Cell, Check, Column, Document, Note, Prose, Table
from nabla.labs.train.analysis import Analysis, nominal
from nabla.labs.train.axes import Chance
from nabla.labs.train.slip_lines import line_of
from nabla.labs.train.training import Moment, Training
from nabla.network.model import classified
from nabla.network.proof import Proof
from nabla.network.wrong import SLIPS, LayerSlip
from nabla.network.wrong import Verdict as NetworkVerdict
from nabla.program.source import Program

BOUND = 1e-8
SAME = 1e-9  # of the outputs
FLAT = 1e-3  # slopes below it carry nothing
# Kinds of findings for slips whose id is another: ids are also choices of an input, and so stay.
KINDS = {"asker": "gradient-for-error", "no-derivative": "missing-derivative"}


@dataclass(frozen=True)
class Told:
    """A finding with its line and its sentence."""

    finding: LayerSlip
    line: int | None
    text: str


def shape_of(found: Analysis) -> str:
    """`3-4-1 network`."""
    layers = found.layers
    return (
        "-".join(map(str, [layers.weights[0].shape[0], *[weight.shape[1] for weight in layers.weights]])) + " network"
    )


def told(found: Analysis) -> list[Told]:
    """The findings with their lines, each slip at a layer once."""
    verdict = found.verdict
    assert verdict is not None
    return [Told(finding, line_of(found, finding), sentence(found, finding)) for finding in verdict.findings]


def sentence(found: Analysis, finding: LayerSlip) -> str:
    """What is wrong, in words."""
    k = max(finding.layer, 1)
    place = found.network.places[k - 1]
    text = SLIPS[finding.slip]
    for name, value in (("{k}", str(k)), ("{after}", str(k + 1)), ("{w}", f"W_{k + 1}")):
        text = text.replace(name, value)
    what = f"the bias `{place.bias}`" if finding.bias else f"`{place.weight}`"
    if finding.slip == "frozen":
        return f"{what} is never updated: what it starts with stays"
    if finding.slip == "missing-axis":
        return f"The step of {what} sums $\\delta_{k}$ over its units as well as over the samples: `axis` is missing"
    if finding.slip in ("sign", "missing-mean", "scale", "unnamed"):
        whose = "" if not finding.layer else f"In the step of {what} "
        words = {
            "sign": "the sign is wrong: it goes up the gradient",
            "missing-mean": "the sum over the samples is not divided by their number",
            "scale": "the length is another than that of the other weights",
            "unnamed": "there is no gradient, and none of the mistakes known here",
        }
        return whose + words[finding.slip] if whose else words[finding.slip].capitalize()
    return f"In $\\delta_{k}$ {text}"


def summary(found: Analysis, findings: list[Told]) -> list[Block]:
    """The verdict in a sentence or two."""
    verdict = found.verdict
    if verdict is None:
        return []
    loss = {"squares": r"$\tfrac12 \sum (y - a)^2$", "cross-entropy": "the cross-entropy"}[verdict.loss]
    if verdict.kind == "right" and verdict.adaptive:
        text = "Its first step has one length in every weight and the signs of the gradient of "
        return [Prose(f"**The backward pass fits.** {text}{loss}, as Adam and its like begin.")]
    if verdict.kind == "right":
        factor = nominal(verdict.factor, found.taken) if found.taken else None
        times = "" if factor is None or abs(factor - 1) < 1e-6 else f" times {factor:.4g}"
        decay = " and a decay of the weights" if verdict.decay else ""
        rate = "" if not found.rate_places else ", times the rate"
        return [Prose(f"**The backward pass is right.** Every step is the gradient of {loss}{times}{decay}{rate}.")]
    if verdict.kind == "scaled":
        text = (
            f"**The direction is right, the length is another.** {findings[0].text}: every step is that many times "
            "longer than the gradient of the loss that the program computes. The rate makes up for it."
        )
        return [Prose(text)]
    blocks: list[Block] = [Prose(f"**The backward pass is wrong.** Its steps are not the gradient of {loss}.")]
    for item in findings:
        where = f"Line {item.line}: " if item.line else ""
        text = item.text[:1].lower() + item.text[1:] if where else item.text
        blocks.append(Note(f"{where}{text}.", "warning"))
    if len(verdict.cosines) and np.isfinite(verdict.whole):
        text = (
            f"At random weights its step has the cosine {verdict.whole:.3f} to the gradient, which would have 1. "
            "A loss that falls all the same is no proof: many directions lead down."
        )
        blocks.append(Prose(text))
    return blocks


def chances(given: list[Chance]) -> list[Note]:
    """Arrays that fit by chance, one note a line."""
    notes: list[Note] = []
    seen: set[int] = set()
    for chance in given:
        if chance.line in seen or chance.node is None or not (chance.equal or chance.repeated):
            continue
        seen.add(chance.line)
        shapes = " and ".join(
            f"{' × '.join(map(str, node.shape)) or 'a number'} ({' × '.join(axes)})"
            for node, axes in zip((chance.left, chance.right), chance.axes, strict=True)
        )
        why = [f"{a} = {b} = {n}" for a, b, n in chance.equal]
        text = f"Line {chance.line} joins {shapes}. "
        if why:
            text += f"That runs only because {' and '.join(why)}. "
        if chance.repeated:
            axes = ", ".join(f"{a} and {b}" for a, b, _ in chance.repeated)
            text += f"Where {axes} meet, one of them has size 1 and is repeated silently."
        notes.append(Note(text.strip(), "warning"))
    return notes


def raised_blocks(found: Analysis, given: list[Chance]) -> list[Block]:
    """What stops the program, with the two shapes and what would fit."""
    raised = found.step.raised
    assert raised is not None
    text = f"Line {raised.line} raises `{raised.kind}: {raised.message.strip()}`"
    blocks: list[Block] = [Note(text, "warning")]
    at = next((chance for chance in given if chance.node is None), None)
    if at is not None:
        parts = [
            f"{' × '.join(map(str, node.shape))}" + (f" ({' × '.join(axes)})" if all(axes) else "")
            for node, axes in zip((at.left, at.right), at.axes, strict=True)
        ]
        what = "A product of matrices needs as many columns on the left as rows on the right" if at.op == "dot" else (
            "An operation element by element needs equal sizes, or 1")  # fmt: skip
        blocks.append(Prose(f"The two arrays are {parts[0]} and {parts[1]}. {what}. {_fitting(found, at)}"))
    return blocks


def _fitting(found: Analysis, chance: Chance) -> str:
    """What would fit there: the product that has the shape of a hidden layer."""
    network = found.network
    hidden = {network.rows(found.step.nodes[p.a].value).shape: k for k, p in enumerate(network.places[:-1], 1)}
    for node in (chance.right, chance.left):
        if np.ndim(node.value) == 2 and (k := hidden.get(network.rows(node.value).shape)):
            weight = network.places[k].weight
            return (
                rf"What fits, and carries the error back, is $\delta_{k + 1} W_{k + 1}^\top$: "
                f"delta of layer {k + 1} times `{weight}.T`, samples × units of layer {k}."
            )
    return ""


def history(training: Training) -> Table:
    """The loss at round steps."""
    rows: list[list[Cell]] = []
    total = max(training.moments[-1].step, 1)
    marks = {round(total * i / 6) for i in range(7)} | {10**p for p in range(7) if 10**p < total} | {0}
    for moment in training.moments:
        if moment.step in marks or moment is training.moments[-1]:
            rows.append([f"{moment.step:,}", moment.mae, moment.sse, _cosine(moment)])
    names = ("Step", "mean |y − a|", "½ Σ (y − a)²", "Cosine of step and gradient")
    columns = [Column(name, align="right") for name in names]
    return Table(columns, rows, "The loss, on all samples, before each step")


def _cosine(moment: Moment) -> str:
    return f"{moment.cosine:.4f}" if np.isfinite(moment.cosine) else ""


def outputs(training: Training) -> Table:
    """What the network gives in the end, beside what it should."""
    rows: list[list[Cell]] = []
    for x, y, a in list(zip(training.X, training.y, training.outputs, strict=True))[:32]:
        rows.append(
            [
                ", ".join(f"{v:g}" for v in x[:8]),
                ", ".join(f"{v:g}" for v in y[:8]),
                ", ".join(f"{v:.6g}" for v in a[:8]),
            ]
        )
    columns = [Column("Sample"), Column("Target", align="right"), Column("Output", align="right")]
    return Table(columns, rows, "After the training" if training.done else "Before any step")


def measured(found: Analysis) -> Table | None:
    """The steps of a wrong pass, weight by weight: how far they are from the differences of the program's own loss."""
    verdict = found.verdict
    if verdict is None or verdict.kind != "wrong":
        return None
    rows: list[list[Cell]] = []
    for k, place in enumerate(found.network.places):
        proof, cosine = found.proofs.get(place.weight, Proof(None, 0, None)), verdict.cosines[k]
        rows.append([
            f"`{place.weight}`", "no value" if proof.error is None else f"{proof.error:.2g}",
            "" if proof.order is None else f"{proof.order:.2f}", f"{cosine:.3f}" if np.isfinite(cosine) else "no step",
        ])  # fmt: skip
    names = ("Relative error of its step", "Order of the Taylor remainder", "Cosine to the gradient")
    columns = [Column("Weight"), *[Column(name, align="right") for name in names]]
    return Table(columns, rows, "The program's steps measured: a gradient has an error near 0 and the order 2")


def checks(found: Analysis) -> list[Check]:
    """The gradient, weight by weight: central differences, and the order of the Taylor remainder.

    Of a right pass the program's own steps are checked, of a wrong one the gradient that is derived in its place.
    """
    made: list[Check] = []
    own = found.verdict is not None and found.verdict.kind != "wrong" and not found.verdict.adaptive
    for k, place in enumerate(found.network.places):
        proof = (found.proofs if own else found.truths).get(place.weight)
        if proof is None:
            continue
        claim = f"the program's step of `{place.weight}` is" if own else "what is derived above is"
        claim += f" the gradient by $W_{k + 1}$"
        if proof.error is None:
            method = "central differences do not settle there: a corner, or no slope at all"
            made.append(Check(claim, method, "unchecked", test="differences"))
            continue
        method = f"central differences of the program's own forward pass, {proof.elements} elements"
        verdict: Verdict = "passed" if proof.error < BOUND else "failed"
        made.append(Check(claim, method, verdict, proof.error, BOUND, test="differences"))
        if proof.order is not None:
            method = "the order with which the Taylor remainder falls is 2, for anything but the gradient it is 1"
            verdict = "passed" if proof.order > 1.7 else "failed"
            made.append(Check(claim, method, verdict, max(0.0, 2 - proof.order), 0.3, test="order"))
    return made


def check_values(found: Analysis, verdict: NetworkVerdict, findings: list[Told]) -> dict[str, Any]:
    """The gradient, judged, as figures."""
    weights = {}
    for k, place in enumerate(found.network.places):
        proof = found.proofs.get(place.weight, Proof(None, 0, None))
        weights[place.weight] = {
            "error": proof.error,
            # An estimate from rounded differences: more digits would be those of the machine.
            "order": None if proof.order is None else round(proof.order, 4),
            "elements": proof.elements,
            "cosine": verdict.cosines[k],
        }
    told = [
        {"kind": KINDS.get(item.finding.slip, item.finding.slip), "id": item.finding.slip,
         "layer": item.finding.layer, "bias": item.finding.bias, "line": item.line}
        for item in findings
    ]  # fmt: skip
    return {
        "verdict": verdict.kind, "loss": verdict.loss, "factor": verdict.factor, "rate": found.rate,
        "cosine": verdict.whole, "findings": told, "weights": weights,
    }  # fmt: skip


def followed(training: Training | None) -> list[Check]:
    """Whether the network that was recognised stayed the one that the program trains."""
    if training is None or training.mismatch is None:
        return []
    good = training.mismatch <= SAME
    method = "its output beside the program's own, at every step that is kept"
    claim = "the network shown is the one that the program trains"
    return [Check(claim, method, "passed" if good else "failed", training.mismatch, SAME, test="program")]


def troubles(document: Document, found: Analysis, training: Training) -> None:
    """Warn of what went wrong in the training."""
    name = found.network.places[-1].activation
    low, high = name.within
    if training.y.size and (training.y.min() < low or training.y.max() > high):
        targets = f"The targets run from {training.y.min():g} to {training.y.max():g}"
        document.warn("target-range", f"{targets}; a {name.name} gives {low:g} to {high:g}: some are never reached.")
    if training.ended == "diverged":
        step = training.moments[-1].step
        before = training.moments[-2].step if len(training.moments) > 1 else 0
        what = "nan" if not step else "diverged"
        when = "before the first step" if not step else f"between step {before:,} and step {step:,}"
        document.warn(
            what, f"The weights stopped being finite numbers {when}; the training stopped there. Try a lower rate."
        )
        return
    if training.ended == "raised" and training.raised is not None:
        raised = training.raised
        message = f"Step {training.done:,} stops in line {raised.line}: `{raised.kind}: {raised.message.strip()}`"
        document.warn("raises", message)
    elif training.raised is not None:
        raised = training.raised
        message = f"After the training, line {raised.line} stops: `{raised.kind}: {raised.message.strip()}`"
        document.warn("raises", message)
    if training.gap is not None:
        where = f"line {training.gap.line}" if training.gap.line else "the program"
        document.warn("stopped", f"After the training, {where} was stopped: {training.gap.what}.")
    if training.ended == "endless":
        document.warn("stopped", f"The loop has no end of its own; it was stopped after {training.done:,} steps.")
    if training.ended == "stopped":
        document.warn("stopped", f"You stopped the training after {training.done:,} of {training.total:,} steps.")
    if training.ended == "time":
        document.warn(
            "stopped",
            f"The training was stopped after {training.done:,} of {training.total:,} steps: it took too long.",
        )
    if training.network is None or not np.isfinite(training.outputs).all():
        return
    _slopes(document, training)


def _slopes(document: Document, training: Training) -> None:
    last = next((moment for moment in reversed(training.moments) if moment.arrays is not None), None)
    if last is None or training.network is None or last.arrays is None:
        return
    layers = training.network.layers(last.arrays)
    z, a = layers.forward(training.X)
    for k, activation in enumerate(layers.activations[:-1], 1):
        slope = np.abs(activation.slope(z[k]))
        if activation.name in ("relu", "leaky relu"):
            dead = int(np.count_nonzero((z[k] <= 0).all(axis=0)))
            if dead:
                many = f"{dead} of {z[k].shape[1]} units of layer {k} give"
                document.warn("dead-units", f"{many} 0 for every sample: no gradient reaches them any more.")
        elif float(slope.max(initial=0.0)) < FLAT:
            since = _flat_since(training, k)
            message = f"From step {since:,} on every unit of layer {k} is saturated for every sample: "
            document.warn("saturated", message + f"its slope is below {FLAT:g}, so the layer hardly learns any more.")
    slope = np.abs(layers.activations[-1].slope(z[-1]))
    wrong = (np.abs(a[-1] - training.y) > 0.4) & (slope < 1e-3) & (layers.activations[-1].name in ("sigmoid", "tanh"))
    if training.done and wrong.any():
        rows = np.flatnonzero(wrong.any(axis=1))[:6]
        which = ", ".join(str(row + 1) for row in rows)
        document.warn(
            "stalled", f"Sample {which}: the output is wrong and its slope nearly 0, so it hardly learns any more."
        )


def _flat_since(training: Training, k: int) -> int:
    """The first moment from which on the slopes of layer k stay below the least that counts."""
    since = training.done
    for moment in reversed(training.moments):
        if moment.arrays is None or training.network is None:
            continue
        layers = training.network.layers(moment.arrays)
        if float(np.abs(layers.activations[k - 1].slope(layers.forward(training.X)[0][k])).max(initial=0.0)) >= FLAT:
            break
        since = moment.step
    return since


def sorts(training: Training) -> bool:
    """Whether the targets are classes: two values."""
    return len(np.unique(training.y)) <= 2


def solved(training: Training) -> bool:
    """Whether every sample ends on its side."""
    return bool(training.outputs.shape == training.y.shape and np.isfinite(training.outputs).all()
                and classified(training.outputs, training.y))  # fmt: skip


def unseeded(program: Program) -> bool:
    """Whether random numbers are drawn without a seed."""
    names = {node.attr for node in ast.walk(program.tree) if isinstance(node, ast.Attribute)}
    draws = {"random", "rand", "randn", "uniform", "normal", "random_sample", "standard_normal"}
    return bool(names & draws) and not names & {"seed", "default_rng", "RandomState"}
