"""Ends a test that hangs: gentle ways first, then the loop, then the run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

from loopcheck.clock import until
from loopcheck.light import dataclass
from loopcheck.process.waiting import waits
from loopcheck.records import HangRecord
from loopcheck.watch.hang import held_turn, loop_survey, raised_errors, ways_to_end
from loopcheck.watch.hang.hang_phase import ANSWER, Phase
from loopcheck.watch.hang.hang_reading import Reader
from loopcheck.watch.hang.loop_survey import Seen
from loopcheck.watch.hang.running_loops import call_on

Loop = asyncio.AbstractEventLoop

READING = 30.0  # for our own reading, once it has begun: 0.4 s of work took 3.3 s on a busy machine
RETURN = 0.05  # seconds for a test that was ended to leave its step
PATIENCE = 0.4  # seconds for each way of ending before the next
RAISES = 300  # how often to raise an error in a loop that catches everything


@dataclass(eq=False)
class Endings:
    """The ways to end a phase. The watchdog's thread runs them."""

    reader: Reader
    is_on: Callable[[Phase], bool]  # whether that phase still runs
    give_up: Callable[[Phase], None]  # nothing ends it: the run can't continue

    def end_wait(self, phase: Phase, loop: Loop, root: object, seen: Seen, *, proved: bool) -> None:
        """End what waits in *loop*."""
        knot = waits.cycle(seen.found)
        asked = self.reader.asked_by_threads(seen, loop, phase.item) if proved and not knot else []
        if phase.ended is None:
            self._note(phase, loop, seen, proved=proved)
        phase.tries += 1
        # A cancellation runs around a cycle of tasks until Python's stack overflows.
        for way in [*_ways(seen)][1 if knot and phase.tries == 1 else min(phase.tries, 3) - 1 :]:
            call_on(loop, way).wait(ANSWER)
            moved = until(lambda: not self.is_on(phase) or _moved(seen), PATIENCE)
            if until(
                lambda: not self.is_on(phase) or held_turn.joins_executor(phase.thread), RETURN
            ):
                if self.is_on(phase):
                    went_on = call_on(loop, lambda: None)
                    self.raise_in(phase, went_on.wait, tries=RAISES)
                break
            if moved:
                if root is None:
                    call_on(loop, loop.stop)  # run_forever: no task's end is its end
                break
        else:
            call_on(loop, loop.stop)  # its runner fails, whatever its tasks catch
            if not until(lambda: not self.is_on(phase), PATIENCE) and phase.tries > 3:
                self.give_up(phase)
        for one in asked:  # else its loop waits for the thread when it closes, and no test follows
            one.future.cancel()
        phase.anew()

    def _note(self, phase: Phase, loop: Loop, seen: Seen, *, proved: bool) -> None:
        """Keep a record of what was seen, while it still exists."""
        records: list[HangRecord] = []
        begun = threading.Event()

        def read() -> None:
            begun.set()
            records.append(self.reader.read(phase, loop, seen, proved=proved))

        done = call_on(loop, read)
        if begun.wait(ANSWER * 8):
            done.wait(READING)  # else all ways of ending run at once, after the reading
        phase.ended = records[0] if records else self.reader.bare(phase, proved=proved)

    def end_unseen(self, phase: Phase, loop: Loop) -> None:
        """End a test that can't be looked at: stop its loop, else end the run."""
        phase.ended = phase.ended or self.reader.bare(phase)
        call_on(loop, loop.stop)
        if not until(lambda: not self.is_on(phase), PATIENCE):
            self.give_up(phase)

    def end_unwoken(self, phase: Phase, loop: Loop, root: object) -> None:
        """Record what was delivered to a sleeping loop, and wake it: the test then fails."""
        seen = self.reader.unwoken(phase, loop, root)
        phase.ended = phase.ended or seen
        call_on(loop, lambda: None).wait(ANSWER)
        phase.anew()

    def raise_in(self, phase: Phase, left: Callable[[float], bool], *, tries: int) -> None:
        """Raise errors in the test's thread until it has *left*; if it never does, end the run."""
        for _ in range(tries):
            if not self.is_on(phase) or left(0.0):
                break
            raised_errors.raise_in(phase.thread)
            left(held_turn.APART)
        else:
            self.give_up(phase)
        raised_errors.raise_no_more(phase.thread)
        phase.anew()


def _moved(seen: Seen) -> bool:
    """Return whether the test continued, if only to clean up."""
    if seen.spin is not None:
        return any(task.done() for task in seen.first)
    return any(
        task.done() or loop_survey.stands(task) != was
        for task, was in zip(seen.first, seen.waiting, strict=True)
    )


def _ways(seen: Seen) -> Iterator[Callable[[], object]]:
    """Yield the ways to end what was seen, gentle ones first; the loop runs each of them."""
    tasks = [one.task for one in seen.found][::-1]  # the task that the others wait for comes first
    if not tasks and not seen.first:
        return  # the loop runs for a future that belongs to no task

    def each(act: Callable[[asyncio.Task[Any]], object], some: list[asyncio.Task[Any]]) -> None:
        for task in some:
            act(task)

    yield lambda: each(lambda task: task.cancel(), seen.first)
    yield lambda: each(_throw, tasks[:1])
    yield lambda: each(_declare_over, tasks)


def _throw(task: asyncio.Task[Any]) -> None:
    ways_to_end.throw(task, error=raised_errors.Hung)


def _declare_over(task: asyncio.Task[Any]) -> None:
    ways_to_end.declare_over(task, raised_errors.Hung)
