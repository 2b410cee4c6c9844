"""The watch of coroutines that nobody awaited: where each died, and Python's words as they were."""

import asyncio
import warnings
from collections.abc import Iterator

import pytest

from loopcheck.watch import thrown_away

HERE = __file__


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    undo = thrown_away.install()
    thrown_away._moment = -1  # what an earlier test left is not of this one
    yield
    undo()


async def work() -> None:
    """Nothing."""


def throw_away() -> warnings.WarningMessage:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        work()  # type: ignore[unused-coroutine]
    [one] = seen
    return one


def test_the_warning_stays_at_its_line_and_in_its_words() -> None:
    ours = throw_away()
    thrown_away._hook()()  # nothing is changed for those who come later
    assert (ours.filename, str(ours.message)) == (HERE, "coroutine 'work' was never awaited")


def test_a_loop_that_runs_there_is_noted() -> None:
    async def test() -> warnings.WarningMessage:
        return throw_away()

    inside = asyncio.run(test())
    assert thrown_away.amid_a_loop(work.__code__, inside.filename, inside.lineno)


def test_where_no_loop_runs_none_is_noted() -> None:
    outside = throw_away()
    assert not thrown_away.amid_a_loop(work.__code__, outside.filename, outside.lineno)
