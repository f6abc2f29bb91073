"""The operations of tensors: each is one entry, with its rule, its notation, its corners and its mistakes."""

# These modules register their operations.
from nabla.tensor.operations import elementwise, products, reductions, shapes

__all__ = ["elementwise", "products", "reductions", "shapes"]
