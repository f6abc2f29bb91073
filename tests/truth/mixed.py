"""Programs that mix libraries, or give a function what it does not take; and what became of them once."""

TORCH = "import torch\nimport math\nimport numpy as np\nx = torch.tensor([1., 2.], requires_grad=True)\n"
JAX = "import jax\nimport jax.numpy as jnp\nimport numpy as np\nimport math\n"
HIPS = "import autograd.numpy as np\nimport numpy as onp\nimport math\nfrom autograd import grad\n"

OF_TORCH = [
    "y = x + None", "y = x + 'a'", "y = x + [1, 2]", "x()", "len(x.sum())", "print(x < 'a')", "torch.sin(1.0)",
    "torch.exp([1.0])", "torch.sqrt(2)", "float(x)", "print(math.sin(x.sum()), float(x.sum()))", "np.exp(x)",
    "print(np.abs(x.detach()))", "np.array(x)", "np.dot(x, x)", "np.linalg.norm(x)", "np.where(x.detach() > 0, x, 0)",
    "a = x.clone()\na.retain_grad()\na.mul_(2)\nb = a + 1\nb.sum().backward()\nprint(a.grad, x.grad)",
    "a = x * 1\na.retain_grad()\na[0] = 5.0\n(a * a).sum().backward()\nprint(a.grad, x.grad)",
    "y = (x * x).sum()\nz = y.detach() * x.sum()\nz.backward()\nprint(x.grad, y.grad)",
    "g = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)[0]\n(g ** 2).sum().backward()\nprint(g, x.grad)",
]  # fmt: skip
OF_JAX = [
    "jax.grad(lambda x: math.sin(x))(1.0)", "jax.grad(lambda x: np.sin(x))(1.0)",
    "print(jax.grad(lambda x: np.sum(x))(jnp.ones(2)))", "jax.grad(lambda x: np.dot(x, x))(jnp.ones(2))",
    "jax.grad(lambda x: np.where(x > 0, x, 0.))(1.0)", "jax.grad(lambda x: float(x) * 2)(1.0)",
    "print(jax.grad(lambda x: np.mean(x))(jnp.ones(2)))", "print(math.sin(jnp.float32(1.0)))",
    "x = jnp.ones(2) + 'a'",
]  # fmt: skip
OF_HIPS = [
    "print(grad(lambda x: onp.sin(x))(1.0))", "grad(lambda x: math.exp(np.dot(x, x)))(np.array([1.0, 2.0]))",
    "grad(lambda x: float(x) * 2)(1.0)", "print(grad(lambda x: onp.sum(x ** 2))(np.ones(2)))",
    "print(math.sin(np.array(1.0)))", "grad(lambda x: math.sqrt(x))(4.0)",
]  # fmt: skip


def mixed() -> list[tuple[str, str]]:
    """The dialect and the text of each."""
    lists = ("torch", TORCH, OF_TORCH), ("jax", JAX, OF_JAX), ("autograd", HIPS, OF_HIPS)
    return [(dialect, head + body) for dialect, head, bodies in lists for body in bodies]
