"""Stock Firefox by WebDriver BiDi and WebKitGTK by WebDriver: as much of both as the tests need."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Protocol

from tests.engines.socket_client import WebSocket

PATIENCE = 180  # seconds that a call may take, a start of Python included
_MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"


class DriverError(Exception):
    """The browser does not do what it was told; the message says what it answered."""


class Driver(Protocol):
    """One window of a browser."""

    def goto(self, address: str) -> None:
        """Open an address and wait until it is loaded."""

    def evaluate(self, script: str) -> Any:
        """The value of an expression of JavaScript, awaited."""

    def close(self) -> None:
        """End the browser."""


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    if process.stderr:
        process.stderr.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Firefox:
    """Firefox without a window, with a profile of its own in `folder`."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if not program:
            raise DriverError("there is no Firefox")
        self._stack = ExitStack()
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0", "about:blank"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "HOME": str(folder), "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
        )
        self._stack.callback(_end, self._process)
        assert self._process.stderr
        said = iter(self._process.stderr)
        found = next(filter(None, (re.search(r"WebDriver BiDi listening on (ws://\S+)", line) for line in said)), None)
        if not found:
            self.close()
            raise DriverError("Firefox does not start")
        self._socket = self._stack.enter_context(WebSocket(f"{found[1]}/session", PATIENCE))
        self._ids = itertools.count(1)
        self._call("session.new", capabilities={})
        self._tab = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def _call(self, method: str, **params: Any) -> Any:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.receive())
            if message.get("id") == number:
                if message["type"] == "error":
                    raise DriverError(message["message"])
                return message["result"]

    def goto(self, address: str) -> None:
        """See Driver."""
        self._call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, script: str) -> Any:
        """See Driver."""
        answer = self._call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({script})) ?? 'null')()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise DriverError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        """See Driver."""
        self._stack.close()


class WebKit:
    """WebKitGTK's small browser on a screen that is not there, its files below `folder`."""

    def __init__(self, folder: Path) -> None:
        browser = next(iter(sorted(Path("/").glob(_MINI_BROWSERS.lstrip("/")))), None)
        driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
        if not (browser and driver and screen):
            raise DriverError("there is no WebKitGTK with its driver, or no Xvfb")
        self._stack = ExitStack()
        read, write = os.pipe()
        display = subprocess.Popen(
            [screen, "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(_end, display)
        os.close(write)
        with os.fdopen(read, encoding="ascii") as number:
            name = f":{number.readline().strip()}"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        places = {"HOME": folder, "XDG_CACHE_HOME": folder / "cache", "XDG_DATA_HOME": folder / "data"}
        process = subprocess.Popen(
            [driver, "-p", str(port)],
            env={
                **os.environ,
                **{variable: str(place) for variable, place in places.items()},
                "DISPLAY": name,
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(_end, process)
        self._base = f"http://127.0.0.1:{port}"
        self._wait(port)
        options = {"webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]}}
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self._base += f"/session/{session['sessionId']}"
        self._call("POST", "/timeouts", {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000})

    def _wait(self, port: int) -> None:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return
            time.sleep(0.1)
        self.close()
        raise DriverError("WebKitWebDriver does not start")

    def _call(self, method: str, path: str, data: Any = None) -> Any:
        request = urllib.request.Request(
            self._base + path,
            method=method,
            data=json.dumps(data or {}).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE + 20) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise DriverError(error.read().decode()[:1000]) from error

    def goto(self, address: str) -> None:
        """See Driver."""
        self._call("POST", "/url", {"url": address})

    def evaluate(self, script: str) -> Any:
        """See Driver."""
        program = f"""
            const done = arguments[0];
            (async () => JSON.stringify(await ({script})) ?? 'null')().then(
                (text) => done([text]), (error) => done([null, String(error)]));
        """
        value = self._call("POST", "/execute/async", {"script": program, "args": []})
        if value[0] is None:
            raise DriverError(value[1])
        return json.loads(value[0])

    def close(self) -> None:
        """See Driver."""
        self._stack.close()


DRIVERS: dict[str, Any] = {"firefox": Firefox, "webkit": WebKit}
