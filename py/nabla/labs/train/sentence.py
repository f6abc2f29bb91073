"""train: the sentence that answers: whether the backward pass is right, and where the training came to."""

from __future__ import annotations

from collections.abc import Sequence

from nabla.answer.document import Document, quoted
from nabla.labs.train.analysis import Analysis
from nabla.labs.train.axes import axes_of, shape_text
from nabla.labs.train.blocks import Told, solved, sorts
from nabla.labs.train.perceptron import perceptron
from nabla.labs.train.training import Training
from nabla.write.sentence import sentence


def conclude(
    document: Document,
    found: Analysis,
    findings: Sequence[Told],
    training: Training | None,
    remarks: Sequence[str] = (),
) -> None:
    """Set the document's sentence; `training` is None before it, or where there is none; `remarks` end it."""
    said, names = [_about(found, findings)], []
    if training is not None and training.moments:
        last = training.moments[-1]
        names = [f"history.{last.step}.mae"]
        steps = f"{last.step:,} step{'s' if last.step != 1 else ''}"
        names += ["steps"] if last.step == training.done else []
        end = ", and every sample is on its side" if sorts(training) and solved(training) else ""
        said.append(f"after {steps} the mean absolute error is {last.mae:.4g}{end}")
    more = "".join(f" {text}." for text in remarks)
    document.answer = sentence("; ".join(said) + f".{more}", document.values, names)


def _about(found: Analysis, findings: Sequence[Told]) -> str:
    raised, verdict = found.step.raised, found.verdict
    if raised is not None:
        told = f"Line {raised.line} raises {quoted(raised.kind)}: {quoted(raised.message.strip().rstrip('.'))}"
        return f"{told}{_met(found)}"
    if not found.learns:
        return "The loop never changes a weight: there is no backward pass"
    if verdict is None:
        if said := perceptron(found.first.program):
            return said.rstrip(".")
        return (
            "Nothing in the loop compares an output that has a slope (a threshold has none) with a target, so there is "
            "no gradient to check"
        )
    if verdict.kind == "right":
        return "The backward pass is right"
    if verdict.kind == "scaled":
        return f"The direction of the backward pass is right, its length is another: {_lowered(findings[0].text)}"
    wrong = [f"line {item.line}: {_lowered(item.text)}" if item.line else _lowered(item.text) for item in findings]
    return f"The backward pass is wrong, {'; '.join(wrong)}"


def _met(found: Analysis) -> str:
    """The two arrays that do not fit, and what a bias needs."""
    _, chances = axes_of(found.step, found.network)
    at = next((chance for chance in chances if chance.node is None), None)
    if at is None:
        return ""
    left, right = (shape_text(node.shape, axes) for node, axes in zip((at.left, at.right), at.axes, strict=True))
    text = f". {left} meets {right}"
    biases = {place.bias for place in found.network.places if place.bias}
    if "samples" in at.axes[1] and any(name in biases for _, name in at.left.names):
        text += f": the step of a bias sums over the samples, `axis={int(found.network.columns)}`"
    return text


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
