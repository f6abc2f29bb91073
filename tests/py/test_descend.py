"""descend as a whole: its inputs, its document, its values, and what it says to bad input."""

import json

import numpy as np
import pytest

import nabla
from nabla.answer.document import Note, Plot
from nabla.answer.marks import Contour, Path

VALLEY = {"f": "(1-x)^2 + 2(y-x^2)^2", "start": "x=3, y=2"}


def verdicts(document):
    return {r["method"]: r["verdict"] for r in document.values["runs"]}


def test_the_valley() -> None:
    document = nabla.run("descend", VALLEY)
    assert document.values["gradient"] == ["8*x**3 - 8*x*y + 2*x - 2", "-4*x**2 + 4*y"]
    assert document.values["hessian"] == [["24*x**2 - 8*y + 2", "-8*x"], ["-8*x", "4"]]
    assert set(verdicts(document).values()) == {"minimum"}
    newton = next(r for r in document.values["runs"] if r["method"] == "newton-cg")
    assert np.allclose(newton["x"], [1, 1], atol=1e-9) and newton["f"] < 1e-15
    (point,) = document.values["stationary"]
    assert point["kind"] == "minimum"
    assert np.allclose(point["eigenvalues"], [11 - np.sqrt(113), 11 + np.sqrt(113)])  # of ((18, -8), (-8, 4))
    assert document.values["jacobian_check"] is None
    assert document.checks and all(check.verdict == "passed" for check in document.checks)


def test_the_race_moves_on_one_timeline_and_its_start_can_be_dragged() -> None:
    document = nabla.run("descend", VALLEY)
    plots = [block for block in document.blocks if isinstance(block, Plot) and block.timeline]
    assert [plot.title for plot in plots] == ["The race", "Loss", "Gradient"]
    assert {plot.timeline.name for plot in plots} == {"race"}
    race = plots[0]
    (handle,) = race.handles
    assert handle.input == "start" and handle.template == "x={x},y={y}" and (handle.x, handle.y) == (3, 2)
    paths = [mark for mark in race.marks if isinstance(mark, Path)]
    assert len(paths) == 6 and any(isinstance(mark, Contour) for mark in race.marks)
    for path, done in zip(paths, document.values["runs"], strict=True):
        assert len(path.when) == len(path.x) <= 200
        total = done["f_evaluations"] + done["g_evaluations"] + done["h_evaluations"]
        assert (np.diff(path.when) >= 0).all() and path.when[-1] <= total


def test_the_same_answer_to_the_last_digit_and_a_small_one() -> None:
    first, second = (json.dumps(nabla.run("descend", VALLEY).to_dict()) for _ in range(2))
    assert first == second and len(first) < 300_000


def test_divergence_is_explained_with_the_largest_rate() -> None:
    document = nabla.run("descend", VALLEY | {"rate": "0.05", "methods": "gd"})
    assert verdicts(document) == {"gradient-descent": "diverging"}
    note = next(b for b in document.blocks if isinstance(b, Note) and b.inputs.get("rate"))
    assert "0.0357" in note.text and "0.00976" in note.text
    better = nabla.run("descend", VALLEY | {"methods": "gd", "rate": note.inputs["rate"]})
    assert verdicts(better) == {"gradient-descent": "minimum"}


def test_more_than_two_variables_show_a_slice() -> None:
    document = nabla.run("descend", {"f": "wood", "methods": "bfgs", "plane": "x2, x4"})
    race = next(block for block in document.blocks if isinstance(block, Plot))
    assert "slice" in race.summary and race.handles[0].template == "x1=-3.0,x2={x},x3=-3.0,x4={y}"
    assert verdicts(document) == {"bfgs": "minimum"}


def test_one_variable() -> None:
    document = nabla.run("descend", {"f": "t^4 - 3t^2 + t", "start": "0.1", "methods": "bfgs, newton"})
    assert verdicts(document) == {"bfgs": "minimum", "newton": "maximum"}


def test_a_gallery_function_and_the_sinusoids() -> None:
    document = nabla.run("descend", {"f": "Styblinski-Tang", "methods": "newton-cg"})
    assert document.values["runs"][0]["f"] == pytest.approx(-78.3323314075428)
    document = nabla.run("descend", {"f": "sinusoids", "methods": "bfgs"})
    assert any(isinstance(b, Note) and "lab Fit" in b.text for b in document.blocks)
    (run,) = document.values["runs"]
    assert run["f"] > 1 and run["verdict"] == "minimum"  # a local one: that is the point


def test_all_methods_on_one_function() -> None:
    document = nabla.run("descend", VALLEY | {"methods": "all"})
    assert len(document.values["runs"]) == 18
    assert verdicts(document)["rmsprop"] == "cycling"
    assert not any(c.verdict == "failed" for c in document.checks)


def test_bounds_are_asked_for() -> None:
    document = nabla.run("descend", {"f": "rosenbrock", "bounds": "-2, 0.5; -2, 2", "methods": "l-bfgs, newton"})
    (run,) = document.values["runs"]
    assert run["x"] == pytest.approx([0.5, 0.25], abs=1e-5) and run["verdict"] == "minimum"


def test_a_script_with_arguments_and_bounds() -> None:
    document = nabla.run("descend", {"methods": "bfgs", "f": """
import numpy as np
from scipy.optimize import minimize

def cost(p, a):
    return np.sum((p - a)**2) + np.prod(p)**2

result = minimize(cost, np.zeros(3), args=(np.array([1.0, 2.0, 0.5]),), method="L-BFGS-B")
print(result.x, result.fun)
"""})  # fmt: skip
    assert len(document.values["gradient"]) == 3 and verdicts(document)["bfgs"] == "minimum"


# Least squares by hand: sum(x) = 10, sum(x^2) = 30, sum(x y) = 38, sum(y) = 15 for 5 points.
@pytest.mark.parametrize(
    "loss",
    ["np.sum((a*x + b - y)**2)", "np.sum((x*a + b - y)**2)", "((y - a*x - b)**2).sum()", "np.sum((y - (b + x*a))**2)"],
)
def test_a_line_through_data_by_scipy(loss: str) -> None:
    program = (
        "import numpy as np\nfrom scipy.optimize import minimize\n"
        "x = np.array([0, 1, 2, 3, 4]); y = np.array([1, 3, 2, 5, 4])\n"
        f"def loss(p):\n    a, b = p\n    return {loss}\nprint(minimize(loss, [0, 0]).x)"
    )
    document = nabla.run("descend", {"f": program, "methods": "bfgs"})
    assert document.values["gradient"] == ["60*a + 20*b - 76", "20*a + 10*b - 30"]
    assert document.values["runs"][0]["x"] == pytest.approx([0.8, 1.4], abs=1e-6)


def test_what_is_left_out_of_a_call_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SciPy is not installed; with it the call itself is answered."""
    monkeypatch.setattr("nabla.program.modules.scipy.is_here", lambda: False)
    program = (
        "from scipy.optimize import minimize\ncons = ({'type': 'ineq', 'fun': lambda x: x[0] - 2})\n"
        "minimize(lambda x: x[0]**2 + x[1]**2, [3, 0], method='SLSQP', constraints=cons)"
    )
    document = nabla.run("descend", {"f": program, "methods": "bfgs"})
    assert [warning.code for warning in document.warnings] == ["constraints"]
    assert any("SLSQP is not among the methods" in note.text for note in document.blocks if isinstance(note, Note))


def test_a_pasted_jacobian_beside_a_formula() -> None:
    jac = "def jacobian(params):\n    x, y = params\n    return np.array([2*(x-1), 4*y])"
    document = nabla.run("descend", {"f": "(x-1)^2 + y^2", "jac": jac, "methods": "bfgs"})
    (finding,) = document.values["jacobian_check"]["findings"]
    assert finding["component"] == "y" and finding["kind"] == "missing-factor"
    assert "der[1] = 2*y" in document.values["jacobian_check"]["corrected"]


@pytest.mark.parametrize("jac", ["2x-2; 4y", "[2x-2, 4y]", "(2*x - 2, 4*y)", "2x-2, 4y"])
def test_a_gradient_is_written_in_many_ways(jac: str) -> None:
    document = nabla.run("descend", {"f": "(x-1)^2 + 2y^2", "jac": jac, "methods": "bfgs"})
    assert document.values["jacobian_check"]["verdict"] == "right"


def test_a_right_one_is_said_to_be_right() -> None:
    document = nabla.run("descend", {"f": "(x-1)^2 + y^2", "jac": "2x-2; 2y", "hess": "2; 0; 0; 2", "methods": "bfgs"})
    assert document.values["jacobian_check"]["verdict"] == "right"
    assert document.values["hessian_check"]["verdict"] == "right"
    assert document.values["jacobian_check"]["corrected"] is None


MANY_DATA = (
    "import numpy as np\nt = np.arange(150)/9\ndef f(p):\n    a, b, c, d = p\n"
    "    return np.sum((a*np.sin(b*t) + c*np.cos(d*t) - t)**2)"
)
ENDLESS = "def f(p):\n    x, y = p\n    while True:\n        x = 1.0\n    return x"


@pytest.mark.parametrize(
    ("inputs", "code", "field"),
    [
        ({"f": "3 + 4"}, "value", "f"),
        ({"f": ENDLESS}, "timeout", "f"),
        ({"f": "def f(x):\n    return 'hello'"}, "value", "f"),
        ({"f": "def f(x):\n    y = x"}, "value", "f"),
        ({"f": "import numpy as np\nx = 3"}, "value", "f"),
        ({"f": "x^2", "steps": "-5"}, "value", "steps"),
        ({"f": "x^2", "steps": "1e99"}, "value", "steps"),
        ({"f": "x^2", "rate": "-1"}, "value", "rate"),
        ({"f": "x^2", "rate": "fast"}, "value", "rate"),
        ({"f": "x^2", "methods": "magic"}, "choice", "methods"),
        ({"f": "x^2 + y^2", "start": "1, 2, 3"}, "value", "start"),
        ({"f": "x^2 + y^2", "start": "z=3"}, "value", "start"),
        ({"f": "x^2", "bounds": "a, b"}, "value", "bounds"),
        ({"f": "x^2 + y^2", "plane": "x, q"}, "value", "plane"),
        ({"f": "x^2", "jac": "2*x +"}, "syntax", "jac"),
        ({"f": "import numpy as np\ndef f(x):\n    return np.sum(np.zeros(10**9) * x[0])"}, "too-big", "f"),
        ({"f": "def f(x):\n    return open('a')"}, "needs-file", "f"),
        ({"f": "def f(x):\n    return x.__class__"}, "value", "f"),
        ({"f": " + ".join(f"(x{i}-1)^2" for i in range(90))}, "too-big", "f"),
        ({"f": "x", "methods": "levenberg-marquardt"}, "choice", "methods"),
        ({"f": MANY_DATA}, "too-big", "f"),
    ],
)
def test_bad_input_is_told_in_a_sentence(inputs: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(nabla.UserError) as caught:
        nabla.run("descend", inputs)
    assert (caught.value.code, caught.value.field) == (code, field), caught.value.message
    assert caught.value.message.endswith(".") or ":" in caught.value.message


def test_hard_input_gets_a_verdict() -> None:
    outside = nabla.run("descend", {"f": "ln(x) + y^2", "start": "x=-1, y=1"})
    assert set(verdicts(outside).values()) == {"left-domain"} and outside.warnings[0].code == "undefined"
    leaving = nabla.run("descend", {"f": "sqrt(x) + y^2", "start": "1, 1", "methods": "gd, bfgs", "rate": "0.3"})
    assert verdicts(leaving)["gradient-descent"] == "left-domain"
    wild = nabla.run("descend", {"f": "x^2 + y^2", "start": "1, 1", "rate": "1e9", "methods": "gd, adam"})
    assert verdicts(wild)["gradient-descent"] == "diverging"
    many = nabla.run("descend", {"f": " + ".join(f"(x{i}-{i})^2" for i in range(1, 31)), "methods": "bfgs"})
    assert verdicts(many) == {"bfgs": "minimum"} and len(many.values["gradient"]) == 30


def test_a_gradient_that_never_ends_is_stopped() -> None:
    with pytest.raises(nabla.UserError) as caught:
        nabla.run("descend", {"f": "x^2+y^2", "jac": "def g(p):\n    while True:\n        a = 1\n    return a"})
    assert caught.value.code == "timeout"


def test_programs_are_offered() -> None:
    text = str(nabla.run("descend", VALLEY))
    assert "minimize(f, start, jac=jacobian, hess=hess" in text
    assert "torch.optim.SGD" in text and "jax.grad(f)" in text


def test_functions_of_scipy_and_arrays_of_unknown_length() -> None:
    script = (
        "import numpy as np\nfrom scipy.optimize import minimize, rosen, rosen_der, rosen_hess\n"
        "res = minimize(rosen, np.array([1.3, 0.7, 0.8]), method='Newton-CG', jac=rosen_der, hess=rosen_hess)\n"
    )
    document = nabla.run("descend", {"f": script, "methods": "newton-cg"})
    assert document.values["jacobian_check"]["verdict"] == document.values["hessian_check"]["verdict"] == "right"
    data = (
        "import numpy as np\nX = np.array([[1.0, 2.0], [2.0, 1.0]])\ndef f(w):\n    return np.sum((X.dot(w) - 3)**2)\n"
    )
    (run,) = nabla.run("descend", {"f": data, "methods": "bfgs"}).values["runs"]
    assert run["x"] == pytest.approx([1, 1], abs=1e-5)


def test_one_variable_is_corrected_as_it_was_written() -> None:
    text = "def f(x):\n    return x**4 - 3*x**3 + 2\ndef grad(x):\n    return 4*x**3 - 9*x\n"
    check = nabla.run("descend", {"f": text, "start": "6", "methods": "bfgs"}).values["jacobian_check"]
    assert check["corrected"] == "def grad(x):\n    return 4*x**3 - 9*x**2\n"
