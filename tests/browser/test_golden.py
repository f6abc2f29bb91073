"""The golden documents again, computed by the page's own Pyodide: one source, one set of files, two worlds.

Those of the gallery are opened and compared by test_gallery.
"""

import pytest
from playwright.sync_api import Page

from nabla.gallery.examples import EXAMPLES
from tests.golden.cases import CASES
from tests.golden.compare import differences_from_golden

GALLERY = [example.name for example in EXAMPLES]


@pytest.mark.parametrize("name", [name for name in CASES if name not in GALLERY])
def test_the_page_computes_the_golden_document(warm_page: Page, name: str) -> None:
    lab, inputs = CASES[name]
    got = warm_page.evaluate("([lab, inputs]) => globalThis.nabla.run(lab, inputs)", [lab, inputs])
    assert differences_from_golden(name, got) == []
