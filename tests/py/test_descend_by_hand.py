"""Descents written by hand, judged by what they did: right ones are never accused, one fault is found with its line."""

import re

import numpy as np
import pytest

import nabla
from nabla.answer.codes import FINDINGS
from nabla.labs.descend.hand.study import OF_THE_GRADIENT, Study, study
from nabla.program.source import read
from nabla.question.updates import kind_of
from tests.py import descents

ACCUSED = OF_THE_GRADIENT | {"state-overwritten", "missing-square", "rate-too-large", "missing-intercept"}
RIGHT = [case for i, case in enumerate(descents.right()) if i % 4 in (i // 4 % 4, (i // 4 + 2) % 4)]
WRONG = {f"{case.name.split(',')[0]}, {case.kind} in line {case.lines[0]}": case for case in descents.wrong()}


def studied(code: str) -> Study:
    made = study(read(code))
    assert made is not None, code
    return made


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_a_right_descent_is_not_accused(case: descents.Case) -> None:
    done = studied(case.code)
    assert done.verdict in ("right", "scaled"), done.findings
    assert not {f.kind for f in done.findings} & ACCUSED, done.findings


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_found_with_its_line(name: str) -> None:
    case = WRONG[name]
    done = studied(case.code)
    found = [(f.kind, f.line) for f in done.findings]
    kinds = {case.kind} | ({"missing-term"} if case.kind == "regularisation-factor" else set())
    assert any(kind in kinds and line in case.lines for kind, line in found), (case.code, found)
    assert {f.kind for f in done.findings} <= set(FINDINGS)
    if case.kind in OF_THE_GRADIENT - {"missing-mean"}:
        assert done.verdict == "wrong"


MENDED = ("flat, sign", "cost printed, missing-mean", "shapes, shape-broadcast", "whole numbers, integer-array",
          "rate, rate-too-large", "adam, state-overwritten", "few, too-few-steps")  # fmt: skip


@pytest.mark.parametrize("name", [name for name in WRONG if name.startswith(MENDED)])
def test_what_is_mended_is_right_and_runs(name: str) -> None:
    done = studied(WRONG[name].code)
    assert done.fixes and done.mended is not None, name
    assert done.mended.verdict in ("right", "scaled") and done.mended.went.ended != "grew", name
    if not name.startswith(("adam", "few")):
        (values,) = [v for _, v in done.mended.found.path[-1:]]
        assert np.allclose(values, np.linalg.lstsq(*_line(WRONG[name].code), rcond=None)[0], atol=0.1), name


def _line(code: str) -> tuple[np.ndarray, np.ndarray]:
    seed = int(re.search(r"RandomState\((\d)\)", code)[1])  # type: ignore[index]
    x = np.linspace(0, 2, 12)
    y = 1.5 + 2.0 * x + 0.1 * np.random.RandomState(seed).randn(12)
    return np.column_stack([np.ones(12), x]), y


def test_the_largest_rate_is_where_a_descent_begins_to_grow() -> None:
    """By running it on both sides of the bound that is told."""
    template = descents.TEMPLATES["rate"].replace("<<0.2|rate-too-large: 2.5>>", "{rate}")
    code = template.replace("{w}", "w").replace("{lr}", "lr").replace("{seed}", "0")
    largest = studied(code.replace("{rate}", "2.5")).went.largest
    assert largest is not None
    ends = [studied(code.replace("{rate}", repr(largest * by))) for by in (0.97, 1.03)]
    assert [one.went.ended == "grew" for one in ends] == [False, True]


def test_the_answer_names_line_and_cure() -> None:
    case = WRONG["flat, sign in line 12"]
    document = nabla.descend(case.code)
    assert document.values["gradient_check"]["verdict"] == "wrong"
    assert document.values["gradient_check"]["findings"][0]["line"] == document.values["findings"][0]["line"]
    assert "Write coef = coef - eta*grad." in document.answer.text
    assert document.title.startswith("Line ")
    assert document.values["corrected"]["program"] != case.code
    assert all(check.verdict == "passed" for check in document.checks if "mended" in check.claim)


def test_a_descent_that_raises_tells_how() -> None:
    code = (
        "def f(x, y):\n    return (1 - x)**2 + 100*(y - x**2)**2\nx, y = -1.2, 1.0\nlr = 0.01\nfor i in range(12):\n"
        "    dx = -2*(1 - x) - 400*x*(y - x**2)\n    dy = 200*(y - x**2)\n    x, y = x - lr*dx, y - lr*dy\n"
        "    print(i, x, y)\n"
    )
    document = nabla.descend(code)
    assert document.values["raises"]["type"] == "OverflowError"
    assert document.values["gradient_check"]["verdict"] == "right"
    assert document.values["findings"][0]["kind"] == "rate-too-large"
    hessian = np.array([[1330.0, 480.0], [480.0, 200.0]])  # of f at (-1.2, 1)
    assert document.values["rate"]["largest"] == pytest.approx(2 / np.linalg.eigvalsh(hessian).max(), rel=1e-4)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *[(case.code, "descent") for case in list(descents.right())[::4] if "likelihood" not in case.name],
        ("for i in range(9):\n    h = s(X @ W1)\n    o = s(h @ W2)\n    W2 -= h.T @ d\n    W1 -= X.T @ e\n", "network"),
        ("for i in range(9):\n    o = s(X @ w)\n    w += X.T @ ((y - o)*o*(1 - o))\n", "network"),
        ("total = 0\nfor i in range(9):\n    total += 1\nprint(total)\n", ""),
        ("import numpy as np\nprint(np.zeros(3))\n", ""),
    ],
)
def test_loops_are_told_apart(code: str, kind: str) -> None:
    assert kind_of(code) == kind


def test_numbers_that_stay_whole_by_chance_are_no_counts() -> None:
    code = (
        "import numpy as np\nw = 0\nx = np.arange(5)\ny = 2*x\nfor i in range(100): w = w + 0.2*np.sum(x*(y - w*x))\n"
    )
    done = studied(code)
    assert done.found.parameters == ["w"] and done.judged.verdict == "right"
    assert [f.kind for f in done.findings] == ["rate-too-large"] and done.went.curvature is not None
    assert done.went.curvature.largest == pytest.approx(0.2 * 30)


def test_a_minimum_under_a_constraint_is_not_sought_without_it() -> None:
    try:
        document = nabla.ask("minimize x^2 + y^2 subject to x + y = 1")
    except nabla.UserError:
        return
    assert document.lab != "descend"


ROSENBROCK = (
    "import numpy as np\ndef f(v):\n    x, y = v\n    return 100*(y - x**2)**2 + (1 - x)**2\n"
    "def df(v):\n    x, y = v\n"
    "    return np.array([{first}, 200*(y - x**2)])\ndef ddf(v):\n    x, y = v\n"
    "    return np.array([[1200*x**2 - 400*y + 2, {mixed}], [-400*x, 200]])\n"
    "x = np.array([-1.2, 1.0])\nfor k in range(12):\n    x = x - np.linalg.solve(ddf(x), df(x))\n"
)
FIRST, MIXED = "-400*x*(y - x**2) - 2*(1 - x)", "-400*x"


@pytest.mark.parametrize(
    ("first", "mixed", "wanted"),
    [
        (FIRST, MIXED, []),
        ("400*x*(y - x**2) - 2*(1 - x)", MIXED, [("missing-term", 5)]),
        (FIRST.replace("- 2*", "+ 2*"), MIXED, [("missing-term", 5)]),
        (FIRST, "-400", [("missing-term", 8)]),
        (FIRST, "400*x", [("sign", 8)]),
    ],
)
def test_steps_of_newton_are_judged_by_both_derivatives(first: str, mixed: str, wanted: list[tuple[str, int]]) -> None:
    done = studied(ROSENBROCK.format(first=first, mixed=mixed))
    found = [(f.kind, f.line) for f in done.findings if f.kind != "not-a-minimum"]
    assert found[: len(wanted)] == wanted and bool(found) == bool(wanted), done.findings
    assert done.verdict == ("wrong" if wanted else "right")


def test_newton_that_ends_at_a_maximum_is_told_so() -> None:
    code = (
        "def newton(df, ddf, x0):\n    x = x0\n    for _ in range(50):\n        new = x - df(x)/ddf(x)\n"
        "        if abs(new - x) < 1e-9:\n            return new\n        x = new\n    return x\n"
        "f = lambda x: x**3 - 6*x**2 + 4*x + 2\ndf = lambda x: 3*x**2 - 12*x + 4\nddf = lambda x: 6*x - 12\n"
        "print(newton(df, ddf, {start}))\n"
    )
    maximum, minimum = (studied(code.format(start=start)) for start in ("1.0", "5.0"))
    assert [f.kind for f in maximum.findings] == ["not-a-minimum"] and "maximum" in maximum.findings[0].text
    assert maximum.verdict == minimum.verdict == "right" and not minimum.findings


LINE = (
    "import numpy as np\nx = np.linspace(0, 2, 12)\ny = 1.5 + 2*x\nX = np.column_stack([np.ones(12), x])\n"
    "w = np.zeros(2)\n"
)
ODD: dict[str, tuple[str, str, int]] = {
    "a loss summed up": ("m = b = error = 0.0\nfor i in range(30):\n    error += np.sum((m*x + b - y)**2)\n"
                         "    m = m - 1e-5*error\n    b = b - 1e-5*error\n", "missing-derivative", 9),
    "a norm": ("for i in range(30):\n    g = X.T @ (X @ w - y)/12\n    w = w - 0.1*np.linalg.norm(g)\n",
               "missing-axis", 8),
    "squares overwritten": ("G = np.zeros(2)\nfor i in range(30):\n    g = X.T @ (X @ w - y)/12\n    G = g**2\n"
                            "    w = w - 0.1*g/(np.sqrt(G) + 1e-8)\n", "not-accumulated", 9),
    "no root": ("G = np.zeros(2)\nfor i in range(30):\n    g = X.T @ (X @ w - y)/12\n    G += g**2\n"
                "    w = w - 0.1*g/(G + 1e-8)\n", "missing-root", 10),
    "a sum over all axes": ("T = np.column_stack([y, 2*y + 1])\nW = np.zeros((1, 2))\nc = np.zeros(2)\n"
                            "for i in range(30):\n    E = x[:, None] @ W + c - T\n    W -= 0.1*x[:, None].T @ E/12\n"
                            "    c -= 0.1*E.sum()/12\n", "missing-axis", 12),
    "a penalty without its gradient": ("T = np.column_stack([y, 2*y + 1])\nW = np.zeros((1, 2))\nc = np.zeros(2)\n"
                                       "for i in range(30):\n    E = x[:, None] @ W + c - T\n"
                                       "    loss = np.sum(E**2)/24 + 0.5*0.01*np.sum(W*W)\n"
                                       "    dW = x[:, None].T @ E/12\n    dc = E.sum(axis=0)/12\n    W -= 0.1*dW\n"
                                       "    c -= 0.1*dc\n", "missing-term", 12),
    "one sample": ("for i in range(30):\n    k = np.random.randint(0, 1)\n    w = w - 0.1*X[k]*(X[k] @ w - y[k])\n",
                   "one-sample", 7),
    "penalty on the intercept": ("for i in range(30):\n    e = X @ w - y\n    loss = e @ e/24 + 0.1*np.sum(w[1:]**2)\n"
                                 "    g = X.T @ e/12 + 0.2*w\n    w = w - 0.1*g\n", "regularisation-factor", 9),
    "the data's part uphill": ("for i in range(30):\n    e = X @ w - y\n    loss = e @ e/24 + 0.1*np.sum(w**2)\n"
                               "    g = -X.T @ e/12 + 0.2*w\n    w = w - 0.1*g\n", "sign", 9),
}  # fmt: skip


def test_a_loss_that_is_no_number_is_told_of() -> None:
    code = (
        "import numpy as np\nX = np.array([[1, 100.], [1, 200.], [1, 300.], [1, 400.]])\ny = np.array([0, 0, 1, 1.])\n"
        "w = np.zeros(2)\nfor i in range(30):\n    p = 1/(1 + np.exp(-X @ w))\n"
        "    loss = -np.mean(y*np.log(p) + (1 - y)*np.log(1 - p))\n    w -= 0.1*X.T @ (p - y)/4\n    print(loss)\n"
    )
    done = studied(code)
    assert done.verdict == "right" and ("not-finite", 7) in [(f.kind, f.line) for f in done.findings]


def test_a_loss_of_one_number_is_not_the_one_descended_because_its_slope_has_the_same_sign() -> None:
    code = (
        "import numpy as np\nx = np.array([1., 2, 3]); y = 2*x\nw = 5.0\nfor i in range(50):\n"
        "    loss = np.mean(np.abs(w*x - y))\n    grad = 2*np.mean((w*x - y)*x)\n    w -= 0.01*grad\n"
    )
    done = studied(code)
    assert done.judged.loss is not None and done.judged.loss.name == "squares"
    assert any("`loss` is another loss" in note for note in done.judged.notes)


@pytest.mark.parametrize("name", ODD)
def test_steps_that_are_no_gradient_are_told_why(name: str) -> None:
    code, kind, line = ODD[name]
    done = studied(LINE + code)
    assert [(f.kind, f.line) for f in done.findings][:1] == [(kind, line)], done.findings
    assert done.verdict == "wrong" and kind in FINDINGS


ADAM = (
    "import numpy as np\nf = lambda x: (x[0] - 1)**2 + 5*(x[1] + 2)**2\nx = np.array([4.0, 4.0])\nm = np.zeros(2)\n"
    "v = np.zeros(2)\nfor t in range({first}, 300):\n    g = np.array([2*(x[0] - 1), 10*(x[1] + 2)])\n"
    "    m = 0.9*m + 0.1*g\n"
    "    v = 0.999*v + 0.001*g**2\n    x = x - 0.1*m{by_m}/(np.sqrt(v{by_v}) + 1e-8)\n"
)
BY_M, BY_V = "/(1 - 0.9**t)", "/(1 - 0.999**t)"


@pytest.mark.parametrize(
    ("first", "by_m", "by_v", "kinds"),
    [(1, BY_M, BY_V, []), (1, "", "", ["bias-correction"]), (0, BY_M, BY_V, ["not-finite"])],
)
def test_what_adam_divides_its_means_by_is_looked_at(first: int, by_m: str, by_v: str, kinds: list[str]) -> None:
    code = ADAM.format(first=first, by_m=by_m, by_v=by_v)
    if kinds == ["not-finite"]:
        code = code.replace("    x = x -", "    mh = m/(1 - 0.9**t)\n    x = x -")
    done = studied(code)
    assert [f.kind for f in done.findings] == kinds
    assert all("count it from 1" in f.text for f in done.findings if f.kind == "not-finite")


@pytest.mark.parametrize(
    "code",
    [
        "def f(x): return (x - 2)**2 + 1\na, b = 0.0, 5.0\nr = (5**0.5 - 1)/2\nc, d = b - r*(b - a), a + r*(b - a)\n"
        "while abs(b - a) > 1e-5:\n    if f(c) < f(d): b = d\n    else: a = c\n"
        "    c, d = b - r*(b - a), a + r*(b - a)\n",
        "import numpy as np\nX = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); y = np.array([0, 0, 0, 1])\n"
        "w = np.zeros(2)\nb = 0\n"
        "for epoch in range(20):\n    for xi, t in zip(X, y):\n        o = 1 if xi @ w + b > 0 else 0\n"
        "        w = w + 0.1*(t - o)*xi\n        b = b + 0.1*(t - o)\n",
    ],
)
def test_what_descends_no_slope_is_not_judged_as_if_it_did(code: str) -> None:
    done = study(read(code))
    assert done is None or (done.verdict == "undecided" and not done.findings and not done.judged.method)


def test_a_start_that_is_another_name_of_the_same_array_is_followed() -> None:
    code = (
        "def descend(start):\n    v = start\n    for i in range(300):\n        v = v - 0.1*X.T @ (X @ v - y)/12\n"
        "    return v\nprint(descend(w))\n"
    )
    done = studied(LINE + code)
    assert done.verdict in ("right", "scaled") and done.found.loop.turns == 300


def test_a_velocity_has_a_bound_of_its_own() -> None:
    """Rate times curvature may be 2 (1 + beta), found by running on both sides of it."""
    code = "v = 0.0\nx = 1.0\nfor i in range(400):\n    v = 0.5*v + {rate}*2*x\n    x = x - v\n"
    ends = [[f.kind for f in studied(code.format(rate=rate)).findings] for rate in (1.45, 1.55)]
    assert "rate-too-large" not in ends[0] and "rate-too-large" in ends[1]


HINGE = """
import numpy as np
rng = np.random.default_rng(1)
X = rng.normal(size=(60, 2)); y = np.sign(X[:, 0] - X[:, 1])
w = np.zeros(2); b = 0.0; C = 1.0
for it in range(200):
    m = y*(X @ w + b) < 1
    dw = PENALTY - C*(y[m, None]*X[m]).sum(0)
    db = -C*y[m].sum()
    w -= 0.001*dw
    b -= 0.001*db
    loss = 0.5*w @ w + C*np.maximum(0, 1 - y*(X @ w + b)).sum()
print(w, b, loss)
"""


def test_a_penalty_that_the_step_lacks_is_seen_along_slopes_that_do_not_bend() -> None:
    right = studied(HINGE.replace("PENALTY", "w"))
    assert right.verdict == "right" and not {fault.kind for fault in right.findings} & ACCUSED
    found = studied(HINGE.replace("PENALTY", "0*w")).findings
    assert found[0].kind == "missing-term" and found[0].line == 8 and "1 times w[0]" in found[0].text


def test_a_derivative_that_is_a_difference_of_the_parameter_is_not_taken_for_data() -> None:
    code = "def f(w): return (w - 4)**2\ndef df(w): return {}\nw = 0.0\nfor i in range(50):\n    w -= 0.1*df(w)\n"
    assert studied(code.format("2*(w - 4)")).findings == []
    (fault,) = studied(code.format("2*w - 4")).findings
    assert fault.kind == "missing-term" and "what it follows minus 4" in fault.text


@pytest.mark.parametrize("step", ["w = w - 0*2*(w - 3)", "w -= 0.0*(w - 3)"])
def test_steps_of_nothing_are_told(step: str) -> None:
    document = nabla.ask(f"why is w not 3?\nw = 1.0\nfor i in range(100):\n    {step}\nprint(w)")
    assert document.answer is not None
    assert document.answer.text.startswith("Line 3: w never changes") and "multiplied by 0" in document.answer.text


def test_the_penalty_of_a_mean_of_squares_is_told_as_the_closed_form_has_it() -> None:
    code = (
        "import numpy as np\nrng = np.random.default_rng(0)\nX = rng.normal(size=(30, 3)); y = X @ [1, 2, 3] + 0.1\n"
        "w = np.zeros(3)\nfor i in range(3000):\n    w -= 0.01*(X.T @ (X @ w - y)/30 + 1.0*w)\nprint(w)\n"
    )
    done = studied(code)
    assert done.judged.decay == pytest.approx(30, rel=1e-3)
    document = nabla.ask(f"Is it ridge regression?\n{code}")
    assert document.answer is not None and "makes 30 the λ of the closed form" in document.answer.text
    X = np.random.default_rng(0).normal(size=(30, 3))
    y = X @ [1, 2, 3] + 0.1
    wanted = np.linalg.solve(X.T @ X + 30 * np.eye(3), X.T @ y)
    np.testing.assert_allclose(document.values["parameters"]["w"], wanted, rtol=1e-6)


NEURON = """
class Neuron:
    def __init__(self):
        self.w = [0.5, -0.3]
        self.b = 0.1
    def forward(self, x):
        self.x = x
        self.z = sum(wi*xi for wi, xi in zip(self.w, x)) + self.b
        return max(0, self.z)
    def backward(self, dL):
        dz = dL
        self.dw = [dz*xi for xi in self.x]
        self.db = dz
    def step(self, lr):
        self.w = [w - lr*d for w, d in zip(self.w, self.dw)]
        self.b -= lr*self.db
n = Neuron()
for i in range(50):
    for x, t in [([1, 2], 1), ([2, 1], 3), ([-1, 1], 0)]:
        a = n.forward(x)
        n.backward(2*(a - t))
        n.step(0.01)
"""


def test_a_step_goes_on_where_a_maximum_cuts_off_only_without_its_mask() -> None:
    assert studied(NEURON.replace("dz = dL", "dz = dL if self.z > 0 else 0")).findings == []
    assert studied(NEURON.replace("max(0, self.z)", "self.z")).findings == []
    (fault,) = studied(NEURON).findings
    assert fault.kind == "missing-factor" and "(z > 0)" in fault.text
