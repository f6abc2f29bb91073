"""Random programs of tensors beside differences of the program itself and beside PyTorch: no false alarm, no fault.

    python -m tests.bench.hunt_tensors [COUNT [FIRST]]    that many programs, from seeds FIRST on; 20,000 when not said
    python -m tests.bench.hunt_tensors store              what PyTorch gives for the first ones, for the tests

Each program has one or two leaves and a few steps of a grammar of functions, reductions, products, shapes, views and
changes in place. A fault is an exception that is none of the program's, a check that failed, or a gradient other than
PyTorch's where PyTorch is installed. What was found is said by kind, with the program.
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import nabla

UNARY = (
    "torch.exp({})", "torch.tanh({})", "torch.sigmoid({})", "torch.relu({})", "{}.abs()", "torch.sin({})", "{} ** 2",
    "F.softplus({})", "torch.sqrt({} ** 2 + 0.5)", "torch.log({} ** 2 + 0.3)", "F.gelu({})", "F.elu({})", "{} * 1.7",
    "torch.erf({})", "F.leaky_relu({}, 0.2)", "{}.clamp(-0.8, 0.9)", "1 / ({} ** 2 + 1)", "F.silu({})", "-{}",
    "F.hardtanh({})", "torch.where({0} > 0.1, {0} * 2, torch.cos({0}))", "{}.cumsum(-1)", "F.softmax({}, -1)",
    "F.log_softmax({}, -1)", "F.layer_norm({0}, ({0}.shape[-1],))", "{}.sort(-1)[0]", "{}.flip(-1)", "F.mish({})",
    "{0} / ({0}.norm() + 1)", "{0} - {0}.mean(-1, keepdim=True)", "F.selu({})", "F.softsign({})", "{}.clone()",
)  # fmt: skip
BINARY = ("{} + {}", "{} - {}", "{} * {}", "{} / ({} ** 2 + 1)", "torch.maximum({}, {})", "torch.minimum({}, {})")
SAME_PLACE = ("{}.mul_(1.3)", "{}[0] = 0.5", "{}.add_(1)", "{}[..., 0] *= 2", "{}.t()[0] += 1")
REDUCTIONS = (
    "{}.sum()", "{}.mean()", "{}.prod()", "{}.max()", "{}.min()", "{}.median()", "{}.std()", "{}.var()", "{}.norm()",
    "{}.logsumexp(-1).sum()", "{}.max(-1)[0].sum()", "({0} ** 2).mean()", "{}.amax(0).sum()", "{}.topk(2, -1)[0].sum()",
    "F.mse_loss({}, torch.zeros(3, 3))", "F.cross_entropy({}, torch.tensor([0, 2, 1]))", "({0} @ {0}).trace()",
    "torch.einsum('ij,ij->', {0}, {0})", "F.smooth_l1_loss({}, torch.ones(3, 3))", "{}.diagonal().sum()",
)  # fmt: skip
STORED, TABLE = 60, Path(__file__).parents[1] / "truth" / "hunt_tensors.json"
HEAD = "import torch\nimport torch.nn.functional as F\n"


def program(seed: int) -> str:
    """One program; its numbers repeat now and then, so that there are ties."""
    draw = random.Random(seed)

    def number() -> float:
        return draw.choice([-1.0, 0.0, 0.5, 2.0]) if draw.random() < 0.05 else round(draw.uniform(-1.8, 1.8), 2)

    def leaf(name: str) -> str:
        rows = [[number() for _ in range(3)] for _ in range(3)]
        return f"{name} = torch.tensor({rows}, requires_grad=True)"

    names = ["a", "b"][: draw.randint(1, 2)]
    lines = [leaf(name) for name in names]
    for step in range(draw.randint(1, 5)):
        if draw.random() < 0.35:
            made = draw.choice(BINARY).format(draw.choice(names), draw.choice(names))
        elif draw.random() < 0.15:
            made = f"{draw.choice(names)} @ {draw.choice(names)}"
        else:
            made = draw.choice(UNARY).format(draw.choice(names))
        lines.append(f"v{step} = {made}")
        names.append(f"v{step}")
        if draw.random() < 0.1:
            lines.append(draw.choice(SAME_PLACE).format(names[-1]))
    lines += [f"loss = {draw.choice(REDUCTIONS).format(names[-1])}", "loss.backward()"]
    return HEAD + "\n".join(lines) + "\n"


Truth = tuple[str, dict[str, list[list[str]] | None]]  # the exception's first words, and the gradients as text


def beside_pytorch(code: str) -> Truth:
    """What PyTorch does with the program."""
    names: dict[str, object] = {}
    try:
        exec(compile(code, "program", "exec"), names)
    except RuntimeError as error:
        return str(error)[:60], {}
    grads = {name: names[name].grad for name in ("a", "b") if name in names}  # type: ignore[attr-defined]
    return "", {name: None if g is None else [[str(v) for v in row] for row in g.tolist()] for name, g in grads.items()}


def faults(code: str, truth: Truth | None) -> Iterator[str]:
    """What is wrong with the answer to a program, by kind."""
    document = nabla.backprop(code)
    raised = document.values["raises"]
    if not raised and any(check.verdict == "failed" for check in document.checks):
        yield "a check failed"
    if truth is None:
        return
    message, grads = truth
    if (raised["message"][:60] if raised else "") != message:
        yield "another exception than PyTorch's"
    for name, g in grads.items():
        ours = document.values["grads"].get(name)
        if (ours is None) != (g is None):
            yield "a gradient where PyTorch has none, or the reverse"
        elif g is not None:
            theirs = np.asarray(g, np.float64)
            scale = max(1.0, float(np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)))
            if not np.allclose(np.asarray(ours, np.float64), theirs, rtol=2e-3, atol=2e-4 * scale, equal_nan=True):
                yield "another gradient than PyTorch's"


def store() -> None:
    """Write the table that the tests read."""
    table = {str(seed): beside_pytorch(program(seed)) for seed in range(STORED)}
    TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def main(count: int, first: int) -> int:
    """Hunt, and say what was found."""
    torch = importlib.util.find_spec("torch") is not None
    found: Counter[str] = Counter()
    for seed in range(first, first + count):
        code = program(seed)
        try:
            kinds = list(faults(code, beside_pytorch(code) if torch else None))
        except Exception as error:
            kinds = [f"{type(error).__name__}: {error}"[:120]]
        for kind in kinds:
            found[kind] += 1
            if found[kind] <= 3:
                print(f"seed {seed}: {kind}\n{code.removeprefix(HEAD)}")
    print(
        f"{count:,} programs from seed {first}, {'with' if torch else 'without'} PyTorch: {dict(found) or 'no fault'}"
    )
    return bool(found)


if __name__ == "__main__":
    if sys.argv[1:] == ["store"]:
        store()
    else:
        numbers = [int(part) for part in sys.argv[1:]]
        sys.exit(main((numbers or [20_000])[0], ([*numbers[1:], 0])[0]))
