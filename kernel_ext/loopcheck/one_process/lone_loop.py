"""A loop for a process that nothing outside can wake: no sockets, no threads, no children.

In a browser tab the only loop is the page's own. It runs already, and nothing can wait for it to
finish: `asyncio.run` and pytest-asyncio need a loop that they can run to an end. This one can say
what no other loop can. If nothing is ready and no timer is set, nothing will ever wake it.
"""

import asyncio
import contextvars
import selectors
import time
import warnings
from asyncio import selector_events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from loopcheck.one_process import memory_sockets
from loopcheck.one_process.replaced_names import replaced

TURNS_APART = 200  # turns between two looks at the clock: a look costs as much as a turn
# The original: tests replace it, and Pyodide lets the page's own loop run in it.
_SLEEP: tuple[Callable[[float], None]] = (getattr(time.sleep, "__wrapped__", time.sleep),)


class NothingWakes(BaseException):
    """The loop waits, and in this process nothing can wake it. No `except Exception` gets it."""


class TimeIsUp(BaseException):
    """The run has had its time."""


class _Time(selectors.SelectSelector):
    """Waits for timers, sees what is in memory sockets, and looks at a limit now and then."""

    def __init__(self, limit: Callable[[], None]) -> None:
        super().__init__()
        self.turns, self.limit = 0, limit

    def select(self, timeout: float | None = None) -> list[Any]:
        self.turns += 1
        if timeout != 0 or self.turns % TURNS_APART == 0:
            self.limit()
        if found := self._ready():
            return found
        if timeout is None:
            raise NothingWakes(
                "the loop has nothing to run and no timer: nothing in this process can wake it"
            )
        if timeout > 0:
            _SLEEP[0](timeout)
        return []

    def _ready(self) -> list[Any]:
        keys = self.get_map().values()
        return [
            (key, now) for key in keys if (now := memory_sockets.ready(key.fileobj, key.events))
        ]


_REPLACED = (
    "_make_self_pipe",
    "_close_self_pipe",
    "_write_to_self",
    "getaddrinfo",
    "run_in_executor",
)


class LoneLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop, without the socket that another thread would wake it with."""

    def __init__(self, limit: Callable[[], None] = lambda: None) -> None:
        super().__init__(_Time(limit))

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    async def getaddrinfo(self, host: Any, port: Any, **rest: Any) -> Any:
        return memory_sockets.addresses(host, port)  # asyncio's own asks in a thread

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """Run in a turn of the loop what would run in a thread: `asyncio.to_thread` comes here."""
        if executor is not None:
            return asyncio.BaseEventLoop.run_in_executor(self, executor, func, *args)
        future = self.create_future()
        self.call_soon(_run_as_a_thread_would, future, func, args, context=contextvars.Context())
        return future


def _run_as_a_thread_would(
    future: "asyncio.Future[Any]", func: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    if future.cancelled():
        return
    try:
        with _running_loop_aside():  # a thread has none
            result = func(*args)
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)


@contextmanager
def in_use(limit: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let the block make and run loops of this kind. If this thread runs one, it stands aside."""
    with _running_loop_aside(), _policy(limit):
        yield


@contextmanager
def _running_loop_aside() -> Iterator[None]:
    running = asyncio._get_running_loop()
    if running is None:
        yield
        return
    tasks: Any = asyncio.tasks
    current = (
        tasks._swap_current_task(running, None) if hasattr(tasks, "_swap_current_task") else None
    )
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
        if current is not None:
            tasks._swap_current_task(running, current)


@contextmanager
def _policy(limit: Callable[[], None]) -> Iterator[None]:
    """Let all loops of asyncio's own class be of this kind, whatever policy or call makes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # policies go in 3.16
        before, kind = asyncio.get_event_loop_policy(), asyncio.DefaultEventLoopPolicy
    methods = {name: one for name, one in vars(LoneLoop).items() if name in _REPLACED}
    with (
        replaced(selector_events.BaseSelectorEventLoop, methods),
        replaced(selectors, {"DefaultSelector": partial(_Time, limit)}),
        replaced(time, {"sleep": _SLEEP[0]}),
    ):
        _set_policy(kind())
        try:
            yield
        finally:
            _set_policy(before)


def _set_policy(policy: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.set_event_loop_policy(policy)
