"""Wrong asserts in sub-tests: the test itself goes on after them, and is no background work."""

import asyncio
import unittest


class Pond:
    def __init__(self, frogs):
        self.frogs = frogs

    async def grow(self, n):
        await asyncio.sleep(0)
        self.frogs += n - 1
        return self.frogs


class TestPond(unittest.IsolatedAsyncioTestCase):
    async def test_each_turn(self):
        pond = Pond(2)
        for n in (1, 2):
            with self.subTest(n=n):
                self.assertEqual(await pond.grow(n), 9)
            with self.subTest(n=n, what="state"):
                assert pond.frogs == 9
