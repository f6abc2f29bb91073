"""Derivatives by vectors and matrices as wholes."""
