"""The golden documents again, computed by the page's own Pyodide: one source, one set of files, two worlds."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.golden.cases import CASES, ROUGH
from tests.golden.compare import TOLERANCE, differences

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", CASES)
def test_the_page_computes_the_golden_document(warm_page: Page, name: str) -> None:
    lab, inputs = CASES[name]
    got = warm_page.evaluate("([lab, inputs]) => globalThis.nabla.run(lab, inputs)", [lab, inputs])
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert differences(expected, got, name, ROUGH.get(name, TOLERANCE)) == []
