"""The derive lab for gradients, matrices, equations, curves, directions and paths."""

import numpy as np
import pytest

import nabla
from nabla.answer.document import Math, Note, Steps
from nabla.errors import UserError
from nabla.write.terminal import readable


def passed(document: nabla.Document) -> bool:
    return bool(document.checks) and all(check.verdict == "passed" for check in document.checks)


@pytest.mark.parametrize(
    ("inputs", "derivative", "value"),
    [
        ({"f": "x^2*y + sin z", "what": "gradient", "at": "x=1,y=2,z=0"}, ["2*x*y", "x**2", "cos(z)"], [4, 1, 1]),
        ({"f": "x^2*y", "what": "gradient", "wrt": "y,x", "at": "x=3,y=1"}, ["x**2", "2*x*y"], [9, 6]),
        (
            {"f": "x*y; x+y^2", "what": "jacobian", "at": "x=1,y=2"},
            [["y", "x"], ["1", "2*y"]],
            [[2, 1], [1, 4]],
        ),
        ({"f": "r cos(phi); r sin(phi)", "what": "jacobian", "wrt": "r,phi"}, None, None),
        ({"f": "x*y; x+y", "what": "gradient"}, [["y", "x"], ["1", "1"]], None),
        (
            {"f": "(1-x)^2 + 100(y-x^2)^2", "what": "hessian", "at": "x=1,y=1"},
            None,
            [[802, -400], [-400, 200]],
        ),
        ({"f": "x^2; x^3", "wrt": "x", "at": "x=2"}, ["2*x", "3*x**2"], [4, 12]),
        ({"f": "x_1*x_10 + x_2^2", "what": "gradient"}, ["x_10", "2*x_2", "x_1"], None),
        ({"f": "x^2*y", "what": "directional", "direction": "3, 4", "at": "x=1,y=1"}, None, 2),
        ({"f": "x^2*y", "direction": "(0, 2)"}, "x**2", None),
        ({"f": "x^2*y", "what": "total", "path": "x=cos t, y=sin t", "at": "t=0"}, None, 1),
        ({"f": "x^2 + t", "path": "x = t^2", "at": "t=1"}, "4*t**3 + 1", 5),
        ({"f": "x^2+y^2=25", "at": "x=3,y=4"}, "-x/y", -0.75),
        ({"f": "x^2+y^2=25", "wrt": "x,x", "at": "x=3,y=4"}, "-25/y**3", -25 / 64),
        ({"f": "x^2+y^2=25", "wrt": "y", "at": "x=3,y=4"}, "-y/x", -4 / 3),
        ({"f": "x^3+y^3=6x*y", "what": "implicit", "at": "x=3,y=3"}, None, -1),
        ({"f": "x=t^2; y=t^3", "at": "t=2"}, "3*t/2", 3),
        ({"f": "x=t^2; y=t^3", "wrt": "x,x", "at": "t=2"}, "3/(4*t)", 0.375),
        ({"f": "x = cos t; y = sin t", "wrt": "y"}, "-sin(t)/cos(t)", None),
        ({"f": "y = x^2"}, "2*x", None),
        ({"f": "f(x) = x^2", "at": "x=1"}, "2*x", 2),
    ],
)
def test_answers_of_every_kind(inputs: dict[str, str], derivative: object, value: object) -> None:
    document = nabla.run("derive", inputs)
    if derivative is not None:
        assert document.values["derivative"] == derivative
    if value is not None:
        found = np.asarray(document.values["value"], dtype=float)
        assert found.shape == np.shape(value)
        assert found == pytest.approx(np.asarray(value, dtype=float), rel=1e-13)
    assert passed(document)
    assert document.values["steps"] > 0
    assert len([block for block in document.blocks if isinstance(block, Math) and block.role == "result"]) >= 1


def test_what_was_recognised_is_said() -> None:
    for f, word in (("x^2+y^2=25", "implicitly"), ("x=t^2; y=t^3", "curve")):
        notes = [block.text for block in nabla.run("derive", {"f": f}).blocks if isinstance(block, Note)]
        assert any(word in note for note in notes)


def test_both_derivatives_of_an_equation_are_there() -> None:
    values = nabla.run("derive", {"f": "x^2+y^2=25"}).values
    assert (values["first"], values["second"]) == ("-x/y", "-25/y**3")


def test_a_hessian_says_that_it_is_symmetric_and_what_the_point_is() -> None:
    document = nabla.run("derive", {"f": "x^2 - y^2", "what": "hessian", "at": "x=0,y=0"})
    assert document.values["definiteness"] == "indefinite"
    assert "saddle" in str(document)
    assert any("symmetric" in check.claim for check in document.checks)
    minimum = nabla.run("derive", {"f": "x^2+x*y+y^2", "what": "hessian", "at": "x=0,y=0"})
    assert minimum.values["definiteness"] == "positive definite"
    assert "a minimum" in str(minimum)
    flat = nabla.run("derive", {"f": "x^4+y^4", "what": "hessian", "at": "x=0,y=0"})
    assert flat.values["definiteness"] == "zero"


def test_what_no_point_fulfils_is_unchecked_and_not_a_crash() -> None:
    document = nabla.run("derive", {"f": "e^(x+y)=0", "what": "implicit"})
    assert document.values["derivative"] == "-1"
    (check,) = [check for check in document.checks if "curve itself" in check.claim]
    assert check.verdict == "unchecked"


def test_other_variables_of_an_equation_are_held_fixed_and_said() -> None:
    assert "with z held fixed" in str(nabla.run("derive", {"f": "x^2+y^2+z^2=1"}))


def test_a_point_off_the_curve_is_told_and_one_without_y_is_offered() -> None:
    off = nabla.run("derive", {"f": "x^2+y^2=25", "at": "x=1,y=1"})
    assert [warning.code for warning in off.warnings] == ["off-the-curve"]
    assert off.values["value"] is None
    offered = nabla.run("derive", {"f": "x^2+y^2=25", "at": "x=3"})
    assert [note.inputs["at"] for note in offered.blocks if isinstance(note, Note) and note.inputs] == [
        "x=3,y=-4",
        "x=3,y=4",
    ]


@pytest.mark.parametrize(
    ("inputs", "code", "field"),
    [
        ({"f": "x*y", "what": "directional"}, "empty", "direction"),
        ({"f": "x*y", "what": "directional", "direction": "1"}, "value", "direction"),
        ({"f": "x*y", "what": "directional", "direction": "0, 0"}, "value", "direction"),
        ({"f": "x*y", "what": "directional", "direction": "x, 1"}, "value", "direction"),
        ({"f": "x*y", "what": "total"}, "empty", "path"),
        ({"f": "x*y", "what": "total", "path": "cos t"}, "syntax", "path"),
        ({"f": "x*y; x", "what": "hessian"}, "value", "f"),
        ({"f": "x = 5", "what": "implicit"}, "value", "f"),
        ({"f": "x^2+y^2=25", "what": "gradient"}, "syntax", "f"),
        ({"f": "x=t^2", "what": "parametric"}, "value", "f"),
        ({"f": "x=1; y=t", "what": "parametric"}, "value", "f"),
        ({"f": "a=b=c"}, "syntax", "f"),
        ({"f": "+".join(f"x_{i}" for i in range(12)), "what": "gradient"}, "too-big", "f"),
        ({"f": "; ".join("x" * 12)}, "too-big", "f"),
    ],
)
def test_bad_input_of_every_kind(inputs: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("derive", inputs)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.message.endswith(".")


def test_steps_of_each_component_are_folded_under_it() -> None:
    document = nabla.run("derive", {"f": "x^2*y", "what": "gradient"})
    (block,) = [block for block in document.blocks if isinstance(block, Steps)]
    assert [len(step.steps) > 0 for step in block.steps] == [True, True]


def test_the_terminal_writes_matrices() -> None:
    assert readable(r"J = \begin{pmatrix} a & b \\ c & d \end{pmatrix}") == "J = [a, b; c, d]"
    assert readable(r"\begin{pmatrix} \frac{a}{b} \\[1ex] c \end{pmatrix}") == "[a/b; c]"
    assert "pmatrix" not in str(nabla.run("derive", {"f": "x*y", "what": "gradient"})).split("\nCode\n")[0]


def test_f_to_the_g_has_its_logarithm_as_an_alternative() -> None:
    document = nabla.derive("x^(sin x)", "x")
    blocks = [block for block in document.blocks if isinstance(block, Steps)]
    assert len(blocks) == 2
    assert [step.check.verdict for step in blocks[1].steps if step.check] == ["passed"] * 3
    assert len([b for b in nabla.derive("x^2", "x").blocks if isinstance(b, Steps)]) == 1
