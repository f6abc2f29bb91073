"""Makes programs.jsonl: small programs, and what the real PyTorch, JAX, autograd and NumPy do with them.

python tests/truth/programs.py, where torch, jax, autograd and numpy are installed. Each line holds the dialect, the
program, what it prints, and the type and message of what it raises, or null.
"""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from pathlib import Path

from mixed import mixed
from named import named
from pasted import pasted
from tracing import tracing

TABLE = Path(__file__).with_name("programs.jsonl")
TORCH = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
JAX = "import jax\nimport jax.numpy as jnp\n"
AUTOGRAD = "import autograd.numpy as np\nfrom autograd import grad, jacobian, elementwise_grad\n"

ELEMENTWISE = (
    "exp log sqrt sin cos tan tanh sigmoid abs square reciprocal log1p expm1 erf sinh cosh atan asinh relu neg sign "
    "floor ceil round exp2 log2 log10 rsqrt asin acos atanh erfc trunc"
).split()
REDUCTIONS = ("sum() mean() prod() max() min() std() var() norm() logsumexp(0) sum(0) mean(0) amax(0) amin(0) "
              "cumsum(0) cumprod(0) softmax(0) log_softmax(0) median() argmax() argmin() numel() std(unbiased=False) "
              "var(0) sum(dim=0,keepdim=True) mean(dim=(0,)) flip(0) sort()[0] topk(2)[0]").split()  # fmt: skip
SHAPES = (
    "t() T reshape(3,2) view(-1) permute(1,0) transpose(0,1) unsqueeze(0) squeeze() flatten() expand(2,3) repeat(2,1) "
    "chunk(2)[0] split(1)[1] [0] [:,1] [...,0] [-1] [[0,1],[1,2]] [1:,:2] diagonal() tril() triu() unbind(0)[1] "
    "roll(1) narrow(1,0,2) select(0,1) clone() detach() contiguous() [None] gather(1,torch.tensor([[0],[1]]))"
).split()
BINARY = (
    "a+b a-b a*b a/b a**2 2**a a@b.T a.dot(b) torch.maximum(a,b) torch.minimum(a,b) torch.atan2(a,b) a//b a%b a==b a>b "
    "torch.where(a>b,a,b) torch.outer(a,b) torch.cat([a,b]) torch.stack([a,b]) (a*b).sum()/b.norm() a.clamp(0.5,1.5) "
    "torch.einsum('i,i->',a,b) F.mse_loss(a,b) F.l1_loss(a,b) F.smooth_l1_loss(a,b) F.cosine_similarity(a,b,dim=0) "
    "torch.lerp(a,b,0.5) torch.hypot(a,b) a.pow(b) torch.dot(a,b) torch.allclose(a,b) a.add(b,alpha=2) a.mul(b) "
    "torch.addcmul(a,a,b) torch.cross(a,b,dim=0) torch.cdist(a[None],b[None]) a.lt(b) torch.logaddexp(a,b)"
).split()
LAYERS = [
    "nn.Linear(3, 2)",
    "nn.Linear(3, 1, bias=False)",
    "nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))",
    "nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2), nn.Softmax(dim=1))",
    "nn.LayerNorm(3)",
    "nn.BatchNorm1d(3)",
    "nn.Sigmoid()",
    "nn.ELU()",
    "nn.LeakyReLU(0.1)",
    "nn.GELU()",
    "nn.Softplus()",
    "nn.SiLU()",
    "nn.LogSoftmax(dim=1)",
    "nn.Identity()",
    "nn.Flatten()",
    "nn.Hardtanh()",
    "nn.ReLU6()",
    "nn.Mish()",
    "nn.SELU()",
    "nn.Dropout(0.5).eval()",
    "nn.PReLU()",
    "nn.Softsign()",
    "nn.Tanhshrink()",
    "nn.CELU()",
]
LOSSES = [
    ("nn.MSELoss()", "x", "torch.ones(2, 3)"), ("nn.MSELoss(reduction='sum')", "x", "torch.ones(2, 3)"),
    ("nn.L1Loss()", "x", "torch.ones(2, 3)"), ("nn.CrossEntropyLoss()", "x", "torch.tensor([0, 2])"),
    ("nn.NLLLoss()", "F.log_softmax(x, 1)", "torch.tensor([0, 2])"), ("nn.BCELoss()", "torch.sigmoid(x)", "torch.ones(2, 3)"),
    ("nn.BCEWithLogitsLoss()", "x", "torch.ones(2, 3)"), ("nn.SmoothL1Loss()", "x", "torch.zeros(2, 3)"),
    ("nn.HuberLoss()", "x", "torch.zeros(2, 3)"), ("nn.KLDivLoss(reduction='batchmean')", "F.log_softmax(x, 1)",
                                                   "torch.full((2, 3), 1/3)"),
    ("nn.CrossEntropyLoss(reduction='none')", "x", "torch.tensor([0, 2])"),
    ("nn.CrossEntropyLoss(label_smoothing=0.1)", "x", "torch.tensor([0, 2])"),
    ("nn.PoissonNLLLoss()", "x", "torch.ones(2, 3)"), ("nn.SoftMarginLoss()", "x", "torch.ones(2, 3)"),
]  # fmt: skip
OPTIMIZERS = ["SGD(p, lr=0.1)", "SGD(p, lr=0.1, momentum=0.9)", "SGD(p, lr=0.1, momentum=0.9, nesterov=True)",
              "SGD(p, lr=0.1, weight_decay=0.01)", "Adam(p, lr=0.1)", "Adam(p, lr=0.1, weight_decay=0.01)",
              "AdamW(p, lr=0.1)", "RMSprop(p, lr=0.1)", "Adagrad(p, lr=0.1)", "Adamax(p, lr=0.1)", "NAdam(p, lr=0.1)",
              "Adadelta(p)"]  # fmt: skip
BODIES = [
    "x = torch.tensor(2.0, requires_grad=True)\ny = x ** 3\ny.backward()\ny.backward()",
    "x = torch.ones(2, requires_grad=True)\nx += 1",
    "x = torch.ones(2, requires_grad=True)\nx[0] = 5.0",
    "x = torch.ones(2, requires_grad=True)\n(x * 2).backward()",
    "x = torch.ones(2)\nx.sum().backward()",
    "x = torch.tensor([1, 2], requires_grad=True)",
    "a = torch.ones(2, 3)\nb = torch.ones(2, 3)\na @ b",
    "a = torch.ones(2, 3)\nb = torch.ones(4)\na + b",
    "x = torch.ones(2, requires_grad=True)\nx.numpy()",
    "x = torch.ones(2, 3)\nx.item()",
    "x = torch.ones(3)\nbool(x > 0)",
    "x = torch.tensor([0.2, -1.0], requires_grad=True)\ns = torch.tanh(x)\ns *= 2\ns.sum().backward()",
    "x = torch.tensor([0.2, -1.0], requires_grad=True)\ns = x * 3\ns *= 2\ns.sum().backward()\nprint(x.grad)",
    "x = torch.tensor([1., 2.], requires_grad=True)\ny = x.exp()\ny.add_(1)\ny.sum().backward()",
    "x = torch.tensor(3., requires_grad=True)\ny = x * 2\nz = y.detach() * x\nz.backward()\nprint(x.grad, y.grad_fn is None)",
    "x = torch.tensor(3., requires_grad=True)\nwith torch.no_grad():\n    y = x * 2\nprint(y.requires_grad, y.is_leaf)",
    "x = torch.tensor(3., requires_grad=True)\ny = x ** 2\ng, = torch.autograd.grad(y, x, create_graph=True)\ng.backward()\nprint(g, x.grad)",
    "x = torch.tensor(3., requires_grad=True)\ny = torch.tensor(1., requires_grad=True)\ntorch.autograd.grad(x ** 2, y)",
    "x = torch.tensor(3., requires_grad=True)\ny = torch.tensor(1., requires_grad=True)\nprint(torch.autograd.grad(x ** 2, [x, y], allow_unused=True))",
    "x = torch.tensor([1., 2.], requires_grad=True)\ny = x * 2\ny.retain_grad()\ny.sum().backward()\nprint(y.grad, x.grad, y.is_leaf)",
    "x = torch.tensor([1., 2.], requires_grad=True)\nprint(x, x * 2, (x * 2).sum(), x.detach())",
    "x = torch.tensor([1., 2.])\nprint(x.dtype, x.shape, x.size(0), x.ndim, x.device, x.requires_grad, x.grad)",
    "print(torch.arange(5), torch.linspace(0, 1, 3), torch.eye(2), torch.zeros(2, 2), torch.full((2,), 7.))",
    "print(torch.tensor([[1, 2], [3, 4]]), torch.tensor(1.5), torch.tensor([True, False]), torch.tensor([]))",
    "torch.manual_seed(0)\nprint(torch.rand(3), torch.randn(2, 2), torch.randint(0, 10, (3,)), torch.randperm(4))",
    "w = torch.tensor([1., 2.], requires_grad=True)\nfor i in range(3):\n    loss = (w ** 2).sum()\n    loss.backward()\n    print(loss.item(), w.grad)",
    "w = torch.tensor([1., 2.], requires_grad=True)\nfor i in range(3):\n    loss = (w ** 2).sum()\n    loss.backward()\n    with torch.no_grad():\n        w -= 0.1 * w.grad\n        w.grad.zero_()\nprint(w)",
    "w = torch.tensor(1., requires_grad=True)\nw = w - 0.1\nw.backward()\nprint(w.grad)",
    "m = nn.Linear(2, 1)\nfor name, p in m.named_parameters():\n    print(name, p.shape, p.requires_grad)",
    "torch.manual_seed(1)\nm = nn.Linear(2, 1)\nprint(m, m.weight, m.bias)",
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.Linear(2, 3)\n        self.b = nn.Linear(3, 1)\n    def forward(self, x):\n        return self.b(torch.relu(self.a(x)))\ntorch.manual_seed(0)\nn = Net()\nprint(n)\nprint(n(torch.ones(1, 2)))\nprint(sum(p.numel() for p in n.parameters()))",
    "class Net(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(2, 3)\nNet()",
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = nn.Parameter(torch.ones(2))\n    def forward(self, x):\n        return self.w * x\nn = Net()\nn(torch.tensor([2., 3.])).sum().backward()\nprint(n.w.grad, list(n.parameters()))",
    "class Net(nn.Module):\n    pass\nNet()(torch.ones(1))",
    "n = nn.Linear(2, 1)\nn(torch.ones(3))",
    "n = nn.Linear(2, 1)\nprint(n.zzz)",
    "x = torch.tensor([3., 1., 2.])\nv, i = x.max(0)\nprint(v, i, x.argmax().item(), x.tolist())",
    "x = torch.tensor(0., requires_grad=True)\ntorch.sqrt(x).backward()\nprint(x.grad)",
    "x = torch.tensor(0., requires_grad=True)\ntorch.abs(x).backward()\nprint(x.grad)",
    "x = torch.tensor([0., 0.], requires_grad=True)\nx.norm().backward()\nprint(x.grad)",
    "x = torch.tensor([1., 1.], requires_grad=True)\nx.max().backward()\nprint(x.grad)",
    "x = torch.tensor([-1., 2.], requires_grad=True)\ntorch.where(x > 0, x.log(), torch.zeros(2)).sum().backward()\nprint(x.grad)",
    "print(isinstance(torch.ones(1), torch.Tensor), type(torch.ones(1)), hasattr(torch.ones(1), 'grad'))",
    "x = torch.ones(2, requires_grad=True)\nx.grad.zero_()",
    "x = torch.tensor([1., 2.], requires_grad=True)\ny = x.sum()\nx.data += 1\ny.backward()\nprint(x, x.grad)",
    "x = torch.tensor([1., 2.])\nx.requires_grad_()\n(x * 3).sum().backward()\nprint(x.grad)",
    "x = torch.tensor(2., requires_grad=True)\ny = x * x\nz = y + y\nz.backward()\nprint(x.grad, y.grad_fn, z.grad_fn)",
    "x = torch.tensor([1., 2.], requires_grad=True)\ny = x * 2\ny.backward(torch.tensor([1., 0.5]))\nprint(x.grad)",
    "x = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)\nx.inverse().sum().backward()\nprint(x.grad)",
    "x = torch.tensor([[2., 0.], [0., 3.]], requires_grad=True)\ntorch.det(x).backward()\nprint(x.grad)",
    "loss = 0\nfor i in range(3):\n    loss += torch.tensor(1.0, requires_grad=True) * i\nprint(loss)\nloss.item().backward()",
    "from torch.autograd import Variable\nx = Variable(torch.ones(2), requires_grad=True)\nx.sum().backward()\nprint(x.grad)",
    "print(torch.autograd.functional.jacobian(lambda x: x ** 2, torch.tensor([1., 2.])))",
    "print(torch.autograd.functional.hessian(lambda x: (x ** 3).sum(), torch.tensor([1., 2.])))",
    "print(torch.func.grad(lambda x: x ** 2)(torch.tensor(3.)))",
]
VALUE = """class Value:
    def __init__(self, data, children=()):
        self.data, self.grad, self._prev = data, 0.0, set(children)
        self._backward = lambda: None
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out
    __radd__, __rmul__ = __add__, __mul__
    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v._prev:
                    visit(child)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._backward()
    def __repr__(self):
        return f"Value(data={self.data:.4f}, grad={self.grad:.4f})"
"""
PYTHON = [
    VALUE + "a, b = Value(2.0), Value(-3.0)\nc = a * b + a * 2 + 1\nc.backward()\nprint(a, b, c)",
    VALUE + "a = Value(3.0)\nb = a + a\nb.backward()\nprint(a.grad)",
    VALUE + "x = Value(2.0)\ny = sum([x * i for i in range(4)])\ny.backward()\nprint(x, y)",
    "import numpy as np\nnp.random.seed(0)\nX = np.random.rand(4, 3)\ny = X @ np.array([1., 2., 3.])\nw = np.zeros(3)\nfor i in range(50):\n    g = 2 * X.T @ (X @ w - y) / len(y)\n    w -= 0.5 * g\nprint(w.round(3), np.linalg.norm(g).round(4))",
    "import numpy as np\ndef sigmoid(z, deriv=False):\n    return z * (1 - z) if deriv else 1 / (1 + np.exp(-z))\nX = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])\ny = np.array([[0,1,1,0]]).T\nnp.random.seed(1)\nw = 2 * np.random.random((3, 1)) - 1\nfor i in range(100):\n    o = sigmoid(X @ w)\n    w += X.T @ ((y - o) * sigmoid(o, True))\nprint(o)",
    "def f(x):\n    return x ** 2 + 3 * x\ndef d(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)\nprint(round(d(f, 2.0), 6))",
    "x = 10.0\nfor i in range(20):\n    x -= 0.1 * 2 * x\nprint(f'{x:.6f}')",
    "import math\nx = 1.0\nwhile abs(math.cos(x) - x) > 1e-10:\n    x -= (math.cos(x) - x) / (-math.sin(x) - 1)\nprint(round(x, 8))",
    "from dataclasses import dataclass\n@dataclass\nclass P:\n    w: float\n    b: float = 0.5\np = P(2.0)\np.w -= 0.1\nprint(p, p == P(1.9))",
    "d = {}\nd['a'] += 1",
    "x = [1, 2, 3]\nprint(x[5])",
    "print(undefined_name)",
    "int('abc')",
    "1 / 0",
    "'a' + 1",
    "raise ValueError('bad rate')",
    "assert 1 > 2, 'no'",
    "def f(a): pass\nf()",
    "x = (1, 2)\nx[0] = 3",
    "[].pop()",
]
NUMPY = (
    "np.arange(6).reshape(2,3) np.linspace(0,1,5) np.eye(2) np.ones((2,2))*3 np.array([1,2,3])/2 np.array([1.5,2.5]).round() "
    "np.dot([1,2],[3,4]) np.outer([1,2],[3,4]) np.cross([1,0,0],[0,1,0]) np.sum([[1,2],[3,4]],axis=0) np.mean([1,2,4]) "
    "np.std([1,2,4]) np.var([1,2,4],ddof=1) np.exp([0,1]) np.log([1,np.e]) np.sqrt(2) np.maximum([1,5],[3,2]) "
    "np.where([True,False],1,2) np.concatenate([[1],[2,3]]) np.vstack([[1,2],[3,4]]) np.hstack([[1],[2]]) np.c_[[1,2],[3,4]] "
    "np.r_[1:4] np.diff([1,4,9]) np.cumsum([1,2,3]) np.prod([1,2,3]) np.argmax([1,9,3]) np.argsort([3,1,2]) np.sort([3,1,2]) "
    "np.unique([1,1,2]) np.linalg.inv([[2.,0],[0,4]]) np.linalg.det([[1.,2],[3,4]]) np.linalg.norm([3,4]) "
    "np.linalg.solve([[2.,0],[0,4]],[2,4]) np.linalg.eigvals([[2.,0],[0,3]]) np.clip([1,5,9],2,8) np.tile([1,2],2) "
    "np.repeat([1,2],2) np.meshgrid([1,2],[3,4])[0] np.polyfit([0,1,2],[1,3,5],1).round(6) np.polyval([1,2],3) "
    "np.gradient([1.,4.,9.]) np.trapezoid([1,2,3]) np.interp(1.5,[1,2],[10,20]) np.fft.fft([1,0,0,0]) np.zeros(3) np.full(2,7) "
    "np.array([1,2])==np.array([1,3]) np.allclose([1],[1.0000001]) np.isnan([np.nan,1]) np.array([[1,2],[3,4]]).T "
    "np.array([1,2,3])[::-1] np.array([1,2,3]).sum() np.array([[1,2],[3,4]]).mean(axis=1) np.float64(2)/3 np.int64(7)//2 "
    "np.array([1,2])+np.array([1,2,3]) np.ones((2,3))@np.ones((2,3)) np.linalg.inv(np.zeros((2,2))) np.array([1,2])[5] "
    "np.zeros((2,2)).reshape(3) np.array([1e10,1]) np.array([0.001,1000]) np.random.RandomState(0).rand(2) "
    "np.random.default_rng(0).normal(size=2) np.histogram([1,2,2,3],bins=3)[0] np.tril(np.ones((2,2))) np.trace(np.eye(3)) "
    "np.kron([1,2],[1,1]) np.matrix([[1,2]]).T np.square([1,2]) np.sign([-2,0]) np.floor(1.7) np.mod(7,3) np.hypot(3,4) "
    "np.nonzero([0,1])[0] np.count_nonzero([0,1,1]) np.flip([1,2]) np.roll([1,2,3],1) np.median([1,3,2]) np.percentile([1,2,3],50) "
    "np.corrcoef([1,2,3],[1,2,3]) np.einsum('ij->i',np.ones((2,3))) np.expand_dims([1,2],0) np.squeeze([[1,2]]) np.array([True,False])"
).split()
SHARED = ("exp log sqrt sin cos tan tanh sinh cosh arcsin arccos arctan arcsinh arccosh arctanh abs square reciprocal "
          "log1p expm1 exp2 log2 log10 sign floor ceil negative cbrt deg2rad sinc").split()  # fmt: skip
FUNCTIONS = ["x ** 2", "X.sin(x)", "X.exp(-x ** 2)", "X.log(x)", "X.sqrt(x)", "X.tanh(x)", "1 / x", "x ** 3 - 2 * x", "X.abs(x)",
             "X.maximum(x, 1.0)", "x * X.cos(x)", "X.arctan(x)", "X.where(x > 1, x ** 2, x)", "X.sinh(x)", "X.power(x, 2.5)",
             "X.log1p(x)", "X.cosh(x)", "X.exp(x) / (1 + X.exp(x))"]  # fmt: skip
ARRAYS = ["X.sum(x ** 2)", "X.mean(X.sin(x))", "X.dot(x, x)", "X.prod(x)", "X.max(x)", "X.linalg.norm(x)", "X.sum(x) ** 2", "X.var(x)",
          "X.std(x)", "X.sum(X.outer(x, x))", "X.sum(X.cumsum(x))", "X.sum(x[1:] * x[:-1])", "x[0] * x[2]", "X.sum(X.where(x > 1, x, 0.0))",
          "X.log(X.sum(X.exp(x)))", "X.sum(X.concatenate([x, x ** 2]))", "X.sum(X.reshape(x, (3, 1)) * x)", "X.sum(X.clip(x, 0.5, 1.5))"]  # fmt: skip


def programs() -> list[tuple[str, str]]:
    """Every program with its dialect."""
    made = []
    leaf = "x = torch.tensor([{}], requires_grad=True)\n"
    for i, op in enumerate(ELEMENTWISE):
        data = "0.3, 0.6, 0.9" if op in ("asin", "acos", "atanh") else ["0.5, 1.5, 2.5", "1.0, 2.0, 4.0"][i % 2]
        made.append(TORCH + leaf.format(data) + f"y = torch.{op}(x)\nprint(y)\ny.sum().backward()\nprint(x.grad)")
        made.append(TORCH + leaf.format(data) + f"y = x.{op}() * 2\nprint(y.detach(), y.requires_grad)")
    for op in REDUCTIONS:
        made.append(TORCH + leaf.format("3.0, 1.0, 2.0") + f"y = x.{op}\nprint(y)\ny.sum().backward()\nprint(x.grad)")
    for op in SHAPES:
        dot = "" if op[0] == "[" else "."
        head = "x = torch.arange(6.).reshape(2, 3).requires_grad_()\n"
        made.append(TORCH + head + f"y = x{dot}{op}\nprint(y, y.shape)\n(y ** 2).sum().backward()\nprint(x.grad)")
    for op in BINARY:
        head = (
            "a = torch.tensor([1., 2., 3.], requires_grad=True)\nb = torch.tensor([3., 2., 0.5], requires_grad=True)\n"
        )
        made.append(TORCH + head + f"y = {op}\nprint(y)\ny.sum().backward()\nprint(a.grad, b.grad)")
    for layer in LAYERS:
        head = f"torch.manual_seed(3)\nm = {layer}\nx = torch.tensor([[0.5, -1., 2.], [1., 0., -0.5]], requires_grad=True)\n"
        made.append(TORCH + head + "y = m(x)\nprint(m)\nprint(y)\ny.pow(2).sum().backward()\nprint(x.grad)")
    for loss, x, target in LOSSES:
        head = "x = torch.tensor([[0.5, -1., 2.], [1., 0., -0.5]], requires_grad=True)\n"
        made.append(TORCH + head + f"y = {loss}({x}, {target})\nprint(y)\ny.sum().backward()\nprint(x.grad)")
    for optimizer in OPTIMIZERS:
        head = "w = torch.tensor([1., -2.], requires_grad=True)\np = [w]\n"
        body = f"o = torch.optim.{optimizer}\nfor i in range(4):\n    o.zero_grad()\n    loss = (w ** 2).sum()\n    loss.backward()\n"
        made.append(TORCH + head + body + "    o.step()\n    print(loss.item(), w)")
    made += [TORCH + body for body in BODIES]
    listed = [("torch", code) for code in made]
    for k, f in enumerate(FUNCTIONS):
        for name, head, module in (("jax", JAX, "jnp"), ("autograd", AUTOGRAD, "np")):
            call = "jax.grad" if name == "jax" else "grad"
            body = f.replace("X.", module + ".")
            listed.append(
                (name, f"{head}f = lambda x: {body}\nprint(f({k % 3 + 0.5}))\nprint({call}(f)({k % 3 + 0.5}))")
            )
            listed.append((name, f"{head}def f(x):\n    return {body}\nprint({call}({call}(f))({k % 2 + 1.5}))"))
    for f in ARRAYS:
        for name, head, module in (("jax", JAX, "jnp"), ("autograd", AUTOGRAD, "np")):
            call = "jax.grad" if name == "jax" else "grad"
            body = f.replace("X.", module + ".")
            listed.append(
                (
                    name,
                    f"{head}x = {module}.array([0.7, 2.0, 1.2])\nf = lambda x: {body}\nprint(f(x))\nprint({call}(f)(x))",
                )
            )
    for f in SHARED:
        at = "1.5" if f == "arccosh" else "0.4"
        listed += [
            ("jax", f"{JAX}print(jnp.{f}({at}), jax.grad(jnp.{f})({at}))"),
            ("jax", f"{JAX}print(jax.vmap(jax.grad(jnp.{f}))(jnp.array([{at}, {at}])))"),
            (
                "autograd",
                f"{AUTOGRAD}print(np.{f}({at}), grad(np.{f})({at}), elementwise_grad(np.{f})(np.array([{at}, {at}])))",
            ),
            ("numpy", f"import numpy as np\nx = np.array([[{at}, 0.9], [0.2, 1.0]])\nprint(np.{f}(x), np.{f}({at}))"),
        ]
    listed += [("numpy", "import numpy as np\nprint(" + expression + ")") for expression in NUMPY]
    return [*listed, *(("numpy", code) for code in PYTHON), *pasted(TORCH, JAX, AUTOGRAD), *mixed(),
            *tracing(JAX, AUTOGRAD), *named(TORCH)]  # fmt: skip


def real(code: str) -> tuple[str, list[str] | None]:
    """What the real libraries print and raise."""
    paper = io.StringIO()
    with contextlib.redirect_stdout(paper), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(code, "program.py", "exec"), {"__name__": "__main__"})
        except Exception as error:
            return paper.getvalue(), [type(error).__name__, str(error)]
    return paper.getvalue(), None


def main() -> None:
    """Write the table."""
    import numpy as np

    lines = []
    for dialect, code in programs():
        np.random.seed(0)
        text, raised = real(code)
        lines.append(json.dumps({"dialect": dialect, "code": code, "text": text, "raises": raised}))
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} programs")


if __name__ == "__main__":
    main()
