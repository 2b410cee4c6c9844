"""A step that waits in a call is seen with its line; one that computes, or gives way, is not.

Time is what is measured here, so the code under test sleeps; the tests themselves never wait.
"""

import asyncio
import gc
import hashlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.machinery import SourceFileLoader
from itertools import count
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeVar

import pytest

from loopcheck.labels import Labels
from loopcheck.process import thread_stacks
from loopcheck.process.waiting import busy_threads
from loopcheck.records import Stall
from loopcheck.source import project_files
from loopcheck.watch import _timers, blocked_steps, processors, thread_steps
from loopcheck.watch.loops import LEDGER

Found = TypeVar("Found")
LABELS = Labels("/")
LIMIT = 0.1
TRIES = 10  # a machine that stands still while a step waits lets nobody look at it


@pytest.fixture(autouse=True)
def watch() -> Iterator[None]:
    undo = blocked_steps.install(LIMIT)
    blocked_steps.awake()
    blocked_steps.take()
    yield
    undo()


@pytest.fixture
def unwatched(watch: None) -> None:
    """End the thread that looks: it would ask what the test has replaced."""
    blocked_steps._WATCH.stop()
    blocked_steps._WATCH.forget()


def seen(run: Callable[[], Any]) -> list[Stall]:
    asyncio.run(run())
    return [blocked_steps.record(one, LABELS) for one in blocked_steps.take()]


def at_last(look: Callable[[], list[Found]]) -> list[Found]:
    """Return what the first *look* of ten finds that finds anything."""
    return next((found for _ in range(TRIES) if (found := look())), [])


def seen_at_last(run: Callable[[], Any]) -> Stall:
    [one] = at_last(lambda: seen(run))
    return one


def seen_beside(run: Callable[[], Any]) -> list[Stall]:
    """Return what is seen of *run* in a thread beside the tests."""
    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    thread.join()
    return [blocked_steps.record(one, LABELS) for one in blocked_steps.take()]


async def sleeps() -> None:
    await asyncio.sleep(0)
    time.sleep(0.25)


async def four_sleeps() -> None:
    for _ in range(4):
        time.sleep(0.05)


async def four_steps() -> None:
    for _ in range(4):
        time.sleep(0.05)
        await asyncio.sleep(0)


async def four_tasks() -> None:
    async def one() -> None:
        time.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(4)))


async def computes() -> None:
    end = time.perf_counter() + 0.25
    while time.perf_counter() < end:
        sum(range(1_000))


async def computes_without_the_lock() -> None:
    end = time.perf_counter() + 0.25
    while time.perf_counter() < end:
        hashlib.pbkdf2_hmac("sha256", b"a", b"b", 50_000)


async def waits_for_a_thread_that_computes() -> None:
    thread = threading.Thread(target=asyncio.run, args=(computes(),))
    thread.start()
    thread.join()


async def waits_as_it_should() -> None:
    await asyncio.sleep(0.2)
    await asyncio.to_thread(time.sleep, 0.2)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()


async def joins() -> None:
    thread = threading.Thread(target=time.sleep, args=(0.25,))
    thread.start()
    thread.join()


def test_a_blocking_call_is_seen_with_its_line() -> None:
    began = time.monotonic()
    one = seen_at_last(sleeps)
    took = time.monotonic() - began
    assert one.place is not None
    assert (one.place.name, one.place.line) == ("sleeps", sleeps.__code__.co_firstlineno + 2)
    assert (one.call, one.twin, one.synchronous) == ("time.sleep", "asyncio.sleep", False)
    # Looks see the least: on a busy machine a late one leaves out what it missed.
    assert LIMIT * blocked_steps.NEAR <= one.seconds <= took


async def with_a_task() -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    time.sleep(0.25)
    await task


async def with_a_timer() -> None:
    task = asyncio.create_task(asyncio.sleep(0.05))
    await asyncio.sleep(0)
    time.sleep(0.25)
    await task


async def with_input() -> None:
    reading, writing = socket.socketpair()
    asyncio.get_running_loop().add_reader(reading, int)
    writing.send(b"1")
    time.sleep(0.25)
    asyncio.get_running_loop().remove_reader(reading)
    reading.close()
    writing.close()


async def with_its_like() -> None:
    async def one() -> None:
        time.sleep(0.15)

    await asyncio.gather(one(), one())


async def with_timers_of_no_interest() -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, int).cancel()
    late = loop.call_later(5, int)
    time.sleep(0.25)
    late.cancel()


@pytest.mark.parametrize(
    ("run", "delays"),
    [
        (with_a_task, True),
        (with_a_timer, True),
        (with_input, True),
        (with_timers_of_no_interest, False),
        (with_its_like, False),
        (sleeps, False),
    ],
)
def test_what_else_the_loop_had_to_do_is_seen(run: Callable[[], Any], delays: bool) -> None:
    assert {one.delays for one in at_last(lambda: seen(run))} == {delays}


def test_short_calls_of_one_step_add_up() -> None:
    one = seen_at_last(four_sleeps)
    assert one.call == "time.sleep"


def test_a_call_through_a_library_is_named_as_the_user_wrote_it() -> None:
    one = seen_at_last(joins)
    assert (one.call, one.twin) == ("thread.join", None)


def test_a_call_over_several_lines_is_named() -> None:
    async def waits() -> None:
        (
            threading.Event().wait(
                0.25,
            )
        )

    one = seen_at_last(waits)
    assert one.call == "threading.Event().wait"


def test_what_a_with_waits_for_is_named() -> None:
    async def enters() -> None:
        lock = threading.Lock()
        lock.acquire()
        threading.Timer(0.25, lock.release).start()
        with lock:
            threading.active_count()

    one = seen_at_last(enters)
    assert (one.call, one.is_call) == ("lock", False)


class SlowToCome(threading.Thread):
    """A thread that a busy machine lets wait for a processor before it begins."""

    def _bootstrap(self) -> None:
        time.sleep(0.25)
        super()._bootstrap()  # type: ignore[misc]


async def starts_a_thread() -> None:
    SlowToCome(daemon=True).start()


@pytest.mark.parametrize(
    "run",
    [
        starts_a_thread,
        four_steps,
        four_tasks,
        computes,
        computes_without_the_lock,
        waits_for_a_thread_that_computes,
        waits_as_it_should,
    ],
)
def test_short_steps_work_and_waits_that_give_way_are_left_alone(run: Callable[[], Any]) -> None:
    assert seen(run) == []


WAITS = 7  # a thread


class Handle:
    """A step of a loop, as far as a look knows it."""


def counted(monkeypatch: pytest.MonkeyPatch, looks: int, *, inside: bool) -> float:
    """Return how long a step has waited, by looks that are 20 ms apart."""
    handle = Handle()
    line = thread_steps.Line(counted.__code__, 0, 1, "test_blocks", None)
    step = thread_steps.Step((1,), weakref.ref(handle), None, 0.0, line, inside)
    clock = iter(range(1, 100))
    monkeypatch.setattr(processors, "times", lambda native: (next(clock) * 0.02, 0.0, 0.0))
    monkeypatch.setattr(thread_steps, "standing", lambda frames: step)
    watch, thread = blocked_steps.Watch(), blocked_steps.Thread(0, WAITS, 0.0)
    watch.limit = 1.0
    for _ in range(looks):
        watch.looks += 1
        watch.look_at(thread, 0.02)
    assert thread.entry is not None
    return sum(thread.entry.held.values())


def counted_inside(monkeypatch: pytest.MonkeyPatch, *lacked: tuple[float, bool]) -> float:
    """Return the same of a wait for a thread.

    *lacked*: what the system says at each look, as `processors.lacked` tells it.
    """
    told = iter(lacked)
    monkeypatch.setattr(processors, "lacked", lambda looking: next(told))
    monkeypatch.setattr(processors, "ran", lambda native: processors.Ran(0.0, 0, ready=False))
    return counted(monkeypatch, len(lacked), inside=True)


def counted_late(monkeypatch: pytest.MonkeyPatch, woken: int) -> float:
    """Return the same of a wait that who looks had no processor to see.

    *woken*: how often the one that waits has run from one look to the next.
    """
    looked = count()

    def ran(native: int | None) -> processors.Ran:
        if native == WAITS:
            return processors.Ran(0.0, woken * next(looked), ready=False)
        return processors.Ran(0.02 * next(late), 0, ready=False)

    late = count()
    monkeypatch.setattr(processors, "ran", ran)
    return counted(monkeypatch, 5, inside=False)


@pytest.mark.usefixtures("unwatched")
def test_a_wait_for_a_thread_counts_from_the_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counted_inside(monkeypatch, *[(7.0, False)] * 5) == pytest.approx(0.1)


@pytest.mark.parametrize(
    "lacked",
    [
        [(0.02 * number, False) for number in range(5)],  # it waited for a processor all the time
        [(7.0, True)] * 5,  # it still waits for one, and the system has not counted it yet
        [(7.0, False), (7.02, False)],  # as it will have done before the first look
    ],
)
@pytest.mark.usefixtures("unwatched")
def test_a_wait_for_a_thread_that_gets_no_processor_is_left_alone(
    lacked: list[tuple[float, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counted_inside(monkeypatch, *lacked) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.usefixtures("unwatched")
def test_a_sleeper_is_seen_by_who_had_no_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counted_late(monkeypatch, woken=0) == pytest.approx(0.1)


@pytest.mark.usefixtures("unwatched")
def test_who_wakes_for_the_interpreters_lock_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counted_late(monkeypatch, woken=4) == pytest.approx(0.0, abs=1e-9)


def test_a_wait_outside_of_any_step_is_left_alone() -> None:
    time.sleep(0.2)
    asyncio.run(asyncio.sleep(0))
    time.sleep(0.2)
    assert not blocked_steps.take()


@pytest.mark.usefixtures("unwatched")
def test_a_loop_that_waits_for_something_to_do_is_looked_at_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = blocked_steps.Watch()
    watch.tests, watch.limit, at = (
        blocked_steps.Thread(threading.get_ident(), None, 0.0),
        LIMIT,
        count(1),
    )
    used = iter([0.0, 0.0, 0.9, 0.9])

    def times(_: int | None) -> tuple[float, float, float]:
        return next(at) * watch.period, next(used) * watch.period, 0.0

    monkeypatch.setattr(processors, "times", times)
    monkeypatch.setattr(thread_stacks, "up_to", lambda *_: [])
    monkeypatch.setattr(watch, "beside", lambda _: ())
    paused = [watch.look(watch.period) or watch.pause(LEDGER.moment) for _ in range(4)]
    assert paused == [watch.unhurried, watch.unhurried, watch.period, watch.unhurried]


@pytest.mark.usefixtures("unwatched")
def test_frames_are_not_read_again_of_a_thread_that_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = blocked_steps.Watch()
    watch.tests, watch.limit = blocked_steps.Thread(threading.get_ident(), None, 0.0), LIMIT
    at, used, read = count(1), iter([0.0, 0.0, 0.0, 0.1, 0.1]), []

    def times(_: int | None) -> tuple[float, float, float]:
        return next(at) * watch.period, next(used) * watch.period, 0.0

    monkeypatch.setattr(processors, "times", times)

    def up_to(*_: object) -> list[FrameType]:
        read.append(watch.looks)
        return []

    monkeypatch.setattr(thread_stacks, "up_to", up_to)
    monkeypatch.setattr(watch, "beside", lambda _: ())
    for _ in range(5):
        assert not watch.look(watch.period)
    assert read == [1, 4]


@pytest.mark.usefixtures("unwatched")
def test_frames_are_not_read_again_of_a_thread_that_stays_in_its_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = blocked_steps.Watch()
    watch.tests, watch.limit = blocked_steps.Thread(threading.get_ident(), None, 0.0), LIMIT
    at, used, read = count(1), iter([0.0, 0.0, 0.0, 0.1, 0.1]), []
    line = thread_steps.Line(watch_code(), 0, 1, "shop", None)
    step = thread_steps.Step(("step",), None, None, None, line, False)
    step.handle = weakref.ref(line.code)

    def times(_: int | None) -> tuple[float, float, float]:
        return next(at) * watch.period, next(used) * watch.period, 0.0

    def standing(_: list[FrameType]) -> thread_steps.Step:
        read.append(watch.looks)
        return step

    monkeypatch.setattr(processors, "times", times)
    monkeypatch.setattr(thread_stacks, "up_to", lambda *_: [])
    monkeypatch.setattr(thread_steps, "standing", standing)
    monkeypatch.setattr(watch, "beside", lambda _: ())
    for _ in range(5):
        assert watch.look(watch.period)
    assert read == [1, 4]


def watch_code() -> CodeType:
    return compile("sleep(1)", "shop.py", "exec")


def test_a_step_is_looked_at_again_when_it_may_have_reached_the_limit() -> None:
    watch = blocked_steps.Watch()
    watch.limit, began = LIMIT, 0.0
    entry, looks = blocked_steps.Entry(None, 1, began, began, LIMIT), [began]
    line = thread_steps.Line(watch_code(), 0, 1, "shop", None)
    while sum(entry.held.values()) < LIMIT * blocked_steps.NEAR:
        pause = watch.closely(entry)
        looks.append(looks[-1] + pause)
        entry.held[line], entry.until = looks[-1] - began, looks[-1]
    # As often as any thread, and the last look just as the limit is reached.
    assert len(looks) - 1 == 5
    assert looks[-1] - began == pytest.approx(LIMIT * blocked_steps.NEAR, abs=watch.period / 5)
    entry.noted = True  # from now on its end matters, to a tenth
    assert watch.closely(entry) == pytest.approx((entry.until - began) / 10)


def test_a_loop_in_another_thread_is_looked_at_too() -> None:
    [one] = at_last(lambda: seen_beside(sleeps))
    assert one.call == "time.sleep"


async def waits_for_itself() -> None:
    await asyncio.wait_for(asyncio.create_task(sleeps()), None)


async def with_a_limit_to_come() -> None:
    async with asyncio.timeout(9):
        time.sleep(0.25)


async def serves() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server:
        time.sleep(0.25)


async def with_a_task_that_waits() -> None:
    waiting = asyncio.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)
    time.sleep(0.25)
    waiting.cancel()


async def with_a_note_of_a_library() -> None:
    answer = asyncio.get_running_loop().create_future()
    answer.add_done_callback(logging.debug)
    answer.set_result("pong")
    time.sleep(0.25)


@pytest.mark.parametrize(
    ("run", "alone"),
    [
        (sleeps, True),
        (waits_for_itself, True),
        (with_a_note_of_a_library, True),
        (with_a_limit_to_come, False),
        (serves, False),
        (with_a_task_that_waits, False),
        (with_a_task, False),
        (with_input, False),
    ],
)
def test_whether_a_loop_beside_the_tests_has_anything_else_is_seen(
    run: Callable[[], Any], alone: bool
) -> None:
    assert {one.alone for one in at_last(lambda: seen_beside(run))} == {alone}


def test_the_loop_of_the_tests_is_never_alone() -> None:
    assert not seen_at_last(sleeps).alone


def test_a_module_that_is_slow_to_read_is_not_called_blocking(tmp_path: Path) -> None:
    path = tmp_path / "slow.py"
    os.mkfifo(path)

    def write() -> None:
        with path.open("wb") as file:
            time.sleep(0.25)
            file.write(b"x = 1")

    async def reads() -> None:
        assert SourceFileLoader("slow", str(path)).get_data(str(path)) == b"x = 1"

    writer = threading.Thread(target=write)
    writer.start()
    assert seen(reads) == []
    writer.join()


def test_to_wait_for_a_thread_that_imports_is_not_called_blocking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_import.py").write_text("import time; time.sleep(0.25)")
    monkeypatch.syspath_prepend(tmp_path)
    importing = threading.Thread(target=import_module, args=("slow_to_import",))

    async def waits() -> None:
        importing.start()
        importing.join()

    assert seen(waits) == []


def test_what_is_seen_keeps_nothing_alive() -> None:
    class Thing:
        pass

    kept: list[weakref.ref[Thing]] = []

    async def holds() -> None:
        thing = Thing()
        kept.append(weakref.ref(thing))
        time.sleep(0.2)
        del thing
        assert kept[-1]() is None

    def taken() -> list[blocked_steps.Entry]:
        asyncio.run(holds())
        return blocked_steps.take()

    [entry] = at_last(taken)
    gc.collect()
    assert entry.loop is not None
    assert entry.loop() is None


def test_its_thread_is_counted_by_nobody_and_ends_with_the_watch() -> None:
    assert seen_at_last(sleeps)  # it is there by now
    counted, running = threading.enumerate(), len(sys._current_frames())
    blocked_steps._WATCH.stop()
    assert threading.enumerate() == counted
    assert len(sys._current_frames()) == running - 1


def alone(script: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run it in a process of its own: a worker has threads, and Python warns of those."""
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


FORKS = """
import os
from loopcheck.watch import blocked_steps as blocks

blocks.install(0.1)
for _ in range(200):
    blocks.awake()
    if not os.fork():
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_who_forks_is_not_warned_of_our_thread() -> None:
    ended = alone(FORKS)
    assert (ended.returncode, ended.stderr) == (0, "")


FORBIDS = """
import _thread
import asyncio
import ctypes
import gc
import os
from loopcheck.watch import blocked_steps as blocks

def forbid(of, name):
    # As blockbuster does, also for classes that are written in C.
    real, names = getattr(of, name), vars(of)
    if isinstance(of, type):
        [names, *_] = gc.get_referents(names)
    def forbidden(*args, **kwargs):
        waits = name != "acquire" or args[0].locked()
        if waits and asyncio._get_running_loop() is not None:
            raise RuntimeError(f"{name} blocks the loop")
        return real(*args, **kwargs)
    names[name] = forbidden
    if isinstance(of, type):
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(of))

async def forks():
    if not os.fork():
        os._exit(0)
    assert len(os.listdir("/proc/self/task")) == 1
    os.wait()

blocks.install(0.1)
forbid(os, "stat")
forbid(_thread.LockType, "acquire")
for _ in range(20):
    blocks.awake()
    asyncio.run(forks())
"""


# As gevent does, before or after our modules are imported.
TAKES_OVER = """
import _thread
import sys
import threading

class Lock:  # has what a lock has, and is of another type
    def __init__(self):
        for name in ("acquire", "release", "locked", "__enter__", "__exit__"):
            setattr(self, name, getattr(real(), name))
    def __enter__(self):
        pass
    def __exit__(self, *given):
        pass

def take_over():
    _thread.start_new_thread = lambda *given: given
    _thread.allocate_lock = Lock

real = _thread.allocate_lock
if sys.argv[1] == "before":
    take_over()
from loopcheck.watch import blocked_steps as blocks
if sys.argv[1] == "after":
    take_over()
undo = blocks.install(0.1)
blocks.awake()
print("looked at" if blocks._WATCH.tests else "left alone")
undo()
"""


@pytest.mark.parametrize(("when", "are"), [("before", "left alone"), ("after", "looked at")])
def test_no_greenlet_looks_in_a_threads_place(when: str, are: str) -> None:
    ended = alone(TAKES_OVER, when)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, are, "")


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux does")
def test_a_fork_in_a_loop_calls_nothing_that_others_forbid_there() -> None:
    ended = alone(FORBIDS)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_after_a_fork_it_looks_again_and_the_child_has_no_timer() -> None:
    child = os.fork()
    if not child:
        os._exit(blocked_steps._WATCH.timer is not None)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    blocked_steps.take()
    blocked_steps.awake()
    one = seen_at_last(sleeps)
    assert one.call == "time.sleep"


def test_a_second_watch_takes_nothing_from_the_first() -> None:
    blocked_steps.install(LIMIT)()
    one = seen_at_last(sleeps)
    assert one.call == "time.sleep"


def test_tests_that_are_soon_over_wake_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    if blocked_steps._WATCH.timer is None:
        pytest.skip("no timers here: who looks wakes by himself")
    looks: list[float] = []
    monkeypatch.setattr(blocked_steps.Watch, "look", lambda _, asked: looks.append(asked))
    blocked_steps.awake()
    end, latest, slow = time.monotonic() + 0.3, time.monotonic(), 0
    while latest < end:
        before, latest = latest, time.monotonic()
        slow += latest - before > 0.02  # the machine stood still
        LEDGER.moment += 1
        blocked_steps.awake()
    assert len(looks) <= 1 + slow


def test_tests_that_follow_at_once_share_a_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    timer = blocked_steps._WATCH.timer
    if timer is None:
        pytest.skip("no timers here: who looks wakes by himself")
    put_off: list[float] = []
    monkeypatch.setattr(timer, "put_off", put_off.append)
    began = time.monotonic()
    for _ in range(1_000):
        blocked_steps.awake()
    assert len(put_off) <= 1 + (time.monotonic() - began) / blocked_steps.PUT_OFF_FOR


def test_where_there_are_no_timers_it_is_seen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked_steps._WATCH.stop()
    blocked_steps._WATCH.forget()
    monkeypatch.setattr(_timers, "new", lambda: None)
    blocked_steps.awake()
    one = seen_at_last(sleeps)
    assert one.call == "time.sleep"
    assert seen(four_steps) == []


def test_who_closes_all_files_is_not_disturbed() -> None:
    if blocked_steps._WATCH.timer is None:
        pytest.skip("no timers here: there is no file of ours")
    number = blocked_steps._WATCH.timer.number
    read, write = os.pipe()
    os.dup2(read, number)  # all was closed, and the user's file has the number now
    os.write(write, b"the user's")
    blocked_steps.awake()
    asyncio.run(sleeps())
    blocked_steps.awake()
    blocked_steps._WATCH.stop()
    blocked_steps._WATCH.forget()
    assert os.read(number, 20) == b"the user's"
    for one in (read, write, number):
        os.close(one)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="nobody counts threads here")
def test_its_thread_is_gone_for_the_system_too() -> None:
    before = os.listdir("/proc/self/task")
    for _ in range(100):
        blocked_steps._WATCH.stop()
        assert len(os.listdir("/proc/self/task")) < len(before)
        blocked_steps.awake()


def test_who_looks_is_at_work_for_no_test_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, enough = threading.Event(), threading.Event()

    def look(asked: float) -> bool:
        looks.set()
        while not enough.is_set():
            pass  # caught amid a look, as on a machine that is busy
        return False

    monkeypatch.setattr(blocked_steps._WATCH, "look", look)
    try:
        assert looks.wait(60)
        assert not busy_threads.threads()
    finally:
        enough.set()


def test_the_users_finalizers_run_in_no_thread_of_ours() -> None:
    ended_in: list[str] = []  # the files that were running, outwards; xdist's threads are not ours

    class InACycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            frames = traceback.walk_stack(sys._getframe(1))
            ended_in.extend(frame.f_code.co_filename for frame, _ in frames)

    async def sleeps_while_the_collector_is_due() -> None:
        thresholds = gc.get_threshold()
        gc.collect()
        InACycle()
        gc.set_threshold(gc.get_count()[0] + 10)
        time.sleep(0.25)  # this thread makes nothing: only another could reach the threshold
        gc.set_threshold(*thresholds)

    one = seen_at_last(sleeps_while_the_collector_is_due)
    gc.collect()
    assert one.call == "time.sleep"
    assert ended_in
    assert not [file for file in ended_in if "blocked_steps" in file]


def test_what_a_step_held_is_gone_with_it_while_we_read_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Held:
        """Only the step holds it."""

    waits, go_on, gone = threading.Event(), threading.Event(), threading.Event()

    async def step() -> None:
        held = Held()
        weakref.finalize(held, gone.set)
        waits.set()
        assert go_on.wait(60)

    owner, seen_gone = project_files.owner, []
    thread = threading.Thread(target=asyncio.run, args=(step(),))
    thread.start()
    assert waits.wait(60)

    def slow(*args: Any) -> Any:
        go_on.set()
        seen_gone.append(gone.wait(60))
        return owner(*args)

    monkeypatch.setattr(project_files, "owner", slow)
    assert thread.ident is not None
    thread_steps.standing(thread_stacks.up_to(thread_steps.TURN, thread.ident))
    thread.join(60)
    assert seen_gone
    assert all(seen_gone)
