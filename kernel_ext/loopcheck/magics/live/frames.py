"""What the live panel shows at one moment: lanes, bars, marks, badges. Plain records.

`frame` makes them of what was read. Two equal frames show the same, so only a change is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from loopcheck.light import frozen
from loopcheck.records import BoundRecord, FixtureRecord, LoopRecord, Outcome, Phase, TaskGroup
from loopcheck.report._story import clip
from loopcheck.watch.runs.running_tests import RunningTests

BARS = 200  # drawn of any number of tasks
WAITS = 5  # places to name of one bar
LANES = 40
MARKS = 12  # of one lane
TESTS = 60  # of one frame, the latest
BADGES = 30
NAME = 60  # characters


@frozen
class Block:
    """A loop that can't go on: since when, and which line it is in."""

    loop: str  # the label of its lane
    began: float  # seconds of the thread's clock
    call: str | None = None
    at: str | None = None


@frozen
class Badge:
    """Something that became true at a moment."""

    number: int  # in order; a panel that missed some knows
    moment: float  # seconds of the thread's clock
    kind: str  # "blocked", "LC102 loop-mismatch"
    words: str  # without the duration, which differs from run to run
    seconds: float | None = None
    loop: str | None = None  # the lane
    at: str | None = None


@frozen
class LiveState:
    """Everything that one look read, as records."""

    loops: tuple[LoopRecord, ...] = ()
    tasks: tuple[TaskGroup, ...] = ()
    task_count: int = 0
    blocks: tuple[Block, ...] = ()
    runs: tuple[RunningTests, ...] = ()
    bound: tuple[BoundRecord, ...] = ()
    children: tuple[str, ...] = ()  # what runs in child processes: "%pytest shop"
    badges: tuple[Badge, ...] = ()
    notes: tuple[str, ...] = ()


@frozen
class Wait:
    """A place where tasks of a bar wait, or the line that they run."""

    count: int
    words: str  # "waits on asyncio.locks.Event"
    at: str | None = None
    chain: tuple[str, ...] = ()  # the await chain, outermost first


@frozen
class Bar:
    """Tasks of one loop that run the same coroutine and were created at the same line."""

    key: str
    name: str
    count: int
    state: str  # of most: "waiting", "running", "new"
    waits: tuple[Wait, ...]  # most first
    more: int = 0  # tasks that wait elsewhere
    made_at: str | None = None
    names: tuple[str, ...] = ()
    machinery: bool = False


@frozen
class FixtureBar:
    """A fixture that is set up."""

    name: str
    scope: str
    at: str | None = None


@frozen
class Mark:
    """An object that is bound to the lane's loop."""

    name: str
    type: str


@frozen
class Lane:
    """One loop, with everything on it."""

    key: str
    label: str
    role: str | None
    state: str  # "running", "open", "closed", "blocked"
    thread: str | None
    machinery: bool
    pending: int
    block: Block | None = None
    bars: tuple[Bar, ...] = ()
    fixtures: tuple[FixtureBar, ...] = ()
    marks: tuple[Mark, ...] = ()


@frozen
class TestBar:
    """A test of a run in this process, or what a child process runs."""

    __test__ = False

    name: str
    phase: Phase | None = None
    outcome: Outcome | None = None


@frozen
class Frame:
    """One picture."""

    lanes: tuple[Lane, ...] = ()
    tests: tuple[TestBar, ...] = ()
    fixtures: tuple[FixtureBar, ...] = ()  # on no loop
    badges: tuple[Badge, ...] = ()
    left_out: int = 0  # tasks of yours without a bar
    machinery: tuple[str, ...] = ()  # loops that are folded away
    notes: tuple[str, ...] = ()


def frame(state: LiveState) -> Frame:
    """Return the picture of *state*: yours first, at most 200 bars of any number of tasks."""
    bars = list(_bars(state.tasks))
    users = [bar for _, bar in bars if not bar.machinery]
    shown = {bar.key for bar in [*users, *(bar for _, bar in bars if bar.machinery)][:BARS]}
    drawn = [(loop, bar) for loop, bar in bars if bar.key in shown]
    lanes = tuple(_lanes(state, drawn))
    named = {one.label for one in lanes}
    return Frame(
        lanes=lanes[:LANES],
        tests=tuple(_tests(state)[-TESTS:]),
        fixtures=_fixtures(
            one
            for run in state.runs
            for one in run.fixtures
            if one.loop is None or one.loop.label not in named
        ),
        badges=state.badges[-BADGES:],
        left_out=state.task_count - sum(bar.count for _, bar in drawn),
        machinery=tuple(one.label for one in lanes if one.machinery),
        notes=state.notes,
    )


def _lanes(state: LiveState, bars: Sequence[tuple[str, Bar]]) -> Iterator[Lane]:
    """Yield a lane for each loop; the kernel's own is machinery until a task of yours is on it."""
    blocks = {one.loop: one for one in state.blocks}
    taken: dict[str, int] = {}
    for record in state.loops:
        number = taken[record.label] = taken.get(record.label, 0) + 1
        mine = tuple(bar for loop, bar in bars if loop == record.label) if number == 1 else ()
        block = blocks.get(record.label)
        users = any(not bar.machinery for bar in mine)
        yield Lane(
            key=record.label if number == 1 else f"{record.label} {number}",
            label=record.label,
            role=record.role,
            state="blocked" if block is not None else record.state,
            thread=record.thread,
            machinery=record.owner == "machinery" and not users,
            pending=sum(one.count for one in state.tasks if one.loop == record.label),
            block=block,
            bars=mine,
            fixtures=_fixtures(
                one
                for run in state.runs
                for one in run.fixtures
                if one.loop is not None and one.loop.label == record.label
            ),
            marks=tuple(
                Mark(name=clip(one.subject.name, NAME), type=clip(one.subject.type, NAME))
                for one in state.bound
                if one.loop.label == record.label and not one.subject.type.endswith(".Task")
            )[:MARKS],
        )


def _bars(groups: Iterable[TaskGroup]) -> Iterator[tuple[str, Bar]]:
    """Yield a bar for tasks of one coroutine and one creator, however many places they wait at."""
    found: dict[tuple[str, str, str, bool], list[TaskGroup]] = {}
    for group in groups:
        made = str(group.made_at or "")
        key = group.loop, group.coroutine, made, group.owner == "machinery"
        found.setdefault(key, []).append(group)
    for (loop, coroutine, made, machinery), same in found.items():
        named = same[:WAITS]
        yield (
            loop,
            Bar(
                key=f"{loop}|{coroutine}|{made}",
                name=clip(coroutine, NAME),
                count=sum(one.count for one in same),
                state=same[0].state,
                waits=tuple(map(_wait, named)),
                more=sum(one.count for one in same[WAITS:]),
                made_at=made or None,
                names=tuple(name for one in named for name in one.names)[:WAITS],
                machinery=machinery,
            ),
        )


def _wait(group: TaskGroup) -> Wait:
    return Wait(
        count=group.count,
        words=_doing(group),
        at=str(group.waits_at) if group.waits_at else None,
        chain=tuple(f"{place.name or ''} at {place}".strip() for place in group.stack),
    )


def _doing(group: TaskGroup) -> str:
    if group.state == "new":
        return "has not begun"
    if group.state == "running":
        return "runs"
    if group.followed == 0:
        return "waits (not followed)"
    return f"waits on {clip(group.waits_for, NAME)}" if group.waits_for else "waits"


def _fixtures(records: Iterable[FixtureRecord]) -> tuple[FixtureBar, ...]:
    found = {
        one.name: FixtureBar(
            name=one.name, scope=one.scope, at=str(one.place) if one.place else None
        )
        for one in records
    }
    return tuple(found.values())


def _tests(state: LiveState) -> list[TestBar]:
    """Return a bar for each name: of a test that runs again, only the new run."""
    found: dict[str, TestBar] = {}
    for run in state.runs:
        bars = [TestBar(name=clip(name, NAME), outcome=outcome) for name, outcome in run.done]
        if run.test is not None and (run.phase or run.test not in dict(run.done)):
            bars.append(TestBar(name=clip(run.test, NAME), phase=run.phase))
        for bar in bars:
            found.pop(bar.name, None)
            found[bar.name] = bar
    return [*found.values(), *(TestBar(name=child) for child in state.children)]
