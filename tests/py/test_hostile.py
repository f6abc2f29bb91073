"""Two hundred hostile inputs through all labs: an answer or a sentence, in bounded time and memory."""

from __future__ import annotations

import pytest

import nabla
from nabla import limits
from nabla.errors import CODES, UserError
from nabla.lab import LABS
from tests.generated import Inputs, hostile

COUNT, PARTS = 200, 8
SECONDS = 120.0  # of one part; a lab's own limits end what goes on for ever long before
MEMORY = 1 << 30


def told(given: list[tuple[str, Inputs]]) -> list[str]:
    """What each came to: the code of the error, or "answered"."""
    found = []
    for lab, inputs in given:
        try:
            document = nabla.run(lab, inputs)
            document.to_dict()
            found.append("answered")
        except UserError as error:
            found.append(error.code)
        except Exception as error:
            error.add_note(f"{lab} {inputs}"[:2000])
            raise
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_inputs_are_answered_or_refused(part: int) -> None:
    given = list(hostile(COUNT, 7))[part::PARTS]
    found = limits.call_within(SECONDS, MEMORY, told, given)
    assert len(found) == COUNT // PARTS
    assert set(found) <= {"answered", *CODES}


def test_they_are_as_various_as_they_should_be() -> None:
    given = list(hostile(COUNT, 7))
    assert {lab for lab, _ in given} == set(LABS)
    assert len({str(inputs) for _, inputs in given}) > 0.9 * COUNT


@pytest.mark.parametrize("text", ["9" * 5000, "²", "٣", "1" * 10])
@pytest.mark.parametrize(("lab", "inputs", "name"), [
    ("train", {"X": "0, 1; 1, 0", "y": "0; 1"}, "hidden"),
    ("fit", {"data": "0 1 0 -1 0 1 0 -1 0 1 0"}, "tones"),
    ("fit", {"data": "0 1 0 -1 0 1 0 -1 0 1 0"}, "columns"),
])  # fmt: skip
def test_digits_that_are_no_number_here_are_refused(lab: str, inputs: Inputs, name: str, text: str) -> None:
    with pytest.raises(UserError):
        nabla.run(lab, {**inputs, name: text})
