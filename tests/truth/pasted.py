"""Programs of the kinds that people paste into questions, for `programs.py`: hooks, memory, own functions, modules."""

from __future__ import annotations

X = "x = torch.tensor([1., 2., 3.], requires_grad=True)\n"
W = "w = torch.tensor(2., requires_grad=True)\n"
M = "x = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)\n"
R = "x = torch.tensor([[1., 2., 4.], [3., 5., -1.]], requires_grad=True)\n"
HOOKS = [
    X
    + "h = x.register_hook(lambda g: g * 2)\n(x ** 2).sum().backward()\nprint(x.grad)\nh.remove()\nx.grad = None\n(x ** 2).sum().backward()\nprint(x.grad)",
    X + "y = x * 2\ny.register_hook(print)\n(y ** 2).sum().backward()\nprint(x.grad)",
    X
    + "seen = {}\ndef keep(name):\n    def hook(g):\n        seen[name] = g\n    return hook\ny = x * 3\ny.register_hook(keep('y'))\n(y ** 2).mean().backward()\nprint(seen['y'])",
    X
    + "y = x * 2\ny.register_hook(lambda g: g.clamp(-1, 1))\n(y * torch.tensor([5., -5., 0.5])).sum().backward()\nprint(x.grad)",
    X + "y = x * 2\ny.register_hook(lambda g: None)\ny.sum().backward()\nprint(x.grad)",
    X
    + "y = x * 2\na = y.register_hook(lambda g: g + 1)\nb = y.register_hook(lambda g: g * 10)\ny.sum().backward()\nprint(x.grad)",
    X + "x.detach().register_hook(print)",
    X + "y = x.exp()\ny.retain_grad()\ny.register_hook(lambda g: g * 0)\ny.sum().backward()\nprint(y.grad, x.grad)",
    X
    + "y = x * 2\nz = y.sum()\nz.retain_grad()\ny.retain_grad()\nz.backward()\nprint(z.grad, y.grad, z.retains_grad, x.retains_grad)",
    X + "y = x * 2\nprint(y.grad)\ny.sum().backward()\nprint(y.is_leaf, x.is_leaf, y.grad is None)",
    X + "x.detach().retain_grad()",
    "torch.manual_seed(0)\nm = nn.Linear(2, 1)\nm.register_forward_hook(lambda mod, inp, out: print('out', out.shape))\nm(torch.ones(3, 2))",
    "torch.manual_seed(0)\nm = nn.Linear(2, 1)\nm.register_full_backward_hook(lambda mod, gi, go: print(gi, go))\nx = torch.ones(1, 2, requires_grad=True)\nm(x).sum().backward()",
    "torch.manual_seed(0)\nm = nn.Linear(2, 2)\nm.register_forward_hook(lambda mod, inp, out: out * 0)\nprint(m(torch.ones(1, 2)))",
    "torch.manual_seed(0)\nm = nn.Linear(2, 2)\nm.register_forward_pre_hook(lambda mod, inp: (inp[0] * 2,))\nprint(m(torch.ones(1, 2)))",
    "torch.manual_seed(0)\nacts = {}\nnet = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))\nfor name, layer in net.named_children():\n    layer.register_forward_hook(lambda m, i, o, name=name: acts.update({name: o.detach()}))\nnet(torch.ones(1, 2))\nprint({k: v.shape for k, v in acts.items()})",
]
MEMORY = [
    X + "y = x ** 2\ny += 1\ny.sum().backward()\nprint(x.grad)",
    X + "y = x.sigmoid()\ny += 1\ny.sum().backward()",
    X + "y = x * 2\nz = y ** 2\ny.mul_(3)\nz.sum().backward()",
    X + "y = x * 2\nz = y * y\ny[0] = 0\nz.sum().backward()",
    X + "y = x.clone()\ny[0] = y[1] * y[2]\ny.sum().backward()\nprint(x.grad)",
    X + "y = x.clone()\ny[0] = 7.\ny.sum().backward()\nprint(x.grad, y)",
    X + "y = x.clone()\ny[1:] *= 2\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "y = torch.zeros(3)\nfor i in range(3):\n    y[i] = x[i] ** 2\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "y = torch.zeros(3)\ny[:] = x\nprint(y.requires_grad, y.grad_fn is not None)",
    X + "y = x * 1\nv = y[:2]\nv.zero_()\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "y = x * 1\nv = y.view(3, 1)\ny.add_(1)\nprint(v.flatten())",
    X + "out = x.tanh()\nc = out.detach()\nc.zero_()\nout.sum().backward()",
    X + "out = x.tanh()\nc = out.data\nc.zero_()\nout.sum().backward()\nprint(x.grad)",
    X + "with torch.no_grad():\n    x -= 1\nprint(x, x.requires_grad)",
    X + "x.data.mul_(2)\nprint(x)\nx.sum().backward()\nprint(x.grad)",
    X + "x.add_(1)",
    X + "x[1] = 0.",
    X + "y = x.view(3)\ny += 1",
    X + "x.requires_grad = False\nprint(x.requires_grad)\ny = x * 2\nprint(y.requires_grad)",
    X + "y = x * 2\ny.requires_grad = False",
    X + "y = x.detach().requires_grad_()\n(y ** 2).sum().backward()\nprint(y.grad, x.grad)",
    X + "y = x.detach().clone()\ny[0] = 100.\nprint(x, y)",
    X + "a = x.detach().numpy()\na[0] = 9.\nprint(x)",
    "import numpy as np\na = np.array([1., 2.])\nt = torch.from_numpy(a)\na[0] = 5.\nprint(t, t.dtype)",
    X + "print(x._version)\nwith torch.no_grad():\n    x.zero_()\nprint(x._version)",
    X + "y = x.relu_()",
    X + "y = F.relu(x * 1, inplace=True)\ny.sum().backward()\nprint(x.grad)",
    X + "y = x.sigmoid()\nz = F.relu(y, inplace=True)\nz.sum().backward()",
    W + "y = w ** 2\ny.backward(retain_graph=True)\nw.data -= 0.1 * w.grad\ny.backward()\nprint(w.grad)",
    W + "y = w ** 2\ny.backward()\nwith torch.no_grad():\n    w -= 0.1 * w.grad\n    w.grad = None\nprint(w, w.grad)",
    W
    + "opt = torch.optim.SGD([w], lr=0.1)\nloss = w ** 2 * w\nloss.backward(retain_graph=True)\nopt.step()\nloss.backward()",
    "a = torch.ones(2, 2)\nb = a.t()\nb[0, 1] = 5.\nprint(a, b.is_contiguous())\nb.view(4)",
    "a = torch.arange(4.)\nb = a[::2]\nb += 10\nprint(a, b)",
    "a = torch.ones(3)\nb = a\nb += 1\nprint(a)\nb = b + 1\nprint(a, b)",
    X + "y = x.expand(2, 3)\ny[0, 0] = 1.",
    X + "l = []\nfor i in range(3):\n    l.append((x[i] * i).item())\nprint(l, sum(l))",
    X + "total = 0\nfor i in range(3):\n    total += (x ** i).sum()\ntotal.backward()\nprint(total, x.grad)",
    X + "y = torch.tensor(x * 2)\nprint(y.requires_grad)",
    X + "y = torch.stack([x[0], x[1] ** 2])\ny.sum().backward()\nprint(x.grad)",
    X + "y = torch.tensor([x[0], x[1]])\nprint(y)\ny.sum().backward()",
]
OWN = [
    "class Sq(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        ctx.save_for_backward(x)\n        return x ** 2\n    @staticmethod\n    def backward(ctx, g):\n        x, = ctx.saved_tensors\n        return 2 * x * g\n"
    + X
    + "y = Sq.apply(x)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "class Id(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return x.view_as(x)\n    @staticmethod\n    def backward(ctx, g):\n        return -g\n"
    + X
    + "Id.apply(x).sum().backward()\nprint(x.grad)",
    "class Scale(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x, k):\n        ctx.k = k\n        return x * k\n    @staticmethod\n    def backward(ctx, g):\n        return g * ctx.k, None\n"
    + X
    + "Scale.apply(x, 3.0).sum().backward()\nprint(x.grad)",
    "class Bad(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x, k):\n        return x * k\n    @staticmethod\n    def backward(ctx, g):\n        return g\n"
    + X
    + "Bad.apply(x, 3.0).sum().backward()",
    "class Two(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a, b):\n        ctx.save_for_backward(a, b)\n        return a * b, a + b\n    @staticmethod\n    def backward(ctx, g1, g2):\n        a, b = ctx.saved_tensors\n        return g1 * b + g2, g1 * a + g2\na = torch.tensor(2., requires_grad=True)\nb = torch.tensor(5., requires_grad=True)\np, s = Two.apply(a, b)\n(p + 2 * s).backward()\nprint(p, s, a.grad, b.grad)",
    "class Step(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return (x > 0).float()\n    @staticmethod\n    def backward(ctx, g):\n        return g\nx = torch.tensor([-1., 2.], requires_grad=True)\ny = Step.apply(x)\ny.sum().backward()\nprint(y, x.grad)",
    "class Sq(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        ctx.save_for_backward(x)\n        return x ** 2\n    @staticmethod\n    def backward(ctx, g):\n        x, = ctx.saved_tensors\n        return 2 * x * g\nx = torch.tensor([1., 2.], dtype=torch.double, requires_grad=True)\nprint(torch.autograd.gradcheck(Sq.apply, (x,)))",
    "class Sq(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        ctx.save_for_backward(x)\n        return x ** 2\n    @staticmethod\n    def backward(ctx, g):\n        x, = ctx.saved_tensors\n        print(ctx.needs_input_grad)\n        return 2 * x * g\n"
    + W
    + "y = Sq.apply(w)\ng, = torch.autograd.grad(y, w, create_graph=True)\nprint(g)\ng.backward()\nprint(w.grad)",
    "class Sq(torch.autograd.Function):\n    def forward(self, x):\n        return x ** 2\n" + X + "Sq()(x)",
    "class R(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        ctx.mark_non_differentiable(x)\n        return x\n"
    + "print(issubclass(R, torch.autograd.Function))",
]
GRADS = [
    W + "print(torch.autograd.grad(w ** 3, w))",
    W + "g = torch.autograd.grad(w ** 3, w, create_graph=True)[0]\nh = torch.autograd.grad(g, w)[0]\nprint(g, h)",
    W + "y = w ** 2\nprint(torch.autograd.grad(y, w))\nprint(torch.autograd.grad(y, w))",
    X + "y = x ** 2\nprint(torch.autograd.grad(y, x, grad_outputs=torch.ones_like(y)))",
    X + "y = x ** 2\ntorch.autograd.grad(y, x)",
    X + "y = x ** 2\ny.backward(torch.ones(2))",
    X + "y = x ** 2\ny.backward(gradient=torch.tensor([1., 0., 0.]))\nprint(x.grad)",
    X + "J = torch.autograd.functional.jacobian(lambda t: torch.stack([t.sum(), t.prod()]), x)\nprint(J)",
    X + "H = torch.autograd.functional.hessian(lambda t: (t ** 3).sum(), x.detach())\nprint(H)",
    X + "o, g = torch.autograd.functional.vjp(lambda t: t ** 2, x.detach(), torch.ones(3))\nprint(o, g)",
    X + "o, g = torch.autograd.functional.jvp(lambda t: t ** 2, x.detach(), torch.ones(3))\nprint(o, g)",
    X + "o, g = torch.autograd.functional.hvp(lambda t: (t ** 3).sum(), x.detach(), torch.ones(3))\nprint(o, g)",
    W + "(w * 3).backward(inputs=[w])\nprint(w.grad)",
    W + "b = torch.tensor(1., requires_grad=True)\ntorch.autograd.backward([w * b, w + b])\nprint(w.grad, b.grad)",
    W
    + "u = torch.tensor(1., requires_grad=True)\nprint(torch.autograd.grad(w * 2, [w, u], allow_unused=True, materialize_grads=True))",
    W
    + "with torch.enable_grad():\n    y = w * 2\nprint(y.requires_grad, torch.is_grad_enabled())\nwith torch.inference_mode():\n    z = w * 2\nprint(z.requires_grad)",
    W + "@torch.no_grad()\ndef f(v):\n    return v * 2\nprint(f(w).requires_grad)",
    W
    + "torch.set_grad_enabled(False)\ny = w * 2\nprint(y.requires_grad)\ntorch.set_grad_enabled(True)\nprint((w * 2).requires_grad)",
    W + "y = w.detach() ** 2\ny.backward()",
    W + "y = w.item() ** 2\nprint(type(y))\ny.backward()",
    M + "x.sum().backward()\nprint(x.grad)\nx.grad.zero_()\nx.mean().backward()\nprint(x.grad)",
    M + "y = x.prod()\ny.backward()\nprint(y, x.grad)",
    M + "x.trace().backward()\nprint(x.grad)",
    M + "torch.linalg.norm(x).backward()\nprint(x.grad)",
    M + "torch.logdet(x @ x.T).backward()\nprint(x.grad)",
    M + "u, s, v = torch.linalg.svd(x.detach())\nprint(s)",
    M + "print(torch.linalg.solve(x, torch.tensor([[1.], [2.]])))",
    M + "print(torch.linalg.eigvalsh(x.detach() + x.detach().T))",
    M + "y = torch.einsum('ij,jk->ik', x, x)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    M + "y = torch.einsum('...i,...i->...', x, x)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    M + "print(torch.einsum('ij->ji', x), torch.einsum('ii', x), torch.einsum('ij,ij->', x, x))",
    M + "print(torch.bmm(x[None], x[None]), torch.mm(x, x), torch.mv(x, torch.ones(2)))",
    "x = torch.tensor([1e-20, 1.0], requires_grad=True)\ny = x.log()\ny.sum().backward()\nprint(y, x.grad)",
    "x = torch.tensor(0., requires_grad=True)\n(x / x).backward()\nprint(x.grad)",
    "x = torch.tensor([0., 1.], requires_grad=True)\n(x ** 0.5).sum().backward()\nprint(x.grad)",
    "x = torch.tensor(0., requires_grad=True)\ny = torch.where(x == 0, torch.zeros(()), torch.sin(x) / x)\ny.backward()\nprint(y, x.grad)",
    "x = torch.tensor([1., 2., 3., 4.], requires_grad=True)\nx[[0, 0, 2]].sum().backward()\nprint(x.grad)",
    "x = torch.tensor([5., 5., 1.], requires_grad=True)\nx.topk(2).values.sum().backward()\nprint(x.grad)",
    "x = torch.tensor([1., 2.], requires_grad=True)\nprint((x > 1.5).float().requires_grad, x.argmax().requires_grad, x.round().requires_grad)",
    "x = torch.tensor([-2., 0., 2.], requires_grad=True)\nF.relu(x).sum().backward()\nprint(x.grad)\nx.grad = None\nF.leaky_relu(x).sum().backward()\nprint(x.grad)",
    "x = torch.tensor([1., 2., 3.], requires_grad=True)\nF.softmax(x, dim=0)[0].backward()\nprint(x.grad)",
    "x = torch.tensor([[1., 2., 3.]], requires_grad=True)\nF.cross_entropy(x, torch.tensor([2])).backward()\nprint(x.grad)",
    "x = torch.tensor([18.], requires_grad=True)\nl = F.binary_cross_entropy_with_logits(x, torch.tensor([1.]))\nl.backward()\nprint(l, x.grad)",
    "x = torch.tensor([200., -200.], requires_grad=True)\nl = F.binary_cross_entropy_with_logits(x, torch.tensor([1., 1.]))\nl.backward()\nprint(l, x.grad)",
    "x = torch.tensor([7., 2.], requires_grad=True)\ny = x // 2\nprint(y.detach())\ny.sum().backward()",
]
COMPLEX = [
    "z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)\nl = (z.abs() ** 2).sum()\nl.backward()\nprint(z, z.grad)",
    "z = torch.tensor(1 + 2j, requires_grad=True)\n(z * z.conj()).real.backward()\nprint(z.grad)",
    "z = torch.tensor(1 + 2j)\nprint(z.real, z.imag, z.abs(), z.angle(), z * 2)",
    "x = torch.tensor(2., requires_grad=True)\nz = torch.complex(x, x ** 2)\nz.abs().backward()\nprint(x.grad)",
    "z = torch.tensor([1 + 1j], requires_grad=True)\nz.sum().backward()",
]
FUNC = [
    "from torch.func import grad\nprint(grad(torch.sin)(torch.tensor(1.)))",
    "from torch.func import grad, vmap\nprint(vmap(grad(lambda x: x ** 3))(torch.tensor([1., 2.])))",
    "from torch.func import jacrev, jacfwd\nf = lambda x: x ** 2\nprint(jacrev(f)(torch.tensor([1., 2.])))\nprint(jacfwd(f)(torch.tensor([1., 2.])))",
    "from torch.func import hessian\nprint(hessian(lambda x: (x ** 3).sum())(torch.tensor([1., 2.])))",
    "from torch.func import vjp\no, f = vjp(lambda x: x ** 2, torch.tensor([1., 2.]))\nprint(o, f(torch.ones(2)))",
    "from torch.func import jvp\nprint(jvp(lambda x: x ** 2, (torch.tensor(3.),), (torch.tensor(1.),)))",
    "from torch.func import grad_and_value\nprint(grad_and_value(lambda x: x ** 2)(torch.tensor(3.)))",
    "print(torch.func.grad(lambda a, b: a * b, argnums=1)(torch.tensor(3.), torch.tensor(4.)))",
    "print(torch.vmap(lambda x: x.sum())(torch.ones(2, 3)))",
    "torch.manual_seed(0)\nm = nn.Linear(2, 1)\nprint(torch.func.functional_call(m, dict(m.named_parameters()), (torch.ones(1, 2),)))",
]
MODULES = [
    "rnn = nn.RNN(1, 2, batch_first=True)\nfor p in rnn.parameters():\n    nn.init.constant_(p, 0.1)\nx = torch.ones(1, 3, 1, requires_grad=True)\no, h = rnn(x)\nprint(o.shape, h.shape, o[0, -1])\no.sum().backward()\nprint(x.grad.flatten())",
    "rnn = nn.LSTM(1, 2)\nfor p in rnn.parameters():\n    nn.init.constant_(p, 0.2)\nx = torch.ones(3, 1, 1, requires_grad=True)\no, (h, c) = rnn(x)\nprint(o[-1], c)\no[-1].sum().backward()\nprint(x.grad.flatten())",
    "rnn = nn.GRU(1, 2)\nfor p in rnn.parameters():\n    nn.init.constant_(p, 0.2)\no, h = rnn(torch.ones(3, 1, 1))\nprint(o[-1], h.shape)",
    "torch.manual_seed(0)\nc = nn.LSTMCell(2, 3)\nh = k = torch.zeros(1, 3)\nfor t in range(2):\n    h, k = c(torch.ones(1, 2), (h, k))\nprint(h, k)",
    "torch.manual_seed(0)\nfor name, p in nn.LSTM(2, 3, num_layers=2).named_parameters():\n    print(name, tuple(p.shape))",
    "torch.manual_seed(0)\ne = nn.Embedding(4, 2, padding_idx=0)\ny = e(torch.tensor([0, 1, 1]))\ny.sum().backward()\nprint(e.weight.grad)",
    "torch.manual_seed(0)\nc = nn.Conv2d(1, 2, 3, padding=1)\nx = torch.ones(1, 1, 4, 4)\ny = c(x)\nprint(y.shape, y[0, 0, 0])\ny.sum().backward()\nprint(c.bias.grad, c.weight.grad.shape)",
    "x = torch.arange(16.).view(1, 1, 4, 4).requires_grad_()\ny = F.max_pool2d(x, 2)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "x = torch.arange(16.).view(1, 1, 4, 4).requires_grad_()\nF.avg_pool2d(x, 2).sum().backward()\nprint(x.grad)",
    "torch.manual_seed(0)\nb = nn.BatchNorm1d(2)\nx = torch.tensor([[1., 2.], [3., 6.]], requires_grad=True)\ny = b(x)\nprint(y, b.running_mean, b.running_var)\ny[0].sum().backward()\nprint(x.grad)\nb.eval()\nprint(b(x))",
    "torch.manual_seed(0)\nd = nn.Dropout(0.5)\nprint(d(torch.ones(6)))\nd.eval()\nprint(d(torch.ones(2)))",
    "torch.manual_seed(0)\na = nn.MultiheadAttention(4, 2, batch_first=True)\nx = torch.ones(1, 3, 4)\no, w = a(x, x, x)\nprint(o.shape, w)",
    "torch.manual_seed(0)\nnet = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))\nfor p in net[0].parameters():\n    p.requires_grad = False\nnet(torch.ones(1, 2)).backward()\nprint([p.grad is None for p in net.parameters()])",
    "torch.manual_seed(0)\nnet = nn.Linear(2, 1)\nprint(net.weight.grad)\nnet(torch.ones(1, 2)).sum().backward()\nprint(net.weight.grad, net.bias.grad)\nnet.zero_grad()\nprint(net.weight.grad)",
    "torch.manual_seed(0)\nnet = nn.Linear(2, 1)\nprint({k: v.shape for k, v in net.state_dict().items()}, net.training, next(net.parameters()).shape)\nnet.eval()\nprint(net.training)",
    "from torch.utils.data import TensorDataset, DataLoader\nds = TensorDataset(torch.arange(4.), torch.arange(4) * 2)\nprint(len(ds), ds[1])\nfor a, b in DataLoader(ds, batch_size=3):\n    print(a, b)",
    "from torch.utils.data import Dataset, DataLoader\nclass D(Dataset):\n    def __len__(self):\n        return 5\n    def __getitem__(self, i):\n        return torch.tensor([float(i)]), i\nfor x, y in DataLoader(D(), batch_size=2, drop_last=True):\n    print(x, y)",
    "from torch.utils.data import DataLoader\ntorch.manual_seed(0)\nprint([b.tolist() for b in DataLoader(list(range(6)), batch_size=2, shuffle=True)])",
    "w = nn.Parameter(torch.tensor([1., 2.]))\nopt = torch.optim.SGD([w], lr=0.5)\nsch = torch.optim.lr_scheduler.StepLR(opt, step_size=1, gamma=0.1)\nfor i in range(3):\n    opt.zero_grad()\n    (w ** 2).sum().backward()\n    opt.step()\n    sch.step()\n    print(w.data, sch.get_last_lr())",
    "w = nn.Parameter(torch.tensor(1.))\nopt = torch.optim.Adam([{'params': [w], 'lr': 0.1}], lr=1.)\nprint(opt.param_groups[0]['lr'])\nw.sum().backward()\nopt.step()\nprint(w)",
    "w = torch.tensor([3., 4.], requires_grad=True)\n(w * 10).sum().backward()\nn = nn.utils.clip_grad_norm_([w], 1.0)\nprint(n, w.grad)",
    "w = nn.Parameter(torch.tensor([1., 1.]))\nopt = torch.optim.LBFGS([w], lr=0.5)\ndef closure():\n    opt.zero_grad()\n    l = ((w - 3) ** 2).sum()\n    l.backward()\n    return l\nfor i in range(2):\n    print(opt.step(closure))\nprint(w.data)",
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(2)])\n        self.scale = nn.Parameter(torch.ones(1))\n        self.register_buffer('mean', torch.zeros(2))\n    def forward(self, x):\n        for l in self.layers:\n            x = torch.relu(l(x))\n        return x * self.scale\nn = Net()\nprint([k for k, _ in n.named_parameters()], [k for k, _ in n.named_buffers()])\nprint(n)",
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.layers = [nn.Linear(2, 2)]\n    def forward(self, x):\n        return self.layers[0](x)\nprint(len(list(Net().parameters())))\ntorch.optim.SGD(Net().parameters(), lr=0.1)",
    "torch.manual_seed(0)\nm = nn.Linear(3, 2)\nnn.init.xavier_uniform_(m.weight)\nprint(m.weight)\nnn.init.kaiming_normal_(m.weight, nonlinearity='relu')\nprint(m.weight)\nnn.init.zeros_(m.bias)\nprint(m.bias)",
    "print(F.one_hot(torch.tensor([0, 2]), 3), F.pad(torch.ones(2), (1, 1)), F.normalize(torch.tensor([3., 4.]), dim=0))",
    "x = torch.tensor([1., 2.], requires_grad=True)\ny = torch.utils.checkpoint.checkpoint(lambda t: t ** 2, x, use_reentrant=False)\ny.sum().backward()\nprint(x.grad)",
]
FURTHER = [
    R + "print(x.diff())\nx.diff().pow(2).sum().backward()\nprint(x.grad)",
    R + "print(x.repeat_interleave(2, dim=0))\n(x.repeat_interleave(2) ** 2).sum().backward()\nprint(x.grad)",
    R
    + "y = torch.tensor([1., float('nan'), 3.], requires_grad=True)\nprint(torch.nansum(y), torch.nanmean(y))\ntorch.nansum(y * 2).backward()\nprint(y.grad)",
    R + "d = torch.cdist(x, x + 1)\nprint(d.detach())\nd.sum().backward()\nprint(x.grad)",
    R + "print(torch.trapezoid(x), torch.trapz(x, dx=0.5))\ntorch.trapezoid(x).sum().backward()\nprint(x.grad)",
    R + "print(torch.diag_embed(torch.tensor([1., 2.])), torch.block_diag(torch.ones(1, 2), torch.ones(2, 1) * 3))",
    R + "print(torch.tril_indices(3, 3), torch.triu_indices(2, 2, 1), torch.logspace(0, 2, 3))",
    R
    + "print(torch.finfo(torch.float32).eps, torch.finfo(torch.float64).max)\nprint(x.stride(), x.new_ones(2), x.new_zeros((1, 2)), x.new_full((2,), 7.))",
    R
    + "p = torch.tensor([0.2, 0.7], requires_grad=True)\nprint(torch.logit(p))\ntorch.logit(p).sum().backward()\nprint(p.grad)\nprint(torch.xlogy(torch.tensor([0., 2.]), torch.tensor([0., 3.])))",
    R
    + "q = torch.arange(12.).view(1, 3, 4) / 10\nq.requires_grad_()\no = F.scaled_dot_product_attention(q, q, q, is_causal=True)\nprint(o.detach())\no.sum().backward()\nprint(q.grad)",
    R
    + "g = nn.GroupNorm(2, 4)\nprint(g)\ny = torch.arange(8.).view(2, 4).requires_grad_()\nz = g(y * y)\nprint(z.detach())",
    R + "m = nn.PReLU()\nprint(m)\ny = m(x)\nprint(y)\ny.sum().backward()\nprint(x.grad, m.weight.grad)",
    R
    + "torch.manual_seed(0)\nb = nn.Bilinear(3, 2, 2)\nprint(b)\nprint(b(torch.ones(1, 3), torch.ones(1, 2)).detach(), b.weight.shape)",
    R
    + "torch.manual_seed(0)\nd = nn.ModuleDict({'a': nn.Linear(2, 1), 'b': nn.ReLU()})\nprint(list(d), len(d), 'a' in d, [n for n, _ in d.named_parameters()])\nprint(d)",
    R
    + "l = nn.ParameterList([nn.Parameter(torch.ones(1)), nn.Parameter(torch.zeros(2))])\nprint(len(l), l[1], [p.shape for p in l])",
    R + "u = nn.Unflatten(1, (1, 3))\nprint(u, u(x).shape)",
    R
    + "g = torch.Generator().manual_seed(1)\nprint(torch.rand(2, generator=g), torch.randn(3, generator=g), torch.randint(0, 9, (3,), generator=g))",
    R + "print(torch.is_floating_point(x), torch.get_default_dtype(), torch.empty_like(x).shape)",
]
# Whole programs with their own imports, each with its dialect.
WHOLE = [
    (
        "torch",
        "import torch\nimport torch.nn as nn\nclass func(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x0, w):\n        out = torch.sum(x0 * w)\n        ctx.save_for_backward(w, x0)\n        return out\n    @staticmethod\n    def backward(ctx, grad_output):\n        w, x0 = ctx.saved_tensors\n        out = torch.sum(x0 * w)\n        out.requires_grad = True\n        x0.requires_grad = True\n        w.requires_grad = True\n        dfdx = torch.autograd.grad(outputs=out, inputs=x0, grad_outputs=grad_output, allow_unused=True)\n        print(dfdx)\n        return dfdx[0], None\nx = torch.ones(2, 3, requires_grad=True)\nfunc.apply(x, torch.ones(2, 3)).backward()\nprint(x.grad)\n",
    ),
    (
        "jax",
        "import jax.numpy as np\nimport jax\ndef f(x):\n    ri = np.expand_dims(x, 0)\n    rj = np.expand_dims(x, 1)\n    d2 = np.power(ri - rj, 2)\n    dij = np.sqrt(np.sum(d2, axis=-1))\n    keep = 1 - np.eye(x.shape[0])\n    dij = np.where(keep, dij, np.zeros_like(dij))\n    eij = np.where(keep, 1/dij, np.zeros_like(dij))\n    return np.sum(eij)\nx = np.array([[1.0, 2.0, 3.0],[0.2, 4.0, 6.0]])\nprint(f(x))\nprint(jax.grad(f, argnums=(0,))(x))\n",
    ),
    (
        "jax",
        "import jax.numpy as jnp\nfrom jax import grad\ndef f(x):\n    condition = x < 1\n    x_valid = jnp.where(condition, 1, x)\n    return jnp.where(condition, x, jnp.sqrt(x_valid))\ndf = grad(f)\nprint(df(1e-9))\nprint(df(0.0))\n",
    ),
    (
        "torch",
        "import torch\nmodel = torch.nn.Linear(10, 1)\nfor p in model.parameters():\n    torch.nn.init.constant_(p, 0.1)\nx = torch.arange(10.).unsqueeze(0).requires_grad_()\noutput = model(x)\nloss = torch.mean((output - 1)**2)\nloss.backward()\nwith torch.no_grad():\n    model.weight -= 0.1 * model.weight.grad\noutput = model(x)\nloss = torch.mean((output - 1)**2)\nloss.backward()\nprint(loss, x.grad)\n",
    ),
    (
        "torch",
        "import torch\nmodel = torch.nn.Linear(10, 1)\nloss = model(torch.ones(1, 10)).sum()\nloss.backward()\nwith torch.no_grad():\n    model.weight = model.weight - 0.1 * model.weight.grad\n",
    ),
    (
        "numpy",
        "class Value:\n    __slots__ = ('data', 'grad', '_children', '_local_grads')\n    def __init__(self, data, children=(), local_grads=()):\n        self.data = data\n        self.grad = 0\n        self._children = children\n        self._local_grads = local_grads\n    def __add__(self, other):\n        other = other if isinstance(other, Value) else Value(other)\n        return Value(self.data + other.data, (self, other), (1, 1))\n    def __mul__(self, other):\n        other = other if isinstance(other, Value) else Value(other)\n        return Value(self.data * other.data, (self, other), (other.data, self.data))\n    def backward(self):\n        topo = []\n        visited = set()\n        def build_topo(v):\n            if v not in visited:\n                visited.add(v)\n                for child in v._children:\n                    build_topo(child)\n                topo.append(v)\n        build_topo(self)\n        self.grad = 1\n        for v in reversed(topo):\n            for child, local_grad in zip(v._children, v._local_grads):\n                child.grad += local_grad * v.grad\na = Value(2.0)\nb = Value(3.0)\nc = a * b + a\nc.backward()\nprint(a.grad, b.grad)\n",
    ),
    (
        "torch",
        "import torch\nx = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)\ny = x + 2\nz = y * y * 3\nout = z.mean()\nprint(z, out)\nout.backward()\nprint(x.grad)\ny = torch.randn(3, requires_grad=False)\n",
    ),
    (
        "torch",
        "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\ny = x * 2\ni = 0\nwhile y.data.norm() < 1000:\n    y = y * 2\n    i += 1\nv = torch.tensor([0.1, 1.0, 0.0001], dtype=torch.float)\ny.backward(v)\nprint(i, y, x.grad)\n",
    ),
    (
        "torch",
        "import torch\ntorch.manual_seed(0)\ndtype = torch.float\nN, D_in, H, D_out = 8, 10, 5, 3\nx = torch.randn(N, D_in, dtype=dtype)\ny = torch.randn(N, D_out, dtype=dtype)\nw1 = torch.randn(D_in, H, dtype=dtype, requires_grad=True)\nw2 = torch.randn(H, D_out, dtype=dtype, requires_grad=True)\nfor t in range(5):\n    y_pred = x.mm(w1).clamp(min=0).mm(w2)\n    loss = (y_pred - y).pow(2).sum()\n    print(t, loss.item())\n    loss.backward()\n    with torch.no_grad():\n        w1 -= 1e-4 * w1.grad\n        w2 -= 1e-4 * w2.grad\n        w1.grad.zero_()\n        w2.grad.zero_()\n",
    ),
    (
        "torch",
        "import torch\nimport torch.nn.functional as F\nlogits = torch.tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 0.3]], requires_grad=True)\ntarget = torch.tensor([0, 2])\nloss = F.nll_loss(F.log_softmax(logits, dim=1), target)\nloss.backward()\np = F.softmax(logits.detach(), dim=1)\np[range(2), target] -= 1\nprint(torch.allclose(logits.grad, p / 2))\nprint(loss, logits.grad)\n",
    ),
    (
        "torch",
        "import numpy as np\nimport torch\na = torch.tensor(np.random.RandomState(0).randn(3), requires_grad=True)\nb = a.clone()\nb[1] = 0\nc = (b ** 2).sum()\nc.backward()\nprint(a.grad, b.is_leaf, a.dtype)\nprint(b.numpy())\n",
    ),
    (
        "torch",
        "import torch\ntorch.manual_seed(0)\nclass M(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc1 = torch.nn.Linear(4, 3)\n        self.fc2 = torch.nn.Linear(3, 2)\n        self.drop = torch.nn.Dropout(0.0)\n    def forward(self, x, return_hidden=False):\n        h = torch.relu(self.fc1(x))\n        out = self.fc2(self.drop(h))\n        return (out, h) if return_hidden else out\nm = M()\nm.train()\nout, h = m(torch.ones(2, 4), return_hidden=True)\nh.retain_grad()\nout.sum().backward()\nprint(h.grad, m.fc1.weight.grad.shape)\ntotal = sum(p.grad.norm()**2 for p in m.parameters())**0.5\nprint(round(total.item(), 4))\nprint([n for n, p in m.named_parameters() if p.requires_grad])\n",
    ),
    (
        "torch",
        "import torch\nx = torch.linspace(-1, 1, 5).requires_grad_(True)\nu = torch.sin(3*x)\nu_x, = torch.autograd.grad(u.sum(), x, create_graph=True)\nu_xx, = torch.autograd.grad(u_x.sum(), x, create_graph=True)\nres = u_xx + 9*u\nprint(res.abs().max().item() < 1e-5, u_xx)\nloss = res.pow(2).mean() + (u_x[0] - 1)**2\nloss.backward()\nprint(x.grad.shape)\n",
    ),
    (
        "autograd",
        'import autograd.numpy as np\nfrom autograd import grad, jacobian\ndef sigmoid(x):\n    return 0.5 * (np.tanh(x / 2.) + 1)\ndef logistic_predictions(weights, inputs):\n    return sigmoid(np.dot(inputs, weights))\ndef training_loss(weights):\n    preds = logistic_predictions(weights, inputs)\n    label_probabilities = preds * targets + (1 - preds) * (1 - targets)\n    return -np.sum(np.log(label_probabilities))\ninputs = np.array([[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]])\ntargets = np.array([True, True, False, True])\ntraining_gradient_fun = grad(training_loss)\nweights = np.array([0.0, 0.0, 0.0])\nprint("Initial loss:", training_loss(weights))\nfor i in range(100):\n    weights -= training_gradient_fun(weights) * 0.01\nprint("Trained loss:", training_loss(weights))\n',
    ),
    (
        "jax",
        'import jax\nimport jax.numpy as jnp\nparams = {"w": jnp.array([1., 2.]), "b": 0.5}\ndef predict(params, x):\n    return jnp.dot(x, params["w"]) + params["b"]\ndef loss(params, x, y):\n    return jnp.mean((predict(params, x) - y) ** 2)\nx = jnp.array([[1., 1.], [2., -1.]])\ny = jnp.array([3., 0.])\n@jax.jit\ndef update(params, lr=0.1):\n    grads = jax.grad(loss)(params, x, y)\n    return jax.tree_util.tree_map(lambda p, g: p - lr * g, params, grads)\nfor i in range(3):\n    params = update(params)\nprint(params["w"], params["b"], loss(params, x, y))\n',
    ),
    (
        "torch",
        "import torch\ndef f(x, y):\n    if x > y:\n        return x * y\n    return x + y ** 3\nx = torch.tensor(1.0, requires_grad=True)\ny = torch.tensor(2.0, requires_grad=True)\nz = f(x, y)\nz.backward()\nprint(z, x.grad, y.grad)\neps = 1e-3\nprint(round(((f(x, y + eps) - f(x, y - eps)) / (2 * eps)).item(), 2))\n",
    ),
    (
        "torch",
        "import torch\nw = torch.randn(3, generator=torch.Generator().manual_seed(1), requires_grad=True)\nprint(w.grad)\ntry:\n    w.grad.zero_()\nexcept AttributeError as e:\n    print(e)\n",
    ),
    (
        "torch",
        "import torch\na = torch.tensor([1., 2., 3.], requires_grad=True)\nb = a.sum()\nb.backward(retain_graph=True)\nb.backward(retain_graph=True)\nprint(a.grad)\na.grad = torch.zeros_like(a)\nb.backward()\nprint(a.grad)\nwith torch.autograd.set_detect_anomaly(True):\n    c = a.prod()\n    c.backward()\nprint(a.grad)\n",
    ),
    (
        "torch",
        "import torch\nemb = torch.nn.Embedding(3, 2)\ntorch.nn.init.constant_(emb.weight, 0.5)\nidx = torch.tensor([[0, 2], [2, 2]])\ne = emb(idx)\ne.mean(dim=1).pow(2).sum().backward()\nprint(e.shape, emb.weight.grad)\nopt = torch.optim.Adam(emb.parameters(), lr=0.1)\nopt.step()\nprint(emb.weight)\nprint(opt.state_dict()['param_groups'][0]['lr'])\n",
    ),
]
JAX = [
    "print(jax.grad(lambda x, y: x * y ** 2, argnums=(0, 1))(2.0, 3.0))",
    "print(jax.value_and_grad(lambda x: x ** 2)(3.0))",
    "print(jax.jacfwd(lambda x: x ** 2)(jnp.array([1., 2.])))",
    "print(jax.hessian(lambda x: jnp.sum(x ** 3))(jnp.array([1., 2.])))",
    "print(jax.vmap(lambda x: x * 2)(jnp.arange(3.)))",
    "f = jax.jit(lambda x: jnp.sin(x) * x)\nprint(f(1.0), jax.grad(f)(1.0))",
    "print(jax.grad(lambda p: p['w'] * 3 + p['b'] ** 2)({'w': 1.0, 'b': 2.0}))",
    "print(jax.grad(lambda p: p[0] * p[1])((2.0, 5.0)))",
    "print(jax.grad(lambda x: x ** 2)(3))",
    "print(jax.grad(lambda x: x ** 2)(jnp.array([1., 2.])))",
    "print(jax.jvp(jnp.sin, (1.0,), (2.0,)))",
    "y, f = jax.vjp(lambda x: x ** 2, 3.0)\nprint(y, f(1.0))",
    "print(jax.grad(lambda x: jax.lax.stop_gradient(x) * x)(3.0))",
    "print(jax.nn.relu(jnp.array([-1., 0., 2.])), jax.grad(jax.nn.relu)(0.0), jax.nn.softmax(jnp.array([1., 2.])))",
    "@jax.custom_jvp\ndef f(x):\n    return jnp.log1p(jnp.exp(x))\n@f.defjvp\ndef j(p, t):\n    x, = p\n    d, = t\n    return f(x), d * (1 - 1 / (1 + jnp.exp(x)))\nprint(jax.grad(f)(1.0))",
    "@jax.custom_vjp\ndef f(x):\n    return x ** 2\ndef fwd(x):\n    return f(x), x\ndef bwd(x, g):\n    return (10 * x * g,)\nf.defvjp(fwd, bwd)\nprint(jax.grad(f)(3.0))",
    "print(jax.lax.fori_loop(0, 3, lambda i, x: x * 2, 1.0))",
    "print(jax.lax.cond(True, lambda x: x + 1, lambda x: x - 1, 3.0))",
    "c, ys = jax.lax.scan(lambda c, x: (c + x, c * x), 0.0, jnp.arange(3.))\nprint(c, ys)",
    "print(jax.tree_util.tree_map(lambda x: x * 2, {'a': 1, 'b': [2, 3]}))",
    "x = jnp.array([1., 2.])\nx[0] = 5.",
    "x = jnp.array([1., 2.])\nprint(x.at[0].set(5.), x.at[1].add(1.), x.dtype)",
    "w = jnp.array([1., -1.])\nX = jnp.array([[1., 2.], [3., 4.]])\ny = jnp.array([1., 0.])\nloss = lambda w: jnp.mean((X @ w - y) ** 2)\nfor i in range(3):\n    w = w - 0.1 * jax.grad(loss)(w)\nprint(w, loss(w))",
    "key = jax.random.PRNGKey(0)\nprint(jax.random.normal(key, (2,)))",
    "print(jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))(0.0))",
    "print(jax.grad(jax.grad(jnp.tanh))(0.5), jnp.linalg.norm(jnp.array([3., 4.])))",
    "print(jax.jacrev(lambda x: jnp.array([x[0] * x[1], x[0]]))(jnp.array([2., 3.])))",
    "print(jax.grad(lambda x: float(x) ** 2)(3.0))",
]
RANDOM = [
    "key = jax.random.PRNGKey(0)\nprint(key)\nprint(jax.random.normal(key, (3, 2)))",
    "key = jax.random.PRNGKey(42)\nk1, k2 = jax.random.split(key)\nprint(k1, k2)\nprint(jax.random.uniform(k1, (4,)), jax.random.normal(k2))",
    "print(jax.random.randint(jax.random.PRNGKey(1), (5,), 0, 10))",
    "print(jax.random.bernoulli(jax.random.PRNGKey(3), 0.3, (6,)))",
    "key = jax.random.PRNGKey(7)\nkeys = jax.random.split(key, 3)\nprint(keys)\nprint([jax.random.uniform(k, (2,), minval=-1., maxval=1.) for k in keys])",
    "print(jax.random.fold_in(jax.random.PRNGKey(0), 5))",
    "from jax import random, grad\nkey = random.PRNGKey(0)\nkey, sub = random.split(key)\nx = random.normal(sub, (5, 3))\nw = random.normal(key, (3,))\nloss = lambda w: jnp.mean((x @ w - 1.) ** 2)\nprint(loss(w), grad(loss)(w))",
]
AUTOGRAD = [
    "print(grad(lambda x, y: x * y ** 2, 1)(2.0, 3.0))",
    "from autograd import value_and_grad\nprint(value_and_grad(lambda x: x ** 2)(3.0))",
    "from autograd import hessian\nprint(hessian(lambda x: np.sum(x ** 3))(np.array([1., 2.])))",
    "print(jacobian(lambda x: x ** 2)(np.array([1., 2.])))",
    "print(grad(lambda x: x ** 2)(3))",
    "print(elementwise_grad(np.tanh)(np.linspace(-1, 1, 3)))",
    "from autograd.extend import primitive, defvjp\n@primitive\ndef f(x):\n    return x ** 2\ndefvjp(f, lambda ans, x: lambda g: g * 2 * x)\nprint(grad(f)(3.0))",
    "from autograd.test_util import check_grads\nprint(check_grads(lambda x: np.sin(x) * x, modes=['rev'], order=1)(1.0))",
    "from autograd import make_vjp\nv, y = make_vjp(lambda x: x ** 2)(3.0)\nprint(y, v(1.0))",
    "def f(x):\n    x[0] = 1.0\n    return np.sum(x)\ngrad(f)(np.array([1., 2.]))",
    "w = np.zeros(2)\nX = np.array([[1., 2.], [3., 4.]])\ny = np.array([1., 0.])\nloss = lambda w: np.mean((np.dot(X, w) - y) ** 2)\ng = grad(loss)\nfor i in range(3):\n    w -= 0.1 * g(w)\nprint(w, loss(w))",
    "print(grad(lambda p: p['w'] * 3 + p['b'] ** 2)({'w': 1.0, 'b': 2.0}))",
    "print(grad(lambda p: p[0] * p[1])([2.0, 5.0]))",
    "import autograd.scipy.stats.norm as norm\nprint(grad(lambda x: norm.logpdf(x, 0.0, 1.0))(0.5))",
    "print(grad(lambda x: x.sum())(np.ones(2)), grad(lambda x: np.sum(x, axis=0)[0])(np.ones((2, 2))))",
    "print(grad(lambda x: np.where(x > 0, x ** 2, 0.0))(1.5), grad(np.abs)(0.0))",
    "from autograd import grad as g\nprint(g(g(np.sin))(1.0), g(lambda x: np.linalg.det(x))(np.array([[1., 2.], [3., 4.]])))",
    "print(grad(lambda x: np.array([x, x ** 2]))(1.0))",
]


def pasted(torch: str, jax: str, autograd: str) -> list[tuple[str, str]]:
    """Every program with its dialect; the arguments are the imports they begin with."""
    torched = [*HOOKS, *MEMORY, *OWN, *GRADS, *COMPLEX, *FUNC, *MODULES, *FURTHER]
    return [
        *(("torch", torch + code) for code in torched),
        *WHOLE,
        *(("jax", jax + code) for code in [*JAX, *RANDOM]),
        *(("autograd", autograd + code) for code in AUTOGRAD),
    ]
