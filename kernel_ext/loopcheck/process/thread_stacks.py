"""The frames that other threads are in, read in the only way that can't end the process.

Before 3.12 a collection may begin wherever Python creates an object: the frame object that it
returns, or the dict of `f_locals`. A collection runs finalizers, which may release the GIL, as
closing a socket does. Then the other thread continues, the frame that we were about to get has
ended, and we read memory of something else: the process crashes. Or a new thread takes the GIL and
waits for a lock that we hold meanwhile: both wait for ever (python/cpython#106883). So we collect
nothing in here.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import FrameType
from typing import Any

from loopcheck import collector
from loopcheck.source import project_files

COLLECTS_ANYWHERE = sys.version_info < (3, 12)


def _still() -> AbstractContextManager[None]:
    return collector.still() if COLLECTS_ANYWHERE else nullcontext()


def threads() -> dict[int, list[FrameType]]:
    """Return the frames of each thread, innermost first, by the thread's number."""
    with _still():
        found = sys._current_frames()
        found[threading.get_ident()] = sys._getframe(1)
        return {ident: list(outwards(frame)) for ident, frame in found.items()}


def of(ident: int | None) -> list[FrameType]:
    """Return the frames of one thread, innermost first; none if it has ended."""
    with _still():
        return list(outwards(sys._current_frames().get(ident or 0)))


def up_to(name: str, ident: int) -> list[FrameType]:
    """Return the frames of one thread from the innermost to the first that runs a code *name*.

    It stops there because Python creates an object for each frame that we read.
    """
    found = []
    with _still():
        for frame in outwards(sys._current_frames().get(ident)):
            found.append(frame)
            if frame.f_code.co_name == name:
                break
    return found


def idents() -> list[int]:
    """Return the numbers of all threads that have a frame."""
    with _still():
        return list(sys._current_frames())


def locals_of(frame: FrameType) -> Mapping[str, Any]:
    """Return the locals of a frame that another thread may be in."""
    with _still():
        return frame.f_locals


def users_innermost(frames: Iterable[FrameType]) -> FrameType | None:
    """Return the first of *frames* that runs code of the project, None if none does."""
    mine = (one for one in frames if project_files.owner(one.f_code.co_filename) == "user")
    return next(mine, None)


def outwards(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield *frame* and its callers. For another thread's frames use `of`."""
    while frame is not None:
        yield frame
        frame = frame.f_back
