"""Work that does not end, or wants everything, is ended from outside, and the line at which it was is named."""

import os
import pickle
import sys

import numpy as np
import pytest

import nabla
from nabla import limits
from nabla.errors import Span, UserError
from nabla.program import run as program_run

MEMORY = 300 << 20


def multiply(turns: int) -> int:
    """One operation that takes longer the more turns there were, without a word in between."""
    value = 3
    for turn in range(turns):
        limits.reached(turn + 1)
        value *= value
    return value.bit_length()


def fill(count: int) -> int:
    limits.reached(7)
    return int(sum(np.ones(1 << 20).sum() for _ in range(count)) + np.ones(count << 20).sum())


def fall() -> None:
    limits.reached(3)
    os._exit(9)


def refuse() -> None:
    raise UserError("value", "no", hint="yes", span=Span(1, 2), field="f")


def divide() -> float:
    return 1 / int("0")


def test_what_ends_in_time_gives_its_value() -> None:
    assert limits.call_within(60, MEMORY, multiply, 4) == (3**16).bit_length()


def test_one_operation_without_an_end_is_ended_and_its_line_named() -> None:
    with pytest.raises(UserError, match=r"^Line \d\d: this takes longer than 1 seconds and was stopped\.$") as caught:
        limits.call_within(1, MEMORY, multiply, 60)
    assert caught.value.code == "timeout"


def test_the_line_of_a_program_is_known_without_its_help() -> None:
    with pytest.raises(UserError, match=r"^Line 3: this takes longer than 1 seconds"):
        limits.call_within(1, MEMORY, run, limits.PROGRAM, "y = 1\n\nx = 0.5 in range(10**12)")


def run(name: str, code: str) -> None:
    exec(compile(code, name, "exec"), {})


def test_memory_has_a_limit() -> None:
    with pytest.raises(UserError, match=r"^Line 7: this needs more memory than it may take: ") as caught:
        limits.call_within(60, MEMORY, fill, 60)
    assert caught.value.code == "too-big"
    assert limits.call_within(60, 2 * MEMORY, fill, 10)


def test_a_process_that_falls_is_told() -> None:
    with pytest.raises(UserError, match=r"Line 3: .* status 9") as caught:
        limits.call_within(60, MEMORY, fall)
    assert caught.value.code == "too-big"


def test_errors_come_back_whole() -> None:
    with pytest.raises(UserError) as caught:
        limits.call_within(60, MEMORY, refuse)
    assert caught.value.to_dict() == {"code": "value", "message": "no", "hint": "yes", "span": [1, 2], "field": "f"}
    with pytest.raises(ZeroDivisionError) as fault:
        limits.call_within(60, MEMORY, divide)
    assert "in divide" in fault.value.__notes__[0]


def test_an_answer_comes_back_whole() -> None:
    inputs = {"f": "x^2 sin(x)", "at": "x=1"}
    assert limits.call(nabla.run, "derive", inputs).to_dict() == nabla.run("derive", inputs).to_dict()
    error = UserError("value", "no", span=Span(1, 2))
    assert pickle.loads(pickle.dumps(error)).to_dict() == error.to_dict()


# Work that no counter of the guard sees: single operations of C, and loops of few but long ones.
BOMBS = {
    "a count": "x = range(10 ** 10).count(0.5)",
    "shared lists as an array": "import numpy as np\na = [0, 1]\nfor i in range(40):\n    a = [a, a]\nx = np.array(a)",
    "shared lists compared": "a, b = [0], [0]\nfor i in range(60):\n    a, b = [a, a], [b, b]\nprint(a == b)",
    "a hash": "a = (0,)\nfor i in range(60):\n    a = (a, a)\nx = hash(a)",
    "sorts": "import numpy as np\nx = np.random.rand(10 ** 6)\nfor i in range(10 ** 5):\n    y = np.sort(x)",
    "decompositions": "import numpy as np\nx = np.random.rand(400, 400)\nwhile True:\n    np.linalg.svd(x)",
    "sums": "x = list(range(10 ** 6))\nfor i in range(10 ** 6):\n    y = sum(x)",
    "an iterator": "x = any(iter(int, 1))",
    "products": "import itertools\nx = len(list(itertools.product(range(100), repeat=8)))",
    "lists": "x = []\nfor i in range(10 ** 9):\n    x.append([0] * 10 ** 6)",
    "texts": "x = 'a'\nfor i in range(100):\n    x = x + x",
}


def passes(code: str) -> None:
    program_run.run(code).require()


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is limited on Linux alone")
@pytest.mark.parametrize("name", BOMBS)
def test_what_no_counter_sees_is_ended_from_outside(name: str) -> None:
    with pytest.raises(UserError) as caught:
        limits.call_within(0.7, MEMORY, passes, BOMBS[name])
    assert caught.value.code in ("timeout", "too-big")
    assert caught.value.message.startswith("Line ")
