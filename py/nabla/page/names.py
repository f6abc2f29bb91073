"""The names that the Python cell's editor offers behind `np.`, `sp.`, `nabla.` and by themselves."""

from __future__ import annotations

import numpy as np
import sympy as sp

import nabla


def names() -> dict[str, list[str]]:
    """The public names of each module, by what programs call it, in the order of the alphabet."""
    modules = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft, "np.random": np.random, "sp": sp, "nabla": nabla}
    return {called: [name for name in dir(module) if not name.startswith("_")] for called, module in modules.items()}
