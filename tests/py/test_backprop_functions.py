"""A function and its derivative written by hand, neither of them called: the second is judged, and nothing right is
accused.
"""

import pytest

import nabla

# a function, its derivative, and a wrong one, each of x; SymPy is asked whether the first pair is one
ELEMENTARY = [
    ("x**3 * np.exp(-x)", "3*x**2*np.exp(-x) - x**3*np.exp(-x)", "3*x**2*np.exp(-x) + x**3*np.exp(-x)"),
    ("np.sin(x)**2", "2*np.sin(x)*np.cos(x)", "2*np.cos(x)"),
    ("np.log(1 + x**2)", "2*x/(1 + x**2)", "1/(1 + x**2)"),
    ("1/(1 + np.exp(-x))", "np.exp(-x)/(1 + np.exp(-x))**2", "np.exp(-x)/(1 + np.exp(-x))"),
    ("np.tanh(2*x)", "2*(1 - np.tanh(2*x)**2)", "1 - np.tanh(2*x)**2"),
    ("x * np.cos(x)", "np.cos(x) - x*np.sin(x)", "-np.sin(x)"),
]
NAMES = [("f", "df"), ("f", "f_prime"), ("g", "grad_g"), ("act", "act_derivative"), ("loss", "dloss_dx"), ("h", "grad")]


@pytest.mark.parametrize(("pair", "names"), [*zip(ELEMENTARY, NAMES, strict=True)])
def test_a_derivative_by_hand_is_judged(pair: tuple[str, str, str], names: tuple[str, str]) -> None:
    function, right, wrong = pair
    for body, verdict in ((right, "right"), (wrong, "wrong")):
        code = f"import numpy as np\ndef {names[0]}(x):\n    return {function}\ndef {names[1]}(x):\n    return {body}\n"
        document = nabla.backprop(code)
        assert document.values["by_hand"][names[1]]["verdict"] == verdict, code
        lines = [found["line"] for found in document.values["gradient_check"]["findings"]]
        assert lines == ([] if verdict == "right" else [4])


@pytest.mark.parametrize(("function", "derivative", "said"), [
    ("return x @ A @ x", "return (A + A.T) @ x", "is right"),
    ("return x @ A @ x", "return 2 * A @ x", "is counted twice"),
    ("return A @ x", "return A", "is right"),
    ("return A @ x", "return A.T", "is right: it is the derivative of f by x, as the transposed Jacobian"),
    ("e = np.exp(x); return e / e.sum()", "p = f(x); return p * (1 - p)", "is only the diagonal of the Jacobian of f"),
    ("e = np.exp(x); return e / e.sum()", "p = f(x); return np.diag(p) - np.outer(p, p)", "is right"),
])  # fmt: skip
def test_a_gradient_or_jacobian_of_vectors(function: str, derivative: str, said: str) -> None:
    code = f"import numpy as np\nA = np.array([[2., 1.], [0., 3.]])\ndef f(x):\n    {function}\n"
    document = nabla.backprop(f"{code}def f_grad(x):\n    {derivative}\n")
    assert document.answer is not None and said in document.answer.text, document.answer


def test_a_slope_written_for_the_output_is_right_for_it() -> None:
    code = "import numpy as np\ndef s(z): return 1/(1+np.exp(-z))\ndef s_derivative(a): return a*(1-a)\n"
    document = nabla.backprop(code)
    assert document.answer is not None and "as a function of what s gives" in document.answer.text


def test_functions_of_math_and_partial_derivatives() -> None:
    code = "import math\nf = lambda x, y: x**2*y + math.sin(y)\ndf_dx = lambda x, y: 2*x*y\ndf_dy = lambda x, y: x**2\n"
    document = nabla.backprop(code)
    verdicts = {name: found["verdict"] for name, found in document.values["by_hand"].items()}
    assert verdicts == {"df_dx": "right", "df_dy": "wrong"}


def test_a_whole_paste_goes_to_what_judges_it() -> None:
    text = (
        "is fprime ok?\n\nimport math\ndef f(x):\n    return math.sin(x)**2\ndef fprime(x):\n    return 2*math.cos(x)\n"
    )
    document = nabla.ask(text)
    assert document.lab == "backprop" and document.values["gradient_check"]["verdict"] == "wrong"


@pytest.mark.parametrize("code", [
    "def f(x): return x\ndef draw(x): return 2*x\ndef dot(x): return x\n",
    "import numpy as np\ndef data(n): return np.ones(n)\ndef ata(n): return n\n",
    "def f(x, y): return x\ndef df(x): return 1\n",
])  # fmt: skip
def test_other_functions_are_no_pair(code: str) -> None:
    assert "by_hand" not in nabla.backprop(code).values
