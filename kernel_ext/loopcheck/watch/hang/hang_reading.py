"""What is recorded of a test that hangs: its waits, and what should have ended them."""

from __future__ import annotations

import asyncio
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import thread_stacks
from loopcheck.process.loops import loop_records, queued_work
from loopcheck.process.loops.thread_requests import Asked
from loopcheck.process.waiting import stalled_helpers, waits
from loopcheck.process.waiting.missed_wakes import thread_deliveries
from loopcheck.records import HangRecord, LoopRecord, Place, StoppedClock, WaitRecord
from loopcheck.runner import fixtures
from loopcheck.source.catching import cancel_handlers
from loopcheck.watch.hang import loop_survey, running_loops, stopped_clock
from loopcheck.watch.hang.hang_phase import Phase, standstill
from loopcheck.watch.hang.loop_survey import Seen
from loopcheck.watch.loops import LEDGER

Loop = asyncio.AbstractEventLoop


@dataclass(eq=False)
class Reader:
    """Makes the records; the loop's own thread must run it, or nothing may run there."""

    seconds: float
    labels: Labels

    def stuck_now(self, phase: Phase) -> HangRecord | None:
        """Return what the test waits for, if nothing can wake it; only its own thread may ask.

        In the middle of a task's step nothing is known: it may be about to wake others.
        """
        run = running_loops.running(phase.thread)
        if run is None or asyncio.current_task(run[0]) is not None:
            return None
        loop, root = run
        until = loop.time() + loop_survey.TIMER
        seen = loop_survey.look(loop, root, phase.codes, phase.test_began, until, self.labels)
        if not seen.stuck:
            return None
        return self.read(phase, loop, seen, proved=True)

    def read(self, phase: Phase, loop: Loop, seen: Seen, *, proved: bool) -> HangRecord:
        """Return what the test waits for, as *seen*."""
        knot = waits.cycle(seen.found)
        chain = knot or seen.found
        frames = thread_stacks.of(phase.thread)
        outside = waits.users_around(frames)
        runner = next(iter(outside), None) if chain else waits.innermost_runner(frames)
        deaf = [cancel_handlers.pending(one.task, self.labels) for one in seen.found]
        said = waits.read(chain, loop, phase.item, self.labels, outside)
        said = tuple(loop_survey.in_words(*one, seen) for one in zip(said, chain, strict=True))
        if proved and not knot:
            said = self._with_others(said, chain, loop, phase.item)
        elif not knot:
            said = stalled_helpers.add_threads(said, chain, self.labels)
        away = any(one.loop for wait in said for one in wait.holders)
        unseen = proved and any(map(thread_deliveries.never_seen, chain))
        if unseen:
            said = self._with_deliveries(said, chain)
        return HangRecord(
            proved=proved,
            seconds=self.seconds,
            waits=said,
            cycle=bool(knot),
            spin=seen.spin,
            fixture=phase.fixture,
            cancels=tuple(filter(None, deaf)),
            ran_at=waits.place(runner, self.labels) if runner is not None else None,
            loop=self._in_words(loop) if away else None,
            unwoken=unseen,
            missed=self._missed(chain),
            clock=None if proved else self._stopped_clock(phase, loop, seen, chain),
        )

    def _stopped_clock(
        self, phase: Phase, loop: Loop, seen: Seen, chain: list[waits.Wait]
    ) -> StoppedClock | None:
        """Return what replaced the clock of *loop*, if only a timer would have ended the wait."""
        if seen.due is None or not phase.clock.lasts(standstill(self.seconds)):
            return None
        frames = [frame for one in chain for frame in one.users()]
        return stopped_clock.read(loop, frames, phase.item, self.labels)

    def unwoken(self, phase: Phase, loop: Loop, root: object) -> HangRecord:
        """Return what a sleeping loop was given without being woken."""
        tasks = queued_work.pending(loop)
        found = waits.chain_of(loop_survey.first_of(tasks, root, phase.codes), tasks)
        outside = waits.users_around(thread_stacks.of(phase.thread))
        said = waits.read(found, loop, phase.item, self.labels, outside)
        said = self._with_deliveries(said, found)
        return HangRecord(
            proved=True, seconds=self.seconds, waits=said, fixture=phase.fixture, unwoken=True
        )

    def _with_deliveries(
        self, said: tuple[WaitRecord, ...], found: list[waits.Wait]
    ) -> tuple[WaitRecord, ...]:
        """Return *said* with the thread's line that ended each wait, but did not wake the loop."""
        return tuple(
            replace(record, delivery=thread_deliveries.of_wait(record, one, self.labels))
            for record, one in zip(said, found, strict=True)
        )

    def bare(self, phase: Phase, *, proved: bool = False) -> HangRecord:
        """Return a record without any detail, for a test that could not be looked at."""
        return HangRecord(proved=proved, seconds=self.seconds, fixture=phase.fixture)

    def _missed(self, chain: list[waits.Wait]) -> Place | None:
        """Return the line that published what one of *chain* waits for, before it subscribed."""
        from loopcheck.watch.stores import unheard_messages  # late: most runs have no store

        found = (unheard_messages.find_missed(one.frames(), self.labels) for one in chain)
        return next(filter(None, found), None)

    def _with_others(
        self, said: tuple[WaitRecord, ...], chain: list[waits.Wait], loop: Loop, item: Any
    ) -> tuple[WaitRecord, ...]:
        """Return *said* with the tasks of stopped loops that should have ended the wait."""
        others = LEDGER.loops(fixtures.runners(item).values())
        return tuple(
            stalled_helpers.add(record, one, loop, others, item, self.labels, self._in_words)
            for record, one in zip(said, chain, strict=True)
        )

    def asked_by_threads(self, seen: Seen, loop: Loop, item: Any) -> list[Asked]:
        """Return the requests to stopped loops that block threads behind the test's wait."""
        others = LEDGER.loops(fixtures.runners(item).values())
        return [one for wait in seen.found for one in stalled_helpers.asked(wait, loop, others)]

    def _in_words(self, loop: Loop) -> LoopRecord:
        return loop_records.read_loop(loop, self.labels, LEDGER.find(loop))
