"""A program that the guard starts, the end of its log, and its end."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

from loopcheck.servers.guard import family, libc
from loopcheck.servers.guard.order import Order, Refused
from loopcheck.servers.guard.ties import Ties
from loopcheck.servers.guard.user import User

Leash = Callable[[], None]  # runs in the server's process before the server does
LAST_WORDS = 4096  # bytes of the log to keep
GRACE = 1.0  # seconds until SIGKILL; Valkey needs 0.1, PostgreSQL 0.01


class Child:
    """A child process, with the guard's own user or another one."""

    def __init__(self, argv: list[str], feed: str, order: Order, user: User, leash: Leash) -> None:
        self._order, self._heard = order, b""
        try:
            with _source(feed, user) as source:
                self._process = subprocess.Popen(
                    argv,
                    stdin=source,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    cwd=order.folder,
                    env=_environment(),
                    preexec_fn=leash,  # safe: this process has one thread
                    process_group=0,
                )
        except OSError as error:
            raise Refused.by_system(error, user=bool(user)) from None
        self.pid = self._process.pid
        assert self._process.stdout
        self._log = self._process.stdout.fileno()

    def listen(self, ties: Ties, until: bytes | None = None) -> bool:
        """Read its log up to *until*, its end, or a cut tie. True if *until* came."""
        while not ties.are_cut:
            if ties.wait(self._log) and not self._read():
                break
            if until is not None and until in self._heard:
                return True
            if self._process.poll() is not None:
                break
        return False

    def end(self, signals: list[int]) -> int:
        """Return its exit code, after ending it and its children if they still run."""
        memory = family.memory(self._order, self.pid)
        there = [self.pid, *family.members(self._order)]
        files = family.files_of(there)
        for each in signals:
            self._signal(each, GRACE / len(signals))
        self._signal(signal.SIGKILL, None)
        code = self._process.wait()
        self._read_rest()
        there += family.end(self._order)
        libc.forget(memory, *family.memory_of(there, self._order.folder))
        family.forget(files)
        return code

    def finish(self, ties: Ties) -> int:
        """Return its exit code after it has ended without us, or because a tie was cut."""
        self.listen(ties)
        if ties.are_cut:
            return self.end([])  # at once: on a signal initdb waits for its child
        code = self._process.wait()
        self._read_rest()
        if code:
            libc.forget(None, *family.memory_of((), self._order.folder))
        return code

    def said(self) -> str:
        return self._heard.decode(errors="replace")

    def _signal(self, number: int, seconds: float | None) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)

    def _read(self) -> bool:
        more = os.read(self._log, 65536)
        self._heard = (self._heard + more)[-LAST_WORDS:]
        return bool(more)

    def _read_rest(self) -> None:
        """Read the log to its end, unless a child of the child keeps it open."""
        until = time.monotonic() + GRACE / 2
        while select.select([self._log], [], [], max(0, until - time.monotonic()))[0]:
            if not self._read():
                return


@contextlib.contextmanager
def _source(feed: str, user: User) -> Iterator[int]:
    """Return a file from which *feed* can be read."""
    read, write = os.pipe()
    try:
        if user:
            os.fchown(read, *user)  # or /dev/stdin can't be opened
        os.write(write, feed.encode())
        os.close(write)
        yield read
    finally:
        os.close(read)


def _environment() -> dict[str, str]:
    """Return our environment without variables that change a server's language or settings."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PG"))}
    return ours | {"LC_ALL": "C", "TZ": "UTC"}
