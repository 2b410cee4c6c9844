"""LC107: the call that a step waited in is named; that it is to blame is told as far as seen."""

from dataclasses import replace

import pytest

from loopcheck.modes.loops.lc107_blocked_loop import detect
from loopcheck.records import ErrorRecord, Evidence, FrameRecord, Place, Stall, TestRecord

LINE = Place("shop/jobs.py", 14, "next_job")
STALL = Stall(
    loop="loop 1",
    seconds=0.9,
    place=LINE,
    call="store.blpop",
    blocked=True,
    limit=0.1,
    phase="call",
    twin="valkey.asyncio",
    delays=True,
)
GREEN = Evidence(
    test=TestRecord(nodeid="t.py::test_jobs", name="test_jobs", phase="call"), stalls=(STALL,)
)
FAILED = ErrorRecord(
    type="AssertionError",
    message="",
    module="t",
    function="test_jobs",
    raised="other",
    owner="user",
    frames=(FrameRecord(place=Place("t.py", 9, "test_jobs"), module="t", owner="user"),),
)


def with_stall(**fields: object) -> Evidence:
    return replace(GREEN, stalls=(replace(STALL, **fields),))  # type: ignore[arg-type]


def test_the_call_is_named_with_its_line_and_twin() -> None:
    [found] = detect(GREEN)
    assert (found.certainty, found.where, found.phase) == ("certain", LINE, "call")
    assert found.subject is not None
    assert found.subject.name == "store.blpop"
    assert found.what == "`store.blpop` blocked the event loop for 0.1 s or more, in one step."
    assert found.why == (
        "The call never yields to the event loop, so until it returns no other task runs and"
        " no timeout fires."
    )
    assert found.fix == (
        "Use `valkey.asyncio` and await it, or run the call in a thread: `await"
        " asyncio.to_thread(store.blpop, …)`."
    )


def test_a_loop_that_nobody_else_uses_harms_nobody() -> None:
    assert not list(detect(with_stall(alone=True)))
    late = replace(with_stall(alone=True, missed=True), errors=(FAILED,), failed=True)
    assert not list(detect(late))


@pytest.mark.parametrize(
    ("fields", "fix"),
    [
        (
            {"twin": "asyncio.sleep", "call": "sleep"},
            "Write `await asyncio.sleep(…)` instead: it yields to the event loop while it waits.",
        ),
        (
            {"twin": "asyncio.wrap_future", "call": "work.result"},
            "Await the future instead: `await asyncio.wrap_future(…)`.",
        ),
        (
            {"twin": None, "call": "thread.join"},
            "Run it in a thread: `await asyncio.to_thread(thread.join, …)`.",
        ),
        (
            {"twin": None, "call": "lock", "is_call": False},
            "Move it into a function that runs in a thread: `await asyncio.to_thread(…)`.",
        ),
        (
            {"synchronous": True},
            "Turn `next_job` into an `async def` and await `valkey.asyncio` in it. Or run it"
            " in a thread where async code calls it: `await asyncio.to_thread(next_job, …)`.",
        ),
    ],
)
def test_the_fix_is_one_that_can_be_written_there(fields: dict[str, object], fix: str) -> None:
    [found] = detect(with_stall(**fields))
    assert found.fix == fix


def test_a_deadline_that_passed_meanwhile_is_told_and_proves_it() -> None:
    late = replace(FAILED, type="TimeoutError", module="asyncio.timeouts", owner="library")
    [found] = detect(replace(with_stall(missed=True), errors=(late,)))
    assert found.certainty == "certain"
    assert found.why.endswith("The failed deadline passed meanwhile.")


def test_a_call_that_never_came_back_is_no_matter_of_a_deadline() -> None:
    ended = replace(FAILED, type="Failed", module="pytest", owner="library")
    [found] = detect(replace(with_stall(ended="never"), errors=(ended,)))
    assert found.certainty == "certain"
    assert found.what.endswith("blocked the event loop until `--loopcheck-hang` ended it.")
    assert found.why == (
        "The call never yields to the event loop, so no task of this loop can end its wait. No"
        " other thread is running that could."
    )


def test_a_call_that_may_yet_come_back_is_not_said_to_wait_for_ever() -> None:
    [found] = detect(with_stall(ended="late"))
    assert found.why.endswith("no timeout fires.")


def test_an_assertion_over_the_call_itself_proves_it() -> None:
    there = replace(FAILED, frames=(FrameRecord(place=LINE, module="t", owner="user"),))
    [found] = detect(replace(GREEN, errors=(there,)))
    assert found.certainty == "certain"


def test_another_assertion_of_the_test_makes_it_likely() -> None:
    [found] = detect(replace(GREEN, errors=(FAILED,)))
    assert found.certainty == "likely"


@pytest.mark.parametrize("there", [True, False])
def test_an_assertion_where_nothing_else_had_to_wait_is_left_to_itself(there: bool) -> None:
    frames = (FrameRecord(place=LINE, module="t", owner="user"),) if there else FAILED.frames
    errors = (replace(FAILED, frames=frames),)
    assert not list(detect(replace(with_stall(delays=False), errors=errors)))


WAITED = ["TimeoutError", "requests.exceptions.ReadTimeout", "_queue.Empty", "socket.timeout"]


@pytest.mark.parametrize("kind", WAITED)
def test_a_call_that_gave_up_itself_while_others_had_to_wait_is_the_cause(kind: str) -> None:
    there = replace(FAILED, type=kind, frames=(FrameRecord(place=LINE, module="t", owner="user"),))
    [found] = detect(replace(GREEN, errors=(there,)))
    assert found.certainty == "certain"
    assert not list(detect(replace(with_stall(delays=False), errors=(there,))))


@pytest.mark.parametrize("kind", ["TimeoutError", "valkey.exceptions.TimeoutError", "KeyError"])
def test_another_error_is_left_to_its_own_cause(kind: str) -> None:
    assert not list(detect(replace(GREEN, errors=(replace(FAILED, type=kind),))))


def test_what_the_call_raised_for_another_reason_is_left_to_that() -> None:
    frames = (FrameRecord(place=LINE, module="t", owner="user"),)
    there = replace(FAILED, type="KeyError", frames=frames)
    assert not list(detect(replace(GREEN, errors=(there,))))


def test_the_step_of_a_test_that_failed_for_itself_is_told_at_its_end() -> None:
    [found] = detect(replace(GREEN, failed=True))
    assert found.certainty == "possible"


def test_a_long_step_that_computes_is_left_alone() -> None:
    assert not list(detect(with_stall(blocked=False)))


def test_a_step_of_which_no_line_is_known_is_left_alone() -> None:
    assert not list(detect(with_stall(place=None)))


def test_a_call_that_blocks_again_and_again_is_told_once() -> None:
    place = Place("test_it.py", 3, "take")
    one = Stall(loop="", seconds=0.2, place=place, call="time.sleep", blocked=True, limit=0.1)
    [found] = detect(Evidence(stalls=(one, replace(one, seconds=0.3))))
    assert found.where == place
