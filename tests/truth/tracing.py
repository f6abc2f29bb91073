"""Programs for `programs.py` in which JAX or HIPS autograd looks at a function with values that are no numbers."""

from __future__ import annotations

X = "x = jnp.array([1., 2., 3.])\n"
# What is asked of a value that stands for any: all of these raise, or print what stands for it.
ASKED = (
    "x if x > 0 else 0.", "(x > 0) and (x < 1)", "float(x)", "int(x)", "[i for i in range(x)]", "np.sin(x)",
    "math.sin(x)", "x.item()", "[1, 2, 3][x]", "jnp.zeros(x)", "jnp.ones((x, 2))", "jnp.arange(x)", "max(x, 0.)",
    "abs(x) * 2", "print(x, x + 1)", "f'{x:.2f}'", "not x > 0", "jnp.where(x > 0, x, 0.)", "x.shape",
)  # fmt: skip
JITTED = [
    *(f"print(jax.jit(lambda x: {body})({at}))" for body in ASKED for at in ("3.", "3")),
    *(f"print(jax.vmap(lambda x: {body})(jnp.array([1., 2.])))" for body in ASKED[:4]),
    "@jax.jit\ndef relu(x):\n    if x > 0:\n        return x\n    return 0.\nprint(relu(2.))",
    "print(jax.jit(jax.grad(lambda x: x * x if x > 0 else 0.))(3.))",
    "print(jax.grad(jax.jit(lambda x: x * x if x > 0 else 0.))(3.))",
    "print(jax.jit(lambda x, n: x ** n if n > 1 else x, static_argnums=1)(3., 2))",
    "print(jax.jit(lambda x, n=3: x ** n if n > 1 else x, static_argnames='n')(3., n=2))",
    "print(jax.jit(lambda p: p['w'] * 2)({'w': 3.}))",
    "print(jax.jit(lambda x, s: x)(2., 'a'))",
    "from functools import partial\n@partial(jax.jit, static_argnums=(1,))\ndef f(x, n):\n"
    "    for _ in range(n):\n        x = x * 2\n    return x\nprint(f(1.5, 3))",
    "def f(x, n):\n    for _ in range(n):\n        x = x * 2\n    return x\nprint(jax.jit(f)(1.5, 3))",
    X + "print(jax.jit(lambda x: x[x > 1])(x))",
    X + "print(jax.jit(lambda x: sum(v for v in x))(x))",
    X + "print(jax.lax.scan(lambda c, x: (c + x, x) if x > 0 else (c, x), 0., x))",
    X + "print(jax.lax.scan(lambda c, x: (c + x, c * x), 0., x))",
    X + "print(jax.lax.fori_loop(0, 3, lambda i, c: c + x[i], 0.))",
    "print(jax.lax.fori_loop(0, 3, lambda i, c: c + 1 if i > 1 else c, 0.))",
    "print(jax.lax.cond(True, lambda v: v if v > 0 else -v, lambda v: v, 2.))",
    "print(jax.lax.while_loop(lambda c: c < 30, lambda c: c * 2, 1))",
    "print(jax.grad(lambda x: jax.lax.while_loop(lambda c: c < 30, lambda c: c * 2, x))(1.))",
    "print(jax.grad(lambda x: jax.lax.fori_loop(0, 3, lambda i, c: c * x, 1.))(2.))",
]
DIFFERENTIATED = [
    "print(jax.grad(lambda x: [print(x, x * 2), x * x][1])(3.))",
    X + "print(jax.grad(lambda x: [print(x, x[0]), (x * x).sum()][1])(x))",
    "print(jax.grad(lambda x: [print(f'{x:.2f}'), x * x][1])(3.))",
    "print(jax.grad(lambda x: x * x if x > 0 else 0.)(3.))",
    "print(jax.grad(lambda x: float(x) * x)(2.))",
    "print(jax.grad(lambda x: int(x) * x)(2.))",
    "print(jax.grad(lambda x: x.item())(2.))",
    "print(jax.grad(lambda x: 3.0)(1.))",
    "print(jax.grad(lambda x: None)(1.))",
    "print(jax.grad(lambda x: (x * x, x), has_aux=True)(3.)[0])",
    "print(jax.value_and_grad(lambda x: (x * x, x), has_aux=True)(3.)[1])",
    "print(jax.grad(lambda x: x * x, argnums=1)(2.))",
    "print(jax.grad(lambda x: sum(x for i in range(x)))(2.))",
    X + "print(jax.grad(lambda x: x[x > 1].sum())(x))",
    X + "print(jax.grad(lambda x: x.tolist()[0])(x))",
    X + "print(jax.grad(lambda x: jnp.array([x[0], 2.]).sum())(x))",
    X + "print(x + jnp.ones((2,)))",
    X + "print(jnp.dot(x, jnp.ones((2,))))",
    "def f(x):\n    y = np.zeros(3)\n    y[0] = x\n    return y.sum()\nprint(jax.grad(f)(2.))",
]
# Of an array x in both, with X for the module.
ARRAYED = (
    "X.sum(X.append(x, 2.0) ** 2)", "X.sum(X.tile(x, 2) ** 2)", "X.sum(X.tile(x, (2, 2)) ** 3)",
    "X.sum(X.repeat(x, 2) ** 2)", "X.sum(X.split(x, 3)[1] ** 2)", "X.sum(X.take(x, X.array([0, 0, 2])) ** 2)",
    "X.sum(X.pad(x, 1, 'constant') ** 2)", "X.sum(X.logaddexp(x, 1.0))", "X.sum(X.swapaxes(X.outer(x, x), 0, 1)[0])",
    "X.sum(X.roll(x, 1) * x)", "X.sum(X.diff(x) ** 2)", "X.sum(X.cross(x, x ** 2) ** 2)",
    "X.tensordot(x, x ** 2, 1)", "X.sum(X.cumsum(x) * x)", "X.sum(X.meshgrid(x, x)[0] ** 2)",
    "X.linalg.slogdet(X.outer(x, x) + X.eye(3))[1]", "X.sum(X.linalg.cholesky(X.outer(x, x) + X.eye(3)))",
    "X.sum(X.linalg.eigh(X.outer(x, x) + X.diag(X.array([1., 2., 3.])))[0] ** 2)",
    "X.sum(X.linalg.pinv(X.stack([x, x ** 2], axis=1)))", "X.sum(X.column_stack([x, x ** 2])[:, 1])",
)  # fmt: skip
BOXED = [
    "grad(lambda x: [print(x, x * 2, f'{x}'), x * x][1])(2.)",
    "grad(lambda x: [print(f'{x:.2f}'), x * x][1])(2.)",
    "grad(lambda x: x.dot(x))(np.ones(2))",
    "grad(lambda x: x.item())(np.array(2.))",
    "print(grad(lambda x: x.sum() * x.mean())(np.ones(2)))",
    "grad(lambda x: sum([x for i in range(x)]))(2.)",
    "print(grad(lambda x: np.sum(np.array([x[0], x[1] ** 2])))(np.ones(3)))",
    "def f(x):\n    y = np.zeros(3)\n    for i in range(3):\n        y[i] = x[i] ** 2\n    return np.sum(y)\ngrad(f)(np.ones(3))",
    "def f(x):\n    y = np.zeros(3)\n    for i in range(3):\n        y[i] += x[i]\n    return np.sum(y)\ngrad(f)(np.ones(3))",
    "def f(x):\n    y = np.zeros(3)\n    y = y + x\n    return np.sum(y)\nprint(grad(f)(np.ones(3)))",
    "def f(x):\n    x += 1\n    return np.sum(x ** 2)\nprint(grad(f)(np.ones(3)))",
    "def f(x):\n    x[0] = 1.\n    return np.sum(x)\ngrad(f)(np.ones(3))",
    "print(grad(lambda x: 3.0)(1.))",
]


def tracing(jax: str, autograd: str) -> list[tuple[str, str]]:
    """The dialect and the code of each; `jax` and `autograd` are their imports."""
    head = f"{jax}import numpy as np\nimport math\n"
    arrays = [
        (name, f"{imports}x = {module}.array([0.7, 2.0, 1.2])\nf = lambda x: {body.replace('X.', module + '.')}\n"
               f"print(f(x))\nprint({call}(f)(x))")
        for body in ARRAYED for name, imports, module, call in (
            ("jax", jax, "jnp", "jax.grad"), ("autograd", autograd, "np", "grad"))
    ]  # fmt: skip
    return [
        *arrays,
        *(("jax", head + code) for code in [*JITTED, *DIFFERENTIATED]),
        *(("autograd", autograd + c) for c in BOXED),
    ]
