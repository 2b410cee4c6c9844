"""The ways to end what hangs, gentle ones first: they act on one task, or on one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from types import CoroutineType, FrameType
from typing import Any

from loopcheck.process import futures
from loopcheck.process.frames import module_of, shuts_executor
from loopcheck.source import project_files

DEEPEST = 100  # tasks that wait for tasks: a cycle must not block us
KERNEL = ("IPython", "ipykernel", "tornado")  # an error of ours in there would end the kernel
RUNNERS = ("_pytest", "pluggy")
WORDS = "ended by Stop or %loopcheck rescue: it went on when it was cancelled"


class Stopped(BaseException):
    """Ends what does not end when it is cancelled.

    Not an Exception: `except Exception` in a loop is how a worker survives. Not a KeyboardInterrupt
    either: asyncio lets that one out of the loop, and the kernel would end.
    """

    words = WORDS


def throw(task: asyncio.Task[object], turns: int = 100, error: type[Stopped] | None = None) -> None:
    """Raise Stopped, or *error*, where *task* waits; only its own loop may call this.

    A task that is about to run waits for nothing: we try again a few *turns* later.
    """
    future, kind = awaited(task), error or Stopped
    if future is not None and not future.done():
        future.set_exception(kind(kind.words))
    elif task.done():
        pass
    elif turns:
        task.get_loop().call_soon(throw, task, turns - 1, error)
    else:
        _break_off(task, kind)


def _break_off(task: asyncio.Task[object], kind: type[Stopped]) -> None:
    """End the `asyncio.sleep(0)` that *task* is in: its caller gets a RuntimeError for it.

    A profile function could raise in the caller itself, but on 3.11.7 the interpreter can loop for
    ever in the call that follows `sys.setprofile`.
    """
    inner: object = futures.coroutine(task)
    for _ in range(DEEPEST):
        further = getattr(inner, "cr_await", None)
        if type(further) is not CoroutineType:
            break
        inner = further
    if type(inner) is CoroutineType and project_files.owner(inner.cr_code.co_filename) == "library":
        with suppress(BaseException):
            inner.throw(kind(kind.words))


def declare_over(task: asyncio.Task[Any], error: type[Stopped]) -> None:
    """End *task* without its help, for the tasks that wait for it; only its own loop may call this.

    Its coroutine catches everything that is thrown into it, so it is never resumed again. It must
    not be collected either: it would also catch the GeneratorExit of that, and could loop for ever.
    """
    if task.done():
        return
    waiter: Any = futures.waiter(task)
    for call, *_ in list(getattr(waiter, "_callbacks", None) or ()):
        if getattr(call, "__self__", None) is task and waiter is not None:
            waiter.remove_done_callback(call)
    for handle in list(getattr(task.get_loop(), "_ready", ())):
        if getattr(getattr(handle, "_callback", None), "__self__", None) is task:
            handle.cancel()
    futures.fail(task, error(error.words))
    ctypes = _ctypes()
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(futures.coroutine(task)))


def awaited(task: asyncio.Task[object]) -> asyncio.Future[object] | None:
    """Return the future at the end of what *task* awaits; never within a task of the kernel."""
    waiter = futures.waiter(task)
    for _ in range(DEEPEST):
        if not futures.is_task(waiter):
            return waiter if futures.is_future(waiter) else None
        if _of_the_kernel(waiter):
            return None
        waiter = futures.waiter(waiter)
    return None


def _of_the_kernel(task: asyncio.Task[object]) -> bool:
    code = getattr(futures.coroutine(task), "cr_code", None)
    return code is not None and project_files.owner(code.co_filename) == "machinery"


def in_user_code(frames: Iterable[FrameType]) -> bool:
    """Return whether an error raised in the first of *frames* ends only user code.

    It does if the next frame outside user and library code is the one that runs cells, asyncio's
    that runs a task's step, or pytest's: they keep any error within the cell, the task or the test.
    """
    users = False  # or asyncio's own code that the loop runs in a task
    for frame in frames:
        module, name = module_of(frame), frame.f_code.co_name
        if module == "asyncio.events" and name == "_run":
            return users
        if module.partition(".")[0] in RUNNERS:
            return users
        if module.partition(".")[0] in KERNEL:
            return users and name == "run_code"
        users = (
            users
            or shuts_executor(frame)
            or project_files.owner(frame.f_code.co_filename, module) == "user"
        )
    return False


def raise_in(thread: int, error: type[Stopped] = Stopped) -> None:
    """Raise *error* in *thread* at its next line of Python; a call into C is not interrupted."""
    _async_error(thread, _ctypes().py_object(error))


def raise_no_more(thread: int) -> None:
    """Withdraw what `raise_in` requested and has not taken effect."""
    _async_error(thread, None)


def _async_error(thread: int, error: object) -> None:
    ctypes = _ctypes()
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)


def make_ready() -> None:
    """Import what the ways need before a test can fake all files."""
    _ctypes()


def _ctypes() -> Any:
    """Return ctypes, which a mere look does without: its import opens a file for good (libffi)."""
    import ctypes

    return ctypes
