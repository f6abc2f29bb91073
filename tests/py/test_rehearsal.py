"""What Python does in the page while the visitor reads must leave nothing behind, wherever it is given up."""

from __future__ import annotations

import runpy
import sys
import warnings
from itertools import islice
from pathlib import Path

import numpy as np

AWAKE = Path(__file__).parents[2] / "app" / "engine" / "awake.py"


def test_a_rehearsal_can_be_given_up_at_any_step() -> None:
    rehearse = runpy.run_path(str(AWAKE))["rehearse"]
    before = np.geterr(), sys.getprofile(), list(warnings.filters)
    steps = sum(1 for _ in rehearse(True))
    assert steps > 20, "so few are not a megabyte of code"
    for taken in (1, 2, steps // 2):
        work = rehearse(True)
        assert len(list(islice(work, taken))) == taken
        work.close()
        assert (np.geterr(), sys.getprofile(), list(warnings.filters)) == before
