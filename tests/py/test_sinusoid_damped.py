"""Damped sinusoids: found, counted, with honest errors; asked for by a residual that wants them and by no other."""

import numpy as np
import pytest

import nabla
from nabla.sinusoid.damped import DampedFit, asked, fit_damped
from nabla.sinusoid.fit import fit
from nabla.sinusoid.times import classify

X = 2 + np.arange(300) / 100
TIMES = classify(X)


def ringing(frequency: float, decay: float, amplitude: float = 3.0, phase: float = 0.4) -> np.ndarray:
    return amplitude * np.exp(-decay * (X - X[0])) * np.cos(2 * np.pi * frequency * X + phase)


def fitted(y: np.ndarray, count: int | None = None) -> DampedFit:
    return fit_damped(TIMES, y, count, 1, TIMES.limit)


def test_exact_data_give_the_truth() -> None:
    found = fitted(0.5 + ringing(7.3, 1.2) + ringing(12.1, 0.3, 1.0, -1.0))
    got = sorted((t.frequency, t.decay, t.amplitude, t.phase) for t in found.tones)
    np.testing.assert_allclose(got, [(7.3, 1.2, 3.0, 0.4), (12.1, 0.3, 1.0, -1.0)], rtol=1e-7)
    assert found.coefficients[0] == pytest.approx(0.5, rel=1e-7)


def test_errors_are_those_of_repeated_draws_and_the_count_is_right() -> None:
    rng = np.random.default_rng(1)
    errors, more = [], 0
    for _ in range(200):
        y = 0.5 + ringing(7.3, 1.2) + 0.2 * rng.normal(size=X.size)
        more += len(fitted(y).tones) > 1
        (tone,) = fitted(y, 1).tones
        errors.append(
            [
                (tone.frequency - 7.3) / tone.se_frequency,
                (tone.decay - 1.2) / tone.se_decay,
                (tone.amplitude - 3) / tone.se_amplitude,
                (tone.phase - 0.4) / tone.se_phase,
            ]
        )
    assert more <= 6
    # The standard error of a standard deviation of 200 draws is 5 %.
    np.testing.assert_allclose(np.std(errors, axis=0), 1, atol=0.15)
    np.testing.assert_allclose(np.mean(errors, axis=0), 0, atol=0.22)


def test_noise_holds_none() -> None:
    rng = np.random.default_rng(2)
    assert sum(bool(fitted(rng.normal(size=X.size)).tones) for _ in range(200)) <= 6


def test_decay_is_asked_for_only_where_there_is_some() -> None:
    rng = np.random.default_rng(3)
    steady = [np.cos(2 * np.pi * 7.3 * X) + 0.3 * np.sin(2 * np.pi * 12 * X) for _ in range(40)]
    assert not any(asked(fit(TIMES, y + 0.2 * rng.normal(size=X.size))) for y in steady)
    assert all(asked(fit(TIMES, ringing(7.3, d) + 0.2 * rng.normal(size=X.size))) for d in (0.2, 0.5, 1.0, 3.0))


def test_the_lab_offers_decay_and_fits_it() -> None:
    rng = np.random.default_rng(4)
    y = ringing(7.3, 0.8) + 0.05 * rng.normal(size=X.size)
    data = "\n".join(f"{a:.2f},{b:.6f}" for a, b in zip(X, y, strict=True))
    plain = nabla.run("fit", {"data": data, "damped": "off"})
    assert any(block.kind == "note" and block.inputs == {"damped": "on"} for block in plain.blocks)
    document = nabla.run("fit", {"data": data, "damped": "on"})
    assert nabla.run("fit", {"data": data}).values["tones"] == document.values["tones"]
    (tone,) = document.values["tones"]
    assert abs(tone["decay"] - 0.8) < 4 * tone["se_decay"]
    assert {check.verdict for check in document.checks} == {"passed"}
    program = next(block for block in document.blocks if block.kind == "code").sources[0].text
    space: dict[str, object] = {}
    exec(compile(program.replace("print(", "str("), "program", "exec"), space)
    assert np.std(space["y"](X) - y) == pytest.approx(document.values["residual_rms"], rel=0.01)


def test_too_long_a_record_is_refused() -> None:
    data = "\n".join(str(i % 7) for i in range(20_001))
    with pytest.raises(nabla.UserError, match="at most 20,000"):
        nabla.run("fit", {"data": data, "damped": "on"})
