"""A player that gives up while the table waits for its seat still has it."""

# name: table.seated
import asyncio
import unittest


class Table:
    def __init__(self):
        self.seated = set()
        self.ready = asyncio.Event()

    async def __aenter__(self):
        self.seated.add(asyncio.current_task().get_name())
        try:
            await self.ready.wait()
        except (ValueError, Exception):  # LC604
            self.seated.clear()
            raise
        return self

    async def __aexit__(self, *error):
        self.seated.clear()


async def play(table):
    async with table:
        await asyncio.sleep(0)


class Evening(unittest.IsolatedAsyncioTestCase):
    async def test_the_table_is_free_again(self):
        table = Table()
        with self.assertRaises(asyncio.TimeoutError):
            async with asyncio.timeout(0.01):
                await play(table)
        assert not table.seated
