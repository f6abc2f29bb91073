"""The labs: each module declares one lab and answers it with a Document. Importing the package registers them all."""

# In the order in which the page shows them.
from nabla.labs import derive, backprop, fit, descend, train, decompose  # isort: skip

__all__ = ["backprop", "decompose", "derive", "descend", "fit", "train"]
