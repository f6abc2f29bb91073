"""Gradients beside micrograd (scalars) and HIPS autograd (arrays): the time of the same work, programs read included.

Nabla reads the program's text and interprets it; the peers run as Python. CPU time, the best of several runs. The peers
come into an environment of their own below .cache. The last figures are those of the built site in a browser.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import nabla
from nabla.labs.backprop.run import run
from tests.bench._figures import Figure, report
from tests.bench._peers import run_beside

ROOT = Path(__file__).parents[2]
PEERS = ("numpy==2.4.3", "sympy==1.14.0", "autograd==1.8.0", "micrograd==0.1.0")
RUNS = 5
STEPS = 1000
NODES = 100
SCALARS = "import torch\nx = torch.tensor(0.3)\nw = torch.tensor(0.5, requires_grad=True)\nv = w\n" + "".join(
    f"v = (v * x + {i}.0) * 0.5\n" for i in range(NODES // 3)
)
LOOP = f"""import torch
torch.manual_seed(0)
X = torch.randn(8, 2)
y = X.sum(1, keepdim=True)
W1 = torch.randn(2, 4, requires_grad=True)
b1 = torch.zeros(4, requires_grad=True)
W2 = torch.randn(4, 1, requires_grad=True)
b2 = torch.zeros(1, requires_grad=True)
for step in range({STEPS}):
    loss = ((torch.tanh(X @ W1 + b1) @ W2 + b2 - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in (W1, b1, W2, b2):
            p -= 0.05 * p.grad
            p.grad.zero_()
"""
# What the page is allowed for each, in milliseconds.
PROGRAMS = {
    f"{NODES} scalar nodes": (SCALARS + "v.backward()\n", 300.0),
    f"{STEPS} steps of two layers": (LOOP, 2000.0),
}


def peers() -> None:
    """Run this benchmark again where the peers are, unless they are here."""
    if importlib.util.find_spec("autograd") and importlib.util.find_spec("micrograd"):
        return
    from tests.bench import backprop_page

    page = json.dumps(backprop_page.main(PROGRAMS))
    sys.exit(run_beside(PEERS, "backprop", [page]))


def best(work: Callable[[], object]) -> float:
    """The least CPU time of several runs, in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def micrograd_scalars() -> None:
    """The chain of scalars."""
    from micrograd.engine import Value

    x, v = Value(0.3), Value(0.5)
    for i in range(NODES // 3):
        v = (v * x + float(i)) * 0.5
    v.backward()


def autograd_loop() -> None:
    """The two layers and their steps."""
    from autograd import grad
    from autograd import numpy as anp

    rng = np.random.default_rng(0)
    X = rng.normal(size=(8, 2))
    y = X.sum(1, keepdims=True)
    params = [rng.normal(size=(2, 4)), np.zeros(4), rng.normal(size=(4, 1)), np.zeros(1)]

    def loss(p: list) -> object:
        return anp.mean((anp.dot(anp.tanh(anp.dot(X, p[0]) + p[1]), p[2]) + p[3] - y) ** 2)

    slope = grad(loss)
    for _ in range(STEPS):
        params = [p - 0.05 * g for p, g in zip(params, slope(params), strict=True)]


def main() -> int:
    """Measure and print."""
    peers()
    scalars, _ = PROGRAMS[f"{NODES} scalar nodes"]
    loop = best(autograd_loop)
    figures = [
        Figure(f"{NODES} scalar nodes, read and run", "ms", best(lambda: run(scalars)), best(micrograd_scalars)),
        Figure(f"{STEPS} steps of two layers, read and run", "ms", best(lambda: run(LOOP)), loop, 2.0),
        Figure(f"{STEPS} steps, the whole answer", "ms", best(lambda: nabla.backprop(LOOP)), loop, 2.5),
        *(Figure(*figure) for figure in json.loads(sys.argv[1] if len(sys.argv) > 1 else "[]")),
    ]
    return report("Gradients", "peer", figures)


if __name__ == "__main__":
    sys.exit(main())
