"""Derivatives by vectors and matrices: the Matrix Cookbook's formulas, shapes, layouts, answers of askers.

The Matrix Cookbook is that of K. B. Petersen and M. S. Pedersen, version of November 15, 2012; formulas are named by
their numbers there. Both sides are NumPy formulas, compared at random matrices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nabla
from nabla.calculus.matrices.nodes import M, ShapeError, add, entries, negative, times, transpose, unary
from nabla.calculus.matrices.numeric import apart, evaluate, quotients, random_values, sizes_of
from nabla.calculus.matrices.rules import NoForm, gradient

NAMES = {
    "np": np, "inv": np.linalg.inv, "trace": np.trace, "det": np.linalg.det, "log": np.log, "exp": np.exp,
    "sum": np.sum, "norm": np.linalg.norm, "diag": np.diag, "sqrt": np.sqrt, "eye": np.eye,
}  # fmt: skip
SQUARE = "A: square, B: square, C: square, D: square"

# number, formula, letter, its derivative, shapes
COOKBOOK = [
    (49, "det(X)", "X", "det(X) * inv(X).T", ""),
    (51, "det(A X B)", "X", "det(A @ X @ B) * inv(X).T", "A: square, X: square, B: square"),
    (52, "det(X^T A X)", "X", "2 * det(X.T @ A @ X) * inv(X).T", "X: square, A: symmetric"),
    (53, "det(X^T A X)", "X", "2 * det(X.T @ A @ X) * A @ X @ inv(X.T @ A @ X)", "X: 4 x 3, A: symmetric"),
    (54, "det(X^T A X)", "X", "det(X.T @ A @ X) * (A @ X @ inv(X.T @ A @ X) + A.T @ X @ inv(X.T @ A.T @ X))",
     "X: 4 x 3"),
    (55, "log det(X^T X)", "X", "2 * np.linalg.pinv(X).T", "X: 4 x 3"),
    (57, "log det X", "X", "inv(X).T", ""),
    (58, "det(X^3)", "X", "3 * det(np.linalg.matrix_power(X, 3)) * inv(X).T", ""),
    (61, r"a^T X^{-1} b", "X", "-np.outer(inv(X).T @ a, inv(X) @ b)", ""),
    (62, r"det(X^{-1})", "X", "-det(inv(X)) * inv(X).T", ""),
    (63, r"tr(A X^{-1} B)", "X", "-(inv(X) @ B @ A @ inv(X)).T", ""),
    (64, r"tr((X + A)^{-1})", "X", "-(inv(X + A) @ inv(X + A)).T", ""),
    (69, "x^T a", "x", "a", ""),
    (70, "a^T X b", "X", "np.outer(a, b)", ""),
    (71, "a^T X^T b", "X", "np.outer(b, a)", ""),
    (72, "a^T X a", "X", "np.outer(a, a)", ""),
    (77, "b^T X^T X c", "X", "X @ (np.outer(b, c) + np.outer(c, b))", ""),
    (78, "(Bx + b)^T C (Dx + d)", "x", "B.T @ C @ (D @ x + d) + D.T @ C.T @ (B @ x + b)", "d: vector"),
    (81, "x^T B x", "x", "(B + B.T) @ x", ""),
    (82, "b^T X^T D X c", "X", "np.outer(D.T @ X @ b, c) + np.outer(D @ X @ c, b)", ""),
    (83, "(Xb + c)^T D (Xb + c)", "X", "np.outer((D + D.T) @ (X @ b + c), b)", ""),
    (84, "(x - As)^T W (x - As)", "s", "-2 * A.T @ W @ (x - A @ s)", "W: symmetric"),
    (85, "(x - s)^T W (x - s)", "x", "2 * W @ (x - s)", "W: symmetric"),
    (86, "(x - s)^T W (x - s)", "s", "-2 * W @ (x - s)", "W: symmetric"),
    (87, "(x - As)^T W (x - As)", "x", "2 * W @ (x - A @ s)", "W: symmetric"),
    (88, "(x - As)^T W (x - As)", "A", "-2 * np.outer(W @ (x - A @ s), s)", "W: symmetric"),
    (90, "a^T X^2 b", "X", "np.outer(a, X @ b) + np.outer(X.T @ a, b)", ""),
    (90, "a^T X^3 b", "X", "np.outer(a, X @ X @ b) + np.outer(X.T @ a, X @ b) + np.outer(X.T @ X.T @ a, b)", ""),
    (97, "x^T A x + b^T x", "x", "(A + A.T) @ x + b", ""),
    (99, "tr(X)", "X", "eye(len(X))", ""),
    (100, "tr(X A)", "X", "A.T", ""),
    (101, "tr(A X B)", "X", "A.T @ B.T", ""),
    (102, "tr(A X^T B)", "X", "B @ A", ""),
    (103, "tr(X^T A)", "X", "A", ""),
    (104, "tr(A X^T)", "X", "A", ""),
    (105, "tr(A ⊗ X)", "X", "trace(A) * eye(len(X))", ""),
    (106, "tr(X^2)", "X", "2 * X.T", ""),
    (107, "tr(X^2 B)", "X", "(X @ B + B @ X).T", ""),
    (108, "tr(X^T B X)", "X", "B @ X + B.T @ X", ""),
    (109, "tr(B X X^T)", "X", "B @ X + B.T @ X", ""),
    (110, "tr(X X^T B)", "X", "B @ X + B.T @ X", ""),
    (111, "tr(X B X^T)", "X", "X @ B.T + X @ B", ""),
    (112, "tr(B X^T X)", "X", "X @ B.T + X @ B", ""),
    (113, "tr(X^T X B)", "X", "X @ B.T + X @ B", ""),
    (114, "tr(A X B X)", "X", "A.T @ X.T @ B.T + B.T @ X.T @ A.T", ""),
    (115, "tr(X^T X)", "X", "2 * X", ""),
    (116, "tr(B^T X^T C X B)", "X", "C.T @ X @ B @ B.T + C @ X @ B @ B.T", ""),
    (117, "tr(X^T B X C)", "X", "B @ X @ C + B.T @ X @ C.T", ""),
    (118, "tr(A X B X^T C)", "X", "A.T @ C.T @ X @ B.T + C @ A @ X @ B", ""),
    (119, "tr((A X B + C)(A X B + C)^T)", "X", "2 * A.T @ (A @ X @ B + C) @ B.T", ""),
    (120, "tr(X ⊗ X)", "X", "2 * trace(X) * eye(len(X))", ""),
    (121, "tr(X^4)", "X", "4 * np.linalg.matrix_power(X, 3).T", ""),
    (122, "tr(A X^3)", "X", "(A @ X @ X + X @ A @ X + X @ X @ A).T", ""),
    (123, "tr(B^T X^T C X X^T C X B)", "X",
     "C @ X @ X.T @ C @ X @ B @ B.T + C.T @ X @ B @ B.T @ X.T @ C.T @ X"
     " + C @ X @ B @ B.T @ X.T @ C @ X + C.T @ X @ X.T @ C.T @ X @ B @ B.T", ""),
    (124, r"tr(A X^{-1} B)", "X", "-inv(X).T @ A.T @ B.T @ inv(X).T", ""),
    (125, r"tr((X^T C X)^{-1} A)", "X", "-C @ X @ inv(X.T @ C @ X) @ (A + A.T) @ inv(X.T @ C @ X)",
     "X: 4 x 3, C: symmetric"),
    (126, r"tr((X^T C X)^{-1} (X^T B X))", "X",
     "-2 * C @ X @ inv(X.T @ C @ X) @ X.T @ B @ X @ inv(X.T @ C @ X) + 2 * B @ X @ inv(X.T @ C @ X)",
     "X: 4 x 3, C: symmetric, B: symmetric"),
    (129, "||x - a||", "x", "(x - a) / norm(x - a)", ""),
    (130, "(x - a)/||x - a||", "x",
     "eye(len(x)) / norm(x - a) - np.outer(x - a, x - a) / norm(x - a)**3", ""),
    (131, "||x||_2^2", "x", "2 * x", ""),
    (132, r"\|X\|_F^2", "X", "2 * X", ""),
    # Identities of the tables in "Matrix calculus" (Wikipedia), which bear no numbers.
    (0, "(x^T x)^2", "x", "4 * (x @ x) * x", ""),
    (0, "1/||x||", "x", "-x / norm(x)**3", ""),
    (0, "a^T x x^T b", "x", "(np.outer(a, b) + np.outer(b, a)) @ x", "b: vector"),
    (0, "(A x + b)^T (D x + d)", "x", "A.T @ (D @ x + d) + D.T @ (A @ x + b)", "d: vector, b: vector"),
    (0, "x^T x", "x", "2 * x", ""),
    (0, "||A x - b||^2", "x", "2 * A.T @ (A @ x - b)", "A: 4 x 3"),
    (0, "||A x - b||", "x", "A.T @ (A @ x - b) / norm(A @ x - b)", "A: 4 x 3"),
    (0, "logsumexp(x)", "x", "exp(x) / sum(exp(x))", ""),
    (0, "sum(exp(A x))", "x", "A.T @ exp(A @ x)", "A: 4 x 3"),
    (0, "softmax(x)", "x", "diag(exp(x) / sum(exp(x))) - np.outer(exp(x) / sum(exp(x)), exp(x) / sum(exp(x)))", ""),
    (0, "exp(a^T x)", "x", "exp(a @ x) * a", ""),
    (0, "log(1 + exp(-y a^T x))", "x", "-y * a / (1 + exp(y * (a @ x)))", "y: number"),
    (0, "tr(X^T A X B)", "X", "A @ X @ B + A.T @ X @ B.T", ""),
    (0, r"tr(A X^{-1})", "X", "-(inv(X) @ A @ inv(X)).T", ""),
    (0, "log det(A X B)", "X", "inv(X).T", "A: square, X: square, B: square"),
    (0, "log det(X + A)", "X", "inv(X + A).T", ""),
    (0, "det(2 X)", "X", "det(2 * X) * inv(X).T", ""),
    (0, "||X - A||_F^2", "X", "2 * (X - A)", ""),
    (0, "||A X - B||_F^2", "X", "2 * A.T @ (A @ X - B)", "A: 4 x 3, X: 3 x 5"),
    (0, "||X||_F", "X", "X / norm(X)", ""),
]  # fmt: skip


def values_of(shapes: dict[str, list[Any]], seed: int, symmetric: str = "") -> dict[str, Any]:
    """Random arrays for the letters of an answer; a column has one axis."""
    rng = np.random.default_rng(seed)
    sizes: dict[Any, int] = {}
    found: dict[str, Any] = {}
    for name, shape in shapes.items():
        for size in shape:
            sizes.setdefault(size, size if isinstance(size, int) else 3 + len(sizes) % 3)
        axes = [sizes[size] for size in shape if size != 1]
        value = rng.uniform(-1, 1, axes)
        if len(axes) == 2 and axes[0] == axes[1]:
            value = value + 3 * np.eye(axes[0])
            value = (value + value.T) / 2 if f"{name}: symmetric" in symmetric else value
        found[name] = value
    return found


@pytest.mark.parametrize(("number", "f", "x", "derivative", "shapes"), COOKBOOK, ids=lambda value: str(value)[:24])
def test_the_matrix_cookbook(number: int, f: str, x: str, derivative: str, shapes: str) -> None:
    """The formula's derivative is the book's, and every check of the answer passes."""
    document = nabla.run("derive", {"f": f, "wrt": x, "shapes": shapes})
    assert {check.verdict for check in document.checks} == {"passed"}
    for seed in (1, 2):
        scope = {**NAMES, **values_of(document.values["shapes"], seed, shapes)}
        found, expected = (eval(text, {}, scope) for text in (document.values["derivative"], derivative))
        assert np.squeeze(found) == pytest.approx(np.squeeze(expected), rel=1e-8, abs=1e-10)


NETWORKS = [
    ("sigma(w^T x + b)", "w", "exp(-(w @ x + b)) / (1 + exp(-(w @ x + b)))**2 * x", "b: number"),
    ("log(1 + exp(-y w^T x))", "w", "-y * x / (1 + exp(y * (w @ x)))", "y: number"),
    ("softmax(z)", "z", "diag(exp(z) / sum(exp(z))) - np.outer(exp(z), exp(z)) / sum(exp(z))**2", ""),
    ("logsumexp(A x + b)", "x", "A.T @ exp(A @ x + b) / sum(exp(A @ x + b))", ""),
    ("-t^T log(softmax(z))", "z", "sum(t) * exp(z) / sum(exp(z)) - t", "t: vector"),
    ("relu(W x + b)", "x", "diag((W @ x + b > 0) * 1.0) @ W", ""),
    ("tanh(W x)", "x", "diag(1 - np.tanh(W @ x)**2) @ W", ""),
    ("||A ⊙ X||_F^2", "X", "2 * A * A * X", ""),
    ("sum(x ⊙ x)", "x", "2 * x", ""),
    ("1/2 x^T A x - b^T x", "x", "A @ x - b", "A: symmetric"),
    ("x^T A x / (x^T x)", "x", "((A + A.T) @ x * (x @ x) - 2 * x * (x @ A @ x)) / (x @ x)**2", ""),
    ("(X^T X + lambda I)^{-1} X^T y", "lambda",
     "-inv(X.T @ X + lamda * eye(X.shape[1])) @ inv(X.T @ X + lamda * eye(X.shape[1])) @ X.T @ y", ""),
    ("A X B", "X", "np.kron(B.T, A)", ""),
    ("W x", "W", "np.kron(x, eye(len(W)))", ""),
    ("A @ x", "x", "A", ""),
]  # fmt: skip


@pytest.mark.parametrize(("f", "x", "derivative", "shapes"), NETWORKS)
def test_layers_losses_and_jacobians(f: str, x: str, derivative: str, shapes: str) -> None:
    """What networks and regressions are made of, against derivatives worked out by hand."""
    document = nabla.run("derive", {"f": f, "wrt": x, "shapes": shapes or "W: matrix"})
    assert {check.verdict for check in document.checks} == {"passed"}
    scope = {**NAMES, **values_of(document.values["shapes"], 4, shapes)}
    scope["lamda"] = scope.get("lambda")
    found, expected = (eval(text, {}, scope) for text in (document.values["derivative"], derivative))
    assert np.squeeze(found) == pytest.approx(np.squeeze(expected), rel=1e-8, abs=1e-10)


A, B = M("symbol", (), ("n", "n"), "A"), M("symbol", (), ("n", "n"), "B")
X, V = M("symbol", (), ("n", "n"), "X"), M("symbol", (), ("n", 1), "v")


def matrices(depth: int) -> st.SearchStrategy[M]:
    """Square matrices made of A, B and X."""
    leaves = st.sampled_from([A, B, X, X])
    if not depth:
        return leaves
    part = matrices(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda a, b: add(a, b), part, part),
        st.builds(lambda a, b: times(a, b), part, part),
        st.builds(lambda a, b: entries(a, b), part, part),
        st.builds(transpose, part),
        st.builds(negative, part),
        st.builds(lambda a, name: unary("map", a, name), part, st.sampled_from(["tanh", "sin", "sigmoid"])),
        st.builds(lambda a: unary("diag", times(a, V)), part),
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(matrices(3), st.sampled_from(["trace", "quadratic", "norm", "total"]))
def test_gradients_of_any_expression(inside: M, ending: str) -> None:
    """Made-up expressions: the gradient is that of difference quotients, whatever they are made of."""
    f = times(transpose(V), inside, V) if ending == "quadratic" else unary(ending, inside)
    if ending == "norm":
        f = times(f, f)
    if not f.has(X):
        return
    try:
        found = gradient(f, X)
    except NoForm:
        return
    sizes = sizes_of([f, X, A, B, V])
    values = {name: value / 4 for name, value in random_values([A, B, X, V], sizes, 3).items()}
    expected = quotients(f, X, values, sizes)[0, 0]
    assert apart(evaluate(found, values, sizes), expected) < 1e-6


@pytest.mark.parametrize(
    ("f", "shapes", "told"),
    [
        ("tr(AXB)", "A: 2 x 3, X: 4 x 4, B: 4 x 2", "3 columns meet 4 rows"),
        ("x^T A y", "x: 3, A: 2 x 3, y: 3", "3 columns meet 2 rows"),
        ("A + B", "A: 2 x 3, B: 3 x 2", "2 × 3 and 3 × 2 cannot be added"),
        ("log det A", "A: 2 x 3", "needs a square matrix, not 2 × 3"),
    ],
)
def test_shapes_that_do_not_fit_are_named(f: str, shapes: str, told: str) -> None:
    """The product, the sum or the determinant that cannot be is told with its shapes."""
    with pytest.raises(nabla.UserError) as error:
        nabla.run("derive", {"f": f, "shapes": shapes})
    assert told in error.value.message


@pytest.mark.parametrize(
    ("inputs", "verdict", "rules"),
    [
        ({"f": "x^T A x", "claim": "2Ax"}, "wrong", ["A17"]),
        ({"f": "x^T A x", "claim": "A x + A^T x"}, "right", []),
        ({"f": "x^T A x", "claim": "x^T(A + A^T)"}, "right", []),
        ({"f": "x^T A x", "claim": "x^T(A + A^T)", "layout": "denominator"}, "wrong", ["A07"]),
        ({"f": "||Ax - b||^2", "claim": "A^T(Ax - b)"}, "wrong", ["A20"]),
        ({"f": "||Ax - b||^2", "claim": "2A^T(b - Ax)"}, "wrong", ["A21"]),
        ({"f": "||Ax - b||^2", "claim": "2A^T A x"}, "wrong", []),
        ({"f": "a^T x + x^T A x", "claim": "(A + A^T)x"}, "wrong", ["A06"]),
        ({"f": "A x", "shapes": "A: square", "wrt": "x", "claim": "A^T"}, "wrong", ["A07"]),
        ({"f": "x^T A x", "claim": "2 Q x"}, "undecided", []),
    ],
)
def test_answers_of_askers(inputs: dict[str, str], verdict: str, rules: list[str]) -> None:
    """Right in any form and layout; of the wrong ones, what was done."""
    claim = nabla.run("derive", inputs).values["claim"]
    assert claim["verdict"] == verdict
    assert [mistake["rule"] for mistake in claim["mistakes"]][: len(rules)] == rules


def test_layouts() -> None:
    """The numerator layout of a gradient is a row, the denominator layout of a Jacobian its transpose."""
    assert nabla.run("derive", {"f": "a^T x", "wrt": "x", "layout": "numerator"}).values["derivative"] == "a.T"
    inputs = {"f": "A x", "shapes": "A: matrix", "wrt": "x"}
    assert nabla.run("derive", inputs).values["derivative"] == "A"
    assert nabla.run("derive", {**inputs, "layout": "denominator"}).values["derivative"] == "A.T"


def test_what_has_no_matrix_is_told_as_a_differential() -> None:
    """Of A Hᵀ by H there is the differential, and how a loss's gradient goes through it."""
    values = nabla.run("derive", {"f": "A H^T", "wrt": "H"}).values
    assert values["derivative"] == "A @ dH.T"
    assert values["backward"] == "G.T @ A"


def test_a_product_that_cannot_be_multiplied() -> None:
    """Expressions refuse shapes that do not fit."""
    with pytest.raises(ShapeError):
        times(V, V)


def test_numbers_stay_numbers() -> None:
    """A power T of a letter that is a number elsewhere, and a prime, are no transposes."""
    assert nabla.run("derive", {"f": "x^T", "wrt": "T"}).values["derivative"] == "x**T*log(x)"
    assert nabla.run("derive", {"f": "T x^T + T", "wrt": "x"}).values["derivative"] != "T"


INDEXED = r"-\sum_i t_i \ln s_i"
SOFTMAX = r"s_i: \frac{e^{z_i}}{\sum_k e^{z_k}}"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("s_j - t_j", "right"),  # where the entries of t add to 1, which is said
        (r"s_j \sum_i t_i - t_j", "right"),
        (r"-\sum_i t_i (\delta_{ij} - s_j)", "right"),
        (r"-\sum_i t_i s_i (\delta_{ij} - s_j)", "wrong"),
        ("s_j - 2 t_j", "wrong"),
    ],
)
def test_sums_over_an_index(claim: str, verdict: str) -> None:
    """The cross-entropy of a softmax in index notation, and answers in it."""
    inputs = {"f": INDEXED, "letters": SOFTMAX, "wrt": "z_j", "claim": claim}
    document = nabla.run("derive", inputs)
    assert document.values["claim"]["verdict"] == verdict
    assert {check.verdict for check in document.checks} == {"passed"}
    scope = {**NAMES, "z": np.array([0.3, -1.0, 0.8]), "t": np.array([0.2, 0.5, 0.9])}
    found, expected = (
        eval(text, {}, scope) for text in (document.values["derivative"], "sum(t) * exp(z) / sum(exp(z)) - t")
    )
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("f", "x", "derivative"),
    [
        (r"\sum_i (y_i - x_i)^2", "x", "2 * (x - y)"),
        (r"\sum_{i=1}^n a_i x_i", "x", "a"),
        (r"\ln \sum_k e^{x_k}", "x", "exp(x) / sum(exp(x))"),
        (r"\frac{1}{2} \sum_i w_i^2 + \sum_i \sin w_i", "w", "w + np.cos(w)"),
    ],
)
def test_index_notation(f: str, x: str, derivative: str) -> None:
    """Letters with an index are vectors, whatever the letter."""
    document = nabla.run("derive", {"f": f, "wrt": x})
    scope = {**NAMES, **values_of(document.values["shapes"], 5)}
    found, expected = (eval(text, {}, scope) for text in (document.values["derivative"], derivative))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("derivative of x^T A y with respect to A", "np.outer(x, y)"),
        (r"Let $f(x) = \log\left(\sum_i e^{x_i}\right)$. What is $\nabla f$?", "exp(x) / sum(exp(x))"),
        (r"$\frac{\partial}{\partial W} \|XW - Y\|_F^2$ = ?", "2 * X.T @ (X @ W - Y)"),
        (r"What's the derivative of $\mathbf{w}^T\mathbf{x} + b$ w.r.t. $\mathbf{w}$?", "x"),
        ("d/dx (Ax) where A is a matrix and x a vector", "A"),
        (r"Let $A$ be a symmetric matrix. What is the gradient of $x^TAx$?", "2 * A @ x"),
        ("Jacobian of the softmax function", "diag(exp(z) / sum(exp(z))) - "
         "np.outer((exp(z) / sum(exp(z))), (exp(z) / sum(exp(z))))"),
    ],
)  # fmt: skip
def test_questions_about_matrices(text: str, derivative: str) -> None:
    """Whole questions: what letters are is taken from the words around them."""
    document = nabla.ask(text)
    assert document.values["derivative"] == derivative
    assert document.warnings == []
