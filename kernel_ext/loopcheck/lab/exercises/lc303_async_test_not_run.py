"""The exercise of LC303: five tests of a ferry, of which one runs.

The lesson has one test function for each reason. Here the reasons are spread over a file that looks
like any other, and one answer does not mend all. A test proves that it runs by what it notices:
with the whole ferry broken, each test must be red.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
)
from loopcheck.lab.seen import Seen

FERRY = '''\
"""A ferry. All of its answers come from the harbour."""

import asyncio

HARBOUR = {"fare": 4, "seats": 80, "delay": 0, "boat": "Mary", "pier": 2}


async def ask(what):
    await asyncio.sleep(0)
    return HARBOUR[what]
'''

SKELETON = """\
import functools
import unittest

import pytest
from ferry import ask


def twice(test):
    @functools.wraps(test)
    def wrapper():
        test()
        return test()

    return wrapper


@pytest.mark.asyncio
async def test_fare():
    assert await ask("fare") == 4


async def test_seats():
    assert await ask("seats") == 80


@pytest.mark.asyncio
@twice
async def test_delay():
    assert await ask("delay") == 0


class TestHarbour(unittest.TestCase):
    async def test_boat(self):
        assert await ask("boat") == "Mary"


@pytest.mark.asyncio
async def test_pier():
    pier = await ask("pier")
    yield
    assert pier == 2
"""

BROKEN = Run(planted=(("ferry.py", "return HARBOUR[what]", "return 'fog'"),))
TESTS = ("test_fare", "test_seats", "test_delay", "test_boat", "test_pier")
REFUSED = "async def functions are not natively supported"


def _still_green(seen: Seen) -> str | None:
    """Return the tests that stayed green although every answer of the harbour was wrong."""
    green = [test for test, outcome in seen.outcomes.items() if outcome == "passed"]
    if not green:
        return None
    return f"with every answer of the harbour wrong, still green: {', '.join(green)}"


def _refused(seen: Seen) -> list[str]:
    return [test for test, words in seen.failures.items() if REFUSED in words]


WRONG_TURNS = (
    WrongTurn(
        name="the decorator left as it is",
        did=lambda seen: not seen.planted and _refused(seen) == ["test_delay"],
        answer="The other tests run now. `test_delay` has its mark too, but pytest-asyncio sees "
        "what the decorator returns: a plain function. Make that one `async`, and let it await "
        "the test.",
    ),
    WrongTurn(
        name="the yield left as it is",
        did=lambda seen: (
            not seen.failures and seen.outcomes.get("test_pier") in ("expected to fail", "skipped")
        ),
        answer="`test_pier` counts as expected to fail, and not a line of it ran: its `yield` "
        "makes it an async generator, and no plugin runs one as a test. It needs no `yield`.",
    ),
    WrongTurn(
        name="a plain TestCase",
        did=lambda seen: (
            seen.planted
            and [t for t, how in seen.outcomes.items() if how == "passed"] == ["test_boat"]
        ),
        answer="`test_boat` is still green with a wrong boat: a plain `TestCase` calls the method "
        "and drops the coroutine, and a mark has no effect there. Use unittest's class for async "
        "tests, or move the test out of the class.",
    ),
)

EXERCISE = Exercise(
    stem="lc303_async_test_not_run",
    kind="mend the test",
    task="All five tests must run and pass, in any order, and each of them must turn red when "
    "the harbour gives wrong answers.",
    edits="test_ferry.py",
    skeleton=SKELETON,
    frozen={"ferry.py": FERRY},
    requirements=(
        all_there(5),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="each test notices wrong answers", unmet=_still_green, run=BROKEN, catches=True
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each test: what awaits it? Only one of the five is awaited.",
        "`test_seats` has no mark. `twice` returns a plain function. A plain `TestCase` awaits "
        "nothing. And a `yield` makes `test_pier` a generator.",
        "A mark for `test_seats`; no `yield` in `test_pier`; `IsolatedAsyncioTestCase` for the "
        "class. And in the decorator: `async def wrapper():`, with `await …` twice.",
    ),
    learned="You can tell a test that passes from a test that does not run.",
    seconds=6.0,  # up to four failures are explained in one run
)
