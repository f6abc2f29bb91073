"""Programs of Keras: trained as Keras trains them, and what spoils a training named with its line."""

import json
from pathlib import Path
from typing import Any

import pytest

import nabla
from nabla.labs.backprop.loops import found_in
from nabla.labs.backprop.run import run
from tests.truth.keras_fits import programs

TRUTH = json.loads((Path(__file__).parents[1] / "truth" / "keras_fits.json").read_text(encoding="utf-8"))["printed"]
HEAD = """import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])
"""
MODEL = """model = keras.Sequential()
model.add(Dense(16, input_dim=2, activation="tanh"))
model.add(Dense(1, activation="sigmoid"))
model.compile(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=100, verbose=0)
"""


@pytest.mark.parametrize("place", range(len(TRUTH)))
def test_a_training_is_keras_s_own(place: int) -> None:
    outcome = run(programs()[place])
    assert outcome.raised is None
    for given, exact in zip((item["value"] for item in outcome.printed), TRUTH[place], strict=True):
        assert flat(given) == pytest.approx(flat(exact), rel=2e-3, abs=2e-5)


def flat(values: list[Any]) -> list[float]:
    return [number for value in values for number in (flat(value) if isinstance(value, list) else [value])]


def test_a_right_training_is_left_alone() -> None:
    assert found_in(run(HEAD + MODEL)) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        ('Dense(1, activation="sigmoid")', 'Dense(1, activation="softmax")', "single-softmax", "Dense(1,"),
        ('Dense(1, activation="sigmoid")', "Dense(1)", "missing-probability", "Dense(1)"),
        ('"binary_crossentropy"', "keras.losses.BinaryCrossentropy(True)", "softmax-twice", "model.fit"),
        ("epochs=100", "epochs=5", "too-few-steps", "model.fit"),
        ("x, y, epochs", "x, 30 + 5 * y, epochs", "target-range", "Dense(1,"),
        ('activation="tanh")', 'activation="tanh", kernel_initializer="zeros")', "zero-init", "Dense(16"),
    ],
)
def test_what_spoils_a_training_is_named_with_its_line(old: str, new: str, kind: str, text: str) -> None:
    code = HEAD + MODEL.replace(old, new)
    if kind == "target-range":
        code = code.replace('"binary_crossentropy"', '"mse"').replace("input_dim=2", "input_dim=2")
    if kind == "zero-init":
        code = code.replace("Dense(1, ", 'Dense(1, kernel_initializer="zeros", ')
    line = next(i for i, row in enumerate(code.split("\n"), 1) if text in row)
    assert (kind, line) in [(item["kind"], item["line"]) for item in found_in(run(code))]


def test_a_question_about_keras_is_answered_and_its_numbers_are_called_its_own() -> None:
    document = nabla.ask(f"Why does my network not learn XOR?\n\n{HEAD}{MODEL.replace('epochs=100', 'epochs=5')}")
    assert document.answer is not None and document.answer.text.startswith("Line 10 trains for too few epochs")
    assert "unseeded" in {warning.code for warning in document.warnings}


def test_what_is_not_here_of_keras_is_refused_by_name() -> None:
    with pytest.raises(nabla.UserError, match=r"keras\.layers\.LSTM"):
        nabla.backprop("from tensorflow import keras\nmodel = keras.Sequential([keras.layers.LSTM(3)])\n")


def declared(last: str, compiled: str) -> list[str]:
    code = (
        f"from keras import Sequential, layers, losses\nm = Sequential([layers.Dense(8, activation='relu'), {last}])\n"
    )
    return [item["kind"] for item in found_in(run(f"{code}m.compile('adam', {compiled})\n"))]


@pytest.mark.parametrize(
    ("last", "compiled", "kinds"),
    [
        ("layers.Dense(1, activation='softmax')", "'binary_crossentropy'", ["single-softmax"]),
        ("layers.Dense(1, activation='sigmoid')", "'categorical_crossentropy'", ["wrong-shape"]),
        ("layers.Dense(3)", "'categorical_crossentropy'", ["missing-probability"]),
        ("layers.Dense(3, activation='softmax')", "losses.CategoricalCrossentropy(True)", ["softmax-twice"]),
        ("layers.Dense(3), layers.Softmax()", "losses.SparseCategoricalCrossentropy(True)", ["softmax-twice"]),
        ("layers.Dense(1)", "'binary_crossentropy'", ["missing-probability"]),
        ("layers.Dense(2, activation='softmax')", "'binary_crossentropy'", ["wrong-loss"]),
        ("layers.Dense(1, activation='sigmoid')", "'mse'", ["target-range"]),
        ("layers.Dense(1, activation='sigmoid')", "'binary_crossentropy'", []),
        ("layers.Dense(3, activation='softmax')", "'categorical_crossentropy'", []),
        ("layers.Dense(3)", "losses.SparseCategoricalCrossentropy(from_logits=True)", []),
        ("layers.Dense(1)", "losses.BinaryCrossentropy(from_logits=True)", []),
        ("layers.Dense(1)", "'mse'", []),
        ("layers.Dense(4), layers.Softmax()", "'sparse_categorical_crossentropy'", []),
    ],
)  # fmt: skip
def test_a_model_is_judged_by_its_declaration(last: str, compiled: str, kinds: list[str]) -> None:
    assert declared(last, compiled) == kinds
