"""The test is not async itself: it returns a coroutine."""

# name: test_total
import pytest


async def check(total):
    assert total == 3


@pytest.mark.asyncio
def test_total():  # LC303
    return check(1 + 2)
