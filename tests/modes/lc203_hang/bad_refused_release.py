"""One method takes the lock and keeps it, but for its refusals; another one gives it back."""

# name: board._desks['north']
# options: --loopcheck-hang=1

import asyncio
from collections import defaultdict

import pytest


class Refused(Exception):
    pass


class Board:
    def __init__(self):
        self._desks, self.guests = defaultdict(asyncio.Lock), {}

    async def take(self, desk):
        await self._desks[desk].acquire()
        if desk in self.guests:
            self._desks[desk].release()
            raise Refused(desk)

    def seat(self, desk, guest):
        self.guests[desk] = guest
        self._desks[desk].release()


async def check_in(board, desk, guest):
    await board.take(desk)  # LC203
    if not guest.isalpha():
        raise ValueError(guest)
    board.seat(desk, guest)


@pytest.mark.asyncio
async def test_the_desk_is_free_for_the_next_guest():
    board = Board()
    with pytest.raises(ValueError, match="4nn"):
        await check_in(board, "north", "4nn")
    await check_in(board, "north", "ann")
    assert board.guests == {"north": "ann"}
