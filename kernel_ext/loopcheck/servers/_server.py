"""A running server, as its owner sees it."""

import atexit
import os
import threading
from typing import Literal, Protocol

from loopcheck.servers._errors import ServerError

Kind = Literal["valkey", "fakeredis", "postgresql", "sqlite"]
START = {"valkey": "start_valkey", "fakeredis": "start_valkey"}


class Engine(Protocol):
    """The running server: a guarded process, a thread of this process, or a file."""

    kind: Kind
    port: int
    pid: int

    @property
    def url(self) -> str: ...

    @property
    def alive(self) -> bool: ...

    def ping(self) -> None: ...

    def why_gone(self) -> str: ...

    def stop(self) -> None: ...


class Server:
    """A server of this process on the loopback interface. SQLite's port is 0."""

    host = "127.0.0.1"

    def __init__(self, engine: Engine, notice: str = "") -> None:
        self.kind = engine.kind
        self.notice = notice  # one line if it is a replacement for the real server
        self._engine = engine
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._stopped = False
        _running.add(self)

    def __repr__(self) -> str:
        # No port and no password: lessons store this text.
        return f"<{self.kind} server, {'running' if self.alive else 'gone'}>"

    @property
    def url(self) -> str:
        """Its address, with the password."""
        return self._engine.url

    @property
    def port(self) -> int:
        """Its port on `host`."""
        return self._engine.port

    @property
    def pid(self) -> int:
        """Its process: another one after a restart, this one for a replacement."""
        return self._engine.pid

    @property
    def alive(self) -> bool:
        """True while the server runs."""
        return not self._stopped and self._engine.alive

    def check(self) -> None:
        """Raise `ServerError` with the reason if the server does not answer."""
        again = f"Start a new one: server = loopcheck.servers.{self._start}()"
        if self._stopped:
            raise ServerError(f"This {self.kind} server is gone: stop() ended it. {again}")
        if not self._engine.alive:
            why = self._engine.why_gone()
            raise ServerError(f"This {self.kind} server is gone: {why}. {again}")
        try:
            self._engine.ping()
        except OSError as error:
            why = f"This {self.kind} server does not answer: {error}"
            raise ServerError(f"{why}. Stop it with its stop(). {again}") from None

    def stop(self) -> None:
        """End the server, once; a forked child can't end its parent's server."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            if not self._stopped:
                self._stopped = True
                _running.discard(self)
                self._engine.stop()

    @property
    def _start(self) -> str:
        return START.get(self.kind, "start_postgres")


# Also keeps a server alive if its owner only kept the url.
_running: set[Server] = set()


@atexit.register
def _stop_all() -> None:
    for server in list(_running):
        server.stop()
