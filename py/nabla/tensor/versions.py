"""The libraries whose conventions and messages are reproduced, with the versions they were compared with."""

# dialect: (its name among values, its name in prose, its version)
LIBRARIES: dict[str, tuple[str, str, str]] = {
    "torch": ("torch", "PyTorch", "2.13"),
    "jax": ("jax", "JAX", "0.10"),
    "autograd": ("autograd", "autograd", "1.9"),
}
