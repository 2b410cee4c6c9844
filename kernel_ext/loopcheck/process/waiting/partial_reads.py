"""What a stream has already received of what a task reads from it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import FrameType

from loopcheck.labels import plain
from loopcheck.process import objects
from loopcheck.records import PartRead

UNTIL = asyncio.StreamReader.readuntil.__code__  # also for `readline()`
EXACTLY = asyncio.StreamReader.readexactly.__code__
MOST = 20  # bytes to show


def of(frames: Iterable[FrameType]) -> PartRead | None:
    """Return what has arrived for the read in one of *frames*; None if nothing has, yet."""
    for frame in frames:
        if frame.f_code is UNTIL or frame.f_code is EXACTLY:
            buffer = objects.peek(frame.f_locals.get("self"), "_buffer")
            if type(buffer) is bytearray and buffer:
                return _part(bytes(buffer[:MOST]), len(buffer), frame)
    return None


def _part(start: bytes, size: int, frame: FrameType) -> PartRead | None:
    shown = plain(repr(start)) + ("…" if size > len(start) else "")
    if frame.f_code is EXACTLY:
        wanted = frame.f_locals.get("n")
        short = wanted - size if type(wanted) is int and wanted > size else None
        return PartRead(size=size, start=shown, short=short) if short else None
    end = frame.f_locals.get("separator")
    if type(end) in (list, tuple) and len(end) == 1:  # type: ignore[arg-type]  # 3.13: several
        end = end[0]  # type: ignore[index]
    if type(end) is not bytes:
        return None
    return PartRead(size=size, start=shown, missing=repr(end)[2:-1])
