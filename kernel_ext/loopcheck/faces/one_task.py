"""Async fixtures that anyio runs: here too one task runs them all, on the loop of the cells.

A task group, or a cancel scope, has to be left by the task that entered it. So anyio's test runner
has one task for all fixtures of a test; pytest-asyncio has one for each set-up and tear-down.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from concurrent.futures import Future
from contextlib import suppress
from contextvars import Context
from typing import Any

from loopcheck.faces.kernel_runner import (
    END,
    STOPPED,
    KernelRunner,
    Stopped,
    guarded,
    take_over,
)
from loopcheck.facts.probes import fixtures
from loopcheck.facts.watch import endings

Turn = tuple[Coroutine[Any, Any, Any], Future[Any]]
BACKEND = "anyio_backend"
NOT_ASYNCIO = (
    "its anyio_backend is {}, and the loop of the cells is asyncio's. Let anyio_backend be asyncio"
)


class OneTask:
    """Runs coroutines one after the other in one task, until it is told to rest."""

    def __init__(self, runner: KernelRunner) -> None:
        self.runner = runner
        self._context = Context()
        self._turns: asyncio.Queue[Turn | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def run(self, coro: Coroutine[Any, Any, Any]) -> Any:
        """Return what *coro* gives, in the one task; the caller's thread waits."""

        def begin(done: Future[Any]) -> None:
            if self._task is None or self._task.done():
                self._task = self.runner.loop.create_task(self._serve(), context=self._context)
            self.runner.task = self._task
            self._turns.put_nowait((coro, done))

        try:
            return self.runner.result_of(coro, begin)
        finally:
            take_over(self._context)

    def rest(self) -> None:
        """End the task, when nothing is up any more."""
        task, self._task = self._task, None
        over: Future[None] = Future()

        def begin() -> None:
            if task is not None:
                task.add_done_callback(lambda task: over.set_result(None))
                self._turns.put_nowait(None)

        if task is not None:
            self.runner.post(begin, over)
            over.exception()

    async def _serve(self) -> None:
        while (turn := await self._next_turn()) is not None:
            await self._served(*turn)
            del turn  # else it keeps what the last one gave

    async def _next_turn(self) -> Turn | None:
        """Wait on, whatever a task group does that failed meanwhile: its fixture hears of it."""
        while True:
            with suppress(asyncio.CancelledError):
                return await self._turns.get()

    async def _served(self, coro: Coroutine[Any, Any, Any], done: Future[Any]) -> None:
        task = asyncio.current_task()
        try:
            result = await guarded(coro)
        except (asyncio.CancelledError, endings.Stopped):
            if task is not None:
                task.uncancel()
            self.runner.task = None
            done.set_exception(Stopped(STOPPED))
        except BaseException as error:  # pytest's thread is told, this task goes on
            self.runner.task = None
            done.set_exception(error)
        else:
            self.runner.task = None
            done.set_result(result)


def takes(definition: Any, request: Any) -> bool:
    """Return whether anyio's plugin would run the async fixture *definition*."""
    if not fixtures.asynchronous(definition.func) or BACKEND not in request.fixturenames:
        return False
    calls = request.config.hook.pytest_fixture_setup.get_hookimpls()
    names = [str(call.plugin_name).rpartition(".")[2] for call in calls]
    if "anyio" not in names:
        return False
    if fixtures.fixture_loop_scope(definition, request.config) is None:
        return True
    return "asyncio" not in names or names.index("anyio") > names.index("asyncio")  # last in, first


def in_turn(function: Callable[..., Any], names: tuple[str, ...], one: OneTask) -> Any:
    """Return the async fixture *function* as a plain one; *names* are its own arguments."""

    def given(kwargs: dict[str, Any]) -> dict[str, Any]:
        backend = kwargs[BACKEND]
        name = backend if isinstance(backend, str) else backend[0]
        if name != "asyncio":
            raise RuntimeError(NOT_ASYNCIO.format(name))
        return {key: value for key, value in kwargs.items() if key in names}

    if inspect.isasyncgenfunction(getattr(function, "__func__", function)):

        @functools.wraps(function)
        def steps(**kwargs: Any) -> Generator[Any, None, None]:
            made = function(**given(kwargs))
            while (step := one.run(_next(made))) is not END:
                yield step

        return steps

    @functools.wraps(function)
    def called(**kwargs: Any) -> Any:
        return one.run(function(**given(kwargs)))

    return called


async def _next(made: AsyncGenerator[Any, None]) -> Any:
    try:
        return await anext(made)
    except StopAsyncIteration:
        return END
