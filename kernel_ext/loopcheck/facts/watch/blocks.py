"""Steps of loops that wait in a blocking call, seen by a thread that looks at the others.

A thread that uses the processor is not looked at: who computes is not blocked. Of one that waits
the frames say whether a step of a loop waits there, and in which line of the user's.
"""

from __future__ import annotations

import _thread
import ast
import os
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import BuiltinFunctionType, CodeType, FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from loopcheck.facts.labels import LOCK, Labels
from loopcheck.facts.probes import stacks
from loopcheck.facts.watch import _timers
from loopcheck.facts.watch._frames import is_at, is_users, module_of
from loopcheck.facts.watch.hooks import once
from loopcheck.facts.watch.loops import LEDGER

if TYPE_CHECKING:  # late: most runs block nothing
    from loopcheck.facts.probes.delayed import Delays
    from loopcheck.facts.records import Phase, Stall

Undo = Callable[[], None]
KEPT = 500
LONGEST_PERIOD = 0.02  # seconds between two looks
# The same, where tests end meanwhile, and from a test's beginning to the first look: each takes the
# processor from a test, for 0.2 ms and more where threads change slowly. After twice as long, what
# several steps of one turn waited would pass for one step's.
WHILE_TESTS_END = 0.05
PUT_OFF_FOR = 0.02  # once in that time is enough: to set it takes 20 µs where nobody just did
AT_ONCE = 1e-6
AT_MOST = 10_000  # looks at whether a thread is gone, some microseconds each
LATE = 0.02  # what one look may count over its time: the machine may have stood still, not the loop
NEAR = 0.87  # of the limit is enough: looks see the least that it may have been
DEEPEST = 500  # frames
MOST_THREADS = 16  # looked at beside that of the tests
ASYNCHRONOUS = 0x80 | 0x200  # CO_COROUTINE, CO_ASYNC_GENERATOR
PER_THREAD_CLOCK = 0b110  # Linux: of one thread, in the scheduler's nanoseconds

# In a container, so that those who set clocks for tests do not find them among our names.
_CLOCKS = (time.monotonic, time.process_time, getattr(time, "clock_gettime", None))
# As they are now: a fork may come in a loop's step, where others (blockbuster) forbid such calls.
_ACQUIRE, _STAT = _thread.LockType.acquire, os.stat
# The system's own, also where others (gevent) come later: a greenlet would hold up all of a thread.
_LOCK, _START = _thread.allocate_lock, _thread.start_new_thread

# Who waits there does not block the loop, or is not the user's: imports, debuggers, asyncio itself.
NOT_BLOCKED = frozenset(
    {
        *("asyncio", "importlib", "zipimport", "pdb", "bdb", "cmd", "ipdb", "pudb"),
        *("IPython", "debugpy", "pydevd", "_pydevd_bundle", "loopcheck"),
    }
)
NOT_BLOCKED_THERE = ("_pytest.assertion", "_pytest.debugging", "_pytest.capture")
# What waits there waits for this process's own threads; while those compute, nobody is blocked.
INSIDE = frozenset({"threading", "queue", "concurrent"})
RUNNERS = ("asyncio.runners", "pytest_asyncio.plugin", "anyio._backends._asyncio")
PHASES: dict[str, Phase] = {
    "pytest_runtest_setup": "setup",
    "pytest_runtest_call": "call",
    "pytest_runtest_teardown": "teardown",
}


class Line(NamedTuple):
    """Where the user's code waits."""

    code: CodeType
    instruction: int
    number: int
    module: str
    called: str | None  # a library's function: "requests.api.get"; a call into C has no frame


class Entry:
    """A blocked step: code objects, numbers, and a weak reference to the loop."""

    __slots__ = (
        *("began", "delays", "held", "limit", "loop", "noted", "phase", "test", "unsure", "until"),
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
        self.held: dict[Line, float] = {}  # seconds
        self.unsure = 0.0  # seconds that count as far as those of the next look do


class Step:
    """The step that a thread waits in. It keeps nothing of it alive."""

    __slots__ = ("handle", "inside", "key", "line", "loop", "turn")

    def __init__(
        self,
        key: tuple[object, ...],
        handle: weakref.ref[Any] | None,
        loop: weakref.ref[Any] | None,
        turn: float | None,  # when the loop's turn began, by the loop's clock
        line: Line,
        inside: bool,
    ) -> None:
        self.key, self.handle, self.loop, self.turn = key, handle, loop, turn
        self.line, self.inside = line, inside


class Ran:
    """What the system says of a thread and its processors."""

    __slots__ = ("ready", "times", "waited")

    def __init__(
        self,
        waited: float,  # seconds that it was ready and had none
        times: int,  # that it got one
        ready: bool,  # now: it would run if it had one
    ) -> None:
        self.waited, self.times, self.ready = waited, times, ready


class Ready:
    """How long threads lacked a processor, as one look saw it."""

    __slots__ = ("look", "since", "waited")

    def __init__(
        self,
        look: int,
        waited: float,  # seconds, all threads together, from their beginning
        since: float | None,  # the same since the look before; None: nobody read it then
    ) -> None:
        self.look, self.waited, self.since = look, waited, since

    def then(self, look: int, waited: float) -> Ready:
        known = self.look == look - 1
        return Ready(look, waited, max(0.0, waited - self.waited) if known else None)


class Thread:
    """What the last look at a thread saw."""

    __slots__ = ("entry", "ident", "native", "ran", "step", "times")

    def __init__(self, ident: int, native: int | None, at: float) -> None:
        self.ident, self.native = ident, native
        # By the clock, of a processor, and of it by all threads: at once, since two write it.
        self.times = (at, 0.0, 0.0)
        self.ran: Ran | None = None
        self.step: Step | None = None
        self.entry: Entry | None = None


noted: deque[Entry] = deque(maxlen=KEPT)


def take() -> list[Entry]:
    """Return the blocked steps since the last time, oldest first."""
    found = list(noted)
    noted.clear()
    return found


def of_this_test() -> list[Entry]:
    """Return the blocked steps of the test that runs; they stay to be taken."""
    return [entry for entry in list(noted) if entry.test == LEDGER.moment]


def install(limit: float) -> Undo:
    """Watch for steps that are blocked for *limit* seconds; nothing runs before `awake`."""
    before = set(stacks.idents())
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
    """The thread that looks, and what it remembers."""

    def __init__(self) -> None:
        self.users = 0
        self.limit = 0.0
        self.before: set[int] = set()  # threads that are no part of the run: a kernel's
        self.tests: Thread | None = None
        self.others: dict[int, Thread] = {}
        self.latest = 0.0
        self.looks = 0
        self.ready = Ready(-1, 0.0, None)
        self.own = Ready(-1, 0.0, None)  # of the thread that looks alone
        self.native: int | None = None
        self.asked = 0.0  # how long from the look before, or a test's beginning, to the next look
        self.timer: _timers.Timer | None = None
        self.leave: _thread.LockType | None = None
        self.left: _thread.LockType | None = None

    def start(self) -> None:
        if type(_START) is not BuiltinFunctionType:
            return  # others came first: there is no thread to look from
        # Not of `threading`: who counts threads in a test counts none of ours.
        with LOCK:
            self.tests = Thread(threading.get_ident(), _native(), 0.0)
            self.tests.times = _times(self.tests.native)
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
                _until_gone(self.native)

    def leave_timer(self) -> None:
        """Leave it to the process that this one was forked from: to set it would be heard there."""
        self.timer = None

    def forget(self) -> None:
        """Give back what outlives the thread, which ends for each fork."""
        if self.timer is not None:
            self.timer.close()
        self.timer = None

    def begin(self) -> None:
        """Have nobody look before the test that begins lasts: most are over by then."""
        if self.tests is None or self.timer is None or "uvloop" in sys.modules:
            return
        if _CLOCKS[0]() - self.tests.times[0] >= PUT_OFF_FOR:
            self.tests.times = _times(self.tests.native)
            self.asked = self.unhurried
            self.put_off(self.asked)

    def put_off(self, seconds: float) -> None:
        if self.timer is not None:
            with suppress(OSError):
                self.timer.put_off(seconds)

    def over(self, leave: _thread.LockType) -> bool:
        """Wait for the next look; return whether there is none."""
        timer = self.timer
        if timer is None:
            return leave.acquire(True, self.asked)
        try:
            timer.put_off(self.asked)
        except OSError:  # the user closed all files, as daemons do
            return True
        if not leave.acquire(False):
            timer.wait()
            return leave.acquire(False)
        return True

    def run(self, leave: _thread.LockType, left: _thread.LockType) -> None:
        self.native = _native()
        self.asked, moment = self.period, 0
        while not self.over(leave):
            before, moment = moment, LEDGER.moment
            try:
                # Two looks in a step prove it; from then on its end is to be known well.
                self.asked = self.period / 5 if self.look(self.asked) else self.pause(before)
            except Exception:  # ours must never be heard of
                self.asked = self.period
        left.release()

    @property
    def period(self) -> float:
        """Return the seconds between two looks."""
        return min(LONGEST_PERIOD, self.limit / 5)

    def pause(self, moment: int) -> float:
        """Return how long not to look: longer where tests have ended since *moment*.

        Not where uvloop may run: when a step of its began, nobody can tell afterwards.
        """
        if moment == LEDGER.moment or "uvloop" in sys.modules:
            return self.period
        return self.unhurried

    @property
    def unhurried(self) -> float:
        """Return the seconds between two looks where tests end meanwhile."""
        return min(WHILE_TESTS_END, self.limit / 2)

    def look(self, asked: float) -> bool:
        """Look at each thread; return whether one was seen in a step that waits."""
        tests = self.tests
        if tests is None:
            return False
        self.looks += 1
        threads = [tests, *self.beside(tests.ident)]
        seen = [self.look_at(thread, asked) for thread in threads]
        self.latest = tests.times[0]
        return any(seen)

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

    def look_at(self, thread: Thread, asked: float) -> bool:
        was_at, was_used, was_by_all = thread.times
        now, used, used_by_all = thread.times = _times(thread.native)
        waited = (now - was_at) - (used - was_used)
        if waited < min(now - was_at, self.period) / 2:
            if thread.entry is not None:
                self.late()  # known at the next look
            return False  # it computes: a step that it is in may go on
        step = standing(stacks.of(thread.ident))
        ran, thread.ran = thread.ran, _ran(thread.native) if step is not None else None
        if step is not None and step.handle is None:
            step = _unmoved(step, thread.ran)
        before, thread.step = thread.step, step
        if step is None:
            thread.entry = None
            return False
        if ran is not None and thread.ran is not None:
            waited -= thread.ran.waited - ran.waited
        if thread.ran is not None and thread.ran.ready:
            waited = 0.0  # its call has returned, and the machine has no processor for it
        late, by_others = self.late(), (used_by_all - was_by_all) - (used - was_used)
        if step.inside:
            waited = min(waited, (now - was_at) - (used_by_all - was_by_all))
            lacked = float("inf") if _import_beside(thread.ident) else self.others_lacked()
        else:
            lacked = _without_the_lock(ran, thread.ran, by_others, late)
        waited = max(0.0, min(waited - (lacked or 0.0), asked + LATE + (late or 0.0)))
        if thread.entry is None or not _same(before, step):
            thread.entry, waited = self.entry(step, was_at, now, waited)
        if lacked is None:
            thread.entry.unsure, waited = waited, 0.0
        elif thread.entry.unsure:
            waited += thread.entry.unsure * waited / (now - was_at)
            thread.entry.unsure = 0.0
        held = thread.entry.held
        held[step.line] = held.get(step.line, 0.0) + waited
        thread.entry.until = now
        self.judge(thread.entry, step)
        return True

    def late(self) -> float | None:
        """Return how long we had no processor since the look before; None: who knows."""
        if self.own.look != self.looks:
            ran = _ran(self.native)
            self.own = self.own.then(self.looks, ran.waited if ran is not None else 0.0)
        return self.own.since

    def others_lacked(self) -> float | None:
        """Return the same of all threads of this process."""
        if self.ready.look != self.looks:
            waited, now = _lacked(self.native)
            self.ready = self.ready.then(self.looks, waited)
            if now:  # the system counts it once a thread got one: until then it did nothing else
                self.ready.since = float("inf")
        return self.ready.since

    def entry(self, step: Step, before: float, now: float, waited: float) -> tuple[Entry, float]:
        """Return the entry of a new step, and how long it may have waited so far."""
        known = step.turn is not None and step.turn <= now
        began = max(cast("float", step.turn), before) if known else now
        entry = Entry(step.loop, LEDGER.moment, began, now, self.limit)
        return entry, min(waited, now - began)

    def judge(self, entry: Entry, step: Step) -> None:
        """Note the step once it was blocked for long enough, as far as looks can tell."""
        if not entry.noted and sum(entry.held.values()) >= self.limit * NEAR:
            entry.noted = True
            entry.phase = _phase(self.tests.ident if self.tests else 0)
            noted.append(entry)
        if entry.noted and entry.delays != "others":
            entry.delays = _delays(entry, step)


_WATCH = Watch()
_forks_known = False


def _at_fork() -> None:
    """Let the looking thread be gone before a fork: 3.12+ warns who forks beside threads."""
    global _forks_known
    if not _forks_known and hasattr(os, "register_at_fork"):
        _forks_known = True  # there is no way to take it back; without a thread it does nothing
        os.register_at_fork(before=_WATCH.stop, after_in_child=_WATCH.leave_timer)


def _native() -> int | None:
    return threading.get_native_id() if hasattr(threading, "get_native_id") else None


# What the system says of a thread


def _until_gone(native: int | None) -> None:
    """Wait until a thread that is over is gone for the system too, which counts it for a while."""
    with suppress(OSError):
        for _ in range(AT_MOST):
            _STAT(f"/proc/self/task/{native}")


def _times(native: int | None) -> tuple[float, float, float]:
    """Return what the clocks say: the time, what a thread used of a processor, and all of them."""
    return _CLOCKS[0](), _used(native), _CLOCKS[1]()


def _used(native: int | None) -> float:
    """Return the seconds of processor that a thread used; elsewhere than on Linux, the process.

    `time.pthread_getcpuclockid` would crash on a thread that is gone; this clock is an error then.
    """
    clock = _CLOCKS[2]
    if sys.platform == "linux" and native is not None and clock is not None:
        try:
            return float(clock((~native << 3) | PER_THREAD_CLOCK))
        except OSError:
            pass
    return float(_CLOCKS[1]())


def _ran(native: int | None) -> Ran | None:
    """Return how a thread came by a processor so far; only Linux says."""
    try:
        with open(f"/proc/self/task/{native}/schedstat", "rb") as file:
            _, waited, times = file.read().split()
        with open(f"/proc/self/task/{native}/stat", "rb") as file:
            state = file.read().rpartition(b")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return None
    return Ran(int(waited) / 1e9, int(times), state == b"R")


def _lacked(looking: int | None) -> tuple[float, bool]:
    """Return how long threads of this process had no processor, and whether one lacks it now.

    Also who is *looking*, as which the others may have waited for the interpreter's lock.
    """
    try:
        threads = {int(one): _ran(int(one)) for one in os.listdir("/proc/self/task")}
    except OSError:
        return 0.0, False
    ran = {number: one for number, one in threads.items() if one is not None}
    ready = any(one.ready for number, one in ran.items() if number != looking)
    return sum(one.waited for one in ran.values()), ready


def _without_the_lock(
    before: Ran | None, now: Ran | None, by_others: float, late: float | None
) -> float | None:
    """Return how long a thread may have waited for the interpreter's lock; None: who knows.

    Others held it at most as long as they had a processor, or who looks had none while it held it.
    Who waits for the lock wakes to ask for it each time that threads change; who waits in a call
    sleeps on.
    """
    if late is None:
        return None
    held = late + max(0.0, by_others)
    if before is None or now is None:
        return held
    return min(held, 2 * (now.times - before.times) * sys.getswitchinterval())


def _import_beside(ident: int) -> bool:
    """Return whether another thread reads a module: for the first time, and so the only time."""
    others = (one for one in stacks.idents() if one != ident)
    frames = (frame for one in others for frame in stacks.of(one))
    return any(module_of(frame) == "importlib._bootstrap" for frame in frames)


def _unmoved(step: Step, ran: Ran | None) -> Step | None:
    """Return *step* of a loop that is not Python's: the same as long as its thread did not run."""
    if ran is None:
        return None
    return Step((*step.key, ran.times), None, None, None, step.line, step.inside)


def _same(before: Step | None, now: Step) -> bool:
    if before is None or before.key != now.key:
        return False
    return now.handle is None or (before.handle is not None and before.handle() is not None)


# What the frames say of a step


def standing(frames: Sequence[FrameType]) -> Step | None:
    """Return the step of a loop that waits in a line of the user's, from the innermost frame on."""
    user: FrameType | None = None
    below: FrameType | None = None
    coroutine: FrameType | None = None
    inside = False
    for depth, frame in enumerate(frames):
        name = frame.f_code.co_name
        if name == "_run_once" or depth > DEEPEST:
            return None  # the loop itself waits, for readable input or a timer
        if is_at(frame, "asyncio.events", "_run"):
            return _step(frames[depth:], user, below, inside) if user is not None else None
        if user is None and is_users(frame):
            user = frame
        elif user is None and _passes_through(frame):
            continue
        elif user is None:
            if _not_blocked(frame):
                return None
            inside = inside or module_of(frame).partition(".")[0] in INSIDE
            below = frame
        if frame.f_code.co_flags & ASYNCHRONOUS:
            coroutine = frame
        elif coroutine is not None and "uvloop" in sys.modules and module_of(frame) in RUNNERS:
            return _uvloops(frames[0], user, below, inside)
    return None


def _passes_through(frame: FrameType) -> bool:
    """Return whether *frame* is one of our hooks, which hands a call of the user's on."""
    return frame.f_code.co_name == "ours" and module_of(frame).startswith("loopcheck.facts.watch.")


def _not_blocked(frame: FrameType) -> bool:
    module = module_of(frame)
    return (
        module.partition(".")[0] in NOT_BLOCKED
        or module.startswith(NOT_BLOCKED_THERE)
        # It waits for the system to let the new thread begin: long where the machine is busy.
        or is_at(frame, "threading", "start")
        # A library's own coroutine: the user awaited it, as one should.
        or bool(frame.f_code.co_flags & ASYNCHRONOUS)
    )


def _step(
    frames: Sequence[FrameType], user: FrameType, below: FrameType | None, inside: bool
) -> Step | None:
    handle = stacks.locals_of(frames[0]).get("self")
    if handle is None:
        return None
    turn = _turn(frames[1]) if len(frames) > 1 else None
    loop = getattr(handle, "_loop", None)
    ref = weakref.ref(loop) if loop is not None else None
    line = _line(user, below)
    return Step((id(handle), turn), weakref.ref(handle), ref, turn, line, inside)


def _turn(frame: FrameType) -> float | None:
    """Return when the turn began: `_run_once` has written it down."""
    if not is_at(frame, "asyncio.base_events", "_run_once"):
        return None
    began = stacks.locals_of(frame).get("end_time")
    return began if type(began) is float else None


def _uvloops(
    leaf: FrameType, user: FrameType | None, below: FrameType | None, inside: bool
) -> Step | None:
    """Return the step of a loop whose own frames nobody sees."""
    if user is None:
        return None
    line = _line(user, below)
    return Step((id(leaf.f_code), leaf.f_lasti, line), None, None, None, line, inside)


def _line(user: FrameType, below: FrameType | None) -> Line:
    called = f"{module_of(below)}.{below.f_code.co_qualname}" if below is not None else None
    return Line(user.f_code, user.f_lasti, user.f_lineno, module_of(user), called)


def _phase(ident: int) -> Phase | None:
    for frame in stacks.of(ident):
        if frame.f_code.co_name in PHASES and module_of(frame) == "_pytest.runner":
            return PHASES[frame.f_code.co_name]
    return None


def _delays(entry: Entry, step: Step) -> Delays:
    """Return what else the loop has to do meanwhile; of uvloop's nobody can tell."""
    from loopcheck.facts.probes import delayed

    loop = entry.loop() if entry.loop is not None else None
    handle = step.handle() if step.handle is not None else None
    return delayed.what(loop, entry.until, handle) if loop is not None else "nothing"


# In words


def record(
    entry: Entry, labels: Labels, deadlines: Iterable[float] = (), *, timed: bool = False
) -> Stall:
    """Return *entry* as a record. *deadlines* are those that a failure was about.

    *timed*: it is about how long things took, so tasks that wait for each other's turn matter, too.
    """
    from loopcheck.facts.probes import spoken, twins
    from loopcheck.facts.records import Place, Stall

    line = max(entry.held, key=lambda one: entry.held[one])
    node = spoken.called_at(line.code, line.instruction)
    called = line.called
    if called is None and isinstance(node, ast.Call):
        called = twins.builtin(node.func, line.module)
    loop = entry.loop() if entry.loop is not None else None
    name = line.code.co_name
    return Stall(
        loop=labels.of("loop", loop) if loop is not None else "a loop that is gone",
        seconds=sum(entry.held.values()),
        place=Place(labels.file(line.code.co_filename), line.number, name),
        call=spoken.asked(node) or called,
        blocked=True,
        is_call=isinstance(node, ast.Call),
        limit=entry.limit,
        phase=entry.phase,
        synchronous=not (line.code.co_flags & ASYNCHRONOUS or name.startswith("<")),
        twin=twins.twin(called) if called else None,
        delays=entry.delays == "others" or (timed and entry.delays == "alike"),
        missed=any(entry.began <= one <= entry.until + LATE for one in deadlines),
    )
