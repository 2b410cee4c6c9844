"""Hands what a fixture runs to the loop of the cell: its coroutines, and its plain functions too.

pytest cannot await, so it sits in a thread of its own and waits. All that is the user's runs where
the next cells will run: a client made elsewhere would belong to another loop, a sqlite3 connection
to another thread.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future
from contextvars import Context, copy_context
from typing import Any

from loopcheck.facts.watch import endings

STOPPED = "stopped before it was done"
TURNS = 10  # of the loop, until a press of Stop has come to the cell
ASYNC_FROM_SYNC = (
    "a plain function asked for an async fixture while it ran on the loop itself, which cannot wait"
    " for it. Name that fixture among the arguments instead"
)


class Stopped(Exception):
    """Stop was pressed. An Exception: pytest tears down only what failed with one."""


class KernelRunner:
    """Stands in for asyncio's Runner, on a loop that runs already."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._home: int | None = None  # the thread of the loop
        self.task: asyncio.Task[object] | None = None
        self._presses = 0
        # Of all plain functions: what one sets, it may put back in its tear-down. Begun empty, as
        # pytest's thread is: a copy of the cell's would carry off the output of later cells.
        self._context = Context()

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self.loop

    def run(self, coro: Coroutine[Any, Any, Any], *, context: Context | None = None) -> Any:
        """Return what *coro* gives. It runs on the loop; the caller's thread waits."""

        def begin(done: Future[Any]) -> None:
            self.task = task = self.loop.create_task(guarded(coro), context=context)
            task.add_done_callback(functools.partial(self._settle, done))

        return self.result_of(coro, begin)

    def result_of(
        self, coro: Coroutine[Any, Any, Any], begin: Callable[[Future[Any]], None]
    ) -> Any:
        """Return what *coro* gives, once *begin* has begun it on the loop."""
        if threading.get_ident() == self._home or self.stopped():
            coro.close()
            raise Stopped(STOPPED) if self.stopped() else RuntimeError(ASYNC_FROM_SYNC)
        done: Future[Any] = Future()

        def unless_stopped() -> None:
            if self.stopped():
                coro.close()
                done.set_exception(Stopped(STOPPED))
            else:
                begin(done)

        self.post(unless_stopped, done)
        return _result(done)

    def _settle(self, done: Future[Any], task: asyncio.Task[Any]) -> None:
        self.task = None
        if task.cancelled():
            done.set_exception(Stopped(STOPPED if self.stopped() else "it was cancelled"))
        elif (error := task.exception()) is not None:
            stopped = isinstance(error, endings.Stopped)
            done.set_exception(Stopped(STOPPED) if stopped else error)
        else:
            done.set_result(task.result())

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return what a plain *function* gives in the thread of the loop, no loop in sight."""
        if threading.get_ident() == self._home:
            return function(*args, **kwargs)
        if self.stopped():
            raise Stopped(STOPPED)
        done: Future[Any] = Future()
        _bring(copy_context(), self._context)

        def begin() -> None:
            self._home = threading.get_ident()
            give_back = _current_loop()
            asyncio._set_running_loop(None)  # as in pytest: `asyncio.run` in a fixture works
            try:
                done.set_result(self._context.run(function, *args, **kwargs))
            except endings.Stopped:
                self._later(TURNS, lambda: done.set_exception(Stopped(STOPPED)))
            except BaseException as error:  # pytest's thread is told, the kernel's loop goes on
                done.set_exception(error)
            finally:
                asyncio._set_running_loop(self.loop)
                give_back()
                self._home = None

        self.post(begin, done)
        try:
            return _result(done)
        finally:
            take_over(self._context)

    def post(self, begin: Callable[[], None], done: Future[Any]) -> None:
        try:
            self.loop.call_soon_threadsafe(begin)
        except RuntimeError:
            done.set_exception(RuntimeError("the loop that it was set up on is closed"))

    def _later(self, turns: int, act: Callable[[], None]) -> None:
        """Do *act* some turns of the loop from now: presses of Stop that came before are heard."""
        if turns:
            self.loop.call_soon(self._later, turns - 1, act)
        else:
            act()

    def stopped(self) -> bool:
        return self._presses > 0

    def stop(self) -> None:
        """End what runs, harder each time; to be called on the loop."""
        self._presses += 1
        if self.task is not None and self.stopped():
            if self._presses == 1:
                self.task.cancel()
            else:
                endings.throw(self.task)

    def go_on(self, *, spare: int = 0) -> None:
        """Let coroutines run again. The next *spare* presses of Stop end nothing."""
        self._presses = -spare


def _bring(values: Context, to: Context) -> None:
    for variable, value in values.items():
        if to.get(variable) is not value:
            to.run(variable.set, value)


def take_over(values: Context) -> None:
    """Set in this thread what was set there."""
    for variable, value in values.items():
        if variable.get(None) is not value:
            variable.set(value)


def _current_loop() -> Callable[[], None]:
    """Return what makes the thread's current loop the one that it is now: `asyncio.run` unsets it.

    The policy's own drawer: asking in the open warns, and may make a loop.
    """
    drawer = getattr(getattr(asyncio.events, "_event_loop_policy", None), "_local", None)
    kept = dict(vars(drawer)) if drawer is not None else {}

    def give_back() -> None:
        if drawer is not None:
            vars(drawer).update(kept)

    return give_back


async def guarded(coro: Coroutine[Any, Any, Any]) -> Any:
    """Await *coro*. An exit in a task would end the kernel's loop."""
    try:
        return await coro
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(f"it raised {type(error).__name__}") from error


def _result(done: Future[Any]) -> Any:
    """Return the result; without a cycle between the error and this frame."""
    try:
        return done.result()
    finally:
        del done


def handed_over(function: Callable[..., Any], runner: KernelRunner) -> Callable[..., Any]:
    """Return a plain fixture *function* as one whose lines run in the thread of the loop."""
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def steps(*args: Any, **kwargs: Any) -> Generator[Any, None, None]:
            made = runner.call(function, *args, **kwargs)
            while (step := runner.call(next, made, END)) is not END:
                yield step

        return steps

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        return runner.call(function, *args, **kwargs)

    return called


END = object()
