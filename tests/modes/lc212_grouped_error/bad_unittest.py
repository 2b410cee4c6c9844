"""The same in a class of unittest, with a limit around the group."""

import asyncio
import unittest


class Jammed(Exception):
    pass


class Printer:
    async def sheet(self, number):
        await asyncio.sleep(0)
        raise Jammed(number)

    async def run(self, sheets):
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            for number in range(sheets):
                tasks.create_task(self.sheet(number))


# name: Jammed
class TestPrinter(unittest.IsolatedAsyncioTestCase):
    async def test_a_jam_is_reported(self):
        with self.assertRaises(Jammed):  # LC212
            await Printer().run(1)
