"""LC403 mock-bypasses-logic: the solution of the exercise, why it works, and one other good way.

What was wrong: the double stood in for `Courier.price`, which holds the whole breaker. It recited
three errors and a `LeftInPeace`, and the test heard what it had dictated itself. No line of the
breaker ran.

What changed: the courier is real, and the double is one floor below, in the place of the line that
`price` calls. Now the errors go through the code that counts them. That the line is *not* asked a
fourth time is seen in its count, and a success in between shows that the row begins anew.

Another good way: a small class with an `ask` of its own, which keeps a list of what is to happen.
It can't be asked anything that you did not write.
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
