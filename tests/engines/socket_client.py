"""As much of WebSocket (RFC 6455) as a test needs to talk to a browser on this machine: text, in whole messages."""

from __future__ import annotations

import base64
import os
import socket
import struct
from typing import Self
from urllib.parse import urlsplit

_TEXT, _CONTINUED, _CLOSE, _PING, _PONG = 1, 0, 8, 9, 10


class WebSocket:
    """A connection; a context manager that closes it."""

    def __init__(self, address: str, patience: float) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = self._stream.readline()
        if b" 101 " not in answer:
            raise ConnectionError(f"{address} answers {answer!r}")
        while self._stream.readline().strip():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._socket.close()

    def send(self, text: str) -> None:
        """Send one message."""
        self._frame(_TEXT, text.encode())

    def receive(self) -> str:
        """The next message.

        Raises:
            ConnectionError: when the browser hangs up.
            TimeoutError: when nothing comes for too long.
        """
        message = b""
        while True:
            first, second = self._read(2)
            length = second & 0x7F
            if length > 125:
                form = ">H" if length == 126 else ">Q"
                (length,) = struct.unpack(form, self._read(struct.calcsize(form)))
            data = self._read(length)
            match first & 0x0F:
                case kind if kind in (_TEXT, _CONTINUED):
                    message += data
                    if first & 0x80:
                        return message.decode()
                case kind if kind == _PING:
                    self._frame(_PONG, data)
                case kind if kind == _CLOSE:
                    raise ConnectionError("the browser closed the connection")

    def _frame(self, kind: int, data: bytes) -> None:
        size = len(data)
        head = bytes([0x80 | kind])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i & 3] for i, byte in enumerate(data))
        self._socket.sendall(head + mask + masked)

    def _read(self, count: int) -> bytes:
        data = self._stream.read(count)
        if len(data) < count:
            raise ConnectionError("the browser hung up")
        return data
