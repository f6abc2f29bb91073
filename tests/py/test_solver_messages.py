"""Messages of SciPy's solvers that are pasted without a program: what they mean is told, and nothing is made up."""

import pytest

import nabla
from nabla.errors import UserError

PASTED = [
    ('minimize returned "Desired error not necessarily achieved due to precision loss." What is it?', "check_grad"),
    ("From minimize(method='SLSQP'):\n\nmessage: 'Positive directional derivative for linesearch'\nsuccess: False",
     "contradict each other"),
    ("scipy curve_fit: OptimizeWarning: Covariance of the parameters could not be estimated. Why?", "does not change"),
    ("RuntimeError: Optimal parameters not found: Number of calls to function has reached maxfev = 800.\n\ncurve_fit, "
     "how do I fix it?", "Give p0"),
    ("scipy.optimize L-BFGS-B stops with ABNORMAL_TERMINATION_IN_LNSRCH, what is wrong?", "no lower point"),
    ("ValueError: f(a) and f(b) must have different signs (brentq)", "one sign at both"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), PASTED)
def test_a_message_is_explained(text: str, said: str) -> None:
    document = nabla.ask(text)
    assert document.lab == "descend"
    assert document.answer is not None
    assert said in document.answer.text
    assert not document.warnings


def test_what_is_no_message_is_refused_and_a_function_is_worked_on() -> None:
    with pytest.raises(UserError, match="none of those"):
        nabla.ask('scipy minimize says "The dog has eaten the homework." What does it mean?')
    document = nabla.ask('Find the root of f(x) = x^2 - 2 by Newton from x0 = 1; my book says "it converges at once".')
    assert "iterates" in document.values
