"""What a test waited for when its timeout ran out: seen while everything still exists.

A moment later the wait is cancelled, `finally` and groups end all others. Nothing is left that
could tell a slow answer from one that never comes.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from loopcheck.clock import thread_time
from loopcheck.labels import Labels
from loopcheck.process import futures
from loopcheck.watch.hooks import Undo, once
from loopcheck.watch.limits import timeouts
from loopcheck.watch.loops import LEDGER

if TYPE_CHECKING:  # late: most runs have no such limit
    from loopcheck.process.waiting.waits import Wait
    from loopcheck.records import HangRecord, LoopRecord
    from loopcheck.watch.limits.aiohttp_limits import Timers
    from loopcheck.watch.limits.anyio_limits import Scopes

    Library = Scopes | Timers

MOST = 6  # looks in one test
MOST_ROUTES = 200
SPENT = 0.1  # seconds for all of them: with 50 waiting tasks one takes 60 ms
IN_VAIN = 3  # tests: errors in this run take routes that we do not see
KEPT = 20
WORDS = (b"timeout", b"wait_for", b"fail_after", b"move_on_after")


class Entry:
    """A timeout that ran out: what it waited for, and in which test."""

    __slots__ = ("hang", "moment")

    def __init__(
        self,
        moment: int,  # number of tests begun
        hang: HangRecord,
    ) -> None:
        self.moment, self.hang = moment, hang


class Limits:
    """Looks whenever a timeout runs out in a test."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.item: Any = None  # the running test: for the names of its fixtures
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._looks = (0, 0, 0.0)  # in which test, how many, how long
        self._caught: dict[object, int] = {}  # routes on which an error was caught, in which test
        self._vain = 0  # tests with a look that passed
        self._libraries: dict[str, Library] = {}  # the loaded ones

    def install(self) -> Undo:
        before = timeouts.listener
        timeouts.listener = self.ran_out

        def undo() -> None:
            if timeouts.listener == self.ran_out:
                timeouts.listener = before
            self.item = None
            while self._libraries:
                self._libraries.popitem()[1].undo()

        return once(undo)

    def loaded(self) -> None:
        """Check for limits of libraries to watch, after modules were imported."""
        modules, known = sys.modules, self._libraries
        if "anyio" in modules and "anyio" not in known:
            from loopcheck.watch.limits import anyio_limits  # late, as the next

            known["anyio"] = anyio_limits.Scopes(self.ran_out)
        if "aiohttp" in modules and "aiohttp" not in known:
            from loopcheck.watch.limits import aiohttp_limits

            known["aiohttp"] = aiohttp_limits.Timers(self.ran_out)
        for library in known.values():
            library.look()

    def made_ready(self, files: list[str]) -> None:
        """Import the code that finds whose timeout fails a test, if one of *files* may set one.

        It empties *files*. In the middle of a passing test this import would take some
        milliseconds, and its timers would all be late. The code that looks at a limit is imported
        when one does fail a test.
        """
        while files:
            file = files.pop()
            if "loopcheck.process.waiting.error_route" in sys.modules:
                continue
            with suppress(OSError):
                text = Path(file).read_bytes()
                if any(word in text for word in WORDS):  # a regex takes ten times as long
                    from loopcheck.process.waiting import error_route, frames_around  # noqa: F401

    def failed(self) -> None:
        """Record that the running test failed: its looks were not in vain."""
        self._vain = 0

    def of_this_test(self) -> list[HangRecord]:
        """Return the waits of the running test that could never have ended."""
        return [one.hang for one in self.entries if one.moment == LEDGER.moment]

    def ran_out(
        self,
        task: Any,
        way: timeouts.Offsets,
        limit: object,
        future: object = None,
        upper: tuple[FrameType, ...] = (),
        *,
        drops: bool = False,
    ) -> None:
        """Look at what *task* waits for, if the error of *limit* will fail the test.

        A look costs the test's own time: a polling test would find its own limits passed.
        """
        if self.item is None or task is None or self._vain >= IN_VAIN:
            return
        from loopcheck.process.waiting import error_route  # late, as the next
        from loopcheck.source.catching import catching_frames

        known = catching_frames.Limit(limit, TimeoutError, drops=drops)
        moment, count, spent = self._looks
        if moment != LEDGER.moment:
            count, spent = 0, 0.0
        if count >= MOST or spent > SPENT:
            return
        # A test that polls passes here a thousand times, and most times at the same lines.
        route = id(task), timeouts.mark(way), id(type(limit)), drops
        if self._caught.get(route) == LEDGER.moment:
            return
        if not error_route.fails_test(task, known, upper):
            if len(self._caught) >= MOST_ROUTES:
                self._caught.clear()
            self._caught[route] = LEDGER.moment
            return
        from loopcheck.process.waiting import expired_limits  # late: most runs have no such limit

        self._vain += count == 0
        began = thread_time()
        by = task if future is not None else None
        first, loop = expired_limits.start(task, future, upper), futures.loop(task)
        try:
            found = expired_limits.read(
                first, loop, self.loops(self.item), self.item, self.labels, self.in_words, by
            )
            found = self._with_missed(found, first, loop, by)
        finally:
            self._looks = LEDGER.moment, count + 1, spent + thread_time() - began
        if found is not None:
            self.entries.append(Entry(LEDGER.moment, found))

    def _with_missed(
        self, found: HangRecord | None, first: Wait, loop: Any, by: Any
    ) -> HangRecord | None:
        """Return *found* with the line that published the message before the subscription."""
        if "loopcheck.watch.stores.stores" not in sys.modules:  # loaded with the first client
            return found
        from loopcheck.light import replace
        from loopcheck.process.waiting import waits
        from loopcheck.records import HangRecord
        from loopcheck.watch.stores import unheard_messages

        missed = unheard_messages.find_missed(first.frames(), self.labels)
        if missed is None or found is not None:
            return found if found is None else replace(found, missed=missed)
        said = waits.read([first], loop, self.item, self.labels, by=by)
        return HangRecord(proved=False, waits=said, limited=True, missed=missed)

    def loops(self, item: Any) -> list[asyncio.AbstractEventLoop]:
        """Return all loops that are known while *item* runs."""
        from loopcheck.runner import fixtures

        return LEDGER.loops(fixtures.runners(item).values())

    def in_words(self, loop: asyncio.AbstractEventLoop) -> LoopRecord:
        from loopcheck.process.loops import loop_records

        return loop_records.read_loop(loop, self.labels, LEDGER.find(loop))
