"""LC204: the `while` is named with its condition, and why it does not end."""

from dataclasses import replace
from typing import Literal

import pytest

from loopcheck.modes.tasks.lc204_spin import WHY, detect
from loopcheck.records import Evidence, HangRecord, Place, SpinRecord

WHILE = Place("test_feed.py", 12, "test_feed")
SPIN = SpinRecord(loop_at=WHILE, coroutine="test_feed", waits_on="not done", still=True)


def test_the_while_is_named_with_its_condition() -> None:
    [found] = detect(Evidence(hang=HangRecord(proved=True, spin=SPIN)))
    assert (found.certainty, found.where) == ("certain", WHILE)
    assert found.what == (
        "The `while` at test_feed.py:12 in `test_feed` never ends because `not done` stays true."
    )


def test_an_async_for_is_named_with_what_it_goes_over() -> None:
    spin = SpinRecord(loop_at=WHILE, coroutine="collect", over="ring", keyword="async for")
    [found] = detect(Evidence(hang=HangRecord(proved=False, spin=spin)))
    assert found.what == (
        "The `async for` at test_feed.py:12 in `collect` lets nothing else run because `ring`"
        " always has one more item ready."
    )
    assert found.fix.startswith("Make `ring` end: its `__anext__` must raise")


@pytest.mark.parametrize(
    ("way", "does"), [("never", "lets nothing else run while"), ("turns", "has not ended, and")]
)
def test_a_while_that_may_have_its_own_limit_is_not_said_to_be_endless(
    way: Literal["never", "turns"], does: str
) -> None:
    spin = replace(SPIN, still=False, waits_on="not asked()", gives_way=way)
    [found] = detect(Evidence(hang=HangRecord(proved=False, spin=spin)))
    assert found.what == (
        f"The `while` at test_feed.py:12 in `test_feed` {does} `not asked()` stays true."
    )
    assert ("`await asyncio.sleep(0)` in the loop" in str(found.fix)) == (way == "never")


def test_a_for_may_only_be_long() -> None:
    spin = SpinRecord(loop_at=WHILE, coroutine="collect", over="count()", keyword="for")
    [found] = detect(Evidence(hang=HangRecord(proved=False, spin=spin)))
    assert (found.certainty, found.why) == ("likely", WHY["never"])
    assert found.what == ("The `for` at test_feed.py:12 in `collect` blocks all other tasks.")


@pytest.mark.parametrize("proved", [True, False])
def test_what_was_only_seen_for_long_is_likely(proved: bool) -> None:
    spin = SpinRecord(loop_at=WHILE, coroutine="test_feed", gives_way="waits")
    [found] = detect(Evidence(hang=HangRecord(proved=proved, spin=spin)))
    assert (found.certainty, found.why) == ("likely", WHY["waits"])


def test_a_test_that_waits_has_no_finding() -> None:
    assert not list(detect(Evidence(hang=HangRecord(proved=True))))


def test_a_loop_that_another_limit_ended_is_likely_and_may_need_longer() -> None:
    [found] = detect(Evidence(hang=HangRecord(proved=False, spin=SPIN, interrupted=True)))
    assert found.certainty == "likely"
    assert found.what == (
        "The `while` at test_feed.py:12 in `test_feed` kept checking `not done` until the test's"
        " limit ended it."
    )
    assert found.fix.endswith("raise the limit.")
