"""A list of seats is counted first, and filled after a wait."""

import asyncio
from unittest import IsolatedAsyncioTestCase


class Bus:
    def __init__(self):
        self.seats = []

    async def board(self, name):
        if len(self.seats) >= 2:  # LC211
            return False
        await self.check_ticket(name)
        self.seats.append(name)
        return True

    async def check_ticket(self, name):
        await asyncio.sleep(0)


# name: self.bus.seats
class TestBus(IsolatedAsyncioTestCase):
    async def test_two_seats(self):
        self.bus = Bus()
        await asyncio.gather(*map(self.bus.board, ["ann", "ben", "cleo"]))
        self.assertEqual(len(self.bus.seats), 2)
