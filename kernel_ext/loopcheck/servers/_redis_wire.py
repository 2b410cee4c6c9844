"""A connection to a Valkey, without a client library."""

import socket
from collections.abc import Iterator
from typing import IO

BOUND = 2.0  # seconds; a healthy server on loopback answers in under a millisecond


class Line:
    """An open connection: the server accepted the password and answered PING."""

    def __init__(self, port: int, password: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=BOUND)
        try:
            self._answers: IO[bytes] = self._socket.makefile("rb")
            if password:
                self.ask("AUTH", password)
            self.ask("PING")
        except BaseException:
            self.close()
            raise

    def ask(self, *words: str) -> str:
        """Return the answer to a command, or raise `ConnectionError` with the server's error."""
        sent = [b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words]
        self._socket.sendall(b"*%d\r\n" % len(sent) + b"".join(sent))
        return " ".join(self._answer())

    def close(self) -> None:
        self._socket.close()

    def _answer(self) -> Iterator[str]:
        line = self._answers.readline().decode(errors="replace").strip()
        if not line:
            raise ConnectionError("it hung up")
        kind, rest = line[0], line[1:]
        if kind == "-":
            raise ConnectionError(line)
        if kind == "$":
            yield self._answers.read(int(rest) + 2)[:-2].decode(errors="replace")
        elif kind == "*":
            for _ in range(int(rest)):
                yield from self._answer()
        else:
            yield rest
