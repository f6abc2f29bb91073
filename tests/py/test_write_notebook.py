"""Notebooks and scripts are valid, run with NumPy and SymPy alone, and their assertions can fail."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import json
import re
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path

import pytest

import nabla
from nabla.write.proof import runs_alone
from tests.golden.cases import CASES
from tests.py.schema import faults

LINK = "https://example.org/#/derive?f=x"
# They need PyTorch, or have no program at all: an exercise, noise, a field that stands for nothing yet.
WITHOUT_PROGRAM = {
    "program-loop", "relu-at-zero", "gradient-of-cross-entropy", "practise-the-chain-rule", "exercise-answered",
    "is-it-only-noise", "split-a-field-of-powers",
}  # fmt: skip


@cache
def document(name: str) -> nabla.Report:
    lab, inputs = CASES[name]
    return nabla.run(lab, inputs)


def code(notebook: dict[str, object]) -> list[str]:
    cells = notebook["cells"]
    assert isinstance(cells, list)
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(cells: list[str]) -> None:
    """As a notebook runs its cells: one after another in one namespace."""
    namespace: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for cell in cells:
            exec(compile(cell, "cell", "exec"), namespace)


@pytest.mark.parametrize("name", CASES)
def test_notebooks_are_valid_and_their_cells_hold(name: str) -> None:
    notebook = document(name).to_notebook(LINK)
    assert faults(json.loads(json.dumps(notebook, allow_nan=False))) == []
    cells = code(notebook)
    run(cells)
    assert bool(cells) == (name not in WITHOUT_PROGRAM)
    if cells:
        assert "assert" in "".join(cells)
    first = "".join(notebook["cells"][0]["source"])
    assert first.startswith("# ") and first.endswith(f"(<{LINK}>)")


def test_the_schema_refuses_what_is_no_notebook() -> None:
    right = document("quotient-rule").to_notebook()
    for spoil in (
        lambda book: book.pop("nbformat"),
        lambda book: book["cells"][0].pop("id"),
        lambda book: book["cells"][0].update(id="not an id"),
        lambda book: book["cells"][0].update(outputs=[]),
        lambda book: book["cells"][0].update(cell_type="prose"),
        lambda book: book.update(nbformat_minor=4),
    ):
        book = copy.deepcopy(right)
        spoil(book)
        assert faults(book)


WRONG = {
    "chain-rule-at-a-point": ("return 2*x*(w*x - y)", "return 2*(w*x - y)"),
    "hessian-of-rosenbrock": ("-400*x", "400*x"),
    "slope-of-a-circle": ("-x/y", "x/y"),
    "uneven-sampling": ("amplitudes = np.array([1", "amplitudes = np.array([2"),
    "program-numpy": ("d_w = X.T @ d_z", "d_w = 2 * X.T @ d_z"),
    "race-of-optimisers": ("der[1] = -4*x**2", "der[1] = 4*x**2"),
    "eleven-line-network": ("eta,width = (0.5,4)", "eta,width = (5.0,4)"),
    "rotation-and-source": ("parts = [x/2 - y, x + y/2]", "parts = [2*x - y, x + y/2]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_assertions_see_a_wrong_answer(name: str) -> None:
    right, wrong = WRONG[name]
    cells = code(document(name).to_notebook())
    spoiled = [cell.replace(right, wrong) for cell in cells]
    assert spoiled != cells
    with pytest.raises(AssertionError):
        run(spoiled)


def test_a_notebook_needs_nothing_but_numpy_and_sympy(tmp_path: Path) -> None:
    text = "\n".join(code(document("chain-rule-at-a-point").to_notebook()))
    block = "import sys\nfor name in ('nabla', 'scipy', 'torch', 'jax', 'matplotlib'):\n    sys.modules[name] = None\n"
    (tmp_path / "cells.py").write_text(block + text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "cells.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "the formula agrees with SymPy at 7 points" in done.stdout


def asked(script: str) -> tuple[str, dict[str, str]]:
    """What the last lines of a script ask Nabla, taken out of their comment where they stand in one."""
    lines = script.splitlines()
    last = max(place for place, line in enumerate(lines) if line.removeprefix("# ") == "import nabla")
    again = "\n".join(line.removeprefix("# ") if lines[last].startswith("# ") else line for line in lines[last:])
    (called,) = re.findall(r"^document = nabla\.run\((.*)\)\nprint", again, re.DOTALL | re.MULTILINE)
    found: tuple[str, dict[str, str]] = eval(f"({called})")
    return found


def test_a_script_asserts_without_nabla(tmp_path: Path) -> None:
    script = document("gradient-16-not-8").to_python(LINK)
    assert LINK in script and "Needs numpy." in script
    blocked = "import sys\nfor name in ('nabla', 'scipy', 'torch'):\n    sys.modules[name] = None\n"
    (tmp_path / "answer.py").write_text(blocked + script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "answer.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "every gradient agrees" in done.stdout


@pytest.mark.parametrize("name", CASES)
def test_scripts_ask_the_same_question(name: str) -> None:
    script = document(name).to_python()
    assert asked(script) == (document(name).lab, document(name).inputs)
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in ([ast.alias(node.module or "")] if isinstance(node, ast.ImportFrom) else node.names)
    } - set(sys.stdlib_module_names)
    assert imported == {"nabla"} if name in WITHOUT_PROGRAM else imported <= {"numpy", "sympy"}


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("import numpy as np\nprint(np.pi)", True),
        ("from sympy import pi", True),
        ("import scipy", False),
        ("import numpy as np\nx = np.loadtxt('data.csv')", False),
        ("def f(x):\n    return np.zeros(2)", False),
        ('import numpy\nprint "old"', False),
    ],
)
def test_what_runs_alone(text: str, alone: bool) -> None:
    assert runs_alone(text) is alone


def test_titles_cannot_end_the_docstring() -> None:
    sample = nabla.Report("derive", {"f": 'a"""b\\\nc', "at": "x\r\ny"})
    sample.title = 'A \\\\ and """'
    script = sample.to_python('https://example.org/"')
    compile(script, "script", "exec")
    assert asked(script) == ("derive", sample.inputs)
