"""Ends a test that hangs: a clock for each of its phases, a look at what it waits for, an end.

A thread watches. What only the loop's own thread may touch, the loop itself reads for us; if a loop
does not answer, it is blocked, and we look at its frames from here. Time alone proves nothing. A
test that nothing can wake is ended after the limit. A test that makes no progress, and may wait for
something outside this process, is ended within twice the limit. One that turns, or computes, is
ended within five times the limit.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable
from dataclasses import field
from types import FrameType

from loopcheck.clock import monotonic, thread_time
from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import thread_stacks
from loopcheck.process.waiting import busy_threads
from loopcheck.records import HangRecord, Place
from loopcheck.watch import faults, processors, stalls, unwoken_loops
from loopcheck.watch.hang import (
    held_interpreter,
    held_turn,
    loop_survey,
    plain_code,
    raised_errors,
    ways_to_end,
)
from loopcheck.watch.hang.hang_endings import RAISES, Endings
from loopcheck.watch.hang.hang_phase import ANSWER, SHORT, Answer, Phase, Unchanged, standstill
from loopcheck.watch.hang.hang_reading import Reader
from loopcheck.watch.hang.held_interpreter import HeldInterpreter
from loopcheck.watch.hang.held_turn import Turn
from loopcheck.watch.hang.loop_survey import Seen
from loopcheck.watch.hang.running_loops import call_on, running

Loop = asyncio.AbstractEventLoop

DEAF = 2  # times the limit: for a task that was cancelled and loops again
# Times the limit. Each begins with the first look, after one limit, and the end takes some time.
QUIET = 0.4  # for what makes no progress: all of it is done within twice the limit
LATER = 3  # for what turns or computes: within five times
AHEAD = 5  # a timer that is due by then may wake the test
HEARD = 2  # times the limit within which a test continues after its timer
RESTS = 9  # times what a look takes, between two looks
UNWOKEN = 1.0  # seconds: a loop that was woken handles what is ready at once


@dataclass(eq=False)
class Watchdog:
    """Watches the phase that runs now. One thread, for the whole run."""

    seconds: float
    labels: Labels
    give_up: Callable[[Phase], None]  # nothing ends it: the run can't continue
    phase: Phase | None = None
    took: float = 0.0  # processor time of the last look that ran on the loop
    _held: HeldInterpreter | None = None
    _leave: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _undo: Callable[[], None] = lambda: None

    @property
    def endings(self) -> Endings:
        """The ways to end what is watched."""
        return Endings(Reader(self.seconds, self.labels), self.is_on, self.give_up)

    def start(self) -> None:
        self._undo = raised_errors.install()
        ways_to_end.make_ready()
        # Compiled with the first instance: in a test that has replaced `isinstance` that would
        # fail.
        _ = HangRecord(proved=False), Seen(), Answer(), Unchanged(), self.endings

    def take_signals(self, is_free: Callable[[int], bool]) -> None:
        """Watch for a call that keeps the interpreter. Stderr must be the terminal's by now."""
        self._held = HeldInterpreter(self.seconds, self._cut, is_free)
        self._held.start()

    def awake(self) -> None:
        """Watch from the first test on: a conftest may let gevent patch threads; none would run."""
        if self._thread is None:
            watch = held_interpreter.in_words(self._watch)
            self._thread = threading.Thread(target=watch, name="loopcheck hang", daemon=True)
            self._thread.start()

    def begin(self, phase: Phase) -> None:
        """Watch *phase* from here on; it may keep the interpreter from its first line."""
        self.phase = phase
        if self._held is not None:
            self._held.look(on=True)

    def stop(self) -> None:
        self.phase = None
        self._leave.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(1.0)
        if self._held is not None:
            self._held.stop()
        self._undo()

    def pause(self) -> float:
        """Return the time until the next look: a slow one is to take a tenth of the loop's time."""
        longest = self.seconds / 4
        return max(0.02, min(ANSWER, longest), min(RESTS * self.took, longest))

    def _watch(self) -> None:
        while not self._leave.wait(self.pause()):
            phase = self.phase
            self._beat()
            if phase is None:
                continue
            try:
                self._look(phase)
            except Exception:  # our code must end neither a test nor the watch
                faults.note()
                phase.anew()

    def _beat(self) -> None:
        """Note that this thread runs, so that no call keeps the interpreter."""
        if self._held is not None:
            self._held.look(on=self.phase is not None)

    def is_on(self, phase: Phase) -> bool:
        """Return whether *phase* still runs."""
        return self.phase is phase and not self._leave.is_set()

    def _look(self, phase: Phase) -> None:
        try:
            run = running(phase.thread)
        except Exception:
            faults.note()
            self._blind(phase, phase.loop() if phase.loop is not None else None)
            return
        before = phase.loop() if phase.loop is not None else None
        if held_turn.in_debugger(phase.thread):
            phase.anew()
        if before is not (run[0] if run is not None else None):
            phase.anew()
            phase.blind = None
        phase.loop = weakref.ref(run[0]) if run is not None else None
        if monotonic() - phase.began < self.seconds:
            return
        try:
            if run is None:
                self._judge_plain(phase)
            else:
                self._judge(phase, *run)
            phase.blind = None
        except Exception:
            faults.note()
            self._blind(phase, run[0] if run is not None else None)

    def _blind(self, phase: Phase, loop: Loop | None) -> None:
        """Handle a failed look. If looks keep failing, only its time decides."""
        phase.blind = phase.blind or monotonic()
        if loop is not None and monotonic() - phase.blind >= LATER * self.seconds:
            self.endings.end_unseen(phase, loop)

    def _judge(self, phase: Phase, loop: Loop, root: object) -> None:
        if self._asleep(phase, loop):
            if monotonic() - phase.asleep_since >= UNWOKEN:
                self.endings.end_unwoken(phase, loop, root)
            return
        seen = self._asked(phase, loop, root)
        if phase.unanswered is not None:
            if phase.answer is None or not phase.answer.begun:  # else only our own look keeps it
                self._held_up(phase, loop)
        elif seen is not None:
            self._waits(phase, loop, root, seen)

    def _asleep(self, phase: Phase, loop: Loop) -> bool:
        """Return whether *loop* sleeps over what a thread delivered; a request would wake it."""
        if phase.ended is not None or (phase.ping is not None and not phase.ping.is_set()):
            return False
        before, phase.asleep = (
            phase.asleep,
            unwoken_loops.first_ready(loop, phase.thread, loop_survey.TIMER),
        )
        if phase.asleep is not before:
            phase.asleep_since = monotonic()
        return phase.asleep is not None

    def _asked(self, phase: Phase, loop: Loop, root: object) -> Seen | None:
        """Return what *loop* reports about itself; None if it has not answered yet.

        A loop with many tasks may need longer than ANSWER for its report: the next look reads it.
        """
        if phase.ping is not None and not phase.ping.is_set():
            return None
        late, phase.answer = phase.answer, None
        if late is not None and phase.unanswered is not None:
            phase.unanswered = None
            return late.seen
        until = (phase.moves.since or monotonic()) + AHEAD * self.seconds - monotonic()
        answer = phase.answer = Answer()

        def look() -> None:
            answer.begun, began = True, thread_time()
            try:
                answer.seen = loop_survey.look(
                    loop, root, phase.codes, phase.test_began, loop.time() + until, self.labels
                )
            except Exception:  # then only its time decides
                faults.note()
                answer.seen = Seen()
            self.took = thread_time() - began

        before, phase.unanswered = monotonic(), None
        phase.ping = call_on(loop, look)
        if not phase.ping.wait(ANSWER):
            phase.unanswered = before
        return answer.seen

    # -- it waits

    def _waits(self, phase: Phase, loop: Loop, root: object, seen: Seen) -> None:
        before, phase.last = phase.last, seen
        now = loop.time()
        phase.clock.see(now)
        if seen.due is not None and seen.due != phase.due:
            phase.due_by = monotonic() + seen.due - now
        phase.due = seen.due
        # The loop looks before it runs its timers: one that is due since the machine stood still
        # runs in this very turn, however long ago that was.
        overdue = seen.due if seen.due is not None and now > seen.due else None
        runs_now = overdue is not None and overdue != phase.overdue
        phase.overdue = overdue
        twice = before is not None and before.stuck and seen.stuck
        phase.round.see(seen.asks[0] if seen.asks is not None else None)
        moved = phase.moves.see(seen.moves)
        turns = seen.asks is not None or seen.again is not None
        if seen.deaf and monotonic() - phase.began >= DEAF * self.seconds:
            self.endings.end_wait(phase, loop, root, seen, proved=True)
        elif moved and not (twice and (seen.spin or seen.endless)):
            late = phase.round.lasts(LATER * self.seconds)
            due = any(self._is_due(one, phase, now) for one in (before, seen))
            if late and seen.asks and (seen.asks[1] or not due):
                seen.spin = seen.asks[1]
                self.endings.end_wait(phase, loop, root, seen, proved=False)
        elif twice:
            self.endings.end_wait(phase, loop, root, seen, proved=True)
        elif phase.moves.lasts(self._patience(turns=turns)) and not (
            runs_now or self._is_due(seen, phase, now) or self._is_helped(seen, phase)
        ):
            seen.spin = seen.spin or seen.again
            self.endings.end_wait(phase, loop, root, seen, proved=False)

    def _patience(self, *, turns: bool) -> float:
        """Return for how long a test may stay as it is, where nothing is proved."""
        return LATER * self.seconds if turns else max(QUIET * self.seconds, SHORT)

    def _is_due(self, seen: Seen | None, phase: Phase, now: float) -> bool:
        """Return whether a timer will wake the test, or has just done so; *now* is the loop's.

        We use the loop's clock, unless it has stopped and our own clock has passed the time. A test
        that moves the clock by hand may be slow: on a busy machine two looks often saw the same.
        """
        if seen is None or seen.due is None:
            return False
        past = monotonic() > phase.due_by + standstill(self.seconds) and seen.due == phase.due
        stopped = past and phase.clock.lasts(standstill(self.seconds))
        return now <= seen.due + HEARD * self.seconds and not stopped

    def _is_helped(self, seen: Seen, phase: Phase) -> bool:
        """Return whether a timer will run other code that may wake the test."""
        return seen.helped and not phase.clock.lasts(standstill(self.seconds))

    # -- it blocks its loop

    def _held_up(self, phase: Phase, loop: Loop) -> None:
        ping = phase.ping
        assert ping is not None
        assert phase.unanswered is not None
        sleep = processors.Sleep(phase.native)
        turn = held_turn.samples(phase.thread, ping, self._beat)
        slept = sleep.mostly()
        if ping.is_set() or (phase.answer is not None and phase.answer.begun):
            return  # the step ended meanwhile, and our own look may run
        # No step runs: it waits, and can't be woken. Its own pipe is closed, or is another file's
        # by now.
        spin, blocked = held_turn.read(turn, self.labels, slept=slept) if turn else (None, None)
        still = (spin is not None and spin.still) or (bool(turn) and held_turn.locked(turn))
        still = still and not busy_threads.threads(phase.thread)
        phase.step.see(self._call(phase, turn))
        quiet = phase.step.lasts(self._patience(turns=False))
        if not (still or quiet) and monotonic() - phase.unanswered < LATER * self.seconds:
            return
        line, call = blocked if blocked is not None else (None, None)
        if phase.ended is None and self.is_on(phase):
            phase.ended = HangRecord(
                proved=still,
                seconds=self.seconds,
                spin=spin,
                cancels=held_turn.swallowed(turn, loop, self.labels) if spin is not None else (),
                blocked_at=line,
                blocked_in=call,
                others=busy_threads.beside(phase.thread),
                fixture=phase.fixture,
                held_by=held_turn.holder(turn, loop, self.labels) if turn else None,
            )
        self.endings.raise_in(phase, ping.wait, tries=RAISES if turn else 0)

    def _call(self, phase: Phase, turn: Turn) -> object:
        """Return a mark of the call that the test's thread sleeps in, None if it runs.

        On a busy machine, code that runs is often seen at the same place.
        """
        if not turn:
            return ()  # no step runs
        call = held_turn.call_at(turn)
        return (call, processors.activity(phase.native)) if call is not None else None

    def _cut(self, frame: FrameType) -> None:
        """End the call in *frame* that keeps the interpreter; called in that thread."""
        __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
        phase, frames = self.phase, [*thread_stacks.outwards(frame)]
        if phase is None or phase.thread != threading.get_ident():
            return
        if not ways_to_end.in_user_code(frames):
            return
        line, call = stalls.line_and_call(frames)
        place = Place(self.labels.file(line[0]), line[1], line[2]) if line else None
        phase.ended = phase.ended or HangRecord(
            proved=False,
            seconds=self.seconds,
            blocked_at=place,
            blocked_in=call,
            fixture=phase.fixture,
            outside=running(phase.thread) is None,
        )
        raise raised_errors.Hung(raised_errors.Hung.words)

    # -- it runs outside of any loop

    def _judge_plain(self, phase: Phase) -> None:
        """End synchronous code that stays where it is; a loop that makes progress is none."""
        seen = plain_code.look(phase.thread, self.labels, phase.native, self._beat)
        if seen is None or not self.is_on(phase):
            phase.anew()
            return
        phase.round.see(seen.same)
        phase.step.see(self._call(phase, seen.turn))
        quiet = phase.step.lasts(self._patience(turns=False))
        if not (seen.proved or quiet or phase.round.lasts(self._patience(turns=True))):
            return
        if phase.ended is None:
            record = seen.record
            if not (seen.proved or quiet) and seen.spin is not None:
                record = replace(record, spin=seen.spin, blocked_at=None, blocked_in=None)
            phase.ended = replace(
                record, proved=seen.proved, seconds=self.seconds, fixture=phase.fixture
            )
        self.endings.raise_in(phase, seen.is_left_within, tries=RAISES)
