"""Programs and data of the gallery's questions."""

from math import cos, exp, pi, sin
from random import Random

WHY_9_HALVES = """import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
y.retain_grad()
out.backward()
print(x.grad)
print(y.grad)
"""
NO_GRADIENT = """import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = a * 3
c = b.detach() ** 2
d = torch.tensor([4.0, 5.0], requires_grad=True)
total = (b + c).sum()
total.backward()
print(a.grad, b.grad, c.requires_grad, d.grad)
"""
IN_PLACE = """import torch

w = torch.tensor([0.5, 1.5], requires_grad=True)
h = torch.exp(w)
h += 1
h.sum().backward()
"""
JAX = """import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def loss(w, x, y):
    return jnp.mean((x @ w - y) ** 2)


w = jnp.array([1.0, -2.0])
x = jnp.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
y = jnp.array([1.0, 0.0, -1.0])
print(jax.grad(loss)(w, x, y))
"""
# The eleven lines, and the line that was asked about in place of the right one.
ELEVEN = """import numpy as np
X = np.array([ [0,0,1],[0,1,1],[1,0,1],[1,1,1] ])
y = np.array([[0,1,1,0]]).T
eta,width = (0.5,4)
W_in = 2*np.random.random((3,width)) - 1
W_out = 2*np.random.random((width,1)) - 1
for j in xrange(12):
    act_1 = 1/(1+np.exp(-(np.dot(X,W_in))))
    act_2 = 1/(1+np.exp(-(np.dot(act_1,W_out))))
    back_2 = (act_2 - y)*(act_2*(1-act_2))
    back_1 = back_2.dot(W_out.T) * (act_1 * (1-act_1))
    W_out -= (eta * act_1.T.dot(back_2))
    W_in -= (eta * X.T.dot(back_1))
"""
ELEVEN_ASKED = ELEVEN.replace("back_2.dot(W_out.T)", "act_1.T.dot(back_2)")
RELU_TWO = """import numpy as np
np.random.seed(0)
x = np.random.randn(8, 3)
t = x[:, :1] - 0.5 * x[:, 1:2]
u = np.random.randn(3, 5) * 0.6
v = np.random.randn(5, 4) * 0.5
w = np.random.randn(4, 1) * 0.5
eta = 0.02
for k in range(10):
    p = x @ u
    f = np.maximum(p, 0)
    q = f @ v
    g = np.maximum(q, 0)
    o = g @ w
    e = o - t
    loss = 0.5 * np.sum(e ** 2)
    d2 = (e @ w.T) * (q > 0)
    d1 = (d2 @ v.T) * (p > 0)
    w -= eta * g.T @ e
    v -= eta * f.T @ d2
    u -= eta * x.T @ d1
    print(k, round(float(loss), 6))
"""
ACCUMULATED = """import torch

w = torch.tensor(1.0, requires_grad=True)
for step in range(3):
    loss = (2 * w - 1) ** 2
    loss.backward()
    print(w.grad)
"""
TWICE = """import torch

a = torch.tensor(3.0, requires_grad=True)
b = a * a
b.backward()
b.backward()
"""
RELU_AT_ZERO = """import torch
import torch.nn.functional as F

x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
F.relu(x).sum().backward()
print(x.grad)
"""
CROSS_ENTROPY = """import torch
import torch.nn.functional as F

scores = torch.tensor([[2.0, 1.0, 0.1]], requires_grad=True)
truth = torch.tensor([0])
loss = F.cross_entropy(scores, truth)
loss.backward()
print(loss)
print(scores.grad)
"""
BROADCAST = """import torch

X = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
b = torch.zeros(2, requires_grad=True)
out = (X + b).sum()
out.backward()
print(b.grad)
"""
ROSENBROCK = """from scipy.optimize import minimize

def f(p):
    x, y = p
    return (1 - x) ** 2 + 100 * (y - x ** 2) ** 2

def gradient(p):
    x, y = p
    return [-2 * (1 - x) + 400 * x * (y - x ** 2), 200 * (y - x ** 2)]

print(minimize(f, [-1.2, 1.0], jac=gradient, method="BFGS"))
"""
DEAD_RELU = """import numpy as np
np.random.seed(3)
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = np.array([[0.0], [1.0], [1.0], [0.0]])
W = np.random.randn(2, 4)
b = np.full((1, 4), -3.0)
v = np.random.randn(4, 1)
for k in range(20):
    z = X.dot(W) + b
    h = np.maximum(z, 0)
    out = h.dot(v)
    e = out - y
    dh = e.dot(v.T) * (z > 0)
    v -= 0.05 * h.T.dot(e)
    W -= 0.05 * X.T.dot(dh)
    b -= 0.05 * dh.sum(axis=0, keepdims=True)
"""
NO_SLOPE = ELEVEN.replace("(act_2 - y)*(act_2*(1-act_2))", "(act_2 - y)")

# Two cycles, of 3.2 and 1.2 days, in noise, sampled at irregular times.
UNEVEN = """days,level
0.04,3.38
0.91,2.93
2.57,1.26
2.73,0.95
2.82,1.26
3.07,1.16
3.41,3.14
4.39,2.45
4.79,2.37
5.90,1.11
6.22,2.14
6.56,2.36
7.10,3.85
8.26,1.63
8.53,0.85
8.76,0.52
8.95,0.18
9.42,2.02
11.23,0.99
11.74,0.87
11.82,0.88
11.99,1.25
12.86,2.40
12.92,2.59
14.14,2.28
14.37,2.20
15.50,1.01
16.85,3.94
17.46,1.54
17.60,1.46
18.39,0.21
18.90,0.74
19.46,3.20
19.73,3.17
20.48,3.42
20.89,1.27
21.21,0.33
21.66,1.29
22.04,0.77
22.25,1.03
22.76,3.60
23.20,3.53
24.04,2.94
24.60,0.38
25.49,1.60
26.13,3.01
26.75,3.46
27.94,0.27
28.69,2.06
29.20,3.26
"""


# A gradient whose array is made like one number.
NEWTON_CG = """import numpy as np
from scipy.optimize import minimize

def valley(point):
    u, v = point
    return (1 - u) ** 2 + 2 * (v - u ** 2) ** 2

def slope(point):
    u, v = point
    g = np.zeros_like(u)
    g[0] = 8 * u ** 3 - 8 * u * v + 2 * u - 2
    g[1] = 4 * (v - u ** 2)
    return g

best = minimize(valley, [3, 2], jac=slope, method="Newton-CG")
"""
# A field of a power of a negative base, with three slips, and without them.
_SHARED = (
    "171.05e-18*((x**4+2*x**2*z**2+z**4)*{}-x**3*z-x*z**3)*(-3.17e6*x**4-6.36e6*x**2*z**2-3.19e6*z**4"
    "+x**4*z+2*x**2*z**3+z**5)*(z-44.33e3)/(((-2e3)/({}576.30e3+13*z))**2.69*(x**2+z**2)**{}*z+1e-15)"
)
SLIPS = _SHARED.format("arctan(z*x)", "", "7/2")
REPAIRED = _SHARED.format("arctan2(z,x)", "-", "(7/2)")


def _column(head: str, values: list[float], digits: int = 3) -> str:
    return "\n".join([head, *(f"{value:.{digits}f}" for value in values)]) + "\n"


def _noise(seed: int, size: float, count: int) -> list[float]:
    draws = Random(seed)  # noqa: S311 (data, not secrets)
    return [size * draws.gauss(0, 1) for _ in range(count)]


# A tone of 70 Hz, looked at 100 times a second.
ALIASED = _column("volt", [2 * sin(2 * pi * 70 * k / 100 + 0.4) + e for k, e in enumerate(_noise(1, 0.1, 80))])
# Two tones less than a bin apart.
CLOSE = "t [s];u [V]\n" + "".join(
    f"{k / 50:.2f};{sin(2 * pi * 5.0 * k / 50) + 0.8 * cos(2 * pi * 5.35 * k / 50) + e:.3f}\n"
    for k, e in enumerate(_noise(2, 0.05, 100))
)
# A string that was plucked.
DECAYING = "t,x\n" + "".join(
    f"{k / 200:.3f},{3 * exp(-2.5 * k / 200) * cos(2 * pi * 12 * k / 200) + e:.4f}\n"
    for k, e in enumerate(_noise(3, 0.03, 240))
)
# Eight years of monthly means: a rise, and a year.
SEASONS = "month,ppm\n" + "".join(
    f"{2010 + k // 12}-{k % 12 + 1:02d}-15,{390 + 0.19 * k + 2.9 * sin(2 * pi * (k + 1) / 12) + e:.2f}\n"
    for k, e in enumerate(_noise(4, 0.25, 96))
)
# Nothing but noise.
NOISE = _column("y", _noise(5, 1.0, 64))
