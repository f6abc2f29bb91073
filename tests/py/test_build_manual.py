"""The manual says what is there: every input, every public name, every option; and what is not."""

from functools import cache

import pytest

import nabla
from nabla.__main__ import parser
from nabla.answer.check import TESTS
from nabla.answer.document import Graph
from nabla.errors import UserError
from nabla.gallery.examples import EXAMPLES
from nabla.lab import LABS
from tools import house
from tools.guide import GUIDES
from tools.manual import manual

pages = cache(manual)


def words(name: str) -> str:
    """All words of a page of the manual."""
    return str(pages()[name]["blocks"])


def test_every_input_of_every_lab_is_there() -> None:
    text = words("labs")
    for lab in LABS.values():
        assert lab.summary in text
        for field in lab.fields:
            assert f"`{field.name}`" in text
            assert field.help, f"{lab.name}.{field.name} has no help"


def test_every_public_name_is_there_with_what_it_does() -> None:
    blocks = pages()["python"]["blocks"]
    headings = {block["text"] for block in blocks if block["kind"] == "heading"}
    assert set(nabla.__all__) <= headings
    assert {"Document.to_dict", "Document.checks"} <= headings


def test_every_option_of_the_command_line_is_there() -> None:
    text = words("command-line")
    for action in parser()._actions:
        for option in action.option_strings:
            assert option in text


def test_every_lab_has_a_page_with_its_questions() -> None:
    assert set(GUIDES) == set(LABS)
    for name in LABS:
        (table,) = (block for block in pages()[name]["blocks"] if block["kind"] == "table")
        assert [row[1] for row in table["rows"]] == [example.answer for example in EXAMPLES if example.lab == name]
    assert all(test.meaning in words("proof") for test in TESTS.values())


@pytest.mark.parametrize(("lab", "text"), [(lab, text) for lab, guide in GUIDES.items() for text in guide.asks])
def test_what_the_manual_says_can_be_asked_is_answered(lab: str, text: str) -> None:
    answer = nabla.ask(text)
    assert (answer.lab, answer.warnings) == (lab, [])
    assert answer.answer


@pytest.mark.parametrize("text", [text for guide in GUIDES.values() for text in guide.beyond.values()])
def test_what_the_manual_says_is_not_done_is_said_to_be_so(text: str) -> None:
    try:
        answer = nabla.ask(text)
    except UserError:
        return
    assert "not-covered" in {warning.code for warning in answer.warnings}


@pytest.mark.parametrize("graph", [house.package(), house.page()], ids=lambda graph: graph.title)
def test_the_picture_of_the_house_has_every_room_and_what_it_calls(graph: Graph) -> None:
    rooms = {node.id for node in graph.nodes}
    if graph.title == "The page":
        assert rooms == {path.name for path in house._APP.iterdir() if path.is_dir()} - {"generated", "page"}
    else:
        folders = {path.parent.name for path in house._PACKAGE.glob("*/__init__.py")}
        assert rooms == folders
        called = {edge.target for edge in graph.edges if edge.source == "labs"}
        assert called <= rooms and {"network", "sinusoid"} <= called
    assert all(edge.source != edge.target for edge in graph.edges)
