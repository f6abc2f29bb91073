"""Small networks as people write them in NumPy: their gradient, and passes that are wrong."""
