"""The lab decompose: its figures, its proof, and what it says to bad input."""

import math

import numpy as np
import pytest

import nabla
from nabla.answer.document import Note, Table
from nabla.answer.marks import Line
from nabla.errors import UserError
from nabla.helmholtz.grid import Box
from nabla.labs.decompose.streams import streamlines

ROTATION = "-y + x/2; x + y/2"
REPAIRED = (
    "171.05e-18*((x**4+2*x**2*z**2+z**4)*arctan2(z,x)-x**3*z-x*z**3)*(-3.17e6*x**4-6.36e6*x**2*z**2-3.19e6*z**4"
    "+x**4*z+2*x**2*z**3+z**5)*(z-44.33e3)/(((-2e3)/(-576.30e3+13*z))**2.69*(x**2+z**2)**(7/2)*z+1e-15)"
)


def answers(**inputs: object) -> dict:
    document = nabla.run("decompose", inputs)
    return document.values["answers"]


def test_taylor_green_is_solenoidal_to_rounding() -> None:
    document = nabla.run(
        "decompose", {"V": "sin(x)*cos(y); -cos(x)*sin(y)", "domain": "0..2pi", "n": 64, "boundary": "periodic"}
    )
    told = document.values["answers"]["periodic"]
    assert told["norms"]["H"] < 1e-12 and told["norms"]["harmonic"] < 1e-12
    assert max(told["residuals"][name] for name in ("div_S", "curl_H", "sum")) < 1e-12
    assert told["error_estimate"] < 1e-12
    assert document.values["exact"]["S"] == ["sin(x)*cos(y)", "-sin(y)*cos(x)"]
    assert all(check.verdict == "passed" for check in document.checks)


def test_three_answers_to_rotation_and_source() -> None:
    told = answers(V=ROTATION, at="0.5, 0.25", n=64)
    assert list(told) == ["periodic", "wall", "open"]
    at = {name: each["samples"][0] for name, each in told.items()}
    assert at["wall"]["S"] == pytest.approx([-0.187285, 0.511660], abs=2e-6)
    assert at["wall"]["H"] == pytest.approx([0.187285, 0.113340], abs=2e-6)
    assert at["open"]["S"] == pytest.approx([-0.231757, 0.503380], abs=1e-6)
    assert at["open"]["harmonic"] == pytest.approx([-0.019933, 0.005741], abs=1e-6)
    assert at["periodic"]["S"] == pytest.approx([-0.25, 0.5], abs=0.02)
    for each in at.values():
        total = [s + h + r for s, h, r in zip(each["S"], each["H"], each["harmonic"], strict=True)]
        assert total == pytest.approx([0, 0.625], abs=1e-12) == each["V"]


def test_the_repaired_formula_has_its_reference_figures() -> None:
    document = nabla.run(
        "decompose",
        {"V": REPAIRED + "; 0; 0", "domain": "x=100..20100, z=100..20100", "at": "x=10178.125, z=5178.125", "n": 128},
    )
    told = document.values["answers"]
    assert told["periodic"]["relative"]["S"] == pytest.approx(0.293, abs=5e-4)
    assert told["periodic"]["relative"]["harmonic"] == pytest.approx(0.702, abs=5e-4)
    assert told["open"]["relative"]["S"] == pytest.approx(0.357, abs=1.5e-3)
    assert told["open"]["relative"]["harmonic"] == pytest.approx(1.010, abs=1e-3)
    assert told["wall"]["relative"]["S"] == pytest.approx(0.237, abs=5e-4)
    assert document.values["differences"]["periodic-wall"] == pytest.approx(0.172, abs=5e-4)
    assert document.values["differences"]["wall-open"] == pytest.approx(0.268, abs=5e-4)
    sample = told["wall"]["samples"][0]
    assert sample["V"] == pytest.approx([9.20879291, 0, 0], rel=1e-8)
    assert sample["S"] == pytest.approx([0.576, 0, -1.796], abs=1e-3)
    assert told["wall"]["residuals"]["div_S"] < 1e-12


def test_a_gradient_in_space() -> None:
    hill = "exp(-(x^2+y^2+z^2)/0.05)"
    told = answers(V=f"-40x*{hill}; -40y*{hill}; -40z*{hill}", n=32)
    assert told["open"]["relative"]["S"] < 1e-6
    assert told["wall"]["residuals"]["div_S"] < 1e-12
    assert len(told["wall"]["samples"][0]["S"]) == 3


def test_a_component_across_the_plane_is_solenoidal() -> None:
    told = answers(V="0; sin(x); 0", domain="x=0..2pi, z=0..2pi", n=16, at="x=1, z=1", boundary="periodic")
    sample = told["periodic"]["samples"][0]
    assert sample["S"] == pytest.approx([0, math.sin(1), 0], abs=1e-4)
    assert sample["H"] == [0, 0, 0]


def test_parameters_are_numbers_in_the_formula() -> None:
    told = answers(V="-a*y; a*x", parameters="a=3", n=16, at="0.5,0.5", boundary="wall")
    assert told["wall"]["samples"][0]["V"] == pytest.approx([-1.5, 1.5])


@pytest.mark.parametrize("V", ["x; -y", "y; x", "x+y; x-y"])
def test_a_saddle_is_harmonic_and_no_period(V: str) -> None:
    document = nabla.run("decompose", {"V": V, "n": 64})
    assert document.values["answers"]["open"]["relative"]["harmonic"] > 0.99
    notes = [block.text for block in document.blocks if isinstance(block, Note)]
    assert any(note.startswith("Periodic: from one wall") for note in notes)


@pytest.mark.parametrize("boundary", ["compare", "periodic"])
def test_what_limits_the_numbers_stands_above_a_formula_only_where_they_are_asked_for(boundary: str) -> None:
    document = nabla.run("decompose", {"V": "x - y; x + y", "n": 16, "boundary": boundary})
    assert document.answer and "S = (" in document.answer.text
    warned = "not-periodic" in {caution.code for caution in document.warnings}
    noted = any("V jumps by" in block.text for block in document.blocks if isinstance(block, Note))
    assert (warned, noted) == (boundary == "periodic", boundary == "compare")


@pytest.mark.parametrize(
    "inputs",
    [
        {"V": ROTATION, "n": 16},
        {"V": f"{REPAIRED}; 0; 0", "domain": "x=100..20100, z=100..20100", "n": 16},
        {"V": "y*exp(-x); 0", "n": 16, "code": "div = np.gradient(V)"},
        {"data": "x,y,u,v\n" + "".join(f"{x},{y},{-y},{x}\n" for x in range(8) for y in range(8)), "V": "x; y"},
    ],
)
def test_the_six_lines_head_every_splitting(inputs: dict) -> None:
    document = nabla.run("decompose", inputs)
    first = next(block for block in document.blocks if isinstance(block, Table))
    assert [row[0] for row in first.rows] == ["Where", "What", "Boundary", "Parts", "Proof", "Units"]


def test_checks_that_fail_are_shown() -> None:
    wild = nabla.run("decompose", {"V": "sin(40x)*cos(37y); cos(31x*y)", "n": 16, "boundary": "wall"})
    assert "failed" in {check.verdict for check in wild.checks}
    assert "not-converged" in {caution.code for caution in wild.warnings}


@pytest.mark.parametrize(
    ("inputs", "code", "field", "words"),
    [
        ({"V": "x*y"}, "arguments", "V", "1 component"),
        ({"V": "x; y; z; 1"}, "arguments", "V", "4 components"),
        ({"V": "x; y", "domain": "x=0..1,y=0..1,z=0..1"}, "arguments", "V", "3 coordinates"),
        ({"V": "x; y", "domain": "x=1..1, y=0..1"}, "value", "domain", "no width"),
        ({"V": "x; y", "domain": "x=1..0, y=0..1"}, "value", "domain", "backwards"),
        ({"V": "x; y", "domain": "x=0..1"}, "value", "domain", "only x"),
        ({"V": "x; y", "domain": "0..1, 0..1, 0..1"}, "value", "domain", "3 ranges"),
        ({"V": "x; y", "n": 3}, "value", "n", "from 8"),
        ({"V": "x; y", "n": 10**6}, "too-big", "n", "to 512"),
        ({"V": "x; y; z", "n": 200}, "too-big", "n", "to 96"),
        ({"V": "sqrt(x); y"}, "undefined", "V", "50 % of the box"),
        ({"V": "y; log(x)"}, "undefined", "V", "Component 2"),
        ({"V": "1e200*x; y"}, "too-big", "V", "squares"),
        ({"V": "x*w; y"}, "unknown-name", "V", "w, which is no coordinate"),
        ({"V": "r; s*t", "domain": "r=0..1, s=0..1"}, "unknown-name", "V", "t, which"),
        ({"V": "x; y", "at": "2, 0"}, "value", "at", "outside"),
        ({"V": "x; y", "at": "1"}, "value", "at", "2 coordinates"),
        ({"V": "x; y", "boundary": "none"}, "choice", "boundary", "not one"),
        ({"V": "x; y +"}, "syntax", "V", ""),
    ],
)
def test_bad_input_is_told_in_a_sentence(inputs: dict, code: str, field: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        nabla.run("decompose", inputs)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert words in caught.value.message and caught.value.message.endswith(".")


def test_plots_share_one_scale() -> None:
    plots = [block for block in nabla.run("decompose", {"V": ROTATION, "n": 16}).blocks if block.kind == "plot"]
    fields = [plot for plot in plots if len(plot.marks) == 3]
    assert len(fields) == 8
    assert len({plot.marks[0].range for plot in fields}) == 1 == len({plot.marks[2].longest for plot in fields})


def lines_of(line: Line) -> list[np.ndarray]:
    points = np.stack([line.x, line.y], axis=1)
    pieces = np.split(points, np.flatnonzero(np.isnan(line.x)))
    return [piece[np.isfinite(piece).all(axis=1)] for piece in pieces]


def test_streamlines_run_along_the_field() -> None:
    box = Box((-1, -1), (1, 1), (64, 64))
    x, y = box.mesh()
    circles = lines_of(streamlines(np.stack([-y, x]), box))
    assert len(circles) > 5
    assert all(np.ptp(np.hypot(*circle.T)) < 0.01 for circle in circles)


@pytest.mark.parametrize("field", ["-y; x", "x; y", "sin(5*x)*cos(5*y); -cos(5*x)*sin(5*y)", "1; 0.3", "y; x"])
def test_streamlines_are_evenly_spaced(field: str) -> None:
    document = nabla.run("decompose", {"V": field, "n": 64, "boundary": "wall"})
    plot = next(block for block in document.blocks if block.kind == "plot")
    lines = lines_of(next(mark for mark in plot.marks if isinstance(mark, Line)))
    assert len(lines) >= 8 and sum(map(len, lines)) < 600
    for i, line in enumerate(lines):
        others = np.concatenate([other for j, other in enumerate(lines) if j != i])
        assert np.hypot(*(line[:, None] - others[None]).transpose(2, 0, 1)).min() > 0.05
    everything = np.concatenate(lines)
    ground = np.stack(np.meshgrid(*[np.linspace(-0.95, 0.95, 20)] * 2), axis=-1).reshape(-1, 1, 2)
    assert np.hypot(*(ground - everything).transpose(2, 0, 1)).min(axis=1).max() < 0.45


def test_no_streamline_in_a_hole_nor_where_nothing_moves() -> None:
    box = Box((-1, -1), (1, 1), (32, 32))
    x, _ = box.mesh()
    line = streamlines(np.stack([np.where(x > 0, np.nan, 1.0), 0 * x]), box)
    assert line.x.size and np.nanmax(line.x) < 0.05
    assert streamlines(np.zeros((2, 32, 32)), box).x.size == 0


def test_divergence_and_curl_share_one_scale() -> None:
    for V in ("x^2; x*y", "x^2; x*y; z*x"):
        document = nabla.run("decompose", {"V": V, "n": 16, "boundary": "open"})
        plots = {block.title: block for block in document.blocks if block.kind == "plot"}
        both = [plots["Divergence of V, the source of H"], plots["Curl of V, the source of S"]]
        tops = {mark.range[1] for plot in both for mark in (plot.marks or plot.frames[0].marks)[:1]}
        assert len(tops) == 1


def test_slices_in_space_move_together() -> None:
    document = nabla.run("decompose", {"V": "y*z; x*z; x*y + z", "n": 16, "boundary": "open"})
    plots = [block for block in document.blocks if block.kind == "plot"]
    assert plots and {plot.timeline.name for plot in plots} == {"slice"}
    assert all(2 <= len(plot.frames) <= 24 for plot in plots)


def test_slices_of_divergence_and_curl_are_those_of_the_field() -> None:
    document = nabla.run("decompose", {"V": "x^2; y*x; x*z", "n": 16, "boundary": "wall"})
    plots = {block.title: block for block in document.blocks if block.kind == "plot"}
    for frame in plots["Divergence of V, the source of H"].frames:
        raster = frame.marks[0]
        assert np.allclose(raster.z, 4 * raster.x)
    for frame in plots["Curl of V, the source of S"].frames:  # (0, -z, y)
        raster = frame.marks[0]
        assert np.allclose(raster.z, np.hypot(np.asarray(raster.y)[:, None], frame.at))


@pytest.mark.parametrize("V", ["2xy; x^2+1", "2xy; x^2", "xy; yz; zx", "2xy^3z^4; 3x^2y^2z^4; 4x^2y^3z^3"])
def test_parts_of_fields_that_do_not_repeat_are_orthogonal_up_to_what_no_grid_shows(V: str) -> None:
    checks = [check for check in nabla.decompose(V).checks if "orthogonal" in check.claim]
    assert {check.verdict for check in checks} == {"passed"}


@pytest.mark.parametrize(
    ("V", "domain", "n", "jumps"),
    [
        ("sin(2 pi x); 0", "0..1", "16", False),
        ("sin(2x)cos(3y); cos(2x)sin(3y)", "0..2pi", "24", False),
        ("cos(6x); sin(5y)", "0..2pi", "32", False),
        ("sin(x) + 0.01x; 0", "0..2pi", "32", True),
        ("0; y", "-1..1", "16", True),
        ("exp(x); exp(y)", "0..1", "16", True),
    ],
)
def test_a_field_jumps_from_wall_to_wall_or_repeats(V: str, domain: str, n: str, jumps: bool) -> None:
    document = nabla.decompose(V, domain=domain, n=n, boundary="periodic")
    assert any(warning.code == "not-periodic" for warning in document.warnings) is jumps


def test_a_pole_on_the_box_is_told_once_and_has_no_value() -> None:
    document = nabla.decompose("x/(x^2+y^2); y/(x^2+y^2)", n="16")
    assert [warning.code for warning in document.warnings].count("pole") == 1
    text = str(document)
    assert text.count("divides by zero where") == 1
    assert "Real and finite" not in text
    assert "x = 0, y = 0" not in text
    beside = nabla.decompose("x/(x^2+y^2); y/(x^2+y^2)", domain="x=1..2, y=1..2", n="16")
    assert not [warning for warning in beside.warnings if warning.code == "pole"]
    assert "Real and finite" in str(beside)
