"""The call stands two lines below the name that its coroutine gets, and is only compared."""

# name: count
import pytest

TEA = {"green": 2, "black": 3}


async def count(kind):
    return TEA[kind]


async def fill(order):
    found = (
        # the shelf is counted anew each time
        count(order)  # LC202
    )
    if found is None or not found:
        TEA[order] = 1
    return sum(TEA.values())


@pytest.mark.asyncio
async def test_nothing_is_missing():
    TEA["white"] = 0
    assert await fill("white") == 6
