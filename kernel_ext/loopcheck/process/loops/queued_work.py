"""What a loop has not run yet: its tasks, callbacks and timers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from loopcheck.process import futures, objects

Task = asyncio.Task[Any]
Loop = asyncio.AbstractEventLoop


def pending(loop: Loop) -> list[Task]:
    """Return the tasks of *loop* that are not done."""
    found = [task for task in asyncio.all_tasks(loop) if futures.is_task(task)]
    return sorted(found, key=_first_line)


def _first_line(task: Task) -> tuple[str, int, str]:
    code = getattr(futures.coroutine(task), "cr_code", None)
    if code is None:
        return "", 0, futures.name(task)
    return code.co_filename, code.co_firstlineno, futures.name(task)


def roots(handle: Any) -> tuple[object, ...]:
    """Return the function that *handle* calls, and its arguments."""
    return getattr(handle, "_callback", None), *(getattr(handle, "_args", None) or ())


def ready_of(loop: Loop) -> list[Any]:
    """Return the handles that *loop* will call in its next iteration."""
    return [one for one in list(objects.peek(loop, "_ready") or ()) if not _cancelled(one)]  # type: ignore[call-overload]


def ready(loop: Loop) -> bool:
    """Return whether callbacks of *loop* are about to run."""
    return bool(ready_of(loop))


def woken(task: Task) -> bool:
    """Return whether *task* can continue at once: it has not begun, or its wait is over."""
    future = futures.waiter(task)
    return future is None or (futures.is_future(future) and futures.done(future))


def timers_of(loop: Loop) -> Iterator[Any]:
    """Yield the handles that *loop* will call at their time; one that is due by now is ready."""
    later = list(objects.peek(loop, "_scheduled") or ())  # type: ignore[call-overload]
    for handle in (*ready_of(loop), *later):
        if not _cancelled(handle) and type(getattr(handle, "_when", None)) in (int, float):
            yield handle


def _cancelled(handle: object) -> bool:
    return getattr(handle, "_cancelled", False) is True
