"""Steps of loops that wait in a blocking call, seen by a thread that watches the others.

It skips a thread that uses the processor: a computing thread is not blocked. For a waiting thread,
its frames show whether a step of a loop waits there, and in which line of user code.
"""

from __future__ import annotations

import _thread
import ast
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any, cast

from loopcheck import collector
from loopcheck.clock import monotonic
from loopcheck.labels import LOCK, Labels
from loopcheck.process import thread_stacks
from loopcheck.watch import _timers, faults, processors, thread_steps
from loopcheck.watch.hooks import once
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.processors import Ran
from loopcheck.watch.thread_steps import Line, Step

if TYPE_CHECKING:  # late: nothing blocks in most runs
    from loopcheck.process.loops.delayed_work import Delays
    from loopcheck.records import Phase, Stall

Undo = Callable[[], None]
KEPT = 500
LONGEST_PERIOD = 0.02  # seconds between two looks
# The same while tests end in between, while all loops are idle, and from a test's start to the
# first look. Each look takes the processor from a test, for 0.2 ms and more where threads switch
# slowly. With twice as long a period, the waits of several steps in one turn would pass for one
# step's.
WHILE_TESTS_END = 0.05
IDLE = 0.1  # most of the time between two looks that a thread computes while its loop is idle
PUT_OFF_FOR = 0.02  # once in that time is enough: setting it takes 20 µs if it was not just set
AT_ONCE = 1e-6
LATE = 0.02  # most that a look may count beyond its period: the machine may have stalled
NEAR = 0.87  # part of the limit that is enough: looks see the minimum of the real time
MOST_THREADS = 16  # threads to watch besides the one that runs tests

# The originals: a fork may come in a loop's step, where libraries like blockbuster forbid such
# calls.
_ACQUIRE = _thread.LockType.acquire
# The system's own, even if gevent patches them later: a greenlet would hold up its whole thread.
_LOCK, _START = _thread.allocate_lock, _thread.start_new_thread


class Entry:
    """A blocked step: code objects, numbers, and a weak reference to the loop."""

    __slots__ = (
        *("alone", "began", "delays", "held", "limit", "loop", "noted", "phase", "test", "unsure"),
        "until",
    )

    def __init__(
        self, loop: weakref.ref[Any] | None, test: int, began: float, until: float, limit: float
    ) -> None:
        self.loop = loop
        self.test = test  # number of tests begun
        self.began, self.until, self.limit = began, until, limit
        self.phase: Phase | None = None
        self.noted = False
        self.delays: Delays = "nothing"
        self.alone = False  # its loop runs beside the tests, and has nothing else to run
        self.held: dict[Line, float] = {}  # seconds
        self.unsure = 0.0  # seconds that count as far as those of the next look do


class Ready:
    """How long threads lacked a processor, as one look saw it."""

    __slots__ = ("look", "since", "waited")

    def __init__(
        self,
        look: int,
        waited: float,  # seconds, all threads together, since they began
        since: float | None,  # the same since the look before; None: that look did not read it
    ) -> None:
        self.look, self.waited, self.since = look, waited, since

    def then(self, look: int, waited: float) -> Ready:
        known = self.look == look - 1
        return Ready(look, waited, max(0.0, waited - self.waited) if known else None)


class Thread:
    """What the last look at a thread saw."""

    __slots__ = ("entry", "ident", "native", "ran", "rests", "step", "times")

    def __init__(self, ident: int, native: int | None, at: float) -> None:
        self.ident, self.native = ident, native
        # The clock, the thread's processor time, and that of all threads: stored at once, as two
        # write it.
        self.times = (at, 0.0, 0.0)
        self.ran: Ran | None = None
        self.step: Step | None = None
        self.entry: Entry | None = None
        self.rests = False  # it waited in no step: that stays true while it uses no processor


noted: deque[Entry] = deque(maxlen=KEPT)


def take() -> list[Entry]:
    """Return the blocked steps since the last call, oldest first."""
    found = list(noted)
    noted.clear()
    return found


def of_this_test() -> list[Entry]:
    """Return the blocked steps of the running test; `take` will still return them."""
    return [entry for entry in list(noted) if entry.test == LEDGER.moment]


def install(limit: float) -> Undo:
    """Watch for steps that are blocked for *limit* seconds; nothing runs before `awake`."""
    before = set(thread_stacks.idents())
    with LOCK:
        _WATCH.users += 1
        if _WATCH.users == 1:
            _WATCH.limit, _WATCH.before = limit, before
            _at_fork()
    return once(_leave)


def _leave() -> None:
    _WATCH.users -= 1
    if not _WATCH.users:
        _WATCH.stop()
        _WATCH.forget()
        noted.clear()


def awake() -> None:
    """Look from now on, at the test that the calling thread begins."""
    if _WATCH.leave is not None:
        _WATCH.begin()
    elif _WATCH.users:
        _WATCH.start()


class Watch:
    """The watching thread, and what it remembers."""

    def __init__(self) -> None:
        self.users = 0
        self.limit = 0.0
        self.before: set[int] = set()  # threads outside the run: a kernel's
        self.tests: Thread | None = None
        self.others: dict[int, Thread] = {}
        self.latest = 0.0
        self.looks = 0
        self.idle = False  # at the latest look no thread was in a step or had computed
        self.ready = Ready(-1, 0.0, None)
        self.own = Ready(-1, 0.0, None)  # of the watching thread alone
        self.native: int | None = None
        self.asked = 0.0  # seconds from the look before, or a test's start, to the next look
        self.timer: _timers.Timer | None = None
        self.leave: _thread.LockType | None = None
        self.left: _thread.LockType | None = None

    def start(self) -> None:
        if type(_START) is not BuiltinFunctionType:
            return  # gevent has patched it: there is no thread to look from
        # Not a `threading` thread: a test that counts threads does not count ours.
        with LOCK:
            self.tests = Thread(threading.get_ident(), processors.native_id(), 0.0)
            self.tests.times = processors.times(self.tests.native)
            self.latest = self.tests.times[0]
            self.timer = self.timer or _timers.new()
            self.leave, self.left = _LOCK(), _LOCK()
            self.leave.acquire()
            self.left.acquire()
            _START(self.run, (self.leave, self.left))

    def stop(self) -> None:
        with LOCK:
            leave, left = self.leave, self.left
            self.leave = self.left = self.tests = None
            self.others = {}
        if leave is not None and left is not None:
            leave.release()
            self.put_off(AT_ONCE)
            if _ACQUIRE(left, True, 1.0):
                processors.until_gone(self.native)

    def leave_timer(self) -> None:
        """Leave the timer to the parent process of a fork: setting it would affect the parent."""
        self.timer = None

    def forget(self) -> None:
        """Release what outlives the thread, which ends at each fork."""
        if self.timer is not None:
            self.timer.close()
        self.timer = None

    def begin(self) -> None:
        """Put off the next look until the test that begins has run a while: most end before."""
        if self.tests is None or self.timer is None or "uvloop" in sys.modules:
            return
        if monotonic() - self.tests.times[0] >= PUT_OFF_FOR:
            self.tests.times = processors.times(self.tests.native)
            self.asked = self.unhurried
            self.put_off(self.asked)

    def put_off(self, seconds: float) -> None:
        if self.timer is not None:
            with suppress(OSError):
                self.timer.put_off(seconds)

    def set_timer(self) -> bool:
        """Set the time of the next look; return False if no timer can be set any more."""
        try:
            if self.timer is not None:
                self.timer.put_off(self.asked)
        except OSError:  # the process closed all its files, as daemons do
            return False
        return True

    def over(self, leave: _thread.LockType) -> bool:
        """Wait for the next look; return whether watching has ended."""
        timer = self.timer
        if timer is None:
            return leave.acquire(True, self.asked)
        if not leave.acquire(False):
            timer.wait()
            return leave.acquire(False)
        return True

    def run(self, leave: _thread.LockType, left: _thread.LockType) -> None:
        self.native = processors.native_id()
        self.asked, moment = self.period, 0
        still = collector.Still()  # the user's finalizers belong to other threads
        watching = self.set_timer()
        while watching and not self.over(leave):
            still.begin()
            before, moment = moment, LEDGER.moment
            try:
                closely = self.look(self.asked)
                self.asked = self.pause(before) if closely is None else closely
            except Exception:  # our code must never end a run
                faults.note()
                self.asked = self.period
            finally:
                watching = self.set_timer()
                still.end()
        left.release()

    @property
    def period(self) -> float:
        """Return the seconds between two looks."""
        return min(LONGEST_PERIOD, self.limit / 5)

    def pause(self, moment: int) -> float:
        """Return the time until the next look: longer if all idle, or tests ended since *moment*.

        Not longer with uvloop: it is impossible to know later when one of its steps began.
        """
        if "uvloop" in sys.modules or not (self.idle or moment != LEDGER.moment):
            return self.period
        return self.unhurried

    @property
    def unhurried(self) -> float:
        """Return the seconds between two looks while tests end in between, or nothing computes."""
        return min(WHILE_TESTS_END, self.limit / 2)

    def closely(self, entry: Entry) -> float:
        """Return the time until the next look at a step that waits.

        Before it has waited for the limit, its end matters to nobody: the next look that counts is
        the one that reaches the limit. From then on we need its end with an error of a tenth at
        most.
        """
        if entry.noted:
            next_one = (entry.until - entry.began) / 10
        else:
            next_one = self.limit * NEAR - sum(entry.held.values())
        return min(self.period, max(self.period / 5, next_one))

    def look(self, asked: float) -> float | None:
        """Look at each thread; return the time until the next look if a step waits in one."""
        tests = self.tests
        if tests is None:
            return None
        self.looks += 1
        self.idle = True
        threads = [tests, *self.beside(tests.ident)]
        seen = [self.look_at(thread, asked) for thread in threads]
        self.latest = tests.times[0]
        return min((one for one in seen if one is not None), default=None)

    def beside(self, tests: int) -> Iterable[Thread]:
        """Return the other threads of the run, newest last."""
        if threading.active_count() == 1:
            return ()
        ours = self.before | {tests}
        now = [one for one in threading.enumerate() if one.ident not in ours][:MOST_THREADS]
        known, self.others = self.others, {}
        for one in now:
            if one.ident is not None:
                thread = known.get(one.ident)
                if thread is None or thread.native != one.native_id:
                    # It is new since the latest look, and had used nothing then.
                    thread = Thread(one.ident, one.native_id, self.latest)
                self.others[one.ident] = thread
        return self.others.values()

    def look_at(self, thread: Thread, asked: float) -> float | None:
        """Look at one thread; return the time until the next look if it waits in a step."""
        was_at, was_used, was_by_all = thread.times
        now, used, used_by_all = thread.times = processors.times(thread.native)
        waited = (now - was_at) - (used - was_used)
        if used - was_used > (now - was_at) * IDLE:
            self.idle = False
        if thread.rests and used == was_used:
            return None
        thread.rests = False
        if waited < min(now - was_at, self.period) / 2:
            if thread.entry is not None:
                self.late()  # recorded for the next look
            return None  # it computes: its current step may continue
        step = thread.step if used == was_used else None
        if step is None or step.handle is None:  # a step on uvloop's loops has a key of that look
            step = thread_steps.standing(thread_stacks.up_to(thread_steps.TURN, thread.ident))
        thread.rests = step is None
        ran, thread.ran = thread.ran, processors.ran(thread.native) if step is not None else None
        if step is not None and step.handle is None:
            step = thread_steps.unmoved(step, thread.ran)
        before, thread.step = thread.step, step
        if step is None:
            thread.entry = None
            return None
        self.idle = False
        if ran is not None and thread.ran is not None:
            waited -= thread.ran.waited - ran.waited
        if thread.ran is not None and thread.ran.ready:
            waited = 0.0  # its call has returned, and the machine has no free processor
        late, by_others = self.late(), (used_by_all - was_by_all) - (used - was_used)
        if step.inside:
            waited = min(waited, (now - was_at) - (used_by_all - was_by_all))
            lacked = (
                float("inf") if thread_steps.import_beside(thread.ident) else self.others_lacked()
            )
        else:
            lacked = processors.without_the_lock(ran, thread.ran, by_others, late)
        waited = max(0.0, min(waited - (lacked or 0.0), asked + LATE + (late or 0.0)))
        if thread.entry is None or not thread_steps.same(before, step):
            thread.entry, waited = self.entry(step, was_at, now, waited)
        if lacked is None:
            thread.entry.unsure, waited = waited, 0.0
        elif thread.entry.unsure:
            waited += thread.entry.unsure * waited / (now - was_at)
            thread.entry.unsure = 0.0
        held = thread.entry.held
        held[step.line] = held.get(step.line, 0.0) + waited
        thread.entry.until = now
        self.judge(thread, thread.entry, step)
        return self.closely(thread.entry)

    def late(self) -> float | None:
        """Return how long we had no processor since the look before; None if unknown."""
        if self.own.look != self.looks:
            ran = processors.ran(self.native)
            self.own = self.own.then(self.looks, ran.waited if ran is not None else 0.0)
        return self.own.since

    def others_lacked(self) -> float | None:
        """Return the same for all threads of this process."""
        if self.ready.look != self.looks:
            waited, now = processors.lacked(self.native)
            self.ready = self.ready.then(self.looks, waited)
            if now:  # the system counts it once the thread gets one: until then it only waited
                self.ready.since = float("inf")
        return self.ready.since

    def entry(self, step: Step, before: float, now: float, waited: float) -> tuple[Entry, float]:
        """Return the entry of a new step, and how long it may have waited so far."""
        known = step.turn is not None and step.turn <= now
        began = max(cast("float", step.turn), before) if known else now
        entry = Entry(step.loop, LEDGER.moment, began, now, self.limit)
        return entry, min(waited, now - began)

    def judge(self, thread: Thread, entry: Entry, step: Step) -> None:
        """Record the step once it was blocked for long enough, as far as looks can show."""
        first = not entry.noted and sum(entry.held.values()) >= self.limit * NEAR
        if (first and thread is not self.tests) or entry.alone:
            entry.alone = _alone(entry, step)
        if first:
            entry.noted = True
            entry.phase = thread_steps.phase_of(self.tests.ident if self.tests else 0)
            noted.append(entry)
        if entry.noted and entry.delays != "others":
            entry.delays = _delays(entry, step)


_WATCH = Watch()
_forks_known = False


def _at_fork() -> None:
    """Stop the watching thread before a fork: 3.12+ warns about a fork beside threads."""
    global _forks_known
    if not _forks_known and hasattr(os, "register_at_fork"):
        _forks_known = True  # it can't be unregistered; without a thread it does nothing
        os.register_at_fork(before=_WATCH.stop, after_in_child=_WATCH.leave_timer)


def _delays(entry: Entry, step: Step) -> Delays:
    """Return what else the loop has to do meanwhile; unknown for uvloop."""
    from loopcheck.process.loops import delayed_work

    loop = entry.loop() if entry.loop is not None else None
    handle = step.handle() if step.handle is not None else None
    return delayed_work.what(loop, entry.until, handle) if loop is not None else "nothing"


def _alone(entry: Entry, step: Step) -> bool:
    """Return whether the loop has nothing but this step; unknown for uvloop."""
    from loopcheck.process.loops import delayed_work

    loop = entry.loop() if entry.loop is not None else None
    handle = step.handle() if step.handle is not None else None
    return loop is not None and delayed_work.is_alone(loop, handle)


# As records


def record(
    entry: Entry, labels: Labels, deadlines: Iterable[float] = (), *, timed: bool = False
) -> Stall:
    """Return *entry* as a record. *deadlines* are those that a failure was about.

    *timed*: the failure is about how long things took, so tasks that only wait for their turn
    matter too.
    """
    from loopcheck.process.loops import async_twins
    from loopcheck.records import Place, Stall
    from loopcheck.source import call_names, lines

    line = max(entry.held, key=lambda one: entry.held[one])
    node = lines.of_code(line.code, line.number, line.instruction).call
    called = line.called
    if called is None and isinstance(node, ast.Call):
        called = async_twins.builtin(node.func, line.module)
    loop = entry.loop() if entry.loop is not None else None
    name = line.code.co_name
    return Stall(
        loop=labels.of("loop", loop) if loop is not None else "a loop that is gone",
        seconds=sum(entry.held.values()),
        place=Place(labels.file(line.code.co_filename), line.number, name),
        call=call_names.asked(node) or called,
        blocked=True,
        is_call=isinstance(node, ast.Call),
        limit=entry.limit,
        phase=entry.phase,
        synchronous=not (line.code.co_flags & thread_steps.ASYNCHRONOUS or name.startswith("<")),
        twin=async_twins.twin(called) if called else None,
        alone=entry.alone and entry.delays != "others",
        delays=entry.delays == "others" or (timed and entry.delays == "alike"),
        missed=any(entry.began <= one <= entry.until + LATE for one in deadlines),
    )
