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

DRAWN = "import torch\nfrom torch.distributions import Normal, Uniform, Categorical, Bernoulli, kl_divergence\n"
DRAWN += "torch.manual_seed(3)\nx = torch.tensor([0.5, 2.0], requires_grad=True)\n"
OF_DRAWS = [
    "print(torch.rand(3, dtype=torch.float64), torch.randn(4, dtype=torch.float64))",
    "print(torch.randn(20, dtype=torch.float64))", "print(torch.bernoulli(torch.full((9,), 0.4)))",
    "print(torch.empty(5).exponential_(), torch.empty(6).bernoulli_(0.3))",
    "print(torch.multinomial(torch.tensor([0.2, 0.3, 0.5]), 5, replacement=True))",
    "print(torch.multinomial(torch.tensor([[0.2, 0.3, 0.5], [0.9, 0.1, 0.0]]), 1))",
    "d = torch.nn.Dropout(0.4)\ny = d(torch.ones(3, 6) * x[0])\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "d = torch.nn.Dropout(0.4).eval()\nprint(d(torch.ones(4)))",
    "y = torch.nn.functional.dropout(x.double(), 0.5)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "y = Normal(x, 1.0).log_prob(torch.tensor(1.0))\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "y = Normal(0.0, x).log_prob(torch.tensor(1.0))\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "z = Normal(x, 2 * x).rsample()\nprint(z)\n(z ** 2).sum().backward()\nprint(x.grad)",
    "d = Normal(x, 1.0)\nprint(d, d.sample(), d.mean, d.stddev, d.entropy(), d.sample().requires_grad)",
    "d = Uniform(0.0, x)\nprint(d.sample((2,)), d.log_prob(torch.tensor(0.1)), d.entropy())",
    "d = Categorical(logits=x)\na = d.sample()\nprint(a, d.log_prob(a))\n(-d.log_prob(a)).backward()\nprint(x.grad)",
    "d = Categorical(probs=x)\nprint(d.probs, d.entropy(), d.sample((7,)))\nd.entropy().backward()\nprint(x.grad)",
    "d = Categorical(logits=torch.stack([x, -x]))\na = d.sample()\nprint(a, d.log_prob(a), d)",
    "d = Bernoulli(logits=x)\na = d.sample()\nprint(a, d.log_prob(a))\nd.log_prob(a).sum().backward()\nprint(x.grad)",
    "d = Bernoulli(torch.sigmoid(x))\nprint(d.log_prob(torch.ones(2)))\nd.entropy().sum().backward()\nprint(x.grad)",
    "k = kl_divergence(Normal(x, 0.5), Normal(0.0, 1.0))\nprint(k)\nk.sum().backward()\nprint(x.grad)",
    "k = kl_divergence(Categorical(logits=x), Categorical(logits=-x))\nprint(k)\nk.backward()\nprint(x.grad)",
]  # fmt: skip

STATS = [
    "S.norm.logpdf(x)", "S.norm.logpdf(1.2, x, 0.7)", "S.norm.logpdf(1.2, 0.3, x)", "S.norm.pdf(x, 0.1, 2.0)",
    "S.norm.cdf(x)", "S.norm.cdf(0.4, x, 1.5)", "S.norm.logcdf(x)", "Z.expit(x)", "Z.logit(x / 3)", "Z.erf(x)",
    "Z.erfc(x)", "Z.logsumexp(N.array([1.0, 2.0]) * x)",
    "S.multivariate_normal.logpdf(N.array([0.3, -0.2]), N.array([1.0, 0.5]) * x, N.array([[2.0, 0.3], [0.3, 1.0]]))",
]  # fmt: skip

CHANNELS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\ntorch.manual_seed(2)\n"
CHANNELS += "x = torch.arange(32.).reshape(2, 4, 2, 2).sqrt().requires_grad_()\n"
OF_CHANNELS = [
    f"y = {body}\nprint(y)\n(y * torch.arange(1., y.numel() + 1).reshape(y.shape)).sum().backward()\nprint(x.grad)"
    for body in (
        "nn.RMSNorm(2)(x)", "F.rms_norm(x, (2, 2), eps=0.1)", "nn.PixelShuffle(2)(x)", "nn.PixelUnshuffle(2)(x)",
        "nn.ZeroPad2d((1, 0, 2, 1))(x)", "nn.ConstantPad2d(1, 3.5)(x)", "nn.ZeroPad1d(1)(x[0])",
        "nn.Dropout2d(0.4)(x)", "F.dropout1d(x[0], 0.5)", "nn.Dropout2d(0.4).eval()(x)",
        "F.interpolate(x, scale_factor=2)", "F.interpolate(x, size=(4, 2))", "F.gumbel_softmax(x[0, 0], tau=0.7)",
        "F.gumbel_softmax(x[0, 0], hard=True)",
    )
] + [
    "print(nn.RMSNorm(2), nn.PixelShuffle(2), nn.ZeroPad2d(1), nn.ConstantPad1d((1, 2), 3.5), nn.Dropout2d(0.4))",
     "y = F.pad(x, (1, 1))\nprint(y)"]  # fmt: skip


def _of_stats() -> list[tuple[str, str]]:
    found = []
    for dialect, module, call in (("jax", "jax.numpy", "jax.grad"), ("autograd", "autograd.numpy", "autograd.grad")):
        root = dialect
        head = (
            f"import {root}\nimport {module} as N\nimport {root}.scipy.stats as S\nimport {root}.scipy.special as Z\n"
        )
        head += f"import {root}.scipy.stats.norm\n" if dialect == "autograd" else ""
        found += [(dialect, f"{head}f = lambda x: {f}\nprint(f(0.8), {call}(f)(0.8))") for f in STATS]
    return found


def mixed() -> list[tuple[str, str]]:
    """The dialect and the text of each."""
    lists = ("torch", TORCH, OF_TORCH), ("jax", JAX, OF_JAX), ("autograd", HIPS, OF_HIPS), ("torch", DRAWN, OF_DRAWS)
    lists += (("torch", CHANNELS, OF_CHANNELS),)
    return [*((dialect, head + body) for dialect, head, bodies in lists for body in bodies), *_of_stats()]
