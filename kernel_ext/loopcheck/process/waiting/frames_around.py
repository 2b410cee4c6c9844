"""The frames that an error may pass: its callers, and the tasks that wait for its task."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import FrameType

from loopcheck.process import futures
from loopcheck.process.waiting import await_chain, parent_tasks

TASKS = 3  # on the way to the test


def read_outwards(frame: FrameType) -> Iterator[FrameType]:
    """Yield the frames outwards; between a task and its loop those of the tasks that wait for it.

    A timeout creates a task of its own, and the handler is in the task that waits.
    """
    running = asyncio.current_task() if asyncio._get_running_loop() is not None else None
    root = getattr(futures.coroutine(running), "cr_frame", None) if running else None
    one: FrameType | None = frame
    while one is not None:  # each timeout of a polling test pays for this
        yield one
        if one is root:
            yield from _waiting(running)
        one = one.f_back


def _waiting(child: object) -> Iterator[FrameType]:
    """Yield the frames of the tasks that an error of *child*, the running one, will reach.

    `gather` is left out: it may return an error as a result.
    """
    for task in parent_tasks.of_running(TASKS):
        way, waited = await_chain.chain(futures.coroutine(task))
        frames = [one for one in map(await_chain.frame_of, way) if one is not None]
        limited = bool(frames) and frames[-1].f_code.co_name == "wait_for"
        if waited is not child and not (limited and frames[-1].f_locals.get("fut") is child):
            return
        yield from reversed(frames)
        child = task
