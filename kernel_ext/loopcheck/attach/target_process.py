"""The process to ask, as the system shows it: is it there, whose is it, which Python runs it."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress

from loopcheck.light import dataclass

VERSION = re.compile(r"(?:python|cpython-)(3)\.?(\d+)")
BOUNDARY = "/proc/sys/kernel/yama/ptrace_scope"


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is known of a process; None where this system does not say."""

    pid: int
    executable: str | None = None
    version: tuple[int, int] | None = None
    is_python: bool | None = None
    same_user: bool | None = None
    same_files: bool | None = None  # else it is in a container


def exists(pid: int) -> bool:
    """Return whether process *pid* is there, and has not ended."""
    if sys.platform == "win32":  # `os.kill` would end it
        return pid > 0
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    with suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    return True


def read(pid: int) -> Target:
    """Return what this system shows of process *pid*."""
    try:
        executable = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
        with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as file:
            files = {line.split(maxsplit=5)[5].strip() for line in file if "/" in line}
    except PermissionError:
        return Target(pid=pid, same_user=_is_same_user(pid))
    except OSError:  # no Linux, or it has just ended
        return Target(pid=pid)
    names = [os.path.basename(executable), *(os.path.basename(one) for one in sorted(files))]
    found = next(filter(None, map(VERSION.search, names)), None)
    return Target(
        pid=pid,
        executable=executable,
        version=(int(found[1]), int(found[2])) if found else None,
        is_python=found is not None,
        same_user=_is_same_user(pid),
        same_files=_is_same(pid, "mnt"),
    )


def catches(pid: int, number: int) -> bool | None:
    """Return whether process *pid* has a handler for a signal, None if this system does not say."""
    caught = read_status(pid, "SigCgt")
    return bool(int(caught, 16) >> (number - 1) & 1) if caught else None


def read_status(pid: int, name: str) -> str:
    """Return what Linux says under *name* in the status of process *pid*, else nothing."""
    with suppress(OSError), open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
        return next((line.partition(":")[2] for line in file if line.startswith(f"{name}:")), "")
    return ""


def debugging_scope() -> int:
    """Return how far Linux forbids to look into other processes: 0 is not at all."""
    with suppress(OSError, ValueError), open(BOUNDARY, encoding="ascii") as file:
        return int(file.read())
    return 0


def quit_signal() -> int | None:
    """Return the signal that asks a run with --loopcheck."""
    return getattr(signal, "SIGQUIT", None)


def _is_same_user(pid: int) -> bool | None:
    with suppress(OSError):
        return os.stat(f"/proc/{pid}").st_uid == os.geteuid()
    return None


def _is_same(pid: int, namespace: str) -> bool | None:
    with suppress(OSError):
        return os.readlink(f"/proc/{pid}/ns/{namespace}") == os.readlink(
            f"/proc/self/ns/{namespace}"
        )
    return None
