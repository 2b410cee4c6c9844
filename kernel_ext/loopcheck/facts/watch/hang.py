"""Ends a test that hangs: a clock for each of its phases, a look at what it waits for, an end.

A thread looks. What only the loop's own thread may touch is asked of the loop itself; a loop that
does not answer is held up, and its frames are looked at from here. Time alone proves nothing: a
test that nothing can wake is ended after the limit; one that waits for something outside of this
process, or holds up its loop for a reason that is not seen, only after several times as long.
"""

import _thread
import asyncio
import opcode
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import field
from types import CodeType, FrameType
from typing import Any

from loopcheck.facts.clock import monotonic
from loopcheck.facts.labels import LOCK, Labels
from loopcheck.facts.light import dataclass, replace
from loopcheck.facts.probes import (
    awaits,
    cancels,
    elsewhere,
    endless,
    fixtures,
    living,
    loops,
    rounds,
    stacks,
    waits,
    wakers,
)
from loopcheck.facts.probes.asked_by_thread import Asked
from loopcheck.facts.records import Endless, HangRecord, LoopRecord, Place, SpinRecord, WaitRecord
from loopcheck.facts.watch import endings, stalls, unwoken
from loopcheck.facts.watch._frames import is_at, is_users
from loopcheck.facts.watch.loops import LEDGER

Loop = asyncio.AbstractEventLoop

DEAF = 2  # times the limit: for a task that was told to end and goes round again
LATER = 5  # for what may still come from outside
MUCH_LATER = 10  # for a turn of the loop that is at work, or in a call
HEARD = 2  # within which a test goes on after the timer that it waited for
TIMER = 60.0  # seconds: a timer of the test's own that is due by then is waited for
ANSWER = 0.25  # seconds: a loop that waits answers in less than a thousandth
READING = 30.0  # for what is ours, once it has begun: 0.4 s of work were 3.3 s on a busy machine
UNWOKEN = 1.0  # seconds: a loop that was woken looks at what is ready at once
PATIENCE = 0.4  # for each way of ending before the next
RAISES = 300  # times that an error is raised in what goes round and catches all
APART = 0.01
LOOKS = 20
LOCKS = frozenset({"acquire", "get", "join"})  # in C, without a frame of their own


class Hung(endings.Stopped):
    """What a test that hung is ended with."""

    words = "ended by --loopcheck-hang"


@dataclass(eq=False)
class Phase:
    """The set-up, call or teardown of a test, and of a fixture within."""

    item: Any
    when: str
    thread: int
    began: float
    test_began: float  # by the wall's clock
    fixture: str | None = None
    codes: tuple[CodeType, ...] = ()
    loop: "weakref.ref[Loop] | None" = None
    last: "Seen | None" = None
    since: float = 0.0  # since when nothing has moved
    round: object = None  # the `while` that it goes round in, if it moves
    round_since: float = 0.0
    ping: threading.Event | None = None
    unanswered: float | None = None
    blind: float | None = None  # since when each look at it has failed
    asleep: object = None  # what is ready while the loop sleeps
    asleep_since: float = 0.0
    ended: HangRecord | None = None
    tries: int = 0

    def anew(self) -> None:
        """Start the clock."""
        self.began = self.since = self.round_since = monotonic()
        self.last = self.ping = self.unanswered = None


@dataclass(eq=False)
class Seen:
    """What a look in the loop's own thread saw. Lives until the next look."""

    stuck: bool = False
    moves: tuple[object, ...] = ()
    due: float | None = None
    first: list[asyncio.Task[Any]] = field(default_factory=list)
    waiting: list[object] = field(default_factory=list)  # where *first* wait
    found: list[waits.Wait] = field(default_factory=list)
    spin: SpinRecord | None = None
    # The `while` it is in, and what stays the same; None where it is a task's that has no end.
    asks: "tuple[object, SpinRecord | None] | None" = None
    endless: dict[waits.Wait, Endless] = field(default_factory=dict)  # until they are cancelled
    deaf: bool = False  # what it waits for took a cancellation, and goes round again
    turns: list[waits.Wait] = field(default_factory=list)  # those that only gave way: no wait
    again: SpinRecord | None = None  # the `while` that one of them is in


@dataclass(eq=False)
class Watchdog:
    """Looks at the phase that runs now. One thread, for the whole run."""

    seconds: float
    labels: Labels
    give_up: Callable[[Phase], None]  # nothing ends it: the run can't go on
    phase: Phase | None = None
    broken: str | None = None
    _leave: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _undo: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._undo = install()

    def awake(self) -> None:
        """Look from the first test on: a conftest may let gevent take over, and no thread runs."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="loopcheck hang", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self.phase = None
        self._leave.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(1.0)
        self._undo()

    def _watch(self) -> None:
        pause = max(0.02, min(self.seconds / 4, ANSWER))
        while not self._leave.wait(pause):
            phase = self.phase
            if phase is None:
                continue
            try:
                self._look(phase)
            except Exception as error:  # ours must neither end a test nor the watch
                self.broken = f"{type(error).__name__}: {error}"
                phase.anew()

    def _on(self, phase: Phase) -> bool:
        return self.phase is phase and not self._leave.is_set()

    def _look(self, phase: Phase) -> None:
        run = _running(phase.thread)
        if run is None or (phase.loop is not None and phase.loop() is not run[0]):
            phase.anew()  # synchronous code outside of a loop does not hang
        phase.loop = weakref.ref(run[0]) if run is not None else None
        if run is None or monotonic() - phase.began < self.seconds:
            return
        try:
            self._judge(phase, *run)
            phase.blind = None
        except Exception as error:  # ours, time and again: then only its time will tell
            self.broken = f"{type(error).__name__}: {error}"
            phase.blind = phase.blind or monotonic()
            if monotonic() - phase.blind >= MUCH_LATER * self.seconds:
                self._end_unseen(phase, run[0])

    def _judge(self, phase: Phase, loop: Loop, root: object) -> None:
        if self._asleep(phase, loop):
            if monotonic() - phase.asleep_since >= UNWOKEN:
                self._end_unwoken(phase, loop, root)
            return
        seen = self._asked(phase, loop, root)
        if phase.unanswered is not None:
            self._held_up(phase, loop)
        elif seen is not None:
            self._waits(phase, loop, root, seen)

    def _asleep(self, phase: Phase, loop: Loop) -> bool:
        """Tell whether *loop* sleeps over what a thread brought. What we ask it would wake it."""
        if phase.ended is not None or (phase.ping is not None and not phase.ping.is_set()):
            return False
        before, phase.asleep = phase.asleep, unwoken.first_ready(loop, phase.thread, TIMER)
        if phase.asleep is not before:
            phase.asleep_since = monotonic()
        return phase.asleep is not None

    def _asked(self, phase: Phase, loop: Loop, root: object) -> Seen | None:
        """Return what *loop* sees of itself; None where it does not answer."""
        answers: list[Seen] = []
        if phase.ping is not None and not phase.ping.is_set():
            return None
        until = phase.since + LATER * self.seconds - monotonic()

        def look() -> None:
            try:
                seen = _survey(phase, loop, root, loop.time() + until, self.labels)
            except Exception as error:  # then only its time will tell
                self.broken = f"{type(error).__name__}: {error}"
                seen = Seen()
            answers.append(seen)

        before, phase.unanswered = monotonic(), None
        phase.ping = _on_loop(loop, look)
        if not phase.ping.wait(ANSWER):
            phase.unanswered = before
        return answers[0] if answers else None

    def _end_unseen(self, phase: Phase, loop: Loop) -> None:
        """End what can't be looked at: its loop stops, else the run ends."""
        bare = HangRecord(proved=False, seconds=self.seconds, fixture=phase.fixture)
        phase.ended = phase.ended or bare
        _on_loop(loop, loop.stop)
        if not _until(lambda: not self._on(phase), PATIENCE):
            self.give_up(phase)

    def _end_unwoken(self, phase: Phase, loop: Loop, root: object) -> None:
        """Note what was brought to a loop that sleeps, and wake it: the test goes on, and fails."""
        tasks = wakers.pending(loop)
        found = waits.chain_of(_first(tasks, root, phase.codes), tasks)
        said = waits.read(found, loop, phase.item, self.labels, _users_outside(phase.thread)[:1])
        seen = HangRecord(
            proved=True, seconds=self.seconds, waits=said, fixture=phase.fixture, unwoken=True
        )
        phase.ended = phase.ended or seen
        _on_loop(loop, lambda: None).wait(ANSWER)
        phase.anew()

    # -- it waits

    def _waits(self, phase: Phase, loop: Loop, root: object, seen: Seen) -> None:
        before, phase.last = phase.last, seen
        twice = before is not None and before.stuck and seen.stuck
        same = seen.asks[0] if seen.asks is not None else None
        if same is None or same != phase.round:
            phase.round, phase.round_since = same, monotonic()
        if seen.deaf and monotonic() - phase.began >= DEAF * self.seconds:
            self._end_waiting(phase, loop, root, seen, proved=True)
        elif (before is None or before.moves != seen.moves) and not (
            twice and (seen.spin or seen.endless)
        ):
            phase.since = monotonic()  # it gets on
            late = monotonic() - phase.round_since >= MUCH_LATER * self.seconds
            due = any(self._is_due(one, loop) for one in (before, seen))
            if late and seen.asks and (seen.asks[1] or not due):
                seen.spin = seen.asks[1]
                self._end_waiting(phase, loop, root, seen, proved=False)
        elif twice:
            self._end_waiting(phase, loop, root, seen, proved=True)
        elif monotonic() - phase.since >= LATER * self.seconds and (
            seen.due is None or loop.time() > seen.due
        ):
            seen.spin = seen.spin or seen.again
            self._end_waiting(phase, loop, root, seen, proved=False)

    def _end_waiting(
        self, phase: Phase, loop: Loop, root: object, seen: Seen, *, proved: bool
    ) -> None:
        knot = waits.cycle(seen.found)
        asked = self._asked_by_threads(seen, loop, phase.item) if proved and not knot else []
        if phase.ended is None:
            self._note(phase, loop, seen, proved=proved, knot=knot)
        phase.tries += 1
        # A cancel goes round in a knot of tasks until Python's stack is full.
        for way in [*_ways(seen)][1 if knot and phase.tries == 1 else min(phase.tries, 3) - 1 :]:
            _on_loop(loop, way).wait(ANSWER)
            if _until(lambda: not self._on(phase) or self._moved(seen), PATIENCE):
                if root is None and self._on(phase):
                    _on_loop(loop, loop.stop)  # run for ever: no task's end is its end
                break
        else:
            _on_loop(loop, loop.stop)  # its runner fails, whatever its tasks catch
            if not _until(lambda: not self._on(phase), PATIENCE) and phase.tries > 3:
                self.give_up(phase)
        for one in asked:  # else its loop waits for the thread as it closes, and no test follows
            one.future.cancel()
        phase.anew()

    def _is_due(self, seen: Seen | None, loop: Loop) -> bool:
        """Return whether a timer is to wake the test, or has just now: then it has yet to hear."""
        if seen is None or seen.due is None:
            return False
        return loop.time() <= seen.due + HEARD * self.seconds

    def _moved(self, seen: Seen) -> bool:
        """Return whether the test went on, be it to clean up."""
        if seen.spin is not None:
            return any(task.done() for task in seen.first)
        return any(
            task.done() or _stands(task) != was
            for task, was in zip(seen.first, seen.waiting, strict=True)
        )

    def _note(
        self, phase: Phase, loop: Loop, seen: Seen, *, proved: bool, knot: list[waits.Wait]
    ) -> None:
        """Keep in words what was seen, while it is there."""
        records: list[HangRecord] = []
        begun = threading.Event()

        def read() -> None:
            begun.set()
            chain = knot or seen.found
            outside = _users_outside(phase.thread)
            deaf = [cancels.pending(one.task, self.labels) for one in seen.found]
            said = waits.read(chain, loop, phase.item, self.labels, outside[:1])
            said = tuple(
                replace(record, thing="turn", subject=None, method=None, holders=())
                if one in seen.turns
                else record
                for record, one in zip(said, chain, strict=True)
            )
            said = tuple(
                replace(record, thing="task", subject=None, method=None, holders=(), endless=no_end)
                if (no_end := seen.endless.get(one)) is not None
                else record
                for record, one in zip(said, chain, strict=True)
            )
            if proved and not knot:
                said = self._with_others(said, chain, loop, phase.item)
            away = any(one.loop for wait in said for one in wait.holders)
            records.append(
                HangRecord(
                    proved=proved,
                    seconds=self.seconds,
                    waits=said,
                    cycle=bool(knot),
                    spin=seen.spin,
                    fixture=phase.fixture,
                    cancels=tuple(filter(None, deaf)),
                    ran_at=waits.place(outside[0], self.labels) if outside else None,
                    loop=self._in_words(loop) if away else None,
                )
            )

        done = _on_loop(loop, read)
        if begun.wait(ANSWER * 8):
            done.wait(READING)  # else all ways to end it run at once, after the reading
        bare = HangRecord(proved=proved, seconds=self.seconds, fixture=phase.fixture)
        phase.ended = records[0] if records else bare

    def _with_others(
        self, said: tuple[WaitRecord, ...], chain: list[waits.Wait], loop: Loop, item: Any
    ) -> tuple[WaitRecord, ...]:
        """Return *said* with the tasks of loops that stand still, which should have brought it."""
        others = LEDGER.loops(fixtures.runners(item).values())
        return tuple(
            elsewhere.add(record, one, loop, others, item, self.labels, self._in_words)
            for record, one in zip(said, chain, strict=True)
        )

    def _asked_by_threads(self, seen: Seen, loop: Loop, item: Any) -> list[Asked]:
        """Return what threads wait for, for whom the test waits, on loops that stand still."""
        others = LEDGER.loops(fixtures.runners(item).values())
        return [one for wait in seen.found for one in elsewhere.asked(wait, loop, others)]

    def _in_words(self, loop: Loop) -> LoopRecord:
        return loops.read_loop(loop, self.labels, LEDGER.find(loop))

    # -- it holds up its loop

    def _held_up(self, phase: Phase, loop: Loop) -> None:
        ping = phase.ping
        assert ping is not None
        assert phase.unanswered is not None
        turn = _samples(phase.thread, ping)
        if ping.is_set():
            return
        # No turn: it waits, and can't be woken. Its own pipe is closed, or somebody else's by now.
        spin, blocked = _read_turn(turn, self.labels) if turn else (None, None)
        still = (spin is not None and spin.still) or (bool(turn) and _locked(turn))
        still = still and not wakers.threads_at_work(phase.thread)
        if not still and monotonic() - phase.unanswered < MUCH_LATER * self.seconds:
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
        for number in range(RAISES if turn else 0):
            if ping.is_set() or not self._on(phase):
                break
            raise_in(phase.thread, anywhere=number > RAISES // 3)
            ping.wait(APART)
        else:
            self.give_up(phase)
        raise_no_more(phase.thread)
        phase.anew()


def _ways(seen: Seen) -> Iterator[Callable[[], object]]:
    """Yield the ways to end what was seen, gentle ones first; each is run by the loop."""
    tasks = [one.task for one in seen.found][::-1]  # what the others wait for comes first

    def each(act: Callable[[asyncio.Task[Any]], object], some: list[asyncio.Task[Any]]) -> None:
        for task in some:
            act(task)

    yield lambda: each(lambda task: task.cancel(), seen.first)
    yield lambda: each(_throw, tasks[:1])
    yield lambda: each(_declare_over, tasks)


def _throw(task: asyncio.Task[Any]) -> None:
    endings.throw(task, error=Hung)


def _declare_over(task: asyncio.Task[Any]) -> None:
    endings.declare_over(task, Hung)


def _survey(phase: Phase, loop: Loop, root: object, until: float, labels: Labels) -> Seen:
    """Look from within *loop*: at the tasks of the test, and at what may wake them."""
    tasks = wakers.pending(loop)
    first = _first(tasks, root, phase.codes)
    found = waits.chain_of(first, tasks)
    turning = {one.task: turn for one in found if (turn := _turns(one, labels)) is not None}
    still = {task: turn for task, turn in turning.items() if turn[0].still}
    no_end = dict(endless.among(found, len(first), labels))
    for_ever = [one.task for one in no_end]
    resting = [task for task in for_ever if task in still]  # of the others a sleep is a turn
    asked = wakers.Question(
        own=[one.task for one in found],
        until=until,
        patience=loop.time() + TIMER,
        turning={task: looked for task, (_, looked) in still.items()},
        endless=resting,
        callers=wakers.children_since(phase.test_began),
    )
    seen = wakers.alive(loop, asked)
    spins = [turn for task, (turn, _) in still.items() if task not in for_ever]
    turns = [one for one in found if _gave_way(one)]
    again = _asks_again(turns, labels)
    return Seen(
        stuck=bool(first) and not seen.all and not any(id(task) in seen.tasks for task in first),
        moves=tuple(part for one in found for part in _moves(one)),
        due=max(
            (seen.timers[id(task)] for task in (*first, *resting) if id(task) in seen.timers),
            default=None,
        ),
        first=first,
        waiting=[_stands(task) for task in first],
        found=found,
        spin=next(iter(spins), None),
        asks=_asks_again([*found[: len(first)], *_deaf(found[len(first) :])], labels)
        or _has_no_end(found, no_end),
        endless=no_end,
        deaf=any(cancels.pending(one.task, labels) for one in _deaf(found)),
        turns=turns,
        again=replace(again[1], gives_way="turns") if again is not None else None,
    )


def _first(
    tasks: list[asyncio.Task[Any]], root: object, codes: tuple[CodeType, ...]
) -> list[asyncio.Task[Any]]:
    """Return the tasks that the test consists of."""
    if isinstance(root, asyncio.Task) and any(one.users() for one in waits.chain_of([root], tasks)):
        return [root]
    tested = [task for task in tasks if waits.code_runs(task, codes)]
    if tested:
        return tested[:1]
    if isinstance(root, asyncio.Future) and not isinstance(root, asyncio.Task):
        children = [task for task in tasks if waits.brings(task, root)]  # a runner that closes
        if children:
            return children
    users = [task for task in tasks if waits.of_task(task).users()]
    return users[:1] or ([root] if isinstance(root, asyncio.Task) else [])


def _turns(wait: waits.Wait, labels: Labels) -> tuple[SpinRecord, list[object]] | None:
    """Return the `while` that a task sleeps in, time and again, and what it looks at."""
    for step in wait.steps[::-1]:
        frame = awaits.frame_of(step)
        if frame is None or not is_users(frame):
            continue
        turn = rounds.round_of(frame)
        if turn is None:
            continue
        if not any(one.f_code.co_name in ("sleep", "__sleep0") for one in wait.below()):
            return None
        return _spin(frame, turn, labels), rounds.looked_at(frame, step, turn.line)
    return None


def _gave_way(wait: waits.Wait) -> bool:
    """Return whether a task goes on in the next turn of the loop, after an `asyncio.sleep(0)`."""
    return any(one.f_code.co_name == "__sleep0" for one in wait.below())


def _deaf(found: list[waits.Wait]) -> list[waits.Wait]:
    """Return those that were told to end, and go on: nothing else is to come of them."""
    return [one for one in found if asyncio.Task.cancelling(one.task)]


def _asks_again(found: list[waits.Wait], labels: Labels) -> tuple[object, SpinRecord] | None:
    """Return the `while` of its own that the test is in, and what stays the same in it."""
    for wait in found:
        for frame in wait.users()[::-1]:
            if (turn := rounds.round_of(frame)) is not None:
                same = id(frame.f_code), turn.line, turn.kept
                said = replace(_spin(frame, turn, labels), gives_way="waits", still=False)
                return None if turn.clock else (same, said)
    return None


def _has_no_end(
    found: list[waits.Wait], endless_ones: dict[waits.Wait, Endless]
) -> tuple[object, None] | None:
    """Return what stays the same where all that the test waits for goes round for ever."""
    same = endless.unmoved(found, endless_ones)
    return (same, None) if same is not None else None


def _spin(frame: FrameType, turn: rounds.Round, labels: Labels) -> SpinRecord:
    code = frame.f_code
    return SpinRecord(
        loop_at=Place(labels.file(code.co_filename), turn.line, code.co_name),
        coroutine=awaits.short(code.co_qualname),
        waits_on=turn.condition or None,
        over=turn.over,
        gives_way=turn.gives_way,
        still=turn.still,
        endless=turn.endless,
    )


def _moves(wait: waits.Wait) -> Iterator[object]:
    """Yield what changes when a task gets on."""
    yield _waiter(wait.task)
    for frame in wait.users():
        yield id(frame.f_code), frame.f_lasti, tuple(map(id, frame.f_locals.values()))


def _waiter(task: asyncio.Task[Any]) -> object:
    """Return a mark of what *task* waits for: addresses come back, weak references do not."""
    future: Any = wakers.waiter(task)
    return weakref.ref(future) if future is not None else None


def _stands(task: asyncio.Task[Any]) -> object:
    """Return the lines that *task* waits in: one that catches its end comes back to the same."""
    return [(id(one.f_code), one.f_lasti) for one in waits.of_task(task).frames()]


def _running(thread: int) -> tuple[Loop, object] | None:
    """Return the loop that *thread* runs now, and what it runs it for."""
    found: Loop | None = None
    for frame in stacks.of(thread):
        loop = living.loop_of(frame)
        if loop is None:
            continue
        if found is not None and loop is not found:
            break
        found = loop
        for name in ("future", "task"):  # run_until_complete, Runner.run
            root = stacks.locals_of(frame).get(name)
            if isinstance(root, asyncio.Future):
                return loop, root
    return (found, None) if found is not None else None


def _users_outside(thread: int) -> list[FrameType]:
    """Return the user's frames that run the loop of *thread*, innermost first."""
    frames = stacks.of(thread)
    runs = [i for i, one in enumerate(frames) if living.loop_of(one) is not None]
    return [one for one in frames[runs[-1] :] if is_users(one)] if runs else []


def _samples(thread: int, ping: threading.Event) -> list[list[tuple[FrameType, int]]]:
    """Return the frames of the turn that runs, several times; none where it has ended."""
    found = []
    for _ in range(LOOKS):
        frames = stacks.of(thread)
        step = next((i for i, one in enumerate(frames) if is_at(one, "asyncio.events", "_run")), 0)
        found.append([(one, one.f_lasti) for one in frames[:step]])
        if ping.wait(APART):
            return []
    return [turn for turn in found if turn]


def _read_turn(
    turns: list[list[tuple[FrameType, int]]], labels: Labels
) -> tuple[SpinRecord | None, tuple[Place | None, str | None] | None]:
    """Return the loop that the turn goes round in, or the call that it does not return from."""
    leaves = {(id(turn[0][0]), turn[0][1]) for turn in turns}
    last = [frame for frame, _ in turns[-1]]
    common = [
        frame for frame in last if all(any(frame is one for one, _ in turn) for turn in turns)
    ]
    users = [frame for frame in common if is_users(frame)]
    if len(leaves) == 1 and not _jumps(*turns[-1][0]):
        line, call = stalls.line_and_call(last)
        place = Place(labels.file(line[0]), line[1], line[2]) if line else None
        if call is not None:
            return None, (place, call)
    for frame in users:
        lines = {_line(one, at) for turn in turns for one, at in turn if one is frame}
        turn = next((t for line in sorted(lines) if (t := rounds.endless(frame, line))), None)
        if turn is not None:
            return _spin(frame, turn, labels), None
    line, call = stalls.line_and_call(last)
    return None, (Place(labels.file(line[0]), line[1], line[2]) if line else None, call)


def _jumps(frame: FrameType, at: int) -> bool:
    """Return whether *frame* only goes round at *at*: 3.12 gives way to a look nowhere else."""
    code = frame.f_code.co_code
    return at < len(code) and "JUMP" in opcode.opname[code[at]]


def _locked(turns: list[list[tuple[FrameType, int]]]) -> bool:
    """Return whether the turn waits, without a limit, for another thread to release it."""
    leaves = {(id(turn[0][0]), turn[0][1]) for turn in turns}
    frame = turns[-1][0][0]
    if len(leaves) != 1:
        return False
    if is_at(frame, "threading", "wait"):
        return stacks.locals_of(frame).get("timeout") is None
    return wakers.last_name(frame) in LOCKS and rounds.bare_call(frame)


def _line(frame: FrameType, at: int) -> int:
    lines = list(frame.f_code.co_positions())
    found = lines[at // 2][0] if 0 <= at // 2 < len(lines) else None
    return found or frame.f_lineno or 0


def _on_loop(loop: Loop, act: Callable[[], object]) -> threading.Event:
    """Let *loop* run *act*, and return what is set when it did."""
    did = threading.Event()

    def run() -> None:
        try:
            with suppress(Exception):
                act()
        finally:
            did.set()

    with suppress(RuntimeError):  # closed by now
        loop.call_soon_threadsafe(run)
    return did


def _until(true: Callable[[], bool], seconds: float) -> bool:
    pause, end = threading.Event(), monotonic() + seconds
    while not (now := true()) and monotonic() < end:
        pause.wait(APART)
    return now


# Raising an error in what holds up its loop


_users = 0
_number: int | None = None
_asked = False
_anywhere = False


def install() -> Callable[[], None]:
    """Take a signal that nobody uses, to raise errors where the tests run: the main thread.

    A signal's handler sees where it cuts in, so no error of ours lands in pytest or asyncio; and
    it wakes calls into C that wait. Windows has SIGBREAK, and `interrupt_main` for it, which is
    heard at the next line of Python. Elsewhere an asynchronous error is all there is.
    """
    global _users, _number
    with LOCK:
        _users += 1
        if _users == 1 and threading.current_thread() is threading.main_thread():
            free = (one for one in _signals() if signal.getsignal(one) is signal.SIG_DFL)
            _number = next(free, None)
            if _number is not None:
                signal.signal(_number, _cut_in)
    done = False

    def undo() -> None:
        nonlocal done
        with LOCK:
            if not done:
                done = True
                _leave()

    return undo


def _leave() -> None:
    global _users, _number
    _users -= 1
    if _users or _number is None or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(_number) is _cut_in:
        signal.signal(_number, signal.SIG_DFL)
    _number = None


def _signals() -> list[int]:
    names = ("SIGURG", "SIGWINCH", "SIGBREAK")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _cut_in(number: int, frame: FrameType | None) -> None:
    global _asked
    # 3.11: the jump back at the end of a loop may have no line, and pytest can show no such error.
    told = frame is None or frame.f_lineno is not None or _anywhere
    if _asked and told and endings.in_user_code(stacks.outwards(frame)):
        _asked = False
        raise Hung(Hung.words)


def raise_in(thread: int, *, anywhere: bool = True) -> None:
    """Raise Hung in *thread*, if it runs the user's code in a turn of a loop now.

    *anywhere*: also where it has no line.
    """
    global _asked, _anywhere
    _anywhere = anywhere
    if thread == threading.main_thread().ident and _number is not None:
        _asked = True
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(thread, _number)
        else:
            _thread.interrupt_main(signal.Signals(_number))
    elif endings.in_user_code(stacks.of(thread)):
        endings.raise_in(thread, Hung)


def raise_no_more(thread: int) -> None:
    """Take back what was asked for and did not come to pass."""
    global _asked
    _asked = False
    if thread != threading.main_thread().ident or _number is None:
        endings.raise_no_more(thread)
