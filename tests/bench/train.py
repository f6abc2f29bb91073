"""The training of a small network beside the same loop run by Python and NumPy, in this process, in turns.

Nabla runs it behind the guard, and keeps a history with live curves. CPU time, the best of
several runs each.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

import nabla
from nabla.gallery.texts import ELEVEN, ELEVEN_ASKED
from nabla.labs.train.analysis import analyse, prove_all
from nabla.labs.train.training import Trainer
from tests.bench._figures import Figure, report

STEPS = 60_000
RUNS = 3
LIMIT = 4000.0  # milliseconds that the page may take for these steps


def native(steps: int = STEPS) -> None:
    """The eleven lines as Python runs them."""
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0, 1, 1, 0]]).T
    eta, width = (0.5, 4)
    np.random.seed(1)
    W_in = 2 * np.random.random((3, width)) - 1
    W_out = 2 * np.random.random((width, 1)) - 1
    for _ in range(steps):
        act_1 = 1 / (1 + np.exp(-(np.dot(X, W_in))))
        act_2 = 1 / (1 + np.exp(-(np.dot(act_1, W_out))))
        back_2 = (act_2 - y) * (act_2 * (1 - act_2))
        back_1 = back_2.dot(W_out.T) * (act_1 * (1 - act_1))
        W_out -= eta * act_1.T.dot(back_2)
        W_in -= eta * X.T.dot(back_1)


def alternating(*works: Callable[[], object]) -> list[float]:
    """The least CPU time of each, in milliseconds, run in turns."""
    best = [float("inf")] * len(works)
    for _ in range(RUNS):
        for i, work in enumerate(works):
            start = time.process_time()
            work()
            best[i] = min(best[i], 1000 * (time.process_time() - start))
    return best


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-page", action="store_true", help="leave the browser out")
    options = parser.parse_args()
    text = ELEVEN.replace("xrange(12)", f"xrange({STEPS})")

    def trained() -> None:
        Trainer(analyse(text, 1), 1).run()

    def read_and_proved() -> None:
        prove_all(analyse(ELEVEN_ASKED, 1))

    def answered() -> None:
        nabla.run("train", {"code": text}, lambda block, place: None)

    loop, training, answer, proof = alternating(native, trained, answered, read_and_proved)
    figures = [
        Figure(f"{STEPS:,} steps, read, checked and trained", "ms", training, loop, 2.5),
        Figure(f"{STEPS:,} steps, the whole answer with live curves", "ms", answer, loop, 3.0),
        # The page's Python takes up to three times as long as this one.
        Figure(f"{STEPS:,} steps, the whole answer, beside its limit", "ms", answer, LIMIT / 3, 1.0),
        Figure("the wrong line found, named and proved", "ms", proof, 1000.0 / 3, 1.0),
    ]
    if not options.no_page:
        from tests.bench import train_page

        figures += train_page.measure()
    return report("Training", "native", figures)


if __name__ == "__main__":
    sys.exit(main())
