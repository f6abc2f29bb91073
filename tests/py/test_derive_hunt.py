"""The hunt for wrong derivatives, short: the same formulas each time. Long, it is the bench of that name."""

import pytest

from tests.bench.hunt_derive import Grammar, tried, truth


@pytest.mark.parametrize("seed", [*range(60), 9200041, 9300009])  # a part infinite somewhere, a branch without a value
def test_the_value_is_that_of_mpmath_and_no_check_fails(seed: int) -> None:
    assert [fault for fault in tried(seed) if fault.kind != "slow"] == []


def test_the_hunt_has_truth_to_compare_with() -> None:
    known = sum(truth(Grammar(seed).formula(2).at, "1.3") is not None for seed in range(60))
    assert known > 30
