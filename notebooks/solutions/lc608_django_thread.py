"""LC608 django-thread: the solution of the exercise, why it works, another good way.

What was wrong: two things, one behind the other. `db` opens a transaction on the connection of the
test's thread, and undoes it at the end. `book` awaits `aget`, which asks from another thread, so
through another connection: the row is not committed, and it sees none. Then the tests read with a
plain `get` in a coroutine, which Django refuses.

What changed: the fixture requests `transactional_db`. There is no transaction: each query commits,
every connection sees the row, and pytest-django empties the tables after each test. The tests read
with `aget`.

Another good way: a plain test that runs the coroutine itself.

    def test_a_booking_takes_hours(monday):
        assert async_to_sync(book)("Monday", 2) == 1
        assert Night.objects.get(name="Monday").hours == 1

`async_to_sync` brings the queries of `aget` and `asave` back into the test's own thread, so `db`
is enough: one connection, one transaction. Choose it for many tests, since emptying tables takes
longer than a rollback.
"""

import pytest
from telescope.bookings import book
from telescope.models import Night


@pytest.fixture
def monday(transactional_db):
    return Night.objects.create(name="Monday", hours=3)


@pytest.mark.asyncio
async def test_a_booking_takes_hours(monday):
    assert await book("Monday", 2) == 1
    assert (await Night.objects.aget(name="Monday")).hours == 1


@pytest.mark.asyncio
async def test_nobody_gets_more_than_there_is(monday):
    with pytest.raises(ValueError, match="3 hours"):
        await book("Monday", 4)
    assert (await Night.objects.aget(name="Monday")).hours == 3
