"""LC302 event-loop-fixture: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture should give all tests of the module one loop, and up to pytest-asyncio
0.21 it did. Since 1.0 pytest-asyncio ignores it. Each of the two async tests ran on its own loop,
and they met at the barrier of one garage; the synchronous test ran a third loop by hand.

What changed: the fixture is gone, and nothing requests it. The synchronous test is async now: a
loop runs it, so it needs no loop object. One line replaces the fixture: the loop scope of the
tests. It is the scope of the fixture `garage`, so all of them share a garage and a loop.

Another good way: share nothing. With `@pytest.fixture` on a plain `def garage()` each test has its
own garage, on whichever loop it runs, and the marks may stay as they were. Choose the first way if
the object is expensive to create, as a connection is.
"""

import asyncio

import pytest
import pytest_asyncio
from garage import Garage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def garage():
    return Garage()


async def test_two_cars_pay(garage):
    before = garage.cents
    await asyncio.gather(garage.leave(10), garage.leave(20))
    assert garage.cents == before + 150


async def test_three_cars_pay(garage):
    before = garage.cents
    await asyncio.gather(*(garage.leave(10) for _ in range(3)))
    assert garage.cents == before + 150


async def test_a_car_that_leaves_at_once_pays_nothing(garage):
    before = garage.cents
    await garage.leave(0)
    assert garage.cents == before
