"""The exported programs are those that were run in SciPy, PyTorch and JAX, and came to the minimum there."""

import json
from pathlib import Path

import pytest

from tests.truth.descend_exports import CASES, numbers, programs

STORED = json.loads((Path(__file__).parents[1] / "truth" / "descend_exports.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_programs_are_those_that_were_run(name: str) -> None:
    made = programs(name)
    assert {label.partition(",")[0] for label in made} == {"SciPy", "PyTorch", "JAX"}
    assert set(made) == set(STORED[name])
    for label, text in made.items():
        assert text == STORED[name][label]["text"], label


@pytest.mark.parametrize("name", CASES)
def test_they_come_to_the_minimum_in_their_own_engines(name: str) -> None:
    minimum = CASES[name][2]
    ends = {}
    for label, entry in STORED[name].items():
        if "," in label:  # a method with a memory: it asserts its own end
            continue
        found = numbers(entry["printed"].replace("float64", ""))
        ends[label] = found[:2] if label == "SciPy" else found[1:3]
    for label, end in ends.items():
        assert end == pytest.approx(minimum or ends["SciPy"], abs=5e-6), label


def test_methods_with_a_memory_end_where_they_ended_here() -> None:
    """Each of the stored programs ran to its end, past its assertion, in PyTorch and in JAX."""
    kept = [label for label in STORED["valley"] if "," in label]
    assert len(kept) == 8
    assert all(STORED["valley"][label]["printed"].strip() for label in kept)
    assert all("assert" in STORED["valley"][label]["text"] for label in kept)
