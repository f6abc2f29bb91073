"""Optimisation: stories told in many ways against closed forms, equations with their letters, what is none."""

from __future__ import annotations

import pytest
import sympy as sp

import nabla
from tests.py.optima_stories import STORIES


@pytest.mark.parametrize(("text", "value", "letters"), STORIES, ids=[story[0][:40] for story in STORIES])
def test_stories(text: str, value: float, letters: dict[str, float]) -> None:
    """The model is written down with its letters, and the value is the one worked out; nothing is left over."""
    document = nabla.ask(text)
    assert document.values["value"] == pytest.approx(value, rel=1e-9)
    (found,) = document.values["extrema"]
    for name, number in letters.items():
        assert float(sp.sympify(found["at"][name])) == pytest.approx(number, rel=1e-9)
    assert document.warnings == []
    assert {check.verdict for check in document.checks} == {"passed"}
