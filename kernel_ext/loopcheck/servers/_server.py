"""A running server, as its owner sees it."""

import atexit
import os
import threading
from typing import Literal, Protocol

from loopcheck.servers._errors import ServerError

Kind = Literal["valkey", "fakeredis"]
AGAIN = "Start a new one: server = loopcheck.servers.start_valkey()"


class Engine(Protocol):
    """What answers on the port: a guarded process, or a thread of this one."""

    kind: Kind
    port: int
    pid: int
    password: str

    @property
    def alive(self) -> bool: ...

    def why_gone(self) -> str: ...

    def stop(self) -> None: ...


class Server:
    """A server of this process on the loopback interface."""

    host = "127.0.0.1"

    def __init__(self, engine: Engine, notice: str = "") -> None:
        self.kind, self.port, self.pid = engine.kind, engine.port, engine.pid
        self.notice = notice  # one line if something stands in for the real server
        login = f":{engine.password}@" if engine.password else ""
        # valkey-py, redis-py and most tools read redis://, only valkey-py reads valkey://.
        self.url = f"redis://{login}{self.host}:{self.port}/0"
        self._engine = engine
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._stopped = False
        _running.add(self)

    def __repr__(self) -> str:
        # Neither port nor password: lessons store what they show.
        return f"<{self.kind} server, {'running' if self.alive else 'gone'}>"

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return not self._stopped and self._engine.alive

    def check(self) -> None:
        """Raise `ServerError` with the reason if the server does not answer."""
        if self._stopped:
            raise ServerError(f"This {self.kind} server is gone: stop() ended it. {AGAIN}")
        if not self._engine.alive:
            why = self._engine.why_gone()
            raise ServerError(f"This {self.kind} server is gone: {why}. {AGAIN}")
        from loopcheck.servers import _ping  # late: brings socket

        try:
            _ping.ping(self.port, self._engine.password)
        except OSError as error:
            why = f"This {self.kind} server does not answer: {error}"
            raise ServerError(f"{why}. Stop it with its stop(). {AGAIN}") from None

    def stop(self) -> None:
        """End the server. Twice is once, and a forked child can't end its parent's server."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            if not self._stopped:
                self._stopped = True
                _running.discard(self)
                self._engine.stop()


# Also keeps a server whose owner kept nothing but its url.
_running: set[Server] = set()


@atexit.register
def _stop_all() -> None:
    for server in list(_running):
        server.stop()
