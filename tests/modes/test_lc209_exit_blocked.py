"""LC209: it names what Python waits for after the tests, and the line that has to end it."""

import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from logging.handlers import QueueListener
from pathlib import Path
from queue import Queue

import pytest

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc209_exit_blocked import detect
from loopcheck.process import exit_holders, thread_stacks
from loopcheck.records import Evidence, ExitHolder, Place
from loopcheck.watch.hang.process_exit import Starts

AT, MADE = Place("feed.py", 20, "_read"), Place("feed.py", 9, "start")
THREAD = ExitHolder(kind="thread", name="read", at=AT, started_at=MADE, test="test_x.py::test_x")
LABELS = Labels(str(Path(__file__).parent))


def say(**changes: object) -> str:
    [found] = detect(Evidence(exit=replace(THREAD, **changes)))
    return found.fix


def test_the_line_that_starts_it_is_the_one_to_change() -> None:
    [found] = diagnose(Evidence(exit=THREAD))
    assert (found.code, found.certainty, found.where) == ("LC209", "certain", MADE)
    assert (found.test, found.phase, found.used_at) == (THREAD.test, "session", AT)
    assert found.what == (
        "After the tests, Python waits for the thread `read`, which feed.py:9 starts and"
        " which is at feed.py:20."
    )


def test_the_caller_has_to_end_what_a_service_starts() -> None:
    owned = Place("test_feed.py", 5, "test_feed")
    [found] = detect(Evidence(exit=replace(THREAD, owned_at=owned, closer="await feed.stop()")))
    assert (found.where, found.made_at) == (owned, MADE)
    assert found.fix.startswith("Call `await feed.stop()` after test_feed.py:5, in a `finally`")


def test_each_kind_ends_in_its_own_way() -> None:
    assert "`loop.call_soon_threadsafe(loop.stop)`" in say(activity="loop")
    assert "`cancel()`" in say(activity="timer")
    assert "`terminate()`" in say(kind="process")
    assert "`daemon=True`" in say()
    assert "`daemon=True`" not in say(kind="job")


def test_a_process_that_ends_has_no_finding() -> None:
    assert not list(detect(Evidence()))


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    one = threading.Event()
    yield one
    one.set()


@pytest.fixture
def seen_starts() -> Iterator[Starts]:
    watch = Starts()
    watch.watch(threading.Thread)
    yield watch
    watch.end()


def read(seen: Starts, thread: threading.Thread) -> list[ExitHolder]:
    """Return what would hold the process, of *thread*, if Python shut down now."""
    reader = exit_holders._Reader(seen, LABELS)
    stacks = thread_stacks.threads()
    return list(reader._thread(thread, stacks.get(thread.ident or 0, [])))


def test_a_thread_is_named_by_what_it_runs(seen_starts: Starts, gate: threading.Event) -> None:
    thread = threading.Thread(target=gate.wait)
    thread.start()
    [found] = read(seen_starts, thread)
    assert (found.kind, found.name) == ("thread", "Event.wait")
    assert found.started_at is not None
    assert found.started_at.name == "test_a_thread_is_named_by_what_it_runs"
    assert not found.by_library


class Service:
    def __init__(self, gate: threading.Event) -> None:
        self.thread = threading.Thread(target=gate.wait)
        self.thread.start()

    def stop(self) -> None: ...


class Gauge(Service):
    def __init__(self, gate: threading.Event) -> None:
        super().__init__(gate)


def test_who_makes_the_object_has_to_end_what_its_base_class_starts(
    seen_starts: Starts, gate: threading.Event
) -> None:
    gauge = Gauge(gate)
    [found] = read(seen_starts, gauge.thread)
    assert found.closer == "gauge.stop()"
    assert found.owned_at is not None
    assert found.owned_at.name == "test_who_makes_the_object_has_to_end_what_its_base_class_starts"


def test_what_a_library_starts_is_closed_with_its_object(
    seen_starts: Starts, gate: threading.Event
) -> None:
    listener = QueueListener(Queue())
    listener.start()  # logging starts a daemon, which holds nothing
    assert listener._thread is not None
    assert seen_starts.start_of(listener._thread) is None
    listener.stop()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        [thread] = pool._threads
        start = seen_starts.start_of(thread)
    assert start is not None
    assert not start.direct
    assert "Close that" in say(by_library=True)
    assert "`daemon=True`" not in say(by_library=True)


def test_a_thread_keeps_the_name_that_the_project_gave_it(
    seen_starts: Starts, gate: threading.Event
) -> None:
    thread = threading.Thread(target=gate.wait, name="gauge")
    thread.start()
    assert [one.name for one in read(seen_starts, thread)] == ["gauge"]


def test_a_timer_is_told_from_other_threads(seen_starts: Starts) -> None:
    timer = threading.Timer(60, print)
    timer.start()
    try:
        [found] = read(seen_starts, timer)
    finally:
        timer.cancel()
    assert (found.name, found.activity) == ("print", "timer")


def test_a_job_written_in_c_is_a_job_too(seen_starts: Starts, gate: threading.Event) -> None:
    inner = threading.Lock()
    inner.acquire()
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(inner.acquire)
        while not job.running():
            gate.wait(0.001)
        [thread] = pool._threads
        found = read(seen_starts, thread)
        inner.release()
    assert [(one.kind, one.name) for one in found] == [("job", "lock.acquire")]


def test_a_thread_that_ends_is_forgotten(seen_starts: Starts) -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    assert seen_starts.start_of(thread) is not None
    del thread
    assert not seen_starts.lines


def test_the_lines_of_daemons_are_not_noted(seen_starts: Starts) -> None:
    thread = threading.Thread(target=int, daemon=True)
    thread.start()
    thread.join()
    assert seen_starts.start_of(thread) is None


def test_a_program_that_goes_on_is_none_of_pythons_children() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE):
        assert not exit_holders.children()
