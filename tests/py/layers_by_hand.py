"""Trainings of layers whose backward pass is written by hand: recurrent, convolution, pooling, dropout, norms,
attention, embeddings, layers as objects, optimisers with a memory. Right ones, and ones with one fault in a known line;
written as `descents` has them.
"""

from __future__ import annotations

HEAD = """import numpy as np
rng = np.random.RandomState({seed})
"""
TABLE = (
    HEAD
    + """X = rng.randn(12, 3)
y = np.tanh(X @ rng.randn(3, 1)) + 0.1*rng.randn(12, 1)
n = len(X)
"""
)
DIGITS = (
    HEAD
    + """X = rng.randn(12, 4)
t = rng.randint(0, 3, 12)
Y = np.eye(3)[t]
n = 12
"""
)
TEMPLATES: dict[str, str] = {
    "recurrent": HEAD + """T, n_in, n_hid = 6, 2, 4
xs = rng.randn(T, n_in)
target = np.cumsum(xs[:, :1], axis=0)
Wx = 0.3*rng.randn(n_hid, n_in)
Wh = 0.3*rng.randn(n_hid, n_hid)
Wy = 0.3*rng.randn(1, n_hid)
bh = np.zeros(n_hid)
by = np.zeros(1)
{lr} = 0.02
for it in range(40):
    hs = {{-1: np.zeros(n_hid)}}
    ys = {{}}
    loss = 0
    for t in range(T):
        hs[t] = np.tanh(Wx @ xs[t] + Wh @ hs[t-1] + bh)
        ys[t] = Wy @ hs[t] + by
        loss += 0.5*np.sum((ys[t] - target[t])**2)
    dWx, dWh, dWy = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(Wy)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros(n_hid)
    for t in reversed(range(T)):
        dy = <<ys[t] - target[t]|sign: target[t] - ys[t]>>
        dWy += np.outer(dy, hs[t])
        dby += dy
        dh = <<Wy.T @ dy + dhnext|missing-term: Wy.T @ dy>>
        draw = <<(1 - hs[t]**2)*dh|missing-derivative: dh>>
        dbh += draw
        dWx += np.outer(draw, xs[t])
        dWh += np.outer(draw, <<hs[t-1]|wrong-variable: hs[t]>>)
        dhnext = <<Wh.T @ draw|missing-transpose: Wh @ draw>>
    Wx -= {lr}*dWx
    Wh -= {lr}*dWh
    Wy -= {lr}*dWy
    bh -= {lr}*dbh
    by -= {lr}*dby
""",
    "characters": HEAD + """data = 'hello world hello'
chars = sorted(set(data))
ix = {{c: i for i, c in enumerate(chars)}}
V, H = len(chars), 5
Wxh = rng.randn(H, V)*0.1
Whh = rng.randn(H, H)*0.1
Why = rng.randn(V, H)*0.1
bh, by = np.zeros((H, 1)), np.zeros((V, 1))
inputs = [ix[c] for c in data[:8]]
targets = [ix[c] for c in data[1:9]]
def lossFun(inputs, targets, hprev):
    xs, hs, ys, ps = {{}}, {{}}, {{}}, {{}}
    hs[-1] = np.copy(hprev)
    loss = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((V, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t-1]) + bh)
        ys[t] = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(ys[t])/np.sum(np.exp(ys[t]))
        loss += -np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] <<-= 1|missing-term: -= 0>>
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = <<(1 - hs[t]*hs[t])*dh|wrong-power: (1 - hs[t])*dh>>
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t-1].T)
        dhnext = np.dot(<<Whh.T|missing-transpose: Whh>>, dhraw)
    return loss, dWxh, dWhh, dWhy, dbh, dby
mem = [np.zeros_like(p) for p in (Wxh, Whh, Why, bh, by)]
hprev = np.zeros((H, 1))
for n in range(30):
    loss, dWxh, dWhh, dWhy, dbh, dby = lossFun(inputs, targets, hprev)
    for p, dp, m in zip([Wxh, Whh, Why, bh, by], [dWxh, dWhh, dWhy, dbh, dby], mem):
        m += dp*dp
        p += -0.1*dp/np.sqrt(m + 1e-8)
""",
    "convolution": HEAD + """X = rng.randn(6, 5, 5)
y = rng.randn(6)
K = 0.3*rng.randn(3, 3)
w = 0.3*rng.randn(9)
{lr} = 0.02
for epoch in range(40):
    dK, dw, loss = np.zeros_like(K), np.zeros_like(w), 0.0
    for img, target in zip(X, y):
        z = np.zeros((3, 3))
        for i in range(3):
            for j in range(3):
                z[i, j] = np.sum(img[i:i+3, j:j+3]*K)
        a = np.maximum(z, 0)
        out = a.ravel() @ w
        err = out - target
        loss += 0.5*err**2
        dw += err*a.ravel()
        da = (err*w).reshape(3, 3)
        dz = <<da*(z > 0)|missing-derivative: da>>
        for i in range(3):
            for j in range(3):
                dK += dz[i, j]*<<img[i:i+3, j:j+3]|index-order: img[j:j+3, i:i+3]>>
    K -= {lr}*dK/len(X)
    w -= {lr}*<<dw/len(X)|missing-mean: dw>>
print(loss)
""",
    "pooling": HEAD + """X = rng.randn(5, 6)
y = rng.randn(5)
k = 0.5*rng.randn(3)
w = 0.5*rng.randn(2)
for epoch in range(40):
    gk, gw = np.zeros(3), np.zeros(2)
    total = 0.0
    for s in range(5):
        c = np.array([X[s, i:i+3] @ k for i in range(4)])
        p = np.array([c[0:2].max(), c[2:4].max()])
        e = p @ w - y[s]
        total += e**2
        gw += 2*e*p
        gp = 2*e*w
        gc = np.zeros(4)
        for q in range(2):
            gc[2*q + c[2*q:2*q+2].<<argmax|wrong-variable: argmin>>()] = gp[q]
        for i in range(4):
            gk += gc[i]*X[s, i:i+3]
    k -= 0.02*<<gk|sign: -gk>>
    w -= 0.02*gw
""",
    "dropout": DIGITS + """W1 = 0.5*rng.randn(4, 6)
W2 = 0.5*rng.randn(6, 3)
keep = 0.8
{lr} = 0.3
for step in range(40):
    h = np.maximum(0, X @ W1)
    mask = (rng.rand(*h.shape) < keep)/keep
    d = h*mask
    s = d @ W2
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e/e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(n), t]).mean()
    ds = <<(p - Y)/n|missing-mean: p - Y>>
    dW2 = <<d.T|wrong-variable: h.T>> @ ds
    dd = ds @ W2.T
    dh = <<dd*mask|missing-term: dd>>
    dW1 = X.T @ (dh*(h > 0))
    W1 -= {lr}*dW1
    W2 -= {lr}*dW2
""",
    "batch norm": TABLE + """W1 = 0.5*rng.randn(3, 4)
g, b = np.ones(4), np.zeros(4)
W2 = 0.5*rng.randn(4, 1)
{lr} = 0.1
for i in range(40):
    z = X @ W1
    mu = z.mean(axis=0)
    var = z.var(axis=0)
    xhat = (z - mu)/np.sqrt(var + 1e-5)
    u = g*xhat + b
    a = np.tanh(u)
    out = a @ W2
    loss = np.mean((out - y)**2)
    dout = 2*(out - y)/n
    dW2 = a.T @ dout
    du = (dout @ W2.T)*(1 - a**2)
    dg = <<(du*xhat).sum(axis=0)|wrong-variable: (du*z).sum(axis=0)>>
    db = du.sum(axis=0)
    dx = du*g
    dz = (<<dx - dx.mean(axis=0) - xhat*(dx*xhat).mean(axis=0)|missing-term: dx - dx.mean(axis=0)>>)/np.sqrt(var + 1e-5)
    dW1 = X.T @ dz
    W1 -= {lr}*dW1
    W2 -= {lr}*dW2
    g -= {lr}*dg
    b -= {lr}*db
""",
    "layer norm": TABLE + """W = 0.5*rng.randn(3, 5)
V = 0.5*rng.randn(5, 1)
for i in range(40):
    h = X @ W
    m = h.mean(axis=1, keepdims=True)
    s = np.sqrt(h.var(axis=1, keepdims=True) + 1e-5)
    q = (h - m)/s
    out = q @ V
    loss = 0.5*np.mean((out - y)**2)
    dout = (out - y)/n
    dV = q.T @ dout
    dq = dout @ V.T
    dh = (dq - <<dq.mean(axis=1, keepdims=True)|missing-axis: dq.mean()>> - q*(dq*q).mean(axis=1, keepdims=True))/s
    W -= 0.1*X.T @ dh
    V -= 0.1*dV
""",
    "layers as objects": TABLE + """class Dense:
    def __init__(self, i, o):
        self.W = 0.5*rng.randn(i, o)
        self.b = np.zeros((1, o))
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, grad, lr):
        dx = grad @ self.W.T
        self.W -= lr*<<self.x.T @ grad|sign: -(self.x.T @ grad)>>
        self.b -= lr*<<grad.sum(axis=0, keepdims=True)|missing-axis: grad.sum()>>
        return dx
class Tanh:
    def forward(self, x):
        self.a = np.tanh(x)
        return self.a
    def backward(self, grad, lr):
        return <<grad*(1 - self.a**2)|missing-derivative: grad>>
layers = [Dense(3, 5), Tanh(), Dense(5, 1)]
for epoch in range(40):
    out = X
    for layer in layers:
        out = layer.forward(out)
    loss = np.mean((out - y)**2)
    grad = 2*(out - y)/out.size
    for layer in reversed(layers):
        grad = layer.backward(grad, 0.1)
""",
    "momentum": TABLE + """W1, W2 = 0.5*rng.randn(3, 5), 0.5*rng.randn(5, 1)
v1, v2 = np.zeros_like(W1), np.zeros_like(W2)
mu, {lr} = 0.9, 0.02
for i in range(40):
    a = 1/(1 + np.exp(-(X @ W1)))
    out = a @ W2
    loss = np.mean((out - y)**2)
    d = 2*(out - y)/n
    g2 = a.T @ d
    g1 = X.T @ ((d @ W2.T)*<<a*(1 - a)|wrong-power: (1 - a**2)>>)
    v1 = mu*v1 <<-|sign: +>> {lr}*g1
    v2 = mu*v2 - {lr}*g2
    W1 += v1
    W2 += v2
""",
    "adam": DIGITS + """p = {{'W1': 0.5*rng.randn(4, 6), 'b1': np.zeros(6)}}
p |= {{'W2': 0.5*rng.randn(6, 3), 'b2': np.zeros(3)}}
m = {{k: np.zeros_like(v) for k, v in p.items()}}
v = {{k: np.zeros_like(u) for k, u in p.items()}}
for step in range(1, 41):
    z = X @ p['W1'] + p['b1']
    a = np.maximum(z, 0)
    s = a @ p['W2'] + p['b2']
    e = np.exp(s - s.max(1, keepdims=True))
    q = e/e.sum(1, keepdims=True)
    loss = -np.mean(np.log(q[np.arange(n), t]))
    ds = (q - Y)/n
    da = ds @ p['W2'].T
    dz = <<da*(z > 0)|missing-derivative: da>>
    g = {{'W1': X.T @ dz, 'b1': dz.sum(0), 'W2': a.T @ ds, 'b2': <<ds.sum(0)|missing-axis: ds.sum()>>}}
    for k in p:
        m[k] = 0.9*m[k] + 0.1*g[k]
        v[k] = 0.999*v[k] + 0.001*g[k]**2
        mh = m[k]/(1 - 0.9**step)
        vh = v[k]/(1 - 0.999**step)
        p[k] = p[k] <<-|sign: +>> 0.01*mh/(np.sqrt(vh) + 1e-8)
""",
    "embedding": HEAD + """words = rng.randint(0, 5, 10)
nxt = rng.randint(0, 5, 10)
E = 0.5*rng.randn(5, 3)
U = 0.5*rng.randn(3, 5)
for it in range(40):
    h = E[words]
    s = h @ U
    p = np.exp(s)/np.exp(s).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(10), nxt]).mean()
    ds = p.copy()
    ds[np.arange(10), nxt] -= 1
    ds /= 10
    dU = h.T @ ds
    dh = ds @ U.T
    dE = np.zeros_like(E)
    <<np.add.at(dE, words, dh)|not-accumulated: dE[words] = dh>>
    E -= 0.5*dE
    U -= 0.5*dU
""",
    "attention": HEAD + """S = rng.randn(5, 4)
goal = rng.randn(5, 4)
Wq, Wk, Wv = (0.5*rng.randn(4, 4) for _ in range(3))
for it in range(40):
    Q, K, V = S @ Wq, S @ Wk, S @ Wv
    scores = Q @ K.T/2.0
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    A = e/e.sum(axis=1, keepdims=True)
    out = A @ V
    loss = 0.5*np.sum((out - goal)**2)
    dout = out - goal
    dV = <<A.T|missing-transpose: A>> @ dout
    dA = dout @ V.T
    ds = A*(dA - <<(dA*A).sum(axis=1, keepdims=True)|missing-axis: (dA*A).sum()>>)
    dQ = ds @ K<</2.0|missing-factor: >>
    dK = ds.T @ Q/2.0
    Wq -= 0.02*S.T @ dQ
    Wk -= 0.02*S.T @ dK
    Wv -= 0.02*S.T @ dV
""",
    "autoencoder": HEAD + """X = rng.randn(10, 4)
W = 0.4*rng.randn(4, 2)
b, c = np.zeros(2), np.zeros(4)
for it in range(60):
    h = 1/(1 + np.exp(-(X @ W + b)))
    r = h @ W.T + c
    loss = np.mean(np.sum((r - X)**2, axis=1))
    dr = 2*(r - X)/len(X)
    dh = (dr @ W)*h*(1 - h)
    dW = <<X.T @ dh + dr.T @ h|missing-term: X.T @ dh>>
    W -= 0.1*dW
    b -= 0.1*dh.sum(axis=0)
    c -= 0.1*dr.sum(axis=0)
""",
    "gated": HEAD + """xs = rng.randn(5, 3)
goal = rng.randn(4)
Wz, Uz = 0.4*rng.randn(4, 3), 0.4*rng.randn(4, 4)
Wc, Uc = 0.4*rng.randn(4, 3), 0.4*rng.randn(4, 4)
sig = lambda a: 1/(1 + np.exp(-a))
for it in range(40):
    h = [np.zeros(4)]
    zs, cs = [], []
    for x in xs:
        z = sig(Wz @ x + Uz @ h[-1])
        c = np.tanh(Wc @ x + Uc @ h[-1])
        zs.append(z)
        cs.append(c)
        h.append((1 - z)*h[-1] + z*c)
    loss = 0.5*np.sum((h[-1] - goal)**2)
    dh = h[-1] - goal
    gWz, gUz, gWc, gUc = [np.zeros_like(p) for p in (Wz, Uz, Wc, Uc)]
    for k in range(4, -1, -1):
        z, c, old = zs[k], cs[k], h[k]
        dz = dh*(c - old)*<<z*(1 - z)|missing-derivative: z>>
        dc = dh*z*(1 - c**2)
        gWz += np.outer(dz, xs[k])
        gUz += np.outer(dz, old)
        gWc += np.outer(dc, xs[k])
        gUc += np.outer(dc, old)
        dh = <<dh*(1 - z) + Uz.T @ dz + Uc.T @ dc|missing-term: Uz.T @ dz + Uc.T @ dc>>
    Wz -= 0.05*gWz
    Uz -= 0.05*gUz
    Wc -= 0.05*gWc
    Uc -= 0.05*gUc
""",
    "svm": HEAD + """X = rng.randn(12, 3)
t = rng.randint(0, 3, 12)
W = 0.1*rng.randn(3, 3)
reg = 0.01
for it in range(50):
    s = X @ W
    right = s[np.arange(12), t][:, None]
    margin = np.maximum(0, s - right + 1)
    margin[np.arange(12), t] = 0
    loss = margin.sum()/12 + 0.5*reg*np.sum(W*W)
    c = (margin > 0).astype(float)
    c[np.arange(12), t] = <<-c.sum(axis=1)|missing-term: -1>>
    dW = X.T @ c/12 + <<reg*W|regularisation-factor: 2*reg*W>>
    W -= 0.1*dW
""",
    "weights in a list": DIGITS + """sizes = [4, 5, 5, 3]
Ws = [0.5*rng.randn(i, o) for i, o in zip(sizes[:-1], sizes[1:])]
bs = [np.zeros(o) for o in sizes[1:]]
for epoch in range(40):
    acts = [X]
    for k, (W, b) in enumerate(zip(Ws, bs)):
        z = acts[-1] @ W + b
        acts.append(np.tanh(z) if k < 2 else z)
    e = np.exp(acts[-1] - acts[-1].max(axis=1, keepdims=True))
    p = e/e.sum(axis=1, keepdims=True)
    loss = -np.sum(Y*np.log(p))/n
    delta = (p - Y)/n
    for k in (2, 1, 0):
        gW = acts[k].T @ delta
        gb = delta.sum(axis=0)
        if k:
            delta = (delta @ Ws[k].T)*<<(1 - acts[k]**2)|missing-derivative: 1>>
        Ws[k] -= 0.2*gW
        bs[k] <<-=|sign: +=>> 0.2*gb
""",
}  # fmt: skip
