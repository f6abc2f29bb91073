"""A pasted program with the numbers of the fields put in."""

from __future__ import annotations

import ast

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
    changes: dict[ast.expr, str] = {}
    rate, steps, hidden = rate_of(inputs), number_of(inputs, "steps", 1, 1_000_000), hidden_of(inputs)
    rates = [number_place(found, place) for place in found.rate_places]
    for name, value, places in (("rate", rate, rates), ("steps", steps or None, [steps_place(found)])):
        if value is not None:
            known = [place for place in places if place is not None]
            if not known or len(known) < len(places) or len({place.value for place in known}) > 1:
                message = f"The program does not show its {name} as one number."
                raise UserError("value", message, hint="Change it there.", field=name)
            changes |= {place: number(value) for place in known}
    text = replaced(text, changes.items())
    for k, units in enumerate(hidden, 1):
        if k >= len(found.network.places):
            count = len(found.network.places) - 1
            message = f"The network of the program has {count or 'no'} hidden layer{'s' if count > 1 else ''}."
            raise UserError("value", message, field="hidden")
        if units == found.layers.weights[k - 1].shape[1]:
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
