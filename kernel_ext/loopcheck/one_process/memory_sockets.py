"""Sockets within one process, for a platform whose own reach nothing.

Each call returns at once: what a peer sends is in memory before its `send` returns. A call that
would have to wait raises, even on a blocking socket, since nobody else could ever answer.
"""

import errno
import os
import selectors
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, BufferedRWPair, BufferedWriter, RawIOBase, TextIOWrapper
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from loopcheck.one_process.replaced_names import replaced

HERE = ("127.0.0.1", "localhost", "0.0.0.0", "::1", "::", "")
_numbers = count(1_000_000)  # far from the descriptors of files
_ports = count(49_152)
_open: WeakValueDictionary[int, "MemorySocket"] = WeakValueDictionary()
_listening: dict[int, "MemorySocket"] = {}
Address = tuple[Any, ...]


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


class MemorySocket:
    """A socket as Python knows it, whose peers are in this process."""

    def __init__(
        self,
        family: int = socket.AF_INET,
        type: int = socket.SOCK_STREAM,
        proto: int = 0,
        fileno: int | None = None,
    ) -> None:
        self.family = socket.AF_INET if family == -1 else family
        self.type = socket.SOCK_STREAM if type == -1 else type
        self.proto = 0 if proto == -1 else proto
        self.peer: MemorySocket | None = None
        self.arrived: Callable[[], None] | None = None  # a server that answers by itself
        self.accepts: Callable[[MemorySocket], None] | None = None  # the same, of a listener
        self._number = next(_numbers)
        self._timeout: float | None = socket.getdefaulttimeout()
        self._name: Address = ("0.0.0.0", 0)
        self._data, self._ended, self._reset = bytearray(), False, False
        self._waiting: list[MemorySocket] = []
        _open[self._number] = self

    # -- what can be read now: the selector asks

    def is_readable(self) -> bool:
        return bool(self._data or self._ended or self._reset or self._waiting)

    def is_writable(self) -> bool:
        return self.peer is not None

    # -- addresses

    def bind(self, address: Address) -> None:
        host, port, *rest = address
        if port in _listening:
            raise _error(errno.EADDRINUSE)
        self._name = (host or "0.0.0.0", port or next(_ports), *rest)

    def listen(self, backlog: int = 0) -> None:
        if not self._name[1]:
            self.bind(self._name)
        _listening[self._name[1]] = self

    def accept(self) -> tuple["MemorySocket", Address]:
        if not self._waiting:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        one = self._waiting.pop(0)
        return one, one.getpeername()

    def connect(self, address: Address) -> None:
        host, port, *_ = address
        there = _listening.get(port) if host in HERE else None
        if there is None:
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        if not self._name[1]:
            self._name = ("127.0.0.1", next(_ports))
        other = MemorySocket(self.family, self.type, self.proto)
        other._name = ("127.0.0.1", port)
        self.peer, other.peer = other, self
        if there.accepts is not None:
            there.accepts(other)
        else:
            there._waiting.append(other)

    def connect_ex(self, address: Address) -> int:
        try:
            self.connect(address)
        except OSError as error:
            return error.errno or errno.EIO
        return 0

    def getsockname(self) -> Address:
        return self._name

    def getpeername(self) -> Address:
        if self.peer is None:
            raise _error(errno.ENOTCONN)
        return self.peer._name

    # -- data

    def send(self, data: Any, flags: int = 0) -> int:
        self._check()
        if self._reset or self.peer is None or self.peer._number < 0:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        self.peer._data += data
        if self.peer.arrived is not None:
            self.peer.arrived()
        return len(memoryview(data).cast("B"))

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.send(data)

    def sendmsg(self, buffers: Any, *rest: Any) -> int:
        return self.send(b"".join(buffers))

    def recv(self, size: int, flags: int = 0) -> bytes:
        self._check()
        if self._reset:
            self._reset = False
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        if not self._data and not self._ended:
            if self._timeout == 0:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            raise TimeoutError("timed out: nothing in this process will send more")
        found = bytes(self._data[:size])
        if not flags & socket.MSG_PEEK:
            del self._data[:size]
        return found

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        found = self.recv(nbytes or len(buffer), flags)
        buffer[: len(found)] = found
        return len(found)

    def shutdown(self, how: int) -> None:
        if how != socket.SHUT_RD and self.peer is not None:
            self.peer._end()

    def close(self) -> None:
        if self._number < 0:
            return
        _open.pop(self._number, None)
        self._number = -1
        if _listening.get(self._name[1]) is self:
            del _listening[self._name[1]]
        if self.peer is not None:
            self.peer._end()
            self.peer = None

    def reset(self) -> None:
        """End the connection as a server does that is killed."""
        if self.peer is not None:
            self.peer._reset = True
        self.close()

    def _end(self) -> None:
        self._ended = True
        if self.arrived is not None:
            self.arrived()

    def _check(self) -> None:
        if self._number < 0:
            raise _error(errno.EBADF)

    # -- the rest of the interface

    def fileno(self) -> int:
        return self._number

    def detach(self) -> int:
        return self._number

    def setblocking(self, flag: bool) -> None:
        self._timeout = None if flag else 0.0

    def settimeout(self, seconds: float | None) -> None:
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        return self._timeout

    def getblocking(self) -> bool:
        return self._timeout != 0

    def setsockopt(self, *rest: Any) -> None:
        pass

    def getsockopt(self, level: int, name: int, *rest: Any) -> int:
        return int(self.type) if name == socket.SO_TYPE else 0

    def set_inheritable(self, flag: bool) -> None:
        pass

    def makefile(self, mode: str = "r", buffering: int | None = None, **rest: Any) -> Any:
        raw: Any = _Raw(self)
        if buffering == 0:
            return raw
        kinds: dict[str, Any] = {"r": BufferedReader, "w": BufferedWriter}
        plain = mode.replace("b", "")
        made = kinds[plain](raw) if plain in kinds else BufferedRWPair(raw, raw)
        return made if "b" in mode else TextIOWrapper(made, **rest)

    def __enter__(self) -> "MemorySocket":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Raw(RawIOBase):
    """A socket as a file."""

    def __init__(self, one: MemorySocket) -> None:
        self.one = one

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.one.recv_into(buffer)

    def write(self, data: Any) -> int:
        return self.one.send(data)


def ready(fileobj: Any, events: int) -> int:
    """Return which of *events* hold for *fileobj* now."""
    number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
    one = _open.get(number)
    if one is None:
        return 0
    can_read = selectors.EVENT_READ if one.is_readable() else 0
    can_write = selectors.EVENT_WRITE if one.is_writable() else 0
    return events & (can_read | can_write)


def _pair(*_: Any) -> tuple[MemorySocket, MemorySocket]:
    first, second = MemorySocket(), MemorySocket()
    first.peer, second.peer = second, first
    return first, second


def addresses(host: Any, port: Any, *rest: Any, **more: Any) -> list[tuple[Any, ...]]:
    """Answer as `socket.getaddrinfo`, for names of this process."""
    name = host.decode() if isinstance(host, bytes) else host
    if name not in (None, *HERE) and not str(name).replace(".", "").isdigit():
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    at = "127.0.0.1" if name in (None, *HERE) else name
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, int(port or 0)))]


@contextmanager
def in_use() -> Iterator[None]:
    """Give all code that makes sockets in the block those of this module."""
    ours: dict[str, Any] = {"socket": MemorySocket, "socketpair": _pair, "getaddrinfo": addresses}
    # Options that asyncio sets on a server; a socket here takes any.
    ours |= {name: 0 for name in ("SO_REUSEADDR", "SO_KEEPALIVE") if not hasattr(socket, name)}
    with replaced(socket, ours):
        yield
