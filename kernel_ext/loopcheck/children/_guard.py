"""Runs one command and ends everything it started: at its end, at a deadline, or with our parent.

Used as a script, `python -I -S _guard.py SECONDS GRACE COMMAND…`. Its stdin is a pipe from the
notebook's kernel that closes when the kernel stops the command or dies, even by SIGKILL. The
command's output goes to our stdout. Our stderr has two lines of JSON: first the command's process
group, so that the kernel can end it if we are killed, then how it ended.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

LINUX, WINDOWS = sys.platform == "linux", sys.platform == "win32"
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LONGEST_SWEEP = 5.0  # seconds; only an endless fork could outlast it


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _die_with_parent() -> None:
    """Run in the command before it starts: if we are killed, it is killed too."""
    if LINUX:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    if WINDOWS:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, creationflags=0x200
        )  # 0x200: CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )


def _parents() -> dict[int, int]:
    """Return the parent of every live process (Linux)."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                state, parent = file.read().rpartition(b")")[2].split()[:2]
                if state not in (b"Z", b"X"):
                    found[int(name)] = int(parent)
    return found


def _descendants() -> list[int]:
    """Return all processes below us, also those that left the session: we adopt them (Linux)."""
    if not LINUX:
        return []
    parents, family = _parents(), {os.getpid()}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return sorted(family - {os.getpid()})


def _kill(group: int) -> None:
    if WINDOWS:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(group)], capture_output=True)
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    for pid in _descendants():
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _alone(group: int) -> bool:
    """Reap ended processes; True if none is left."""
    if WINDOWS:
        return True
    if not LINUX:
        try:
            os.killpg(group, 0)
        except OSError:
            return True
        return False
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _sweep(group: int, grace: float) -> int:
    """End what the command left behind, after *grace* seconds; return the number of processes."""
    left, began = 0, time.monotonic()
    while not _alone(group) and (waited := time.monotonic() - began) < LONGEST_SWEEP:
        if waited >= grace:
            left = max(left, len(_descendants()), 1)
            _kill(group)
        time.sleep(0.01)
    return left


def main(seconds: float, grace: float, command: list[str]) -> None:
    """Run *command* for at most *seconds*, and write to stderr how it ended."""
    if LINUX:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
    started, why = _start(command), ["exit"]
    _say(group=started.pid)

    def end(reason: str) -> None:
        why[:] = [reason]
        _kill(started.pid)

    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: end("stopped"))

    def end_with_parent() -> None:
        os.read(0, 1)  # nothing is ever written: this returns when the other end is closed
        end("stopped")

    threading.Thread(target=end_with_parent, daemon=True).start()
    clock = threading.Timer(seconds, end, ["timeout"])
    clock.daemon = True
    clock.start()
    code = started.wait()
    clock.cancel()
    reason = why[0]
    left = _sweep(started.pid, grace if reason == "exit" else 0)
    _say(why=reason, code=code, left=left)
    os._exit(0)  # the thread that waits for stdin would hold up a normal exit


def _say(**what: object) -> None:
    with suppress(OSError):  # the reader may be gone
        os.write(2, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
