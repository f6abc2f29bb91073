"""The second wall: JavaScript in Python's worker, as if the guard of programs had failed, finds no way out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Worker

from tests.browser.conftest import Watch

GONE = (
    "fetch XMLHttpRequest WebSocket WebTransport EventSource importScripts Worker SharedWorker BroadcastChannel "
    "indexedDB caches cookieStore navigator FileSystemHandle FileSystemFileHandle FileSystemDirectoryHandle "
    "Notification Request Response Headers FontFace createImageBitmap RTCDataChannel WebSocketStream IDBFactory "
    "CacheStorage StorageManager ServiceWorkerRegistration PushManager Blob File FileReader FileReaderSync Image "
    "close"
).split()
# What a program could try that reached JavaScript; each must fail, or give nothing.
ATTEMPTS = {
    "fetch": "fetch('index.html')",
    "self.fetch": "self.fetch('index.html')",
    "prototype": "Object.getPrototypeOf(Object.getPrototypeOf(self)).fetch.call(self, 'index.html')",
    "worker": "new Worker('x.js')",
    "storage": "navigator.storage.getDirectory()",
    "database": "indexedDB.open('x')",
    "cache": "caches.open('x')",
    "channel": "new BroadcastChannel('x')",
    "socket": "new WebSocket('ws://127.0.0.1/')",
    "script": "importScripts('sw.js')",
    "object address": "URL.createObjectURL(new Blob(['1']))",
    "streaming": "WebAssembly.compileStreaming(new Response(''))",
}


@pytest.fixture(scope="module")
def _ready(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(**browser_context_args)
    watch = Watch(context)
    page = context.new_page()
    page.goto("#/backprop")
    page.evaluate("async () => (await nabla.run('derive', { f: 'x^2' })).values.derivative")
    yield page, watch
    context.close()


@pytest.fixture
def ready(_ready: tuple[Page, Watch], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose Python has answered."""
    page, watch = _ready
    yield page
    watch.settle(request)


def python(page: Page) -> Worker:
    """The worker that Python is in."""
    (worker,) = [worker for worker in page.workers if worker.evaluate("typeof globalThis.postMessage") == "function"]
    return worker


@pytest.mark.parametrize("name", GONE)
def test_the_global_object_has_no_way_out(ready: Page, name: str) -> None:
    assert python(ready).evaluate(f"typeof globalThis[{name!r}]") == "undefined"
    found = """name => { for (let o = globalThis; o; o = Object.getPrototypeOf(o))
        if (Object.getOwnPropertyNames(o).includes(name)) return true; return false; }"""
    assert python(ready).evaluate(found, name) is False


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_a_program_could_try_fails(ready: Page, attempt: str) -> None:
    code = f"async () => {{ try {{ await ({ATTEMPTS[attempt]}); return 'done'; }} catch (e) {{ return e.name; }} }}"
    assert python(ready).evaluate(code) in ("ReferenceError", "TypeError")


def test_forged_messages_change_nothing(ready: Page) -> None:
    for type in ("kept", "refused", "failed", "ready", "stage", "done"):
        message = f"{{ type: {type!r}, kept: null, message: 'forged', id: 10 ** 9 }}"
        python(ready).evaluate(f"() => self.postMessage({message})")
    assert ready.evaluate("async () => (await nabla.run('derive', { f: 'x^3' })).values.derivative") == "3*x**2"


def test_python_goes_on_behind_the_wall(ready: Page) -> None:
    code = "import numpy as np\nw = np.array([1.0, 2.0])\nloss = np.sum((np.ones((2, 2)) @ w) ** 2)\nprint(loss)"
    run = "async (code) => (await nabla.run('backprop', { code })).values.printed[0].text"
    assert ready.evaluate(run, code) == "18.0"
    data = "\n".join(f"{i} {[1, 2, 1, 0][i % 4]}" for i in range(16))
    assert ready.evaluate("async (data) => (await nabla.run('fit', { data })).lab", data) == "fit"
