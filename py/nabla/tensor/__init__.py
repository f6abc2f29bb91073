"""Tensors that record what is computed, its reverse sweep, and the dialects that programs are written in."""
