"""Programs on fields: right ones are not accused, of those with one fault the fault is named with its line."""

import pytest

import nabla
from nabla.answer.codes import FINDINGS
from nabla.labs.decompose.program.answer import WHY
from nabla.labs.decompose.program.judge import judged
from nabla.question.field_programs import works_on_fields
from tests.py.field_programs import PROGRAMS, faulty
from tests.py.field_programs_further import FURTHER
from tests.py.field_programs_more import MORE


@pytest.mark.parametrize("name", PROGRAMS)
def test_right_programs_are_not_accused(name):
    verdict = judged(PROGRAMS[name][0])
    assert verdict.right is True
    assert all(verdict.outputs.values()) and verdict.mending == ()


@pytest.mark.parametrize(("name", "text", "kinds", "lines"), faulty(), ids=[row[0] for row in faulty()])
def test_one_fault_is_named_with_its_line(name, text, kinds, lines):
    verdict = judged(text)
    assert verdict.right is False
    assert {edit.kind for edit in verdict.mending} <= set(kinds) & set(FINDINGS) & set(WHY)
    assert verdict.mending and {edit.line for edit in verdict.mending} <= set(lines)


@pytest.mark.parametrize("name", [*MORE, *FURTHER])
def test_further_styles_are_right_and_their_faults_named(name):
    text, there, instead, kinds, line = (MORE | FURTHER)[name]
    assert judged(text).right is True
    assert text.count(there) == 1
    verdict = judged(text.replace(there, instead))
    assert verdict.right is False and {edit.line for edit in verdict.mending} == {line}
    assert {edit.kind for edit in verdict.mending} <= set(kinds)


def test_a_field_that_is_made_of_the_scalar_is_not_judged_by_it():
    text = (
        "import numpy as np\nx = np.linspace(-2, 2, 30)\nX, Y = np.meshgrid(x, x)\npsi = np.exp(-X**2 - Y**2)\n"
        "dpsi_dy, dpsi_dx = np.gradient(psi, x, x)\nu = dpsi_dy\nv = -dpsi_dx\n"
        "div = np.gradient(u, x, axis=1) + np.gradient(v, x, axis=0)\n"
    )
    document = nabla.run("decompose", {"code": text})
    assert document.values["findings"] == [] and "What div should be was not compared" in document.answer.text


def test_results_without_telling_names_are_read_by_their_form():
    text = (
        "import numpy as np\nx = np.arange(0, 1, 0.1)\nX, Y = np.meshgrid(x, x, indexing='ij')\nu = -Y\nv = X\n"
        "w = np.gradient(v, axis=0) - np.gradient(u, axis=1)\nprint(w[5, 5])\n"
    )
    assert [(edit.kind, edit.line) for edit in judged(text).mending] == [("spacing", 6)]
    assert judged(text.replace("(v, axis", "(v, 0.1, axis").replace("(u, axis", "(u, 0.1, axis")).right is True
    turned = judged(
        text.replace("(v, axis", "(v, 0.1, axis").replace(") - np.gradient(u, axis", ") + np.gradient(u, 0.1, axis")
    )
    assert not {edit.kind for edit in turned.mending} & {"sign", "component"}
    document = nabla.ask(f"solid body rotation should be 2 but prints 0.2\n```\n{text}```\nexpected 2, got 0.2")
    assert [(f["kind"], f["line"]) for f in document.values["findings"]] == [("spacing", 6)]
    assert all(claim["verdict"] == "undecided" for claim in document.values.get("claims", []))


def test_the_answer_names_the_line_and_what_to_write():
    text = next(text for name, text, _, _ in faulty() if name.startswith("a spectral divergence: two-pi"))
    document = nabla.run("decompose", {"code": text})
    (found,) = document.values["findings"]
    assert (found["kind"], found["line"]) == ("two-pi", 8)
    assert found["write"] == "kx = 2 * np.pi * np.fft.fftfreq(nx, d=Lx / nx)"
    assert document.answer.text.startswith("Line 8: ")
    assert document.values["claim"]["verdict"] == "wrong"


def test_what_is_not_compared_is_called_so():
    document = nabla.run(
        "decompose", {"code": "import numpy as np\na = np.loadtxt('wind.txt')\ndiv = np.gradient(a)[0]"}
    )
    assert document.values["findings"] == []
    assert "not-covered" in {warning.code for warning in document.warnings}


def test_fields_of_sympy_are_answered_and_plain_symbols_named():
    text = (
        "from sympy import symbols\nfrom sympy.vector import CoordSys3D, curl\nx, y, z = symbols('x y z')\n"
        "N = CoordSys3D('N')\nF = x**2*N.i + x*z*N.j + y*N.k\nprint(curl(F))\n"
    )
    values = nabla.run("decompose", {"code": text}).values
    assert values["curl"] == ["1 - x", "0", "z"]
    assert [(f["kind"], f["line"]) for f in values["findings"]] == [("plain-symbols", 3)]
    right = nabla.run(
        "decompose", {"code": text.replace("x**2*N.i + x*z*N.j + y*N.k", "N.x**2*N.i + N.x*N.z*N.j + N.y*N.k")}
    )
    assert right.values["findings"] == [] and right.values["curl"] == values["curl"]


GIVEN = """import numpy as np
def curl(Fx, Fy, dx, dy):
    return np.gradient(Fy, dx, axis=1) - np.gradient(Fx, dy, axis=0)
x, y = np.linspace(-1, 1, 30), np.linspace(0, 1, 20)
xx, yy = np.meshgrid(x, y)
w = curl(-yy, xx, x[1] - x[0], y[1] - y[0])
"""


def test_fields_given_to_a_function_and_fields_that_are_coordinates():
    assert judged(GIVEN).right is True
    wrong = judged(GIVEN.replace("axis=1) - np", "axis=1) + np"))
    assert [(edit.kind, edit.line) for edit in wrong.mending] == [("sign", 3)]
    plain = GIVEN.replace("w = curl(-yy, xx,", "Fx = -yy\nFy = xx\nw = curl(Fx, Fy,")
    assert judged(plain).right is True


PROJECTOR = """def project(V, L):
    n = V.shape[1]
    k = 2 * np.pi * np.fft.fftfreq(n, L / n)
    KX, KY = np.meshgrid(k, k, indexing="ij")
    Vk = np.fft.fftn(V, axes=(1, 2))
    square = KX**2 + KY**2
    square[0, 0] = 1
    along = (KX * Vk[0] + KY * Vk[1]) / square
    curlfree = np.fft.ifftn(np.array([KX * along, KY * along]), axes=(1, 2)).real
    divfree = V - curlfree
    return curlfree, divfree
"""


def test_a_function_alone_is_called_on_a_known_field():
    verdict = judged(PROJECTOR)
    assert verdict.right is True and {output.what for output in verdict.outputs} == {"S", "H"}
    wrong = judged(PROJECTOR.replace("fftn(V, axes=(1, 2))", "fftn(V)"))
    assert [(edit.kind, edit.line) for edit in wrong.mending] == [("missing-axis", 5)]
    sign = judged(PROJECTOR.replace("Vk[0] + KY", "Vk[0] - KY"))
    assert [(edit.kind, edit.line) for edit in sign.mending] == [("sign", 8)]
    assert judged(PROJECTOR.replace("(V, L)", "(V, L, colour)")).right is None  # an argument without meaning


STEPPED = """import numpy as np
n, L = 40, 2.0
x = -1 + np.arange(n) * L / n
X, Y = np.meshgrid(x, x, indexing="ij")
f = np.exp(X) * np.sin(np.pi * Y)
k = 2 * np.pi * np.fft.fftfreq(n, L / n)
KX, KY = np.meshgrid(k, k, indexing="ij")
lap = np.fft.ifft2(-(KX**2 + KY**2) * np.fft.fft2(f)).real
"""


def test_a_field_that_does_not_repeat_is_named_though_the_program_is_right():
    document = nabla.run("decompose", {"code": STEPPED})
    assert [(f["kind"], f["line"]) for f in document.values["findings"]] == [("not-periodic", 5)]
    assert document.values["claim"]["verdict"] == "wrong"
    repeats = nabla.run("decompose", {"code": STEPPED.replace("np.exp(X)", "np.cos(np.pi * X)")})
    assert repeats.values["findings"] == [] and repeats.values["claim"]["verdict"] == "right"


def test_spacing_in_a_comprehension_and_parts_named_by_endings():
    text = """import numpy as np
x = np.linspace(-2, 2, 21)
X, Y = np.meshgrid(x, x, indexing="ij")
Fx = X * Y
Fy = Y**2
F = [Fx, Fy]
div = sum(np.gradient(F[i], axis=i) for i in range(2))
"""
    assert [(e.kind, e.line) for e in judged(text).mending] == [("spacing", 7)]
    parts = """import numpy as np
n = 16
x = np.arange(n) * 2 * np.pi / n
X, Y = np.meshgrid(x, x, indexing="ij")
u = np.sin(X + Y)
v = np.cos(2 * X)
k = np.fft.fftfreq(n, 1 / n)
KX, KY = np.meshgrid(k, k, indexing="ij")
K2 = KX**2 + KY**2
K2[0, 0] = 1
d = (KX * np.fft.fft2(u) + KY * np.fft.fft2(v)) / K2
u_irr = np.fft.ifft2(KX * d).real
v_irr = np.fft.ifft2(KY * d).real
us = u - u_irr
vs = v - v_irr
"""
    assert judged(parts).right is True and len(judged(parts).outputs) == 4


def test_matlab_without_coordinates_takes_steps_of_one():
    text = "[X,Y] = meshgrid(-2:0.1:2);\nU = -Y;\nV = X;\n[curlz,cav] = curl(U,V);\nsurf(X,Y,curlz)"
    document = nabla.run("decompose", {"code": text})
    assert document.values["curl"] == "2"
    assert [(each["kind"], each["line"]) for each in document.values["findings"]] == [("spacing", 4)]
    with pytest.raises(nabla.UserError, match="MATLAB"):
        nabla.run("decompose", {"code": text.replace("-Y;", "load('u.mat');")})


SPLIT = """import numpy as np
n, L = 24, 2.0
x = np.arange(n) * L / n
X, Y = np.meshgrid(x, x, indexing="ij")
u = np.cos(np.pi * X) * np.sin(np.pi * Y) + 0.5
v = np.sin(2 * np.pi * X) + 1.5
k = 2 * np.pi * np.fft.fftfreq(n, L / n)
KX, KY = np.meshgrid(k, k, indexing="ij")
K2 = KX**2 + KY**2
K2[0, 0] = 1
uh, vh = np.fft.fft2(u), np.fft.fft2(v)
dot = (KX * uh + KY * vh) / K2
u_irr = np.fft.ifft2(KX * dot).real
v_irr = np.fft.ifft2(KY * dot).real
u_sol = np.fft.ifft2(uh - KX * dot).real
v_sol = np.fft.ifft2(vh - KY * dot).real
"""


@pytest.mark.parametrize(
    ("there", "instead", "kind", "line"),
    [
        ("dot = (", "uh[0, 0] = 0\nvh[0, 0] = 0\ndot = (", "mean-lost", 12),
        ("x = np.arange(n) * L / n", "x = np.linspace(0, L, n)", "endpoint", 3),
        ("+ 0.5", "+ np.cos(np.pi * n * X / L)", "nyquist", 7),
        ("np.sin(2 * np.pi * X)", "np.exp(X)", "not-periodic", 6),
    ],
)
def test_right_for_other_fields_than_its_own(there, instead, kind, line):
    assert there in SPLIT
    values = nabla.run("decompose", {"code": SPLIT.replace(there, instead)}).values
    assert [(f["kind"], f["line"]) for f in values["findings"]] == [(kind, line)] and kind in FINDINGS
    assert nabla.run("decompose", {"code": SPLIT}).values["findings"] == []


def test_a_wave_number_that_was_set_to_zero_is_no_fault():
    text = """import numpy as np
x = np.arange(16) * 2 * np.pi / 16
X, Y = np.meshgrid(x, x, indexing="ij")
f = np.cos(8 * X) + np.sin(Y)
k = np.fft.fftfreq(16, 1 / 16)
KX, KY = np.meshgrid(k, k, indexing="ij")
fx = np.fft.ifft2(1j * KX * np.fft.fft2(f)).real
"""
    values = nabla.run("decompose", {"code": text}).values
    assert [(f["kind"], f["line"]) for f in values["findings"]] == [("nyquist", 5)]
    right = text.replace("KX, KY", "k[16 // 2] = 0\nKX, KY")
    assert nabla.run("decompose", {"code": right}).values["findings"] == []


def test_transforms_of_scipy_are_those_of_numpy():
    text = SPLIT.replace("import numpy as np\n", "import numpy as np\nfrom scipy.fft import fft2, ifft2, fftfreq\n")
    assert judged(text.replace("np.fft.", "")).right is True


REDUCED = """import numpy as np
def divergence(f):
    return np.ufunc.reduce(np.add, [np.gradient(f[i], axis=i) for i in range(len(f))])
"""
PARTS = """import numpy as np
def helmholtz(u, v, dx=1.0):
    ny, nx = u.shape
    KX, KY = np.meshgrid(2*np.pi*np.fft.fftfreq(nx, dx), 2*np.pi*np.fft.fftfreq(ny, dx))
    K2 = KX**2 + KY**2
    K2[0, 0] = 1.0
    div = 1j*(KX*np.fft.fft2(u) + KY*np.fft.fft2(v))
    phi = -div/K2
    up = np.real(np.fft.ifft2(1j*KX*phi))
    vp = np.real(np.fft.ifft2(1j*KY*phi))
    return up, vp, u - up, v - vp
"""


def test_functions_of_differences_and_of_parts_without_names():
    document = nabla.run("decompose", {"code": REDUCED})
    assert document.values["claim"]["verdict"] == "right" and "first axis is x" in document.answer.text
    wrong = judged(REDUCED.replace("np.add", "np.subtract"))
    assert wrong.right is False and not [edit for edit in wrong.mending if edit.kind == "axis-order"]
    verdict = judged(PARTS)
    assert verdict.right is True and {output.what for output in verdict.outputs} == {"S", "H"}
    sign = judged(PARTS.replace("-div/K2", "div/K2"))
    assert [edit.kind for edit in sign.mending] == ["sign"] and sign.mending[0].line in (7, 8)


def test_a_shear_is_not_taken_for_a_wrong_divergence():
    text = (
        "import numpy as np\nh = 0.1\nx = np.arange(0, 2, h)\nX, Y = np.meshgrid(x, x)\nu = X*Y\nv = X - Y**2\n"
        "shear = np.gradient(v, h, axis=1) + np.gradient(u, h, axis=0)\n"
    )
    verdict = judged(text)
    assert verdict.mending == ()
    document = nabla.run("decompose", {"code": text})
    assert document.values["findings"] == [] and "is not the" not in document.answer.text


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nh = 0.1\nx = np.arange(0, 1, h)\nX, Y = np.meshgrid(x, x)\nu = np.cos(X)\nv = Y\n"
        "ddx = lambda f: (np.roll(f, -1, 1) - np.roll(f, 1, 1))/(2*h)\nomega = ddx(v)\n",
        "n = 9\nx = [i*0.1 for i in range(n)]\nu = [[x[i]*x[j] for j in range(n)] for i in range(n)]\n"
        "w = [[u[i+1][j] for j in range(3)] for i in range(3)]\n"
        "for i in range(1, 8):\n    for j in range(1, 8):\n        r[i, j] = (u[i+1, j] - u[i-1, j]) - u[i, j+1]\n",
    ],
)
def test_programs_on_grids_are_those_of_this_lab(text):
    assert works_on_fields(text)
    assert not works_on_fields(text.replace("import numpy as np", "import torch\nimport numpy as np") + "# torch")


def test_a_division_by_the_wave_number_zero_is_told():
    text = (
        "import numpy as np\nn = 16\nx = np.arange(n)*2*np.pi/n\nX, Y = np.meshgrid(x, x, indexing='ij')\n"
        "f = np.sin(X)*np.cos(Y)\nk = np.fft.fftfreq(n, 1/n)\nKX, KY = np.meshgrid(k, k, indexing='ij')\n"
        "fh = np.fft.fft2(f)\nuh = fh/(KX**2 + KY**2)\nu = np.fft.ifft2(uh).real\n"
    )
    document = nabla.run("decompose", {"code": text})
    assert [(each["kind"], each["line"]) for each in document.values["findings"]] == [("zero-mode", 9)]
    assert "wave number 0" in document.answer.text


def test_a_long_loop_is_looked_at_line_by_line() -> None:
    """An indentation that could be split in many ways took a time that doubled with each line."""
    code = "for i in range(3):\n" + "        x = x + 1\n" * 60
    assert not works_on_fields(code)
    assert not works_on_fields(code + "        w = w - 1\n")
