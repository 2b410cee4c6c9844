"""LC102 loop-mismatch: the solution of the exercise, why it works, and one other good way.

What was wrong: `office` was created once for the module, and its tests ran on two loops. A lock
binds to the loop on which a task first has to wait for it: here the module's loop, when two buyers
met in the first test. The second test ran on its own loop, and the lock refused it.

What changed: the marks of the tests are gone, and one `pytestmark` replaces them. Every test of
the module now runs on the module's loop, which lives as long as the office they share.

Another good way: share nothing. With `@pytest.fixture` instead of `@pytest.fixture(scope="module")`
each test gets its own office, whose lock binds to that test's loop, whichever that is. Then the
marks may stay as they were. Choose it when the object is cheap to create; choose the first way when
it is not, or when the tests are about what they share.
"""

import asyncio

import pytest
from box_office import BoxOffice

pytestmark = pytest.mark.asyncio(loop_scope="module")  # for every test below


@pytest.fixture(scope="module")
def office():
    return BoxOffice(seats=40)


async def test_two_buyers_get_two_seats(office):
    first, second = await asyncio.gather(office.sell(), office.sell())
    assert first != second


async def test_a_group_gets_a_seat_each(office):
    seats = await asyncio.gather(*(office.sell() for _ in range(4)))
    assert len(set(seats)) == 4


async def test_a_seat_given_back_is_sold_again(office):
    seat = await office.sell()
    await office.give_back(seat)
    assert await office.sell() == seat
