"""A server for the length of a block, sync or async."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from loopcheck import abilities
from loopcheck.servers._server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
NOT_STARTED = (
    "`{name}` of a server that is not started: {call}() starts with its block. "
    "Use `async with {call}() as server:`, `with {call}() as server:`, "
    "or `server = start_{call}()`"
)


class Serving:
    """Starts a server at the start of the block and ends it at the block's end."""

    def __init__(self, call: str, start: Callable[[], Server]) -> None:
        self._call, self._start = call, start
        self._servers: list[Server] = []

    def __enter__(self) -> Server:
        self._servers.append(self._start())
        return self._servers[-1]

    def __exit__(self, *_: object) -> None:
        self._servers.pop().stop()

    async def __aenter__(self) -> Server:
        import asyncio  # late: a synchronous owner doesn't need it

        if not abilities.THREADS:
            return self.__enter__()
        starting = _in_a_thread(self._start)
        try:
            self._servers.append(await asyncio.wrap_future(starting))
        except asyncio.CancelledError:
            starting.add_done_callback(_stop_what_started)  # no other code has the server
            raise
        return self._servers[-1]

    async def __aexit__(self, *_: object) -> None:
        import asyncio

        stop = self._servers.pop().stop
        if abilities.THREADS:
            await asyncio.wrap_future(_in_a_thread(stop))
        else:
            stop()

    def __getattr__(self, name: str) -> object:
        if name in ("url", "host", "port", "pid", "kind", "alive", "check", "stop", "notice"):
            raise AttributeError(NOT_STARTED.format(name=name, call=self._call))
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _in_a_thread(work: Callable[[], T]) -> Future[T]:
    """Run *work* in a thread: if we blocked the loop, loopcheck would report us."""
    from concurrent.futures import ThreadPoolExecutor

    threads = ThreadPoolExecutor(1, "loopcheck-server")
    try:
        return threads.submit(work)
    finally:
        threads.shutdown(wait=False)


def _stop_what_started(starting: Future[Server]) -> None:
    if not starting.cancelled() and not starting.exception():
        starting.result().stop()
