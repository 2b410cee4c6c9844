"""fakeredis over TCP, in threads of this process: for systems without a real server's wheel."""

import os
from threading import Thread
from typing import Any

from fakeredis import TcpFakeServer

from loopcheck.servers import _redis_wire
from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Kind

BOUND = 2.0  # seconds to wait for a thread; fakeredis looks every 10 ms whether to stop


class Fake:
    """Answers until `stop()` or the end of this process, whichever comes first."""

    kind: Kind = "fakeredis"

    def __init__(self, port: int | None) -> None:
        try:
            self._server = _Threads(port or 0)
        except OSError as error:
            raise ServerError(
                f"fakeredis did not start on port {port}: {error.strerror}. "
                "Leave `port` out, and a free one is picked"
            ) from None
        self.port, self.pid = int(self._server.server_address[1]), os.getpid()
        every = {"poll_interval": 0.02}  # bounds how long shutdown() waits
        self._thread = Thread(
            target=self._server.serve_forever, kwargs=every, name="loopcheck-fakeredis", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"  # 2.40 accepts a password, but never requires it

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def ping(self) -> None:
        _redis_wire.Line(self.port, "").close()

    def why_gone(self) -> str:
        return "its thread ended"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for each in (self._thread, *self._server.answering):
            each.join(BOUND)


class _Threads(TcpFakeServer):
    """Threads that end with the process (fakeredis 2.40's delay its exit) and can be joined."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), bind_and_activate=False, server_type="valkey")
        self.allow_reuse_address = os.name == "posix"  # on Windows it would share a port in use
        self.answering: list[Thread] = []
        try:
            self.server_bind()
            self.server_activate()
        except BaseException:
            self.server_close()
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer one connection in its own daemon thread."""
        self.answering = [each for each in self.answering if each.is_alive()]
        thread = Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="loopcheck-fakeredis",
            daemon=True,
        )
        self.answering.append(thread)
        thread.start()
