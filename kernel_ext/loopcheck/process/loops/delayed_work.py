"""Whether a loop has something else to do than its current step: what that step delays.

Another thread reads this while the step waits: each look is one call into C, or at constant data.
"""

from __future__ import annotations

import asyncio
import math
import select
from collections import deque
from collections.abc import Iterator
from itertools import islice
from selectors import EVENT_READ
from types import BuiltinMethodType, CodeType, CoroutineType, FunctionType, MethodType
from typing import Any, Literal, cast

from loopcheck.process import futures, objects
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain

MOST = 200  # handles, timers, files
_WAIT = ("asyncio.tasks.", "asyncio.timeouts.")
_C_STEPS = ("_asyncio.", "TaskStep")
_WAKE = ("asyncio.futures", "asyncio.tasks", "asyncio.timeouts")  # their functions wake tasks
_COUNT = ("gather.<locals>._done_callback", "_wait.<locals>._on_completion")  # only count ends
_NOBODYS = "_read_from_self"  # the loop's own: it only says that something else is ready


Delays = Literal["nothing", "alike", "others"]


def what(loop: asyncio.AbstractEventLoop, now: float, step: object) -> Delays:
    """Return what *loop* could run by *now*, on its own clock, apart from the handle *step*.

    "alike": only tasks of the same coroutine as the blocking one, as `gather` creates many.
    """
    if any(_somebodys(one) and _when(one) <= now for one in _kept(loop, "_scheduled")):
        return "others"
    ready = [_coroutine(one) for one in _kept(loop, "_ready") if _somebodys(one)]
    mine = _coroutine(step)
    if any(one is None or one is not mine for one in ready) or _input(loop):
        return "others"
    return "alike" if ready else "nothing"


def is_alone(loop: asyncio.AbstractEventLoop, step: object) -> bool:
    """Return whether *loop* has nothing but the handle *step*, now or later: it delays nothing.

    The loop then has no timer, and no reader of user code or for new connections. Its only tasks
    are that of the step and those that wait for it.
    """
    handles = [one for name in ("_scheduled", "_ready") for one in _kept(loop, name)]
    if any(_somebodys(one) for one in handles) or any(map(_serves, _read_by(loop))):
        return False
    mine = [_task(step)]
    tasks = {id(kept): their for kept, their in live_loops.by_loop([loop])}.get(id(loop), [])
    others = [one for one in tasks if futures.is_task(one) and one is not mine[0]]
    others = [one for one in others if not futures.done(one)]
    while waiting := [one for one in others if any(futures.waiter(one) is task for task in mine)]:
        mine += waiting
        others = [one for one in others if not any(one is task for task in waiting)]
    return not others


def _serves(function: FunctionType) -> bool:
    """Return whether a reader serves others: it is user code, or accepts new connections."""
    code = function.__code__
    return code.co_name == "_accept_connection" or await_chain.owner(code) == "user"


def _coroutine(handle: object) -> CodeType | None:
    """Return the code of the coroutine in the task of *handle*."""
    task = _task(handle)
    coro = futures.coroutine(task) if task is not None else None
    return coro.cr_code if type(coro) is CoroutineType else None


def _task(handle: object) -> asyncio.Task[object] | None:
    """Return the task of *handle*, whose callback is bound to the task's step or wakeup."""
    callback = objects.peek(handle, "_callback")
    bound = type(callback) in (MethodType, BuiltinMethodType)
    if not bound and not objects.type_name(callback).startswith(_C_STEPS):
        return None
    task = getattr(callback, "__self__", None)
    return task if futures.is_task(task) else None


def _kept(loop: asyncio.AbstractEventLoop, name: str) -> list[object]:
    there = objects.peek(loop, name)
    if type(there) not in (deque, list):
        return []
    return list(islice(cast("deque[object]", there), MOST))


def _when(timer: object) -> float:
    when = objects.peek(timer, "_when")
    return when if type(when) in (int, float) else math.inf  # type: ignore[return-value]


def _somebodys(handle: object) -> bool:
    """Return whether *handle* is for a task, a timeout or user code, not a library's clean-up."""
    if objects.peek(handle, "_cancelled") is not False:
        return False
    callback = objects.peek(handle, "_callback")
    if type(callback) is FunctionType:
        code = callback.__code__
        if callback.__globals__.get("__name__") in _WAKE:
            return code.co_qualname not in _COUNT
        return await_chain.owner(code) == "user"
    function = _function(callback)
    if function is None:
        return callback is not None
    owner = objects.type_name(cast("MethodType", callback).__self__)
    return owner.startswith(_WAIT) or await_chain.owner(function.__code__) == "user"


def _function(callback: object) -> FunctionType | None:
    """Return the function of a bound method; a task written in C binds none."""
    found = callback.__func__ if type(callback) is MethodType else None
    return found if type(found) is FunctionType else None


def _input(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether input has arrived for one of the readers of *loop*."""
    if not hasattr(select, "poll"):  # Windows
        return False
    poll = select.poll()
    for number in _readers(loop):
        poll.register(number, select.POLLIN)
    return any(seen & select.POLLIN for _, seen in poll.poll(0))


def _readers(loop: asyncio.AbstractEventLoop) -> Iterator[int]:
    """Yield the files that *loop* waits for, except the one by which it wakes itself."""
    for number, function in _reading(loop):
        if function is None or function.__code__.co_name != _NOBODYS:
            yield number


def _read_by(loop: asyncio.AbstractEventLoop) -> Iterator[FunctionType]:
    """Yield the functions that *loop* calls on input, if they are Python functions."""
    for _, function in _reading(loop):
        if function is not None:
            yield function


def _reading(loop: asyncio.AbstractEventLoop) -> Iterator[tuple[int, FunctionType | None]]:
    selector: Any = objects.peek(loop, "_selector")
    known = objects.peek(selector, "_fd_to_key")
    for number, key in list(known.items())[:MOST] if type(known) is dict else ():
        reader = key.data[0] if type(key.data) is tuple and key.data else None
        if key.events & EVENT_READ and reader is not None:
            yield number, _function(objects.peek(reader, "_callback"))
