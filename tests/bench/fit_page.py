"""The fit in the page: a million samples against one `numpy.fft.rfft` of them in the same Pyodide, and from text on."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import astuple
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench._figures import Figure
from tools import browser
from tools.environment import CACHE, DIST
from tools.serve import Server

# In Python there: the medians, in milliseconds, of the transform and of both fits, taken in turns.
_TIMED = """
import time
import numpy as np
from nabla.sinusoid.fit import Task, fit
from nabla.sinusoid.times import classify

x = np.arange(10**6) * 1e-3
tones = ((12.3456, 3.0, 0.3), (50.0, 1.0, 1.0), (222.0, 0.1, 2.0))
y = sum(a * np.cos(2 * np.pi * f * x + phase) for f, a, phase in tones)
y += 1.06 * np.random.default_rng(8).normal(size=x.size)
fit(classify(x), y)
works = (lambda: np.fft.rfft(y), lambda: fit(classify(x), y, Task(3, "constant")), lambda: fit(classify(x), y))
times = [[], [], []]
for _ in range(9):
    for work, taken in zip(works, times):
        start = time.perf_counter()
        work()
        taken.append(1e3 * (time.perf_counter() - start))
[float(np.median(taken)) for taken in times]
"""
_STOCK = """async ([program, archive]) => {
    const { loadPyodide } = await import('./python/pyodide.mjs');
    const python = await loadPyodide();
    await python.loadPackage(['numpy', 'sympy']);
    python.unpackArchive(await (await fetch(archive)).arrayBuffer(), 'zip');
    return python.runPython(program).toJs();
}"""
# What the question takes from text to document, in milliseconds: the first time and the shortest of the next five.
_ASKED = """async ([rows, noise, runs]) => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5;
    const wave = (x) => 3 * Math.sin(2 * Math.PI * 10 * x) + Math.cos(2 * Math.PI * 3.3 * x) + noise * random();
    const text = Array.from({ length: rows }, (_, i) => `${i / 100},${wave(i / 100).toFixed(6)}`).join('\\n');
    const times = [];
    for (let run = 0; run <= runs; run++) {
        const start = performance.now();
        await nabla.run('fit', { data: `x,y\\n${text}\\n` });
        times.push(performance.now() - start);
    }
    return Math.min(...times.slice(1));
}"""


def measure() -> list[Figure]:
    """The figures of the built site in Chromium."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(dir=CACHE, prefix="fit-") as folder:
        stock = Path(folder) / "stock"
        shutil.copytree(Path(__file__).parent / "stock", stock)
        shutil.copytree(next((DIST / "python").glob("*/")), stock / "python")
        archive = next((DIST / "python").glob("nabla-*.zip"))
        shutil.copy(archive, stock)
        chromium = playwright.chromium.launch(executable_path=browser.executable("chromium"), args=browser.flags())
        with Server(stock) as there, Server(DIST, "nabla") as here:
            page = _opened(chromium, there.url)
            transform, known, counted = page.evaluate(_STOCK, [_TIMED, archive.name])
            page.close()
            page = _opened(chromium, here.url + "#/fit")
            page.wait_for_function("() => globalThis.nabla", timeout=60_000)
            short, long = (page.evaluate(_ASKED, [rows, 0.2, runs]) for rows, runs in ((100, 5), (10**6, 2)))
        chromium.close()
    return [
        Figure("in the page: 1e6 samples, K = 3 known, against one rfft", "ms", known, transform, 3.0),
        Figure("in the page: 1e6 samples, K counted, against one rfft", "ms", counted, transform, 6.0),
        Figure("in the page: from the text of 100 rows to the document", "ms", short, 300.0, 1.0),
        Figure("in the page: from the text of 1e6 rows to the document", "ms", long, 2500.0, 1.0),
    ]


def _opened(chromium: Browser, address: str) -> Page:
    page = chromium.new_page()
    page.set_default_timeout(180_000)
    page.goto(address)
    return page


def main() -> list[tuple[object, ...]]:
    """The figures as lists, for JSON."""
    return [astuple(figure) for figure in measure()]
