"""LC103: it names the call that was to start a second loop, and nothing without one."""

from dataclasses import replace

from loopcheck.modes import diagnose
from loopcheck.modes.loops.lc103_nested_run import SUPERSEDES, detect
from loopcheck.records import ErrorRecord, Evidence, LoopRecord, NestedRun, Place, TestRecord

LINE = Place("shop.py", 12, "prices")
NESTED = NestedRun(
    call="asyncio.run",
    coroutine="fetch",
    called_at=LINE,
    synchronous=True,
    running=LoopRecord(label="loop 1", role="function loop of test_one"),
)
REFUSED = ErrorRecord(
    type="RuntimeError",
    message="asyncio.run() cannot be called from a running event loop",
    module="asyncio.runners",
    function="run",
    raised="other",
    owner="library",
)
TEST = TestRecord(nodeid="t.py::one", name="one", phase="call", loop_scope="function")
INSIDE = Evidence(test=TEST, errors=(REFUSED,), nested=NESTED)


def test_the_call_its_coroutine_and_the_running_loop_are_named() -> None:
    [found] = detect(INSIDE)
    assert (found.code, found.certainty, found.where) == ("LC103", "certain", LINE)
    assert found.subject is not None
    assert found.subject.name == "fetch"
    assert found.what == (
        "`asyncio.run` in `prices` tries to start a loop for `fetch`, but loop 1 (function"
        " loop of test_one) already runs."
    )
    assert found.why == (
        "A thread runs one loop at a time. A synchronous function that async code calls, even"
        " through others, runs inside that loop too."
    )
    assert found.fix == (
        "In async code that calls `prices`, write `await fetch(…)` instead. Or `await"
        " asyncio.to_thread(prices)`: in its own thread it can start a loop."
    )


def test_async_code_is_told_to_await() -> None:
    nested = replace(NESTED, synchronous=False, called_at=Place("test_shop.py", 9, "test_one"))
    [found] = detect(replace(INSIDE, nested=nested))
    assert found.fix.startswith("Write `await fetch(…)` instead of `asyncio.run(…)`.")


def test_a_local_coroutine_is_out_of_reach_of_the_callers() -> None:
    [found] = detect(replace(INSIDE, nested=replace(NESTED, local=True)))
    assert str(found.fix).startswith(
        "Turn `prices` into an `async def` with `await fetch(…)`, and await it where it is called."
    )


def test_a_cell_has_no_name_and_may_await() -> None:
    nested = replace(NESTED, called_at=Place("cell 3", 2, "<module>"))
    [found] = detect(replace(INSIDE, nested=nested))
    assert found.what.startswith("`asyncio.run` tries to start a loop for `fetch`, but ")
    assert found.fix == ("Write `await fetch(…)` instead of `asyncio.run(…)`: a cell can await.")


def test_what_is_not_known_is_left_out() -> None:
    [found] = detect(replace(INSIDE, nested=NestedRun(call="loop.run_forever")))
    assert (found.where, found.subject and found.subject.name) == (None, "loop.run_forever")
    assert found.what == ("`loop.run_forever` tries to start a loop, but a loop already runs.")


def test_the_coroutine_that_is_dropped_is_only_its_shadow() -> None:
    assert "LC202" in SUPERSEDES


def test_words_without_a_second_loop_are_not_enough() -> None:
    assert not list(detect(replace(INSIDE, nested=None)))


def test_a_closed_loop_is_left_to_lc101() -> None:
    closed = replace(REFUSED, module="asyncio.base_events", function="_check_closed")
    assert not diagnose.diagnose(replace(INSIDE, errors=(closed,), nested=None))


def test_no_thread_is_offered_to_what_cannot_work_there() -> None:
    """A property cannot be called, and a thread has no loop for `get_event_loop`."""
    [found] = detect(replace(INSIDE, nested=replace(NESTED, in_a_thread=False)))
    assert found.fix == (
        "In async code that uses `prices`, write `await fetch(…)` instead: no loop can start there."
    )
