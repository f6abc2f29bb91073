"""Tensors that record what is computed, its reverse sweep, and the dialects that programs are written in."""

# These modules register their operations.
from nabla.tensor import elementwise, products, reductions, shapes, torch_losses

__all__ = ["elementwise", "products", "reductions", "shapes", "torch_losses"]
