"""Where a step that holds its loop is: in a call that it does not return from, or in a loop."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import pytest

from loopcheck.labels import Labels
from loopcheck.watch import processors
from loopcheck.watch.hang import held_turn

SPINS = """
import threading

over = threading.Event()
went = threading.Event()

def step(number):
    went.set()
    if over.is_set():
        raise StopIteration

def spin():
    while True:
        step(1)
"""


@contextmanager
def running(module: ModuleType) -> Iterator[threading.Thread]:
    """Run `spin` in a thread; end it."""

    def spin() -> None:
        with suppress(StopIteration):
            module.spin()

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        assert module.went.wait(10)
        yield thread
    finally:
        module.over.set()
        thread.join(10)


def looks(thread: threading.Thread, code: Any) -> held_turn.Turn:
    """Return looks that all found the thread at one place, as on a busy machine."""
    while True:
        frame: Any = sys._current_frames()[thread.ident or 0]
        found = []
        while frame is not None:
            found.append((frame, frame.f_lasti))
            frame = frame.f_back
        if any(one.f_code is code for one, _ in found[1:]):
            return [found] * held_turn.LOOKS


def test_code_that_runs_is_in_its_loop_though_each_look_finds_it_at_one_place(load: Any) -> None:
    module = load("spinning", SPINS)
    with running(module) as thread:
        turns = looks(thread, module.spin.__code__)
    spin, _ = held_turn.read(turns, Labels("/"), slept=False)
    assert spin is not None
    assert (spin.coroutine, spin.loop_at.line) == ("spin", 12)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_the_system_tells_a_thread_that_sleeps_from_one_that_runs(load: Any) -> None:
    module = load("spinning", SPINS)
    with running(module) as thread:
        before = processors.ran(thread.native_id)
        while processors.ran(thread.native_id).times == before.times:  # type: ignore[union-attr]
            pass
        assert not processors.slept(before, processors.ran(thread.native_id))
    wakes = threading.Event()
    sleeper = threading.Thread(target=wakes.wait, args=(60,))
    sleeper.start()
    try:
        for _ in range(10_000):
            before = processors.ran(sleeper.native_id)
            if processors.slept(before, processors.ran(sleeper.native_id)):
                break
        else:
            pytest.fail("it never sleeps")
    finally:
        wakes.set()
        sleeper.join(10)
