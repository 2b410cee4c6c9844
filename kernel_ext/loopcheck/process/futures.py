"""What a task or future says of itself, whichever class it is of.

asyncio has each in C and in Python, nest-asyncio and task factories take the Python ones, and a
method of one refuses objects of the other. A subclass may override any method, so none is called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from loopcheck.process import objects

if TYPE_CHECKING:
    from typing import TypeGuard

try:
    from _asyncio import Future, Task  # nest-asyncio replaces the names in `asyncio`
except ImportError:  # a Python without the C module
    from asyncio import Future, Task  # type: ignore[assignment,unused-ignore]

PENDING = "PENDING"
GATHERED: type = vars(asyncio.tasks)["_GatheringFuture"]
MOST = 100  # futures that one cancellation ends
PYTHONS_FUTURE: Any = vars(asyncio.futures)["_PyFuture"]
PYTHONS_TASK: Any = vars(asyncio.tasks)["_PyTask"]


def _of_no_class(task: object) -> object:
    raise TypeError  # the Python class keeps it in each task


_WAITER: Callable[[Any], object] = getattr(vars(Task).get("_fut_waiter"), "__get__", _of_no_class)


def is_task(thing: object) -> TypeGuard[asyncio.Task[Any]]:
    """Return whether *thing* is a task of asyncio, in C or in Python."""
    return objects.is_a(thing, Task) or objects.is_a(thing, PYTHONS_TASK)


def is_future(thing: object) -> TypeGuard[asyncio.Future[Any]]:
    """Return whether *thing* is a future of asyncio, in C or in Python; a task is one."""
    return objects.is_a(thing, Future) or objects.is_a(thing, PYTHONS_FUTURE)


def coroutine(task: Any) -> Any:
    """Return the coroutine that *task* runs, None if it is no task."""
    try:
        return Task.get_coro(task)
    except TypeError:
        return objects.peek(task, "_coro")


def runs(task: Any) -> bool:
    """Return whether a step of *task* runs now, which in a nested loop takes as long as that."""
    return getattr(coroutine(task), "cr_running", False) is True


def waiter(task: Any) -> object:
    """Return the future that *task* waits for, None if it runs, is about to, or has ended."""
    try:
        return _WAITER(task)
    except TypeError:
        return objects.peek(task, "_fut_waiter")


def parts(future: object) -> list[Any]:
    """Return the futures that the future of a `gather` waits for, none for any other.

    It has a dict of its own, but no `__dict__`: its base class is written in C.
    """
    found = getattr(future, "_children", None) if type(future) is GATHERED else None
    return list(found) if type(found) is list else []


def below(future: Any) -> Iterator[Any]:
    """Yield *future* and what its cancellation cancels with it, outermost first.

    A cancelled task cancels the future that it waits for, and a `gather` all of its parts.
    """
    todo, found = [future], 0
    while todo and found < MOST:
        now = todo.pop(0)
        if not is_future(now) or done(now):
            continue
        found += 1
        yield now
        todo += parts(now) or [waiter(now)]


def name(task: Any) -> str:
    """Return the name of *task*, "" if it has none."""
    try:
        return Task.get_name(task)
    except TypeError:
        said = objects.peek(task, "_name")
        return said if type(said) is str else ""


def cancelling(task: Any) -> int:
    """Return how many cancellations of *task* nothing has taken back."""
    try:
        return Task.cancelling(task)
    except TypeError:
        asked = objects.peek(task, "_num_cancels_requested")
        return asked if type(asked) is int else 0


def loop(future: Any) -> Any:
    """Return the loop of a task or future, None of what is neither."""
    try:
        return Future.get_loop(future)
    except TypeError:
        found = objects.peek(future, "_loop")
        return found if objects.is_loop(found) else None


def done(future: Any) -> bool:
    """Return whether a task or future has ended."""
    try:
        return Future.done(future)
    except TypeError:
        return objects.peek(future, "_state") not in (None, PENDING)  # None: still the class's own


def cancelled(future: Any) -> bool:
    """Return whether a task or future ended by a cancellation."""
    try:
        return Future.cancelled(future)
    except TypeError:
        return objects.peek(future, "_state") == "CANCELLED"


def fail(future: Any, error: BaseException) -> None:
    """End *future* with an *error*, also a task, which refuses that to others."""
    try:
        Future.set_exception(future, error)
    except TypeError:
        PYTHONS_FUTURE.set_exception(future, error)
