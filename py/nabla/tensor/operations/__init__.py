"""The operations of tensors: each is one entry, with its rule, its notation, its corners and its mistakes."""

# These modules register their operations.
from nabla.tensor.operations import deviations, elementwise, products, reductions, shapes, softmax

__all__ = ["deviations", "elementwise", "products", "reductions", "shapes", "softmax"]
