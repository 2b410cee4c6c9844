"""trio's code, and a mark that gives the test to pytest-asyncio."""

import pytest
import trio


async def carry(boxes):
    arrived = []
    async with trio.open_nursery() as nursery:
        for box in boxes:
            nursery.start_soon(arrive, box, arrived)
    return sorted(arrived)


async def arrive(box, arrived):
    await trio.sleep(0)
    arrived.append(box)


# name: trio.open_nursery
@pytest.mark.asyncio  # LC312
async def test_all_arrive():
    assert await carry(["red", "blue"]) == ["blue", "red"]
