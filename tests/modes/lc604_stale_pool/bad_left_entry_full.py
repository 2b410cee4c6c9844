"""An error in the block keeps its seat, so the next guest finds none."""

# name: room.taken
from contextlib import asynccontextmanager

import pytest


class Full(Exception):
    pass


class Room:
    def __init__(self, seats):
        self.seats, self.taken = seats, set()

    @asynccontextmanager
    async def seat(self, guest):
        if len(self.taken) >= self.seats:
            raise Full
        self.taken.add(guest)
        yield guest  # LC604
        self.taken.discard(guest)


@pytest.mark.asyncio
async def test_the_next_guest_gets_the_seat():
    room = Room(1)
    with pytest.raises(ValueError):
        async with room.seat("Ada"):
            int("seven")
    async with room.seat("Bob") as guest:
        assert guest == "Bob"
