"""Fixtures as they are written: pytest collects them in a thread, and nothing is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from loopcheck.facts.labels import Labels
from loopcheck.facts.records import Unreadable

if TYPE_CHECKING:
    from loopcheck.faces.fixture_table import Table
    from loopcheck.faces.fixtures_live import LiveFixtures
    from loopcheck.faces.held_pytest import HeldPytest, Origin

T = TypeVar("T")


class CannotRead(Exception):
    """A conftest.py that pytest could not import."""

    def __init__(self, record: Unreadable) -> None:
        super().__init__(record.file)
        self.record = record


def read(
    origin: Origin,
    live: LiveFixtures | None,
    space: dict[str, Any],
    labels: Labels,
    show: Callable[[Table], T],
) -> T:
    """Return what *show* makes of the fixtures of *origin*; *live* are those that are up."""
    from loopcheck.faces import fixture_table
    from loopcheck.faces.held_pytest import HeldPytest

    session = live.held if live is not None else HeldPytest(origin)

    def act() -> T:
        session.learn(space)
        up = list(live.live) if live is not None else []
        return show(fixture_table.read(session.place, labels, up))

    try:
        if live is None:
            _collected(session, labels)
        return session.ask(act).result()
    except KeyboardInterrupt:
        session.leave()
        raise
    finally:
        if live is None:
            session.end()
            session.gone()


def _collected(held: HeldPytest, labels: Labels) -> None:
    from loopcheck.faces import unreadable

    try:
        held.start().result()
    except Exception as error:
        raise CannotRead(unreadable.read(error, held.origin, labels)) from None
