"""LC215: it names the line that awaits what another caller's end has cancelled, or nothing."""

import asyncio

import pytest

from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc215_shared_cancel import detect
from loopcheck.modes.tasks.lc215_shared_cancel.evidence import SharedCancel, find_shared_cancel
from loopcheck.records import ErrorRecord, Evidence, Place
from loopcheck.watch.limits import timeouts

ERROR = ErrorRecord(
    type="asyncio.exceptions.CancelledError",
    message="",
    module="shop",
    function="load",
    raised="other",
    owner="user",
)
SEEN = SharedCancel(
    awaited="self.task",
    kind="task",
    awaits_at=Place("shop.py", 20, "load"),
    by="limit",
    ended_at=Place("test_shop.py", 27, "test_it"),
    sure=True,
)


def case(seen: SharedCancel | None, error: ErrorRecord = ERROR) -> Evidence:
    return Evidence.knowing({find_shared_cancel: seen}, errors=(error,))


def test_the_line_without_a_shield_is_named_and_the_wait_that_ended() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC215", "certain", SEEN.awaits_at)
    assert found.what == (
        "The time limit that ended the wait at test_shop.py:27 also cancelled `self.task`, which"
        " other callers await at shop.py:20."
    )
    assert "`await asyncio.shield(self.task)`" in found.fix


def test_a_cancelled_caller_is_named_by_its_task() -> None:
    [found] = detect(case(replace(SEEN, by="cancel", caller="Shop.load", sure=False)))
    assert found.certainty == "likely"
    assert found.what.startswith("The cancellation of the task `Shop.load` from test_shop.py:27 ")


def test_a_future_that_takes_no_result_has_the_line_that_completes_it() -> None:
    refused = replace(SEEN, kind="future", completed_at=Place("shop.py", 9, "arrived"), sure=False)
    error = replace(ERROR, type="asyncio.exceptions.InvalidStateError")
    [found] = detect(case(refused, error))
    assert found.what.endswith("also cancelled `self.task`, which shop.py:9 was to complete.")
    assert "takes no result" in found.why


def test_one_line_for_both_is_named_once() -> None:
    [found] = detect(case(replace(SEEN, ended_at=SEEN.awaits_at)))
    assert found.what.endswith("also cancelled `self.task`, which other callers await there, too.")
    assert found.used_at is None


def test_the_wait_that_ended_is_the_line_to_change() -> None:
    later = Place("test_shop.py", 29, "test_it")
    [found] = detect(case(replace(SEEN, awaits_at=SEEN.ended_at, also_at=later)))
    assert found.where == SEEN.ended_at
    assert found.what.endswith("cancelled `self.task`, which test_shop.py:29 awaits, too.")


def test_an_assertion_counts_if_it_is_about_a_cancellation() -> None:
    error = replace(ERROR, type="AssertionError", message="assert CancelledError('') == 3")
    assert [one.code for one in detect(case(SEEN, error))] == ["LC215"]


@pytest.mark.parametrize("kind", ["ValueError", "TimeoutError", "AssertionError"])
def test_another_error_asks_nothing(kind: str) -> None:
    assert not list(detect(case(SEEN, replace(ERROR, type=kind))))
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))


# What a time limit ends


def test_a_limit_that_runs_out_leaves_what_it_cancels() -> None:
    async def main() -> None:
        shared = asyncio.ensure_future(asyncio.Event().wait())

        async def caller() -> None:
            await shared

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.gather(caller(), asyncio.Event().wait())
        [ended] = timeouts.ended_in_this_test()
        assert any(ref() is shared for ref in ended.futures)
        assert any(code.co_name == "caller" for code, _ in ended.lines())

    undo = timeouts.install()
    try:
        timeouts.clear()
        asyncio.run(main())
    finally:
        undo()


def test_a_limit_that_runs_out_keeps_nothing_alive() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)

    undo = timeouts.install()
    try:
        timeouts.clear()
        asyncio.run(main())
        [ended] = timeouts.ended_in_this_test()
        assert not any(ref() for ref in ended.futures)
    finally:
        undo()
