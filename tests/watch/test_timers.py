"""A timer rings when it was set to, is put off without ringing, and is no harm once it is gone."""

import os
import select
import sys
from collections.abc import Callable, Iterator

import pytest

from loopcheck.watch import _timers

LINUX = sys.platform == "linux"
MAKERS = [
    pytest.param(_timers.new, id="new"),
    pytest.param(_timers.of_the_systems, id="of the system's"),
]
pytestmark = pytest.mark.skipif(not LINUX, reason="only Linux has such timers")


@pytest.fixture(params=MAKERS)
def timer(request: pytest.FixtureRequest) -> Iterator[_timers.Timer]:
    make: Callable[[], _timers.Timer | None] = request.param
    made = make()
    assert made is not None
    yield made
    made.close()


def rings(timer: _timers.Timer, within: float) -> bool:
    return bool(select.select([timer.number], [], [], within)[0])


def test_it_rings_and_is_waited_for(timer: _timers.Timer) -> None:
    timer.put_off(0.001)
    assert rings(timer, 10)
    timer.wait()


def test_who_has_rung_is_silent_when_set_again(timer: _timers.Timer) -> None:
    timer.put_off(0.001)
    assert rings(timer, 10)
    timer.put_off(60)
    assert not rings(timer, 0)


def test_one_that_is_gone_says_so_and_leaves_the_file_of_its_number(timer: _timers.Timer) -> None:
    read, write = os.pipe()
    os.dup2(read, timer.number)  # as after all was closed, and something opened
    with pytest.raises(OSError, match=r"timer|Invalid"):
        timer.put_off(1)
    timer.close()
    os.fstat(timer.number)
    for one in (read, write, timer.number):
        os.close(one)
    with pytest.raises(OSError, match=r"timer|Bad"):
        timer.put_off(1)


def test_who_starts_another_program_does_not_hand_it_on(timer: _timers.Timer) -> None:
    assert not os.get_inheritable(timer.number)


def test_without_the_c_library_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "timerfd_create", raising=False)
    monkeypatch.setitem(sys.modules, "_ctypes", None)
    assert _timers.new() is None
