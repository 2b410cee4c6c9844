"""Asks any process of Python 3.14 or later, prepared or not: it runs a script of ours.

Python runs it in the main thread, when that comes to its next step or when a signal interrupts a
call. A loop that waits for ever takes no step, so on Linux we stop the thread for a moment, as
`strace -p` would: its wait for input is interrupted, and Python looks up and waits on.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from loopcheck.attach import injected_script, target_process

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17  # of ptrace(2)
ALL_CHILDREN = 0x40000000  # `__WALL`: the process is not a child of ours
STOPS = 1.0  # seconds for the thread to stop
SOON = 0.1  # seconds for a process that takes steps
APART = 0.005
READS = 30.0  # seconds for a look that has begun: on a busy machine 0.4 s of work took 3.3 s


class NotAnsweredError(Exception):
    """The main thread of the process took no step in time."""


def is_possible() -> bool:
    """Return whether this Python can send a script to another process."""
    return hasattr(sys, "remote_exec")


def ask(pid: int, patience: float) -> dict[str, Any]:
    """Return the answer of process *pid*; raises NotAnsweredError, and what `remote_exec` does."""
    from loopcheck.attach import visit  # compiles it all, for a process that may not write there

    _ = visit
    folder = tempfile.mkdtemp(prefix="loopcheck-attach-")
    before = signal.getsignal(signal.SIGINT)
    begun, answer = (Path(folder, name) for name in (injected_script.BEGUN, injected_script.ANSWER))
    try:
        script = injected_script.write(folder)
        # The folder comes last: from then on its owner may put links in it, and we only read.
        _hand_over(script, pid)
        _hand_over(folder, pid)
        try:
            _send(pid, script)
            _wait(pid, begun, answer, patience)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C comes easily
            if not begun.exists():
                _withdraw(pid, begun)
        if not answer.exists():  # it may have begun at the last moment
            raise NotAnsweredError
        said: dict[str, Any] = json.loads(answer.read_bytes())
        return said
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGINT, before)


def _wait(pid: int, begun: Path, answer: Path, patience: float) -> None:
    if not _until(begun.exists, SOON):
        interrupt(pid)
    if _until(lambda: begun.exists() or not target_process.exists(pid), patience):
        _until(lambda: answer.exists() or not target_process.exists(pid), READS)


def _withdraw(pid: int, begun: Path) -> None:
    """Let the process run an empty file later: it would complain if ours were gone by then."""
    with suppress(Exception):  # it has ended
        _send(pid, os.devnull)
        _until(begun.exists, SOON)  # it may be opening ours


def _send(pid: int, script: str) -> None:
    sys.remote_exec(pid, script)  # type: ignore[attr-defined,unused-ignore]  # 3.14


def interrupt(pid: int) -> None:
    """Interrupt the wait of the main thread of *pid*, on Linux; no handler of its own runs."""
    if sys.platform != "linux":
        return
    ptrace = ctypes.CDLL(None, use_errno=True).ptrace
    ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    ptrace.restype = ctypes.c_long
    if ptrace(SEIZE, pid, None, None) != 0:  # a debugger has it, or we lack the right
        return
    # If we end before the last line, the kernel detaches us.
    if ptrace(INTERRUPT, pid, None, None) == 0:
        with suppress(ChildProcessError):
            _until(lambda: os.waitpid(pid, ALL_CHILDREN | os.WNOHANG)[0] == pid, STOPS)
    ptrace(DETACH, pid, None, None)


def _hand_over(path: str, pid: int) -> None:
    """Let the user of process *pid* read *path*, if root asks a process of somebody else."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        with suppress(OSError):
            found = os.stat(f"/proc/{pid}")
            os.chown(path, found.st_uid, found.st_gid, follow_symlinks=False)


def _until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(APART)
    return True
