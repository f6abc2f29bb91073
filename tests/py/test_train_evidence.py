"""Trainings judged by what their first steps did: right ones, slips with their lines, and lines that mend them."""

import random

import pytest

import nabla
from nabla.labs.train.blocks import KINDS
from nabla.labs.train.evidence import gathered
from nabla.labs.train.probe import StepProbe
from nabla.program.source import read
from tests.py.network_programs import RIGHT, WRONG, wrong
from tests.py.training_programs import SLIPS, drawn, written

RIGHT_ONES, WRONG_ONES = 30, 30  # of the generated programs; 300 of each were tried

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


def test_a_program_of_keras_is_refused_by_name() -> None:
    code = "from tensorflow import keras\nmodel = keras.Sequential()\nmodel.fit([[0.0]], [[1.0]], epochs=3)\n"
    for answer in (lambda: nabla.train(code), lambda: nabla.ask(f"Why is my loss not going down?\n\n{code}")):
        with pytest.raises(nabla.UserError, match="keras") as caught:
            answer()
        assert caught.value.code == "not-covered"


@pytest.mark.parametrize(
    ("line", "verdict", "first"),
    [
        ("self.theta = self.theta + self.rate * X.T @ (X @ self.theta - y) / len(y)", "wrong", "No, line 8 is right"),
        ("self.theta = self.theta - 2 * self.rate * X.T @ (X @ self.theta - y) / len(y)", "right", "Both are right"),
        ("self.theta = self.theta - self.rate * X @ (X @ self.theta - y) / len(y)", "wrong", "No, line 8 is right"),
    ],
)
def test_a_proposed_line_of_any_program_is_judged_first(line: str, verdict: str, first: str) -> None:
    document = nabla.run("train", {"code": FIT.replace("STEPS", "steps=60"), "proposed": line})
    assert document.values["proposed"]["verdict"] == verdict
    assert document.answer is not None and document.answer.text.startswith(first)


def test_layers_may_have_rates_of_their_own() -> None:
    code = RIGHT["relu-two"].replace("w -= eta * gw", "w -= 0.03 * gw").replace("u -= eta * gu", "u -= 0.002 * gu")
    assert gathered(code).judgement.kind == "right"
