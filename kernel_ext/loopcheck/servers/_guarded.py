"""Valkey under a guard, as its owner holds it."""

import contextlib
import json
import os
import random
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loopcheck.servers import _refusal
from loopcheck.servers._errors import ServerError
from loopcheck.servers._refusal import Order, Told
from loopcheck.servers._server import Kind

GUARD = str(Path(__file__).with_name("_guard.py"))
# Below the ports that systems give to outgoing connections (Linux 32768, macOS 49152 and up).
PORTS = range(20000, 30000)
TRIES = 20
STARTS_WITHIN = 10.0  # seconds; 0.1 was measured
STOPS_WITHIN = 5.0  # the guard needs 1.0 at most, for a server that does not listen
DEPUTY = sys.platform != "linux"  # only Linux kills a server whose guard was killed


class Guarded:
    """A Valkey server, its guard, and the pipe that ends both."""

    kind: Kind = "valkey"

    def __init__(self, binary: str, port: int | None) -> None:
        self.password = secrets.token_hex(16)
        ports = [port] if port else random.SystemRandom().sample(PORTS, TRIES)
        order = Order(binary, _new_folder(), ports, self.password, os.getpid(), DEPUTY)
        self._end: Told | None = None
        self._guard = _spawn()
        assert self._guard.stdin
        assert self._guard.stdout
        self._to, self._from = self._guard.stdin, self._guard.stdout
        try:
            self._say(json.dumps(order._asdict()).encode() + b"\n")
            told = self._hear(STARTS_WITHIN)
            if "pid" not in told:
                self._end = told
                raise _refusal.refusal(told, order)
        except BaseException:
            self.stop()
            with contextlib.suppress(OSError):
                os.rmdir(order.folder)  # there if the guard was killed while the server started
            raise
        self.pid, self.port = int(str(told["pid"])), int(str(told["port"]))

    @property
    def alive(self) -> bool:
        """Whether the guard has been silent since the start: its next word, or end, is the end."""
        return self._end is None and not self._speaks(0)

    def why_gone(self) -> str:
        """Return how the server ended."""
        if self._end is None:
            self._end = self._hear(0)
        code = self._end.get("ended")
        if not isinstance(code, int):
            return "its guard was killed"
        return f"it ended with exit code {code}" if code >= 0 else f"{_signal_name(-code)} ended it"

    def stop(self) -> None:
        """Have the guard end the server, and wait until both have gone."""
        if self.alive:
            self._say(b"stop\n")  # end of file may not come: a forked child can hold the pipe
        self._to.close()
        until = time.monotonic() + STOPS_WITHIN
        while self._speaks(max(0, until - time.monotonic())):
            if not self._from.read(4096):
                break
        else:
            self._guard.kill()  # takes the server with it
        self._guard.wait()
        self._from.close()

    def _say(self, words: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._to.write(words)

    def _speaks(self, seconds: float) -> bool:
        waiting = select.poll()  # select.select stops at file 1024
        waiting.register(self._from, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))

    def _hear(self, seconds: float) -> Told:
        """Return the guard's next words, {} when it is silent."""
        if not self._speaks(seconds):
            return {}
        line = self._from.readline()
        try:
            told: Told = json.loads(line)
        except ValueError:  # Python's words, a traceback, or none: it is gone
            return {"crashed": (line + self._from.read()).decode(errors="replace")}
        return told


def _spawn() -> subprocess.Popen[bytes]:
    """Start a guard in a session of its own, where no Stop and no Ctrl-C reaches it."""
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", GUARD],  # 10 ms: neither site nor the user's paths
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,  # what is buffered, poll does not see
            cwd="/",  # holds no folder of the user's
            start_new_session=True,
        )
    except OSError as error:
        why = f"its guard, {sys.executable or 'Python'}: {error.strerror}"
        raise ServerError(f"Valkey did not start: {why}. {_refusal.FAKE}") from None


def _new_folder() -> str:
    """Return the name of a folder that does not exist yet: the guard makes and removes it."""
    try:
        return os.path.join(tempfile.gettempdir(), f"loopcheck-{secrets.token_hex(8)}")
    except OSError as error:
        raise _refusal.no_folder(error.strerror or "none is usable") from None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
