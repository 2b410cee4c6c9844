"""LC405: the line that replaced the sleep is named, and what the test shows of it."""

from dataclasses import replace

import pytest

from loopcheck.modes.doubles.lc405_mocked_sleep import SUPERSEDES, detect
from loopcheck.records import Evidence, MockedSleep, Place

SLEPT = MockedSleep(
    target="asyncio.sleep",
    how="spins",
    place=Place("conftest.py", 9),
    used_at=Place("feed.py", 10),
    double="AsyncMock",
)


def test_the_patch_is_named_and_the_loop_that_spins() -> None:
    [found] = detect(Evidence(slept=SLEPT))
    assert (found.where, found.used_at, found.certainty) == (SLEPT.place, SLEPT.used_at, "certain")
    assert found.what == (
        "conftest.py:9 replaces `asyncio.sleep` with an AsyncMock, so the loop at feed.py:10 spins"
        " and nothing else runs."
    )


def test_a_double_that_finds_itself_is_to_save_the_real_one() -> None:
    [found] = detect(Evidence(slept=replace(SLEPT, how="recursion", double="quick", mock=False)))
    assert "with `quick`, which awaits itself under that name at feed.py:10" in found.what
    assert found.fix.startswith("Save the real one first")


@pytest.mark.parametrize("how", ["too early", "no timeout", "no time", "no timer"])
def test_what_a_turn_would_have_changed_is_likely(how: str) -> None:
    [found] = detect(Evidence(slept=replace(SLEPT, how=how)))  # type: ignore[arg-type]
    assert found.certainty == "likely"
    assert "feed.py:10" in found.what


@pytest.mark.parametrize("how", ["no timeout", "no time", "no timer"])
def test_a_double_that_gives_way_is_no_remedy_where_time_is_wanted(how: str) -> None:
    [found] = detect(Evidence(slept=replace(SLEPT, how=how)))  # type: ignore[arg-type]
    assert found.fix.startswith("Keep the real sleep")


def test_a_name_of_one_module_is_not_called_everybodys() -> None:
    [found] = detect(Evidence(slept=replace(SLEPT, target="feed.sleep", everywhere=False)))
    assert found.why.startswith("That module sleeps with `feed.sleep`.")


def test_a_task_that_the_test_cancels_is_named() -> None:
    early = replace(SLEPT, how="cancelled", coroutine="Feed.run")
    [found] = detect(Evidence(slept=early))
    assert found.certainty == "likely"
    assert "so the test cancels `Feed.run` before it had a turn" in found.what
    assert found.fix == "Keep the real sleep in this test, and pass in a short pause."


@pytest.mark.parametrize("slept", [None, replace(SLEPT, place=None)])
def test_without_a_double_there_is_no_finding(slept: MockedSleep | None) -> None:
    assert not list(detect(Evidence(slept=slept)))


def test_what_spins_or_waits_for_it_is_a_symptom() -> None:
    assert {"LC203", "LC204", "LC208"} <= SUPERSEDES
