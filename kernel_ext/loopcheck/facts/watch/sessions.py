"""Sessions of aiohttp: the lines that made each. One that is collected open does not say them."""

from __future__ import annotations

import asyncio
import sys
from types import FrameType

from loopcheck.facts.probes import whose
from loopcheck.facts.watch import sockets
from loopcheck.facts.watch.hooks import Undo, asked, together


def install(kind: type) -> Undo:
    """Begin to note those of *kind*, which is aiohttp's own class."""
    return together(sockets.made.clear, asked(kind, "__init__", _made))


def _made(session: object) -> None:
    sockets.made.pop(id(session), None)  # of one that was there before it
    frame = _maker(session)
    if frame is None or _owner(frame) != "user":
        return  # a library's is that library's to close
    sockets.made[id(session)] = sockets.site_from(frame, asyncio.get_running_loop())
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


def _owner(frame: FrameType) -> whose.Owner:
    module = frame.f_globals.get("__name__")
    return whose.owner(frame.f_code.co_filename, module if type(module) is str else "")
