"""A lock of threads that blocks an event loop: a task of that loop holds it while it awaits."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures
from loopcheck.process.frames import is_users, line_at
from loopcheck.process.loops import queued_work
from loopcheck.process.waiting import await_chain, taken_locks
from loopcheck.process.waiting.busy_threads import LOCKS
from loopcheck.records import Holder, Place
from loopcheck.source import parsed_files
from loopcheck.source.values import meaning


def holder(
    frames: list[FrameType], loop: asyncio.AbstractEventLoop, labels: Labels
) -> Holder | None:
    """Return the task of *loop* that holds the lock for which the step of *frames* waits."""
    waits = next(filter(is_users, frames), None)
    locks = list(_locks(waits)) if waits is not None else []
    for task in queued_work.pending(loop):
        inner = list(await_chain.user_frames(futures.coroutine(task)))
        for frame in inner:
            for lock in locks if frame is not waits else ():
                line = taken_locks.at(frame, lock)
                if line is not None:
                    code, last = frame.f_code, inner[-1]
                    return Holder(
                        coroutine=await_chain.short(code.co_qualname),
                        place=Place(labels.file(code.co_filename), line, code.co_name),
                        waits_at=Place(
                            labels.file(last.f_code.co_filename), line_at(last), last.f_code.co_name
                        ),
                    )
    return None


def _locks(frame: FrameType) -> Iterator[object]:
    """Yield the locks of threads that the line of *frame* may wait for."""
    for node in parsed_files.standing_at(frame.f_code.co_filename, line_at(frame)):
        entered = [one.context_expr for one in node.items] if isinstance(node, ast.With) else []
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="acquire")):
                entered.append(owner)
        for one in entered:
            lock = meaning.of(one, frame)
            if type(lock) in LOCKS:
                yield lock
