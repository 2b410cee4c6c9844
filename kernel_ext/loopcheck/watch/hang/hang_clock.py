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
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import field
from types import CodeType, FrameType
from typing import Any

from loopcheck.clock import monotonic, until
from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import objects, thread_stacks
from loopcheck.process.loops import live_loops, loop_records, queued_work
from loopcheck.process.loops.thread_requests import Asked
from loopcheck.process.waiting import busy_threads, stalled_helpers, waits
from loopcheck.records import HangRecord, LoopRecord, Place, WaitRecord
from loopcheck.runner import fixtures
from loopcheck.source.catching import cancel_handlers
from loopcheck.watch import faults, stalls, unwoken_loops
from loopcheck.watch.hang import (
    held_turn,
    loop_survey,
    plain_code,
    raised_errors,
    ways_to_end,
)
from loopcheck.watch.hang.held_interpreter import HeldInterpreter
from loopcheck.watch.hang.loop_survey import Seen
from loopcheck.watch.loops import LEDGER

Loop = asyncio.AbstractEventLoop

DEAF = 2  # times the limit: for a task that was cancelled and loops again
# Times the limit. Each begins with the first look, after one limit, and the end takes some time.
QUIET = 0.4  # for what makes no progress: all of it is done within twice the limit
LATER = 3  # for what turns or computes: within five times
SHORT = 0.5  # seconds: a shorter limit is no reason to look away from a busy machine
STOPPED = 0.5  # times the limit in which a loop's clock shows the same time
AHEAD = 5  # a timer that is due by then may wake the test
HEARD = 2  # times the limit within which a test continues after its timer
ANSWER = 0.25  # seconds: a waiting loop answers in less than a thousandth
READING = 30.0  # for our own reading, once it has begun: 0.4 s of work took 3.3 s on a busy machine
UNWOKEN = 1.0  # seconds: a loop that was woken handles what is ready at once
RETURN = 0.05  # seconds for a test that was ended to leave its step
PATIENCE = 0.4  # seconds for each way of ending before the next
RAISES = 300  # how often to raise an error in a loop that catches everything


@dataclass(eq=False)
class Answer:
    """What a loop reports about itself: it fills this in while it runs our request."""

    begun: bool = False
    seen: Seen | None = None


@dataclass(eq=False)
class Unchanged:
    """Since when a mark is the same. None marks nothing: it differs from look to look."""

    mark: object = None
    since: float = 0.0
    looks: int = 0

    def see(self, mark: object) -> bool:
        """Take the mark of a look; return whether it differs from the last one."""
        self.looks += 1
        if mark is not None and mark == self.mark:
            return False
        self.mark, self.since, self.looks = mark, monotonic(), 1
        return True

    def lasts(self, seconds: float) -> bool:
        """Return whether it has been the same for *seconds*.

        Two looks prove nothing: between them the whole process may have been stopped (Ctrl-Z).
        """
        return self.looks > 2 and monotonic() - self.since >= seconds


@dataclass(eq=False)
class Phase:
    """The set-up, call or teardown of a test, and of a fixture in it."""

    item: Any
    when: str
    thread: int
    began: float
    test_began: float  # on the wall clock
    fixture: str | None = None
    codes: tuple[CodeType, ...] = ()
    loop: weakref.ref[Loop] | None = None
    last: Seen | None = None
    moves: Unchanged = field(default_factory=Unchanged)  # what changes with each progress
    round: Unchanged = field(default_factory=Unchanged)  # the `while` that it spins in, if it moves
    due: float | None = None  # the test's timer, on the loop's clock
    due_by: float = 0.0  # the same on our clock, when first seen
    clock: Unchanged = field(default_factory=Unchanged)  # the loop's: a test may stop it
    ping: threading.Event | None = None
    answer: Answer | None = None  # to *ping*: it may come after we stopped waiting for it
    unanswered: float | None = None
    step: Unchanged = field(default_factory=Unchanged)  # the call that a blocked loop is in
    blind: float | None = None  # since when each look at it has failed
    asleep: object = None  # what is ready while the loop sleeps
    asleep_since: float = 0.0
    ended: HangRecord | None = None
    tries: int = 0

    def anew(self) -> None:
        """Restart the clock."""
        self.began = monotonic()
        self.last = self.ping = self.answer = self.unanswered = None
        self.moves, self.round, self.step = Unchanged(), Unchanged(), Unchanged()


@dataclass(eq=False)
class Watchdog:
    """Watches the phase that runs now. One thread, for the whole run."""

    seconds: float
    labels: Labels
    give_up: Callable[[Phase], None]  # nothing ends it: the run can't continue
    phase: Phase | None = None
    _held: HeldInterpreter | None = None
    _leave: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _undo: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._undo = raised_errors.install()
        ways_to_end.make_ready()
        # Compiled with the first instance: in a test that has replaced `isinstance` that would
        # fail.
        _ = HangRecord(proved=False), Seen()

    def take_signals(self, is_free: Callable[[int], bool]) -> None:
        """Watch for a call that keeps the interpreter. Stderr must be the terminal's by now."""
        self._held = HeldInterpreter(self.seconds, self._cut, is_free)
        self._held.start()

    def awake(self) -> None:
        """Watch from the first test on: a conftest may let gevent patch threads; none would run."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="loopcheck hang", daemon=True)
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

    def stuck_now(self, phase: Phase) -> HangRecord | None:
        """Return what the test waits for, if nothing can wake it; only its own thread may ask.

        In the middle of a task's step nothing is known: it may be about to wake others.
        """
        run = _running(phase.thread)
        if run is None or asyncio.current_task(run[0]) is not None:
            return None
        loop, root = run
        until = loop.time() + loop_survey.TIMER
        seen = loop_survey.look(loop, root, phase.codes, phase.test_began, until, self.labels)
        if not seen.stuck:
            return None
        return self._read(phase, loop, seen, proved=True, knot=waits.cycle(seen.found))

    def _watch(self) -> None:
        pause = max(0.02, min(self.seconds / 4, ANSWER))
        while not self._leave.wait(pause):
            phase = self.phase
            if self._held is not None:
                self._held.look(on=phase is not None)
            if phase is None:
                continue
            try:
                self._look(phase)
            except Exception:  # our code must end neither a test nor the watch
                faults.note()
                phase.anew()

    def _on(self, phase: Phase) -> bool:
        return self.phase is phase and not self._leave.is_set()

    def _look(self, phase: Phase) -> None:
        try:
            run = _running(phase.thread)
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
            self._end_unseen(phase, loop)

    def _judge(self, phase: Phase, loop: Loop, root: object) -> None:
        if self._asleep(phase, loop):
            if monotonic() - phase.asleep_since >= UNWOKEN:
                self._end_unwoken(phase, loop, root)
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
            answer.begun = True
            try:
                answer.seen = loop_survey.look(
                    loop, root, phase.codes, phase.test_began, loop.time() + until, self.labels
                )
            except Exception:  # then only its time decides
                faults.note()
                answer.seen = Seen()

        before, phase.unanswered = monotonic(), None
        phase.ping = _on_loop(loop, look)
        if not phase.ping.wait(ANSWER):
            phase.unanswered = before
        return answer.seen

    def _end_unseen(self, phase: Phase, loop: Loop) -> None:
        """End a test that can't be looked at: stop its loop, else end the run."""
        bare = HangRecord(proved=False, seconds=self.seconds, fixture=phase.fixture)
        phase.ended = phase.ended or bare
        _on_loop(loop, loop.stop)
        if not until(lambda: not self._on(phase), PATIENCE):
            self.give_up(phase)

    def _end_unwoken(self, phase: Phase, loop: Loop, root: object) -> None:
        """Record what was delivered to a sleeping loop, and wake it: the test then fails."""
        tasks = queued_work.pending(loop)
        found = waits.chain_of(loop_survey.first_of(tasks, root, phase.codes), tasks)
        outside = waits.users_around(thread_stacks.of(phase.thread))
        said = waits.read(found, loop, phase.item, self.labels, outside)
        seen = HangRecord(
            proved=True, seconds=self.seconds, waits=said, fixture=phase.fixture, unwoken=True
        )
        phase.ended = phase.ended or seen
        _on_loop(loop, lambda: None).wait(ANSWER)
        phase.anew()

    # -- it waits

    def _waits(self, phase: Phase, loop: Loop, root: object, seen: Seen) -> None:
        before, phase.last = phase.last, seen
        now = loop.time()
        phase.clock.see(now)
        if seen.due is not None and seen.due != phase.due:
            phase.due_by = monotonic() + seen.due - now
        phase.due = seen.due
        twice = before is not None and before.stuck and seen.stuck
        phase.round.see(seen.asks[0] if seen.asks is not None else None)
        moved = phase.moves.see(seen.moves)
        turns = seen.asks is not None or seen.again is not None
        if seen.deaf and monotonic() - phase.began >= DEAF * self.seconds:
            self._end_waiting(phase, loop, root, seen, proved=True)
        elif moved and not (twice and (seen.spin or seen.endless)):
            late = phase.round.lasts(LATER * self.seconds)
            due = any(self._is_due(one, phase, now) for one in (before, seen))
            if late and seen.asks and (seen.asks[1] or not due):
                seen.spin = seen.asks[1]
                self._end_waiting(phase, loop, root, seen, proved=False)
        elif twice:
            self._end_waiting(phase, loop, root, seen, proved=True)
        elif phase.moves.lasts(self._patience(turns=turns)) and not self._is_due(seen, phase, now):
            seen.spin = seen.spin or seen.again
            self._end_waiting(phase, loop, root, seen, proved=False)

    def _patience(self, *, turns: bool) -> float:
        """Return for how long a test may stay as it is, where nothing is proved."""
        return LATER * self.seconds if turns else max(QUIET * self.seconds, SHORT)

    def _end_waiting(
        self, phase: Phase, loop: Loop, root: object, seen: Seen, *, proved: bool
    ) -> None:
        knot = waits.cycle(seen.found)
        asked = self._asked_by_threads(seen, loop, phase.item) if proved and not knot else []
        if phase.ended is None:
            self._note(phase, loop, seen, proved=proved, knot=knot)
        phase.tries += 1
        # A cancellation runs around a cycle of tasks until Python's stack overflows.
        for way in [*_ways(seen)][1 if knot and phase.tries == 1 else min(phase.tries, 3) - 1 :]:
            _on_loop(loop, way).wait(ANSWER)
            moved = until(lambda: not self._on(phase) or self._moved(seen), PATIENCE)
            if until(lambda: not self._on(phase) or held_turn.joins_executor(phase.thread), RETURN):
                if self._on(phase):
                    went_on = _on_loop(loop, lambda: None)
                    self._raise(phase, went_on.wait, tries=RAISES)
                break
            if moved:
                if root is None:
                    _on_loop(loop, loop.stop)  # run_forever: no task's end is its end
                break
        else:
            _on_loop(loop, loop.stop)  # its runner fails, whatever its tasks catch
            if not until(lambda: not self._on(phase), PATIENCE) and phase.tries > 3:
                self.give_up(phase)
        for one in asked:  # else its loop waits for the thread when it closes, and no test follows
            one.future.cancel()
        phase.anew()

    def _is_due(self, seen: Seen | None, phase: Phase, now: float) -> bool:
        """Return whether a timer will wake the test, or has just done so; *now* is the loop's.

        We use the loop's clock, unless it has stopped and our own clock has passed the time. A test
        that moves the clock by hand may be slow: on a busy machine two looks often saw the same.
        """
        if seen is None or seen.due is None:
            return False
        stopped = max(STOPPED * self.seconds, SHORT)
        past = monotonic() > phase.due_by + stopped and seen.due == phase.due
        return now <= seen.due + HEARD * self.seconds and not (past and phase.clock.lasts(stopped))

    def _moved(self, seen: Seen) -> bool:
        """Return whether the test continued, if only to clean up."""
        if seen.spin is not None:
            return any(task.done() for task in seen.first)
        return any(
            task.done() or loop_survey.stands(task) != was
            for task, was in zip(seen.first, seen.waiting, strict=True)
        )

    def _note(
        self, phase: Phase, loop: Loop, seen: Seen, *, proved: bool, knot: list[waits.Wait]
    ) -> None:
        """Keep a record of what was seen, while it still exists."""
        records: list[HangRecord] = []
        begun = threading.Event()

        def read() -> None:
            begun.set()
            records.append(self._read(phase, loop, seen, proved=proved, knot=knot))

        done = _on_loop(loop, read)
        if begun.wait(ANSWER * 8):
            done.wait(READING)  # else all ways of ending run at once, after the reading
        bare = HangRecord(proved=proved, seconds=self.seconds, fixture=phase.fixture)
        phase.ended = records[0] if records else bare

    def _read(
        self, phase: Phase, loop: Loop, seen: Seen, *, proved: bool, knot: list[waits.Wait]
    ) -> HangRecord:
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
            missed=self._missed(chain),
        )

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

    def _asked_by_threads(self, seen: Seen, loop: Loop, item: Any) -> list[Asked]:
        """Return the requests to stopped loops that block threads behind the test's wait."""
        others = LEDGER.loops(fixtures.runners(item).values())
        return [one for wait in seen.found for one in stalled_helpers.asked(wait, loop, others)]

    def _in_words(self, loop: Loop) -> LoopRecord:
        return loop_records.read_loop(loop, self.labels, LEDGER.find(loop))

    # -- it blocks its loop

    def _held_up(self, phase: Phase, loop: Loop) -> None:
        ping = phase.ping
        assert ping is not None
        assert phase.unanswered is not None
        turn = held_turn.samples(phase.thread, ping)
        if ping.is_set():
            return
        # No step runs: it waits, and can't be woken. Its own pipe is closed, or is another file's
        # by now.
        spin, blocked = held_turn.read(turn, self.labels) if turn else (None, None)
        still = (spin is not None and spin.still) or (bool(turn) and held_turn.locked(turn))
        still = still and not busy_threads.threads(phase.thread)
        phase.step.see(held_turn.call_at(turn) if turn else ())
        quiet = phase.step.lasts(self._patience(turns=False))
        if not (still or quiet) and monotonic() - phase.unanswered < LATER * self.seconds:
            return
        line, call = blocked if blocked is not None else (None, None)
        if phase.ended is None and self._on(phase):
            phase.ended = HangRecord(
                proved=still,
                seconds=self.seconds,
                spin=spin,
                blocked_at=line,
                blocked_in=call,
                fixture=phase.fixture,
            )
        self._raise(phase, ping.wait, tries=RAISES if turn else 0)

    def _raise(self, phase: Phase, left: Callable[[float], bool], *, tries: int) -> None:
        """Raise errors in the test's thread until it has *left*; if it never does, end the run."""
        for number in range(tries):
            if not self._on(phase) or left(0.0):
                break
            raised_errors.raise_in(phase.thread, anywhere=number > RAISES // 3)
            left(held_turn.APART)
        else:
            self.give_up(phase)
        raised_errors.raise_no_more(phase.thread)
        phase.anew()

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
            outside=_running(phase.thread) is None,
        )
        raise raised_errors.Hung(raised_errors.Hung.words)

    # -- it runs outside of any loop

    def _judge_plain(self, phase: Phase) -> None:
        """End synchronous code that stays where it is; a loop that makes progress is none."""
        seen = plain_code.look(phase.thread, self.labels)
        if seen is None or not self._on(phase):
            phase.anew()
            return
        phase.round.see(seen.same)
        if not seen.proved and not phase.round.lasts(self._patience(turns=seen.turns)):
            return
        if phase.ended is None:
            phase.ended = replace(
                seen.record, proved=seen.proved, seconds=self.seconds, fixture=phase.fixture
            )
        self._raise(phase, seen.is_left_within, tries=RAISES)


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


def _running(thread: int) -> tuple[Loop, object] | None:
    """Return the loop that *thread* runs now, and the future for which it runs."""
    found: Loop | None = None
    for frame in thread_stacks.of(thread):
        loop = live_loops.loop_of(frame)
        if loop is None:
            continue
        if found is not None and loop is not found:
            break
        found = loop
        for name in ("future", "task"):  # run_until_complete, Runner.run
            root = thread_stacks.locals_of(frame).get(name)
            if objects.is_a(root, asyncio.Future):
                return loop, root
    return (found, None) if found is not None else None


def _on_loop(loop: Loop, act: Callable[[], object]) -> threading.Event:
    """Let *loop* run *act*, and return an event that is set when it has."""
    did = threading.Event()

    def run() -> None:
        try:
            act()
        except Exception:
            faults.note()
        finally:
            did.set()

    with suppress(RuntimeError):  # closed by now
        loop.call_soon_threadsafe(run)
    return did
