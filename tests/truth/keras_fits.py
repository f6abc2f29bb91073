"""Trainings that Keras did: `KERAS_BACKEND=torch python tests/truth/keras_fits.py` writes keras_fits.json.

Every program starts from weights that it sets itself and takes its samples in their order, so that nothing is drawn.
"""

import contextlib
import io
import json
from pathlib import Path

HEAD = """import numpy as np
import keras
from keras import layers
X = np.sin(np.arange(24.0)).reshape(8, 3)
y = {target}
model = keras.Sequential([keras.Input(shape=(3,)), {layers}])
model.set_weights([{shift} + 0.7 * np.cos(np.arange(w.size) + 1.0).reshape(w.shape) for w in model.get_weights()])
model.compile(optimizer=keras.optimizers.{optimizer}, loss={loss}, metrics=[{metric}])
history = model.fit(X, y, epochs=4, batch_size={batch}, shuffle=False, verbose=0)
print([[float(v) for v in values] for values in history.history.values()])
print([float(v) for v in np.concatenate([w.reshape(-1) for w in model.get_weights()])[:12]])
print([float(v) for v in model.predict(X, verbose=0).reshape(-1)[:6]])
print([float(v) for v in model.evaluate(X, y, verbose=0)])
"""
TARGETS = {
    "number": "X.sum(axis=1)",
    "column": "X.sum(axis=1, keepdims=True)",
    "two": "(X[:, 0] > 0).astype(int)",
    "classes": "(X[:, 0] > 0).astype(int) + (X[:, 1] > 0).astype(int)",
    "rows": "keras.utils.to_categorical((X[:, 0] > 0).astype(int) + (X[:, 1] > 0).astype(int), 3)",
}
ONE, THREE = "layers.Dense(1{})", "layers.Dense(3{})"
NETS = [
    ("number", "layers.Dense(4, activation='tanh'), " + ONE.format(""), "'mse'", "'mae'"),
    ("column", "layers.Dense(4, activation='relu'), " + ONE.format(""), "'mean_absolute_error'", "'mse'"),
    ("two", "layers.Dense(4, activation='elu'), " + ONE.format(", activation='sigmoid'"), "'binary_crossentropy'",
     "'accuracy'"),
    ("two", "layers.Dense(4), layers.LeakyReLU(negative_slope=0.1), " + ONE.format(""),
     "keras.losses.BinaryCrossentropy(from_logits=True)", "'mse'"),
    ("classes", "layers.Dense(4, activation='softplus'), " + THREE.format(", activation='softmax'"),
     "'sparse_categorical_crossentropy'", "'accuracy'"),
    ("classes", "layers.Dense(4, use_bias=False), layers.Activation('sigmoid'), " + THREE.format(""),
     "keras.losses.SparseCategoricalCrossentropy(from_logits=True)", "'accuracy'"),
    ("rows", "layers.Dense(4), layers.BatchNormalization(), layers.ReLU(), " + THREE.format(", activation='softmax'"),
     "keras.losses.CategoricalCrossentropy()", "'accuracy'"),
    ("number", "layers.Dense(4, activation='tanh'), " + ONE.format(""), "keras.losses.Huber()", "'mse'"),
]  # fmt: skip
OPTIMIZERS = ["SGD(0.1)", "SGD(learning_rate=0.05, momentum=0.9)", "SGD(0.05, momentum=0.8, nesterov=True)",
              "Adam(learning_rate=0.01)", "Adam(0.02, beta_1=0.8, epsilon=1e-4)", "RMSprop(0.01)",
              "RMSprop(learning_rate=0.02, momentum=0.5)", "Adagrad(learning_rate=0.1)"]  # fmt: skip


def programs() -> list[str]:
    """Every network with an optimiser of its own, and the first with all of them."""
    made = []
    for i, (target, layers, loss, metric) in enumerate(NETS):
        for optimizer in OPTIMIZERS if i == 0 else [OPTIMIZERS[i % len(OPTIMIZERS)]]:
            batch = (8, 3)[(i + len(made)) % 2] if "BatchNorm" not in layers else 4
            shift = 0.0 if "BatchNorm" not in layers else 0.9  # variances are more than 0
            values = {"shift": shift, "target": TARGETS[target], "layers": layers, "loss": loss, "metric": metric}
            made.append(HEAD.format(**values, optimizer=optimizer, batch=batch))
    return made


def main() -> None:
    """Run them all with Keras, and write down what they print."""
    import keras

    rows = []
    for code in programs():
        paper = io.StringIO()
        with contextlib.redirect_stdout(paper):
            exec(code, {})
        rows.append([json.loads(line) for line in paper.getvalue().strip().split("\n")])
    text = json.dumps({"keras": keras.__version__, "backend": keras.backend.backend(), "printed": rows}, indent=1)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
