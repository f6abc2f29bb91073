"""A network set up by fields, as the program that trains it."""

from __future__ import annotations

import re

import numpy as np

from nabla.errors import Span, UserError
from nabla.lab import Inputs
from nabla.labs.train.programs import BACKWARD, Recipe
from nabla.network.model import Array
from nabla.read.fields.matrix import read_matrix

_WHOLE = re.compile(r"[0-9]{1,9}")  # without signs, and of a length that Python reads

HIDDEN = 2_000  # units of a layer
STEPS = 1_000_000


def recipe_of(inputs: Inputs) -> Recipe:
    """What the program is written from.

    Raises:
        UserError: data or sizes that do not fit.
    """
    X, y = _data(inputs)
    hidden = hidden_of(inputs) or [4]
    activation = inputs.choice("activation")
    loss = "cross-entropy" if inputs.choice("loss") == "cross-entropy" else "squares"
    output = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "linear"}[activation]
    if loss == "cross-entropy":
        output = "softmax" if y.shape[1] > 1 else "sigmoid"
        if y.min() < 0 or y.max() > 1:
            text = inputs["y"]
            raise UserError("value", "A cross-entropy needs targets from 0 to 1.", span=Span(0, len(text)), field="y")
    backward = inputs.choice("backward")
    batch = number_of(inputs, "batch", 0, X.shape[0])
    return Recipe(
        X, y, [X.shape[1], *hidden, y.shape[1]], [*[activation] * len(hidden), output], loss,
        inputs.choice("bias") == "on", rate_of(inputs) or 0.5, number_of(inputs, "steps", 1, STEPS) or 2000,
        number_of(inputs, "seed", 0, 2**32 - 1) or (1 if not inputs["seed"].strip() else 0),
        batch if batch < X.shape[0] else 0, backward if backward in BACKWARD else "right",
    )  # fmt: skip


def hidden_of(inputs: Inputs) -> list[int]:
    """The hidden layers' units, [] where nothing is typed."""
    text = inputs["hidden"].strip()
    sizes = []
    for part in text.replace(";", ",").split(",") if text else []:
        if not _WHOLE.fullmatch(part.strip()) or not 1 <= int(part) <= HIDDEN:
            many = bool(_WHOLE.fullmatch(part.strip())) and int(part) > HIDDEN
            message = f"{int(part):,} hidden units are more than are trained here; at most {HIDDEN:,}." if many else (
                "The hidden units are a whole number, or two: 8, 6.")  # fmt: skip
            raise UserError("too-big" if many else "value", message, span=Span(0, len(text)), field="hidden")
        sizes.append(int(part))
    if len(sizes) > 2:
        raise UserError("value", "At most two hidden layers are set up here.", span=Span(0, len(text)), field="hidden")
    return sizes


def rate_of(inputs: Inputs) -> float | None:
    """The rate, None where nothing is typed."""
    return inputs.number("rate") if inputs["rate"].strip() else None


def number_of(inputs: Inputs, name: str, low: int, high: int) -> int:
    """A whole number of a field, 0 where nothing is typed."""
    if not inputs[name].strip():
        return 0
    value = inputs.integer(name)
    if not low <= value <= high:
        span = Span(0, len(inputs[name]))
        raise UserError("value", f"This is a number from {low:,} to {high:,}.", span=span, field=name)
    return value


def _data(inputs: Inputs) -> tuple[Array, Array]:
    found = inputs.read("X", read_matrix)
    typed = inputs.read("y", read_matrix)
    if not found.rows:
        message = "Paste a program, or give X and y: the samples and what the network shall make of them."
        raise UserError(
            "empty", message, hint="For example X: 0,0,1; 0,1,1; 1,0,1; 1,1,1 and y: 0; 1; 1; 0", field="code"
        )
    X = np.array(found.rows)
    targets = [*typed.rows]
    missing = X.shape[0] - len(found.targets)
    flat = X.shape[0] == 1 and X.size % len(targets[0] if targets else [0]) == 0
    if len(targets) == 1 and len(targets[0]) > 1 and (missing != 1 or flat):
        targets = [[value] for value in targets[0]]
    if X.shape[0] == 1 and len(targets) > 1 and X.size % len(targets) == 0:
        X = X.reshape(len(targets), -1)  # one list of numbers, cut into as many samples as there are targets
        missing = X.shape[0]
    targets += found.targets
    if len(targets) != X.shape[0]:
        message = f"There are {X.shape[0]} samples in X and {len(targets)} targets in y."
        raise UserError(
            "value", message, hint="y needs one for each row of X.", span=Span(0, len(inputs["y"])), field="y"
        )
    if len({len(row) for row in targets}) > 1:
        raise UserError("value", "The targets differ in length.", span=Span(0, len(inputs["y"])), field="y")
    return X, np.array(targets, dtype=np.float64)
