"""Keras on the tape: layers, models, losses and optimisers with the original's names and formulas."""
