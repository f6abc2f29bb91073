"""PyTorch: its tensors, functions, layers, losses, optimisers and rules about gradients."""
