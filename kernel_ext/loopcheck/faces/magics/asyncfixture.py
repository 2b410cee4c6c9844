"""`%asyncfixture`: async fixtures that you can see, hold in your hand and repair."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.error import UsageError

from loopcheck.faces import looking, notebook_names
from loopcheck.faces.magics import reading
from loopcheck.faces.magics.near import near
from loopcheck.faces.magics.origins import Words, origin_of
from loopcheck.faces.view import View
from loopcheck.facts import gather
from loopcheck.facts.labels import Labels
from loopcheck.facts.watch import endings
from loopcheck.words import fixture_table as table_words
from loopcheck.words import live_fixtures as words

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.faces.fixture_table import Table
    from loopcheck.faces.fixtures_live import LiveFixtures
    from loopcheck.faces.held_pytest import HeldPytest, Origin
    from loopcheck.words.sections import Section

T = TypeVar("T")
STOPS = (asyncio.CancelledError, endings.Stopped)
HELP = """Show async fixtures, bring them to life on the loop of your cells, and repair them.

    %asyncfixture                   the fixtures that a loop concerns: decorator as pytest will
                                    treat it, scope, loop, who needs whom, and what is wrong
    %asyncfixture up NAME           set up a fixture and all that it needs, as pytest would, here:
                                    the next cells can use it under its name
    %asyncfixture up NAME[param]    with that parameter
    %asyncfixture down NAME         tear it down on the same loop; --all: everything that is up
    %asyncfixture fix NAME          how its definition should read, as a diff; nothing is written

    --from PATH/conftest.py         of a project, in place of this notebook
"""
TOO_OLD = "%asyncfixture up needs pytest-asyncio 1.1 or newer, and here is {}."
NOT_YET = "Nothing was done: write `%asyncfixture {}` on a line of its own."
NO_PYTEST = "%asyncfixture needs pytest and pytest-asyncio: pip install pytest-asyncio."


@dataclass(frozen=True, slots=True, repr=False)
class Pending(View):
    """What `up` and `down` give: awaited by the line that they stand on."""

    made: Callable[[], Awaitable[View]] = field(kw_only=True)

    def __await__(self) -> Generator[Any, None, View]:
        return self.made().__await__()


class Asyncfixture:
    """What is up, and the shell that it belongs to."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.lives: dict[Origin, LiveFixtures] = {}
        self.ending: list[Future[None]] = []
        self.seen: list[str] = []  # names of the table that was read last
        self.begin_cell: Callable[[str], None] = lambda words: None

    def ask(self, line: str) -> View:
        """Answer `%asyncfixture LINE`."""
        if line.split()[:1] == ["cell"]:  # the head of a cell of ours
            self.begin_cell(line.partition("cell")[2])
            return View("")
        given = Words.read(line)
        if find_spec("pytest") is None or find_spec("pytest_asyncio") is None:
            raise UsageError(NO_PYTEST)
        if given.part == "up":
            return Pending(NOT_YET.format(line), made=partial(self.up, given))
        if given.part == "down":
            return Pending(NOT_YET.format(line), made=partial(self.down, given))
        origin = origin_of(given, self.shell)
        if given.part == "fix":
            return self.fix(given, origin)
        if given.names:
            raise UsageError(f"`{given.names[0]}` is not known after %asyncfixture: leave it out.")
        return self.table(origin)

    def variables(self) -> list[dict[ContextVar[Any], Any]]:
        """Return the context variables that the fixtures have set."""
        return [live.variables for live in self.lives.values()]

    def names(self, part: str) -> list[str]:
        """Return the names that may follow *part*: Tab asks, so nothing is collected for it."""
        if part == "down":
            return self._up_names()
        if part not in ("up", "fix"):
            return []
        own = notebook_names.definitions(self.shell.user_ns)
        return sorted({*own, *self.seen})

    # -- as they are written ---------------------------------------------------------------------

    def table(self, origin: Origin) -> View:
        """Return the fixtures of *origin* as a table and a graph."""
        from loopcheck.faces import fixture_view

        try:
            return self._read(
                origin, lambda table: fixture_view.whole(table, origin.said, _none(origin))
            )
        except reading.CannotRead as error:
            return fixture_view.unreadable(error.record)

    def defined(self, names: list[str]) -> View:
        """Return what is to be said of fixtures that a cell has defined."""
        from loopcheck.faces import fixture_view

        origin = origin_of(None, self.shell)
        try:
            return self._read(origin, lambda table: fixture_view.defined(table, names))
        except reading.CannotRead as error:
            raise UsageError(table_words.refused(error.record)) from None

    def fix(self, given: Words, origin: Origin) -> View:
        """Return how a definition should read, as a difference: nothing is written."""
        from loopcheck.faces import fixture_view

        if len(given.names) != 1:
            raise UsageError("Which fixture? %asyncfixture fix NAME.")
        [name] = given.names
        try:
            known, shown = self._read(origin, lambda table: fixture_view.fixed(table, name))
        except reading.CannotRead as error:
            raise UsageError(table_words.refused(error.record)) from None
        if shown is None:
            raise no_such_fixture(name, known, origin.said)
        return shown

    def _read(self, origin: Origin, show: Callable[[Table], T]) -> T:
        live = self.lives.get(origin)
        space = notebook_names.definitions(self.shell.user_ns) if origin.space is not None else {}

        def noting(table: Table) -> T:
            self.seen = [row.fixture.name for row in table.fixtures]
            return show(table)

        return reading.read(origin, live, space, _labels(origin), noting)

    # -- up --------------------------------------------------------------------------------------

    async def up(self, given: Words) -> View:
        """Bring each of the names up, one after the other."""
        if not given.names:
            raise UsageError("Which fixture? %asyncfixture up NAME, or NAME[parameter].")
        return _below([await self._up(name, given) for name in given.names])

    async def _up(self, asked: str, given: Words) -> Section:
        name, _, param = asked.partition("[")
        live = await self._live(origin_of(given, self.shell), name)
        space = self._space(live)
        try:
            got, stopped = await _answer(live, partial(live.up, name, param[:-1] or None, space))
        except Exception as error:
            raise self._refused(error, live, asked) from None
        finally:
            if not live.asked:
                await self._end(live)
        from loopcheck.faces import live_records

        record = live_records.up(got, live, _labels(live.held.origin))
        notebook_names.bind(self.shell.user_ns, name, got.value)
        for variable, value in live.variables.items():  # for the rest of this cell
            variable.set(value)
        if stopped:
            raise UsageError(words.stopped_late(name))
        return words.up(record)

    def _space(self, live: LiveFixtures) -> dict[str, Any]:
        """Return what a notebook defines; nothing for a project."""
        if live.held.origin.space is None:
            return {}
        return notebook_names.definitions(self.shell.user_ns)

    async def _live(self, origin: Origin, name: str) -> LiveFixtures:
        """Return the session that has *name*, else a new one of *origin*."""
        if origin in self.lives:
            return self.lives[origin]
        if origin.space is not None and name not in notebook_names.definitions(self.shell.user_ns):
            for live in self.lives.values():
                if live.find(name) is not None:
                    return live
        from loopcheck.faces.fixtures_live import LiveFixtures, too_old
        from loopcheck.faces.held_pytest import HeldPytest

        if (version := too_old()) is not None:
            raise UsageError(TOO_OLD.format(version))
        for one in self.ending:
            await asyncio.wrap_future(one)
        self.ending.clear()
        held = HeldPytest(origin)
        await self._begun(held)
        live = LiveFixtures(held, asyncio.get_running_loop())
        self.lives[origin] = live
        return live

    async def _begun(self, held: HeldPytest) -> None:
        """Wait until all is collected. What hangs at import can only be left behind."""
        from loopcheck.faces import unreadable

        try:
            await asyncio.shield(asyncio.wrap_future(held.start()))
        except STOPS:
            held.leave()
            raise UsageError(f"Stopped while {held.origin.said} was read.") from None
        except Exception as error:
            record = unreadable.read(error, held.origin, _labels(held.origin))
            raise UsageError(table_words.refused(record)) from None

    def _refused(self, error: Exception, live: LiveFixtures, asked: str) -> Exception:
        """Return what to raise for an error of `up`: one line, in the user's names."""
        from loopcheck.faces import fixtures_live, live_records

        said = live.held.origin.said
        match error:
            case fixtures_live.SetUpFailed():
                labels = _labels(live.held.origin)
                failed = live_records.error(error.raised, labels)
                found = live_records.explained(error, live, labels)
                torn = live_records.down(error.torn, labels)
                cause = f"{found[0].code} {found[0].slug}: %loopcheck why." if found else None
                return UsageError(words.failed(error.name, failed, torn, cause))
            case fixtures_live.NoSuchFixture():
                return no_such_fixture(error.name, error.known, said)
            case fixtures_live.NoSuchParameter(known=[]):
                return UsageError(
                    f"`{error.name}` has no parameters. Try: %asyncfixture up {error.name}"
                )
            case fixtures_live.NoSuchParameter():
                choices = ", ".join(error.known)
                return UsageError(
                    f"`{error.name}` has no parameter `{error.param}`: there are"
                    f" {choices}.{near(error.param, error.known)}"
                )
            case fixtures_live.OtherParameter():
                return UsageError(
                    f"`{error.name}` is up with `{error.param}`: %asyncfixture down {error.name},"
                    f" then %asyncfixture up {asked}"
                )
        return error

    # -- down ------------------------------------------------------------------------------------

    async def down(self, given: Words) -> View:
        """Tear down what is asked for, or all."""
        if not self.lives:
            raise UsageError(words.nothing_up())
        if given.all:
            return _below([await self._down_all(one) for one in list(self.lives.values())])
        if not given.names:
            raise UsageError(f"Which fixture? Up: {', '.join(self._up_names())}; or --all.")
        return _below([await self._down(name) for name in given.names])

    def _up_names(self) -> list[str]:
        return [name for live in self.lives.values() for name in live.asked]

    async def _down(self, name: str) -> Section:
        name = name.partition("[")[0]
        live = next((one for one in self.lives.values() if name in one.asked), None)
        if live is None:
            up = self._up_names()
            known = f"up: {', '.join(up)}" if up else "nothing is"
            raise UsageError(f"`{name}` is not up: {known}.{near(name, up)}")
        return await self._torn(live, partial(live.down, name))

    async def _down_all(self, live: LiveFixtures) -> Section:
        return await self._torn(live, live.down_all)

    async def _torn(self, live: LiveFixtures, act: Callable[[], Any]) -> Section:
        from loopcheck.faces import live_records

        try:
            got, _ = await _answer(live, act)
        finally:
            for name in [name for name in notebook_names.BOUND if name not in self._up_names()]:
                notebook_names.restore(self.shell.user_ns, name)
            if not live.asked:
                await self._end(live)
        return words.down(live_records.down(got, _labels(live.held.origin)))

    async def _end(self, live: LiveFixtures) -> None:
        """End the session of fixtures that are all down."""
        self.lives.pop(live.held.origin, None)
        await asyncio.wrap_future(live.held.end())
        live.held.gone()

    def close(self) -> None:
        """Bring all down: as soon as the loop is free, or now where it does not run."""
        for name in list(notebook_names.BOUND):
            notebook_names.restore(self.shell.user_ns, name)
        while self.lives:
            _, live = self.lives.popitem()
            live.held.ask(live.down_all).add_done_callback(
                partial(_tell, _labels(live.held.origin))
            )
            over = live.held.end()
            self.ending.append(over)
            if not live.loop.is_running() and not live.loop.is_closed():
                live.loop.run_until_complete(_waited_for(over))


def _none(origin: Origin) -> str:
    """Return what is said where there is no fixture."""
    if origin.space is not None:
        return table_words.BEGIN
    below = islice(origin.folder.glob("*/**/conftest.py"), 5)
    return table_words.none_there([one.relative_to(origin.folder).as_posix() for one in below])


def _labels(origin: Origin) -> Labels:
    return Labels(origin.root or os.getcwd(), gather.cells())


def _tell(labels: Labels, done: Future[Any]) -> None:
    """Show what failed when nobody waits for it."""
    from loopcheck.faces import live_records

    if done.exception() is None and done.result().errors:
        print(looking.one(words.down(live_records.down(done.result(), labels))).text)


async def _waited_for(over: Future[None]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.wrap_future(over), PATIENCE)


PATIENCE = 4.0  # seconds for tear-downs at the end of a kernel: Jupyter kills it after five


async def _answer(live: LiveFixtures, act: Callable[[], T]) -> tuple[T, bool]:
    """Return what *act* gives in pytest's thread, and whether Stop was pressed meanwhile."""
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


def no_such_fixture(name: str, known: list[str], said: str) -> UsageError:
    """Say what happened, why, and what to type instead."""
    happened = f"No fixture `{name}` in {said}"
    if not known:
        return UsageError(f"{happened}: there is none yet. Begin a cell with %%asyncfixture.")
    shown = ", ".join(known[:MOST]) + (f" and {len(known) - MOST} more" if known[MOST:] else "")
    return UsageError(f"{happened}: there are {shown}.{near(name, known)}")


MOST = 12


def _below(sections: list[Section]) -> View:
    shown = [looking.one(section) for section in sections]
    return View("\n\n".join(v.text for v in shown), "".join(v.html or "" for v in shown))
