"""Programs for `programs.py` in which each further name of `torch.nn`, its functions, optimisers and `torch.linalg`
computes something and goes back through it.
"""

from __future__ import annotations

BACK = "if y.requires_grad:\n    (y * torch.arange(1., y.numel() + 1).reshape(y.shape)).sum().backward()\nprint(x.grad)"
GRIDS = {1: "x = torch.arange(24.).reshape(2, 3, 4).mul(0.7).sin().requires_grad_()\n",
         2: "x = torch.arange(72.).reshape(1, 4, 6, 3).mul(0.7).sin().requires_grad_()\n",
         3: "x = torch.arange(96.).reshape(1, 2, 4, 4, 3).mul(0.7).sin().requires_grad_()\n"}  # fmt: skip
# By the number of dimensions of space.
LAYERS: tuple[tuple[int, str], ...] = (
    *((d, f"nn.{name}{d}d({how})") for d in (1, 2, 3) for name, how in (
        ("MaxPool", "2"), ("MaxPool", "2, stride=1, padding=1"), ("AvgPool", "2, padding=1"),
        ("AvgPool", "2, stride=1, padding=1, count_include_pad=False"), ("AvgPool", "2, ceil_mode=True"),
        ("MaxPool", "2, ceil_mode=True"), ("AdaptiveAvgPool", "2"), ("AdaptiveMaxPool", "2"), ("LPPool", "2, 2"),
        ("ConstantPad", "1, 0.5"), ("ZeroPad", "1"), ("ReflectionPad", "1"), ("ReplicationPad", "1"),
        ("CircularPad", "1"), ("InstanceNorm", "{c}"), ("InstanceNorm", "{c}, affine=True"), ("BatchNorm", "{c}"),
    )),
    (1, "nn.LocalResponseNorm(2)"), (2, "nn.LocalResponseNorm(3, alpha=0.5)"), (2, "nn.ChannelShuffle(2)"),
    (2, "nn.Softmax2d()"), (2, "nn.Unfold(2, stride=2)"), (2, "nn.Upsample(scale_factor=2)"),
    (2, "nn.Upsample(scale_factor=2, mode='bilinear')"), (2, "nn.Upsample(size=(4, 5), mode='bilinear')"),
    (2, "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)"), (2, "nn.UpsamplingNearest2d(scale_factor=2)"),
    (2, "nn.UpsamplingBilinear2d(scale_factor=2)"), (2, "nn.Upsample(scale_factor=2, mode='bicubic')"),
    (1, "nn.Upsample(size=7, mode='linear')"), (1, "nn.Upsample(size=7)"), (1, "nn.RReLU().eval()"),
    (3, "nn.ConvTranspose3d(2, 3, 2, stride=2)"), (1, "nn.LazyConv1d(2, 2)"), (2, "nn.LazyConv2d(3, 2)"),
    (2, "nn.LazyBatchNorm2d()"), (1, "nn.LazyLinear(2)"), (2, "nn.LazyConvTranspose2d(2, 2)"), (2, "nn.PixelShuffle(2)"),
    (2, "nn.LazyInstanceNorm2d()"), (1, "nn.DataParallel(nn.Linear(4, 2))"),
)  # fmt: skip
FUNCTIONS: tuple[tuple[int, str], ...] = (
    (2, "F.interpolate(x, size=(3, 7), mode='nearest')"), (2, "F.interpolate(x, scale_factor=0.5, mode='nearest')"),
    (2, "F.interpolate(x, size=(3, 2), mode='area')"), (2, "F.interpolate(x, size=(3, 2), mode='nearest-exact')"),
    (2, "F.interpolate(x, scale_factor=1.5, mode='bilinear')"), (3, "F.interpolate(x, size=(2, 3, 3), mode='trilinear')"),
    (2, "F.pad(x, (1, 2, 0, 1), mode='reflect')"), (2, "F.pad(x, (1, 1), value=2.)"), (2, "F.pad(x, (-1, 1, 0, -2))"),
    (2, "F.max_pool2d(x, 2, return_indices=True)[0]"), (2, "F.avg_pool2d(x, 2, divisor_override=3)"),
    (2, "F.max_unpool2d(*F.max_pool2d(x, (2, 1), return_indices=True), (2, 1))"),
    (1, "F.max_unpool1d(*F.max_pool1d_with_indices(x, 2), 2)"), (2, "F.adaptive_max_pool2d_with_indices(x, 2)[0]"),
    (2, "F.max_pool2d(x, 2, dilation=2, stride=1)"), (2, "F.fold(F.unfold(x, 2), (6, 3), 2)"),
    (2, "F.local_response_norm(x, 2)"), (2, "F.instance_norm(x)"), (2, "F.batch_norm(x, None, None, training=True)"),
    (2, "F.batch_norm(x, torch.zeros(4), torch.ones(4))"), (1, "F.pdist(x[0])"), (1, "F.pdist(x[0], p=1)"),
    (1, "F.bilinear(x, x, torch.ones(2, 4, 4), torch.ones(2))"), (1, "F.celu_(x * 1)"), (1, "F.selu_(x * 1)"),
    (1, "F.hardtanh_(x * 2)"), (1, "F.threshold_(x * 1, 0.1, 5.)"), (1, "F.rrelu(x)"), (2, "F.channel_shuffle(x, 2)"),
    (1, "F.multilabel_margin_loss(x[0], torch.tensor([[3, 0, -1, 1], [0, -1, 1, -1], [1, 2, 3, -1]]))"),
    (1, "F.triplet_margin_with_distance_loss(x[0], x[1], x[0].flip(0), distance_function=lambda a, b: (a - b).abs().sum(-1))"),
    (1, "F.ctc_loss(x.permute(2, 0, 1).log_softmax(-1), torch.tensor([[1, 2], [1, 1]]), torch.tensor([4, 4]), torch.tensor([2, 1]))"),
    (1, "F.ctc_loss(x.permute(2, 0, 1).log_softmax(-1), torch.tensor([1, 2, 2, 2]), (4, 3), (2, 2), reduction='none')"),
    (1, "F.embedding_bag(torch.tensor([0, 2, 1, 1]), x[0], torch.tensor([0, 1]))"),
    (1, "F.embedding_bag(torch.tensor([[0, 2], [1, 1]]), x[0], mode='sum')"),
    (1, "F.embedding_bag(torch.tensor([[0, 2], [1, 0]]), x[0], mode='max')"),
)  # fmt: skip
MATRIX = "x = torch.tensor([[4., 1., 0.5], [1., 3., -0.4], [0.5, -0.4, 2.]], requires_grad=True)\n"
LINALG = (
    "inv(x) det(x) slogdet(x)[1] cholesky(x) eigh(x)[0] eigh(x).eigenvectors.abs() eigvalsh(x) svdvals(x) svd(x)[1] "
    "qr(x)[0].abs() qr(x).R.abs() norm(x) norm(x,2) norm(x,'nuc') matrix_norm(x) matrix_norm(x,2) matrix_norm(x,1) "
    "matrix_norm(x,float('inf')) cond(x) matrix_power(x,3) matrix_power(x,-2) matrix_exp(x) pinv(x) pinv(x[:,:2]) "
    "pinv(x[:2]) multi_dot([x,x,x]) vander(x[0]) cross(x,x.flip(0)) vecdot(x,x) diagonal(x) matmul(x,x) "
    "solve(x,x[:,0]**2) solve_triangular(x,x[:,:1],upper=True) lstsq(x[:,:2],x[:,2:]).solution inv_ex(x).inverse "
    "cholesky_ex(x).L tensorinv(x.reshape(3,3,1)[...,0],ind=1) tensorsolve(x,x[0]**2) householder_product(x[:,:2],x[0,:2])"
).split()
# Of a matrix, and of one of whole numbers.
POINTWISE = (
    "quantile(0.3) quantile(torch.tensor([0.25,0.5]),dim=1) kthvalue(2)[0] cummax(0)[0] cummin(1).values unfold(1,2,1) "
    "unflatten(1,(3,1)) cov() corrcoef() sinc() copysign(torch.tensor(-1.)) rot90() aminmax()[1] fmax(x.T) fmin(x.T) "
    "rad2deg() ravel() fliplr() flipud() msort() logcumsumexp(0) adjoint() conj() addr(x[0],x[1]) fix() "
    "masked_scatter(x>1,x.flatten()**2) swapdims(0,1) diagflat()[0] pinverse() matrix_power(2) "
    "mul(1).atan_() mul(1).cumsum_(0) mul(1).tril_() mul(1).rad2deg_() logaddexp2(x.T) slogdet()[1] svd().S qr()[1].abs() "
    "greater_equal(1.) detach().unique() detach().heaviside(torch.tensor(0.5)) argwhere()[:2] is_complex() ndimension() signbit()"
).split()
WHOLE = (
    "bitwise_and(6) bitwise_or(1) bitwise_xor(5) bitwise_not() gcd(torch.tensor(6)) lcm(torch.tensor(4)) "
    "unique(return_counts=True)"
).split()
JOINED = (
    "torch.column_stack([x[0],x[1]]) torch.dstack([x,x]) torch.cartesian_prod(x[0],x[1]) torch.combinations(x[0]) "
    "torch.bucketize(x,torch.tensor([0.,1.])) torch.isin(x,torch.tensor([1.,3.])) torch.bilinear(x,x,torch.ones(2,3,3),None) "
    "torch.avg_pool1d(x,2) torch.celu(x) torch.conv1d(x[None],torch.ones(1,3,2)) torch.layer_norm(x,(3,))"
).split()
PRINTED = (
    "torch.linalg.slogdet(torch.eye(2) * 2)", "torch.linalg.eigh(torch.diag(torch.tensor([3., 1.])))",
    "torch.slogdet(torch.eye(2))", "F.max_pool2d(torch.arange(16.).reshape(1, 1, 4, 4), 2, return_indices=True)",
)  # fmt: skip
OTHERS = (
    "torch.manual_seed(1)\nm = nn.EmbeddingBag(5, 2, mode='sum')\ny = m(torch.tensor([0, 1, 1, 4]), torch.tensor([0, 3]))\n"
    "y.sum().backward()\nprint(m, y.detach(), m.weight.grad)",
    "torch.manual_seed(1)\nm = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True).eval()\n"
    "x = torch.randn(1, 3, 4, requires_grad=True)\ny = m(x)\ny.pow(2).sum().backward()\nprint(y.detach(), x.grad)",
    "torch.manual_seed(1)\nm = nn.TransformerEncoderLayer(4, 1, dim_feedforward=8, norm_first=True, activation='gelu', dropout=0.)\n"
    "x = torch.randn(3, 2, 4, requires_grad=True)\ny = m(x, src_mask=nn.Transformer.generate_square_subsequent_mask(3))\n"
    "y.pow(2).sum().backward()\nprint(y.detach(), x.grad)",
    "torch.manual_seed(1)\nm = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 2).eval()\n"
    "x = torch.randn(1, 3, 4, requires_grad=True)\ny = m(x)\ny.pow(2).sum().backward()\n"
    "print(y.detach(), x.grad, len(list(m.parameters())))",
    "torch.manual_seed(1)\nm = nn.TransformerDecoderLayer(4, 2, 8).eval()\nx = torch.randn(3, 1, 4, requires_grad=True)\n"
    "y = m(x, torch.randn(2, 1, 4))\ny.pow(2).sum().backward()\nprint(y.detach(), x.grad)",
    "torch.manual_seed(1)\nm = nn.Transformer(4, 2, 1, 1, 8, dropout=0.)\nx = torch.randn(3, 1, 4)\ny = m(x, torch.randn(2, 1, 4))\n"
    "print(y.detach(), sum(p.numel() for p in m.parameters()))",
    "torch.manual_seed(1)\nm = nn.MultiheadAttention(4, 2, dropout=0.5, batch_first=True)\nx = torch.randn(1, 3, 4)\n"
    "print(m(x, x, x)[1].detach())",
    "torch.manual_seed(1)\nm = nn.LSTM(2, 3, num_layers=2, dropout=0.5)\nprint(m(torch.ones(4, 1, 2))[0].detach())",
    "m = nn.ParameterDict({'a': nn.Parameter(torch.ones(2))})\nprint('a' in m, len(m), [n for n, _ in m.named_parameters()], m['a'])",
    "m = nn.MultiLabelMarginLoss()\nx = torch.tensor([[0.1, 0.2, 0.4, 0.8]], requires_grad=True)\n"
    "y = m(x, torch.tensor([[3, 0, -1, 1]]))\ny.backward()\nprint(y, x.grad)",
    "w = torch.tensor([1., -2.], requires_grad=True)\no = torch.optim.ASGD([w], lr=0.1)\nfor _ in range(3):\n"
    "    o.zero_grad()\n    (w ** 2).sum().backward()\n    o.step()\n    print(w)",
)  # fmt: skip
_BACK = "if isinstance(y, torch.Tensor) and y.requires_grad:\n    (y * y).sum().backward()\nprint(x.grad)"
CHANNELS = {1: 3, 2: 4, 3: 2}


def named(torch: str) -> list[tuple[str, str]]:
    """The dialect and the code of each; `torch` are the imports."""
    made = [
        f"torch.manual_seed(2)\n{GRIDS[d]}m = {layer.replace('{c}', str(CHANNELS[d]))}\ny = m(x)\n"
        f"print(y.shape, y.detach().flatten()[:12])\n{BACK}"
        for d, layer in LAYERS
    ]
    made += [f"{GRIDS[d]}y = {call}\nprint(y.shape, y.detach().flatten()[:12])\n{BACK}" for d, call in FUNCTIONS]
    made += [f"{MATRIX}y = torch.linalg.{call}\nprint(y.detach())\n{BACK}" for call in LINALG]
    made += [f"{MATRIX}y = x.{call}\nprint(y)\n{_BACK}" for call in POINTWISE]
    made += [f"{MATRIX}y = {call}\nprint(y.detach())\n{BACK}" for call in JOINED]
    made += [f"x = torch.tensor([12, 7, 7])\nprint(x.{call})" for call in WHOLE]
    made += [f"print({call})" for call in PRINTED]
    return [("torch", torch + code) for code in (*made, *OTHERS)]
