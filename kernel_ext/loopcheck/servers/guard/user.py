"""The user that a server runs as: PostgreSQL refuses to run as root."""

import os
import pwd

from loopcheck.servers.guard import libc
from loopcheck.servers.guard.order import CAPTIVE, Order, Refused

User = tuple[int, int] | tuple[()]  # empty: the guard's own user


def choose(order: Order) -> User:
    """Return the user for a program that root may not run: the owner of the data, or `nobody`."""
    if not order.never_root or os.geteuid() != 0:
        return ()
    there = os.stat(order.folder)
    if there.st_uid:
        return there.st_uid, there.st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Refused(nobody=True) from None
    return nobody.pw_uid, nobody.pw_gid


def become(user: User) -> None:
    """Continue as *user*, who may still read what root may read, if the kernel allows it.

    Binaries and data may be under a folder that only root can enter, like root's home.
    """
    if not user:
        return
    try:
        libc.keep_capabilities()
        os.setgroups([])
        os.setgid(user[1])
        os.setuid(user[0])
        libc.keep_only_reading()
    except OSError:  # a container that removes root's rights
        os.write(2, CAPTIVE.encode())
        os._exit(1)


def give(folder: str, user: User) -> None:
    """Let *user* work in *folder*."""
    if user:
        try:
            os.chown(folder, *user)
        except OSError:
            raise Refused(refused=CAPTIVE, code=1) from None
