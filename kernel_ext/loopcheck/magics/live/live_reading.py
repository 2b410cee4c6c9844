"""What the live panel reads, and how often: the readers of `%loopcheck`, from any thread.

We hold a loop, a task or a frame only while we read: what leaves this module is records.
"""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from loopcheck import collector
from loopcheck.case import journal
from loopcheck.clock import perf_counter
from loopcheck.labels import Labels, cells
from loopcheck.light import dataclass
from loopcheck.magics.live.frames import Badge, Block, LiveState
from loopcheck.modes.diagnose import fault_of
from loopcheck.modes.finding import Finding
from loopcheck.process import bound_objects, thread_stacks
from loopcheck.process.loops import live_loops, loop_records
from loopcheck.process.waiting import task_groups
from loopcheck.records import BoundRecord, LoopRecord, TaskGroup
from loopcheck.report import json
from loopcheck.watch import exceptions, stalls
from loopcheck.watch import tasks as sites
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.runs import child_runs, running_tests
from loopcheck.watch.runs.child_runs import ChildFiles, ChildRun
from loopcheck.watch.runs.running_tests import RunningTests
from loopcheck.watch.stalls import Blocked

T = TypeVar("T")
Loop = asyncio.AbstractEventLoop
Names = Callable[[], Iterable[tuple[str, object]]]
KEPT = 30  # badges
TASKS = 0.0  # seconds between two readings of tasks, at least: that of 100,000 takes 0.2 s
OBJECTS = 1.0  # between two searches for bound objects: each may take 100 ms
ENDED = 1.0  # for which the tests of a run that is over are still shown
SHARE = 20  # both rest 20 times as long as they took


@dataclass(frozen=True)
class LoopsNow:
    """The loops of the latest reading, with a weak reference to each, and their tasks."""

    known: tuple[tuple[weakref.ref[Loop], LoopRecord], ...] = ()
    tasks: tuple[TaskGroup, ...] = ()
    count: int = 0


class Pace:
    """When to look again: the longer a look takes, the longer it rests."""

    def __init__(self, least: float) -> None:
        self.least, self._next = least, 0.0

    def due(self) -> bool:
        return perf_counter() >= self._next

    @contextmanager
    def look(self) -> Iterator[None]:
        began = perf_counter()
        yield
        now = perf_counter()
        self._next = now + max(self.least, SHARE * (now - began))


class LiveReading:
    """The looks of one panel, or of several: their labels, and what became true meanwhile."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.labels = Labels(os.getcwd(), cells())
        self.start = perf_counter()
        self._lock = threading.Lock()
        self.badges: list[Badge] = []
        self._number = 0
        self._seen = self.start  # the end of the last blocked step that has its badge
        self._run = journal.last()
        self._run_ended = -ENDED
        self._so_far: tuple[object, ...] = ()
        self._shown: set[object] = set()  # the faults of the run in progress that have their badge
        self._lost = exceptions.latest()
        self._children: dict[ChildRun, ChildFiles] = {}
        self._loops = LoopsNow()
        self._loops_read = False  # by the latest look
        self._blocked: frozenset[float] = frozenset()  # when they began, of the latest look
        self._tasks_pace = Pace(TASKS)
        self._bound: tuple[BoundRecord, ...] = ()
        self._objects_pace = Pace(OBJECTS)
        self._hooked: dict[int, tuple[weakref.ref[Loop], Callable[[], None]]] = {}

    def now(self) -> float:
        """Return the seconds since the first look."""
        return perf_counter() - self.start

    def has_news(self) -> bool:
        """Return whether a look would show a loop blocked or released, or the end of a run."""
        blocked = {one.began for one in stalls.blocked_now(self.labels)}
        return (
            blocked != self._blocked
            or journal.last() is not self._run
            or journal.so_far() != self._so_far
            or exceptions.latest() != self._lost
        )

    def read(self, *, fresh: bool = False) -> LiveState:
        """Return what runs and waits now; a part that can't be read is left out, with a note.

        What takes long is read less often, unless it has to be *fresh*.
        """
        # A cell may ask while the thread looks. No finalizer of the test's runs in our thread.
        with self._lock, collector.still():
            if fresh:
                self._tasks_pace, self._objects_pace = Pace(TASKS), Pace(OBJECTS)
            return self._read()

    def _read(self) -> LiveState:
        notes: list[str] = []

        def guarded(part: str, read: Callable[[], T], nothing: T) -> T:
            try:
                return read()
            except Exception as error:
                notes.append(f"{part}: could not look, {type(error).__name__}")
                return nothing

        self.labels.cells = cells()
        if due := self._tasks_pace.due():
            with self._tasks_pace.look():
                self._loops = guarded("loops and tasks", self._loops_and_tasks, LoopsNow())
        self._loops_read = due
        known = {id(loop): one for ref, one in self._loops.known if (loop := ref()) is not None}
        no_runs: list[running_tests.Seen] = []
        no_tests: tuple[RunningTests, ...] = ()
        runs = guarded("tests", lambda: self._find_runs(known), no_runs)
        if self._objects_pace.due():
            with self._objects_pace.look():
                roots = [*self.names(), *(root for run in runs for root in run.roots)]
                self._bound = guarded("objects", lambda: self._search(roots, known), self._bound)
        no_blocks: tuple[Block, ...] = ()
        blocks = guarded("blocked loops", lambda: self._blocks(known), no_blocks)
        guarded("findings", self._note_findings, None)
        guarded("lost errors", self._note_lost, None)
        return LiveState(
            loops=tuple(record for _, record in self._loops.known),
            tasks=self._loops.tasks,
            task_count=self._loops.count,
            blocks=blocks,
            runs=(
                *self._just_ended(),
                *(run.tests for run in runs),
                *guarded("child processes", self._tests_of_children, no_tests),
            ),
            children=tuple(one.name for one in self._children),
            bound=self._bound,
            badges=tuple(self.badges),
            notes=tuple(notes),
        )

    def _loops_and_tasks(self) -> LoopsNow:
        seen = loop_records.seen(self.labels, list(LEDGER.entries))
        groups, count = task_groups.read_tasks(seen, self.labels, sites.site)
        return LoopsNow(
            known=tuple((weakref.ref(loop), record) for loop, record in seen),
            tasks=groups,
            count=count,
        )

    def _find_runs(self, known: dict[int, LoopRecord]) -> list[running_tests.Seen]:
        """Return the runs of pytest in this process, and note those that it waits for."""
        stacks = thread_stacks.threads()
        self._children = {
            one: self._children.get(one) or ChildFiles(one) for one in child_runs.read(stacks)
        }
        return running_tests.read(stacks, self.labels, known)

    def _tests_of_children(self) -> tuple[RunningTests, ...]:
        return tuple(one.tests() for one in self._children.values())

    def _search(
        self, roots: list[tuple[str, object]], known: dict[int, LoopRecord]
    ) -> tuple[BoundRecord, ...]:
        def in_words(loop: Loop) -> LoopRecord:
            found = known.get(id(loop))
            return found or loop_records.read_loop(loop, self.labels, LEDGER.find(loop))

        return bound_objects.read_bound(roots, self.labels, in_words)

    # -- what became true -------------------------------------------------------------------------

    def _blocks(self, known: dict[int, LoopRecord]) -> tuple[Block, ...]:
        """Return the loops that are blocked now, and make badges of those that were."""
        used = {one.loop for one in self._loops.tasks if one.owner != "machinery"}
        for one in stalls.blocked_since(self._seen, self.labels):
            self._seen = max(self._seen, one.began + one.seconds)
            if (label := self._lane(one, known, used)) is not None:
                self._note(
                    "blocked",
                    f"by {one.call}" if one.call else "by its own code",
                    seconds=one.seconds,
                    loop=label,
                    at=str(one.place) if one.place else None,
                )
        blocked = stalls.blocked_now(self.labels)
        self._blocked = frozenset(one.began for one in blocked)
        now = ((self._lane(one, known, used), one) for one in blocked)
        return tuple(
            Block(loop=label, began=one.began - self.start, call=one.call, at=str(one.place))
            for label, one in now
            if label is not None and one.place is not None
        )

    def _lane(self, blocked: Blocked, known: dict[int, LoopRecord], used: set[str]) -> str | None:
        """Return the label of a blocked loop, None if nothing of yours has to wait for it.

        A cell that waits for something blocks the kernel's loop: that is what cells do.
        """
        loop = blocked.loop()
        record = known.get(id(loop)) if loop is not None else None
        if record is None:
            return self.labels.of("loop", loop) if loop is not None else None
        return record.label if record.owner != "machinery" or record.label in used else None

    def _note_findings(self) -> None:
        """Make a badge of each finding: those of a test come with the report of the test."""
        self._so_far = journal.so_far()
        self._note_new(self._so_far)
        for child in self._children.values():
            if (said := child.new_report()) is not None:
                with suppress(json.NotAReport):
                    self._note_new(json.read(said)[0])
        run = journal.last()
        if run is not self._run and run is not None:
            self._run, self._run_ended = run, self.now()
            self._note_new(run.findings)
            self._shown.clear()

    def _note_new(self, findings: Iterable[object]) -> None:
        for found in findings:
            if isinstance(found, Finding) and (fault := fault_of(found)) not in self._shown:
                self._shown.add(fault)
                at = str(found.where) if found.where else None
                self._note(f"{found.code} {found.slug}", found.what, at=at)

    def _note_lost(self) -> None:
        """Make a badge of each exception that no code can receive any more."""
        since, self._lost = self._lost, exceptions.latest()
        for entry in exceptions.since(since):
            if not entry.handled:
                lost = exceptions.record(entry, self.labels)
                who = lost.coroutine or lost.callback or "a callback"
                at = str(lost.place) if lost.place else None
                words = f"{lost.type} in {who} reached no code"
                self._note("lost error", words, loop=lost.loop, at=at)

    def _just_ended(self) -> tuple[RunningTests, ...]:
        """Return the tests of a run that ended a moment ago: many last less than a look's pause."""
        if self._run is None or self.now() - self._run_ended > ENDED:
            return ()
        columns = self._run.timeline.columns
        return (
            RunningTests(done=tuple((one.test, one.outcome) for one in columns if one.outcome)),
        )

    def _note(
        self,
        kind: str,
        words: str,
        *,
        seconds: float | None = None,
        loop: str | None = None,
        at: str | None = None,
    ) -> None:
        self._number += 1
        badge = Badge(
            number=self._number,
            moment=self.now(),
            kind=kind,
            words=words,
            seconds=seconds,
            loop=loop,
            at=at,
        )
        self.badges = [*self.badges, badge][-KEPT:]

    # -- hooks ------------------------------------------------------------------------------------

    def watch(self) -> Callable[[], None]:
        """Begin to record where tasks are created; return the undo, for all loops watched too."""
        undo_makers, undo_lost = sites.note_makers(), exceptions.install()
        self._lost = exceptions.latest()

        def undo() -> None:
            undo_makers()
            undo_lost()
            for _, release in self._hooked.values():
                release()
            self._hooked.clear()

        return undo

    def time_loops(self) -> None:
        """Begin to time the steps of loops that are new, and forget those that are gone."""
        for key, (ref, release) in list(self._hooked.items()):
            if ref() is None:
                del self._hooked[key]
                release()
        for loop in self._loops_now():
            if id(loop) in self._hooked or live_loops.closed(loop):
                continue
            if stalls.has_steps(loop):  # one that another thread is building has none yet
                self._hooked[id(loop)] = weakref.ref(loop), stalls.install(loop)
                stalls.begin_in_its_thread(loop)

    def _loops_now(self) -> list[Loop]:
        """Return the loops to time: those just read, or found anew while their reading rests."""
        if self._loops_read:
            return [loop for ref, _ in self._loops.known if (loop := ref()) is not None]
        return LEDGER.loops(run.loop for run in live_loops.running())
