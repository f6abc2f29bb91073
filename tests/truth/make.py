"""Run every program of snippets.txt and corners.txt with real PyTorch and store what it gives.

`python tests/truth/make.py`.

Needs torch (`pip install torch==2.13.0`) in the Python that runs it; the tests read the table and need no PyTorch.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.truth.snippets import HEADER, snippets  # noqa: E402


def plain(tensor: torch.Tensor) -> object:
    """A tensor as nested lists, with NaN and infinities as text."""
    return [plain(part) for part in tensor] if tensor.ndim else told(tensor.item())


def told(value: object) -> object:
    """A number as JSON can hold it."""
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return str(value)
    return value


def run(code: str) -> dict[str, object]:
    """What one program prints, what its tensors' .grad hold, and what it raises."""
    names: dict[str, object] = {}
    output = io.StringIO()
    raised = None
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(code, "snippet", "exec"), names)
        except Exception as error:
            raised = {"type": type(error).__name__, "message": str(error)}
    grads = {}
    for name, value in names.items():
        if isinstance(value, torch.Tensor) and value.is_leaf and value.grad is not None:
            grads[name] = plain(value.grad)
    return {"printed": output.getvalue(), "grads": grads, "raises": raised}


def corners() -> dict[str, object]:
    """The gradient that PyTorch takes at each place of corners.txt."""
    found = {}
    for line in (HERE / "corners.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, y, x, _ = (part.strip() for part in line.split("|"))
        code = f"{HEADER}x = torch.tensor({x}, requires_grad=True)\n({y}).sum().backward()\n"
        found[name] = run(code)["grads"]["x"]  # type: ignore[index]
    return found


def main() -> None:
    """Write the table."""
    table = {name: run(code) for name, code in snippets().items()}
    data = {"torch": torch.__version__.split("+")[0], "programs": table, "corners": corners()}
    (HERE / "pytorch.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(table)} programs, PyTorch {torch.__version__}", file=sys.stderr)


if __name__ == "__main__":
    main()
