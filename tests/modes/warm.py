"""Runs of pytest in processes that are forked from one where what they import is loaded already.

A process of its own costs a third of a second before its first test, or one and a half with
SQLAlchemy, and the tests need some two thousand. The process that forks runs nothing and never
sees a project's files. Where forks are not safe, each run is a process of its own.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self

AVAILABLE = sys.platform == "linux"  # macOS can fork, too, but not all of its libraries bear it
LONGEST = 120  # seconds for one run; the slowest takes two, on a machine that does nothing else
DUMP = 10  # seconds in which a run that is stopped says where its threads are
# The rest of what is said to Python is read only as it starts.
AGAIN = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONIOENCODING"}
WORD = 8  # bytes of a number
_kept: list[object] = []  # the process that forks: it ends when nobody holds its input


class Running(Protocol):
    """A run, in either kind of process."""

    pid: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: Any) -> None: ...


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str], *, cold: bool = False
) -> "subprocess.CompletedProcess[str]":
    """Run *command* as `subprocess.run` would, and return what it said."""
    process = start(command, folder, env, cold=cold, stderr=subprocess.PIPE)
    try:
        said, complained = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired as late:
        late.add_note("".join(stopped(process)))
        raise
    return subprocess.CompletedProcess(command, process.poll() or 0, said, complained)


def stopped(process: "Running") -> tuple[str, str]:
    """End a run that takes too long. What it said ends in where its threads were."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGABRT)  # pytest has asked Python to write that
    try:
        return process.communicate(timeout=DUMP)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what a forked run has started lives on


def start(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    *,
    cold: bool = False,
    stderr: int = subprocess.STDOUT,
) -> Running:
    """Start *command*, which is `python -m pytest …`, in *folder*: warm, unless it can't be."""
    if AVAILABLE and not cold and _is_alike(command, env):
        return Warm(command, folder, env, apart=stderr == subprocess.PIPE)
    return subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def _is_alike(command: Sequence[str], env: Mapping[str, str]) -> bool:
    """Return whether it is this Python, started as this one was, with what is loaded already."""
    same = command[0] == sys.executable and _at_start(env) == _at_start(os.environ)
    return same and "pytest_asyncio.plugin" in command


def _at_start(env: Mapping[str, str]) -> dict[str, str]:
    names = {name for name in env if name.startswith("PYTHON")} - AGAIN
    return {name: env[name] for name in names}


class Warm:
    """A run: of `subprocess.Popen` as much as tests need. Ask it for its output, or kill it."""

    def __init__(
        self, command: Sequence[str], folder: Path, env: Mapping[str, str], *, apart: bool = False
    ) -> None:
        self.files = [_new_file() for _ in range(1 + apart)]
        self._code: int | None = None
        self._line = socket.socket(socket.AF_UNIX)  # open as long as the run may go on
        self._line.connect(ready())
        asked = json.dumps([command[3:], str(folder), dict(env), self.files])
        self._line.sendall(asked.encode() + b"\n")
        self.pid = _hear(self._line)

    def poll(self) -> int | None:
        self.wait(0)
        return self._code

    def wait(self, timeout: float | None = None) -> None:
        if self._code is None and select.select([self._line], [], [], timeout)[0]:
            self._code = _hear(self._line)
            self._line.close()

    def kill(self) -> None:
        if self.poll() is None:
            end_tree(self.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.wait()
        self.forget()

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end, and return what was written. It can be asked once."""
        self.wait(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired("pytest", timeout or 0)
        texts = [Path(file).read_text(errors="replace") for file in self.files]
        self.forget()
        return texts[0], texts[1] if texts[1:] else ""

    def forget(self) -> None:
        """Remove what was written."""
        for file in self.files:
            Path(file).unlink(missing_ok=True)


def end_tree(pid: int) -> None:
    """End the run *pid* and what it has forked: those would wait for hours, if not for ever."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)  # it may not lead a group yet


def _hear(line: socket.socket) -> int:
    """Return what was said. Nothing is if the process that forks was killed, with its runs."""
    said = line.recv(WORD, socket.MSG_WAITALL)
    return int.from_bytes(said, signed=True) if said else -signal.SIGKILL


def _new_file() -> str:
    handle, name = tempfile.mkstemp()
    os.close(handle)
    return name


@cache
def ready() -> str:
    """Start the process that forks; return where it listens, once it has loaded all.

    Nobody's clock is to run meanwhile: on a machine with ten times too much to do that took longer
    than pytest may take to come up. The process ends when its input does, which is with us.
    """
    script = Path(__file__).with_name("warm_start.py")
    starter = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert starter.stdin is not None
    assert starter.stdout is not None
    _kept.append(starter)
    address = starter.stdout.readline().decode().strip()
    atexit.register(starter.communicate)  # closes its input, and waits for its end
    return address
