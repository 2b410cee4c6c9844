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


def test_a_thread_that_computes_does_not_sleep(load: Any) -> None:
    module = load("spinning", SPINS)
    with running(module) as thread:
        sleep = processors.Sleep(thread.native_id)
        for _ in held_turn.taken(thread.ident or 0, threading.Event()):
            pass
        assert not sleep.mostly()


@pytest.mark.parametrize("seconds", [60, 0.02])
def test_a_thread_that_waits_sleeps_also_again_and_again(seconds: float) -> None:
    over = threading.Event()

    def wait() -> None:
        while not over.wait(seconds):
            pass

    sleeper = threading.Thread(target=wait)
    sleeper.start()
    try:
        for _ in range(50):  # a busy machine may start it late
            sleep = processors.Sleep(sleeper.native_id)
            for _ in held_turn.taken(sleeper.ident or 0, threading.Event()):
                pass
            if sleep.mostly():
                break
        else:
            pytest.fail("it never sleeps")
    finally:
        over.set()
        sleeper.join(10)
