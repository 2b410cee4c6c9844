"""The kernel's sessions with live fixtures: one for each origin that has any."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.error import UsageError

from loopcheck import abilities
from loopcheck.magics import refusals
from loopcheck.magics.fixtures import notebook_names
from loopcheck.magics.origins import Words, labels, origin_of
from loopcheck.report import fixture_table as table_words
from loopcheck.report import live_fixtures as words
from loopcheck.report import looking
from loopcheck.watch.hang import ways_to_end

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.labels import Labels
    from loopcheck.magics.fixtures.fixtures_live import LiveFixtures
    from loopcheck.magics.fixtures.held_pytest import HeldPytest, Origin
    from loopcheck.report.sections import Section

T = TypeVar("T")
STOPS = (asyncio.CancelledError, ways_to_end.Stopped)
TOO_OLD = "%asyncfixture up needs pytest-asyncio 1.1 or newer, and here is {}."
NO_THREAD = (
    "%asyncfixture up keeps a fixture alive in a thread, and this Python has none. "
    "`%asyncfixture` alone shows the fixtures, and %pytest runs what needs them."
)
PATIENCE = 4.0  # seconds for teardowns at the end of a kernel: Jupyter kills it after five


class Lives:
    """The live fixtures, and the shell whose names hold their values."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.known: dict[Origin, LiveFixtures] = {}
        self._ending: list[Future[None]] = []

    def of(self, origin: Origin) -> LiveFixtures | None:
        """Return the live fixtures of *origin*."""
        return self.known.get(origin)

    def names(self) -> list[str]:
        """Return the live fixtures that were passed to `up`."""
        return [name for live in self.known.values() for name in live.asked]

    def variables(self) -> list[dict[ContextVar[Any], Any]]:
        """Return the context variables that the fixtures have set."""
        return [live.variables for live in self.known.values()]

    # -- up --------------------------------------------------------------------------------------

    async def up(self, asked: str, given: Words) -> Section:
        """Set up *asked*, `NAME` or `NAME[parameter]`, and bind its value in the notebook."""
        name, _, param = asked.partition("[")
        refusals.in_subshell(name)
        live = await self._live(origin_of(given, self.shell), name)
        refusals.if_busy(live)
        space = notebook_names.of(self.shell, live.held.origin)
        try:
            got, stopped = await _answer(live, partial(live.up, name, param[:-1] or None, space))
        except Exception as error:
            raise refusals.of_up(error, live, asked, labels(live.held.origin)) from None
        finally:
            if not live.asked:
                await self._end(live)
        from loopcheck.magics.fixtures import live_records

        record = live_records.up(got, live, labels(live.held.origin))
        notebook_names.bind(self.shell.user_ns, name, got.value)
        for variable, value in live.variables.items():  # for the rest of this cell
            variable.set(value)
        if stopped:
            raise UsageError(words.stopped_late(name))
        return words.up(record)

    async def _live(self, origin: Origin, name: str) -> LiveFixtures:
        """Return the session that has *name*, else a new one of *origin*."""
        if origin in self.known:
            return self.known[origin]
        if origin.space is not None and name not in notebook_names.of(self.shell, origin):
            for live in self.known.values():
                if live.find(name) is not None:
                    return live
        from loopcheck.magics.fixtures import scoped_runners
        from loopcheck.magics.fixtures.fixtures_live import LiveFixtures
        from loopcheck.magics.fixtures.held_pytest import HeldPytest

        if (version := scoped_runners.too_old()) is not None:
            raise UsageError(TOO_OLD.format(version))
        if not abilities.THREADS:
            raise UsageError(NO_THREAD)
        for one in self._ending:
            await asyncio.wrap_future(one)
        self._ending.clear()
        held = HeldPytest(origin)
        await _begun(held)
        live = LiveFixtures(held, asyncio.get_running_loop())
        self.known[origin] = live
        return live

    # -- down ------------------------------------------------------------------------------------

    async def down(self, asked: str, origin: Origin | None = None) -> Section:
        """Tear *asked* down, and what needs it; with *origin* only if it comes from there."""
        name = asked.partition("[")[0]
        known = self._from(origin)
        for live in known:
            if name in live.asked:
                return await self._torn(live, partial(live.down, name))
        holders = [one for live in known for one in live.holders(name)]
        raise refusals.not_up(name, [name for live in known for name in live.asked], holders)

    async def down_all(self, origin: Origin | None = None) -> list[Section]:
        return [await self._torn(live, live.down_all) for live in self._from(origin)]

    def _from(self, origin: Origin | None) -> list[LiveFixtures]:
        """Return what is live of *origin*, or of all."""
        return [live for one, live in self.known.items() if origin in (None, one)]

    async def _torn(self, live: LiveFixtures, act: Callable[[], Any]) -> Section:
        from loopcheck.magics.fixtures import live_records

        refusals.if_busy(live)
        try:
            got, _ = await _answer(live, act)
        finally:
            up = self.names()
            for name in [name for name in notebook_names.BOUND if name not in up]:
                notebook_names.restore(self.shell.user_ns, name)
            if not live.asked:
                await self._end(live)
        return words.down(live_records.down(got, labels(live.held.origin)))

    async def _end(self, live: LiveFixtures) -> None:
        """End a session without live fixtures."""
        self.known.pop(live.held.origin, None)
        await asyncio.wrap_future(live.held.end())
        live.held.gone()

    def close(self) -> None:
        """Tear down everything: as soon as the loop is free, or now if it doesn't run."""
        for name in list(notebook_names.BOUND):
            notebook_names.restore(self.shell.user_ns, name)
        while self.known:
            origin, live = self.known.popitem()
            live.held.ask(live.down_all).add_done_callback(partial(_tell, labels(origin)))
            over = live.held.end()
            self._ending.append(over)
            if not live.loop.is_running() and not live.loop.is_closed():
                live.loop.run_until_complete(_waited_for(over))


async def _begun(held: HeldPytest) -> None:
    """Wait until pytest has collected. An import that hangs can only be left behind."""
    from loopcheck.magics.fixtures import unreadable
    from loopcheck.magics.fixtures.held_pytest import NotCollected

    try:
        await asyncio.shield(asyncio.wrap_future(held.start()))
    except STOPS:
        held.leave()
        raise UsageError(f"Stopped while {held.origin.said} was read.") from None
    except NotCollected as why:
        record = unreadable.read(why.error, held.origin, labels(held.origin))
        raise UsageError(table_words.refused(record)) from None


async def _answer(live: LiveFixtures, act: Callable[[], T]) -> tuple[T, bool]:
    """Return the result of *act* in pytest's thread, and whether Stop was pressed meanwhile."""
    asked = asyncio.wrap_future(live.held.ask(act))
    stopped = False
    while True:
        try:
            return await asyncio.shield(asked), stopped
        except STOPS:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            stopped = True
            live.runner.stop()


def _tell(known: Labels, done: Future[Any]) -> None:
    """Show a failure that no cell waits for."""
    from loopcheck.magics.fixtures import live_records

    if done.exception() is None and done.result().errors:
        print(looking.one(words.down(live_records.down(done.result(), known))).text)


async def _waited_for(over: Future[None]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.wrap_future(over), PATIENCE)
