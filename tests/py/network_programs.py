"""Training loops as people write them, all with a right backward pass, and edits that make each wrong in one way."""

SIGMOID_11 = """import numpy as np
X = np.array([[0,0,1],[0,1,1],[1,0,1],[1,1,1]])
y = np.array([[0,1,1,0]]).T
eta, width = (0.5, 4)
np.random.seed(1)
W_in = 2*np.random.random((3,width)) - 1
W_out = 2*np.random.random((width,1)) - 1
for j in xrange(200):
    act_1 = 1/(1+np.exp(-(np.dot(X,W_in))))
    act_2 = 1/(1+np.exp(-(np.dot(act_1,W_out))))
    back_2 = (act_2 - y)*(act_2*(1-act_2))
    back_1 = back_2.dot(W_out.T) * (act_1 * (1-act_1))
    W_out -= (eta * act_1.T.dot(back_2))
    W_in -= (eta * X.T.dot(back_1))
"""

# Python 2, a helper with two faces, and a step that is added.
NONLIN = """import numpy as np

def nonlin(x, deriv=False):
    if(deriv==True):
        return x*(1-x)
    return 1/(1+np.exp(-x))

inputs = np.array([[0,0,1],[1,1,1],[1,0,1],[0,1,1],[0,0,0]])
target = np.array([[0],[0],[1],[1],[0]])
np.random.seed(3)
w0 = 2*np.random.random((3,6)) - 1
w1 = 2*np.random.random((6,1)) - 1

for i in xrange(300):
    h = nonlin(np.dot(inputs, w0))
    out = nonlin(np.dot(h, w1))
    err = target - out
    if (i % 100) == 0:
        print "Error:" + str(np.mean(np.abs(err)))
    d_out = err*nonlin(out, deriv=True)
    h_err = d_out.dot(w1.T)
    d_h = h_err * nonlin(h, deriv=True)
    w1 += h.T.dot(d_out)
    w0 += inputs.T.dot(d_h)
"""

TANH_BIAS = """import numpy as np
rng = np.random.RandomState(0)
X = rng.randn(20, 2)
y = (X[:, :1] * X[:, 1:] > 0) * 2.0 - 1.0
W1 = rng.randn(2, 5) * 0.7
b1 = np.zeros((1, 5))
W2 = rng.randn(5, 1) * 0.7
b2 = np.zeros((1, 1))
lr = 0.2
for epoch in range(100):
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    A2 = np.tanh(Z2)
    loss = np.mean((A2 - y) ** 2)
    dA2 = 2 * (A2 - y) / len(X)
    dZ2 = dA2 * (1 - A2 ** 2)
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0, keepdims=True)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (1 - np.tanh(Z1) ** 2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0, keepdims=True)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
    if epoch % 50 == 0:
        print(f"{epoch}: {loss:.4f}")
"""

# Samples in columns, a cross-entropy, and a mean.
COLUMNS = """import numpy as np
np.random.seed(2)
X = np.random.randn(2, 30)
Y = (X[0:1] ** 2 + X[1:2] ** 2 < 1.2) * 1
m = X.shape[1]
n_h = 6
W1 = np.random.randn(n_h, 2) * 0.5
b1 = np.zeros((n_h, 1))
W2 = np.random.randn(1, n_h) * 0.5
b2 = np.zeros((1, 1))
learning_rate = 1.2
for i in range(100):
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = 1 / (1 + np.exp(-Z2))
    cost = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    W1 = W1 - learning_rate * dW1
    b1 = b1 - learning_rate * db1
    W2 = W2 - learning_rate * dW2
    b2 = b2 - learning_rate * db2
"""

RELU_TWO = """import numpy as np
np.random.seed(0)
def relu(z):
    return np.maximum(0, z)
def relu_slope(z):
    return (z > 0).astype(float)
x = np.random.randn(16, 3)
t = np.sin(x[:, :1]) + 0.5 * x[:, 1:2]
u = np.random.randn(3, 8) * 0.6
v = np.random.randn(8, 7) * 0.4
w = np.random.randn(7, 1) * 0.4
eta = 0.01
for k in range(150):
    p = x.dot(u)
    f = relu(p)
    q = f.dot(v)
    g = relu(q)
    o = g.dot(w)
    e = o - t
    loss = 0.5 * np.sum(e ** 2)
    d3 = e
    d2 = d3.dot(w.T) * relu_slope(q)
    d1 = d2.dot(v.T) * relu_slope(p)
    gw = g.T.dot(d3)
    gv = f.T.dot(d2)
    gu = x.T.dot(d1)
    w -= eta * gw
    v -= eta * gv
    u -= eta * gu
"""

# Labels as whole numbers, a softmax, weight decay.
SOFTMAX = """import numpy as np
np.random.seed(4)
N, D, H, C = 30, 2, 10, 3
X = np.random.randn(N, D)
y = (np.arctan2(X[:, 1], X[:, 0]) * 3 / 6.3 + 1.5).astype(int)
W = 0.3 * np.random.randn(D, H)
b = np.zeros((1, H))
W2 = 0.3 * np.random.randn(H, C)
b2 = np.zeros((1, C))
step_size = 0.5
reg = 1e-3
for i in range(100):
    hidden_layer = np.maximum(0, np.dot(X, W) + b)
    scores = np.dot(hidden_layer, W2) + b2
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    dscores = probs.copy()
    dscores[range(N), y] -= 1
    dscores /= N
    dW2 = np.dot(hidden_layer.T, dscores)
    db2 = np.sum(dscores, axis=0, keepdims=True)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden_layer <= 0] = 0
    dW = np.dot(X.T, dhidden)
    db = np.sum(dhidden, axis=0, keepdims=True)
    dW2 += reg * W2
    dW += reg * W
    W += -step_size * dW
    b += -step_size * db
    W2 += -step_size * dW2
    b2 += -step_size * db2
"""

# A function that trains, batches drawn anew at each step, and momentum.
BATCHES = """import numpy as np
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))
def train(X, y, n_hidden=5, epochs=80, lr=0.3):
    np.random.seed(5)
    W1 = np.random.uniform(-1, 1, (X.shape[1], n_hidden))
    W2 = np.random.uniform(-1, 1, (n_hidden, 1))
    v1, v2 = 0, 0
    for epoch in range(epochs):
        idx = np.random.permutation(len(X))[:6]
        xb, yb = X[idx], y[idx]
        a1 = sigmoid(xb @ W1)
        a2 = sigmoid(a1 @ W2)
        d2 = (a2 - yb) * a2 * (1 - a2)
        d1 = (d2 @ W2.T) * a1 * (1 - a1)
        v2 = 0.9 * v2 + a1.T @ d2
        v1 = 0.9 * v1 + xb.T @ d1
        W2 = W2 - lr * v2
        W1 = W1 - lr * v1
    return W1, W2
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [0, 2], [2, 2], [2, 1]])
y = np.array([[0], [1], [1], [0], [1], [1], [0], [0]])
W1, W2 = train(X, y, 5)
"""

# One sample at a time, in a loop of its own.
SAMPLES = """import numpy as np
np.random.seed(1)
lights = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1]])
walk = np.array([[1, 1, 0, 0]]).T
eta = 0.2
U = 2 * np.random.random((3, 4)) - 1
V = 2 * np.random.random((4, 1)) - 1
for iteration in range(60):
    error = 0
    for i in range(len(lights)):
        act_0 = lights[i:i+1]
        act_1 = np.maximum(np.dot(act_0, U), 0)
        act_2 = np.dot(act_1, V)
        error += np.sum((act_2 - walk[i:i+1]) ** 2)
        back_2 = (walk[i:i+1] - act_2)
        back_1 = back_2.dot(V.T) * (act_1 > 0)
        V += eta * act_1.T.dot(back_2)
        U += eta * act_0.T.dot(back_1)
    if iteration % 10 == 9:
        print("Error:" + str(error))
"""

# Adam, with a tanh and a sigmoid.
ADAM = """import numpy as np
np.random.seed(6)
X = np.random.rand(12, 2)
Y = (X.sum(axis=1, keepdims=True) > 1) * 1.0
W1, W2 = np.random.randn(2, 5), np.random.randn(5, 1)
m1, m2, s1, s2 = 0, 0, 0, 0
for t in range(1, 60):
    H = np.tanh(X @ W1)
    P = 1 / (1 + np.exp(-(H @ W2)))
    dZ = (P - Y) / 12
    g2 = H.T @ dZ
    g1 = X.T @ ((dZ @ W2.T) * (1 - H * H))
    m1, m2 = 0.9 * m1 + 0.1 * g1, 0.9 * m2 + 0.1 * g2
    s1, s2 = 0.999 * s1 + 0.001 * g1 ** 2, 0.999 * s2 + 0.001 * g2 ** 2
    W1 -= 0.05 * (m1 / (1 - 0.9 ** t)) / (np.sqrt(s1 / (1 - 0.999 ** t)) + 1e-8)
    W2 -= 0.05 * (m2 / (1 - 0.9 ** t)) / (np.sqrt(s2 / (1 - 0.999 ** t)) + 1e-8)
"""

# Weights in a dict, samples in columns.
DICT = """import numpy as np
def start(n_x, n_h, n_y):
    return {"W1": np.random.randn(n_h, n_x), "b1": np.zeros((n_h, 1)), "W2": np.random.randn(n_y, n_h)}
np.random.seed(7)
X = np.random.randn(2, 20)
Y = (X[0:1] > 0) * 1.0
params = start(2, 4, 1)
for i in range(60):
    A1 = np.tanh(np.dot(params["W1"], X) + params["b1"])
    A2 = 1/(1+np.exp(-np.dot(params["W2"], A1)))
    dZ2 = A2 - Y
    dZ1 = np.dot(params["W2"].T, dZ2) * (1 - A1 ** 2)
    params["W2"] = params["W2"] - 0.5 * np.dot(dZ2, A1.T) / 20
    params["W1"] = params["W1"] - 0.5 * np.dot(dZ1, X.T) / 20
    params["b1"] -= 0.5 * dZ1.sum(axis=1, keepdims=True) / 20
"""

# One bias as a row, one as a number that starts as 0.
NUMBERS = """import numpy as np
np.random.seed(8)
x = np.linspace(-1, 1, 20).reshape(-1, 1)
t = x ** 2
w1, b1 = np.random.randn(1, 8), np.zeros(8)
w2, b2 = np.random.randn(8, 1), 0
for e in range(80):
    h = np.tanh(x @ w1 + b1)
    p = h @ w2 + b2
    d = 2 * (p - t) / len(x)
    dh = (d @ w2.T) * (1 - h ** 2)
    w2 -= 0.1 * (h.T @ d)
    b2 -= 0.1 * d.sum()
    w1 -= 0.1 * (x.T @ dh)
    b1 -= 0.1 * dh.sum(axis=0)
"""

# One layer only, names imported, and no rate.
ONE_LAYER = """from numpy import exp, array, random, dot
inputs = array([[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]])
outputs = array([[0, 1, 1, 0]]).T
random.seed(1)
weights = 2 * random.random((3, 1)) - 1
for iteration in xrange(500):
    output = 1 / (1 + exp(-(dot(inputs, weights))))
    weights += dot(inputs.T, (outputs - output) * output * (1 - output))
print 1 / (1 + exp(-(dot(array([1, 0, 0]), weights))))
"""

RIGHT = {
    "dict": DICT,
    "numbers": NUMBERS,
    "one-layer": ONE_LAYER,
    "adam": ADAM,
    "sigmoid-11": SIGMOID_11,
    "nonlin": NONLIN,
    "tanh-bias": TANH_BIAS,
    "columns": COLUMNS,
    "relu-two": RELU_TWO,
    "softmax": SOFTMAX,
    "batches": BATCHES,
    "samples": SAMPLES,
}

# The slip, the program, and what stands where for it; lines are exchanged where the right side is a pair.
WRONG: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("asker", "sigmoid-11", [("back_2.dot(W_out.T)", "act_1.T.dot(back_2)")]),
    ("asker", "nonlin", [("d_out.dot(w1.T)", "h.T.dot(d_out)"), ("(3,6)", "(3,5)"), ("(6,1)", "(5,1)")]),
    ("asker", "tanh-bias", [("dZ2 @ W2.T", "A1.T @ dZ2"), ("(2, 5)", "(2, 20)"), ("(1, 5)", "(1, 20)"),
                            ("(5, 1)", "(20, 1)")]),
    ("asker", "batches", [("d2 @ W2.T", "a1.T @ d2"), ("train(X, y, 5)", "train(X, y, 6)")]),
    ("no-derivative", "sigmoid-11", [(" * (act_1 * (1-act_1))", "")]),
    ("no-derivative", "nonlin", [("h_err * nonlin(h, deriv=True)", "h_err")]),
    ("no-derivative", "tanh-bias", [("dA2 * (1 - A2 ** 2)", "dA2")]),
    ("no-derivative", "columns", [(" * (1 - np.power(A1, 2))", "")]),
    ("no-derivative", "relu-two", [("d2.dot(v.T) * relu_slope(p)", "d2.dot(v.T)")]),
    ("no-derivative", "softmax", [("    dhidden[hidden_layer <= 0] = 0\n", "")]),
    ("derivative-of-output", "sigmoid-11",
     [("* (act_1 * (1-act_1))", "* (1/(1+np.exp(-act_1))*(1-1/(1+np.exp(-act_1))))")]),
    ("derivative-of-output", "tanh-bias", [("(1 - np.tanh(Z1) ** 2)", "(1 - np.tanh(A1) ** 2)")]),
    ("derivative-of-output", "columns", [("(1 - np.power(A1, 2))", "(1 - np.tanh(A1) ** 2)")]),
    ("derivative-of-output", "batches",
     [("(a2 - yb) * a2 * (1 - a2)", "(a2 - yb) * sigmoid(a2) * (1 - sigmoid(a2))")]),
    ("derivative-at-z", "sigmoid-11",
     [("* (act_1 * (1-act_1))", "* (np.dot(X,W_in) * (1-np.dot(X,W_in)))")]),
    ("derivative-at-z", "tanh-bias", [("(1 - A2 ** 2)", "(1 - Z2 ** 2)")]),
    ("derivative-at-z", "columns", [("np.power(A1, 2)", "np.power(Z1, 2)")]),
    ("missing-transpose", "relu-two", [("d2.dot(v.T)", "d2.dot(v)"), ("randn(3, 8)", "randn(3, 7)"),
                                       ("randn(8, 7)", "randn(7, 7)")]),
    ("missing-transpose", "sigmoid-11", [("W_out.T", "W_out"), ("np.array([[0,1,1,0]]).T", "np.eye(4)"),
                                         ("(width,1)", "(width,4)")]),
    ("missing-transpose", "softmax", [("W2.T", "W2"), ("H, C = 30, 2, 10, 3", "H, C = 30, 2, 3, 3")]),
    ("error-for-delta", "sigmoid-11", [("back_2.dot(W_out.T)", "(act_2 - y).dot(W_out.T)")]),
    ("error-for-delta", "nonlin", [("d_out.dot(w1.T)", "err.dot(w1.T)")]),
    ("error-for-delta", "tanh-bias", [("dZ2 @ W2.T", "dA2 @ W2.T")]),
    ("error-for-delta", "batches", [("(d2 @ W2.T)", "((a2 - yb) @ W2.T)")]),
    ("sign", "sigmoid-11", [("(act_2 - y)", "(y - act_2)")]),
    ("sign", "nonlin", [("err = target - out", "err = out - target")]),
    ("sign", "relu-two", [("v -= eta * gv", "v += eta * gv")]),
    ("sign", "columns", [("W1 - learning_rate", "W1 + learning_rate")]),
    ("update-before-use", "sigmoid-11", [
        ("    W_out -= (eta * act_1.T.dot(back_2))\n", ""),
        ("    back_1", "    W_out -= (eta * act_1.T.dot(back_2))\n    back_1")]),
    ("update-before-use", "nonlin", [
        ("    w1 += h.T.dot(d_out)\n", ""), ("    h_err", "    w1 += h.T.dot(d_out)\n    h_err")]),
    ("update-before-use", "relu-two", [
        ("    w -= eta * gw\n", ""), ("    gw = g.T.dot(d3)\n", ""),
        ("    d2 =", "    w -= eta * g.T.dot(d3)\n    d2 =")]),
    ("frozen", "sigmoid-11", [("    W_in -= (eta * X.T.dot(back_1))\n", "")]),
    ("frozen", "tanh-bias", [("    W1 -= lr * dW1\n", "")]),
    ("frozen", "relu-two", [("    v -= eta * gv\n", "")]),
    ("missing-mean", "tanh-bias", [("2 * (A2 - y) / len(X)", "2 * (A2 - y)")]),
    ("missing-mean", "columns", [("np.dot(dZ1, X.T) / m", "np.dot(dZ1, X.T)")]),
    ("missing-mean", "relu-two", [("loss = 0.5 * np.sum(e ** 2)", "loss = np.mean(e ** 2)")]),
    ("missing-mean", "columns", [("db1 = np.sum(dZ1, axis=1, keepdims=True) / m",
                                  "db1 = np.sum(dZ1, axis=1, keepdims=True)")]),
]  # fmt: skip


def wrong(program: str, edits: list[tuple[str, str]]) -> str:
    """A right program with edits, each of which must find its place."""
    text = RIGHT[program]
    for old, new in edits:
        assert old in text, (program, old)
        text = text.replace(old, new, 1)
    return text
