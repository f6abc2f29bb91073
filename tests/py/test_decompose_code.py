"""The asker's code, line by line: every remark at its line, and none on code that is right."""

import pytest

import nabla
from nabla.errors import UserError
from nabla.labs.decompose.program.remarks import REMARKS, formula, remarks

# A program with the slips of the question, in our own words; its indentation lost as when pasted.
ASKED = """import numpy as np
from sympy import simplify, lambdify
def f(x, z):
a = 3.0 * np.arctan(z*x) - x*z
b = (x**2 + z**2)**7 / 2 * z
return a / (b + 1e-15)

vector = np.array([[f(x, z) for x in range(-1, 2)] for z in range(-1, 2)])
def split(vector):
gradient = np.gradient(vector)
curl = np.cross(gradient[0], gradient[1])
divergence = np.sum(gradient, axis=0)
harmonic = -curl - divergence
solenoidal = vector - harmonic
return solenoidal, harmonic

solenoidal, harmonic = split(vector)
print(simplify(solenoidal))
part = lambdify((x, z), simplify(harmonic), 'numpy')
"""
SPECTRAL = """import numpy as np
V = np.stack([u, v])
Vk = np.fft.fftn(V)
S = np.fft.ifftn(Sk).real
H = V - S
print(np.abs(np.gradient(S[0], h)).max())
"""
RIGHT = """import numpy as np
V = np.stack([u, v])
Vk = np.fft.rfftn(V, axes=(1, 2))
S = np.fft.irfftn(Sk, s=u.shape, axes=(1, 2))
"""


def test_the_lines_of_the_question() -> None:
    found, _ = remarks(ASKED)
    assert [(r.line, r.code) for r in found] == [
        (8, "few-points"), (10, "gradient"), (11, "cross"), (12, "sum"), (13, "mixed-units"), (14, "difference"),
        (18, "symbolic"), (19, "symbolic"),
    ]  # fmt: skip


def test_fourier_transforms() -> None:
    found, _ = remarks(SPECTRAL)
    assert [(r.line, r.code) for r in found] == [
        (3, "component-axis"), (4, "real-part"), (5, "difference"), (6, "gradient"), (6, "mixed-operators"),
    ]  # fmt: skip
    assert {r.code for r in found} <= set(REMARKS)


def test_right_code_has_no_remarks() -> None:
    assert remarks(RIGHT)[0] == []
    document = nabla.run("decompose", {"code": RIGHT})
    assert document.values["code"] == [] and document.values["answers"] == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("import numpy as np\nV = np.array([u, v])\ng = np.gradient(V)", "gradient-of-components"),
        ("import numpy as np\ncurl = np.gradient(psi)", "curl-is-gradient"),
        ("import numpy as np\nSk = np.fft.fftn(vector_field)", "component-axis"),
    ],
)
def test_single_slips(text: str, code: str) -> None:
    assert code in {r.code for r in remarks(text)[0]}


def test_the_field_of_the_code_is_one_click_away() -> None:
    document = nabla.run("decompose", {"code": ASKED})
    (note,) = [block for block in document.blocks if block.kind == "note" and block.action == "Decompose it"]
    assert note.inputs["V"].endswith("; 0; 0")
    assert document.answer.text.endswith("S_1 + H_1 = V_1, S_2 + H_2 = 0, S_3 + H_3 = 0 at every point.")
    wall = document.values["answers"]["wall"]
    assert wall["relative"]["harmonic"] == 0 and wall["samples"][0]["S"][2] == -wall["samples"][0]["H"][2] != 0
    again = nabla.run("decompose", {"V": note.inputs["V"], "domain": "x=1..3, z=1..3", "n": 16, "boundary": "wall"})
    assert {"precedence", "angle"} <= {each["code"] for each in again.values["findings"]}


def test_components_that_a_function_returns() -> None:
    _, program = remarks("def field(x, y):\n    r = x**2 + y**2\n    return [-y / r, x / r]\n")
    assert formula(program) == "-y / (x ** 2 + y ** 2); x / (x ** 2 + y ** 2)"


def test_what_is_no_python_is_told_at_its_line() -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("decompose", {"code": "x = = 1"})
    assert caught.value.field == "code" and "Line 1" in caught.value.message


def test_neither_field_nor_code() -> None:
    with pytest.raises(UserError, match="empty"):
        nabla.run("decompose", {})


MATLAB = "[X,Y] = meshgrid(-2:0.2:2);\nU = X.^2 + Y;\nV = -X.*Y;\n"


@pytest.mark.parametrize(
    ("call", "values", "said"),
    [
        ("D = divergence(X,Y,U,V);", {"divergence": "x"}, "∇ · F = x"),
        ("D = divergence(U,V);", {"divergence": "x"}, "Line 4 gives the call no coordinates"),
        ("[cz, cav] = curl(X,Y,U,V);", {"curl": "-(y + 1)"}, "cav of MATLAB's curl is the angular velocity"),
        ("R2 = X.^2 + Y.^2;\nf = exp(-R2);\n[gx, gy] = gradient(f, 0.2, 0.2);", {"curl": "0"}, "∇ f = (- 2 x e^"),
    ],
)
def test_a_program_of_matlab_is_answered_by_its_formulas(call, values, said):
    document = nabla.ask(f"{MATLAB}{call}\nquiver(X,Y,U,V)\nIs that right?")
    assert document.lab == "decompose" and {name: document.values[name] for name in values} == values
    assert said in document.answer.text
    assert bool(document.values["findings"]) == ("(U,V)" in call)


def test_a_program_of_matlab_without_formulas_is_refused_by_name():
    with pytest.raises(UserError, match="program of MATLAB"):
        nabla.ask("[X,Y] = meshgrid(1:3);\nU = rand(3); V = rand(3);\nD = divergence(X,Y,U,V)\nwhat is D?")


def test_the_gradient_of_sympy_vector_needs_the_coordinates_of_its_system():
    text = (
        "from sympy.vector import CoordSys3D, gradient\nfrom sympy import symbols\nx, y, z = symbols('x y z')\n"
        "R = CoordSys3D('R')\nprint(gradient(x**2*y))\n"
    )
    document = nabla.ask(f"```\n{text}```\nWhy do I get 0?")
    assert document.values["gradient"] == ["2*x*y", "x**2"]
    assert [(each["kind"], each["line"]) for each in document.values["findings"]] == [("plain-symbols", 3)]
    own = nabla.ask(f"```\n{text.replace('x**2*y', 'R.x**2*R.y')}```\nThe book has curl = 0. Right?")
    assert own.values["gradient"] == ["2*x*y", "x**2"] and own.values["findings"] == []
