"""The lines of notebooks that are not Python, as the cell reads them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROGRAMS = Path(__file__).parents[2] / "app" / "cell" / "python"


@pytest.fixture(scope="module")
def magic() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PROGRAMS))
        yield importlib.import_module("nabla_magic")
        del sys.modules["nabla_magic"]


@pytest.mark.parametrize(
    "program",
    [
        "x = 7\ny = (x\n% 2)\nprint(y)",
        "await something()\n",
        'text = """\n%matplotlib inline\n!ls\n"""',
        "",
        "a = 5 if True else \\\n 6",
    ],
)
def test_what_python_can_read_stays_as_it_is(magic: ModuleType, program: str) -> None:
    assert magic.as_python(program) == program


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("%pip install rich", ["rich"]),
        ("!pip install -q rich 'emoji>=2'", ["rich", "emoji>=2"]),
        ("!python -m pip install --upgrade rich  # for colours", ["rich"]),
        ("pip install rich", ["rich"]),
        ("%conda install rich", ["rich"]),
    ],
)
def test_installing_is_done_by_micropip(magic: ModuleType, line: str, packages: list[str]) -> None:
    python = magic.as_python(f"{line}\nimport rich")
    assert python == f"import micropip; await micropip.install({packages!r})\nimport rich"


def test_lines_keep_their_numbers_and_their_place(magic: ModuleType) -> None:
    program = "%matplotlib inline\nfor i in range(2):\n    %time i + 1\n\n%load_ext autoreload\nraise ValueError"
    python = magic.as_python(program)
    assert [line.split("(")[0] for line in python.split("\n")] == [
        *("pass", "for i in range", "    __import__", "", "pass", "raise ValueError"),
    ]
    assert python.split("\n")[2].startswith("    __import__('nabla_magic').time('i + 1'")


@pytest.mark.parametrize("line", ["!ls -l", "%run other.py", "%who"])
def test_what_does_not_work_says_so_when_it_is_reached(magic: ModuleType, line: str) -> None:
    with pytest.raises(RuntimeError, match=r"no shell here|does not work here"):
        exec(magic.as_python(f"{line}\nx = 1"), {})


def test_a_statement_is_timed(magic: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    names = {"numbers": [3, 1, 2]}
    magic.timeit("sorted(numbers)", names)
    magic.time("total = sum(numbers)", names)
    said = capsys.readouterr().out
    assert "per loop (mean ± std. dev. of 7 runs" in said and "Wall time:" in said
    assert names["total"] == 6


def test_a_whole_cell_is_timed_with_its_lines(magic: ModuleType) -> None:
    python = magic.as_python("%%timeit\na = 1\nb = a + 1")
    assert python == "\n__import__('nabla_magic').timeit('a = 1\\nb = a + 1', globals())"


@pytest.mark.parametrize(
    ("program", "reads", "writes"),
    [
        ("x = 1\ny = x + z", {"x", "z"}, {"x", "y"}),
        ("def f(a):\n    return a * scale\nf(2)", {"f", "scale"}, {"f"}),
        ("import numpy as np\n[np.sin(t) for t in times]", {"np", "times"}, {"np"}),
        ("def g():\n    global total\n    total = 1", set(), {"g", "total"}),
        ("%matplotlib inline\nawait work(n)", {"work", "n"}, set()),
        ("class A:\n    k = base\n", {"base"}, {"A"}),
        ("for", set(), set()),
    ],
)
def test_the_names_that_a_program_reads_and_writes(
    magic: ModuleType, program: str, reads: set[str], writes: set[str]
) -> None:
    assert magic.names_of(program) == {"reads": sorted(reads), "writes": sorted(writes)}
