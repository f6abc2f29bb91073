"""A frequency that moves is told with its way; steady tones, noise and wandering have none."""

import numpy as np
import pytest

from nabla.labs.fit.moving import track
from nabla.read.data import read_data
from nabla.sinusoid.fit import Task, fit
from nabla.sinusoid.times import classify

T = np.arange(400) / 50
NOISE = np.random.default_rng(3).normal(size=400)


def followed(y: np.ndarray):
    data = read_data("t,y\n" + "\n".join(f"{a!r},{b!r}" for a, b in zip(T.tolist(), y.tolist(), strict=True)))
    return track(fit(classify(data.x), data.y, Task()), data)


def walk(memory: float) -> np.ndarray:
    y = np.zeros(400)
    for i in range(1, 400):
        y[i] = memory * y[i - 1] + NOISE[i]
    return y


@pytest.mark.parametrize(("start", "slope"), [(2, 0.7), (5, 0.05), (12, -0.6)])
def test_a_chirp_is_followed(start: float, slope: float) -> None:
    found = followed(np.sin(2 * np.pi * (start * T + slope * T**2)) + 0.1 * NOISE)
    assert found is not None
    assert found.frequency == pytest.approx(start + 2 * slope * found.x, rel=0.03)


@pytest.mark.parametrize(
    "y",
    [
        np.sin(2 * np.pi * 3 * T) + 1.5 * NOISE,
        np.sin(2 * np.pi * 3 * T) + np.sin(2 * np.pi * 3.3 * T) + 0.5 * NOISE,
        sum(np.sin(2 * np.pi * f * T) for f in (2, 3.1, 4.7, 6.9, 11)) + 0.3 * NOISE,
        NOISE,
        walk(0.7),
        walk(0.95),
    ],
)
def test_what_stays_is_not_said_to_move(y: np.ndarray) -> None:
    assert followed(y) is None
