"""A seat is passed on to the next in the line, who has left: it is neither free nor taken."""

import asyncio
import unittest


class Table:
    def __init__(self, seats):
        self.free = seats
        self.line = []

    def leave(self):
        self._next()

    def _next(self):
        while self.line:
            guest = self.line.pop(0)
            if not guest.done():
                guest.set_result(None)
                return
        self.free += 1

    async def sit(self):
        if self.free:
            self.free -= 1
        else:
            guest = asyncio.Future()  # LC211
            self.line.append(guest)
            await guest


async def dine(table):
    await table.sit()
    await asyncio.sleep(0)
    table.leave()


# name: table
class TestTable(unittest.IsolatedAsyncioTestCase):
    async def test_all_have_left(self):
        table = Table(1)
        await table.sit()
        dinner = asyncio.create_task(dine(table))
        await asyncio.sleep(0)
        table.leave()
        dinner.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await dinner
        self.assertEqual(table.free, 1)
