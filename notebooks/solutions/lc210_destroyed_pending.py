"""LC210 destroyed-pending: the solution of the exercise, why it works, another good way.

What was wrong: the fixture made a clerk and returned his list. The list does not refer to the
clerk. He and his task refer to each other, and the scale has their queue weakly. So nothing led to
the three any more, and the next collection took them, with the task in the middle of its work.

What changed: the fixture keeps the clerk in a variable. While it is suspended at its `yield`, its
frame keeps him alive. After the test it cancels his task and awaits it, so that nothing is left.

Another good way: the fixture yields the clerk, and the tests ask for `clerk.fined`. Then each test
keeps him, too.

Best of all, the clerk gets an `async def close(self)`, or can be entered with `async with`. Then
every user sees that he has to be kept, and has to be ended.
"""

import asyncio

import pytest
import pytest_asyncio
from weighbridge import Clerk, Scale


@pytest.fixture
def scale():
    return Scale()


@pytest_asyncio.fixture
async def fined(scale):
    clerk = Clerk(scale, limit=40)
    yield clerk.fined
    clerk.task.cancel()
    await asyncio.gather(clerk.task, return_exceptions=True)


@pytest.mark.asyncio
async def test_a_heavy_lorry_is_fined(scale, fined):
    await scale.weigh(44)
    assert fined == [44]


@pytest.mark.asyncio
async def test_each_heavy_lorry_is_fined(scale, fined):
    for tons in (12, 41, 40, 43):
        await scale.weigh(tons)
    assert fined == [41, 43]
