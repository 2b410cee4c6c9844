"""The thread that a task waits for: the user's line where it stands, and how many stand there.

`asyncio.to_thread`, `run_in_executor`, anyio's `to_thread.run_sync` and all that builds on it, such
as an endpoint without `async`, give a thread a future to set. So does a loop that shuts down its
executor: that thread waits for the end of the executor's threads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures, objects, thread_stacks
from loopcheck.process.frames import module_of
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import call_limits, waits, wakers
from loopcheck.records import Holder
from loopcheck.source import call_names, lines


def holders(wait: waits.Wait, labels: Labels) -> Iterator[Holder]:
    """Yield the thread that has to set what *wait* waits for, if it stands in user code."""
    future = futures.waiter(wait.task)
    if future is None:
        return
    for given in wakers.threads_with([future])[:1]:
        joined, frames = _joined(given)
        users = [one for one in frames if waits.owner(one) == "user"]
        if not users:
            continue
        at = users[0]
        yield Holder(
            coroutine=users[-1].f_code.co_qualname.rpartition("<locals>.")[2],
            waits_at=waits.place(at, labels),
            threads=sum(_stands_at(at, one) for one in thread_stacks.threads().values()),
            call=call_names.asked(lines.of_frame(at).call),
            takes_timeout=call_limits.takes_timeout(at),
            joined=joined,
        )


def _joined(frames: Sequence[FrameType]) -> tuple[str | None, Sequence[FrameType]]:
    """Return the name and the frames of the thread for whose end that of *frames* waits.

    If that of *frames* has user code, it is itself at work; and the tasks of a loop in the other
    thread would say more than its frames. Then *frames* are returned.
    """
    if any(waits.owner(one) == "user" for one in frames):
        return None, frames
    for frame in frames:
        thread = thread_stacks.locals_of(frame).get("self")
        if _is_join(frame) and objects.is_a(thread, threading.Thread):
            ident = objects.peek(thread, "_ident")
            others = thread_stacks.of(ident if type(ident) is int else None)
            if any(live_loops.loop_of(one) is not None for one in others):
                break
            return f"{objects.peek(thread, '_name')}", others
    return None, frames


def _is_join(frame: FrameType) -> bool:
    return module_of(frame) == "threading" and frame.f_code.co_name == "join"


def _stands_at(frame: FrameType, frames: Sequence[FrameType]) -> bool:
    return any(one.f_code is frame.f_code and one.f_lasti == frame.f_lasti for one in frames)
