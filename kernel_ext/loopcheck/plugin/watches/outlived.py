"""Follows the tasks that tests on wider loops leave for later tests."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin import ours
from loopcheck.runner import loop_scopes

if TYPE_CHECKING:  # imported when a test runs on a wider loop: in most runs none does
    from loopcheck.case.outlived_tasks import Outlived
    from loopcheck.labels import Labels
    from loopcheck.plugin.found import Found
    from loopcheck.plugin.silent import Silent
    from loopcheck.records import LeakedTask


class Wide:
    """Checks after collection whether any test runs on a loop that outlives it."""

    def __init__(self, found: Found, silent: Silent) -> None:
        self.found, self.silent = found, silent

    def collected(self, session: pytest.Session) -> None:
        with ours.guarded("look at what was collected", self.found.notes):
            if any(map(_wide, _each_sort(session.items))):
                from loopcheck.case.outlived_tasks import Outlived

                self.silent.outlived = Outlived()
                follower = Follower(self.found, self.silent.outlived)
                session.config.pluginmanager.register(follower, "loopcheck-follower")

    def explains(self, error: BaseException, item: Any, labels: Labels) -> tuple[LeakedTask, ...]:
        """Return the tasks of earlier tests that explain the failure of *item*."""
        if self.silent.outlived is None or not _wide(item):
            return ()
        from loopcheck.case import outlived_tasks

        tests = self.found.tests
        return tuple(
            outlived_tasks.record(left, tests, labels, name)
            for left, name in self.silent.outlived.explain(error, item, tests, self.found.unended())
        )


class Follower:
    """The hooks of a run that has such tests."""

    def __init__(self, found: Found, outlived: Outlived) -> None:
        self.found, self.outlived = found, outlived
        self.waits: pytest.Item | None = None  # a test whose end we do not listen for yet

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.outlived.begin()
        self.waits = item if _wide(item) else None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: Any, request: Any
    ) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        if fixturedef.scope == "function":
            self._listen()
            return (yield)
        from loopcheck.case import outlived_tasks

        item = request._pyfuncitem
        before: set[int] = set()
        with ours.guarded("look at what a fixture starts", self.found.notes):
            before = {id(task) for task in outlived_tasks.pending(item)}
        try:
            return (yield)
        finally:
            self._guarded(self.outlived.fixture_up, item, before)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self) -> None:
        self._listen()

    def _listen(self) -> None:
        """Request a look when the test's fixtures are down: the first registered ends last."""
        item, self.waits = self.waits, None
        if item is not None:
            number = len(self.found.tests)
            item.addfinalizer(lambda: self._guarded(self.outlived.over, item, number))

    def _guarded(self, look: Callable[..., None], *given: Any) -> None:
        with ours.guarded("look at what a test left", self.found.notes):
            look(*given)


def _each_sort(items: list[pytest.Item]) -> Iterable[pytest.Item]:
    """Return *items* without those whose mark or place repeats another's.

    Asking pytest-asyncio takes 5 µs, which every passing test would pay.
    """
    sorts = {}
    for item in items:
        own = item.own_markers  # of most items none
        said = [one.kwargs for one in own if one.name == "asyncio"] if own else ()
        sorts[type(item), str(said[0]) if said else id(item.parent)] = item
    return sorts.values()


def _wide(item: Any) -> bool:
    """True if pytest-asyncio runs *item* on a loop that outlives it."""
    return loop_scopes.of_test(item) not in (None, "function")
