"""Programs whose whole answers are kept: each a question that people ask of automatic differentiation."""

WHY_16 = """import torch

x = torch.tensor(2.0)
y = torch.tensor(2.0)
w = torch.tensor(3.0, requires_grad=True)

y_hat = w * x
s = y_hat - y
loss = s ** 2

loss.backward()
print(w.grad)
"""
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
# In double precision, so that the numbers are the same whichever way a processor adds.
ADAM = """import torch
import torch.nn as nn
import torch.nn.functional as F

X = torch.tensor([[0.0, 1.0], [1.0, 0.5], [2.0, -1.0], [3.0, 0.0]]).double()
y = torch.tensor([[1.0], [2.5], [3.0], [6.0]]).double()
line = nn.Linear(2, 1).double()
nn.init.constant_(line.weight, 0.5)
nn.init.zeros_(line.bias)
adam = torch.optim.Adam(line.parameters(), lr=0.1)
for step in range(20):
    adam.zero_grad()
    loss = F.mse_loss(line(X), y)
    loss.backward()
    adam.step()
    if step % 10 == 9:
        print(step + 1, f"{loss.item():.4f}")
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
SUMMED_LOOP = """import torch

w = torch.tensor(0.5, requires_grad=True)
h = torch.tensor(1.0)
total = 0
for step in range(60):
    h = w * h + 1
    total = total + h
total.backward()
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
NUMPY = """import numpy as np

X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
t = np.array([1.0, 2.0, 2.5])
w = np.array([0.5, 0.0])
z = X @ w
p = 1 / (1 + np.exp(-z))
loss = np.sum((p - t) ** 2)
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
