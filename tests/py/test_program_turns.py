"""Turns of a loop as evidence: kept as they pass, and done again from other states, held or free."""

import sys
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest

from nabla.program.run import Session
from nabla.program.source import read
from nabla.program.state import numbers
from nabla.program.turns import Repeated, TurnDone, TurnRequest, Turns

LINE = """import numpy as np
x = np.array([0.0, 1.0, 2.0])
y = np.array([1.0, 3.0, 5.0])
"""
# The same descent in several styles: the parameters' paths, and the lines of the loop and of the updates.
STYLES = {
    "names": (
        "a = 0.0\nb = 0.0\nfor i in range(9):\n    r = a*x + b - y\n    a = a - 0.1*np.sum(r*x)\n"
        "    b = b - 0.1*np.sum(r)\n",
        ["a", "b"], 6, [8, 9],
    ),
    "in place": (
        "w = np.zeros(2)\nX = np.c_[x, np.ones(3)]\nk = 0\nwhile k < 9:\n    w -= 0.1*X.T @ (X @ w - y)\n    k += 1\n",
        ["w"], 7, [8],
    ),
    "attribute": (
        "class Fit:\n    def run(self):\n        self.w = np.zeros(2)\n        for i in range(9):\n"
        "            r = X @ self.w - y\n            self.w = self.w - 0.1*X.T @ r\n"
        "X = np.c_[x, np.ones(3)]\nm = Fit()\nm.run()\n",
        ["m.w"], 7, [9],
    ),
    "dictionary": (
        "p = {'a': 0.0, 'b': 0.0}\nfor i in range(9):\n    r = p['a']*x + p['b'] - y\n    p['a'] -= 0.1*np.sum(r*x)\n"
        "    p['b'] -= 0.1*np.sum(r)\n",
        ["p['a']", "p['b']"], 5, [7, 8],
    ),
    "list": (
        "t = [0.0, 0.0]\nfor i in range(9):\n    r = t[0]*x + t[1] - y\n    t[0] = t[0] - 0.1*np.sum(r*x)\n"
        "    t[1] = t[1] - 0.1*np.sum(r)\n",
        ["t"], 5, [7, 8],
    ),
    "function": (
        "def step(w, rate):\n    return w - rate*X.T @ (X @ w - y)\nX = np.c_[x, np.ones(3)]\nw = np.zeros(2)\n"
        "for i in range(9):\n    w = step(w, 0.1)\n",
        ["w"], 8, [9],
    ),
    "global": (
        "w = np.zeros(2)\nX = np.c_[x, np.ones(3)]\ndef step():\n    global w\n    w = w - 0.1*X.T @ (X @ w - y)\n"
        "for i in range(9):\n    step()\n",
        ["w"], 9, [8],
    ),
}  # fmt: skip


def repeated(code: str, line: int, plan: Any) -> None:
    observer = Repeated(line, plan)
    session = Session(read(code), observer=observer)
    observer.guard = session.guard
    done = session.run()
    assert done.gap is not None and done.gap.code == "timeout", done.raised


@pytest.mark.parametrize("style", STYLES)
def test_a_held_turn_gives_the_step_of_one_state(style: str) -> None:
    """Held at (2, -1), every style takes the same step, -0.1 X'(X w - y), though some change a before b is reached."""
    code, paths, line, lines = STYLES[style]
    steps: list[Any] = []

    def plan(start: dict[str, Any]) -> Generator[TurnRequest, TurnDone, None]:
        state = {path: np.reshape([2.0, -1.0], np.shape(start[path])) if np.size(start[path]) > 1 else np.array(value)
                 for path, value in zip(paths, [2.0, -1.0], strict=False)}  # fmt: skip
        for _ in range(2):  # the second turn begins where the first did
            steps.append((yield TurnRequest(state, tuple(paths))))
        free = yield TurnRequest({})
        assert all(np.array_equal(numbers(start[path]), free.after[path]) is False for path in paths)

    repeated(LINE + code, line, plan)
    design = np.c_[[0.0, 1.0, 2.0], np.ones(3)]
    right = -0.1 * design.T @ (design @ [2.0, -1.0] - [1.0, 3.0, 5.0])
    for turn in steps:
        total = np.zeros(2)
        for change in turn.changes:
            assert change.by is not None
            place = slice(None) if len(paths) == 1 else paths.index(change.path)
            total[place] += change.by
        assert np.allclose(total, right)
        assert list(dict.fromkeys(change.line for change in turn.changes)) == lines


def test_random_draws_and_lists_are_put_back() -> None:
    code = (
        "import numpy as np, random\nw = 1.0\nhistory = [0.0]\nfor i in range(5):\n"
        "    w = w + np.random.rand() + random.random()\n    history.append(w)\n"
    )
    ends: list[float] = []

    def plan(start: dict[str, Any]) -> Generator[TurnRequest, TurnDone, None]:
        for _ in range(3):
            turn = yield TurnRequest({})
            ends.append(float(turn.after["w"]))
            assert turn.after["history"].shape == (2,)

    repeated(code, 4, plan)
    assert ends[0] == ends[1] == ends[2] > 1


def test_moments_of_a_run_are_kept_at_a_growing_distance() -> None:
    observer = Turns()
    session = Session(read("w = 8.0\nfor i in range(100_000):\n    w = w*0.999 + 0.001\n"), observer=observer)
    observer.guard = session.guard
    assert session.run().raised is None
    loop = observer.loops[2]
    assert loop.turns == 100_000 and loop.entries == 1 and len(loop.moments) < 150
    assert [m.turn for m in loop.moments[:20]] == list(range(20))
    assert float(loop.moments[10].values["w"]) == pytest.approx(1 + 7 * 0.999**10)
    assert float(loop.last["w"]) == pytest.approx(1.0)
    assert sys.getsizeof(loop.moments) < 4_000


def test_a_changed_shape_is_noted_and_undone() -> None:
    code = "import numpy as np\nw = np.zeros((2, 1))\nfor i in range(3):\n    w = w - np.ones((2, 4))\n"
    changes: list[Any] = []

    def plan(start: dict[str, Any]) -> Generator[TurnRequest, TurnDone, None]:
        turn = yield TurnRequest({}, ("w",))
        changes.extend(turn.changes)

    repeated(code, 3, plan)
    (change,) = changes
    assert change.by is None and change.shape == (2, 4) and change.line == 4
