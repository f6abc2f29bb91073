"""Descents written by hand, in the styles people write them: right ones, and ones with one fault whose line is known.

A template is a program with places `{lr}` and the like for names, and pieces `<<right|fault>>` of which the first is
right. A case takes either all first pieces, or one fault.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

DATA = """import numpy as np
rng = np.random.RandomState({seed})
x = np.linspace(0, 2, 12)
y = 1.5 + 2.0*x + 0.1*rng.randn(12)
X = np.column_stack([np.ones(12), x])
m = len(y)
"""
COLUMN = DATA + "y = y.reshape(-1, 1)\n"
LABELS = """import numpy as np
rng = np.random.RandomState({seed})
X = np.c_[np.ones(16), rng.randn(16, 2)]
y = (X[:, 1] - 0.5*X[:, 2] + 0.8*rng.randn(16) > 0).astype(float)
m = len(y)
def sigmoid(z):
    return 1/(1 + np.exp(-z))
"""
CLASSES = """import numpy as np
rng = np.random.RandomState({seed})
X = rng.randn(15, 3)
labels = np.arange(15) % 3
Y = np.eye(3)[labels]
m = 15
"""

# name: (data, program, {kind of the fault: None}); faults are written `<<right|kind: wrong>>`.
TEMPLATES: dict[str, str] = {
    "flat": DATA + """{w} = np.zeros(2)
{lr} = 0.2
for i in range(400):
    err = <<X @ {w} - y|sign: y - X @ {w}>>
    grad = X.T @ err / m
    {w} = {w} <<-|sign: +>> {lr}*grad
print({w})
""",
    "cost printed": DATA + """{w} = np.zeros(2)
{lr} = 0.2
costs = []
for it in range(400):
    h = X.dot({w})
    cost = np.sum((h - y)**2)/(2*m)
    costs.append(cost)
    grad = <<X.T.dot(h - y)/m|missing-mean: X.T.dot(h - y)>>
    {w} -= {lr}*grad
print({w}, costs[-1])
""",
    "column": COLUMN + """{w} = np.zeros((2, 1))
{lr} = 0.2
for epoch in range(400):
    pred = np.dot(X, {w})
    loss = np.mean((pred - y)**2)
    {w} = {w} <<-|sign: +>> {lr}*(2/m)*np.dot(X.T, pred - y)
""",
    "shapes": DATA + """{w} = np.zeros((2, 1))
<<y = y.reshape(-1, 1)|shape-broadcast@+3: y = y>>
for epoch in range(300):
    pred = X @ {w}
    error = pred - y
    gradient = X.T @ error/m
    {w} = {w} - 0.2*gradient
print({w})
""",
    "two numbers": DATA + """a = 0.0
b = 0.0
{lr} = 0.2
for i in range(400):
    r = a*x + b - y
    da = <<np.sum(r*x)/m|missing-mean: np.sum(r*x)>>
    db = <<np.sum(r)/m|missing-factor: 3*np.sum(r)/m>>
    a = a - {lr}*da
    b = b <<-|sign: +>> {lr}*db
print(a, b)
""",
    "temporaries": DATA + """theta0, theta1 = 0.0, 0.0
{lr} = 0.1
def h(v):
    return theta0 + theta1*v
for i in range(500):
    temp0 = theta0 - {lr}*np.sum(h(x) - y)/m
    temp1 = theta1 - {lr}*np.sum((h(x) - y)*x)/m
    theta0 = temp0
    theta1 = temp1
print(theta0, theta1)
""",
    "in turn": DATA + """theta0 = theta1 = 0.0
{lr} = 0.1
def r():
    return theta0 + theta1*x - y
for i in range(500):
    g = <<np.mean(r()), np.mean(r()*x)|not-simultaneous@+1: np.mean(r()), 0>>
    theta0 -= {lr}*g[0]
    theta1 -= {lr}*(g[1] or np.mean(r()*x))
print(theta0, theta1)
""",
    "samples summed": DATA + """w, b = 0.0, 0.0
{lr} = 0.2
for epoch in range(400):
    dw, db, J = 0.0, 0.0, 0.0
    for i in range(m):
        e = w*x[i] + b - y[i]
        dw += <<e*x[i]|missing-term: e>>
        db += e
        J += e**2/(2*m)
    w -= {lr}*dw/m
    b -= {lr}*db/m
print(w, b, J)
""",
    "components": DATA + """{w} = [0.0, 0.0]
{lr} = 0.2
def predict(row):
    return {w}[0]*row[0] + {w}[1]*row[1]
for epoch in range(400):
    errors = [predict(X[i]) - y[i] for i in range(m)]
    for j in range(2):
        {w}[j] = {w}[j] - {lr}*sum(errors[i]*X[i][j] for i in range(m))/m
print({w})
""",
    "function": DATA + """def compute_cost(X, y, {w}):
    return np.sum((X.dot({w}) - y)**2)/(2*len(y))
def gradient_descent(X, y, {w}, {lr}, num_iters):
    history = []
    for i in range(num_iters):
        error = X.dot({w}) - y
        {w} = {w} - {lr}*X.T.dot(error)/len(y)
        history.append(compute_cost(X, y, {w}))
    return {w}, history
{w}, history = gradient_descent(X, y, np.zeros(2), 0.2, 400)
print({w})
""",
    "class": DATA + """class LinearRegression:
    def __init__(self, {lr}=0.2, n_iter=400):
        self.{lr} = {lr}
        self.n_iter = n_iter
    def fit(self, X, y):
        n, p = X.shape
        self.weights = np.zeros(p)
        self.bias = 0
        for _ in range(self.n_iter):
            y_pred = np.dot(X, self.weights) + self.bias
            dw = (1/n)*np.dot(X.T, (y_pred - y))
            db = <<(1/n)*np.sum(y_pred - y)|missing-mean: np.sum(y_pred - y)>>
            self.weights -= self.{lr}*dw
            self.bias -= self.{lr}*db
        return self
model = LinearRegression()
model.fit(X[:, 1:], y)
print(model.weights, model.bias)
""",
    "dictionary": DATA + """params = {{'w': np.zeros(1), 'b': 0.0}}
{lr} = 0.2
for step in range(400):
    pred = X[:, 1:] @ params['w'] + params['b']
    loss = np.mean((pred - y)**2)
    grads = {{'w': 2*X[:, 1:].T @ (pred - y)/m, 'b': 2*np.mean(pred - y)}}
    for key in params:
        params[key] = params[key] - {lr}*grads[key]
print(params)
""",
    "until": DATA + """{w} = np.zeros(2)
step = 1.0
while np.linalg.norm(step) > 1e-9:
    step = -0.2*X.T @ (X @ {w} - y)/m
    {w} = {w} + step
print({w})
""",
    "stochastic": DATA + """{w} = np.zeros(2)
{lr} = 0.05
for epoch in range(60):
    order = rng.permutation(m)
    for i in order:
        error = X[i] @ {w} - y[i]
        {w} = {w} <<-|sign: +>> {lr}*error*X[i]
print({w})
""",
    "batches": COLUMN + """{w} = np.zeros((2, 1))
{lr} = 0.1
for epoch in range(80):
    idx = np.random.permutation(m)
    for start in range(0, m, 4):
        rows = idx[start:start+4]
        xb, yb = X[rows], y[rows]
        g = xb.T @ (xb @ {w} - yb)/len(xb)
        {w} -= {lr}*g
print({w})
""",
    "ridge": DATA + """{w} = np.zeros(2)
{lr} = 0.2
lam = 0.1
for i in range(400):
    r = X @ {w} - y
    loss = np.sum(r**2)/m + lam*np.sum({w}**2)
    grad = 2*X.T @ r/m + <<2*lam*{w}|regularisation-factor: lam*{w}>>
    {w} = {w} - {lr}*grad
print({w}, loss)
""",
    "penalty forgotten": DATA + """{w} = np.zeros(2)
{lr} = 0.2
lam = 0.1
for i in range(400):
    r = X @ {w} - y
    loss = np.mean(r**2) + lam*np.sum({w}**2)
    grad = <<2*X.T @ r/m + 2*lam*{w}|missing-term: 2*X.T @ r/m>>
    {w} = {w} - {lr}*grad
""",
    "decay": DATA + """{w} = np.zeros(2)
{lr} = 0.2
for i in range(400):
    r = X @ {w} - y
    mse = np.mean(r**2)
    {w} = {w} - {lr}*(2*X.T @ r/m + 0.02*{w})
""",
    "polynomial": DATA + """P = np.vander(x - 1, 4)
{w} = np.zeros(4)
{lr} = 0.3
for i in range(6000):
    residual = P @ {w} - y
    {w} -= {lr}*P.T @ residual/m
print({w})
""",
    "logistic": LABELS + """{w} = np.zeros(3)
{lr} = 0.5
for i in range(800):
    h = sigmoid(X @ {w})
    cost = -np.mean(y*np.log(h) + (1 - y)*np.log(1 - h))
    gradient = X.T @ <<(h - y)|sign: (y - h)>>/m
    {w} = {w} - {lr}*gradient
print({w}, cost)
""",
    "logistic, no cost": LABELS + """{w} = np.zeros((3, 1))
y = y[:, np.newaxis]
for i in range(800):
    p = 1.0/(1.0 + np.exp(-X.dot({w})))
    {w} <<-=|sign: +=>> 0.5/m*X.T.dot(p - y)
print({w})
""",
    "logistic with bias": LABELS + """{w} = np.zeros(2)
b = 0.0
{lr} = 0.5
A = X[:, 1:]
for i in range(800):
    z = np.dot(A, {w}) + b
    a = sigmoid(z)
    loss = -(y*np.log(a) + (1 - y)*np.log(1 - a)).mean()
    dz = a - y
    dw = np.dot(A.T, dz)/m
    db = <<np.sum(dz)/m|missing-mean: np.sum(dz)>>
    {w} -= {lr}*dw
    b -= {lr}*db
""",
    "likelihood": LABELS + """{w} = np.zeros(3)
{lr} = 0.5
for i in range(800):
    p = sigmoid(X @ {w})
    log_likelihood = np.mean(y*np.log(p) + (1 - y)*np.log(1 - p))
    {w} = {w} + {lr}*X.T @ (y - p)/m
print({w}, log_likelihood)
""",
    "softmax": CLASSES + """{w} = np.zeros((3, 3))
{lr} = 0.5
for i in range(400):
    scores = X @ {w}
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    P = e/e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(P[np.arange(m), labels]))
    grad = X.T @ (P - Y)/m
    {w} = {w} <<-|sign: +>> {lr}*grad
print(loss)
""",
    "softmax by labels": CLASSES + """W = 0.01*rng.randn(3, 3)
b = np.zeros((1, 3))
reg = 1e-3
for i in range(300):
    scores = np.dot(X, W) + b
    exp_scores = np.exp(scores)
    probs = exp_scores/np.sum(exp_scores, axis=1, keepdims=True)
    loss = np.sum(-np.log(probs[range(m), labels]))/m + 0.5*reg*np.sum(W*W)
    dscores = probs
    dscores[range(m), labels] -= 1
    dscores /= m
    dW = np.dot(X.T, dscores)
    db = np.sum(dscores, axis=0, keepdims=True)
    dW += <<reg*W|regularisation-factor: 3*reg*W>>
    W += -0.5*dW
    b += -0.5*db
""",
    "factors": """import numpy as np
rng = np.random.RandomState({seed})
R = rng.rand(5, 4)
P = rng.rand(5, 2)
Q = rng.rand(4, 2)
{lr} = 0.05
for step in range(300):
    E = P @ Q.T - R
    loss = np.sum(E**2)
    dP = 2*E @ Q
    dQ = <<2*E.T @ P|missing-factor: E.T @ P>>
    P -= {lr}*dP
    Q -= {lr}*dQ
print(loss)
""",
    "function of two": """def f(x, y):
    return (x - 1)**2 + 2*(y + 2)**2 + x*y
x, y = 3.0, 2.0
{lr} = 0.1
for i in range(200):
    gx = 2*(x - 1) + y
    gy = <<4*(y + 2) + x|missing-term: 4*(y + 2)>>
    x, y = x - {lr}*gx, y <<-|sign: +>> {lr}*gy
print(x, y, f(x, y))
""",
    "one number": """f = lambda x: x**4 - 3*x**3 + 2
df = lambda x: 4*x**3 - 9*x**2
cur_x = 6.0
{lr} = 0.01
for i in range(2000):
    prev_x = cur_x
    cur_x = prev_x - {lr}*df(prev_x)
print(cur_x, f(cur_x))
""",
    "momentum": DATA + """{w} = np.zeros(2)
v = np.zeros(2)
{lr} = 0.05
for i in range(600):
    g = <<X.T @ (X @ {w} - y)/m|sign: X.T @ (y - X @ {w})/m>>
    v = 0.9*v + g
    {w} = {w} - {lr}*v
print({w})
""",
    "velocity": DATA + """{w} = np.zeros(2)
velocity = np.zeros_like({w})
mu, {lr} = 0.9, 0.05
for i in range(600):
    grad = X.T @ (X @ {w} - y)/m
    velocity = mu*velocity - {lr}*grad
    {w} += velocity
""",
    "nesterov": DATA + """{w} = np.zeros(2)
v = np.zeros(2)
for i in range(600):
    ahead = {w} + 0.9*v
    g = X.T @ (X @ ahead - y)/m
    v = 0.9*v - 0.05*g
    {w} = {w} + v
""",
    "adagrad": DATA + """{w} = np.zeros(2)
cache = np.zeros(2)
{lr} = 0.5
for i in range(600):
    g = X.T @ (X @ {w} - y)/m
    cache += g**2
    {w} -= {lr}*g/(np.sqrt(cache) + 1e-8)
""",
    "rmsprop": DATA + """{w} = np.zeros(2)
s = np.zeros(2)
{lr} = 0.01
for i in range(900):
    g = X.T @ (X @ {w} - y)/m
    s = 0.9*s + 0.1*g**2
    {w} = {w} - {lr}*g/(np.sqrt(s) + 1e-8)
""",
    "adam": DATA + """{w} = np.zeros(2)
m1 = np.zeros(2)
v1 = np.zeros(2)
b1, b2, {lr} = 0.9, 0.999, 0.02
for t in range(1, 901):
    g = X.T @ (X @ {w} - y)/m
    m1 = b1*m1 + (1 - b1)*g
    v1 = b2*v1 + (1 - b2)*<<g**2|missing-square: g>>
    <<m_hat = m1/(1 - b1**t)|state-overwritten: m1 = m1/(1 - b1**t); m_hat = m1>>
    v_hat = v1/(1 - b2**t)
    {w} = {w} - {lr}*m_hat/(np.sqrt(v_hat) + 1e-8)
print({w})
""",
    "whole numbers": DATA + """{w} = np.array(<<[0.0, 0.0]|integer-array: [0, 0]>>)
{lr} = 0.2
for i in range(400):
    gradient = X.T @ (X @ {w} - y)/m
    for j in range(2):
        {w}[j] = {w}[j] - {lr}*gradient[j]
print({w})
""",
    "rate": DATA + """{w} = np.zeros(2)
{lr} = <<0.2|rate-too-large: 2.5>>
for i in range(400):
    {w} = {w} - {lr}*X.T @ (X @ {w} - y)/m
print({w})
""",
    "few": DATA + """{w} = np.zeros(2)
{lr} = 0.1
<<for i in range(800):|too-few-steps: for i in range(12):>>
    {w} = {w} - {lr}*X.T @ (X @ {w} - y)/m
print({w})
""",
    "intercept": DATA + """{w} = np.zeros(1)
<<A, start = x[:, None]*1.0, 0*x|missing-intercept@+4: A, start = x[:, None]*1.0, 4 + 0*x>>
{lr} = 0.2
target = 2*x + 0.05*rng.randn(12) + start
for i in range(400):
    r = A @ {w} - target
    {w} = {w} - {lr}*A.T @ r/m
print({w})
""",
}  # fmt: skip
_PIECE = re.compile(r"<<([^|<>]*(?:<(?!<)[^|<>]*|>(?!>)[^|<>]*)*)\|([a-z-]+)(@\+\d+)?: (.*?)>>")
NAMES = [("theta", "alpha"), ("w", "lr"), ("beta", "learning_rate"), ("coef", "eta")]


@dataclass(frozen=True)
class Case:
    """A program; for a faulty one the kind of its fault and its lines, one of which is to be named."""

    name: str
    code: str
    kind: str = ""
    lines: tuple[int, ...] = ()


def _filled(template: str, w: str, lr: str, seed: int) -> str:
    return template.replace("{{", "\0").replace("}}", "\1").replace("{w}", w).replace("{lr}", lr).replace(
        "{seed}", str(seed)).replace("\0", "{").replace("\1", "}")  # fmt: skip


def right(templates: dict[str, str] = TEMPLATES) -> Iterator[Case]:
    """Every template without a fault, under every pair of names."""
    for (name, template), (k, (w, lr)) in itertools.product(templates.items(), enumerate(NAMES)):
        yield Case(f"{name}, {w}", _PIECE.sub(lambda m: m[1], _filled(template, w, lr, k)))


def wrong(templates: dict[str, str] = TEMPLATES) -> Iterator[Case]:
    """Every template with each of its faults alone, under every pair of names."""
    for (name, template), (k, (w, lr)) in itertools.product(templates.items(), enumerate(NAMES)):
        text = _filled(template, w, lr, k)
        pieces = list(_PIECE.finditer(text))
        for i, chosen in enumerate(pieces):
            made, at, lines = "", 0, []
            for j, piece in enumerate(pieces):
                made += text[at : piece.start()]
                if i == j:
                    first = made.count("\n") + 1
                    column = len(made) - made.rfind("\n") - 1
                    lines = list(range(first, first + piece[4].count("; ") + 1))
                    if piece[3]:
                        lines.append(first + int(piece[3][1:]))
                    made += piece[4].replace("; ", "\n" + " " * column) if "; " in piece[4] else piece[4]
                else:
                    made += piece[1]
                at = piece.end()
            yield Case(f"{name}, {w}, {chosen[2]}", made + text[at:], chosen[2], tuple(lines))
