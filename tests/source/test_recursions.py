"""A traceback of a thousand lines that are all alike costs little more than a short one."""

import asyncio
import sys
from types import FrameType
from unittest.mock import AsyncMock

import pytest

import loopcheck
from loopcheck.source import failing_line

SHORT, LONG = 350, 900  # frames
MOST_EACH = 500  # calls for one more of them; to search its module would take thousands


def deep(left: int, double: AsyncMock) -> None:
    try:
        if not left:
            raise RecursionError(f"{double!r} is not a number")
        deep(left - 1, double)
    except ConnectionError:
        asyncio.get_event_loop_policy()


def failed(left: int) -> RecursionError:
    with pytest.raises(RecursionError) as seen:
        deep(left, AsyncMock())
    return seen.value


def calls_to_explain(error: Exception) -> int:
    """Return how many calls of Python functions it takes to look for the cause of *error*."""
    count = 0

    def one_more(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(one_more)
    try:
        loopcheck.why(error)
    finally:
        sys.setprofile(before)
    return count


def test_the_ends_of_a_long_traceback_are_looked_at() -> None:
    error = failed(LONG)
    trace = failing_line.trace_of(error)
    assert len(trace) == 2 * failing_line.END
    assert trace[0] is error.__traceback__
    assert trace[-1].tb_next is None


def test_a_deep_recursion_is_explained_in_about_the_time_of_a_shallow_one() -> None:
    loopcheck.why(failed(SHORT))  # what is imported for it is imported once
    more = calls_to_explain(failed(LONG)) - calls_to_explain(failed(SHORT))
    assert more < MOST_EACH * (LONG - SHORT)
