"""What runs below this process: whose it is, what memory it holds, and an end for what is left.

Linux only. As a subreaper this process becomes the parent of what others orphaned, so the tree
below it is whole.
"""

import ctypes
import os
import re
import signal
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
PROC = Path("/proc")
KINDS = {  # a word of the command line → what to call it
    "configurable-http-proxy": "proxy",
    "idle_culler": "culler",
    "loopcheck board": "board",
    "singleuser": "server",
    "ipykernel": "kernel",
    "guard": "guard",
    "postgres": "PostgreSQL",
    "valkey": "Valkey",
    "pytest": "pytest",
    "jupyterhub": "Hub",
}

started: set[int] = set()  # by us, as leaders of their own session


def adopt() -> None:
    """Become the parent of all that loses its own."""
    if ctypes.CDLL(None, use_errno=True).prctl(SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl refused")


def parents() -> dict[int, int]:
    """Return the parent of each process below this one that is not dead."""
    above: dict[int, int] = {}
    dead = set()
    for stat in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            above[int(stat.parent.name)] = int(parent)
            if state in "ZX":
                dead.add(int(stat.parent.name))  # walked through: its children are still below us
    children = defaultdict(list)
    for pid, one in above.items():
        children[one].append(pid)
    found: dict[int, int] = {}
    todo = [os.getpid()]
    while todo:
        at = todo.pop()
        todo += children[at]
        found |= {pid: at for pid in children[at] if pid not in dead}
    return found


def command(pid: int) -> str:
    """Return the command line of *pid*."""
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return ""


def kind(pid: int) -> str:
    """Return what *pid* is, in a word."""
    words = command(pid)
    return next((name for word, name in KINDS.items() if word in words), "other")


def user(pid: int, above: dict[int, int]) -> str | None:
    """Return the learner that *pid* belongs to: the nearest environment upwards tells."""
    while pid in above:
        with suppress(OSError):
            told = re.search(
                rb"(?:^|\0)JUPYTERHUB_USER=([^\0]+)", (PROC / str(pid) / "environ").read_bytes()
            )
            if told:
                return told[1].decode()
        pid = above[pid]
    return None


def pss(pid: int) -> float:
    """Return the MB that *pid* holds, shared pages by share."""
    with suppress(OSError):
        told = re.search(r"^Pss:\s+(\d+)", (PROC / str(pid) / "smaps_rollup").read_text(), re.M)
        return int(told[1]) / 1024 if told else 0.0
    return 0.0


def left(seconds: float) -> dict[int, str]:
    """Return what is still below this process when *seconds* are over, or nothing, earlier."""
    end = time.monotonic() + seconds
    while True:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        there = {pid: command(pid) for pid in parents()}
        if not there or time.monotonic() > end:
            return there
        time.sleep(0.05)


def bury() -> None:
    """Ask for the ends of those that we adopted, as a machine's first process does.

    Nobody else can: a Hub that comes back would wait for them in vain. Those that we started
    ourselves are in our session, or among the *started*: who started them asks.
    """
    with suppress(OSError):
        while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            pid = found.si_pid
            if os.getsid(pid) == os.getsid(0) or pid in started:
                return
            os.waitpid(pid, 0)


def end_all() -> None:
    """End what is below this process, at last with SIGKILL."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for pid in parents():
            with suppress(OSError):
                os.kill(pid, sign)
        if not left(8):
            return
