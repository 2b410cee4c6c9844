"""The ways to end what hangs, gentle ones first: they act on one task, or on one thread."""

import asyncio
import ctypes
import sys
from types import FrameType
from typing import Any

from loopcheck.facts.probes import source

DEEPEST = 100  # tasks that wait for tasks: a cycle must not hold us up
KERNEL = ("IPython", "ipykernel", "tornado")  # an error of ours in there would end the kernel
WORDS = "ended by Stop or %loopcheck rescue: it went on when it was cancelled"


class Stopped(BaseException):
    """Ends what does not end when it is cancelled.

    Not an Exception: `except Exception` in a loop is how a worker survives. Not a
    KeyboardInterrupt either: asyncio lets that one out of the loop, and the kernel would end.
    """


def throw(task: "asyncio.Task[object]", turns: int = 100) -> None:
    """Raise Stopped where *task* waits; to be called by its own loop.

    A task that is about to run waits for nothing: it is asked again a few *turns* later.
    """
    future = awaited(task)
    if future is not None and not future.done():
        future.set_exception(Stopped(WORDS))
    elif turns and not task.done():
        task.get_loop().call_soon(throw, task, turns - 1)


def trap(task: "asyncio.Task[object]", calls: int = 100_000) -> None:
    """Raise Stopped in *task* as soon as its code runs; to be called by its own loop.

    It is raised in the outermost function of the user's: inner ones may catch everything.
    """
    *tasks, future = _chain(task)
    before = sys.getprofile()

    def look(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls -= 1
        here = event == "call" and asyncio.current_task() in tasks and in_user_code(frame)
        if here or calls <= 0 or task.done():
            sys.setprofile(before)
        if here:
            raise Stopped(WORDS)
        if before is not None:
            before(frame, event, arg)  # type: ignore[arg-type]

    sys.setprofile(look)
    if future is not None and not future.done():
        future.set_result(None)  # so that it runs: nobody gets to see the result


def awaited(task: "asyncio.Task[object]") -> "asyncio.Future[object] | None":
    """Return the future at the end of what *task* awaits."""
    future: asyncio.Future[object] | None = _chain(task)[-1]
    return future


def _chain(task: "asyncio.Task[object]") -> "list[Any]":
    """Return *task*, the tasks it waits for, and a future at the end, or None.

    It ends before the kernel's own tasks.
    """
    found: list[Any] = [task]
    while len(found) < DEEPEST:
        waiter = getattr(found[-1], "_fut_waiter", None)
        if not isinstance(waiter, asyncio.Task):
            return [*found, waiter if isinstance(waiter, asyncio.Future) else None]
        if _of_the_kernel(waiter):
            break
        found.append(waiter)
    return [*found, None]


def _of_the_kernel(task: "asyncio.Task[object]") -> bool:
    code = getattr(asyncio.Task.get_coro(task), "cr_code", None)
    return code is not None and source.owner(code.co_filename) == "machinery"


def in_user_code(frame: FrameType | None) -> bool:
    """Return whether an error raised in *frame* ends the user's code and nothing else.

    It does where the next frame that is not the user's or a library's is the one that runs
    cells, or asyncio's that runs a task's step: both keep any error to the cell or the task.
    """
    users = False
    while frame is not None:
        module, name = str(frame.f_globals.get("__name__", "")), frame.f_code.co_name
        if module == "asyncio.events" and name == "_run":
            return users
        if module.partition(".")[0] in KERNEL:
            return users and name == "run_code"
        users = users or source.owner(frame.f_code.co_filename, module) == "user"
        frame = frame.f_back
    return False


def raise_in(thread: int) -> None:
    """Raise Stopped in *thread* at its next line of Python; a call into C is not cut short."""
    _async_error(thread, ctypes.py_object(Stopped))


def raise_no_more(thread: int) -> None:
    """Take back what `raise_in` asked for and did not come to pass."""
    _async_error(thread, None)


def _async_error(thread: int, error: "ctypes.py_object[type[Stopped]] | None") -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
