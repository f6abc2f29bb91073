"""Every link of the gallery, opened: the page shows the golden answer, and Python in the page computes it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nabla.gallery.examples import EXAMPLES, Example
from nabla.page.link import link
from tests.golden.cases import ROUGH
from tests.golden.compare import TOLERANCE, differences

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_link_of_the_gallery_shows_the_golden_answer(warm_page: Page, example: Example) -> None:
    warm_page.goto("about:blank")
    warm_page.goto(link(example.lab, example.inputs))
    warm_page.wait_for_function("() => globalThis.nabla?.answer()", timeout=30_000)
    got = warm_page.evaluate("() => nabla.answer()")
    expected = json.loads((GOLDEN / f"{example.name}.json").read_text(encoding="utf-8"))
    expected["blocks"] = [_decoded(block) for block in expected["blocks"]]
    assert differences(expected, got, example.name, ROUGH.get(example.name, TOLERANCE)) == []
    for kind in ("math", "steps", "plot", "table", "graph", "code"):
        blocks = warm_page.locator(f"#answer .block[data-kind={kind}]")
        expect(blocks).to_have_count(sum(block["kind"] == kind for block in got["blocks"]))


def _decoded(block: dict[str, Any]) -> dict[str, Any]:
    """A block as the page holds it: the arrays of its marks flat, and always with frames."""
    if block["kind"] != "plot":
        return block
    frames = [{**frame, "marks": _flat(frame["marks"])} for frame in block.get("frames", [])]
    return {**block, "marks": _flat(block["marks"]), "frames": frames}


def _flat(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    arrays = {"x", "y", "y1", "y2", "z", "u", "v", "when"}
    return [{name: _numbers(v) if name in arrays and v else v for name, v in mark.items()} for mark in marks]


def _numbers(value: Any) -> list[Any]:
    return [number for item in value for number in _numbers(item)] if isinstance(value, list) else [value]
