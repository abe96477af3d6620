"""A websocket client that costs little, so that a hundred of them do not measure themselves."""

import asyncio
import os
import secrets
from collections.abc import Callable, Mapping

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class Line(asyncio.Protocol):
    """One connection; every text it receives goes to `hear`."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        self._hear = hear
        self._left = b""
        self._parts = b""
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - it was opened as one
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("turned away"))

    def data_received(self, data: bytes) -> None:
        self._left += data
        if not self.opened.done():
            head, end, rest = self._left.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.opened.set_exception(ConnectionError(head.decode("latin-1")))
                return
            self._left = rest
            self.opened.set_result(None)
        self._read_frames()

    def ask(self, path: str, host: str, headers: Mapping[str, str]) -> None:
        key = secrets.token_bytes(16).hex()[:22] + "=="
        usual = {
            "Host": host,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
        }
        lines = [f"GET {path} HTTP/1.1", *(f"{n}: {v}" for n, v in {**usual, **headers}.items())]
        self._write("\r\n".join([*lines, "", ""]).encode())

    def send(self, text: str) -> None:
        self._send(_TEXT, text.encode())

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def _read_frames(self) -> None:
        data, at = self._left, 0
        while len(data) - at >= 2:
            size, start = data[at + 1] & 127, at + 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                size, start = int.from_bytes(data[start : start + wide], "big"), start + wide
            if len(data) < start + size:
                break
            self._take(data[at], data[start : start + size])
            at = start + size
        self._left = data[at:]

    def _take(self, first: int, body: bytes) -> None:
        kind = first & 15
        if kind == _CLOSE:
            self.close()
        elif kind == _PING:
            self._send(_PONG, body)
        elif kind <= _TEXT + 1:
            self._parts += body
            if first & 128:
                text, self._parts = self._parts.decode(), b""
                self._hear(text)

    def _send(self, kind: int, body: bytes) -> None:
        size = len(body)
        head = bytes([128 | kind])
        if size < 126:
            head += bytes([128 | size])
        elif size < 65_536:
            head += bytes([254]) + size.to_bytes(2, "big")
        else:
            head += bytes([255]) + size.to_bytes(8, "big")
        mask = os.urandom(4)
        pad = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(body, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
        self._write(head + mask + masked)

    def _write(self, data: bytes) -> None:
        if self._transport:
            self._transport.write(data)


async def opened(
    port: int, path: str, hear: Callable[[str], None], headers: Mapping[str, str] | None = None
) -> Line:
    """Raises ConnectionError when the server does not take it."""
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(lambda: Line(hear), "127.0.0.1", port)
    line.ask(path, f"127.0.0.1:{port}", headers or {})
    await asyncio.wait_for(line.opened, 20)
    return line
