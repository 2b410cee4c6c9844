"""The route of a timeout's error: out of its task, through the waiting tasks, to the test.

We work it out when the timeout fires, before there is an error: a test that will pass must not pay
for more. The callbacks of a future show which tasks wait for it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from types import FrameType, FunctionType, MethodType
from typing import Any, NamedTuple, cast

from loopcheck.process import futures, objects, thread_stacks
from loopcheck.process.frames import module_of
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain, parent_tasks
from loopcheck.source import project_files
from loopcheck.source.catching import catching_frames
from loopcheck.source.catching.catching_frames import Kind, Limit, Step

MOST = 20  # tasks on one route
_RELEASE = getattr(asyncio.tasks, "_release_waiter", None)  # of 3.11's `wait_for`


class _Arrival(NamedTuple):
    """An error that a task receives where it waits."""

    task: Any
    kind: Kind
    limit: Limit | None = None  # a group turns the cancellation of its own task into errors


def fails_test(task: Any, limit: Limit, upper: tuple[FrameType, ...] = ()) -> bool:
    """Return whether nothing on its route catches what *limit* will raise in *task*.

    *upper* are the frames of the running task, outermost first: the innermost one is about to raise
    it.
    """
    if upper:
        steps = [Step(frame, None) for frame in upper[-2::-1]]
        return _goes_up(_Arrival(task, limit.kind), steps)
    return _goes_up(_Arrival(task, asyncio.CancelledError, limit), _steps(task))


def _goes_up(first: _Arrival, steps: Iterable[Step]) -> bool:
    """Return whether the error reaches the end of a route on which nothing catches it."""
    todo, seen = [(first, steps)], list[object]()
    while todo and len(seen) < MOST:
        now, steps = todo.pop()
        seen.append(now.task)
        kind = _through(steps, now)
        if kind is None:
            continue
        if isinstance(kind, _Top):
            return True
        for way in _waiting(now.task, kind):
            if isinstance(way, _Top):
                if _above(way.loop, kind):
                    return True
            elif not any(way.task is one for one in seen):
                todo.append((way, _steps(way.task)))
    return False


class _Top(NamedTuple):
    """The end of a route: the test's runner, or the function that runs the loop."""

    loop: Any


def _through(steps: Iterable[Step], now: _Arrival) -> Kind | _Top | None:
    """Return what comes out of *steps*, innermost first; None if one of them catches the error."""
    kind, met = now.kind, now.limit is None
    for step in steps:
        if await_chain.owner(step.frame.f_code) == "machinery":
            return _Top(None) if met else None
        met = met or (now.limit is not None and catching_frames.holds(step, now.limit.manager))
        found = catching_frames.leaves(step, kind, now.limit)
        if found is None:
            return None
        kind = found
    return kind if met else None


def _steps(task: Any) -> Iterator[Step]:
    """Yield the frames that *task* waits in, innermost first."""
    way, _ = await_chain.chain(futures.coroutine(task))
    for one in reversed(way):
        step = catching_frames.step_of(one)
        if step is not None and not module_of(step.frame).startswith(project_files.LOOKING):
            yield step  # our own hooks raise what they catch


def _waiting(future: object, kind: Kind, depth: int = 0) -> Iterator[_Arrival | _Top]:
    """Yield the tasks that receive the error with which *future* ends."""
    for called in parent_tasks.callbacks(future):
        name = called.__qualname__ if type(called) is FunctionType else ""
        if (woken := parent_tasks.woken_by(called)) is not None:
            yield _Arrival(woken, kind)
        elif type(called) is MethodType:
            yield from _of_group(called.__self__)
        elif type(called) is not FunctionType or depth >= MOST:
            if type(called) is partial and called.func is _RELEASE:
                yield from _waiting(called.args[0], kind, depth + 1)
        elif parent_tasks.is_end_of_run(called):
            yield _Top(futures.loop(cast("asyncio.Future[object]", future)))
        elif name.startswith(("gather.", "shield.")):
            inner = objects.closed_over(called)
            if not inner.get("return_exceptions"):
                yield from _waiting(inner.get("outer"), kind, depth + 1)
        elif name == "TaskGroup._spawn.<locals>.task_done":
            yield from _of_group(objects.closed_over(called).get("self"))


def _of_group(group: object) -> Iterator[_Arrival]:
    """Yield the task that opened the group, asyncio's or anyio's, of a failed task."""
    owner: Any = objects.peek(group, "_parent_task")
    scope = objects.peek(group, "cancel_scope")
    owner = owner or (objects.peek(scope, "_host_task") if scope is not None else None)
    if futures.is_task(owner):
        limit = Limit(group, ExceptionGroup)
        yield _Arrival(owner, asyncio.CancelledError, limit)


def _above(loop: object, kind: Kind) -> bool:
    """Return whether no frame catches the error between the loop's runner and the test's."""
    around = thread_stacks.outwards(sys._getframe(1))
    for frame in around:
        if frame.f_code.co_name == "run_until_complete" and live_loops.loop_of(frame) is loop:
            break
    for frame in around:
        if await_chain.owner(frame.f_code) == "machinery":
            return True
        found = catching_frames.leaves(Step(frame, None), kind)
        if found is None:
            return False
        kind = found
    return True
