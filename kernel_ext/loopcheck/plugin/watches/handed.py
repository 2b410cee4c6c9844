"""Records what tests share before each of them, so that a later failure can be explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from loopcheck.plugin import ours
from loopcheck.runner.shared_arguments import Stories

if TYPE_CHECKING:
    import pytest

    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found
    from loopcheck.records import SharedRecord


class Handed:
    """The shared objects that each test can reach, and their state before it."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.stories = Stories()
        self.look = ours.Looking("look at what tests share", found.notes)

    def collected(self, session: pytest.Session) -> None:
        self.look(self.stories.collected, session.items)

    def begin(self, item: pytest.Item, tests: Sequence[str]) -> None:
        """Called when a test begins, the last of *tests*, that can reach something."""
        self.look(self.stories.begin, item, tests[-1] if tests else item.nodeid)

    def up(self, fixturedef: Any, value: object) -> None:
        """Look at the value of a fixture for more than one test."""
        if type(value) in (dict, list, set):
            self.look(self.stories.fixture_up, fixturedef, value)

    def down(self, fixturedef: Any) -> None:
        self.look(self.stories.fixture_down, fixturedef)

    def explains(self, error: BaseException, item: Any, labels: Labels) -> SharedRecord | None:
        """Return the earlier test's change that explains the failure of *item*."""
        from loopcheck.runner import handed_arguments

        return handed_arguments.read(error, item, self.stories, labels)
