"""Every link of the gallery, opened: the page shows the golden answer, and Python in the page computes it again."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nabla.gallery.examples import EXAMPLES, Example
from nabla.page.link import link
from tests.browser.conftest import START
from tests.golden.cases import ROUGH
from tests.golden.compare import TOLERANCE, differences, golden
from tests.golden.reduced import reduced

# In the page: whether Python's own answer to this question is there.
ANSWERED = """([lab, inputs]) => {
    const answer = nabla.answer();
    return answer?.lab === lab && Object.keys({ ...answer.inputs, ...inputs })
        .every((name) => answer.inputs[name] === inputs[name]);
}"""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_link_of_the_gallery_shows_the_golden_answer(warm_page: Page, example: Example) -> None:
    expected = golden(example.name)
    warm_page.goto(link(example.lab, example.inputs))
    warm_page.wait_for_function(ANSWERED, arg=[example.lab, expected["inputs"]], timeout=START)
    got = warm_page.evaluate("() => nabla.answer()")
    shown = reduced(got)
    for document in (expected, shown):
        document["blocks"] = [_decoded(block) for block in document["blocks"]]
    assert differences(expected, shown, example.name, ROUGH.get(example.name, TOLERANCE)) == []
    for kind in ("math", "steps", "plot", "table", "graph", "code"):
        blocks = warm_page.locator(f"#answer .block[data-kind={kind}]")
        expect(blocks).to_have_count(sum(block["kind"] == kind for block in got["blocks"]))


def _decoded(block: dict[str, Any]) -> dict[str, Any]:
    """A reduced block as the page holds it: the arrays of its marks flat."""
    if block["kind"] != "plot":
        return block
    frames = [{**frame, "marks": _flat(frame["marks"])} for frame in block["frames"]]
    return {**block, "marks": _flat(block["marks"]), "frames": frames}


def _flat(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: _flattened(value) for name, value in mark.items()} for mark in marks]


def _flattened(value: Any) -> Any:
    if isinstance(value, dict) and "$array" in value:
        return {**value, "$array": [prod(value["$array"])]}
    return (
        [x for row in value for x in row] if isinstance(value, list) and value and isinstance(value[0], list) else value
    )
