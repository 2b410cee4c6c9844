"""LC303 async-test-not-run: the solution of the exercise, why it works, and one other good way.

What was wrong: something must await an async test. `test_seats` had no mark, so no plugin ran it.
`twice` returned a plain function, which called the test and dropped its coroutine. A plain
`TestCase` does the same, and stays green. A `yield` made `test_pier` a generator, which counts as
expected to fail.

What changed: a mark, an `async` wrapper that awaits, unittest's class for async tests, and no
`yield`. Each test is red now when the harbour is wrong, which is the proof that it runs.

Another good way for the mark: `pytestmark = pytest.mark.asyncio` at the top of the file, or
`asyncio_mode = auto` in the ini, so that no test can lack it. Neither helps the other three: you
have to change those themselves.
"""

import functools
from unittest import IsolatedAsyncioTestCase

import pytest
from ferry import ask


def twice(test):
    @functools.wraps(test)
    async def wrapper():
        await test()
        await test()

    return wrapper


@pytest.mark.asyncio
async def test_fare():
    assert await ask("fare") == 4


@pytest.mark.asyncio
async def test_seats():
    assert await ask("seats") == 80


@pytest.mark.asyncio
@twice
async def test_delay():
    assert await ask("delay") == 0


class TestHarbour(IsolatedAsyncioTestCase):
    async def test_boat(self):
        assert await ask("boat") == "Mary"


@pytest.mark.asyncio
async def test_pier():
    assert await ask("pier") == 2
