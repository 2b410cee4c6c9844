"""What a test waited for as its limit ran out: seen while it is all there.

A moment later the wait is cancelled, `finally` and groups end all others, and nothing is left that
could tell a slow answer from one that never comes.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from types import FrameType
from typing import Any

from loopcheck.facts.labels import Labels
from loopcheck.facts.records import HangRecord, LoopRecord
from loopcheck.facts.watch import anyio_limits, timeouts
from loopcheck.facts.watch.hooks import Undo, once
from loopcheck.facts.watch.loops import LEDGER

MOST = 6  # looks in one test: each may take 30 ms
KEPT = 20


@dataclass(frozen=True, slots=True)
class Entry:
    moment: int  # number of tests begun
    hang: HangRecord


class Limits:
    """Looks whenever a limit runs out, in tests."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.item: Any = None  # the test that runs: the names of its fixtures
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._looks = (0, 0)  # of which test, how many
        self._reckons: dict[object, bool] = {}
        self.begin: Undo = lambda: None

    def install(self) -> Undo:
        before = timeouts.listener
        timeouts.listener = self.ran_out

        def undo() -> None:
            if timeouts.listener == self.ran_out:
                timeouts.listener = before
            self.item = None
            self._reckons.clear()

        anyios = anyio_limits.Scopes(self.ran_out)
        self.begin = anyios.look

        def both() -> None:
            anyios.undo()
            undo()

        return once(both)

    def of_this_test(self) -> list[HangRecord]:
        """Return what could never have come, in the test that runs now."""
        return [one.hang for one in self.entries if one.moment == LEDGER.moment]

    def ran_out(self, task: Any, steps: Any, future: object, upper: tuple[FrameType, ...]) -> None:
        """Look at what *task* waits for, unless the user's lines reckon with the error."""
        from loopcheck.facts.probes import cancels, limited  # late: most runs have no such limit

        if self.item is None or task is None:
            return
        lines = tuple(steps)
        if len(self._reckons) > KEPT:
            self._reckons.clear()
        if lines not in self._reckons:  # who polls asks a thousand times
            self._reckons[lines] = cancels.reckons_with_timeout(steps)
        if self._reckons[lines]:
            return
        moment, count = self._looks
        self._looks = LEDGER.moment, count + 1 if moment == LEDGER.moment else 1
        if self._looks[1] > MOST:
            return
        by = task if future is not None else None
        first = limited.start(task, future, upper)
        loop = asyncio.Task.get_loop(task)
        found = limited.read(first, loop, self.item, self.labels, self.in_words, by)
        if found is not None:
            self.entries.append(Entry(LEDGER.moment, found))

    def in_words(self, loop: asyncio.AbstractEventLoop) -> LoopRecord:
        from loopcheck.facts.probes import loops

        return loops.read_loop(loop, self.labels, LEDGER.find(loop))
