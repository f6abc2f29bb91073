"""The labs: each module declares one lab and answers it with a Document. Importing the package registers them all."""

from nabla.labs import backprop, derive, fit

__all__ = ["backprop", "derive", "fit"]
