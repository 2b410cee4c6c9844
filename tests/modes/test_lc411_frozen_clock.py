"""LC411: it names what stopped a loop's clock, and only where a timer would end the wait."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.doubles.lc411_frozen_clock import detect
from loopcheck.records import Evidence, HangRecord, Place, StoppedClock, WaitRecord
from loopcheck.watch.hang import stopped_clock

CLOCK = StoppedClock(name="time.monotonic", double="mock", place=Place("conftest.py", 9, "noon"))
WAIT = WaitRecord(
    coroutine="ring", task="test_ring", stack=(Place("test_bell.py", 20), Place("bell.py", 4))
)
HANG = HangRecord(proved=False, seconds=1, waits=(WAIT,), clock=CLOCK)
LABELS = Labels(str(Path(__file__).parent))


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    one = asyncio.new_event_loop()
    yield one
    one.close()


def test_the_line_that_stopped_the_clock_is_the_one_to_change() -> None:
    [found] = diagnose(Evidence(hang=HANG))
    assert (found.code, found.certainty, found.where) == ("LC411", "certain", CLOCK.place)
    assert found.what == (
        "conftest.py:9 replaces `time.monotonic` with a mock, which stands still, and `test_ring`"
        " waits at bell.py:4 for a timer."
    )


def test_without_its_line_the_wait_is_named() -> None:
    [found] = detect(Evidence(hang=replace(HANG, clock=replace(CLOCK, place=None))))
    assert found.where == Place("bell.py", 4)


def test_freezegun_has_an_option_for_it() -> None:
    [found] = detect(Evidence(hang=replace(HANG, clock=replace(CLOCK, by="freezegun"))))
    assert "with the clock of freezegun, which stands still" in found.what
    assert "`freeze_time(…, real_asyncio=True)`" in found.fix


def test_a_hang_whose_clock_goes_on_is_left_alone() -> None:
    assert not list(detect(Evidence(hang=replace(HANG, clock=None))))
    assert not list(detect(Evidence()))


def look(loop: asyncio.AbstractEventLoop) -> StoppedClock | None:
    return stopped_clock.read(loop, (), None, LABELS)


def test_a_loop_with_its_own_clock_has_no_other(loop: asyncio.AbstractEventLoop) -> None:
    assert look(loop) is None
    with patch("time.time", return_value=0.0):
        assert look(loop) is None


def of_module(loop: asyncio.AbstractEventLoop) -> tuple[object, str]:
    return patch.object(time, "monotonic", lambda: 5.0), "time.monotonic"


def of_loop(loop: asyncio.AbstractEventLoop) -> tuple[object, str]:
    return patch.object(loop, "time", return_value=5.0), "loop.time"


def of_class(loop: asyncio.AbstractEventLoop) -> tuple[object, str]:
    return patch.object(asyncio.BaseEventLoop, "time", lambda self: 5.0), "BaseEventLoop.time"


def of_asyncio(loop: asyncio.AbstractEventLoop) -> tuple[object, str]:
    return patch("asyncio.base_events.time"), "asyncio.base_events.time"


@pytest.mark.parametrize("patched", [of_module, of_loop, of_class, of_asyncio])
def test_each_way_to_replace_the_clock_is_found(
    patched: Callable[..., tuple[object, str]], loop: asyncio.AbstractEventLoop
) -> None:
    manager, name = patched(loop)
    with manager:  # type: ignore[attr-defined]
        found = look(loop)
    assert found is not None
    assert found.name == name
    assert look(loop) is None


def test_a_loop_of_another_kind_has_a_clock_of_its_own() -> None:
    class Quick(asyncio.SelectorEventLoop):
        def time(self) -> float:
            return super().time() * 2

    loop = Quick()
    try:
        assert look(loop) is None
    finally:
        loop.close()
