"""Makes names.json: what PyTorch 2.13 has under `torch.nn`, its functions, optimisers and `torch.linalg`.

python tests/truth/names.py, where torch is installed.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import torch
from torch.nn import functional

TABLE = Path(__file__).with_name("names.json")


def main() -> None:
    """Write the names."""
    found = {
        "nn": [n for n in dir(torch.nn) if n[0].isupper() and inspect.isclass(getattr(torch.nn, n))],
        "functional": [
            n for n in dir(functional)
            if n[0].islower() and callable(getattr(functional, n)) and not inspect.isclass(getattr(functional, n))
        ],
        "optim": [n for n in dir(torch.optim) if n[0].isupper()],
        "linalg": [n for n in dir(torch.linalg) if n[0].islower() and callable(getattr(torch.linalg, n))],
    }  # fmt: skip
    TABLE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
