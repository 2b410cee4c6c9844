"""No mark, in strict mode: pytest-asyncio is there and leaves the test to pytest."""

# name: test_sum
import asyncio


async def test_sum():  # LC303
    await asyncio.sleep(0)
    assert 1 + 1 == 2
