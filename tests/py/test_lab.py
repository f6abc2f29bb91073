"""Declaring labs, reading their inputs, and the schema made from them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import nabla
from nabla.answer.document import Document
from nabla.errors import CODES, Span, UserError
from nabla.lab import LABS, Field, Inputs, Lab, Registry
from nabla.page.schema import declarations, schema


def answer(inputs: Inputs, document: Document) -> None:
    document.title = inputs["f"]


LAB = Lab(
    "toy",
    "Toy",
    "A toy.",
    (
        Field("f", "formula", "Function", required=True),
        Field("n", "integer", "Count", default="3", minimum=1, maximum=10),
        Field("rate", "number", "Rate", default="0.5", minimum=0),
        Field("mode", "choice", "Mode", default="a", choices=("a", "b")),
        Field("parts", "formulas", "Parts"),
    ),
    answer,
    {},
)
REGISTRY = Registry()
REGISTRY.name({"toy": "toy_of_a_test", "none": "json"})


def test_defaults_fill_in_and_only_what_differs_is_kept() -> None:
    inputs = Inputs(LAB, {"f": "x", "n": 3, "mode": "b"})
    assert dict(inputs) == {"f": "x", "n": "3", "rate": "0.5", "mode": "b", "parts": ""}
    assert inputs.given == {"f": "x", "mode": "b"}
    assert (inputs.integer("n"), inputs.number("rate"), inputs.choice("mode")) == (3, 0.5, "b")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"parts": ["x", "y"]}, "x; y"),
        ({"parts": {"w": 3, "x": 2.5}}, "w=3,x=2.5"),
        ({"parts": None}, ""),
    ],
)
def test_python_values_become_the_text_one_would_type(given: dict[str, object], text: str) -> None:
    assert Inputs(LAB, {"f": "x", **given})["parts"] == text


@pytest.mark.parametrize(
    ("given", "read", "code", "field"),
    [
        ({}, None, "empty", "f"),
        ({"f": "  "}, None, "empty", "f"),
        ({"f": "x", "g": "1"}, None, "unknown-field", None),
        ({"f": "x", "n": "2.5"}, "integer", "value", "n"),
        ({"f": "x", "n": "11"}, "integer", "value", "n"),
        ({"f": "x", "n": "9" * 30}, "integer", "value", "n"),
        ({"f": "x", "rate": "-1"}, "number", "value", "rate"),
        ({"f": "x", "rate": "nan"}, "number", "value", "rate"),
        ({"f": "x", "rate": "1e999"}, "number", "value", "rate"),
        ({"f": "x", "rate": "fast"}, "number", "value", "rate"),
        ({"f": "x", "mode": "c"}, "choice", "choice", "mode"),
    ],
)
def test_bad_inputs_name_their_field(given: dict[str, object], read: str | None, code: str, field: str | None) -> None:
    with pytest.raises(UserError) as caught:
        inputs = Inputs(LAB, given)
        getattr(inputs, read or "choice")(field or "mode")
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.message.endswith(".")


def test_read_puts_the_field_into_a_readers_error() -> None:
    def reader(text: str) -> str:
        raise UserError("syntax", "No.", span=Span(0, len(text)))

    with pytest.raises(UserError) as caught:
        Inputs(LAB, {"f": "x+"}).read("f", reader)
    assert caught.value.to_dict() == {"code": "syntax", "message": "No.", "hint": "", "span": [0, 2], "field": "f"}


def test_an_error_must_have_a_known_code() -> None:
    with pytest.raises(ValueError, match="no-such"):
        UserError("no-such", "x")


def test_an_unknown_lab_says_which_there_are() -> None:
    with pytest.raises(UserError, match="no lab called nope") as caught:
        nabla.run("nope", {})
    assert caught.value.code == "unknown-lab" and "derive" in caught.value.hint


def test_schema_is_json_and_complete() -> None:
    data = json.loads(json.dumps(schema()))
    assert [lab["name"] for lab in data["labs"]] == list(LABS)
    for entry in data["labs"]:
        names = {field["name"] for field in entry["fields"]}
        assert set(entry["example"]) <= names
        assert all(field["help"] for field in entry["fields"]), "every input has a sentence of help"


def test_declarations_name_every_block_and_code() -> None:
    text = declarations()
    for name in ("Heading", "Plot", "Step", "Handle", "UserError", "NablaDocument"):
        assert f"interface {name} " in text
    assert all(f'"{code}"' in text for code in CODES)


def test_schema_command_writes_its_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "nabla.page.schema", str(tmp_path / "new")], check=True)
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {
        f"{name}.json" for name in "arrays files front gallery help names schema shapes sources syntax".split()
    } | {"types.d.ts"}


def test_the_package_is_imported_without_sympy_and_without_a_lab() -> None:
    program = "import sys, nabla; print(*[name for name in sys.modules if name.startswith(('sympy', 'nabla.labs.'))])"
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "\n"


def test_a_lab_is_imported_when_it_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from tests.py.test_lab import REGISTRY, LAB\nREGISTRY.declare(LAB)\n"
    (tmp_path / "toy_of_a_test.py").write_text(source.replace("tests.py.test_lab", __name__))
    monkeypatch.syspath_prepend(tmp_path)
    assert list(REGISTRY) == ["toy", "none"] and "toy" in REGISTRY and "toy_of_a_test" not in sys.modules
    assert REGISTRY["toy"] is LAB and REGISTRY.get("nope") is None
    with pytest.raises(ValueError, match="json declares no lab called none"):
        REGISTRY["none"]
    with pytest.raises(ValueError, match="two labs called toy"):
        REGISTRY.declare(LAB)
