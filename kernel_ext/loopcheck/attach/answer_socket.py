r"""The socket through which a run with --loopcheck answers `loopcheck attach`.

The run only listens; no thread waits there. `loopcheck attach` connects, and then sends the signal
of Ctrl-\: its handler finds the connection, writes the answer into it, and closes it. On Linux the
name is abstract: there is no file, and the name is gone with the process, however that ends.
"""

from __future__ import annotations

import os
import select
import socket
import stat
import struct
import sys
from contextlib import suppress
from typing import Any

from loopcheck.clock import monotonic

FOLDER = "/tmp"  # not $TMPDIR: both ends must find it
ASKERS = 8
PATIENCE = 1.0  # seconds for the other end to read: the run must not wait for it
CREDENTIALS = struct.Struct("3i")  # process, user and group of the other end


class AnswerSocket:
    """The end of a run: open for as long as the run lasts."""

    def __init__(self) -> None:
        self.listening: socket.socket | None = None
        self.file: str | None = None

    def open(self) -> None:
        """Listen, if this system has sockets of this kind."""
        if not hasattr(socket, "AF_UNIX") or not hasattr(os, "geteuid"):
            return
        name = address(os.getpid())
        with suppress(OSError):  # then nobody can ask this run
            if isinstance(name, str):
                _make_private(os.path.dirname(name))
                with suppress(FileNotFoundError):
                    os.unlink(name)  # of a process that was killed
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                made.setblocking(False)
                made.bind(name)
                made.listen(ASKERS)
            except OSError:
                made.close()
                raise
            self.listening, self.file = made, name if isinstance(name, str) else None

    def close(self) -> None:
        if self.listening is None:
            return
        self.listening.close()
        self.listening = None
        if self.file is not None:
            with suppress(OSError):  # another run of this user has its own in the same folder
                os.unlink(self.file)
                os.rmdir(os.path.dirname(self.file))

    def take(self) -> list[socket.socket]:
        """Return the connections of those who ask now, and may."""
        found: list[socket.socket] = []
        while self.listening is not None:
            try:
                asker, _ = self.listening.accept()
            except OSError:
                break
            if _may_ask(asker):
                asker.setblocking(False)
                found.append(asker)
            else:
                asker.close()
        return found


def address(pid: int) -> str | bytes:
    """Return where process *pid* listens."""
    if sys.platform == "linux":
        return f"\0loopcheck-attach-{pid}".encode()
    return f"{FOLDER}/loopcheck-{os.geteuid()}/{pid}.sock"


def send(asker: socket.socket, answer: dict[str, Any]) -> None:
    """Write *answer* and close the connection; an end that does not read gets no more of it."""
    import json  # late: few runs are ever asked

    data = memoryview(json.dumps(answer).encode())
    end = monotonic() + PATIENCE
    with asker, suppress(OSError):
        while data and (left := end - monotonic()) > 0:
            if select.select([], [asker], [], left)[1]:
                data = data[asker.send(data) :]


def connect(pid: int) -> socket.socket | None:
    """Return a connection to the run in process *pid*, None if that process does not listen."""
    if not hasattr(socket, "AF_UNIX"):
        return None
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.connect(address(pid))
    except OSError:
        made.close()
        return None
    known = _other_end(made)
    if known is not None and known[0] != pid:  # somebody else took the name
        made.close()
        return None
    return made


def _may_ask(asker: socket.socket) -> bool:
    """Return whether the other end is this user or root."""
    known = _other_end(asker)
    if known is not None:
        return known[1] in (os.geteuid(), 0)
    return sys.platform != "linux"  # elsewhere nobody else can enter the folder


def _other_end(connection: socket.socket) -> tuple[int, int] | None:
    """Return process and user of the other end, None if this system does not say."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    try:
        pid, user, _ = CREDENTIALS.unpack(
            connection.getsockopt(socket.SOL_SOCKET, option, CREDENTIALS.size)
        )
    except (OSError, struct.error):
        return None
    return pid, user


def _make_private(folder: str) -> None:
    """Make *folder*, which only this user may enter; raise OSError if it is somebody else's."""
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(folder)
