"""The labs: each a module that declares one lab and answers it with a Document, with its parts beside it."""

from nabla.lab import LABS

# In the order in which the page shows them.
LABS.name(
    {
        "derive": "nabla.labs.derive.lab",
        "backprop": "nabla.labs.backprop.lab",
        "fit": "nabla.labs.fit.lab",
        "descend": "nabla.labs.descend.lab",
        "train": "nabla.labs.train.lab",
        "decompose": "nabla.labs.decompose.lab",
    }
)
