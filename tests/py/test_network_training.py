"""Training: the published history of the eleven lines, the schedule of what is kept, and how trainings end."""

import numpy as np
import pytest

from nabla.errors import UserError
from nabla.labs.train.analysis import analyse
from nabla.labs.train.training import Trainer, Training, frames, schedule
from tests.py.network_programs import RIGHT, SIGMOID_11

# Mean |y - output| of the eleven lines with seed 1 and hidden 4, run as a plain program in NumPy (those of rate 1 from
# 10,000 on are printed in the post that made the network known); and half the sum of squares for rate 0.5.
STEPS = (0, 1000, 10000, 20000, 30000, 40000, 50000, 60000)
HISTORY = {
    0.5: (0.496410031903, 0.098938193394, 0.013016237731, 0.008584289077, 0.006803993535, 0.005789845803,
          0.005116847299, 0.004629676908),
    1.0: (0.496410031903, 0.042984647811, 0.008584525653, 0.005789459863, 0.004629176777, 0.003958765280,
          0.003510122568, 0.003183502386),
    0.1: (0.496410031903, 0.457476916271, 0.042888017000, 0.024098994229, 0.018110652147, 0.014987616272,
          0.013014490538, 0.011631240178),
    10.0: (0.496410031903, 0.011516974728, 0.003129388763, 0.002144595580, 0.001723975500, 0.001478214512,
           0.001312740628, 0.001191800654),
}  # fmt: skip
SQUARES = (4.951865354020e-1, 2.026391579e-2, 3.467968925e-4, 1.507336259e-4, 9.465940897e-5, 6.852521258e-5,
           5.350886510e-5, 4.379674350e-5)  # fmt: skip


def trained(text: str) -> Training:
    found = analyse(text, 1)
    return Trainer(found, 1).run()


@pytest.mark.parametrize("rate", HISTORY)
def test_the_published_history_is_reproduced(rate: float) -> None:
    training = trained(SIGMOID_11.replace("0.5, 4", f"{rate}, 4").replace("200", "60000"))
    moments = {moment.step: moment for moment in training.moments}
    for step, expected in zip(STEPS, HISTORY[rate], strict=True):
        assert moments[step].mae == pytest.approx(expected, rel=1e-9, abs=6e-13)
    if rate == 0.5:
        for step, expected in zip(STEPS, SQUARES, strict=True):
            assert moments[step].sse == pytest.approx(expected, rel=1e-9)
        assert training.outputs.ravel() == pytest.approx((0.00378489, 0.9952016, 0.99569832, 0.00563374), abs=1e-8)


@pytest.mark.parametrize("name", RIGHT)
def test_the_compiled_loop_ends_where_its_steps_lead(name: str) -> None:
    """Each step of the compiled program is that of the followed one: they share no operation."""
    found = analyse(RIGHT[name], 1)
    trainer = Trainer(found, 1)
    if found.first.step is not found.first.loop:
        return
    training = trainer.run()
    second = next(moment for moment in training.moments if moment.step == 1)
    assert second.arrays is not None
    for weight, value in second.arrays.items():
        assert np.array_equal(value, found.step.after[weight])


def test_what_the_program_prints_is_kept_with_its_step() -> None:
    training = trained(RIGHT["nonlin"] + "print 'after', np.round(out.ravel(), 2)\n")
    assert [step for step, _ in training.printed] == [0, 100, 200, -1]
    assert training.printed[0][1].startswith("Error:0.463727865031")
    assert training.printed[-1][1].startswith("after [")


def test_the_schedule_has_the_round_steps_and_both_ends() -> None:
    steps = schedule(60000)
    assert set(STEPS) <= set(steps)
    assert steps == sorted(steps) and len(steps) < 250
    assert schedule(0) == [0]
    assert schedule(3) == [0, 1, 2, 3]
    shown = frames(steps)
    assert shown[0] == 0 and shown[-1] == 60000 and 20 < len(shown) <= 42


def test_a_training_that_diverges_stops_and_says_when() -> None:
    training = trained(RIGHT["relu-two"].replace("eta = 0.01", "eta = 1e6"))
    assert training.ended == "diverged"
    assert training.done < 150
    assert np.isnan(training.moments[-1].mae)


def test_a_step_that_raises_later_ends_the_training_there() -> None:
    training = trained(SIGMOID_11 + "    if j == 7:\n        X = X[:3]\n")
    assert training.ended == "raised"
    assert training.raised is not None and training.raised.line == 11
    assert training.done == 8


def test_break_and_while_loops_end_as_they_do() -> None:
    training = trained(SIGMOID_11 + "    if j == 20:\n        break\n")
    assert (training.ended, training.done) == ("break", 21)
    text = SIGMOID_11.replace("for j in xrange(200):", "j = 0\nwhile j < 30:\n    j += 1")
    training = trained(text)
    assert (training.ended, training.done, training.total) == ("", 30, 30)


def test_too_much_work_is_refused_before_it_starts() -> None:
    with pytest.raises(UserError) as caught:
        trained(SIGMOID_11.replace("0.5, 4", "0.5, 10000").replace("200", "60000"))
    assert caught.value.code == "too-big"
    assert "60,000 steps" in str(caught.value)


def test_cosines_are_those_of_the_steps_taken() -> None:
    right = trained(SIGMOID_11)
    assert all(moment.cosine == pytest.approx(1) for moment in right.moments[:-1])
    asked = trained(SIGMOID_11.replace("back_2.dot(W_out.T)", "act_1.T.dot(back_2)"))
    assert max(moment.cosine for moment in asked.moments[:-1]) < 0.95


def test_reports_are_sparse_and_change_nothing() -> None:
    found = analyse(SIGMOID_11.replace("200", "3000"), 1)
    seen: list[int] = []
    reported = Trainer(found, 1).run(lambda training: seen.append(len(training.moments)))
    plain = Trainer(found, 1).run()
    assert [moment.mae for moment in reported.moments] == [moment.mae for moment in plain.moments]
    assert seen == sorted(seen)
