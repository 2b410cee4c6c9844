"""Owners of servers, in processes of their own that can be killed. /proc is read on Linux only."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

BOUND = 60.0  # seconds; a busy machine may need some of them
# Runs each line that it is sent and answers with what that line left in `said`.
OWNER = """
import json, os, signal, sys
import loopcheck.servers as servers
names = {"os": os, "servers": servers, "signal": signal}
while True:
    try:
        line = sys.stdin.readline()
        if not line:
            break
        names["said"] = None
        exec(json.loads(line), names)
        print(json.dumps(names["said"]), flush=True)
    except KeyboardInterrupt:
        print('"KeyboardInterrupt"', flush=True)
"""
START = "server = servers.start_{}(); said = [server.pid, os.getppid(), server.port]"
CHECK = "server.check(); said = server.alive"


class Owner:
    """A process that owns servers, in a process group of its own, as a kernel is."""

    def __init__(self, temporary: Path, server: str = "valkey") -> None:
        self.to_start = START.format(server)
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(temporary)},
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def send(self, code: str) -> None:
        _pipe(self.process.stdin).write(json.dumps(code).encode() + b"\n")

    def hear(self, seconds: float = BOUND) -> object:
        """Return what the owner says within *seconds*, or None."""
        if not select.select([_pipe(self.process.stdout)], [], [], seconds)[0]:
            return None
        return json.loads(_pipe(self.process.stdout).readline() or b"null")

    def do(self, code: str) -> object:
        self.send(code)
        return self.hear()

    def start(self) -> tuple[int, int]:
        """Start a server; return its pid and its guard's."""
        said = self.do(self.to_start)
        assert isinstance(said, list)
        return said[0], parent(said[0])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(BOUND)

    def close(self) -> None:
        self.kill()
        _pipe(self.process.stdin).close()
        _pipe(self.process.stdout).close()


@contextlib.contextmanager
def owner(temporary: Path, server: str = "valkey") -> Iterator[Owner]:
    """Give an owner whose servers have their folders in *temporary*. It ends with the block."""
    one = Owner(temporary, server)
    try:
        yield one
    finally:
        one.close()
        assert all_gone(temporary)


def _pipe(file: IO[bytes] | None) -> IO[bytes]:
    assert file
    return file


def parent(pid: int) -> int:
    """Return the pid of the parent of *pid*."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def gone(pid: int, seconds: float = BOUND) -> bool:
    """Whether *pid* ends within *seconds*."""
    try:
        file = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([file], [], [], seconds)[0])
    finally:
        os.close(file)


def processes(temporary: Path) -> list[int]:
    """Return the pids of guards and servers whose temporary folder is *temporary*.

    A guard shows it in its environment. Servers overwrite their own, but work in a folder there.
    """
    return [int(at.name) for at in Path("/proc").glob("[0-9]*") if _is_in(at, temporary)]


def _is_in(at: Path, temporary: Path) -> bool:
    """Whether the process that /proc shows *at* runs, and *temporary* is its temporary folder."""
    with contextlib.suppress(OSError):
        if at.joinpath("stat").read_text().rpartition(")")[2].split()[0] in "ZX":
            return False
        mark = f"TMPDIR={temporary}".encode()
        here = os.readlink(at / "cwd").startswith(f"{temporary}/")
        return here or mark in at.joinpath("environ").read_bytes().split(b"\0")
    return False


def memory() -> set[str]:
    """Return the ids of shared memory that outlived its maker."""
    return {
        each[1] for each in _segments() if each[6] == "0" and not Path("/proc", each[4]).exists()
    }


def files() -> set[str]:
    """Return the files of PostgreSQL's shared memory that no process uses."""
    made = {str(each) for each in Path("/dev/shm").glob("PostgreSQL.*")}
    for at in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            used = (at / "maps").read_text() if made else ""
            made = {each for each in made if each not in used}
    return made


def memory_of(maker: int) -> set[str]:
    """Return the ids of the shared memory that *maker* made."""
    return {each[1] for each in _segments() if each[4] == str(maker)}


def memory_in(temporary: Path) -> set[str]:
    """Return the ids of the shared memory whose maker still runs, with *temporary* as its own."""
    return {each[1] for each in _segments() if _is_in(Path("/proc", each[4]), temporary)}


def _segments() -> list[list[str]]:
    """Return what /proc tells of each: key, id, permissions, size, maker, last, attached, …"""
    return [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]


def all_gone(temporary: Path, seconds: float = BOUND) -> bool:
    """Whether no guard, server or folder is left in *temporary* within *seconds*."""
    end = time.monotonic() + seconds
    # Two looks: /proc is not read in one instant, and a guard may start its server meanwhile.
    while left := processes(temporary) or processes(temporary):
        if not all(gone(each, max(0, end - time.monotonic())) for each in left):
            return False
    return not list(temporary.iterdir())
