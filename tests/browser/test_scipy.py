"""SciPy in the page: fetched when a program calls it, behind the second wall, kept for the time without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import START, answered
from tests.browser.test_second_wall import python
from tools.serve import Server

WHEEL = "**/scipy-*.whl"
CODE = """import numpy as np
from scipy.optimize import minimize, curve_fit
from scipy.special import expit
r = minimize(lambda v: (v[0] - 1) ** 2 + (v[1] + 2) ** 2, [3, 2], method="BFGS")
print(r.success, np.round(r.x, 4))
p, _ = curve_fit(lambda x, a, b: a * np.exp(b * x), [0, 1, 2, 3], [1, 2, 4, 8], p0=[1, 1])
print(np.round(p, 4), expit(0.0))
"""
PRINTED = ["True [ 1. -2.]", "[1.     0.6931] 0.5"]
RUN = "async (f) => (await nabla.run('descend', { f })).values.printed.map((entry) => entry.text)"
AWAY = r"network is away|ERR_CONNECTION_REFUSED|ERR_FAILED"


def start(page: Page, address: str = "") -> None:
    page.goto(f"{address}#/derive?f=x^3+x&wrt=x")
    answered(page)


def test_a_program_that_calls_scipy_is_answered_by_the_real_one(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    start(page)
    assert not any("scipy-" in url for url in fetched)
    assert page.evaluate(RUN, CODE) == PRINTED
    assert sum("scipy-" in url for url in fetched) == 1
    assert page.evaluate(RUN, CODE) == PRINTED
    assert sum("scipy-" in url for url in fetched) == 1
    assert python(page).evaluate("() => [typeof fetch, typeof caches, typeof Worker]") == ["undefined"] * 3


def test_without_the_snapshot_scipy_comes_as_well(ordinary_page: Page) -> None:
    start(ordinary_page)
    assert ordinary_page.evaluate(RUN, CODE) == PRINTED


def test_how_much_of_it_has_come_is_shown(page: Page) -> None:
    start(page)
    held: list[Route] = []
    page.route(WHEEL, lambda route: held.append(route))
    page.evaluate("(f) => { globalThis.later = nabla.run('descend', { f }); }", CODE)
    expect(page.get_by_role("progressbar", name="Fetching SciPy")).to_be_attached(timeout=START)
    held[0].continue_()
    assert page.evaluate("async () => (await later).values.printed.length") == len(PRINTED)
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_another_file_in_its_place_is_refused(page: Page) -> None:
    start(page)
    page.route(WHEEL, lambda route: route.fulfill(body=b"PK" + bytes(99)))
    failed = "async (f) => { try { await nabla.run('descend', { f }); } catch (e) { return e.message; } }"
    assert "could not be fetched" in page.evaluate(failed, CODE)
    page.unroute(WHEEL)
    assert page.evaluate(RUN, CODE) == PRINTED


@pytest.mark.allow_page_errors(AWAY)
def test_it_is_kept_for_the_time_without_a_network(page: Page, dist: Path) -> None:
    with Server(dist, prefix="nabla") as server:
        start(page, server.url)
        assert page.evaluate(RUN, CODE) == PRINTED
        page.wait_for_function(
            """async () => {
                const [cache] = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
                return (await cache.keys()).some(({ url }) => url.includes('scipy-'));
            }"""
        )
    page.reload()
    answered(page)
    assert page.evaluate(RUN, CODE) == PRINTED
