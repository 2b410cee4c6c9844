"""LC302 event-loop-fixture: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture was to give all tests of the module one loop, and up to pytest-asyncio
0.21 it did. Since 1.0 nobody looks for it. The two async tests ran on loops of their own and met
at the barrier of one garage; the synchronous test ran a third loop by hand.

What changed: the fixture is gone, and nobody asks for it. The synchronous test is async now: it is
run by a loop, so it needs none in its hands. What the fixture was for is said in one line, the loop
scope of the tests. It is that of the fixture `garage`, so all of them share a garage and a loop.

Another good way: share nothing. With `@pytest.fixture` on a plain `def garage()` each test has a
garage of its own, on whichever loop it runs, and the marks may stay as they were. Choose the first
where the thing costs something to make, as a connection does.
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
