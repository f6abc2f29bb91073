"""The labs: each folder declares one lab and answers it with a Document. Importing the package registers them all."""

# In the order in which the page shows them.
# isort: off
import nabla.labs.derive.lab
import nabla.labs.backprop.lab
import nabla.labs.fit.lab
import nabla.labs.descend.lab
import nabla.labs.train.lab
import nabla.labs.decompose.lab  # noqa: F401
