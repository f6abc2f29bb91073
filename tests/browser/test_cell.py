"""The Python cell: what it shows, that it stops, and that nothing that runs in it reaches the page or the device."""

from __future__ import annotations

import io
import json
import re
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import START, Watch
from tests.browser.told import plot
from tools.cell import FRAME
from tools.serve import Server


def shown(document: dict[str, Any]) -> str:
    """A message that shows a document, as Python."""
    return f"{{'type': 'show', 'run': RUN, 'text': {json.dumps(document)!r}, 'numbers': js.Float64Array.new(2)}}"


ENDED = "main#answer:is([data-state=answered], [data-state=error])"
WHEEL = "tiny_forward-1.2-py3-none-any.whl"


@pytest.fixture(scope="module")
def _cell(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(**browser_context_args, ignore_https_errors=True)
    watch = Watch(context)
    page = context.new_page()
    page.goto("#/python")
    yield page, watch
    context.close()


@pytest.fixture
def cell(_cell: tuple[Page, Watch], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The cell, the same for all tests of this file: what a failed test leaves running is stopped."""
    page, watch = _cell
    yield page
    stop = page.get_by_role("button", name="Stop")
    if stop.is_visible():
        stop.click()
        expect(page.locator(ENDED)).to_be_visible(timeout=START)
    watch.settle(request)


def program(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Program")


def write(page: Page, code: str) -> None:
    """Put another program into the editor, pasted as people do: the driver's `fill` makes Chromium add styles."""
    program(page).press("ControlOrMeta+a")
    program(page).evaluate(
        """(editor, code) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', code);
            editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }""",
        code,
    )


def run(page: Page, code: str) -> Locator:
    """Type a program, run it, wait until it has ended; what it came to."""
    write(page, code)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(ENDED)).to_be_visible(timeout=START)
    return page.locator("main#answer")


def printed(page: Page, code: str) -> str:
    """The text of a program that shows nothing else."""
    return "".join(run(page, code).locator(".cell-text").all_inner_texts()).strip()


def test_what_is_printed_and_shown_comes_in_order(cell: Page) -> None:
    code = 'import sys\nprint("one")\nprint("two", file=sys.stderr)\ndisplay(3)\nprint("four")\n"five"'
    outputs = run(cell, code).locator(".cell-text")
    expect(outputs).to_have_text(["one", "two", "3", "four", "'five'"])
    assert [output.get_attribute("data-stream") for output in outputs.all()] == ["out", "err", "value", "out", "value"]


def test_a_document_is_drawn_as_in_its_lab(cell: Page) -> None:
    answer = run(cell, 'nabla.derive("x^3", wrt="x", at="x=2")')
    expect(answer.locator(".cell-title")).to_contain_text("Derivative")
    expect(answer.locator(".math-result .katex").first).to_be_visible()
    expect(answer.locator("[data-kind=plot] svg").first).to_be_visible()
    expect(answer.locator("[data-kind=check]").first).to_have_attribute("data-verdict", "passed")
    link = answer.get_by_role("link", name="Open in Derive")
    assert "#/derive?f=x^3&wrt=x&at=x=2" in (link.get_attribute("href") or "")


def test_expressions_matrices_and_lists_of_them_are_formulas(cell: Page) -> None:
    answer = run(cell, 'x = sp.Symbol("x")\ndisplay(sp.Matrix([[1, x]]))\n[x**2, sp.sqrt(2)]')
    expect(answer.locator("[data-tex]")).to_have_count(2)
    tex = [node.get_attribute("data-tex") or "" for node in answer.locator("[data-tex]").all()]
    assert "matrix" in tex[0] and r"\sqrt{2}" in tex[1]


def test_arrays_are_tables_and_curves(cell: Page) -> None:
    answer = run(cell, "display(np.eye(3))\nx = np.linspace(0, 1, 50)\n(x, x**2)")
    expect(answer.locator("[data-kind=table]")).to_contain_text("shape (3, 3), float64")
    expect(answer.locator("[data-kind=plot] svg").first).to_be_visible()


def test_numbers_that_are_shown_can_be_asked_about(cell: Page) -> None:
    answer = run(cell, "t = np.linspace(0, 6, 60)\nv = 3 + 2*np.sin(4*t)\ndisplay(np.eye(2))\n(t, v)")
    link = answer.get_by_role("link", name="Ask about this")
    expect(link).to_have_count(1)
    link.click()
    expect(cell.locator("main#answer[data-state=answered]")).to_contain_text("One sinusoid", timeout=START)
    cell.go_back()
    expect(cell.get_by_role("link", name="Ask about this")).to_be_visible(timeout=START)


def test_an_error_is_marked_at_its_line(cell: Page) -> None:
    answer = run(cell, "def slope(x):\n    return 1 / x\n\nprint('before')\nslope(0)")
    expect(answer).to_have_attribute("data-state", "error")
    expect(answer.locator(".cell-text")).to_have_text("before")
    error = answer.get_by_role("alert")
    expect(error).to_contain_text("ZeroDivisionError: division by zero")
    expect(error.locator(".caret .line")).to_contain_text("2")
    expect(error.locator(".caret mark")).to_have_text("1 / x")
    error.get_by_text("The whole trace").click()
    expect(error.locator("pre.trace")).to_contain_text('File "<cell>", line 5, in <module>')
    expect(error.locator("pre.trace")).not_to_contain_text("_pyodide")


def test_a_program_that_cannot_be_read_says_where(cell: Page) -> None:
    error = run(cell, "a = 1\nb = (2,").get_by_role("alert")
    expect(error).to_contain_text("SyntaxError: '(' was never closed")
    expect(error.locator(".caret mark")).to_have_text("(2,")


def test_a_breakpoint_is_refused(cell: Page) -> None:
    error = run(cell, "x = 1\nbreakpoint()\nprint(x)").get_by_role("alert")
    expect(error).to_contain_text("breakpoint() has no debugger here: print what you want to see.")
    expect(error.locator(".caret mark")).to_have_text("breakpoint()")


def test_awaiting_needs_no_function(cell: Page) -> None:
    assert printed(cell, "import asyncio\nawait asyncio.sleep(0.05)\nprint(await asyncio.sleep(0, 7))") == "7"


def test_each_run_begins_anew(cell: Page) -> None:
    run(cell, "kept = 1")
    assert printed(cell, "print('kept' in globals())") == "False"


def test_the_whole_library_can_be_imported(cell: Page) -> None:
    assert printed(cell, "import colorsys\nprint(colorsys.rgb_to_hsv(1, 0, 0))") == "(0.0, 1.0, 1)"
    assert printed(cell, "from sympy.physics import units\nprint(units.meter)") == "meter"
    assert printed(cell, "print(np.polynomial.Polynomial([1, 2])(3))") == "7.0"


def test_an_endless_loop_is_stopped_and_python_comes_back(cell: Page) -> None:
    write(cell, "print('begun')\nwhile True:\n    pass")
    cell.get_by_role("button", name="Run").click()
    expect(cell.locator("main#answer .cell-text")).to_have_text("begun", timeout=START)
    # The page stays usable meanwhile.
    expect(cell.locator("main#answer")).to_have_attribute("data-state", "loading")
    cell.get_by_role("button", name="Stop").click()
    expect(cell.locator("main#answer .note")).to_have_text("Stopped.")
    assert printed(cell, "print(6 * 7)") == "42"


def test_a_flood_of_lines_is_cut(cell: Page) -> None:
    answer = run(cell, "for i in range(200_000):\n    print('line', i)\n'end'")
    expect(answer.locator(".cell-text").first).to_contain_text("more was printed than the page shows")
    expect(answer.locator(".cell-text").last).to_have_text("'end'")


# ----- Packages


class _Wheels(BaseHTTPRequestHandler):
    wheel: bytes

    def do_GET(self) -> None:
        self.send_response(200 if self.path.endswith(WHEEL) else 404)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(self.wheel)))
        self.end_headers()
        self.wfile.write(self.wheel)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def wheel() -> Iterator[str]:
    """The address of a wheel of pure Python on another origin, which allows others to read it."""
    packed = io.BytesIO()
    about = "tiny_forward-1.2.dist-info"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "tiny_forward.py", "import numpy, fractions\n\ndef half(x):\n    return fractions.Fraction(x, 2)\n"
        )
        archive.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-forward\nVersion: 1.2\nRequires-Dist: numpy\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    handler = type("_Handler", (_Wheels,), {"wheel": packed.getvalue()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(Path(__file__).with_name("loopback.pem"))
    server.socket = secure.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}/{WHEEL}"
    server.shutdown()
    server.server_close()


def test_a_wheel_is_installed_from_its_address(cell: Page, wheel: str) -> None:
    code = f'await micropip.install("{wheel}")\nimport tiny_forward\nprint(tiny_forward.half(3))'
    assert printed(cell, code) == "3/2"
    # It stays, and the next run need not name micropip.
    assert printed(cell, "import tiny_forward\nprint(tiny_forward.half(5))") == "5/2"
    assert printed(cell, "import micropip\nprint(sorted(micropip.list()))") == (
        "['micropip', 'mpmath', 'numpy', 'sympy', 'tiny-forward']"
    )


def test_a_package_is_found_by_name_in_an_index(cell: Page, wheel: str) -> None:
    name = "tiny-forward"
    listed = {"meta": {"api-version": "1.0"}, "name": name, "files": [
        {"filename": WHEEL, "url": wheel, "hashes": {}, "size": 1, "requires-python": ">=3.8"}
    ]}  # fmt: skip
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/vnd.pypi.simple.v1+json"}
        route.fulfill(body=json.dumps(listed), headers=headers)

    # Whatever index is the usual one.
    cell.context.route(re.compile(rf"^https://.*/{name}/?"), answer)
    stopped(cell)
    assert printed(cell, f'await micropip.install("{name}")\nimport tiny_forward\nprint(tiny_forward.half(7))') == "7/2"
    assert len(asked) == 1, asked


def stopped(page: Page) -> None:
    """A sandbox in which nothing has run."""
    write(page, "while True:\n    pass")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main#answer .note")).to_have_text("Stopped.")


# ----- The sandbox

# What a program could try to reach, as Python, and what becomes of it.
OUTSIDE = {
    "the storage": "js.localStorage.getItem('nabla.drafts.python')",
    "the caches": "await js.caches.keys()",
    "the databases": "js.indexedDB.open('x')",
    "the page": "js.parent.document.title",
    "the window": "js.window.location",
    "the document": "js.document.cookie",
    "the service worker": "await js.navigator.serviceWorker.getRegistrations()",
    "the private files": "await js.navigator.storage.getDirectory()",
    "a page of ours": "(await js.fetch('index.html')).status",
    "another program": "js.importScripts('x.js')",
    "text as script": "js.eval('1')",
}


@pytest.mark.parametrize("what", OUTSIDE)
@pytest.mark.allow_page_errors("Content Security Policy|policy violated: (script-src by eval|connect-src)")
def test_a_program_cannot_reach(cell: Page, what: str) -> None:
    tried = f"try:\n    {OUTSIDE[what]}\nexcept BaseException:\n    print('refused')\nelse:\n    print('reached')"
    code = f"import js\n{tried}"
    assert printed(cell, code) == "refused"


# The same from the sandbox's own page, in which a program that broke out of its worker would be.
FRAMED = {
    "localStorage": "() => localStorage.length",
    "cookies": "() => document.cookie",
    "indexedDB": "() => indexedDB.open('x')",
    "caches": "() => caches.keys()",
    "serviceWorker": "() => navigator.serviceWorker.getRegistrations()",
    "private files": "() => navigator.storage.getDirectory()",
    "parent": "() => parent.document.title",
    "top": "() => { top.location = 'about:blank' }",
    "window": "() => { if (!open('about:blank')) throw new Error('refused') }",
}


@pytest.mark.parametrize("what", FRAMED)
@pytest.mark.allow_page_errors("")
def test_the_sandboxs_page_cannot_reach(cell: Page, what: str) -> None:
    frame = next(frame for frame in cell.frames if frame.url.endswith(FRAME))
    tried = f"async () => {{ try {{ await ({FRAMED[what]})(); return 'reached' }} catch {{ return 'refused' }} }}"
    assert frame.evaluate(tried) == "refused"
    assert frame.evaluate("origin") == "null"
    expect(program(cell)).to_be_visible()


@pytest.mark.allow_page_errors("Content Security Policy|policy violated|Refused to frame|ERR_BLOCKED_BY_CSP")
def test_the_sandbox_shows_pages_of_this_site_only(page: Page, site: Server) -> None:
    page.goto("#/python")
    assert printed(page, "print(1)") == "1"
    with Server(site.folder) as elsewhere:
        frame = next(frame for frame in page.frames if frame.url.endswith(FRAME))
        frame.evaluate("address => { location = address }", f"{elsewhere.url}licences.html?secret")
        page.wait_for_timeout(500)
        assert elsewhere.sent == 0


@pytest.mark.allow_page_errors("")
def test_the_sandboxs_page_does_nothing_outside_of_a_sandbox(page: Page, site: Server) -> None:
    # Somebody may open it, or frame it, where it has the site's own origin.
    page.goto("licences.html")
    page.goto(FRAME)
    send = """() => new Promise((resolve) => {
        self.onmessage = () => setTimeout(resolve, 300, globalThis.workers ?? 0);
        const { Worker } = self;
        globalThis.Worker = class { constructor() { globalThis.workers = 1; } postMessage() {} };
        const [one, other] = [new MessageChannel(), new MessageChannel()];
        postMessage('1', '*', [one.port1, other.port1]);
    })"""
    assert page.evaluate(send) == 0


# What a program that got hold of the channel could send; each closes the sandbox, and the page goes on.
EMPTY = {"title": None, "lab": None, "inputs": {}, "warnings": [], "answer": None, "data": None, "blocks": []}
MARK = {"mark": "line", "label": "", "color": 0, "dash": False, "when": None}
HOSTILE = {
    "no object": "'text'",
    "an unknown type": "{'type': 'document', 'html': '<img src=x>'}",
    "more members": "{'type': 'text', 'run': RUN, 'stream': 'out', 'text': 'a', 'html': '<b>'}",
    "a number as text": "{'type': 'text', 'run': RUN, 'stream': 'out', 'text': 7}",
    "no JSON": "{'type': 'show', 'run': RUN, 'text': '{', 'numbers': None}",
    "an unknown block": shown({**EMPTY, "blocks": [{"kind": "html", "html": "<img src=x onerror=alert(1)>"}]}),
    "numbers that did not come": shown(
        {**EMPTY, "blocks": [plot({**MARK, "x": {"$f64": [0, [9]]}, "y": {"$f64": [0, [9]]}})]}
    ),
}

# It catches the channel as it is used, then sends through it.
SEND = """
import asyncio, js
from pyodide.ffi import create_proxy, to_js
proto = js.MessagePort.prototype
post, found = proto.postMessage, []
def catch(port, message, *rest):
    proto.postMessage = post
    found.append((port, message.run))
proto.postMessage = create_proxy(catch, capture_this=True)
print("caught")
port, RUN = found[0]
port.postMessage(to_js(%s, dict_converter=js.Object.fromEntries))
await asyncio.sleep(20)
"""


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_messages_close_the_sandbox(cell: Page, what: str) -> None:
    answer = run(cell, SEND % HOSTILE[what])
    expect(answer.locator(".note")).to_contain_text("The sandbox was closed")
    assert answer.locator("img").count() == 0
    assert printed(cell, "print(1)") == "1"


def test_a_message_that_is_right_passes(cell: Page) -> None:
    # Or the test above would hold for whatever is sent.
    code = SEND % "{'type': 'text', 'run': RUN, 'stream': 'out', 'text': 'by hand'}"
    assert printed(cell, code.replace("sleep(20)", "sleep(0)")) == "by hand"


# ----- Links

LINK = f"#/python?code={quote('print(2 + 3)')}"


def test_code_of_a_link_is_shown_and_runs_on_a_click_only(page: Page) -> None:
    page.goto(LINK)
    expect(program(page)).to_have_text("print(2 + 3)")
    expect(page.get_by_role("note")).to_contain_text("This code came with the link. It runs in a sandbox")
    expect(page.locator(".keys")).to_be_visible(timeout=START)  # Python is there
    page.wait_for_timeout(500)
    expect(page.locator("main#answer[data-state=empty]")).to_be_visible()
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".cell-text")).to_have_text("5", timeout=START)


def test_a_link_leaves_the_draft_alone_and_never_runs_it(page: Page) -> None:
    page.goto("#/python")
    write(page, "print('mine')")
    expect(page).to_have_url(re.compile(r"#/python\?code=print"))
    page.goto(LINK)
    expect(program(page)).to_have_text("print(2 + 3)")
    expect(page.locator("main#answer[data-state=empty]")).to_be_visible()
    page.get_by_role("button", name="Open it").click()
    expect(program(page)).to_have_text("print('mine')")
    page.goto("#/derive?f=x^2&wrt=x")
    page.goto("#/python")
    expect(program(page)).to_have_text("print('mine')")


def test_a_link_gets_a_sandbox_of_its_own(page: Page) -> None:
    page.goto("#/python")
    assert printed(page, "import math\nmath.left = 'behind'\nprint(math.left)") == "behind"
    page.goto(f"#/python?code={quote('import math; print(hasattr(math, chr(108) + chr(101) + chr(102) + chr(116)))')}")
    expect(page.locator("main#answer[data-state=empty]")).to_be_visible()
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".cell-text")).to_have_text("False", timeout=START)


def test_the_editor_completes_names_and_marks_the_error(cell: Page) -> None:
    write(cell, "import numpy as np\n\n")
    program(cell).press_sequentially("np.linspa", delay=20)
    expect(cell.get_by_role("option", name="linspace")).to_be_visible()
    cell.wait_for_timeout(100)  # A completion that comes under the typing hand is not taken.
    program(cell).press("Enter")
    program(cell).press_sequentially("(0, 1, 3).siz")
    expect(program(cell)).to_contain_text("np.linspace(0, 1, 3).siz")
    program(cell).press("ControlOrMeta+Enter")
    expect(cell.locator(ENDED)).to_be_visible(timeout=START)
    expect(cell.locator(".cm-lintRange-error")).to_have_text("np.linspace(0, 1, 3).siz")
    program(cell).press_sequentially("e")
    program(cell).press("ControlOrMeta+Enter")
    expect(cell.locator(".cell-text")).to_have_text("3", timeout=START)
    expect(cell.locator(".cm-lintRange-error")).to_have_count(0)


def test_tab_indents_and_escape_then_tab_leaves_the_editor(cell: Page) -> None:
    write(cell, "pass")
    program(cell).press("Home")
    program(cell).press("Tab")
    expect(program(cell)).to_have_text("    pass")
    program(cell).press("Escape")
    program(cell).press("Tab")
    expect(cell.get_by_role("button", name="+ Code")).to_be_focused()


# The fixture's own script looks for the storage in every frame.
@pytest.mark.allow_page_errors("Failed to read the 'localStorage' property")
def test_without_the_snapshot_the_cell_starts_in_the_ordinary_way(ordinary_page: Page) -> None:
    ordinary_page.goto("#/python")
    code = "import colorsys\nprint(np.sum([1, 2]), sp.Symbol('x'), colorsys.rgb_to_hsv(1, 0, 0))"
    assert printed(ordinary_page, code) == "3 x (0.0, 1.0, 1)"


@pytest.mark.allow_page_errors("policy violated: connect-src by .*/python/")
def test_scipy_comes_when_a_program_names_it(cell: Page) -> None:
    code = "from scipy.optimize import brentq\nprint(round(brentq(lambda x: x**2 - 2, 0, 2), 6))"
    assert printed(cell, code) == "1.414214", cell.get_by_role("alert").inner_text()


def test_figures_and_data_frames_are_shown(cell: Page) -> None:
    code = (
        "import matplotlib.pyplot as plt, pandas as pd\nframe = pd.DataFrame({'a': [1, 2], 'b': [0.5, None]})\n"
        "plt.plot(frame.a)\nplt.show()\nprint('between')\nplt.bar([1, 2], [3, 4])\ndisplay(frame)\n"
        # What pandas imports only here comes too, and the program begins again.
        "frame.to_excel('table.xlsx')\nprint(pd.read_excel('table.xlsx').shape)"
    )
    answer = run(cell, code)
    pictures = answer.locator(".cell-image img")
    expect(pictures).to_have_count(2)
    assert all(width > 100 for width in pictures.evaluate_all("images => images.map(image => image.naturalWidth)"))
    expect(answer.locator("[data-kind=table]")).to_contain_text("2 rows, 2 columns")
    expect(answer.locator("[data-kind=table]")).to_contain_text("NaN")
    expect(answer.locator(".cell-text")).to_have_text(["between", "(2, 3)"])
    with cell.expect_download() as saving:
        answer.get_by_role("link", name="Save as SVG").first.click()
    assert saving.value.suggested_filename == "figure.svg"
    assert b"<svg" in Path(saving.value.path()).read_bytes()


HTML = """<table><tr><td colspan=2>told</table><script>document.title = 'broken'</script><img src=x onerror=alert(1)>
<p onclick=alert(1) style=color:red><a href=javascript:alert(1)>here</a> <a href=https://example.org/>there</a>"""


# The parser tells what it does not run.
@pytest.mark.allow_page_errors("inline")
def test_markup_is_drawn_anew_and_runs_nothing(cell: Page) -> None:
    markup = run(cell, f"class Shown:\n    def _repr_html_(self):\n        return {HTML!r}\nShown()").locator(".markup")
    expect(markup.locator("td[colspan='2']")).to_have_text("told")
    assert markup.locator("script, img, [onclick], [style], [href^=javascript]").count() == 0
    expect(markup.locator("a[href]")).to_have_count(1)
    assert cell.title() != "broken"


def test_input_waits_for_what_is_typed(cell: Page) -> None:
    write(cell, "import asyncio\nname = input('Who? ')\nprint(asyncio.run(asyncio.sleep(0.01, name[::-1])))")
    cell.get_by_role("button", name="Run").click()
    field = cell.get_by_role("textbox", name="Who?")
    expect(field).to_be_focused(timeout=START)
    field.fill("Ada")
    field.press("Enter")
    expect(cell.locator(ENDED)).to_be_visible()
    expect(cell.locator(".cell-text")).to_have_text("Who? Ada\nadA")


def test_lines_of_notebooks_and_of_terminals(cell: Page) -> None:
    code = "%matplotlib inline\nprint('10 %', end='\\r')\nprint('\\x1b[31m99 %\\x1b[0m')\n%timeit -n 1 pass\n!ls"
    answer = run(cell, code)
    expect(answer.locator(".cell-text").first).to_contain_text("99 %")
    expect(answer.locator(".cell-text").first).not_to_contain_text("10 %")
    expect(answer.locator(".ansi-red")).to_have_text("99 %")
    expect(answer.get_by_role("alert")).to_contain_text("There is no shell here: !ls")


NOTEBOOK = "# %% [markdown]\n# ## Title\n# A $x^2$.\n\n# %%\na = 2\n\n# %%\nprint(a)\na += 1\n"


def test_cells_run_together_and_alone_with_the_names_of_those_before(page: Page) -> None:
    page.goto(f"#/python?code={quote(NOTEBOOK)}")
    expect(page.get_by_role("heading", name="Title")).to_be_visible()
    expect(page.locator(".markup .katex")).to_be_visible()
    page.get_by_role("button", name="Run all").click()
    expect(page.locator(ENDED)).to_be_visible(timeout=START)
    last = page.get_by_role("region", name="Cell 3")
    expect(last.locator(".cell-text")).to_have_text("2")
    last.get_by_role("button", name="Run", exact=True).click()
    expect(last.locator(".cell-text")).to_have_text("3")
    page.get_by_role("button", name="Run all").click()
    expect(last.locator(".cell-text")).to_have_text("2")
    last.get_by_role("button", name="+ Code").click()
    page.get_by_role("textbox", name="Program of cell 4").press_sequentially("a * 5")
    added = page.get_by_role("region", name="Cell 4")
    added.get_by_role("button", name="Run", exact=True).click()
    expect(added.locator(".cell-text")).to_have_text("15")
    page.get_by_label("Run what depends on a change").check()
    page.get_by_role("textbox", name="Program of cell 2").press("ControlOrMeta+End")
    page.get_by_role("textbox", name="Program of cell 2").press_sequentially("0")
    page.get_by_role("region", name="Cell 2").get_by_role("button", name="Run", exact=True).click()
    expect(last.locator(".cell-text")).to_have_text("20")
    expect(added.locator(".cell-text")).to_have_text("105")
    page.get_by_role("button", name="File").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as notebook (.ipynb)").click()
    cells = json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code", "code", "code"]


def test_a_file_is_opened_as_the_program(page: Page) -> None:
    page.goto("#/python")
    notebook = {"cells": [{"cell_type": "code", "source": ["b = 4\n", "b * 2"]}], "nbformat": 4}
    chooser = page.locator("input[type=file][accept]")
    chooser.set_input_files({"name": "n.ipynb", "mimeType": "text/plain", "buffer": json.dumps(notebook).encode()})
    expect(program(page)).to_have_text("b = 4b * 2")
    chooser.set_input_files({"name": "n.ipynb", "mimeType": "text/plain", "buffer": b"no notebook"})
    expect(page.get_by_role("alert")).to_contain_text("n.ipynb is not a notebook")
    expect(program(page)).to_have_text("b = 4b * 2")


def test_files_come_to_programs_and_go_from_them(page: Page) -> None:
    page.goto("#/python")
    page.get_by_label("Files for the program").set_input_files(
        {"name": "given.csv", "mimeType": "text/csv", "buffer": b"1,2\n3,4\n"}
    )
    expect(page.get_by_text("Programs can read")).to_contain_text("given.csv")
    code = "rows = np.loadtxt('given.csv', delimiter=',')\nopen('sum.txt', 'w').write(str(rows.sum()))\nrows.sum()"
    expect(run(page, code).locator(".cell-text")).to_have_text("np.float64(10.0)")
    with page.expect_download() as saving:
        page.get_by_role("button", name="sum.txt").click()
    assert Path(saving.value.path()).read_text(encoding="utf-8") == "10.0"
    expect(page.locator(".cell-written")).not_to_contain_text("given.csv")


def test_a_program_of_an_answer_opens_in_the_cell(page: Page, ask: Callable[[Page, str], Page]) -> None:
    ask(page, "#/derive?f=x^2&wrt=x&at=x=3&depth=proof")
    page.get_by_role("button", name="Open in Python").first.click()
    expect(program(page)).to_contain_text("import")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("main#answer[data-state=answered]")).to_be_visible(timeout=START)


def test_the_first_program_waits_for_modules_that_are_on_their_way(page: Page) -> None:
    page.goto("#/python")
    code = "open('a.csv', 'w').write('1,2')\nimport colorsys, gzip\nprint(np.loadtxt('a.csv', delimiter=',').sum())"
    assert printed(page, code) == "3.0"
