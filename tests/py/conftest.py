"""What holds for every answer that any of these tests asks for."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import pytest

import nabla
from nabla.answer.document import Listener
from tests.py.answered import faults

_steps = nabla.steps


def _judged_steps(
    lab: str, inputs: Mapping[str, object], listener: Listener | None = None
) -> Generator[None, bool | None, nabla.Report]:
    document = yield from _steps(lab, inputs, listener)
    assert faults(document) == []
    return document


@pytest.fixture(scope="session", autouse=True)
def _every_answer_has_its_sentence() -> Generator[None, None, None]:
    """Whatever lab answers whatever question, the document has a sentence, whose numbers are those of its values."""
    nabla.steps = _judged_steps
    yield
    nabla.steps = _steps
