"""No cancellation came, or a handler undoes it, or something else is wrong, or it is in use."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Line:
    def __init__(self):
        self.users, self.number = 0, None

    async def open(self, dial):
        self.users += 1
        try:
            self.number = await dial()
        except Exception:
            self.users -= 1
            raise


class Careful(Line):
    async def open(self, dial):
        self.users += 1
        try:
            self.number = await dial()
        except Exception:
            self.users -= 1
            raise
        except asyncio.CancelledError:
            self.users -= 1
            raise


async def engaged():
    await asyncio.sleep(3600)


async def free():
    return "555"


async def test_two_users():
    line = Line()
    await line.open(free)
    await line.open(free)
    assert line.users == 1


async def test_careful():
    line = Careful()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(line.open(engaged), 0.01)
    assert line.users == 1


async def test_another_attribute():
    line = Line()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(line.open(engaged), 0.01)
    assert line.number == "555"


async def test_still_in_use():
    line = Line()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.sleep(1), 0.01)
    user = asyncio.create_task(line.open(engaged))
    await asyncio.sleep(0)
    try:
        assert line.users == 0
    finally:
        user.cancel()


async def test_another_line():
    line, other = Line(), Line()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(line.open(engaged), 0.01)
    await other.open(free)
    assert other.users == 0
