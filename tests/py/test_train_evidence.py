"""Trainings judged by what their first steps did: right ones, slips with their lines, and lines that mend them."""

import random

import pytest

import nabla
from nabla.labs.train.blocks import KINDS
from nabla.labs.train.evidence import gathered
from nabla.labs.train.probe import StepProbe
from nabla.program.source import read
from tests.py.network_programs import RIGHT, WRONG, wrong
from tests.py.training_programs import SLIPS, STYLES, drawn, written

RIGHT_ONES, WRONG_ONES = 12, 14  # of the generated programs; `bench trainings` tries 300 of each

# What has no step that differs, or no line of its own, is not found this way.
UNSEEN = {"frozen"}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_not_accused(name: str) -> None:
    found = gathered(RIGHT[name])
    assert (found.judgement.kind, found.repairs, found.states) == ("right", [], [])


@pytest.mark.parametrize(("slip", "name", "edits"), [case for case in WRONG if case[0] not in UNSEEN])
def test_a_slip_is_found_and_mended(slip: str, name: str, edits: list[tuple[str, str]]) -> None:
    text = wrong(name, edits)
    found = gathered(text)
    if slip == "missing-mean" and found.judgement.kind == "scaled":
        return
    assert found.judgement.kind == "wrong"
    (repair,) = found.repairs
    assert repair.kind == KINDS.get(slip, slip)
    assert repair.line is not None
    if repair.text:
        assert gathered(repair.text).judgement.kind in ("right", "scaled")


def test_the_loop_that_trains_is_the_innermost_that_updates() -> None:
    probe = StepProbe(read(RIGHT["samples"]))
    assert probe.loop is not None and probe.loop.lineno == 10
    assert probe.updated == ["U", "V"]


ADAM = """import numpy as np
X = np.array([[1., 2.], [2., 1.], [3., 4.], [4., 2.], [5., 5.]])
y = np.array([[3.], [3.5], [7.], [6.5], [10.]])
w, m, v = np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((2, 1))
for t in range(1, 60):
    g = X.T @ (X @ w - y) / 5
    m = 0.9 * m + 0.1 * g
    v = 0.99 * v + 0.01 * g ** 2
    m_hat = m / (1 - 0.9 ** t)
    v_hat = v / (1 - 0.99 ** t)
    w = w - 0.1 * m_hat / (np.sqrt(v_hat) + 1e-8)
"""


def test_a_running_mean_that_is_overwritten_is_named_and_a_right_one_is_not() -> None:
    assert gathered(ADAM).states == []
    spoiled = ADAM.replace("m_hat", "m")
    document = nabla.run("train", {"code": spoiled})
    assert document.values["findings"] == [{"kind": "state-overwritten", "line": 9}]
    assert document.values["gradient_check"]["verdict"] == "right"


FIT = """import numpy as np
class Line:
    def __init__(self, rate=0.1, steps=50):
        self.rate, self.steps = rate, steps
    def fit(self, X, y):
        self.theta = np.zeros((X.shape[1], 1))
        for i in range(self.steps):
            self.theta = self.theta - self.rate * X.T @ (X @ self.theta - y) / len(y)
        return self
X = np.array([[1, 0.1], [1, 0.4], [1, 0.5], [1, 0.8], [1, 0.9]])
y = np.array([[1.2], [1.9], [2.1], [2.6], [2.8]])
print(Line(STEPS).fit(X, y).theta, np.linalg.lstsq(X, y, rcond=None)[0])
"""


def test_steps_are_too_few_where_ten_times_as_many_help() -> None:
    document = nabla.run("train", {"code": FIT.replace("STEPS", "steps=50")})
    assert document.values["gradient_check"]["verdict"] == "right"
    assert document.values["findings"] == [{"kind": "too-few-steps", "line": 7}]
    assert nabla.run("train", {"code": FIT.replace("STEPS", "steps=1500")}).values["findings"] == []


def test_right_programs_of_every_style_are_not_accused() -> None:
    rng = random.Random(20)
    for _ in range(RIGHT_ONES):
        text, _ = written(drawn(rng)) or ("", 0)
        found = gathered(text)
        assert (found.judgement.kind, found.repairs, found.states) == ("right", [], []), text


def test_one_slip_is_found_in_programs_of_every_style_mostly_with_its_line() -> None:
    rng = random.Random(21)
    found, lines, count = 0, 0, 0
    for i in range(10 * WRONG_ONES):
        made = written(drawn(rng), SLIPS[i % len(SLIPS)])
        if made is None or count == WRONG_ONES:
            continue
        count += 1
        evidence = gathered(made[0])
        found += evidence.judgement.kind == "wrong"
        lines += made[1] in [repair.line for repair in evidence.repairs]
    assert (count, found) == (WRONG_ONES, WRONG_ONES)
    assert lines >= 0.85 * WRONG_ONES


def test_whole_answers_read_the_network_in_every_style_and_name_one_line() -> None:
    """As layers, from the trace: a right pass passes its checks, of a wrong one the line of the slip is named alone."""
    rng = random.Random(77)
    for style in STYLES:
        network = next(made for made in iter(lambda: drawn(rng), None) if made.style == style)
        text, _ = written(network) or ("", 0)
        document = nabla.run("train", {"code": text, "compare": "none"})
        check = document.values["gradient_check"]
        assert (check["verdict"], check["findings"], document.values["steps"]) == ("right", [], 30), text
        assert {item.verdict for item in document.checks} <= {"passed", "unchecked"}, text
        assert len(document.values["layers"]) == len(network.shape) - 1
    for slip in SLIPS:
        made = next(filter(None, (written(drawn(rng), slip) for _ in range(300))))
        check = nabla.run("train", {"code": made[0], "compare": "none"}).values["gradient_check"]
        assert check["verdict"] == "wrong"
        assert {finding["line"] for finding in check["findings"]} == {made[1]}, made[0]


def test_what_a_function_gives_back_is_named_without_a_name_for_its_delta() -> None:
    code = """import numpy as np
def step(W, V, X, y):
    z = X @ W
    e = np.maximum(z, 0) @ V - y
    return W - 0.005 * X.T @ (e @ V.T), V - 0.005 * np.maximum(z, 0).T @ e
np.random.seed(0)
X = np.random.randn(20, 3)
y = X @ np.array([[1.0], [2.0], [-1.0]])
W, V = np.random.randn(3, 6) * 0.3, np.random.randn(6, 1) * 0.3
for i in range(30):
    W, V = step(W, V, X, y)
"""
    document = nabla.run("train", {"code": code, "compare": "none"})
    (finding,) = document.values["gradient_check"]["findings"]
    assert (finding["kind"], finding["line"]) == ("missing-derivative", 5)
    assert document.answer is not None and "on its side" not in document.answer.text  # these are no classes


def test_the_slope_of_a_relu_is_that_of_its_own_layer() -> None:
    """The mask of the output spreads over the hidden units without an error."""
    code = """import numpy as np
np.random.seed(0)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
W1, W2 = np.random.randn(2, 8), np.random.randn(8, 1)
for i in range(60):
    h = np.maximum(0, X @ W1)
    out = h @ W2
    d = out - y
    dW2 = h.T @ d
    dW1 = X.T @ (d @ W2.T * (MASK > 0))
    W1 -= 0.01 * dW1
    W2 -= 0.01 * dW2
"""
    assert gathered(code.replace("MASK", "h")).judgement.kind == "right"
    for mask in ("out", "d"):
        document = nabla.run("train", {"code": code.replace("MASK", mask)})
        (finding,) = document.values["gradient_check"]["findings"]
        assert (finding["kind"], finding["line"]) == ("wrong-variable", 11)
        assert finding["fixed"] == "dW1 = X.T @ (d @ W2.T * (h > 0))"


def test_a_bias_that_does_not_fit_is_told_its_axis() -> None:
    code = RIGHT["tanh-bias"].replace("db1 = dZ1.sum(axis=0, keepdims=True)", "db1 = dZ1.sum(axis=1, keepdims=True)")
    document = nabla.run("train", {"code": code})
    assert document.answer is not None
    assert "1 × 5 (1 × hidden) meets 20 × 1 (samples × 1): the step of a bias sums" in document.answer.text
    assert "axis=0" in document.answer.text


def test_the_wrong_sign_is_that_of_the_weight_that_goes_up() -> None:
    """Of two weights as many have either sign: down is right."""
    for weight in ("W_in", "W_out"):
        text = RIGHT["sigmoid-11"].replace(f"{weight} -=", f"{weight} +=")
        (finding,) = nabla.run("train", {"code": text, "compare": "none"}).values["gradient_check"]["findings"]
        assert text.split("\n")[finding["line"] - 1].strip().startswith(f"{weight} +=")


def test_a_program_of_keras_is_refused_by_name() -> None:
    code = "from tensorflow import keras\nmodel = keras.Sequential()\nmodel.fit([[0.0]], [[1.0]], epochs=3)\n"
    with pytest.raises(nabla.UserError, match="keras") as caught:
        nabla.train(code)
    assert caught.value.code == "not-covered"


@pytest.mark.parametrize(
    ("line", "verdict", "first"),
    [
        ("self.theta = self.theta + self.rate * X.T @ (X @ self.theta - y) / len(y)", "wrong", "No, line 8 is right"),
        ("self.theta = self.theta - 2 * self.rate * X.T @ (X @ self.theta - y) / len(y)", "same", "Both are right"),
        (
            "self.theta = self.theta - self.rate * X @ (X @ self.theta - y) / len(y)",
            "raises",
            "No: with the proposed line 8 the program stops, ValueError: matmul",
        ),
    ],
)
def test_a_proposed_line_of_any_program_is_judged_first(line: str, verdict: str, first: str) -> None:
    document = nabla.run("train", {"code": FIT.replace("STEPS", "steps=60"), "proposed": line})
    assert document.values["proposed"]["verdict"] == verdict
    assert document.answer is not None and document.answer.text.startswith(first)


def test_layers_may_have_rates_of_their_own() -> None:
    code = RIGHT["relu-two"].replace("w -= eta * gw", "w -= 0.03 * gw").replace("u -= eta * gu", "u -= 0.002 * gu")
    assert gathered(code).judgement.kind == "right"


SINGLE = """import math
import random
random.seed(3)
w, v = random.random(), random.random()
b, c = 0, 0
def act(x):
    return 1 / (1 + math.exp(-x))
def slope(y):
    return y * (1 - y)
for i in range(200):
    x = random.randint(2, 4)
    t = 1.0 if x > 2 else 0.0
    h = act(x * w + b)
    y = act(h * v + c)
    loss = (y - t) ** 2
    dy = 2 * (y - t) * slope(y)
    dh = dy * v * slope(h)
    v -= 0.1 * dy * h
    c -= 0.1 * dy
    w -= 0.1 * dh * x
    b -= 0.1 * dh
"""
MOMENTUM = """import math
w = [0.3, -0.2]
old = [0.0, 0.0]
data = [([1.0, 2.0], 1.0), ([2.0, 1.0], 0.0), ([1.5, 0.5], 1.0)]
def train(rate, part):
    for xs, t in data:
        y = math.tanh(w[0] * xs[0] + w[1] * xs[1])
        error = t - y
        for j in range(2):
            change = error * (1 - y ** 2) * xs[j]
            w[j] = w[j] + rate * change + part * old[j]
            old[j] = change
for i in range(30):
    train(0.5, 0.1)
"""
BATCHES = """import numpy as np
np.random.seed(2)
X, Y = np.random.rand(20, 3), np.random.rand(20, 1)
class Net:
    def __init__(self):
        self.U, self.V = np.random.randn(3, 4), np.random.randn(4, 1)
    def error(self, out, y):
        return out - y
    def train(self, xs, ys):
        gu, gv = np.zeros(self.U.shape), np.zeros(self.V.shape)
        for x, y in zip(xs, ys):
            h = 1 / (1 + np.exp(-x @ self.U))
            d = self.error(h @ self.V, y)
            gv += d * h[:, None]
            gu += (self.V @ d) * h * (1 - h) * x[:, None]
        self.V -= 0.1 * gv / len(xs)
        self.U -= 0.1 * gu / len(xs)
net = Net()
for i in range(50):
    at = np.random.choice(20, 8)
    net.train(X[at], Y[at])
"""
SUMS = """import numpy as np
np.random.seed(0)
X, labels = np.random.rand(5, 40), np.random.randint(0, 3, 40)
Y = np.eye(3)[labels].T
U, p, V, q = np.random.rand(4, 5) - 0.5, np.zeros((4, 1)), np.random.rand(3, 4) - 0.5, np.zeros((3, 1))
for i in range(50):
    h = np.maximum(U @ X + p, 0)
    e = np.exp(V @ h + q)
    out = e / e.sum(axis=0)
    d = out - Y
    dh = V.T @ d * (h > 0)
    dq = 1 / 40 * np.sum(d, axis=1, keepdims=True)
    dp = 1 / 40 * np.sum(dh, axis=1, keepdims=True)
    V -= 0.1 / 40 * d @ h.T
    U -= 0.1 / 40 * dh @ X.T
    q -= 0.1 * dq
    p -= 0.1 * dp
"""


AHEAD = """import numpy as np
np.random.seed(0)
X = np.random.randn(20, 3)
y = np.tanh(X.sum(axis=1, keepdims=True))
U, V = np.random.randn(3, 4) * 0.3, np.random.randn(4, 1) * 0.3
u, v = np.zeros_like(U), np.zeros_like(V)
for i in range(30):
    A, B = U + 0.9 * u, V + 0.9 * v
    h = np.tanh(X @ A)
    e = (h @ B - y) / 20
    u = 0.9 * u - 0.1 * X.T @ (e @ B.T * (1 - h ** 2))
    v = 0.9 * v - 0.1 * h.T @ e
    U = U + u
    V = V + v
"""
RECURRENT = """import numpy as np
np.random.seed(1)
W, U, R = np.random.randn(3, 2) * 0.3, np.random.randn(3, 3) * 0.3, np.random.randn(1, 3) * 0.3
xs, t = np.random.randn(4, 2), 0.7
for step in range(20):
    hs = [np.zeros(3)]
    for x in xs:
        hs.append(np.tanh(W @ x + U @ hs[-1]))
    o = (R @ hs[-1])[0]
    loss = 0.5 * (o - t) ** 2
    d = o - t
    gW, gU, gR = np.zeros_like(W), np.zeros_like(U), d * hs[-1][None, :]
    dh = d * R[0]
    for k in reversed(range(4)):
        dz = dh * (1 - hs[k + 1] ** 2)
        gW += np.outer(dz, xs[k])
        gU += np.outer(dz, hs[k])
        dh = U.T @ dz
    for p, g in zip([W, U, R], [gW, gU, gR]):
        p -= 0.1 * g
"""
PUNISHED = """import numpy as np
np.random.seed(2)
X, Y, lam = np.random.randn(12, 3), np.random.rand(12, 1), 0.1
U, V = np.random.randn(3, 4), np.random.randn(4, 1)
for i in range(20):
    h = np.tanh(X @ U)
    out = h @ V
    loss = 0.5 * np.sum((out - Y) ** 2) + lam * (np.sum(U ** 2) + np.sum(V ** 2))
    d = out - Y
    gV = h.T @ d + 2 * lam * V
    gU = X.T @ (d @ V.T * (1 - h ** 2)) + 2 * lam * U
    U -= 0.01 * gU
    V -= 0.01 * gV
"""
OTHERS = {"single": SINGLE, "momentum": MOMENTUM, "batches": BATCHES, "sums": SUMS, "ahead": AHEAD,
          "recurrent": RECURRENT, "punished": PUNISHED}  # fmt: skip


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS)
def test_right_programs_of_other_kinds_are_not_accused(code: str) -> None:
    assert gathered(code).judgement.kind == "right"


@pytest.mark.parametrize(
    ("code", "edits", "found"),
    [
        (SINGLE, [("dy * h", "dy * v"), ("dh = dy * v * slope(h)", "dh = dy * v")],
         {("wrong-variable", "v -= 0.1 * dy * h"), ("missing-derivative", "dh = dy * v * (h * (1 - h))")}),
        (SINGLE, [("* slope(y)", "* slope(act(y))"), ("dh * x", "dh * h")],
         {("derivative-of-output", "dy = 2 * (y - t) * slope(y)"), ("wrong-variable", "w -= 0.1 * dh * x")}),
        (BATCHES, [("out - y", "y - out")], {("sign", "return out - y")}),
        (PUNISHED, [("+ 2 * lam * V", "+ lam * V")], {("regularisation-factor", "gV = h.T @ d + 2 * (lam * V)")}),
        (PUNISHED, [(" + 2 * lam * U", "")],
         {("missing-term", "gU = X.T @ (d @ V.T * (1 - h ** 2)) + 2 * lam * U")}),
        (PUNISHED, [("gV = h.T @ d + 2 * lam * V", "V -= 0.01 * (h.T @ d + 2 * lam * V)"), ("    V -= 0.01 * gV\n", ""),
                    ("d @ V.T", "(d * (out > 5)) @ V.T")][:2], {("update-before-use", "")}),
        (SUMS, [("np.sum(d, axis=1, keepdims=True)", "np.sum(d)"), ("np.sum(dh, axis=1, keepdims=True)", "np.sum(dh)")],
         {("missing-axis", "dq = 1 / 40 * np.sum(d, axis=1, keepdims=True)"),
          ("missing-axis", "dp = 1 / 40 * np.sum(dh, axis=1, keepdims=True)")}),
    ],
)  # fmt: skip
def test_each_of_several_slips_is_mended(code: str, edits: list[tuple[str, str]], found: set[tuple[str, str]]) -> None:
    for old, new in edits:
        assert old in code
        code = code.replace(old, new)
    assert {(repair.kind, repair.fixed) for repair in gathered(code).repairs} == found


def test_a_softmax_whose_biases_are_summed_to_zero_is_said_to_lack_an_axis() -> None:
    code = SUMS.replace("np.sum(d, axis=1, keepdims=True)", "np.sum(d)")
    document = nabla.run("train", {"code": code})
    assert [item["kind"] for item in document.values["gradient_check"]["findings"]] == ["missing-axis"]


def test_a_name_that_the_old_reader_does_not_know_is_not_said_to_be_missing() -> None:
    document = nabla.run("train", {"code": RECURRENT})
    assert document.values["gradient_check"]["verdict"] == "right"
    assert document.values["raises"] is None


def test_of_statements_that_run_several_times_the_first_wrong_one_is_named() -> None:
    found = gathered(RECURRENT.replace("dh = U.T @ dz", "dh = U @ dz"))
    line = next(i for i, row in enumerate(RECURRENT.split("\n"), 1) if "dh = U.T" in row)
    assert found.judgement.kind == "wrong" and [repair.line for repair in found.repairs] == [line]


def test_an_error_of_the_wrong_sign_is_named_where_an_optimiser_hides_the_lengths() -> None:
    (repair,) = gathered(ADAM.replace("X @ w - y", "y - X @ w")).repairs
    assert (repair.kind, repair.line, repair.fixed) == ("sign", 6, "g = X.T @ (X @ w - y) / 5")
