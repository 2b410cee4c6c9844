"""A connection to a PostgreSQL, without a client library."""

import socket
import struct
from collections.abc import Iterator
from typing import IO

BOUND = 2.0  # seconds; a healthy server on loopback needs 0.01
VERSION_3 = 196608
PLAIN_PASSWORD = 3


class Line:
    """An open connection: the server accepted the password and waits for a query."""

    def __init__(self, port: int, password: str, name: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=BOUND)
        try:
            self._answers: IO[bytes] = self._socket.makefile("rb")
            self._send(
                b"",
                struct.pack("!i", VERSION_3)
                + _text("user", "postgres", "application_name", name, ""),
            )
            for kind, body in self._messages():
                if kind == b"R" and struct.unpack("!i", body[:4])[0] == PLAIN_PASSWORD:
                    self._send(b"p", _text(password))
        except BaseException:
            self.close()
            raise

    def ask(self, query: str) -> str:
        """Return the last value of *query*, or raise `ConnectionError` with its error."""
        self._send(b"Q", _text(query))
        rows = [body for kind, body in self._messages() if kind == b"D"]
        return rows[-1][6:].decode(errors="replace") if rows else ""

    def close(self) -> None:
        self._socket.close()

    def _send(self, kind: bytes, body: bytes) -> None:
        self._socket.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def _messages(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the server's messages until it waits for us."""
        while True:
            head = self._answers.read(5)
            if len(head) < 5:
                raise ConnectionError("it hung up")
            kind, body = head[:1], self._answers.read(struct.unpack("!i", head[1:])[0] - 4)
            if kind == b"E":
                raise ConnectionError(_message(body))
            if kind == b"Z":
                return
            yield kind, body


def _text(*words: str) -> bytes:
    return b"".join(word.encode() + b"\0" for word in words)


def _message(body: bytes) -> str:
    """Return the readable part of an error."""
    parts = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0")}
    return parts.get(b"M", "")
