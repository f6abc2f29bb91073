"""What the guard costs: programs behind it beside plain `exec` of the same text, by processor time, best of three.

python tests/bench/programs.py
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from pathlib import Path

from nabla.program.limits import Budget
from nabla.program.run import Session
from nabla.program.source import read

VALUE = next(
    text.partition('VALUE = """')[2].partition('"""')[0]
    for text in [(Path(__file__).parents[1] / "truth" / "programs.py").read_text(encoding="utf-8")]
)
PROGRAMS = {
    "arrays: the eleven-line network, 20,000 steps": """
import numpy as np
np.random.seed(1)
X = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])
y = np.array([[0,1,1,0]]).T
s0, s1 = 2 * np.random.random((3, 4)) - 1, 2 * np.random.random((4, 1)) - 1
for j in range(20000):
    l1 = 1 / (1 + np.exp(-(np.dot(X, s0))))
    l2 = 1 / (1 + np.exp(-(np.dot(l1, s1))))
    d2 = (l2 - y) * (l2 * (1 - l2))
    d1 = d2.dot(s1.T) * (l1 * (1 - l1))
    s1 -= 0.5 * l1.T.dot(d2)
    s0 -= 0.5 * X.T.dot(d1)
""",
    "classes: micrograd's Value, 300 sums of 20 products": VALUE
    + """
for i in range(300):
    ws = [Value(0.1 * k) for k in range(20)]
    out = Value(0.0)
    for k, w in enumerate(ws):
        out = out + w * (k - 5.0)
    out.backward()
""",
    "loops of numbers: 300,000 turns": "x = 0.0\nfor i in range(300000):\n    x += 0.1 * (i % 7) - x * 0.001\n",
}


def best(act: Callable[[], object]) -> float:
    """The least processor time of three runs, in seconds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        act()
        times.append(time.process_time() - start)
    return min(times)


def plain(text: str) -> None:
    """The program as it is."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "program.py", "exec"), {"__name__": "__main__"})


def guarded(text: str) -> None:
    """The program behind the guard."""
    done = Session(read(text), budget=Budget()).run()
    assert done.gap is None and done.raised is None, (done.gap, done.raised)


if __name__ == "__main__":
    for title, text in PROGRAMS.items():
        one, other = best(lambda text=text: plain(text)), best(lambda text=text: guarded(text))
        print(f"{title}: {one:.2f} s plain, {other:.2f} s guarded, {other / one:.2f} times")
