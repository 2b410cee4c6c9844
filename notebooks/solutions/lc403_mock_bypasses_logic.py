"""LC403 mock-bypasses-logic: the solution of the exercise, why it works, and one other good way.

What was wrong: the mock replaced `Courier.price`, which contains the whole breaker. It raised three
errors and a `LeftInPeace`, and the test got exactly what it had configured itself. No line of the
breaker ran.

What changed: the courier is real, and the mock is one level below: it replaces the line that
`price` calls. Now the errors go through the code that counts them. The call count of the line shows
that the fourth call does *not* reach it, and a success in between shows that the count starts anew.

Another good way: a small class with its own `ask` and a list of results. Calling anything that you
did not write is an error.
"""

from unittest.mock import AsyncMock

import pytest
from courier import Courier, LeftInPeace

pytestmark = pytest.mark.asyncio


@pytest.fixture
def line():
    return AsyncMock()


async def fails(courier):
    with pytest.raises(ConnectionError):
        await courier.price("books")


async def test_after_three_failures_he_is_left_in_peace(line):
    line.ask.side_effect = ConnectionError
    courier = Courier(line)
    for _ in range(3):
        await fails(courier)
    with pytest.raises(LeftInPeace):
        await courier.price("books")
    assert line.ask.await_count == 3


async def test_a_success_begins_a_new_row(line):
    line.ask.side_effect = [ConnectionError, ConnectionError, 5, ConnectionError, 6]
    courier = Courier(line)
    await fails(courier)
    await fails(courier)
    assert await courier.price("books") == 5
    await fails(courier)
    assert await courier.price("books") == 6
