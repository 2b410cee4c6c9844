"""A server under a guard, as its owner holds it."""

import contextlib
import json
import random
import secrets
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from loopcheck.servers import _folder, _refusal
from loopcheck.servers._errors import ServerError
from loopcheck.servers._recipe import Recipe, Wish
from loopcheck.servers._refusal import Told
from loopcheck.servers.guard.order import Order

GUARD = str(Path(__file__).with_name("guard") / "__main__.py")
# Below the ports that systems use for outgoing connections (Linux 32768, macOS 49152 and up).
PORTS = range(20000, 30000)
TRIES = 20
STOPS_WITHIN = 5.0  # the guard needs 2.0 at most, for a server that does not listen
DEPUTY = sys.platform != "linux"  # only Linux ends a server whose guard was killed


class Guarded:
    """A server, its guard, and the pipe that ends both."""

    def __init__(self, recipe: Recipe, binary: str, port: int | None, folder: str | None) -> None:
        self.kind, self._recipe, self.password = recipe.kind, recipe, secrets.token_hex(16)
        ports = [port] if port else random.SystemRandom().sample(PORTS, TRIES)
        place = folder or _new_folder(recipe)
        self._wish = Wish(binary, place, bool(folder), ports, self.password)
        self._end: Told | None = None
        self._down = False
        self._talk = threading.RLock()  # one caller at a time sends and reads the answer
        self._guard = _spawn(recipe)
        assert self._guard.stdin
        assert self._guard.stdout
        self._to, self._from = self._guard.stdin, self._guard.stdout
        try:
            self._say(_tied(recipe.order(self._wish)).to_line())
            self._take(self._hear(recipe.starts_within))
        except BaseException:
            self.stop()
            if not folder:  # exists if the guard was killed while the server started
                shutil.rmtree(place, ignore_errors=True)
            raise

    @property
    def url(self) -> str:
        return self._recipe.url(self.port, self.password)

    @property
    def alive(self) -> bool:
        """True while the guard is silent: a message, or its end, means that the server ended."""
        with self._talk:
            return self._end is None and not self._down and not self._speaks(0)

    def ping(self) -> None:
        self._recipe.ping(self.port, self.password)

    def why_gone(self) -> str:
        """Return how the server ended."""
        with self._talk:
            if self._down:
                return "faults.refuses() keeps its port closed"
            if self._end is None:
                self._end = self._hear(0)
        code, said = self._end.get("ended"), str(self._end.get("said", ""))
        if not isinstance(code, int):
            crashed = "crashed" in self._end or not self._end
            return "its guard was killed" if crashed else "it did not start again"
        if code >= 0:
            return f"it ended with exit code {code}{_refusal.last_words(said)}"
        return f"{_signal_name(-code)} ended it"

    def down(self) -> None:
        """End the server and keep its port for `up`."""
        with self._talk:
            self._say(b"down\n")
            told = self._hear(STOPS_WITHIN)
            if "down" not in told:
                self._end = told
                raise ServerError(f"This {self.kind} server is gone: {self.why_gone()}")
            self._down, self._wish = True, self._wish._replace(ports=[self.port])

    def up(self) -> None:
        """Start the server again, on its old port."""
        with self._talk:
            self._down = False
            self._say(b"up\n")
            self._take(self._hear(self._recipe.starts_within))

    def stop(self) -> None:
        """Make the guard end the server, and wait until both have ended."""
        self._say(b"stop\n")  # end of file may not arrive: a forked child can hold the pipe open
        self._to.close()
        until = time.monotonic() + STOPS_WITHIN
        while self._speaks(max(0, until - time.monotonic())):
            if not self._from.read(4096):
                break
        else:
            self._guard.kill()  # takes the server with it
        self._guard.wait()
        self._from.close()

    def _take(self, told: Told) -> None:
        if "pid" not in told:
            self._end = told
            raise _refusal.refusal(told, self._recipe, self._wish)
        self.pid, self.port = int(str(told["pid"])), int(str(told["port"]))

    def _say(self, words: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._to.write(words)

    def _speaks(self, seconds: float) -> bool:
        waiting = select.poll()  # select.select fails beyond file descriptor 1023
        waiting.register(self._from, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))

    def _hear(self, seconds: float) -> Told:
        """Return the guard's next message, {} if it is silent."""
        if not self._speaks(seconds):
            return {}
        line = self._from.readline()
        try:
            told: Told = json.loads(line)
        except ValueError:  # a traceback of Python's, or nothing: it has ended
            return {"crashed": (line + self._from.read()).decode(errors="replace")}
        return told


def _tied(order: Order) -> Order:
    return order._replace(by_kernel=not DEPUTY, by_deputy=order.by_deputy or DEPUTY)


def _spawn(recipe: Recipe) -> subprocess.Popen[bytes]:
    """Start a guard in its own session, which no Stop and no Ctrl-C reaches."""
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", GUARD],  # 20 ms: neither site nor user paths
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,  # poll does not see buffered data
            cwd="/",  # keeps none of your folders in use
            start_new_session=True,
        )
    except OSError as error:
        why = f"its guard, {sys.executable or 'Python'}: {error.strerror}"
        raise _refusal.unable(recipe, why) from None


def _new_folder(recipe: Recipe) -> str:
    """Return the name of a new folder: the guard makes and removes it."""
    try:
        return _folder.new()
    except OSError as error:
        raise _refusal.no_folder(recipe, error.strerror or "none is usable") from None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
