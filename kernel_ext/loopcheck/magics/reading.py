"""Fixtures as written: pytest collects them in a thread, and sets nothing up."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from IPython.core.error import UsageError

from loopcheck.magics import refusals
from loopcheck.magics.fixtures import notebook_names
from loopcheck.magics.lives import Lives
from loopcheck.magics.origins import labels
from loopcheck.records import Unreadable
from loopcheck.report import fixture_table as words
from loopcheck.report.view import View

if TYPE_CHECKING:
    from loopcheck.magics.fixtures.fixture_table import Table
    from loopcheck.magics.fixtures.held_pytest import HeldPytest, Origin

T = TypeVar("T")
CONFTEST = "conftest.py"
MOST_FILES = 5  # shown if a folder has no fixture of its own


class CannotRead(Exception):
    """A conftest.py that pytest could not import."""

    def __init__(self, record: Unreadable) -> None:
        super().__init__(record.file)
        self.record = record


class Reading:
    """Definitions, together with what is live."""

    def __init__(self, lives: Lives) -> None:
        self.lives = lives
        self.names: list[str] = []  # of the fixtures read last

    def table(self, origin: Origin) -> View:
        """Return the fixtures of *origin* as a table and a graph."""
        from loopcheck.magics.fixtures import fixture_view

        try:
            return self._shown(
                origin, lambda table: fixture_view.whole(table, origin.said, _none(origin))
            )
        except CannotRead as error:
            return fixture_view.unreadable(error.record)

    def defined(self, names: list[str], origin: Origin) -> View:
        """Return the report on fixtures that a cell has defined."""
        from loopcheck.magics.fixtures import fixture_view

        return self._or_refused(origin, lambda table: fixture_view.defined(table, names))

    def fix(self, name: str, origin: Origin) -> View:
        """Return how a definition should read, as a diff; it writes nothing."""
        from loopcheck.magics.fixtures import fixture_view

        known, shown = self._or_refused(origin, lambda table: fixture_view.fixed(table, name))
        if shown is None:
            raise refusals.no_such_fixture(name, known, origin)
        return shown

    def _or_refused(self, origin: Origin, show: Callable[[Table], T]) -> T:
        try:
            return self._shown(origin, show)
        except CannotRead as error:
            raise UsageError(words.refused(error.record)) from None

    def _shown(self, origin: Origin, show: Callable[[Table], T]) -> T:
        """Return the result of *show* for the fixtures of *origin*, in a session."""
        from loopcheck.magics.fixtures import fixture_table
        from loopcheck.magics.fixtures.held_pytest import HeldPytest

        live = self.lives.of(origin)
        space = notebook_names.of(self.lives.shell, origin)
        session = live.held if live is not None else HeldPytest(origin)

        def act() -> T:
            session.learn(space)
            up = live.live if live is not None else []
            table = fixture_table.read(session.place, labels(origin), up)
            self.names = [row.fixture.name for row in table.fixtures]
            return show(table)

        try:
            if live is not None:
                refusals.if_busy(live)
            answer = session.ask(act)  # before the start: without threads that runs everything
            if live is None:
                _collected(session)
            return answer.result()
        except KeyboardInterrupt:
            session.leave()
            raise
        finally:
            if live is None:
                session.end()
                session.gone()


def _collected(held: HeldPytest) -> None:
    from loopcheck.magics.fixtures import unreadable
    from loopcheck.magics.fixtures.held_pytest import NotCollected

    try:
        held.start().result()
    except NotCollected as why:
        raise CannotRead(unreadable.read(why.error, held.origin, labels(held.origin))) from None


def _none(origin: Origin) -> str:
    """Return the message if there is no fixture."""
    if origin.space is not None:
        return words.BEGIN
    # `glob` fails if a folder vanishes meanwhile.
    below = (Path(at, CONFTEST) for at, _, files in os.walk(origin.folder) if CONFTEST in files)
    found = islice((one for one in below if one.parent != origin.folder), MOST_FILES)
    return words.none_there([one.relative_to(origin.folder).as_posix() for one in found])
