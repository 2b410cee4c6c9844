"""LC105: it names who looks for a loop in vain, and who makes one that nobody runs."""

from dataclasses import replace

import pytest

from loopcheck.modes import diagnose
from loopcheck.modes.loops.lc105_hand_made_loop import detect
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    FrameRecord,
    LoopRecord,
    Place,
    Subject,
    TestRecord,
)

LINE = Place("shop.py", 12, "price_now")
MISSING = ErrorRecord(
    type="RuntimeError",
    message="There is no current event loop in thread 'MainThread'.",
    module="asyncio.events",
    function="get_event_loop",
    raised="other",
    owner="library",
    frames=(
        FrameRecord(place=Place("test_shop.py", 9, "test_price"), module="t", owner="user"),
        FrameRecord(place=LINE, module="shop", owner="user"),
        FrameRecord(
            place=Place("/lib/asyncio/events.py", 1), module="asyncio.events", owner="library"
        ),
    ),
)
TEST = TestRecord(nodeid="t.py::price", name="price", phase="call")
IN_VAIN = Evidence(test=TEST, errors=(MISSING,))
OWN = LoopRecord(
    label="loop 1",
    role="loop made at service.py:6",
    made_at=Place("service.py", 6, "__init__"),
    born=1,
)
READY = BoundRecord(
    subject=Subject(name="service.ready", type="_asyncio.Future"),
    loop=OWN,
    witness="_asyncio.Future",
    keeper="fixture",
    fixture="service",
    kept_at=Place("test_service.py", 8, "service"),
    stuck=True,
)
FOREIGN = replace(
    MISSING,
    message="got Future <Future pending> attached to a different loop",
    owner="user",
    raised="await",
    module="test_service",
    function="test_ready",
)
HERE = LoopRecord(label="loop 2", role="function loop of test_ready")
IDLE = Evidence(test=TEST, errors=(FOREIGN,), used_on=HERE, bound=(READY,))


@pytest.mark.parametrize("kind", ["RuntimeError", "DeprecationWarning"])
def test_the_line_that_looks_for_a_loop_is_named(kind: str) -> None:
    [found] = detect(replace(IN_VAIN, errors=(replace(MISSING, type=kind),)))
    assert (found.code, found.certainty, found.where) == ("LC105", "certain", LINE)
    assert found.what == ("`price_now` needs the current loop of its thread, and there is none.")
    assert found.why == (
        "Up to Python 3.13 the main thread creates a loop on demand, but no longer after an"
        " async test or `asyncio.run`, so this line works alone and fails after them. In other"
        " threads, and from Python 3.14 on, there is none."
    )
    assert found.fix == (
        "In synchronous code, call `asyncio.run(…)`, which creates its own loop. In async"
        " code, call `asyncio.get_running_loop()`."
    )


def test_an_error_that_the_user_makes_of_it_hides_nothing() -> None:
    own = replace(MISSING, type="shop.Down", owner="user", raised="raise", module="shop")
    [found] = detect(replace(IN_VAIN, errors=(own, MISSING)))
    assert found.where == LINE


def test_a_loop_that_nobody_runs_is_named_where_it_was_made() -> None:
    [found] = detect(IDLE)
    assert (found.certainty, found.where) == ("likely", OWN.made_at)
    assert found.what == (
        "`service.ready` belongs to loop 1 (loop made at service.py:6), which nothing runs,"
        " and is awaited on loop 2 (function loop of test_ready)."
    )
    assert [found.code for found in diagnose.diagnose(IDLE)] == ["LC105"]


def test_a_loop_of_the_users_own_that_runs_is_left_to_lc102() -> None:
    running = replace(IDLE, bound=(replace(READY, stuck=False),))
    assert not list(detect(running))
    assert [found.code for found in diagnose.diagnose(running)] == ["LC102"]


def test_a_loop_that_pytest_asyncio_made_is_left_to_lc102() -> None:
    home = replace(OWN, role="module loop of test_service.py", made_at=None)
    assert not list(detect(replace(IDLE, bound=(replace(READY, loop=home),))))


def test_a_look_up_that_was_caught_is_left_alone() -> None:
    failed = replace(MISSING, type="KeyError", owner="user", raised="other", module="shop")
    assert not list(detect(replace(IN_VAIN, errors=(failed, MISSING))))


def test_the_same_words_from_the_users_own_code_are_left_alone() -> None:
    own = replace(MISSING, module="shop", owner="user", raised="raise")
    assert not list(detect(replace(IN_VAIN, errors=(own,))))


def test_a_plugin_that_looks_for_a_loop_is_not_the_users_fault() -> None:
    assert not list(detect(replace(IN_VAIN, errors=(replace(MISSING, frames=()),))))


FIXTURE, INIT = Place("conftest.py", 8, "poller"), Place("poller.py", 6, "__init__")
RUNNERS = FrameRecord(place=Place("/lib/pytest.py", 1), module="_pytest.python", owner="machinery")
NONE_RUNS = replace(
    MISSING,
    message="no running event loop",
    module="asyncio.tasks",
    function="create_task",
    frames=(
        RUNNERS,
        FrameRecord(place=FIXTURE, module="conftest", owner="user"),
        FrameRecord(place=INIT, module="poller", owner="user"),
        FrameRecord(place=Place("/lib/tasks.py", 1), module="asyncio.tasks", owner="library"),
    ),
)
SET_UP = Evidence(test=replace(TEST, phase="setup", loop_scope="function"), errors=(NONE_RUNS,))


def test_a_plain_fixture_that_needs_a_loop_is_to_be_async() -> None:
    [found] = detect(SET_UP)
    assert (found.certainty, found.where, found.used_at) == ("certain", FIXTURE, INIT)
    assert found.what == (
        "poller.py:6 needs a running loop, and none runs because synchronous code calls `poller`."
    )
    assert found.fix.startswith("Turn `poller` into an `async def` `@pytest_asyncio.fixture`: ")


def test_in_a_thread_the_line_that_asks_is_to_hand_over() -> None:
    thread = replace(RUNNERS, module="concurrent.futures.thread", owner="library")
    error = replace(NONE_RUNS, frames=(thread, *NONE_RUNS.frames[1:]))
    [found] = detect(replace(SET_UP, errors=(error,)))
    assert found.where == INIT
    assert found.what == "poller.py:6 needs a running loop, and none runs in its thread."


def test_a_library_that_may_have_said_it_itself_is_only_likely() -> None:
    [found] = detect(replace(SET_UP, errors=(replace(NONE_RUNS, module="aiohttp.client"),)))
    assert found.certainty == "likely"


def test_the_users_own_words_and_the_loops_of_trio_are_left_alone() -> None:
    own = replace(NONE_RUNS, owner="user", raised="raise")
    trio = replace(RUNNERS, module="trio._core._run", owner="library")
    on_trio = replace(NONE_RUNS, frames=(trio, *NONE_RUNS.frames))
    for error in (own, on_trio):
        assert not list(detect(replace(SET_UP, errors=(error,))))
