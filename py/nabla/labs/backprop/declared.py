"""Models of Keras judged by what they are declared to be, before any data: the last layer beside the loss."""

from __future__ import annotations

from collections.abc import Iterator

from nabla.labs.backprop.run import Outcome
from nabla.labs.backprop.units import TrainingNote, note
from nabla.tensor.keras.models import Declaration

_CLASSES = ("categorical_crossentropy", "sparse_categorical_crossentropy")


def of_declaration(outcome: Outcome) -> Iterator[TrainingNote]:
    """What a last layer and a loss that do not fit come to; nothing where the model was trained: its losses tell."""
    if outcome.dialect != "keras" or outcome.backwards:
        return
    for what, line, declared in outcome.events:
        if what == "compile" and isinstance(declared, Declaration):
            yield from _judged(declared, line)


def fitting(outcome: Outcome) -> str:
    """That the last layer fits the loss of a model that is declared and not trained, and what targets it asks for."""
    found = [detail for what, _, detail in outcome.events if what == "compile" and isinstance(detail, Declaration)]
    if outcome.dialect != "keras" or outcome.backwards or not found or any(_judged(found[-1], 0)):
        return ""
    last = found[-1]
    targets = {
        "categorical_crossentropy": f"a row of {last.units} numbers a sample, a single 1 among zeros",
        "sparse_categorical_crossentropy": f"a whole number from 0 to {last.units - 1} a sample",
        "binary_crossentropy": "0 or 1" if last.units == 1 else f"{last.units} numbers a sample, each 0 or 1",
    }.get(last.loss, f"{last.units} number{'s' if last.units > 1 else ''} a sample")
    return (
        f"The last layer ({last.units} unit{'s' if last.units > 1 else ''}, {last.activation}) fits the loss "
        f"`{last.loss}`; its targets are {targets}. Nothing is trained here, so that no gradient can be checked"
    )


def _judged(declared: Declaration, line: int) -> Iterator[TrainingNote]:
    loss, last, units = declared.loss, declared.activation, declared.units
    if last == "softmax" and units == 1:
        text = (
            "The last layer takes a softmax over a single unit, which is 1 whatever the unit is: the output never "
            "changes, and no weight gets a gradient."
        )
        cure = "One unit for each class with `categorical_crossentropy`, or for two classes a sigmoid with "
        yield note("single-softmax", line, text, f"{cure}`binary_crossentropy`.")
    elif loss in _CLASSES and units == 1:
        text = f"`{loss}` compares one output for each class, and the last layer has a single unit."
        cure = "Give it one unit for each class and a softmax, or take a sigmoid and `binary_crossentropy` for two."
        yield note("wrong-shape", line, text, cure)
    elif loss in (*_CLASSES, "binary_crossentropy") and declared.from_logits and last in ("softmax", "sigmoid"):
        text = f"The loss takes a {last} by itself (`from_logits=True`), of what the {last} of the last layer gave."
        yield note("softmax-twice", line, text, "Leave one of the two away.")
    elif loss in _CLASSES and not declared.from_logits and last != "softmax":
        text = f"`{loss}` takes probabilities that sum up to 1, and the last layer's activation is {last}."
        yield note("missing-probability", line, text, "Give the last layer `activation='softmax'`.")
    elif loss == "binary_crossentropy" and not declared.from_logits and last not in ("sigmoid", "softmax"):
        text = f"`{loss}` takes a probability, and the last layer's activation is {last}."
        yield note(
            "missing-probability", line, text, "Give the last layer `activation='sigmoid'`, or `from_logits=True`."
        )
    elif loss == "binary_crossentropy" and last == "softmax":
        text = (
            f"`{loss}` judges each of the {units} outputs by itself, and a softmax makes them sum up to 1: for "
            "classes that exclude each other that is another loss than meant."
        )
        yield note("wrong-loss", line, text, "Take `categorical_crossentropy`.")
    elif loss in _NUMBERS and last in _LIMITS:
        text = f"The last layer gives numbers from {_LIMITS[last]} only: a target beyond them is never reached."
        yield note("target-range", line, text, "For numbers of any size leave its activation away.")


_NUMBERS = ("mse", "mean_squared_error", "mae", "mean_absolute_error", "huber")
_LIMITS = {"sigmoid": "0 to 1", "tanh": "-1 to 1", "softmax": "0 to 1", "relu": "0 up"}
