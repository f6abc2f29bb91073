"""The server answers as GitHub Pages does."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.environment import BuildError
from tools.serve import Server, _server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>∇</title>", encoding="utf-8")
    (folder / "assets" / "a.wasm").write_bytes(b"\0asm" * 100)
    (folder / "assets" / "b.whl").write_bytes(b"PK" * 100)
    (tmp_path / "secret.txt").write_text("not served", encoding="utf-8")
    with Server(folder, prefix="/nabla") as server:
        yield server


def get(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=5)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_the_index_stands_for_its_folder(server: Server) -> None:
    response, body = get(server, "/nabla/?query")
    assert (response.status, body.decode()) == (200, "<title>∇</title>")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "max-age=600"


def test_a_folder_without_its_slash_is_sent_there(server: Server) -> None:
    response, _ = get(server, "/nabla")
    assert (response.status, response.headers["Location"]) == (301, "/nabla/")


def test_wasm_goes_packed_and_with_its_type(server: Server) -> None:
    response, body = get(server, "/nabla/assets/a.wasm", Accept_Encoding="gzip, br")
    assert response.headers["Content-Type"] == "application/wasm"
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == b"\0asm" * 100
    plain, body = get(server, "/nabla/assets/a.wasm")
    assert "Content-Encoding" not in plain.headers
    assert body == b"\0asm" * 100


def test_wheels_go_as_they_are(server: Server) -> None:
    response, body = get(server, "/nabla/assets/b.whl", Accept_Encoding="gzip")
    assert (response.headers["Content-Type"], body) == ("application/octet-stream", b"PK" * 100)


def test_what_the_browser_has_is_not_sent_again(server: Server) -> None:
    tag = get(server, "/nabla/")[0].headers["ETag"]
    response, body = get(server, "/nabla/", If_None_Match=tag)
    assert (response.status, body) == (304, b"")
    assert get(server, "/nabla/", If_None_Match='"another"')[0].status == 200


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/nabla/missing", "/nabla/../secret.txt", "/nabla/%2e%2e/secret.txt", "/nabla/assets"]
)
def test_nothing_else_is_there(server: Server, path: str) -> None:
    response, body = get(server, path)
    assert response.status == 404
    assert b"not served" not in body


def test_head_tells_the_length_only(server: Server) -> None:
    response, body = get(server, "/nabla/", "HEAD")
    assert (response.headers["Content-Length"], body) == ("18", b"")


def test_every_byte_sent_is_counted(server: Server) -> None:
    get(server, "/nabla/assets/b.whl")
    assert 200 < server.sent < 600
    before = server.sent
    get(server, "/nabla/", "HEAD")
    assert 0 < server.sent - before < 400


def test_a_port_that_is_taken_is_said(server: Server) -> None:
    with pytest.raises(BuildError, match="--port"):
        _server(server.server_address[1], "")
