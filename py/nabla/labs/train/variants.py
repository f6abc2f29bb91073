"""The same network trained with right and wrong backward passes, from the same weights."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nabla.answer.document import Cell, Column, Table
from nabla.errors import UserError
from nabla.labs.train.analysis import Analysis, analyse, nominal
from nabla.labs.train.blocks import solved
from nabla.labs.train.programs import WRITTEN, Recipe, fits_text, numpy_program
from nabla.labs.train.training import Trainer, Training
from nabla.network.wrong import judged

STEPS = 10_000  # of each, where all are compared

NAMES = {
    "as-written": "as pasted", "right": "the gradient", "asker": "$a^\\top\\delta$ for $\\delta W^\\top$",
    "no-derivative": "no slope in $\\delta$", "derivative-of-output": "slope taken at $a$ as if it were $z$",
    "derivative-at-z": "slope for $a$, fed with $z$", "missing-transpose": "$W$ for $W^\\top$",
    "error-for-delta": "error carried back, not $\\delta$", "sign": "wrong sign",
    "update-before-use": "$W$ updated before use", "frozen": "first weights frozen",
}  # fmt: skip


@dataclass
class BackwardVariant:
    """One backward pass: the cosine of its first step, and its training, None where it raises."""

    name: str
    cosine: float
    raises: str
    training: Training | None
    found: Analysis | None = None
    trainer: Trainer | None = None

    def finish(self) -> None:
        """Take over what its trainer has come to."""
        if self.trainer is None or not self.trainer.training.moments or self.found is None:
            return
        self.training = self.trainer.training
        self.cosine = self.training.moments[0].cosine
        if not np.isfinite(self.cosine) and self.found.taken is not None:
            loss = self.found.verdict.loss if self.found.verdict else "squares"
            self.cosine = judged(self.found.taken, [loss]).whole


def recipe_of(found: Analysis, training: Training) -> Recipe | None:
    """What the network of a program is written from; None where it cannot be written here."""
    network, layers, rate = found.network, found.layers, found.rate
    names = [activation.name for activation in layers.activations]
    biases = [bias is not None for bias in layers.biases]
    usual = (
        all(name in WRITTEN for name in names)
        and not {"softmax", "linear"} & set(names[:-1])
        and all(b == biases[0] for b in biases)
    )
    if (
        not usual
        or network.y is None
        or not fits_text(training.X, training.y)
        or training.X.shape[0] != training.y.shape[0]
    ):
        return None
    verdict = found.verdict
    loss = verdict.loss if verdict else "squares"
    if loss == "cross-entropy" and names[-1] not in ("sigmoid", "softmax"):
        return None
    if loss == "squares" and names[-1] == "softmax":
        return None
    factor = abs(nominal(verdict.factor, found.taken) or 1.0) if verdict and found.taken else 1.0
    units = [layers.weights[0].shape[0], *[weight.shape[1] for weight in layers.weights]]
    return Recipe(training.X, training.y, units, names, loss, biases[0], (rate or 0.5) * factor, max(training.total, 1))


def prepared(recipe: Recipe, name: str, found: Analysis, steps: int) -> BackwardVariant:
    """A variant about to be trained from the program's own weights."""
    text = numpy_program(replace(recipe, backward=name, steps=max(steps, 1)))
    layers = found.layers
    try:
        variant = analyse(text, 1, "cross-entropy" if recipe.loss != "squares" else "squares")
        if variant.step.raised is not None or variant.taken is None:
            raised = variant.step.raised
            return BackwardVariant(name, float("nan"), raised.message.strip() if raised else "no step", None)
    except UserError as error:
        return BackwardVariant(name, float("nan"), error.message, None)
    start = {f"W{k}": weight for k, weight in enumerate(layers.weights)}
    start |= {f"b{k}": bias for k, bias in enumerate(layers.biases) if bias is not None}
    trainer = Trainer(variant, 1, start=start)
    return BackwardVariant(name, float("nan"), "", None, variant, trainer)


def gallery(found: Analysis, training: Training, steps: int, names: tuple[str, ...]) -> list[BackwardVariant]:
    """The named variants of this network, each about to be trained for so many steps."""
    recipe = recipe_of(found, training)
    if recipe is None or len(recipe.activations) < 2:
        return []
    return [prepared(recipe, name, found, steps) for name in names]


def table(variants: list[BackwardVariant], steps: int) -> Table:
    """The variants beside one another."""
    rows: list[list[Cell]] = []
    for variant in variants:
        last = variant.training.moments[-1] if variant.training else None
        if variant.training is None or last is None:
            rows.append([NAMES[variant.name], "", "", f"raises: {variant.raises}"])
            continue
        cosine = f"{variant.cosine:.3f}" if np.isfinite(variant.cosine) else ""
        ends: Cell = last.mae if np.isfinite(last.mae) else "diverges"
        rows.append([NAMES[variant.name], cosine, ends, "yes" if solved(variant.training) else "no"])
    columns = [Column("Backward pass"), Column("Cosine of its first step", align="right"),
               Column(f"mean |y − a| after {steps:,}", align="right"), Column("All samples right")]  # fmt: skip
    return Table(columns, rows, "The same start, other backward passes: training well is no proof")


def values(variants: list[BackwardVariant]) -> list[dict[str, object]]:
    """The variants as figures."""
    done: list[dict[str, object]] = []
    for variant in variants:
        last = variant.training.moments[-1] if variant.training else None
        done.append({
            "name": variant.name, "cosine": variant.cosine, "mae": last.mae if last else None,
            "sse": last.sse if last else None, "steps": last.step if last else 0,
            "solved": solved(variant.training) if variant.training else False, "raises": variant.raises or None,
        })  # fmt: skip
    return done
