"""Plain sockets: the lines that created each. One that is freed open only reports its number.

Its destructor is written in C: the warning has no frame of its own, and maybe the object is gone.
The system gives a number to another socket only after the first is closed. So a warning is about
the last one that was created with its number.
"""

from __future__ import annotations

import re
import socket
import sys
from types import FrameType

from loopcheck.process.frames import is_users, module_of
from loopcheck.watch.hooks import Counted, Undo, answered, together
from loopcheck.watch.stores import sockets

KIND = "socket.socket"
NUMBER = re.compile(r"unclosed <\S*socket\S* fd=(\d+)")
_made: dict[int, sockets.Site | None] = {}  # None: a library has to close its own


def freed(warning: str) -> sockets.Entry | None:
    """Return the socket that *warning* is about, None if no user line created it."""
    said = NUMBER.match(warning)
    site = _made.get(int(said[1])) if said is not None else None
    return sockets.Entry(site, "collected", None, KIND) if site is not None else None


def _created(_: None, made: socket.socket, *args: object, **words: object) -> None:
    number = socket.SocketType.fileno(made)
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and module_of(frame) == "socket":
        frame = frame.f_back  # `accept`, `socketpair`
    users = frame is not None and is_users(frame)
    _made[number] = sockets.site_from(frame, None) if users else None


def _hook() -> Undo:
    if not issubclass(socket.socket, socket.SocketType):
        return _made.clear  # gevent's sockets, or those of a browser tab, have numbers of their own
    return together(_made.clear, answered(socket.socket, "__init__", _created))


install = Counted(_hook).install
