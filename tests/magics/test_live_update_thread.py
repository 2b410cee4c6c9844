"""The thread behind the live panel: it sees a blocked loop blocked, and leaves nothing."""

import asyncio
import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from loopcheck import clock
from loopcheck.magics.live import update_thread
from loopcheck.magics.live.frames import Block, Frame, Lane
from loopcheck.magics.live.update_thread import UpdateThread
from loopcheck.watch import loops

SECONDS = 60.0  # on a busy machine
ROUNDS = 5  # of which the best counts: other processes only make one slower


class Seen:
    """A panel that keeps the frames that it receives."""

    def __init__(self) -> None:
        self.heard = 0.0
        self.frames: list[Frame] = []
        self.alive = 0
        self._news = threading.Condition()

    def show(self, seen: Frame, moment: float) -> None:
        with self._news:
            self.frames.append(seen)
            self._news.notify_all()

    def still_alive(self, moment: float) -> None:
        with self._news:
            self.alive += 1
            self._news.notify_all()

    def until(self, true: Callable[[], bool]) -> bool:
        """Return whether it became *true*; the thread keeps a panel that somebody looks at."""

        def looked() -> bool:
            self.heard = clock.monotonic()
            return true()

        with self._news:
            return self._news.wait_for(looked, SECONDS)

    def lane(self, fits: Callable[[Lane], bool]) -> Lane:
        """Return the first lane of any frame that *fits*."""

        def found() -> list[Lane]:
            return [lane for one in self.frames for lane in one.lanes if fits(lane)]

        assert self.until(lambda: bool(found())), self.frames[-1:]
        return found()[0]


@contextmanager
def loop_in_a_thread() -> Iterator[asyncio.AbstractEventLoop]:
    undo = loops.install()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="worker")
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        undo()


@pytest.fixture
def updates() -> Iterator[UpdateThread]:
    made = UpdateThread(lambda: ())
    yield made
    made.stop()


def ours() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("loopcheck")]


async def wait_for_ever() -> None:
    await asyncio.sleep(10 * SECONDS)


async def start() -> None:
    asyncio.create_task(wait_for_ever())  # noqa: RUF006 - its timer keeps it


def test_a_task_is_seen_with_what_it_waits_for_and_where_it_was_made(updates: UpdateThread) -> None:
    seen = Seen()
    updates.add(seen)
    with loop_in_a_thread() as loop:
        seen.lane(lambda lane: lane.label == "loop 1")  # the watch of tasks is on by now
        asyncio.run_coroutine_threadsafe(start(), loop)
        lane = seen.lane(lambda lane: any(bar.name == "wait_for_ever" for bar in lane.bars))
        [bar] = lane.bars
        assert bar.waits[0].words == "waits on asyncio.sleep"
        made, waits = start.__code__.co_firstlineno + 1, wait_for_ever.__code__.co_firstlineno + 1
        assert str(bar.waits[0].at).endswith(f"test_live_update_thread.py:{waits}")
        assert str(bar.made_at).endswith(f"test_live_update_thread.py:{made}")


def test_a_blocked_loop_is_seen_blocked_while_it_is(updates: UpdateThread) -> None:
    seen = Seen()

    def block_once(loop: asyncio.AbstractEventLoop) -> tuple[Lane, Block]:
        """Block *loop* until a frame says so, and return what it says once the block is over."""
        first, over = len(seen.frames), threading.Event()

        async def block() -> None:
            over.wait(SECONDS)

        def lanes() -> list[tuple[Lane, Block]]:
            found = [(lane, lane.block) for one in seen.frames[first:] for lane in one.lanes]
            return [(lane, block) for lane, block in found if block is not None]

        asyncio.run_coroutine_threadsafe(block(), loop)
        try:
            assert seen.until(lambda: bool(lanes()))
        finally:
            over.set()
        assert seen.until(lambda: all(lane.block is None for lane in seen.frames[-1].lanes))
        return lanes()[0]

    updates.add(seen)
    with loop_in_a_thread() as loop:
        seen.lane(lambda lane: lane.label == "loop 1")
        # A block in which a busy machine let nobody look gets no badge: then there is another one.
        for _ in range(20):
            lane, blocked = block_once(loop)
            assert lane.state == "blocked"
            assert str(blocked.call).startswith("threading.")
            if badges := [one for one in seen.frames[-1].badges if one.kind == "blocked"]:
                break
        assert (badges[-1].loop, badges[-1].at) == (lane.label, blocked.at)


def test_a_loop_that_was_blocked_before_the_panel_opened_is_seen_blocked(
    updates: UpdateThread,
) -> None:
    seen, inside, over = Seen(), threading.Event(), threading.Event()

    async def block() -> None:
        inside.set()
        over.wait(SECONDS)

    with loop_in_a_thread() as loop:
        asyncio.run_coroutine_threadsafe(block(), loop)
        assert inside.wait(SECONDS)
        updates.add(seen)
        try:
            seen.lane(lambda lane: lane.block is not None)
        finally:
            over.set()
        assert seen.until(lambda: all(lane.block is None for lane in seen.frames[-1].lanes))


def test_a_loop_that_was_seen_half_built_is_timed_once_it_is_built(updates: UpdateThread) -> None:
    seen = Seen()
    updates.add(seen)
    assert seen.until(lambda: bool(seen.frames))
    undo = loops.install()
    loop = asyncio.SelectorEventLoop.__new__(asyncio.SelectorEventLoop)
    asyncio.BaseEventLoop.__init__(loop)  # as its own does, before it sets its selector
    try:
        seen.lane(lambda lane: lane.label == "loop 1")
        assert "_run_once" not in vars(loop)
        loop.__init__()  # type: ignore[misc]
        assert clock.until(lambda: "_run_once" in vars(loop), SECONDS)
    finally:
        loop.close()
        undo()


def test_an_error_that_no_code_received_is_shown_when_asyncio_reports_it(
    updates: UpdateThread,
) -> None:
    seen = Seen()

    async def fail() -> None:
        raise KeyError("tea")

    async def forget() -> None:
        asyncio.create_task(fail())  # noqa: RUF006 - that is the fault

    updates.add(seen)
    with loop_in_a_thread() as loop:
        seen.lane(lambda lane: lane.label == "loop 1")
        asyncio.run_coroutine_threadsafe(forget(), loop)
        assert seen.until(lambda: any(one.kind == "lost error" for one in seen.frames[-1].badges))
        badge = seen.frames[-1].badges[-1]
        assert badge.words.startswith("KeyError in ")
        raised = fail.__code__.co_firstlineno + 1
        assert str(badge.at).endswith(f"test_live_update_thread.py:{raised}")


def test_nothing_is_sent_while_nothing_changes(updates: UpdateThread) -> None:
    seen = Seen()
    updates.add(seen)
    with loop_in_a_thread():
        seen.lane(lambda lane: lane.label == "loop 1")
        assert seen.until(lambda: seen.alive >= 3)

        def is_quiet() -> bool:
            before, alive = len(seen.frames), seen.alive
            assert seen.until(lambda: seen.alive >= alive + 5)
            return len(seen.frames) == before

        # On a busy machine the loop's thread may stand still for a moment: that is news.
        assert sum(is_quiet() for _ in range(5)) >= 4


def test_the_thread_and_its_hooks_go_with_the_last_panel(updates: UpdateThread) -> None:
    one, other = Seen(), Seen()
    table_before = "add" in vars(getattr(asyncio.tasks, "_scheduled_tasks", asyncio.tasks))
    with loop_in_a_thread() as loop:
        updates.add(one)
        updates.add(other)
        one.lane(lambda lane: lane.label == "loop 1")
        assert ours().count("loopcheck live") == 1
        assert clock.until(lambda: "_run_once" in vars(loop), SECONDS)
        updates.drop(one)
        assert updates.runs
        updates.drop(other)
        assert ours() == []
        assert "_run_once" not in vars(loop)
    assert (
        "add" in vars(getattr(asyncio.tasks, "_scheduled_tasks", asyncio.tasks))
    ) is table_before


def test_a_panel_that_nobody_sees_ends_the_thread(
    updates: UpdateThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_thread, "UNHEARD", 0.3)
    updates.add(Seen())
    assert clock.until(lambda: not updates.runs and ours() == [], SECONDS)


def test_silence_during_a_cell_ends_nothing(
    updates: UpdateThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_thread, "UNHEARD", 0.0)
    seen = Seen()
    updates.cell_begins()
    updates.add(seen)
    assert seen.until(lambda: seen.alive >= 3)
    updates.cell_ends()
    assert clock.until(lambda: not updates.runs, SECONDS)


def test_a_panel_that_is_seen_again_is_fed_again(updates: UpdateThread) -> None:
    seen = Seen()
    updates.add(seen)
    assert seen.until(lambda: bool(seen.frames))
    updates.stop()
    count = len(seen.frames)
    updates.add(seen)
    assert seen.until(lambda: len(seen.frames) > count)


def test_no_loop_and_no_task_is_kept_alive(updates: UpdateThread) -> None:
    seen = Seen()
    updates.add(seen)
    with loop_in_a_thread() as loop:
        done = asyncio.run_coroutine_threadsafe(wait_for_ever(), loop)
        seen.lane(lambda lane: any(bar.name == "wait_for_ever" for bar in lane.bars))
        [task] = asyncio.all_tasks(loop)
        refs = weakref.ref(loop), weakref.ref(task)
        done.cancel()
        del task, done
    del loop
    gc.collect()
    assert clock.until(
        lambda: gc.collect() >= 0 and [ref() for ref in refs] == [None, None], SECONDS
    )


async def short() -> None:
    await asyncio.sleep(0)


async def tasks_at_a_rate(count: int, a_second: float) -> None:
    """Create *count* tasks, fifty at once, and wait for each of them."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for made in range(50, count + 1, 50):
        await asyncio.gather(*(short() for _ in range(50)))
        await asyncio.sleep(max(0.0, began + made / a_second - loop.time()))


@pytest.mark.parametrize(
    ("count", "a_second"), [(1_000, 1_000.0), (10_000, float("inf"))], ids=["1000", "most"]
)
def test_tasks_cost_at_most_twice_the_processor_time_with_a_panel_open(
    updates: UpdateThread, count: int, a_second: float
) -> None:
    def took() -> float:
        began = time.process_time()
        asyncio.run(tasks_at_a_rate(count, a_second))
        return time.process_time() - began

    without, open_ = [], []
    for _ in range(ROUNDS):
        without.append(took())
        seen = Seen()
        updates.add(seen)
        assert seen.until(partial(bool, seen.frames))
        open_.append(took())
        updates.stop()
        if min(open_) <= 2 * min(without):
            return
    pytest.fail(f"with a panel {open_}, without {without}")
