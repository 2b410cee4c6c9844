"""The folder that a server works in."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from loopcheck.servers.guard.order import Order, Refused

BOUND = 1.0  # seconds for a dying process to stop writing
FREED_WITHIN = 2.0  # seconds: a guard takes at most this long after its owner was killed


def make(folder: str) -> None:
    """Make *folder* for this user alone, if it does not exist."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        pass  # another guard has just made it: its lock shows that
    except OSError as error:
        raise Refused.by_system(error) from None


@contextlib.contextmanager
def at_once_removed(order: Order) -> Iterator[None]:
    """Provide a folder for the start of a server, unless it has a lasting one.

    Nothing can be left in it: a process can work in a removed folder. The system refuses what it
    tries to write there (`SAVE`).
    """
    if order.lasting:
        yield
        return
    make(order.folder)
    try:
        yield
    finally:
        os.rmdir(order.folder)


def is_fresh(order: Order) -> bool:
    """True if the folder is empty, and no server of this kind has worked in it."""
    try:
        there = os.listdir(order.folder)
    except OSError as error:
        raise Refused.by_system(error) from None
    if there and order.mark not in there:
        raise Refused(strange=True)  # before anything could be removed
    return not there


@contextlib.contextmanager
def held(folder: str) -> Iterator[None]:
    """Lock *folder* while the guard, or a deputy that it forked meanwhile, lives."""
    try:
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Refused.by_system(error) from None
    try:
        with contextlib.suppress(OSError):  # some network drives have no locks
            _lock(file)
        yield
    finally:
        os.close(file)


def _lock(file: int) -> None:
    """Lock *file*, whose last holder may be about to end."""
    until = time.monotonic() + FREED_WITHIN
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Refused(held=True) from None
            time.sleep(0.02)


def remove(folder: str, but_not_itself: bool) -> None:
    """Remove the content of *folder*, to which a dying server may still write."""
    import shutil  # late: 5 ms, which no start should wait for

    until = time.monotonic() + BOUND
    while os.path.lexists(folder) and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
    if but_not_itself:
        with contextlib.suppress(OSError):
            os.mkdir(folder)
