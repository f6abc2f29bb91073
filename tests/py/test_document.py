"""The document contract: what a lab may put in, and the forms in which it leaves."""

import json
import re

import numpy as np
import pytest

from nabla.answer import document as d
from nabla.answer import marks
from nabla.answer.export import Report
from nabla.answer.shapes import arrays
from nabla.answer.wire import to_wire
from nabla.write.text import CASES, plain


def sample() -> Report:
    document = Report("derive", {"f": "x^2"})
    document.title = "Derivative of $x^2$"
    check = d.Check("the derivative is right", "compared at 3 points", "passed", 1e-30, 1e-20, test="points")
    step = d.Step(
        "Power rule", "D(x^2) = 2x", where=["n = 2"], check=check, steps=[d.Step("x' = 1", "1", detail="novice")]
    )
    document.add(
        d.Heading("Result"),
        d.Prose("With `np.sin` and **care**, \\$5 buys $x^2$."),
        d.Math("2 x", text="2*x", label="f'"),
        d.Steps([step]),
        d.Table([d.Column("x"), d.Column("f", unit="m", align="right")], [["a|b", 1.5], ["c", None]]),
        d.Plot([marks.Line(np.array([0.0, 1.0]), np.array([np.nan, 2.0]))], summary="A line."),
        d.Plot([marks.Contour(np.arange(2.0), np.arange(3.0), np.arange(6.0).reshape(3, 2))], summary="Level lines."),
        d.Graph([d.Node("a", "x")], [], summary="One node."),
        d.Code([d.Source("NumPy", "python", "print(1)\n")]),
        d.Note("Look at $y$.", tone="tip", inputs={"wrt": "y"}, action="Try it"),
        d.Check("nothing", "not tested", "unchecked", test="algebra"),
    )
    document.values = {
        "value": np.float64(2.5),
        "grid": np.eye(2),
        "count": 3,
        "bad": float("nan"),
        "big": float("inf"),
    }
    document.warn("undefined", "Not defined at 0.")
    return document


def test_every_block_kind_is_in_the_sample() -> None:
    assert {type(block) for block in sample().blocks} == set(d.BLOCKS)


def test_every_block_kind_has_its_case_in_text() -> None:
    assert set(CASES) == set(d.BLOCKS)


def test_the_fields_that_hold_arrays_are_those_of_the_classes() -> None:
    held = arrays()
    assert held["line"] == ["x", "y", "when"] and held["plot"] == [] and "table" not in held and "rule" not in held
    assert {mark.mark for mark in marks.MARKS} - held.keys() == {"rule"}  # type: ignore[attr-defined]


def test_json_holds_everything_and_is_strict() -> None:
    data = sample().to_dict()
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text) == data
    assert data["nabla"] == 1 and data["lab"] == "derive" and data["inputs"] == {"f": "x^2"}
    assert data["values"] == {"value": 2.5, "grid": [[1, 0], [0, 1]], "count": 3, "bad": None, "big": "inf"}
    line = data["blocks"][5]["marks"][0]
    assert line["mark"] == "line" and line["x"] == [0, 1] and line["y"] == [None, 2]
    assert data["warnings"] == [{"code": "undefined", "message": "Not defined at 0."}]


def test_wire_refers_into_one_buffer() -> None:
    document = sample()
    data, numbers = to_wire(document.to_data)
    offset, shape = data["blocks"][6]["marks"][0]["z"]["$f64"]
    assert shape == [3, 2]
    np.testing.assert_array_equal(numbers[offset : offset + 6], np.arange(6.0))
    json.dumps(data, allow_nan=False)


def test_listener_sees_every_block_in_order() -> None:
    seen: list[tuple[d.Block | d.Progress, int]] = []
    document = d.Document("derive", {}, lambda block, place: seen.append((block, place)))
    a, b, c = d.Prose("a"), d.Prose("b"), d.Prose("c")
    document.add(a, b)
    document.progress("half way", 0.5)
    document.replace(a, c)
    assert seen == [(a, 0), (b, 1), (d.Progress("half way", 0.5), 2), (c, 0)]
    assert document.blocks == [c, b]


def test_checks_inside_steps_are_found() -> None:
    assert [check.verdict for check in sample().checks] == ["passed", "unchecked"]


def test_a_document_refuses_what_json_cannot_hold() -> None:
    document = d.Document("derive", {})
    document.values["x"] = object()
    with pytest.raises(TypeError, match="object"):
        document.to_dict()


def test_text_shows_every_block_without_marks() -> None:
    text = str(sample())
    assert "With np.sin and care, $5 buys x²." in text
    assert "✓ the derivative is right" not in text  # a step's check is its glyph
    assert "Power rule ✓" in text and "with n = 2" in text
    assert "x' = 1" not in text  # a novice's step, hidden at the normal level
    assert "! Not defined at 0." in text
    assert "· nothing: not tested" in text


def test_markdown_escapes_bars_and_keeps_formulas() -> None:
    text = sample().to_markdown()
    assert "| a\\|b | 1.5 |" in text
    assert "$$2 x$$" in text
    assert "```python\nprint(1)\n```" in text


@pytest.mark.parametrize("text", ["a$b", "`x`", "**bold**", "a\\b", "100 % $ ` * \\"])
def test_quoted_text_reads_as_typed(text: str) -> None:
    assert plain(d.quoted(text)) == text


NASTY = [
    "[a](http://b.example)", "![a](http://b.example/c.png)", "[a][b]", "[b]: http://b.example", "<b>a</b>",
    "<http://b.example>", "a\n\n# b\n\n```\nc", "&#91;a&#93;(b)", "&lt;b&gt;", "a|b", "`x`[a](b)`", "\\[a](b)",
    "1. a", "- a", "$[a](b)$ ](", "__a__", "]](a)",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_texts_of_others_are_no_markdown(text: str) -> None:
    quoted = d.quoted(text)
    document = Report("derive", {"f": text})
    document.title = quoted
    document.add(d.Prose(quoted), d.Note(f"of {quoted}"), d.Heading(quoted), d.Plot([], quoted, title=quoted))
    document.add(d.Table([d.Column(quoted, text)], [[quoted], [1.0]], quoted))
    document.add(
        d.Check(quoted, quoted, "passed", test="points"), d.Steps([d.Step(quoted, "x", why=quoted)], title=quoted)
    )
    document.warn("c", quoted)
    written = document.to_markdown()
    assert not re.search(
        r"(?<!\\)(\\\\)*\](?=[(\[])|^\W*\[[^\]]*(?<!\\)\]:|(?<!\\)<[A-Za-z/!?]|(?<!\\)&#?\w+;", written, re.M
    ), written
    assert len(re.findall(r"^#", written, re.M)) == 2
    assert not re.search(r"^```", written, re.M)
