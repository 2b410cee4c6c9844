"""Which processes listen on this machine, as the system reports it: we connect to nothing.

Linux only. If another user's process listens on a port, we know the port, and no name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LISTEN = "0A"
PROCESSES = 2_000  # whose open files we look at
FILES = 2_000  # of one process


class Listener(NamedTuple):
    """A port of this machine that a process listens on."""

    port: int
    process: str | None  # "valkey-server"; None: we have no right to know
    ours: bool  # it is this very process


def read(*ports: int) -> tuple[Listener, ...]:
    """Return the listeners on *ports*, or on all; nothing if the system does not report them."""
    if sys.platform != "linux":
        return ()
    inodes = dict(_sockets(set(ports)))
    if not inodes:
        return ()
    named = dict(_owners(set(inodes)))
    found = {
        Listener(port, *named.get(inode, (None, False))) for inode, port in sorted(inodes.items())
    }
    return tuple(sorted(found, key=lambda one: (one.port, one.process or "")))


def _sockets(ports: set[int]) -> Iterator[tuple[str, int]]:
    """Yield the inode and port of each listening socket."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if len(fields) > 9 and fields[3] == LISTEN:
                port = int(fields[1].rpartition(":")[2], 16)
                if not ports or port in ports:
                    yield fields[9], port


def _owners(inodes: set[str]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield for each inode the name of the process that has it open, as far as we may look."""
    own = os.getpid()
    try:
        others = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return
    left = set(inodes)
    for pid in [own, *sorted(set(others) - {own})][:PROCESSES]:
        mine = left.intersection(_open(pid))
        for inode in mine:
            yield inode, (_name(pid), pid == own)
        left -= mine
        if not left:
            return


def _open(pid: int) -> Iterator[str]:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)[:FILES]
    except OSError:
        return
    for name in names:
        try:
            target = os.readlink(f"{folder}/{name}")
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target[len("socket:[") : -1]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "a process"
