"""A pasted program with the numbers of the fields put in."""

from __future__ import annotations

from nabla.errors import UserError
from nabla.lab import Inputs
from nabla.labs.train.analysis import Analysis, analyse
from nabla.labs.train.edit import number_place, replaced, steps_place, with_hidden
from nabla.labs.train.programs import number
from nabla.labs.train.setup import hidden_of, number_of, rate_of


def changed(inputs: Inputs, text: str, found: Analysis) -> str:
    """The pasted program with the numbers of the fields put in.

    Raises:
        UserError: where the program does not show which number that is.
    """
    places = []
    rate, steps, hidden = rate_of(inputs), number_of(inputs, "steps", 1, 1_000_000), hidden_of(inputs)
    for name, value, place in (
        ("rate", rate, number_place(found, found.rate_place)), ("steps", steps or None, steps_place(found)),
    ):  # fmt: skip
        if value is not None:
            if place is None:
                raise UserError(
                    "value", f"The program does not show its {name} as one number.", hint="Change it there.", field=name
                )
            places.append((place, number(value)))
    text = replaced(text, places)
    for k, units in enumerate(hidden, 1):
        if k >= len(found.network.places) or units == found.layers.weights[k - 1].shape[1]:
            continue
        again = analyse(text, 1)
        made = with_hidden(text, again, k, units)
        if made is None:
            raise UserError(
                "value",
                "The program does not show its hidden units as a number.",
                hint="Change them there.",
                field="hidden",
            )
        text = made
    return text
