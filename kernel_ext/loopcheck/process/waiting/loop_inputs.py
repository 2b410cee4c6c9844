"""What a loop reads: sockets and pipes, and whether anything outside can send there."""

from __future__ import annotations

import os
import select
import socket
import sys
import weakref
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from loopcheck.process import objects
from loopcheck.process.loops.queued_work import Loop

Ends = tuple[object, object]
# The original from before any test: a look runs on the loop, where libraries like blockbuster
# forbid it. They also forbid `read` on files, but not iterating over their lines.
LISTED = (os.listdir,)


def hidden(loop: Loop) -> bool:
    """Return whether *loop* keeps its timers where Python can't see them, as uvloop does."""
    return objects.peek(loop, "_scheduled") is None or _map(loop) is None


def _map(loop: Loop) -> Mapping[Any, Any] | None:
    """Return what *loop* watches; Windows' proactor keeps it by its pending operations."""
    selector = objects.peek(loop, "_selector")
    ask = getattr(selector, "get_map", None)
    found = ask() if ask is not None else objects.peek(selector, "_cache")
    return cast("Mapping[Any, Any] | None", found)


def outside(loop: Loop) -> Iterator[Any]:
    """Yield the handles of *loop* that something outside this process may trigger."""
    ports: set[int] | None = None
    for key in watched(loop):
        if ports is None:
            ports = own_ports()
        if not from_inside(key.fd, ports):
            yield from (handle for handle in key.data if handle is not None)


def handles(loop: Loop) -> Iterator[Any]:
    """Yield the handles of *loop* for all input: sent data may not be read yet."""
    for key in watched(loop):
        yield from (handle for handle in key.data if handle is not None)


def arrived(loop: Loop, but: Collection[int] = ()) -> Iterator[Any]:
    """Yield the handles of *loop* that input may trigger, if no code of this loop sends more.

    A connection within this loop counts only while it has unread data. The other end of any other
    may be in a thread, or outside.
    """
    within = {fd for fd, _ in peers(loop)}
    for key in watched(loop):
        if key.fd not in but:
            reader, writer = key.data
            if reader is not None and (key.fd not in within or unread(key.fd)):
                yield reader
            if writer is not None:
                yield writer


def unread(fd: int) -> bool:
    """True if *fd* has unread data or a caller, also if nothing can tell."""
    try:
        return bool(select.select([fd], [], [], 0)[0])
    except (OSError, ValueError):  # closed, or above the 1,023 that `select` knows
        return True


def listening(loop: Loop) -> Iterator[Any]:
    """Yield the handles for sockets without a known peer, for example listening ones."""
    for key in watched(loop):
        if (ends := ends_of(key.fd)) is None or ends[1] is None:
            yield from (handle for handle in key.data if handle is not None)


def peers(loop: Loop) -> Iterator[tuple[int, tuple[object, object]]]:
    """Yield for each connection within *loop* its writing end, and the handle that reads it."""
    transports = _transports(loop)
    by_name = {
        ends: transports[fd]
        for fd in transports
        if (ends := ends_of(fd)) is not None and ends[1] is not None
    }
    for key in watched(loop):
        ends = ends_of(key.fd)
        other = by_name.get((ends[1], ends[0])) if ends is not None else None
        if other is not None:
            for handle in key.data:
                if handle is not None:
                    yield key.fd, (other, handle)


def _transports(loop: Loop) -> dict[int, object]:
    """Return the open transports of *loop* by number, also those that are not reading now."""
    kept = objects.peek(loop, "_transports")
    if type(kept) is not weakref.WeakValueDictionary:
        return {}
    return {fd: one for fd, one in list(kept.items()) if type(fd) is int}


def ends_of(fd: int) -> Ends | None:
    """Return both addresses of an internet socket; the second is None if it only listens."""
    try:
        sock = socket.socket(fileno=fd)
    except OSError:
        return None
    try:
        if sock.family not in (socket.AF_INET, socket.AF_INET6):
            return None
        name = sock.getsockname()[:2]
        return name, sock.getpeername()[:2]
    except OSError:
        return name, None
    finally:
        sock.detach()


def watched(loop: Loop) -> list[Any]:
    """Return what *loop* waits for on its selector, except its own wake-up socket."""
    own = _fd(objects.peek(loop, "_ssock"))
    keys = [key for key in list((_map(loop) or {}).values()) if _of_selector(key)]
    return [key for key in keys if key.fd != own]


def _of_selector(key: object) -> bool:
    return isinstance(getattr(key, "fd", None), int) and isinstance(
        getattr(key, "data", None), tuple
    )


def _fd(sock: Any) -> int | None:
    return sock.fileno() if sock is not None else None


def from_inside(fd: int, ports: set[int]) -> bool:
    """Return whether only this process can make *fd* ready: it listens, or its peer is ours."""
    try:
        sock = socket.socket(fileno=fd)
    except OSError:
        return False  # a pipe, a child's end
    try:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return True  # no outside caller has connected yet
            name, peer = sock.getsockname(), sock.getpeername()
            return name[0] == peer[0] and peer[1] in ports
        return _own_pair(sock)
    except OSError:
        return False
    finally:
        sock.detach()


def _own_pair(sock: socket.socket) -> bool:
    """Return whether this process also has the other end of a Unix socket."""
    if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return True
    ask = getattr(socket, "SO_PEERCRED", None)  # Linux
    if ask is None:
        return False
    pid = int.from_bytes(sock.getsockopt(socket.SOL_SOCKET, ask, 12)[:4], sys.byteorder)
    return pid == os.getpid()


def own_ports() -> set[int]:
    """Return the ports of all sockets of this process; none if there is no list of them."""
    found: set[int] = set()
    try:
        numbers = [int(name) for name in LISTED[0]("/proc/self/fd")]
    except (OSError, ValueError):
        return found
    for fd in numbers:
        try:
            sock = socket.socket(fileno=fd)
        except OSError:
            continue
        try:
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                found.add(sock.getsockname()[1])
        except OSError:
            pass
        finally:
            sock.detach()
    return found
