"""What every browser has to do, in those that Playwright does not drive: answer, stop, wake up again, go offline."""

from __future__ import annotations

import json

import pytest

from tests.engines.drivers import Driver
from tests.golden.cases import CASES
from tests.golden.compare import differences_from_golden
from tools.serve import Server

LIVE = "#/derive?f=7t^2-5t&wrt=t"
ANSWERED = """new Promise((resolve) => {
    const there = () => document.querySelector('main#answer[data-state=answered]');
    const look = () => (there() ? resolve(true) : setTimeout(look, 50));
    look();
})"""
THERE = """new Promise((resolve) => {
    const look = () => (document.querySelector('PART') ? resolve(true) : setTimeout(look, 50));
    look();
})"""
DERIVED = "nabla.run('derive', { f: 'x^5' }).then((answer) => answer.values.derivative)"
REFUSED = "nablaEarly.storage?.getItem('nabla.start')"


@pytest.fixture
def page(engine: Driver, site: Server) -> Driver:
    """The page with Python up, from the snapshot."""
    if not engine.evaluate(f"globalThis.nabla && location.href.startsWith({site.url!r})"):
        engine.goto(site.url + LIVE)
        engine.evaluate(ANSWERED)
    return engine


def test_python_wakes_up_from_the_snapshot(page: Driver) -> None:
    assert page.evaluate(DERIVED) == "5*x**4"
    assert page.evaluate(REFUSED) is None


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("", ["main .card:nth-child(3)", "main .shown .katex math"]),
        ("#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2", [".step .katex math", ".check", "[data-kind=plot] svg path"]),
    ],
)
def test_what_is_known_beforehand_is_drawn(engine: Driver, site: Server, address: str, parts: list[str]) -> None:
    engine.goto("about:blank")
    engine.goto(site.url + address)
    engine.evaluate("nabla.drawAll()")
    for part in parts:
        assert engine.evaluate(THERE.replace("PART", part))
    assert engine.evaluate("document.querySelectorAll('[data-later]').length") == 0


@pytest.mark.parametrize("name", CASES)
def test_the_page_computes_the_golden_document(page: Driver, name: str) -> None:
    got = page.evaluate(f"nabla.run(...{json.dumps(CASES[name])})")
    assert differences_from_golden(name, got) == []


def test_after_stop_python_answers_again(page: Driver) -> None:
    stopped = """(async () => {
        const calls = Array.from({ length: 40 }, (_, n) => nabla.run('derive', { f: `sin(x)^${n + 5}` }));
        setTimeout(nabla.stop, 200);
        const ends = await Promise.allSettled(calls);
        return ends.filter(({ reason }) => reason?.message === 'Stopped.').length;
    })()"""
    assert page.evaluate(stopped) > 0
    assert page.evaluate(DERIVED) == "5*x**4"
    assert page.evaluate(REFUSED) is None


def test_the_cell_runs_a_program_in_its_sandbox(engine: Driver, site: Server) -> None:
    engine.goto("about:blank")
    engine.goto(site.url + "#/python?code=print(6*7)")
    assert engine.evaluate(THERE.replace("PART", ".cell-editor"))
    editor = "document.querySelector('.cell-editor').shadowRoot.querySelector('[role=textbox]')"
    assert engine.evaluate(f"{editor}.textContent") == "print(6*7)"
    engine.evaluate("document.querySelector('.cell .submit button').click()")
    assert engine.evaluate(THERE.replace("PART", "main[data-state=answered] .cell-text"))
    assert engine.evaluate("document.querySelector('.cell-text').textContent") == "42\n"


def test_a_second_visit_needs_no_network(page: Driver, site: Server) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    folder, site.folder = site.folder, site.folder / "nothing"
    try:
        page.goto("about:blank")
        page.goto(site.url + "#/derive?f=sin(x)^2&wrt=x")
        page.evaluate(ANSWERED)
        assert page.evaluate(DERIVED) == "5*x**4"
    finally:
        site.folder = folder
