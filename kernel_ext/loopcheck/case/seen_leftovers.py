"""What tests have left, as the watches saw it, and which test it belongs to."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass, frozen
from loopcheck.watch import asyncgens, blocked_steps, exceptions, loop_leaks, loops
from loopcheck.watch.limits import timeouts
from loopcheck.watch.stores import sockets

if TYPE_CHECKING:  # imported when a test has left one
    from loopcheck.process.doubles import kept_coroutines
    from loopcheck.records import LeakedTask, NeverAwaited

Kept = tuple[int | None, str, Any]  # the test's number, a field of Evidence, a record


@frozen
class Failure:
    """What was lost when a test failed, and what its lines still held."""

    lost: int = 0  # the last serial number by then
    named: frozenset[int] = frozenset()  # ids of the tasks for which its lines had names
    readable: frozenset[int] = frozenset()  # of those, the ones that its next lines may read
    held: frozenset[int] = frozenset()  # and of those that objects with names kept


Failures = Mapping[int, Failure]  # by the test's number


@dataclass(frozen=True)
class Left:
    """A task that outlived its test."""

    ref: weakref.ref[Any]
    test: int  # its number
    entry: loop_leaks.Entry  # as it was at the end of the test


Known = Callable[[int, str | None], Left | None]  # by a task's id and its coroutine


def _nothing_known(task: int, coroutine: str | None) -> Left | None:
    return None


@frozen
class Seen:
    """What the watches and pytest's warnings have shown since the last look."""

    warned: Sequence[Any] = ()
    lost: Sequence[exceptions.Entry] = ()
    failures: Failures | None = None
    kept: Sequence[kept_coroutines.KeptCoroutine] = ()  # in mocks of the test that now ends
    held: Container[int] = ()  # ids of coroutines for which lines of failed tests had names
    leaked: Sequence[loop_leaks.Entry] = ()
    destroyed: Sequence[exceptions.Destroyed] = ()
    generators: Sequence[asyncgens.Entry] = ()
    blocked: Sequence[blocked_steps.Entry] = ()
    overdue: Sequence[timeouts.Lost] = ()
    unclosed: Sequence[sockets.Entry] = ()
    open_loops: Sequence[loops.Entry] = ()  # collected while open
    items: Sequence[Any] = ()  # all tests of the run
    outlived: Known = _nothing_known  # returns the task that a test left to the next, if known

    def __bool__(self) -> bool:
        left = (self.warned, self.kept, self.lost, self.leaked, self.generators)
        return any(
            (*left, self.destroyed, self.blocked, self.overdue, self.unclosed, self.open_loops)
        )


def maker(made: NeverAwaited | LeakedTask, tests: Sequence[str], labels: Labels) -> int | None:
    """Return the number of the test whose own line created it, None if unknown."""
    if made.made_at is None or made.made_by is None:
        return None
    for number in range(len(tests), 0, -1):
        file, *_, name = labels.node(tests[number - 1]).split("::")
        if file == made.made_at.file and name.partition("[")[0] == made.made_by:
            return number
    return None


def latest(nodeids: Container[str], tests: Sequence[str]) -> int | None:
    """Return the number of the latest of these tests, None if none has begun."""
    return next((n for n in range(len(tests), 0, -1) if tests[n - 1] in nodeids), None)


def item_of(number: int, tests: Sequence[str], seen: Seen) -> Any:
    """Return the test with that number."""
    return next((one for one in seen.items if one.nodeid == tests[number - 1]), None)
