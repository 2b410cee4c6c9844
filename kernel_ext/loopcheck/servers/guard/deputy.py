"""The deputy: a process that ends a server whose guard was killed, and removes its folder."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from typing import NamedTuple

from loopcheck.servers.guard import family, libc, place
from loopcheck.servers.guard.order import Order
from loopcheck.servers.guard.user import User, become

BOUND = 0.5  # seconds for a server to end after a signal
NONE_LEFT, GOES, STAYS = b"0\n", b"goes\n", b"stays\n"


class Tied(NamedTuple):
    """How a server ends if its guard is killed, as the guard sees it."""

    tell: Callable[[bytes], object]  # a pid, or one of the words above
    leash: Callable[[], None]  # what the server has to do first
    dismiss: Callable[[], None]  # after the server


def tie(order: Order, user: User, was_there: bool) -> Tied:
    """Make the kernel, a deputy, or both end the server with the guard."""
    guard, pid, ear = os.getpid(), 0, -1
    if order.by_deputy or not libc.knows_death_signals():
        pid, ear = _call(order, was_there)

    def leash() -> None:
        become(user)
        if pid:  # before the server runs: it is never unguarded
            os.write(ear, b"%d\n" % os.getpid())
        # After `become`, which would undo it.
        if order.by_kernel and libc.dies_with_parent(order.dies_by) and os.getppid() != guard:
            os._exit(1)  # it died before the line above

    def dismiss() -> None:
        if pid:
            os.close(ear)
            os.waitpid(pid, 0)

    return Tied(lambda words: pid and os.write(ear, words), leash, dismiss)


def _call(order: Order, was_there: bool) -> tuple[int, int]:
    """Fork a deputy. Return its pid, and the file through which it hears."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write)
        _stand_by(read, order, was_there)
    os.close(read)
    return pid, write


def _stand_by(read: int, order: Order, was_there: bool) -> None:
    """Wait for the guard's end, then end the processes that it left."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    for file in (0, 1, 2):  # the owner reads end of file on 1 as the guard's end
        os.close(file)
    server, stays = 0, order.kept  # until the guard has seen that the folder is empty
    with open(read, "rb") as guard:
        for line in guard:
            if line in (GOES, STAYS):
                stays = line == STAYS
            else:
                server = int(line)
    if server:
        _end(server, order)
    if order.lasting and not stays:
        place.remove(order.folder, was_there)
    os._exit(0)


def _end(server: int, order: Order) -> None:
    memory = family.memory(order, server)
    there = [server, *family.members(order)]
    files = family.files_of(there)
    for each in (order.dies_by, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(server, each)
            _wait(server)
    there += family.end(order)
    libc.forget(memory, *family.memory_of(there, order.folder))
    family.forget(files)


def _wait(pid: int) -> None:
    """Wait for the end of a process that is not our child."""
    try:
        end = os.pidfd_open(pid)
    except (AttributeError, OSError) as error:  # macOS, Linux before 5.3, some sandboxes
        until = time.monotonic() + (0 if isinstance(error, ProcessLookupError) else BOUND)
        while time.monotonic() < until:
            os.kill(pid, 0)
            time.sleep(0.01)
    else:  # also notices ends whose exit code nothing collects, as with init in many containers
        select.select([end], [], [], BOUND)
        os.close(end)
