"""An entry that a failing line finds, and it is where it belongs, or somebody else's."""

import asyncio
from contextlib import asynccontextmanager

import pytest

pytestmark = pytest.mark.asyncio


class Hall:
    def __init__(self):
        self.guests, self.known, self.lent, self.calls = [], {}, [], set()

    @asynccontextmanager
    async def seat(self, guest):
        self.guests.append(guest)
        yield guest
        self.guests.remove(guest)

    async def look_up(self, name):
        self.known[name] = None
        try:
            self.known[name] = await asyncio.wait_for(asyncio.Event().wait(), 0.01)
        except ValueError:
            self.known.pop(name)
        return self.known[name]

    async def lend(self, tool):
        if not tool:
            raise ValueError
        self.lent.append(tool)
        await asyncio.sleep(0)
        try:
            await asyncio.sleep(0)
        except BaseException:
            self.lent.remove(tool)
            raise

    async def call(self, number):
        self.calls.add(number)
        await asyncio.sleep(number)
        self.calls.discard(number)


async def test_a_seat_that_is_taken_now():
    hall = Hall()
    with pytest.raises(ValueError):
        async with hall.seat("Ada"):
            hall.guests.clear()
            int("seven")
    async with hall.seat("Bob"):
        assert hall.guests == []


async def test_a_handler_of_the_limit():
    hall = Hall()
    with pytest.raises(TimeoutError):
        await hall.look_up("Ada")
    assert "Bob" in hall.known


async def test_what_is_lent_and_another_error():
    hall = Hall()
    with pytest.raises(ValueError):
        await hall.lend("")
    await hall.lend("saw")
    assert hall.lent == []


async def test_a_call_that_goes_on():
    hall = Hall()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await hall.call(30)
    task = asyncio.create_task(hall.call(20))
    await asyncio.sleep(0)
    assert not hall.calls
    task.cancel()


async def test_too_few():
    hall = Hall()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await hall.call(30)
    assert len(hall.calls) == 2
