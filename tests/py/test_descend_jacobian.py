"""The check of a pasted gradient: right ones pass, wrong ones are caught, and the kind of mistake is named."""

import numpy as np
import pytest

import nabla
from nabla.labs.descend.check import check_program
from nabla.labs.descend.program import read_program, variables_of
from nabla.optimise.jacobian import KINDS, taylor_orders
from nabla.optimise.problem import Problem
from tests.py.gradients import ACKLEY, DIXON_PRICE, MCCORMICK, PUBLISHED, RIGHT, WRONG, returned


def checked(text, second=False):
    pasted = read_program(text)
    variables = variables_of(pasted)
    problem = Problem(pasted.expression(variables), tuple(variables))
    start = pasted.start if pasted.start is not None else np.ones(problem.n)
    return check_program(problem, start, pasted, second)


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_gradient_passes(text: str) -> None:
    found = checked(text)
    assert found.verdict == "right", (found.findings, found.raises, found.lines)


@pytest.mark.parametrize(("kind", "text"), WRONG)
def test_a_wrong_gradient_is_caught(kind: str, text: str) -> None:
    assert checked(text).verdict == "wrong", kind


def test_the_kind_of_mistake_is_named() -> None:
    missed = [(kind, checked(text).findings, text) for kind, text in WRONG
              if kind not in {f.kind for f in checked(text).findings}]  # fmt: skip
    assert len(WRONG) >= 60
    assert len(RIGHT) >= 40
    assert len(missed) <= 0.05 * len(WRONG), missed


def test_every_kind_is_tried_on_four_functions() -> None:
    counts = {kind: sum(k == kind for k, _ in WRONG) for kind, _ in WRONG}
    assert all(count >= 4 for kind, count in counts.items() if kind != "missing-term")
    assert set(counts) <= set(KINDS)


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_wrong_derivatives_are_caught(text: str) -> None:
    assert checked(text).verdict == "wrong"


def test_what_published_ones_get_wrong() -> None:
    # In y the factor that is lost, 2, is the derivative of 2 y - x.
    assert [f.kind for f in checked(DIXON_PRICE).findings] == ["missing-factor", "chain-rule"]
    assert {f.kind for f in checked(MCCORMICK).findings} == {"other-function"}
    assert len(checked(ACKLEY).findings) == 2
    assert checked(ACKLEY).got == pytest.approx([1.606, 1.606], abs=5e-4)  # 1.341 would be right
    assert checked(MCCORMICK).got == pytest.approx([3.99, 4.43], abs=5e-3)  # (-4.49, 3.51) would be


def test_a_hessian_right_at_its_own_start_only() -> None:
    """As the published one of a test problem called Exponential, which has x[1] for x[2] and starts at (0, 0)."""
    text = """
import numpy as np
def f(p):
    x, y = p
    return np.exp(2*x) + np.exp(3*y) + x**2
def hess(p):
    x, y = p
    return np.array([[4*np.exp(2*x) + 2, 0], [0, 9*np.exp(3*x)]])
x0 = [0.0, 0.0]
"""
    found = checked(text, second=True)
    assert [(f.place, f.kind) for f in found.findings] == [((1, 1), "right-only-at-start")]
    assert "hess" in found.corrected and checked(text.split("def hess")[0] + found.corrected, True).verdict == "right"


def test_the_corrected_function_is_right() -> None:
    for _kind, text in WRONG[::3]:
        found = checked(text)
        if "lambda" in text:
            continue
        head = text.split("def jacobian")[0]
        assert checked(head + found.corrected).verdict == "right", found.corrected


def test_the_script_with_zeros_like_of_one_number() -> None:
    document = nabla.run("descend", {"f": """from scipy.optimize import minimize
import numpy as np
def f(p):
    x, y = p
    return (1 - x)**2 + 2*(y - x**2)**2
def jacobian(p):
    x, y = p
    out = np.zeros_like(x)
    out[0] = -8*x*(y - x**2) + 2*x - 2
    out[1] = 4*(y - x**2)
    return out
result = minimize(f, [3, 2], jac=jacobian, method='Newton-CG')
print(result.x)
"""})  # fmt: skip
    check = document.values["jacobian_check"]
    assert check["verdict"] == "wrong"
    assert [f["kind"] for f in check["findings"]] == ["zero-d"]
    assert check["raises"].startswith("IndexError: too many indices for array: array is 0-dimensional")
    assert "np.zeros_like(p)" in check["corrected"]
    first = document.values["runs"][0]
    assert first["method"] == "newton-cg" and first["verdict"] == "minimum"
    assert np.allclose(first["x"], [1, 1]) and first["f"] < 1e-15
    assert (first["iterations"], first["f_evaluations"], first["g_evaluations"]) == (12, 15, 15)


def test_findings_name_component_and_formulas() -> None:
    document = nabla.run("descend", {"f": "(1-x)^2 + 2(y-x^2)^2", "start": "3, 2", "methods": "bfgs",
                                     "jac": "8x(y-x^2) - 2(1-x); 4(y-x^2)"})  # fmt: skip
    (finding,) = document.values["jacobian_check"]["findings"]
    assert finding["component"] == "x" and finding["kind"] == "sign"
    assert "8*x*(-x**2 + y)" in finding["got"] and finding["expected"] == "8*x**3 - 8*x*y + 2*x - 2"
    claims = {check.claim: check.verdict for check in document.checks}
    assert claims["The remainder falls with the step, not with its square: your gradient is wrong"] == "passed"
    assert claims["The corrected function agrees with the exact one"] == "passed"


def test_the_order_of_the_remainder_judges() -> None:
    pasted = read_program(returned("valley"))
    variables = variables_of(pasted)
    problem = Problem(pasted.expression(variables), tuple(variables))
    x, d = np.array([3.0, 2.0]), np.array([0.6, 0.8])
    right = problem.gradient(x)
    assert all(abs(order - 2) < 0.1 for _, order in taylor_orders(problem, x, right, d)[:3])
    assert abs(taylor_orders(problem, x, right * 0.97, d)[-1][1] - 1) < 0.1
