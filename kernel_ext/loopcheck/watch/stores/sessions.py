"""aiohttp sessions, aiosqlite connections, anyio's memory streams: the lines that created each.

One that is collected open does not name them.
"""

from __future__ import annotations

import asyncio
import sys
from types import FrameType
from typing import Any

from loopcheck.process.frames import first_argument, is_users, module_of
from loopcheck.watch import loop_leaks
from loopcheck.watch.hooks import Undo, asked, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import sockets

# `create_memory_object_stream[int](5)` is called through typing.
MAKES_STREAMS = ("anyio._core._streams", "anyio.streams.memory", "typing")


def install(kind: type) -> Undo:
    """Begin to record sessions of *kind*, which is aiohttp's own class."""
    return together(sockets.made.clear, asked(kind, "__init__", _made))


def install_aiosqlite(kind: type) -> Undo:
    """Begin to record connections of *kind*, and those that are collected open."""
    if "__del__" not in vars(kind):  # before 0.22 it is a thread that can't be collected
        return lambda: None
    made, gone = asked(kind, "__init__", _connected), asked(kind, "__del__", _collected)
    return together(sockets.made.clear, made, gone)


def install_anyio(kind: type) -> Undo:
    """Begin to record memory streams of *kind*, one end, and those that are collected open."""
    if "__del__" not in vars(kind):  # before 4.4 it reports nothing
        return lambda: None
    made, gone = asked(kind, "__init__", _streams), asked(kind, "__del__", _end_collected)
    return together(sockets.made.clear, made, gone)


def _streams(end: object) -> None:
    sockets.made.pop(id(end), None)
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and module_of(frame) in MAKES_STREAMS:
        frame = frame.f_back
    loop = asyncio._get_running_loop()  # None: plain code may create what another thread uses
    born = LEDGER.find(loop) if loop is not None else None
    if loop is not None and (born is None or not loop_leaks.for_tests(born)):
        return
    if frame is not None and is_users(frame):  # a library has to close its own
        _note(end, sockets.site_from(frame, loop))


def _end_collected(end: Any) -> None:
    site = sockets.made.pop(id(end), None)
    if site is not None and not end._closed:  # as its own check does
        kind = f"anyio.{type(end).__name__}"
        sockets.note(sockets.Entry(site, "collected", None, kind))


def _connected(connection: object) -> None:
    sockets.made.pop(id(connection), None)
    frame: FrameType | None = sys._getframe(2)
    if frame is not None and module_of(frame) == "aiosqlite.core":
        frame = frame.f_back  # its `connect`
    loop = asyncio._get_running_loop()
    born = LEDGER.find(loop) if loop is not None else None  # created anywhere, awaited on a loop
    if loop is None or born is None or not loop_leaks.for_tests(born):
        return
    if frame is None or not is_users(frame):
        return  # SQLAlchemy's pool closes what it opens
    _note(connection, sockets.site_from(frame, loop))


def _collected(connection: Any) -> None:
    site = sockets.made.pop(id(connection), None)
    if site is not None and connection._connection is not None:  # as its own check does
        sockets.note(sockets.Entry(site, "collected", None, "aiosqlite.Connection"))


def _made(session: object) -> None:
    sockets.made.pop(id(session), None)  # of an earlier one at this address
    loop, frame = asyncio._get_running_loop(), _maker(session)
    if frame is None or not is_users(frame):
        return  # a library has to close its own
    if loop is not None:  # without one it refuses to be created
        _note(session, sockets.site_from(frame, loop))


def _note(client: object, site: sockets.Site) -> None:
    sockets.made[id(client)] = site
    if len(sockets.made) > sockets.KEPT:
        del sockets.made[next(iter(sockets.made))]


def _maker(session: object) -> FrameType | None:
    """Return the caller of the class: a user's subclass passes the call on."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and frame.f_code.co_name == "__init__":
        if first_argument(frame) is not session:
            break
        frame = frame.f_back
    return frame


INSTALLS = {
    "ClientSession": install,
    "Connection": install_aiosqlite,
    "MemoryObjectSendStream": install_anyio,
    "MemoryObjectReceiveStream": install_anyio,
}
