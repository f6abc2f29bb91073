"""The manual says what is there: every input, every public name, every option."""

import nabla
from nabla.__main__ import parser
from nabla.lab import LABS
from tools.manual import manual


def words(name: str) -> str:
    """All words of a page of the manual."""
    return str(manual()[name]["blocks"])


def test_every_input_of_every_lab_is_there() -> None:
    text = words("labs")
    for lab in LABS.values():
        assert lab.summary in text
        for field in lab.fields:
            assert f"`{field.name}`" in text
            assert field.help, f"{lab.name}.{field.name} has no help"


def test_every_public_name_is_there_with_what_it_does() -> None:
    blocks = manual()["python"]["blocks"]
    headings = {block["text"] for block in blocks if block["kind"] == "heading"}
    assert set(nabla.__all__) <= headings
    assert {"Document.to_dict", "Document.checks"} <= headings


def test_every_option_of_the_command_line_is_there() -> None:
    text = words("command-line")
    for action in parser()._actions:
        for option in action.option_strings:
            assert option in text
