"""What `import` gives: one file for related modules, with the original's names."""

from __future__ import annotations

from nabla.program.evidence import Evidence
from nabla.program.guard import Guard
from nabla.program.modules import classes, files, hints, numpy, plain, plotting
from nabla.program.objects import Supply

# Short names that people forget to import.
USUAL = {
    "np": "numpy", "numpy": "numpy", "math": "math", "random": "random", "time": "time", "plt": "matplotlib.pyplot",
    "torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "optim": "torch.optim",
    "Variable": "torch.autograd:Variable", "jax": "jax", "jnp": "jax.numpy", "copy": "copy", "itertools": "itertools",
    "functools": "functools", "scipy": "scipy", "partial": "functools:partial", "defaultdict":
    "collections:defaultdict", "deque": "collections:deque", "os": "os", "sys": "sys",
}  # fmt: skip


def standard(guard: Guard, evidence: Evidence) -> Supply:
    """The standard library as far as it is here, and plotting, which is only taken down."""
    made = plain.supply(guard, evidence) | classes.supply(guard) | hints.supply() | plotting.supply(guard, evidence)
    return made | numpy.supply(guard) | files.supply()
