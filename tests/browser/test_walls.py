"""Programs that want out, or want everything, or end Python under themselves: held, told, and the page goes on."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

import pytest
import sympy
from playwright.sync_api import Browser, Page, Route, expect

from nabla.lab import LABS
from tests.browser.conftest import LIVE, START, Watch, answered, changed
from tests.browser.test_cell import printed, run, write


@pytest.fixture(scope="module")
def _cell(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(**browser_context_args)
    watch = Watch(context)
    page = context.new_page()
    page.goto("#/python")
    yield page, watch
    context.close()


@pytest.fixture
def cell(_cell: tuple[Page, Watch], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The cell, the same for all tests of this file: leave it usable."""
    page, watch = _cell
    yield page
    watch.settle(request)


# ----- The bridge

UP = ("..", "%2e%2e", ".%2E", "%2e.", ".\t.", ".\n.", "..\\")
BRIDGE = """
import js
from pyodide.ffi import to_js
paths = {paths}
for path in paths:
    try:
        print(len(await (await js.fetch({home!r} + path)).text()), "letters of", path)
    except BaseException as error:
        print("none of Python" in str(error))
"""


def test_the_page_brings_the_sandbox_files_of_python_only(cell: Page) -> None:
    home = cell.url.partition("#")[0]
    base = cell.evaluate("nablaEarly.build.python.base")
    paths = [f"{base}{f'{up}/' * count}private" for up in UP for count in (1, 2, 3)]
    paths += [f"{base}x", f"{base}pyodide.mjs?a", "index.html", "sw.js", base, f"{base}./pyodide.mjs", "//example.org/"]
    asked: list[str] = []
    cell.on("request", lambda request: asked.append(request.url))
    said = printed(cell, BRIDGE.format(paths=json.dumps(paths), home=home))
    assert said.split("\n") == ["True"] * len(paths)
    assert not [url for url in asked if "private" in url or "index.html" in url or "example.org" in url]
    assert printed(cell, BRIDGE.format(paths=json.dumps([f"{base}pyodide.mjs"]), home=home)).endswith("pyodide.mjs")


# ----- The whole library

ALL = """
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
bad = {}
for name in json.loads(NAMES):
    try:
        importlib.import_module(name)
    except Exception as error:
        bad[name] = type(error).__name__
print()
print(bad)
"""


def imported(names: list[str]) -> str:
    return ALL.replace("NAMES", repr(json.dumps(names)))


def sympys_modules() -> list[str]:
    """The names of all of SymPy's modules but its tests."""
    modules = pkgutil.walk_packages(sympy.__path__, "sympy.", onerror=lambda _: None)
    return [name for _, name, _ in modules if not {"tests", "benchmarks", "testing", "conftest"} & set(name.split("."))]


@pytest.mark.filterwarnings("ignore")
def test_all_of_sympy_can_be_imported(cell: Page) -> None:
    names = sympys_modules()
    native = subprocess.run([sys.executable, "-c", imported(names)], capture_output=True, text=True, check=True)
    lacking = ast.literal_eval(native.stdout.splitlines()[-1])  # those that need packages which come with neither
    assert len(names) > 500
    assert len(lacking) < 30
    here = printed(cell, imported(names))
    assert here, cell.get_by_role("alert").inner_text()
    assert ast.literal_eval(here.splitlines()[-1]).keys() <= lacking.keys()


def test_vectors_and_mechanics(cell: Page) -> None:
    code = (
        "from sympy.physics.mechanics import *\nfrom sympy.vector import CoordSys3D, curl\n"
        "C = CoordSys3D('C')\nprint(curl(C.x*C.y*C.j), dynamicsymbols('q'))"
    )
    here = printed(cell, code)
    assert here == "C.y*C.k q(t)", cell.get_by_role("alert").inner_text()


def test_the_example_of_every_lab_needs_nothing_but_the_labs(page: Page) -> None:
    fetched: list[str] = []
    page.context.on("request", lambda request: fetched.append(request.url))
    page.goto(LIVE)
    answered(page)
    for lab in LABS.values():
        page.evaluate("([lab, inputs]) => nabla.run(lab, inputs)", [lab.name, dict(lab.example)])
    assert [address for address in fetched if "/labs-" in address]
    assert [address for address in fetched if address.endswith((".whl", "python_stdlib.zip"))] == []


def test_a_lab_waits_for_modules_on_their_way(page: Page) -> None:
    page.goto("#/decompose?V=y^2; x*y&n=16")
    answered(page)
    expect(page.locator("#answer")).to_contain_text("The six lines")
    # And again, with nothing to wait for.
    page.goto("#/decompose?V=x*y; y*z; z*x&n=8")
    answered(page)


@pytest.mark.allow_page_errors("404|console: Failed to load")
def test_a_library_that_does_not_come_is_told(page: Page) -> None:
    page.route("**/*.whl", lambda route: route.fulfill(status=404, body=""))
    page.goto("#/decompose?V=y^2; x*y&n=16")
    expect(page.locator("#answer")).to_contain_text("A part of Python’s library could not be fetched", timeout=START)
    page.unroute("**/*.whl")
    page.goto("#/decompose?V=y^2; x*y; 0&n=8")
    answered(page)


# ----- Memory

BOMBS = {
    "texts": "l = []\ns = 'a' * 99999\nfor i in range(90000):\n    l.append(s + 'b')",
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_program_that_takes_all_memory_is_told_its_line_and_python_begins_anew(page: Page, what: str) -> None:
    page.goto(LIVE)
    answered(page)
    page.goto(f"#/backprop?code={quote(BOMBS[what])}")
    expect(page.locator("#answer")).to_have_attribute("data-state", "error", timeout=START)
    last = BOMBS[what].count("\n") + 1
    expect(page.locator("main, form").filter(has_text=f"Line {last}: ").first).to_be_visible()
    page.goto("#/derive?f=x^7&wrt=x&at=x=3")
    answered(page)
    assert page.evaluate("nabla.answer().values.value") == 7 * 3**6


def test_memory_in_the_cell_has_the_same_limit(cell: Page) -> None:
    error = run(cell, "kept = []\nwhile True:\n    kept.append('a' * 10_000_000)").get_by_role("alert")
    expect(error).to_contain_text("MemoryError")
    assert printed(cell, "print(6 * 7)") == "42"


# ----- Ends

ENDS = {
    "the process": "import os\nprint('begun')\nos._exit(1)",
    "the thread": "import js\nprint('begun')\njs.self.close()\nwhile True: pass",
    "the thread by its prototype": "import js\njs.Object.getPrototypeOf(js.self).close.call(js.self)\nwhile True: pass",
    "the stack": "import sys\nsys.setrecursionlimit(10**9)\ndef f(n):\n    return f(n + 1)\nf(0)",
}


@pytest.mark.parametrize("what", ENDS)
@pytest.mark.allow_page_errors("fatal error|console: |uncaught")
def test_a_program_that_ends_python_is_stopped(cell: Page, what: str) -> None:
    assert printed(cell, "print(1)") == "1"
    write(cell, ENDS[what])
    cell.get_by_role("button", name="Run").click()
    expect(cell.locator("main#answer").get_by_role("alert")).to_contain_text("Python stopped working", timeout=START)
    assert printed(cell, "print(2)") == "2"


def test_sleeping_and_long_lines(cell: Page) -> None:
    assert printed(cell, "import time\ntime.sleep(0.05)\nprint('a' * 199_990)") == "a" * 199_990


# ----- Storage, links, parts that are gone


@pytest.mark.parametrize("kept", ['[{"f":5}]', "[[1]]", '[{"f":null,"wrt":{}}]', "{"])
def test_what_strangers_keep_does_not_take_the_form_away(page: Page, kept: str) -> None:
    names = ["nabla.drafts.derive", "nabla.drafts.python", "nabla.history", "nabla.theme"]
    page.add_init_script(f"for (const name of {json.dumps(names)}) localStorage[name] = {json.dumps(kept)}")
    page.goto("#/derive?f=x^2&wrt=x")
    expect(page.get_by_label("Function", exact=True)).to_have_value("x^2")
    page.goto("#/derive")
    expect(page.get_by_label("Function", exact=True)).to_be_visible()


def test_twenty_thousand_values_in_a_link_are_counted_not_told(page: Page) -> None:
    page.goto("#/derive?f=x&" + "&".join(f"a{i}=1" for i in range(20_000)))
    expect(page.locator("#problems p, .note p").filter(has_text="more problems with this link")).to_be_visible()
    assert len(page.locator("body").inner_text()) < 20_000


LAB = ("#/derive?f=x^2&wrt=x", "input[name=f]")
PARTS = {"main-*.js": LAB, "early-*.js": LAB, "chunk-*.js": LAB, "about-*.js": ("#/about", "h1#about")}


@pytest.mark.allow_page_errors("404|console: Failed to load|net::ERR|nablaEarly")
@pytest.mark.parametrize("what", PARTS)
def test_a_page_whose_parts_are_gone_loads_the_newer_version_once(page: Page, what: str) -> None:
    asked: list[str] = []

    def older(route: Route) -> None:
        asked.append(route.request.url)
        response = route.fetch()
        # The first page is an older one, out of a cache.
        body = response.text() if len(asked) > 1 else re.sub(r'"version":"\w+"', '"version":"0ld"', response.text())
        route.fulfill(response=response, body=body)

    gone: list[str] = []

    def missing(route: Route) -> None:
        if len(asked) > 1:
            return route.continue_()
        gone.append(route.request.url)
        return route.fulfill(status=404, body="")

    page.route(re.compile(r"/nabla/$"), older)
    page.route(f"**/assets/{what}", missing)
    address, shown = PARTS[what]
    page.goto(address)
    expect(page.locator(shown)).to_be_visible(timeout=START)
    assert gone


@pytest.mark.allow_page_errors("404|console: Failed to load|net::ERR|nablaEarly")
def test_a_page_whose_parts_do_not_come_says_so(page: Page) -> None:
    page.route("**/assets/main-*.js", lambda route: route.fulfill(status=404, body=""))
    page.goto("#/")
    expect(page.get_by_role("alert")).to_contain_text("This part of the page did not arrive")


@pytest.mark.allow_page_errors("404|console: Failed to load|net::ERR|nablaEarly")
def test_an_old_tab_says_that_a_newer_version_is_there(page: Page) -> None:
    older = partial(re.sub, rb'"version": ?"[^"]*"', b'"version":"0ld"')
    changed(page.context, "**/nabla/", older, times=1)
    page.route("**/assets/worker-*.js", lambda route: route.fulfill(status=404, body=""))
    page.goto(LIVE)
    expect(page.get_by_role("alert").filter(has_text="Python could not start")).to_contain_text(
        "A newer version of this page is there"
    )
