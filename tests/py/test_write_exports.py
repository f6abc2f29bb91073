"""Every export computes the derivative: the whole table through SymPy, NumPy, Python's math and C, run here; the other
engines by the very texts that they have run (`tests/truth/exports.py`).
"""

import contextlib
import io
import json
import math
import shutil
import subprocess
import warnings
from functools import cache
from pathlib import Path

import pytest
import sympy as sp

from nabla.answer.document import Source
from nabla.calculus.contexts import precise
from nabla.calculus.numeric import Evaluator
from nabla.labs.derive.programs import derivative_code
from nabla.labs.derive.programs.wanted import Wanted
from nabla.write.dialects import C, identifiers
from nabla.write.printer import Printer
from tests.py.derivative_table import entries, expression
from tests.truth.exports import TOLERANCES
from tests.truth.exports_cases import CASES, SHAPES, derivative, shape, truth

TOLERANCE = 1e-12
HERE = Path(__file__).parent
LACKING = " has no "
x, y = sp.symbols("x y", real=True)


@cache
def asked_for(text: str, variable: str) -> Wanted:
    return derivative(expression(text), expression(variable))


@cache
def programs(text: str, variable: str) -> dict[str, Source]:
    asked = asked_for(text, variable)
    found = derivative_code(asked.functions, asked.result, asked.wrt, asked.at)
    return {source.label: source for source in found}


@cache
def right(text: str, variable: str) -> float:
    """The derivative's value in 40 digits, rounded."""
    asked = asked_for(text, variable)
    context = precise(40)
    at = {symbol: Evaluator(context, {})(value) for symbol, value in asked.point.items()}
    return float(Evaluator(context, at)(asked.rows[0][0]))


def printed(source: Source) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # np.where works out both branches
        exec(compile(source.text, source.label, "exec"), {})
    return out.getvalue()


CLOSED = [(text, variable) for group, text, variable in entries() if group != "functions left open"]


def test_there_is_a_program_or_a_reason_for_every_language() -> None:
    labels = ["SymPy", "NumPy", "Python math", "PyTorch", "JAX", "SciPy", "C", "Julia", "MATLAB", "LaTeX"]
    for text, variable in CLOSED:
        found = [label for label in programs(text, variable) if label != "PyTorch"]
        assert found == [label for label in labels if label != "PyTorch"], text
    lacking = [label for entry in CLOSED for label, source in programs(*entry).items() if LACKING in source.text]
    assert lacking.count("NumPy") == lacking.count("SciPy") == 0
    assert 0 < lacking.count("Python math") < 45
    assert 0 < lacking.count("MATLAB") < 20


@pytest.mark.parametrize(("text", "variable"), CLOSED, ids=str)
def test_python_agrees_with_forty_digits(text: str, variable: str) -> None:
    found = programs(text, variable)
    assert len(printed(found["SymPy"])) > 1
    for label in ("NumPy", "Python math"):
        source = found[label]
        if LACKING not in source.text and "scipy" not in source.text:
            assert float(printed(source)) == pytest.approx(right(text, variable), rel=TOLERANCE, abs=0), label


@pytest.mark.parametrize("text", [text for group, text, _ in entries() if group == "functions left open"])
def test_functions_left_open_are_for_sympy_alone(text: str) -> None:
    variable = next(v for _, t, v in entries() if t == text)
    found = programs(text, variable)
    assert list(found) == ["SymPy", "LaTeX"]
    assert printed(found["SymPy"]).strip()


def test_c_agrees_with_forty_digits(tmp_path: Path) -> None:
    """All of the table in one program, so that the compiler runs once."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    ran = [(entry, asked_for(*entry)) for entry in CLOSED if LACKING not in programs(*entry)["C"].text]
    assert len(ran) > 400
    functions, calls = [], []
    for number, (_, asked) in enumerate(ran):
        names = identifiers(asked.symbols, C)
        printer = Printer(C, names)
        signature = ", ".join(f"double {name}" for name in names.values()) or "void"
        functions.append(f"static double df_{number}({signature}) {{ return {printer.source(asked.rows[0][0])}; }}")
        given = ", ".join(repr(float(asked.point[symbol])) for symbol in asked.symbols)
        calls.append(f'    printf("%.17g\\n", df_{number}({given}));')
    whole = "\n".join(["#include <math.h>", "#include <stdio.h>", *functions, "int main(void) {", *calls, "}"])
    assert whole.count("df_") == 2 * len(ran)
    if compiler is None:
        return
    (tmp_path / "table.c").write_text(whole + "\n", encoding="utf-8")
    build = [compiler, "-std=c99", "-Wall", "-Wno-unused", "table.c", "-lm", "-o", "table"]
    subprocess.run(build, cwd=tmp_path, check=True)
    lines = subprocess.run([tmp_path / "table"], capture_output=True, text=True, check=True).stdout.split()
    for (entry, _), line in zip(ran, lines, strict=True):
        assert float(line) == pytest.approx(right(*entry), rel=TOLERANCE, abs=0), entry


def test_a_program_in_c_compiles_as_it_stands(tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    found = {source.label: source for source in shape("jacobian")}
    assert "void jacobian(double a, double x, double y, double out[4])" in found["C"].text
    if compiler is None:
        return
    (tmp_path / "a.c").write_text(found["C"].text, encoding="utf-8")
    subprocess.run([compiler, "-std=c99", "-Wall", "-Werror", "a.c", "-lm", "-o", "a"], cwd=tmp_path, check=True)
    out = subprocess.run([tmp_path / "a"], capture_output=True, text=True, check=True).stdout
    assert [float(line) for line in out.split()] == pytest.approx(truth("jacobian"), rel=TOLERANCE)


@pytest.mark.parametrize("name", SHAPES)
def test_arrays_of_derivatives_in_python(name: str) -> None:
    found = {source.label: source for source in shape(name)}
    for label in ("NumPy", "Python math"):
        text = printed(found[label]).replace("[", " ").replace("]", " ").replace(",", " ")
        assert [float(part) for part in text.split()] == pytest.approx(truth(name), rel=1e-7)
    assert printed(found["SymPy"]).startswith("Matrix") == (len(truth(name)) > 1 or name == "gradient of one")


def test_numpys_arrays_of_derivatives_take_arrays() -> None:
    names: dict[str, object] = {}
    text = next(source.text for source in shape("hessian") if source.label == "NumPy")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(text, names)
    import numpy as np

    found = names["hessian"](1.0, np.linspace(0, 1, 5), 2.0)  # type: ignore[operator]
    assert found.shape == (2, 2, 5)


STORED = json.loads((HERE.parent / "truth" / "exports.json").read_text(encoding="utf-8"))


def test_the_stored_runs_cover_the_engines() -> None:
    assert set(STORED["engines"]) >= {"PyTorch", "JAX", "SciPy", "NumPy", "MATLAB"}
    assert set(STORED["runs"]) == {*CASES, *SHAPES}


@pytest.mark.parametrize("name", [*CASES, *SHAPES])
def test_the_programs_are_those_that_the_engines_have_run(name: str) -> None:
    """Text by text: what is offered now is what was run, and what it printed then was right."""
    sources = {source.label: source for source in shape(name)}
    expected = truth(name)
    ran = STORED["runs"][name]
    for label in STORED["engines"]:
        source = sources.get(label)
        if source is None or LACKING in source.text:
            assert label not in ran
            continue
        assert source.text == ran[label]["program"], label
        if ran[label]["printed"] is None:
            continue  # written since that engine was last at hand
        within = TOLERANCES.get((label, name), TOLERANCE)
        assert ran[label]["printed"] == pytest.approx(expected, rel=within, abs=1e-300), label
    assert all(math.isfinite(value) for value in expected)
