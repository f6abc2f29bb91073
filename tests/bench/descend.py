"""Our optimisers beside SciPy's on 27 functions: evaluations of f and gradient, and where each ends.

Both get the same exact derivatives and the same tolerances; SciPy counts for itself. A row is bounded where SciPy's
answer is right: it says that it succeeded, and ended at the minimum. SciPy comes into an environment of its own below
.cache. Last come the verdicts and, not bounded, the time of a whole answer.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import nabla
from nabla.optimise.first_order import Settings
from nabla.optimise.gallery import NAMES, TestProblem, gallery
from nabla.optimise.methods import METHODS, run
from nabla.optimise.problem import Problem
from nabla.optimise.verdict import classify, judge, settle
from tests.bench._figures import Figure, report
from tests.bench._peers import run_beside

ROOT = Path(__file__).parents[2]
PEERS = ("numpy==2.4.3", "scipy==1.17.1", "sympy==1.14.0")
BOUND = 1.2
# SciPy's name, and its own tolerance for the gradient; L-BFGS-B also ends when f falls by less than 2.2e-9 of itself.
METHOD = {
    "newton-cg": ("Newton-CG", 1e-5), "bfgs": ("BFGS", 1e-5), "l-bfgs": ("L-BFGS-B", 1e-5), "cg": ("CG", 1e-5),
    "trust-region": ("trust-exact", 1e-4), "nelder-mead": ("Nelder-Mead", 1e-4),
}  # fmt: skip


def peers() -> None:
    """Run this benchmark again where SciPy is, unless it is here."""
    if importlib.util.find_spec("scipy"):
        return
    sys.exit(run_beside(PEERS, "descend", sys.argv[1:]))


def is_right(example: TestProblem, problem: Problem, x: np.ndarray) -> bool:
    """Whether x is a minimum of the function: the one of the literature, or another that Newton certifies."""
    minimum = np.array(example.minimum)
    if np.abs(x - minimum).max() <= 1e-3 * (1 + np.abs(minimum).max()):
        return True
    return (point := settle(problem, x)) is not None and classify(problem, point)[0] == "minimum"


def around(problem: Problem, point: np.ndarray) -> tuple[bool, bool]:
    """Whether f is lower, and whether it is higher, at some of 200 points near by: what a verdict is held against."""
    scale = 1e-3 / np.sqrt(np.maximum(np.abs(problem.hessian(point)).max(axis=1), 1e-12))
    level = problem.value(point)
    draws = np.random.default_rng(0).normal(size=(200, problem.n))
    changes = np.array([problem.value(point + scale * d) - level for d in draws])
    noise = 1e-12 * max(abs(level), 1e-3)
    return bool((changes < -noise).any()), bool((changes > noise).any())


def theirs(problem: Problem, start: np.ndarray, method: str) -> tuple[int, np.ndarray, bool]:
    """SciPy's evaluations, its end, and whether it says that it succeeded."""
    from scipy.optimize import minimize

    first = None if method == "nelder-mead" else problem.gradient
    second = problem.hessian if method in ("newton-cg", "trust-region") else None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = minimize(problem.value, start, jac=first, hess=second, method=METHOD[method][0])
    return found.nfev + (found.get("njev") or 0), found.x, bool(found.success)


def race() -> tuple[list[Figure], int]:
    """Evaluations of every method on every function; and how many of our verdicts are false."""
    figures: list[Figure] = []
    false = 0
    for name in NAMES:
        example = gallery()[name]
        if name == "sinusoids":
            continue
        problem = Problem(example.expr, example.variables, example.data, example.mean)
        start = np.array(example.start)
        for method, (_, tolerance) in METHOD.items():
            settings = Settings(tolerance=tolerance, steps=400 * problem.n, relative_fall=2.2e-9 if method == "l-bfgs"
                                else 0.0)  # fmt: skip
            mine = run(problem, METHODS[method], start, settings)
            count, x, success = theirs(problem, start, method)
            needed = success and is_right(example, problem, x)
            right = is_right(example, problem, mine.x)
            judged = judge(problem, mine)
            if judged.point is not None and judged.verdict in ("minimum", "maximum", "saddle"):
                lower, higher = around(problem, judged.point)
                believed = "minimum" if not lower else "maximum" if not higher else "saddle"
                false += judged.verdict != believed
            ours = float(mine.f_evaluations + mine.g_evaluations)
            label = f"{name}, {method}" + ("" if right else " [no minimum]") + ("" if needed else " [SciPy: none]")
            figures.append(Figure(label, "f+g", ours if right or not needed else np.inf, count,
                                  BOUND if needed else None))  # fmt: skip
    return figures, false


def whole() -> float:
    """Seconds of a warm answer: contours and six methods in the valley."""
    inputs = {"f": "(1-x)^2 + 2(y-x^2)^2", "start": "x=3, y=2"}
    nabla.run("descend", inputs)
    best = np.inf
    for _ in range(3):
        begun = time.perf_counter()
        nabla.run("descend", inputs)
        best = min(best, time.perf_counter() - begun)
    return float(best)


def main() -> int:
    """Print everything."""
    peers()
    figures, false = race()
    status = report("Evaluations of f and gradient, the same derivatives and tolerances", "SciPy", figures)
    print(f"false verdicts: {false} of {len(figures)}")
    print(f"a whole answer, contours and six methods in the valley: {1000 * whole():.0f} ms")
    return status or int(false > 0)


if __name__ == "__main__":
    sys.exit(main())
