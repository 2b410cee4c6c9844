"""fakeredis on a memory socket: for a process that can neither start one nor run a thread."""

import os
from collections.abc import Callable
from typing import Any

from fakeredis import FakeServer
from fakeredis._clients._sync import FakeRedisConnection
from fakeredis._clients._tcp_server import _INTERNAL_CONNECTION_KWARGS, Writer

from loopcheck.one_process.memory_sockets import MemorySocket
from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Kind


class Memory:
    """Answers each command before its `send` returns, until `stop()`."""

    kind: Kind = "fakeredis"

    def __init__(self, port: int | None) -> None:
        self._data = FakeServer(server_type="valkey")
        self._talks: list[_Conversation] = []
        self._socket = MemorySocket()
        try:
            self._socket.bind(("127.0.0.1", port or 0))
        except OSError as error:
            raise ServerError(
                f"fakeredis did not start on port {port}: {error.strerror}. "
                "Leave `port` out, and a free one is picked"
            ) from None
        self._socket.accepts = self._accept
        self._socket.listen()
        self.port, self.pid = int(self._socket.getsockname()[1]), os.getpid()

    def _accept(self, one: MemorySocket) -> None:
        self._talks = [talk for talk in self._talks if talk.socket.fileno() >= 0]
        self._talks.append(_Conversation(one, self._data, self._push))

    def _push(self) -> None:
        """Send what a command has brought to other clients: a message, an element waited for."""
        for talk in self._talks:
            talk.send()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def alive(self) -> bool:
        return self._socket.fileno() >= 0

    def ping(self) -> None:
        """It answers while it listens."""

    def why_gone(self) -> str:
        return "its socket was closed"

    def stop(self) -> None:
        self._socket.close()


class _Conversation:
    """One client's connection; the socket keeps it."""

    def __init__(self, one: MemorySocket, data: FakeServer, push: Callable[[], None]) -> None:
        self.socket, self.push = one, push
        self.protocol_version = 2
        self.writer = Writer(one.getpeername(), one.makefile("wb"), self)  # type: ignore[arg-type]
        where: dict[str, Any] = {
            "laddr": one.getsockname(),
            "addr": one.getpeername(),
            "fd": one.fileno(),
        }
        self.client = FakeRedisConnection(
            server=data, writer=self.writer, client_info=where, **_INTERNAL_CONNECTION_KWARGS
        )
        one.arrived = self.answer

    def answer(self) -> None:
        """Answer all that has arrived."""
        data = self.socket.recv(1 << 30) if self.socket.is_readable() else b""
        if not data:
            self.client.disconnect()  # type: ignore[no-untyped-call]
            self.socket.close()
            return
        self.client.get_socket().sendall(data)
        self.push()

    def send(self) -> None:
        """Send the answers that are ready."""
        while self.socket.fileno() >= 0 and self.client.can_read():
            try:
                reply = self.client.read_response()
            except Exception as error:
                reply = error
            self.protocol_version = self.client.get_socket()._client_info.protocol_version
            self.writer.dump(reply)
