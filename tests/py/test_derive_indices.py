"""Formulas with indices as vectors and matrices: against the same formula in loops, and claims in index notation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import nabla
from nabla.calculus.matrices.numeric import evaluate
from nabla.labs.derive.matrix.build import built
from nabla.labs.derive.matrix.shapes import letters, meaning_of
from nabla.read.matrices.indices import read_vectors, shapes_of
from nabla.read.matrices.shapes import Declared

N = 3
RNG = np.random.default_rng(7)
VALUES = {"x": RNG.normal(size=N), "y": RNG.normal(size=N), "A": RNG.normal(size=(N, N)), "B": RNG.normal(size=(N, N))}
D = np.eye(N)

# A formula, its free indices in the order of rows and columns, and one entry of it.
ENTRIES = [
    (r"\sum_i x_i y_i", "", lambda v: sum(v["x"][i] * v["y"][i] for i in range(N))),
    (r"\sum_j A_{ij} x_j", "i", lambda v, i: sum(v["A"][i, j] * v["x"][j] for j in range(N))),
    (r"\sum_i A_{ij} x_i", "j", lambda v, j: sum(v["A"][i, j] * v["x"][i] for i in range(N))),
    (r"\sum_k A_{ik} B_{kj}", "ij", lambda v, i, j: sum(v["A"][i, k] * v["B"][k, j] for k in range(N))),
    (r"\sum_k A_{ki} x_k B_{kj}", "ij",
     lambda v, i, j: sum(v["A"][k, i] * v["x"][k] * v["B"][k, j] for k in range(N))),
    (r"\sum_k A_{ik} B_{ik}", "i", lambda v, i: sum(v["A"][i, k] * v["B"][i, k] for k in range(N))),
    (r"\sum_i \sum_j A_{ij} x_i y_j", "",
     lambda v: sum(v["A"][i, j] * v["x"][i] * v["y"][j] for i, j in itertools.product(range(N), repeat=2))),
    (r"\sum_i A_{ii}", "", lambda v: sum(v["A"][i, i] for i in range(N))),
    (r"\delta_{ij} x_i + x_i y_j", "ij", lambda v, i, j: D[i, j] * v["x"][i] + v["x"][i] * v["y"][j]),
    (r"A_{ji} x_i", "ij", lambda v, i, j: v["A"][j, i] * v["x"][i]),
    (r"x_i A_{ij} y_j", "ij", lambda v, i, j: v["x"][i] * v["A"][i, j] * v["y"][j]),
    (r"x_i (\delta_{ij} - y_j)", "ij", lambda v, i, j: v["x"][i] * (D[i, j] - v["y"][j])),
    (r"\sum_j \delta_{ij} x_j", "i", lambda v, i: v["x"][i]),
    (r"A_{ij} + A_{ji}", "ij", lambda v, i, j: v["A"][i, j] + v["A"][j, i]),
    (r"\sum_j (A_{ij} + A_{ji}) x_j", "i",
     lambda v, i: sum((v["A"][i, j] + v["A"][j, i]) * v["x"][j] for j in range(N))),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "free", "entry"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_each_entry(formula: str, free: str, entry: object) -> None:
    """The vectors and matrices read give in each entry what the loop gives."""
    reading = read_vectors(formula, {})
    declared = {name: Declared(kind) for name, kind in shapes_of([formula]).items()}
    meaning = meaning_of([reading], declared, False)
    known = letters(meaning)
    f = built(reading.tree, meaning, known)
    shapes = [node.shape for node in (*f.walk(), *known.values())]
    sizes: dict[int | str, int] = {size: 1 if size == 1 else N for shape in shapes for size in shape}
    columns = {name: value if value.ndim == 2 else value[:, None] for name, value in VALUES.items()}
    found = evaluate(f, columns, sizes)
    for place in itertools.product(range(N), repeat=len(free)):
        row, column = (*place, 0, 0)[:2]
        assert found[row, column] == pytest.approx(entry(VALUES, *place))  # type: ignore[operator]


QUADRATIC = r"$f = \sum_i \sum_j A_{ij} x_i x_j$. What is $\partial f/\partial x_k$? I think "


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("p_i = exp(a_i)/sum_j exp(a_j). Show that dp_i/da_j = p_i(δ_ij - p_j).", ["right"]),
        (QUADRATIC + r"$2 \sum_j A_{kj} x_j$.", ["wrong"]),
        (QUADRATIC + r"$\sum_j (A_{kj} + A_{jk}) x_j$.", ["right"]),
        (r"$E = \sum_i (y_i - \sum_j W_{ij} x_j)^2$. Find $\frac{\partial E}{\partial W_{ij}}$. I get "
         r"$-2 (y_i - \sum_k W_{ik} x_k) x_j$.", ["right"]),
        (r"Let $L = -\sum_i t_i \log y_i$ with $y_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. "
         r"Show $\frac{\partial L}{\partial z_j} = y_j - t_j$.", ["right"]),
    ],
)  # fmt: skip
def test_claims_in_indices(text: str, verdicts: list[str]) -> None:
    """The asker's line in indices beside the gradient as a whole."""
    document = nabla.ask(text)
    assert [claim["verdict"] for claim in document.values["claims"]] == verdicts
    assert document.warnings == []


def test_three_free_indices_are_refused() -> None:
    """No matrix holds them."""
    with pytest.raises(nabla.UserError):
        read_vectors("x_i y_j A_{jk}", {})


# Sums over samples, and the gradient in NumPy with the samples as rows of X.
SAMPLES = [
    (r"\sum_{i=1}^n (y_i - w^T x_i)^2", "w", "-2 * X.T @ (y - X @ w)"),
    (r"-Σ_i y_i log σ(w^T x_i)", "w", "-X.T @ (y * (1 - 1 / (1 + np.exp(-X @ w))))"),
    (r"\sum_{i} \log(1 + e^{-y_i w^T x_i})", "w", "-X.T @ (y / (1 + np.exp(y * (X @ w))))"),
    (r"\frac{1}{2} \sum_i (x_i^T w + b - y_i)^2", "b", "np.sum(X @ w + b - y)"),
    (r"\sum_i (x_i - w)^T S (x_i - w)", "w", "-(S + S.T) @ np.sum(X - w, axis=0)"),
    (r"\sum_i \|x_i - w\|^2", "w", "-2 * np.sum(X - w, axis=0)"),
    (r"\sum_i x_i^T A x_i", "A", "X.T @ X"),
]


@pytest.mark.parametrize(("formula", "wrt", "gradient"), SAMPLES, ids=[row[0] for row in SAMPLES])
def test_samples_are_rows(formula: str, wrt: str, gradient: str) -> None:
    """x_i beside a transpose is a vector: the i-th row of X."""
    document = nabla.run("derive", {"f": formula, "wrt": wrt, "what": "gradient", "shapes": "b: number"})
    assert {check.verdict for check in document.checks} == {"passed"}
    rng = np.random.default_rng(3)
    names = {"X": rng.normal(size=(5, 3)), "w": rng.normal(size=3), "y": rng.normal(size=5), "b": 0.3}
    names |= {"S": rng.normal(size=(3, 3)), "A": rng.normal(size=(3, 3)), "Sigma": rng.normal(size=(3, 3))}
    scope = {"np": np, "inv": np.linalg.inv, "diag": np.diag, "exp": np.exp, "log": np.log, "sum": np.sum, **names}
    found = eval(document.values["derivative"], {}, scope)
    assert found == pytest.approx(eval(gradient, {}, scope))


def test_a_claim_about_samples() -> None:
    """The asker's sum over samples beside X^T (X w - y)."""
    document = nabla.ask(
        r"$J(w) = \frac{1}{2}\sum_{i} (w^T x_i - y_i)^2$. My gradient is $\sum_i (w^T x_i - y_i) x_i$. Right?"
    )
    assert [claim["verdict"] for claim in document.values["claims"]] == ["right"]
