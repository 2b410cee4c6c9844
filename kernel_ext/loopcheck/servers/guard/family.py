"""What a killed PostgreSQL leaves behind: its children, and a bit of shared memory."""

import contextlib
import os
import signal
import sys

from loopcheck.servers.guard.order import Order


def end(order: Order) -> None:
    """Kill whoever the server started, where /proc tells: a busy backend sees no parent die."""
    folder, programs = (
        os.path.realpath(order.folder),
        os.path.realpath(os.path.dirname(order.argv[0])),
    )
    for pid in _pids():
        with contextlib.suppress(OSError):
            program = os.readlink(f"/proc/{pid}/exe")
            if os.path.dirname(program) == programs and os.readlink(f"/proc/{pid}/cwd") == folder:
                os.kill(pid, signal.SIGKILL)


def _pids() -> list[int]:
    names = os.listdir("/proc") if sys.platform == "linux" else ()
    return [int(name) for name in names if name.isdigit()]


def memory(order: Order, pid: int) -> int | None:
    """Return the shared memory of *pid*, or of whoever works in a folder that is ours.

    To be asked for before the end: initdb removes the file that tells.
    """
    try:
        with open(os.path.join(order.folder, "postmaster.pid")) as file:
            lines = file.read().splitlines()
        return int(lines[6].split()[1]) if not order.kept or int(lines[0]) == pid else None
    except (OSError, IndexError, ValueError):
        return None
