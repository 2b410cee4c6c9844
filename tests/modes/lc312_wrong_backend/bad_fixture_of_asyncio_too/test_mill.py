"""The mark and the decorator both choose asyncio, and the fixture meets trio first."""

import pytest
import pytest_asyncio
import trio


async def grind(corn):
    with trio.move_on_after(1):
        await trio.sleep(0)
    return corn.upper()


@pytest_asyncio.fixture
async def flour():
    return await grind("rye")


# name: trio.move_on_after
@pytest.mark.asyncio  # LC312
async def test_it_is_ground(flour):
    assert flour == "RYE"
