"""Small networks as people write them in NumPy: their programs compiled, followed, recognised, checked and trained."""
