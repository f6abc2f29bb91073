"""The operations of tensors: each is one entry, with its rule, its notation, its corners and its mistakes."""

# These modules register their operations.
from nabla.tensor.operations import decompositions, deviations, elementwise, products, reductions, shapes, softmax

__all__ = ["decompositions", "deviations", "elementwise", "products", "reductions", "shapes", "softmax"]
