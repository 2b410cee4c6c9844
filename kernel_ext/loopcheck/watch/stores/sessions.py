"""Sessions of aiohttp, connections of aiosqlite: the lines that made each.

One that is collected open does not say them.
"""

from __future__ import annotations

import asyncio
import sys
from types import FrameType
from typing import Any

from loopcheck.watch import _frames, loop_leaks
from loopcheck.watch.hooks import Undo, asked, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import sockets


def install(kind: type) -> Undo:
    """Begin to note those of *kind*, which is aiohttp's own class."""
    return together(sockets.made.clear, asked(kind, "__init__", _made))


def install_aiosqlite(kind: type) -> Undo:
    """Begin to note connections of *kind*, and those that are collected open."""
    if "__del__" not in vars(kind):  # before 0.22 it is a thread that nobody can collect
        return lambda: None
    made, gone = asked(kind, "__init__", _connected), asked(kind, "__del__", _collected)
    return together(sockets.made.clear, made, gone)


def _connected(connection: object) -> None:
    sockets.made.pop(id(connection), None)
    frame: FrameType | None = sys._getframe(2)
    if frame is not None and _frames.module_of(frame) == "aiosqlite.core":
        frame = frame.f_back  # its `connect`
    loop = asyncio._get_running_loop()
    born = LEDGER.find(loop) if loop is not None else None  # made anywhere, awaited on a loop
    if loop is None or born is None or not loop_leaks.for_tests(born):
        return
    if frame is None or not _frames.is_users(frame):
        return  # SQLAlchemy's pool closes what it opens
    _note(connection, sockets.site_from(frame, loop))


def _collected(connection: Any) -> None:
    site = sockets.made.pop(id(connection), None)
    if site is not None and connection._connection is not None:  # as it asks itself
        sockets.note(sockets.Entry(site, "collected", None, "aiosqlite.Connection"))


def _made(session: object) -> None:
    sockets.made.pop(id(session), None)  # of one that was there before it
    loop, frame = asyncio._get_running_loop(), _maker(session)
    if frame is None or not _frames.is_users(frame):
        return  # a library's is that library's to close
    if loop is not None:  # without one it refuses to be made
        _note(session, sockets.site_from(frame, loop))


def _note(client: object, site: sockets.Site) -> None:
    sockets.made[id(client)] = site
    if len(sockets.made) > sockets.KEPT:
        del sockets.made[next(iter(sockets.made))]


def _maker(session: object) -> FrameType | None:
    """Return who called the class: a subclass of the user's calls on to it."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and frame.f_code.co_name == "__init__":
        first = frame.f_code.co_varnames[:1]
        if not first or frame.f_locals.get(first[0]) is not session:
            break
        frame = frame.f_back
    return frame
