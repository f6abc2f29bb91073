"""Pasted texts: for each the lab it is for and what goes into its fields; the page is held to the same table."""

import json
import re
from pathlib import Path

import pytest

import nabla
from nabla.__main__ import main
from nabla.errors import UserError
from nabla.lab import LABS
from nabla.page.link import link, read_link
from nabla.question.recognise import recognise, rules
from nabla.question.signs import LINES

TABLE = json.loads((Path(__file__).parent.parent / "questions.json").read_text(encoding="utf-8"))
# What Python and JavaScript read differently, or one of them not at all.
FOREIGN = re.compile(r"\(\?<|\(\?P|\(\?[aimsux]|\\[AZGpPk]|\\d\+\+|[*+?}]\+|\(\?>")


def joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "\n".join(text)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: joined(case["text"])[:40])
def test_it_is_recognised(case: dict[str, object]) -> None:
    found = recognise(joined(case["text"]))  # type: ignore[arg-type]
    inputs = {name: joined(text) for name, text in case["inputs"].items()}  # type: ignore[attr-defined]
    assert (found.kind, found.lab, found.inputs) == (case["kind"], case["lab"], inputs)


def test_the_table_is_large_enough_and_holds_every_lab() -> None:
    assert len(TABLE) >= 80
    assert {case["lab"] for case in TABLE} == {*(lab.name for lab in LABS.values() if lab.signs.main), ""}
    assert {case["kind"] for case in TABLE} == {"lab", "link", "unsure", "unknown", "empty"}


# Each line is one question of the table, as it comes to the lab and is answered there.
@pytest.mark.parametrize("lab", LABS)
def test_what_is_recognised_is_answered(lab: str) -> None:
    cases = [case for case in TABLE if case["lab"] == lab and case["kind"] == "lab"]
    for case in cases[:: max(1, len(cases) // 3)]:
        found = recognise(joined(case["text"]))
        try:
            blocks, field = len(nabla.run(found.lab, found.inputs).blocks), ""
        except UserError as error:  # too few data, say
            blocks, field = 0, error.field or ""
        assert blocks or field in found.inputs, joined(case["text"])


def test_a_wrong_number_in_a_question_becomes_a_judged_claim() -> None:
    found = recognise("What is the derivative of (w*x - y)^2 with respect to w at x=2, y=2, w=3? By hand I get 8.")
    claim = nabla.run(found.lab, found.inputs).values["claim"]
    assert claim["verdict"] == "wrong"


def test_several_readings_are_told_and_not_chosen_between() -> None:
    found = recognise("-y + x/2; x + y/2")
    assert found.kind == "unsure"
    assert found.others[:2] == ("derive", "decompose")
    assert "could be" in found.said


def test_a_text_is_read_for_another_lab_on_request() -> None:
    assert recognise("(w*x-y)^2", "descend").inputs == {"f": "(w*x-y)^2"}
    assert recognise("hello\nworld", "derive").inputs == {"f": "hello; world"}
    assert recognise("hello\nworld", "fit").inputs == {"data": "hello\nworld"}


def test_every_rule_is_one_that_the_page_can_use() -> None:
    def patterns(value: object) -> list[str]:
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        return [value] if isinstance(value, str) else [text for item in items for text in patterns(item)]

    found = patterns(rules())
    assert len(found) > 200
    assert [pattern for pattern in found if FOREIGN.search(pattern.replace("\\\\", ""))] == []
    for name, pattern in LINES:
        assert re.compile(pattern), name


@pytest.mark.parametrize("lab", LABS.values(), ids=list(LABS))
def test_rules_name_fields_that_there_are(lab) -> None:  # type: ignore[no-untyped-def]
    names = {field.name for field in lab.fields}
    assert lab.signs.main
    assert {*lab.signs.main, *(fill.field for fill in lab.signs.fills)} <= names
    assert any(clue.what for clue in lab.signs.clues)


@pytest.mark.parametrize("f", ["(w*x-y)^2", "x & y = 1 % 2", "sin(x", "é√π", "a" * 400, "x**2 + y**2"])
def test_links_come_back(f: str) -> None:
    assert read_link(link("derive", {"f": f})[1:]) == ("derive", {"f": f})


@pytest.mark.parametrize("damaged", ["/derive?f=z1.AAAA", "/derive?f=z1.!!", "/derive?f=z9.abc", "derive", "/x y"])
def test_damaged_links_are_none(damaged: str) -> None:
    assert read_link(damaged) is None


def test_the_command_line_asks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "question.txt"
    path.write_text("differentiate x^3 with respect to x at x = 2", encoding="utf-8")
    assert main(["ask", f"@{path}"]) == 0
    told = capsys.readouterr()
    assert "The Derive lab:" in told.err
    assert "12" in told.out
    assert main(["ask", "Why is the sky blue?"]) == 2
    assert "name the lab: derive" in capsys.readouterr().err
