"""The leftovers of a killed PostgreSQL: its children, and a bit of shared memory."""

import contextlib
import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Iterable

from loopcheck.servers.guard.order import Order

GRACE = 0.5  # seconds for killed processes to end
FILE = re.compile(r"(/dev/shm/PostgreSQL\.\d+)$", re.MULTILINE)  # an ended one reports that


def members(order: Order) -> list[int]:
    """Return the processes that run a server's programs in its folder, if /proc shows them."""
    folder, programs = (
        os.path.realpath(order.folder),
        os.path.realpath(os.path.dirname(order.argv[0])),
    )
    found = []
    for pid in _pids():
        with contextlib.suppress(OSError):
            program = os.readlink(f"/proc/{pid}/exe")
            if os.path.dirname(program) == programs and os.readlink(f"/proc/{pid}/cwd") == folder:
                found.append(pid)
    return found


def end(order: Order) -> list[int]:
    """Kill and return the server's processes, and wait until none runs.

    A busy backend does not notice its parent's end. What initdb starts for its tests writes to no
    log of ours, so that the end of the log does not tell of its end.
    """
    found: set[int] = set()
    until = time.monotonic() + GRACE
    while (left := members(order)) and time.monotonic() < until:
        found.update(left)
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)
    return list(found)


def _pids() -> list[int]:
    names = os.listdir("/proc") if sys.platform == "linux" else ()
    return [int(name) for name in names if name.isdigit()]


def memory(order: Order, pid: int) -> int | None:
    """Return the shared memory of *pid*, or of the processes that work in our folder.

    Call it before the end: initdb removes the file that lists it.
    """
    try:
        with open(os.path.join(order.folder, "postmaster.pid")) as file:
            lines = file.read().splitlines()
        return int(lines[6].split()[1]) if not order.kept or int(lines[0]) == pid else None
    except (OSError, IndexError, ValueError):
        return None


def memory_of(pids: Iterable[int], folder: str) -> list[int]:
    """Return the shared memory of the ended *pids*, or of a server in *folder* that has ended.

    A server killed during its start may have made some and not recorded it yet; initdb's own server
    has ended before we can learn its pid. PostgreSQL's key is the number of its folder. A server in
    a folder of the same number on another disk still runs: its memory stays.
    """
    makers, found = set(pids), []
    with contextlib.suppress(OSError), open("/proc/sysvipc/shm") as file:
        own = ctypes.c_int32(os.stat(folder).st_ino).value
        for line in file.read().splitlines()[1:]:
            key, segment, _, _, maker, _, attached, *_ = line.split()
            ours = int(maker) in makers or int(key) == own
            if ours and (attached == "0" or not _runs(maker)):  # a dying child may still hold it
                found.append(int(segment))
    return found


def _runs(pid: str) -> bool:
    """Whether *pid* runs a program: a process that has ended shows none."""
    try:
        return bool(os.readlink(f"/proc/{pid}/exe"))
    except PermissionError:
        return True  # another user's
    except OSError:
        return False


def files_of(pids: Iterable[int]) -> set[str]:
    """Return the shared memory files that *pids* use.

    Call it before the end. Our server keeps them in its folder; those that initdb starts for its
    tests do not.
    """
    found: set[str] = set()
    for pid in pids:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/maps") as file:
            found |= set(FILE.findall(file.read()))
    return found


def forget(files: Iterable[str]) -> None:
    """Remove *files* that still exist: the processes that used them have ended."""
    for file in files:
        with contextlib.suppress(OSError):
            os.unlink(file)
