"""What tests leave without failing: collected while they run, judged after each one."""

from __future__ import annotations

import asyncio
import sys
import warnings
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from loopcheck import collector
from loopcheck.watch import (
    asyncgens,
    blocked_steps,
    exceptions,
    faults,
    gather_errors,
    loop_leaks,
    loops,
    thrown_away,
)
from loopcheck.watch.limits import left_pending, timeouts
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.runs import destructor_reports
from loopcheck.watch.stores import raw_sockets, sockets

if TYPE_CHECKING:  # imported when something was left: most tests leave nothing
    import pytest

    from loopcheck.case.outlived_tasks import Outlived
    from loopcheck.case.seen_leftovers import Failure, Seen
    from loopcheck.labels import Labels
    from loopcheck.modes.finding import Finding
    from loopcheck.process.doubles.kept_coroutines import KeptCoroutine
    from loopcheck.records import Premature
    from loopcheck.watch.loop_leaks import Loop

# Everything the watches write to: checked after each test for new entries.
NOTED = (
    *(exceptions.kept, asyncgens.kept, timeouts.kept, loop_leaks.left, loop_leaks.dead),
    *(sockets.left, loops.left_open, blocked_steps.noted, exceptions.destroyed),
)
WATCHED = (
    ("aiohttp.client", "ClientSession"),
    ("aiosqlite.core", "Connection"),
    ("anyio.streams.memory", "MemoryObjectSendStream"),
    ("anyio.streams.memory", "MemoryObjectReceiveStream"),
)
RUNS_TESTS = frozenset({"pytester", "testdir"})
FAILED = 100  # the latest tests: what their lines could still have awaited


class Silent:
    """The watches of one run, and how far they have been read."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.session: pytest.Session | None = None
        self.outlived: Outlived | None = None  # where tests run on wider loops
        self.heard, self.gone, self.overdue = _so_far()
        self.failures: dict[int, Failure] = {}  # by moment
        self.held: dict[int, weakref.ref[Any]] = {}  # coroutines that failed tests held by name
        self.kept: list[KeptCoroutine] = []  # in mocks of the test that ends now
        self.read: set[int] = set()  # warnings of this test that were looked at: pytest keeps them
        watches = (
            *(exceptions, loop_leaks, asyncgens, sockets, raw_sockets, timeouts, thrown_away),
            *(destructor_reports, gather_errors, left_pending),
        )
        installs = [watch.install for watch in watches]
        self.late: set[str] = set()  # watches that start when there is something to watch
        self.cleanups: list[Callable[[], None]] = [install() for install in installs]
        # An error, and the unfinished work of a loop that closes before the error's report. Keeping
        # the error itself would keep its frames, and the objects in them, alive too long.
        self.closing: tuple[int, int, tuple[Premature, ...]] | None = None
        self.compared: tuple[int, tuple[Premature, ...]] = (0, ())
        loop_leaks.listeners.append(self.close)
        self.cleanups.append(lambda: loop_leaks.listeners.remove(self.close))
        loop_leaks.take()
        sockets.take()

    def loaded(self) -> None:
        """Called after imports: there may be something new to watch."""
        if "unittest.async_case" in sys.modules and "isolated" not in self.late:
            from loopcheck.watch.runs import (
                isolated_testcases,  # late, like the next: most runs have none
            )

            self.late.add("isolated")
            self.cleanups.append(isolated_testcases.install(self.close))
        if "unittest.case" in sys.modules and "raises" not in self.late and not self.shows_locals():
            from loopcheck.watch.runs import cleared_frames

            self.late.add("raises")
            self.cleanups.append(cleared_frames.install())
        for module, name in WATCHED:
            kind = getattr(sys.modules.get(module), name, None)
            if name in self.late or not isinstance(kind, type):  # a mock of it
                continue
            from loopcheck.watch.stores import sessions

            self.late.add(name)
            self.cleanups.append(sessions.INSTALLS[name](kind))

    def shows_locals(self) -> bool:
        """Return whether pytest shows the names in a failure's frames, which unittest clears."""
        return self.session is not None and bool(self.session.config.getoption("showlocals", False))

    def let_go(self, error: BaseException) -> None:
        """Clear the frames of *error* that unittest would have cleared: it is explained."""
        if "raises" in self.late:
            from loopcheck.watch.runs import cleared_frames

            cleared_frames.clear(error)

    def close(self, loop: Loop, error: BaseException) -> None:
        """Record the unfinished work of *loop*, which closes before the report of *error*."""
        from loopcheck.case import background_evidence

        try:
            found = background_evidence.of_closing(error, loop, self.labels)
            self.closing = (id(error), LEDGER.moment, found) if found else None
        except Exception:  # our error must hide neither the test's nor the tasks that are left
            faults.note()

    def closed(self, error: BaseException) -> tuple[Premature, ...]:
        """Return the unfinished work of tasks that *error* has ended on its way here."""
        kept, self.closing = self.closing, None
        if kept is not None and kept[:2] == (id(error), LEDGER.moment):
            return kept[2]
        moment, found = self.compared
        return found if moment == LEDGER.moment else ()

    def compare(self) -> None:
        """Record the unfinished work of tasks when an assertion fails: only of the last one."""
        self.compared = 0, ()
        loop = asyncio._get_running_loop()
        if loop is None:
            return
        try:
            from loopcheck.watch.hang import (
                left_blocks,  # steps may have other names in a new Python
            )

            frame = left_blocks.frame_of(sys._getframe(1))
            if frame is not None and left_blocks.leaves_a_block(frame):
                from loopcheck.case import background_evidence

                found = background_evidence.of_comparison(frame, loop, self.labels)
                self.compared = LEDGER.moment, found
        except Exception:  # our error must not hide the test's
            faults.note()

    def anything(self) -> bool:
        """True if there may be something to report. Every passing test pays for this."""
        if any(NOTED):
            left = loop_leaks.left or loop_leaks.dead or sockets.left or loops.left_open
            if (
                left
                or exceptions.destroyed
                or blocked_steps.noted
                or _so_far() != (self.heard, self.gone, self.overdue)
            ):
                return True
        return bool(caught()) or self._mocks_keep()

    def _mocks_keep(self) -> bool:
        """Look for coroutines that mocks of this test received, and that nothing will run."""
        makers = sys.modules.get("loopcheck.watch.mock_makers")  # loaded with the first mock
        mocks = makers.made_in_this_test() if makers is not None else ()
        if mocks:
            from loopcheck.process.doubles import kept_coroutines  # late: many tests have no mock

            self.kept = kept_coroutines.find(mocks)
        return bool(self.kept)

    def _take_kept(self, item: Any, failed: set[str]) -> list[KeptCoroutine]:
        """Return what mocks keep; a failed test may have had a use for it, or a filter ignores it.

        Python's own warning about it comes when it is collected: that is not a second fault.
        """
        from loopcheck.source.coroutines import unawaited_warnings
        from loopcheck.watch.runs import expected_warnings

        kept, self.kept = self.kept, []
        self.held |= {id(one.coroutine): weakref.ref(one.coroutine) for one in kept}
        if item is None or item.nodeid in failed:
            return []
        return [
            one
            for one in kept
            if not expected_warnings.is_ignored(
                RuntimeWarning, unawaited_warnings.words(one.coroutine)
            )
        ]

    def of_test(self, item: Any, tests: Sequence[str], failed: set[str]) -> list[Finding]:
        """Return the faults left since the last look; *item* is at its end."""
        from loopcheck.case.seen_leftovers import Seen

        new = [one for one in caught() if id(one) not in self.read]
        self.read.update(map(id, new))
        lost = exceptions.since(self.heard)
        lost += loop_leaks.take_dead()
        gone, overdue = asyncgens.since(self.gone), timeouts.since(self.overdue)
        self.heard, self.gone, self.overdue = _so_far()
        seen = Seen(
            warned=_about_coroutines(new),
            kept=self._take_kept(item, failed) if self.kept else (),
            lost=lost,
            failures=self.failures,
            leaked=loop_leaks.take(),
            destroyed=exceptions.take_destroyed(),
            generators=gone,
            blocked=blocked_steps.take(),
            overdue=overdue,
            unclosed=sockets.take(),
            open_loops=[one for one in loops.take_left_open() if not self._on_purpose(one, tests)],
        )
        if _runs_tests(item):
            return []  # the tests that it runs left them: that is its subject
        return self._judged(seen, item, tests, failed)

    def _on_purpose(self, loop: loops.Entry, tests: Sequence[str]) -> bool:
        """True if the test that made *loop* runs tests, or is about the warning itself.

        It asks about the test that made the loop: the loop may be collected much later.
        """
        items = self.session.items if self.session is not None else ()
        made_in = tests[loop.born - 1] if 0 < loop.born <= len(tests) else None
        made = [one for one in items if one.nodeid == made_in]
        return any(_runs_tests(one) or _names_the_warning(one) for one in made)

    def failed(self, error: BaseException) -> None:
        """Record what is lost by now, and what the failing lines could still await."""
        from loopcheck.case.seen_leftovers import Failure
        from loopcheck.process import held_names

        self.held |= held_names.coroutines(error)
        self.failures[LEDGER.moment] = Failure(
            lost=exceptions.latest(),
            named=held_names.ids(error),
            readable=held_names.readable_ids(error),
            held=held_names.kept_ids(error),
        )
        if len(self.failures) > FAILED:
            del self.failures[min(self.failures)]

    def of_warning(
        self, warned: Any, item: Any, tests: Sequence[str], failed: set[str]
    ) -> list[Finding]:
        """Return what pytest recorded after the look at a test, or outside of all tests."""
        from loopcheck.case.seen_leftovers import Seen

        if id(warned) in self.read:
            return []
        return self._judged(Seen(warned=_about_coroutines([warned])), item, tests, failed)

    def _judged(
        self, seen: Seen, item: Any, tests: Sequence[str], failed: set[str]
    ) -> list[Finding]:
        if not seen:
            return []
        with collector.still():
            return self._found(seen, item, tests, failed)

    def _found(
        self, seen: Seen, item: Any, tests: Sequence[str], failed: set[str]
    ) -> list[Finding]:
        from loopcheck.case import finished_test_evidence
        from loopcheck.labels import cells
        from loopcheck.light import replace
        from loopcheck.modes.diagnose import diagnose

        items = self.session.items if self.session is not None else ()
        seen = replace(seen, items=items, held=frozenset(self.held))
        if self.outlived is not None:
            seen = replace(seen, outlived=self.outlived.find)
        self.labels.cells = cells()
        found = finished_test_evidence.of_tests(seen, item, tests, failed, self.labels)
        self.held = {key: one for key, one in self.held.items() if one() is not None}
        return [one for evidence in found for one in diagnose(evidence, self.labels)]

    def forget(self) -> None:
        """Ignore what was left since the last look."""
        self.heard, self.gone, self.overdue = _so_far()
        loop_leaks.take()
        loop_leaks.take_dead()
        exceptions.take_destroyed()
        blocked_steps.take()

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()


def _runs_tests(item: Any) -> bool:
    return bool(RUNS_TESTS.intersection(getattr(item, "fixturenames", ())))


def _names_the_warning(item: Any) -> bool:
    from loopcheck.source import user_code  # late: few runs leave a loop

    code = user_code.test(item)
    named = code is not None and "ResourceWarning" in code.co_names
    return named or "recwarn" in getattr(item, "fixturenames", ())


def _so_far() -> tuple[int, int, int]:
    """Return the numbers of the watches' last entries."""
    return exceptions.latest(), asyncgens.latest(), timeouts.latest()


def caught() -> list[Any]:
    """Return the "never awaited" warnings that pytest has caught in this test so far.

    pytest only passes them on after the test's last report; by then nothing could fail the test any
    more.
    """
    log = getattr(getattr(warnings, "_showwarnmsg_impl", None), "__self__", None)
    if type(log) is not list:
        return []
    return [one for one in log if getattr(one, "category", None) is RuntimeWarning]


def _about_coroutines(warned: Sequence[Any]) -> list[Any]:
    if not warned:
        return []
    from loopcheck.source.coroutines import unawaited_warnings

    return [one for one in warned if unawaited_warnings.is_one(one)]
