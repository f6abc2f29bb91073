"""Calls of scipy.optimize behind the guard answer what the real SciPy answers: places, values, messages, exceptions."""

import json
from pathlib import Path
from typing import Any

import pytest

from nabla.labs.descend import calls, messages
from nabla.program.modules import scipy
from tests.truth.scipy_calls import CALLS, HEAD, plain

pytestmark = pytest.mark.skipif(not scipy.is_here(), reason="SciPy is an extra: pip install nabla[scipy]")
STORED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "truth" / "scipy_calls.json").read_text("utf-8"))
# Programs whose calls are no solvers', or whose ends have nothing to be told.
UNJUDGED = ("check_grad", "approx_fprime", "line_search", "curve_fit", "nnls", "lsq_linear")


def same(mine: Any, real: Any, where: str) -> None:
    """Equal, numbers within a millionth of each other (other processors round differently)."""
    if isinstance(real, dict):
        assert mine.keys() == real.keys(), where
        for key, value in real.items():
            same(mine[key], value, f"{where}.{key}")
    elif isinstance(real, list):
        assert len(mine) == len(real), where
        for a, b in zip(mine, real, strict=True):
            same(a, b, where)
    elif isinstance(real, float):
        assert mine == pytest.approx(real, rel=1e-6, abs=1e-7, nan_ok=True), where
    else:
        assert mine == real, where


def test_the_table_is_the_one_that_was_run() -> None:
    assert list(STORED["calls"]) == CALLS and len(CALLS) >= 120


@pytest.mark.parametrize("call", CALLS)
def test_a_call_answers_as_scipy_does(call: str) -> None:
    own = calls.run(HEAD + f"result = {call}\n")
    assert own is not None and own.run.gap is None, own and own.run.gap
    real = STORED["calls"][call]
    raised = own.run.raised
    if "raises" in real:
        assert raised is not None and {"type": raised.kind, "message": raised.message} == real["raises"]
        assert messages.raised(raised.message), raised.message
        return
    assert raised is None, raised
    same(plain(own.run.names["result"]), real["result"], call)
    if call.startswith(UNJUDGED):
        return
    (taken,), (end,) = own.calls, own.ends
    assert taken.function == call.split("(")[0] and (end.verdict or end.text), call
    if taken.message and taken.success is not None:
        assert messages.stopped(taken.message), taken.message
