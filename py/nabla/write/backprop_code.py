"""Programs that compute the same gradients again and assert them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nabla.document import Source
from nabla.tensor.tape import Vertex


def exports(text: str, dialect: str, root: Vertex, seed: Any, grads: Mapping[str, Any]) -> list[Source]:
    """The program itself with assertions behind it."""
    found = []
    if dialect == "torch":
        found.append(Source("PyTorch", "python", _asserted(text, grads)))
    return found


def _asserted(text: str, grads: Mapping[str, Any]) -> str:
    lines = [text.rstrip(), "", "# What Nabla found, checked by PyTorch itself."]
    for name, g in grads.items():
        if g is not None and np.size(g) <= 64:
            lines.append(
                f"torch.testing.assert_close({name}.grad, torch.tensor({np.asarray(g).tolist()!r}), rtol=1e-4, "
                f"atol=1e-6)"
            )
    return "\n".join([*lines, 'print("every gradient agrees")', ""])
