"""What the Python cell makes of values and exceptions; that it runs programs, the browser tests see."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sympy as sp

import nabla
from nabla.answer.document import BLOCKS, Check, Math, Plot, Prose, Table
from nabla.answer.marks import MARKS, Dots, Line
from nabla.answer.shapes import shapes

PROGRAMS = Path(__file__).parents[2] / "app" / "cell" / "python"
x = sp.Symbol("x")


@pytest.fixture(scope="module")
def cell() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PROGRAMS))
        patch.setenv("MPLBACKEND", "agg")  # which the cell sets to its own
        yield importlib.import_module("nabla_cell")
        for name in [name for name in sys.modules if name.startswith("nabla_")]:
            del sys.modules[name]


@pytest.fixture(scope="module")
def values(cell: ModuleType) -> ModuleType:
    return sys.modules["nabla_values"]


def emitted(cell: ModuleType, value: Any) -> list[tuple[Any, ...]]:
    told: list[tuple[Any, ...]] = []
    cell.show(value, lambda *what: told.append(what))
    return told


@pytest.mark.parametrize(
    ("value", "tex"),
    [
        (x**2, "x^{2}"),
        (sp.Matrix([[x]]), r"\left[\begin{matrix}x\end{matrix}\right]"),
        ([x, 1], r"\left[ x, \  1\right]"),
        ({x: 2}, r"\left\{ x : 2\right\}"),
    ],
)
def test_expressions_and_what_holds_them_are_formulas(values: ModuleType, value: Any, tex: str) -> None:
    (block,) = values.blocks_of(value)
    assert isinstance(block, Math)
    assert block.tex == tex


@pytest.mark.parametrize(
    "value", [1, 2.5, "text", [1, 2], {"a": x}, (x, "text"), object, [[[[[[[x]]]]]]], np.array("a")]
)
def test_everything_else_is_text(cell: ModuleType, values: ModuleType, value: Any) -> None:
    assert values.blocks_of(value) == []
    assert emitted(cell, value) == [("value", repr(value))]


def test_nothing_is_not_shown(cell: ModuleType) -> None:
    assert emitted(cell, None) == []


def test_a_formula_that_is_too_long_is_text(values: ModuleType) -> None:
    assert values.blocks_of(sp.Add(*sp.symbols("a:1600"))) == []


def test_a_small_array_is_a_table_with_its_shape(values: ModuleType) -> None:
    (table,) = values.blocks_of(np.array([[1.5, np.nan], [2.0, 3.0]]))
    assert isinstance(table, Table)
    assert table.caption == "shape (2, 2), float64"
    assert table.rows[1] == ["1", 2.0, 3.0]
    assert [column.label for column in table.columns] == ["", "0", "1"]


def test_a_large_array_has_gaps(values: ModuleType) -> None:
    (table,) = values.blocks_of(np.arange(100 * 50).reshape(100, 50))
    assert [row[0] for row in table.rows] == [*map(str, range(12)), "…", *map(str, range(88, 100))]
    assert len(table.columns) == 14
    assert table.rows[-1][-1] == 4999


def test_large_whole_numbers_keep_their_digits(values: ModuleType) -> None:
    (table,) = values.blocks_of(np.array([[2**53 + 1]], dtype=np.int64))
    assert table.rows[0][1] == "9007199254740993"


def test_numbers_in_a_row_are_a_curve_too(values: ModuleType) -> None:
    plot, table = values.blocks_of(np.linspace(0, 1, 20))
    assert isinstance(plot, Plot) and isinstance(table, Table)
    assert plot.summary == "An array of 20 numbers, from 0 to 1."
    (mark,) = plot.marks
    assert isinstance(mark, Line) and np.array_equal(mark.x, np.arange(20))


def test_a_pair_of_arrays_is_a_curve_or_points(values: ModuleType) -> None:
    t = np.linspace(0, 6, 5000)
    (curve,) = values.blocks_of((t, np.sin(t)))
    assert isinstance(curve.marks[0], Line) and curve.marks[0].x.size <= 2000
    assert "every 3th drawn" in curve.summary
    (points,) = values.blocks_of((np.cos(t[:40]), np.sin(t[:40])))
    assert isinstance(points.marks[0], Dots)
    assert values.blocks_of((t, t[1:])) == []


def test_infinite_values_leave_gaps(values: ModuleType) -> None:
    plot, _ = values.blocks_of(np.array([1.0, np.inf, 3, 4, 5, 6, 7, 8]))
    assert np.isnan(plot.marks[0].y[1])


def test_numbers_go_to_the_labs_as_a_table(values: ModuleType) -> None:
    t, v = np.arange(6.0), np.linspace(0.5, 3, 6)
    assert values.data_of((t, v), {"t": t, "v": v}).splitlines()[:2] == ["t,v", "0.0,0.5"]
    assert values.data_of((t, v), {}).splitlines()[0] == "x,y"
    assert values.data_of(np.column_stack([t, v, v]), {}).splitlines()[1] == "1.0,1.0,1.0"
    assert values.data_of([1, 2, 3, 4, 5], {}) == "y\n1\n2\n3\n4\n5"
    for none in (np.eye(6), t[:4], (t, v[1:]), t * 1j, [1, "a"] * 9, sp.Symbol("x"), [sp.eye(2), sp.eye(3)] * 5):
        assert values.data_of(none, {}) is None
    assert values.data_of(np.zeros(100_000), {}) is None  # no address would carry it


@pytest.mark.parametrize("shape", ["pair", "column", "rows"])
def test_what_goes_to_the_labs_is_read_there_as_the_same_numbers(values: ModuleType, shape: str) -> None:
    t = np.linspace(0, 6, 60)
    v = 3 + 2 * np.sin(4 * t + 0.3)
    given = {"pair": (t, v), "column": v, "rows": np.column_stack([t, v])}[shape]
    answer = nabla.ask(values.data_of(given, {"t": t, "v": v}))
    assert answer.lab == "fit"
    step = t[1] if shape != "column" else 1.0
    assert answer.values["tones"][0]["frequency"] * step == pytest.approx(4 * t[1] / (2 * np.pi), rel=1e-6)


def test_a_document_crosses_with_its_numbers(cell: ModuleType) -> None:
    ((stream, text, memory),) = emitted(cell, nabla.derive("x^2", wrt="x", at="x=3"))
    assert stream == "show"
    data = json.loads(text)
    assert set(data) == {"title", "lab", "inputs", "warnings", "answer", "blocks", "data"}
    assert data["lab"] == "derive" and data["inputs"]["f"] == "x^2"
    assert memory.nbytes > 0


def test_blocks_are_shown_as_they_are(values: ModuleType) -> None:
    block = Check("claimed", "tested", "passed", test="points")
    assert values.blocks_of(block) == [block]
    assert values.blocks_of([block, Prose("a")]) == [block, Prose("a")]


def raised(cell: ModuleType, code: str) -> dict[str, Any]:
    """What is told of the exception of a program."""
    import linecache

    linecache.cache[cell.FILE] = (len(code), None, code.splitlines(keepends=True), cell.FILE)
    try:
        exec(compile(code, cell.FILE, "exec"), {"nabla": nabla})
    except BaseException as error:
        told: dict[str, Any] = cell.told(error, code)
        return told
    raise AssertionError("nothing was raised")


def test_the_place_of_an_error_is_the_innermost_line_of_the_program(cell: ModuleType) -> None:
    told = raised(cell, "def f(x):\n    return 'é' + (1 / x)\nf(0)\n")
    assert (told["name"], told["message"]) == ("ZeroDivisionError", "division by zero")
    assert told["place"] == [2, 18, 2, 23] or told["place"] == [2, 17, 2, 22]
    assert told["trace"].startswith('Traceback (most recent call last):\n  File "<cell>", line 3')
    assert "test_cell.py" not in told["trace"]


def test_an_error_inside_a_library_is_marked_where_the_program_called_it(cell: ModuleType) -> None:
    told = raised(cell, "import json\njson.loads('{')\n")
    assert told["name"] == "JSONDecodeError"
    assert told["place"][0] == 2
    assert "decoder.py" in told["trace"]


def test_a_users_mistake_says_how_to_mend_it(cell: ModuleType) -> None:
    told = raised(cell, "nabla.derive('x^', wrt='x')")
    assert told["name"] == "UserError"
    assert told["place"][0] == 1
    assert not told["message"].startswith("(")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("import nowhere_to_be_found", 'micropip.install("nowhere_to_be_found")'),
        ("import torch.nn", "not written in Python alone"),
        ("raise RuntimeError('WebAssembly stack switching not supported in this JavaScript runtime')", "await main()"),
        ("async def f(): return 1\nf() + 1", "Write await"),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_hints(cell: ModuleType, code: str, hint: str) -> None:
    assert hint in raised(cell, code)["hint"]


def test_a_package_that_does_not_come_is_not_called_misspelt(cell: ModuleType) -> None:
    said = "Can't fetch metadata for 'tiny'. Please make sure you have entered a correct package name."
    told = raised(cell, f"raise ValueError({said!r})")
    assert told["message"] == "Can't fetch metadata for 'tiny'."
    assert told["hint"] == "There is no such package, or the network is away."


def test_a_program_that_cannot_be_read_has_a_place(cell: ModuleType) -> None:
    told = raised(cell, "a = 1\nb = = 2\n")
    assert told["name"] == "SyntaxError"
    assert told["place"] == [2, 4, 2, 5]
    assert "File" not in told["trace"].splitlines()[0] or "<cell>" in told["trace"]


def test_one_long_text_is_told_in_pieces(cell: ModuleType) -> None:
    told: list[str] = []
    cell.Printed("out", lambda _, text: told.append(text), [200_000]).write("a" * 190_000)
    assert "".join(told) == "a" * 190_000
    assert max(map(len, told)) <= 50_000


def test_printed_text_is_cut_at_a_limit(cell: ModuleType) -> None:
    told: list[str] = []
    stream = cell.Printed("out", lambda _, text: told.append(text), [10])
    for _ in range(5):
        stream.write("abcd")
    stream.flush()
    assert "".join(told) == "abcdabcdab\n… more was printed than the page shows."


def test_every_block_and_mark_has_its_shape() -> None:
    described = shapes()
    assert set(described["blocks"]) == {block.kind for block in BLOCKS}  # type: ignore[attr-defined]
    assert set(described["marks"]) == {mark.mark for mark in MARKS}  # type: ignore[attr-defined]
    assert described["parts"]["Check"]["figure"] == {"any": ["number", "null"]}
    assert described["parts"]["Line"]["when"] == {"any": ["array", "null"]}
    assert "folded?" in described["parts"]["Steps"]
