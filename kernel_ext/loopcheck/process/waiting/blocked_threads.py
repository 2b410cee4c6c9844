"""The thread that a task waits for: the user's line where it stands, and how many stand there.

`asyncio.to_thread`, `run_in_executor`, anyio's `to_thread.run_sync` and all that builds on it, such
as an endpoint without `async`, give a thread a future to set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import thread_stacks
from loopcheck.process.loops import queued_work
from loopcheck.process.waiting import waits, wakers
from loopcheck.records import Holder
from loopcheck.source import call_names, lines


def holders(wait: waits.Wait, labels: Labels) -> Iterator[Holder]:
    """Yield the thread that has to set what *wait* waits for, if it stands in user code."""
    future = queued_work.waiter(wait.task)
    if future is None:
        return
    for frames in wakers.threads_with([future])[:1]:
        users = [one for one in frames if waits.owner(one) == "user"]
        if not users:
            continue
        at = users[0]
        yield Holder(
            coroutine=users[-1].f_code.co_qualname.rpartition("<locals>.")[2],
            waits_at=waits.place(at, labels),
            threads=sum(_stands_at(at, one) for one in thread_stacks.threads().values()),
            call=call_names.asked(lines.of_frame(at).call),
        )


def _stands_at(frame: FrameType, frames: Sequence[FrameType]) -> bool:
    return any(one.f_code is frame.f_code and one.f_lasti == frame.f_lasti for one in frames)
