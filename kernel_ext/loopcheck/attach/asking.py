"""Asks a process what it waits for, in the way that it can answer; else says what to do instead."""

from __future__ import annotations

import json
import os
import shlex
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

from loopcheck.attach import answer_socket, injected_script, remote_script, target_process
from loopcheck.attach.remote_script import NotAnsweredError
from loopcheck.attach.target_process import Target
from loopcheck.source import project_files

PATIENCE = 5.0  # seconds: pytest-xdist's controller takes a step every 2 s
ONE_PIECE = 65_536
FIRST = (3, 14)  # has `sys.remote_exec`
RUN = "pytest --loopcheck"


class RefusedError(Exception):
    """Nothing can ask this process; the message is one line with the way out."""


def ask(pid: int, patience: float = PATIENCE) -> dict[str, Any]:
    """Return what process *pid* waits for; raises RefusedError or NotAnsweredError."""
    if not target_process.exists(pid):
        raise RefusedError(f"No process {pid} runs here. Try: pgrep -af pytest")
    if pid == os.getpid():
        raise RefusedError(f"Process {pid} is this very command.")
    try:
        answer = _by_signal(pid, patience)
        if answer is None:
            answer = _by_script(pid, patience)
    except NotAnsweredError:
        raise NotAnsweredError(_silent(pid, patience)) from None
    if "error" in answer:
        raise RefusedError(f"Process {pid} could not look at itself: {answer['error']}")
    return answer


def _by_signal(pid: int, patience: float) -> dict[str, Any] | None:
    """Return the answer of a run with --loopcheck, None if process *pid* is none.

    Without a handler the signal would end the process, so that only one who listens gets it.
    """
    number = target_process.quit_signal()
    connection = answer_socket.connect(pid) if number is not None else None
    if connection is None or number is None:
        return None
    with connection:
        if target_process.catches(pid, number) is False:
            return None
        try:
            os.kill(pid, number)
        except OSError:
            return None
        connection.settimeout(patience)
        pieces = []
        try:
            while piece := connection.recv(ONE_PIECE):
                pieces.append(piece)
                connection.settimeout(remote_script.READS)
        except (TimeoutError, OSError):
            raise NotAnsweredError from None
    with suppress(ValueError):
        said: dict[str, Any] = json.loads(b"".join(pieces))
        return said
    raise NotAnsweredError


def _by_script(pid: int, patience: float) -> dict[str, Any]:
    target = target_process.read(pid)
    _refuse(target)
    try:
        return remote_script.ask(pid, patience)
    except PermissionError:
        raise RefusedError(_without_rights(target)) from None
    except ProcessLookupError:
        raise RefusedError(f"Process {pid} has just ended.") from None
    except (RuntimeError, OSError, ValueError) as error:
        raise RefusedError(_in_words(target, str(error))) from None


def _refuse(target: Target) -> None:
    """Raise RefusedError if it is known beforehand that nothing can ask *target*."""
    pid, own = target.pid, sys.version_info[:2]
    if target.same_user is False and os.geteuid() != 0:
        raise RefusedError(f"Process {pid} belongs to another user. Try: sudo {_again(pid)}")
    if target.is_python is False:
        raise RefusedError(f"Process {pid} is {target.executable}, not Python.")
    if target.same_files is False:
        raise RefusedError(
            f"Process {pid} runs in a container with files of its own. "
            f"Try: docker exec CONTAINER python -m loopcheck attach {_inner(pid)}"
        )
    version = target.version
    if version is not None and version < FIRST:
        raise RefusedError(_too_old(pid, version))
    if version is not None and version != own:
        raise RefusedError(
            f"Process {pid} runs Python {_dotted(version)}, and this is {_dotted(own)}. "
            f"Try: {_again(pid, target.executable)}"
        )
    if not remote_script.is_possible():
        raise RefusedError(_too_old(pid, version))
    if not _is_enabled():
        raise RefusedError(
            "This Python may not ask others: PYTHON_DISABLE_REMOTE_DEBUG is set. Unset it here."
        )


def _too_old(pid: int, version: tuple[int, int] | None) -> str:
    which = f"runs Python {_dotted(version)}" if version is not None else "runs"
    need = f"Only Python {_dotted(FIRST)} and later can look into any process"
    if target_process.quit_signal() is None:
        return f"Process {pid} {which}. {need}; Windows has no other way."
    return f"Process {pid} {which} without `{RUN}`. {need}. Try: {RUN}"


def _in_words(target: Target, said: str) -> str:
    """Return a line for an error of `sys.remote_exec`."""
    pid = target.pid
    if "not enabled" in said:
        return (
            f"Process {pid} was started with PYTHON_DISABLE_REMOTE_DEBUG or "
            f"-X disable-remote-debug. Try: {RUN}, which needs no remote debugging"
        )
    if "version" in said:
        return (
            f"Process {pid} runs another Python than this {_dotted(sys.version_info[:2])}: {said}"
        )
    if "PyRuntime" in said:
        return f"Process {pid} is no Python {_dotted(sys.version_info[:2])}: {said}"
    return f"loopcheck can't ask process {pid}: {said}"


def _without_rights(target: Target) -> str:
    pid = target.pid
    if sys.platform == "darwin":
        return f"macOS lets only root look into process {pid}. Try: sudo {_again(pid)}"
    if sys.platform == "win32":
        return f"Windows lets only an administrator look into process {pid}."
    if target.same_user is False and os.geteuid() != 0:
        return f"Process {pid} belongs to another user. Try: sudo {_again(pid)}"
    scope = target_process.debugging_scope()
    if scope == 1 and os.geteuid() != 0:
        return f"ptrace_scope is 1: only root may look into process {pid}. Try: sudo {_again(pid)}"
    if scope == 3:
        return f"ptrace_scope is 3: nobody may look into process {pid} until a restart. Try: {RUN}"
    return (
        f"This system forbids to look into process {pid}. "
        f"In a container, start it with --cap-add=SYS_PTRACE; else try: sudo {_again(pid)}"
    )


def _silent(pid: int, patience: float) -> str:
    """Return a line for a process that does not answer, with the place where it stands."""
    if not target_process.exists(pid):
        return f"Process {pid} ended before it answered."
    place = _main_thread(pid)
    where = f" at {place}" if place is not None else ""
    return (
        f"Process {pid} has not answered within {patience:.0f} s: its main thread is in a call"
        f"{where} that runs no Python code. It can answer when that call returns."
    )


def _main_thread(pid: int) -> str | None:
    """Return the innermost line of the project in the main thread of *pid*, read from outside."""
    try:
        unwinder: Any = import_module("_remote_debugging").RemoteUnwinder  # 3.14's own, private

        frames = [one for thread in unwinder(pid).get_stack_trace() for one in _frames(thread)]
        mine = [one for one in frames if project_files.owner(one.filename) == "user"]
        one = (mine or frames)[0]
        return f"{one.filename}:{one.lineno} in {one.funcname}"
    except Exception:
        return None


def _frames(thread: Any) -> list[Any]:
    return list(getattr(thread, "frame_info", ()))


def _is_enabled() -> bool:
    return bool(getattr(sys, "is_remote_debug_enabled", lambda: True)())


def _again(pid: int, executable: str | None = None) -> str:
    """Return the command to type for process *pid*; another Python may not have loopcheck."""
    words = [executable or sys.executable, "-m", "loopcheck", "attach", str(pid)]
    path = (
        f"PYTHONPATH={shlex.quote(os.path.dirname(injected_script.PACKAGE))} " if executable else ""
    )
    return path + shlex.join(words)


def _inner(pid: int) -> str:
    """Return the number that process *pid* has in its container."""
    inner = target_process.read_status(pid, "NSpid")
    return inner.split()[-1] if inner else "PID"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
