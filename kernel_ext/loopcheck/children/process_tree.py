"""Commands in their own process tree, which ends with them, at a deadline, or with the kernel."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from loopcheck import abilities
from loopcheck.one_process.shared_run import SharedRun

MOST_OUTPUT = 64 * 1024  # bytes kept of what a child writes
GUARD = Path(__file__).with_name("_guard.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended."""

    why: Literal["exit", "timeout", "stopped"]
    code: int | None = None
    left: int = 0  # processes that it left behind, ended since


def environment(*, fresh: bool = False) -> dict[str, str]:
    """Return the kernel's environment for a pytest child, without variables that change its output.

    In a *fresh* folder no file is ever replaced, so bytecode may be kept: if an installer left
    none, each child would compile pytest and the client libraries again, for a second or two.
    """
    left_out = {"FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PYTEST_ADDOPTS", "PYTEST_PLUGINS"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    if not fresh:  # a file replaced within a second may have the same size
        kept["PYTHONDONTWRITEBYTECODE"] = "1"
    return kept | {
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }


class Child:
    """A running command. Leaving the `with` block ends it and everything it started."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        seconds: float,
        grace: float = 0.5,
        fresh: bool = False,
        variables: Mapping[str, str] | None = None,  # the environment, instead of the kernel's
    ) -> None:
        self.cut = False
        self._chunks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ended: Ended | None = None
        guard = [sys.executable, "-I", "-S", str(GUARD), str(seconds), str(grace)]
        self._guard = subprocess.Popen(
            [*guard, *command],
            cwd=folder,
            env=environment(fresh=fresh) if variables is None else variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Stop interrupts the kernel, which then tells the guard
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._guard.stdout is not None
        room = MOST_OUTPUT
        while chunk := os.read(self._guard.stdout.fileno(), 65536):
            if room:
                self._chunks.put(chunk[:room])
            self.cut = self.cut or len(chunk) > room
            room = max(0, room - len(chunk))  # a full pipe would block the child: read on
        self._chunks.put(None)

    def output(self, idle: float = 0.1) -> Iterator[bytes]:
        """Yield the output as it comes, and empty bytes after *idle* seconds without any."""
        over = False
        while True:
            try:
                chunk = self._chunks.get(timeout=idle)
            except queue.Empty:
                if over:  # where we can't adopt processes, one may still hold the pipe open
                    return
                over, chunk = self._guard.poll() is not None, b""
            if chunk is None:
                return
            yield chunk

    def stop(self) -> None:
        """Tell the guard to end the tree."""
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            self._guard.stdin.close()

    def ended(self) -> Ended:
        """Wait for the end; return how the command ended."""
        if self._ended is None:
            self._ended = self._wait()
        return self._ended

    def _wait(self) -> Ended:
        assert self._guard.stderr is not None
        self._guard.wait()
        said = [json.loads(line) for line in self._guard.stderr if line.startswith(b"{")]
        if len(said) == 2:
            return Ended(**said[1])
        # The guard itself was killed. On Linux its command died with it, but not what the command
        # had started.
        if said and os.name == "posix":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(said[0]["group"], signal.SIGKILL)
        return Ended(why="stopped")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._guard.wait()
        self._reader.join(timeout=1)
        for pipe in (self._guard.stdout, self._guard.stderr):
            if pipe is not None and not self._reader.is_alive():
                pipe.close()


class InThisProcess:
    """A pytest command with the interface of `Child`, for a platform that starts no process."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        seconds: float,
        fresh: bool = False,
        **_: object,
    ) -> None:
        self._run = SharedRun(
            command,
            folder=folder,
            seconds=seconds,
            variables=environment(fresh=fresh),
            most=MOST_OUTPUT,
        )

    @property
    def cut(self) -> bool:
        return self._run.cut

    def output(self, idle: float = 0.1) -> Iterator[bytes]:
        """Yield the output, once all of it is there."""
        yield from self._run.output()

    def stop(self) -> None:
        """Do nothing: the run is over before the caller can ask."""

    def ended(self) -> Ended:
        """Return how the run ended."""
        return Ended(why=self._run.why, code=self._run.code)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def pytest_run(
    command: Sequence[str], *, folder: Path, seconds: float, grace: float = 0.5, fresh: bool = False
) -> Child | InThisProcess:
    """Run a pytest command: in a process of its own, or in this one if there is no other."""
    kind: type[Child | InThisProcess] = Child if abilities.PROCESSES else InThisProcess
    return kind(command, folder=folder, seconds=seconds, grace=grace, fresh=fresh)
