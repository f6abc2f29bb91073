"""Serve dist/ on this machine as GitHub Pages would: no headers of ours, a sub-path if wanted, gzip, ETags."""

from __future__ import annotations

import gzip
import sys
import threading
import time
import urllib.parse
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tools import site
from tools.environment import DIST, BuildError, fingerprint, lock, say

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
_PACKED = (".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm", ".webmanifest")
_SLICE = 1 << 14  # bytes that pass a slow line at a time


class Server(ThreadingHTTPServer):
    """A folder below a sub-path of 127.0.0.1; a context manager that serves while it lasts.

    `sent` counts the bytes of every answer, headers included, as they went over the wire. With a `pace` of megabits a
    second all answers together go out no faster, and each begins `latency` seconds later: a slow line.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, prefix: str = "", port: int = 0, pace: float = 0.0, latency: float = 0.0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder = folder
        self.prefix = f"/{prefix.strip('/')}/" if prefix.strip("/") else "/"
        self.sent = 0
        self.counting = threading.Lock()
        self.pace = pace
        self.latency = latency
        self.line_is_free = 0.0

    def wait(self, length: int) -> None:
        """Wait until so many bytes have passed the line, behind those of other answers."""
        if self.pace:
            with self.counting:
                now = time.monotonic()
                self.line_is_free = max(self.line_is_free, now) + length * 8 / (self.pace * 1e6)
                pause = self.line_is_free - now
            time.sleep(pause)

    @property
    def url(self) -> str:
        """The address of the folder, with a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.prefix}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up in the middle of an answer is none of our business; the rest is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Count what is written to the connection."""
        super().setup()
        write = self.wfile.write

        def counted(data: bytes) -> int:
            step = _SLICE if self.server.pace else len(data) or 1
            for at in range(0, len(data), step):
                piece = data[at : at + step]
                self.server.wait(len(piece))
                with self.server.counting:
                    self.server.sent += len(piece)
                write(piece)
            return len(data)

        self.wfile.write = counted  # type: ignore[method-assign,assignment]

    def do_GET(self) -> None:
        """Answer with a file, a redirection of a folder to its slash, or 404."""
        time.sleep(self.server.latency)
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if path + "/" == self.server.prefix:
            self._answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": self.server.prefix})
            return
        file = (self.server.folder / path.removeprefix(self.server.prefix)).resolve()
        if file.is_dir():
            file /= "index.html"
        inside = path.startswith(self.server.prefix) and file.is_relative_to(self.server.folder.resolve())
        if not inside or not file.is_file():
            self._answer(HTTPStatus.NOT_FOUND, {"Content-Type": TYPES[".html"]}, b"<h1>404</h1>File not found")
            return
        about = file.stat()
        tag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        headers = {"ETag": tag, "Cache-Control": "max-age=600", "Vary": "Accept-Encoding"}
        if self.headers.get("If-None-Match") in (tag, f"W/{tag}"):
            self._answer(HTTPStatus.NOT_MODIFIED, headers)
            return
        headers["Content-Type"] = TYPES.get(file.suffix, "application/octet-stream")
        if file.suffix in _PACKED and "gzip" in self.headers.get("Accept-Encoding", ""):
            self._answer(HTTPStatus.OK, {**headers, "Content-Encoding": "gzip"}, _packed(file, tag))
        else:
            self._answer(HTTPStatus.OK, headers, file.read_bytes())

    do_HEAD = do_GET

    def _answer(self, status: HTTPStatus, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the browser's own console tells what failed."""


@lru_cache(maxsize=256)
def _packed(file: Path, tag: str) -> bytes:
    """A file under gzip, packed once as long as its tag stays."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)


def serve(port: int | None, prefix: str) -> None:
    """Serve dist/ until Ctrl-C, and rebuild it whenever a source changes. Without `port` 8000 or the next free one.

    Raises:
        BuildError: when the port is taken.
    """
    with _server(port, prefix) as server:
        say(f"Nabla is at {server.url}#/derive?f=(w*x-y)^2&wrt=w&at=w=3,x=2,y=2 (Ctrl-C ends it)")
        built = fingerprint(site.sources())
        try:
            while True:
                time.sleep(1)
                now = fingerprint(site.sources())
                if now != built:
                    built = now
                    try:
                        with lock():
                            site.build()
                    except BuildError as error:
                        say(str(error))
        except KeyboardInterrupt:
            say("")


def _server(port: int | None, prefix: str) -> Server:
    for number in [port] if port is not None else range(8000, 8100):
        try:
            return Server(DIST, prefix, number)
        except OSError as error:
            reason = error
    raise BuildError(f"Port {number} cannot be served: {reason}. Choose another with --port.")
