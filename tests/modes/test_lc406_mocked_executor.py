"""LC406: the double of a pool is named, and what became of what was handed to it."""

from dataclasses import replace

import pytest

from loopcheck.modes.doubles.lc406_mocked_executor import SUPERSEDES, detect
from loopcheck.records import Evidence, MockedExecutor, Place

POOL = MockedExecutor(
    how="never ran",
    target="concurrent.futures.ThreadPoolExecutor",
    place=Place("conftest.py", 6),
    used_at=Place("test_thumbs.py", 16),
    double="MagicMock",
    function="resize",
)


def test_the_function_that_never_ran_is_named() -> None:
    [found] = detect(Evidence(executor=POOL))
    assert (found.where, found.certainty) == (POOL.place, "likely")
    assert found.what == (
        "conftest.py:6 replaces `concurrent.futures.ThreadPoolExecutor` with a mock that never"
        " called `resize`, so the line at test_thumbs.py:16 has no result."
    )


def test_one_that_an_earlier_test_left_in_its_loop_is_said_to_be_kept() -> None:
    [found] = detect(Evidence(executor=replace(POOL, left=True)))
    assert "stays in its loop after the patch" in found.what


@pytest.mark.parametrize("how", ["refused", "no loop", "foreign"])
def test_what_asyncio_or_python_itself_refuses_is_certain(how: str) -> None:
    [found] = detect(Evidence(executor=replace(POOL, how=how)))  # type: ignore[arg-type]
    assert found.certainty == "certain"
    assert "test_thumbs.py:16" in found.what


def test_one_that_was_handed_in_has_no_patch_to_name() -> None:
    [found] = detect(Evidence(executor=replace(POOL, how="refused", target=None)))
    assert found.what.startswith("The executor of conftest.py:6 is a mock")


@pytest.mark.parametrize("pool", [None, replace(POOL, place=None)])
def test_without_a_double_there_is_no_finding(pool: MockedExecutor | None) -> None:
    assert not list(detect(Evidence(executor=pool)))


def test_a_missing_loop_and_a_hang_are_symptoms() -> None:
    assert {"LC105", "LC203"} <= SUPERSEDES
