"""Methods compared in words on a test function, steps below a bound, and what to paste instead of a library."""

import pytest

import nabla
from nabla.errors import UserError


def test_methods_that_are_named_are_run_on_the_function_that_is_named() -> None:
    document = nabla.ask("Which optimizer is faster on the Himmelblau function, BFGS or Nelder-Mead? start (1, 1)")
    assert document.lab == "descend"
    assert [run["method"] for run in document.values["runs"]] == ["bfgs", "nelder-mead"]
    assert document.answer is not None
    assert "BFGS takes" in document.answer.text
    assert not document.warnings
    assert len(nabla.ask("adam vs sgd on rosenbrock").values["runs"]) == 2


@pytest.mark.parametrize(("start", "rate", "bound"), [(10.0, 0.1, 0.01), (3.0, 0.3, 1e-4), (-4.0, 0.7, 0.05)])
def test_steps_below_a_bound_are_counted_from_the_start(start: float, rate: float, bound: float) -> None:
    values = nabla.ask(
        f"How many steps does gradient descent need for x^2 from {start} with lr {rate} to get below {bound}?"
    ).values
    left = [abs(start * (1 - 2 * rate) ** k) for k in range(200)]
    assert values["rate"]["steps"] == next(k for k, x in enumerate(left) if x < bound)
    assert values["rate"]["steps_of_value"] == next(k for k, x in enumerate(left) if x * x < bound)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import pandas as pd\nd = pd.read_csv('a.csv')", "np.loadtxt"),
        ("from sklearn.neural_network import MLPClassifier\nd = MLPClassifier()", "NumPy, PyTorch or Keras"),
        ("from sklearn.linear_model import SGDRegressor\nd = SGDRegressor()", "w -= eta"),
        ("from sklearn.svm import SVC\nd = SVC()", "scikit-learn is not run here"),
    ],
)
def test_what_can_be_pasted_instead_is_told(line: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.ask(f"{line}\nw = 1.0\nfor i in range(9):\n    w -= 0.1*2*w\nprint(w)\n\nIs it right?")
    assert said in caught.value.hint
