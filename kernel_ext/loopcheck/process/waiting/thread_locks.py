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
    mine = list(filter(is_users, frames))
    locks = list(_locks(mine[0])) if mine else []
    running = asyncio.current_task(loop)
    for task in queued_work.pending(loop) if locks else ():
        same = task is running  # whose coroutines don't say what they await
        inner = mine[:0:-1] if same else [*await_chain.user_frames(futures.coroutine(task))]
        for frame in inner:
            for lock in locks:
                line = taken_locks.at(frame, lock)
                if line is not None:
                    file, name = labels.file(frame.f_code.co_filename), frame.f_code.co_name
                    last = frame if same else inner[-1]
                    return Holder(
                        coroutine=await_chain.short(frame.f_code.co_qualname),
                        place=Place(file, line, name),
                        waits_at=Place(
                            labels.file(last.f_code.co_filename), line_at(last), last.f_code.co_name
                        ),
                        same=same,
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
